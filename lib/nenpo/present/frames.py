"""Figures as pandas has them: a table as a DataFrame, the figures of all its years in tidy form, and a DataFrame as a table."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nenpo.figures import Figures
from nenpo.formulas import rounded
from nenpo.japanese.years import FiscalYear
from nenpo.present.printed import shown
from nenpo.present.views import BodyRow, Head, TableView
from nenpo.records import NOT_APPLICABLE, Value, number_of
from nenpo.table import Column, Table

if TYPE_CHECKING:
    from pandas import DataFrame, Index, Series

MISSING = "－"
# Digits behind the point of a float, where nothing says how many.
_DIGITS = 2
_TIDY = ("year", "row", "column", "measure", "value", "unit")


def table_frame(table: Table, figures: Figures, year: FiscalYear) -> DataFrame:
    """A table of a year: its rows in the index, which is named after them, its columns by name. Counts are Int64, decimals exact
    (Decimal), words str; what is missing or does not apply is NA. Without months, a row is a year."""
    import pandas

    columns = _columns(table)
    rows = list(_rows(table, figures, year))
    several = len(table.measures) > 1
    keys: list[Any] = [(label, measure) if several else label for label, measure, _ in rows]
    names = [_axis(table, year), *["区分"] * several]
    index = pandas.MultiIndex.from_tuples(keys, names=names) if several else pandas.Index(keys, name=names[0])
    return pandas.DataFrame(
        {column.name: _typed([values.get(column.name) for _, _, values in rows], column, index) for column in columns},
        index=index,
    )


def tidy_frame(table: Table, figures: Figures, year: FiscalYear) -> DataFrame:
    """The figures of all the years that the table shows, oldest first, a row a figure: year (R5), row (the month, the named row, or ""
    for the whole year), column, measure, value (Int64, or exact decimals as objects) and unit."""
    import pandas

    units = table.counted
    lines = [
        (
            kept.code,
            label,
            column.name,
            measure,
            number_of(values.get(column.name)),
            units[label if table.items else column.name],
        )
        for kept in reversed(figures.kept_years(table, year))
        for label, measure, values in (*_rows(table, figures, kept, alone=True), *_wholes(table, figures, kept))
        for column in _columns(table)
        if not column.text
    ]
    frame = pandas.DataFrame(lines, columns=list(_TIDY))
    whole = all(isinstance(value, int) for *_, value, _ in lines if value is not None)
    values = [pandas.NA if line[4] is None else line[4] for line in lines]
    frame["value"] = pandas.Series(values, dtype="Int64" if whole else "object")
    return frame


def _columns(table: Table) -> tuple[Column, ...]:
    """The columns of its frame; of single figures one, with the decimals of the finest."""
    return table.columns or (Column("値", decimals=max((item.decimals for item in table.items), default=0)),)


def _rows(
    table: Table, figures: Figures, year: FiscalYear, alone: bool = False
) -> Iterator[tuple[str, str, dict[str, Value]]]:
    """Label, measure and values of the rows; ``alone`` leaves out the other years of a table whose rows are years."""
    own = figures.table(table.id, year)
    if table.shape == "values":
        for item in table.items:
            yield item.name, "", {"値": figures.single(table.id, item.name, year)}
    elif table.shape == "monthly" and not table.has_months(year):
        for kept in [] if alone else reversed(figures.kept_years(table, year)):
            for measure, values in figures.table(table.id, kept).year.items():  # type: ignore[union-attr]
                yield kept.short, measure, dict(values)
    elif own is not None:
        subtotals = {group.subtotal for group in table.groups}
        for nth, ((label, measure), values) in enumerate(own.rows.items(), start=1):
            if label not in subtotals:
                yield (str(nth) if table.shape == "events" else label), measure, dict(values)


def _wholes(table: Table, figures: Figures, year: FiscalYear) -> Iterator[tuple[str, str, dict[str, Value]]]:
    """The figures of the whole year, where the table has such."""
    own = figures.table(table.id, year)
    if own is not None and (table.shape == "monthly" or (table.shape in ("matrix", "cross") and table.total_label)):
        for measure, values in own.year.items():
            yield "", measure, dict(values)


def _axis(table: Table, year: FiscalYear) -> str:
    if table.shape == "monthly":
        return table.period_word if table.has_months(year) else year.word
    return {"values": "項目", "events": "番号"}.get(table.shape, table.corner)


def _typed(values: list[Value], column: Column, index: Index[Any]) -> Series[Any]:
    import pandas

    if column.text:
        return pandas.Series([str(value) if value is not None else None for value in values], index, dtype="string")
    numbers = [number_of(value) for value in values]
    if column.decimals:
        return pandas.Series([pandas.NA if value is None else value for value in numbers], index, dtype="object")
    return pandas.Series(numbers, index, dtype="Int64")


def frame_view(frame: DataFrame, id_: str, caption: str = "", unit: str = "", decimals: int | None = None) -> TableView:
    """A DataFrame as a table of the report: its index at the left (a bare numbering is left out), its columns (two levels of them as two rows of
    headings), whole numbers whole, decimals alike in a column, thousands separators, 「－」 for what is missing."""
    import pandas

    levels = [] if _is_bare(frame.index) else list(range(frame.index.nlevels))
    labels = [[_said(value) for value in frame.index.get_level_values(level)] for level in levels]
    cells = [_printed(frame.iloc[:, at], decimals) for at in range(frame.shape[1])]
    rows = [
        BodyRow(
            "row",
            tuple(_repeated(labels, level, number) for level in range(len(levels))),
            tuple(column[number] for column, _ in cells),
        )
        for number in range(len(frame))
    ]
    stubs = [Head(_said(name or ""), breaks=False) for name in (frame.index.names[level] for level in levels)]
    words = frozenset(at for at, (_, is_words) in enumerate(cells) if is_words)
    columns = frame.columns
    keys: list[Any] = [key if isinstance(columns, pandas.MultiIndex) else (key,) for key in columns]
    head = tuple(_heads(stubs, keys))
    return TableView(id_, caption, head, tuple(rows), unit, len(levels), words, compact=True)


def _is_bare(index: Index[Any]) -> bool:
    import pandas

    return isinstance(index, pandas.RangeIndex) and index.name is None and index.start == 0 and index.step == 1


def _repeated(labels: list[list[str]], level: int, number: int) -> str | None:
    """A row's label; None under one that is the same, in all levels up to its own, but in the last level, whose rows all have theirs."""
    same = number > 0 and all(own[number - 1] == own[number] for own in labels[: level + 1])
    return None if same and level < len(labels) - 1 else labels[level][number]


def _heads(stubs: list[Head], keys: list[tuple[Hashable, ...]]) -> Iterator[tuple[Head, ...]]:
    depth = max((len(key) for key in keys), default=1)
    for level in range(depth):
        heads: list[Head] = [Head(stub.text, rows=depth, breaks=False) for stub in stubs] if level == 0 else []
        at = 0
        while at < len(keys):
            same = at + 1
            while level < depth - 1 and same < len(keys) and keys[same][: level + 1] == keys[at][: level + 1]:
                same += 1
            heads.append(Head(_said(keys[at][level]), columns=same - at, breaks=False))
            at = same
        yield tuple(heads)


def _printed(series: Series[Any], decimals: int | None) -> tuple[list[str], bool]:
    """The cells of a column as printed, and whether they are words."""
    values = [None if _is_missing(value) else value for value in series]
    numbers = [value for value in values if _is_number(value)]
    if len(numbers) < sum(value is not None for value in values):
        return [MISSING if value is None else _said(value) for value in values], True
    digits = _digits(numbers) if decimals is None else decimals
    return [MISSING if value is None else shown(rounded(_exact(value), digits)) for value in values], False


def _is_missing(value: object) -> bool:
    import pandas

    return value is NOT_APPLICABLE or (not isinstance(value, list | dict | tuple) and bool(pandas.isna(value)))  # type: ignore[call-overload]


def _is_number(value: object) -> bool:
    import numbers

    is_count = isinstance(value, numbers.Real | Decimal) and not isinstance(value, bool)
    return is_count and type(value).__name__ != "bool_" and math.isfinite(float(value))  # type: ignore[arg-type]


def _exact(value: Any) -> Fraction:
    return (
        Fraction(value)
        if isinstance(value, Decimal)
        else Fraction(str(value if isinstance(value, int) else float(value)))
    )


def _digits(values: Iterable[Any]) -> int:
    """Decimals that a column needs: those of its exact decimals, of floats as many as tell them, up to two."""
    most = 0
    for value in values:
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            most = max(most, -exponent if isinstance(exponent, int) else 0)
        elif (amount := _exact(value)).denominator != 1:
            most = max(most, next((n for n in range(1, _DIGITS) if rounded(amount, n) == amount), _DIGITS))
    return most


def _said(value: object) -> str:
    """Words, days and yes or no as they are printed."""
    import pandas

    if isinstance(value, pandas.Timestamp):
        day = f"{value.year}年{value.month}月{value.day}日"
        return day if value == value.normalize() else f"{day} {value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return MISSING if _is_missing(value) else str(value)
