"""A figure that is held, as what the sentence says of it is read: where it stands, what follows it, what goes before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from nenpo.japanese.numerals import Written, read_figure
from nenpo.japanese.years import CODE, FiscalYear
from nenpo.prose.context import HELD, Read
from nenpo.prose.forms import Reading
from nenpo.prose.sentence import Sentence
from nenpo.prose.written import Mention

# In so many clauses something may be said of a figure.
_CLAUSES = 3
# No series of years or months has more figures.
_LONGEST = 60
# Between the figures of a series.
_SERIES = re.compile(r"\s*(?:(?P<from>から|より)|→|、|・)[^\d、。]{0,12}")


@dataclass(frozen=True)
class HeldFigure:
    """A held figure in its sentence: where it stands, its reading, the figures before it, and what it is of."""

    sentence: Sentence
    at: Mention
    written: Written
    read: Read
    reading: Reading
    before: Sequence[Read]

    @cached_property
    def path(self) -> tuple[str, str, str]:
        """The quantity, or several that are added up, the year, and what is derived of them, as it ends the path; without a year where the
        reading is of a month, or of several times."""
        parts = [re.fullmatch(rf"([^÷]+?)/({CODE})(/.+)?", part) for part in self.reading.path.split("+")]
        made = [part.groups("") for part in parts if part]
        if len(made) < len(parts) or len({(code, derived) for _, code, derived in made}) > 1:
            return "", "", ""
        return "+".join(quantity for quantity, _, _ in made), made[0][1], made[0][2]

    @cached_property
    def place(self) -> tuple[int, int]:
        """Where it begins and ends, with its bracket where it stands alone in one: 「最多は７月（２５件）で」."""
        bracket = self.sentence.bracket(self.at.start)
        is_alone = bracket and re.fullmatch("[各計]?", self.sentence.text[bracket[0] + 1 : self.at.start])
        if bracket and is_alone and bracket[1] == self.at.end:
            return bracket[0], bracket[1] + 1
        return self.at.start, self.at.end

    @cached_property
    def tail(self) -> str:
        """What follows it, without brackets."""
        return self.sentence.outside(self.place[1], len(self.sentence.text)).replace("\0", "")

    def after(self, read: Read) -> str:
        """What stands between a figure before it and itself, without brackets, names and times."""
        begin = read.mention.end
        return self.sentence.unnamed(begin, self.place[0], timeless=True).removeprefix("）")

    @cached_property
    def years(self) -> list[FiscalYear]:
        """The years that the sentence names; none where it names months."""
        return [] if self.is_in_months else [when.year for _, _, when in self.sentence.times]

    @cached_property
    def is_in_months(self) -> bool:
        """Whether its sentence names months."""
        return any(when.months for _, _, when in self.sentence.times)

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        """Where its clause begins and ends, or its bracket, and those behind that name nothing else and may be said of it."""
        text, (start, stop) = self.sentence.text, self.place
        if bracket := self.sentence.bracket(start):
            return [(bracket[0] + 1, bracket[1])]
        begin = max(text.rfind(mark, 0, start) for mark in "、，。") + 1
        ends = [end.start() for end in re.finditer("、|$", text) if end.start() >= stop]
        names = [name[0] for name in self.sentence.names if not re.match("の(?:中で|うち)", text[name[1] :])]
        named = names + [figure.start for figure in self.sentence.figures]
        further = [
            clause for clause in pairwise(ends[:_CLAUSES]) if not any(ends[0] <= place < clause[1] for place in named)
        ]
        return [(begin, ends[0]), *further]

    @cached_property
    def led(self) -> tuple[Read | None, str]:
        """The figure of its quantity right before it, None where its name stands there, and what stands between, without brackets, a time as
        one TIME; "" where either is of another quantity."""
        sentence, start = self.sentence, self.place[0]
        names = [name for name in sentence.names if name[1] <= start and sentence.bracket(name[0]) is None]
        reads = [read for read in self.before if sentence.bracket(read.mention.start) is None]
        begin, is_own, last = 0, False, None
        if reads:
            last = reads[-1]
            begin, is_own = last.mention.end, is_alike(last, self.read)
        if names and names[-1][0] >= begin:
            begin, last = names[-1][1], None
            is_own = self.read.quantity is not None and set(self.read.quantity.paths) <= set(names[-1][2])
        return last, sentence.timed(begin, start) if is_own else ""


def series(figure: HeldFigure, *, is_same: bool = True) -> list[Fraction]:
    """The amounts of the figures that end in this one: of the same quantity one after the other, or from one to it; by default no others."""
    values = [figure.written.value]
    for read in reversed(figure.before[-_LONGEST:]):
        written, between = read_figure(read.mention.text), figure.after(read)
        joint = _SERIES.match(between) if len(values) > 1 else _SERIES.fullmatch(between)
        if written is None or joint is None or written.unit != figure.written.unit or read.outcome != HELD:
            break
        if not joint["from"] and is_same and not of_one(read, figure.read):
            break
        values.insert(0, written.value)
        if joint["from"]:
            return values if len(values) == 2 else values[1:]
    return values if len(values) > 2 or not is_same else []


def of_one(read: Read, other: Read) -> bool:
    """Whether two figures are of the same quantity, or of two that are divided."""
    if read.quantity is None or other.quantity is None:
        divided = [re.sub(rf"/{CODE}", "", of.reading.path) if of.reading else "" for of in (read, other)]
        return "÷" in divided[0] and divided[0] == divided[1]
    return read.quantity.paths == other.quantity.paths


def is_alike(read: Read, other: Read) -> bool:
    """Whether two figures state the same quantity in the same form."""
    return of_one(read, other) and bool(read.reading and other.reading and read.reading.form == other.reading.form)


def steps(values: Sequence[Fraction]) -> set[int]:
    """Which ways a series goes."""
    return {(later > earlier) - (later < earlier) for earlier, later in pairwise(values)}
