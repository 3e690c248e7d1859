"""Makes a year's workbook a form: what may be typed where, what does not agree told as it is typed, what is still empty.

Everything rests on Excel's own means (data validation, formulas, conditional formats, sheet protection without a password), so
that it works without macros, in Excel and LibreOffice alike. The identities are those of ``tables.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter, quote_sheetname, range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from nenpo.dictionary import Dictionary
from nenpo.japanese.years import FiscalYear
from nenpo.records import Mark, Row, YearRecords
from nenpo.review.identities import Instance, Sum, instances
from nenpo.table import LISTS, VALUES_SHEET, Table
from nenpo.typed_cells import Summed, TypedCell, TypedCells
from nenpo.workbook.layout import HEAD_ROW, VALUE_COLUMN, Layout, layouts
from nenpo.workbook.styled import FONT, HEAD_FILL, Formula, put
from nenpo.workbook.values import COUNT, Kind
from nenpo.workbook.writing import packed, workbook

GUIDE_SHEET = "記入のしかた"
CHECK_HEADING = "確認"
_INPUT = PatternFill("solid", fgColor="FFFDE7")
_RED = {"font": Font(color="9C0006"), "fill": PatternFill(bgColor="FFC7CE")}
_LONGEST = 250  # characters of a text in a formula; Excel refuses more than 255


def form(dictionary: Dictionary, records: YearRecords, before: YearRecords | None = None) -> bytes:
    """The workbook of ``records.year`` as a form to fill in; ``before`` are the records of the year before, shown for
    comparison. The same records give the same bytes."""
    book = workbook(dictionary, records, before)
    places = layouts(dictionary, records.year)
    tables = [table for table in dictionary.kept(records.year) if table.id in places]
    for table in tables:
        _let_type(book[places[table.id].sheet], table, places[table.id])
    for name, columns in LISTS.items():
        for row in book[name].iter_rows(min_row=HEAD_ROW + 1, max_col=len(columns)):
            for cell in row:
                cell.protection = Protection(locked=False)
    _tell_what_disagrees(book, tables, dictionary, places, records.year, before)
    _write_guide(book.create_sheet(GUIDE_SHEET, 0), tables, places, records.year)
    for sheet in book:
        _lock(sheet)
        _fit_page(sheet)
    book.calculation.fullCalcOnLoad = True
    return packed(book)


def _let_type(sheet: Worksheet, table: Table, place: Layout) -> None:
    """Unlock the cells that are typed, tint them, and let the number cells take counts alone."""
    for area in _areas(table, place, text=True):
        for cell in (cell for row in sheet[area] for cell in row):
            cell.protection = Protection(locked=False)
            if table.shape != "events":
                cell.fill = _INPUT
    for kind, area in [] if table.shape == "events" else _areas_of_kinds(table, place):
        counts = _validation(kind, area.partition(":")[0])
        counts.allow_blank, counts.errorStyle, counts.showErrorMessage = True, "stop", True
        counts.errorTitle = "数値を確かめてください"
        refused = "・".join([*["小数"] * (not kind.decimals), "文字", *["負の数"] * (not kind.signed)])
        counts.error = f"{kind.wanted}を入力してください（{refused}は入れられません）。該当がないときは －、分からないときは …、秘匿されているときは X です。"
        counts.add(area)
        sheet.add_data_validation(counts)


def _validation(kind: Kind, first: str) -> DataValidation:
    """What may be typed where ``first`` is the first cell: a number of a kind, or what stands in the place of one."""
    parts = [f"ISNUMBER({first})", *[f"{first}>=0"] * (not kind.signed), f"ROUND({first},{kind.decimals})={first}"]
    marks = (f'{first}="{mark.value}"' for mark in Mark)
    return DataValidation(type="custom", formula1=f'OR(AND({",".join(parts)}),{",".join(marks)},{first}="-")')


def _areas_of_kinds(table: Table, place: Layout) -> Iterator[tuple[Kind, str]]:
    """The ranges of a table's numbers that are typed, each of numbers of one kind."""
    if table.shape == "values":
        for kind, items in groupby(table.typed_items, key=lambda item: Kind(item.decimals, item.signed)):
            rows = [place.rows[item.name, ""] for item in items]
            letter = get_column_letter(VALUE_COLUMN)
            yield kind, f"{letter}{rows[0]}:{letter}{rows[-1]}"
        return
    kinds = {place.columns[column.name]: Kind(column.decimals, column.signed) for column in table.typed_columns}
    for area in _areas(table, place):
        first, _, last, _ = range_boundaries(area)
        for kind, run in groupby(range(first, last + 1), key=kinds.__getitem__):
            columns = [get_column_letter(number) for number in run]
            yield kind, f"{columns[0]}{place.first}:{columns[-1]}{place.last}"


def _areas(table: Table, place: Layout, text: bool = False) -> list[str]:
    """The ranges of a table's cells that are typed; with ``text`` also those of words."""
    if table.shape in ("events", "values"):
        names = ["値"] if table.shape == "values" else list(place.columns)
    else:
        names = [column.name for column in table.typed_columns if text or not column.text]
    numbers = sorted(place.columns[name] for name in names)
    runs = groupby(enumerate(numbers), key=lambda at: at[1] - at[0])
    spans = [[number for _, number in run] for _, run in runs]
    return [f"{get_column_letter(s[0])}{place.first}:{get_column_letter(s[-1])}{place.last}" for s in spans]


def _tell_what_disagrees(
    book: Workbook,
    tables: Iterable[Table],
    dictionary: Dictionary,
    places: Mapping[str, Layout],
    year: FiscalYear,
    before: YearRecords | None,
) -> None:
    """A column beside each table that names the identities that do not hold in a row, and reddens that row."""
    empty = {
        table_id: tuple(Row(label, {}, measure) for label, measure in place.rows) for table_id, place in places.items()
    }
    kept = {before.year: before} if before else {}
    inputs = TypedCells(dictionary, kept | {year: YearRecords(year, empty)})
    parts: dict[tuple[str, int], list[str]] = {}
    for instance in instances(inputs, year):
        if (formula := _disagreement(instance, inputs, places)) is not None:
            place = places[instance.table]
            row = next(
                (row for (label, measure), row in place.rows.items() if _is(instance, label, measure)), place.first
            )
            parts.setdefault((instance.table, row), []).append(formula)
    for table in tables:
        place, sheet = places[table.id], book[places[table.id].sheet]
        letter = get_column_letter(place.check)
        rows = {row: listed for (table_id, row), listed in parts.items() if table_id == table.id}
        if not rows:
            continue
        head = sheet.cell(HEAD_ROW, place.check, CHECK_HEADING)
        head.font = Font(name=FONT, size=10, color="666666")
        sheet.column_dimensions[letter].width = 48
        for row, listed in rows.items():
            cell = sheet.cell(row, place.check, "=" + "&".join(listed))
            cell.font = Font(name=FONT, size=9, color="9C0006")
            cell.alignment = Alignment(vertical="center")
        area = f"A{place.first}:{get_column_letter(place.check - 1)}{place.last}"
        sheet.conditional_formatting.add(area, FormulaRule([f"LEN(${letter}{place.first})>0"], **_RED))


def _is(instance: Instance, label: str, measure: str) -> bool:
    return (label, measure) == (instance.period, instance.measure) or (
        label == instance.period and not instance.measure
    )


def _disagreement(instance: Instance, inputs: TypedCells, places: Mapping[str, Layout]) -> str | None:
    """Formula that says which identity does not hold, "" while cells are empty; None where it cannot be told."""
    own = [cell for cell in sorted(instance.cells) if cell.year == instance.year]
    old = [cell for cell in instance.cells if cell.year != instance.year]
    if not own or not all(isinstance(inputs.value(cell), int) for cell in old):
        return None
    sheet = places[instance.table].sheet
    needed = [cell for cell in own if inputs.dictionary[cell.table].blank is None]
    filled = f"COUNTA({','.join(_ranges(needed, places, sheet))})={len(needed)}," if needed else ""
    left, right = (_sum(side, inputs, places, sheet, instance.year) for side in (instance.left, instance.right))
    relation = {"=": "=", "≤": "<=", "≥": ">="}[instance.identity.relation]
    warning = f"「{instance.text}」が成り立ちません。"[:_LONGEST].replace('"', '""')
    return f'IF(AND({filled}NOT({left}{relation}{right})),"{warning}","")'


def _sum(side: Sum, inputs: TypedCells, places: Mapping[str, Layout], sheet: str, year: FiscalYear) -> str:
    text = ""
    for sign, product in side:
        factors = "*".join(_quantity(cells, inputs, places, sheet, year) for cells in product)
        text += ("+" if sign > 0 else "-") + factors
    return text.removeprefix("+")


def _quantity(cells: Summed, inputs: TypedCells, places: Mapping[str, Layout], sheet: str, year: FiscalYear) -> str:
    own = list(_ranges([cell for cell in cells if cell.year == year], places, sheet))
    old = [value for cell in cells if cell.year != year and isinstance(value := inputs.value(cell), int)]
    return f"SUM({','.join([*own, *map(str, old)])})"


def _ranges(cells: Iterable[TypedCell], places: Mapping[str, Layout], sheet: str) -> Iterator[str]:
    """Addresses of cells, those below each other as one range."""
    at = sorted(
        (
            cell.table,
            places[cell.table].columns[cell.column],
            places[cell.table].rows[cell.row, cell.measure],
            cell.column,
        )
        for cell in cells
    )
    for (table_id, _, _), run in groupby(
        enumerate(at), key=lambda placed: (placed[1][0], placed[1][1], placed[1][2] - placed[0])
    ):
        found = [cell for _, cell in run]
        listed = [row for _, _, row, _ in found]
        place, column = places[table_id], found[0][3]
        first = place.address(listed[0], column, sheet)
        last = place.address(listed[-1], column, place.sheet)
        yield first if len(listed) == 1 else f"{first}:{last}"


def _write_guide(sheet: Worksheet, tables: list[Table], places: Mapping[str, Layout], year: FiscalYear) -> None:
    """The first sheet: how to fill the workbook in, and what is still empty."""
    sheet["A1"] = f"{year.label}　記入のしかた"
    sheet["A1"].font = Font(name=FONT, size=14, bold=True)
    steps = (
        f"薄い黄色のセルに、{_wanted(tables)}を入力します。0 件のときは 0 を入力し、まだ分からないセルは空欄のままにします。",
        f"合計・構成比・前{year.word}の行は自動で入ります（ほかのセルには鍵がかかっています。パスワードはありません）。",
        "表どうしの数が合わない行は赤くなり、右端の「確認」に、どの関係が合わないかが出ます。",
        "行事・研修などの一覧は、日付（R6.5.30 のように）と内容を 1 行に 1 件ずつ入力します。".replace("R6", year.code),
        f"{year.word}の途中でも、入力した月までの年報を作れます（nenpo build {year.code}）。",
        f"体制図と事例は、終わりの二つのシートに書きます。各節の文章は、nenpo lab {year.code} で図表を見ながら書きます。",
    )
    for number, step in enumerate(steps, start=1):
        cell = sheet.cell(number + 2, 1, f"{number}　{step}")
        cell.font = Font(name=FONT, size=10)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.merge_cells(start_row=number + 2, end_row=number + 2, start_column=1, end_column=4)
        sheet.row_dimensions[number + 2].height = 30
    head = len(steps) + 5
    for column, text in enumerate(("シート", "まだ空欄のセル", "合わない行", "記入のようす"), start=1):
        cell = sheet.cell(head, column, text)
        cell.font, cell.fill = Font(name=FONT, size=10, bold=True), HEAD_FILL
    row = head
    for row, table in enumerate(tables, start=head + 1):
        _write_state(sheet, row, table, places[table.id])
    area = f"{head + 1}:B{row}"
    sheet.cell(
        head - 1, 1, f'="空欄のセル：あと "&SUM(B{area})&" 個　　合わない行："&SUM(C{area.replace("B", "C")})&" 行"'
    )
    sheet.cell(head - 1, 1).font = Font(name=FONT, size=11, bold=True)
    sheet.conditional_formatting.add(f"C{head + 1}:C{row}", FormulaRule([f"N(C{head + 1})>0"], **_RED))
    for letter, width in zip("ABCD", (46, 16, 14, 40), strict=True):
        sheet.column_dimensions[letter].width = width


def _wanted(tables: Iterable[Table]) -> str:
    """What is to be typed, of all the tables together."""
    typed = [Kind(column.decimals, column.signed) for table in tables for column in table.typed_columns]
    typed += [Kind(item.decimals, item.signed) for table in tables for item in table.typed_items]
    return "数値" if set(typed) > {COUNT} else "0 以上の整数"


def _write_state(sheet: Worksheet, row: int, table: Table, place: Layout) -> None:
    """How far a table is filled in."""
    name = quote_sheetname(place.sheet)
    title = f"{table.id} {table.title}" + (f"（シート「{VALUES_SHEET}」）" if table.shape == "values" else "")
    own = _areas(table, place) or _areas(table, place, text=True)
    areas = [f"{name}!{area}" for area in own]
    cells = sum((place.last - place.first + 1) * _width(area) for area in own)
    check = get_column_letter(place.check)
    empty: Formula | None = Formula(f"={'+'.join(f'COUNTBLANK({area})' for area in areas)}")
    wrong: Formula | None = Formula(f"=SUMPRODUCT(--(LEN({name}!{check}{place.first}:{check}{place.last})>0))")
    state = f'=IF(B{row}=0,"すべて入りました",IF(B{row}={cells},"まだ何もありません","途中です"))'
    if table.shape == "events":
        empty = wrong = None
        state = f'=COUNTA({name}!B{place.first}:B{place.last})&" 件"'
    elif table.blank is not None:
        empty = None
        state = f'=IF(COUNT({",".join(areas)})=0,"まだ何もありません","記入があります")&"（空欄は {table.blank} です）"'
    for column, value in enumerate((title, empty, wrong, Formula(state)), start=1):
        cell = put(sheet, row, column, value)
        cell.font = Font(name=FONT, size=10)
        cell.alignment = Alignment(horizontal="center" if column in (2, 3) else "left")
    link = sheet.cell(row, 1)
    link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{name}!{own[0].partition(':')[0]}")
    link.font = Font(name=FONT, size=10, color="0031D8", underline="single")


def _width(area: str) -> int:
    first, _, last, _ = range_boundaries(area)
    return int(last) - int(first) + 1


def _lock(sheet: Worksheet) -> None:
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.formatCells = False  # allowed


def _fit_page(sheet: Worksheet) -> None:
    """One sheet of A4, the column of the checks left out; lists may be longer."""
    listed = sheet.title in LISTS or (sheet.title != GUIDE_SHEET and sheet.cell(HEAD_ROW, 1).value == "日付")
    last = max(
        (column for column in range(1, sheet.max_column + 1) if sheet.cell(HEAD_ROW, column).value != CHECK_HEADING),
        default=1,
    )
    sheet.print_area = f"A1:{get_column_letter(last)}{sheet.max_row}"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if last > 8 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0 if listed else 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if listed:
        sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
