"""Executed chapters: papermill runs a notebook for a fiscal year; what it leaves behind is settled to the same bytes."""

from __future__ import annotations

import json
import os
import tempfile
from itertools import groupby
from pathlib import Path
from typing import Any

from nenpo.errors import ContentError, Fault, InputError
from nenpo.fiscal import FiscalYear
from nenpo.office import DATA_VARIABLE
from nenpo.present.display import COMMENTARY
from nenpo.publish.book import COMMENTARY_TAG, METADATA, Notebook
from nenpo.reads import READS_VARIABLE, modules


def execute_chapter(notebook: Path, year: FiscalYear, data: Path) -> tuple[Notebook, dict[str, str]]:
    """Run a chapter for ``year`` on the office in ``data``: the settled chapter, and what it has read.

    Raises ContentError naming chapter and cell if it fails.
    """
    import papermill
    from papermill.exceptions import PapermillException, PapermillExecutionError

    from nenpo.run.kernels import WarmKernelManager

    with tempfile.TemporaryDirectory(prefix="nenpo-") as folder:
        # The kernel finds the office by its environment: no path enters a notebook.
        os.environ[DATA_VARIABLE] = str(data.resolve())
        os.environ[READS_VARIABLE] = str(Path(folder) / "reads.json")
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
                kernel_manager_class=WarmKernelManager,
            )
        except PapermillExecutionError as error:
            what = f"セルの実行が {error.ename} で止まりました：{error.evalue}"
            # Counted from 0 with the parameters that papermill put in: the number in the notebook, counted from 1.
            raise ContentError(Fault(what, f"{notebook.name} のセル {error.cell_index}")) from None
        except PapermillException as error:
            raise ContentError(Fault(f"実行できませんでした：{error}", notebook.name)) from None
        try:
            reads = json.loads(Path(os.environ[READS_VARIABLE]).read_bytes())
        except FileNotFoundError:
            reads = {}  # a notebook without a Report tells nothing
    return settled(executed), reads


def draw_summary(year: FiscalYear, data: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The page 「あらまし」 by mime type, and what it has read."""
    from nenpo.report import Report

    report = Report(year.code, data)
    shown = report.summary()._repr_mimebundle_()
    # A report knows nothing of the modules above it, which a build has loaded too.
    above = ("code run/", "code publish/", "code commentary/", "code desk/", "code cli.py")
    return shown, {key: now for key, now in modules() if not key.startswith(above)} | report.reads


def code_of(notebook: Path) -> str:
    """What a chapter executes and shows, as text: its cells without outputs, and without the tags and notes on them.
    Raises InputError for what is no notebook."""
    try:
        read = json.loads(notebook.read_bytes())
        cells = [
            [cell["cell_type"], "".join(cell["source"]), "parameters" in cell["metadata"].get("tags", ())]
            for cell in read["cells"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        remedy = "JupyterLab で開いて保存し直すか、控えに戻してください"
        raise InputError(Fault("ノートブックとして読めません", str(notebook), remedy)) from None
    return json.dumps([cells, read.get("metadata", {}).get("kernelspec")], ensure_ascii=False)


def settled(notebook: Notebook) -> Notebook:
    """The executed notebook without clocks, paths and random ids, its commentary in Markdown cells."""
    cells = [part for cell in notebook["cells"] for part in _with_texts_apart(cell)]
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number:03d}"
        cell["metadata"] = {
            key: told for key, told in cell["metadata"].items() if key not in ("papermill", "execution")
        }
    metadata = {key: told for key, told in notebook["metadata"].items() if key not in ("papermill", "language_info")}
    return {**notebook, "cells": cells, "metadata": metadata}


def _with_texts_apart(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """The cell, each commentary among its outputs as a Markdown cell of its own, in the order of the outputs. A cell that
    shows nothing but commentary gives way to it."""
    if not any(COMMENTARY in output.get("data", {}) for output in cell.get("outputs", ())):
        return [dict(cell)]
    cells: list[dict[str, Any]] = []
    source = cell["source"]
    for is_text, outputs in groupby(cell["outputs"], lambda output: COMMENTARY in output.get("data", {})):
        if is_text:
            cells += [_text_cell(output["data"][COMMENTARY]) for output in outputs]
        else:
            cells.append({**cell, "source": source, "outputs": list(outputs)})
            source = ""
    return cells


def _text_cell(told: dict[str, str]) -> dict[str, Any]:
    metadata = {"tags": [COMMENTARY_TAG], METADATA: {"commentary": told["name"], "missing": told["missing"]}}
    return {"cell_type": "markdown", "metadata": metadata, "source": told["source"] or told["missing"]}
