"""What the first column of a sheet says of its row: a month, a quarter, a year, a named row, the whole."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from nenpo.japanese.eras import EARLIEST, named
from nenpo.japanese.periods import month_before, month_said, quarter_said, year_said
from nenpo.japanese.years import FiscalYear, Month, year_named
from nenpo.records import Value
from nenpo.table import Table
from nenpo.workbook.book import ReadSheet, plain
from nenpo.workbook.marks import alike, without_marks
from nenpo.workbook.values import Unreadable, shortened

# Labels of rows below the table: of the whole, and of what else is not read.
_WHOLE = frozenset(["合計", "計", "総計", "総数", "総合計", "年度計", "年計", "年間計", "年間合計", "年度合計"])
_BESIDE = frozenset(["小計", "構成比", "割合", "単位"])
# What is added up of some months, or quarters, on the way.
_PART_OF_YEAR = re.compile(
    r"(?:[上下](?:半)?期|年度?[前後]半|[前後]半?期|(?:第?[1-4一二三四]|[ⅠⅡⅢⅣ])(?:/4|四半)期|\d{1,2}月?～\d{1,2}月)"
)


# The era that a year is written with.
_ERA = re.compile(rf"(?:{named()})(?=(?:\d{{1,2}}|元)年度?$|\d{{1,2}}$)", re.IGNORECASE)
_TOTAL = re.compile("(?:合計|総計|計)$")
# What is added up, as no 会計 or 統計 is.
_SUM = re.compile("(?<![会家設統推時])計$")
# What begins a line of remarks below a table.
NOTE = re.compile(r"[※*注（(]")


# A date, and what a label of an entry may not hold, since paths of figures are written with it.
_DATE, _OF_PATHS = re.compile(rf"(?:{named()})?\s*(?:\d{{1,4}}|元)\s*[年月./]", re.IGNORECASE), re.compile("[/÷+]")


def days_of(column: Sequence[object], year: FiscalYear) -> dict[datetime.date, str]:
    """What the dates of a column of words are called, R6.6.12: all of them days of the year, and what else stands there begins as a date
    does. None otherwise: Excel makes dates of other words too."""
    days = [value for value in column if isinstance(value, datetime.date)]
    called = {
        day: f"{Month(day.year, day.month).label}.{day.day}"
        for day in days
        if Month(day.year, day.month) in year.months
    }
    words = [str(value) for value in column if value is not None and not isinstance(value, datetime.date)]
    return called if len(called) == len(set(days)) and all(map(_DATE.match, words)) else {}


def entry_labels(table: Table, entries: Sequence[Mapping[str, Value]]) -> list[str]:
    """What the entries of a list are called: by the words of its first column that has words in each, and no two the same; "" where none
    has."""
    for column in (column for column in table.columns if column.text):
        words = [re.sub(r"\s+", " ", str(values.get(column.name) or "")).strip() for values in entries]
        are_names = all(re.search(r"[^\W\d]{2}", word) and not _DATE.match(word) for word in words)
        if are_names and len(set(words)) == len(words) and not any(map(_OF_PATHS.search, words)):
            return words
    return [""] * len(entries)


class Labels:
    """The rows of a table below its headings by the names that stand before the figures, which begin in column ``first``. The names stand
    in the column in which most of the table's rows are named; what stands before it, a group or a year, is of the rows below too."""

    def __init__(self, sheet: ReadSheet, table: Table, year: FiscalYear, rows: Sequence[int], first: int):
        self.sheet, self.table, self.year, self.rows, self.first = sheet, table, year, rows, first
        self._known = {plain(table.renamed[name]): name for name in table.renamed if name in table.rows}
        self._known |= {plain(name): name for name in table.rows}
        self._unit = plain(table.unit)
        self._subtotals = {
            plain(name) for group in table.groups for name in (group.subtotal, group.subtotal.removeprefix(group.name))
        }
        self._groups = {plain(group.name) for group in table.groups}
        self._wanted = table.period_labels(year) if table.shape == "monthly" else table.rows
        self.of_earlier_years: dict[int, str] = {}  # rows that are read past: a course of years has them each year anew
        columns = {column: self._labels_in(column, rows) for column in range(1, max(first, 2))}
        self.column = max(columns, key=lambda column: (len(set(columns[column].values())), column))
        self._labels = columns[self.column]
        self._find_end()

    def _find_end(self) -> None:
        table, year, rows = self.table, self.year, self.rows
        last = max(self._labels, default=0)
        ends = [row for row in rows if row > last and is_whole(self.name(row), table, year)]
        # the row from which on there is nothing but what an office has put below the table
        self._end = min(ends, default=last if table.shape == "monthly" and last else rows[-1] if rows else 0)

    def take_alike(self) -> None:
        """Takes rows in that are named almost as they are called, each by one label alone; which they are is told."""
        lacking = set(self._wanted) - set(self._labels.values()) if self.table.shape != "monthly" else set()
        typed = {row: self.sheet.text(row, self.column) for row in self.rows if lacking and self._has_values(row)}
        called = {plain(name): name for name in self.table.rows}
        labels = [text for text in typed.values() if text]
        for label, name in alike(dict.fromkeys(called, self._unit), labels, self.year).items():
            row = next(row for row, text in typed.items() if text == label)
            if called[name] in lacking and row not in self._labels:
                self._labels[row] = called[name]
                self.sheet.note_alike(
                    row, self.column, label, called[name], f'表に renamed = {{ "{called[name]}" = "{label}" }}'
                )
        self._find_end()

    @property
    def are_twice(self) -> bool:
        """Whether a row of the table is named more than once, as where another table stands below it."""
        wanted = [label for label in self._labels.values() if label in self._wanted]
        return len(wanted) > len(set(wanted))

    @property
    def named(self) -> int:
        """How many of the table's rows are named."""
        return len({label for label in self._labels.values() if label in self._wanted})

    def name(self, row: int) -> str:
        """What stands nearest before the figures, at the names or before them."""
        return next((text for at in range(self.column, 0, -1) if (text := self.sheet.text(row, at))), "")

    def of(self, row: int) -> str | None:
        """The label of a row that is to be read; None for notes and what stands beside the table."""
        raw = self.sheet.value(row, self.column)
        if isinstance(raw, datetime.date):
            if row in self._labels:
                return self._labels[row]
            what = f"{'月' if self.table.shape == 'monthly' else '行の見出し'}が日付（{raw:%Y-%m-%d}）に変わっています"
            example = self.table.period_labels(self.year)[0] if self.table.shape == "monthly" else self.table.rows[0]
            remedy = f"セルの書式を「文字列」にして、{example} のように入力し直してください"
            self.sheet.fault(row, self.column, what, remedy)
            return None
        try:
            self.sheet.heading(row, self.column)
        except Unreadable as error:
            if self._has_values(row):
                self.sheet.fault(row, self.column, f"行の見出しの{error.what}", error.remedy)
            return None
        if label := self._labels.get(row):
            if label in self._wanted:
                return label
            if self.named:
                self.of_earlier_years[row] = label
                return None
        name = self.name(row)
        if self.of_earlier_years and year_said(_TOTAL.sub("", name), _years_before(self.year)):
            return None  # the whole of a year before
        if NOTE.match(name) or {*without_marks(name, self._unit, self.year)} & {*_BESIDE, *self._subtotals}:
            return None
        has_values = self._has_values(row)
        if row <= self._end and has_values and self._is_sum(name):
            self.sheet.note(self.sheet.sheet.place(row, self.column), f"「{shortened(name)}」は計なので読んでいません")
            return None
        is_empty = not has_values and (not name or _without_brackets(name) in self._groups)
        if is_empty or self._is_of_headings(row):
            return None
        if row > self._end:
            which = f"「{shortened(name)}」の" if name else "見出しのない"
            line, side = ("列", "右") if self.sheet.sheet.is_turned else ("行", "下")
            self.sheet.note(
                self.sheet.sheet.place(row, self.column), f"{which}{line}は、表より{side}にあるので読んでいません"
            )
        elif name:
            self.sheet.fault(row, self.column, *self._unread(shortened(name)))
        else:
            remedy = "行の左端に月や項目名を書くか、値を消してください"
            self.sheet.fault(row, self.column, "見出しのない行に値があります", remedy)
        return None

    def _is_sum(self, name: str) -> bool:
        """Whether a row that is none of the table's is what some of them add up to: 「上半期計」「青果計」, or a group's name, whose subtotal stands there."""
        of_months = self.table.has_months(self.year) and not self.table.is_quarterly and _PART_OF_YEAR.fullmatch(name)
        return bool(of_months or _SUM.search(name) or name in self._groups)

    def _labels_in(self, column: int, rows: Sequence[int]) -> dict[int, str]:
        """The rows that are named in a column, with what stands before it there or above: 令和６年 | ４月, 平成28年度 and then 29, 30."""
        labels = self._dated(column, rows)
        above = era = ""
        for row in rows:
            typed = self.sheet.text(row, column)
            before = dict.fromkeys(self.sheet.text(row, at) for at in range(1, column))
            above = "".join(text for text in before if text != typed and not text.isdecimal()) or above
            above = core if (core := _without_brackets(typed)) in self._groups else above
            written = [above + typed, era + typed, typed] if typed else []
            if typed and self.table.shape != "monthly":  # 「5.4」 is no 4 with a number before it
                names, groups = (without_marks(text, self._unit, self.year) for text in (typed, above))
                written += [*map("".join, product(groups, names)), *names]
            if label := next(filter(None, map(self._read, dict.fromkeys(written))), None):
                labels[row] = label
                era = named_era[0] if (named_era := _ERA.match(typed)) else era
        return labels

    def _dated(self, column: int, rows: Sequence[int]) -> dict[int, str]:
        """The months that are dates, where a column has every one so, by its first day: none has become one by mistake."""
        if self.table.shape != "monthly" or not self.table.has_months(self.year) or self.table.is_quarterly:
            return {}
        months = {datetime.date(month.year, month.month, 1): month.label for month in self.year.months}
        values = {row: self.sheet.value(row, column) for row in rows}
        days = {row: day.date() if isinstance(day, datetime.datetime) else day for row, day in values.items()}
        labels = {row: months[day] for row, day in days.items() if isinstance(day, datetime.date) and day in months}
        return labels if sorted(labels.values()) == sorted(months.values()) else {}

    def _is_of_headings(self, row: int) -> bool:
        """Whether a row above the first that is named has but words, as of units: 「（件）」「（円）」."""
        is_above = row < min(self._labels, default=0)
        return is_above and all(isinstance(value, str) for value in self._values(row))

    def _has_values(self, row: int) -> bool:
        return any(True for _ in self._values(row))

    def _values(self, row: int) -> Iterator[object]:
        """What a row holds in the table's columns."""
        values = (self.sheet.value(row, self.first + at) for at in range(len(self.table.on_sheet)))
        return (value for value in values if value is not None)

    def _read(self, typed: str) -> str | None:
        """The row, month, quarter or year that is written."""
        if typed in self._known:
            return self._known[typed]
        if self.table.shape != "monthly" or NOTE.match(typed):
            return None
        if not self.table.has_months(self.year):
            wanted = [year for label in self._wanted if (year := year_named(label, self.year))]
            earlier = _years_before(wanted[0])
            label = _TOTAL.sub("", typed)
            own = year_said(label, wanted) or (year_said(label, earlier) if earlier else None)
            return own.short if own else None
        if self.table.is_quarterly:
            nth = quarter_said(typed, self.year)
            return self._wanted[nth - 1] if nth else None
        month = month_said(typed, self.year) or month_before(typed, _years_before(self.year))
        return month.label if month else None

    def _unread(self, typed: str) -> tuple[str, str]:
        """What is wrong with a row of that name, and the remedy."""
        if self.table.shape != "monthly":
            return f"「{typed}」という行はこの表にありません", f"{'、'.join(self.table.rows)} のどれかにしてください"
        example = "、".join(self.table.period_labels(self.year)[:2])
        return f"「{typed}」は{self.year.label}の月や年度として読めません", f"{example} のように書いてください"


def _without_brackets(name: str) -> str:
    """A plain label without what marks it as that of a group: 「＜青果＞」."""
    return name.strip("<>〈〉[]【】■●◆○◇")


def _years_before(year: FiscalYear) -> tuple[FiscalYear, ...]:
    """All years before one, the nearest last."""
    return _years_until(year.start, year.calendar)


@cache
def _years_until(end: int, calendar: bool) -> tuple[FiscalYear, ...]:
    return tuple(FiscalYear(start, calendar) for start in range(EARLIEST, end))


def is_whole(typed: str, table: Table, year: FiscalYear) -> bool:
    """Whether a row holds the figures of the whole table."""
    if typed in map(plain, table.rows):
        return False
    of_year = table.shape == "monthly" and table.has_months(year) and year_named(_TOTAL.sub("", typed), year) == year
    wholes = {*_WHOLE, plain(table.total_label)}
    return bool(typed) and (of_year or any(name in wholes for name in without_marks(typed, plain(table.unit), year)))
