"""The amounts that a figure may state by the data: a quantity's, in a time, in a form."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

from nenpo.errors import InputError
from nenpo.facts import Facts
from nenpo.japanese.measures import in_other
from nenpo.japanese.numerals import Written, half_width, in_digits, in_ones, rounded
from nenpo.japanese.years import FiscalYear
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
    Around,
    Reading,
)
from nenpo.prose.quantities import Quantities, Quantity
from nenpo.prose.sentence import Named, Sentence
from nenpo.prose.times import When
from nenpo.prose.units import is_in
from nenpo.prose.written import Mention

_OF_ANOTHER = re.compile(r"(?:\d[\d,.]*[万億]?[^\d、。はがをに]{0,3})?の(?:約|およそ|ほぼ|およそ約)?")
_THAN_ANOTHER = re.compile(r"\0*(?:の?\d[^、。]*?)?(?:より|に比べ|と比べ|を(?!合わせ|併せ|足し|含))")
_PER = re.compile("に(?:対する|占める)、?")
_RATHER = re.compile(r"\0*の(?:方|ほう)が(?:約|およそ)?")
# How many of it a day has.
_IN_A_DAY = {"週": Fraction(1, 7), "時": Fraction(24), "分": Fraction(1440), "秒": Fraction(86400)}
# Forms that compare two amounts of one quantity.
_CHANGES = (DIFFERENCE, GROWTH, RATIO)
_FOR_EACH = re.compile(r"の?1[ \u3000]?[^\d\s、。]{1,4}?(?:あたり|当たり|につき|に対(?:する|し))(?:の|に|、|て)*")


class Amounts:
    """The amounts of a report's data."""

    def __init__(self, facts: Facts, quantities: Quantities, year: FiscalYear):
        self._facts, self._quantities, self._year = facts, quantities, year

    def fact(self, path: str, form: str) -> Reading | None:
        """The figure at a path, read in a form; None for none."""
        try:
            fact = self._facts.fact(path)
        except InputError:
            return None
        return Reading(path, fact.amount, fact.formula, form)

    def in_year(self, path: str, year: FiscalYear, form: str, derived: str = "") -> Reading | None:
        """The figure of a year of the quantity at a path, or of several that are added up; or what is derived of each."""
        return self.fact("+".join(f"{part}/{year.code}{derived}" for part in path.split("+")), form)

    def unit(self, path: str) -> str:
        """What the quantity at a path, or the first of several that are added up, is counted in."""
        return self._facts.unit(path.partition("+")[0])

    def in_ones(self, reading: Reading, written: Written) -> Reading:
        """A reading of what is counted in thousands or millions, in ones, as figures of a text are read; of what is measured, in the unit that
        the figure is written in."""
        if reading.form not in (VALUE, DIFFERENCE, AVERAGE, DAILY):
            return reading
        scale, *by = (in_ones(self.unit(path))[1] for path in reading.path.split("÷"))
        other = in_other(self.unit(reading.path.partition("÷")[0]), written.unit) or Fraction(1)
        return replace(reading, amount=reading.amount * scale * other / math.prod(by), is_larger=other < 1)

    def months_beside(self, path: str) -> dict[str, Reading]:
        """What the quantity of a month's figure is in each month of its year that is known; of a quarter's likewise."""
        paths = self._facts.months_beside(path) if not re.search("[+÷]", path) else {}
        known = {label: self.fact(of_month, VALUE) for label, of_month in paths.items()}
        return {label: made for label, made in known.items() if made}

    def is_rate(self, path: str, written: Written | None = None) -> bool:
        """Whether the quantity at a path is a ratio itself: in per cent, or so many times; of a figure, whether in the same."""
        unit = half_width(self.unit(path))
        return unit in ("%", "倍") and (written is None or is_in(written, unit))

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
            periods = self._periods(path, when)
            of_percent = written.is_share and not self.is_rate(path, written)
            if form in (VALUE, AVERAGE, DAILY):
                readings = [] if form == VALUE and of_percent else list(self._means("+".join(periods), when, form))
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
            if form in _CHANGES and self._facts.is_change(
                path
            ):  # 「増減率は１６．６％増」 is its value, 「▲４．２℃」 too
                own = "+".join(periods)
                before = path if when.months else f"{path}/{(base.year if base else when.year.previous).code}"
                signed = (self.fact(period, form) for period in dict.fromkeys((own, before)))
                readings += [replace(value, sure=False) if at else value for at, value in enumerate(signed) if value]
            yield from readings

    def over_years(
        self, quantity: Quantity, years: Sequence[FiscalYear], forms: Sequence[str], written: Written
    ) -> Iterator[Reading]:
        """What a quantity is over several years, the first to the last: added up, and in a year on the average; or how it has changed
        from the first, or the year before it, which nothing makes sure."""
        for path in quantity.paths:
            amounts = [self.in_year(path, year, VALUE) for year in years]
            known = [amount for amount in amounts if amount]
            if VALUE in forms and len(known) == len(amounts):
                total, words = sum(amount.amount for amount in known), "＋".join(amount.words for amount in known)
                whole = Reading("+".join(amount.path for amount in known), Fraction(total), words, VALUE)
                yield whole
                yield replace(_parts_of(replace(whole, words=f"（{words}）"), len(known)), form=AVERAGE)
            for since in (years[0].like(years[0].start - 1), years[0]) if POINTS in forms else ():
                moved = self._points(path, When(years[-1]), since, written)
                yield from (replace(reading, sure=False) for reading in moved)
            for form in (form for form in forms if form in _CHANGES):
                before = self.in_year(path, years[0].like(years[0].start - 1), form)
                for then in (before, self.in_year(path, years[0], form)):
                    if then and (now := self.in_year(path, years[-1], form)):
                        yield from (replace(reading, sure=False) for reading in _against(now, then, form))

    def _from_beside(self, path: str, when: When) -> Iterator[Reading]:
        """How far a quantity is from each of the parts beside it."""
        own = self.in_year(path, when.year, DIFFERENCE)
        for other in self._quantities.beside(path):
            yield from _between(own, self.in_year(other, when.year, DIFFERENCE), DIFFERENCE)

    def against_another(
        self, sentence: Sentence, at: Mention, around: Around, year: FiscalYear, written: Written
    ) -> Iterator[Reading]:
        """Of two quantities that the sentence names, in a year: how far apart they are (「女性は男性（１１２件）より１４件多い」), the one as so many
        times or so much of the other (「延べ対応件数は新規相談受付件数の約１７倍」, 「予算額に対する決算額の割合」), or for each of the other
        (「１件あたりの延べ対応件数」)."""
        names = [name for name in sentence.names if name[1] <= at.start]
        if len(names) < 2:
            return
        own, other = _of_one_column(*names[-2:])
        if not _single(other):
            return
        if not _single(own):
            yield from self._of_a_row(sentence, at, around, year, own, other)
            return
        between, form = sentence.outside(other[1], at.start), around.forms[0]
        joint = sentence.outside(own[1], other[0]).replace("\0", "")
        if around.forms in ([DIFFERENCE], [POINTS]):
            if _RATHER.fullmatch(between):  # 「女性の方が１４件多い」
                own, other = other, next((name for name in reversed(names) if name[2] != other[2]), other)
            elif not _THAN_ANOTHER.match(between):
                return
        elif form in (SHARE, RATIO) and _PER.fullmatch(joint):
            form, own, other = RATIO, other, own
        elif form in (SHARE, RATIO) and _OF_ANOTHER.fullmatch(between.replace("\0", "")):
            form = RATIO
        elif _FOR_EACH.fullmatch(joint):
            form, own, other = AVERAGE, other, own
        else:
            return
        paths = _single(own), _in_row_of(_single(other), _single(own))
        if form == POINTS:
            yield from self._points_apart(*paths, year, written)
        elif paths[0] != paths[1]:
            now, then = (self.in_year(path, year, form) for path in paths)
            yield from _between(now, then, form)

    def _points_apart(self, own: str, other: str, year: FiscalYear, written: Written) -> Iterator[Reading]:
        """How many points two rates, or two shares, are apart: exactly, and as they are printed."""
        now, then = (self.in_year(path, year, POINTS, "" if self.is_rate(path) else "/構成比") for path in (own, other))
        yield from _points_between(now, then, written) if now and then else ()

    def _of_a_row(
        self, sentence: Sentence, at: Mention, around: Around, year: FiscalYear, own: Named, other: Named
    ) -> Iterator[Reading]:
        """How far the columns of a row that is named alone are from another: 「甲は３，２５５千円で、計画値の３，２００千円を５５千円上回った」."""
        if around.forms == [DIFFERENCE] and _THAN_ANOTHER.match(sentence.outside(other[1], at.start)):
            for path in own[2]:
                if path not in other[2] and self.unit(path) == self.unit(_single(other)):
                    now, then = (self.in_year(part, year, DIFFERENCE) for part in (path, _single(other)))
                    yield from _between(now, then, DIFFERENCE)

    def for_each(self, path: str, unit: str, named: Iterable[str], when: When) -> Iterator[Reading]:
        """A quantity for each of what its table counts in a unit, 「１世帯当たりの人口」, or of what is ``named`` so, 「１開館日当たりの貸出数」."""
        own, (table, _, *row) = self.in_year(path, when.year, AVERAGE), path.split("/")
        of_table = ["/".join((table, column, *row)) for column in self._facts.columns(table, unit)]
        for each in (*of_table, *sorted(named)) if own and "+" not in path else ():
            counted = self.in_year(each, when.year, AVERAGE)
            if own and counted and counted.path != own.path:
                yield from _divided(own, counted, AVERAGE)

    def apart(self, names: Sequence[Named], when: When, form: str) -> Iterator[Reading]:
        """The differences, or the shares, of any two of the quantities named, in a time."""
        paths = list(dict.fromkeys(path for name in names for path in name[2] if "+" not in path))
        amounts = [self.in_year(path, when.year, form) for path in paths]
        for own, other in permutations(amounts, 2):
            yield from _between(own, other, form)

    def _means(self, path: str, when: When, form: str) -> Iterator[Reading]:
        """The figure at a path, for each month or day of its time where the form is that. A day may be one of those that the table counts."""
        made = self.fact(path, form)
        if made is None or form == VALUE:
            yield from filter(None, [made])
        elif form == AVERAGE and len(when.months) == 1:  # 「４月は３０件で、月平均８．３件の」
            yield from filter(None, [self._in_average(path, when.year)])
        elif form == AVERAGE:
            yield _parts_of(made, len(when.months) or 12)
        else:
            for days in self._days(path):
                yield from _divided(made, days, AVERAGE)
            if not when.months:
                yield replace(_parts_of(made, _days_of(when.year)), sure=False)

    def _intervals(self, path: str, when: When, written: Written) -> Iterator[Reading]:
        """How long it is from one to the next, in a figure's unit of time: 「約８６分に１回」."""
        own = self.in_year(path, when.year, INTERVAL)
        length = _IN_A_DAY.get(written.unit[:1], Fraction(1)) * _days_of(when.year)
        if own and own.amount and not when.months:
            words = f"{in_digits(length)}÷{own.words}"
            yield replace(own, amount=length / own.amount, words=words, sure=False)

    def _in_average(self, path: str, year: FiscalYear) -> Reading | None:
        whole = self.in_year("+".join(part.rpartition("/")[0] for part in path.split("+")), year, AVERAGE)
        return whole and _parts_of(whole, 12)

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
        if self.is_rate(path):
            return  # a rate is no part of anything
        paths = path.split("+")
        begun = named.paths[0] if named and len(named.paths) == len(paths) == 1 else ""
        made = self.in_year(path, when.year, form, "/構成比")
        known = [
            whole
            for whole in self._quantities.wholes(paths[0])
            if all(whole in self._quantities.wholes(path) for path in paths) and (not made or whole == begun)
        ]
        own = self.in_year(path, when.year, form)
        in_row = [self.in_year(other, when.year, form) for other in self._quantities.in_row(path)]
        larger = [whole for whole in in_row if own and whole and whole.amount > own.amount]
        if group := self._quantities.group_of(paths[0]) if len(paths) == 1 else ():
            column = paths[0].rpartition("/")[0]
            larger += filter(None, [self.in_year("+".join(f"{column}/{row}" for row in group), when.year, form)])
        if made:
            yield replace(made, sure=not larger and not group and self._quantities.has_whole(paths[0]))
        elif (
            begun
            and begun not in (*known, *self._quantities.beside(path), path)
            and not paths[0].startswith(f"{begun}/")
        ):
            known.append(begun)
        if not made and not known and "+" not in path:  # 「相談件数」 stands first, and 「助言」 behind it
            known += [whole for whole in self._quantities.first_beside(path) if whole not in known]
        for whole in known:
            for reading in _between(own, self.in_year(whole, when.year, form), form):
                yield replace(reading, sure=not made and self._quantities.is_whole_of(whole, paths[0]))
        for beside in larger:  # 「３歳児の受診者４１６人のうち３９人（９．４％）」
            yield from (replace(reading, sure=False) for reading in _between(own, beside, form))

    def _shares_of_months(self, path: str, when: When, base: When | None, form: str) -> Iterator[Reading]:
        """What share months are of their year, or of their table's whole in them."""
        own = self._in_months(path, when, form)
        yield from _between(own, self.in_year(path, when.year, form), form)
        for whole in self._quantities.wholes(path):
            for reading in _between(own, self._in_months(whole, when, form), form):
                yield replace(reading, sure=False)

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
            yield from _against(now, then, form)

    def _comparison_of_months(self, path: str, when: When, base: When | None, form: str) -> Iterator[Reading]:
        if form not in _CHANGES or base is None or not base.months:
            return
        now, then = (self._in_months(path, one, form) for one in (when, base))
        if now and then:
            yield from _against(now, then, form)

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
            yield from _against(now, then, form)

    def _points(self, path: str, when: When, against: FiscalYear, written: Written) -> Iterator[Reading]:
        """How many points a rate or a share has moved: exactly, and between the two as they are printed, with the same decimals."""
        shares = (
            [rate for rate in [self.in_year(path, year, POINTS)] if rate]
            if self.is_rate(path) or self._quantities.is_index(path)
            else list(self._shares(path, When(year), None, POINTS))
            for year in (when.year, against)
        )
        for now, then in zip(*shares, strict=False):
            yield from _points_between(now, then, written)


def _days_of(year: FiscalYear) -> int:
    start = datetime.date(year.start, year.months[0].month, 1)
    return (start.replace(year=start.year + 1) - start).days


def _points_between(now: Reading, then: Reading, written: Written) -> Iterator[Reading]:
    """How many points there are from one to the other: exactly, and of the two as they are printed, with the figure's decimals."""
    step = Fraction(1, 10**written.decimals)
    moved = replace(now, amount=now.amount - then.amount, words=f"{now.words}－{then.words}")
    yield moved
    yield replace(moved, amount=rounded(now.amount, step) - rounded(then.amount, step))


def _parts_of(made: Reading, parts: int) -> Reading:
    return replace(made, amount=made.amount / parts, words=f"{made.words}÷{parts}")


def _single(name: Named) -> str:
    """The path that a name means; "" where it may mean several. One in the row that is named before is meant before the whole column."""
    first, *others = name[2]
    return "" if any(not first.startswith(f"{other}/") for other in others) else first


def _in_row_of(path: str, other: str) -> str:
    """A column in the row that another of its table is of: 「予算額に対する市税の決算額」."""
    table, column, *row = path.split("/")
    of_other = other.split("/")
    is_whole = not row and len(of_other) == 3 and of_other[0] == table and "+" not in path + other
    return f"{table}/{column}/{of_other[2]}" if is_whole and column != of_other[1] else path


def _of_one_column(own: Named, other: Named) -> tuple[Named, Named]:
    """Two names, the second of the column that the first is of where it may be of several: 「甲の所要時間は…、乙の…より２．９分長い」."""
    column = _single(own).rpartition("/")[0]
    same = tuple(path for path in other[2] if path.count("/") == 2 and path.rpartition("/")[0] == column)
    return own, (other[0], other[1], same) if len(same) == 1 and not _single(other) else other


def _between(own: Reading | None, other: Reading | None, form: str) -> Iterator[Reading]:
    """Of the amounts of two quantities, where there are both: their difference, or the one divided by the other."""
    if own and other:
        yield from _against(own, other, form) if form == DIFFERENCE else _divided(own, other, form)


def _against(now: Reading, then: Reading, form: str) -> Iterator[Reading]:
    """An amount against the same of another time: their difference, the growth or the ratio in per cent."""
    if form == DIFFERENCE:
        yield replace(now, amount=now.amount - then.amount, words=f"{now.words}－{then.words}")
    elif then.amount:
        ratio = now.amount / then.amount * 100 - (100 if form == GROWTH else 0)
        yield replace(now, amount=ratio, words=f"{now.words}÷{then.words}")


def _divided(now: Reading, by: Reading, form: str) -> Iterator[Reading]:
    """An amount divided by another's: for each of it, or in per cent."""
    if by.amount:
        amount = now.amount / by.amount * (1 if form == AVERAGE else 100)
        yield Reading(f"{now.path}÷{by.path}", amount, f"{now.words}÷{by.words}", form)
