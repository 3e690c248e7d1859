"""The data dictionary: ``data/tables.toml`` as frozen dataclasses, checked as it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from nenpo.errors import Fault, InputError
from nenpo.formulas import LARGEST, LAST_YEAR, SMALLEST, WHOLE, Formula, parse_formula, references
from nenpo.japanese.years import FiscalYear
from nenpo.text.settings import read_settings

SHAPES = ("monthly", "cross", "matrix", "events", "values")
MOST_DECIMALS = 6
# How the rows of a column add up to the figure of the whole.
TOTALS = ("sum", "last", "max", "mean", "none")
# The sheet that holds all single figures, and the columns of an event list.
VALUES_SHEET = "単独の数値"
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
    weight: str = ""  # the column that a mean is weighted by
    unit: str = ""  # where it is another than the table's
    decimals: int = 0
    signed: bool = False  # may be negative
    of: str = ""  # computed by this formula (see ``nenpo.formulas``)
    since: FiscalYear | None = None  # first year it is kept, where that is not the table's
    until: FiscalYear | None = None  # last year it is kept, where it is kept no longer
    was: tuple[str, ...] = ()  # headings that it has in older workbooks

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


def section_number(name: str) -> str:
    """Number of the section that a table or a text belongs to: "2-5" for "2-5-2" and for "2-5-cross"."""
    return "-".join(name.split("-")[:2])


@dataclass(frozen=True)
class Group:
    """Rows that are printed as a group, with their subtotal below them where that has a name."""

    name: str
    rows: tuple[str, ...]
    subtotal: str = ""


# What stands as ``rows`` where they are not named one by one: the shape, and the parts of the year.
AXES = {"months": ("monthly", 12), "quarters": ("monthly", 4), "years": ("monthly", 0), "entries": ("events", 0)}
# How many years a table whose rows are years shows, where it does not say.
_YEARS_SHOWN = 30


@dataclass(frozen=True)
class Table:
    """A table as the dictionary describes it; ``id`` is the section's number, with a further number from its second table on.

    ``open_because`` says why small counts may be shown in a public edition, ``public`` what it does instead of hiding
    small counts: "years" shows no months at all, "rounded" rounds every number by itself; ``merged`` are the columns or rows that
    stand there as one, by its name; ``renamed`` has the rows and items that older workbooks call otherwise, with their older name.

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
    columns: tuple[Column, ...] = ()
    measures: tuple[Measure, ...] = (Measure(""),)
    rows: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    open_because: str = ""
    public: str = ""
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    renamed: Mapping[str, str] = field(default_factory=dict, hash=False)
    items: tuple[Item, ...] = ()
    identities: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """Number of the section the table stands in: "2-5" for "2-5-2"."""
        return section_number(self.id)

    @property
    def sheet(self) -> str:
        """Name of the table's sheet in the workbook; at most 31 characters, none that Excel forbids."""
        return VALUES_SHEET if self.shape == "values" else f"{self.id} {self.title}"[:31]

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
        if self.periods == 4:
            return tuple(f"第{nth}四半期" for nth in "１２３４"[: months // 3])
        return tuple(month.label for month in year.months[:months])

    def workbook_of(self, year: FiscalYear) -> FiscalYear:
        """The year whose workbook holds the figures of a year."""
        return self.since if self.years_since and self.years_since <= year < self.since else year

    @property
    def first_year(self) -> FiscalYear:
        return min(self.since, self.years_since or self.since)

    @property
    def has_groups(self) -> bool:
        return any(column.group for column in self.columns)


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

    @cached_property
    def units(self) -> frozenset[str]:
        """All that figures are counted in."""
        units = {rate.unit for rate in self.rates}
        for table in self.values():
            units |= {table.unit, *(column.unit for column in table.columns), *(item.unit for item in table.items)}
        return frozenset(units - {""})

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


def read_dictionary(path: Path, calendar: bool = False) -> Dictionary:
    """Read ``tables.toml`` of an office that counts in fiscal or in ``calendar`` years. Raises InputError with every fault of the file."""
    settings = read_settings(path)
    if settings is None:
        raise InputError(Fault("データ辞書がありません", str(path), "data フォルダーの場所を確かめてください"))
    tables = tuple(_completed(table, calendar) for table in settings.entries("table", Table))
    rates = settings.entries("rate", Rate)
    colours = settings.value("colours", Mapping[str, str], {})
    settings.settle()  # what is wrong with the parts would only be told again of the whole
    known = {table.id: table for table in tables}
    if len(known) < len(tables):
        settings.faults.append("同じ id の表が二つあります")
    for table in tables:
        settings.faults += [f"{table.id}：{fault}" for fault in _inconsistencies(table, known)]
    references = [(item.name, item.of) for table in tables for item in table.items if item.of]
    references += [(rate.name, figure) for rate in rates for figure in (rate.numerator, rate.denominator)]
    settings.faults += [
        f"「{name}」の「{figure}」という列はありません"
        for name, figure in references
        if not names_column(known, figure)
    ]
    settings.faults += [
        f"colours：「{name}」の色「{value}」は #00428c のような 6 桁の色ではありません"
        for name, value in colours.items()
        if not re.fullmatch(r"#[0-9a-f]{6}", value)
    ]
    formulas = _formulas(known, settings.faults)
    settings.settle()
    return Dictionary(tables, rates, colours, formulas)


def _completed(table: Table, calendar: bool) -> Table:
    """The table with what its short forms stand for."""
    axis = table.rows[0] if len(table.rows) == 1 and table.rows[0] in AXES else ""
    shape, periods = AXES.get(axis, (table.shape, table.periods))
    in_groups = tuple(row for group in table.groups for row in group.rows)
    rows = () if axis else (*(row for row in table.rows if row not in in_groups), *in_groups)
    shape = shape or ("matrix" if rows else "values" if table.items else "")
    months_since = (table.months_since or table.since) if axis and periods else table.months_since
    return replace(
        table,
        since=FiscalYear(table.since, calendar),
        shape=shape,
        periods=periods,
        rows=table.rows if rows == table.rows else rows,
        months_since=FiscalYear(months_since, calendar) if months_since else None,
        kept_years=table.kept_years or (_YEARS_SHOWN if axis == "years" else 1),
        total_label=table.total_label or table.total,
        corner=table.corner or "区分" * (shape in ("matrix", "cross")),
        columns=table.columns or (_ENTRY if shape == "events" else ()),
    )


# The columns of a list of entries that names none.
_ENTRY = tuple(Column(name, text=True) for name in EVENT_COLUMNS)


def _formulas(tables: Mapping[str, Table], faults: list[str]) -> dict[tuple[str, str], Formula]:
    """The formulas of computed columns, by table and column; what is wrong with them becomes a fault."""
    formulas: dict[tuple[str, str], Formula] = {}
    for table in tables.values():
        names = {column.name for column in table.columns}
        for column in table.columns:
            where = f"{table.id}：列「{column.name}」の of"
            try:
                formula = parse_formula(column.of, names - {column.name}) if column.of else None
            except ValueError as error:
                faults.append(f"{where}「{column.of}」は計算式として読めません。{error}")
                continue
            for reference in references(formula) if formula else ():
                other = tables.get(reference.table) if reference.table else table
                if other is None or reference.column not in _numbers(other):
                    place = f"表 {reference.table}" if reference.table else "この表"
                    faults.append(f"{where} の「{reference.column}」という数値の列は、{place} にありません")
                if other and any(reference.column in parts for parts in other.merged.values()):
                    faults.append(f"{where} に使う列「{reference.column}」は、merged で合わせられません")
            if formula:
                formulas[table.id, column.name] = formula
    faults += [
        f"{table_id}：列「{name}」の of は、めぐりめぐって自分自身から計算することになります"
        for table_id, name in formulas
        if _rests_on(formulas, table_id, name, table_id, name, set())
    ]
    return formulas


def _numbers(table: Table) -> set[str]:
    return {column.name for column in table.columns if not column.text} | {item.name for item in table.items}


def _rests_on(
    formulas: Mapping[tuple[str, str], Formula],
    table_id: str,
    name: str,
    at_table: str,
    at: str,
    seen: set[tuple[str, str]],
) -> bool:
    """Whether a computed column rests on another, or on itself, in the same row or the whole of the same year."""
    for reference in references(formulas[at_table, at]):
        key = (reference.table or at_table, reference.column)
        if reference.which not in ("", WHOLE, LARGEST, SMALLEST):
            continue
        if key == (table_id, name):
            return True
        if key in formulas and key not in seen:
            seen.add(key)
            if _rests_on(formulas, table_id, name, *key, seen):
                return True
    return False


def names_column(tables: Mapping[str, Table], figure: str) -> bool:
    """Whether a reference such as "2-1/相談終結" names a column of a table."""
    table_id, _, name = figure.partition("/")
    return table_id in tables and name in [column.name for column in tables[table_id].columns]


def _inconsistencies(table: Table, known: Mapping[str, Table]) -> Iterator[str]:
    names = [column.name for column in table.columns]
    if table.shape not in SHAPES:
        yield f"shape「{table.shape}」は {'、'.join(SHAPES)} のどれでもありません（rows に行の名を並べるか、{'、'.join(AXES)} のどれかを書きます）"
    subtotals = [group.subtotal for group in table.groups if group.subtotal]
    named = {*table.rows, *(item.name for item in table.items)}
    if strange := [name for name in table.renamed if name not in named]:
        yield f'renamed に知らない行があります：{"、".join(strange)}（新しい名 = "旧い名" と書きます）'
    if len({*table.rows, *subtotals}) < len(table.rows) + len(subtotals):
        yield "同じ名前の行が二つあります（groups の中では「組の名 行の名」のように書くと、印刷では行の名だけになります）"
    if table.years_since and (table.has_months(table.since) or table.years_since >= table.since):
        yield 'years_since は、rows = "years" の表に、since より前の年度を書きます'
    if len(set(names)) < len(names):
        yield "同じ名前の列が二つあります"
    for column in table.columns:
        if strange := [name for name in column.sum if name not in names]:
            yield f"列「{column.name}」の sum に知らない列があります：{'、'.join(strange)}"
        if column.total and column.total not in TOTALS:
            yield f"列「{column.name}」の total「{column.total}」は {'、'.join(TOTALS)} のどれでもありません"
        if (column.total == "mean") != bool(column.weight):
            yield f'列「{column.name}」：total = "mean" と、重みにする列の weight は、両方を書きます'
        if column.weight and (column.weight not in names or table.column(column.weight).of):
            yield f"列「{column.name}」の weight の列「{column.weight}」は、入力する列にありません"
        if sum(map(bool, (column.sum, column.of, column.text))) > 1:
            yield f"列「{column.name}」：sum、of、text は、どれか一つだけを書きます"
        if computed := [name for name in column.sum if name in names and table.column(name).of]:
            yield f"列「{column.name}」の sum には、of で計算する列を使えません：{'、'.join(computed)}（of で足してください）"
        if not 0 <= column.decimals <= MOST_DECIMALS:
            yield f"列「{column.name}」の decimals は 0 から {MOST_DECIMALS} までです"
    if table.public not in ("", "years", "rounded") or (table.public == "years" and table.shape != "monthly"):
        yield f'public「{table.public}」：月や四半期の表には "years"（公表する版では年の数値だけを示す）、どの表にも "rounded"（数を丸める）と書けます'
    yield from _not_mergeable(table)
    if table.shares and table.shares not in names:
        yield f"shares の列「{table.shares}」がありません"
    if table.shape in ("cross", "matrix") and not table.rows:
        yield "rows に行の名を並べてください"
    if table.base and table.base not in known:
        yield f"base の表「{table.base}」がありません"


def _not_mergeable(table: Table) -> Iterator[str]:
    """What stands against merging columns or rows."""
    columns = {column.name: column for column in table.columns if column.typed and not column.text}
    sets = [column.sum for column in table.columns] + [group.rows for group in table.groups]
    for name, parts in table.merged.items():
        kinds = [known for known in (columns, table.rows) if all(part in known for part in parts)]
        if len(parts) < 2 or not kinds:
            yield f"merged の「{name}」には、入力する列を二つ以上か、行を二つ以上並べます"
        elif name in columns or name in table.rows:
            yield f"merged の「{name}」は、もうある名前です"
        elif any(0 < len(set(parts) & set(members)) < len(parts) for members in sets):
            yield f"merged の「{name}」は、足し算（sum）や組（groups）の一部だけにまたがっています"
        elif kinds[0] is columns and len({(columns[part].adds_up, table.unit_of(columns[part])) for part in parts}) > 1:
            yield f"merged の「{name}」の列は、単位か足し方が違います"
