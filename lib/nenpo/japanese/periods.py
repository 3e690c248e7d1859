"""What the label of a row says of its period, as offices write it: a year, a month, a quarter.

    令和５年度  R5  平5  5年度（2023年度）  平成31（令和元）年度  令和六年度（見込み）      ４月  R5.4  令和5年4月分  2023-04  ５年４月末現在
    第１四半期  ４～６月  Q1  Ⅰ期

A label is plain: of half width, without blanks. Where it says one period twice, both have to be the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nenpo.japanese.eras import REPORTED, named, within_era
from nenpo.japanese.numerals import arabic
from nenpo.japanese.years import FiscalYear, Month, year_named

_SHORT = {era.name[0]: era.name for era in REPORTED}
_YEAR = re.compile(
    rf"(?P<of_era>(?P<era>{named()}|[{''.join(_SHORT)}])(?P<nth>\d{{1,2}}|元))(?!\d)|(?P<western>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
# What stands beside the year: its words, brackets, and what a bracket says in words.
_BESIDE_YEAR = re.compile(r"年度?|[()\[\]・/]|(?<=[(\[])[^\d()\[\]]+(?=[)\]])")
_BARE_YEAR = re.compile(r"(\d{1,2}|元)(?:年度?)?")
_YEAR_ALONE = re.compile(r"(\d{1,2}|元)年度?")
_MONTH = re.compile(
    r"(?:(?P<year>.+?)(?:[./～-]|(?<=年)|(?<=年度)))?(?P<month>\d{1,2})月?(?:分|末日?|中)?(?:現在|時点)?"
)
_MONTH_BEHIND = re.compile(r"年(\d{1,2})月")
_DIGITS = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)")
_WORDS_BEHIND = re.compile(r"[(\[][^\d()\[\]]+[)\]]$")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_QUARTER = re.compile(
    r"第?(?P<nth>[1-4]|IV|I{1,3})(?:期|Q)?(?:\(.*)?|Q(?P<of_q>[1-4])(?:\(.*)?|(?P<first>\d{1,2})月?～(?P<last>\d{1,2})月"
)


def year_said(label: str, known: Sequence[FiscalYear]) -> FiscalYear | None:
    """Which of the ``known`` years a label says, by its number alone, 「29年度」, where that is the number of one of them, of several of the last; None
    for none."""
    label = arabic(label)
    said = [_year_of(token, known[-1]) for token in _YEAR.finditer(label)]
    left = _YEAR.sub("", label)
    if said:
        is_one = len(set(said)) == 1 and not _BESIDE_YEAR.sub("", left)
        return said[0] if is_one and said[0] in known else None
    bare = _YEAR_ALONE.fullmatch(_WORDS_BEHIND.sub("", label))  # a number alone may count the rows
    alike = [year for year in known if bare and within_era(year.start)[1] == _number(bare[1])]
    return max(alike, key=lambda year: year.start, default=None)


def only_year(text: str, like: FiscalYear) -> FiscalYear | None:
    """The year of a text that says no other; None where it says none, or several."""
    years = {_year_of_month(token, text, like) or _year_of(token, like) for token in _YEAR.finditer(text)}
    return years.pop() if len(years) == 1 else None


def _year_of_month(token: re.Match[str], text: str, like: FiscalYear) -> FiscalYear | None:
    """The year ``like`` where it has the month that a text names behind a year: 「令和６年３月31日現在」 of 令和５年度."""
    month, year = _MONTH_BEHIND.match(text, token.end()), _year_of(token, like)
    has_it = month and year and Month(year.start, int(month[1])) in like.months
    return like if has_it else None


def _year_of(token: re.Match[str], like: FiscalYear) -> FiscalYear | None:
    era = _SHORT.get(token["era"] or "", token["era"])
    return year_named(token["western"] or f"{era}{token['nth']}", like)


def _number(written: str) -> int:
    return 1 if written == "元" else int(written)


def month_said(label: str, year: FiscalYear) -> Month | None:
    """Which month of a year a label says; None for none, and for one of another year."""
    said = _month(label)
    return _month_in(said, year) if said else None


def month_before(label: str, years: Iterable[FiscalYear]) -> Month | None:
    """Which month of one of the years a label says, with its year: a month alone is of none of them."""
    said = _month(label)
    months = (_month_in(said, year) for year in years) if said and said["year"] else ()
    return next(filter(None, months), None)


def _month(label: str) -> re.Match[str] | None:
    label = _WORDS_BEHIND.sub("", arabic(label))
    return _DIGITS.fullmatch(label) or _MONTH.fullmatch(label)


def _month_in(said: re.Match[str], year: FiscalYear) -> Month | None:
    month = next((month for month in year.months if month.month == int(said["month"])), None)
    return month if month and (not said["year"] or _is_in(said["year"], month, year)) else None


def _is_in(written: str, month: Month, year: FiscalYear) -> bool:
    """Whether a year, as it stands before a month, is that of the month: of the calendar, or the fiscal year where it says so."""
    if written.endswith("年度"):
        return year_said(written, [year]) == year
    token = _YEAR.fullmatch(written.removesuffix("年"))
    if token and token["western"]:
        return int(token["western"]) == month.year
    era, nth = within_era(month.year, month.month)
    bare = _BARE_YEAR.fullmatch(written)
    if token:
        return token["era"].upper() in (era.letter, era.name, era.name[0]) and _number(token["nth"]) == nth
    return bool(bare) and _number(bare[1] if bare else "") == nth


def quarter_said(label: str, year: FiscalYear) -> int | None:
    """Which quarter of a year a label says, from 1 on; None for none."""
    said = _QUARTER.fullmatch(arabic(label.replace("四半期", "Q")))
    if said is None:
        return None
    if not said["first"]:
        nth = said["nth"] or said["of_q"]
        return _ROMAN.get(nth) or int(nth)
    months = [month.month for month in year.months]
    starts = {(months[at], months[at + 2]): at // 3 + 1 for at in range(0, 12, 3)}
    return starts.get((int(said["first"]), int(said["last"])))
