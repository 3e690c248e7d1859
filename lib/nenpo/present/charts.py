"""What a chart shows, and what it says to one who cannot see it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from nenpo.present.printed import in_words
from nenpo.records import Number
from nenpo.sums import share

if TYPE_CHECKING:
    from pandas import DataFrame

# Of more months or years than these, the first, last, highest and lowest are said; and of so many figures altogether.
_RUN, _MANY = 6, 40


@dataclass(frozen=True)
class Data:
    """What a chart shows: by series, a figure for each label (None where there is none). ``units`` and ``colours`` are by series;
    ``over`` says that the labels are months or years, which come in order, and of which some may go unnamed; ``stocks`` are the series
    that are counted at a moment, which stand in a panel of their own."""

    labels: tuple[str, ...]
    values: Mapping[str, tuple[Number | None, ...]]
    units: Mapping[str, str]
    colours: Mapping[str, str]
    over: Literal["", "months", "years"] = ""
    stocks: frozenset[str] = frozenset()

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(self.values)

    @property
    def unit(self) -> str:
        return self.units[self.series[0]] if self.values else ""

    @cached_property
    def frame(self) -> DataFrame:
        """A row a figure: label, at (its place among the labels), series, value."""
        import pandas

        return pandas.DataFrame(
            [
                (label, at, name, math.nan if value is None else float(value))
                for name, values in self.values.items()
                for at, (label, value) in enumerate(zip(self.labels, values, strict=True))
            ],
            columns=["label", "at", "series", "value"],
        )

    @property
    def has_negatives(self) -> bool:
        return any(value and value < 0 for own in self.values.values() for value in own)

    @property
    def timed(self) -> bool:
        return bool(self.over)

    def only(self, *names: str) -> Data:
        return replace(self, values={name: self.values[name] for name in names})

    def ordered(self, order: Iterable[int]) -> Data:
        """The same with its labels in another order."""
        places = list(order)
        values = {name: tuple(own[at] for at in places) for name, own in self.values.items()}
        return replace(self, labels=tuple(self.labels[at] for at in places), values=values)

    @property
    def wholes(self) -> list[Number]:
        """The sum of each label's figures."""
        return [_sum(values[at] for values in self.values.values()) for at in range(len(self.labels))]


def in_sentences(data: Data, parts: bool = False) -> str:
    """What the chart shows, in words; of what would be long, the first, last, highest and lowest figure of each series. Where the series
    are ``parts`` of a whole, their sum and shares are said too."""
    if (data.timed and len(data.labels) > _RUN) or len(data.labels) * len(data.series) > _MANY:
        return "".join(_summed_up(data, name) for name in data.series)
    if parts:
        return "".join(_parts_in_words(data, at) for at in range(len(data.labels)))
    if len(data.series) == 1:
        name = data.series[0]
        figures = "、".join(
            f"{label} {said(value, data.units[name])}"
            for label, value in zip(data.labels, data.values[name], strict=True)
        )
        return f"{name}は、{figures}。"
    return "".join(
        f"{label}は、{'、'.join(f'{name} {said(values[at], data.units[name])}' for name, values in data.values.items())}。"
        for at, label in enumerate(data.labels)
    )


def _summed_up(data: Data, name: str) -> str:
    known = [(value, label) for value, label in zip(data.values[name], data.labels, strict=True) if value is not None]
    if not known:
        return f"{name}は数値がありません。"
    unit, high, low = data.units[name], max(value for value, _ in known), min(value for value, _ in known)
    at = {level: "・".join(label for value, label in known if value == level) for level in (high, low)}
    (first, begin), (last, end) = known[0], known[-1]
    ends = f"{name}は {begin} の {said(first, unit)}から {end} の {said(last, unit)}まで"
    return f"{ends}、最多は {at[high]} の {said(high, unit)}、最少は {at[low]} の {said(low, unit)}。"


def _parts_in_words(data: Data, at: int) -> str:
    whole = data.wholes[at]
    parts = "、".join(
        f"{name} {said(values[at], data.unit)}"
        + (f"（{ratio}%）" if (ratio := share(values[at], whole)) is not None else "")
        for name, values in data.values.items()
    )
    return f"{data.labels[at]}は合計 {said(whole, data.unit)}で、{parts}。"


def said(value: Number | None, unit: str = "") -> str:
    """A figure as it is printed, with its unit."""
    return "－" if value is None else f"{in_words(value)}{unit}"


def _sum(values: Iterable[Number | None]) -> Number:
    total: Number = 0
    for value in values:
        total = total if value is None else total + value
    return total
