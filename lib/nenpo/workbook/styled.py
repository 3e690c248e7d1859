"""The cells of a workbook that is written: what each kind looks like, and how a value is put into one."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as WrittenCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.worksheet import Worksheet

# Begins what Excel takes for a formula when somebody has been at the cell.
_AS_FORMULA = ("=", "+", "-", "@")
# What a spreadsheet would take for a character by its number.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Formula(str):
    """A formula of ours; all other texts are texts."""


FONT = "BIZ UDPゴシック"
_THIN = Side(style="thin", color="999999")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
HEAD_FILL = PatternFill("solid", fgColor="E8F1FE")


@dataclass(frozen=True, eq=False)
class Look:
    """What the cells of one kind look like."""

    fill: PatternFill | None = None
    alignment: Alignment | None = None


HEAD = Look(HEAD_FILL, Alignment(horizontal="center", vertical="center", wrap_text=True))
TOTAL = Look(PatternFill("solid", fgColor="F2F2F2"), Alignment(horizontal="right", vertical="center", wrap_text=True))
BEFORE = Look(PatternFill("solid", fgColor="FAFAFA"), TOTAL.alignment)
PLAIN, LISTED = Look(), Look(alignment=Alignment(wrap_text=True, vertical="top"))
WORDS = Look(alignment=Alignment(wrap_text=True, vertical="center"))
NUMBERS = Look(alignment=Alignment(horizontal="right", vertical="center"))
# Of each workbook the styles that it has, by look and number format: to look one up for every cell takes most of the time of writing.
_styles: WeakKeyDictionary[Workbook, dict[tuple[Look, str], StyleArray]] = WeakKeyDictionary()


def put(sheet: Worksheet, row: int, column: int, value: object) -> WrittenCell:
    """Put a value into a cell. A text stays a text, whatever it begins with; only what is a Formula is one."""
    cell: WrittenCell = sheet.cell(row, column)
    if isinstance(value, str) and not isinstance(value, Formula):
        cell.value = _ESCAPE.sub("_x005F_", value)
        cell.data_type, cell.quotePrefix = "s", value.startswith(_AS_FORMULA)
    else:
        cell.value = value
    return cell


def styled(
    sheet: Worksheet, row: int, column: int, value: object, look: Look = PLAIN, number_format: str = "General"
) -> None:
    """Put a value into a cell that looks so."""
    cell, styles = sheet.cell(row, column), _styles.setdefault(sheet.parent, {})
    if style := styles.get((look, number_format)):
        cell._style = copy(style)
    else:
        cell.font, cell.border, cell.number_format = Font(name=FONT, size=10), _BOX, number_format
        if look.fill:
            cell.fill = look.fill
        if look.alignment:
            cell.alignment = look.alignment
        styles[look, number_format] = copy(cell._style)
    put(sheet, row, column, value)
