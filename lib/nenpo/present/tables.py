"""Tables of the dictionary as they are shown: what each says, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from nenpo.dictionary import Rate
from nenpo.facts import SHARE
from nenpo.figures import Figures
from nenpo.japanese.years import FiscalYear
from nenpo.present.printed import percent, share_in_words, shown
from nenpo.present.views import BodyRow, Head, TableView
from nenpo.records import HIDDEN, UNKNOWN, Number, Value
from nenpo.sums import TableFigures, has_any
from nenpo.table import Column, Table

HIDDEN_NOTE = "X は、少ない人数などのため秘匿した数値（ほかの数値から計算できないよう、あわせて秘匿したものを含む）"
_MARK_NOTES = {HIDDEN: HIDDEN_NOTE, UNKNOWN: "… は、分からない数値"}
ROUNDED_NOTE = "数は一つずつ丸めているため、合計と内訳の和は一致しないことがあります。"


def absent(table: Table, year: FiscalYear) -> str:
    """The sentence that stands in place of a table that was not kept yet in that year."""
    return f"「{table.title}」は{table.since.label}から記録しているため、{year.label}の数値はありません。"


def empty(table: Table, year: FiscalYear) -> str:
    """The sentence that stands in place of a table in which nothing has been filled in."""
    what = "記録" if table.shape == "events" else "数値"
    return f"「{table.title}」の{year.label}の{what}はまだありません。"


def table_view(table: Table, figures: Figures, year: FiscalYear) -> TableView:
    """The view of a table for a fiscal year that keeps it."""
    own = figures.table(table.id, year)
    assert own is not None, f"{table.id} is not kept in {year.code}"
    builder = {"monthly": _monthly, "cross": _cross, "matrix": _matrix, "values": _values, "events": _events}
    view = builder[table.shape](table, figures, own, year)
    if figures.is_rounded(table.id):
        view = replace(view, notes=(*view.notes, ROUNDED_NOTE))
    cells = {cell for row in view.rows for cell in row.cells}
    notes = (
        note
        for mark, note in _MARK_NOTES.items()
        if cells & {mark.value + unit for unit in ("", *table.counted.values())}
    )
    return replace(view, notes=(*view.notes, *notes))


def _monthly(table: Table, figures: Figures, own: TableFigures, year: FiscalYear) -> TableView:
    measures = table.measures
    columns, left_out = _columns_shown(table, own)
    several = len(measures) > 1
    is_withheld = _is_withheld(own)
    corner = year.word if is_withheld or not own.rows else "四半期" if table.is_quarterly else "年月"
    stubs = [Head(corner), *([Head("区分")] if several else [])]
    rows: list[BodyRow] = []
    for (label, measure), values in () if is_withheld else own.rows.items():
        labels = (label if measure == measures[0].name else None, measure) if several else (label,)
        rows.append(BodyRow("month", labels, _cells(columns, values), facts=_facts(table, columns, measure, label)))
    count = figures.reached(table.id, year)
    periods = list(_periods(table, figures, year, count))
    for kept, months in reversed(periods) if table.ascending else periods:
        yearly = figures.until(table.id, kept, months)
        assert yearly is not None
        part = (
            kept.until(count) if months == count else ""
        )  # of the year's own months, or of the same ones a year before
        name = table.total_label if table.total_label and own.rows and kept == year else kept.short
        name += f"（{part}）" if part else ""
        for number, kind in enumerate(measures):
            values = yearly[kind.name]
            labels = (name if number == 0 else None, kind.name) if several else (name,)
            named = kept == year or months == len(kept.months)  # no path means the same months of a year before
            facts = _facts(table, columns, kind.name, kept.code) if named else ("",) * len(columns)
            of_year = "year" if table.periods else "row"  # the whole of rows, or one of them
            rows.append(BodyRow(of_year, labels, _cells(columns, values), facts=facts))
            if table.shares:
                whole = values.get(table.shares)
                cells = tuple(percent(values.get(column.name), whole) for column in columns)
                facts = tuple(f"{fact}/{SHARE}" if fact else "" for fact in facts)
                rows.append(BodyRow("share", (SHARE,), cells, f"{name}の", facts))
    notes = [table.note] if table.note else []
    if is_withheld:
        notes.append(f"{year.word}の数値だけを公表しています。")
    if left_out:
        notes.append(f"次の品目は支給がなく、すべて 0 のため列を省いています：{'、'.join(left_out)}")
    if not own.rows and table.months_since:
        notes.append(f"月別の数値は{table.months_since.label}から記録しているため、{year.word}の合計だけを示します。")
    return TableView(
        f"tbl-{table.id}",
        _caption(table),
        _heads(stubs, table, columns),
        tuple(rows),
        table.common_unit or table.unit,
        len(stubs),
        _words(columns),
        tuple(notes),
    )


def _is_withheld(own: TableFigures) -> bool:
    """Whether no figure of any row may be seen."""
    values = [value for row in own.rows.values() for value in row.values()]
    return HIDDEN in values and not any(isinstance(value, Number) for value in values)


def _periods(table: Table, figures: Figures, year: FiscalYear, count: int) -> Iterator[tuple[FiscalYear, int]]:
    """The years that a table shows, each with the months that are added up: where the year is not over, what has come of
    it, the same months of the year before, then the years that are whole."""
    for kept in figures.kept_years(table, year):
        if (
            table.periods == 0
            and kept != figures.kept_years(table, year)[-1]
            and not _any_of(figures.table(table.id, kept))
        ):
            continue  # a year is a row, and nothing is known of it yet
        if kept == year.previous and 0 < count < len(kept.months) and figures.until(table.id, kept, count):
            yield kept, count
        yield kept, count if kept == year else len(kept.months)


def _any_of(own: TableFigures | None) -> bool:
    """Whether a year of a table has any figure."""
    return own is not None and any(map(has_any, own.year.values()))


def _facts(table: Table, columns: Sequence[Column], measure: str, *row: str) -> tuple[str, ...]:
    """The paths of a row's cells."""
    of = f"{measure}の" if measure else ""
    return tuple("" if column.text else "/".join((table.id, of + column.name, *row)) for column in columns)


def _columns_shown(table: Table, own: TableFigures) -> tuple[tuple[Column, ...], list[str]]:
    """The columns to print. Where an empty cell means 0 and most columns are empty all year, those are named in a note
    instead of printing a desert."""
    whole = () if own.rows else own.year.values()
    printed = {name for row in (*own.rows.values(), *whole) for name, value in row.items() if value is not None}
    columns = tuple(column for column in table.columns if not column.text or column.name in printed)
    if table.blank is None:
        return columns, []
    empty = [column for column in columns if all(not own.year[measure.name][column.name] for measure in table.measures)]
    if 2 * len(empty) <= len(columns):
        return columns, []
    return tuple(column for column in columns if column not in empty), [column.name for column in empty]


def _words(columns: Sequence[Column]) -> frozenset[int]:
    """The columns that hold text, from 0."""
    return frozenset(number for number, column in enumerate(columns) if column.text)


def _cells(columns: Sequence[Column], values: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(shown(values.get(column.name)) for column in columns)


def _heads(stubs: list[Head], table: Table, columns: Sequence[Column]) -> tuple[tuple[Head, ...], ...]:
    """One header row, or two where columns are grouped; where units differ, each column has its own."""
    label = {column: _head(table, column) for column in columns}
    if not any(column.group for column in columns):
        return ((*stubs, *(Head(label[column]) for column in columns)),)
    top = [Head(stub.text, stub.columns, 2) for stub in stubs]
    bottom: list[Head] = []
    for group, members in _runs(columns):
        if group:
            top.append(Head(group, columns=len(members)))
            bottom += [Head(label[column]) for column in members]
        else:
            top += [Head(label[column], rows=2) for column in members]
    return (tuple(top), tuple(bottom))


def _head(table: Table, column: Column) -> str:
    text, unit = column.label or column.name, "" if column.text else column.unit
    return f"{text}|（{unit}）" if unit and not table.common_unit and f"（{unit}）" not in text else text


def _runs(columns: Sequence[Column]) -> Iterator[tuple[str, list[Column]]]:
    """Neighbouring columns of the same group."""
    run: list[Column] = []
    for column in columns:
        if run and column.group != run[0].group:
            yield run[0].group, run
            run = []
        run.append(column)
    yield run[0].group, run


def _cross(table: Table, figures: Figures, own: TableFigures, year: FiscalYear) -> TableView:
    """Counts, each with its share of a whole: of N, the number of people of the column in the base table; of its row; or of its
    column."""
    based = bool(table.base)
    sizes = {column.name: figures.whole_of(table, column.name, "", year) for column in table.columns}
    counted, part = ("件数", "割合") if based else (f"{table.unit}数" if table.unit in ("人", "件") else "数", SHARE)
    head = (
        (
            Head(table.corner, rows=2 + based),
            *(Head(column.label or column.name, columns=2) for column in table.columns),
        ),
        *[tuple(Head(f"N={shown(sizes[column.name])}人", columns=2) for column in table.columns)] * based,
        tuple(Head(text) for _ in table.columns for text in (counted, part)),
    )
    decimals = (0 if based else 1) if table.share_decimals is None else table.share_decimals
    rows = []
    whole = [("", own.year[""])] if table.total_label else []
    for label, values in [*((label, values) for (label, _), values in own.rows.items()), *whole]:
        cells: list[str] = []
        for column in table.columns:
            value, of = values[column.name], figures.whole_of(table, column.name, label, year)
            printed = percent(value, of, decimals) if table.total_label else share_in_words(value, of, decimals)
            cells += [shown(value), printed]
        paths = _facts(table, table.columns, "", *[label] * bool(label), year.code)
        facts = tuple(path for fact in paths for path in (fact, f"{fact}/{SHARE}"))
        rows.append(BodyRow("row" if label else "total", (label or table.total_label,), tuple(cells), facts=facts))
    notes = (f"{table.base_label}。割合＝件数÷N",) if based else (table.note,) if table.note else ()
    return TableView(f"tbl-{table.id}", _caption(table), head, tuple(rows), table.unit, notes=notes)


def rates_view(section: str, rates: Sequence[Rate], figures: Figures, years: Sequence[FiscalYear]) -> TableView:
    """A section's rates over the years, newest first."""
    units = {rate.unit for rate in rates}
    head = (
        Head(years[0].word),
        *(Head(rate.name if len(units) == 1 else f"{rate.name}（{rate.unit}）") for rate in rates),
    )
    rows = tuple(
        BodyRow(
            "row",
            (_to_date(rates, figures, year),),
            tuple(shown(figures.rate(rate, year)) for rate in rates),
            facts=tuple(f"{section}/{rate.name}/{year.code}" for rate in rates),
        )
        for year in years
    )
    notes = tuple(f"{rate.name}＝{rate.note}" for rate in rates if rate.note)
    unit = units.pop() if len(units) == 1 else ""
    caption = f"{'・'.join(rate.name for rate in rates)}の推移"
    return TableView(f"tbl-{section}-rates", caption, (head,), rows, unit, notes=notes, compact=True)


def _to_date(rates: Sequence[Rate], figures: Figures, year: FiscalYear) -> str:
    tables = {figure.partition("/")[0] for rate in rates for figure in (rate.numerator, rate.denominator)}
    part = year.until(min(figures.reached(table_id, year) for table_id in tables))
    return year.short + (f"（{part}）" if part else "")


def _matrix(table: Table, figures: Figures, own: TableFigures, year: FiscalYear) -> TableView:
    columns = table.columns
    subtotals = {group.subtotal for group in table.groups}
    rows: list[BodyRow] = []
    for (label, _), values in own.rows.items():
        kind = "total" if label in subtotals else "row"
        facts = _facts(table, columns, "", label, year.code)
        rows.append(BodyRow(kind, _in_group(table, label), _cells(columns, values), facts=facts))
    if table.total_label:
        facts = _facts(table, columns, "", year.code)
        rows.append(BodyRow("total", (table.total_label,), _cells(columns, own.year[""]), facts=facts))
    return TableView(
        f"tbl-{table.id}",
        _caption(table),
        _heads([Head(table.corner, columns=1 + bool(table.groups))], table, columns),
        tuple(rows),
        table.common_unit or table.unit,
        1 + bool(table.groups),
        words=_words(columns),
        notes=(table.note,) if table.note else (),
        compact=True,
    )


def _in_group(table: Table, label: str) -> tuple[str | None, ...]:
    """The labels of a row: of its group too, which stands beside its first row, and is not repeated in the row's name."""
    group = next((group for group in table.groups if label in (*group.rows, group.subtotal)), None)
    if group is None:
        return (label,)
    return (group.name if label == group.rows[0] else None, label.removeprefix(group.name).strip() or label)


def _values(table: Table, figures: Figures, own: TableFigures, year: FiscalYear) -> TableView:
    cells = []
    for item in table.items:
        value = figures.single(table.id, item.name, year)
        cells.append(f"{shown(value)}{item.unit or table.unit}" if isinstance(value, Number) else shown(value))
    facts = tuple(f"{table.id}/{item.name}/{year.code}" for item in table.items)
    row = BodyRow("row", (year.short,), tuple(cells), facts=facts)
    head = (Head(year.word), *(Head(item.name) for item in table.items))
    return TableView(f"tbl-{table.id}", _caption(table), (head,), (row,), compact=True)


def _events(table: Table, figures: Figures, own: TableFigures, year: FiscalYear) -> TableView:
    first, *columns = table.columns
    rows = []
    for (label, _), values in own.rows.items():
        facts = _facts(table, columns, "", label, year.code)
        rows.append(BodyRow("row", (shown(values.get(first.name)),), _cells(columns, values), facts=facts))
    if table.total_label:
        facts = _facts(table, columns, "", year.code)
        rows.append(BodyRow("total", (table.total_label,), _cells(columns, own.year[""]), facts=facts))
    head = _heads([Head(first.label or first.name)], table, columns)
    notes = (table.note,) if table.note else ()
    return TableView(
        f"tbl-{table.id}", _caption(table), head, tuple(rows), table.common_unit, words=_words(columns), notes=notes
    )


def _caption(table: Table) -> str:
    number = table.id.replace("-", "－")
    return f"表{number}　{table.title}"
