"""Executed chapters: papermill runs a notebook for a fiscal year; what it leaves behind is settled to the same bytes."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from nenpo.errors import ContentError, Fault, InputError, gather
from nenpo.japanese.years import FiscalYear
from nenpo.notebook import COMMENTARY_TAG, METADATA, Notebook, parsed, section_of
from nenpo.office import DATA_VARIABLE
from nenpo.paths import require_name
from nenpo.present.notebook import PARAMETER, assigned, other_year
from nenpo.publish.book import commentary_in
from nenpo.reads import READS_VARIABLE
from nenpo.scratch import Scratch

# Seconds that a cell may take; 0 for no limit.
LIMIT_VARIABLE = "NENPO_CELL_SECONDS"
# The tag of the cell that papermill puts the parameters below.
PARAMETERS_TAG = "parameters"
PARAMETERS = f'{PARAMETER} = ""'
# So much of a cell's first line is told with its number.
_FIRST_LINE = 60
NONE_GIVEN: Mapping[str, object] = {}
SUMMARY_CODE = f"from nenpo.report import Report\n\nReport({PARAMETER}).summary()"


def execute_chapter(
    path: Path, year: FiscalYear, data: Path, given: Mapping[str, object] = NONE_GIVEN
) -> tuple[Notebook, dict[str, str]]:
    """Run a chapter for ``year`` on the office in ``data``, with what is ``given`` for parameters of its own: the settled chapter, and
    what it has read.

    Raises ContentError naming chapter and cell: where its code failed, where a cell took too long, where the kernel
    ended, or where it could not be run at all.
    """
    notebook, reads = _executed(path.name, read_notebook(path), path.parent, year, data, given)
    try:
        gather(partial(require_name, name, "本文", path.name) for name in _texts_in(notebook))
    except InputError as error:
        raise ContentError(error.faults) from None
    if shown := _other_years(reads, year):
        raise ContentError([other_year(year, other, path.name) for other in shown])
    return settled(notebook), reads


def _texts_in(notebook: Notebook) -> list[str]:
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    return [commentary["name"] for output in outputs if (commentary := commentary_in(output))]


def _other_years(reads: Iterable[str], year: FiscalYear) -> list[FiscalYear]:
    """The years that a chapter shows in place of the one it is executed for, by the keys of what it has read: those of its
    reports, of files it has opened in the folders of later years, and of earlier ones where it has opened none of its own."""
    reports = {FiscalYear(name) for key in reads if (name := key.removeprefix("years ")) != key}
    opened = {found for key in reads if (found := _year_of(key)) is not None}
    return sorted((reports | {other for other in opened if other > year or year not in opened}) - {year})


def _year_of(key: str) -> FiscalYear | None:
    """The year in whose folder a notebook has opened a file by itself."""
    kind, _, name = key.partition(" ")
    try:
        return FiscalYear(name.partition("/")[0]) if kind == "opened" and "/" in name else None
    except InputError:
        return None


def draw_summary(year: FiscalYear, data: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The page 「あらまし」 by mime type, and what it has read."""
    notebook = {"metadata": {}, "cells": [_code_cell(PARAMETERS, PARAMETERS_TAG), _code_cell(SUMMARY_CODE)]}
    executed, reads = _executed("あらまし", {**notebook, "nbformat": 4, "nbformat_minor": 5}, data, year, data)
    shown: dict[str, Any] = executed["cells"][-1]["outputs"][-1]["data"]
    return shown, reads


def read_notebook(path: Path) -> Notebook:
    """A notebook as it lies on disk. Raises InputError for what is no notebook."""
    try:
        return parsed(path.read_bytes())
    except (OSError, ValueError):
        remedy = "JupyterLab で開いて保存し直すか、控えに戻してください"
        raise InputError(Fault("ノートブックとして読めません", str(path), remedy)) from None


def _code_cell(source: str, *tags: str) -> dict[str, Any]:
    metadata = {"tags": [*tags]}
    return {
        "cell_type": "code",
        "id": tags[0] if tags else "shown",
        "source": source,
        "metadata": metadata,
        "outputs": [],
        "execution_count": None,
    }


def _executed(
    name: str, notebook: Notebook, folder: Path, year: FiscalYear, data: Path, given: Mapping[str, object] = NONE_GIVEN
) -> tuple[Notebook, dict[str, str]]:
    """papermill over a notebook, in a kernel of its own in ``folder``: what comes out, and what it has read."""
    import nbformat
    import papermill

    from nenpo.warm.kernels import kernel_manager

    with Scratch() as private:
        reads_file = private / "reads.json"
        # The kernel finds the office by its environment: no path enters a notebook.
        environment = {DATA_VARIABLE: str(data.resolve()), READS_VARIABLE: str(reads_file)}
        limit = float(os.environ.get(LIMIT_VARIABLE, "600"))
        logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what it has to say is told below
        at = 0  # counted from 0 with the cell that papermill puts in: the number in the notebook, counted from 1

        def begun(cell: object, cell_index: int) -> None:
            nonlocal at
            at = cell_index

        def where() -> str:
            lines = notebook["cells"][at - 1]["source"].strip().splitlines() if at else []
            return f"{name} のセル {at}" + (f"（{lines[0][:_FIRST_LINE]}）" if lines else "")

        with _faults(name, where, limit):
            executed = papermill.execute_notebook(
                nbformat.from_dict(notebook),
                None,
                parameters={PARAMETER: year.code, **given},
                kernel_name="python3",
                language="python",
                progress_bar=False,
                log_output=False,
                shutdown_kernel="immediate",
                kernel_manager_class=kernel_manager(environment, folder, private),
                execution_timeout=limit or None,
                on_cell_start=begun,
            )
        try:
            reads = json.loads(reads_file.read_bytes())
        except FileNotFoundError:
            reads = {}  # a notebook without a Report tells nothing
    return executed, reads


@contextmanager
def _faults(name: str, where: Callable[[], str], limit: float) -> Iterator[None]:
    """What stops a chapter, as a fault of that chapter; ``where`` tells its cell."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    try:
        yield
    except PapermillExecutionError as error:
        is_own = error.ename in (InputError.__name__, ContentError.__name__)  # which say all in words
        what = f"セルの実行が{'' if is_own else f' {error.ename} で'}止まりました：{error.evalue}"
        raise ContentError(Fault(what, where())) from None
    except CellTimeoutError:
        what = f"セルの実行が {limit:g} 秒で終わらないため、止めました"
        remedy = (
            f"繰り返しが終わるか確かめてください。長くかかるものなら、環境変数 {LIMIT_VARIABLE} に秒数を書いてください"
        )
        raise ContentError(Fault(what, where(), remedy)) from None
    except DeadKernelError:
        what = "実行中にカーネルが落ちました（ほかの章には影響しません）"
        remedy = "メモリーを使い過ぎていないか、このセルを JupyterLab で確かめてください"
        raise ContentError(Fault(what, where(), remedy)) from None
    except Exception as error:  # whatever it is: not the chapter's code
        remedy = "セルの内容ではなく、実行の環境の問題です。しばらくしてから、もう一度作ってください"
        what = f"実行できませんでした（{type(error).__name__}：{error}）"
        raise ContentError(Fault(what, name, remedy)) from None


def code_of(notebook: Path) -> str:
    """What a chapter executes and shows, as text: its cells with their tags, without outputs and the notes on them.
    Raises InputError for what is no notebook, and for one that cannot be told its fiscal year."""
    read = read_notebook(notebook)
    cells = [
        [cell["cell_type"], cell["source"], sorted(map(str, cell["metadata"].get("tags", ())))]
        for cell in read["cells"]
    ]
    if not cells:
        raise InputError(Fault("セルが一つもありません", str(notebook), "控えに戻すか、章のファイルを片付けてください"))
    if not any(kind == "code" and PARAMETERS_TAG in tags for kind, _, tags in cells):
        remedy = (
            f"{PARAMETER} = … と書いたコードのセルに、タグ {PARAMETERS_TAG} を付けてください（JupyterLab の右上の歯車）"
        )
        raise InputError(Fault("年度を受け取るセルがありません", str(notebook), remedy))
    return json.dumps([cells, read["metadata"].get("kernelspec")], ensure_ascii=False)


def own_parameters(notebook: Path) -> set[str]:
    """The parameters that a chapter declares beside the year: what its tagged cell assigns."""
    cells = read_notebook(notebook)["cells"]
    tagged = [cell for cell in cells if PARAMETERS_TAG in cell["metadata"].get("tags", ())]
    return {name for cell in tagged for name in assigned(cell["source"])} - {PARAMETER}


def settled(notebook: Notebook) -> Notebook:
    """The executed notebook without clocks, paths and random ids, its commentary in Markdown cells, its code folded away in JupyterLab.
    Of what papermill notes, the parameters stay; the kernel's language stays too, or JupyterLab would have something to save."""
    cells = [part for cell in notebook["cells"] for part in _with_texts_apart(cell)]
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number:03d}"
        cell["metadata"] = {
            key: value for key, value in cell["metadata"].items() if key not in ("papermill", "execution")
        }
        if cell["cell_type"] == "code":
            cell["metadata"]["jupyter"] = {**cell["metadata"].get("jupyter", {}), "source_hidden": True}
        elif not section_of(cell):
            cell["metadata"]["editable"] = False  # what is written there goes to no file
    metadata = {key: value for key, value in notebook["metadata"].items() if key != "papermill"}
    if parameters := notebook["metadata"].get("papermill", {}).get("parameters"):
        metadata["papermill"] = {"parameters": dict(parameters)}
    return {**notebook, "cells": cells, "metadata": metadata}


def _with_texts_apart(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """The cell, each commentary among its outputs as a Markdown cell of its own, in the order of the outputs. A cell that
    shows nothing but commentary gives way to it."""
    if not any(map(commentary_in, cell.get("outputs", ()))):
        return [dict(cell)]
    cells: list[dict[str, Any]] = []
    source = cell["source"]
    for is_text, outputs in groupby(cell["outputs"], lambda output: commentary_in(output) is not None):
        if is_text:
            tags = cell["metadata"].get("tags", ())
            cells += [_text_cell(commentary, tags) for output in outputs if (commentary := commentary_in(output))]
        else:
            cells.append({**cell, "source": source, "outputs": list(outputs)})
            source = ""
    return cells


def _text_cell(commentary: Mapping[str, str], tags: Iterable[str]) -> dict[str, Any]:
    metadata = {
        "tags": list(dict.fromkeys([COMMENTARY_TAG, *tags])),
        METADATA: {"commentary": commentary["name"], "missing": commentary["missing"]},
    }
    return {"cell_type": "markdown", "metadata": metadata, "source": commentary["source"] or commentary["missing"]}
