"""In which months, or which parts, a quantity is above or below a figure: 「３００件を下回ったのは４月と５月のみ」, 「２０件以上の月は７か月」."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from nenpo.japanese.numerals import read_figure
from nenpo.japanese.words import words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.amounts import Amounts
from nenpo.prose.forms import COUNT, VALUE, Reading
from nenpo.prose.parts import Parts, columns_of
from nenpo.prose.sentence import Quantity, Sentence
from nenpo.prose.times import months_of
from nenpo.prose.written import Mention

# What follows the figure of a condition, by the words for how exactly it is meant, and what meets it.
_HOLDS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "from_on": operator.ge,
    "over": operator.gt,
    "up_to": operator.le,
    "under": operator.lt,
}
_EXACT = "|".join(f"(?P<{key}>{words()['precision'][key]})" for key in _HOLDS)
_MEETS = re.compile(
    rf"(?:{_EXACT})"
    r"(?:[^\d、。はが]{0,8}?(?:[たるいな]|ている))?の?(?:のは|(?P<of>[^\d、。はがのた]{1,12})(?:は|が|で|を[み見]ると))、?(?P<those>[^。]*)"
)
# How many they are, whether there are none, and whether they are all.
_SO_MANY = re.compile(r"(?P<number>\d+)[^\d、。はがもをにで]{1,4}?(?=あ|で|と|に|だ|、|。|$)")
_NONE = re.compile("(?:1[^\\d、。はがも]{1,4}も)?(?:な(?:い|か)|ありません|[み見]られ(?:な|ま))")
_ALL = re.compile("(?:のみ|だけ)(?:で|と|だ|に|。|$)")


class Conditions:
    """What meets the conditions of sentences in a report of ``year``."""

    def __init__(self, amounts: Amounts, parts: Parts, year: FiscalYear):
        self._amounts, self._parts, self._year = amounts, parts, year

    def readings(self, sentence: Sentence, at: Mention, quantities: Sequence[Quantity]) -> Iterator[Reading]:
        """Of a figure that is a condition itself its own amount, where what the sentence says to meet it does; of one that says how many do
        their number. None is sure."""
        for figure in sentence.figures:
            said, limit = _MEETS.match(sentence.text, figure.end), read_figure(figure.text)
            counted = said and _counted(sentence, *said.span("those"))
            is_number = bool(counted and counted.start() == at.start)
            if said is None or limit is None or not (figure == at or is_number):
                continue
            holds = next(holds for key, holds in _HOLDS.items() if said[key])
            is_all = counted is not None or bool(_ALL.search(said["those"]))
            for path in dict.fromkeys(path for quantity in quantities for path in quantity.paths):
                among, listed = self._among(path, sentence, said)
                meeting = {
                    made.path for made in among if holds(self._amounts.as_written(made, limit).amount, limit.value)
                }
                is_so_many = counted is None or int(counted["number"]) == len(meeting)
                are_those = listed == meeting if listed and is_all else listed <= meeting
                is_none = bool(_NONE.match(said["those"]))
                if (is_none and not meeting) or (is_so_many and are_those and (listed or counted)):
                    amount, form = (Fraction(len(meeting)), COUNT) if is_number else (limit.value, VALUE)
                    yield Reading(path, amount, f"{limit.text}{said[0]}", form, sure=False)

    def _among(self, path: str, sentence: Sentence, said: re.Match[str]) -> tuple[list[Reading], set[str]]:
        """What a quantity is in each month, or in each of its parts, whichever the words are about; and the paths of those they list."""
        begin, end = said.span("those")
        months = {
            month for start, stop, when in sentence.times if begin <= start and stop <= end for month in when.months
        }
        if months or (said["of"] or "").endswith("月"):
            among = self._amounts.in_months(path, months_of(self._year))
            return among, {made.path for made in among if made.path.rpartition("/")[2] in months}
        wholes = columns_of([path]) or self._parts.wholes(path) or [path]
        parts = [part for whole in wholes for part in self._parts.of(whole)]
        known = {part: made for part in parts if (made := self._amounts.in_year(part, self._year, VALUE))}
        named = {named for start, stop, paths in sentence.names if begin <= start and stop <= end for named in paths}
        return [*known.values()], {made.path for part, made in known.items() if part in named}


def _counted(sentence: Sentence, begin: int, end: int) -> re.Match[str] | None:
    """How many there are, as a text says between two places, outside of its times."""
    numbers = _SO_MANY.finditer(sentence.text, begin, end)
    return next(
        (number for number in numbers if not any(start <= number.start() < stop for start, stop, _ in sentence.times)),
        None,
    )
