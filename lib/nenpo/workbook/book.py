"""A year's workbook as it is read: its sheets as they are wanted, with what is wrong, what is lacking and what is to be noted in each.

A fault stops the report. What is lacking stops it too, but not one who asks what a workbook holds so far. A notice says what was
read, and how, where Excel shows it otherwise: what is hidden, struck out, taken from another workbook, added up to something else.
"""

from __future__ import annotations

import datetime
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from nenpo.errors import Fault, InputError
from nenpo.japanese.years import FiscalYear, years_named
from nenpo.records import Notice, Number, Row, Value
from nenpo.workbook.cells import Cell
from nenpo.workbook.package import Package
from nenpo.workbook.sheets import Sheet, Sheets
from nenpo.workbook.values import Kind, Unreadable, number, shortened, words

T = TypeVar("T")
_CIRCLED = re.compile("[①-⑳]")
# What stands between the ends of a span, as of ages: 40-44歳, 40歳―44歳.
_SPAN = re.compile(r"(?<=[\d歳])[-‐‑–—―−ー─〜](?=\d)")
# A spreadsheet puts the new file in the old one's place within moments; seconds for which a file may still be on its way.
_TRIES, _PAUSE, _FRESH = 5, 0.25, 2.0


@dataclass(frozen=True)
class Lack:
    """Something of the dictionary that is not in the workbook, and the fault that it is where the workbook is to be whole; a cell
    left empty in a row that is filled in has no name."""

    name: str
    fault: Fault
    spared: bool = False  # a year that the workbook is of may do without it


@dataclass
class ReadSheet:
    """A sheet that is being read, and what was found in it so far."""

    sheet: Sheet
    linked: Callable[[str], list[str]]  # addresses of the other workbooks that a formula refers to
    faults: list[Fault] = field(default_factory=list)
    lacking: list[Lack] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    repeated: list[Row] = field(default_factory=list)
    _read: set[tuple[int, int]] = field(default_factory=set)
    _typed_as_text: list[str] = field(default_factory=list)
    _links: dict[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def filled_rows(self) -> list[int]:
        return self.sheet.rows

    def last_column(self, rows: range) -> int:
        """The last column in which a cell of the rows holds something."""
        return max((column for row, column in self.sheet.cells if row in rows), default=1)

    def value(self, row: int, column: int) -> object:
        """Stored value of a cell; a merged area has its first cell's everywhere."""
        cell = self.sheet.cell(row, column)
        return cell.value if cell else None

    def text(self, row: int, column: int) -> str:
        """What a cell says, without its accidents."""
        value = self.value(row, column)
        return "" if value is None else plain(str(value))

    def heading(self, row: int, column: int) -> str:
        """What a cell says that names a row or a column. Raises Unreadable for what Excel has made of it."""
        cell = self.sheet.cell(row, column)
        if cell is None:
            return ""
        self._note_struck(cell)
        words(cell)
        return self.text(row, column)

    def number(self, row: int, column: int, kind: Kind) -> Value:
        """A number of the kind, 「－」 or nothing; anything else becomes a fault."""
        return self._typed(row, column, lambda cell: number(cell, kind))

    def words(self, row: int, column: int, days: Mapping[datetime.date, str] = MappingProxyType({})) -> Value:
        """Words, a day as ``days`` call it, or nothing; anything else becomes a fault."""
        day = self.value(row, column)
        return self._typed(
            row, column, lambda cell: days[day] if isinstance(day, datetime.date) and day in days else words(cell)
        )

    def fault(self, row: int, column: int, what: str, remedy: str) -> None:
        self.faults.append(Fault(what, self._where(row, column), remedy))

    def lack(self, row: int, column: int, name: str, what: str, remedy: str, spared: bool = False) -> None:
        of_sheet = f"シート「{self.name}」の{name}" if name else ""
        self.lacking.append(Lack(of_sheet, Fault(what, self._where(row, column), remedy), spared))

    def note(self, cell: str, what: str, remedy: str = "", is_warning: bool = False) -> None:
        notice = Notice(self.name, cell, what, remedy, is_warning)
        if notice not in self.notices:  # headings are looked at more than once
            self.notices.append(notice)

    def note_alike(self, row: int, column: int, label: str, name: str, written: str) -> None:
        """A name that is read though it is written a little otherwise; ``written`` in tables.toml it is told no more."""
        what = f"「{shortened(label)}」を「{name}」として読みました"
        remedy = (
            f"違うものなら見出しを直してください。同じものなら、tables.toml の{written} と書くと、この注意は出ません"
        )
        self.note(self.sheet.place(row, column), what, remedy, is_warning=True)

    def _where(self, row: int, column: int) -> str:
        return f"シート「{self.name}」セル {self.sheet.place(row, column)}"

    def _typed(self, row: int, column: int, read: Callable[[Cell], Value]) -> Value:
        """A cell that is typed into; what is merged there would be read more than once, or not at all."""
        if area := self.sheet.area(row, column):
            remedy = "結合を解いて、それぞれに入力してください"
            self.fault(row, column, f"入力するセルが結合されています（{area}）", remedy)
            return None
        cell = self.sheet.cell(row, column)
        try:
            value = read(cell) if cell else None
        except Unreadable as error:
            self.fault(row, column, error.what, error.remedy)
            return None
        if cell and value is not None:
            self._read.add((row, column))
            self._note_struck(cell)
            if isinstance(value, Number) and isinstance(cell.value, str):
                self._typed_as_text.append(cell.place)
            for address in self.linked(cell.formula) if cell.formula else ():
                self._links.setdefault(address, []).append(cell.place)
        return value

    def _note_struck(self, cell: Cell) -> None:
        if cell.struck:
            what = f"取り消し線の付いた「{shortened(cell.struck)}」も、取り消し線なしで印刷されます"
            self.note(cell.place, what, "消すか、取り消し線をやめてください", is_warning=True)

    def settle(self, year: FiscalYear) -> None:
        """Note what can be told once all is read."""
        if at := self._typed_as_text:
            self.note(
                at[0], f"文字列として保存された数値が {len(at)} 個あります（{_listed(at)}）。数値として読みました"
            )
        for address, at in self._links.items():
            self._settle_link(address, at, year)
        rows, columns = ({cell[of] for cell in self._read} for of in (0, 1))
        hidden = sorted(self.sheet.hidden_rows)
        covered = sorted({at for _, at in self.sheet.cells if any(at in span for span in self.sheet.hidden_columns)})
        for names, is_read in (
            ([self.sheet.row_name(row) for row in hidden if row in rows], True),
            ([self.sheet.column_name(column) for column in covered if column in columns], True),
            ([self.sheet.row_name(row) for row in hidden if row not in rows], False),
            ([self.sheet.column_name(column) for column in covered if column not in columns], False),
        ):
            if names:
                what = "も読んでいます" if is_read else "は読んでいません"
                self.note("", f"非表示の{_listed(names)}{what}", "再表示して確かめてください")

    def _settle_link(self, address: str, at: list[str], year: FiscalYear) -> None:
        name = "／".join(re.split(r"[/\\]", address)[-2:])
        what = f"別のブック「{shortened(name) or '名前の分からないもの'}」へのリンクです（{_listed(at)}）"
        if (named := years_named(address)) and year not in named:
            other = "、".join(other.label for other in sorted(named))
            what = f"{what}。その名前は{other}のものです"
            remedy = f"リンクを{year.label}のブックに直すか、数値を入力し直してください"
            self.faults.append(Fault(what, f"シート「{self.name}」セル {at[0]}", remedy))
        else:
            self.note(at[0], f"{what}。最後に保存したときの数値を読みました", "リンク先の数値と見比べてください")


class Book:
    """The sheets of a workbook as they are wanted, and what is wrong, lacking and to be noted in those read so far."""

    def __init__(self, path: Path, sheets: Sheets):
        self._path, self._sheets = path, sheets
        self._names: dict[str, list[str]] = {}
        for name in sheets.names:
            self._names.setdefault(plain(name), []).append(name)
        self._faults: list[Fault] = []
        self._lacking: list[Lack] = []
        self._notices: list[Notice] = []
        self._read: list[ReadSheet] = []

    def __contains__(self, wanted: str) -> bool:
        return plain(wanted) in self._names

    def sheet(self, wanted: str, *others: str) -> ReadSheet | None:
        """The sheet of that name, or of one that differs in blanks and width, else of the first of the other names; None where there is none, or
        it is damaged."""
        wanted = next((name for name in (wanted, *others) if name in self), wanted)
        names = self._names.get(plain(wanted), [])
        if not names:
            there = "、".join(self._sheets.names)
            remedy = (
                f"シート名を「{wanted}」にするか、tables.toml の表に sheet_name を書いてください。今あるシート：{there}"
            )
            self._lacking.append(Lack(f"シート「{wanted}」", Fault(f"シート「{wanted}」がありません", remedy=remedy)))
            return None
        if len(names) > 1 and not self._chosen(wanted, names):
            return None
        name = wanted if wanted in names else names[0]
        try:
            self._read.append(ReadSheet(self._sheets.read(name), self._sheets.linked))
        except InputError as error:
            self._faults += error.faults
            return None
        return self._read[-1]

    def _chosen(self, wanted: str, names: list[str]) -> bool:
        """Whether one of the sheets is the one that is wanted; the others are named."""
        others = "、".join(
            f"「{name}」" + "（非表示）" * (name in self._sheets.hidden) for name in names if name != wanted
        )
        if wanted in names:
            what = f"名前の紛らわしいシート{others}は読んでいません"
            self._notices.append(Notice(wanted, "", what, "要らないほうを消すか、名前を変えてください", True))
            return True
        remedy = f"使うほうの名前を「{wanted}」にし、ほかを消すか、名前を変えてください"
        self._faults.append(
            Fault(f"「{wanted}」に当たるシートが {len(names)} 枚あります：{others}", str(self._path), remedy)
        )
        return False

    def settled(self, year: FiscalYear) -> tuple[list[Lack], tuple[Notice, ...]]:
        """What is lacking and what is to be noted. Raises InputError with all faults and what is lacking, where there are faults."""
        for sheet in self._read:
            sheet.settle(year)
        lacking = [*self._lacking, *(lack for sheet in self._read for lack in sheet.lacking)]
        faults = [in_file(self._path, fault) for sheet in self._read for fault in sheet.faults]
        if self._faults or faults:
            raise InputError([*self._faults, *faults, *(in_file(self._path, lack.fault) for lack in lacking)])
        read = {sheet.name for sheet in self._read}
        hidden = (
            Notice(name, "", "非表示のシートも読んでいます" if name in read else "非表示のシートは読んでいません")
            for name in sorted(self._sheets.hidden.intersection(self._sheets.names))
        )
        return lacking, (*self._notices, *hidden, *(notice for sheet in self._read for notice in sheet.notices))


def through(path: Path, read: Callable[[Sheets], T]) -> T:
    """What ``read`` makes of the sheets of a workbook; one that is caught in mid-save is tried again. Raises InputError for what is
    no workbook, or is kept from us by the program that has it open."""
    for left in reversed(range(_TRIES)):
        before, is_open = _state(path), False
        try:
            with Package(path) as package:
                sheets, is_open = Sheets(package), True
                return read(sheets)
        except InputError:
            held = not is_open and held_open(path)
            if left and (held or (not is_open and before and time.time() - before[0] / 1e9 < _FRESH)):
                time.sleep(_PAUSE)
            if held and not left:
                raise InputError(_held(path, "読めません")) from None
            if not left or (_state(path) == before and not held):
                raise
    raise AssertionError


def _state(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is saved; None where there is none."""
    with suppress(OSError):
        state = path.stat()
        return state.st_mtime_ns, state.st_size, state.st_ino
    return None


def held_open(path: Path) -> bool:
    """Whether Excel or LibreOffice has the workbook open: each lays a file of its own beside it."""
    return any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#"))


def require_closed(path: Path) -> None:
    """Raises InputError for a workbook that is open: what is written now would be lost when it is saved there."""
    if held_open(path):
        raise InputError(_held(path, "書き込めません"))


def _held(path: Path, what: str) -> Fault:
    return Fault(f"Excel で開かれているため{what}", str(path), "保存して閉じてから、もう一度実行してください")


def in_file(path: Path, fault: Fault) -> Fault:
    return Fault(fault.what, f"{path} {fault.where}".strip(), fault.remedy)


def plain(text: str) -> str:
    """A label without its accidents: width, spaces and line breaks of every kind, the stroke of a span. ② is (2): no figure of the name."""
    spelt = _CIRCLED.sub(lambda circled: f"({unicodedata.normalize('NFKC', circled[0])})", text)
    return _SPAN.sub("～", re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", spelt)).replace("~", "～"))


def _listed(places: Iterable[str], most: int = 8) -> str:
    """Places, the first few of many."""
    listed = list(places)
    return "、".join(listed[:most]) + (f"、ほか {len(listed) - most}" if len(listed) > most else "")
