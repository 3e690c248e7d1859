"""What a notebook of an analyst shows beside nenpo's own objects: the theme for their charts, tables for their series."""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nenpo.errors import Fault, InputError
from nenpo.japanese.years import FiscalYear
from nenpo.office import DATA_VARIABLE
from nenpo.present import theme
from nenpo.present.frames import frame_view
from nenpo.present.html import view_html
from nenpo.reads import READS_VARIABLE, report_reads, watch

if TYPE_CHECKING:
    from pandas import DataFrame

PARAMETER = "fiscal_year"
# The first line of the cell that papermill puts in.
_INJECTED = "# Parameters\n"


def check_parameters(year: FiscalYear) -> None:
    """In a notebook under papermill: raise InputError for a parameter no chapter knows, and for another year than the one
    given. papermill itself only warns, and the wrong year would be printed under the right title."""
    shell = _shell()
    cells = shell.user_ns.get("In", []) if shell else []
    first = next((at for at, source in enumerate(cells) if source.startswith(_INJECTED)), len(cells))
    declared = {name for source in cells[:first] for name in assigned(source)}
    given = {
        target.id: ast.literal_eval(statement.value)
        for source in cells
        if source.startswith(_INJECTED)
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    if unknown := sorted(given.keys() - {PARAMETER} - declared):
        what = f"パラメーター「{'」「'.join(unknown)}」はありません"
        raise InputError(Fault(what, remedy=f"{PARAMETER} だけが使えます（例：-p {PARAMETER} R5）"))
    if PARAMETER in given and FiscalYear(given[PARAMETER]) != year:
        raise InputError(other_year(FiscalYear(given[PARAMETER]), year))


def assigned(source: str) -> list[str]:
    """The names that a cell gives values to, at its top level; none for what is no Python."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return []
    targets = [
        target
        for statement in statements
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
    ]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def other_year(year: FiscalYear, shown: FiscalYear, where: str = "") -> Fault:
    """A chapter executed for a year that shows another one."""
    what = f"{year.label}（{year.code}）の年報に、{shown.label}（{shown.code}）の数値は載せられません"
    remedy = f"年度を書き込まず、Report({PARAMETER}) のようにパラメーターを使ってください"
    return Fault(what, where, remedy)


def load_ipython_extension(shell: Any) -> None:
    """In a kernel of a build: from its start, note what is read; each cell tells what has been read by then."""
    data, to = Path(os.environ[DATA_VARIABLE]), Path(os.environ[READS_VARIABLE])
    watch()
    shell.events.register("post_run_cell", lambda result: report_reads(data, to))


def prepare() -> None:
    """In a notebook: charts as SVG in the report's theme, with the same bytes every time, and Series as tables.

    Outside of a notebook this does nothing.
    """
    shell = _shell()
    if shell is None:
        return
    import matplotlib
    import pandas
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    metadata = {"Date": None, "Creator": None}
    set_matplotlib_formats("svg", bbox_inches="tight", metadata=metadata)
    theme.apply()
    matplotlib.rcParams["svg.hashsalt"] = "nenpo"
    html = shell.display_formatter.formatters["text/html"]
    html.for_type(pandas.Series, lambda series: _as_table(series.to_frame()))
    html.for_type(pandas.DataFrame, _as_table)


def _as_table(frame: DataFrame) -> str:
    """A DataFrame as the report prints it; of one that is long, what pandas shows of it."""
    import pandas

    if len(frame) > pandas.get_option("display.max_rows") or not frame.shape[1]:
        return frame.to_html(max_rows=pandas.get_option("display.max_rows"))
    return view_html(frame_view(frame, "frame"))


def _shell() -> Any:
    """The notebook's shell; None outside of one."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None
