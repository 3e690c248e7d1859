"""The most and the least: that a sentence says so of a held figure, in its clause or in one behind it that names nothing else.

Nothing is wrong but what is so against all that the sentence may mean: 「２８３件で最も少ない」 if the figure is the least neither of the
rows, nor of the columns, nor, where it has neither, of the years; and of some of them alone, 「高校生では最も少ない」, if it is the most of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from nenpo.japanese.numerals import half_width, in_digits
from nenpo.japanese.years import FiscalYear
from nenpo.prose.amounts import Amounts
from nenpo.prose.forms import DIFFERENCE, GROWTH, POINTS, RATIO, SHARE, VALUE, Reading
from nenpo.prose.held import HeldFigure
from nenpo.prose.parts import Parts
from nenpo.prose.ranks import YEARS_SHOWN
from nenpo.prose.sentence import TIME, Sentence
from nenpo.prose.times import OF_YEARS, SPAN, When, months_of
from nenpo.prose.ways import is_compared_with, is_moved

_MOST = "最も(?:多|高|長|大き)|最多|ピーク|最高(?!裁|齢)|最長|最大(?!限|級)"
_LEAST = "最も(?:少な|低|短|小さ)|最少|最低(?!限)|最短|最小(?!限)"
PEAK = re.compile(f"(?P<most>{_MOST})|(?P<least>{_LEAST})")
_OF_PARTS = re.compile("別(?:では|に|で|の)|の中で(?!も)|のうち")
_MORE_OF = re.compile("増加?(?:数|人数|件数|量|額|幅)?が$")
_OTHER_RANKS = re.compile("番目|次いで|続い")
# How an assertion ends, and how near stands what a word tells of that is none: 「過去最多となった令和２年度」.
_ASSERTS = re.compile(
    r"(?:く|かった(?=[。、）]|$)|い?(?:[。とでだ）]|$)|い(?:ものの|が)、|い[^、。はがも]{1,8}[とでだ])"
)
NEAR = 8
# What a rank is among, where that is not all that stands beside: 「高校生では」「３０代以下のうち」; and what is no part of the report: 「県内で」.
_SCOPE = re.compile(
    "(?:以上|以下|未満)の?[^、。]{0,8}で(?!も)|うち|除[きくい]|以外|限[りっる]|中で|(?<![別年月度期])では"
)
_AMONG = re.compile("では|の?うち|の中で")
_ELSEWHERE = re.compile(
    r"(?:(?<!年度)内(?![容訳])|国(?!籍)|県|市|道(?!路)|域|町|村)(?:[^、。\d]{0,6}(?:のうち|の中))?で"
)


@dataclass(frozen=True)
class _Peak:
    """A word of most or least that is said of a figure, with the text that tells what of."""

    figure: HeldFigure
    word: re.Match[str]
    text: str
    is_of_year: bool

    @property
    def place(self) -> int:
        """Where both the figure and the word have begun."""
        return max(self.figure.at.start, self.word.start())


class Peaks:
    """Holds words of most and least about the figures of a report of ``year`` against the data."""

    def __init__(self, parts: Parts, amounts: Amounts, year: FiscalYear):
        self._parts, self._amounts, self._year = parts, amounts, year

    def contradiction(self, figure: HeldFigure) -> str:
        """Why it is not the most or the least of what is said; "" where it is."""
        return next((why for peak in self._said_of(figure) if (why := self._against(peak))), "")

    def _said_of(self, figure: HeldFigure) -> Iterator[_Peak]:
        """The words of most and least of a figure; behind one that says how far something has moved, or from what, of what
        that has come to."""
        sentence, come_to = figure.sentence, self._come_to(figure)
        own, *further = figure.clauses
        for begin, end in (own, *further):
            words = [
                word
                for word in PEAK.finditer(sentence.outside(0, end), begin)
                if not any(name[0] <= word.start() < name[1] for name in sentence.names)
            ]
            if len(words) == 1 and not _OTHER_RANKS.search(sentence.text[begin:end]):
                is_own = begin == own[0]
                text = sentence.text[: own[1]] + ("" if is_own else sentence.text[begin:end])
                when = None if is_own else _subject(sentence, begin, end)
                of = figure if is_own else self._in_month(come_to, when) if when and when.months else come_to
                peak = _Peak(of, words[0], text, is_of_year=when is not None)
                if self._is_of_figure(peak):
                    yield peak

    def _against(self, peak: _Peak) -> str:
        figure, path = peak.figure, peak.figure.reading.path
        first, last = (max, min) if peak.word["most"] else (min, max)
        within = self._within(peak)
        sets = [made for made in within or self._sets(peak) if len(made) > 1 and path in (other.path for other in made)]
        if first is min:  # what there is none of may not be counted
            is_more = figure.reading.form == DIFFERENCE  # as is what has become less
            sets = [
                [of for of in made if of.path == path or (of.amount > 0 if is_more else of.amount)] for made in sets
            ]
        bests = [first(made, key=lambda other: other.amount) for made in sets]
        own = [other.amount for made in sets for other in made if other.path == path]
        if not sets or any(best.amount == amount for best, amount in zip(bests, own, strict=True)):
            return ""
        # What has grown from next to nothing may be left out of account, as are others than those of which it is said.
        is_of_some = figure.reading.form == GROWTH or (not within and self._is_scoped(figure, peak.place))
        worst = [last(other.amount for other in made) for made in sets]
        if is_of_some and any(amount != contrary for amount, contrary in zip(own, worst, strict=True)):
            return ""
        return f"「{peak.word[0]}」のは {bests[0].path} の {in_digits(bests[0].amount)} です"

    def _come_to(self, figure: HeldFigure) -> HeldFigure:
        """A figure; of one that says how far something has moved, or from what, as if it said what that has come to."""
        quantity, code, derived = figure.path
        moved = figure.reading.form in (DIFFERENCE, POINTS, RATIO) or (
            figure.reading.form == GROWTH and is_moved(figure)
        )
        year = self._year.like(code) if code else self._year
        if not (moved and (derived or figure.reading.form == POINTS)) and not (
            year < self._year and is_compared_with(figure)
        ):
            return figure
        value = self._amounts.in_year(quantity, year if moved else self._year, VALUE)
        return replace(figure, reading=value) if value else figure

    def _in_month(self, figure: HeldFigure, when: When) -> HeldFigure:
        """A figure of a month as if it were of another: 「１０月の３９２件が最も多く、４月が最も少ない」."""
        beside = self._amounts.months_beside(figure.reading.path)
        called = {half_width(label): made for label, made in beside.items()}
        of_it = beside.get(when.months[0]) if len(when.months) == 1 else called.get(when.words)
        return replace(figure, reading=of_it) if of_it else figure

    def _sets(self, peak: _Peak) -> Iterator[list[Reading]]:
        """What the figure may be the most of."""
        figure, form = peak.figure, peak.figure.reading.form
        if beside := self._amounts.months_beside(figure.reading.path):
            yield [*beside.values()]
            return
        if beside_it := list(self._spans_beside(figure)):
            yield beside_it
            return
        quantity, code, derived = figure.path
        if not code or "+" in quantity:
            return
        year, known = self._year.like(code), False
        is_of_parts = bool(_OF_PARTS.search(peak.text))
        is_one_of_years = _is_one_of_years(figure)
        is_of_years = is_one_of_years or any(other != year for other in figure.years)
        if not (peak.is_of_year or is_one_of_years or OF_YEARS.search(peak.text)):
            for paths in self._beside(figure, quantity, is_of_parts):
                beside_it = [made for path in paths if (made := self._amounts.in_year(path, year, form, derived))]
                known |= len(beside_it) > 1
                yield beside_it
        if not derived and not is_of_parts and (not known or is_of_years):
            span = SPAN.search(peak.text)
            years = (self._year.like(self._year.start - back) for back in range(int(span[1]) if span else YEARS_SHOWN))
            amounts = (self._amounts.in_year(quantity, year, form) for year in years)
            of_years = [made for made in amounts if made and self._amounts.is_settled(made.path)]
            yield of_years
            if code != self._year.code:  # 「これまで最も多かった令和２年度」
                yield [made for made in of_years if made.path != f"{quantity}/{self._year.code}"]

    def _within(self, peak: _Peak) -> list[list[Reading]]:
        """What the figure is said to be the most of, where that is named as several together: 「３０代以下では」, 「本人以外では」, 「定期接種のうち」."""
        figure = peak.figure
        quantity, code, derived = figure.path
        own = set(self._parts.of(quantity))  # which are told as one
        named = [
            [quantity, *(part for part in parts if part not in own)] if own and own <= set(parts) else parts
            for name in figure.sentence.names
            if name[1] <= peak.place and _AMONG.match(figure.sentence.text, name[1])
            for parts in (path.split("+") for path in name[2])
        ]
        sets = [
            [self._amounts.in_year(part, self._year.like(code), figure.reading.form, derived) for part in parts]
            for parts in named
            if code and quantity in parts
        ]
        return [[made for made in amounts if made] for amounts in sets]

    def _spans_beside(self, figure: HeldFigure) -> Iterator[Reading]:
        """The quarters, or halves, of a year of which the figure is of one."""
        when, quantity = figure.read.when, figure.read.quantity
        length = len(when.months) if when else 0
        if when is None or quantity is None or length not in (3, 6) or figure.reading.form != VALUE:
            return
        months = self._amounts.in_months(quantity.paths[0], months_of(when.year))
        for begin in range(0, len(months) - length + 1, length):
            span = months[begin : begin + length]
            path, total = "+".join(month.path for month in span), sum(month.amount for month in span)
            yield replace(span[0], path=path, amount=Fraction(total))

    def _beside(self, figure: HeldFigure, quantity: str, is_of_parts: bool) -> Iterator[Sequence[str]]:
        """The parts, the rows and the columns that a quantity may be the first of: in 「死亡は急病が最も多い」 the columns of the row, in 「罪種別
        では」 the parts."""
        row = [half_width(row) for row in quantity.split("/")[2:]]
        names = [name for name in figure.sentence.names if name[1] <= figure.at.start]
        last = figure.sentence.text[names[-1][0] : names[-1][1]] if names else ""
        between = figure.sentence.text[names[-2][1] : names[-1][0]] if len(names) > 1 else ""
        is_of_column = figure.reading.form == SHARE or (is_of_parts and len(self._parts.siblings(quantity)) > 1)
        if is_of_column or not (row and last not in row[0] and re.fullmatch("(?:で?は|も)、?", between)):
            yield self._parts.siblings(quantity)
            yield self._parts.siblings(quantity, in_group=False)
        if not is_of_column and not (row and last and last in row[0] and between != "の"):
            in_row = self._parts.in_row(quantity)
            yield [quantity, *(other for other in in_row if not self._parts.is_whole_of(quantity, other))]

    def _is_of_figure(self, peak: _Peak) -> bool:
        """Whether a word says of its figure, and of no other beside it, that it is the most or the least of all that stands beside it."""
        figure, place = peak.figure, peak.word.start()
        sentence, (start, stop) = figure.sentence, figure.place
        is_of_change = figure.reading.form == DIFFERENCE and _MORE_OF.search(sentence.text[:place])
        if not (figure.reading.form in (VALUE, SHARE, GROWTH) or is_of_change) or figure.reading.amount < 0:
            return False
        if self._is_of_another(figure, place) or _ELSEWHERE.search(sentence.text[: max(start, place)]):
            return False
        first, last = (stop, place) if place >= stop else (place, start)
        between = sentence.unnamed(first, last)
        names = [
            name
            for name in sentence.names
            if first <= name[0] and name[1] <= last and not self._parts.is_whole_of(name[2][0], figure.path[0])
        ]
        is_others = re.search(r"\d", re.sub(r"\d+(?:月|年)", "", between)) or len(names) > 1
        return not is_others and ("、" not in between or _asserts(sentence, peak.word))

    def _is_of_another(self, figure: HeldFigure, place: int) -> bool:
        """Whether what stands right before the word is another quantity: 「火災件数が最も多い４月の損害額は」."""
        before = [name for name in figure.sentence.names if name[1] <= place < figure.at.start]
        if not before or not re.fullmatch("(?:が|の|は)?", figure.sentence.text[before[-1][1] : place]):
            return False
        quantity = figure.path[0] or figure.reading.path.rpartition("/")[0]
        return not any(path == quantity or self._parts.is_whole_of(path, quantity) for path in before[-1][2])

    def _is_scoped(self, figure: HeldFigure, end: int) -> bool:
        """Whether something is said before a place that the figure may be the most of, and that is not all: no whole, nor the title of its
        table."""
        text, quantity = figure.sentence.text[:end], figure.path[0]
        wholes = [read.reading.path.split(f"/{figure.path[1]}")[0] for read in figure.before if read.reading]
        wholes += [path for name in figure.sentence.names if name[1] <= figure.at.start for path in name[2]]
        is_of_whole = any(self._parts.is_whole_of(whole, quantity) for whole in wholes)
        for scope in _SCOPE.finditer(text):
            about = re.search(r"([^、。はがも]+?)の?$", text[: scope.start()])
            is_all = about is not None and self._parts.is_about(quantity, about[1])
            is_its_own = scope[0] == "では" and text[: scope.start()].endswith(tuple(quantity.split("/")[1:]))
            if not (is_all or is_its_own or (is_of_whole and scope[0] == "うち")):
                return True
        return False


def _subject(sentence: Sentence, begin: int, end: int) -> When | None:
    """The time that a clause says something of."""
    within = [(stop, when) for start, stop, when in sentence.times if begin <= start and stop < end]
    return next((when for stop, when in within if sentence.text[stop] in "がは"), None)


def _is_one_of_years(figure: HeldFigure) -> bool:
    """Whether a figure is said to be that of a year, behind what it is of: 「死亡は平成３０年の１６０人が最も多い」."""
    sentence, at = figure.sentence, figure.at
    name = next((name for name in reversed(sentence.names) if name[1] <= at.start), None)
    is_of_month = figure.read.when is not None and bool(figure.read.when.months)
    said = rf"[^\d、。はがも]{{0,3}}は、?{TIME}の"
    return name is not None and not is_of_month and bool(re.fullmatch(said, sentence.timed(name[1], at.start)))


def _asserts(sentence: Sentence, word: re.Match[str]) -> bool:
    """Whether a clause behind a figure's own asserts its word of that, and names nothing itself."""
    begin = sentence.text.rfind("、", 0, word.start()) + 1
    is_of_another = re.search(f"(?<![でに{TIME}])[はがも]", sentence.timed(begin, word.start()))
    is_time = any(0 <= time[0] - word.end() <= NEAR for time in sentence.times)
    return bool(_ASSERTS.match(sentence.text, word.end())) and not is_of_another and not is_time
