"""The page 「あらまし」: key figures, each with its change from the year before, a small chart and a link to its section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from nenpo.figures import change, quotient
from nenpo.present.charts import Chart
from nenpo.present.display import Shown, array
from nenpo.present.svg import svg_html, svg_typst
from nenpo.present.views import in_words
from nenpo.records import HIDDEN, Number, Value
from nenpo.text.typst import string


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
        return in_words(self.now) if isinstance(self.now, Number) else HIDDEN.value if self.now is HIDDEN else "－"

    def compared(self, word: str) -> tuple[str, str]:
        """The difference and the ratio: 「前年度（211件）から 27件増」 and 「（＋12.8%）」."""
        if HIDDEN in (self.now, self.before):
            return f"前{word}との比較は秘匿", ""
        difference = change(self.now, self.before)
        if difference is None or not isinstance(self.before, Number):
            same = f"{self.part}の" if self.part else ""
            return f"前{word}の{same}数値はありません", ""
        base = f"前{word}{self.part}（{in_words(self.before)}{self.unit}）"
        if difference == 0:
            return f"{base}と同数", ""
        size = difference if difference > 0 else -difference
        percent = quotient(size, self.before, 1, scale=100) if self.before > 0 else None
        ratio = "" if percent is None else f"（{'＋' if difference > 0 else '－'}{percent}%）"
        return f"{base}から {in_words(size)}{self.unit}{'増' if difference > 0 else '減'}", ratio


def summary(keys: Sequence[Key], word: str) -> Shown:
    """The page of the key figures; ``word`` is what a year is called."""
    items = "".join(
        f'<li><p class="key-name"><a href="#{key.section}">{escape(key.name)}</a></p>\n'
        f'<p class="key-figure">{escape(key.figure)}<span>{escape(key.unit)}</span></p>\n'
        f'<p class="key-change">{escape(key.compared(word)[0])}<wbr><span class="whole">{escape(key.compared(word)[1])}</span></p>\n'
        f"{svg_html(key.chart.svg, key.chart.id, key.chart.alt) if key.chart else ''}</li>\n"
        for key in keys
    )
    cards = array(
        f"(name: {string(key.name)}, figure: {string(key.figure)}, unit: {string(key.unit)}, "
        f"change: {string(''.join(key.compared(word)))}, section: {string(key.section)}, chart: {_chart_typst(key.chart)})"
        for key in keys
    )
    plain = "\n".join(f"{key.name} {key.figure}{key.unit} {''.join(key.compared(word))}" for key in keys)
    return Shown(f'<ul class="keys">\n{items}</ul>\n', f"#key-figures({cards})\n", plain)


def _chart_typst(chart: Chart | None) -> str:
    if chart is None:
        return "none"
    return f"(alt: {string(chart.alt)}, width: {chart.width:g}mm, data: {svg_typst(chart.svg)})"
