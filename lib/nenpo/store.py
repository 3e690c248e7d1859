"""Entries on disk, kept by what they were made from, each with a digest of itself: a damaged one counts as missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nenpo.files import write_whole
from nenpo.reads import digest

# Versions of an entry that are kept.
KEPT_VERSIONS = 4


class Store:
    """The entries of a folder; without a folder it holds nothing."""

    def __init__(self, folder: Path | None):
        self._folder = folder

    def get(self, name: str, key: str) -> Any:
        """The entry's content; None if there is none, or not a whole one."""
        if self._folder is None:
            return None
        try:
            read = (self._folder / f"{name}.{key}.json").read_text(encoding="utf-8")
            seal, _, content = read.partition("\n")
            return json.loads(content) if seal == digest(content) else None
        except (OSError, ValueError):
            return None

    def put(self, name: str, key: str, content: Any, limit: int = KEPT_VERSIONS) -> None:
        """Keep an entry, and of this name no more than ``limit``."""
        if self._folder is None:
            return
        text = json.dumps(content, ensure_ascii=False)
        write_whole(self._folder / f"{name}.{key}.json", f"{digest(text)}\n{text}")
        for old in self._entries(name)[limit:]:
            old.unlink(missing_ok=True)

    def keys(self, name: str) -> Iterator[str]:
        """The keys kept under a name, the newest first."""
        for path in self._entries(name):
            yield path.name[len(name) + 1 : -len(".json")]

    def _entries(self, name: str) -> list[Path]:
        files = self._folder.glob(f"{_literal(name)}.*.json") if self._folder else ()
        return sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _literal(name: str) -> str:
    return "".join(f"[{char}]" if char in "[*?" else char for char in name)
