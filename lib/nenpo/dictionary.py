"""The data dictionary: ``data/tables.toml`` as frozen dataclasses, checked as it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from nenpo.formulas import LAST_YEAR, Formula, references
from nenpo.japanese.years import FiscalYear
from nenpo.table import Table, as_excel_tells


@dataclass(frozen=True)
class Rate:
    """A rate of a section: one yearly figure ("2-5/合計") divided by another, rounded half-up to ``decimals``."""

    section: str
    name: str
    numerator: str
    denominator: str
    decimals: int
    since: FiscalYear
    unit: str = ""
    note: str = ""


class Dictionary(Mapping[str, Table]):
    """The tables by id, in the order of the file; the rates, and the colour of each category."""

    def __init__(
        self,
        tables: tuple[Table, ...],
        rates: tuple[Rate, ...],
        colours: Mapping[str, str],
        formulas: Mapping[tuple[str, str], Formula],
    ):
        self._tables = {table.id: table for table in tables}
        self.formulas = formulas
        self.rates = rates
        self.colours = colours

    def __getitem__(self, table_id: str) -> Table:
        return self._tables[table_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def shares_sheet(self, table: Table) -> bool:
        """Whether another table stands on the same sheet of the office's own."""
        return bool(table.sheet_name) and self._often_called[as_excel_tells(table.sheet_name)] > 1

    @cached_property
    def _often_called(self) -> Counter[str]:
        return Counter(as_excel_tells(table.sheet_name) for table in self.values() if table.sheet_name)

    def sheet_names(self, table: Table) -> tuple[str, ...]:
        """What a table's sheet may be called, the first name first: by its number or its title alone, where no sheet is named for it and no other
        table has that title."""
        if table.sheet_name:
            return (table.sheet,)
        return (table.sheet, table.id, *([table.title] if self._often_titled[table.title] == 1 else []))

    @cached_property
    def _often_titled(self) -> Counter[str]:
        return Counter(table.title for table in self.values())

    def form_sheet(self, table: Table) -> str:
        """Name of a table's sheet in a form that we make, where each table has one of its own."""
        return table.own_sheet if self.shares_sheet(table) else table.sheet

    @cached_property
    def units(self) -> frozenset[str]:
        """All that figures are counted in."""
        units = {rate.unit for rate in self.rates}
        for table in self.values():
            units |= {table.unit, *table.counted.values()}
        return frozenset(units - {""})

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The titles of each section's tables, a line each."""
        titles: dict[str, str] = {}
        for table in self.values():
            titles[table.section] = (
                f"{titles[table.section]}\n{table.title}" if table.section in titles else table.title
            )
        return titles

    def of_section(self, section: str) -> list[Table]:
        """The tables of a section."""
        return [table for table in self.values() if table.section == section]

    def section_of(self, path: str) -> str:
        """The section of the table, or of the rate, that a path of a figure begins with."""
        begin = path.partition("/")[0]
        return self[begin].section if begin in self else begin

    @property
    def reach(self) -> int:
        """How many years the figures come from: the most that a table shows, and one more where its formulas look back; at least the year
        before, with which texts compare."""
        back = {
            table_id
            for (table_id, _), formula in self.formulas.items()
            if any(reference.which == LAST_YEAR for reference in references(formula))
        }
        return max([2, *(table.kept_years + (table.id in back) for table in self.values())])

    def kept(self, year: FiscalYear) -> tuple[Table, ...]:
        """The tables that the year's workbook holds a sheet for, with the columns that it has."""
        return tuple(table.as_of(year) for table in self.values() if year >= table.since)
