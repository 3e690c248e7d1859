"""Where on a sheet a table stands: in which block of cells, where several stand on one sheet, and whether it lies on its side.

A block is what Excel selects with Ctrl+Shift+*: the cells around, up to an empty row and an empty column; or a part of it that begins as a table
does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

from nenpo.japanese.periods import only_year
from nenpo.japanese.years import FiscalYear
from nenpo.table import Table
from nenpo.workbook.book import ReadSheet, plain
from nenpo.workbook.cells import Area
from nenpo.workbook.folded import straightened
from nenpo.workbook.headings import Headings, find_headings, says_year
from nenpo.workbook.labels import Labels
from nenpo.workbook.sheets import Sheet
from nenpo.workbook.unfolded import unfolded

# A block has so many places at most where tables may begin or end.
_MOST_PARTS = 12


def set_upright(sheet: ReadSheet, table: Table, year: FiscalYear, corner: str) -> tuple[Headings | None, Labels | None]:
    """The headings of a sheet and the names of its rows. It is turned where the table lies on its side: more of its columns are headed in a
    column than in a row, and rows are named; and unfolded where each figure has a line of its own. No headings where there are none; entries have
    no names."""
    headings, labels = _headed(sheet, table, year, corner)
    if headings and _rows_named(headings, labels) and len(headings.columns) >= len(table.on_sheet):
        return headings, labels
    turned = ReadSheet(sheet.sheet.turned(), sheet.linked)
    lying, beside = _headed(turned, table, year, corner)
    is_lying = _is_better(lying, beside, headings, labels)
    typed = {column.name for column in table.typed_columns}
    best, names = (lying, beside) if is_lying else (headings, labels)
    is_whole = best and _rows_named(best, names) and typed <= set(best.columns)
    for way in (sheet.sheet, turned.sheet) if table.rows and not is_whole else ():
        if made := unfolded(way, table, year):
            own = ReadSheet(made, sheet.linked)
            return _instead(sheet, own, *set_upright(own, table, year, corner))
    return _instead(sheet, turned, lying, beside) if is_lying else (headings, labels)


def _is_better(headings: Headings | None, labels: Labels | None, other: Headings | None, others: Labels | None) -> bool:
    """Whether headings name more columns than the others, or rows where those name none."""
    if headings is None or not headings.columns or not _rows_named(headings, labels):
        return False
    return not (other and _rows_named(other, others) and headings.certainty <= other.certainty)


def _instead(
    sheet: ReadSheet, other: ReadSheet, headings: Headings | None, labels: Labels | None
) -> tuple[Headings | None, Labels | None]:
    """The headings and labels of another sheet, which stands for the first from now on."""
    sheet.sheet, sheet.notices = other.sheet, other.notices
    if labels:
        labels.sheet = sheet
    return headings, labels


def _headed(sheet: ReadSheet, table: Table, year: FiscalYear, corner: str) -> tuple[Headings | None, Labels | None]:
    if table.shape != "events":
        sheet.sheet = straightened(sheet.sheet)
    headings = find_headings(sheet, table, year, corner)
    if headings is None or table.shape == "events":
        return headings, None
    _keep_own_rows(sheet, table, year, headings)
    below = [row for row in sheet.filled_rows if row > headings.last]
    return headings, Labels(sheet, table, year, below, headings.first)


def _keep_own_rows(sheet: ReadSheet, table: Table, year: FiscalYear, headings: Headings) -> None:
    """Keeps of rows that stand by years, 「甲 | R5 | 12」「  | R6 | 15」, those of the year, each with its name."""
    if table.shape == "monthly" and not table.has_months(year):
        return
    below = [row for row in sheet.filled_rows if row > headings.last]
    for at in range(2, headings.first):
        said = {row: says_year(text, year) for row in below if (text := sheet.text(row, at))}
        names = [text for row in said if (text := sheet.text(row, at - 1))]
        if set(said.values()) == {True, False} and names and not any(map(str.isdecimal, names)):
            years = "、".join(dict.fromkeys(sheet.text(row, at) for row, is_own in said.items() if not is_own))
            left_out = [row for row in below if not said.get(row, True)]
            sheet.note(
                sheet.sheet.place(left_out[0], at), f"{years}の行は、{year.label}のものではないので読んでいません"
            )
            sheet.sheet = sheet.sheet.without_rows(left_out, range(1, at))
            return


def _rows_named(headings: Headings | None, labels: Labels | None) -> int:
    """How many of the table's rows are named below the headings; of entries, which have no names, whether there are headings."""
    return labels.named if labels else headings is not None


def keep_block(sheet: ReadSheet, table: Table, year: FiscalYear, corner: str, taken: set[Area], tables: int) -> bool:
    """Keeps of a sheet the block in which most of the table's columns are headed, and most of its rows named; of several the one with its
    title, then that with fewer other columns, then the one of the year, then the first; none that is ``taken`` by another table. All of the sheet where none
    has any. Parts of blocks are looked at where the sheet has fewer blocks with numbers than ``tables``. Returns whether it is the only such."""
    blocks = _blocks(sheet.sheet)
    with_numbers = [
        block for block in blocks if any(not isinstance(value, str) for value in _texts_in(sheet.sheet, block))
    ]
    blocks = _areas(sheet.sheet) if len(with_numbers) < tables else blocks
    blocks = [area for area in blocks if not any(_meet(area, other) for other in taken)]
    fits = []
    for area in blocks:
        headings, labels = set_upright(ReadSheet(sheet.sheet.within(area), sheet.linked), table, year, corner)
        if headings and headings.columns:
            beside = (area, *_over(sheet.sheet, area, blocks))
            texts = (text for part in beside for text in _texts_in(sheet.sheet, part))
            said = [plain(text) for text in texts if isinstance(text, str)]
            is_titled = any(plain(table.title) in text for text in said)
            of_year = _is_of_year(said, year)
            fit = headings.certainty, _rows_named(headings, labels), is_titled, -len(headings.named), of_year
            fits.append((fit, area))
    most = max((fit for fit, _ in fits), default=None)
    best = [area for fit, area in fits if fit == most]
    if best:
        taken.add(best[0])
        sheet.sheet = _with_titles(sheet.sheet, best[0], _over(sheet.sheet, best[0], blocks))
    return len(best) == 1


def keep_only_block(sheet: ReadSheet, table: Table, year: FiscalYear, corner: str) -> bool:
    """Keeps of a sheet, where tables with the same rows stand below each other, the block of this table, if it can be told; which is noted."""
    whole = sheet.sheet
    if not keep_block(sheet, table, year, corner, set(), 1):
        sheet.sheet = whole
        return False
    (top, left), *_ = sorted(sheet.sheet.cells)
    sheet.note(sheet.sheet.place(top, left), "この表だけを読みました。シートのほかの表は読んでいません")
    return True


def _over(sheet: Sheet, block: Area, blocks: list[Area]) -> list[Area]:
    """The blocks above one that have but words, the nearest first, as a title or a unit does."""
    over: list[Area] = []
    for above in reversed([other for other in blocks if other.bottom < block.top]):
        if _meet(replace(above, bottom=block.top), block):
            if any(not isinstance(value, str) for value in _texts_in(sheet, above)):
                break
            over.append(above)
    return over


def _with_titles(sheet: Sheet, block: Area, over: list[Area]) -> Sheet:
    """A block of a sheet, with what stands alone in its line above it."""
    often = Counter(row for row, _ in sheet.cells)
    titles = {
        place: cell
        for place, cell in sheet.cells.items()
        if often[place[0]] == 1 and any(area.holds(*place) for area in over)
    }
    within = sheet.within(block)
    return replace(within, cells={**titles, **within.cells})


def _is_of_year(texts: list[str], year: FiscalYear) -> int:
    """Whether texts say the year (1), others alone (-1), or several or none."""
    said = {only_year(text, year) for text in texts} - {None}
    return 1 if said == {year} else -1 if said and year not in said else 0


def _texts_in(sheet: Sheet, area: Area) -> list[object]:
    return [cell.value for place, cell in sheet.cells.items() if area.holds(*place)]


def _blocks(sheet: Sheet) -> list[Area]:
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
    return sorted(found, key=lambda area: (area.top, area.left))


def _areas(sheet: Sheet) -> list[Area]:
    """The blocks of a sheet, each behind its parts, the smaller first."""
    found: dict[Area, None] = {}
    left = _blocks(sheet)
    while left:
        area = left.pop()
        if area not in found:
            found[area] = None
            within = sheet.within(area)
            left += [block for part in _pieces(within, area) for block in _blocks(within.within(part))]
    return sorted(found, key=lambda area: ((area.bottom - area.top) * (area.right - area.left), area.top, area.left))


def _pieces(sheet: Sheet, block: Area) -> list[Area]:
    """The parts of a block, or several on end, that begin with words below numbers, as a title or headings do, or with names right of numbers:
    tables that nothing parts. None where it is one."""
    held = [(place, cell.value) for place, cell in sheet.cells.items() if block.holds(*place)]
    with_numbers = [{place[way] for place, value in held if not isinstance(value, str)} for way in (0, 1)]
    rows, columns = (
        [first, *(at for at in range(first + 1, last + 1) if at not in of and at - 1 in of), last + 1]
        for of, first, last in zip(with_numbers, (block.top, block.left), (block.bottom, block.right), strict=True)
    )
    below = [replace(block, top=top, bottom=end - 1) for top, end in combinations(rows[:_MOST_PARTS], 2)]
    beside = [replace(block, left=left, right=end - 1) for left, end in combinations(columns[:_MOST_PARTS], 2)]
    return [area for area in (*below, *beside) if area != block]


def _meet(area: Area, other: Area) -> bool:
    is_beside = area.right < other.left or other.right < area.left
    return not (is_beside or area.bottom < other.top or other.bottom < area.top)
