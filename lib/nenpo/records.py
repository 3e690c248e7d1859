"""What an office's workbook holds for one fiscal year: the numbers as typed, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from nenpo.japanese.years import FiscalYear


class Mark(Enum):
    """What stands in a number cell instead of a number."""

    NOT_APPLICABLE = "－"
    UNKNOWN = "…"
    HIDDEN = "X"


NOT_APPLICABLE, UNKNOWN, HIDDEN = Mark.NOT_APPLICABLE, Mark.UNKNOWN, Mark.HIDDEN

# An exact number: a count, or a decimal with the decimals of its column.
Number = int | Decimal
# A number, a text, 「－」 (not applicable; …: not known; X: hidden in a public edition), or None: nothing typed yet.
Value = Number | str | Mark | None


def number_of(value: Value) -> Number | None:
    """The number that a value is; None for a text, a mark, and nothing."""
    return value if isinstance(value, Number) else None


def mark_of(values: Iterable[Value | Fraction]) -> Mark | None:
    """What stands for a figure that rests on these: HIDDEN where one is hidden, UNKNOWN where one is not known; None where neither is."""
    listed = list(values)
    return next((mark for mark in (HIDDEN, UNKNOWN) if mark in listed), None)


class Place(NamedTuple):
    """Where a figure stands: a table, the code of its year, its row ("" for the whole), its measure and its column."""

    table: str
    year: str
    row: str
    measure: str
    column: str


@dataclass(frozen=True)
class Row:
    """A row of a sheet: its label (month, year, row name or item), its measure where a month has several, its values
    by column name, and the cell each value stands in, such as "B7"; ``sheet`` is where, if not on the table's own."""

    label: str
    values: Mapping[str, Value]
    measure: str = ""
    cells: Mapping[str, str] | None = None
    sheet: str = ""


@dataclass(frozen=True)
class Notice:
    """How something in the workbook was read that Excel shows otherwise, or does not show: the sheet, the cell (or ""), what, and
    what to do. A warning where the report may print something else than is seen there."""

    sheet: str
    cell: str
    what: str
    remedy: str = ""
    is_warning: bool = False


@dataclass(frozen=True)
class YearRecords:
    """One year's workbook: the typed rows of each table, by the table's id. Event rows have the columns 日付 and 内容,
    single figures the column 値. ``lists`` are the rows of the sheets for what is no table, by the sheet's name; ``notices`` tell
    of what was read otherwise than it looks. ``repeated`` are the rows of years before that a table whose rows are years has again, by the
    table's id: their figures are those of their own years' workbooks."""

    year: FiscalYear
    tables: Mapping[str, tuple[Row, ...]]
    lists: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    repeated: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
