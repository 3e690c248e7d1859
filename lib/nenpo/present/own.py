"""What an analyst adds to a report: a drawing and a table of their own, with caption and number as the report's own have them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nenpo.errors import Fault, InputError
from nenpo.present.frames import frame_view
from nenpo.present.theme import FULL, MM, as_svg
from nenpo.present.views import Chart, Charts, TableView
from nenpo.reads import digest

if TYPE_CHECKING:
    from pandas import DataFrame

# What stands before the caption of a figure or a table; a number comes behind it where its place is known.
FIGURE, TABLE = "図", "表"
_WIDTH = re.compile(r'<svg[^>]*?\bwidth="([\d.]+)pt"')


def figure(drawing: Any, caption: str, alt: str, width: float | None = None) -> Charts:
    """A drawing of matplotlib or seaborn (a figure, axes, or a grid). Raises InputError for what is none, and without words."""
    from matplotlib.figure import Figure

    drawn = drawing if isinstance(drawing, Figure) else getattr(drawing, "figure", None)
    if not isinstance(drawn, Figure):
        what = f"report.figure に渡されたもの（{type(drawing).__name__}）は図ではありません"
        raise InputError(Fault(what, remedy="matplotlib の Figure か Axes、seaborn の図を渡してください"))
    for name, text in (("図の題（caption）", caption), ("図の説明（alt）", alt)):
        if not str(text).strip():
            raise InputError(
                Fault(f"{name}がありません", remedy='report.figure(図, "題", "読み上げられる説明") のように書きます')
            )
    svg = as_svg(drawn, caption, tight=True)
    match = _WIDTH.search(svg)
    natural = float(match[1]) / 72 / MM if match else FULL
    chart_id = f"fig-own-{digest(f'{caption}{svg}')[:8]}"
    chart = Chart(chart_id, f"{FIGURE}　{caption}", svg, alt, min(width or natural, FULL))
    return Charts((chart,), own=True)


def frame_table(frame: DataFrame, caption: str, unit: str, decimals: int | None, landscape: bool = False) -> TableView:
    """A DataFrame as a table of the report. Raises InputError for what is none, and without a caption."""
    import pandas

    if isinstance(frame, pandas.Series):
        frame = frame.to_frame()
    if not isinstance(frame, pandas.DataFrame):
        what = f"report.frame_table に渡されたもの（{type(frame).__name__}）は DataFrame ではありません"
        raise InputError(Fault(what, remedy="pandas の DataFrame を渡してください"))
    if not caption.strip():
        raise InputError(Fault("表の題（caption）がありません", remedy='report.frame_table(表, "題") のように書きます'))
    table_id = f"tbl-own-{digest(caption + frame.to_csv())[:8]}"
    view = frame_view(frame, table_id, f"{TABLE}　{caption}", unit, decimals)
    return replace(view, landscape=landscape, own=True)
