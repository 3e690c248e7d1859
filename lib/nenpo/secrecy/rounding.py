"""Counts in round numbers, each by itself: what is shown for one, and what one that is shown may stand for."""

from __future__ import annotations


def in_steps(count: int, base: int) -> int:
    """The nearest multiple of the base, a half up."""
    return (count + base // 2) // base * base


def meant_by(shown: int, base: int) -> tuple[int, int]:
    """The least and the most that a count may be which is shown so."""
    return max(0, shown - base // 2), shown + (base - 1) // 2
