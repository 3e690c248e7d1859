"""Starts an office of one's own: an empty office, its tables, its chapters and its first year."""

from __future__ import annotations

from pathlib import Path

from nenpo.errors import Fault, InputError
from nenpo.files import replace
from nenpo.japanese.years import FiscalYear
from nenpo.prepare.year import Prepared

_PATTERNS = Path(__file__).parent / "office"
_YEAR = "@YEAR@"
_SAID = {
    "office.toml": "事業所の名を書いてください",
    "tables.toml": "表を書いてください（例が入っています）",
    "prose.toml": "本文だけの呼び名などを書くファイルです",
}


def start_office(folder: Path, year: FiscalYear) -> list[Prepared]:
    """Put the files of an office whose first year is ``year`` into ``folder``; what is there already stays as it is.

    Raises InputError for a folder that cannot be one.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(Fault("フォルダーではありません", str(folder), "別の名前にしてください"))
    prepared: list[Prepared] = []
    own = any((folder / "notebooks").glob("*.ipynb"))
    for pattern in sorted(_PATTERNS.iterdir()):
        path = folder / ("notebooks" if pattern.suffix == ".ipynb" else "data") / pattern.name
        if pattern.suffix == ".ipynb" and own:
            continue  # an office that has chapters has those that it wants
        content = pattern.read_text(encoding="utf-8").replace(_YEAR, year.code)
        if not path.exists() and replace(path, content.encode(), None):
            prepared.append(Prepared(path, _SAID.get(path.name, "章のノートブックです")))
    return prepared
