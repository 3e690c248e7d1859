"""The parts of a workbook beside its sheets, as they are read: sheets by name, links, number formats, shared texts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from openpyxl.styles.numbers import BUILTIN_FORMATS

GENERAL = "General"


# Formats that Excel keeps by number alone where the system is Japanese: days by era, and times.
_FORMATS = BUILTIN_FORMATS | dict.fromkeys((*range(27, 37), *range(50, 59)), "[$-411]ge.m.d")


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """What is written _x000D_ is that character; half a character is none."""

    def meant(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return match[0] if 0xD800 <= code < 0xE000 else chr(code)

    return _ESCAPED.sub(meant, text) if "_x" in text else text


class Reader:
    """A reader of a part that heeds nothing."""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, characters: str) -> None: ...


class BookReader(Reader):
    """Names of the sheets, each with the reference to its part; which are hidden; the references to other workbooks; and what
    names stand for."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.hidden: set[str] = set()
        self.links: list[str] = []
        self.names: dict[str, str] = {}
        self.from_1904 = False
        self._name = ""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), _reference(attributes)))
            if attributes.get("state", "visible") != "visible":
                self.hidden.add(attributes.get("name", ""))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "externalReference":
            self.links.append(_reference(attributes))
        elif name == "definedName":
            self._name = attributes.get("name", "")

    def text(self, characters: str) -> None:
        if self._name:
            self.names[self._name] = self.names.get(self._name, "") + characters

    def end(self, name: str) -> None:
        self._name = ""


def _reference(attributes: Mapping[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith(" id")), "")


class TargetsReader(Reader):
    """Kind and part of each reference, and the addresses of what lies outside."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}
        self.outside: list[str] = []

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") == "External":
            self.outside.append(attributes.get("Target", ""))
        elif name == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))


class StylesReader(Reader):
    """By the number of a cell's style: its number format, and whether it is struck out; and the number formats that
    conditions give."""

    def __init__(self) -> None:
        self._formats: list[tuple[str, int]] = []
        self._own: dict[str, str] = {}
        self._struck: list[bool] = []
        self.conditional: list[str] = []
        self._within = ""

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in ("numFmts", "fonts", "cellXfs", "dxfs"):
            self._within = name
        elif name == "numFmt" and self._within == "dxfs" and self.conditional:
            self.conditional[-1] = attributes.get("formatCode", "")
        elif name == "numFmt":
            self._own[attributes.get("numFmtId", "")] = attributes.get("formatCode", GENERAL)
        elif name == "dxf":
            self.conditional.append("")
        elif name == "font" and self._within == "fonts":
            self._struck.append(False)
        elif name == "strike" and self._within == "fonts" and self._struck:
            self._struck[-1] = attributes.get("val", "1") not in ("0", "false")
        elif name == "xf" and self._within == "cellXfs":
            number = attributes.get("numFmtId", "0")
            known = _FORMATS.get(index_in(number), GENERAL)
            self._formats.append((self._own.get(number) or known, index_in(attributes.get("fontId", "0"))))

    def end(self, name: str) -> None:
        if name == self._within:
            self._within = ""

    def of(self, style: str) -> tuple[str, bool]:
        """The number format of a style, and whether it strikes out."""
        at = index_in(style)
        number_format, font = self._formats[at] if at < len(self._formats) else (GENERAL, 0)
        return number_format, font < len(self._struck) and self._struck[font]


def index_in(number: str) -> int:
    """A number of a list's entry; 0 for what is none."""
    return int(number) if number.isdecimal() and len(number) < 9 else 0


class TextReader(Reader):
    """Collects a text of runs, without its furigana, and what of it is struck out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._struck: list[str] = []
        self._within = self._within_text = self._within_reading = self._is_struck = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in ("si", "is"):
            self.taken()
            self._within = True
        elif name == "rPh":
            self._within_reading = True
        elif name == "t":
            self._within_text = self._within and not self._within_reading
        elif name == "r":
            self._is_struck = False
        elif name == "strike":
            self._is_struck = attributes.get("val", "1") not in ("0", "false")

    def end(self, name: str) -> None:
        if name == "t":
            self._within_text = False
        elif name in ("si", "is"):
            self._within = False
        elif name == "rPh":
            self._within_reading = False
        elif name == "r":
            self._is_struck = False

    def text(self, characters: str) -> None:
        if self._within_text:
            self._parts.append(characters)
            if self._is_struck:
                self._struck.append(characters)

    def taken(self) -> tuple[str, str]:
        text = unescaped("".join(self._parts)), unescaped("".join(self._struck))
        self._parts.clear()
        self._struck.clear()
        return text


class TextsReader(TextReader):
    """The shared strings."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.found.append(self.taken())
