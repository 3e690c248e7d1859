"""Sheets on which each figure has a line of its own, by its row and its column: 「第一調理場 | 受配校数 | 9」, 「  | 調理員数 | 23」; or lies on its side as
such, the rows over the columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from nenpo.japanese.years import FiscalYear
from nenpo.table import Table
from nenpo.workbook.book import plain
from nenpo.workbook.cells import Cell
from nenpo.workbook.headings import says_year
from nenpo.workbook.marks import without_marks
from nenpo.workbook.sheets import Sheet


def unfolded(sheet: Sheet, table: Table, year: FiscalYear) -> Sheet | None:
    """The sheet with a line for each row and a column for each, where names of the table's rows and of all its columns that are typed stand beside
    each other, each pair once; of values side by side those of the ``year``. None for another sheet."""
    columns = sorted({column for _, column in sheet.cells})
    for outer, inner in pairwise(columns[:4]):
        lines = {row: pair for row, *pair in _lines(sheet, outer, inner)}
        firsts, seconds = (list(dict.fromkeys(pair[at] for pair in lines.values())) for at in (0, 1))
        at = _column_of(sheet, lines, inner, year)
        if at and len(lines) == len(set(map(tuple, lines.values()))) and _are_of(firsts, seconds, table, year):
            return _with_lines(sheet, lines, firsts, seconds, at)
    return None


def _lines(sheet: Sheet, outer: int, inner: int) -> Iterator[tuple[int, str, str]]:
    """The rows from the first to the last with numbers, with the name last in the outer column and that in the inner one."""
    right = _right_of(sheet, inner)
    with_numbers = [row for row in sheet.rows if any(_is_number(sheet.cells.get((row, at))) for at in right)]
    above = ""
    for row in sheet.rows:
        first, second = (_text(sheet.cell(row, at)) for at in (outer, inner))
        above = first or above
        if second and second != above and with_numbers and with_numbers[0] <= row <= with_numbers[-1]:
            yield row, above, second


def _column_of(sheet: Sheet, lines: dict[int, list[str]], inner: int, year: FiscalYear) -> int | None:
    """The column with the values: the only one with numbers, or that with the year over it, beside those of other years."""
    numbers = [at for at in _right_of(sheet, inner) if any(_is_number(sheet.cells.get((row, at))) for row in lines)]
    over = [row for row in sheet.rows if row < min(lines, default=0)]
    said = {at: {says_year(_text(sheet.cell(row, at)), year) for row in over} for at in numbers}
    own = [at for at, says in said.items() if True in says]
    return own[0] if len(own) == 1 else numbers[0] if len(numbers) == 1 and False not in said[numbers[0]] else None


def _are_of(firsts: list[str], seconds: list[str], table: Table, year: FiscalYear) -> bool:
    """Whether one of the lists names all columns that are typed, and the other most of the rows."""
    wanted = {plain(column.heading) for column in table.typed_columns}
    units = {plain(table.unit_of(column)) for column in table.typed_columns}
    rows = set(map(plain, table.rows))
    for names, beside in ((firsts, seconds), (seconds, firsts)):
        called, named = (
            {left for name in of for unit in units for left in without_marks(name, unit, year)}
            for of in (names, beside)
        )
        if len(wanted) > 1 and wanted <= called and 2 * len(rows & named) > len(rows) > 0:
            return True
    return False


def _with_lines(sheet: Sheet, lines: dict[int, list[str]], firsts: list[str], seconds: list[str], at: int) -> Sheet:
    """The figures, and what stands alone above them, as a title or a unit does, at its own place."""
    head = min(lines)
    cells = {
        (row, column): cell
        for (row, column), cell in sheet.cells.items()
        if row < head and _is_alone(sheet, row, column)
    }
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for row, (first, second) in lines.items():
        line, column = head + 1 + firsts.index(first), seconds.index(second) + 2
        places |= {(line, column): (row, at)}
        cells |= {(line, column): cell} if (cell := sheet.cells.get((row, at))) else {}
        cells.setdefault((line, 1), Cell(row, at, first))
        cells.setdefault((head, column), Cell(row, at, second))
        places |= dict.fromkeys(((line, 1), (head, column)), (row, at))
    return replace(sheet, cells=cells, merged=(), hidden_rows=frozenset(), hidden_columns=(), places=places)


def _is_alone(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell is the only one of its row, or of its column on a sheet that is turned."""
    return sum(place[sheet.is_turned] == (row, column)[sheet.is_turned] for place in sheet.cells) == 1


def _right_of(sheet: Sheet, column: int) -> list[int]:
    return sorted({at for _, at in sheet.cells if at > column})


def _text(cell: Cell | None) -> str:
    return plain(cell.value) if cell and isinstance(cell.value, str) else ""


def _is_number(cell: Cell | None) -> bool:
    return cell is not None and isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
