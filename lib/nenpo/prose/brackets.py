"""A figure and the one that explains it in a bracket right behind: 「本人が１４５件（６０．９％）」. The one tells what the other is of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from nenpo.dictionary import Dictionary
from nenpo.japanese.numerals import Written, read_figure
from nenpo.japanese.words import words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.amounts import Amounts
from nenpo.prose.amounts_in_forms import DERIVED
from nenpo.prose.context import HELD, OPEN, WRONG, Read
from nenpo.prose.forms import DIFFERENCE, GROWTH, SHARE, VALUE, Around, Reading, agrees, is_telling
from nenpo.prose.quantities import DIVISION
from nenpo.prose.sentence import Quantity, Sentence
from nenpo.prose.units import is_in
from nenpo.prose.written import Mention

_LEAD = re.compile(f"(?:同|構成比|割合|対?(?:{words()['whole']['words']})(?:の|比)?)?[はが:：、]?")


def explained_by(sentence: Sentence, at: Mention, before: Sequence[Read]) -> Quantity | None:
    """What the figure is of that a figure explains, where that agrees with the data; None where it explains none."""
    last = before[-1] if before else None
    return last.quantity if last and last.outcome == HELD and _explains(sentence, at, last.mention) else None


def by_explained(sentence: Sentence, reads: Sequence[Read], amounts: Amounts) -> list[Read]:
    """The figures of a sentence; one that agrees with nothing is held against what the share or the growth tells that explains it, where that is
    one of what the sentence names, and of enough digits that this is no chance."""
    made = list(reads)
    for place, (read, rate) in enumerate(pairwise(reads)):
        if (read.outcome, rate.outcome) != (OPEN, HELD) or not _explains(sentence, rate.mention, read.mention):
            continue
        counted, written = read_figure(read.mention.text), read_figure(rate.mention.text)
        if counted and written and is_telling(written, beside=True):
            told = (amounts.as_written(reading, counted) for reading in _told_by(rate, counted, amounts))
            if nearest := min(told, key=lambda reading: abs(abs(reading.amount) - counted.value), default=None):
                is_held = agrees(counted, nearest, Around([nearest.form], 0, ""))
                made[place] = replace(read, outcome=HELD if is_held else WRONG, reading=nearest)
    return made


def _told_by(rate: Read, counted: Written, amounts: Amounts) -> Iterator[Reading]:
    """What the figure is that a rate explains: a share the same, or what it is a share of; a growth the difference, or the amount."""
    reading, quantity, when = rate.reading, rate.quantity, rate.when
    if reading is None or quantity is None or when is None or not quantity.name or len(quantity.paths) > 1:
        return
    if reading.form == SHARE and DERIVED[DIFFERENCE] in reading.path:
        return  # it is a share of a change
    (path,) = quantity.paths
    if counted.is_share or not counted.unit or not is_in(counted, amounts.unit(path)):
        yield from [reading] if counted.is_share and reading.form == SHARE else []
        return
    value = amounts.at(path, when, VALUE)
    if value and reading.form in (SHARE, GROWTH):
        yield value
    if value and reading.form == GROWTH and reading.path.endswith(DERIVED[GROWTH]):
        difference = reading.path.removesuffix(DERIVED[GROWTH]) + DERIVED[DIFFERENCE]
        yield from filter(None, [amounts.fact(difference, DIFFERENCE)])


def _explains(sentence: Sentence, at: Mention, explained: Mention) -> bool:
    """Whether a figure stands in a bracket right behind the one that it explains."""
    bracket = sentence.bracket(at.start)
    is_behind = bracket is not None and bracket[0] == explained.end
    return is_behind and bool(_LEAD.fullmatch(sentence.text[explained.end + 1 : at.start]))


def operand_of(
    sentence: Sentence, at: Mention, before: Sequence[Read], dictionary: Dictionary, amounts: Amounts
) -> Reading | None:
    """What an operand of a printed division names, right after the figure that it explains: 「約２．１７項目（≒５１６÷２３８）」."""
    for read in reversed(before):
        match = DIVISION.match(sentence.text, read.mention.end)
        if match is None or not match.start() < at.start < match.end() or read.reading is None:
            continue
        above, below = _operands(read.reading.path, dictionary)
        path = above if at.start == match.start(1) else below
        return amounts.fact(path, VALUE) if path else None
    return None


def _operands(path: str, dictionary: Dictionary) -> tuple[str, str]:
    for rate in dictionary.rates:
        if path.startswith(f"{rate.section}/{rate.name}/"):
            year = path.rpartition("/")[2]
            return f"{rate.numerator}/{year}", f"{rate.denominator}/{year}"
    base, _, derived = path.rpartition("/")
    if derived in ("前年度比", "前年度倍率"):
        of, _, year = base.rpartition("/")
        return base, f"{of}/{FiscalYear(year).previous.code}"
    return "", ""
