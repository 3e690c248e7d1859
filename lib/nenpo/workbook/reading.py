"""Reads ``statistics.xlsx``: tolerant of what people type, strict about what a number is; all faults of a file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import product
from pathlib import Path

from nenpo.dictionary import Dictionary
from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear
from nenpo.records import Row, Value, YearRecords
from nenpo.table import LISTS, VALUES_SHEET, Table
from nenpo.workbook.blocks import keep_block, keep_only_block, set_upright
from nenpo.workbook.book import Book, Lack, ReadSheet, in_file, plain, through
from nenpo.workbook.cells import Area
from nenpo.workbook.headings import find_headings, tell_headings, with_alike
from nenpo.workbook.labels import NOTE, Labels, days_of, entry_labels, is_whole
from nenpo.workbook.sums_typed import note_sums
from nenpo.workbook.units_told import tell_units
from nenpo.workbook.values import Kind, Unreadable, kind_of, number, shortened
from nenpo.workbook.writing import MEASURE_HEADING, VALUES_HEADINGS, corner_of

# What is done about a row that is not there.
_RESTORE = "行を消した場合は戻してください（数値がまだなら空欄のままで構いません）"


def read_workbook(path: Path, dictionary: Dictionary, year: FiscalYear) -> YearRecords:
    """Read the year's workbook. Raises InputError with every fault: file, sheet, cell, value and remedy of each."""
    records, lacking = _read(path, dictionary, year)
    if needed := [row for row in lacking if not row.spared]:
        raise InputError([in_file(path, row.fault) for row in needed])
    return records


def survey_workbook(path: Path, dictionary: Dictionary, year: FiscalYear) -> tuple[YearRecords, list[str]]:
    """What a year's workbook holds so far, and the names of the sheets, columns and rows that the dictionary has and it has not.
    Raises InputError for what cannot be read."""
    records, lacking = _read(path, dictionary, year)
    return records, [row.name for row in lacking if row.name]


def _read(path: Path, dictionary: Dictionary, year: FiscalYear) -> tuple[YearRecords, list[Lack]]:
    """The records and what they lack. Raises InputError with what cannot be read and with what is lacking, all together."""
    return through(path, lambda sheets: _records(Book(path, sheets), dictionary, year))


def _records(book: Book, dictionary: Dictionary, year: FiscalYear) -> tuple[YearRecords, list[Lack]]:
    tables: dict[str, tuple[Row, ...]] = {}
    single: list[Table] = []
    repeated: dict[str, tuple[Row, ...]] = {}
    taken: dict[str, set[Area]] = {}
    for table in dictionary.kept(year):
        if table.shape == "values":
            single += [table] if table.typed_items else []
            tables[table.id] = ()
        elif sheet := _sheet_of(table, book, dictionary, year, taken):
            rows = _entries(sheet, table, year) if table.shape == "events" else _rows(sheet, table, year)
            elsewhere = "" if plain(sheet.name) == plain(table.sheet) else sheet.name
            tables[table.id] = tuple(replace(row, sheet=elsewhere) if elsewhere else row for row in rows)
            repeated |= {table.id: tuple(sheet.repeated)} if sheet.repeated else {}
    if single and (sheet := book.sheet(VALUES_SHEET)):
        tables.update(_single_figures(sheet, single))
    lists: dict[str, tuple[Row, ...]] = {}
    for name, columns in LISTS.items():
        if name in book and (sheet := book.sheet(name)) and (rows := tuple(_listed(sheet, columns))):
            lists[name] = rows
    lacking, notices = book.settled(year)
    return YearRecords(year, _blanks_told(tables, dictionary, year), lists, notices, repeated), lacking


def _sheet_of(
    table: Table, book: Book, dictionary: Dictionary, year: FiscalYear, taken: dict[str, set[Area]]
) -> ReadSheet | None:
    """The sheet of a table, or its block where several stand on one: a form that we made has a sheet for each."""
    if not dictionary.shares_sheet(table):
        return book.sheet(*dictionary.sheet_names(table))
    sheet = book.sheet(table.sheet if table.sheet in book else table.own_sheet)
    if sheet and table.sheet in book:
        corner = "" if table.shape == "events" else corner_of(table, year)
        tables = sum(other.sheet == table.sheet for other in dictionary.kept(year))
        keep_block(sheet, table, year, corner, taken.setdefault(sheet.name, set()), tables)
    return sheet


def _listed(sheet: ReadSheet, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a sheet of words, by the names of its columns wherever they stand."""
    wanted = {plain(name): name for name in columns}
    for head in sheet.filled_rows:
        width = sheet.last_column(range(head, head + 1))
        headed = {wanted.get(sheet.text(head, at)): at for at in range(1, width + 1)}
        if all(name in headed for name in columns):
            break
    else:
        heads = "」「".join(columns)
        sheet.fault(1, 1, f"見出し「{heads}」の行がありません", "見出しの行を戻してください")
        return
    for row in sheet.filled_rows:
        values = {name: sheet.words(row, headed[name]) for name in columns} if row > head else {}
        if any(value is not None for value in values.values()):
            yield Row(str(row), values, cells={name: sheet.sheet.place(row, headed[name]) for name in columns})


def _blanks_told(
    tables: Mapping[str, tuple[Row, ...]], dictionary: Dictionary, year: FiscalYear
) -> dict[str, tuple[Row, ...]]:
    """Where an empty cell has a meaning, an empty row has it too, in every month that the year has come to: later months
    are not zero but not yet there."""
    filled = {
        table_id: [row.label for row in rows if any(value is not None for value in row.values.values())]
        for table_id, rows in tables.items()
    }
    come = max((dictionary[table_id].months_until(year, labels) for table_id, labels in filled.items()), default=0)
    return {
        table_id: tuple(
            replace(row, values={name: blank if value is None else value for name, value in row.values.items()})
            if (blank := dictionary[table_id].blank) is not None
            and dictionary[table_id].months_until(year, [row.label]) <= come
            else row
            for row in rows
        )
        for table_id, rows in tables.items()
    }


def _rows(sheet: ReadSheet, table: Table, year: FiscalYear) -> Sequence[Row]:
    """The rows of a table that is typed row by row."""
    corner = corner_of(table, year)
    headings, labels = set_upright(sheet, table, year, corner)
    is_twice = labels is not None and labels.are_twice and len(table.measures) == 1
    if is_twice and keep_only_block(sheet, table, year, corner):
        headings, labels = set_upright(sheet, table, year, corner)
    if headings is None or labels is None:
        heads = "」「".join(column.heading for column in table.columns if column.typed)
        sheet.fault(
            1, 1, f"見出し「{heads}」の行がありません", f"左上に「{corner}」、その右に列の見出しを書いてください"
        )
        return ()
    headings = with_alike(sheet, table, headings, year)
    labels.take_alike()
    tell_headings(sheet, table, headings, year)
    tell_units(sheet, table, headings)
    columns, head = headings.columns, headings.row
    several = len(table.measures) > 1 and sheet.text(head, 2) == plain(MEASURE_HEADING)
    if several:
        labels = Labels(sheet, table, year, labels.rows, 2)
    measures = [measure.name for measure in table.measures]
    seen: dict[tuple[str, str], int] = {}
    whole: list[int] = []
    rows: list[Row] = []
    for row in labels.rows:
        if is_whole(labels.name(row), table, year):
            whole.append(row)
            continue
        label = labels.of(row)
        if label is None:
            continue
        measure = sheet.text(row, 2) if several else measures[0]
        if measure not in measures:
            what = f"区分「{shortened(measure)}」は読めません"
            sheet.fault(row, 2, what, f"{'、'.join(measures)} のどれかにしてください")
            continue
        if (label, measure) in seen:
            remedy = f"{sheet.sheet.row_name(seen[label, measure])}にもあります。どちらかを直すか消してください"
            sheet.fault(row, 1, f"「{label}」が二度出てきます", remedy)
            continue
        seen[label, measure] = row
        rows.append(_row(sheet, table, row, label, measure, columns))
    _tell_missing(sheet, table, year, seen, head, several)
    sheet.repeated += _repeated(sheet, table, year, labels, columns)
    note_sums(sheet, table, year, rows, seen, whole, columns)
    return rows


def _repeated(
    sheet: ReadSheet, table: Table, year: FiscalYear, labels: Labels, columns: Mapping[str, int]
) -> Iterator[Row]:
    """The rows of years before, of which others have the figures: as far as they can be read; which they are is noted."""
    if rows := labels.of_earlier_years:
        first, *_, last = [*rows.values()] * 2
        which = f"{first}の行" if len(rows) == 1 else f"{first}から{last}までの行"
        is_first = year == table.since and not table.has_months(year)
        asked = "（載せるときは、最初の年を years_since に書きます）" if is_first else ""
        what = f"{which}は、前の年のものなので読んでいません{asked}"
        sheet.note(sheet.sheet.place(min(rows), labels.column), what)
        for row, label in rows.items():
            yield Row(
                label,
                _numbers(sheet, table, row, columns),
                cells={name: sheet.sheet.place(row, at) for name, at in columns.items()},
            )


def _numbers(sheet: ReadSheet, table: Table, row: int, columns: Mapping[str, int]) -> dict[str, Value]:
    """The numbers of a row that can be read."""
    values: dict[str, Value] = {}
    for column in table.typed_columns:
        cell = sheet.sheet.cell(row, columns[column.name]) if column.name in columns and not column.text else None
        with suppress(Unreadable):
            values |= {column.name: number(cell, kind_of(table, column))} if cell else {}
    return values


def _tell_missing(
    sheet: ReadSheet, table: Table, year: FiscalYear, seen: Mapping[tuple[str, str], int], head: int, several: bool
) -> None:
    """Tell of the rows that a sheet lacks."""
    measures = [measure.name for measure in table.measures]
    for label, measure in product(table.period_labels(year) if table.shape == "monthly" else table.rows, measures):
        if (label, measure) not in seen:
            name = f"「{label}」{measure}".strip()
            sheet.lack(
                head,
                1,
                f"行{name}",
                f"{name}の行がありません",
                _RESTORE,
                spared=bool(measure) and not several and measure != measures[0],  # there was but one figure then
            )


def _row(sheet: ReadSheet, table: Table, row: int, label: str, measure: str, columns: Mapping[str, int]) -> Row:
    values: dict[str, Value] = {}
    cells: dict[str, str] = {}
    empty: list[str] = []
    numbers = 0
    for column in table.typed_columns:
        if column.name not in columns:
            continue
        at = columns[column.name]
        cells[column.name] = sheet.sheet.place(row, at)
        if column.text:
            values[column.name] = sheet.words(row, at)
            continue
        faults = len(sheet.faults)
        values[column.name] = sheet.number(row, at, kind_of(table, column))
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


def _entries(sheet: ReadSheet, table: Table, year: FiscalYear) -> Iterator[Row]:
    columns = table.on_sheet
    first, *others = columns
    headings = find_headings(sheet, table, year)
    if headings is None or first.name not in headings.columns or (others and len(headings.columns) == 1):
        heads = "".join(f"「{column.heading}」" for column in columns)
        rest = "」「".join(column.heading for column in others)
        remedy = f"表の左上に「{first.heading}」" + (f"、その右に「{rest}」" if rest else "") + "と書いてください"
        sheet.fault(1, 1, f"見出し{heads}の行がありません", remedy)
        return
    headings = with_alike(sheet, table, headings, year)
    tell_headings(sheet, table, headings, year)
    tell_units(sheet, table, headings)
    places = headings.columns
    below = [row for row in sheet.filled_rows if row > headings.last]
    days = {at: days_of([sheet.value(row, at) for row in below], year) for at in places.values()}
    said: dict[int, list[str]] = {}  # in words, by the row
    for (row, _), cell in sheet.sheet.cells.items():
        if isinstance(cell.value, str):
            said.setdefault(row, []).append(plain(cell.value))
    entries: dict[int, dict[str, Value]] = {}
    for row in below:
        words = said.get(row, [])
        if words and all(is_whole(word, table, year) for word in words):
            sheet.note(sheet.sheet.place(row, places[first.name]), f"「{words[0]}」の行は計なので読んでいません")
            continue
        faults = len(sheet.faults)
        values = {
            column.name: sheet.words(row, at, days[at])
            if column.text
            else sheet.number(row, at, kind_of(table, column))
            for column in columns
            if (at := places.get(column.name))
        }
        filled = [name for name, value in values.items() if value is not None]
        label = values.get(first.name)
        if not filled or (filled == [first.name] and isinstance(label, str) and NOTE.match(label)):
            continue
        for name in values.keys() - set(filled) if len(sheet.faults) == faults else ():
            both = (
                "日付と内容の両方を入力してください" if len(columns) == 2 else "入力してください（該当しないなら －）"
            )
            sheet.fault(row, places[name], f"「{name}」が空欄です", both)
        entries[row] = values
    for label, (row, values) in zip(entry_labels(table, [*entries.values()]), entries.items(), strict=True):
        yield Row(label or str(row), values, cells={name: sheet.sheet.place(row, at) for name, at in places.items()})


def _single_figures(sheet: ReadSheet, tables: list[Table]) -> dict[str, tuple[Row, ...]]:
    head = next(
        (row for row in sheet.filled_rows if [sheet.text(row, c) for c in (1, 2, 3)] == list(VALUES_HEADINGS[:3])),
        None,
    )
    if head is None:
        sheet.fault(1, 1, f"見出し「{'」「'.join(VALUES_HEADINGS)}」の行がありません", "見出しの行を戻してください")
        return {}
    items = [(table, item, (table.id, plain(item.name))) for table in tables for item in table.typed_items]
    wanted = {key: item.name for _, item, key in items}
    older = {
        (table.id, plain(table.renamed[item.name])): key for table, item, key in items if item.name in table.renamed
    }
    kinds = {key: Kind(item.decimals, item.signed, item.unit or table.unit) for table, item, key in items}
    found: dict[tuple[str, str], Row] = {}
    for row in sheet.filled_rows:
        table_name, item = (sheet.text(row, column) for column in (1, 2))
        if row <= head or not (table_name or item) or NOTE.match(table_name):
            continue
        key = (
            next(
                (table.id for table in tables if table_name in (plain(f"{table.id} {table.title}"), plain(table.id))),
                "",
            ),
            item,
        )
        key = key if key in wanted else older.get(key, key)
        if key not in wanted:
            what = f"「{shortened(table_name)}」「{shortened(item)}」という項目はありません"
            sheet.fault(row, 2, what, "項目名を元に戻すか、行を消してください")
        elif key in found:
            sheet.fault(row, 2, f"「{item}」が二度出てきます", "どちらかを消してください")
        else:
            found[key] = Row(wanted[key], {"値": sheet.number(row, 3, kinds[key])}, cells={"値": f"C{row}"})
    for table_id, item in wanted.keys() - found.keys():
        name = wanted[table_id, item]
        sheet.lack(head, 2, f"行「{name}」", f"{table_id} の「{name}」の行がありません", _RESTORE)
    order = {table.id: [found.get((table.id, plain(item.name))) for item in table.typed_items] for table in tables}
    return {table_id: tuple(row for row in rows if row) for table_id, rows in order.items()}
