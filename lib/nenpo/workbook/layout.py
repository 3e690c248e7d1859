"""Where each table's cells stand in the workbook that an office is given: its sheet, its rows and its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter, quote_sheetname

from nenpo.dictionary import Dictionary
from nenpo.japanese.years import FiscalYear
from nenpo.table import Table

HEAD_ROW = 4
EVENT_ROWS = 200  # rows that an event list has room for
LIST_ROWS = 60  # and the sheets of words
VALUE_COLUMN = 3  # of the sheet of single figures


@dataclass(frozen=True)
class Layout:
    """A table's place. ``rows`` maps (label, measure) to the number of a row that is typed, ``columns`` a column's name to
    its number; below stand the totals (one row a measure) and the shares, each 0 where there is none, and what is shown of
    the year before: ``before`` maps (label, measure) to the number of a row, with no label for the figures of the whole year.
    ``check`` is the column that tells which identities do not hold."""

    sheet: str
    rows: Mapping[tuple[str, str], int]
    columns: Mapping[str, int]
    total: int = 0
    shares: int = 0
    before: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return min(self.rows.values())

    @property
    def last(self) -> int:
        return max(self.rows.values())

    @property
    def end(self) -> int:
        """The last row that anything stands in."""
        measures = {measure for _, measure in self.rows}
        return max(self.last, self.total + len(measures) - 1, self.shares, *self.before.values())

    @property
    def check(self) -> int:
        return max(self.columns.values()) + 1

    def address(self, row: int, column: str, seen_from: str = "") -> str:
        """A1-style address of a cell, with its sheet where that is not the one it is seen from."""
        cell = f"{get_column_letter(self.columns[column])}{row}"
        return cell if self.sheet == seen_from else f"{quote_sheetname(self.sheet)}!{cell}"


def layouts(dictionary: Dictionary, year: FiscalYear) -> dict[str, Layout]:
    """The layout of each table that the year's workbook holds cells of, by the table's id."""
    layouts: dict[str, Layout] = {}
    values_row = HEAD_ROW + 1
    for table in dictionary.kept(year):
        if table.shape != "values":
            layouts[table.id] = _of_sheet(table, year, dictionary.form_sheet(table))
        elif table.typed_items:
            rows = {(item.name, ""): values_row + at for at, item in enumerate(table.typed_items)}
            values_row += len(rows)
            # the item's unit and the year before stand between the value and the check
            layouts[table.id] = Layout(table.sheet, rows, {"値": VALUE_COLUMN, "単位": 4, "前年度": 5})
    return layouts


def _of_sheet(table: Table, year: FiscalYear, name: str) -> Layout:
    first = HEAD_ROW + 1 + table.has_groups
    if table.shape == "events":
        rows = {(str(row), ""): row for row in range(first, first + EVENT_ROWS)}
        return Layout(name, rows, {column.name: at for at, column in enumerate(table.on_sheet, start=1)})
    monthly = table.shape == "monthly"
    labels = table.period_labels(year) if monthly else table.rows
    keys = [(label, measure.name) for label in labels for measure in table.measures]
    rows = {key: first + at for at, key in enumerate(keys)}
    leading = 1 + (len(table.measures) > 1)
    columns = {column.name: leading + at for at, column in enumerate(table.on_sheet, start=1)}
    below = first + len(rows)
    total = shares = 0
    if table.has_months(year) if monthly else table.total_label:
        total, below = below, below + len(table.measures)
    if monthly and total and table.shares:
        shares, below = below, below + 1
    shown = [("", measure.name) for measure in table.measures] if monthly or total else []
    if not monthly:
        shown = [*keys, *shown]
    before = {key: below + at for at, key in enumerate(shown if year.previous >= table.since else ())}
    return Layout(name, rows, columns, total, shares, before)
