"""An executed chapter on disk: its commentary cells, and what else an analyst has changed in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nenpo.commentary.agreement import canonical, digest
from nenpo.publish.book import COMMENTARY_TAG, METADATA, Notebook

# Seconds after which a chapter that is no whole notebook counts as left behind rather than being written.
PATIENCE = 1.5

_ATTACHED = re.compile(r"attachment:([^\s)\"'>]+)")


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
    """The chapter; one that is being written is looked at again for ``patience`` seconds. None if there is none."""
    until = time.monotonic() + patience
    while True:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return Chapter(path, content, _notebook(content))
        except (ValueError, AttributeError, KeyError, TypeError):
            if time.monotonic() > until:
                return Chapter(path, content, {"cells": [], "metadata": {}}, whole=False)
        time.sleep(0.05)


def _notebook(content: bytes) -> Notebook:
    notebook: Notebook = json.loads(content)
    if not isinstance(notebook["metadata"], dict) or "nbformat" not in notebook:
        raise ValueError("no notebook")
    for cell in notebook["cells"]:
        cell["source"] = _joined(cell["source"])
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            data.update({kind: _joined(value) for kind, value in data.items() if not kind.endswith("json")})
            if "text" in output:
                output["text"] = _joined(output["text"])
    return notebook


def as_bytes(notebook: Notebook) -> bytes:
    """The notebook as a file, in the layout that Jupyter writes, texts by lines."""
    split = {
        **notebook,
        "cells": [
            {
                **cell,
                "source": cell["source"].splitlines(keepends=True),
                **({"outputs": [_split(output) for output in cell["outputs"]]} if "outputs" in cell else {}),
            }
            for cell in notebook["cells"]
        ],
    }
    return (json.dumps(split, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _split(output: Mapping[str, Any]) -> dict[str, Any]:
    def lines(value: Any) -> Any:
        return value.splitlines(keepends=True) if isinstance(value, str) else value

    split = dict(output)
    if "data" in output:
        split["data"] = {kind: lines(value) for kind, value in output["data"].items()}
    if "text" in output:
        split["text"] = lines(output["text"])
    return split


def _joined(value: Any) -> Any:
    return "".join(value) if isinstance(value, list) else value


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


def section_of(cell: Notebook) -> str:
    """The section whose text a cell holds, in composed form; empty for any other cell."""
    return unicodedata.normalize("NFC", str(cell["metadata"].get(METADATA, {}).get("commentary", "")))


def hand_over(cell: Notebook, text: str, pictures: Mapping[str, bytes]) -> None:
    """Put a section's text into its cell; where there is none, the sentence that says so."""
    cell["source"] = canonical(text) or cell["metadata"][METADATA].get("missing", "")
    cell["metadata"][METADATA]["handed"] = digest(text)
    cell.pop("attachments", None)
    used = {name: pictures[name] for name in picture_names(text) if name in pictures}
    if used:
        cell["attachments"] = {
            name: {_picture_type(name): base64.b64encode(content).decode()} for name, content in used.items()
        }


def picture_names(text: str) -> list[str]:
    """The names of the pictures that a text shows as ``attachment:NAME``."""
    return list(dict.fromkeys(_ATTACHED.findall(text)))


def _picture_type(name: str) -> str:
    suffix = name.rpartition(".")[2].lower()
    return {"jpg": "image/jpeg", "svg": "image/svg+xml"}.get(suffix, f"image/{suffix}")


def _named_pictures(cell: Notebook) -> tuple[str, dict[str, bytes]]:
    """The cell's text with its pictures named after their content, and the pictures."""
    names: dict[str, str] = {}
    pictures: dict[str, bytes] = {}
    for name, bundle in cell.get("attachments", {}).items():
        content = next(iter(bundle.values()), "")
        data = content.encode() if content.lstrip().startswith("<") else base64.b64decode(content)
        mark = hashlib.sha256(data).hexdigest()[:8]
        stem, dot, suffix = name.rpartition(".")
        plain = re.sub(r"[^\w.-]", "_", stem)
        names[name] = name if stem.endswith(f".{mark}") else f"{plain}.{mark}{dot}{suffix}"
        pictures[names[name]] = data
    return _ATTACHED.sub(lambda found: f"attachment:{names.get(found[1], found[1])}", cell["source"]), pictures


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
    told = []
    for number, cell in enumerate(notebook["cells"], start=1):
        if section_of(cell) or (cell.get("id") not in made and not cell["source"].strip()):
            continue
        mark = made.pop(cell.get("id"), None)
        if mark != _mark(cell):
            kind = "追加した" if mark is None else "書き換えた"
            told.append(
                f"{kind}セル {number}（{cell['source'].strip().splitlines()[0][:40] if cell['source'].strip() else '空'}）"
            )
    return told + ([f"削除したセル {len(made)} 個"] if made else [])


def lost_sections(notebook: Notebook) -> list[str]:
    """The sections whose cells have been deleted."""
    there = {section_of(cell) for cell in notebook["cells"]}
    return [name for name in notebook["metadata"].get(METADATA, {}).get("texts", ()) if name not in there]


def _mark(cell: Notebook) -> str:
    return hashlib.sha256(f"{cell['cell_type']}\n{cell['source'].strip()}".encode()).hexdigest()[:12]


def same_content(one: Notebook, other: Notebook) -> bool:
    """Whether two chapters show the same: what JupyterLab notes in a notebook it saves is no content."""
    return _content(one) == _content(other)


def _content(notebook: Notebook) -> list[Any]:
    return [
        (
            section_of(cell),
            cell["cell_type"],
            canonical(_named_pictures(cell)[0]),
            COMMENTARY_TAG in cell["metadata"].get("tags", ()),
            [_output(output) for output in cell.get("outputs", ())],
        )
        for cell in notebook["cells"]
    ]


def _output(output: Mapping[str, Any]) -> Any:
    return {key: value for key, value in output.items() if key not in ("execution_count", "metadata", "transient")}
