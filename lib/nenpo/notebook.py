"""Notebooks as JSON has them: read from a file, checked for their shape, and laid out as Jupyter writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nenpo.japanese.letters import composed

# A notebook as JSON has it; what nbformat makes of one will do as well.
Notebook = dict[str, Any]

# What a notebook or a cell tells about itself to us, in its metadata, and the tag of the cells that hold commentary.
METADATA = "nenpo"
COMMENTARY_TAG = "commentary"


def parsed(content: bytes) -> Notebook:
    """The notebook in a file, its texts whole. Raises ValueError for what is none: cut short, of another shape, or with
    characters that no file can hold."""
    try:
        notebook = json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    _require(_is_shaped(notebook, {"metadata": dict, "cells": list, "nbformat": int}))
    made = notebook["metadata"].get(METADATA, {"cells": {}, "texts": []})
    _require(_is_shaped(made, {"cells": dict, "texts": list}) and all(isinstance(name, str) for name in made["texts"]))
    for cell in notebook["cells"]:
        _require(_is_shaped(cell, {"cell_type": str, "metadata": dict, "source": (str, list)}))
        _require(isinstance(cell["metadata"].get("tags", []), list))
        about = cell["metadata"].get(METADATA, {})
        _require(isinstance(about, dict) and all(isinstance(entry, str | None) for entry in about.values()))
        attachments = cell.get("attachments", {})
        _require(isinstance(attachments, dict) and all(isinstance(bundle, dict) for bundle in attachments.values()))
        for bundle in attachments.values():  # what is no text is told with the picture's name
            bundle.update({kind: _joined(lines) for kind, lines in bundle.items() if isinstance(lines, list)})
        cell["source"] = _joined(cell["source"])
        if cell["cell_type"] == "code":
            _require(isinstance(cell.setdefault("outputs", []), list))
        for output in cell.get("outputs", ()):
            _require(_is_shaped(output, {"output_type": str}))
            shows = output["output_type"] in ("display_data", "execute_result")
            data = output.get("data", None if shows else {})
            _require(isinstance(data, dict))
            data.update({kind: _joined(value) for kind, value in data.items() if not kind.endswith("json")})
            if output["output_type"] == "stream":
                _require(_is_shaped(output, {"name": str, "text": (str, list)}))
            if "text" in output:
                output["text"] = _joined(output["text"])
    if b"\\u" in content:  # half a character, written as such, can be written to no file
        json.dumps(notebook, ensure_ascii=False).encode()
    return notebook


def section_of(cell: Notebook) -> str:
    """The section whose text a cell holds, in composed form; empty for any other cell."""
    return composed(str(cell["metadata"].get(METADATA, {}).get("commentary", "")))


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


def _require(shaped: bool) -> None:
    if not shaped:
        raise ValueError("no notebook")


def _is_shaped(value: object, shape: Mapping[str, type | tuple[type, ...]]) -> bool:
    """Whether a value is an object that has these parts, each of its kind."""
    return isinstance(value, dict) and all(isinstance(value.get(name), kind) for name, kind in shape.items())


def _joined(value: Any) -> str:
    """A text that may be written by lines. Raises ValueError for anything else."""
    lines = [value] if isinstance(value, str) else value
    _require(isinstance(lines, list) and all(isinstance(line, str) for line in lines))
    return "".join(lines)


def _split(output: Mapping[str, Any]) -> dict[str, Any]:
    def lines(value: Any) -> Any:
        return value.splitlines(keepends=True) if isinstance(value, str) else value

    split = dict(output)
    if "data" in output:
        split["data"] = {kind: lines(value) for kind, value in output["data"].items()}
    if "text" in output:
        split["text"] = lines(output["text"])
    return split
