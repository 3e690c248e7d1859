"""Charts: drawn from figures, labelled directly, each with a text alternative made from the same figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nenpo.figures import quotient, share
from nenpo.present.theme import ACCENT, FULL, GRID, HALF, INK, MM, SMALL, SOFT, TEXT, apply, as_svg, ink_on

# Height in millimetres of the charts that stand side by side.
_NARROW_HEIGHT = 54
# Width in millimetres of the charts on the page 「あらまし」.
_SMALL_WIDTH = 40


@dataclass(frozen=True)
class Chart:
    """A drawn chart. ``svg`` has real text; ``alt`` says what it shows; ``width`` is in millimetres on the page."""

    id: str
    caption: str
    svg: str
    alt: str
    width: float


@dataclass(frozen=True)
class Series:
    """A named run of values with its colour; None where there is no figure."""

    name: str
    colour: str
    values: tuple[int | None, ...]


def course(
    chart_id: str, caption: str, months: Sequence[str], stock: Series | None, flows: Sequence[Series], unit: str
) -> Chart:
    """The course of a year: the stock above, the flows below, each named at the end of its line."""
    apply()
    import seaborn
    from matplotlib import pyplot

    panels = [[stock]] if stock else []
    panels.append(list(flows))
    figure, axes = pyplot.subplots(
        len(panels),
        1,
        figsize=(FULL * MM, (13 + 18 * len(panels)) * MM),
        sharex=True,
        squeeze=False,
    )
    places = list(range(len(months)))
    for axis, panel in zip(axes[:, 0], panels, strict=True):
        top = max((value for series in panel for value in series.values if value is not None), default=1)
        ends = []
        for number, series in enumerate(panel):
            shown = [(place, value) for place, value in zip(places, series.values, strict=True) if value is not None]
            seaborn.lineplot(
                x=[place for place, _ in shown], y=[value for _, value in shown], ax=axis, color=series.colour,
                linewidth=1.6, marker="os^D"[number % 4], markersize=4, linestyle=["-", "--", "-.", ":"][number % 4],
            )  # fmt: skip
            if shown:
                ends.append((float(shown[-1][1]), series))
        axis.set_ylim(0, top * 1.22)
        axis.set_xlim(-0.4, len(months) - 0.6)
        axis.set_xticks(places, months)
        axis.set_ylabel(unit, rotation=0, ha="right", va="top", y=1.0)
        axis.yaxis.grid(True, color=GRID, linewidth=0.5)
        axis.set_axisbelow(True)
        for (_, series), place in zip(ends, spread([end for end, _ in ends], top * 0.2), strict=True):
            value = next(value for value in reversed(series.values) if value is not None)
            axis.annotate(
                f"{series.name} {value:,}", (1.01, place), xycoords=("axes fraction", "data"), fontsize=TEXT,
                color=series.colour, va="center", fontweight="bold",
            )  # fmt: skip
        for series in panel:
            for place in _peaks(series.values):
                axis.annotate(
                    f"{series.values[place]:,}", (place, series.values[place]), textcoords="offset points", xytext=(0, 4), ha="center", va="bottom",
                    fontsize=SMALL, color=series.colour,
                )  # fmt: skip
    figure.subplots_adjust(left=0.075, right=0.79, top=0.96, bottom=0.11, hspace=0.22)
    everything = [*([stock] if stock else []), *flows]
    alt = "折れ線グラフ。" + "".join(_course_in_words(series, months, unit) for series in everything)
    return Chart(chart_id, caption, as_svg(figure, chart_id), alt, FULL)


def _peaks(values: Sequence[int | None]) -> list[int]:
    """Where the largest value stands, if it stands only once and is not the last, which has its label already."""
    known = [value for value in values if value is not None]
    if not known or known.count(max(known)) > 1:
        return []
    place = list(values).index(max(known))
    return [place] if place < len(values) - 1 else []


def _course_in_words(series: Series, months: Sequence[str], unit: str) -> str:
    known = [(value, month) for value, month in zip(series.values, months, strict=True) if value is not None]
    if not known:
        return f"{series.name}は数値がありません。"
    (first, first_month), (last, last_month) = known[0], known[-1]
    high, low = max(value for value, _ in known), min(value for value, _ in known)
    at = {level: "・".join(month for value, month in known if value == level) for level in (high, low)}
    ends = f"{series.name}は {first_month} の {first:,}{unit}から {last_month} の {last:,}{unit}まで"
    return f"{ends}、最多は {at[high]} の {high:,}{unit}、最少は {at[low]} の {low:,}{unit}。"


def pie(chart_id: str, caption: str, slices: Sequence[tuple[str, str, int]], unit: str) -> Chart:
    """A ring of shares, each slice named beside it; names never overlap, and what is 0 is named below."""
    apply()
    from matplotlib import pyplot

    whole = sum(value for _, _, value in slices)
    drawn = [piece for piece in slices if piece[2] > 0]
    empty = [name for name, _, value in slices if value == 0]
    figure, axis = pyplot.subplots(figsize=(HALF * MM, _NARROW_HEIGHT * MM))
    wedges, _ = axis.pie(
        [value for _, _, value in drawn], colors=[colour for _, colour, _ in drawn], startangle=90, counterclock=False,
        radius=1.0, wedgeprops={"width": 0.46, "edgecolor": "white", "linewidth": 1.0},
    )  # fmt: skip
    # The ring's radius is 15 mm; what is left beside it holds a name of eight characters.
    across, down = HALF / 30, _NARROW_HEIGHT / 30
    axis.set_xlim(-across, across)
    axis.set_ylim(-down, down)
    axis.set_aspect("equal")
    axis.text(0, 0, f"{whole:,}{unit}", ha="center", va="center", fontsize=9, fontweight="bold", color=INK)
    for side in (1, -1):
        named = []
        for wedge, (name, _, value) in zip(wedges, drawn, strict=True):
            angle = math.radians((wedge.theta1 + wedge.theta2) / 2)
            x, y = math.cos(angle), math.sin(angle)
            if (x >= 0) == (side > 0):
                named.append((y, x, f"{name}\n{share(value, whole)}%"))
        for (y, x, label), place in zip(
            named, spread([1.2 * y for y, _, _ in named], 0.45, 0.2 - down, down - 0.2), strict=True
        ):
            axis.plot([x, side * 1.19], [y, place], linewidth=0.5, color=SOFT)
            axis.text(
                side * 1.22, place, label, ha="left" if side > 0 else "right", va="center", fontsize=SMALL, linespacing=1.05, color=INK
            )  # fmt: skip
    figure.subplots_adjust(left=0, right=1, top=1, bottom=0.06 if empty else 0)
    if empty:
        figure.text(0.5, 0.015, f"{'・'.join(empty)}は 0{unit}", ha="center", va="bottom", fontsize=SMALL, color=SOFT)
    parts = "、".join(f"{name} {value:,}{unit}（{share(value, whole)}%）" for name, _, value in slices)
    alt = f"円グラフ。合計 {whole:,}{unit}の内訳は、{parts}。"
    return Chart(chart_id, caption, as_svg(figure, chart_id), alt, HALF)


def stacked(chart_id: str, caption: str, years: Sequence[str], parts: Sequence[Series], unit: str) -> Chart:
    """The years as stacked bars, newest on top; a part is labelled where its number fits, the names stand above."""
    apply()
    from matplotlib import pyplot
    from matplotlib.patches import Patch

    figure, axis = pyplot.subplots(figsize=(HALF * MM, _NARROW_HEIGHT * MM))
    totals = [sum(series.values[at] or 0 for series in parts) for at in range(len(years))]
    left = [0] * len(years)
    places = list(range(len(years)))
    longest = max(totals)
    for series in parts:
        values = [value or 0 for value in series.values]
        axis.barh(places, values, left=left, color=series.colour, edgecolor="white", linewidth=0.8, height=0.62)
        for at, value in enumerate(values):
            if value / longest >= 0.026 * (1 + len(f"{value:,}")):
                axis.text(
                    left[at] + value / 2,
                    at,
                    f"{value:,}",
                    ha="center",
                    va="center",
                    fontsize=SMALL,
                    color=ink_on(series.colour),
                )
        left = [before + value for before, value in zip(left, values, strict=True)]
    for at, whole in enumerate(totals):
        axis.text(
            whole + longest * 0.015, at, f"計 {whole:,}", va="center", fontsize=SMALL, color=INK, fontweight="bold"
        )
    axis.set_yticks(places, years)
    axis.set_ylim(len(years) - 0.4, -0.6)
    axis.set_xlim(0, longest * 1.3)
    axis.xaxis.set_visible(False)
    axis.spines["bottom"].set_visible(False)
    axis.tick_params(axis="y", length=0)
    drawn = [series for series in parts if any(series.values)]
    figure.legend(
        handles=[
            Patch(facecolor=series.colour, edgecolor=SOFT, linewidth=0.4, label=series.name)
            for column in range(3) for series in drawn[column::3]
        ],
        loc="upper center", ncols=3, frameon=False, handlelength=0.9, handleheight=0.9, columnspacing=0.9, handletextpad=0.35,
        borderaxespad=0.1, labelspacing=0.35,
    )  # fmt: skip
    rows = math.ceil(len(drawn) / 3)
    figure.subplots_adjust(left=0.15, right=0.99, top=0.97 - 0.078 * rows, bottom=0.02)
    alt = "積み上げ棒グラフ。" + "".join(
        f"{year}は合計 {totals[at]:,}{unit}で、"
        + "、".join(f"{series.name} {series.values[at] or 0:,}{unit}" for series in parts)
        + "。"
        for at, year in enumerate(years)
    )
    return Chart(chart_id, caption, as_svg(figure, chart_id), alt, HALF)


def small_years(
    chart_id: str, name: str, years: Sequence[str], values: Sequence[int | None], unit: str, height: float = 20
) -> Chart:
    """A small chart of the years kept, the last one in the accent colour, each with its number."""
    apply()
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(_SMALL_WIDTH * MM, height * MM))
    heights = [value or 0 for value in values]
    colours = ["#b3b3b3"] * (len(values) - 1) + [ACCENT]
    axis.bar(range(len(values)), heights, color=colours, width=0.62)
    top = max([*heights, 1])
    for at, value in enumerate(values):
        label = "" if value is None else f"{quotient(value, 10_000, 1)}万" if top >= 100_000 else f"{value:,}"
        axis.text(at, heights[at] + top * 0.04, label, ha="center", va="bottom", fontsize=SMALL, color=INK)
    axis.set_xlim(-0.6, len(values) - 0.4)
    axis.set_ylim(0, top * 1.3)
    axis.set_xticks(range(len(years)), [year.removesuffix("年度").removesuffix("年") for year in years])
    axis.tick_params(axis="x", length=0)
    axis.yaxis.set_visible(False)
    axis.spines["left"].set_visible(False)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.99, bottom=4.4 / height)
    told = "、".join(f"{year} {value:,}{unit}" for year, value in zip(years, values, strict=True) if value is not None)
    return Chart(chart_id, name, as_svg(figure, chart_id), f"棒グラフ。{name}は、{told}。", _SMALL_WIDTH)


def columns(chart_id: str, caption: str, slices: Sequence[tuple[str, str, int]], unit: str) -> Chart:
    """Shares in percent as columns, the number above each."""
    apply()
    import seaborn
    from matplotlib import pyplot

    whole = sum(value for _, _, value in slices)
    shares = [share(value, whole) for _, _, value in slices]
    names = [name for name, _, _ in slices]
    figure, axis = pyplot.subplots(figsize=(FULL * MM, 40 * MM))
    palette = {name: colour for name, colour, _ in slices}
    seaborn.barplot(
        x=names,
        y=[float(value or 0) for value in shares],
        hue=names,
        palette=palette,
        legend=False,
        ax=axis,
        width=0.6,
        saturation=1,
    )
    for at, value in enumerate(shares):
        axis.text(at, float(value or 0) + 0.8, f"{value}%", ha="center", va="bottom", fontsize=TEXT)
    axis.set_ylim(0, max(float(value or 0) for value in shares) * 1.15 + 2)
    axis.set_xlabel("")
    axis.set_ylabel("%", rotation=0, ha="right", va="top", y=1.0)
    axis.yaxis.grid(True, color=GRID, linewidth=0.5)
    axis.set_axisbelow(True)
    axis.tick_params(axis="x", length=0, labelsize=TEXT)
    figure.subplots_adjust(left=0.07, right=0.995, top=0.96, bottom=0.13)
    parts = "、".join(f"{name} {value}%" for name, value in zip(names, shares, strict=True))
    return Chart(
        chart_id, caption, as_svg(figure, chart_id), f"棒グラフ。合計 {whole:,}{unit}に占める割合は、{parts}。", FULL
    )


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
