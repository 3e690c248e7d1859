"""Kinds of chart, each drawn from tidy data by seaborn, or by matplotlib where that has no such chart.

A kind is a function: it draws ``Data`` on a figure and returns the texts that may be left out where there is no room for them, the
most telling first. Sizes, colours, alternatives and room for texts are the same for all and stand in ``drawn``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from nenpo.figures import share
from nenpo.present.charts import Chart, spread
from nenpo.present.theme import FULL, GRID, INK, MM, SMALL, SOFT, TEXT, apply, as_svg, ink_on
from nenpo.present.views import in_words
from nenpo.records import Number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from pandas import DataFrame

# A name longer than so many characters goes on in the next line.
_LINE, _END = 13, 18
# How many small charts stand in a row: of months or years, more than of named rows.
_IN_A_ROW = {True: 4, False: 3}
# The ring's radius in millimetres.
_RADIUS = 18.0
_MARKERS, _DASHES = "os^Dv<>Pphd*", ["", (4, 1.5), (1, 1), (3, 1, 1, 1)]


@dataclass(frozen=True)
class Data:
    """What a chart shows: by series, a figure for each label (None where there is none). ``units`` and ``colours`` are by series;
    ``timed`` says that the labels are months or years, which come in order, and of which some may go unnamed."""

    labels: tuple[str, ...]
    values: Mapping[str, tuple[Number | None, ...]]
    units: Mapping[str, str]
    colours: Mapping[str, str]
    timed: bool = False

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(self.values)

    @property
    def unit(self) -> str:
        return next(iter(self.units.values()), "")

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

    def only(self, *names: str) -> Data:
        return Data(self.labels, {name: self.values[name] for name in names}, self.units, self.colours, self.timed)

    @property
    def wholes(self) -> list[Number]:
        """The sum of each label's figures."""
        return [_sum(values[at] for values in self.values.values()) for at in range(len(self.labels))]


def course(figure: Figure, data: Data) -> list[Text]:
    """Lines over months or years, a panel for each unit, named at their ends."""
    import seaborn

    units = list(dict.fromkeys(data.units[name] for name in data.series))
    optional: list[Text] = []
    for axis, unit in zip(figure.subplots(len(units), 1, sharex=True, squeeze=False)[:, 0], units, strict=True):
        own = data.only(*(name for name in data.series if data.units[name] == unit))
        marks = {name: _MARKERS[at % len(_MARKERS)] for at, name in enumerate(own.series)}
        dashes = {name: _DASHES[at % len(_DASHES)] for at, name in enumerate(own.series)}
        seaborn.lineplot(
            own.frame, x="at", y="value", hue="series", style="series", palette=dict(own.colours), markers=marks, dashes=dashes,
            markersize=4.5, linewidth=1.6, legend=False, errorbar=None, ax=axis,
        )  # fmt: skip
        _time_axis(axis, own, unit)
        optional += [*_at_ends(axis, own), *_at_peaks(axis, own)]
    return optional


def bars(figure: Figure, data: Data) -> list[Text]:
    """Bars, the series side by side, each with its number: upright over time, else lying below each other."""
    axis = figure.subplots()
    _bars(axis, data.frame, upright=data.timed, hue="series", palette=dict(data.colours), width=0.76, legend=False)
    _legend(figure, data)
    if data.timed:
        _upright(axis, data)
        return _numbers_above(axis, data)
    _lying(axis, data.labels)
    return _numbers_beside(axis, data)


def ranked(figure: Figure, data: Data) -> list[Text]:
    """Bars lying below each other, the largest on top."""
    axis, name = figure.subplots(), data.series[0]
    frame = data.frame.sort_values("value", ascending=False, kind="stable", na_position="last")
    order = [int(at) for at in frame["at"]]
    _bars(axis, frame.assign(at=range(len(frame))), upright=False, color=data.colours[name], width=0.7)
    _lying(axis, [data.labels[at] for at in order])
    values = [data.values[name][at] for at in order]
    _beside(axis, [(_said(value, data.unit), float(value or 0)) for value in values])
    return []


def stacked(figure: Figure, data: Data) -> list[Text]:
    """Bars lying below each other, their parts one behind the other, with the whole at their ends."""
    axis = figure.subplots()
    inside = _piled(axis, data, [1.0] * len(data.labels))
    _beside(axis, [(f"計 {in_words(whole)}", float(whole)) for whole in data.wholes])
    _legend(figure, data)
    return inside


def shares(figure: Figure, data: Data) -> list[Text]:
    """Bars of 100 per cent: each label's figures as parts of their sum."""
    axis = figure.subplots()
    inside = _piled(axis, data, [float(whole) / 100 or 1.0 for whole in data.wholes], percent=True)
    axis.set_xlim(0, 100)
    _legend(figure, data)
    return inside


def ring(figure: Figure, data: Data) -> list[Text]:
    """A ring of the first label's figures, each named beside it."""
    figure.set_layout_engine("none")
    axis, whole = figure.add_axes((0, 0, 1, 1)), data.wholes[0]
    parts = [(name, values[0]) for name, values in data.values.items() if values[0]]
    axis.set_axis_off()
    wedges, *_ = ([],) if not parts else axis.pie(
        [float(value or 0) for _, value in parts], colors=[data.colours[name] for name, _ in parts], startangle=90, counterclock=False,
        wedgeprops={"width": 0.46, "edgecolor": "white", "linewidth": 1.0},
    )  # fmt: skip
    axis.text(0, 0, f"{in_words(whole)}{data.unit}", ha="center", va="center", fontsize=TEXT + 1, fontweight="bold")
    middles = [math.radians((wedge.theta1 + wedge.theta2) / 2) for wedge in wedges]
    named = [
        (math.cos(a), math.sin(a), _wrapped(f"{name} {share(value, whole)}%", 20))
        for a, (name, value) in zip(middles, parts, strict=True)
    ]
    across, down = (points / 72 / MM / 2 / _RADIUS for points in _points(axis))
    axis.set(xlim=(-across, across), ylim=(-down, down))
    for side in (1, -1):
        own = [one for one in named if (one[0] >= 0) == (side > 0)]
        heights = [(label.count("\n") + 1.2) * 1.2 * SMALL / 72 / MM / _RADIUS for *_, label in own]
        places = spread([1.15 * y for _, y, _ in own], heights, 0.25 - down, down - 0.25)
        for (x, y, label), place in zip(own, places, strict=True):
            axis.plot([x, side * 1.15], [y, place], linewidth=0.5, color=SOFT)
            axis.text(side * 1.18, place, label, ha="left" if side > 0 else "right", va="center", fontsize=SMALL)
    return []


def multiples(figure: Figure, data: Data) -> list[Text]:
    """A small chart of bars for each series, some in a row."""
    across = min(_IN_A_ROW[data.timed], len(data.series))
    axes = figure.subplots(math.ceil(len(data.series) / across), across, squeeze=False)
    optional: list[Text] = []
    for at, axis in enumerate(axes.flat):
        axis.set_visible(at < len(data.series))
        if not axis.get_visible():
            continue
        own = data.only(data.series[at])
        optional += _small(axis, own, named=at % across == 0)
        axis.set_title(_wrapped(f"{own.series[0]}（{own.unit}）", 12), fontsize=SMALL)
    return optional


def target(figure: Figure, data: Data) -> list[Text]:
    """The first series as bars, the second as the marks that they are to reach."""
    import seaborn

    axis = figure.subplots()
    result, aim = data.series[:2]
    results, aims = (data.frame[data.frame["series"] == name] for name in (result, aim))
    _bars(axis, results, upright=False, color=data.colours[result], width=0.62)
    seaborn.scatterplot(aims, y="at", x="value", marker="|", s=190, linewidth=2.2, color=INK, ax=axis)
    _lying(axis, data.labels)
    pairs = zip(data.values[result], data.values[aim], strict=True)
    said = [(_reached(now, then), max(float(now or 0), float(then or 0))) for now, then in pairs]
    _beside(axis, said)
    axis.set_title(_wrapped(f"棒は{result}、縦の線は{aim}（{data.unit}）", 44), fontsize=SMALL, loc="left")
    return []


Kind = Callable[["Figure", Data], "list[Text]"]
# The kinds by the name that a chapter asks for them by, with what is said of them to one who cannot see them.
KINDS: Mapping[str, tuple[Kind, str]] = {
    "course": (course, "折れ線グラフ"),
    "bars": (bars, "棒グラフ"),
    "ranked": (ranked, "横棒グラフ"),
    "stacked": (stacked, "積み上げ棒グラフ"),
    "shares": (shares, "100％積み上げ棒グラフ"),
    "ring": (ring, "円グラフ"),
    "multiples": (multiples, "小さな棒グラフの並び"),
    "target": (target, "目標と実績の横棒グラフ"),
}


def drawn(kind: str, data: Data, chart_id: str, caption: str) -> Chart:
    """The chart: as large as what it shows needs, every text within it and none over another."""
    apply()
    from matplotlib import pyplot
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    draw, called = KINDS[kind]
    width, height = _size(kind, data)
    layout = ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02)
    figure = pyplot.figure(figsize=(width * MM, height * MM), layout=layout)
    optional = draw(figure, data)
    if data.timed and kind in ("course", "bars", "multiples"):
        _thin(figure, data.labels)
    _leave_out(figure, optional)
    return Chart(chart_id, caption, as_svg(figure, chart_id), f"{called}。{in_sentences(data)}", width)


def _size(kind: str, data: Data) -> tuple[float, float]:
    """Width and height in millimetres."""
    lines = max((_wrapped(label).count("\n") + 1 for label in data.labels), default=1)
    each = 2 + 3.4 * lines  # of a bar with its name
    legend = 4.2 * _legend_rows(data, FULL) + 3
    rows = max(len(data.labels), 2)
    if kind in ("ranked", "target"):
        return FULL, 8 + each * rows
    if kind in ("stacked", "shares"):
        return FULL, 8 + legend + max(each, 7.0) * rows
    if kind == "ring":
        return FULL, max(50.0, 6 + 4.0 * sum(len(name) // 20 + 1 for name in data.series))
    if kind == "multiples":
        across = min(_IN_A_ROW[data.timed], len(data.series))
        return FULL, (36.0 if data.timed else 14 + each * rows) * math.ceil(len(data.series) / across)
    if kind == "bars":
        return FULL, 56 + legend if data.timed else 8 + legend + max(each, 3.4 * len(data.series) + 2) * rows
    units = list(dict.fromkeys(data.units.values()))
    panels = [[name for name in data.series if data.units[name] == unit] for unit in units]
    return FULL, 10 + sum(max(34.0, 4 + sum(3.6 * _lines(name) for name in panel)) for panel in panels)


def in_sentences(data: Data) -> str:
    """What the chart shows, in words; of what would be long, the first, last, highest and lowest figure of each series."""
    if len(data.labels) * len(data.series) > 40:
        return "".join(_summed_up(data, name) for name in data.series)
    if len(data.series) == 1:
        name = data.series[0]
        parts = "、".join(
            f"{label} {_said(value, data.units[name])}"
            for label, value in zip(data.labels, data.values[name], strict=True)
        )
        return f"{name}は、{parts}。"
    return "".join(
        f"{label}は、{'、'.join(f'{name} {_said(values[at], data.units[name])}' for name, values in data.values.items())}。"
        for at, label in enumerate(data.labels)
    )


def _summed_up(data: Data, name: str) -> str:
    known = [(value, label) for value, label in zip(data.values[name], data.labels, strict=True) if value is not None]
    if not known:
        return f"{name}は数値がありません。"
    unit, high, low = data.units[name], max(value for value, _ in known), min(value for value, _ in known)
    at = {level: "・".join(label for value, label in known if value == level) for level in (high, low)}
    (first, begin), (last, end) = known[0], known[-1]
    ends = f"{name}は {begin} の {_said(first, unit)}から {end} の {_said(last, unit)}まで"
    return f"{ends}、最多は {at[high]} の {_said(high, unit)}、最少は {at[low]} の {_said(low, unit)}。"


def _said(value: Number | None, unit: str) -> str:
    return "－" if value is None else f"{in_words(value)}{unit}"


def _sum(values: Any) -> Number:
    total: Number = 0
    for value in values:
        total = total if value is None else total + value
    return total


def _reached(now: Number | None, then: Number | None) -> str:
    ratio = share(now, then, 1)
    return _said(now, "") + (f"（{ratio}%）" if ratio is not None else "")


def _wrapped(name: str, line: int = _LINE) -> str:
    """A name in lines of one length, which break in no number."""
    lines = math.ceil(len(name) / line)
    each = math.ceil(len(name) / lines) if lines else 1
    return "\n".join(name[at : at + each] for at in range(0, len(name), each))


# Axes


def _time_axis(axis: Axes, data: Data, unit: str) -> None:
    high = max((float(value) for values in data.values.values() for value in values if value is not None), default=1.0)
    low = min((float(value) for values in data.values.values() for value in values if value is not None), default=0.0)
    room = 0.22 * ((high - min(low, 0)) or 1.0)
    axis.set_ylim(low - room if low < 0 else 0, high + room)
    axis.set_xlim(-0.4, len(data.labels) - 0.6)
    _numbers_on(axis, "y", unit)
    _labels_on(axis, data.labels)


def _upright(axis: Axes, data: Data) -> None:
    high = float(axis.get_ylim()[1])
    axis.set_ylim(axis.get_ylim()[0] * 1.15, high * 1.15 or 1)
    _numbers_on(axis, "y", data.unit)
    _labels_on(axis, data.labels)


def _points(axis: Axes) -> tuple[float, float]:
    """Width and height of the figure in points."""
    figure = axis.get_figure(root=True)
    assert figure is not None
    width, height = figure.get_size_inches()
    return float(width) * 72, float(height) * 72


def _numbers_on(axis: Axes, which: Literal["x", "y"], unit: str) -> None:
    """Numbers as they are printed, with the unit at the end of the axis."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    own = axis.yaxis if which == "y" else axis.xaxis
    own.set_major_locator(MaxNLocator(5))
    own.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "▲")))
    axis.set_xlabel("")
    axis.set_ylabel(unit, rotation=0, ha="right", va="top", y=1.0)
    axis.grid(axis=which, color=GRID, linewidth=0.5)
    axis.set_axisbelow(True)


def _labels_on(axis: Axes, labels: Sequence[str], room: float = math.inf) -> None:
    """The labels below an axis, every second or third where there is ``room`` (in points) for no more; the last is among them."""
    widest = max((_breadth(label) for label in labels), default=0) * SMALL
    step = max(1, math.ceil((widest + 4) / room))
    shown = [at for at in range(len(labels)) if (len(labels) - 1 - at) % step == 0]
    axis.set_xticks(shown, [labels[at] for at in shown])
    axis.tick_params(axis="x", length=2)


def _thin(figure: Figure, labels: Sequence[str]) -> None:
    """Leave out labels of months and years that would meet, now that the axes have their places."""
    figure.draw_without_rendering()
    for axis in figure.axes:
        if axis.get_visible() and axis.xaxis.get_visible():
            low, high = axis.get_xlim()
            _labels_on(axis, labels, axis.bbox.width * 72 / figure.dpi / (high - low))


def _breadth(text: str) -> float:
    """How many characters wide a text is; half-width ones count for 0.6."""
    return sum(0.6 if char.isascii() else 1.0 for char in text)


def _lying(axis: Axes, labels: Sequence[str]) -> None:
    """Bars below each other, each with its name."""
    axis.set_yticks(range(len(labels)), [_wrapped(label) for label in labels])
    axis.set_ylim(max(len(labels), 2) - 0.5, -0.5)
    axis.set(xlabel="", ylabel="")
    axis.xaxis.set_visible(False)
    axis.spines["bottom"].set_visible(False)
    axis.tick_params(axis="y", length=0, labelsize=SMALL)
    if axis.get_xlim()[0] < 0:
        axis.axvline(0, color=SOFT, linewidth=0.6)


def _beside(axis: Axes, said: Sequence[tuple[str, float]]) -> None:
    """A text at the end of each bar, from the top."""
    span = max((abs(end) for _, end in said), default=1.0) or 1.0
    for at, (text, end) in enumerate(said):  # that of a bar to the left stands right of the line that they begin at
        axis.text(max(end, 0.0) + span * 0.012, at, text, va="center", ha="left", fontsize=SMALL)


def _piled(axis: Axes, data: Data, scales: Sequence[float], percent: bool = False) -> list[Text]:
    """The parts one behind the other, with their numbers where there is room."""
    texts, left = [], [0.0] * len(data.labels)
    for name, values in data.values.items():
        widths = [float(value or 0) / scale for value, scale in zip(values, scales, strict=True)]
        colour = data.colours[name]
        axis.barh(range(len(widths)), widths, left=left, color=colour, edgecolor="white", linewidth=0.8, height=0.66)
        for at, (value, width) in enumerate(zip(values, widths, strict=True)):
            said = f"{share(value, data.wholes[at])}%" if percent else _said(value, "")
            if value:
                texts.append(
                    (
                        axis.text(
                            left[at] + width / 2,
                            at,
                            said,
                            ha="center",
                            va="center",
                            fontsize=SMALL,
                            color=ink_on(colour),
                        ),
                        width,
                    )
                )
        left = [before + width for before, width in zip(left, widths, strict=True)]
    _lying(axis, data.labels)
    longest = max(left, default=1.0) or 1.0
    room = _points(axis)[0] * 0.7 / longest
    fits = [text for text, width in texts if _breadth(text.get_text()) * SMALL + 2 <= width * room]
    for text, _ in texts:
        text.set_visible(text in fits)
    return fits


def _legend(figure: Figure, data: Data) -> None:
    """The names of the series above, where there is more than one."""
    from matplotlib.patches import Patch

    if len(data.series) < 2:
        return
    patches = [
        Patch(facecolor=data.colours[name], edgecolor=SOFT, linewidth=0.4, label=_wrapped(name, 24))
        for name in data.series
    ]
    columns = math.ceil(len(data.series) / _legend_rows(data, FULL))
    figure.legend(
        handles=patches, loc="outside upper left", ncols=columns, frameon=False, handlelength=0.9, handleheight=0.9,
        columnspacing=0.9, handletextpad=0.35, borderaxespad=0.1, labelspacing=0.35,
    )  # fmt: skip


def _legend_rows(data: Data, width: float) -> int:
    """How many lines the names of the series take."""
    if len(data.series) < 2:
        return 0
    each = max(_breadth(line) for name in data.series for line in _wrapped(name, 24).split("\n")) * SMALL + 26
    across = max(1, int(width * MM * 72 // each))
    return math.ceil(len(data.series) / across) * max(len(_wrapped(name, 24).split("\n")) for name in data.series)


def _bars(axis: Axes, frame: DataFrame, upright: bool, **look: Any) -> None:
    """Bars of the values, at the places of their labels."""
    import seaborn

    sides, orient = ({"x": "at", "y": "value"}, "x") if upright else ({"x": "value", "y": "at"}, "y")
    seaborn.barplot(frame, **sides, orient=orient, saturation=1, errorbar=None, ax=axis, **look)


def _small(axis: Axes, data: Data, named: bool) -> list[Text]:
    """One of several small charts; where its bars lie, only the first of a row has their names."""
    _bars(axis, data.frame, upright=data.timed, color=data.colours[data.series[0]])
    if data.timed:
        _upright(axis, data)
        axis.yaxis.set_visible(False)
        axis.spines["left"].set_visible(False)
        return _numbers_above(axis, data)
    _lying(axis, data.labels if named else [""] * len(data.labels))
    _beside(axis, [(_said(value, ""), float(value or 0)) for value in data.values[data.series[0]]])
    return []


# Texts


def _at_ends(axis: Axes, data: Data) -> list[Text]:
    """The name of each line with its last figure, beside its end: they are moved apart, never left out."""
    ends = [
        (name, next(value for value in reversed(values) if value is not None))
        for name, values in data.values.items()
        if any(value is not None for value in values)
    ]
    low, high = axis.get_ylim()
    axis.figure.draw_without_rendering()  # type: ignore[union-attr]
    point = (high - low) / axis.bbox.height * axis.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    gaps = [TEXT * 1.25 * _lines(name) * point for name, _ in ends]
    edge = max(gaps, default=0.0) / 2
    for (name, value), place in zip(
        ends, spread([float(value) for _, value in ends], gaps, low + edge, high), strict=True
    ):
        axis.annotate(
            f"{_wrapped(name, _END)} {in_words(value)}", (1.01, place), xycoords=("axes fraction", "data"), fontsize=TEXT, color=_legible(data.colours[name]),
            va="center", fontweight="bold", annotation_clip=False,
        )  # fmt: skip
    return []


def _lines(name: str) -> int:
    """How many lines a name takes at the end of a line."""
    return _wrapped(name, _END).count("\n") + 1


def _at_peaks(axis: Axes, data: Data) -> list[Text]:
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


def _numbers_above(axis: Axes, data: Data) -> list[Text]:
    """The number of each bar, the highest first."""
    return [
        axis.annotate(
            in_words(value), (bar.get_x() + bar.get_width() / 2, float(value)), textcoords="offset points", xytext=(0, 2 if value >= 0 else -2), ha="center",
            va="bottom" if value >= 0 else "top", fontsize=SMALL,
        )
        for bar, value in _bars_of(axis, data)
    ]  # fmt: skip


def _numbers_beside(axis: Axes, data: Data) -> list[Text]:
    """The number of each lying bar, the longest first; that of a bar to the left stands right of the line that they begin at."""
    return [
        axis.annotate(
            in_words(value), (max(float(value), 0.0), bar.get_y() + bar.get_height() / 2), textcoords="offset points", xytext=(2, 0),
            ha="left", va="center", fontsize=SMALL,
        )
        for bar, value in _bars_of(axis, data)
    ]  # fmt: skip


def _bars_of(axis: Axes, data: Data) -> list[tuple[Any, Number]]:
    """The bars with their figures, the largest first."""
    of_series = zip(axis.containers, data.values.values(), strict=False)
    bars = [
        (bar, value)
        for bars, values in of_series
        for bar, value in zip(bars, values, strict=False)
        if value is not None
    ]
    return sorted(bars, key=lambda one: -abs(float(one[1])))


def _legible(colour: str) -> str:
    """The colour for letters: one too light to be read on white gives way to the theme's."""
    return colour if ink_on(colour) == "#ffffff" else INK


def _leave_out(figure: Figure, optional: Sequence[Text]) -> None:
    """Hide the texts that would stand over another, or beyond the edge."""
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    kept = [text.get_window_extent(renderer) for text in texts_of(figure) if text not in optional]
    edge = figure.bbox
    for text in optional:
        box = text.get_window_extent(renderer)
        inside = edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0 and box.y1 <= edge.y1
        if inside and not any(box.overlaps(other) for other in kept):
            kept.append(box)
        else:
            text.set_visible(False)


def texts_of(figure: Figure) -> list[Text]:
    """The texts of a figure that are seen."""
    from matplotlib.text import Text

    found = [text for legend in figure.legends for text in legend.get_texts()]
    for axis in figure.axes:
        if axis.get_visible():
            sides = [side for side in (axis.xaxis, axis.yaxis) if side.get_visible() and axis.axison]
            found += [child for child in axis.get_children() if isinstance(child, Text)]
            for side in sides:
                low, high = sorted(side.get_view_interval())
                ticks = zip(side.get_majorticklocs(), side.get_ticklabels(), strict=False)
                found += [side.label, *(label for at, label in ticks if low - 1e-9 <= at <= high + 1e-9)]
    return [text for text in found if text.get_visible() and text.get_text().strip()]
