"""What a report reads, by content: an executed chapter holds as long as everything it read is still the same.

A read is named by a key, "KIND NAME": ``file`` and ``names`` for a file or a listing of the data folder, ``table`` for the
rows of one table of one year, ``years`` for the years an office keeps, ``code`` for a module of ours, ``opened``
for a file of the data folder that a notebook opens by itself, ``path`` for any other. Commentary is not among them: it is put into a chapter after its execution.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nenpo.files import write_whole
from nenpo.records import Row

# Where a kernel writes what its chapter has read.
READS_VARIABLE = "NENPO_READS"
LIBRARY = Path(__file__).resolve().parent
ABSENT = "absent"


def digest(content: bytes | str | None) -> str:
    """The digest of a content; None is a file that is not there."""
    if content is None:
        return ABSENT
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()[:24]


def file_digest(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return ABSENT


def rows_digest(rows: Iterable[Row]) -> str:
    """The digest of a table's rows. Where they stand in the sheet is no content."""
    return digest(repr([(row.label, row.measure, sorted(row.values.items())) for row in rows]))


class Reads(dict[str, str]):
    """Key -> digest of what was read. In a watched process, all of them together are what it has read."""

    def __init__(self) -> None:
        super().__init__()
        if _watching:
            _kept.append(self)

    def note(self, kind: str, name: str, content: bytes | str | None) -> None:
        self[f"{kind} {name}"] = digest(content)


# Files that a notebook opens by itself

_kept: list[Reads] = []
_opened: set[str] = set()
_modules: dict[str, str] = {}
_looked_at: set[str] = set()
_own = 0
_watching = False


@contextmanager
def own() -> Iterator[None]:
    """While our own code reads, and notes what it reads."""
    global _own
    _own += 1
    try:
        yield
    finally:
        _own -= 1


def watch() -> None:
    """From now on, note every file that Python opens for reading, apart from those of Python and of our own code."""
    global _watching
    if not _watching:
        _watching = True
        sys.addaudithook(_opens)


def _opens(event: str, arguments: tuple[object, ...]) -> None:
    if event != "open" or _own or not isinstance(arguments[0], str | bytes | os.PathLike):
        return
    _, mode, flags = arguments
    if isinstance(mode, str) and not ("r" in mode or "+" in mode):
        return
    if isinstance(flags, int) and flags & os.O_EXCL:  # a file that was not there
        return
    _opened.add(str(Path(os.fsdecode(arguments[0])).absolute()))


def _others(data: Path) -> Iterator[tuple[str, str]]:
    """Key and digest of the files a notebook has opened by itself."""
    folder = data.resolve()
    hidden = f"{Path.home()}{os.sep}."
    outside = (sys.prefix, sys.base_prefix, str(LIBRARY), hidden, "/proc/", "/sys/", "/dev/", "/etc/", "/usr/")
    for name in sorted(_opened):
        path = Path(name).resolve()
        inside = path.is_relative_to(folder)
        if path.suffix in (".py", ".pyc") or (not inside and name.startswith(outside)):
            continue
        with own():
            key = f"opened {path.relative_to(folder).as_posix()}" if inside else f"path {name}"
            yield key, file_digest(path)


def modules() -> dict[str, str]:
    """Key and digest of the modules loaded from our library, or from beside the notebooks, with the templates that they go by. What a process has loaded stays what
    it was: each is looked at once."""
    for module_name in [name for name in sys.modules if name not in _looked_at]:
        _looked_at.add(module_name)
        module = sys.modules[module_name]
        name = getattr(module, "__file__", None)
        if not name or (name.startswith((sys.prefix, sys.base_prefix)) and not name.startswith(str(LIBRARY))):
            continue
        for path in (Path(name), *getattr(module, "TEMPLATES_OF_CODE", ())):
            key = f"code {path.relative_to(LIBRARY).as_posix()}" if path.is_relative_to(LIBRARY) else f"path {path}"
            with own():
                _modules[key] = file_digest(path)
    return _modules


def report_reads(data: Path, to: Path) -> None:
    """Write down what a watched process has read so far: by our own code, and by the notebook itself."""
    everything = modules() | dict(_others(data))
    for reads in _kept:
        everything |= reads
    with own():
        write_whole(to, json.dumps(everything, ensure_ascii=False, indent=1, sort_keys=True))
