"""A table as the dictionary describes it: its columns, its rows, how they add up, how it is protected."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from nenpo.japanese.measures import counts_things
from nenpo.japanese.years import FiscalYear

# The sheet that holds all single figures, and the columns of an event list.
VALUES_SHEET = "単独の数値"
# Letters that Excel forbids in the name of a sheet, by those of full width.
_NOT_IN_SHEETS = str.maketrans("[]:*?/\\", "［］：＊？／＼")
# Parts that take in what is left over: they have no rank, and stand last.
REST = ("その他", "不明", "無回答")
EVENT_COLUMNS = ("日付", "内容")
# Sheets that a workbook may have for what is no table, with their columns: a row a post, and a row a part of a case. An empty
# cell at the left means the one above.
CHART_SHEET, CASES_SHEET = "体制図", "事例"
LISTS = {
    CHART_SHEET: ("事業", "種類", "説明", "ほかの事業への支援", "実施主体", "職", "業務"),
    CASES_SHEET: ("節", "題名", "見出し", "文章"),
}


@dataclass(frozen=True)
class Column:
    """A column of a table. ``name`` is unique in the table; ``label`` may carry "|" where its header may break."""

    name: str
    label: str = ""
    group: str = ""
    category: str = ""  # what the column is called in charts and keeps its colour by
    sum: tuple[str, ...] = ()  # computed as the sum of these columns
    stock: bool = False  # a state at month-end: the year's figure is the last month's
    text: bool = False
    total: str = ""  # how the rows add up, one of TOTALS; by default their sum, of a stock the last
    weight: str = ""  # the column that a mean is weighted by; else all rows weigh the same
    unit: str = ""  # where it is another than the table's
    decimals: int = 0
    signed: bool = False  # may be negative
    of: str = ""  # computed by this formula (see ``nenpo.formulas``)
    since: FiscalYear | None = None  # first year it is kept, where that is not the table's
    until: FiscalYear | None = None  # last year it is kept, where it is kept no longer
    was: tuple[str, ...] = ()  # headings that it has in older workbooks
    open_because: str = ""  # why its small counts may be shown in a public edition

    @property
    def heading(self) -> str:
        return (self.label or self.name).replace("|", "")

    @property
    def in_charts(self) -> str:
        """The category's name in charts and legends; of several under a common heading, which 「延長」 alone would not tell, the whole name."""
        return self.category or (self.name if self.group else self.heading)

    @property
    def typed(self) -> bool:
        return not self.sum and not self.of

    @property
    def adds_up(self) -> str:
        """How the rows add up: one of TOTALS."""
        return "none" if self.text else self.total or ("last" if self.stock else "sum")

    def kept(self, year: FiscalYear) -> bool:
        return (self.since is None or year >= self.since) and (self.until is None or year <= self.until)


@dataclass(frozen=True)
class Measure:
    """One of several figures that a month has in every column (8-2: households and items)."""

    name: str


@dataclass(frozen=True)
class Item:
    """A single figure; ``of`` names the table and column whose yearly figure it is, if it is computed."""

    name: str
    unit: str = ""
    of: str = ""
    decimals: int = 0
    signed: bool = False
    open_because: str = ""  # as of a column


def as_sheet_name(text: str) -> str:
    """A text as a sheet of Excel may be called: of 31 characters, none that it forbids."""
    return text[:31].translate(_NOT_IN_SHEETS).strip("'")


def as_excel_tells(name: str) -> str:
    """A sheet's name as Excel tells it from others: in letters of either size, and, as books are read, of either width."""
    return unicodedata.normalize("NFKC", name).casefold()


def section_number(name: str) -> str:
    """Number of the section that a table or a text belongs to: "2-5" for "2-5-2" and for "2-5-cross"."""
    return "-".join(name.split("-")[:2])


@dataclass(frozen=True)
class Group:
    """Rows that are printed as a group, with their subtotal below them where that has a name."""

    name: str
    rows: tuple[str, ...]
    subtotal: str = ""


# How a public edition protects the small counts of a table: it hides them, shows no months at all, or rounds every number by itself.
WAYS = ("hidden", "years", "rounded")


@dataclass(frozen=True)
class Protection:
    """How small counts are protected in a public edition; what is None is as the office says of all tables."""

    way: str | None = None  # one of WAYS
    threshold: int | None = None  # counts from 1 to below it are small
    base: int | None = None  # what numbers are rounded to
    zeros: bool | None = None  # 0 is hidden as small counts are

    @property
    def is_declared(self) -> bool:
        """Whether it says what is done."""
        return bool(self.threshold) or self.way == "rounded"

    def faults(self) -> Iterator[str]:
        if self.way not in (None, *WAYS):
            yield f"秘匿のしかた「{self.way}」は {'、'.join(WAYS)} のどれでもありません（hidden は少ない数を X に、years は年の数値だけに、rounded は数を丸めます）"
        numbers = [number for number in (self.threshold, self.base) if number is not None]
        if not all(1 <= number <= 1000 for number in numbers):
            yield "threshold = 5 と base = 5 のような 1 から 1000 までの数を書いてください"


@dataclass(frozen=True)
class Table:
    """A table as the dictionary describes it; ``id`` is the section's number, with a further number from its second table on.

    ``open_because`` says why small counts may be shown in a public edition, ``public`` how they are protected there where that is not
    as in all of the office's tables; ``merged`` are the columns or rows that stand there as one, by its name; ``renamed`` has the rows
    and items that older workbooks call otherwise, with their older name.

    ``periods`` counts the rows of a year in a monthly table: 12, 4 for quarters, 0 where a year is a row. The years from
    ``years_since`` on, before there was a workbook, are typed in that of ``since``."""

    id: str
    title: str
    since: FiscalYear
    shape: str = ""
    unit: str = ""
    months_since: FiscalYear | None = None
    periods: int = 12
    years_since: FiscalYear | None = None
    ascending: bool = False
    kept_years: int = 0
    total_label: str = ""
    total: str = ""
    shares: str = ""
    blank: int | None = None
    note: str = ""
    corner: str = ""
    base: str = ""
    base_label: str = ""
    share_decimals: int | None = None
    landscape: bool = False  # lies on a page of its own, turned
    sheet_name: str = ""  # of the office's own sheet
    columns: tuple[Column, ...] = ()
    measures: tuple[Measure, ...] = (Measure(""),)
    rows: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    open_because: str = ""
    public: Protection = Protection()
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    renamed: Mapping[str, str] = field(default_factory=dict, hash=False)
    items: tuple[Item, ...] = ()
    identities: tuple[str, ...] = ()

    def protected(self, usual: Protection) -> Protection:
        """How its small counts are protected: as it says itself, else as is ``usual``; only months can be left out."""
        own = {name: value for name, value in vars(self.public).items() if value is not None}
        protection = replace(usual, **own)
        return (
            replace(protection, way="hidden") if protection.way == "years" and self.shape != "monthly" else protection
        )

    @property
    def section(self) -> str:
        """Number of the section the table stands in: "2-5" for "2-5-2"."""
        return section_number(self.id)

    @property
    def sheet(self) -> str:
        """Name of the table's sheet in the workbook."""
        return VALUES_SHEET if self.shape == "values" else self.sheet_name or self.own_sheet

    @property
    def own_sheet(self) -> str:
        """Name of a sheet of the table alone; at most 31 characters, none that Excel forbids."""
        return as_sheet_name(f"{self.id} {self.title}")

    @property
    def parts(self) -> tuple[Column, ...]:
        """The columns that make up the whole of a table with shares, each counted once."""
        if not self.shares:
            return ()
        return tuple(self.column(name) for name in self.column(self.shares).sum)

    def as_of(self, year: FiscalYear) -> Table:
        """The table with the columns that are kept in a year."""
        if all(column.kept(year) for column in self.columns):
            return self
        kept = [column for column in self.columns if column.kept(year)]
        names = {column.name for column in kept}
        columns = (
            replace(column, sum=tuple(name for name in column.sum if name in names)) if column.sum else column
            for column in kept
        )
        return replace(self, columns=tuple(columns))

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def has_months(self, year: FiscalYear) -> bool:
        return self.months_since is not None and year >= self.months_since

    @property
    def is_quarterly(self) -> bool:
        return self.shape == "monthly" and self.periods == 4

    @property
    def typed_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.typed)

    @property
    def on_sheet(self) -> tuple[Column, ...]:
        """The columns that the sheet in Excel has: what a formula computes is not on it."""
        return tuple(column for column in self.columns if not column.of)

    def unit_of(self, column: Column) -> str:
        """What a column's figures are counted in."""
        return column.unit or self.unit

    @property
    def counted(self) -> Mapping[str, str]:
        """The unit of each of its columns of numbers, or of its items, by name."""
        columns = {column.name: self.unit_of(column) for column in self.columns if not column.text}
        return columns | {item.name: item.unit or self.unit for item in self.items}

    @property
    def open_names(self) -> frozenset[str]:
        """The columns and items whose small counts may be shown: those that count no persons, by their unit, and those that are declared open."""
        parts: tuple[Column | Item, ...] = (*self.columns, *self.items)
        declared = {part.name for part in parts if self.open_because or part.open_because}
        return frozenset(declared | {name for name, unit in self.counted.items() if counts_things(unit)})

    @property
    def common_unit(self) -> str:
        """The unit that all of the table's numbers are in; "" where they differ."""
        units = {self.unit_of(column) for column in self.columns if not column.text} or {self.unit}
        return units.pop() if len(units) == 1 else ""

    @property
    def typed_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.of)

    def period_labels(self, year: FiscalYear) -> tuple[str, ...]:
        """First cells of the rows that are typed for a year: the months or quarters, or the year where it has none."""
        if self.has_months(year):
            return self.labels(year)
        first = self.years_since if self.years_since and year == self.since else year
        return tuple(year.like(start).short for start in range(first.start, year.start + 1))

    def labels(self, year: FiscalYear, months: int = 12) -> tuple[str, ...]:
        """The months or quarters of a year, as far as its first ``months`` reach."""
        if self.is_quarterly:
            return tuple(f"第{nth}四半期" for nth in "１２３４"[: months // 3])
        return tuple(month.label for month in year.months[:months])

    def months_until(self, year: FiscalYear, rows: Iterable[str]) -> int:
        """How many months of a year have come by the last of these rows, a quarter's row being three; 0 where none is a month."""
        labels = self.labels(year) if self.shape == "monthly" and self.has_months(year) else ()
        last = max((labels.index(row) + 1 for row in rows if row in labels), default=0)
        return last * len(year.months) // len(labels) if labels else 0

    @property
    def period_word(self) -> str:
        return "四半期" if self.is_quarterly else "月"

    def workbook_of(self, year: FiscalYear) -> FiscalYear:
        """The year whose workbook holds the figures of a year."""
        return self.since if self.years_since and self.years_since <= year < self.since else year

    @property
    def prints_whole(self) -> bool:
        """Whether the figures of the whole stand below the rows."""
        return self.shape == "monthly" or bool(self.total_label)

    @property
    def first_year(self) -> FiscalYear:
        return min(self.since, self.years_since or self.since)

    @property
    def has_groups(self) -> bool:
        """Whether columns that stand on its sheet have common headings."""
        return any(column.group for column in self.on_sheet)
