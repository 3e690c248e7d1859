"""Facts: figures of the report by name, as a link in the prose names them.

2-1/新規相談受付件数/R5            a table, a column, a fiscal year            2-1/新規相談受付件数/R5.4    a month
3-1-2/20代/男性/R5                 a row of a matrix, an entry of a list     6-1/利用者数/R5             a single figure
8-2/提供数の計/R5                  a measure of a table with several        2-5/相談者１人あたりの相談内容項目/R5   a rate
2-1/新規相談受付件数/R5/前年度比     derived: 前年度比 (percent of the year before), 前年度増減率 (percent), 前年度差, 構成比
                                   (percent of the table's whole), 前年度倍率
8-3/一覧の数/R5                   how many entries a list has
2-5/合計/R5÷2-1/新規相談受付件数/R5  a division written out          2-4/10代/R5+2-4/20代/R5   a sum
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from nenpo.dictionary import Dictionary, Rate
from nenpo.errors import Fault, InputError
from nenpo.figures import Figures
from nenpo.japanese.numerals import in_digits
from nenpo.japanese.years import FiscalYear
from nenpo.records import Number, mark_of
from nenpo.table import Table
from nenpo.under_headings import column_under

SCHEME = "fact:"
# A part of a table's whole.
SHARE = "構成比"
# How many entries a list has.
ENTRIES = "一覧の数"
PERCENT, TIMES = "percent", "times"
# Derived facts, with the unit they come in; an empty unit is that of the figure itself.
DERIVED: Mapping[str, str] = {
    "前年度比": PERCENT,
    "前年度増減率": PERCENT,
    "前年度差": "",
    "前年度倍率": TIMES,
    SHARE: PERCENT,
}


@dataclass(frozen=True)
class Fact:
    """A figure by its path: ``amount`` is exact, in ``unit`` (percent, times, or "" for counts); ``formula`` says how it
    comes about."""

    path: str
    amount: Fraction
    unit: str
    formula: str


@dataclass(frozen=True)
class Named:
    """What a path names: the figure of a ``column`` (or item, or rate) of a table, in a ``row`` (a month, a row of a matrix or
    cross table) or of the whole year; and what is ``derived`` from it."""

    table: Table
    column: str
    row: str
    year: FiscalYear
    derived: str

    @property
    def measured(self) -> tuple[str, str]:
        """The measure, and the column below it."""
        known = (
            measure.name
            for measure in self.table.measures
            if measure.name and self.column.startswith(f"{measure.name}の")
        )
        measure = next(known, "")
        return measure, self.column.removeprefix(f"{measure}の") if measure else self.column


class Facts:
    """The facts that a report of ``year`` may state."""

    def __init__(self, dictionary: Dictionary, figures: Figures, year: FiscalYear):
        self._dictionary = dictionary
        self._figures = figures
        self._year = year
        years = [year.like(start) for start in range(max(year.start - 30, 1989), year.start + 1)]
        self._known: dict[str, Fact] = {}
        self._units: dict[str, str] = {}
        self._named: dict[str, Named] = {}
        self._periods = {
            label: year for year in years for label in (year.code, *(month.label for month in year.months))
        }

    def fact(self, path: str) -> Fact:
        """Raises InputError for a path that names no figure, or one that is not kept."""
        if path not in self._known:
            self._known[path] = self._fact(path)
        return self._known[path]

    def _fact(self, path: str) -> Fact:
        if "÷" in path:
            above, below = (self.fact(part) for part in path.split("÷", 1))
            if not below.amount:
                raise _no_figure(path, "割る数が 0 です")
            return Fact(path, above.amount / below.amount, TIMES, f"{above.formula}÷{below.formula}")
        if "+" in path:
            parts = [self.fact(part) for part in path.split("+")]
            if (together := self._together(path)) is not None:
                return Fact(path, together, parts[0].unit, in_digits(together))
            amount, formula = (
                sum((part.amount for part in parts), Fraction(0)),
                "＋".join(part.formula for part in parts),
            )
            return Fact(path, amount, parts[0].unit, formula)
        named = self.named(path)
        amount = self._amount(named, path)
        return self._derived(path, named, amount) if named.derived else Fact(path, amount, "", in_digits(amount))

    def _together(self, path: str) -> Fraction | None:
        """The figure of rows of a column that are no sum together, as of a rate; None for what is one. Raises InputError where it has none."""
        parts = [self.named(part) for part in path.split("+")]
        first, rows = parts[0], [part.row for part in parts]
        measure, name = first.measured
        column = next((column for column in first.table.columns if column.name == name), None)
        if any((part.table, part.column, part.derived) != (first.table, first.column, "") for part in parts):
            return None
        is_no_sum = column and column.adds_up != "none" and (column.of or column.adds_up in ("max", "mean", "last"))
        if not is_no_sum and not column_under(first.table, name, self._dictionary.formulas):
            return None
        is_of_rows = all(rows) and len(set(rows)) == len(rows) and len({part.year for part in parts}) == 1
        value = self._figures.together(first.table.id, name, rows, first.year, measure) if is_of_rows else None
        return self._number(value, path)

    def named(self, path: str) -> Named:
        """What a path without a division names. Raises InputError for one that has not the form of a path."""
        if path not in self._named:
            self._named[path] = self._read(path)
        return self._named[path]

    def _read(self, path: str) -> Named:
        table_id, *parts = path.split("/")
        if table_id not in self._dictionary:
            raise _no_figure(path, f"表「{table_id}」はありません")
        derived = parts.pop() if parts and parts[-1] in DERIVED else ""
        table = self._dictionary[table_id]
        year, label = self._period(parts[-1], table) if len(parts) > 1 else (self._year, "")
        if len(parts) > 1 and (label or parts[-1] == year.code):
            parts.pop()
        if not parts or len(parts) > 2:
            raise _no_figure(path, "表/列/年度、表/列/行/年度 の形で書きます")
        return Named(table, parts[0], parts[1] if len(parts) == 2 else label, year, derived)

    def _period(self, written: str, table: Table) -> tuple[FiscalYear, str]:
        """The fiscal year of the last part, and the month where it is one."""
        year = self._periods.get(written, self._year)
        month = written != year.code and written in self._periods
        if month and table.shape != "monthly":
            return self._year, ""
        return year, written if month else ""

    def unit(self, path: str) -> str:
        """What the figure at a path is counted in; "" where nothing tells."""
        if path not in self._units:
            self._units[path] = self._unit(path)
        return self._units[path]

    def _unit(self, path: str) -> str:
        try:
            named = self.named(path)
        except InputError:
            return ""
        if rate := self.rate(named):
            return rate.unit
        item = next((item for item in named.table.items if item.name == named.column), None)
        counted = re.search(r"（(人|名|件|世帯|回|円|社|項目)）$", named.column)
        number = re.search("(人|件|回|社|世帯)数$", named.column)
        _, name = named.measured
        column = next((column for column in named.table.columns if column.name == name), None)
        if column is None and (made := column_under(named.table, name, self._dictionary.formulas)):
            column, _ = made
        own = item.unit if item else column.unit if column else ""
        return own or (counted[1] if counted else named.table.unit or (number[1] if number else ""))

    def is_complete(self, path: str) -> bool:
        """Whether every figure of a column in its year is known, of one that is none of a table too: where one is hidden or not known, what rests
        on it has none."""
        named = self.named(path.partition("+")[0])
        own = self._figures.table(named.table.id, named.year) if named.table.shape != "values" else None
        measure, name = named.measured
        rows = [values.get(name) for (_, of), values in own.rows.items() if of == measure] if own else []
        return mark_of(rows) is None

    def columns(self, table_id: str, unit: str) -> list[str]:
        """The columns, or the items, of a table that are counted in a unit."""
        table = self._dictionary.get(table_id)
        return [name for name in table.counted if self.unit(f"{table_id}/{name}") == unit] if table else []

    def in_months(self, path: str, year: FiscalYear, months: Sequence[str]) -> list[str]:
        """The paths of what the quantity at a path is in each of the months of a year; of what is counted by quarters, in each of those, none
        where the months do not make up whole ones."""
        table = self._dictionary.get(path.partition("/")[0])
        if table is None or not table.is_quarterly:
            return [f"{path}/{month}" for month in months]
        labels = [month.label for month in year.months]
        quarters = {quarter: labels[at * 3 : at * 3 + 3] for at, quarter in enumerate(table.labels(year))}
        within = [quarter for quarter, of_it in quarters.items() if set(of_it) <= set(months)]
        return [f"{path}/{quarter}/{year.code}" for quarter in within] if len(within) * 3 == len(months) else []

    def months_beside(self, path: str) -> dict[str, str]:
        """The paths of what a figure of a month, or of a quarter, is in all those of its year, by their labels; of another figure none."""
        named = self.named(path)
        table_id, column, *_ = path.split("/")
        labels = named.table.labels(named.year) if named.table.shape == "monthly" else ()
        last = f"/{named.year.code}" if named.table.is_quarterly else ""
        return {label: f"{table_id}/{column}/{label}{last}" for label in labels if named.row in labels}

    def nameless(self, path: str) -> list[str]:
        """The paths of the entries of a list that have no name of their own, for one of its columns."""
        table_id, _, column = path.partition("/")
        table = self._dictionary.get(table_id)
        if table is None or table.shape != "events" or "/" in column:
            return []
        own = self._figures.table(table_id, self._year)
        return [f"{path}/{label}" for label, _ in own.rows if label.isdecimal()] if own else []

    def is_change(self, path: str) -> bool:
        """Whether the quantity at a path says itself how much more or less something is: a column with a sign."""
        try:
            named = self.named(path)
        except InputError:
            return False
        return any(column.name == named.measured[1] and column.signed for column in named.table.columns)

    def rate(self, named: Named) -> Rate | None:
        """The rate of that name in the table's section."""
        rates = self._dictionary.rates
        return next((rate for rate in rates if (rate.section, rate.name) == (named.table.id, named.column)), None)

    def settled(self, path: str) -> bool:
        """Whether the months that a fact of a year rests on are all filled in."""
        for part in re.split("[÷+]", path):
            named = self.named(part)
            rate = self.rate(named)
            of = [rate.numerator, rate.denominator] if rate else [named.table.id]
            of += [item.of for item in named.table.items if item.name == named.column and item.of]
            tables = {figure.partition("/")[0] for figure in of}
            months = [self._figures.reached(table_id, named.year) for table_id in tables]
            if not named.row and min(months) < len(named.year.months):
                return False
        return True

    def _amount(self, named: Named, path: str, months: int | None = None) -> Fraction:
        """The figure's amount, or that of the first ``months`` of its year."""
        table, year, row = named.table, named.year, named.row
        if rate := self.rate(named):
            value: object = self._figures.rate(rate, year)
        elif table.shape == "values":
            if row or named.column not in {item.name for item in table.items}:
                raise _no_figure(path, f"項目「{named.column}」はありません")
            value = self._figures.single(table.id, named.column, year)
        else:
            measure, name = named.measured
            if table.shape == "events" and not row and name == ENTRIES:
                return Fraction(len(own.rows)) if (own := self._figures.table(table.id, year)) else Fraction(0)
            if column_under(table, name, self._dictionary.formulas):
                return self._number(self._figures.together(table.id, name, [row] * bool(row), year, measure), path)
            if name not in {known.name for known in table.columns if not known.text}:
                raise _no_figure(path, f"列「{name}」はありません")
            own = self._figures.table(table.id, year)
            if own is None:
                raise _no_figure(path, f"{year.label}の数値はありません")
            if row and (row, measure) not in own.rows:
                raise _no_figure(path, f"行「{row}」はありません")
            value = (
                own.rows[row, measure][name]
                if row
                else self._figures.of_year(table.id, name, year, measure, months)
                if measure in own.year
                else None
            )
        return self._number(value, path)

    @staticmethod
    def _number(value: object, path: str) -> Fraction:
        if not isinstance(value, Number):
            raise _no_figure(path, "数値が入っていません")
        return Fraction(str(value))

    def _derived(self, path: str, named: Named, amount: Fraction) -> Fact:
        table, name = named.table, named.derived
        if (
            name == SHARE
            and not table.shares
            and table.shape != "cross"
            and not (table.shape == "matrix" and named.row)
        ):
            raise _no_figure(path, f"表 {table.id} に構成比はありません")
        if name != SHARE and named.row and table.shape == "monthly":
            raise _no_figure(path, "前の年度と比べられるのは年度の数値です")
        reached = self._figures.reached(table.id, named.year)  # a year that is not over is held against the same months
        whole = self._amount(self.compared(named), path, None if name == SHARE else reached)
        if name == "前年度差":
            return Fact(path, amount - whole, "", f"{in_digits(amount)}－{in_digits(whole)}")
        if not whole:
            raise _no_figure(path, "割る数が 0 です")
        ratio = {
            "前年度増減率": (amount - whole) / whole * 100,
            "前年度倍率": amount / whole,
        }.get(name, amount / whole * 100)
        return Fact(path, ratio, DERIVED[name], f"{in_digits(amount)}÷{in_digits(whole)}")

    def compared(self, named: Named) -> Named:
        """What a derived fact's figure is compared with: the whole it is a share of, or the year before."""
        if named.derived != SHARE:
            return replace(named, year=named.year.previous, derived="")
        if named.table.shape == "cross" and named.table.base:
            return replace(named, table=self._dictionary[named.table.base], row="", derived="")
        if named.table.shape in ("cross", "matrix") and not named.table.shares:
            return replace(named, row="", derived="")
        return replace(named, column=named.table.shares, derived="")


def _no_figure(path: str, why: str) -> InputError:
    remedy = "fact:2-1/新規相談受付件数/R5 のように、表・列・年度を書きます"
    return InputError(Fault(f"「{path}」という数値はありません（{why}）", remedy=remedy))
