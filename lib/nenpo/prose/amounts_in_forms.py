"""The amounts that a figure may state of a quantity in each form: its value, a mean, a share, how it has changed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from nenpo.facts import Facts
from nenpo.japanese.numerals import Written, in_digits
from nenpo.japanese.years import CODE, FiscalYear
from nenpo.prose.amounts import Amounts
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
from nenpo.prose.parts import Parts, columns_of
from nenpo.prose.sentence import Quantity
from nenpo.prose.times import When, months_of

# How many of it a day has.
_IN_A_DAY = {"週": Fraction(1, 7), "時": Fraction(24), "分": Fraction(1440), "秒": Fraction(86400)}
# Forms that compare two amounts of one quantity.
_CHANGES = (DIFFERENCE, GROWTH, RATIO)
# What each is called at the end of a fact's path, against the year before.
DERIVED = {DIFFERENCE: "前年度差", GROWTH: "前年度増減率", RATIO: "前年度比"}


class AmountsInForms:
    """The amounts of a report's data, in the forms that a text states them in."""

    def __init__(self, amounts: Amounts, facts: Facts, parts: Parts):
        self._amounts, self._facts, self._parts = amounts, facts, parts

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
            at = self._at_end(path, when)
            made = self._in_a_form(path, at, form, base, written, named, is_beside)
            of_row = list(self._of_row(quantity, path, when)) if form == SHARE else []
            yield from made if at == when and not of_row else (replace(reading, sure=False) for reading in made)
            yield from of_row

    def _of_row(self, quantity: Quantity, path: str, when: When) -> Iterator[Reading]:
        """What share a column has of a row that is named before it: 「死亡は、急病が全体の８４．０％」."""
        column = path.split("/")[1]
        if quantity.name and quantity.name in column and not when.months:
            own = self._amounts.in_year(path, when.year, SHARE)
            for whole in self._parts.across(path):
                of_whole = between(own, self._amounts.in_year(whole, when.year, SHARE), SHARE)
                yield from (replace(reading, sure=False) for reading in of_whole)

    def _at_end(self, path: str, when: When) -> When:
        """A time; for a year of which a quantity has no figure its last month that has one."""
        if when.months or self._amounts.in_year(path, when.year, VALUE):
            return when
        months = (month for month in reversed(months_of(when.year)) if self._amounts.at(path, month, VALUE))
        return next((replace(month, words=when.words) for month in months), when)

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
        periods = self._amounts.periods(path, when)
        of_percent = written.is_share and not self._amounts.is_rate(path, written)
        if form in (VALUE, AVERAGE, DAILY):
            readings = [] if form == VALUE and of_percent else list(self._means(periods, when, form))
            if form == VALUE and self._facts.is_change(path):  # 「２億７，０００万円の赤字」
                readings += [replace(reading, amount=-reading.amount) for reading in readings if reading.amount < 0]
            if when.listed and form == VALUE:  # 「１０月と１２月が１５件」
                of_each = [self._amounts.fact(period, VALUE) for period in periods]
                readings += [made for made in of_each[:1] if made and len({of and of.amount for of in of_each}) == 1]
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
        if form in (*_CHANGES, POINTS) and self._facts.is_change(path):
            readings += self._own_changes(path, periods, when, base, form)
        yield from readings

    def _own_changes(
        self, path: str, periods: Sequence[str], when: When, base: When | None, form: str
    ) -> Iterator[Reading]:
        """What a quantity that says a change itself is: 「増減率は１６．６％増」, 「▲４．２℃」; of a year that of the year before it may be, too."""
        own = self._amounts.fact("+".join(periods), form)
        before = None if when.months else self._amounts.in_year(path, base.year if base else when.year.previous, form)
        is_since_earlier = base and not base.months and base.year < when.year.previous  # 「前々年から６．４％増」
        if own and not is_since_earlier:
            yield replace(own, sure=not (when.months and base))
        if base and base.months and (of_month := self._amounts.at(path, base, form)):  # 「最低は１月の－２．９℃」
            yield replace(of_month, sure=False)
        if before:
            yield replace(before, sure=False)

    def over_years(
        self, quantity: Quantity, years: Sequence[FiscalYear], forms: Sequence[str], written: Written
    ) -> Iterator[Reading]:
        """What a quantity is over several years, the first to the last: added up, and in a year on the average; or how it has changed
        from the first, or the year before it, which nothing makes sure. Years that none has a figure of yet are left out at the end."""
        for path in quantity.paths:
            back = max(0, years[-1].start - self._amounts.last_year(path).start)
            span = [year.like(year.start - back) for year in years]
            amounts = [self._amounts.in_year(path, year, VALUE) for year in span]
            known = [amount for amount in amounts if amount]
            if VALUE in forms and len(known) == len(amounts):
                total, words = sum(amount.amount for amount in known), "＋".join(amount.words for amount in known)
                whole = Reading("+".join(amount.path for amount in known), Fraction(total), words, VALUE, sure=not back)
                yield whole
                yield replace(parts_of(replace(whole, words=f"（{words}）"), len(known)), form=AVERAGE)
            first, last, before = span[0], span[-1], span[0].like(span[0].start - 1)
            for since in (before, first) if POINTS in forms else ():
                moved = self._points(path, When(last), since, written)
                yield from (replace(reading, sure=False) for reading in moved)
            for form in (form for form in forms if form in _CHANGES):
                for then in (self._amounts.in_year(path, since, form) for since in (before, first)):
                    if then and (now := self._amounts.in_year(path, last, form)):
                        yield from (replace(reading, sure=False) for reading in compared(now, then, form))

    def _from_beside(self, path: str, when: When) -> Iterator[Reading]:
        """How far a quantity is from each of the parts beside it."""
        own = self._amounts.in_year(path, when.year, DIFFERENCE)
        for other in self._parts.beside(path):
            yield from between(own, self._amounts.in_year(other, when.year, DIFFERENCE), DIFFERENCE)

    def for_each(self, path: str, unit: str, named: Iterable[str], when: When) -> Iterator[Reading]:
        """A quantity for each of what its table counts in a unit, 「１世帯当たりの人口」, or of what is ``named`` so, 「１開館日当たりの貸出数」."""
        own, (table, _, *row) = self._amounts.at(path, when, AVERAGE), path.split("/")
        of_table = ["/".join((table, column, *row)) for column in self._facts.columns(table, unit)]
        for each in (*of_table, *sorted(named)) if own and "+" not in path else ():
            counted = self._amounts.at(each, when, AVERAGE)
            if own and counted and counted.path != own.path:
                yield from divided(own, counted, AVERAGE)

    def _means(self, paths: Sequence[str], when: When, form: str) -> Iterator[Reading]:
        """The figures of paths added up, for each month or day of their time where the form is that. A day may be one of those that the
        table counts."""
        path = "+".join(paths)
        made = self._amounts.fact(path, form) if when.months else self._amounts.summed(paths, form)
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
        own = self._amounts.in_year(path, when.year, INTERVAL)
        length = _IN_A_DAY.get(written.unit[:1], Fraction(1)) * _days_of(when.year)
        if own and own.amount and not when.months:
            words = f"{in_digits(length)}÷{own.words}"
            yield replace(own, amount=length / own.amount, words=words, sure=False)

    def _in_average(self, path: str, year: FiscalYear) -> Reading | None:
        whole = self._amounts.in_year("+".join(part.rpartition("/")[0] for part in path.split("+")), year, AVERAGE)
        return whole and parts_of(whole, 12)

    def _days(self, path: str) -> Iterator[Reading]:
        """What stands beside the quantity at a path and is counted in days: 開館日数."""
        own = path.partition("+")[0]
        table, _, rest = own.partition("/")
        column, _, when = rest.partition("/")
        for name in self._facts.columns(table, "日"):
            if name != column and (days := self._amounts.fact(f"{table}/{name}/{when}", DAILY)):
                yield days

    def _shares(self, path: str, when: When, named: Quantity | None, form: str) -> Iterator[Reading]:
        """What share a quantity is: of its table's whole, else of what it is a part of by the dictionary, else of what the sentence
        begins with, which nothing makes sure: 「２３８件の内訳は、男性１１２件（４７．１％）」."""
        if self._amounts.is_rate(path) or self._facts.is_change(path):
            return  # a rate is no part of anything, nor is a change
        paths = path.split("+")
        others = [whole for whole in named.paths if whole not in paths] if named and len(paths) == 1 else []
        begun = others[0] if len(others) == 1 else ""
        is_of_one = len({part.rpartition("/")[0] for part in paths}) == 1 or not any(
            part.count("/") > 1 for part in paths
        )
        made = self._amounts.in_year(path, when.year, form, "/構成比") if is_of_one else None
        known = [
            whole
            for whole in self._parts.wholes(paths[0])
            if all(whole in self._parts.wholes(path) for path in paths) and (not made or whole == begun)
        ]
        own = self._amounts.in_year(path, when.year, form)
        is_of_row = len({tuple(part.split("/")[::2]) for part in paths}) == 1
        alike = [other for other in self._parts.in_row(paths[0]) if other not in paths] if is_of_row else []
        if not made and len(paths) > 1 and is_of_row and paths[0].count("/") == 2:  # of several columns together
            known.append("+".join(path.rpartition("/")[0] for path in paths))
        in_row = [self._amounts.in_year(other, when.year, form) for other in alike]
        larger = [whole for whole in in_row if own and whole and whole.amount > own.amount]
        if group := self._parts.group_of(paths[0]) if len(paths) == 1 else ():
            column = paths[0].rpartition("/")[0]
            larger += filter(
                None, [self._amounts.in_year("+".join(f"{column}/{row}" for row in group), when.year, form)]
            )
        if made:
            yield replace(made, sure=not larger and not group and self._parts.has_whole(paths[0]))
        elif begun and begun not in (*known, *self._parts.beside(path), path) and not paths[0].startswith(f"{begun}/"):
            known.append(begun)
        if not made and not known and "+" not in path:  # 「相談件数」 stands first, and 「助言」 behind it
            known += [whole for whole in self._parts.first_beside(path) if whole not in known]
        for whole in known:
            for reading in between(own, self._amounts.in_year(whole, when.year, form), form):
                yield replace(reading, sure=not made and self._parts.is_whole_of(whole, paths[0]))
        for beside in larger:  # 「３歳児の受診者４１６人のうち３９人（９．４％）」
            yield from (replace(reading, sure=False) for reading in between(own, beside, form))

    def changes_of_wholes(self, path: str) -> Iterator[Reading]:
        """By how much what a quantity is a part of has changed, its path being one that says so of itself, 「…/R5/前年度差」, or of a column that
        says how much more or less something is."""
        quantity, *of = re.split(rf"/(?={CODE}(?:/|$))", path)
        if not of or ("/" not in of[0] and not self._facts.is_change(quantity)):
            return
        for whole in (*self._parts.wholes(quantity), *columns_of([quantity])):
            yield from filter(None, [self._amounts.fact(f"{whole}/{of[0]}", DIFFERENCE)])

    def _shares_of_months(self, path: str, when: When, base: When | None, form: str) -> Iterator[Reading]:
        """What share months are of their year, or of their table's whole in them."""
        own = self._amounts.at(path, when, form)
        yield from between(own, self._amounts.in_year(path, when.year, form), form)
        for whole in self._parts.wholes(path):
            for reading in between(own, self._amounts.at(whole, when, form), form):
                yield replace(reading, sure=False)

    def _since_a_month(self, path: str, year: FiscalYear, base: When, form: str) -> Iterator[Reading]:
        """How a quantity has changed from a month to the last of a year that is known: 「年度当初から１００人増えた」."""
        months = (self._amounts.at(path, When(year, (month.label,)), form) for month in reversed(year.months))
        now, then = next(filter(None, months), None), self._amounts.at(path, base, form)
        if now and then:
            yield from compared(now, then, form)

    def _comparison_of_months(self, path: str, when: When, base: When | None, form: str) -> Iterator[Reading]:
        if form not in _CHANGES or base is None or not base.months:
            return
        now, then = (self._amounts.at(path, time, form) for time in (when, base))
        if now and then:
            yield from compared(now, then, form)

    def _comparison(self, path: str, when: When, base: When | None, form: str, written: Written) -> Iterator[Reading]:
        against = base.year if base and base.year != when.year else when.year.previous
        if form == POINTS:
            yield from self._points(path, when, against, written)
            return
        if against == when.year.previous and "+" not in path:
            times = form == RATIO and written.unit.startswith("倍")
            derived = "前年度倍率" if times else DERIVED[form]
            if made := self._amounts.fact(f"{path}/{when.year.code}/{derived}", form):
                yield replace(made, amount=made.amount * 100) if times else made
            return
        now, then = (self._amounts.in_year(path, year, form) for year in (when.year, against))
        if now and then:
            yield from compared(now, then, form)

    def _points(self, path: str, when: When, against: FiscalYear, written: Written) -> Iterator[Reading]:
        """How many points a rate or a share has moved: exactly, and between the two as they are printed, with the same decimals."""
        shares = (
            [rate for rate in [self._amounts.in_year(path, year, POINTS)] if rate]
            if self._amounts.is_rate(path) or self._parts.is_index(path)
            else list(self._shares(path, When(year), None, POINTS))
            for year in (when.year, against)
        )
        for now, then in zip(*shares, strict=False):
            yield from points_between(now, then, written)


def _days_of(year: FiscalYear) -> int:
    start = datetime.date(year.start, year.months[0].month, 1)
    return (start.replace(year=start.year + 1) - start).days
