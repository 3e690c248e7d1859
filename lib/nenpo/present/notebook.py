"""What a notebook of an analyst shows beside nenpo's own objects: the theme for their charts, tables for their series."""

from __future__ import annotations

from nenpo.present import theme


def prepare() -> None:
    """In a notebook: charts as SVG in the report's theme, with the same bytes every time, and Series as tables.

    Outside of one this does nothing.
    """
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return
    import matplotlib
    import pandas
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    metadata = {"Date": None, "Creator": None}
    set_matplotlib_formats("svg", bbox_inches="tight", metadata=metadata)
    theme.apply()
    matplotlib.rcParams["svg.hashsalt"] = "nenpo"
    html = shell.display_formatter.formatters["text/html"]
    html.for_type(pandas.Series, lambda series: series.to_frame().to_html())
