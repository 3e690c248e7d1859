"""A sentence in digits of half width, with what stands where in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from nenpo.prose.times import When
from nenpo.prose.written import Mention

# A quantity's name in a sentence: its place, and the paths that it may mean.
Named = tuple[int, int, tuple[str, ...]]


def single_path(name: Named) -> str:
    """The path that a name means; "" where it may mean several. One in the row that is named before is meant before the whole column."""
    first, *others = name[2]
    return "" if any(not first.startswith(f"{other}/") for other in others) else first


# What stands for a time.
TIME = "\x01"
# Between names that stand side by side.
AND = re.compile("[とや及びおよ、・]+(?:び)?|(?<=男)(?=女)")


@dataclass
class Sentence:
    """A sentence of a text of the section, in digits of half width and without the words before a figure for how exactly it is meant (約,
    わずか): what stands where in it."""

    text: str
    start: int  # in its paragraph
    names: list[Named] = field(default_factory=list)
    times: list[tuple[int, int, When]] = field(default_factory=list)
    figures: list[Mention] = field(default_factory=list)
    section: str = ""
    # Of the words that it is without, their places in the paragraph.
    left_out: list[tuple[int, int]] = field(default_factory=list)

    def within(self, place: int) -> int:
        """Where a place of the paragraph is in the text."""
        return place - self.start - sum(min(place, end) - begin for begin, end in self.left_out if begin < place)

    def in_paragraph(self, place: int) -> int:
        """Where a place of the text is in the paragraph."""
        place += self.start
        for begin, end in self.left_out:
            place += end - begin if begin < place else 0
        return place

    @cached_property
    def brackets(self) -> list[tuple[int, int]]:
        """Where each bracket opens and closes, the inner ones first."""
        brackets, open_ = [], []
        for at, char in enumerate(self.text):
            if char in "（(":
                open_.append(at)
            elif char in "）)" and open_:
                brackets.append((open_.pop(), at))
        return brackets

    def bracket(self, at: int) -> tuple[int, int] | None:
        return next((pair for pair in self.brackets if pair[0] < at < pair[1]), None)

    def outside(self, start: int, end: int) -> str:
        """The text from start to end, what brackets hold that open and close in it blanked."""
        text = self.text[start:end]
        for left, right in self.brackets:
            if start <= left and right < end:
                text = text[: left - start] + "\0" * (right - left + 1) + text[right - start + 1 :]
        return text

    def unnamed(self, start: int, end: int, *, timeless: bool = False) -> str:
        """The text from start to end without names, nor what brackets hold that open and close in it; or without times either."""
        text = list(self.outside(start, end))
        for begin, stop, _ in (*self.names, *(self.times if timeless else ())):
            for place in range(max(begin, start), min(stop, end)):
                text[place - start] = "\0"
        return "".join(text).replace("\0", "")

    def timed(self, start: int, end: int) -> str:
        """The text from start to end without what brackets hold that open and close in it, each time in it as one TIME."""
        text = list(self.outside(start, end))
        for begin, stop, _ in self.times:
            for place in range(max(begin, start), min(stop, end)):
                text[place - start] = "\0" if text[place - start] == "\0" else TIME
        return re.sub(f"{TIME}+", TIME, "".join(text).replace("\0", ""))


@dataclass(frozen=True)
class Quantity:
    """A quantity as it is named: the paths (without a year) that it may mean, several joined by "+" where they are added up, and
    whether nothing else can stand between the name and its figure."""

    paths: tuple[str, ...]
    name: str
    joined: bool = True
    start: int = -1  # of the name, -1 where it stands in another sentence
