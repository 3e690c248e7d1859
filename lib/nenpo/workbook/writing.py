"""Writes a year's records as a workbook in the layout an office keeps: title, grouped headings, rows, totals as formulas."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Mapping

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from nenpo.dictionary import Dictionary
from nenpo.japanese.years import FiscalYear
from nenpo.records import Mark, Row, YearRecords
from nenpo.scratch import holding_temporary_files
from nenpo.sums import table_figures
from nenpo.table import CASES_SHEET, CHART_SHEET, LISTS, VALUES_SHEET, Column, Item, Table
from nenpo.workbook.layout import HEAD_ROW, LIST_ROWS, Layout, layouts
from nenpo.workbook.styled import BEFORE, FONT, HEAD, LISTED, NUMBERS, PLAIN, TOTAL, WORDS, Formula, Look, put, styled

MONTH_HEADING = "月"
_LIST_NOTES = {
    CHART_SHEET: "職ごとに 1 行。左の列が空欄なら上と同じです。業務は、セルの中で改行（Alt+Enter）して並べます。",
    CASES_SHEET: "見出し（本人の状態・訴え、支援内容等）ごとに 1 行。左の列が空欄なら上の事例の続きです。節は 2-7 のように書きます。",
}
MEASURE_HEADING = "区分"
VALUES_HEADINGS = ("表", "項目", "値", "単位")
# The stamp in the file: fixed, so that the same records give the same bytes.
STAMP = datetime.datetime(2000, 1, 1)
_STAMPED = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def workbook(dictionary: Dictionary, records: YearRecords, before: YearRecords | None = None) -> Workbook:
    """The workbook of ``records.year``: a sheet a table, and one for the figures that stand in none; ``before`` are the
    records of the year before, shown for comparison."""
    year = records.year
    book = Workbook()
    book.remove(book.active)
    places = layouts(dictionary, year)
    single = []
    for table in dictionary.kept(year):
        if table.shape == "values":
            single += [table] if table.id in places else []
            continue
        sheet, place = book.create_sheet(places[table.id].sheet), places[table.id]
        rows = records.tables.get(table.id, ())
        if table.shape == "events":
            _write_events(sheet, table, place, year, rows)
        else:
            _write_table(sheet, table, place, year, rows)
            if place.before:
                _write_before(sheet, table, place, year, before)
    if single:
        _write_values(book.create_sheet(VALUES_SHEET), single, places, records, before)
    for name, columns in LISTS.items():
        _write_list(book.create_sheet(name), name, columns, year, records.lists.get(name, ()))
    return book


def _write_list(sheet: Worksheet, name: str, columns: tuple[str, ...], year: FiscalYear, rows: tuple[Row, ...]) -> None:
    """A sheet of words, as long as an event list."""
    sheet["A1"], sheet["A2"] = name, f"{year.label}　{_LIST_NOTES[name]}"
    sheet["A1"].font, sheet["A2"].font = Font(name=FONT, size=14, bold=True), Font(name=FONT, size=10)
    for column, text in enumerate(columns, start=1):
        styled(sheet, HEAD_ROW, column, text, HEAD)
        width = 44 if text in ("説明", "業務", "文章") else 18
        sheet.column_dimensions[get_column_letter(column)].width = 80 if text == "文章" else width
    for at in range(max(len(rows), LIST_ROWS)):
        for column, text in enumerate(columns, start=1):
            value = rows[at].values.get(text) if at < len(rows) else None
            styled(sheet, HEAD_ROW + 1 + at, column, value, LISTED, "@")
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 1)


def _write_table(sheet: Worksheet, table: Table, place: Layout, year: FiscalYear, rows: Iterable[Row]) -> None:
    _write_title(sheet, table, year)
    several = len(table.measures) > 1
    leading = (corner_of(table, year), *[MEASURE_HEADING] * several)
    _write_heads(sheet, table, leading)
    typed = {(row.label, row.measure): row for row in rows}
    nothing = (None, table.blank)
    filled = [key for key, row in typed.items() if any(value not in nothing for value in row.values.values())]
    last = max((place.rows[key] for key in filled if key in place.rows), default=0)
    for (label, measure), number in place.rows.items():
        head = (label, measure) if several else (label,)
        left_out = table.blank if number <= last or not filled else None  # an empty month at the end has not come
        _write_row(sheet, number, head, table, place, typed.get((label, measure)), left_out)
        if several and measure == table.measures[-1].name:
            sheet.merge_cells(start_row=number - len(table.measures) + 1, end_row=number, start_column=1, end_column=1)
    for number, of in enumerate(table.measures if place.total else (), start=place.total):
        label = table.total_label or year.short
        _write_head(sheet, number, (label, of.name) if several else (label,), TOTAL)
        for name, column in place.columns.items():
            spec = table.column(name)
            formula = _year_formula(spec, get_column_letter(column), place, table, of.name)
            styled(sheet, number, column, formula, TOTAL, _format(spec))
    if place.shares:
        _write_shares(sheet, table, place)
    if table.note:
        put(sheet, place.end + 2, 1, f"※ {table.note}").font = Font(name=FONT, size=9)
    sheet.column_dimensions["A"].width = 72 if table.shape == "cross" else 14
    sheet.freeze_panes = sheet.cell(place.first, min(place.columns.values()))


def corner_of(table: Table, year: FiscalYear) -> str:
    """What stands above the names of the rows."""
    if table.shape != "monthly":
        return table.corner
    return "四半期" if table.is_quarterly else MONTH_HEADING if table.periods else year.word


def _year_formula(column: Column, letter: str, place: Layout, table: Table, measure: str) -> Formula | None:
    """A column's total; a stock's figure of the year is its last that is filled in."""
    area = f"{letter}{place.first}:{letter}{place.last}"
    if column.adds_up == "none":
        return None
    if column.adds_up == "last":
        return Formula(f'=IF(COUNT({area})=0,"",LOOKUP(9^9,{area}))')
    if column.adds_up == "max":
        return Formula(f'=IF(COUNT({area})=0,"",MAX({area}))')
    if column.adds_up == "mean" and not column.weight:
        return Formula(f'=IF(COUNT({area})=0,"",ROUND(AVERAGE({area}),{column.decimals}))')
    if column.adds_up == "mean":
        by = get_column_letter(place.columns[column.weight])
        weights = f"{by}{place.first}:{by}{place.last}"
        mean = f"SUMPRODUCT({area},{weights})/SUMPRODUCT(ISNUMBER({area})*1,{weights})"
        return Formula(f'=IFERROR(ROUND({mean},{column.decimals}),"")')
    if len(table.measures) > 1:
        named = measure.replace('"', '""')
        return Formula(f'=SUMIF($B${place.first}:$B${place.last},"{named}",{area})')
    return Formula(f"=SUM({area})")


def _format(column: Column | Item) -> str:
    """How Excel shows a column's numbers: as they are printed."""
    positive = "#,##0" + (f".{'0' * column.decimals}" if column.decimals else "")
    return f"{positive};▲{positive}" if column.signed else positive


def _write_shares(sheet: Worksheet, table: Table, place: Layout) -> None:
    _write_head(sheet, place.shares, ("構成比",), TOTAL)
    whole = place.address(place.total, table.shares, place.sheet)
    for name, column in place.columns.items():
        formula = Formula(f"=IF({whole}=0,0,{place.address(place.total, name, place.sheet)}/{whole})")
        styled(sheet, place.shares, column, formula, TOTAL, "0.0%")


def _write_before(sheet: Worksheet, table: Table, place: Layout, year: FiscalYear, before: YearRecords | None) -> None:
    """The year before, for comparison: the reader passes over a row whose name begins with a bracket."""
    old = table_figures(table, year.previous, before.tables.get(table.id, ()) if before else ())
    for (label, measure), number in place.before.items():
        figures = old.rows.get((label, measure), {}) if label else old.year[measure]
        named = label or ("" if table.shape == "monthly" else table.total_label)
        head = f"（{year.previous.short}{named and f' {named}'}）"
        _write_head(sheet, number, (head, measure) if len(table.measures) > 1 else (head,), BEFORE)
        for name, column in place.columns.items():
            value = figures.get(name)
            shown = value.value if isinstance(value, Mark) else value
            styled(sheet, number, column, shown, BEFORE, _format(table.column(name)))


def _write_events(sheet: Worksheet, table: Table, place: Layout, year: FiscalYear, rows: Iterable[Row]) -> None:
    _write_title(sheet, table, year)
    _write_heads(sheet, table, ())
    listed = list(rows)
    for at, number in enumerate(range(place.first, max(place.last, place.first + len(listed) - 1) + 1)):
        for name, column in place.columns.items():
            spec, value = table.column(name), listed[at].values.get(name) if at < len(listed) else None
            shown = value.value if isinstance(value, Mark) else value
            styled(sheet, number, column, shown, LISTED, "@" if spec.text else _format(spec))
    if table.note:
        sheet["A3"] = f"※ {table.note}"
        sheet["A3"].font = Font(name=FONT, size=9)
    words = [column for column in table.on_sheet if column.text]
    for name, column in place.columns.items():
        wide = 90 if len(words) == 2 else 30  # a date and a text, or several columns of words
        width = (18 if column == 1 else wide) if table.column(name).text else 12
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(place.first, 1)


def _write_values(
    sheet: Worksheet,
    tables: Iterable[Table],
    places: Mapping[str, Layout],
    records: YearRecords,
    before: YearRecords | None,
) -> None:
    year = records.year
    sheet["A1"] = VALUES_SHEET
    sheet["A1"].font = Font(name=FONT, size=14, bold=True)
    sheet["A2"] = f"{year.label}　表にならない数値をまとめたシートです。"
    sheet["A2"].font = Font(name=FONT, size=10)
    for column, text in enumerate((*VALUES_HEADINGS, f"（{year.previous.short}）"), start=1):
        styled(sheet, HEAD_ROW, column, text, HEAD)
    for table in tables:
        typed, old = (
            {row.label: row.values["値"] for row in typed.tables.get(table.id, ())} if typed else {}
            for typed in (records, before)
        )
        for item in table.typed_items:
            number = places[table.id].rows[item.name, ""]
            values = (
                f"{table.id} {table.title}",
                item.name,
                typed.get(item.name),
                item.unit or table.unit,
                old.get(item.name),
            )
            for column, value in enumerate(values, start=1):
                shown = value.value if isinstance(value, Mark) else value
                look = BEFORE if column == len(values) else PLAIN
                styled(sheet, number, column, shown, look, _format(item) if column in (3, 5) else "@")
    for letter, width in zip("ABCDE", (44, 32, 10, 8, 12), strict=True):
        sheet.column_dimensions[letter].width = width


def _write_title(sheet: Worksheet, table: Table, year: FiscalYear) -> None:
    put(sheet, 1, 1, f"{table.id}　{table.title}").font = Font(name=FONT, size=14, bold=True)
    unit = f"　単位：{table.common_unit or table.unit}" if table.unit or table.common_unit else ""
    put(sheet, 2, 1, f"{year.label}{unit}").font = Font(name=FONT, size=10)


def _write_heads(sheet: Worksheet, table: Table, leading: tuple[str, ...]) -> None:
    """Write the heading rows: two where columns are grouped."""
    top = HEAD_ROW
    bottom = top + table.has_groups
    heads = [("", text) for text in leading] + [(column.group, _heading(table, column)) for column in table.on_sheet]
    for column_number, (group, text) in enumerate(heads, start=1):
        styled(sheet, bottom, column_number, None, HEAD)
        styled(sheet, bottom if group else top, column_number, text, HEAD)
        if group:
            styled(sheet, top, column_number, group if group != heads[column_number - 2][0] else None, HEAD)
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


def _heading(table: Table, column: Column) -> str:
    """A column's heading, with its unit where the columns are in several."""
    unit = "" if column.text or table.common_unit else column.unit
    return f"{column.heading}（{unit}）" if unit and f"（{unit}）" not in column.heading else column.heading


def _write_row(
    sheet: Worksheet,
    number: int,
    head: tuple[str, ...],
    table: Table,
    place: Layout,
    row: Row | None,
    left_out: int | None,
) -> None:
    """A row of a table; ``left_out`` is the number that is not written, since an empty cell means it."""
    _write_head(sheet, number, head)
    for column in table.on_sheet:
        value: object
        if column.sum:
            cells = [place.address(number, name, place.sheet) for name in column.sum]
            # nothing is shown before something is typed: an empty month is not a month of zeros
            value = Formula(f'=IF(COUNT({",".join(cells)})=0,"",SUM({",".join(cells)}))')
        else:
            typed = row.values.get(column.name) if row else None
            blank = typed is None or (left_out is not None and typed == left_out)
            value = None if blank else typed.value if isinstance(typed, Mark) else typed
        look, shown_as = (WORDS, "@") if column.text else (NUMBERS, _format(column))
        styled(sheet, number, place.columns[column.name], value, look, shown_as)


def _write_head(sheet: Worksheet, number: int, head: tuple[str, ...], look: Look = WORDS) -> None:
    """The leading cells of a row."""
    for column, text in enumerate(head, start=1):
        styled(sheet, number, column, text, look, "@")


def packed(book: Workbook) -> bytes:
    """The workbook as bytes with fixed times: openpyxl writes the clock into the properties and the zip entries."""
    book.properties.creator = "nenpo"
    book.properties.created = book.properties.modified = STAMP
    raw, packed = io.BytesIO(), io.BytesIO()
    with holding_temporary_files():  # openpyxl writes each sheet into one first
        book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMPED.sub(STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            target.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
