"""Reads ``statistics.xlsx``: tolerant of what people type, strict about what a number is; all faults of a file at once."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nenpo.dictionary import EVENT_COLUMNS, LISTS, VALUES_SHEET, Dictionary, Table
from nenpo.errors import Fault, InputError
from nenpo.fiscal import FiscalYear
from nenpo.records import Row, Value, YearRecords
from nenpo.workbook.cells import Cell, place
from nenpo.workbook.package import Package
from nenpo.workbook.sheets import Sheet, Sheets
from nenpo.workbook.values import Unreadable, count, words
from nenpo.workbook.writing import MEASURE_HEADING, MONTH_HEADING, VALUES_HEADINGS

_TOTAL_LABELS = frozenset(["合計", "計", "総計", "小計", "構成比", "割合", "年度計"])
_MONTH = re.compile(r"(?:(?:R|H|令和|平成)?(?:\d{1,4}|元)\s*[./年]\s*)?(\d{1,2})\s*月?(?:分)?", re.IGNORECASE)
_NOTE = re.compile(r"[※*注（(]")


@dataclass(frozen=True)
class _Lack:
    """Something of the dictionary that is not in the workbook, and the fault that it is where the workbook is to be whole; a cell
    left empty in a row that is filled in has no name."""

    name: str
    fault: Fault


@dataclass
class _Sheet:
    """A sheet as read, and the faults found in it so far."""

    sheet: Sheet
    faults: list[Fault] = field(default_factory=list)
    lacking: list[_Lack] = field(default_factory=list)

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
        return "" if value is None else _plain(str(value))

    def fault(self, row: int, column: int, what: str, remedy: str) -> None:
        self.faults.append(Fault(what, self._where(row, column), remedy))

    def lack(self, row: int, column: int, name: str, what: str, remedy: str) -> None:
        of_sheet = f"シート「{self.name}」の{name}" if name else ""
        self.lacking.append(_Lack(of_sheet, Fault(what, self._where(row, column), remedy)))

    def _where(self, row: int, column: int) -> str:
        return f"シート「{self.name}」セル {place(row, column)}"


def read_workbook(path: Path, dictionary: Dictionary, year: FiscalYear) -> YearRecords:
    """Read the year's workbook. Raises InputError with every fault: file, sheet, cell, value and remedy of each."""
    records, lacking = _read(path, dictionary, year)
    if lacking:
        raise InputError([_in_file(path, one.fault) for one in lacking])
    return records


def survey_workbook(path: Path, dictionary: Dictionary, year: FiscalYear) -> tuple[YearRecords, list[str]]:
    """What a year's workbook holds so far, and the names of the sheets, columns and rows that the dictionary has and it has not.
    Raises InputError for what cannot be read."""
    records, lacking = _read(path, dictionary, year)
    return records, [one.name for one in lacking if one.name]


def _in_file(path: Path, fault: Fault) -> Fault:
    return Fault(fault.what, f"{path} {fault.where}".strip(), fault.remedy)


def _read(path: Path, dictionary: Dictionary, year: FiscalYear) -> tuple[YearRecords, list[_Lack]]:
    """The records and what they lack. Raises InputError with what cannot be read and with what is lacking, all together."""
    try:
        with Package(path) as package:
            return _records(_Book(path, Sheets(package)), dictionary, year)
    except InputError:
        if held_open(path):
            raise InputError(_held(path, "読めません")) from None
        raise


class _Book:
    """The sheets of a workbook as they are wanted, and what is wrong and lacking in those read so far."""

    def __init__(self, path: Path, sheets: Sheets):
        self._path, self._sheets = path, sheets
        self._names = {_plain(name): name for name in sheets.names}
        self._faults: list[Fault] = []
        self._lacking: list[_Lack] = []
        self._read: list[_Sheet] = []

    def __contains__(self, wanted: str) -> bool:
        return _plain(wanted) in self._names

    def sheet(self, wanted: str) -> _Sheet | None:
        """The sheet of that name; None where there is none, or it is damaged."""
        if wanted not in self:
            there = "、".join(self._names.values())
            remedy = f"シート名を「{wanted}」に戻してください。今あるシート：{there}"
            self._lacking.append(_Lack(f"シート「{wanted}」", Fault(f"シート「{wanted}」がありません", remedy=remedy)))
            return None
        try:
            self._read.append(_Sheet(self._sheets.read(self._names[_plain(wanted)])))
        except InputError as error:
            self._faults += error.faults
            return None
        return self._read[-1]

    def settled(self) -> list[_Lack]:
        """What is lacking. Raises InputError with that and all faults, where there are faults."""
        lacking = [*self._lacking, *(lack for sheet in self._read for lack in sheet.lacking)]
        faults = [_in_file(self._path, fault) for sheet in self._read for fault in sheet.faults]
        if self._faults or faults:
            raise InputError([*self._faults, *faults, *(_in_file(self._path, lack.fault) for lack in lacking)])
        return lacking


def _records(book: _Book, dictionary: Dictionary, year: FiscalYear) -> tuple[YearRecords, list[_Lack]]:
    tables: dict[str, tuple[Row, ...]] = {}
    single: list[Table] = []
    for table in dictionary.kept(year):
        if table.shape == "values":
            single += [table] if table.typed_items else []
            tables[table.id] = ()
        elif sheet := book.sheet(table.sheet):
            tables[table.id] = tuple(_rows(sheet, table, year))
    if single and (sheet := book.sheet(VALUES_SHEET)):
        tables.update(_single_figures(sheet, single))
    lists: dict[str, tuple[Row, ...]] = {}
    for name, columns in LISTS.items():
        if name in book and (sheet := book.sheet(name)) and (rows := tuple(_listed(sheet, columns))):
            lists[name] = rows
    lacking = book.settled()
    return YearRecords(year, _blanks_told(tables, dictionary, year), lists), lacking


def _listed(sheet: _Sheet, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a sheet of words, by the names of its columns wherever they stand."""
    wanted = {_plain(name): name for name in columns}
    for head in sheet.filled_rows:
        width = sheet.last_column(range(head, head + 1))
        found = {wanted.get(sheet.text(head, at)): at for at in range(1, width + 1)}
        if all(name in found for name in columns):
            break
    else:
        heads = "」「".join(columns)
        sheet.fault(1, 1, f"見出し「{heads}」の行がありません", "見出しの行を戻してください")
        return
    for row in sheet.filled_rows:
        values = {name: _text(sheet, row, found[name]) for name in columns} if row > head else {}
        if any(value is not None for value in values.values()):
            yield Row(str(row), values, cells={name: place(row, found[name]) for name in columns})


def _blanks_told(
    tables: Mapping[str, tuple[Row, ...]], dictionary: Dictionary, year: FiscalYear
) -> dict[str, tuple[Row, ...]]:
    """Where an empty cell has a meaning, an empty row has it too, in every month that the year has come to: later months
    are not zero but not yet there."""
    monthly = [dictionary[table_id] for table_id in tables if dictionary[table_id].shape == "monthly"]
    labels = [month.label for month in year.months]
    filled = {
        row.label
        for table in monthly
        for row in tables[table.id]
        if any(value is not None for value in row.values.values())
    }
    come = set(labels[: max((labels.index(label) + 1 for label in filled if label in labels), default=0)])
    return {
        table_id: tuple(
            replace(row, values={name: blank if value is None else value for name, value in row.values.items()})
            if (blank := dictionary[table_id].blank) is not None
            and (row.label in come or dictionary[table_id].shape != "monthly" or row.label not in labels)
            else row
            for row in rows
        )
        for table_id, rows in tables.items()
    }


def held_open(path: Path) -> bool:
    """Whether Excel or LibreOffice has the workbook open: each lays a file of its own beside it."""
    return any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#"))


def require_closed(path: Path) -> None:
    """Raises InputError for a workbook that is open: what is written now would be lost when it is saved there."""
    if held_open(path):
        raise InputError(_held(path, "書き込めません"))


def _held(path: Path, what: str) -> Fault:
    return Fault(f"Excel で開かれているため{what}", str(path), "保存して閉じてから、もう一度実行してください")


def _rows(sheet: _Sheet, table: Table, year: FiscalYear) -> Iterator[Row]:
    if table.shape == "events":
        yield from _events(sheet)
        return
    monthly = table.shape == "monthly"
    corner = MONTH_HEADING if monthly else table.corner
    several = len(table.measures) > 1
    head = _find_head(sheet, corner)
    if head is None:
        sheet.fault(
            1, 1, f"見出し「{corner}」の行がありません", f"表の左上に「{corner}」と書いた見出しの行を戻してください"
        )
        return
    columns = _columns(sheet, table, head, {corner, MEASURE_HEADING} if several else {corner})
    wanted = table.period_labels(year) if monthly else table.rows
    measures = [measure.name for measure in table.measures]
    seen: dict[tuple[str, str], int] = {}
    for row in sheet.filled_rows:
        if row <= head + table.has_groups:
            continue
        label = _label(sheet, row, table, year)
        if label is None:
            continue
        measure = sheet.text(row, 2) if several else ""
        if measure not in measures:
            sheet.fault(row, 2, f"区分「{measure}」は読めません", f"{'、'.join(measures)} のどれかにしてください")
            continue
        if (label, measure) in seen:
            remedy = f"{seen[label, measure]} 行目にもあります。どちらかを直すか消してください"
            sheet.fault(row, 1, f"「{label}」が二度出てきます", remedy)
            continue
        seen[label, measure] = row
        yield _row(sheet, table, row, label, measure, columns)
    for label in wanted:
        for measure in measures:
            if (label, measure) not in seen:
                name = f"「{label}」{measure}".strip()
                sheet.lack(
                    head,
                    1,
                    f"行{name}",
                    f"{name}の行がありません",
                    "行を消した場合は戻してください（数値がまだなら空欄のままで構いません）",
                )


def _find_head(sheet: _Sheet, corner: str) -> int | None:
    return next((row for row in sheet.filled_rows if sheet.text(row, 1) == _plain(corner)), None)


def _columns(sheet: _Sheet, table: Table, head: int, leading: set[str]) -> dict[str, int]:
    """Column numbers by column name, found by group and heading wherever they stand."""
    last = sheet.last_column(range(head, head + 1 + table.has_groups))
    found: dict[tuple[str, str], int] = {}
    for column in range(1, last + 1):
        group = sheet.text(head, column) if table.has_groups else ""
        text = sheet.text(head + table.has_groups, column)
        key = ("" if group == text else group, text)
        if text and text not in map(_plain, leading):
            if key in found:
                name = "".join(key)
                sheet.fault(head, column, f"列「{name}」が二つあります", "どちらかの見出しを直すか、列を消してください")
            found[key] = column
    columns: dict[str, int] = {}
    for spec in table.columns:
        key = (_plain(spec.group), _plain(spec.heading))
        if key in found:
            columns[spec.name] = found.pop(key)
        elif spec.typed:
            heading = f"{spec.group}／{spec.heading}" if spec.group else spec.heading
            spare = "、".join("／".join(filter(None, key)) for key in found) or "なし"
            sheet.lack(
                head,
                1,
                f"列「{heading}」",
                f"列「{heading}」がありません",
                f"見出しを「{heading}」に戻してください。対応の分からない列：{spare}",
            )
    return columns


def _label(sheet: _Sheet, row: int, table: Table, year: FiscalYear) -> str | None:
    """The label of a row that is to be read; None for totals, notes and what stands beside the table."""
    raw = sheet.value(row, 1)
    typed = _plain(str(raw)) if raw is not None else ""
    if isinstance(raw, datetime.datetime | datetime.date):
        shown = f"{raw:%Y-%m-%d}"
        sheet.fault(
            row,
            1,
            f"月が日付（{shown}）に変わっています",
            "セルの書式を「文字列」にして、R5.4 のように入力し直してください",
        )
        return None
    known = {_plain(name): name for name in table.rows}
    if typed in known:
        return known[typed]
    if typed in _TOTAL_LABELS or _NOTE.match(typed) or (typed and typed == _plain(table.total_label)):
        return None
    if not typed:
        if any(sheet.value(row, column) is not None for column in range(2, 2 + len(table.columns))):
            sheet.fault(row, 1, "見出しのない行に値があります", "行の左端に月や項目名を書くか、値を消してください")
        return None
    if table.shape != "monthly":
        sheet.fault(
            row, 1, f"「{typed}」という行はこの表にありません", f"{'、'.join(table.rows)} のどれかにしてください"
        )
        return None
    named = _fiscal_year(typed)
    if not table.has_months(year):
        if named == year:
            return year.short
    else:
        if named == year:
            return None
        if (match := _MONTH.fullmatch(typed)) and (month := _month_of(typed, int(match[1]), year)):
            return month
    example = "、".join(table.period_labels(year)[:2])
    sheet.fault(row, 1, f"「{typed}」は{year.label}の月や年度として読めません", f"{example} のように書いてください")
    return None


def _month_of(typed: str, number: int, year: FiscalYear) -> str | None:
    """R5.4, 令和5年4月, 2023/4 or 4月: the month's label, if it belongs to the year."""
    for month in year.months:
        if month.month == number:
            era, nth = month.label.split(".")[0][0], month.label.split(".")[0][1:]
            name = {"R": "令和", "H": "平成"}[era]
            starts = {f"{era}{nth}", f"{name}{nth}", str(month.year)} | (
                {f"{era}元", f"{name}元"} if nth == "1" else set()
            )
            prefix = re.split(r"[./年]", typed)[0] if re.search(r"[./年]", typed) else None
            return month.label if prefix is None or prefix.upper() in starts else None
    return None


def _fiscal_year(typed: str) -> FiscalYear | None:
    try:
        return FiscalYear(typed.removesuffix("合計"))
    except InputError:
        return None


def _row(sheet: _Sheet, table: Table, row: int, label: str, measure: str, columns: Mapping[str, int]) -> Row:
    values: dict[str, Value] = {}
    cells: dict[str, str] = {}
    empty: list[str] = []
    numbers = 0
    for column in table.typed_columns:
        if column.name not in columns:
            continue
        number = columns[column.name]
        cells[column.name] = place(row, number)
        if column.text:
            values[column.name] = _text(sheet, row, number)
            continue
        faults = len(sheet.faults)
        values[column.name] = _count(sheet, row, number)
        numbers += 1
        if values[column.name] is None and len(sheet.faults) == faults:
            empty.append(column.name)
    if table.blank is not None:
        if len(empty) < numbers:  # else nobody has been at this row: what it means depends on the months after it
            values |= dict.fromkeys(empty, table.blank)
    elif 0 < len(empty) < numbers:
        for name in empty:
            what, remedy = f"「{label}」の「{name}」が空欄です", "0 件なら 0、該当しないなら － と入力してください"
            sheet.lack(row, columns[name], "", what, remedy)
    return Row(label, values, measure, cells)


def _count(sheet: _Sheet, row: int, column: int) -> Value:
    """A count, 「－」 or nothing; anything else becomes a fault."""
    return _read_cell(sheet, row, column, count)


def _text(sheet: _Sheet, row: int, column: int) -> Value:
    """Words or nothing; anything else becomes a fault."""
    return _read_cell(sheet, row, column, words)


def _read_cell(sheet: _Sheet, row: int, column: int, read: Callable[[Cell], Value]) -> Value:
    """A cell that is typed into; what is merged there would be read more than once, or not at all."""
    if area := sheet.sheet.area(row, column):
        sheet.fault(
            row, column, f"入力するセルが結合されています（{area}）", "結合を解いて、それぞれに入力してください"
        )
        return None
    cell = sheet.sheet.cell(row, column)
    try:
        return read(cell) if cell else None
    except Unreadable as error:
        sheet.fault(row, column, error.what, error.remedy)
        return None


def _events(sheet: _Sheet) -> Iterator[Row]:
    head = _find_head(sheet, EVENT_COLUMNS[0])
    if head is None or sheet.text(head, 2) != EVENT_COLUMNS[1]:
        sheet.fault(
            1, 1, "見出し「日付」「内容」の行がありません", "表の左上に「日付」、その右に「内容」と書いてください"
        )
        return
    for row in sheet.filled_rows:
        if row <= head:
            continue
        faults = len(sheet.faults)
        values = {name: _text(sheet, row, column) for column, name in enumerate(EVENT_COLUMNS, start=1)}
        cells = {name: place(row, column) for column, name in enumerate(EVENT_COLUMNS, start=1)}
        if values["日付"] is None and values["内容"] is None:
            continue
        if isinstance(values["日付"], str) and _NOTE.match(values["日付"]) and values["内容"] is None:
            continue
        for column, name in enumerate(EVENT_COLUMNS, start=1):
            if values[name] is None and len(sheet.faults) == faults:
                sheet.fault(row, column, f"「{name}」が空欄です", "日付と内容の両方を入力してください")
        yield Row(str(row), values, cells=cells)


def _single_figures(sheet: _Sheet, tables: list[Table]) -> dict[str, tuple[Row, ...]]:
    head = next(
        (row for row in sheet.filled_rows if [sheet.text(row, c) for c in (1, 2, 3)] == list(VALUES_HEADINGS[:3])),
        None,
    )
    if head is None:
        sheet.fault(1, 1, f"見出し「{'」「'.join(VALUES_HEADINGS)}」の行がありません", "見出しの行を戻してください")
        return {}
    wanted = {(table.id, _plain(item.name)): item.name for table in tables for item in table.typed_items}
    found: dict[tuple[str, str], Row] = {}
    for row in sheet.filled_rows:
        table_name, item = (sheet.text(row, column) for column in (1, 2))
        if row <= head or not (table_name or item) or _NOTE.match(table_name):
            continue
        key = (
            next((table.id for table in tables if table_name in (_plain(f"{table.id} {table.title}"), table.id)), ""),
            item,
        )
        if key not in wanted:
            sheet.fault(
                row, 2, f"「{table_name}」「{item}」という項目はありません", "項目名を元に戻すか、行を消してください"
            )
        elif key in found:
            sheet.fault(row, 2, f"「{item}」が二度出てきます", "どちらかを消してください")
        else:
            found[key] = Row(wanted[key], {"値": _count(sheet, row, 3)}, cells={"値": f"C{row}"})
    for table_id, plain in wanted.keys() - found.keys():
        name = wanted[table_id, plain]
        sheet.lack(
            head,
            2,
            f"行「{name}」",
            f"{table_id} の「{name}」の行がありません",
            "行を戻してください（数値がまだなら空欄のままで構いません）",
        )
    order = {table.id: [found.get((table.id, _plain(item.name))) for item in table.typed_items] for table in tables}
    return {table_id: tuple(row for row in rows if row) for table_id, rows in order.items()}


def _plain(text: str) -> str:
    """A label without its accidents: width, spaces and line breaks of every kind."""
    return re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", text)).replace("~", "～")
