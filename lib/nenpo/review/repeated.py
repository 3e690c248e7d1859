"""Figures of years before that a later workbook has again, in a course of years or months, held against those of their own years."""

from __future__ import annotations

from collections.abc import Iterator

from nenpo.findings import WARNING, Finding
from nenpo.japanese.years import year_named
from nenpo.office import OfficeYear
from nenpo.records import Number

RULE = "前の年の数値"


def revised(office_year: OfficeYear) -> Iterator[Finding]:
    """A warning for each figure of the year's workbook that is another in the workbook of its own year, whose figure is printed."""
    year = office_year.year
    for table_id, rows in office_year.office.records(year).repeated.items():
        table = office_year.dictionary[table_id]
        for row in rows:
            months = (kept for kept in office_year.kept if row.label in table.labels(kept))
            kept = year_named(row.label, year) or next(months, None)
            own = office_year.figures.table(table_id, kept) if kept else None
            if kept is None or own is None:
                continue
            held = table.workbook_of(kept).code
            values = own.rows.get((row.label, ""), {}) if row.label in table.labels(kept) else own.year[""]
            for name, again in row.values.items():
                printed = values.get(name)
                if isinstance(again, Number) and isinstance(printed, Number) and again != printed:
                    yield Finding(
                        severity=WARNING,
                        rule=RULE,
                        table=table_id,
                        sheet=f"{year.code} {row.sheet or table.sheet}",
                        cell=(row.cells or {}).get(name, ""),
                        message=f"{row.label}の「{name}」は {again:,} ですが、{held} の Excel では {printed:,} です。年報には {held} の Excel の数値を載せます",
                        expected=f"{printed:,}",
                        found=f"{again:,}",
                        suggestion=f"改定された数値なら {held} の Excel も直し、そうでなければこのセルを直してください",
                    )
