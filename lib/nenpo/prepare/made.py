"""Which files of a year we have made, by content: as long as one is as we made it, nobody has been at it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from nenpo.errors import Fault, InputError
from nenpo.files import write_whole
from nenpo.text.typed import read_typed

MADE = "drafts.toml"
_HEAD = "# nenpo が作ったままのファイル。手を入れると下書きではなくなります。直すところのない本文は、その行を消してください。\n"


def made_files(folder: Path) -> Mapping[str, str]:
    """The files that were made in a year's folder, each with its digest then: a text of the commentary by its section's name,
    any other by its path. Raises InputError for a list that cannot be read."""
    typed = read_typed(folder / MADE)
    try:
        return {name: str(value) for name, value in tomllib.loads(typed.text).items()} if typed else {}
    except tomllib.TOMLDecodeError as error:
        remedy = "このファイルを消して、本文を一つずつ確かめてください"
        raise InputError(Fault(f"TOML として読めません（{error}）", str(folder / MADE), remedy)) from None


def note_made(folder: Path, made: Mapping[str, str]) -> None:
    """Keep the list."""
    lines = [f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(value)}\n" for name, value in sorted(made.items())]
    write_whole(folder / MADE, _HEAD + "".join(lines))
