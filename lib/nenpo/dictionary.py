"""The data dictionary: ``data/tables.toml`` as frozen dataclasses, checked as it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nenpo.errors import Fault, InputError
from nenpo.fiscal import FiscalYear
from nenpo.text.settings import read_settings

SHAPES = ("monthly", "cross", "matrix", "events", "values")
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
    total: str = ""  # "none": no figure for the year
    since: FiscalYear | None = None  # first year it is kept, where that is not the table's

    @property
    def heading(self) -> str:
        return (self.label or self.name).replace("|", "")

    @property
    def in_charts(self) -> str:
        """The category's name in charts and legends."""
        return self.category or self.heading

    @property
    def typed(self) -> bool:
        return not self.sum

    def kept(self, year: FiscalYear) -> bool:
        return self.since is None or year >= self.since


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


def section_number(name: str) -> str:
    """Number of the section that a table or a text belongs to: "2-5" for "2-5-2" and for "2-5-cross"."""
    return "-".join(name.split("-")[:2])


@dataclass(frozen=True)
class Table:
    """A table as the dictionary describes it; ``id`` is the section's number, with a further number from its second table on."""

    id: str
    title: str
    shape: str
    since: FiscalYear
    unit: str = ""
    months_since: FiscalYear | None = None
    kept_years: int = 1
    total_label: str = ""
    shares: str = ""
    blank: int | None = None
    note: str = ""
    corner: str = ""
    base: str = ""
    base_label: str = ""
    columns: tuple[Column, ...] = ()
    measures: tuple[Measure, ...] = (Measure(""),)
    rows: tuple[str, ...] = ()
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
    def typed_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.of)

    def period_labels(self, year: FiscalYear) -> tuple[str, ...]:
        """First cells of the rows that are typed for a year: the twelve months, or the year where it has no months."""
        return tuple(month.label for month in year.months) if self.has_months(year) else (year.short,)

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

    def __init__(self, tables: tuple[Table, ...], rates: tuple[Rate, ...], colours: Mapping[str, str]):
        self._tables = {table.id: table for table in tables}
        self.rates = rates
        self.colours = colours

    def __getitem__(self, table_id: str) -> Table:
        return self._tables[table_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def kept(self, year: FiscalYear) -> tuple[Table, ...]:
        """The tables that the year's workbook holds a sheet for, with the columns that it has."""
        return tuple(table.as_of(year) for table in self.values() if year >= table.since)


def read_dictionary(path: Path) -> Dictionary:
    """Read ``tables.toml``. Raises InputError with every fault of the file."""
    settings = read_settings(path)
    if settings is None:
        raise InputError(Fault("データ辞書がありません", str(path), "data フォルダーの場所を確かめてください"))
    tables, rates = settings.entries("table", Table), settings.entries("rate", Rate)
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
    settings.settle()
    return Dictionary(tables, rates, colours)


def names_column(tables: Mapping[str, Table], figure: str) -> bool:
    """Whether a reference such as "2-1/相談終結" names a column of a table."""
    table_id, _, name = figure.partition("/")
    return table_id in tables and name in [column.name for column in tables[table_id].columns]


def _inconsistencies(table: Table, known: Mapping[str, Table]) -> Iterator[str]:
    names = [column.name for column in table.columns]
    if table.shape not in SHAPES:
        yield f"shape「{table.shape}」は {'、'.join(SHAPES)} のどれでもありません"
    if len(set(names)) < len(names):
        yield "同じ名前の列が二つあります"
    for column in table.columns:
        if strange := [name for name in column.sum if name not in names]:
            yield f"列「{column.name}」の sum に知らない列があります：{'、'.join(strange)}"
    if table.shares and table.shares not in names:
        yield f"shares の列「{table.shares}」がありません"
    if table.base and table.base not in known:
        yield f"base の表「{table.base}」がありません"
