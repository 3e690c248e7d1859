"""Small offices whose sentences are read in the tests: a folder each in ``offices``, with its tables and their figures by year.

A table's figures are a list for each row, in the order of its columns; of twelve months a list for each column.
"""

import tomllib
from decimal import Decimal
from pathlib import Path

from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.records import Row, YearRecords
from nenpo.workbook.writing import packed, workbook

FOLDER = Path(__file__).parent / "offices"
NAMES = sorted(folder.name for folder in FOLDER.iterdir())


def office(name):
    """The division, its tables as text, by year the rows of each table, and whether it counts by calendar years."""
    tables = (FOLDER / name / "tables.toml").read_text(encoding="utf-8")
    figures = tomllib.loads((FOLDER / name / "figures.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    division, calendar = figures.pop("division"), figures.pop("calendar", False)
    by_id = {table["id"]: table for table in tomllib.loads(tables)["table"]}
    years = {}
    for table_id, counts in figures.items():
        for year, rows in counts.items():
            made = tuple(_rows(by_id[table_id], FiscalYear(year, calendar=calendar), rows))
            years.setdefault(year, {})[table_id] = made
    return division, tables, years, calendar


def _rows(table, year, counts):
    columns = [column["name"] for column in table.get("columns", ()) if not column.keys() & {"sum", "of"}] or ["値"]
    labels = _labels(table, year, counts)
    for label, row in zip(labels, zip(*counts, strict=True) if len(labels) == 12 else counts, strict=True):
        yield Row(label, dict(zip(columns, row, strict=True)))


def _labels(table, year, counts):
    """What the rows are called: those of months, quarters, years up to the year, items, groups, or by their names."""
    rows = table.get("rows", "")
    if rows == "months" or "months_since" in table:
        return [month.label for month in year.months]
    if rows == "quarters":
        return [f"第{nth}四半期" for nth in "１２３４"]
    if rows == "years" or table.get("shape") == "monthly":
        return [year.like(year.start - back).short for back in reversed(range(len(counts)))]
    if rows == "entries":
        return [str(at) for at in range(len(counts))]
    in_groups = [row for group in table.get("groups", ()) for row in group["rows"]]
    named = [row for row in rows if row not in in_groups] + in_groups
    return named or [item["name"] for item in table["items"]]


def built(data, name, tables, years, calendar=False):
    """The R5 of an office in the folder ``data`` that has these tables and, by year, their rows."""
    data.mkdir()
    (data / "tables.toml").write_text(tables, encoding="utf-8")
    profile = f'city = "某市"\ndivision = "{name}"\nnickname = ""\nreport_title = "年報"\n'
    profile += 'year = "calendar"\n' if calendar else ""
    (data / "office.toml").write_text(profile, encoding="utf-8")
    office = Office(data)
    for code, rows in years.items():
        records = YearRecords(office.year(code), rows)
        (data / code / "commentary").mkdir(parents=True)
        (data / code / "statistics.xlsx").write_bytes(packed(workbook(office.dictionary, records)))
    return office.of(office.year("R5"))
