"""Where a fact comes from: the cells of the workbooks that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from nenpo.errors import InputError
from nenpo.facts import Facts, Named
from nenpo.typed_cells import TypedCell, TypedCells


def cells_of(path: str, facts: Facts, inputs: TypedCells) -> tuple[TypedCell, ...]:
    """The typed cells that the fact at ``path`` rests on, those of the figure itself first; none for a path that names
    nothing."""
    try:
        return tuple(dict.fromkeys(cell for part in re.split("[÷+]", path) for cell in _cells(part, facts, inputs)))
    except InputError:
        return ()


def _cells(path: str, facts: Facts, inputs: TypedCells) -> Iterator[TypedCell]:
    named = facts.named(path)
    if rate := facts.rate(named):
        for operand in (rate.numerator, rate.denominator):
            yield from _of(facts.named(f"{operand}/{named.year.code}"), inputs)
        return
    yield from _of(named, inputs)
    if named.derived:
        yield from _of(facts.compared(named), inputs)


def _of(named: Named, inputs: TypedCells) -> tuple[TypedCell, ...]:
    measure, column = named.measured
    if named.row:
        return inputs.of_row(named.table, named.year, named.row, measure, column)
    return inputs.of_year(named.table, named.year, measure, column)


def in_words(cells: Iterable[TypedCell], inputs: TypedCells) -> str:
    """The places in Excel, such as 「R5 シート「2-1 相談件数等」B5～B16」."""
    places = [((cell.year.code, *inputs.place(cell)[:1]), inputs.place(cell)[1]) for cell in cells]
    return "、".join(
        f"{year} シート「{sheet}」{_ranges([cell for _, cell in group])}"
        for (year, sheet), group in groupby(places, key=lambda place: place[0])
    )


def _ranges(cells: list[str]) -> str:
    """B5～C16 for a whole rectangle, else each cell."""
    # Imported here alone: a build that only writes the report is the faster for it.
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, get_column_letter

    at = sorted(
        (column_index_from_string(column), row) for column, row in map(coordinate_from_string, filter(None, cells))
    )
    if not at:
        return ""
    columns, rows = sorted({column for column, _ in at}), sorted({row for _, row in at})
    left, right, top, bottom = columns[0], columns[-1], rows[0], rows[-1]
    if len(at) > 1 and at == [(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)]:
        return f"{get_column_letter(left)}{top}～{get_column_letter(right)}{bottom}"
    return "、".join(cells)
