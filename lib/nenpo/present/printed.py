"""Figures as they are printed."""

from __future__ import annotations

from nenpo.records import Mark, Number, Value, mark_of
from nenpo.sums import share


def shown(value: Value) -> str:
    """A figure as printed: 4,008, 10.1, ▲30, 「－」, nothing where there is none."""
    if value is None:
        return ""
    if isinstance(value, Number):
        return in_words(value)
    return value.value if isinstance(value, Mark) else str(value)


def in_words(value: Number) -> str:
    """A number as printed: 4,008, 10.1, ▲30."""
    return f"{value:,}" if value >= 0 else f"▲{-value:,}"


def percent(part: Value, whole: Value, decimals: int = 1) -> str:
    """A share as printed: 67.8%, and 100% for the whole itself."""
    if mark := mark_of((part, whole)):
        return mark.value
    if isinstance(part, Number) and part == whole and part > 0:
        return "100%"
    return share_in_words(part, whole, decimals)


def share_in_words(part: Value, whole: Value, decimals: int) -> str:
    """A share as printed: 67.8%, nothing where there is none."""
    if mark := mark_of((part, whole)):
        return mark.value
    result = share(part, whole, decimals)
    return "" if result is None else f"{result}%"
