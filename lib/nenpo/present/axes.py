"""The axes, names and numbers of a chart: placed so that none is cut off and none stands over another."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nenpo.present.charts import Data, said
from nenpo.present.printed import in_words
from nenpo.present.theme import GRID, INK, MM, SMALL, SOFT, TEXT, ink_on
from nenpo.records import Number
from nenpo.sums import share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from pandas import DataFrame

# A name longer than so many characters goes on in the next line: beside a bar, at the end of a line, in a legend.
_LINE, _END, _LEGEND = 13, 18, 24
# How far numbers side by side are apart at least, in points: no two letters of a number are.
_APART = 1.5


def wrapped(name: str, line: int = _LINE) -> str:
    """A name in lines of one length."""
    lines = math.ceil(len(name) / line)
    each = math.ceil(len(name) / lines) if lines else 1
    return "\n".join(name[at : at + each] for at in range(0, len(name), each))


# Axes


def time_axis(axis: Axes, data: Data) -> None:
    """The axes of lines over months or years, with room for numbers above the highest."""
    high = max((float(value) for values in data.values.values() for value in values if value is not None), default=1.0)
    low = min((float(value) for values in data.values.values() for value in values if value is not None), default=0.0)
    room = 0.22 * ((high - min(low, 0)) or 1.0)
    axis.set_ylim(low - room if low < 0 else 0, high + room)
    axis.set_xlim(-0.4, len(data.labels) - 0.6)
    _numbers_on(axis, data.unit)
    _labels_on(axis, data.labels)


def upright(axis: Axes, data: Data) -> None:
    """The axes of bars that stand, with room for their numbers."""
    high = float(axis.get_ylim()[1])
    axis.set_ylim(axis.get_ylim()[0] * 1.15, high * 1.15 or 1)
    _numbers_on(axis, data.unit)
    _labels_on(axis, data.labels)


def points(axis: Axes) -> tuple[float, float]:
    """Width and height of the figure in points."""
    figure = axis.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_size_inches()
    return float(width) * 72, float(height) * 72


def _numbers_on(axis: Axes, unit: str) -> None:
    """Numbers as they are printed, with the unit at the end of the axis."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.yaxis.set_major_locator(MaxNLocator(5))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "▲")))
    axis.set_xlabel("")
    axis.set_ylabel(unit, rotation=0, ha="right", va="top", y=1.0)
    axis.grid(axis="y", color=GRID, linewidth=0.5)
    axis.set_axisbelow(True)


def _labels_on(axis: Axes, labels: Sequence[str], step: int = 1) -> None:
    """The labels below an axis, or every ``step``-th of them; the last is among them."""
    shown = [at for at in range(len(labels)) if (len(labels) - 1 - at) % step == 0]
    axis.set_xticks(shown, [labels[at] for at in shown])


def thin(figure: Figure, data: Data) -> None:
    """Leave out labels of months and years that would meet, now that the axes have their places; of small charts years have none of
    the word that they end in."""
    labels: Sequence[str] = data.labels
    for axis in figure.axes:
        if axis.get_visible() and axis.xaxis.get_visible():
            low, high = axis.get_xlim()
            room = axis.bbox.width * 72 / figure.dpi / (high - low)
            if data.over == "years" and _widest(figure, labels) > room:
                labels = [label.removesuffix("年度").removesuffix("年") for label in labels]
            _labels_on(axis, labels, max(1, math.ceil(_widest(figure, labels) / room)))


def _widest(figure: Figure, labels: Sequence[str]) -> float:
    """How many points the widest of the labels takes, and what stands between two."""
    from matplotlib.font_manager import FontProperties

    renderer, face = figure.canvas.get_renderer(), FontProperties(size=SMALL)  # type: ignore[attr-defined]
    widths = [renderer.get_text_width_height_descent(label, face, False)[0] for label in labels]
    return max(widths, default=0.0) * 72 / figure.dpi + 4


def _breadth(text: str) -> float:
    """How many characters wide a text is; half-width ones count for 0.6."""
    return sum(0.6 if char.isascii() else 1.0 for char in text)


def lying(axis: Axes, labels: Sequence[str]) -> None:
    """Bars below each other, each with its name."""
    axis.set_yticks(range(len(labels)), [wrapped(label) for label in labels])
    axis.set_ylim(max(len(labels), 2) - 0.5, -0.5)
    axis.set(xlabel="", ylabel="")
    axis.xaxis.set_visible(False)
    axis.spines["bottom"].set_visible(False)
    axis.tick_params(axis="y", length=0, labelsize=SMALL)
    if axis.get_xlim()[0] < 0:
        axis.axvline(0, color=SOFT, linewidth=0.6)


def beside(axis: Axes, said: Sequence[tuple[str, float]]) -> None:
    """A text at the end of each bar, from the top."""
    span = max((abs(end) for _, end in said), default=1.0) or 1.0
    for at, (text, end) in enumerate(said):  # that of a bar to the left stands right of the line that they begin at
        axis.text(max(end, 0.0) + span * 0.012, at, text, va="center", ha="left", fontsize=SMALL)


def piled(
    axis: Axes, data: Data, scales: Sequence[float], ends: Sequence[str] = (), percent: bool = False
) -> list[Text]:
    """The parts one behind the other, with their numbers where there is room; ``ends`` is what will stand behind each bar."""
    texts: list[tuple[Text, float]] = []
    left = [0.0] * len(data.labels)
    for name, values in data.values.items():
        widths = [float(value or 0) / scale for value, scale in zip(values, scales, strict=True)]
        colour = data.colours[name]
        axis.barh(range(len(widths)), widths, left=left, color=colour, edgecolor="white", linewidth=0.8, height=0.66)
        for at, (value, width) in enumerate(zip(values, widths, strict=True)):
            if value:
                number = f"{share(value, data.wholes[at])}%" if percent else said(value)
                middle, ink = left[at] + width / 2, ink_on(colour)
                text = axis.text(middle, at, number, ha="center", va="center", fontsize=SMALL, color=ink)
                texts.append((text, width))
        left = [before + width for before, width in zip(left, widths, strict=True)]
    lying(axis, data.labels)
    beside_bars = max(map(_breadth, [line for label in data.labels for line in wrapped(label).split("\n")]), default=0)
    beside_bars += max(map(_breadth, ends), default=0)
    room = (points(axis)[0] * 0.94 - beside_bars * SMALL - 10) / (max(left, default=1.0) or 1.0)
    fits = [text for text, width in texts if _breadth(text.get_text()) * SMALL + 2 <= width * room]
    for text, _ in texts:
        text.set_visible(text in fits)
    return fits


def legend(figure: Figure, data: Data) -> None:
    """The names of the series above, where there is more than one."""
    from matplotlib.patches import Patch

    if len(data.series) < 2:
        return
    patches = [
        Patch(facecolor=data.colours[name], edgecolor=SOFT, linewidth=0.4, label=wrapped(name, _LEGEND))
        for name in data.series
    ]
    columns = math.ceil(len(data.series) / legend_rows(data, figure.get_figwidth() / MM))
    figure.legend(
        handles=patches, loc="outside upper left", ncols=columns, frameon=False, handlelength=0.9, handleheight=0.9,
        columnspacing=0.9, handletextpad=0.35, borderaxespad=0.1, labelspacing=0.35,
    )  # fmt: skip


def legend_rows(data: Data, width: float) -> int:
    """How many lines the names of the series take."""
    if len(data.series) < 2:
        return 0
    each = max(_breadth(line) for name in data.series for line in wrapped(name, _LEGEND).split("\n")) * SMALL + 26
    across = max(1, int(width * MM * 72 // each))
    return math.ceil(len(data.series) / across) * max(len(wrapped(name, _LEGEND).split("\n")) for name in data.series)


def bars_on(axis: Axes, frame: DataFrame, upright: bool, **look: Any) -> None:
    """Bars of the values, at the places of their labels; what has no figure is a bar without length, so that each has its place."""
    import seaborn

    sides, orient = ({"x": "at", "y": "value"}, "x") if upright else ({"x": "value", "y": "at"}, "y")
    seaborn.barplot(frame.fillna({"value": 0}), **sides, orient=orient, saturation=1, errorbar=None, ax=axis, **look)


# Texts


def at_ends(axis: Axes, data: Data) -> list[Text]:
    """The name of each line with its last figure, beside its end: they are moved apart, never left out."""
    ends = [
        (name, next(value for value in reversed(values) if value is not None))
        for name, values in data.values.items()
        if any(value is not None for value in values)
    ]
    low, high = axis.get_ylim()
    axis.figure.draw_without_rendering()  # type: ignore[union-attr]
    point = (high - low) / axis.bbox.height * axis.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    gaps = [TEXT * 1.25 * end_lines(name) * point for name, _ in ends]
    edge = max(gaps, default=0.0) / 2
    for (name, value), place in zip(
        ends, spread([float(value) for _, value in ends], gaps, low + edge, high), strict=True
    ):
        axis.annotate(
            f"{wrapped(name, _END)} {in_words(value)}", (1.01, place), xycoords=("axes fraction", "data"), fontsize=TEXT, color=_legible(data.colours[name]),
            va="center", fontweight="bold", annotation_clip=False,
        )  # fmt: skip
    return []


def end_lines(name: str) -> int:
    """How many lines a name takes at the end of a line."""
    return wrapped(name, _END).count("\n") + 1


def at_peaks(axis: Axes, data: Data) -> list[Text]:
    """The highest figure of each line."""
    texts: list[Text] = []
    for name, values in data.values.items():
        known = [value for value in values if value is not None]
        if known and (at := values.index(max(known))) < len(values) - 1 and known.count(max(known)) == 1:
            texts.append(
                axis.annotate(
                    in_words(max(known)), (at, float(max(known))), textcoords="offset points", xytext=(0, 4), ha="center", va="bottom",
                    fontsize=SMALL, color=_legible(data.colours[name]),
                )
            )  # fmt: skip
    return texts


def numbers_above(axis: Axes, data: Data, words: Callable[[Number], str] = in_words) -> list[Text]:
    """The number of each bar, the highest first; of one series of years the last before all."""
    last = len(data.labels) - 1 if data.over == "years" and len(data.series) == 1 else -1
    return [
        axis.annotate(
            words(value), (bar.get_x() + bar.get_width() / 2, float(value)), textcoords="offset points", xytext=(0, 2 if value >= 0 else -2),
            ha="center", va="bottom" if value >= 0 else "top", fontsize=SMALL,
        )
        for bar, value in _bars_of(axis, data, last)
    ]  # fmt: skip


def numbers_beside(axis: Axes, data: Data) -> list[Text]:
    """The number of each lying bar, the longest first; that of a bar to the left stands right of the line that they begin at."""
    return [
        axis.annotate(
            in_words(value), (max(float(value), 0.0), bar.get_y() + bar.get_height() / 2), textcoords="offset points", xytext=(2, 0),
            ha="left", va="center", fontsize=SMALL,
        )
        for bar, value in _bars_of(axis, data)
    ]  # fmt: skip


def _bars_of(axis: Axes, data: Data, first: int = -1) -> list[tuple[Any, Number]]:
    """The bars with their figures, that of the label ``first`` before all, then the largest."""
    of_series = zip(axis.containers, data.values.values(), strict=True)
    bars = [
        (at, bar, value)
        for bars, values in of_series
        for at, (bar, value) in enumerate(zip(bars, values, strict=True))
        if value is not None
    ]
    bars.sort(key=lambda placed: (placed[0] != first, -abs(float(placed[2]))))
    return [(bar, value) for _, bar, value in bars]


def _legible(colour: str) -> str:
    """The colour for letters: one too light to be read on white gives way to the theme's."""
    return colour if ink_on(colour) == "#ffffff" else INK


def leave_out(figure: Figure, optional: Sequence[Text]) -> None:
    """Hide the texts that would stand over another, or beyond the edge; and the numbers outside of their bars that would stand over another
    bar."""
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

    figure.draw_without_rendering()
    apart = _APART * figure.dpi / 72
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    kept = [text.get_window_extent(renderer) for text in texts_of(figure) if text not in optional]
    bars = [bar.get_window_extent(renderer) for axis in figure.axes for bars in axis.containers for bar in bars]
    edge = figure.bbox
    for text in optional:
        box = text.get_window_extent(renderer)
        inside = edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0 and box.y1 <= edge.y1
        around = Bbox.from_extents(box.x0 - apart, box.y0, box.x1 + apart, box.y1)
        free = all(not box.overlaps(bar) for bar in bars) and all(not around.overlaps(other) for other in kept)
        if inside and (free if isinstance(text, Annotation) else not any(box.overlaps(other) for other in kept)):
            kept.append(box)
        else:
            text.set_visible(False)


def texts_of(figure: Figure) -> list[Text]:
    """The texts of a figure that are seen."""
    from matplotlib.text import Text

    texts = [text for legend in figure.legends for text in legend.get_texts()]
    for axis in figure.axes:
        if axis.get_visible():
            sides = [side for side in (axis.xaxis, axis.yaxis) if side.get_visible() and axis.axison]
            texts += [child for child in axis.get_children() if isinstance(child, Text)]
            for side in sides:
                low, high = sorted(side.get_view_interval())
                ticks = zip(side.get_majorticklocs(), side.get_ticklabels(), strict=False)
                texts += [side.label, *(label for at, label in ticks if low - 1e-9 <= at <= high + 1e-9)]
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


def spread(
    places: Sequence[float], gap: float | Sequence[float], low: float = -math.inf, high: float = math.inf
) -> list[float]:
    """The places moved apart so that neighbours are at least ``gap`` apart (of several, the mean of their own), in their order, as near
    as can be to where they were and within bounds where they fit."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = [places[at] for at in order]
    gaps = [gap if isinstance(gap, float) else gap[at] for at in order]
    for _ in range(200):
        for at in range(1, len(moved)):
            lack = (gaps[at] + gaps[at - 1]) / 2 - (moved[at] - moved[at - 1])
            if lack > 1e-9:
                moved[at - 1] -= lack / 2
                moved[at] += lack / 2
        if moved and moved[0] < low:
            moved[0] = low
        if moved and moved[-1] > high:
            moved[-1] = high
    result = [0.0] * len(places)
    for at, place in zip(order, moved, strict=True):
        result[at] = place
    return result
