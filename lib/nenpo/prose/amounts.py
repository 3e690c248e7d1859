"""The amounts that a figure may state by the data: a quantity's, in a time, in a form."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from nenpo.errors import InputError
from nenpo.facts import Facts
from nenpo.japanese.measures import in_other
from nenpo.japanese.numerals import Written, half_width, in_digits, in_ones
from nenpo.japanese.years import CODE, FiscalYear, earlier_by
from nenpo.prose.arithmetic import between, compared, divided, parts_of, points_between
from nenpo.prose.forms import (
    AVERAGE,
    DAILY,
    DIFFERENCE,
    GROWTH,
    INTERVAL,
    POINTS,
    RATIO,
    SHARE,
    VALUE,
    Reading,
)
from nenpo.prose.moments import YEARS_BACK
from nenpo.prose.parts import Parts
from nenpo.prose.quantities import Quantity
from nenpo.prose.times import When
from nenpo.prose.units import is_in

# How many of it a day has.
_IN_A_DAY = {"週": Fraction(1, 7), "時": Fraction(24), "分": Fraction(1440), "秒": Fraction(86400)}
# Forms that compare two amounts of one quantity.
_CHANGES = (DIFFERENCE, GROWTH, RATIO)


class Amounts:
    """The amounts of a report's data."""

    def __init__(self, facts: Facts, parts: Parts, year: FiscalYear):
        self._facts, self._parts, self._year = facts, parts, year

    def fact(self, path: str, form: str) -> Reading | None:
        """The figure at a path, read in a form; None for none."""
        try:
            fact = self._facts.fact(path)
        except InputError:
            return None
        return Reading(path, fact.amount, fact.formula, form)

    def in_year(self, path: str, year: FiscalYear, form: str, derived: str = "") -> Reading | None:
        """The figure of a year of the quantity at a path, or of several that are added up, or what is derived of each; where one of them
        has none, the sum of the others, which nothing makes sure."""
        return self._summed([f"{part}/{year.code}{derived}" for part in path.split("+")], form)

    def _summed(self, paths: Sequence[str], form: str) -> Reading | None:
        """The figures of paths added up; of those that have one, where some have none."""
        if made := self.fact("+".join(paths), form):
            return made
        known = [path for path in paths if self.fact(path, form)]
        of_known = self.fact("+".join(known), form) if known else None
        return of_known and replace(of_known, sure=False)

    def is_settled(self, path: str) -> bool:
        """Whether the figure at a path is of a time that is over."""
        return self._facts.settled(path)

    def unit(self, path: str) -> str:
        """What the quantity at a path, or the first of several that are added up, is counted in."""
        return self._facts.unit(path.partition("+")[0])

    def as_written(self, reading: Reading, written: Written) -> Reading:
        """A reading of what is counted in thousands or millions, in ones, as figures of a text are read; of what is measured, in the unit that
        the figure is written in."""
        if reading.form not in (VALUE, DIFFERENCE, AVERAGE, DAILY):
            return reading
        unit, *by_units = (self.unit(path) for path in reading.path.split("÷"))
        scale, *by = (in_ones(part)[1] for part in (unit, *by_units))
        other = in_other(unit, written.unit) or Fraction(1)
        return replace(reading, amount=reading.amount * scale * other / math.prod(by), is_larger=other < 1)

    def months_beside(self, path: str) -> dict[str, Reading]:
        """What the quantity of a month's figure is in each month of its year that is known; of a quarter's likewise."""
        paths = self._facts.months_beside(path) if not re.search("[+÷]", path) else {}
        known = {label: self.fact(of_month, VALUE) for label, of_month in paths.items()}
        return {label: made for label, made in known.items() if made}

    def in_months(self, path: str, months: Iterable[When]) -> list[Reading]:
        """What a quantity, or several that are added up, is in each of the months that is known."""
        return [made for month in months if (made := self._in_months(path, month, VALUE))]

    def in_rows(self, path: str, year: FiscalYear) -> list[Reading]:
        """What a column is in each of the rows of its table, but for what takes in what is left over."""
        rows = (part for part in self._parts.of(path) if part.count("/") > path.count("/"))
        return [made for row in rows if (made := self.in_year(row, year, VALUE))]

    def entries(self, path: str) -> list[Quantity]:
        """A column of a list in each of its entries, where no words tell one from another: a text tells them by their days."""
        return [Quantity((entry,), "", joined=False) for entry in self._facts.nameless(path)]

    def is_rate(self, path: str, written: Written | None = None) -> bool:
        """Whether the quantity at a path is a ratio itself: in per cent, or so many times; of a figure, whether in the same, or in tenths."""
        unit = half_width(self.unit(path))
        in_tenths = unit == "%" and written is not None and written.unit.startswith("割")
        return unit in ("%", "倍") and (written is None or in_tenths or is_in(written, unit))

    def readings(
        self,
        quantity: Quantity,
        when: When,
        form: str,
        base: When | None,
        written: Written,
        named: Quantity | None,
        is_beside: bool = False,
    ) -> Iterator[Reading]:
        """What a quantity is in a time, in a form, against ``base``; ``named`` is the first that the sentence names. Where nothing is named
        that it is compared with, ``is_beside`` says that it may be what stands beside it."""
        for path in quantity.paths:
            for at in self._known_times(path, when):
                made = self._in_a_form(path, at, form, base, written, named, is_beside)
                yield from made if at == when else (replace(reading, sure=False) for reading in made)

    def _known_times(self, path: str, when: When) -> Iterator[When]:
        """A time; for a year of which a quantity has no figure its last month that has one, for a report's that has none yet the last that
        has."""
        if when.months or self.in_year(path, when.year, VALUE):
            yield when
            return
        months = [month for month in reversed(when.year.months) if self.fact(f"{path}/{month.label}", VALUE)]
        earlier = (earlier_by(when.year, back) for back in range(1, YEARS_BACK)) if not when.words else ()
        years = (When(year) for year in earlier if year and self.in_year(path, year, VALUE))
        yield When(when.year, (months[0].label,), when.words) if months else next(years, when)

    def _in_a_form(
        self,
        path: str,
        when: When,
        form: str,
        base: When | None,
        written: Written,
        named: Quantity | None,
        is_beside: bool,
    ) -> Iterator[Reading]:
        periods = self._periods(path, when)
        of_percent = written.is_share and not self.is_rate(path, written)
        if form in (VALUE, AVERAGE, DAILY):
            readings = [] if form == VALUE and of_percent else list(self._means(periods, when, form))
            if form == VALUE and self._facts.is_change(path):  # 「２億７，０００万円の赤字」
                readings += [replace(reading, amount=-reading.amount) for reading in readings if reading.amount < 0]
            if when.listed and form == VALUE:  # 「１０月と１２月が１５件」
                readings += filter(None, (self.fact(period, VALUE) for period in periods))
        elif form == INTERVAL:
            readings = list(self._intervals(path, when, written))
        elif base and len(base.months) == 1 and not when.months and form in _CHANGES:
            readings = list(self._since_a_month(path, when.year, base, form))
        elif when.months:
            of_months = self._shares_of_months if form == SHARE else self._comparison_of_months
            readings = list(of_months(path, when, base, form))
        elif form == SHARE:
            readings = list(self._shares(path, when, named, form))
        else:
            readings = list(self._comparison(path, when, base, form, written))
            if form == DIFFERENCE and base is None:  # 「女性が１４件多い」
                readings = [replace(reading, sure=False) for reading in readings] if is_beside else readings
                readings += self._from_beside(path, when) if is_beside else []
        if form in _CHANGES and self._facts.is_change(path):
            readings += self._own_changes(path, periods, when, base, form)
        yield from readings

    def _own_changes(
        self, path: str, periods: Sequence[str], when: When, base: When | None, form: str
    ) -> Iterator[Reading]:
        """What a quantity that says a change itself is: 「増減率は１６．６％増」, 「▲４．２℃」; of a year that of the year before it may be, too."""
        own = self.fact("+".join(periods), form)
        before = None if when.months else self.in_year(path, base.year if base else when.year.previous, form)
        if own:
            yield replace(own, sure=not (when.months and base))
        if before:
            yield replace(before, sure=False)

    def over_years(
        self, quantity: Quantity, years: Sequence[FiscalYear], forms: Sequence[str], written: Written
    ) -> Iterator[Reading]:
        """What a quantity is over several years, the first to the last: added up, and in a year on the average; or how it has changed
        from the first, or the year before it, which nothing makes sure. Years that none has a figure of yet are left out at the end."""
        for path in quantity.paths:
            last = next(self._known_times(path, When(years[-1]))).year
            is_moved, years = (
                last != years[-1],
                [last.like(year.start - years[-1].start + last.start) for year in years],
            )
            amounts = [self.in_year(path, year, VALUE) for year in years]
            known = [amount for amount in amounts if amount]
            if VALUE in forms and len(known) == len(amounts):
                total, words = sum(amount.amount for amount in known), "＋".join(amount.words for amount in known)
                whole = Reading("+".join(amount.path for amount in known), Fraction(total), words, VALUE, not is_moved)
                yield whole
                yield replace(parts_of(replace(whole, words=f"（{words}）"), len(known)), form=AVERAGE)
            for since in (years[0].like(years[0].start - 1), years[0]) if POINTS in forms else ():
                moved = self._points(path, When(years[-1]), since, written)
                yield from (replace(reading, sure=False) for reading in moved)
            for form in (form for form in forms if form in _CHANGES):
                before = self.in_year(path, years[0].like(years[0].start - 1), form)
                for then in (before, self.in_year(path, years[0], form)):
                    if then and (now := self.in_year(path, years[-1], form)):
                        yield from (replace(reading, sure=False) for reading in compared(now, then, form))

    def _from_beside(self, path: str, when: When) -> Iterator[Reading]:
        """How far a quantity is from each of the parts beside it."""
        own = self.in_year(path, when.year, DIFFERENCE)
        for other in self._parts.beside(path):
            yield from between(own, self.in_year(other, when.year, DIFFERENCE), DIFFERENCE)

    def for_each(self, path: str, unit: str, named: Iterable[str], when: When) -> Iterator[Reading]:
        """A quantity for each of what its table counts in a unit, 「１世帯当たりの人口」, or of what is ``named`` so, 「１開館日当たりの貸出数」."""
        own, (table, _, *row) = self.in_year(path, when.year, AVERAGE), path.split("/")
        of_table = ["/".join((table, column, *row)) for column in self._facts.columns(table, unit)]
        for each in (*of_table, *sorted(named)) if own and "+" not in path else ():
            counted = self.in_year(each, when.year, AVERAGE)
            if own and counted and counted.path != own.path:
                yield from divided(own, counted, AVERAGE)

    def _means(self, paths: Sequence[str], when: When, form: str) -> Iterator[Reading]:
        """The figures of paths added up, for each month or day of their time where the form is that. A day may be one of those that the
        table counts."""
        path = "+".join(paths)
        made = self.fact(path, form) if when.months else self._summed(paths, form)
        if made is None or form == VALUE:
            yield from filter(None, [made])
        elif form == AVERAGE and len(when.months) == 1:  # 「４月は３０件で、月平均８．３件の」
            yield from filter(None, [self._in_average(path, when.year)])
        elif form == AVERAGE:
            yield parts_of(made, len(when.months) or 12)
        else:
            for days in self._days(path):
                yield from divided(made, days, AVERAGE)
            if not when.months:
                yield replace(parts_of(made, _days_of(when.year)), sure=False)

    def _intervals(self, path: str, when: When, written: Written) -> Iterator[Reading]:
        """How long it is from one to the next, in a figure's unit of time: 「約８６分に１回」."""
        own = self.in_year(path, when.year, INTERVAL)
        length = _IN_A_DAY.get(written.unit[:1], Fraction(1)) * _days_of(when.year)
        if own and own.amount and not when.months:
            words = f"{in_digits(length)}÷{own.words}"
            yield replace(own, amount=length / own.amount, words=words, sure=False)

    def _in_average(self, path: str, year: FiscalYear) -> Reading | None:
        whole = self.in_year("+".join(part.rpartition("/")[0] for part in path.split("+")), year, AVERAGE)
        return whole and parts_of(whole, 12)

    def _days(self, path: str) -> Iterator[Reading]:
        """What stands beside the quantity at a path and is counted in days: 開館日数."""
        own = path.partition("+")[0]
        table, _, rest = own.partition("/")
        column, _, when = rest.partition("/")
        for name in self._facts.columns(table, "日"):
            if name != column and (days := self.fact(f"{table}/{name}/{when}", DAILY)):
                yield days

    def _shares(self, path: str, when: When, named: Quantity | None, form: str) -> Iterator[Reading]:
        """What share a quantity is: of its table's whole, else of what it is a part of by the dictionary, else of what the sentence
        begins with, which nothing makes sure: 「２３８件の内訳は、男性１１２件（４７．１％）」."""
        if self.is_rate(path) or self._facts.is_change(path):
            return  # a rate is no part of anything, nor is a change
        paths = path.split("+")
        others = [whole for whole in named.paths if whole not in paths] if named and len(paths) == 1 else []
        begun = others[0] if len(others) == 1 else ""
        made = self.in_year(path, when.year, form, "/構成比")
        known = [
            whole
            for whole in self._parts.wholes(paths[0])
            if all(whole in self._parts.wholes(path) for path in paths) and (not made or whole == begun)
        ]
        own = self.in_year(path, when.year, form)
        in_row = [self.in_year(other, when.year, form) for other in self._parts.in_row(path)]
        larger = [whole for whole in in_row if own and whole and whole.amount > own.amount]
        if group := self._parts.group_of(paths[0]) if len(paths) == 1 else ():
            column = paths[0].rpartition("/")[0]
            larger += filter(None, [self.in_year("+".join(f"{column}/{row}" for row in group), when.year, form)])
        if made:
            yield replace(made, sure=not larger and not group and self._parts.has_whole(paths[0]))
        elif begun and begun not in (*known, *self._parts.beside(path), path) and not paths[0].startswith(f"{begun}/"):
            known.append(begun)
        if not made and not known and "+" not in path:  # 「相談件数」 stands first, and 「助言」 behind it
            known += [whole for whole in self._parts.first_beside(path) if whole not in known]
        for whole in known:
            for reading in between(own, self.in_year(whole, when.year, form), form):
                yield replace(reading, sure=not made and self._parts.is_whole_of(whole, paths[0]))
        for beside in larger:  # 「３歳児の受診者４１６人のうち３９人（９．４％）」
            yield from (replace(reading, sure=False) for reading in between(own, beside, form))

    def changes_of_wholes(self, path: str) -> Iterator[Reading]:
        """By how much what a quantity is a part of has changed, its path being one that says so of itself: 「…/R5/前年度差」."""
        quantity, *of = re.split(rf"/(?={CODE}/)", path)
        columns = [quantity.rpartition("/")[0]] if quantity.count("/") > 1 else []
        for whole in (*self._parts.wholes(quantity), *columns) if of else ():
            yield from filter(None, [self.fact(f"{whole}/{of[0]}", DIFFERENCE)])

    def _shares_of_months(self, path: str, when: When, base: When | None, form: str) -> Iterator[Reading]:
        """What share months are of their year, or of their table's whole in them."""
        own = self._in_months(path, when, form)
        yield from between(own, self.in_year(path, when.year, form), form)
        for whole in self._parts.wholes(path):
            for reading in between(own, self._in_months(whole, when, form), form):
                yield replace(reading, sure=False)

    def at(self, path: str, when: When, form: str) -> Reading | None:
        """The figure of a year or of months of the quantity at a path, or of several that are added up."""
        return self._in_months(path, when, form) if when.months else self.in_year(path, when.year, form)

    def _in_months(self, path: str, when: When, form: str) -> Reading | None:
        return self.fact("+".join(self._periods(path, when)), form)

    def _periods(self, path: str, when: When) -> list[str]:
        """The paths of what a quantity, or each of several that are added up, is in a time."""
        parts = path.split("+")
        if not when.months:
            return [f"{part}/{when.year.code}" for part in parts]
        return [period for part in parts for period in self._facts.in_months(part, when.year, when.months)]

    def _since_a_month(self, path: str, year: FiscalYear, base: When, form: str) -> Iterator[Reading]:
        """How a quantity has changed from a month to the last of a year that is known: 「年度当初から１００人増えた」."""
        months = (self._in_months(path, When(year, (month.label,)), form) for month in reversed(year.months))
        now, then = next(filter(None, months), None), self._in_months(path, base, form)
        if now and then:
            yield from compared(now, then, form)

    def _comparison_of_months(self, path: str, when: When, base: When | None, form: str) -> Iterator[Reading]:
        if form not in _CHANGES or base is None or not base.months:
            return
        now, then = (self._in_months(path, time, form) for time in (when, base))
        if now and then:
            yield from compared(now, then, form)

    def _comparison(self, path: str, when: When, base: When | None, form: str, written: Written) -> Iterator[Reading]:
        against = base.year if base and base.year != when.year else when.year.previous
        if form == POINTS:
            yield from self._points(path, when, against, written)
            return
        if against == when.year.previous and "+" not in path:
            times = form == RATIO and written.unit.startswith("倍")
            derived = (
                "前年度倍率" if times else {DIFFERENCE: "前年度差", GROWTH: "前年度増減率", RATIO: "前年度比"}[form]
            )
            if made := self.fact(f"{path}/{when.year.code}/{derived}", form):
                yield replace(made, amount=made.amount * 100) if times else made
            return
        now, then = (self.in_year(path, year, form) for year in (when.year, against))
        if now and then:
            yield from compared(now, then, form)

    def _points(self, path: str, when: When, against: FiscalYear, written: Written) -> Iterator[Reading]:
        """How many points a rate or a share has moved: exactly, and between the two as they are printed, with the same decimals."""
        shares = (
            [rate for rate in [self.in_year(path, year, POINTS)] if rate]
            if self.is_rate(path) or self._parts.is_index(path)
            else list(self._shares(path, When(year), None, POINTS))
            for year in (when.year, against)
        )
        for now, then in zip(*shares, strict=False):
            yield from points_between(now, then, written)


def _days_of(year: FiscalYear) -> int:
    start = datetime.date(year.start, year.months[0].month, 1)
    return (start.replace(year=start.year + 1) - start).days
