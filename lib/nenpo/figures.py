"""Every number that is computed: sums, the year's figures, shares, rates and differences. Nothing is computed elsewhere.

Counts are int, decimals Decimal, 「－」 stays NOT_APPLICABLE, None means that there is no figure. Shares, rates and computed columns
are exact until they are rounded once, half-up as Japanese statistics are (Python's own rounding is half-even).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from nenpo.dictionary import Dictionary, Rate
from nenpo.formulas import (
    BEFORE,
    LARGEST,
    LAST_YEAR,
    SMALLEST,
    WHOLE,
    Formula,
    Operation,
    Reference,
    parts_of_one,
    rounded,
)
from nenpo.japanese.years import FiscalYear
from nenpo.records import NOT_APPLICABLE, Mark, Number, Place, Value, YearRecords, mark_of
from nenpo.sums import TableFigures, added_up, has_any, masked, quotient, table_figures
from nenpo.table import Column, Table
from nenpo.under_headings import column_under


@dataclass(frozen=True)
class _Place:
    """Where a figure stands: in a row of a table, in several together, in the whole of it where it has no ``labels``, of the first ``months`` of
    a year."""

    table: Table
    year: FiscalYear
    labels: tuple[str, ...]
    measure: str
    months: int

    @property
    def label(self) -> str:
        """The row, where it is one alone."""
        return self.labels[0] if len(self.labels) == 1 else ""


def _calculated(formula: Operation, left: Fraction, right: Fraction) -> Fraction | Mark:
    if formula.sign == "+":
        return left + right
    if formula.sign == "-":
        return left - right
    if formula.sign == "×":
        return left * right
    return left / right if right else NOT_APPLICABLE


def _printed(amount: Fraction | Mark | None, column: Column, place: _Place) -> Value:
    """An exact amount as it is printed in a column, in its unit and with its decimals."""
    parts = parts_of_one(place.table.unit_of(column))
    return rounded(amount * parts, column.decimals) if isinstance(amount, Fraction) else amount


class Figures:
    """The figures of an office over the fiscal years it keeps; ``seen`` is told each table that is asked for."""

    def __init__(
        self,
        dictionary: Dictionary,
        years: Mapping[FiscalYear, YearRecords],
        seen: Callable[[str, FiscalYear], None] = lambda table_id, year: None,
        hidden: Mapping[Place, int | None] = MappingProxyType({}),
    ):
        self._hidden = hidden
        self._seen = seen
        self._dictionary = dictionary
        self._years = dict(sorted(years.items()))
        self._added: dict[tuple[str, FiscalYear], TableFigures] = {}
        self._computed: dict[tuple[str, FiscalYear], TableFigures] = {}

    def is_rounded(self, table_id: str) -> bool:
        """Whether other numbers stand in place of a table's own."""
        return any(place.table == table_id and instead is not None for place, instead in self._hidden.items())

    def table(self, table_id: str, year: FiscalYear) -> TableFigures | None:
        """The table's figures of a year; None where the office does not keep the table or the year."""
        key = (table_id, year)
        if key not in self._computed:
            added = self._typed(table_id, year)
            if added is None:
                return None
            rows = {
                (label, measure): self._with_formulas(added.table, year, label, measure, values)
                for (label, measure), values in added.rows.items()
            }
            self._computed[key] = replace(added, rows=rows, year=self._until(added, year, len(year.months)) or {})
        return self._computed[key]

    def _typed(self, table_id: str, year: FiscalYear) -> TableFigures | None:
        """A table's figures as far as they are typed and added up."""
        key = (table_id, year)
        if key not in self._added:
            table = self._dictionary[table_id]
            held = table.workbook_of(year)
            if held not in self._years or year < table.first_year:
                return None
            self._seen(table_id, held)
            made = table_figures(table, year, self._years[held].tables.get(table_id, ()))
            self._added[key] = masked(made, year, self._hidden) if self._hidden else made
        return self._added[key]

    def _with_formulas(
        self,
        table: Table,
        year: FiscalYear,
        label: str,
        measure: str,
        values: Mapping[str, Value],
        months: int | None = None,
    ) -> Mapping[str, Value]:
        """A row, or the whole where it has no label, with its computed columns."""
        if not any(column.of for column in table.columns):
            return values
        labels = (label,) if label else ()
        place = _Place(table, year, labels, measure, len(year.months) if months is None else months)
        return {name: self._value(place, name, value) for name, value in values.items()}

    def together(self, table_id: str, name: str, labels: Sequence[str], year: FiscalYear, measure: str) -> Value:
        """The figure of several rows of a table together, as that of a subtotal: a rate of their sums; of the whole where there are no labels. A
        column may be computed under a common heading that prints none. None where a row has none."""
        added = self._typed(table_id, year)
        if added is None or any((label, measure) not in added.rows for label in labels):
            return None
        place = _Place(added.table, year, tuple(labels), measure, len(year.months))
        if made := column_under(added.table, name, self._dictionary.formulas):
            column, formula = made
            return _printed(self._evaluated(formula, place), column, place)
        return self._value(place, name, self._figure(place, name))

    def _value(self, place: _Place, name: str, typed: Value) -> Value:
        column = place.table.column(name)
        if not column.of:
            return typed
        if not place.labels and column.total == "none":
            return None
        return _printed(self._amount(place, name), column, place)

    def _amount(self, place: _Place, name: str) -> Fraction | Mark | None:
        """The exact amount of a figure, of per cents in hundredths; NOT_APPLICABLE for what is divided by 0."""
        if (formula := self._dictionary.formulas.get((place.table.id, name))) is not None:
            return self._evaluated(formula, place)
        if place.table.shape == "values":
            item = next(item for item in place.table.items if item.name == name)
            value, unit = self.single(place.table.id, name, place.year), item.unit or place.table.unit
        else:
            value, unit = self._figure(place, name), place.table.unit_of(place.table.column(name))
        if isinstance(value, Number):
            return Fraction(value) / parts_of_one(unit)
        return value if isinstance(value, Mark) else None

    def _figure(self, place: _Place, name: str) -> Value:
        """A figure that is typed or added up."""
        added = self._typed(place.table.id, place.year)
        if added is None:
            return None
        rows = [added.rows.get((label, place.measure), {}) for label in place.labels]
        if rows:
            return rows[0].get(name) if len(rows) == 1 else added_up(place.table, rows).get(name)
        whole = self._added_until(added, place.year, place.months)
        return whole[place.measure].get(name) if whole else None

    def _evaluated(self, formula: Formula, place: _Place) -> Fraction | Mark | None:
        if isinstance(formula, Fraction):
            return formula
        if isinstance(formula, Reference) and formula.which in (LARGEST, SMALLEST):
            return self._rank(formula, place)
        if isinstance(formula, Reference):
            meant = self._meant(formula, place)
            return self._amount(meant, formula.column) if meant else None
        left, right = self._evaluated(formula.left, place), self._evaluated(formula.right, place)
        if left is None or right is None:
            return None
        if isinstance(left, Mark) or isinstance(right, Mark):
            return mark_of((left, right)) or NOT_APPLICABLE
        return _calculated(formula, left, right)

    def _rank(self, reference: Reference, place: _Place) -> Fraction | Mark | None:
        """The place of a row among the named rows of its table by a column's figures; the whole and subtotals have none. Where one of
        them is hidden or not known, so are the places of all."""
        added = self._typed(place.table.id, place.year)
        subtotals = {group.subtotal for group in place.table.groups}
        labels = [label for label, of in added.rows if of == place.measure and label not in subtotals] if added else []
        if place.label not in labels:
            return None
        amounts = {label: self._amount(replace(place, labels=(label,)), reference.column) for label in labels}
        if mark := mark_of(amounts.values()):
            return mark
        own = amounts[place.label]
        if not isinstance(own, Fraction):
            return own
        sign = 1 if reference.which == LARGEST else -1
        return Fraction(
            1 + sum(isinstance(other, Fraction) and sign * other > sign * own for other in amounts.values())
        )

    def _meant(self, reference: Reference, place: _Place) -> _Place | None:
        """The place of a figure that a formula names; None where there is none before the first row."""
        if reference.which == LAST_YEAR:
            earlier = place.year.previous
            months = {month.label: earlier.months[at].label for at, month in enumerate(place.year.months)}
            place = replace(place, year=earlier, labels=tuple(months.get(label, label) for label in place.labels))
        elif reference.which == WHOLE:
            place = replace(place, labels=())
        elif reference.which == BEFORE:
            added = self._typed(place.table.id, place.year)
            above = [label for label, measure in added.rows if measure == place.measure] if added else []
            at = above.index(place.label) if place.label in above else 0
            if not at:
                return None
            place = replace(place, labels=(above[at - 1],))
        if not reference.table:
            return place
        table = self._dictionary[reference.table]
        added = self._typed(table.id, place.year)
        measure = place.measure if place.measure in {known.name for known in table.measures} else table.measures[0].name
        has_rows = added is not None and all((label, measure) in added.rows for label in place.labels)
        return replace(place, table=table, labels=place.labels if has_rows else (), measure=measure)

    def reached(self, table_id: str, year: FiscalYear) -> int:
        """How many months of the year are filled in, up to the last with a figure; all twelve where a table has none."""
        table, figures = self._dictionary[table_id], self.table(table_id, year)
        if table.shape != "monthly" or not table.has_months(year) or figures is None:
            return len(year.months)
        return table.months_until(year, (label for (label, _), values in figures.rows.items() if has_any(values)))

    def come(self, year: FiscalYear) -> int:
        """How many months the year has come to, by the table that is furthest."""
        kept = [table for table in self._dictionary.kept(year) if table.shape == "monthly" and table.has_months(year)]
        return max((self.reached(table.id, year) for table in kept), default=len(year.months))

    def until(self, table_id: str, year: FiscalYear, count: int) -> Mapping[str, Mapping[str, Value]] | None:
        """A measure's figures of the year's first ``count`` months; None where the table has no months in that year."""
        figures = self.table(table_id, year)
        if figures is None:
            return None
        return figures.year if count >= len(year.months) else self._until(self._added[table_id, year], year, count)

    def _until(self, added: TableFigures, year: FiscalYear, count: int) -> Mapping[str, Mapping[str, Value]] | None:
        """The whole of the year's first ``count`` months with its computed columns."""
        whole = self._added_until(added, year, count)
        return whole and {
            measure: self._with_formulas(added.table, year, "", measure, values, count)
            for measure, values in whole.items()
        }

    @staticmethod
    def _added_until(added: TableFigures, year: FiscalYear, count: int) -> Mapping[str, Mapping[str, Value]] | None:
        if count >= len(year.months):
            return added.year
        table = added.table
        if table.shape != "monthly" or not table.has_months(year):
            return None
        labels = table.labels(year, count)
        return {
            measure.name: added_up(
                table,
                [row for (label, of), row in added.rows.items() if label in labels and of == measure.name],
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
        figures = self._typed(table_id, year)
        return figures.rows.get((name, ""), {}).get("値") if figures else None

    def whole_of(self, table: Table, column: str, row: str, year: FiscalYear) -> Value:
        """What a figure of a cross table is a share of: the column's figure in the base table, the figure of the column ``shares``
        in its row, or the column's own total."""
        if table.base:
            return self.of_year(table.base, column, year)
        own = self.table(table.id, year)
        if own is None:
            return None
        if table.shares:
            return (own.rows.get((row, ""), {}) if row else own.year[""]).get(table.shares)
        return own.year[""].get(column)

    def rate(self, rate: Rate, year: FiscalYear) -> Decimal | Mark | None:
        """A rate of a year; None where one of its figures is missing, a mark where one is hidden or not known."""
        above, below = (self.referred(figure, year) for figure in (rate.numerator, rate.denominator))
        return mark_of((above, below)) or quotient(above, below, rate.decimals)

    def referred(self, figure: str, year: FiscalYear, months: int | None = None) -> Value:
        """A figure of a year, or of its first ``months``, by its reference, such as "2-1/相談終結"."""
        table_id, _, column = figure.partition("/")
        if self._dictionary[table_id].shape == "values":
            return self.single(table_id, column, year)
        return self.of_year(table_id, column, year, months=months)

    def kept_years(self, table: Table, year: FiscalYear) -> tuple[FiscalYear, ...]:
        """The years the table shows, newest first: the report's own and those before it for which there are figures."""
        return self.years_since(table.first_year, table.kept_years, year, table)

    def years_since(
        self, since: FiscalYear, count: int, year: FiscalYear, table: Table | None = None
    ) -> tuple[FiscalYear, ...]:
        """Of the ``count`` years up to ``year`` those that are kept, in the workbook of another year or their own, and not before
        ``since``; newest first."""
        shown = (year.like(start) for start in range(year.start, max(since.start, year.start - count + 1) - 1, -1))
        return tuple(kept for kept in shown if (table.workbook_of(kept) if table else kept) in self._years)
