"""Two quantities that a sentence names, the one held against the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

from nenpo.japanese.numerals import Written
from nenpo.japanese.words import words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.amounts import Amounts
from nenpo.prose.arithmetic import between, for_so_many, points_between
from nenpo.prose.forms import AVERAGE, DIFFERENCE, POINTS, RATIO, SHARE, Around, Reading
from nenpo.prose.sentence import Named, Sentence, single_path
from nenpo.prose.times import When
from nenpo.prose.units import is_in
from nenpo.prose.written import Mention

_OF_ANOTHER = re.compile(r"(?:\d[\d,.]*[万億]?[^\d、。はがをにで]{0,3})?(?:全体)?の")
_THAN_ANOTHER = re.compile(
    r"\0*(?:平均|全体|水準)?(?:(?:から|による|へ)?の[^\d\0、。はがをに]{1,8}?)?(?:の?\d[^、。]*?)?(?:より|に比べ|と比べ|を(?!合わせ|併せ|あわせ|足し|含|[^、。\d]{1,20}で(?:割|除)))"
)
_PER = re.compile("に(?:対する|占める)、?")
_AGAINST = re.compile(r"\0*(?:の?\d[\d,.千万億]*[^\d、。]{0,4}?)?に対する(?:割合|比率|率|比)(?:は|が|で|、)*")
_PAIR = re.compile(r"(\d+(?:\.\d+)?)(?:対|[:：])(\d+(?:\.\d+)?)")
_RATHER = re.compile(r"\0*の(?:方|ほう)が")
_DIVIDED_BY = re.compile("で(?:割|除)")
_FOR_EACH = re.compile(f"の?{words()['one']['of']}(?:の|に|、)*")


class TwoQuantities:
    """The amounts of two quantities in a report's data."""

    def __init__(self, amounts: Amounts):
        self._amounts = amounts

    def against_another(
        self, sentence: Sentence, at: Mention, around: Around, when: When, written: Written
    ) -> Iterator[Reading]:
        """Of two quantities that the sentence names, in a time: how far apart they are (「女性は男性（１１２件）より１４件多い」), the one as so many
        times or so much of the other (「延べ対応件数は新規相談受付件数の約１７倍」, 「予算額に対する決算額の割合」), or for each of the other
        (「１件あたりの延べ対応件数」)."""
        names = [name for name in sentence.names if name[1] <= at.start]
        if len(names) < 2:
            return
        bases = [name for name in names[:-1] if _THAN_ANOTHER.match(sentence.outside(name[1], at.start))]
        subjects = [name for name in names[:-1] if name not in bases]  # 「甲は、乙を３点、丙を６点上回る」
        own, other = _of_one_column((subjects or names)[-1], names[-1])
        if not (single_path(own) and single_path(other)):
            yield from self._of_rows(sentence, at, around, when, written, own, other)
            return
        behind, form = sentence.outside(other[1], at.start), around.forms[0]
        joint = sentence.outside(own[1], other[0]).replace("\0", "")
        than = _THAN_ANOTHER.match(behind) if DIFFERENCE in around.forms else None
        is_apart = than and not re.search(r"\d", behind[than.end() :])  # 「男性より１４件多い１２６件」
        if around.forms in ([DIFFERENCE], [POINTS]) or is_apart:
            form = POINTS if form == POINTS else DIFFERENCE
            if _RATHER.fullmatch(behind):  # 「女性の方が１４件多い」
                own, other = other, next((name for name in reversed(names) if name[2] != other[2]), other)
            elif not _THAN_ANOTHER.match(behind):
                return
        elif form in (SHARE, RATIO) and _PER.fullmatch(joint):
            form, own, other = RATIO, other, own
        elif form in (SHARE, RATIO) and (_AGAINST.fullmatch(behind) or _OF_ANOTHER.fullmatch(behind.replace("\0", ""))):
            form = RATIO
        elif _FOR_EACH.fullmatch(joint):
            form, own, other = AVERAGE, other, own
        elif joint == "を" and _DIVIDED_BY.match(behind):
            form = AVERAGE
        else:
            return
        paths = single_path(own), _in_row_of(single_path(other), single_path(own))
        if form == POINTS:
            yield from self._points_apart(*paths, when.year, written)
        elif paths[0] != paths[1]:
            now, then = (self._amounts.at(path, when, form) for path in paths)
            each = _FOR_EACH.fullmatch(joint)
            yield from for_so_many(between(now, then, form), each["many"] if each else "1")

    def _points_apart(self, own: str, other: str, year: FiscalYear, written: Written) -> Iterator[Reading]:
        """How many points two rates, or two shares, are apart: exactly, and as they are printed."""
        now, then = (
            self._amounts.in_year(path, year, POINTS, "" if self._amounts.is_rate(path) else "/構成比")
            for path in (own, other)
        )
        yield from points_between(now, then, written) if now and then else ()

    def _of_rows(
        self,
        sentence: Sentence,
        at: Mention,
        around: Around,
        when: When,
        written: Written,
        own: Named,
        other: Named,
    ) -> Iterator[Reading]:
        """How far a row that is named alone is from another quantity, in each of its columns that is counted so: 「甲は３，２５５千円で、計画値の３，２００千
        円を５５千円上回った」; or from another row, which nothing makes sure: 「甲は７．４分で、乙より２．７分短い」."""
        is_said = _THAN_ANOTHER.match(sentence.outside(other[1], at.start))
        if not is_said or around.forms not in ([DIFFERENCE], [POINTS]):
            return
        base, in_points = single_path(other), around.forms == [POINTS]
        columns = {path.rpartition("/")[0]: path for path in other[2] if path.count("/") == 2}
        for path in own[2]:
            beside = base or columns.get(path.rpartition("/")[0], "")
            unit = self._amounts.unit(path)
            is_counted_so = unit == self._amounts.unit(base) if base else is_in(written, unit)
            if not beside or path in other[2] or not (is_counted_so or in_points):
                continue
            if in_points:
                readings = self._points_apart(path, beside, when.year, written)
            else:
                now, then = (self._amounts.at(part, when, DIFFERENCE) for part in (path, beside))
                readings = between(now, then, DIFFERENCE)
            yield from (replace(made, sure=made.sure and bool(base)) for made in readings)

    def in_proportion(self, sentence: Sentence, at: Mention, when: When) -> Iterator[Reading]:
        """A figure of a pair that says how the last two quantities named stand to each other: 「道内客と道外客の比は６６対３４」."""
        pair = next(
            (
                pair
                for pair in _PAIR.finditer(sentence.text)
                if at.start in (pair.start(), pair.start(1), pair.start(2))
            ),
            None,
        )
        names = [name for name in sentence.names if pair and name[1] <= pair.start()][-2:]
        paths = [single_path(name) for name in (names if pair and at.start != pair.start(2) else reversed(names))]
        if pair is None or len(paths) < 2 or not all(paths):
            return
        own, other = (self._amounts.at(path, when, RATIO) for path in paths)
        if own and other and own.amount + other.amount:
            amount = own.amount / (own.amount + other.amount) * (Fraction(pair[1]) + Fraction(pair[2]))
            yield Reading(f"{own.path}÷{other.path}", amount, f"{own.words}÷{other.words}", RATIO)

    def apart(self, names: Sequence[Named], when: When, form: str) -> Iterator[Reading]:
        """The differences, or the shares, of any two of the quantities named, in a time."""
        paths = list(dict.fromkeys(path for name in names for path in name[2] if "+" not in path))
        amounts = [self._amounts.at(path, when, form) for path in paths]
        for own, other in permutations(amounts, 2):
            yield from between(own, other, form)


def _in_row_of(path: str, other: str) -> str:
    """A column in the row that another of its table is of: 「予算額に対する市税の決算額」."""
    table, column, *row = path.split("/")
    of_other = other.split("/")
    is_whole = not row and len(of_other) == 3 and of_other[0] == table and "+" not in path + other
    return f"{table}/{column}/{of_other[2]}" if is_whole and column != of_other[1] else path


def _of_one_column(own: Named, other: Named) -> tuple[Named, Named]:
    """Two names, the second of the column that the first is of where it may be of several: 「甲の所要時間は…、乙の…より２．９分長い」."""
    column = single_path(own).rpartition("/")[0]
    same = tuple(path for path in other[2] if path.count("/") == 2 and path.rpartition("/")[0] == column)
    return own, (other[0], other[1], same) if len(same) == 1 and not single_path(other) else other
