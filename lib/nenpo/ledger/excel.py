"""Rows of a ledger that is kept in Excel."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from nenpo.errors import Fault, InputError
from nenpo.workbook.cells import Cell
from nenpo.workbook.package import LARGEST_LEDGER, Package
from nenpo.workbook.sheets import Sheets


def rows_of(path: Path, sheet: str) -> Iterator[list[str]]:
    """The rows of a sheet (the first one where none is named) as text, days as 2024-04-05; the first that holds anything has the
    headings. Raises InputError for a file that is no workbook, or has no such sheet."""
    with Package(path, LARGEST_LEDGER) as package:
        sheets = Sheets(package)
        if not sheets.names or (sheet and sheet not in sheets.names):
            there = "、".join(sheets.names) or "なし"
            raise InputError(Fault(f"シート「{sheet}」がありません", str(path), f"今あるシート：{there}"))
        width = 0
        for cells in sheets.stream(sheet or sheets.names[0]):
            texts = {cell.column: _text(cell) for cell in cells}
            if not any(texts.values()):
                continue
            width = width or max(column for column, text in texts.items() if text)
            yield [texts.get(column, "") for column in range(1, width + 1)]


def _text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
