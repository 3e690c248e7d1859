"""The data beside a report: a CSV file a table, a workbook with a sheet a table, all figures in tidy form, and what describes them.

``datapackage.json`` follows the Data Package standard, version 2. The same figures give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from nenpo.built import BOOK
from nenpo.dictionary import Dictionary
from nenpo.figures import Figures
from nenpo.files import write_whole
from nenpo.japanese.years import FiscalYear
from nenpo.office import Profile
from nenpo.opendata.records import SIGNS, TIDY, DataTable, Datum, data_tables, datapoints, portable
from nenpo.table import as_sheet_name

FOLDER, TIDY_FILE, PACKAGE = "data", "figures.csv", "datapackage.json"
_BOM = "\ufeff"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def data_files(
    folder: Path | None, profile: Profile, dictionary: Dictionary, figures: Figures, years: Sequence[FiscalYear]
) -> dict[str, bytes]:
    """The data of the years, the last of which is the report's, by the names of the files. The workbook in ``folder``, if one is named, is
    taken where all else there is the same: it has to be as it was made."""
    year = years[-1]
    tables = list(data_tables(dictionary, figures, year))
    points = [point for year in years for point in datapoints(dictionary, figures, year)]
    files = {f"{table.id}.csv": table_csv(table) for table in tables}
    files[TIDY_FILE] = _csv([TIDY, *map(astuple, points)])
    files[PACKAGE] = _as_json(package(profile, year, tables))
    if folder and (folder / BOOK).is_file() and all(_is(folder / name, content) for name, content in files.items()):
        return {**files, BOOK: (folder / BOOK).read_bytes()}
    return {**files, BOOK: book_of(tables)}


def write_data(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the data into ``folder``; what is the same already stays, tables that are no more go. Returns the files."""
    for path in folder.glob("*.csv"):
        if path.name not in files:
            path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if not _is(folder / name, content):
            write_whole(folder / name, content)
    return sorted(folder / name for name in files)


def _is(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def table_csv(table: DataTable) -> bytes:
    """A table as CSV: a line of names, then its rows."""
    return _csv([[field.title for field in table.fields], *table.rows])


def _csv(rows: Iterable[Iterable[Datum]]) -> bytes:
    """UTF-8 with a byte-order mark, which Excel needs, and lines that end as RFC 4180 has them."""
    written = io.StringIO(_BOM, newline="")
    written.seek(0, io.SEEK_END)
    csv.writer(written, lineterminator="\r\n").writerows(["" if cell is None else cell for cell in row] for row in rows)
    return written.getvalue().encode()


def book_of(tables: Iterable[DataTable]) -> bytes:
    """A workbook with a sheet a table: its names in the first row, numbers as numbers, nothing merged, no formulas."""
    from openpyxl import Workbook

    from nenpo.workbook.styled import put
    from nenpo.workbook.writing import packed

    book = Workbook()
    book.remove(book.active)
    for table in tables:
        sheet = book.create_sheet(as_sheet_name(f"{table.id} {table.title}"))
        for number, row in enumerate([tuple(field.title for field in table.fields), *table.rows], start=1):
            for column, value in enumerate(row, start=1):
                put(sheet, number, column, value if value != "" else None)
        sheet.freeze_panes = "A2"
    return packed(book)


def package(profile: Profile, year: FiscalYear, tables: Iterable[DataTable]) -> dict[str, Any]:
    """What describes the files of a year."""
    title = " ".join(profile.titles(year)).replace("　", " ")
    tidy = {"year": "integer", "value": "number"}
    own = [_field(name, name, tidy.get(name, "string")) for name in TIDY]
    resources = [
        *(
            _resource(
                table.id,
                f"{table.id}.csv",
                table.title,
                [_field(field.title, field.title, field.kind, field.unit) for field in table.fields],
            )
            for table in tables
        ),
        _resource("figures", TIDY_FILE, "すべての数値（一行に一つ）", own),
    ]
    return {
        "$schema": _PROFILE,
        "name": f"nenpo-{year.code.lower()}",
        "title": portable(title),
        "description": "記号：" + "、".join(f"{sign} は{words}" for sign, words in SIGNS.items()),
        "sources": [{"title": portable(f"{profile.city} {profile.name}")}],
        "temporal": f"{year.months[0].year}-{year.months[0].month:02}/{year.months[-1].year}-{year.months[-1].month:02}",
        "resources": resources,
        **({"licenses": [{"title": profile.licence}]} if profile.licence else {}),
    }


def _resource(name: str, path: str, title: str, fields: list[dict[str, str]]) -> dict[str, Any]:
    missing = ["", *SIGNS]
    return {
        "name": name, "type": "table", "path": path, "title": title, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": missing},
    }  # fmt: skip


def _field(name: str, title: str, kind: str, unit: str = "") -> dict[str, str]:
    return {"name": name, "title": title, "type": kind, **({"unit": unit} if unit else {})}


def _as_json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
