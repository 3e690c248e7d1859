"""``ledger.toml`` beside the dictionary: which files an office's ledger is, and which column of which table each record counts in.

[[source]]                        a file of the ledger, in the year's folder ``ledger/``: CSV or Excel, one row a record
name = "相談"                     file = "相談.csv" (sheet = "…" in Excel)
date = "受付日"                   the day that a record counts in;  until = "終結日": it stays open to that day

[[count]]                         what is counted
source = "相談"                   table = "2-1"
column = "新規相談受付件数"         all records of a month in this column, or
by = "経路"                       in the column that this column of the ledger names, in the table's words or in those of
                                  map = { "ご本人" = "本人", … };  bands = { "10代" = [0, 19] } for numbers;
                                  split = true where it names several
rows_by, rows_map, rows_bands     the same for the rows of a matrix or cross table
where = { "性別" = ["男"] }        only records that say so
take = "rows" | "open" | "sum:金額" | "distinct:世帯番号"
date = "終結日"                    another day than the source's;  measure = "提供数" in a table with several
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nenpo.dictionary import Dictionary
from nenpo.errors import Fault, InputError
from nenpo.paths import name_fault
from nenpo.table import Table
from nenpo.text.settings import read_settings

MAPPING = "ledger.toml"
# The folder of a year that holds its ledger.
LEDGER = "ledger"
ROWS, OPEN, SUM, DISTINCT = "rows", "open", "sum", "distinct"


@dataclass(frozen=True)
class Source:
    name: str
    file: str
    date: str
    until: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Naming:
    """How a column of the ledger names columns (or rows) of a table: by what it says, or by the band its number lies in."""

    by: str
    map: Mapping[str, str]
    bands: Mapping[str, tuple[int, int]]
    split: bool

    def names(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """What it names of the ``known`` columns or rows: those of its map or bands, or all."""
        return tuple(dict.fromkeys(self.bands or self.map.values())) or known


@dataclass(frozen=True)
class Count:
    """A count as it is written; ``columns`` are how it names the columns that it counts in, ``rows`` the same for the rows of a
    matrix."""

    source: str
    table: str
    column: str = ""
    measure: str = ""
    by: str = ""
    map: Mapping[str, str] = field(default_factory=dict)
    bands: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    split: bool = False
    rows_by: str = ""
    rows_map: Mapping[str, str] = field(default_factory=dict)
    rows_bands: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    rows_split: bool = False
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    take: str = ROWS
    date: str = ""

    @property
    def columns(self) -> Naming:
        return Naming(self.by, self.map, self.bands, self.split)

    @property
    def rows(self) -> Naming:
        return Naming(self.rows_by, self.rows_map, self.rows_bands, self.rows_split)

    @property
    def taken(self) -> tuple[str, str]:
        """What is taken of the records, and of which column of the ledger."""
        kind, _, of = self.take.partition(":")
        return kind, of

    @property
    def asks(self) -> tuple[str, ...]:
        """The columns of the ledger that it needs, but for the source's own."""
        asked = (self.date, self.columns.by, self.rows.by, self.taken[1], *self.where)
        return tuple(dict.fromkeys(name for name in asked if name))


@dataclass(frozen=True)
class Mapped:
    sources: tuple[Source, ...]
    counts: tuple[Count, ...]


def read_mapping(path: Path, dictionary: Dictionary) -> Mapped:
    """Read ``ledger.toml``. Raises InputError with every fault of the file."""
    settings = read_settings(path)
    if settings is None:
        remedy = "台帳の列と表の列の対応を書いた ledger.toml を置いてください（README.ja.md「台帳から数える」）"
        raise InputError(Fault("台帳の対応表がありません", str(path), remedy))
    sources = settings.entries("source", Source)
    counts = settings.entries("count", Count)
    settings.settle()
    faults = settings.faults
    names = {source.name: source for source in sources}
    faults += [
        f"file「{source.file}」はファイルの名だけを書いてください（{why}）"
        for source in sources
        if (why := name_fault(source.file))
    ]
    for number, count in enumerate(counts, start=1):
        faults += [f"{number} 番目の count：{fault}" for fault in _inconsistencies(count, names, dictionary)]
    faults += _twice(counts, dictionary)
    if not counts:
        faults.append("count が一つもありません")
    settings.settle()
    return Mapped(sources, counts)


def _inconsistencies(count: Count, sources: Mapping[str, Source], dictionary: Dictionary) -> Iterator[str]:
    if count.source not in sources:
        yield f"source「{count.source}」がありません"
    elif count.taken[0] == OPEN and not sources[count.source].until:
        yield f'take = "open" には source「{count.source}」の until が要ります'
    if count.taken[0] not in (ROWS, OPEN, SUM, DISTINCT) or (count.taken[0] in (SUM, DISTINCT)) != bool(count.taken[1]):
        yield f"take「{count.take}」は rows、open、sum:列、distinct:列 のどれでもありません"
    if count.table not in dictionary:
        yield f"表「{count.table}」がありません"
        return
    table = dictionary[count.table]
    if table.shape == "events":
        yield f"表 {table.id} は一覧なので数えられません"
        return
    if bool(count.column) == bool(count.columns.by):
        yield "column と by のどちらか一つを書いてください"
    if bool(count.rows.by) != (table.shape in ("matrix", "cross")):
        yield f"rows_by は行と列のある表（matrix、cross）に書きます（表 {table.id} は {table.shape}）"
    if count.measure not in {measure.name for measure in table.measures}:
        yield f"区分「{count.measure}」は表 {table.id} にありません"
    known = targets(table)
    named = [count.column] if count.column else [*count.columns.map.values(), *count.columns.bands]
    if strange := [name for name in named if name not in known]:
        yield f"列「{'、'.join(strange)}」は表 {table.id} の入力する列ではありません"
    if strange := [name for name in (*count.rows.map.values(), *count.rows.bands) if name not in table.rows]:
        yield f"行「{'、'.join(strange)}」は表 {table.id} にありません"


def _twice(counts: tuple[Count, ...], dictionary: Dictionary) -> Iterator[str]:
    """Columns that more than one count would fill: the second would be added to the first."""
    seen: set[tuple[str, str, str]] = set()
    for number, count in enumerate(counts, start=1):
        names = counted_in(count, dictionary[count.table]) if count.table in dictionary else ()
        cells = {(count.table, count.measure, name) for name in names}
        if both := sorted(name for _, _, name in cells & seen):
            yield f"{number} 番目の count：表 {count.table} の列「{'、'.join(both)}」はほかの count でも数えています（by には map で列を限れます）"
        seen |= cells


def counted_in(count: Count, table: Table) -> tuple[str, ...]:
    """The columns that a count fills, in the order that the records are numbered by."""
    return (count.column,) if count.column else count.columns.names(targets(table))


def targets(table: Table) -> tuple[str, ...]:
    """What a record may count in: the typed columns of counts, or the items."""
    if table.shape == "values":
        return tuple(item.name for item in table.typed_items)
    return tuple(column.name for column in table.typed_columns if not column.text)
