"""What is added up in a table: its rows, its year, subtotals; shares and differences. Rounded once, half-up as Japanese statistics are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from nenpo.formulas import rounded
from nenpo.japanese.years import FiscalYear
from nenpo.records import HIDDEN, NOT_APPLICABLE, Number, Place, Row, Value, mark_of
from nenpo.table import Column, Table


def total(values: Iterable[Value]) -> Value:
    """Sum of the numbers among ``values``; a mark where one is hidden or not known, or where nothing applies, None where nothing is typed."""
    listed = list(values)
    numbers = [value for value in listed if isinstance(value, Number)]
    if mark := mark_of(listed):
        return mark
    if numbers:
        return sum(numbers)
    return NOT_APPLICABLE if NOT_APPLICABLE in listed else None


def quotient(part: Value, whole: Value, decimals: int, scale: int = 1) -> Decimal | None:
    """``part / whole * scale`` rounded half-up to ``decimals``; None where either is missing or the whole is 0."""
    if not isinstance(part, Number) or not isinstance(whole, Number) or whole == 0:
        return None
    return Decimal(rounded(Fraction(part) / Fraction(whole) * scale, decimals))


def share(part: Value, whole: Value, decimals: int = 1) -> Decimal | None:
    """Share in percent."""
    return quotient(part, whole, decimals, scale=100)


def change(now: Value, before: Value) -> Number | None:
    """Difference from the year before."""
    if not isinstance(now, Number) or not isinstance(before, Number):
        return None
    return now - before if isinstance(now, int) and isinstance(before, int) else Decimal(now) - Decimal(before)


def completed(table: Table, values: Mapping[str, Value]) -> dict[str, Value]:
    """A row with the sums filled in, those of other sums too, in the table's order of columns."""
    parts = {column.name: column.sum for column in table.columns}

    def value(name: str) -> Value:
        return total(map(value, parts[name])) if parts.get(name) else values.get(name)

    return {name: value(name) for name in parts}


def has_any(values: Mapping[str, Value]) -> bool:
    """Whether a row holds something."""
    return any(value is not None for value in values.values())


_Rows = dict[tuple[str, str], Mapping[str, Value]]


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
    years = () if table.shape != "monthly" or table.has_months(year) else (year.short,)
    filled = {
        (row.label, row.measure): completed(table, row.values) if table.columns else dict(row.values)
        for row in rows
        if not years or row.label in years
    }
    yearly: dict[str, Mapping[str, Value]] = {}
    for measure in table.measures:
        of_measure = [values for (_, name), values in filled.items() if name == measure.name]
        if table.shape == "monthly" and not table.has_months(year):
            yearly[measure.name] = filled.pop((year.short, measure.name), completed(table, {}))
        else:
            yearly[measure.name] = added_up(table, of_measure)
    return TableFigures(table, _with_subtotals(table, filled) if table.groups else filled, yearly)


def _with_subtotals(table: Table, rows: Mapping[tuple[str, str], Mapping[str, Value]]) -> _Rows:
    """The rows with the subtotal of each group below it."""
    filled: _Rows = {}
    for (label, measure), values in rows.items():
        filled[label, measure] = values
        for group in table.groups:
            if group.subtotal and label == group.rows[-1]:
                members = [rows[name, measure] for name in group.rows if (name, measure) in rows]
                filled[group.subtotal, measure] = added_up(table, members)
    return filled


def added_up(table: Table, rows: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    return {column.name: _whole(column, rows) for column in table.columns}


def _whole(column: Column, rows: Sequence[Mapping[str, Value]]) -> Value:
    """The figure of the whole of a column."""
    values = [row.get(column.name) for row in rows]
    numbers = [value for value in values if isinstance(value, Number)]
    if column.adds_up == "none":
        return None
    if column.adds_up == "last" and HIDDEN not in values:
        return next((value for value in reversed(values) if value is not None), None)
    if mark := mark_of([*values, *(row.get(column.weight) for row in rows if column.weight)]):
        return mark
    if column.adds_up == "max":
        return max(numbers, default=total(values))
    if column.adds_up == "mean":
        weighted = [(row.get(column.name), row.get(column.weight) if column.weight else 1) for row in rows]
        pairs = [
            (Fraction(value), Fraction(weight))
            for value, weight in weighted
            if isinstance(value, Number) and isinstance(weight, Number)
        ]
        weights = sum(weight for _, weight in pairs)
        return rounded(sum(value * weight for value, weight in pairs) / weights, column.decimals) if weights else None
    return total(values)


def masked(made: TableFigures, year: FiscalYear, hidden: Mapping[Place, int | None]) -> TableFigures:
    """The figures without those that are hidden, and with what is shown in place of others."""
    table_id = made.table.id

    def in_row(row: str, measure: str, values: Mapping[str, Value]) -> dict[str, Value]:
        return {name: seen(Place(table_id, year.code, row, measure, name), value) for name, value in values.items()}

    def seen(place: Place, value: Value) -> Value:
        instead = hidden.get(place)
        return value if place not in hidden else HIDDEN if instead is None else instead

    def whole(measure: str, values: Mapping[str, Value]) -> dict[str, Value]:
        """The figures of the whole; one that is not printed is no help to the others: it would tell what is hidden in the rows."""
        of_rows = [row for (_, of), row in rows.items() if of == measure and not made.table.prints_whole]
        return {
            name: HIDDEN if any(row.get(name) is HIDDEN for row in of_rows) else value
            for name, value in in_row("", measure, values).items()
        }

    rows = {(row, measure): in_row(row, measure, values) for (row, measure), values in made.rows.items()}
    return replace(made, rows=rows, year={measure: whole(measure, values) for measure, values in made.year.items()})
