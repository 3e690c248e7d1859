"""Invented numbers of R6, and how an office worker types them into the workbook that ``nenpo new R6`` prepares."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from nenpo.dictionary import Dictionary
from nenpo.japanese.years import FiscalYear
from nenpo.records import Mark, Row, YearRecords
from nenpo.workbook.layout import layouts

R5, R6 = FiscalYear("R5"), FiscalYear("R6")
SYSTEM_PYTHON = "/usr/bin/python3"
_FORWARD = {before.label: now.label for before, now in zip(R5.months, R6.months, strict=True)}


def invented(records: YearRecords, dictionary: Dictionary) -> YearRecords:
    """A year R6 in which every count of R5 is three times as high, but the open consultations at the end of a month, which
    follow from those of R5's end."""
    tables = {}
    for table_id, rows in records.tables.items():
        events = dictionary[table_id].shape == "events"
        tables[table_id] = (
            ()
            if events
            else tuple(
                Row(
                    _FORWARD.get(row.label, row.label),
                    {name: value * 3 if isinstance(value, int) else value for name, value in row.values.items()},
                    row.measure,
                )
                for row in rows
            )
        )
    open_ = next(row for row in records.tables["2-1"] if row.label == "R6.3").values["月末件数"]
    for row in tables["2-1"]:
        open_ += row.values["新規相談受付件数"] - row.values["相談終結"]
        row.values["月末件数"] = open_
    tables["8-3"] = (Row("1", {"日付": "R6.5.30", "内容": "民生委員の研修会で講演［主任］"}),)
    return YearRecords(R6, tables)


def type_in(path: Path, dictionary: Dictionary, records: YearRecords, months: int = 12) -> None:
    """Type the records of the year's first months into the workbook, cell by cell, as the form has room for them."""
    book = load_workbook(path)
    for sheet, address, value in _cells(dictionary, records, months):
        assert not book[sheet][address].protection.locked, f"{sheet} {address}"
        book[sheet][address] = value
    book.save(path)


def can_type_in_libreoffice() -> bool:
    """Whether there is a LibreOffice, and a Python that has its module."""
    if not shutil.which("soffice"):
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True).returncode == 0


def type_in_libreoffice(path: Path, dictionary: Dictionary, records: YearRecords, folder: Path) -> None:
    """The same for a whole year in LibreOffice, which computes all formulas and saves the workbook its own way."""
    pipe = f"nenpo-{os.getpid()}"
    options = [f"-env:UserInstallation=file://{folder}/profile", f"--accept=pipe,name={pipe};urp"]
    office = subprocess.Popen(["soffice", "--headless", "--norestore", *options], stderr=subprocess.DEVNULL)
    typist = [SYSTEM_PYTHON, str(Path(__file__).parent / "typist.py"), str(path), pipe]
    try:
        cells = json.dumps(list(_cells(dictionary, records, 12)), ensure_ascii=False)
        done = subprocess.run(typist, input=cells, text=True, capture_output=True, timeout=180)
        assert done.stdout, (done.returncode, done.stderr)  # the bridge may go down with the office that it ends
        office.wait(60)
    finally:
        office.kill()


def _cells(dictionary: Dictionary, records: YearRecords, months: int) -> Iterator[tuple[str, str, object]]:
    """Sheet, address and value of each cell to type in. Figures that have no month are typed once the year is over."""
    places = layouts(dictionary, records.year)
    come = {month.label for month in records.year.months[:months]}
    later = {month.label for month in records.year.months[months:]}
    for table_id, rows in records.tables.items():
        table, place = dictionary[table_id], places.get(table_id)
        events = table.shape == "events"
        for at, row in enumerate(rows if place else ()):
            if row.label in later or (not events and row.label not in come and later):
                continue
            number = place.first + at if events else place.rows[row.label, row.measure]
            for name, value in row.values.items():
                blank = value is None or (table.blank is not None and value == table.blank)
                shown = None if blank else value.value if isinstance(value, Mark) else value
                yield place.sheet, f"{get_column_letter(place.columns[name])}{number}", shown
