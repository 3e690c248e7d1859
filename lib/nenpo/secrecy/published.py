"""All that a report publishes as one system: its cells with their values, and the relations that a reader knows between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nenpo.figures import Figures
from nenpo.japanese.years import FiscalYear
from nenpo.office import OfficeYear
from nenpo.records import Place, Value
from nenpo.review.identities import Sum, instances
from nenpo.secrecy.attack import Relation
from nenpo.table import Column, Table
from nenpo.typed_cells import TypedCell, TypedCells


@dataclass(frozen=True)
class Published:
    """The counts that a report shows, by place, and how they add up."""

    values: Mapping[Place, int]
    relations: tuple[Relation[Place], ...]


def published(office_year: OfficeYear) -> Published:
    """What a year's report shows: the rows and the whole of each table in its own year and in the one before, which texts and formulas
    compare it with, the whole of the other years beside it, and single figures."""
    figures, inputs, year = office_year.figures, office_year.cells, office_year.year
    values: dict[Place, int] = {}
    relations: list[Relation[Place]] = []
    for table in inputs.dictionary.kept(year):
        beside = figures.kept_years(table, year) if table.shape == "monthly" else ()
        for kept in dict.fromkeys((year, year.previous, *beside)):
            cells = dict(_cells(table, figures, kept, whole_only=kept not in (year, year.previous)))
            values |= {place: value for place, value in cells.items() if isinstance(value, int)}
            relations += _added_up(table, kept, cells)
        relations += _single(table, inputs, year)
    relations += _identities(inputs, year)
    known = [relation for relation in relations if all(place in values for place, _ in relation.terms)]
    return Published(values, tuple(dict.fromkeys(known)))


def _cells(table: Table, figures: Figures, year: FiscalYear, whole_only: bool) -> Iterator[tuple[Place, Value]]:
    if table.shape == "values":
        for item in table.items:
            yield Place(table.id, year.code, item.name, "", "値"), figures.single(table.id, item.name, year)
        return
    own = figures.table(table.id, year)
    if own is None:
        return
    rows = [] if whole_only else [*own.rows.items()]
    rows += [(("", measure), row) for measure, row in own.year.items()] if table.prints_whole else []
    for (label, measure), row in rows:
        for column in table.columns:
            if not column.text and not column.of:
                yield Place(table.id, year.code, label, measure, column.name), row.get(column.name)


def _added_up(table: Table, year: FiscalYear, cells: Mapping[Place, Value]) -> Iterator[Relation[Place]]:
    """Sums of columns in each row, and of the rows in each column."""
    rows = list(dict.fromkeys((place.row, place.measure) for place in cells))
    for row, measure in rows:
        for column in table.columns:
            if column.sum:
                parts = [Place(table.id, year.code, row, measure, name) for name in column.sum]
                yield _is_sum(Place(table.id, year.code, row, measure, column.name), parts, cells)
    subtotals = {group.subtotal: group.rows for group in table.groups if group.subtotal}
    for column in table.columns:
        for measure in dict.fromkeys(measure for _, measure in rows):
            own = [row for row, of in rows if row and of == measure]
            if not own or column.text or column.of:
                continue

            def place(row: str, column: Column = column, measure: str = measure) -> Place:
                return Place(table.id, year.code, row, measure, column.name)

            parts = [place(row) for row in own if row not in subtotals]
            for subtotal, members in subtotals.items():
                yield _is_sum(place(subtotal), [place(row) for row in members], cells)
            if column.adds_up == "sum":
                yield _is_sum(place(""), parts, cells)
            elif column.adds_up == "last":
                filled = [part for part in parts if isinstance(cells.get(part), int)]
                yield _is_sum(place(""), filled[-1:], cells)
            elif column.adds_up == "max":
                yield from (Relation(((place(""), 1), (part, -1)), at_least=True) for part in parts)


def _is_sum(whole: Place, parts: Iterable[Place], cells: Mapping[Place, Value]) -> Relation[Place]:
    counted = [part for part in parts if isinstance(cells.get(part), int)]
    return Relation(((whole, -1), *((part, 1) for part in counted)))


def _single(table: Table, inputs: TypedCells, year: FiscalYear) -> Iterator[Relation[Place]]:
    """Single figures that are those of another table."""
    for item in table.items:
        if item.of:
            other, _, name = item.of.partition("/")
            yield Relation(
                ((Place(table.id, year.code, item.name, "", "値"), 1), (Place(other, year.code, "", "", name), -1))
            )


def _identities(inputs: TypedCells, year: FiscalYear) -> Iterator[Relation[Place]]:
    """The identities of ``tables.toml`` that are sums, as far as what they name is published."""
    for instance in instances(inputs, year):
        sides = [_terms(side, inputs, year) for side in (instance.left, instance.right)]
        left, right = sides
        if left is None or right is None:
            continue
        terms: dict[Place, int] = {}
        for place, factor in [*left, *((place, -factor) for place, factor in right)]:
            terms[place] = terms.get(place, 0) + factor
        known = tuple((place, factor) for place, factor in terms.items() if factor)
        if instance.identity.relation == "=":
            yield Relation(known)
        else:
            sign = 1 if instance.identity.relation == "≥" else -1
            yield Relation(tuple((place, sign * factor) for place, factor in known), at_least=True)


def _terms(side: Sum, inputs: TypedCells, year: FiscalYear) -> list[tuple[Place, int]] | None:
    """The cells of a side; None for one that multiplies."""
    signed: list[tuple[Place, int]] = []
    for sign, product in side:
        if len(product) > 1:
            return None
        signed += [(_place(cell, inputs, year), sign) for cell in product[0]]
    return signed


def _place(cell: TypedCell, inputs: TypedCells, year: FiscalYear) -> Place:
    """Where a typed cell is published; that of an earlier year as the whole of it."""
    table = inputs.dictionary[cell.table]
    is_whole = table.shape == "monthly" and not table.has_months(cell.year)
    return Place(cell.table, cell.year.code, "" if is_whole else cell.row, cell.measure, cell.column)


def small(values: Mapping[Place, int], tables: Sequence[str], threshold: int) -> dict[Place, int]:
    """The counts from 1 to below the threshold in these tables."""
    return {place: value for place, value in values.items() if place.table in tables and 0 < value < threshold}
