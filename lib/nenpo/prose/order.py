"""The order that a sentence says a held figure has: that it is the most, that it comes next, that it stands in a row.

Nothing is wrong but what is so against all that the sentence may mean: 「２８３件で最も少ない」 if the figure is the least neither of the
rows, nor of the columns, nor, where it has neither, of the years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from nenpo.japanese.numerals import in_digits
from nenpo.japanese.words import words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.amounts import Amounts
from nenpo.prose.forms import DIFFERENCE, GROWTH, POINTS, RATIO, SHARE, VALUE, Reading
from nenpo.prose.held import HeldFigure, series, steps
from nenpo.prose.parts import Parts
from nenpo.prose.ranks import YEARS_SHOWN, Ranks
from nenpo.prose.sentence import TIME, Sentence
from nenpo.prose.times import SPAN

_MOST = "最も(?:多|高|長|大き)|最多|ピーク|最高(?!裁|齢)|最長|最大(?!限|級)"
_LEAST = "最も(?:少な|低|短|小さ)|最少|最低(?!限)|最短|最小(?!限)"
_PEAK = re.compile(f"(?P<most>{_MOST})|(?P<least>{_LEAST})")
_OF_YEARS = re.compile(r"過去|これまで|以来|以降|[年度]間で|か年|開設|記録")
# So near stands what a word tells of: 「過去最多となった令和２年度」.
_NEAR = 8
_OTHER_RANKS = re.compile("番目|次いで|続い")
_NEXT = re.compile(r"次いで、?|次に(?:多い|多く)?(?:のは|のが)?、?")
# What a rank is among, where that is not all that stands beside: 「高校生では」「３０代以下のうち」「県内で」.
_SCOPE = re.compile(
    "(?:以上|以下|未満)の?[^、。]{0,8}で(?!も)|うち|除[きくい]|以外|限[りっる]|中で|(?<![別年月度期])では"
)
# What is no part of the report.
_ELSEWHERE = re.compile(
    r"(?:(?<!年度)内(?![容訳])|国(?!籍)|県|市|道(?!路)|域|町|村)(?:[^、。\d]{0,6}(?:のうち|の中))?で"
)


class Order:
    """Holds words of most and least about the figures of a report of ``year`` against the data."""

    def __init__(self, parts: Parts, amounts: Amounts, ranks: Ranks, year: FiscalYear):
        self._parts, self._amounts, self._ranks, self._year = parts, amounts, ranks, year

    def contradiction(self, figure: HeldFigure) -> str:
        """Why it does not stand in the order that is said; "" where it does."""
        kinds: Sequence[Callable[[HeldFigure], str]] = (self._no_peak, _not_in_order, self._not_next)
        return next((why for kind in kinds if (why := kind(figure))), "")

    def _no_peak(self, figure: HeldFigure) -> str:
        """「７月の２５件が最も多い」: among the months, the parts or the years; 「４４人増え、最も多い」 of what has grown."""
        of_it = self._grown(figure)
        said = self._peak(of_it, figure)
        if said is None:
            return ""
        first, last, path = (max, min, of_it.reading.path) if said["most"] else (min, max, of_it.reading.path)
        sets = [made for made in self._sets(of_it) if len(made) > 1 and path in (other.path for other in made)]
        bests = [first(made, key=lambda other: other.amount) for made in sets]
        own = [other.amount for made in sets for other in made if other.path == path]
        if not sets or any(best.amount == amount for best, amount in zip(bests, own, strict=True)):
            return ""
        # What has grown from next to nothing may be left out of account, as are others than those of which it is said.
        is_of_some = of_it.reading.form == GROWTH or self._is_scoped(of_it, max(of_it.at.start, said.start()))
        if is_of_some and any(
            last(other.amount for other in made) != amount for made, amount in zip(sets, own, strict=True)
        ):
            return ""
        return f"「{said[0]}」のは {bests[0].path} の {in_digits(bests[0].amount)} です"

    def _grown(self, figure: HeldFigure) -> HeldFigure:
        """A figure; of one that says how far something has moved, as if it said what that has come to."""
        quantity, code, derived = figure.path
        if figure.reading.form not in (DIFFERENCE, POINTS, RATIO) or not derived:
            return figure
        value = self._amounts.in_year(quantity, self._year.like(code), VALUE)
        return replace(figure, reading=value) if value else figure

    def _sets(self, figure: HeldFigure) -> Iterator[list[Reading]]:
        """What the figure may be the most of."""
        form = figure.reading.form
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
        of_year = re.search(f"{TIME}[がは]", figure.sentence.timed(figure.clause[1], figure.reach))
        if not of_year and not _OF_YEARS.search(figure.said_with):
            for paths in self._beside(figure, quantity):
                beside_it = [made for path in paths if (made := self._amounts.in_year(path, year, form, derived))]
                known |= len(beside_it) > 1
                yield beside_it
        if not derived and (not known or any(other != year for other in figure.years)):
            span = SPAN.search(figure.said_with)
            years = (self._year.like(self._year.start - back) for back in range(int(span[1]) if span else YEARS_SHOWN))
            amounts = (self._amounts.in_year(quantity, year, form) for year in years)
            of_years = [made for made in amounts if made and self._amounts.is_settled(made.path)]
            yield of_years
            if code != self._year.code:  # 「これまで最も多かった令和２年度」
                yield [made for made in of_years if made.path != f"{quantity}/{self._year.code}"]

    def _spans_beside(self, figure: HeldFigure) -> Iterator[Reading]:
        """The quarters, or halves, of a year of which the figure is of one."""
        when, quantity = figure.read.when, figure.read.quantity
        length = len(when.months) if when else 0
        if when is None or quantity is None or length not in (3, 6) or figure.reading.form != VALUE:
            return
        months = self._amounts.in_months(quantity.paths[0], when.year)
        for begin in range(0, len(months) - length + 1, length):
            span = months[begin : begin + length]
            path, total = "+".join(month.path for month in span), sum(month.amount for month in span)
            yield replace(span[0], path=path, amount=Fraction(total))

    def _beside(self, figure: HeldFigure, quantity: str) -> Iterator[Sequence[str]]:
        """The parts, the rows and the columns that a quantity may be the first of: in 「死亡は急病が最も多い」 the columns of the row."""
        row = quantity.split("/")[2:]
        names = [name for name in figure.sentence.names if name[1] <= figure.at.start]
        last = figure.sentence.text[names[-1][0] : names[-1][1]] if names else ""
        between = figure.sentence.text[names[-2][1] : names[-1][0]] if len(names) > 1 else ""
        is_share = figure.reading.form == SHARE
        if is_share or not (row and last not in row[0] and re.fullmatch("(?:で?は|も)、?", between)):
            yield self._parts.siblings(quantity)
            yield self._parts.siblings(quantity, in_group=False)
        if not is_share and not (row and last and last in row[0] and between != "の"):
            yield [quantity, *self._parts.in_row(quantity)]

    def _peak(self, figure: HeldFigure, written: HeldFigure) -> re.Match[str] | None:
        """The word that says of the figure, and of no other beside it, that it is the most or the least of all that stands beside it; of
        what has only grown as ``written`` no word of its own clause."""
        sentence, (start, stop) = figure.sentence, figure.place
        if figure.reading.form not in (VALUE, SHARE, GROWTH) or figure.reading.amount < 0:
            return None
        begin, end = figure.clause
        said = self._peaks(sentence, begin, end) if figure is written else []
        if not said:
            begin, end = end, figure.reach
            said = self._peaks(sentence, begin, end)
        if len(said) != 1 or _OTHER_RANKS.search(sentence.text[begin:end]):
            return None
        place = said[0].start()
        if self._is_of_another(figure, place) or _ELSEWHERE.search(sentence.text[: max(start, place)]):
            return None
        first, last = (stop, place) if place >= stop else (place, start)
        between = sentence.unnamed(first, last)
        names = [
            name
            for name in sentence.names
            if first <= name[0] and name[1] <= last and not self._parts.is_whole_of(name[2][0], figure.path[0])
        ]
        is_others = re.search(r"\d", re.sub(r"\d+(?:月|年)", "", between)) or len(names) > 1
        return None if is_others or not _ends(sentence, said[0], between) else said[0]

    @staticmethod
    def _peaks(sentence: Sentence, begin: int, end: int) -> list[re.Match[str]]:
        """The words of most and least in a part of a sentence, outside brackets and names."""
        return [
            word
            for word in _PEAK.finditer(sentence.outside(0, end), begin)
            if not any(name[0] <= word.start() < name[1] for name in sentence.names)
        ]

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

    def _not_next(self, figure: HeldFigure) -> str:
        """Why the part of a figure does not come next after the one with most, where the sentence says 次いで."""
        sentence, reading = figure.sentence, figure.reading
        path = reading.path.rpartition("/")[0] if reading.form == VALUE else ""
        name = next((name for name in reversed(sentence.names) if name[1] <= figure.at.start), None)
        if name is None or path not in name[2] or not sentence.text[: name[0]].endswith(("次いで", "次いで、")):
            return ""
        before = sentence.text[: name[0]]
        if len(_NEXT.findall(before)) != 1 or not (said := list(_PEAK.finditer(before))) or not said[-1]["most"]:
            return ""
        parts = sorted(self._ranks.beside(path, self._year), key=lambda part: -part.amount)
        own = next((part.amount for part in parts if part.path == reading.path), reading.amount)
        if self._parts.in_row(path) or len(parts) < 2 or own >= parts[1].amount:
            return ""
        return f"「次いで」多いのは {parts[1].path.split('/')[1]} の {in_digits(parts[1].amount)} です"


def _ends(sentence: Sentence, said: re.Match[str], between: str) -> bool:
    """Whether what says most or least asserts it of the figure that stands ``between`` away, and names nothing itself."""
    if "、" not in between:
        return True
    begin, rest = sentence.text.rfind("、", 0, said.start()) + 1, sentence.text[said.end() :]
    is_of_another = re.search(f"(?<![でに{TIME}])[はがも]", sentence.timed(begin, said.start()))
    is_time = any(0 <= time[0] - said.end() <= _NEAR for time in sentence.times)
    asserts = re.match(r"(?:く|かった(?=[。、）]|$)|い?(?:[。とでだ）]|$)|い[^、。はがも]{1,8}[とでだ])", rest)
    return bool(asserts) and not is_of_another and not is_time


def _not_in_order(figure: HeldFigure) -> str:
    """「A（３９２件）、B（３９０件）の順に多い」."""
    by = words()["form"]
    said = re.match(f"の順(?:に|で)(?:(?P<more>{by['more']}|大き)|{by['less']}|小さ)", figure.tail)
    if said is None or steps(series(figure, is_same=False)) != {1 if said["more"] else -1}:
        return ""
    return f"「{said[0]}」とありますが、並びは逆の順です"
