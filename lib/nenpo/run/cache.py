"""The cache of executed chapters: never stale, never too eager, and able to say why.

An entry holds as long as the chapter's code, Python and the packages, and everything it really read are the
same, all by content. Entries are told by what they were made from, so that a change and its taking back are both hits.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nenpo.errors import InputError
from nenpo.office import Office
from nenpo.reads import ABSENT, LIBRARY, digest, file_digest, rows_digest
from nenpo.store import Store

# What makes a chapter of what its kernel leaves behind: each entry rests on it beside what the chapter read.
_MADE_BY = ("code run/chapters.py", "code notebook.py", "code publish/book.py")


def environment() -> str:
    """The digest of Python and of the packages installed."""
    places = [Path(place) for place in sys.path if place and Path(place).is_dir()]
    packages = sorted({entry.name for place in places for entry in os.scandir(place) if ".dist-info" in entry.name})
    return digest(f"{sys.version}\n{sys.platform}\n" + "\n".join(packages))


class Inputs:
    """What an office's data, our code and other files are now, by the keys of ``nenpo.reads``."""

    def __init__(self, office: Office):
        self._office = office
        self._known: dict[str, str] = {}

    def digest(self, key: str) -> str:
        if key not in self._known:
            kind, _, name = key.partition(" ")
            self._known[key] = getattr(self, f"_{kind}")(name)
        return self._known[key]

    def _file(self, name: str) -> str:
        return file_digest(self._office.folder / name)

    _opened = _file

    def _path(self, name: str) -> str:
        return file_digest(Path(name))

    def _code(self, name: str) -> str:
        return file_digest(LIBRARY / name)

    def _names(self, pattern: str) -> str:
        self._office.matching(pattern)
        return self._office.reads[f"names {pattern}"]

    def _years(self, code: str) -> str:
        self._office.kept_years(self._office.year(code))
        return self._office.reads[f"years {code}"]

    def _table(self, name: str) -> str:
        code, _, table_id = name.partition(" ")
        tables = self._office.records(self._office.year(code)).tables
        return rows_digest(tables.get(table_id, ())) if table_id in self._office.dictionary else ABSENT


@dataclass(frozen=True)
class Found:
    """What the cache knows of a chapter: its content if that still holds, and the reason in words."""

    content: Any
    why: str


class ChapterCache:
    """The executed chapters of one report, in a folder of its own; without a folder (``--no-cache``) nothing is found and nothing is kept."""

    def __init__(self, folder: Path | None, office: Office):
        self._store = Store(folder)
        self._inputs = Inputs(office)

    @cached_property
    def _environment(self) -> str:
        return environment()

    def find(self, name: str, source: str) -> Found:
        """The chapter as it was executed, if it still holds; ``source`` is its code."""
        reasons = []
        for key in self._store.keys(name):
            entry = self._store.get(name, key)
            if entry is None:
                reasons.append("控えが壊れています")
                continue
            changed = self._changed(entry, source)
            if not changed:
                return Found(entry["content"], "前に実行したときから何も変わっていません")
            reasons.append("、".join(changed))
        return Found(None, reasons[0] if reasons else "まだ実行していません")

    def keep(self, name: str, source: str, reads: Mapping[str, str], content: Any) -> None:
        """Keep an executed chapter with what it read. One that has read nothing has not told, and is not kept."""
        if not reads:
            return
        rests_on = {**reads, **{key: self._inputs.digest(key) for key in _MADE_BY}}
        made = {"code": digest(source), "environment": self._environment, "reads": dict(sorted(rests_on.items()))}
        self._store.put(name, digest(json.dumps(made)), made | {"content": content})

    def _changed(self, entry: Mapping[str, Any], source: str) -> list[str]:
        """What is no longer as it was, in words."""
        changed = [] if entry["code"] == digest(source) else ["章のノートブック"]
        changed += [] if entry["environment"] == self._environment else ["Python かパッケージ"]
        rests_on = {**dict.fromkeys(_MADE_BY, ABSENT), **entry["reads"]}
        return changed + [_in_words(key) for key, was in rests_on.items() if self._now(key) != was]

    def _now(self, key: str) -> str:
        try:
            return self._inputs.digest(key)
        except InputError:
            return ABSENT  # a workbook that cannot be read is told when the data are checked


def _in_words(key: str) -> str:
    kind, _, name = key.partition(" ")
    if kind == "table":
        year, _, table_id = name.partition(" ")
        return f"{year} の表 {table_id}"
    words = {
        "names": "ファイルの一覧",
        "years": "年度のフォルダー",
        "code": "nenpo のプログラム",
        "file": "",
        "opened": "",
        "path": "",
    }
    return f"{words[kind]} {name}".strip()
