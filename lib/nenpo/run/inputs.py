"""Everything a report is made from, as one hash of contents: the page carries it, and is current as long as it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.reads import LIBRARY
from nenpo.run.cache import environment

_LIBRARY_FILES = ("*.py", "*.ttf", "*.css", "*.j2", "*.typ")


def inputs_hash(office: Office, year: FiscalYear, chapters: Iterable[Path]) -> str:
    """The hash of the office's data up to ``year``, its texts, the chapters, our library and the packages."""
    told = hashlib.sha256(environment().encode())
    for name, path in sorted(_files(office, year, chapters)):
        try:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        except FileNotFoundError:
            continue
        told.update(f"\n{name} {content}".encode())
    return told.hexdigest()[:32]


def _files(office: Office, year: FiscalYear, chapters: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Name and path of each file; hidden ones and kept copies are no inputs."""
    for name in ("tables.toml", "office.toml"):
        yield f"data/{name}", office.folder / name
    for kept in office.kept_years(year):
        yield f"data/{kept.code}/statistics.xlsx", office.workbook(kept)
    own = office.year_folder(year)
    for pattern in ("*.toml", "*.csv", "commentary/*.md", "commentary/pictures/*", "cases/*.md"):
        for path in own.glob(pattern):
            if path.is_file() and not path.name.startswith("."):
                yield f"data/{path.relative_to(office.folder).as_posix()}", path
    for path in chapters:
        yield f"notebooks/{path.name}", path
        yield from ((f"notebooks/{one.name}", one) for one in path.parent.glob("*.py"))
    for pattern in _LIBRARY_FILES:
        for path in LIBRARY.rglob(pattern):
            yield f"nenpo/{path.relative_to(LIBRARY).as_posix()}", path
