"""Parsed workbooks: what was once read from a workbook is not read again while its bytes are the same.

A folder named by ``NENPO_PARSED`` keeps them, by the contents of the workbook and of the dictionary, and by our own code
that reads; a build and all its kernels share it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from nenpo.dictionary import Dictionary
from nenpo.japanese.years import FiscalYear
from nenpo.reads import LIBRARY, digest, file_digest
from nenpo.records import Mark, Notice, Row, Value, YearRecords
from nenpo.store import Store

PARSED_VARIABLE = "NENPO_PARSED"


@contextmanager
def parsed_in(folder: Path) -> Iterator[None]:
    """While this lasts, this process and all that it starts keep parsed workbooks in the folder."""
    before = os.environ.get(PARSED_VARIABLE)
    os.environ[PARSED_VARIABLE] = str(folder.resolve())
    try:
        yield
    finally:
        if before is None:
            del os.environ[PARSED_VARIABLE]
        else:
            os.environ[PARSED_VARIABLE] = before


def parsed_workbook(path: Path, dictionary: Dictionary, source: str, year: FiscalYear) -> YearRecords:
    """A workbook's records; ``source`` is the digest of the dictionary's file. Raises InputError for a workbook that
    cannot be read."""
    folder = os.environ.get(PARSED_VARIABLE)
    store = Store(Path(folder) if folder else None)
    content = file_digest(path)
    key = digest("\n".join([content, source, year.code, str(year.calendar), _reader()]))
    known = store.get(year.code, key)
    if known is not None:
        return _decoded(year, known)
    from nenpo.workbook.reading import read_workbook

    records = read_workbook(path, dictionary, year)
    if file_digest(path) == content:  # not saved anew meanwhile
        store.put(year.code, key, _encoded(records))
    return records


@cache
def _reader() -> str:
    """The digest of the code that reads workbooks."""
    modules = [
        *(
            path
            for room in ("workbook", "japanese")
            for path in sorted((LIBRARY / room).glob("*"))
            if path.suffix in (".py", ".toml")
        ),
        *(
            LIBRARY / name
            for name in ("dictionary.py", "table.py", "tables_toml.py", "formulas.py", "records.py", "sums.py")
        ),
    ]
    return digest("\n".join(map(file_digest, modules)))


def _encoded(records: YearRecords) -> list[Any]:
    parts = [
        {
            name: [
                [
                    row.label,
                    row.measure,
                    {name: _plain(value) for name, value in row.values.items()},
                    row.cells,
                    row.sheet,
                ]
                for row in rows
            ]
            for name, rows in part.items()
        }
        for part in (records.tables, records.lists, records.repeated)
    ]
    return [*parts, [astuple(notice) for notice in records.notices]]


def _decoded(year: FiscalYear, content: list[Any]) -> YearRecords:
    *parts, notices = content
    tables, lists, repeated = (
        {
            name: tuple(
                Row(label, {column: _value(plain) for column, plain in values.items()}, measure, cells, sheet)
                for label, measure, values, cells, sheet in rows
            )
            for name, rows in part.items()
        }
        for part in parts
    )
    return YearRecords(year, tables, lists, tuple(Notice(*notice) for notice in notices), repeated)


def _plain(value: Value) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return {"mark": value.value} if isinstance(value, Mark) else value


def _value(plain: Any) -> Value:
    if isinstance(plain, dict):
        return Decimal(plain["decimal"]) if "decimal" in plain else Mark(plain["mark"])
    return plain
