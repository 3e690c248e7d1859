"""The cells that were typed, in the workbooks of the years that are kept: what identities, checks and formulas rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from nenpo.dictionary import Dictionary
from nenpo.japanese.years import FiscalYear
from nenpo.records import Number, Row, Value, YearRecords
from nenpo.table import Table


@dataclass(frozen=True, order=True)
class TypedCell:
    """A cell that is typed: of a column, in a row (month, year, row or item) of a table of one year's workbook."""

    year: FiscalYear
    table: str
    row: str
    measure: str
    column: str


# What is meant by a name in one period: the cells whose sum it is.
Summed = tuple[TypedCell, ...]


class TypedCells:
    """The typed cells of all the years that are kept."""

    def __init__(self, dictionary: Dictionary, records: Mapping[FiscalYear, YearRecords]):
        self.dictionary = dictionary
        self.years = tuple(sorted(records))
        self._rows: dict[tuple[FiscalYear, str], dict[tuple[str, str], Row]] = {
            (year, table_id): {(row.label, row.measure): row for row in rows}
            for year, one in records.items()
            for table_id, rows in one.tables.items()
        }
        self._made_of: dict[tuple[str, FiscalYear, str], tuple[str, ...]] = {}

    def rows(self, year: FiscalYear, table_id: str) -> Mapping[tuple[str, str], Row]:
        """The table's typed rows by label and measure."""
        return self._rows.get((year, table_id), {})

    def value(self, cell: TypedCell) -> Value:
        row = self.rows(cell.year, cell.table).get((cell.row, cell.measure))
        return row.values.get(cell.column) if row else None

    def place(self, cell: TypedCell) -> tuple[str, str]:
        """Sheet and cell in Excel; no cell where the table's place is not known."""
        row = self.rows(cell.year, cell.table).get((cell.row, cell.measure))
        own = self.dictionary[cell.table].sheet
        return (row.sheet or own, (row.cells or {}).get(cell.column, "")) if row else (own, "")

    def cells(self, year: FiscalYear) -> Iterator[TypedCell]:
        """The cells of a year that hold a number."""
        for (kept, table_id), rows in self._rows.items():
            for (label, measure), row in rows.items() if kept == year else ():
                for column, value in row.values.items():
                    if isinstance(value, Number):
                        yield TypedCell(year, table_id, label, measure, column)

    def of_row(self, table: Table, year: FiscalYear, label: str, measure: str, column: str) -> Summed:
        """The cells a column is made of in a row; none where there is no such row."""
        if (label, measure) not in self.rows(year, table.id):
            return ()
        return tuple(TypedCell(year, table.id, label, measure, name) for name in self._typed(table, year, column))

    def _typed(self, table: Table, year: FiscalYear, column: str) -> tuple[str, ...]:
        """The typed columns that a column is made of in a year."""
        key = (table.id, year, column)
        if key not in self._made_of:
            known = table.column(column)
            of_parts = (self._typed(table, year, name) for name in known.sum if table.column(name).kept(year))
            self._made_of[key] = tuple(chain.from_iterable(of_parts)) if known.sum else (column,) * known.kept(year)
        return self._made_of[key]

    def of_year(self, table: Table, year: FiscalYear, measure: str, column: str) -> Summed:
        """The cells a column's figure for the year is made of."""
        if table.shape == "values":
            item = next(item for item in table.items if item.name == column)
            if item.of:
                other, _, name = item.of.partition("/")
                return self.of_year(self.dictionary[other], year, "", name)
            return (TypedCell(year, table.id, column, "", "値"),) if (column, "") in self.rows(year, table.id) else ()
        labels = [label for label, of in self.rows(year, table.id) if of == measure]
        if table.shape == "monthly" and table.column(column).adds_up == "last":
            labels = labels[-1:]
        return tuple(cell for label in labels for cell in self.of_row(table, year, label, measure, column))
