"""What a sentence says of an order: years in a row, the month with most, which of the parts comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from nenpo.japanese.numerals import Written, read_figure
from nenpo.japanese.words import pattern
from nenpo.japanese.years import FiscalYear
from nenpo.prose.amounts import Amounts
from nenpo.prose.forms import RANK, STREAK, VALUE, Around, Reading
from nenpo.prose.parts import Parts, columns_of
from nenpo.prose.sentence import Sentence
from nenpo.prose.times import months_of
from nenpo.prose.written import Mention

YEARS_SHOWN = 10
_YEARS = re.compile(
    r"(?:過去|直近|この)?(\d+)(?:年度?|か年)(?:間)?(?:で|の中で|のうち)|(?:開設|制度開始|統計)以来|過去"
)
_SINCE = re.compile("以降(?:の|で(?:は|も)?|、)*(?:中で|うち)?(?:は|も|、)*")
# Of what else a rank may be: 「県内で３番目」.
_AMONG = re.compile(r"(?:内|国|県|市|中|道|域|種別|区分)(?:で(?:は|も)?、?)?第?$")
_TOP = re.compile(r"上位の?([2-9])[^\d、。]{1,5}?(?:で|が|は|を|の(?:合計|みで))、?[^、。\d]{0,8}$")
# What may say that years in a row have ended.
_ENDED = re.compile("た(?:が|ものの|後|のち|あと|ところ|もの)|から一転|て(?:い|き)た(?!。)")
# What says that something has moved, and not which way.
_MOVED = re.compile("[でに、の]*(?:改善|悪化|好転|拡大|変化)")
_RANKED_MONTH = re.compile("に(?:多|少な|高|低)(?:い|かった)(?:のは|のが|月は)?、?")
# What is said of the one with most.
_FIRST = re.compile(r"[でに、て]*(?:[^\d、。]{1,8}の)?(?:最多|最も多|第?1位|首位|トップ)")


class Ranks:
    """The orders in a report of ``year``."""

    def __init__(self, parts: Parts, amounts: Amounts, year: FiscalYear):
        self._parts, self._amounts, self._year = parts, amounts, year

    def streak(self, written: Written, path: str, around: Around) -> tuple[Reading | None, bool]:
        """「２年連続で増加」「３年ぶりに減少」: how the years up to the report's went, and whether what is known can tell."""
        amounts = list(self._years(path))
        if _ENDED.search(around.tail):  # it ended the year before, or has gone on
            readings = [self._streak(written, path, known, around) for known in (amounts[1:], amounts)]
            return next((made for made in readings if made[0] and made[0].amount == written.value), readings[0])
        return self._streak(written, path, amounts, around)

    def _streak(
        self, written: Written, path: str, amounts: Sequence[Reading], around: Around
    ) -> tuple[Reading | None, bool]:
        if _FIRST.match(around.tail):
            return self._of_first(path, amounts), around.sure
        if limit := _limit(around.tail):
            return self._of_limit(amounts, limit, around), around.sure and bool(amounts)
        steps = [(now.amount > then.amount) - (now.amount < then.amount) for now, then in pairwise(amounts)]
        more = around.more or (steps[0] if steps and _MOVED.match(around.tail) else 0)  # 「４年連続で改善」: either way
        if not steps or not more:
            return None, False
        if around.since:  # the last time that it went this way was so many years before
            same = next((at for at, step in enumerate(steps) if at and step == more), len(steps))
            same = same if steps[0] == more else 0
        else:
            same = next((at for at, step in enumerate(steps) if step != more), len(steps))
        words = "、".join(amount.words for amount in reversed(amounts))
        reading = Reading(amounts[0].path, Fraction(same), words, STREAK)
        ended = same < len(steps)
        known = (ended or written.value < same) and around.sure
        if same == written.value and not ended and around.since:
            return None, False
        return reading, known

    def _of_first(self, path: str, amounts: Sequence[Reading]) -> Reading | None:
        """「２年連続で最多」: for how many years a quantity has had most among the parts of its table."""
        years = [self._year.like(self._year.start - back) for back in range(len(amounts))]
        most = [max((part.amount for part in self.beside(path, year)), default=None) for year in years]
        same = next((at for at, amount in enumerate(amounts) if amount.amount != most[at]), len(amounts))
        words = "、".join(amount.words for amount in reversed(amounts))
        return Reading(amounts[0].path, Fraction(same), words, STREAK) if amounts and most[0] is not None else None

    @staticmethod
    def _of_limit(
        amounts: Sequence[Reading], limit: tuple[Fraction, Fraction | None, bool], around: Around
    ) -> Reading | None:
        """「２年連続で３００件を下回った」「２年ぶりに２，０００件を超えた」: for how many years it has been so, or after how many it is so again."""
        low, high, above = limit
        within = [
            low <= amount.amount < high if high is not None else amount.amount > low if above else amount.amount < low
            for amount in amounts
        ]
        if not within or not within[0]:
            return None
        again = next((at for at, held in enumerate(within) if at and held), None)
        same = again if around.since else next((at for at, held in enumerate(within) if not held), len(within))
        words = "、".join(amount.words for amount in reversed(amounts))
        return None if same is None else Reading(amounts[0].path, Fraction(same), words, STREAK)

    def rank(self, sentence: Sentence, at: Mention, path: str, around: Around, in_group: bool = True) -> Reading | None:
        """「面談は２番目に多い」: the place of a quantity among the parts of its table, by default of its group, or of the report's year among its
        years."""
        if month := _month_behind(sentence, at):  # 「２番目に多い９月」
            months = self._amounts.in_months(path, months_of(self._year))
            own = next((made for made in months if made.path.endswith(f"/{month}")), None)
            return _ranked(own, months, around.more) if own else None
        head = sentence.text[: at.start]
        since = next((when.year for _, end, when in sentence.times if _SINCE.fullmatch(head[end:])), None)
        if since:
            years = list(self._years(path))[: self._amounts.last_year(path).start - since.start + 1]
            return _ranked(years[0], years, around.more) if years else None
        if span := list(_YEARS.finditer(head)):
            years = list(self._years(path))[: int(span[-1][1]) if span[-1][1] else None]
            code = _year_said(sentence, at)
            own = next((made for made in years if not code or made.path.endswith(f"/{code}")), None)
            return _ranked(own, years, around.more) if own else None
        own = self._amounts.in_year(path, self._year, VALUE)
        parts = list(self.beside(path, self._year, in_group)) if own else []
        is_sure = not _AMONG.search(head) and not self._parts.group_of(path)
        return replace(_ranked(own, parts, around.more), sure=is_sure) if own and parts else None

    def top(self, path: str, sentence: Sentence, at: Mention) -> str:
        """The parts with most of the quantity at a path, added up, that a sentence counts before a figure and does not name: 「上位２品目で２６３件」;
        "" for none."""
        said = _TOP.search(sentence.text[: at.start])
        if said is None or any(said.start() < name[0] < at.start for name in sentence.names):
            return ""
        if names := [name for name in sentence.names if name[1] <= said.start()]:
            wholes = [whole for part in names[-1][2] for whole in self._parts.wholes(part)]
            path = next(iter([*wholes, *columns_of(names[-1][2])]), path)
        amounts = ((part, self._amounts.in_year(part, self._year, VALUE)) for part in self._parts.of(path))
        most = sorted(((part, made) for part, made in amounts if made), key=lambda part: -part[1].amount)
        return "+".join(path for path, _ in most[: int(said[1])])

    def _years(self, path: str) -> Iterator[Reading]:
        """A quantity in the last year that has a figure of it and those before, as far as they are known without a gap."""
        last = self._amounts.last_year(path)
        for back in range(YEARS_SHOWN):
            year = last.like(last.start - back)
            amount = self._amounts.in_year(path, year, VALUE)
            if amount is None:
                return
            yield amount

    def beside(self, path: str, year: FiscalYear, in_group: bool = True) -> Iterator[Reading]:
        """What a quantity is one part of, in a year."""
        siblings = self._parts.siblings(path, in_group)
        yield from filter(None, (self._amounts.in_year(part, year, VALUE) for part in siblings))


def _year_said(sentence: Sentence, at: Mention) -> str:
    """The year of the quantity whose rank is told, by its code: 「令和３年の搬送人員は、過去６年間で６番目」; "" for the last one."""
    before = pattern("time", "before")
    said = [
        when.year.code
        for _, end, when in sentence.times
        if end < at.start
        and re.match(r"の[^\d\s]", sentence.text[end:])
        and not when.months
        and not before.match(when.words)
    ]
    return said[-1] if said else ""


def _month_behind(sentence: Sentence, at: Mention) -> str:
    """The month that a rank is of, which stands right behind it; "" for none."""
    said = _RANKED_MONTH.match(sentence.text, at.end)
    behind = (when for begin, _, when in sentence.times if said and begin == said.end() and len(when.months) == 1)
    return next((when.months[0] for when in behind), "")


def _limit(tail: str) -> tuple[Fraction, Fraction | None, bool] | None:
    """What a figure behind 「２年連続で」 says all of them were: from one amount to below another, or above or below one."""
    said = re.match(
        r"(?:で|に|して|、)*([\d,.百千万億]+[ \u3000]?(?:%|[^\d\s、。をの台]{0,3}))(?:を(?P<above>超え|上回)|を(?P<below>下回|割)|(?P<within>台))",
        tail,
    )
    written = read_figure(said[1]) if said else None
    if said is None or written is None:
        return None
    step = Fraction(1)
    while written.value and written.value % (step * 10) == 0:
        step *= 10
    return written.value, written.value + step if said["within"] else None, bool(said["above"])


def _ranked(own: Reading, among: Sequence[Reading], more: int) -> Reading:
    """The place of an amount among others, from the most (or the least) on."""
    before = sum(1 for other in among if (other.amount > own.amount if more > 0 else other.amount < own.amount))
    return Reading(own.path, Fraction(before + 1), "、".join(other.words for other in among), RANK)
