"""Counts a ledger by DuckDB: files larger than memory, in one pass each; only counts, and the places of records that could not
be counted, come back.

A record never becomes part of a message: what DuckDB would say of a line is not repeated. Names and words of the ledger enter
a query as parameters or as column numbers, never as text. What DuckDB puts on disk where memory does not do is encrypted, and lies
in a folder that only this user can read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from nenpo.dictionary import Dictionary
from nenpo.errors import Fault, InputError, file_fault
from nenpo.japanese.years import FiscalYear
from nenpo.ledger.mapping import OPEN, Count, Mapped, Naming, counted_in
from nenpo.ledger.passes import MANY_UNKNOWN, Ledger, Uncounted
from nenpo.scratch import Scratch

MEMORY = "512MB"


@dataclass(frozen=True)
class Counted:
    """``figures`` maps (table, row, measure, column) to a count; months that no record has come to are not in it."""

    figures: Mapping[tuple[str, str, str, str], int]
    uncounted: tuple[Uncounted, ...]
    records: Mapping[str, int]  # how many records each file has


def count_ledger(folder: Path, mapped: Mapped, dictionary: Dictionary, year: FiscalYear) -> Counted:
    """Count the ledger in ``folder``. Raises InputError for files that are not there, or whose columns are not, and ContentError for
    a quote that swallows records."""
    _require(folder, mapped)
    try:
        return _count_all(folder, mapped, dictionary, year)
    except OSError as error:
        raise InputError(file_fault(error, f"{folder} か {tempfile.gettempdir()}")) from None
    except duckdb.Error as error:  # its words may hold a record
        remedy = "空いているディスクとメモリーを確かめ、もう一度実行してください"
        raise InputError(Fault(f"台帳を数えられません（{type(error).__name__}）", str(folder), remedy)) from None


def _count_all(folder: Path, mapped: Mapped, dictionary: Dictionary, year: FiscalYear) -> Counted:
    with Scratch() as scratch, ExitStack() as during:
        settings: dict[str, Any] = {
            "memory_limit": MEMORY,
            "temp_directory": str(scratch),
            "temp_file_encryption": True,  # by a key that is gone with this process
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with duckdb.connect(config=settings) as connection:
            # What is looked at only where the first look fails would be computed for every record, being a part of several.
            connection.execute("SET disabled_optimizers = 'common_subexpressions'")
            ledgers = {
                source.name: Ledger(connection, at, source, folder, mapped, dictionary, year, during)
                for at, source in enumerate(mapped.sources)
            }
            come = max((ledger.come for ledger in ledgers.values()), default=0)
            figures = {
                key: number
                for count in mapped.counts
                for key, number in _counted(count, ledgers[count.source], dictionary, year, come)
            }
            uncounted = tuple(uncounted_case for ledger in ledgers.values() for uncounted_case in ledger.uncounted())
            return Counted(figures, uncounted, {ledger.source.file: ledger.records for ledger in ledgers.values()})


def _require(folder: Path, mapped: Mapped) -> None:
    faults = [
        Fault(
            "台帳のファイルがありません",
            str(folder / source.file),
            "この場所に置くか、ledger.toml の file を直してください",
        )
        for source in mapped.sources
        if not (folder / source.file).is_file()
    ]
    if faults:
        raise InputError(faults)


def _counted(
    count: Count, ledger: Ledger, dictionary: Dictionary, year: FiscalYear, come: int
) -> Iterator[tuple[tuple[str, str, str, str], int]]:
    table = dictionary[count.table].as_of(year)
    monthly = table.shape == "monthly" and table.has_months(year)
    months = 12 // len(table.labels(year)) if monthly else 12
    columns = counted_in(count, table)
    only_row = (count.column if table.shape == "values" else year.short,)
    rows = table.labels(year, come) if monthly else count.rows.names(table.rows) if count.rows.by else only_row
    counts: dict[tuple[int, int], int] = {}
    if count.taken[0] == OPEN:
        counts = {(month // months, 0): number for month, number in enumerate(ledger.open_at_month_ends())}
    else:
        for period, column, row, number in ledger.grouped(count, months):
            for at in [period] if monthly else _named(row, count.rows):
                for to in _named(column, count.columns):
                    counts[at, to] = counts.get((at, to), 0) + number
    for at, label in enumerate(rows):
        for to, name in enumerate(columns):
            key = (table.id, name, "", "値") if table.shape == "values" else (table.id, label, count.measure, name)
            yield key, counts.get((at, to), 0)


def _named(code: int, naming: Naming) -> Sequence[int]:
    """The numbers of the columns (or rows) that a code stands for."""
    if not naming.split:
        return [code] if code >= 0 else []
    return [at for at in range(code.bit_length()) if code >> at & 1 and 1 << at < MANY_UNKNOWN] if code >= 0 else []
