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

from nenpo.dictionary import Dictionary
from nenpo.errors import Fault, InputError
from nenpo.japanese.years import FiscalYear
from nenpo.records import NOT_APPLICABLE, Number, Value, mark_of
from nenpo.table import Table
from nenpo.typed_cells import Summed, TypedCell, TypedCells

BEFORE, EACH = "前の", "各列"
RELATIONS = ("=", "≤", "≥")
_OTHER = re.compile(r"(\d+(?:-\d+)+)/(.*)")


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


Sum = tuple[tuple[int, tuple[Summed, ...]], ...]


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
    def cells(self) -> frozenset[TypedCell]:
        return frozenset(
            cell for side in (self.left, self.right) for _, product in side for sum_ in product for cell in sum_
        )

    @property
    def text(self) -> str:
        """The identity as it holds here, each column by its name."""
        return self.identity.text


def instances(inputs: TypedCells, year: FiscalYear) -> list[Instance]:
    """Every identity in every period of ``year``. Raises InputError with all the lines that cannot be read."""
    held: list[Instance] = []
    faults: list[Fault] = []
    for table in inputs.dictionary.kept(year):
        for text in table.identities:
            try:
                for identity in parse_identity(text, table, inputs.dictionary):
                    held += _instances(identity, table, inputs, year)
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)
    return held


def parse_identity(text: str, table: Table, dictionary: Dictionary) -> list[Identity]:
    """The identity, once for each column where it is about each. Raises InputError for a line that is none."""
    columns = [column.name for column in table.typed_columns if not column.text] if EACH in text else [""]
    identities = []
    for column in columns:
        named = text.replace(EACH, column)
        sides = re.split(f" ([{''.join(RELATIONS)}]) ", named)
        if len(sides) != 3:
            raise InputError(Fault(f"「{text}」は等式・不等式として読めません", f"tables.toml の表 {table.id}"))
        left, right = (_terms(side, text, table, dictionary) for side in (sides[0], sides[2]))
        if left is not None and right is not None:
            identities.append(Identity(named, left, sides[1], right))
    return identities


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
    measure = next(
        (measure.name for measure in table.measures if measure.name and name.startswith(f"{measure.name}の")), ""
    )
    name = name.removeprefix(f"{measure}の") if measure else name
    known = {item.name for item in table.items} | {column.name for column in table.on_sheet if not column.text}
    return Reference(table.id, measure, name, before) if name in known else None


def _instances(identity: Identity, table: Table, inputs: TypedCells, year: FiscalYear) -> Iterator[Instance]:
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
    terms: tuple[Term, ...], own: Table, inputs: TypedCells, year: FiscalYear, label: str, measure: str
) -> Sum | None:
    """None where a figure is not kept."""
    products = []
    for term in terms:
        product = tuple(_meant(factor, own, inputs, year, label, factor.measure or measure) for factor in term.factors)
        if not all(product):
            return None
        products.append((term.sign, product))
    return tuple(products)


def _meant(reference: Reference, own: Table, inputs: TypedCells, year: FiscalYear, label: str, measure: str) -> Summed:
    table = inputs.dictionary[reference.table]
    if reference.before:
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
        return inputs.of_row(table, year, label, measure, reference.column)
    months = own.shape == table.shape == "monthly" and label and own.has_months(year) != table.has_months(year)
    return () if months else inputs.of_year(table, year, measure, reference.column)


def holds(instance: Instance, values: Mapping[TypedCell, Value]) -> bool | None:
    """Whether the identity holds with these values; None where one is missing."""
    left, right = (amount(side, values) for side in (instance.left, instance.right))
    if left is None or right is None:
        return None
    return {"=": left == right, "≤": left <= right, "≥": left >= right}[instance.identity.relation]


def amount(side: Sum, values: Mapping[TypedCell, Value]) -> Number | None:
    """The value of a side; a cell where nothing applies adds nothing. None where a cell is empty, or not known."""
    whole: Number = 0
    for sign, product in side:
        result: Number = sign
        for cells in product:
            typed = [values[cell] for cell in cells]
            is_known = not (mark_of(typed) or None in typed)
            if not is_known or all(value is NOT_APPLICABLE for value in typed):
                return None
            result *= sum(value for value in typed if isinstance(value, Number))
        whole += result
    return whole


def in_numbers(side: Sum, values: Mapping[TypedCell, Value]) -> str:
    """A side's sum written out, such as 674＋211－689."""
    text = ""
    for sign, product in side:
        factors = [amount(((1, (cells,)),), values) or 0 for cells in product]
        text += ("＋" if sign > 0 else "－") + "×".join(f"{factor:,}" for factor in factors)
    return text.removeprefix("＋")
