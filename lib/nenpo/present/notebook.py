"""What a notebook of an analyst shows beside nenpo's own objects: the theme for their charts, tables for their series."""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import Any

from nenpo.errors import Fault, InputError
from nenpo.office import Office
from nenpo.present import theme
from nenpo.reads import READS_VARIABLE, report_reads, watch

PARAMETER = "fiscal_year"
# The first line of the cell that papermill puts in.
_INJECTED = "# Parameters\n"


def check_parameters() -> None:
    """In a notebook under papermill: raise InputError for a parameter no chapter knows. papermill itself only warns, and
    a misspelt year would print the wrong report under the right title."""
    shell = _shell()
    cells = shell.user_ns.get("In", []) if shell else []
    given = {
        target.id
        for source in cells
        if source.startswith(_INJECTED)
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    if unknown := sorted(given - {PARAMETER}):
        what = f"パラメーター「{'」「'.join(unknown)}」はありません"
        raise InputError(Fault(what, remedy=f"{PARAMETER} だけが使えます（例：-p {PARAMETER} R5）"))


def prepare(office: Office) -> None:
    """In a notebook: charts as SVG in the report's theme, with the same bytes every time, and Series as tables. In a
    build, each cell tells what has been read by then.

    Outside of a notebook this does nothing.
    """
    shell = _shell()
    if shell is None:
        return
    if to := os.environ.get(READS_VARIABLE):
        watch()
        shell.events.register("post_run_cell", lambda result: report_reads(office.reads, office.folder, Path(to)))
    import matplotlib
    import pandas
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    metadata = {"Date": None, "Creator": None}
    set_matplotlib_formats("svg", bbox_inches="tight", metadata=metadata)
    theme.apply()
    matplotlib.rcParams["svg.hashsalt"] = "nenpo"
    html = shell.display_formatter.formatters["text/html"]
    html.for_type(pandas.Series, lambda series: series.to_frame().to_html())


def _shell() -> Any:
    """The notebook's shell; None outside of one."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None
