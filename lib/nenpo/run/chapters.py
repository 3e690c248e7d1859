"""Executed chapters: papermill runs a notebook for a fiscal year; what it leaves behind is settled to the same bytes."""

from __future__ import annotations

import copy
import os
import tempfile
from itertools import groupby
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from traitlets import default

from nenpo.errors import ContentError, Fault
from nenpo.fiscal import FiscalYear
from nenpo.office import DATA_VARIABLE
from nenpo.present.display import COMMENTARY
from nenpo.publish.book import COMMENTARY_TAG, METADATA


class PrivateKernelManager(AsyncKernelManager):
    """Talks to its kernel by sockets in a private folder instead of TCP ports: no other user of the machine can listen."""

    @default("transport")
    def _default_transport(self) -> str:
        return "ipc"

    @default("ip")
    def _default_ip(self) -> str:
        self._sockets = tempfile.TemporaryDirectory(prefix="nenpo-")
        return str(Path(self._sockets.name) / "kernel")


def execute_chapter(notebook: Path, year: FiscalYear, data: Path) -> NotebookNode:
    """Run a chapter for ``year`` on the office in ``data``. Raises ContentError naming chapter and cell if it fails."""
    import papermill
    from papermill.exceptions import PapermillException, PapermillExecutionError

    # The kernel finds the office by its environment: no path enters a notebook.
    os.environ[DATA_VARIABLE] = str(data.resolve())
    try:
        executed = papermill.execute_notebook(
            str(notebook),
            None,
            parameters={"fiscal_year": year.code},
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            cwd=str(notebook.parent),
            shutdown_kernel="immediate",
            kernel_manager_class=PrivateKernelManager if hasattr(os, "fork") else AsyncKernelManager,
        )
    except PapermillExecutionError as error:
        what = f"セルの実行が {error.ename} で止まりました：{error.evalue}"
        # Counted from 0 with the parameters that papermill put in: the number in the notebook, counted from 1.
        raise ContentError(Fault(what, f"{notebook.name} のセル {error.cell_index}")) from None
    except PapermillException as error:
        raise ContentError(Fault(f"実行できませんでした：{error}", notebook.name)) from None
    return settled(executed)


def settled(notebook: NotebookNode) -> NotebookNode:
    """The executed notebook without clocks, paths and random ids, its commentary in Markdown cells."""
    cells = []
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        cells += _with_texts_apart(cell)
    for number, cell in enumerate(cells, start=1):
        cell.id = f"cell-{number:03d}"
    notebook.cells = cells
    for key in ("papermill", "language_info"):
        notebook.metadata.pop(key, None)
    return notebook


def _with_texts_apart(cell: NotebookNode) -> list[NotebookNode]:
    """The cell, each commentary among its outputs as a Markdown cell of its own, in the order of the outputs. A cell that
    shows nothing but commentary gives way to it."""
    if not any(COMMENTARY in output.get("data", {}) for output in cell.get("outputs", ())):
        return [cell]
    cells: list[NotebookNode] = []
    source = cell.source
    for is_text, outputs in groupby(cell.outputs, lambda output: COMMENTARY in output.get("data", {})):
        if is_text:
            cells += [_text_cell(output.data[COMMENTARY]) for output in outputs]
        else:
            part = copy.deepcopy(cell)
            part.source, part.outputs, source = source, list(outputs), ""
            cells.append(part)
    return cells


def _text_cell(told: Any) -> NotebookNode:
    metadata = {"tags": [COMMENTARY_TAG], METADATA: {"commentary": told["name"], "missing": told["missing"]}}
    return new_markdown_cell(told["source"] or told["missing"], metadata=metadata)
