"""Times in a sentence: years of eras and of the calendar, years before, months, halves, quarters and spans of months."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nenpo.japanese.eras import ERAS, named
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
_BARE_YEAR = re.compile(rf"(?<![\d.{''.join(era.letter + era.name for era in ERAS)}])(\d{{1,2}})年度")
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


def times_in(text: str, year: FiscalYear) -> list[tuple[int, int, When]]:
    """The times that a sentence of a report of ``year`` names, with their places, in order."""
    times = sorted(_named(text, year), key=lambda time: time[0])
    return _before_months(_with_spans(times, text), text)


def _named(text: str, year: FiscalYear) -> Iterator[tuple[int, int, When]]:
    of_year = words()["time"]["of_year"]
    spans: list[tuple[int, int]] = []
    for match in _YEAR.finditer(text):
        if (written := year_named(match["year"] or f"{match['era']}{match['nth']}", year)) is None:
            continue
        spans.append(match.span())
        if match["month"]:
            number = int(match["number"])
            of = written if number > 3 or year.calendar else earlier_by(written, 1)
            labels = [month.label for month in of.months if month.month == number] if of else []
            if of and labels:  # a day says when something is counted: 「令和５年４月１日現在」
                yield *match.span(), When(of, () if match["day"] else (labels[0],), match[0])
        elif "年" in match[0] or (match["era"] and match["era"].isascii()):
            yield _at_first(match, text, written) or _of_year(match, text, written)
    relative = {"same_month": -1, "two_before": -2, "before": -1, "now": 0}
    for key, back in relative.items():
        for match in re.finditer(f"(?:{words()['time'][key]}){of_year}", text):
            if not any(begin < match.end() and match.start() < end for begin, end in spans):
                spans.append(match.span())
                if earlier := earlier_by(year, -back):
                    yield _at_first(match, text, earlier) or (*match.span(), When(earlier, (), match[0]))
    for match in _YEARS_AGO.finditer(text):
        if earlier := earlier_by(year, int(match[1])):
            yield *match.span(), When(earlier, (), match[0])
    for match in _BARE_YEAR.finditer(text):
        taken = any(begin < match.end() and match.start() < end for begin, end in spans)
        if not taken and (of_era := year_named(f"{year.code[0]}{match[1]}", year)):
            yield *match.span(), When(of_era, (), match[0])
    labels = [month.label for month in year.months]
    numbers = [month.month for month in year.months]
    for match in _LISTED_MONTHS.finditer(text):
        spans.append(match.span())
        named = [labels[numbers.index(int(number))] for number in re.findall(r"\d+", match["months"])]
        yield *match.span(), When(year, tuple(named), match[0], listed=True)
    for match in _MONTH.finditer(text):
        if not any(begin < match.end() and match.start() < end for begin, end in spans):
            label = next(month.label for month in year.months if month.month == int(match["number"]))
            yield *match.span(), When(year, (label,), match[0])
    for match in _MONTHS.finditer(text):
        first, last = (numbers.index(int(match[end])) for end in ("first", "last"))
        if not any(begin < match.end() and match.start() < end for begin, end in spans):
            yield *match.span(), When(year, _from_to(labels, first, last), match[0])
    for key, part in (("first_half", labels[:6]), ("second_half", labels[6:])):
        for match in pattern("time", key).finditer(text):
            yield *match.span(), When(year, tuple(part), match[0])
    for match in pattern("time", "first_month").finditer(text):
        if not any(begin < match.end() and match.start() < end for begin, end in spans):
            yield *match.span(), When(year, (labels[0],), match[0])
    for match in pattern("time", "year_end").finditer(text):
        if not any(begin < match.end() and match.start() <= end for begin, end in spans):
            yield *match.span(), When(year, (), match[0])
    for match in _QUARTER.finditer(text):
        at = 3 * int(match[1]) - 3
        yield *match.span(), When(year, tuple(labels[at : at + 3]), match[0])


def _of_year(match: re.Match[str], text: str, year: FiscalYear) -> tuple[int, int, When]:
    """A year that is named, with 「中」「末」 and the like behind it."""
    end = re.compile(words()["time"]["of_year"]).match(text, match.end())
    return match.start(), end.end() if end else match.end(), When(year, (), match[0])


def _at_first(match: re.Match[str], text: str, year: FiscalYear) -> tuple[int, int, When] | None:
    """The first month of a year that is named: 「令和５年度当初」."""
    end = pattern("time", "at_first").match(text, match.end())
    return (match.start(), end.end(), When(year, (year.months[0].label,), match[0])) if end else None


def _before_months(times: list[tuple[int, int, When]], text: str) -> list[tuple[int, int, When]]:
    """The times, with 「前月」 and 「前年同月」 seen from the month that is named before."""
    seen = list(times)
    for key, back in (("month_before", 1), ("same_month", 12)):
        for match in pattern("time", key).finditer(text):
            known = [when for _, end, when in times if end <= match.start() and when.months]
            if known and (before := _months_before(known[-1], back)):
                seen = [time for time in seen if not (time[0] < match.end() and match.start() < time[1])]
                seen.append((*match.span(), replace(before, words=match[0])))
    for match in re.finditer(r"同(?=\s*\d)", text):  # 「（前年度２１１件）、…（同２，５１２件）」
        if known := [when for _, end, when in times if end <= match.start()]:
            seen.append((*match.span(), replace(known[-1], words=match[0])))
    return sorted(seen, key=lambda time: time[0])


def _months_before(when: When, back: int) -> When | None:
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


def _with_spans(times: list[tuple[int, int, When]], text: str) -> list[tuple[int, int, When]]:
    """The times, 「４月から６月まで」 as one, and 「１月・２月」 too."""
    joined: list[tuple[int, int, When]] = []
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
