"""Kinds of chart, each drawn from tidy data by seaborn, or by matplotlib where that has no such chart.

A kind is a function: it draws ``Data`` on a figure and returns the texts that may be left out where there is no room for them, the
most telling first. Sizes, colours, alternatives and room for texts are the same for all and stand in ``drawn``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nenpo.present.axes import (
    at_ends,
    at_peaks,
    bars_on,
    beside,
    end_lines,
    leave_out,
    legend,
    legend_rows,
    lying,
    numbers_above,
    numbers_beside,
    piled,
    points,
    spread,
    thin,
    time_axis,
    upright,
    wrapped,
)
from nenpo.present.charts import Data, in_sentences, said
from nenpo.present.printed import in_words
from nenpo.present.theme import (
    ACCENT,
    FULL,
    HALF,
    INK,
    MM,
    QUARTER,
    SMALL,
    SOFT,
    TEXT,
    apply,
    as_svg,
    one_face,
    with_fallbacks,
)
from nenpo.present.views import Chart
from nenpo.records import Number
from nenpo.sums import quotient, share
from nenpo.table import REST

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

_MARKERS, _DASHES = "os^Dv<>Pphd*", ["", (4, 1.5), (1, 1), (3, 1, 1, 1)]
_EARLIER = "#b3b3b3"  # the years before the report's own, in small charts


def course(figure: Figure, data: Data) -> list[Text]:
    """Lines over months or years, named at their ends; a panel for each unit, and one above for what is counted at a moment."""
    import seaborn

    of_units = panels(data)
    heights = {"height_ratios": [_panel_height(names) for names in of_units]}
    axes = figure.subplots(len(of_units), 1, sharex=True, squeeze=False, gridspec_kw=heights)[:, 0]
    optional: list[Text] = []
    for axis, names in zip(axes, of_units, strict=True):
        own = data.only(*names)
        marks = {name: _MARKERS[at % len(_MARKERS)] for at, name in enumerate(own.series)}
        dashes = {name: _DASHES[at % len(_DASHES)] for at, name in enumerate(own.series)}
        seaborn.lineplot(
            own.frame, x="at", y="value", hue="series", style="series", palette=dict(own.colours), markers=marks, dashes=dashes,
            markersize=4.5, linewidth=1.6, legend=False, errorbar=None, ax=axis,
        )  # fmt: skip
        time_axis(axis, own)
        optional += [*at_ends(axis, own), *at_peaks(axis, own)]
    return optional


def panels(data: Data) -> list[list[str]]:
    """The series that share an axis: of one unit, and alike stocks or not."""
    keys = {name: (name not in data.stocks, data.units[name]) for name in data.series}
    in_order = sorted(dict.fromkeys(keys.values()), key=lambda key: key[0])
    return [[name for name in data.series if keys[name] == key] for key in in_order]


def _panel_height(names: Sequence[str]) -> float:
    """In millimetres: with room for the names at the ends of its lines."""
    return max(19.0, 6 + sum(3.8 * end_lines(name) for name in names))


def bars(figure: Figure, data: Data) -> list[Text]:
    """Bars, the series side by side, each with its number: upright over time, else lying below each other."""
    axis = figure.subplots()
    bars_on(axis, data.frame, upright=data.timed, hue="series", palette=dict(data.colours), width=0.76, legend=False)
    legend(figure, data)
    if data.timed:
        upright(axis, data)
        return numbers_above(axis, data)
    lying(axis, data.labels)
    return numbers_beside(axis, data) if len(data.series) > 1 else _with_unit(axis, data)


def ranked(figure: Figure, data: Data) -> list[Text]:
    """Bars lying below each other, the largest on top, at the foot those of what is left over."""
    axis, own = figure.subplots(), data.only(data.series[0])
    frame = own.frame.assign(left_over=own.frame["label"].str.startswith(REST))
    frame = frame.sort_values(["left_over", "value"], ascending=[True, False], kind="stable", na_position="last")
    own = own.ordered(int(at) for at in frame["at"])
    bars_on(axis, own.frame, upright=False, color=own.colours[own.series[0]], width=0.7)
    lying(axis, own.labels)
    return _with_unit(axis, own)


def _with_unit(axis: Axes, data: Data) -> list[Text]:
    """The numbers of the only series beside its lying bars, with their unit."""
    beside(axis, [(said(value, data.unit), float(value or 0)) for value in data.values[data.series[0]]])
    return []


def stacked(figure: Figure, data: Data) -> list[Text]:
    """Bars lying below each other, their parts one behind the other, with the whole at their ends; the newest year on top."""
    axis, data = figure.subplots(), _newest_first(data)
    wholes = [f"計 {in_words(whole)}" for whole in data.wholes]
    inside = piled(axis, data, [1.0] * len(data.labels), wholes)
    beside(axis, [(text, float(whole)) for text, whole in zip(wholes, data.wholes, strict=True)])
    legend(figure, data)
    return inside


def shares(figure: Figure, data: Data) -> list[Text]:
    """Bars of 100 per cent: each label's figures as parts of their sum; the newest year on top."""
    axis, data = figure.subplots(), _newest_first(data)
    inside = piled(axis, data, [float(whole) / 100 or 1.0 for whole in data.wholes], percent=True)
    axis.set_xlim(0, 100)
    legend(figure, data)
    return inside


def _newest_first(data: Data) -> Data:
    """Years from the newest down, as the tables have them."""
    return data.ordered(reversed(range(len(data.labels)))) if data.over == "years" else data


def ring(figure: Figure, data: Data) -> list[Text]:
    """A ring of the first label's figures, each named beside it; what is 0 is named below."""
    figure.set_layout_engine("none")
    axis, whole = figure.add_axes((0, 0, 1, 1)), data.wholes[0]
    parts = {name: values[0] for name, values in data.values.items() if values[0]}
    width, height = (size / 72 / MM for size in points(axis))
    radius = _radius(width)
    axis.set_axis_off()
    if parts:
        axis.pie(
            [float(value) for value in parts.values()], colors=[data.colours[name] for name in parts], startangle=90, counterclock=False,
            wedgeprops={"width": 0.46, "edgecolor": "white", "linewidth": 1.0},
        )  # fmt: skip
    axis.text(0, 0, f"{in_words(whole)}{data.unit}", ha="center", va="center", fontsize=TEXT + 1, fontweight="bold")
    across, down = width / 2 / radius, height / 2 / radius
    foot = _nothing(data, width)
    axis.set(xlim=(-across, across), ylim=(-down, down))
    low = -down + foot.count("\n") * 1.2 * _LETTER / radius + (1.5 * _LETTER / radius if foot else 0)
    for side, own in _beside_ring(data, width).items():
        heights = [(label.count("\n") + 1.2) * 1.2 * _LETTER / radius for *_, label in own]
        middles = [1.15 * y for _, y, _ in own]
        tall = dict(zip(middles, heights, strict=True))  # a name of many lines stands further from the edge
        top, bottom = (max(0.25, tall.get(end(middles, default=0.0), 0.0) / 2) for end in (max, min))
        places = spread(middles, heights, low + bottom, down - top)
        for (x, y, label), place in zip(own, places, strict=True):
            axis.plot([x, side * 1.15], [y, place], linewidth=0.5, color=SOFT)
            axis.text(side * 1.18, place, label, ha="left" if side > 0 else "right", va="center", fontsize=SMALL)
    axis.text(0, 0.1 - down, foot, ha="center", va="bottom", fontsize=SMALL, color=SOFT)
    return []


# The height of a letter in millimetres.
_LETTER = SMALL / 72 / MM


def _radius(width: float) -> float:
    """The ring's, in millimetres."""
    return 18.0 if width > HALF else 15.0


def _beside_ring(data: Data, width: float) -> dict[int, list[tuple[float, float, str]]]:
    """Right (1) and left (-1) of a ring: where on its edge each part has its middle, and what is written there."""
    whole, line = data.wholes[0], int((width / 2 - 1.2 * _radius(width)) / _LETTER)
    sides: dict[int, list[tuple[float, float, str]]] = {1: [], -1: []}
    before = 0.0
    for name, values in data.values.items():
        if value := values[0]:
            angle = math.tau * (0.25 - (before + float(value) / 2) / float(whole))
            before += float(value)
            x, y = math.cos(angle), math.sin(angle)
            sides[1 if x >= 0 else -1].append((x, y, f"{wrapped(name, line)}\n{share(value, whole)}%"))
    return sides


def _nothing(data: Data, width: float) -> str:
    """The names of the parts that are 0, in lines as wide as the chart."""
    names = [name for name, values in data.values.items() if values[0] == 0]
    return wrapped(f"{'・'.join(names)}は 0{data.unit}", int(width / _LETTER) - 1) if names else ""


def portions(figure: Figure, data: Data) -> list[Text]:
    """What per cent of their sum each of the first label's figures is, as lying bars."""
    axis, whole = figure.subplots(), data.wholes[0]
    ratios = [share(values[0], whole) for values in data.values.values()]
    axis.barh(
        range(len(ratios)), [float(ratio or 0) for ratio in ratios], color=[data.colours[name] for name in data.series], height=0.7
    )  # fmt: skip
    lying(axis, data.series)
    beside(axis, [("－" if ratio is None else f"{ratio}%", float(ratio or 0)) for ratio in ratios])
    return []


def small(figure: Figure, data: Data) -> list[Text]:
    """A small chart of one series: bars with their numbers, of years the last in its colour."""
    axis, name = figure.subplots(), data.series[0]
    if not data.timed:
        bars_on(axis, data.frame, upright=False, color=data.colours[name])
        lying(axis, data.labels)
        beside(axis, [(said(value), float(value or 0)) for value in data.values[name]])
        return []
    colours = [data.colours.get(name, ACCENT)] * len(data.labels)
    if data.over == "years":
        colours[:-1] = [_EARLIER] * (len(colours) - 1)
    values = data.values[name]
    axis.bar(range(len(values)), [float(value or 0) for value in values], color=colours, width=0.62)
    upright(axis, data)
    axis.yaxis.set_visible(False)
    axis.yaxis.grid(False)
    axis.spines["left"].set_visible(False)
    axis.tick_params(axis="x", length=0)
    return numbers_above(axis, data, _brief(data))


def _brief(data: Data) -> Callable[[Number], str]:
    """How a small chart writes its numbers: large ones in 万."""
    large = any(abs(float(value)) >= 100_000 for own in data.values.values() for value in own if value is not None)
    return (lambda value: f"{quotient(value, 10_000, 1)}万".replace("-", "▲")) if large else in_words


def target(figure: Figure, data: Data) -> list[Text]:
    """The first series as bars, the second as the marks that they are to reach."""
    import seaborn

    axis = figure.subplots()
    result, aim = data.series[:2]
    results, aims = (data.frame[data.frame["series"] == name] for name in (result, aim))
    bars_on(axis, results, upright=False, color=data.colours[result], width=0.62)
    seaborn.scatterplot(aims, y="at", x="value", marker="|", s=190, linewidth=2.2, color=INK, ax=axis)
    lying(axis, data.labels)
    pairs = zip(data.values[result], data.values[aim], strict=True)
    beside(axis, [(_reached(now, then), max(float(now or 0), float(then or 0))) for now, then in pairs])
    axis.set_title(wrapped(f"棒は{result}、縦の線は{aim}（{data.unit}）", 44), fontsize=SMALL, loc="left")
    return []


def _reached(now: Number | None, then: Number | None) -> str:
    ratio = share(now, then, 1)
    return said(now) + (f"（{ratio}%）" if ratio is not None else "")


@dataclass(frozen=True)
class Kind:
    """A kind of chart: how it is drawn, what is said of it to one who cannot see it, whether its series are parts of a whole."""

    draw: Callable[[Figure, Data], list[Text]]
    called: str
    parts: bool = False


# The kinds by the name that a chapter asks for them by. Of 「multiples」 each series is drawn by itself.
KINDS: Mapping[str, Kind] = {
    "course": Kind(course, "折れ線グラフ"),
    "bars": Kind(bars, "棒グラフ"),
    "ranked": Kind(ranked, "横棒グラフ"),
    "stacked": Kind(stacked, "積み上げ棒グラフ", parts=True),
    "shares": Kind(shares, "100％積み上げ棒グラフ", parts=True),
    "ring": Kind(ring, "円グラフ", parts=True),
    "portions": Kind(portions, "構成比の横棒グラフ", parts=True),
    "multiples": Kind(small, "棒グラフ"),
    "target": Kind(target, "目標と実績の横棒グラフ"),
}


def drawn(
    kind: str, data: Data, chart_id: str, caption: str, width: float = FULL, height: float | None = None
) -> Chart:
    """The chart, as wide as is said (in millimetres) and as high as what it shows needs, every text within it and none over another."""
    apply()
    from matplotlib import pyplot
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    size = width * MM, (height or _height(kind, data, width)) * MM
    with one_face():
        figure = pyplot.figure(figsize=size, layout=ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02))
        optional = KINDS[kind].draw(figure, data)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # what is left out from here on only gives room
        if data.timed and kind in ("course", "bars", "multiples"):
            thin(figure, data)
        leave_out(figure, optional)
        svg = with_fallbacks(as_svg(figure, chart_id))
    return Chart(chart_id, caption, svg, f"{KINDS[kind].called}。{in_sentences(data, KINDS[kind].parts)}", width)


def drawn_small(data: Data, chart_id: str) -> list[Chart]:
    """A small chart of each series, named by it: four side by side where they show months or years, two where they show names."""
    several = len(set(data.units.values())) > 1
    captions = [f"{name}（{data.units[name]}）" if several and data.units[name] else name for name in data.series]
    return [
        drawn("multiples", data.only(name), f"{chart_id}-{at}", caption, QUARTER if data.timed else HALF)
        for at, (name, caption) in enumerate(zip(data.series, captions, strict=True), start=1)
    ]


def _height(kind: str, data: Data, width: float) -> float:
    """In millimetres."""
    lines = max(
        (wrapped(label).count("\n") + 1 for label in (data.series if kind == "portions" else data.labels)), default=1
    )
    each = 2 + 3.4 * lines  # of a bar with its name
    names = 4.2 * legend_rows(data, width) + 3
    rows = max(len(data.labels), 2)
    if kind == "portions":
        return 4 + each * max(len(data.series), 2)
    if kind in ("ranked", "target"):
        return 8 + each * rows
    if kind in ("stacked", "shares"):
        return max(54.0 if width <= HALF else 0, 8 + names + max(each, 7.0) * rows)
    if kind == "ring":
        foot = 4 * (_nothing(data, width).count("\n") + 1)
        sides = [
            4 + foot + 3.5 * sum(label.count("\n") + 1.2 for *_, label in own)
            for own in _beside_ring(data, width).values()
        ]
        return max(54.0, *sides)
    if kind == "multiples":
        return 20.0 if data.timed else 6 + each * rows
    if kind == "bars":
        return 56 + names if data.timed else 8 + names + max(each, 3.4 * len(data.series) + 2) * rows
    return 11 + sum(map(_panel_height, panels(data)))
