"""Everything a report is made from, as one hash of contents: the page carries it, and is current as long as it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from nenpo.commentary.step import KEPT
from nenpo.japanese.years import FiscalYear
from nenpo.ledger.mapping import LEDGER
from nenpo.office import TEMPLATES, Office
from nenpo.reads import LIBRARY, digest, file_digest
from nenpo.run.cache import environment

_LIBRARY_FILES = ("*.py", "*.ttf", "*.css", "*.j2", "*.typ", "*.toml")
# Beside the chapters: their modules, and how nbconvert is set.
_NOTEBOOKS_FILES = ("*.py", "*.json")


def inputs_hash(office: Office, year: FiscalYear, chapters: Iterable[Path], template: str = "") -> str:
    """The hash of the office's data up to ``year``, its texts and templates, the chapters, our library and the packages, and of
    the name of a ``template`` that was asked for."""
    lines = [
        environment(),
        template,
        *(f"{name} {file_digest(path)}" for name, path in sorted(_files(office, year, chapters))),
    ]
    return digest("\n".join(lines))


def _files(office: Office, year: FiscalYear, chapters: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Name and path of each file; hidden ones, kept copies and later years are no inputs."""
    folders = [*(office.year_folder(kept) for kept in office.kept_years(year)), office.folder / TEMPLATES]
    for path in [*office.folder.glob("*"), *(path for folder in folders for path in folder.rglob("*"))]:
        if is_input(path) and path.is_file():
            yield f"data/{path.relative_to(office.folder).as_posix()}", path
    for path in chapters:
        yield f"notebooks/{path.name}", path
    beside = {chapter.parent for chapter in chapters}
    for path in {path for folder in beside for pattern in _NOTEBOOKS_FILES for path in folder.glob(pattern)}:
        yield f"notebooks/{path.name}", path
    for pattern in _LIBRARY_FILES:
        for path in LIBRARY.rglob(pattern):
            yield f"nenpo/{path.relative_to(LIBRARY).as_posix()}", path


def is_input(path: Path) -> bool:
    """Whether a report may be made from a file of that name: not from hidden and half-written files, nor kept copies, nor from
    the records of a ledger, of which no more than counts leaves the year's folder."""
    hidden = path.name.startswith((".", "~$")) or path.name.endswith((".tmp", ".pyc", ".swp", "~"))
    return not hidden and path.parent.name not in (KEPT, LEDGER)
