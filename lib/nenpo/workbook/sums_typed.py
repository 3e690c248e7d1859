"""Sums that somebody typed, held against what their parts come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nenpo.japanese.years import FiscalYear
from nenpo.records import Number, Row, Value, mark_of
from nenpo.sums import completed, table_figures
from nenpo.table import Table
from nenpo.workbook.book import ReadSheet
from nenpo.workbook.values import Kind, Unreadable, kind_of, number


def note_sums(
    sheet: ReadSheet,
    table: Table,
    year: FiscalYear,
    rows: Sequence[Row],
    typed: Mapping[tuple[str, str], int],
    whole: Sequence[int],
    columns: Mapping[str, int],
) -> None:
    """Note sums in Excel, of a row and of the whole table, that are others than those computed from what was typed."""
    figures = table_figures(table, year, rows)
    sums = [column for column in table.columns if column.sum]
    for row in rows:
        values = completed(table, row.values)
        for column in sums:
            at, name = typed[row.label, row.measure], f"{row.label} の「{column.name}」"
            _note_sum(sheet, at, columns.get(column.name), values[column.name], name, kind_of(table, column))
    several = len(table.measures) > 1
    for at in whole:
        of_measure = figures.year.get(sheet.text(at, 2) if several else "", {})
        label = next(
            filter(None, (sheet.text(at, before) for before in range(1, min(columns.values(), default=2)))), "合計"
        )
        for column in table.on_sheet:
            if column.adds_up != "none" and column.name in of_measure:
                name = f"「{column.name}」の{label}"
                value, kind = of_measure[column.name], kind_of(table, column)
                _note_sum(sheet, at, columns.get(column.name), value, name, kind)


def _note_sum(sheet: ReadSheet, row: int, column: int | None, computed: Value, name: str, kind: Kind) -> None:
    cell = sheet.sheet.cell(row, column) if column else None
    try:
        shown = number(cell, kind) if cell else None
    except Unreadable as error:
        if cell and cell.value is not None:
            sheet.note(
                cell.place,
                f"Excel の{name}は読めません（{error.what}）。年報には計算し直した数を載せます",
                error.remedy,
            )
        return
    if mark_of([computed]):
        return  # what rests on a figure that is not told
    if cell and isinstance(shown, Number) and shown != (computed if isinstance(computed, Number) else 0):
        printed = f"{computed:,}" if isinstance(computed, Number) else "なし"
        what = f"Excel の{name}は {shown:,} ですが、入力された数値から計算すると {printed} です。年報には計算した数を載せます"
        sheet.note(cell.place, what, "数式の範囲か、入力した数値を確かめてください", is_warning=True)
