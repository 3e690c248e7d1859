"""What lies in a report's folder, and from what it was made: ``manifest.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nenpo.built import HTML, MANIFEST, NOTEBOOK, PDF, REVIEW
from nenpo.files import write_whole


def manifest_of(target: Path) -> dict[str, Any]:
    """The manifest of the report in ``target``: its ``report`` (title and city), ``inputs`` and the digests of ``files``.
    Raises OSError or ValueError where there is none."""
    manifest = json.loads((target / MANIFEST).read_bytes())
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict) or "inputs" not in manifest:
        raise ValueError("no manifest of ours")
    return manifest


def is_current(target: Path, inputs: str, formats: Iterable[str]) -> bool:
    """Whether the files of the last build were made from the same inputs and lie there as they were made."""
    try:
        manifest = manifest_of(target)
        return manifest["inputs"] == inputs and manifest["files"].items() >= _digests(target, formats).items()
    except (OSError, ValueError):
        return False


def is_as_made(target: Path, name: str) -> bool:
    """Whether a file of the last build lies there as it was made: one that was opened in Excel and saved does not."""
    try:
        return bool(manifest_of(target)["files"].get(name) == hashlib.sha256((target / name).read_bytes()).hexdigest())
    except (OSError, ValueError):
        return False


def write_report(
    target: Path, files: dict[str, bytes], data: Iterable[Path], about: dict[str, Any], keep_others: bool
) -> None:
    """Write each file whole; the manifest comes last and tells which belong together, the ``data`` among them. Remove what is no longer
    made."""
    for name, content in files.items():
        write_whole(target / name, content)
    manifest = {**about, "files": _digests(target, [*files, *(path.relative_to(target).as_posix() for path in data)])}
    write_whole(target / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    for name in {HTML, PDF, REVIEW, NOTEBOOK} - set(files) if not keep_others else ():
        (target / name).unlink(missing_ok=True)


def _digests(target: Path, formats: Iterable[str]) -> dict[str, str]:
    """The digests of the report's files and of its chapters."""
    chapters = sorted((target / "chapters").glob("[!.]*.ipynb"))
    names = [*(f"chapters/{path.name}" for path in chapters), *sorted(formats)]
    return {name: hashlib.sha256((target / name).read_bytes()).hexdigest() for name in names}
