"""What the first column of a sheet says of its row: a month, a quarter, a year, a named row, the whole."""

from __future__ import annotations

import datetime
import re

from nenpo.dictionary import Table
from nenpo.japanese.eras import named, within_era
from nenpo.japanese.years import FiscalYear, year_named
from nenpo.workbook.book import ReadSheet, plain
from nenpo.workbook.values import Unreadable, shortened

# Labels of rows below the table: of the whole, and of what else is not read.
_WHOLE, _BESIDE = frozenset(["合計", "計", "総計", "年度計"]), frozenset(["小計", "構成比", "割合"])


_MONTH = re.compile(rf"(?:(?:{named()})?(?:\d{{1,4}}|元)\s*[./年]\s*)?(\d{{1,2}})\s*月?(?:分)?", re.IGNORECASE)


_QUARTER = re.compile(r"第?([1-4])四半期(?:[（(].*)?")
# What begins a line of remarks below a table.
NOTE = re.compile(r"[※*注（(]")


def label_of(sheet: ReadSheet, row: int, table: Table, year: FiscalYear) -> str | None:
    """The label of a row that is to be read; None for notes and what stands beside the table."""
    has_values = any(sheet.value(row, column) is not None for column in range(2, 2 + len(table.on_sheet)))
    if isinstance(raw := sheet.value(row, 1), datetime.date):
        what = f"{'月' if table.shape == 'monthly' else '行の見出し'}が日付（{raw:%Y-%m-%d}）に変わっています"
        example = table.period_labels(year)[0] if table.shape == "monthly" else table.rows[0]
        sheet.fault(row, 1, what, f"セルの書式を「文字列」にして、{example} のように入力し直してください")
        return None
    try:
        typed = sheet.heading(row, 1)
    except Unreadable as error:
        if has_values:
            sheet.fault(row, 1, f"行の見出しの{error.what}", error.remedy)
        return None
    known = {plain(table.renamed[name]): name for name in table.renamed if name in table.rows}
    known |= {plain(name): name for name in table.rows}
    if typed in known:
        return known[typed]
    if typed in _BESIDE or NOTE.match(typed):
        return None
    if not typed:
        if has_values:
            sheet.fault(row, 1, "見出しのない行に値があります", "行の左端に月や項目名を書くか、値を消してください")
        return None
    if table.shape != "monthly":
        what = f"「{shortened(typed)}」という行はこの表にありません"
        sheet.fault(row, 1, what, f"{'、'.join(table.rows)} のどれかにしてください")
        return None
    if not table.has_months(year):
        written = year_named(typed.removesuffix("合計"), year)
        if written and written.short in table.period_labels(year):
            return written.short
    elif table.is_quarterly:
        if nth := _QUARTER.fullmatch(typed):
            return table.labels(year)[int(nth[1]) - 1]
    elif (match := _MONTH.fullmatch(typed)) and (month := _month_of(typed, int(match[1]), year)):
        return month
    example = "、".join(table.period_labels(year)[:2])
    what = f"「{shortened(typed)}」は{year.label}の月や年度として読めません"
    sheet.fault(row, 1, what, f"{example} のように書いてください")
    return None


def is_whole(typed: str, table: Table, year: FiscalYear) -> bool:
    """Whether a row holds the figures of the whole table."""
    if typed in map(plain, table.rows):
        return False
    of_year = (
        table.shape == "monthly" and table.has_months(year) and year_named(typed.removesuffix("合計"), year) == year
    )
    return bool(typed) and (typed in _WHOLE or typed == plain(table.total_label) or of_year)


def _month_of(typed: str, number: int, year: FiscalYear) -> str | None:
    """R5.4, 令和5年4月, 2023/4 or 4月: the month's label, if it belongs to the year."""
    for month in year.months:
        if month.month == number:
            era, nth = within_era(month.year, month.month)
            numbers = (str(nth), *["元"] * (nth == 1))
            starts = {str(month.year), *(word + number for word in (era.letter, era.name) for number in numbers)}
            prefix = re.split(r"[./年]", typed)[0] if re.search(r"[./年]", typed) else None
            return month.label if prefix is None or prefix.upper() in starts else None
    return None
