"""A figure that is held, as what the sentence says of it is read: where it stands, what follows it, what goes before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from nenpo.japanese.numerals import Written, read_figure
from nenpo.japanese.words import words
from nenpo.japanese.years import CODE, FiscalYear
from nenpo.prose.context import HELD, Read
from nenpo.prose.forms import Reading
from nenpo.prose.sentence import Sentence
from nenpo.prose.written import Mention

# Behind what a clause goes on to say more of its figure.
_GOES_ON = "(?:と|で|に(?:のぼ|上)り|となり|であり|に達し)"
# Between the figures of a series.
_SERIES = re.compile(r"\s*(?:(?P<from>から|より)|→|、|・)[^\d、。]{0,12}")
# What asserts no move: a denial, a hope, a plan.
_UNSAID = re.compile("な[いかく]|ません|ず(?!っ)|見込|予測|目標|計画|場合|傾向に歯止め")


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
        """The quantity, the year, and what is derived of them, as it ends the path; without a year where the
        reading is of a month, or of several."""
        made = re.fullmatch(rf"([^+÷]+?)/({CODE})(/.+)?", self.reading.path)
        return (made[1], made[2], made[3] or "") if made else ("", "", "")

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
        begin = read.mention.end - self.sentence.start
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
    def clause(self) -> tuple[int, int]:
        """Where what is said of it begins and ends: its bracket, or its clause, with those behind it that name nothing else."""
        text, (start, stop) = self.sentence.text, self.place
        if bracket := self.sentence.bracket(start):
            return bracket[0] + 1, bracket[1]
        begin = max(text.rfind(mark, 0, start) for mark in "、，。") + 1
        ends = [place.start() for place in re.finditer("、|$", text) if place.start() >= stop]
        end = ends[0]
        if re.fullmatch(_GOES_ON, self.sentence.outside(stop, end).replace("\0", "")):
            named = [name[0] for name in self.sentence.names] + [figure.start for figure in self.sentence.figures]
            end = next((place for place in reversed(ends[:3]) if not any(end <= name < place for name in named)), end)
        return begin, end

    @property
    def said_with(self) -> str:
        """The text up to the end of its clause."""
        return self.sentence.text[: self.clause[1]]

    def goes(self, lead: str) -> tuple[int, str]:
        """Whether it is said to rise (1) or to fall (-1), behind what leads there, and what follows; 0 for neither."""
        by = words()["form"]
        said = re.match(
            f"{lead}(?:{by['adverb']})*(?:(?P<more>{by['rises']})|(?:{by['falls']}))[加少]?(?P<rest>[^、。]*)",
            self.tail,
        )
        end = self.place[1] + said.start("rest") if said else 0
        in_name = any(begin < end < stop for begin, stop, _ in self.sentence.names)
        if said is None or in_name or _UNSAID.search(said["rest"]):
            return 0, ""
        return 1 if said["more"] else -1, said["rest"]


def series(figure: HeldFigure, *, is_same: bool = True) -> list[Fraction]:
    """The amounts of the figures that end in this one: of the same quantity one after the other, or from one to it; by default no others."""
    values = [figure.written.value]
    for read in reversed(figure.before):
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
    """Whether two figures are of the same quantity."""
    return read.quantity is not None and other.quantity is not None and read.quantity.paths == other.quantity.paths


def steps(values: Sequence[Fraction]) -> set[int]:
    """Which ways a series goes."""
    return {(later > earlier) - (later < earlier) for earlier, later in pairwise(values)}
