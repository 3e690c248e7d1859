"""What an office has put into its workbook beside the tables: a workbook that is written anew does not hold it."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from nenpo.dictionary import LISTS, Dictionary
from nenpo.prepare.form import GUIDE_SHEET
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
    known = {plain(name) for name in (GUIDE_SHEET, *LISTS, *(table.sheet for table in dictionary.values()))}
    with Package(path) as package:
        others = [f"シート「{name}」" for name in Sheets(package).names if plain(name) not in known]
        parts = [words for part, words in _PARTS.items() if any(name.startswith(part) for name in package.names)]
        lists = _Lists()
        for name in package.names:
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                package.read(name, lists)
    return [*others, *dict.fromkeys(parts), *["入力規則のリスト"] * lists.found]


def lost_texts(path: Path, content: bytes) -> list[str]:
    """Texts of a workbook that are nowhere in the one that is made from it, quoted with their sheet and cell."""
    kept = {
        plain(cell.value)
        for sheet in load_workbook(BytesIO(content), read_only=True)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    formulas = []
    with Package(path) as package:
        sheets = Sheets(package)
        for name in sheets.names:
            for cell in sheets.read(name).cells.values():
                if (
                    isinstance(cell.value, str)
                    and not cell.formula
                    and plain(cell.value)
                    and plain(cell.value) not in kept
                ):
                    formulas.append(f"「{shortened(cell.value, 20)}」（シート「{name}」{cell.place}）")
    return formulas


class _Lists(Reader):
    """Whether a sheet offers a list to choose from."""

    found = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self.found = self.found or (name == "dataValidation" and attributes.get("type") == "list")
