"""Which files of a year we have made, by content: as long as one is as we made it, nobody has been at it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from nenpo.errors import gather
from nenpo.files import write_whole
from nenpo.paths import require_names
from nenpo.text.settings import read_settings

MADE = "drafts.toml"
_HEAD = "# nenpo が作ったままのファイル。手を入れると下書きではなくなります。\n"


def made_files(folder: Path) -> Mapping[str, str]:
    """The files that were made in a year's folder, each with its digest then: a text of the commentary by its section's name,
    any other by its path. Raises InputError for a list that cannot be read."""
    settings = read_settings(folder / MADE, "このファイルを消して、本文を一つずつ確かめてください")
    if settings is None:
        return {}
    gather(partial(require_names, name, "ファイル", folder / MADE) for name in settings.raw)
    return {name: str(value) for name, value in settings.raw.items()}


def note_made(folder: Path, made: Mapping[str, str]) -> None:
    """Keep the list."""
    lines = [f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(value)}\n" for name, value in sorted(made.items())]
    write_whole(folder / MADE, _HEAD + "".join(lines))
