"""Times in a sentence: years of eras and of the calendar, years before, months, halves, quarters and spans of months."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from nenpo.japanese.eras import ERAS, listed_years, named
from nenpo.japanese.words import pattern, words
from nenpo.japanese.years import FiscalYear, earlier_by, year_named

_ERA_YEAR = rf"(?:(?P<era>{named()})\s*(?P<nth>\d{{1,2}}|元)|(?P<year>(?:19|20)\d\d))"
_YEAR = re.compile(
    rf"{_ERA_YEAR}\s*年?度?(?P<month>(?:[年.]|(?<=年))\s*(?P<number>\d{{1,2}})(?:月(?P<day>\d{{1,2}}日)?|(?![\d,.])(?=[～~〜・、,-]?\d*月)|(?<=\.\d)(?![\d,.])|(?<=\.\d\d)(?![\d,.])))?"
)
_MONTH = re.compile(r"(?<![\d.か箇ヶカ～~-])(?P<number>1[0-2]|[1-9])月(?!間|\d+日)")
_MONTHS = re.compile(
    r"(?<![\d.か箇ヶカ])(?P<first>1[0-2]|[1-9])月?[～~〜-](?P<last>1[0-2]|[1-9])月(?!間|\d+日)(?:まで|の間)?"
)
_LISTED_MONTHS = re.compile(r"(?<![\d.か箇ヶカ])(?P<months>(?:1[0-2]|[1-9])(?:[、,・](?:1[0-2]|[1-9]))+)月(?!間|\d+日)")
_YEARS_AGO = re.compile(r"(\d{1,2})年度?前")
_BARE_YEAR = re.compile(rf"(?<![\d.{''.join(era.letter + era.name for era in ERAS)}])(?:(\d{{1,2}})年度|元年度?)")
# Of how many years something is said: 「過去４年間で」.
SPAN = re.compile(r"(\d+)(?:年度?間|か年|年)(?:で|の中で|のうち)")
# What a rank is of where it is one of years.
OF_YEARS = re.compile(rf"過去|これまで|以来|以降|年間で|年度[間で]|か年|開設|記録|{SPAN.pattern}")
_QUARTER = re.compile(r"第([1-4])四半期")


@dataclass(frozen=True)
class When:
    """A time: a year, and a part of it, "" for the whole; the label of a month, or the labels of several, which are ``listed`` where each
    may be meant by itself."""

    year: FiscalYear
    months: tuple[str, ...] = ()
    words: str = ""
    listed: bool = False

    @property
    def is_in_order(self) -> bool:
        """Whether its months follow each other in the year: those of a winter may be of two years."""
        return list(self.months) == sorted(self.months, key=[month.label for month in self.year.months].index)


def months_of(year: FiscalYear) -> list[When]:
    """The months of a year, each by itself."""
    return [When(year, (month.label,)) for month in year.months]


# A time with its place in a text.
_Time = tuple[int, int, When]


def times_in(text: str, year: FiscalYear) -> list[_Time]:
    """The times that a sentence of a report of ``year`` names, with their places, in order."""
    of_list = [(begin, end, year_named(code, year)) for begin, end, code in listed_years(text)]
    listed = [(begin, end, When(of, (), text[begin:end])) for begin, end, of in of_list if of]
    times = sorted([*_named(text, year), *listed], key=lambda time: time[0])
    return _before_months(_with_spans(times, text), text)


def _named(text: str, year: FiscalYear) -> Iterator[_Time]:
    """The years, then the months, each where none stands that was named before it; then the parts of a year."""
    taken: list[tuple[int, int]] = []
    for known, make in _kinds(text, year):
        for match in known.finditer(text):
            if any(begin < match.end() and match.start() < end for begin, end in taken):
                continue
            if time := make(match):
                taken.append(match.span())
                yield time
    labels = [month.label for month in year.months]
    for key, part in (("first_half", labels[:6]), ("second_half", labels[6:])):
        for match in pattern("time", key).finditer(text):
            yield *match.span(), When(year, tuple(part), match[0])
    for match in _QUARTER.finditer(text):
        at = 3 * int(match[1]) - 3
        yield *match.span(), When(year, tuple(labels[at : at + 3]), match[0])


def _kinds(text: str, year: FiscalYear) -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str]], _Time | None]]]:
    """The ways in which a text says a year or a month, those that may hold another first, and what each makes of a match."""
    labels = {month.month: month.label for month in year.months}
    numbers = list(labels)

    def before(back: int, match: re.Match[str]) -> _Time | None:
        earlier = earlier_by(year, back)
        return _at_first(match, text, earlier) or (*match.span(), When(earlier, (), match[0])) if earlier else None

    def of_era(match: re.Match[str]) -> _Time | None:
        named = year_named(f"{year.code[0]}{match[1] or 1}", year)
        return (*match.span(), When(named, (), match[0])) if named else None

    def months(match: re.Match[str], *named: str, listed: bool = False) -> _Time:
        return *match.span(), When(year, named, match[0], listed)

    yield _YEAR, lambda match: _dated(match, text, year)
    of_year = words()["time"]["of_year"]
    for key, back in {"same_month": 1, "two_before": 2, "before": 1, "now": 0}.items():
        yield re.compile(f"(?:{words()['time'][key]}){of_year}"), partial(before, back)
    yield _YEARS_AGO, lambda match: before(int(match[1]), match)
    yield _BARE_YEAR, of_era
    yield (
        _LISTED_MONTHS,
        lambda match: months(match, *(labels[int(at)] for at in re.findall(r"\d+", match["months"])), listed=True),
    )
    yield (
        _MONTHS,
        lambda match: months(
            match, *_from_to([*labels.values()], *(numbers.index(int(match[end])) for end in ("first", "last")))
        ),
    )
    yield _MONTH, lambda match: months(match, labels[int(match["number"])])
    yield pattern("time", "first_month"), lambda match: months(match, labels[numbers[0]])
    yield pattern("time", "year_end"), months


def _dated(match: re.Match[str], text: str, year: FiscalYear) -> _Time | None:
    """A year of an era or of the calendar, or a month of one; a day says when something is counted: 「令和５年４月１日現在」."""
    if (written := year_named(match["year"] or f"{match['era']}{match['nth']}", year)) is None:
        return None
    if match["month"]:
        number = int(match["number"])
        of = written if number > 3 or year.calendar else earlier_by(written, 1)
        labels = [month.label for month in of.months if month.month == number] if of else []
        return (*match.span(), When(of, () if match["day"] else (labels[0],), match[0])) if of and labels else None
    if "年" in match[0] or (match["era"] and match["era"].isascii()):
        return _at_first(match, text, written) or _of_year(match, text, written)
    return None


def _of_year(match: re.Match[str], text: str, year: FiscalYear) -> _Time:
    """A year that is named, with 「中」「末」 and the like behind it."""
    end = re.compile(words()["time"]["of_year"]).match(text, match.end())
    return match.start(), end.end() if end else match.end(), When(year, (), match[0])


def _at_first(match: re.Match[str], text: str, year: FiscalYear) -> _Time | None:
    """The first month of a year that is named: 「令和５年度当初」."""
    end = pattern("time", "at_first").match(text, match.end())
    return (match.start(), end.end(), When(year, (year.months[0].label,), match[0])) if end else None


def _before_months(times: list[_Time], text: str) -> list[_Time]:
    """The times, with 「前月」 and 「前年同月」 seen from the month that is named before."""
    seen = list(times)
    for key, back in (("month_before", 1), ("same_month", 12)):
        for match in pattern("time", key).finditer(text):
            known = [when for _, end, when in times if end <= match.start() and when.months]
            if known and (before := months_before(known[-1], back)):
                seen = [time for time in seen if not (time[0] < match.end() and match.start() < time[1])]
                seen.append((*match.span(), replace(before, words=match[0])))
    for match in re.finditer(r"同(?=\s*\d)", text):  # 「（前年度２１１件）、…（同２，５１２件）」
        if known := [when for _, end, when in times if end <= match.start()]:
            seen.append((*match.span(), replace(known[-1], words=match[0])))
    return sorted(seen, key=lambda time: time[0])


def months_before(when: When, back: int) -> When | None:
    """The same months so many months before; None where they are not all of one year that a report can be of."""
    years = (earlier_by(when.year, 1), when.year)
    months = [(year, month.label) for year in years if year for month in year.months]
    places = [[label for _, label in months].index(label) - back for label in when.months]
    of_years = {months[place][0] for place in places}
    if min(places) < 0 or len(of_years) != 1:
        return None
    return replace(when, year=of_years.pop(), months=tuple(months[place][1] for place in places))


def _from_to(labels: Sequence[str], first: int, last: int) -> tuple[str, ...]:
    """The months from one to another, over the year's end where that comes before: 「１２月～２月」 of a calendar year."""
    return tuple(labels[first : last + 1]) if first <= last else (*labels[first:], *labels[: last + 1])


def _with_spans(times: list[_Time], text: str) -> list[_Time]:
    """The times, 「４月から６月まで」 as one, and 「１月・２月」 too."""
    joined: list[_Time] = []
    for begin, end, when in times:
        before = joined[-1] if joined else None
        listed = before and (before[2].listed or len(before[2].months) == 1) and len(when.months) == 1
        if (
            before
            and listed
            and before[2].year == when.year
            and re.fullmatch("・|、|と|及び|および", text[before[1] : begin])
        ):
            span = text[before[0] : end]
            joined[-1] = (before[0], end, When(when.year, (*before[2].months, *when.months), span, listed=True))
            continue
        if (
            before
            and len(before[2].months) == len(when.months) == 1
            and before[2].year == when.year
            and re.fullmatch("から|～|~|〜|-", text[before[1] : begin])
        ):
            labels = [month.label for month in when.year.months]
            first, last = labels.index(before[2].months[0]), labels.index(when.months[0])
            until = re.compile("まで|の間").match(text, end)
            span = text[before[0] : until.end() if until else end]
            joined[-1] = (before[0], before[0] + len(span), When(when.year, _from_to(labels, first, last), span))
            continue
        joined.append((begin, end, when))
    return joined


def seen_from_year(when: When, year: FiscalYear) -> When:
    """A time; 「前年度」 as the one before a year."""
    before = earlier_by(year, 1) if pattern("time", "before").match(when.words) else None
    return replace(when, year=before) if before else when
