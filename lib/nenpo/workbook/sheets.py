"""The sheets of a workbook as they were saved: their cells, the areas that are merged or shown by a condition, what is hidden, and
the other workbooks that formulas refer to."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import unquote

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from nenpo.errors import InputError
from nenpo.workbook.cells import Area, Cell, SheetReader, place
from nenpo.workbook.package import Package
from nenpo.workbook.parts import BookReader, StylesReader, TargetsReader, TextsReader


@dataclass(frozen=True)
class Sheet:
    """A sheet: its cells that hold something, by row and column, and its merged areas."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    merged: tuple[Area, ...] = ()
    conditional: tuple[tuple[Area, str], ...] = ()  # number formats that a condition gives to the cells of an area
    hidden_rows: frozenset[int] = frozenset()  # those in which a cell holds something
    hidden_columns: tuple[range, ...] = ()
    is_turned: bool = False
    places: Mapping[tuple[int, int], tuple[int, int]] = field(
        default_factory=dict
    )  # where cells stand that have been moved

    def turned(self) -> Sheet:
        """The sheet with rows for columns: what lies on its side there stands upright."""
        cells = {(column, row): cell.turned() for (row, column), cell in self.cells.items()}
        merged = tuple(area.turned() for area in self.merged)
        conditional = tuple((area.turned(), code) for area, code in self.conditional)
        columns = frozenset(column for _, column in self.cells if any(column in span for span in self.hidden_columns))
        rows = tuple(range(row, row + 1) for row in sorted(self.hidden_rows))
        return Sheet(self.name, cells, merged, conditional, columns, rows, is_turned=True)

    def within(self, area: Area) -> Sheet:
        """What of the sheet stands in an area."""
        cells = {place: cell for place, cell in self.cells.items() if area.holds(*place)}
        merged = tuple(part for part in self.merged if area.holds(part.top, part.left))
        rows = self.hidden_rows & {row for row, _ in cells}
        return replace(self, cells=cells, merged=merged, hidden_rows=rows)

    def without_rows(self, left_out: Collection[int], names: range) -> Sheet:
        """The sheet without some rows; what their cells in the columns of ``names`` say is of the rows below, up to the next that say something."""
        cells = {place: cell for place, cell in self.cells.items() if place[0] not in left_out}
        for column in names:
            above = None
            for row in self.rows:
                above = self.cells.get((row, column), above)
                if above and above.row in left_out and row not in left_out:
                    cells.setdefault((row, column), above)
        merged = tuple(area for area in self.merged if area.left not in names or area.top not in left_out)
        return replace(self, cells=cells, merged=merged)

    def place(self, row: int, column: int) -> str:
        row, column = self.places.get((row, column), (row, column))
        return place(column, row) if self.is_turned else place(row, column)

    def row_name(self, row: int) -> str:
        """What a row is called there."""
        return f"{get_column_letter(row)} 列" if self.is_turned else f"{row} 行目"

    def column_name(self, column: int) -> str:
        return f"{column} 行目" if self.is_turned else f"{get_column_letter(column)} 列"

    @cached_property
    def rows(self) -> list[int]:
        """Numbers of the rows in which a cell holds something."""
        return sorted({row for row, _ in self.cells})

    @cached_property
    def first_column(self) -> int:
        return min((column for _, column in self.cells), default=1)

    @cached_property
    def _areas(self) -> Mapping[int, list[Area]]:
        """The merged areas by the rows that matter: an area may span a million others."""
        areas: dict[int, list[Area]] = {}
        for area in self.merged:
            for at in range(bisect_left(self.rows, area.top), len(self.rows)):
                if self.rows[at] > area.bottom:
                    break
                areas.setdefault(self.rows[at], []).append(area)
        return areas

    def area(self, row: int, column: int) -> Area | None:
        """The merged area that a cell is part of."""
        return next((area for area in self._areas.get(row, ()) if area.left <= column <= area.right), None)

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place; in a merged area its first cell."""
        area = self.area(row, column)
        cell = self.cells.get((area.top, area.left) if area else (row, column))
        given = tuple(code for within, code in self.conditional if cell and within.holds(cell.row, cell.column))
        return replace(cell, formats=(*cell.formats, *given)) if cell and given else cell


# In a formula another workbook stands by its number in a list of the workbook's, or by its name; what stands in brackets after
# the name of a list of Excel's own is a column of it.
_LINK = re.compile(r"(?<![\w\]])\[(?:(?P<number>\d{1,4})|(?P<name>[^\[\]]+\.xl\w{1,3}))\]", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d][\w.\\?]*")


class Sheets:
    """The sheets of an open package, by name, in the order of the tabs. Raises InputError for a package that is no workbook."""

    def __init__(self, package: Package):
        self._package = package
        self._book = BookReader()
        package.read("xl/workbook.xml", self._book)
        self._targets = targets = TargetsReader()
        package.read("xl/_rels/workbook.xml.rels", targets)
        self._parts: dict[str, str] = {}
        for name, reference in self._book.sheets:
            if name in self._parts:
                raise package.fault(f"「{name[:40]}」という名のシートが二つあります", "xl/workbook.xml")
            kind, target = targets.found.get(reference, ("", ""))
            if not target:
                raise package.fault(f"シート「{name[:40]}」の中身がありません", "xl/workbook.xml")
            if kind == "worksheet":
                self._parts[name] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._parts)

    @property
    def hidden(self) -> frozenset[str]:
        """Names of the sheets that are hidden."""
        return frozenset(self._book.hidden)

    def linked(self, formula: str) -> list[str]:
        """Addresses of the other workbooks that a formula refers to, by itself or by names; "" for one that cannot be told."""
        named = [self._book.names[name] for name in _NAME.findall(formula) if name in self._book.names]
        links = [link for text in (formula, *named) for link in _LINK.finditer(text)]
        addresses = (link["name"] or self._links.get(int(link["number"]), "") for link in links)
        return list(dict.fromkeys(addresses))

    @cached_property
    def _links(self) -> dict[int, str]:
        """Address of each other workbook, by its number."""
        addresses: dict[int, str] = {}
        for number, reference in enumerate(self._book.links, start=1):
            part = posixpath.join("/xl", self._targets.found.get(reference, ("", ""))[1])
            folder, name = posixpath.split(posixpath.normpath(part).lstrip("/"))
            targets = TargetsReader()
            try:
                self._package.read(f"{folder}/_rels/{name}.rels", targets)
            except InputError:
                continue
            addresses[number] = unquote(targets.outside[0]) if targets.outside else ""
        return addresses

    @cached_property
    def _texts(self) -> list[tuple[str, str]]:
        """Text of each shared string, and what of it is struck out."""
        shared = TextsReader()
        if "xl/sharedStrings.xml" in self._package.names:
            self._package.read("xl/sharedStrings.xml", shared)
        return shared.found

    @cached_property
    def _styles(self) -> StylesReader:
        """How cells are shown; what is damaged of the styles has no say in what a cell holds."""
        styles = StylesReader()
        try:
            self._package.read("xl/styles.xml", styles)
        except InputError:
            return StylesReader()
        return styles

    def read(self, name: str) -> Sheet:
        """A sheet as a whole. Raises InputError with all of its malformed cells."""
        reader = self._reader(name)
        cells: dict[tuple[int, int], Cell] = {}
        for cell in self._cells(reader, name):
            if (cell.row, cell.column) in cells:
                reader.malformed(cell.place, "同じセルが二つあります")
            cells[cell.row, cell.column] = cell
        reader.settle()
        hidden = frozenset(reader.hidden_rows), tuple(reader.hidden_columns)
        return Sheet(name, cells, tuple(reader.merged), tuple(reader.conditional), *hidden)

    def stream(self, name: str) -> Iterator[list[Cell]]:
        """The rows of a sheet in the order of the file, one by one. Raises InputError at its first malformed cell."""
        reader = self._reader(name)
        row: list[Cell] = []
        for cell in self._cells(reader, name):
            reader.settle()
            if row and cell.row != row[0].row:
                yield row
                row = []
            row.append(cell)
        reader.settle()
        if row:
            yield row

    def _reader(self, name: str) -> SheetReader:
        epoch = CALENDAR_MAC_1904 if self._book.from_1904 else CALENDAR_WINDOWS_1900
        where = f"{self._package.path} シート「{name}」"
        return SheetReader(where, self._texts, self._styles, epoch)

    def _cells(self, reader: SheetReader, name: str) -> Iterator[Cell]:
        for _ in self._package.parse(self._parts[name], reader):
            yield from reader.found
            reader.found.clear()
