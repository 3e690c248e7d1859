"""Fiscal years (April to March) or calendar years, as an office counts, Japanese eras and reporting months.

The fiscal year 2019 is called 令和元年度 throughout, as Otaru's reports do, though its first month was 平成31年4月.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import total_ordering

from nenpo.errors import Fault, InputError
from nenpo.japanese.eras import EARLIEST, REPORTED, named, western, within_era
from nenpo.japanese.numerals import WIDE_DIGITS

# A year's code, R5, and a month's label, R6.1, as parts of regular expressions.
CODE = rf"(?:{'|'.join(era.letter for era in REPORTED)})\d+"
MONTH = rf"{CODE}\.\d+"
_WRITTEN = re.compile(rf"(?:(?P<era>{named()})\s*(?P<nth>\d{{1,2}}|元)|(?P<year>\d{{4}}))\s*(?:年度?)?", re.IGNORECASE)


@total_ordering
@dataclass(frozen=True, init=False)
class FiscalYear:
    """A fiscal year. ``FiscalYear("R5") == FiscalYear(2023) == FiscalYear("令和５年度")``. With ``calendar`` it is that of the
    calendar, January to December, and is called 令和５年.

    Raises InputError for anything that names no year since 平成元年度.
    """

    start: int = field()
    calendar: bool = field(compare=False)

    def __init__(self, written: str | int | FiscalYear, calendar: bool = False):
        object.__setattr__(self, "start", written.start if isinstance(written, FiscalYear) else _parse(written))
        object.__setattr__(self, "calendar", calendar)

    def like(self, written: str | int | FiscalYear) -> FiscalYear:
        """Another year of the same kind. Raises InputError for what is none."""
        return FiscalYear(written, self.calendar)

    def __lt__(self, other: FiscalYear) -> bool:
        return self.start < other.start

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f"FiscalYear({self.code!r})"

    @property
    def _era(self) -> tuple[str, str, int]:
        era, nth = within_era(self.start)
        return era.letter, era.name, nth

    @property
    def code(self) -> str:
        """Name of folders and parameters: R5, R1, H30."""
        letter, _, nth = self._era
        return f"{letter}{nth}"

    @property
    def short(self) -> str:
        """As printed in tables and charts: R5年度, R元年度."""
        letter, _, nth = self._era
        return f"{letter}{'元' if nth == 1 else nth}{self.word}"

    @property
    def label(self) -> str:
        """As written in text: 令和５年度, 令和元年度."""
        _, name, nth = self._era
        return f"{name}{'元' if nth == 1 else str(nth).translate(WIDE_DIGITS)}{self.word}"

    @property
    def word(self) -> str:
        """What a year is called: 年度, or 年."""
        return "年" if self.calendar else "年度"

    @property
    def previous(self) -> FiscalYear:
        return self.like(self.start - 1)

    def until(self, count: int) -> str:
        """The end of its first ``count`` months in words, 「９月まで」; "" where the year is whole or has not begun."""
        if not 0 < count < len(self.months):
            return ""
        return f"{str(self.months[count - 1].month).translate(WIDE_DIGITS)}月まで"

    @property
    def months(self) -> tuple[Month, ...]:
        """The twelve reporting months, April first, in a calendar year January."""
        if self.calendar:
            return tuple(Month(self.start, month) for month in range(1, 13))
        return tuple(Month(self.start + (month < 4), month) for month in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3))


def year_named(written: str | int, like: FiscalYear) -> FiscalYear | None:
    """The year that is written, of the same kind as another; None for what is none that a report can be of."""
    try:
        return like.like(written)
    except InputError:
        return None


def earlier_by(year: FiscalYear, years: int) -> FiscalYear | None:
    """The year so many years before; None for one that no report can be of."""
    return year_named(year.start - years, year)


@dataclass(frozen=True, order=True)
class Month:
    """A reporting month by calendar year and month; 令和6年1月 is ``Month(2024, 1)``."""

    year: int
    month: int

    @property
    def label(self) -> str:
        """As printed in the first column of tables: R5.4, R6.1."""
        era, nth = within_era(self.year, self.month)
        return f"{era.letter}{nth}.{self.month}"

    @property
    def a_year_later(self) -> Month:
        return Month(self.year + 1, self.month)


def month_of(label: str) -> Month:
    """The month of a label, R6.1."""
    code, _, month = label.partition(".")
    return Month(western(code[0], int(code[1:])), int(month))


_NAMED = re.compile(
    rf"(?:(?<![A-Z])(?P<era>{named()})\s*(?P<nth>\d{{1,2}}|元)|(?<!\d)(?P<year>(?:19|20)\d\d))"
    r"(?:(?P<fiscal>年度)|[年.](?P<month>1[0-2]|0?[1-9])(?!\d)|(?(year)[-_]?|(?!))(?P<of_day>0[1-9]|1[0-2])(?:[-_]?\d\d)?(?!\d)"
    r"|(?P<calendar>年)|(?!\d))",
    re.IGNORECASE,
)


def years_named(path: str) -> set[FiscalYear]:
    """The fiscal years that the name of a file, or of its folder if that tells none, may be of: 「R4年度.xlsx」, 「令和6年1月.xlsx」 and
    「20240131.xlsx」 (both of R5), 「2024年.xlsx」 (R5 or R6)."""
    for name in re.split(r"[/\\]", unicodedata.normalize("NFKC", path))[:-3:-1]:
        years: set[FiscalYear] = set()
        for match in _NAMED.finditer(name):
            try:
                year = FiscalYear(match["year"] or f"{match['era']}{match['nth']}")
            except InputError:
                continue
            if month := match["month"] or match["of_day"]:
                years.add(year if int(month) > 3 else year.previous)
            else:
                years |= {year, year.previous} if match["calendar"] else {year}
        if years:
            return years
    return set()


def _parse(written: str | int) -> int:
    text = unicodedata.normalize("NFKC", str(written)).strip()
    match = _WRITTEN.fullmatch(text)
    if match:
        if match["year"]:
            year = int(match["year"])
        else:
            year = western(match["era"], 1 if match["nth"] == "元" else int(match["nth"]))
        if EARLIEST <= year <= 2100 and match["nth"] != "0":
            return year
    raise InputError(
        Fault(f"「{written}」は年度として読めません", remedy="R5、令和5年度、2023 のように指定してください")
    )
