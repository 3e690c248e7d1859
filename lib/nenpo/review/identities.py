"""Identities of ``tables.toml``, each one readable line, held against the input cells they rest on.

    新規相談受付件数 = うち男性 + うち女性              月末件数 = 前の月末件数 + 新規相談受付件数 - 相談終結
    相談終結 = 2-6/合計                                各列 ≤ 2-4/各列
    延べ対象世帯数の各列 ≤ 提供数の各列                  出席回数 計 ≤ 登録者数 × 実施回数

An identity belongs to the table it stands in and holds in each of its periods or rows: in every month (in the year where
there are no months), in every row of a cross table or matrix, once for single figures. 「2-6/」 names another table, whose
figure of the same month or row is meant, or the year's where it has no such row; 「前の」 the month before (for April the
year before), or the year before; 「各列」 each typed column in turn; a measure stands before its column with 「の」.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from nenpo.dictionary import Dictionary, Table
from nenpo.errors import Fault, InputError
from nenpo.japanese.years import FiscalYear
from nenpo.records import NOT_APPLICABLE, Number, Row, Value, YearRecords

BEFORE, EACH = "前の", "各列"
RELATIONS = ("=", "≤", "≥")
_OTHER = re.compile(r"(\d+(?:-\d+)+)/(.*)")


@dataclass(frozen=True, order=True)
class Cell:
    """A cell that is typed: of a column, in a row (month, year, row or item) of a table of one year's workbook."""

    year: FiscalYear
    table: str
    row: str
    measure: str
    column: str


# What is meant by a name in one period: the cells whose sum it is.
Quantity = tuple[Cell, ...]


@dataclass(frozen=True)
class Reference:
    """A name in an identity; no table means the identity's own, no measure every one in turn."""

    table: str
    measure: str
    column: str
    before: bool = False


@dataclass(frozen=True)
class Term:
    """Names multiplied with each other, added or subtracted."""

    sign: int
    factors: tuple[Reference, ...]


@dataclass(frozen=True)
class Identity:
    text: str
    left: tuple[Term, ...]
    relation: str
    right: tuple[Term, ...]


Sum = tuple[tuple[int, tuple[Quantity, ...]], ...]


@dataclass(frozen=True)
class Instance:
    """An identity in one period of one year: its two sides as signed products of sums of cells."""

    identity: Identity
    table: str
    year: FiscalYear
    period: str
    measure: str
    left: Sum
    right: Sum

    @cached_property
    def cells(self) -> frozenset[Cell]:
        return frozenset(
            cell for side in (self.left, self.right) for _, product in side for sum_ in product for cell in sum_
        )

    @property
    def text(self) -> str:
        """The identity as it holds here, each column by its name."""
        return self.identity.text


class Inputs:
    """The typed cells of all the years that are kept."""

    def __init__(self, dictionary: Dictionary, records: Mapping[FiscalYear, YearRecords]):
        self.dictionary = dictionary
        self.years = tuple(sorted(records))
        self._rows: dict[tuple[FiscalYear, str], dict[tuple[str, str], Row]] = {
            (year, table_id): {(row.label, row.measure): row for row in rows}
            for year, one in records.items()
            for table_id, rows in one.tables.items()
        }
        self._made_of: dict[tuple[str, FiscalYear, str], tuple[str, ...]] = {}

    def rows(self, year: FiscalYear, table_id: str) -> Mapping[tuple[str, str], Row]:
        """The table's typed rows by label and measure."""
        return self._rows.get((year, table_id), {})

    def value(self, cell: Cell) -> Value:
        row = self.rows(cell.year, cell.table).get((cell.row, cell.measure))
        return row.values.get(cell.column) if row else None

    def place(self, cell: Cell) -> tuple[str, str]:
        """Sheet and cell in Excel; no cell where the table's place is not known."""
        row = self.rows(cell.year, cell.table).get((cell.row, cell.measure))
        return self.dictionary[cell.table].sheet, (row.cells or {}).get(cell.column, "") if row else ""

    def cells(self, year: FiscalYear) -> Iterator[Cell]:
        """The cells of a year that hold a number."""
        for (kept, table_id), rows in self._rows.items():
            for (label, measure), row in rows.items() if kept == year else ():
                for column, value in row.values.items():
                    if isinstance(value, Number):
                        yield Cell(year, table_id, label, measure, column)

    def of_row(self, table: Table, year: FiscalYear, label: str, measure: str, column: str) -> Quantity:
        """The cells a column is made of in a row; none where there is no such row."""
        if (label, measure) not in self.rows(year, table.id):
            return ()
        return tuple(Cell(year, table.id, label, measure, name) for name in self._typed(table, year, column))

    def _typed(self, table: Table, year: FiscalYear, column: str) -> tuple[str, ...]:
        """The typed columns that a column is made of in a year."""
        key = (table.id, year, column)
        if key not in self._made_of:
            one = table.column(column)
            of_parts = (self._typed(table, year, name) for name in one.sum if table.column(name).kept(year))
            self._made_of[key] = tuple(chain.from_iterable(of_parts)) if one.sum else (column,) * one.kept(year)
        return self._made_of[key]

    def of_year(self, table: Table, year: FiscalYear, measure: str, column: str) -> Quantity:
        """The cells a column's figure for the year is made of."""
        if table.shape == "values":
            item = next(item for item in table.items if item.name == column)
            if item.of:
                other, _, name = item.of.partition("/")
                return self.of_year(self.dictionary[other], year, "", name)
            return (Cell(year, table.id, column, "", "値"),) if (column, "") in self.rows(year, table.id) else ()
        labels = [label for label, of in self.rows(year, table.id) if of == measure]
        if table.shape == "monthly" and table.column(column).adds_up == "last":
            labels = labels[-1:]
        return tuple(cell for label in labels for cell in self.of_row(table, year, label, measure, column))


def instances(inputs: Inputs, year: FiscalYear) -> list[Instance]:
    """Every identity in every period of ``year``. Raises InputError with all the lines that cannot be read."""
    found: list[Instance] = []
    faults: list[Fault] = []
    for table in inputs.dictionary.kept(year):
        for text in table.identities:
            try:
                for identity in parse_identity(text, table, inputs.dictionary):
                    found += _instances(identity, table, inputs, year)
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def parse_identity(text: str, table: Table, dictionary: Dictionary) -> list[Identity]:
    """The identity, once for each column where it is about each. Raises InputError for a line that is none."""
    columns = [column.name for column in table.typed_columns if not column.text] if EACH in text else [""]
    found = []
    for column in columns:
        named = text.replace(EACH, column)
        sides = re.split(f" ([{''.join(RELATIONS)}]) ", named)
        if len(sides) != 3:
            raise InputError(Fault(f"「{text}」は等式・不等式として読めません", f"tables.toml の表 {table.id}"))
        left, right = (_terms(side, text, table, dictionary) for side in (sides[0], sides[2]))
        if left is not None and right is not None:
            found.append(Identity(named, left, sides[1], right))
    return found


def _terms(side: str, text: str, table: Table, dictionary: Dictionary) -> tuple[Term, ...] | None:
    """None where another table has no column of that name, as 「各列」 may name."""
    pieces = re.split(r"\s+([+-])\s+", side.strip())
    signs = [1, *(1 if sign == "+" else -1 for sign in pieces[1::2])]
    terms = []
    for sign, piece in zip(signs, pieces[::2], strict=True):
        factors = [_reference(name.strip(), table, dictionary) for name in piece.split(" × ")]
        if None in factors:
            if EACH in text:
                return None
            where = f"tables.toml の表 {table.id}"
            raise InputError(Fault(f"「{text}」の「{piece}」という列はありません", where, "列の名を確かめてください"))
        terms.append(Term(sign, tuple(factor for factor in factors if factor)))
    return tuple(terms)


def _reference(name: str, own: Table, dictionary: Dictionary) -> Reference | None:
    before = name.startswith(BEFORE)
    name = name.removeprefix(BEFORE)
    table = own
    if match := _OTHER.fullmatch(name):
        if match[1] not in dictionary:
            return None
        table, name = dictionary[match[1]], match[2]
    measure = next((one.name for one in table.measures if one.name and name.startswith(f"{one.name}の")), "")
    name = name.removeprefix(f"{measure}の") if measure else name
    known = {item.name for item in table.items} | {column.name for column in table.on_sheet if not column.text}
    return Reference(table.id, measure, name, before) if name in known else None


def _instances(identity: Identity, table: Table, inputs: Inputs, year: FiscalYear) -> Iterator[Instance]:
    labels = [label for label, _ in inputs.rows(year, table.id)]
    measures = [measure.name for measure in table.measures]
    if table.shape == "values" or not labels:
        labels, measures = [""], [""]
    elif any(term.factors[0].measure for term in identity.left):
        measures = [""]
    for label in dict.fromkeys(labels):
        for measure in measures:
            sides = [_side(side, table, inputs, year, label, measure) for side in (identity.left, identity.right)]
            if sides[0] is not None and sides[1] is not None:
                yield Instance(identity, table.id, year, label, measure, sides[0], sides[1])


def _side(
    terms: tuple[Term, ...], own: Table, inputs: Inputs, year: FiscalYear, label: str, measure: str
) -> Sum | None:
    """None where a figure is not kept."""
    found = []
    for term in terms:
        product = tuple(_meant(factor, own, inputs, year, label, factor.measure or measure) for factor in term.factors)
        if not all(product):
            return None
        found.append((term.sign, product))
    return tuple(found)


def _meant(one: Reference, own: Table, inputs: Inputs, year: FiscalYear, label: str, measure: str) -> Quantity:
    table = inputs.dictionary[one.table]
    if one.before:
        labels = list(dict.fromkeys(row for row, _ in inputs.rows(year, table.id)))
        at = labels.index(label) if label in labels else 0
        if at:
            label = labels[at - 1]
        else:
            year, label = year.previous, ""
    if year < table.since:
        return ()
    if table.id != own.id and measure not in {known.name for known in table.measures}:
        measure = ""
    if table.shape != "values" and (label, measure) in inputs.rows(year, table.id):
        return inputs.of_row(table, year, label, measure, one.column)
    months = own.shape == table.shape == "monthly" and label and own.has_months(year) != table.has_months(year)
    return () if months else inputs.of_year(table, year, measure, one.column)


def holds(instance: Instance, values: Mapping[Cell, Value]) -> bool | None:
    """Whether the identity holds with these values; None where one is missing."""
    left, right = (amount(side, values) for side in (instance.left, instance.right))
    if left is None or right is None:
        return None
    return {"=": left == right, "≤": left <= right, "≥": left >= right}[instance.identity.relation]


def amount(side: Sum, values: Mapping[Cell, Value]) -> Number | None:
    """The value of a side; a cell where nothing applies adds nothing. None where a cell is empty."""
    whole: Number = 0
    for sign, product in side:
        result: Number = sign
        for cells in product:
            typed = [values[cell] for cell in cells]
            if any(value is None for value in typed) or all(value is NOT_APPLICABLE for value in typed):
                return None
            result *= sum(value for value in typed if isinstance(value, Number))
        whole += result
    return whole


def in_numbers(side: Sum, values: Mapping[Cell, Value]) -> str:
    """A side's sum written out, such as 674＋211－689."""
    text = ""
    for sign, product in side:
        factors = [amount(((1, (cells,)),), values) or 0 for cells in product]
        text += ("＋" if sign > 0 else "－") + "×".join(f"{factor:,}" for factor in factors)
    return text.removeprefix("＋")
