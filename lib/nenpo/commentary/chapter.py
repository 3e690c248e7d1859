"""An executed chapter on disk: its commentary cells, and what else an analyst has changed in it."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nenpo.commentary.agreement import Copy, canonical, digest
from nenpo.errors import Fault, InputError
from nenpo.notebook import COMMENTARY_TAG, METADATA, Notebook, parsed, section_of
from nenpo.paths import require_name
from nenpo.text.pictures import PICTURE_TYPES, picture_names, renamed

# Seconds after which a chapter that is no whole notebook counts as left behind rather than being written.
PATIENCE = 1.5


@dataclass(frozen=True)
class Chapter:
    """``content`` as read; not ``whole`` where that is empty, cut short or no JSON: it is being written, and its notebook
    is taken to be empty."""

    path: Path
    content: bytes
    notebook: Notebook
    whole: bool = True

    @property
    def twin(self) -> Path | None:
        """The copy of the last version that Jupyter lays beside a notebook while it saves."""
        path = self.path.with_name(f".~{self.path.name}")
        return path if path.exists() else None


def read_chapter(path: Path, patience: float = PATIENCE) -> Chapter | None:
    """The chapter; one that is being written is looked at again for ``patience`` seconds. None if there is none.

    Raises InputError for names in it that can be no file's, and for pictures that are none.
    """
    until = time.monotonic() + patience
    while True:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            notebook = parsed(content)
        except ValueError:
            if time.monotonic() > until:
                return Chapter(path, content, {"cells": [], "metadata": {}}, whole=False)
            time.sleep(0.05)
            continue
        _require_names(path, notebook)
        return Chapter(path, content, notebook)


def _require_names(path: Path, notebook: Notebook) -> None:
    """Raises InputError for sections and pictures whose names, or contents, are none: a chapter may come by mail."""
    faults: list[Fault] = []
    for number, cell in enumerate(notebook["cells"], start=1):
        where = f"{path} のセル {number}"
        try:
            if name := section_of(cell):
                require_name(name, "本文", where)
            for picture, bundle in cell.get("attachments", {}).items():
                require_name(picture, "図", where)
                _picture(picture, bundle, where)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


# Commentary cells


@dataclass(frozen=True)
class TextCell:
    """A section's text in a chapter. ``handed`` is the digest of the text that was put there, ``pictures`` what is pasted
    into it; their names tell their content, so that two pictures never share one."""

    name: str
    text: str
    handed: str | None
    pictures: Mapping[str, bytes]


def text_cells(notebook: Notebook) -> Iterator[TextCell]:
    for cell in notebook["cells"]:
        if name := section_of(cell):
            text, pictures = _named_pictures(cell)
            about = cell["metadata"][METADATA]
            yield TextCell(name, _without(text, about.get("missing", "")), about.get("handed"), pictures)


def hand_over(cell: Notebook, text: str, pictures: Mapping[str, bytes]) -> None:
    """Put a section's text into its cell; where there is none, the sentence that says so."""
    cell["source"] = canonical(text) or cell["metadata"][METADATA].get("missing", "")
    cell["metadata"][METADATA]["handed"] = digest(text)
    cell.pop("attachments", None)
    used = {name: pictures[name] for name in picture_names(text) if name in pictures}
    if used:
        cell["attachments"] = {
            name: {PICTURE_TYPES[_suffix(name)]: base64.b64encode(content).decode()} for name, content in used.items()
        }


def _picture(name: str, bundle: Mapping[str, Any], where: object) -> tuple[str, bytes]:
    """A picture that is pasted into a cell: its suffix, and its content. Raises InputError for what is none."""
    kind, content = next(iter(bundle.items()), ("", ""))
    suffix = next((suffix for suffix, known in PICTURE_TYPES.items() if known == kind), "")
    text = content if isinstance(content, str) else ""
    try:
        data = (
            text.encode() if text.lstrip().startswith("<") else base64.b64decode("".join(text.split()), validate=True)
        )
    except ValueError:
        data = b""
    if not suffix or not data:
        remedy = "貼り直してください（PNG、JPEG、GIF、WebP、SVG が使えます）"
        raise InputError(Fault(f"図「{name}」を読めません", str(where), remedy))
    return suffix, data


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _named_pictures(cell: Notebook) -> tuple[str, dict[str, bytes]]:
    """The cell's text with its pictures named after their content, and the pictures."""
    names: dict[str, str] = {}
    pictures: dict[str, bytes] = {}
    laid = _laid(cell)
    for name, bundle in cell.get("attachments", {}).items():
        if name in laid:
            continue
        suffix, data = _picture(name, bundle, "")
        mark = hashlib.sha256(data).hexdigest()[:8]
        stem = name.rpartition(".")[0] or name
        as_named = stem.endswith(f".{mark}") and PICTURE_TYPES.get(_suffix(name)) == PICTURE_TYPES[suffix]
        names[name] = name if as_named else re.sub(r"[^\w.-]", "_", stem) + f".{mark}.{suffix}"
        pictures[names[name]] = data
    return renamed(cell["source"], lambda name: names.get(name, name)), pictures


def _laid(cell: Notebook) -> set[str]:
    """The names of the pictures that a cell shows from the folder beside its text: their files have them, the cell a copy."""
    return set(picture_names(cell["source"])) - set(picture_names(cell["source"], pasted=True))


def _without(text: str, missing: str) -> str:
    """The text without the sentence that stood there before anything was written."""
    return text.replace(missing, "", 1) if missing and text.strip().startswith(missing) else text


# The other cells


def seal(notebook: Notebook) -> None:
    """Note in the notebook what its cells were when it was made, so that a change can be told."""
    cells = {cell["id"]: _mark(cell) for cell in notebook["cells"] if not section_of(cell)}
    notebook["metadata"][METADATA] = {
        "cells": cells,
        "texts": [name for cell in notebook["cells"] if (name := section_of(cell))],
    }


def changes(notebook: Notebook) -> list[str]:
    """What has been changed outside the commentary cells, in words."""
    made = dict(notebook["metadata"].get(METADATA, {}).get("cells", {}))
    if not made:
        return []
    changes = []
    for number, cell in enumerate(notebook["cells"], start=1):
        if section_of(cell) or (cell.get("id") not in made and not cell["source"].strip()):
            continue
        mark = made.pop(cell.get("id"), None)
        if mark != _mark(cell):
            kind = "追加した" if mark is None else "書き換えた"
            changes.append(
                f"{kind}セル {number}（{cell['source'].strip().splitlines()[0][:40] if cell['source'].strip() else '空'}）"
            )
    return changes + ([f"削除したセル {len(made)} 個"] if made else [])


def lost_sections(notebook: Notebook) -> list[str]:
    """The sections whose cells have been deleted."""
    there = {section_of(cell) for cell in notebook["cells"]}
    return [name for name in notebook["metadata"].get(METADATA, {}).get("texts", ()) if name not in there]


def _mark(cell: Notebook) -> str:
    return hashlib.sha256(f"{cell['cell_type']}\n{cell['source'].strip()}".encode()).hexdigest()[:12]


def same_content(notebook: Notebook, other: Notebook) -> bool:
    """Whether two chapters show the same: what JupyterLab notes in a notebook it saves is no content."""
    return _content(notebook) == _content(other)


def _content(notebook: Notebook) -> list[Any]:
    return [
        (
            section_of(cell),
            cell["cell_type"],
            canonical(_named_pictures(cell)[0]),
            COMMENTARY_TAG in cell["metadata"].get("tags", ()),
            [_output(output) for output in cell.get("outputs", ())],
            {name: cell.get("attachments", {}).get(name) for name in _laid(cell)},
        )
        for cell in notebook["cells"]
    ]


def _output(output: Mapping[str, Any]) -> Any:
    return {key: value for key, value in output.items() if key not in ("execution_count", "metadata", "transient")}


def copy_of(cell: TextCell, agreed: Mapping[str, str], alone: bool) -> Copy:
    """A cell's text with what it last had in common with the file: what came back last of the text handed to it. Beside
    another cell of the section, one that is as it was handed over has not been edited."""
    as_handed = digest(cell.text) == cell.handed
    base = cell.handed if cell.handed is None or (as_handed and not alone) else agreed.get(cell.handed, cell.handed)
    return Copy(cell.text, base)


def sign(notebooks: Iterable[Notebook]) -> None:
    """Sign chapters, or JupyterLab would show none of their charts."""
    from nbformat import NotebookNode
    from nbformat.sign import NotebookNotary

    with NotebookNotary() as notary:
        for notebook in notebooks:
            notary.sign(NotebookNode(notebook))
