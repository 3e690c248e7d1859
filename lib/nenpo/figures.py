"""Every number that is computed: sums, the year's figures, shares, rates and differences. Nothing is computed elsewhere.

Counts are int, 「－」 stays NOT_APPLICABLE, None means that there is no figure. Shares and rates are Decimal, rounded
half-up as Japanese statistics are (Python's own rounding is half-even).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from nenpo.dictionary import Dictionary, Rate, Table
from nenpo.fiscal import FiscalYear
from nenpo.records import NOT_APPLICABLE, Row, Value, YearRecords


def total(values: Iterable[Value]) -> Value:
    """Sum of the counts among ``values``; NOT_APPLICABLE where nothing applies, None where nothing is known."""
    listed = list(values)
    counts = [value for value in listed if isinstance(value, int)]
    if counts:
        return sum(counts)
    return NOT_APPLICABLE if NOT_APPLICABLE in listed else None


def quotient(part: Value, whole: Value, decimals: int, scale: int = 1) -> Decimal | None:
    """``part / whole * scale`` rounded half-up to ``decimals``; None where either is missing or the whole is 0."""
    if not isinstance(part, int) or not isinstance(whole, int) or whole == 0:
        return None
    units = Fraction(part * scale, whole) * 10**decimals
    return Decimal((2 * units.numerator + units.denominator) // (2 * units.denominator)).scaleb(-decimals)


def share(part: Value, whole: Value, decimals: int = 1) -> Decimal | None:
    """Share in percent."""
    return quotient(part, whole, decimals, scale=100)


def change(now: Value, before: Value) -> int | None:
    """Difference from the year before."""
    return now - before if isinstance(now, int) and isinstance(before, int) else None


def completed(table: Table, values: Mapping[str, Value]) -> dict[str, Value]:
    """A row with the computed columns filled in, in the table's order of columns."""
    return {
        column.name: total(values.get(name) for name in column.sum) if column.sum else values.get(column.name)
        for column in table.columns
    }


def _any(values: Mapping[str, Value]) -> bool:
    """Whether a row holds something."""
    return any(value is not None for value in values.values())


@dataclass(frozen=True)
class TableFigures:
    """A table's figures of one fiscal year, computed columns included.

    ``rows`` maps (label, measure) to the values by column: the months, or the rows of a matrix. ``year`` maps a
    measure to the year's figures; for a matrix these are the totals of its columns.
    """

    table: Table
    rows: Mapping[tuple[str, str], Mapping[str, Value]]
    year: Mapping[str, Mapping[str, Value]]


def table_figures(table: Table, year: FiscalYear, rows: Iterable[Row]) -> TableFigures:
    """Compute a table's figures from its typed rows. A stock's figure for the year is the last month's."""
    filled = {
        (row.label, row.measure): completed(table, row.values) if table.columns else dict(row.values) for row in rows
    }
    yearly: dict[str, Mapping[str, Value]] = {}
    for measure in table.measures:
        of_measure = [values for (_, name), values in filled.items() if name == measure.name]
        if table.shape == "monthly" and not table.has_months(year):
            yearly[measure.name] = filled.pop((year.short, measure.name), completed(table, {}))
        else:
            yearly[measure.name] = _added_up(table, of_measure)
    return TableFigures(table, filled, yearly)


def _added_up(table: Table, rows: list[dict[str, Value]]) -> dict[str, Value]:
    figures: dict[str, Value] = {}
    for column in table.columns:
        values = [row[column.name] for row in rows]
        if column.text or column.total == "none":
            figures[column.name] = None
        elif column.stock:
            figures[column.name] = next((value for value in reversed(values) if value is not None), None)
        else:
            figures[column.name] = total(values)
    return figures


class Figures:
    """The figures of an office over the fiscal years it keeps; ``seen`` is told each table that is asked for."""

    def __init__(
        self,
        dictionary: Dictionary,
        years: Mapping[FiscalYear, YearRecords],
        seen: Callable[[str, FiscalYear], None] = lambda table_id, year: None,
    ):
        self._seen = seen
        self._dictionary = dictionary
        self._years = dict(sorted(years.items()))
        self._computed: dict[tuple[str, FiscalYear], TableFigures] = {}

    def table(self, table_id: str, year: FiscalYear) -> TableFigures | None:
        """The table's figures of a year; None where the office does not keep the table or the year."""
        key = (table_id, year)
        if key not in self._computed:
            table = self._dictionary[table_id]
            if year not in self._years or year < table.since:
                return None
            self._seen(table_id, year)
            self._computed[key] = table_figures(table, year, self._years[year].tables.get(table_id, ()))
        return self._computed[key]

    def reached(self, table_id: str, year: FiscalYear) -> int:
        """How many months of the year are filled in, up to the last with a figure; all twelve where a table has none."""
        table, figures = self._dictionary[table_id], self.table(table_id, year)
        if table.shape != "monthly" or not table.has_months(year) or figures is None:
            return len(year.months)
        labels = [month.label for month in year.months]
        filled = [labels.index(label) + 1 for (label, _), values in figures.rows.items() if _any(values)]
        return max(filled, default=0)

    def come(self, year: FiscalYear) -> int:
        """How many months the year has come to, by the table that is furthest."""
        kept = [table for table in self._dictionary.kept(year) if table.shape == "monthly" and table.has_months(year)]
        return max((self.reached(table.id, year) for table in kept), default=len(year.months))

    def until(self, table_id: str, year: FiscalYear, count: int) -> Mapping[str, Mapping[str, Value]] | None:
        """A measure's figures of the year's first ``count`` months; None where the table has no months in that year."""
        table, figures = self._dictionary[table_id], self.table(table_id, year)
        if figures is None:
            return None
        if count >= len(year.months):
            return figures.year
        if table.shape != "monthly" or not table.has_months(year):
            return None
        labels = {month.label for month in year.months[:count]}
        return {
            measure.name: _added_up(
                table,
                [dict(row) for (label, of), row in figures.rows.items() if label in labels and of == measure.name],
            )
            for measure in table.measures
        }

    def of_year(
        self, table_id: str, column: str, year: FiscalYear, measure: str = "", months: int | None = None
    ) -> Value:
        """One column's figure for a year, or for its first ``months``; None where there is none."""
        figures = self.until(table_id, year, len(year.months) if months is None else months)
        return figures[measure].get(column) if figures else None

    def comparable(self, table: Table, year: FiscalYear, count: int) -> tuple[FiscalYear, ...]:
        """The years that a table shows, newest first, of which there are figures of the first ``count`` months."""
        return tuple(kept for kept in self.kept_years(table, year) if self.until(table.id, kept, count) is not None)

    def single(self, table_id: str, name: str, year: FiscalYear) -> Value:
        """A single figure, typed or taken from the table its ``of`` names."""
        item = next(item for item in self._dictionary[table_id].items if item.name == name)
        if item.of:
            return self.referred(item.of, year)
        figures = self.table(table_id, year)
        return figures.rows.get((name, ""), {}).get("値") if figures else None

    def rate(self, rate: Rate, year: FiscalYear) -> Decimal | None:
        """A rate of a year; None where one of its figures is missing."""
        return quotient(self.referred(rate.numerator, year), self.referred(rate.denominator, year), rate.decimals)

    def referred(self, figure: str, year: FiscalYear, months: int | None = None) -> Value:
        """A figure of a year, or of its first ``months``, by its reference, such as "2-1/相談終結"."""
        table_id, _, column = figure.partition("/")
        return self.of_year(table_id, column, year, months=months)

    def kept_years(self, table: Table, year: FiscalYear) -> tuple[FiscalYear, ...]:
        """The years the table shows, newest first: the report's own and those before it for which there are figures."""
        return self.years_since(table.since, table.kept_years, year)

    def years_since(self, since: FiscalYear, count: int, year: FiscalYear) -> tuple[FiscalYear, ...]:
        """Of the ``count`` years up to ``year`` those that are kept and not before ``since``, newest first."""
        return tuple(
            kept
            for kept in reversed(self._years)
            if max(since.start, year.start - count + 1) <= kept.start <= year.start
        )
