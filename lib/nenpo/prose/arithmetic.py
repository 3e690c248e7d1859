"""Amounts held against each other: differences, ratios, points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from nenpo.japanese.numerals import Written, read_figure, rounded
from nenpo.prose.forms import AVERAGE, DIFFERENCE, GROWTH, Reading


def points_between(now: Reading, then: Reading, written: Written) -> Iterator[Reading]:
    """How many points there are from one to the other: exactly, and of the two as they are printed, with the figure's decimals."""
    step = Fraction(1, 10**written.decimals)
    moved = replace(now, amount=now.amount - then.amount, words=f"{now.words}－{then.words}")
    yield moved
    yield replace(moved, amount=rounded(now.amount, step) - rounded(then.amount, step))


def parts_of(made: Reading, parts: int) -> Reading:
    return replace(made, amount=made.amount / parts, words=f"{made.words}÷{parts}")


def between(own: Reading | None, other: Reading | None, form: str) -> Iterator[Reading]:
    """Of the amounts of two quantities, where there are both: their difference, or the one divided by the other."""
    if own and other:
        yield from compared(own, other, form) if form == DIFFERENCE else divided(own, other, form)


def compared(now: Reading, then: Reading, form: str) -> Iterator[Reading]:
    """An amount against the same of another time: their difference, the growth or the ratio in per cent."""
    if form == DIFFERENCE:
        yield replace(now, amount=now.amount - then.amount, words=f"{now.words}－{then.words}")
    elif then.amount:
        ratio = now.amount / then.amount * 100 - (100 if form == GROWTH else 0)
        yield replace(now, amount=ratio, words=f"{now.words}÷{then.words}")


def divided(now: Reading, by: Reading, form: str) -> Iterator[Reading]:
    """An amount divided by another's: for each of it, or in per cent."""
    if by.amount:
        amount = now.amount / by.amount * (1 if form == AVERAGE else 100)
        yield Reading(f"{now.path}÷{by.path}", amount, f"{now.words}÷{by.words}", form)


def for_so_many(readings: Iterable[Reading], many: str) -> Iterator[Reading]:
    """Amounts for each one of something, as a text says them of so many of it: 「人口１万人当たり」."""
    count = read_figure(many if many[0] == "1" else f"1{many}")
    for reading in readings:
        words = reading.words if many == "1" else f"{reading.words}×{many}"
        yield replace(reading, amount=reading.amount * (count.value if count else 1), words=words)
