"""The look of every chart: BIZ UDPGothic, sizes fit for print, real text in SVG, the same bytes for the same data."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nenpo.present.faces import FACES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Widths on the page in millimetres: a chart across it, one of two side by side, one of four.
FULL, HALF, QUARTER = 166.0, 81.0, 40.0
MM = 1 / 25.4
TEXT = 8.0  # points; nothing in a chart is smaller than SMALL
SMALL = 7.5
INK, SOFT, GRID, ACCENT = "#1a1a1a", "#4d4d4d", "#e6e6e6", "#00428c"
# The colours of what nobody has given one, in order: neighbours differ in lightness.
COLOURS = (
    "#00428c", "#97d3ff", "#115a36", "#ffd43d", "#5c10be", "#ffa66d", "#8b3200", "#71c598", "#333333", "#b3b3b3", "#e25100", "#57b8ff",
)  # fmt: skip
# JupyterLab's browser may lack the face: what an office's machine has stands behind it.
FAMILIES = ["BIZ UDPGothic", "BIZ UDPゴシック", "BIZ UDGothic", "Yu Gothic", "sans-serif"]


def apply() -> None:
    """Set the theme; called before each drawing, since ``sns.set_theme()`` in a cell resets it."""
    import matplotlib
    import seaborn
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    if FAMILIES[0] not in known:
        for path in FACES.values():
            font_manager.fontManager.addfont(path)
    seaborn.set_theme(
        style="ticks",
        rc={
            "font.family": FAMILIES,
            "font.size": TEXT,
            "axes.titlesize": TEXT,
            "axes.labelsize": TEXT,
            "xtick.labelsize": SMALL,
            "ytick.labelsize": SMALL,
            "legend.fontsize": SMALL,
            "text.color": INK,
            "axes.labelcolor": SOFT,
            "axes.edgecolor": "#999999",
            "xtick.color": SOFT,
            "ytick.color": SOFT,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": False,
            "grid.color": GRID,
            "axes.linewidth": 0.6,
            "xtick.major.width": 0.6,
            "ytick.major.width": 0.6,
            "xtick.major.size": 2.5,
            "ytick.major.size": 2.5,
            "svg.fonttype": "none",
            "figure.dpi": 72,
        },
    )
    # A family that is not installed is left out in silence: the browser may have it.
    import logging

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    matplotlib.rcParams["axes.unicode_minus"] = False


@contextmanager
def one_face() -> Iterator[None]:
    """While this lasts, what is drawn is set in our own face alone: looking for the others takes a fifth of the time of a chart."""
    import matplotlib

    with matplotlib.rc_context({"font.family": FAMILIES[:1]}):
        yield


def with_fallbacks(svg: str) -> str:
    """A drawing of one face, with what a browser may have in its place."""
    families = ", ".join(f"'{family}'" for family in FAMILIES[:-1])
    return svg.replace(f"font-family: '{FAMILIES[0]}'", f"font-family: {families}, {FAMILIES[-1]}")


def as_svg(figure: Figure, salt: str, tight: bool = False) -> str:
    """The drawing as SVG, the same for the same data: ids come from ``salt``, no date stands in it; ``tight`` around what is drawn."""
    import matplotlib
    from matplotlib import pyplot

    written = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": salt}):
        metadata, around = {"Date": None, "Creator": None}, "tight" if tight else None
        figure.savefig(written, format="svg", metadata=metadata, transparent=True, bbox_inches=around)
    pyplot.close(figure)
    return written.getvalue()


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on ``colour`` (WCAG relative luminance)."""
    return "#ffffff" if luminance(colour) < 0.25 else INK


def luminance(colour: str) -> float:
    """Relative luminance of a hex colour, as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
