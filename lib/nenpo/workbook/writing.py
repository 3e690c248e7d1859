"""Writes a year's records as a workbook in the layout an office keeps: title, grouped headings, rows, totals as formulas."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from nenpo.dictionary import EVENT_COLUMNS, VALUES_SHEET, Column, Dictionary, Table
from nenpo.files import write_whole
from nenpo.fiscal import FiscalYear
from nenpo.records import Mark, Row, YearRecords

FIRST_HEAD_ROW = 4
MONTH_HEADING = "月"
MEASURE_HEADING = "区分"
VALUES_HEADINGS = ("表", "項目", "値", "単位")
# The stamp in the file: fixed, so that the same records give the same bytes.
STAMP = datetime.datetime(2000, 1, 1)
_STAMPED = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

_FONT = "BIZ UDPゴシック"
_THIN = Side(style="thin", color="999999")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="E8F1FE")
_TOTAL = PatternFill("solid", fgColor="F2F2F2")


def write_workbook(path: Path, dictionary: Dictionary, records: YearRecords) -> None:
    """Write the workbook of ``records.year``, whole or not at all. The same records give the same bytes."""
    book = Workbook()
    book.remove(book.active)
    year = records.year
    for table in dictionary.kept(year):
        rows = records.tables.get(table.id, ())
        if table.shape == "monthly":
            _write_monthly(book.create_sheet(table.sheet), table, year, rows)
        elif table.shape in ("matrix", "cross"):
            _write_matrix(book.create_sheet(table.sheet), table, year, rows)
        elif table.shape == "events":
            _write_events(book.create_sheet(table.sheet), table, year, rows)
    if single := [table for table in dictionary.kept(year) if table.typed_items]:
        _write_values(book.create_sheet(VALUES_SHEET), single, records)
    for sheet in book:
        _fit_page(sheet)
    write_whole(path, _packed(book))


def _write_monthly(sheet: Worksheet, table: Table, year: FiscalYear, rows: Iterable[Row]) -> None:
    _write_title(sheet, table, year)
    several = len(table.measures) > 1
    first_row = _write_heads(sheet, table, (MONTH_HEADING, MEASURE_HEADING) if several else (MONTH_HEADING,))
    typed = {(row.label, row.measure): row for row in rows}
    first_column = 3 if several else 2
    row_number = first_row
    for label in table.period_labels(year):
        for measure in table.measures:
            head = (label, measure.name) if several else (label,)
            _write_row(sheet, row_number, head, table, first_column, typed.get((label, measure.name)))
            row_number += 1
        if several:
            sheet.merge_cells(start_row=row_number - 2, end_row=row_number - 1, start_column=1, end_column=1)
    if table.has_months(year):
        for offset, measure in enumerate(table.measures):
            label = table.total_label or year.short
            head = (label, measure.name) if several else (label,)
            last = row_number - 1
            for column_number, text in enumerate(head, start=1):
                _styled(sheet, row_number + offset, column_number, text, _TOTAL)
            for column_number, column in enumerate(table.columns, start=first_column):
                formula = _year_formula(column, get_column_letter(column_number), first_row, last, table, measure.name)
                cell = _styled(sheet, row_number + offset, column_number, formula, _TOTAL)
                cell.number_format = "#,##0"
        row_number += len(table.measures)
        if table.shares:
            _write_shares(sheet, table, row_number, first_column)
            row_number += 1
    if table.note:
        sheet.cell(row_number + 1, 1, f"※ {table.note}")
    sheet.freeze_panes = sheet.cell(first_row, first_column)


def _year_formula(column: Column, letter: str, first: int, last: int, table: Table, measure: str) -> str | None:
    if column.text or column.total == "none":
        return None
    if column.stock:
        return f"={letter}{last}"
    if len(table.measures) > 1:
        return f'=SUMIF($B${first}:$B${last},"{measure}",{letter}{first}:{letter}{last})'
    return f"=SUM({letter}{first}:{letter}{last})"


def _write_shares(sheet: Worksheet, table: Table, row_number: int, first_column: int) -> None:
    _styled(sheet, row_number, 1, "構成比", _TOTAL)
    names = [column.name for column in table.columns]
    whole = get_column_letter(first_column + names.index(table.shares))
    for column_number in range(first_column, first_column + len(names)):
        letter = get_column_letter(column_number)
        above = row_number - 1
        cell = _styled(
            sheet, row_number, column_number, f"=IF({whole}{above}=0,0,{letter}{above}/{whole}{above})", _TOTAL
        )
        cell.number_format = "0.0%"


def _write_matrix(sheet: Worksheet, table: Table, year: FiscalYear, rows: Iterable[Row]) -> None:
    _write_title(sheet, table, year)
    first_row = _write_heads(sheet, table, (table.corner,))
    typed = {row.label: row for row in rows}
    for row_number, label in enumerate(table.rows, start=first_row):
        _write_row(sheet, row_number, (label,), table, 2, typed.get(label))
    if table.total_label:
        last = first_row + len(table.rows)
        _styled(sheet, last, 1, table.total_label, _TOTAL)
        for column_number in range(2, 2 + len(table.columns)):
            letter = get_column_letter(column_number)
            _styled(sheet, last, column_number, f"=SUM({letter}{first_row}:{letter}{last - 1})", _TOTAL)
    sheet.column_dimensions["A"].width = 12 if table.shape == "matrix" else 72
    sheet.freeze_panes = sheet.cell(first_row, 2)


def _write_events(sheet: Worksheet, table: Table, year: FiscalYear, rows: Iterable[Row]) -> None:
    _write_title(sheet, table, year)
    for column_number, text in enumerate(EVENT_COLUMNS, start=1):
        _styled(sheet, FIRST_HEAD_ROW, column_number, text, _HEAD)
    for row_number, row in enumerate(rows, start=FIRST_HEAD_ROW + 1):
        for column_number, name in enumerate(EVENT_COLUMNS, start=1):
            cell = _styled(sheet, row_number, column_number, row.values[name])
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 90
    sheet.freeze_panes = sheet.cell(FIRST_HEAD_ROW + 1, 1)


def _write_values(sheet: Worksheet, tables: Iterable[Table], records: YearRecords) -> None:
    sheet["A1"] = VALUES_SHEET
    sheet["A1"].font = Font(name=_FONT, size=14, bold=True)
    sheet["A2"] = f"{records.year.label}　表にならない数値をまとめたシートです。"
    for column_number, text in enumerate(VALUES_HEADINGS, start=1):
        _styled(sheet, FIRST_HEAD_ROW, column_number, text, _HEAD)
    row_number = FIRST_HEAD_ROW + 1
    for table in tables:
        typed = {row.label: row.values["値"] for row in records.tables.get(table.id, ())}
        for item in table.typed_items:
            cells = (f"{table.id} {table.title}", item.name, typed.get(item.name), item.unit or table.unit)
            for column_number, value in enumerate(cells, start=1):
                _styled(sheet, row_number, column_number, value)
            sheet.cell(row_number, 3).number_format = "#,##0"
            row_number += 1
    for letter, width in zip("ABCD", (28, 32, 10, 8), strict=True):
        sheet.column_dimensions[letter].width = width


def _write_title(sheet: Worksheet, table: Table, year: FiscalYear) -> None:
    sheet["A1"] = f"{table.id}　{table.title}"
    sheet["A1"].font = Font(name=_FONT, size=14, bold=True)
    sheet["A2"] = year.label + (f"　単位：{table.unit}" if table.unit else "")
    sheet["A2"].font = Font(name=_FONT, size=10)


def _write_heads(sheet: Worksheet, table: Table, leading: tuple[str, ...]) -> int:
    """Write the heading rows (two where columns are grouped); return the number of the first row below them."""
    top = FIRST_HEAD_ROW
    bottom = top + table.has_groups
    heads = [("", text) for text in leading] + [(column.group, column.heading) for column in table.columns]
    for column_number, (group, text) in enumerate(heads, start=1):
        _styled(sheet, bottom, column_number, None, _HEAD)
        _styled(sheet, bottom if group else top, column_number, text, _HEAD)
        if group:
            _styled(sheet, top, column_number, group if group != heads[column_number - 2][0] else None, _HEAD)
        elif bottom > top:
            sheet.merge_cells(start_row=top, end_row=bottom, start_column=column_number, end_column=column_number)
    start = 0
    for number in range(1, len(heads) + 1):
        if number == len(heads) or heads[number][0] != heads[start][0]:
            if heads[start][0] and number - start > 1:
                sheet.merge_cells(start_row=top, end_row=top, start_column=start + 1, end_column=number)
            start = number
    sheet.row_dimensions[bottom].height = 45
    for number in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 11
    return bottom + 1


def _write_row(
    sheet: Worksheet, row_number: int, head: tuple[str, ...], table: Table, first_column: int, row: Row | None
) -> None:
    for column_number, text in enumerate(head, start=1):
        cell = _styled(sheet, row_number, column_number, text)
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    letters = {column.name: get_column_letter(number) for number, column in enumerate(table.columns, first_column)}
    for column_number, column in enumerate(table.columns, start=first_column):
        value: object
        if column.sum:
            value = "=" + "+".join(f"{letters[name]}{row_number}" for name in column.sum)
        else:
            typed = row.values.get(column.name) if row else None
            blank = typed is None or (table.blank is not None and typed == table.blank)
            value = None if blank else typed.value if isinstance(typed, Mark) else typed
        cell = _styled(sheet, row_number, column_number, value)
        if not column.text:
            cell.number_format = "#,##0"
            cell.alignment = Alignment(horizontal="right")


def _styled(sheet: Worksheet, row: int, column: int, value: object, fill: PatternFill | None = None):  # type: ignore[no-untyped-def]
    cell = sheet.cell(row, column, value)
    cell.font = Font(name=_FONT, size=10)
    cell.border = _BOX
    if fill:
        cell.fill = fill
        cell.alignment = Alignment(horizontal="center" if fill is _HEAD else "right", vertical="center", wrap_text=True)
    return cell


def _fit_page(sheet: Worksheet) -> None:
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if sheet.max_column > 8 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _packed(book: Workbook) -> bytes:
    """The workbook as bytes with fixed times: openpyxl writes the clock into the properties and the zip entries."""
    book.properties.creator = "nenpo"
    book.properties.created = book.properties.modified = STAMP
    raw, packed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMPED.sub(STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            target.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
