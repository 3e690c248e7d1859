"""What stands in the parts of a workbook, element by element: cells with what they hold, how that is shown, and the formula it
comes from.

By the letter of SpreadsheetML (ECMA-376, part 1, chapter 18; transitional and strict): a cell that no spreadsheet writes is a fault
with its sheet and place, all of a sheet's at once. A blank cell costs nothing, however many a format is given to.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from nenpo.errors import Fault, InputError
from nenpo.workbook.parts import GENERAL, StylesReader, TextReader, index_in, unescaped

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# Beyond, a float no longer holds each whole number.
LARGEST_WHOLE = 2**53
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
# Malformed cells that are told of a sheet; more are counted.
_MOST_FAULTS = 20


@dataclass(frozen=True)
class Cell:
    """A cell that holds something. ``value`` is a number (int where it is written as one), a text, a bool, a day or time, or None
    for a formula without a stored result; ``formats`` are the number formats that it may be shown in, more than one where
    a condition changes it; ``error`` says that it is an error value; ``struck`` is what of it is struck out. Of a sheet that is read turned,
    row and column stand for each other."""

    row: int
    column: int
    value: int | float | str | bool | datetime.date | datetime.time | datetime.timedelta | None
    formula: str = ""
    formats: tuple[str, ...] = (GENERAL,)
    error: bool = False
    struck: str = ""
    is_turned: bool = False

    @property
    def place(self) -> str:
        return place(self.column, self.row) if self.is_turned else place(self.row, self.column)

    def turned(self) -> Cell:
        return replace(self, row=self.column, column=self.row, is_turned=True)


@dataclass(frozen=True)
class Area:
    """Merged cells; rows and columns count from 1, both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int
    is_turned: bool = False

    def turned(self) -> Area:
        return Area(self.left, self.top, self.right, self.bottom, is_turned=True)

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        ends = (self.top, self.left), (self.bottom, self.right)
        return ":".join(place(*(reversed(end) if self.is_turned else end)) for end in ends)


def place(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@dataclass
class _Open:
    """A cell that is being read."""

    row: int
    column: int
    kind: str
    style: str
    stored: list[str] | None = None
    formula: list[str] | None = None
    shared: str = ""  # number of the formula that it shares with other cells
    whole: bool = True  # each of its parts stands in it once


class SheetReader(TextReader):
    """The cells of a sheet as they come, its merged areas, its hidden rows and columns, and what is malformed."""

    def __init__(self, where: str, texts: list[tuple[str, str]], styles: StylesReader, epoch: datetime.datetime):
        super().__init__()
        self.found: list[Cell] = []
        self.merged: list[Area] = []
        self.conditional: list[tuple[Area, str]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[range] = []
        self._conditioned: list[Area] = []
        self._formulas: dict[str, str] = {}
        self._row_hidden = False
        self._where, self._texts, self._styles, self._epoch = where, texts, styles, epoch
        self._faults: list[Fault] = []
        self._row = self._column = 0
        self._cell: _Open | None = None
        self._sink: list[str] | None = None

    def malformed(self, at: str, what: str) -> None:
        remedy = "セルを消して入力し直してください。直らないときは、控えから戻してください"
        self._faults.append(Fault(what, f"{self._where}セル {at}", remedy))

    def settle(self) -> None:
        """Raise InputError with what was malformed, if anything was."""
        if (more := len(self._faults) - _MOST_FAULTS) > 0:
            self._faults[_MOST_FAULTS:] = [Fault(f"ほかにも壊れたセルが {more:,} 個あります", self._where)]
        if self._faults:
            raise InputError(self._faults)

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            number = attributes.get("r", str(self._row + 1))
            self._row = int(number) if re.fullmatch(r"[1-9]\d{0,6}", number, re.ASCII) else 0
            self._column = 0
            self._row_hidden = _is_hidden(attributes, "ht")
        elif name == "col" and _is_hidden(attributes, "width"):
            last = min(index_in(attributes.get("max", "0")), LAST_COLUMN)
            self.hidden_columns.append(range(index_in(attributes.get("min", "0")), last + 1))
        elif name == "v" and self._cell:
            self._cell.whole &= self._cell.stored is None and self._sink is None
            self._sink = self._cell.stored = []
        elif name == "f" and self._cell:
            self._cell.whole &= self._cell.formula is None and self._sink is None
            self._sink = self._cell.formula = []
            self._cell.shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "conditionalFormatting":
            areas = map(_area, attributes.get("sqref", "").split()[:1000])
            self._conditioned = [area for area in areas if area]
        elif name == "cfRule":
            at = index_in(attributes["dxfId"]) if "dxfId" in attributes else len(self._styles.conditional)
            if at < len(self._styles.conditional) and (code := self._styles.conditional[at]):
                self.conditional += [(area, code) for area in self._conditioned]
        else:
            super().begin(name, attributes)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        at = attributes.get("r")
        match = _PLACE.fullmatch(at) if at is not None else None
        column = _number_of(match[1]) if match else self._column + 1
        row = int(match[2]) if match else self._row
        if (at is not None and not match) or row != self._row or column > LAST_COLUMN or not 1 <= row <= LAST_ROW:
            self.malformed((at or "")[:20], "セルの場所が正しくありません")
        if self._cell:
            self.malformed(place(row, min(column, LAST_COLUMN)), "セルの中にセルがあります")
        self.taken()
        self._column = column
        self._cell = _Open(row, column, attributes.get("t", "n"), attributes.get("s", "0"))

    def text(self, characters: str) -> None:
        if self._sink is not None:
            self._sink.append(characters)
        else:
            super().text(characters)

    def end(self, name: str) -> None:
        if name in ("v", "f"):
            self._sink = None
        elif name == "c" and self._cell:
            cell, self._cell = self._cell, None
            inline, struck = self.taken()
            if not cell.whole or (inline and cell.stored is not None):
                self.malformed(place(cell.row, min(cell.column, LAST_COLUMN)), "セルに値が二つあります")
                return
            if cell.stored is None and cell.formula is None and not inline:
                return  # blank
            try:
                self.found.append(self._read(cell, inline, struck))
                if self._row_hidden:
                    self.hidden_rows.add(cell.row)
            except ValueError as error:
                self.malformed(place(cell.row, min(cell.column, LAST_COLUMN)), str(error))
        else:
            super().end(name)

    def _read(self, cell: _Open, inline: str, struck: str) -> Cell:
        """The cell with its value. Raises ValueError, saying why, for one that no spreadsheet writes."""
        formula = "" if cell.formula is None else f"={''.join(cell.formula)}"
        if cell.shared:
            formula = self._formulas.setdefault(cell.shared, formula)
        number_format, is_struck = self._styles.of(cell.style)
        stored = None if cell.stored is None else "".join(cell.stored)
        value: Any
        if cell.kind == "inlineStr":
            value = inline
        elif stored is None:
            value = None
        elif cell.kind == "s":
            if not re.fullmatch(r"\s*\d{1,9}\s*", stored, re.ASCII) or int(stored) >= len(self._texts):
                raise ValueError("文字の番号が正しくありません")
            value, struck = self._texts[int(stored)]
        elif cell.kind == "str":
            value = unescaped(stored)
        elif cell.kind == "b" and stored.strip() in ("0", "1"):
            value = stored.strip() == "1"
        elif cell.kind == "e" and stored.startswith("#"):
            return Cell(cell.row, cell.column, stored[:20], formula, error=True)
        elif cell.kind == "d":
            value = _day(stored.strip())
        elif cell.kind == "n":
            value = self._number(stored.strip(), number_format) if stored.strip() else None
        else:
            raise ValueError("セルの種類と値が合いません")
        struck = str(value) if is_struck and value not in (None, "") else struck
        return Cell(cell.row, cell.column, value, formula, (number_format,), struck=struck)

    def _number(self, written: str, number_format: str) -> object:
        if not _NUMBER.fullmatch(written) or len(written) > 400:
            raise ValueError("数値が正しく書かれていません")
        number = float(written)
        if not math.isfinite(number) or (number.is_integer() and abs(number) > LARGEST_WHOLE):
            raise ValueError("数値が大きすぎます")
        if number_format != GENERAL and is_date_format(number_format):
            try:
                return from_excel(number, self._epoch, timedelta=is_timedelta_format(number_format))
            except (ValueError, OverflowError):
                raise ValueError("日付にできない数値です") from None
        return int(written) if written.lstrip("+-").isdigit() else number

    def _merge(self, reference: str) -> None:
        area = _area(reference)
        if area is None:
            self.malformed(reference[:20], "結合の範囲が正しくありません")
        elif (area.top, area.left) != (area.bottom, area.right):
            self.merged.append(area)


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or a column is hidden, or drawn to nothing."""
    return attributes.get("hidden", "0") in ("1", "true") or attributes.get(size, "1") in ("0", "0.0")


def _area(reference: str) -> Area | None:
    """The area of a reference such as B2:C5; None for what is none."""
    first, _, last = reference.partition(":")
    begin, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
    if not begin or not end:
        return None
    area = Area(int(begin[2]), _number_of(begin[1]), int(end[2]), _number_of(end[1]))
    sound = area.left <= area.right <= LAST_COLUMN and area.top <= area.bottom <= LAST_ROW
    return area if sound else None


def _day(written: str) -> datetime.datetime | datetime.date | datetime.time:
    """A day as ISO 8601 has it. Raises ValueError."""
    try:
        return datetime.datetime.fromisoformat(written)
    except ValueError:
        raise ValueError("日付が正しく書かれていません") from None
