"""Rows of a ledger that is kept in Excel."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from nenpo.errors import Fault, InputError


def rows_of(path: Path, sheet: str) -> Iterator[list[str]]:
    """The rows of a sheet (the first one where none is named) as text, days as 2024-04-05. Raises InputError for a file that
    is no workbook, or has no such sheet."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, EOFError, ParseError, OSError):
        remedy = "Excel で開けるか確かめ、.xlsx として保存し直してください"
        raise InputError(Fault("Excel ブックとして読めません", str(path), remedy)) from None
    if sheet and sheet not in book.sheetnames:
        there = "、".join(book.sheetnames)
        raise InputError(Fault(f"シート「{sheet}」がありません", str(path), f"今あるシート：{there}"))
    width = 0
    for row in (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True):
        texts = [_text(value) for value in row]
        if not any(texts):
            continue
        width = width or max(at for at, text in enumerate(texts, start=1) if text)
        yield (texts + [""] * width)[:width]


def _text(value: object) -> str:
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
