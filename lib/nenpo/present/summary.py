"""The page 「あらまし」: key figures, each with its change from the year before, a small chart and a link to its section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nenpo.present.printed import in_words
from nenpo.present.views import Chart, KeyFigure, KeyFigures
from nenpo.records import HIDDEN, Mark, Number, Value
from nenpo.sums import change, quotient


@dataclass(frozen=True)
class Key:
    """A key figure of a year; ``before`` is the year before's, ``section`` the anchor it links to; ``part`` says which months
    both are of, where the year is not over."""

    name: str
    unit: str
    now: Value
    before: Value
    section: str
    chart: Chart | None
    part: str = ""

    @property
    def figure(self) -> str:
        if isinstance(self.now, Mark):
            return self.now.value
        return in_words(self.now) if isinstance(self.now, Number) else "－"

    def compared(self, word: str) -> tuple[str, str]:
        """The difference and the ratio: 「前年度（211件）から 27件増」 and 「（＋12.8%）」; of a rate in points."""
        if HIDDEN in (self.now, self.before):
            return f"前{word}との比較は秘匿", ""
        difference = change(self.now, self.before)
        if difference is None or not isinstance(self.before, Number):
            same = f"{self.part}の" if self.part else ""
            return f"前{word}の{same}数値はありません", ""
        base = f"前{word}{self.part}（{in_words(self.before)}{self.unit}）"
        if difference == 0:
            return f"{base}と同じ", ""
        size = difference if difference > 0 else -difference
        if self.unit == "％":
            return f"{base}から {in_words(size)}ポイント{'増' if difference > 0 else '減'}", ""
        percent = quotient(size, self.before, 1, scale=100) if self.before > 0 else None
        ratio = "" if percent is None else f"（{'＋' if difference > 0 else '－'}{percent}%）"
        return f"{base}から {in_words(size)}{self.unit}{'増' if difference > 0 else '減'}", ratio


def summary(keys: Sequence[Key], word: str) -> KeyFigures:
    """The page of the key figures; ``word`` is what a year is called."""
    return KeyFigures(
        tuple(KeyFigure(key.name, key.figure, key.unit, *key.compared(word), key.section, key.chart) for key in keys)
    )
