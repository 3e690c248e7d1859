"""Sheets on which a table goes on beside itself or below itself, under the same headings: 「月 | 件数 | 月 | 件数」, with 4月 to 9月 on the left and
10月 to 3月 on the right."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from nenpo.workbook.cells import Cell
from nenpo.workbook.sheets import Sheet


def straightened(sheet: Sheet) -> Sheet:
    """The sheet with what goes on beside its table put below that, and without headings that are said again: where each part names other rows than
    those before it. Otherwise as it is."""
    return _without_headings_again(_in_one_column(sheet))


def _in_one_column(sheet: Sheet) -> Sheet:
    columns = sorted({at for _, at in sheet.cells})
    for row in () if sheet.hidden_columns else sheet.rows:
        texts = {at: text for at in columns if (text := _text(sheet.cells.get((row, at))))}
        said = [*texts.values()]
        starts = next((again for text in said if len(again := [at for at in texts if texts[at] == text]) > 1), [])
        if not starts:
            continue
        width = starts[1] - starts[0]
        heads = [[texts.get(start + step, "") for step in range(width)] for start in starts]
        if any(head != heads[0] for head in heads) or sum(map(bool, heads[0])) < 2:
            continue
        names = [_named_below(sheet, row, start) for start in starts]
        if _are_apart(names):
            return _moved(sheet, starts, [min(of.values()) for of in names])
    return sheet


def _moved(sheet: Sheet, starts: list[int], tops: list[int]) -> Sheet:
    """The sheet with each part from the second on, which begins in a column, and with its first row in a line, below what there is."""
    first, last = starts[0], max(sheet.rows)
    cells = {(row, at): cell for (row, at), cell in sheet.cells.items() if at < starts[1]}
    places = dict(sheet.places)
    for start, top in zip(starts[1:], tops[1:], strict=True):
        end = next((other for other in starts if other > start), None)
        own = {
            (row, at): cell
            for (row, at), cell in sheet.cells.items()
            if row >= top and at >= start and (end is None or at < end)
        }
        down = last + 1 - top
        for (row, at), cell in own.items():
            cells[row + down, at - start + first] = cell
            places[row + down, at - start + first] = sheet.places.get((row, at), (row, at))
        last = max(row for row, _ in cells)
    merged = tuple(area for area in sheet.merged if area.right < starts[1])
    return replace(sheet, cells=cells, merged=merged, places=places)


def _without_headings_again(sheet: Sheet) -> Sheet:
    """The sheet without the rows that say the same words as one before them, where what they head has other names."""
    first, columns = sheet.first_column, sorted({at for _, at in sheet.cells})
    said: dict[tuple[tuple[int, str], ...], list[int]] = {}
    for row in sheet.rows:
        line = [(at, sheet.cells[row, at].value) for at in columns if (row, at) in sheet.cells]
        words = tuple((at, value) for at, value in line if isinstance(value, str))
        if len(words) == len(line) > 1 and words[0][0] == first:
            said.setdefault(words, []).append(row)
    for rows in (rows for rows in said.values() if len(rows) > 1):
        ends = [*rows[1:], max(sheet.rows) + 1]
        names = [_named_below(sheet, row, first, end) for row, end in zip(rows, ends, strict=True)]
        if _are_apart(names):
            return replace(
                sheet, cells={place: cell for place, cell in sheet.cells.items() if place[0] not in rows[1:]}
            )
    return sheet


def _named_below(sheet: Sheet, row: int, column: int, end: int | None = None) -> dict[str, int]:
    """What stands in a column below a row, up to another, where numbers stand in its line, each with its row."""
    below = (at for at in sheet.rows if at > row and (end is None or at < end))
    texts = {at: _text(sheet.cells.get((at, column))) for at in below}
    return {text: at for at, text in texts.items() if text and not _text(sheet.cells.get((at, column + 1)))}


def _are_apart(names: list[dict[str, int]]) -> bool:
    """Whether each part names something, and none what another does."""
    return all(names) and not any(one.keys() & other.keys() for one, other in combinations(names, 2))


def _text(cell: Cell | None) -> str:
    return cell.value if cell and isinstance(cell.value, str) else ""
