"""A computed column under a common heading that prints none: 受診率 of men, where 受診率 = 受診者 ÷ 対象者 stands for all and those of men stand
under 男性. A path calls it 「男性の受診率」."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nenpo.formulas import Formula, Operation, Reference, references
from nenpo.japanese.numerals import half_width
from nenpo.table import Column, Table

Formulas = Mapping[tuple[str, str], Formula]


def under_headings(table: Table) -> dict[str, dict[str, Column]]:
    """The columns of numbers under each common heading, which is told without its brackets, by their own headings."""
    groups: dict[str, dict[str, Column]] = {}
    for column in table.columns if len(table.measures) == 1 else ():
        group = half_width(column.group.partition("（")[0].strip())
        if len(group) > 1 and not column.text and column.heading != column.name:
            groups.setdefault(group, {})[half_width(column.heading)] = column
    return groups


def computed_under(table: Table, formulas: Formulas) -> Iterator[tuple[str, Column, Formula]]:
    """The headings under which a column that stands elsewhere can be computed, with that and its formula there."""
    for group, under in under_headings(table).items():
        for column in table.columns:
            formula = formulas.get((table.id, column.name))
            heading = half_width(column.heading)
            if formula is not None and column.group != group and heading not in under:
                own = [table.column(reference.column) for reference in references(formula) if not reference.table]
                if len(own) > 1 and all(half_width(part.heading) in under for part in own):
                    yield group, column, _of(formula, {part.name: under[half_width(part.heading)].name for part in own})


def column_under(table: Table, name: str, formulas: Formulas) -> tuple[Column, Formula] | None:
    """The column that a path calls so, with its formula; None for none."""
    return next(
        (
            (column, formula)
            for group, column, formula in computed_under(table, formulas)
            if name == f"{group}の{column.name}"
        ),
        None,
    )


def _of(formula: Formula, names: Mapping[str, str]) -> Formula:
    """A formula with other columns in it."""
    if isinstance(formula, Operation):
        return replace(formula, left=_of(formula.left, names), right=_of(formula.right, names))
    return (
        replace(formula, column=names.get(formula.column, formula.column))
        if isinstance(formula, Reference)
        else formula
    )
