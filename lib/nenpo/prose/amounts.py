"""The amounts that a figure may state by the data: a quantity's, in a time, in a form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from nenpo.errors import InputError
from nenpo.facts import Facts
from nenpo.japanese.measures import in_other
from nenpo.japanese.numerals import Written, half_width, in_ones, rounded
from nenpo.japanese.years import FiscalYear, earlier_by
from nenpo.prose.forms import (
    AVERAGE,
    DAILY,
    DIFFERENCE,
    VALUE,
    Reading,
)
from nenpo.prose.moments import YEARS_BACK
from nenpo.prose.parts import Parts
from nenpo.prose.sentence import Quantity
from nenpo.prose.times import When, months_of
from nenpo.prose.units import is_in


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
        return self.summed([f"{part}/{year.code}{derived}" for part in path.split("+")], form)

    def summed(self, paths: Sequence[str], form: str) -> Reading | None:
        """The figures of paths added up; of those that have one, where some have none."""
        if made := self.fact("+".join(paths), form):
            return made
        known = [path for path in paths if self.fact(path, form)]
        of_known = self.fact("+".join(known), form) if known else None
        return of_known and replace(of_known, sure=False)

    def last_year(self, path: str) -> FiscalYear:
        """The report's year; of a quantity that has no figure in it yet the last before that has one."""
        earlier = (earlier_by(self._year, back) for back in range(YEARS_BACK))
        known = (
            year
            for year in earlier
            if year and (self.in_year(path, year, VALUE) or self.in_months(path, months_of(year)))
        )
        return next(known, self._year)

    def is_settled(self, path: str) -> bool:
        """Whether the figure at a path is of a time that is over."""
        return self._facts.settled(path)

    def is_complete(self, path: str) -> bool:
        """Whether every figure of the column at a path is known, as far as that is one of a table."""
        try:
            return self._facts.is_complete(path)
        except InputError:
            return True

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
        amount = reading.amount * scale * other / math.prod(by)
        step = self._parts.printed_to(reading.path) if reading.form == VALUE else None
        if step and rounded(written.value, step * scale * other) == amount:
            amount = written.value  # more exactly than it is printed: 「１９，５５７円」 of 19.6 千円
        return replace(reading, amount=amount, is_larger=other < 1)

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

    def at(self, path: str, when: When, form: str) -> Reading | None:
        """The figure of a year or of months of the quantity at a path, or of several that are added up."""
        return self._in_months(path, when, form) if when.months else self.in_year(path, when.year, form)

    def _in_months(self, path: str, when: When, form: str) -> Reading | None:
        return self.fact("+".join(self.periods(path, when)), form)

    def periods(self, path: str, when: When) -> list[str]:
        """The paths of what a quantity, or each of several that are added up, is in a time."""
        parts = path.split("+")
        if not when.months:
            return [f"{part}/{when.year.code}" for part in parts]
        return [period for part in parts for period in self._facts.in_months(part, when.year, when.months)]
