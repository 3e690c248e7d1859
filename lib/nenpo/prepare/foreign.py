"""What an office has put into its workbook beside the tables: a workbook that is written anew does not hold it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple

from nenpo.dictionary import Dictionary
from nenpo.prepare.form import GUIDE_SHEET
from nenpo.records import Row, YearRecords
from nenpo.table import LISTS, Table
from nenpo.workbook.book import plain
from nenpo.workbook.package import Package
from nenpo.workbook.parts import Reader
from nenpo.workbook.sheets import Sheets
from nenpo.workbook.values import shortened

# Parts of a workbook that none of ours has, in words.
_PARTS = {
    "xl/charts/": "グラフ", "xl/media/": "画像", "xl/drawings/": "図形・画像・グラフ", "xl/pivot": "ピボットテーブル", "xl/comments": "コメント",
    "xl/threadedComments": "コメント", "xl/tables/": "Excel のテーブル", "xl/externalLinks/": "別のブックへのリンク", "xl/vba": "マクロ",
}  # fmt: skip


def foreign(path: Path, dictionary: Dictionary) -> list[str]:
    """Sheets and parts of a workbook that are none of the form's, in words. Raises InputError for what is no workbook."""
    ours = (name for table in dictionary.values() for name in (table.sheet, dictionary.form_sheet(table)))
    known = {plain(name) for name in (GUIDE_SHEET, *LISTS, *ours)}
    with Package(path) as package:
        others = [f"シート「{name}」" for name in Sheets(package).names if plain(name) not in known]
        parts = [words for part, words in _PARTS.items() if any(name.startswith(part) for name in package.names)]
        lists = _Lists()
        for name in package.names:
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                package.read(name, lists)
    return [*others, *dict.fromkeys(parts), *["入力規則のリスト"] * lists.found]


def lost_texts(path: Path, content: bytes, dictionary: Dictionary, records: YearRecords) -> list[str]:
    """Texts of a workbook that are nowhere in the one that is made from it, quoted with their sheet and cell; what names the columns and the
    rows that were read is there in the form's own words."""
    kept = {
        plain(cell.value)
        for sheet in load_workbook(BytesIO(content), read_only=True)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    kept |= {plain(name) for table in dictionary.values() for name in _names_in(table)}
    named: dict[str, list[Callable[[int, int], bool]]] = {}
    for table in dictionary.values():
        for sheet in dict.fromkeys(row.sheet or table.sheet for row in records.tables.get(table.id, ())):
            named.setdefault(plain(sheet), []).append(_what_names(records.tables[table.id]))
    lost = []
    with Package(path) as package:
        sheets = Sheets(package)
        for name in sheets.names:
            for (row, column), cell in sheets.read(name).cells.items():
                if not isinstance(cell.value, str) or cell.formula or not (text := plain(cell.value)):
                    continue
                is_moved = any(names(row, column) for names in named.get(plain(name), ()))
                if not is_moved and text not in kept and text.partition("(")[0] not in kept:
                    lost.append(f"「{shortened(cell.value, 20)}」（シート「{name}」{cell.place}）")
    return lost


def _names_in(table: Table) -> Iterator[str]:
    """What names a table's columns and what stands below its rows."""
    for column in table.columns:
        yield from filter(None, (column.name, column.heading, column.group, *column.was))
    yield from filter(None, (table.title, table.total_label))
    for group in table.groups:
        yield from filter(None, (group.subtotal, group.subtotal.removeprefix(group.name)))


def _what_names(rows: Sequence[Row]) -> Callable[[int, int], bool]:
    """Whether a cell was read with the rows, or stands before them and names one, by its row and column."""
    of_rows = [[coordinate_to_tuple(cell) for cell in (row.cells or {}).values()] for row in rows if row.cells]
    is_turned = len(of_rows) > 1 and len({places[0][0] for places in of_rows}) == 1
    read = {(column, row) if is_turned else (row, column) for places in of_rows for row, column in places}
    first = {row: min(column for at, column in read if at == row) for row, _ in read}
    if first:
        first[min(first) - 1] = first[min(first)]  # the heading above the names

    def names(row: int, column: int) -> bool:
        row, column = (column, row) if is_turned else (row, column)
        return (row, column) in read or column < first.get(row, 0)

    return names


class _Lists(Reader):
    """Whether a sheet offers a list to choose from."""

    found = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self.found = self.found or (name == "dataValidation" and attributes.get("type") == "list")
