"""Where on a sheet a table stands: in which block of cells, where several stand on one sheet, and whether it lies on its side.

A block is what Excel selects with Ctrl+Shift+*: the cells around, up to an empty row and an empty column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nenpo.dictionary import Table
from nenpo.japanese.years import FiscalYear
from nenpo.workbook.book import ReadSheet, plain
from nenpo.workbook.cells import Area
from nenpo.workbook.headings import Headings, find_headings
from nenpo.workbook.labels import Labels
from nenpo.workbook.sheets import Sheet


def set_upright(sheet: ReadSheet, table: Table, year: FiscalYear, corner: str) -> Headings | None:
    """The headings of a sheet, which is turned where the table lies on its side: more of its columns are headed in a column than in a row, and
    rows are named. None where there are none."""
    headings = find_headings(sheet, table, year, corner)
    rows_named = _rows_named(sheet, table, year, headings)
    if headings and rows_named and len(headings.columns) >= len(table.on_sheet):
        return headings
    turned = ReadSheet(sheet.sheet.turned(), sheet.linked)
    lying = find_headings(turned, table, year, corner)
    if lying is None or (headings and rows_named and lying.certainty <= headings.certainty):
        return headings
    if lying.columns and _rows_named(turned, table, year, lying):
        sheet.sheet, sheet.notices = turned.sheet, turned.notices
        return lying
    return headings


def _rows_named(sheet: ReadSheet, table: Table, year: FiscalYear, headings: Headings | None) -> int:
    """How many of the table's rows are named below the headings; entries have no names."""
    if headings is None or table.shape == "events":
        return headings is not None
    below = [row for row in sheet.filled_rows if row > headings.last]
    return Labels(sheet, table, year, below, headings.first).named


def keep_block(sheet: ReadSheet, table: Table, year: FiscalYear, corner: str, taken: set[Area]) -> None:
    """Keeps of a sheet the block in which most of the table's columns are headed, and most of its rows named; of several the one with its title,
    then that with fewer other columns, then the first; none that is ``taken`` by another table. All of the sheet where none has any."""
    blocks = [area for area in _blocks(sheet.sheet) if area not in taken]
    best, most = None, ((0, 0), 0, False, 0)
    for area in blocks:
        own = ReadSheet(sheet.sheet.within(area), sheet.linked)
        headings = set_upright(own, table, year, corner)
        if headings and headings.columns:
            rows_named = _rows_named(own, table, year, headings)
            is_titled = _is_titled(sheet.sheet, area, blocks, table)
            fit = headings.certainty, rows_named, is_titled, -len(headings.named)
            best, most = (area, fit) if fit > most else (best, most)
    if best:
        taken.add(best)
        sheet.sheet = sheet.sheet.within(best)


def _is_titled(sheet: Sheet, block: Area, blocks: list[Area], table: Table) -> bool:
    """Whether the table's title stands in a block, or in what has but words above it."""
    texts = _texts_in(sheet, block)
    for above in reversed([other for other in blocks if other.bottom < block.top]):
        if _meet(replace(above, bottom=block.top), block):
            own = _texts_in(sheet, above)
            if any(not isinstance(text, str) for text in own):
                break
            texts += own
    return any(plain(table.title) in plain(text) for text in texts if isinstance(text, str))


def _texts_in(sheet: Sheet, area: Area) -> list[object]:
    return [cell.value for place, cell in sheet.cells.items() if area.holds(*place)]


def _blocks(sheet: Sheet) -> Iterator[Area]:
    """The blocks of a sheet, from the top, then from the left."""
    lines, last = sheet.rows, max((column for _, column in sheet.cells), default=0)
    left = set(sheet.cells)
    for area in sheet.merged:
        merged = (row for row in lines if area.top <= row <= area.bottom)
        left |= {(row, column) for row in merged for column in range(area.left, min(area.right, last) + 1)}
    found: list[Area] = []
    while left:
        block, edge = set[tuple[int, int]](), [left.pop()]
        while edge:
            row, column = edge.pop()
            block.add((row, column))
            around = {(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & left
            left -= around
            edge += around
        rows, columns = zip(*block, strict=True)
        area = Area(min(rows), min(columns), max(rows), max(columns))
        while within := [other for other in found if _meet(area, other)]:
            found = [other for other in found if other not in within]
            ends = [area, *within]
            area = Area(
                min(end.top for end in ends), min(end.left for end in ends),
                max(end.bottom for end in ends), max(end.right for end in ends),
            )  # fmt: skip
        found.append(area)
    yield from sorted(found, key=lambda area: (area.top, area.left))


def _meet(area: Area, other: Area) -> bool:
    is_beside = area.right < other.left or other.right < area.left
    return not (is_beside or area.bottom < other.top or other.bottom < area.top)
