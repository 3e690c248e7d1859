"""Files written whole: a reader, a crash or a second writer never meets half of one, and nobody's edit is overwritten."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path


def write_whole(path: Path, content: bytes | str) -> bool:
    """Put ``content`` in place of ``path`` in one step; a file that already holds it is not touched. True if written."""
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        pass
    new = _beside(path, data)
    try:
        _rename(new, path)
    finally:
        new.unlink(missing_ok=True)
    return True


def replace(path: Path, content: bytes, expected: bytes | None) -> bool:
    """Put ``content`` in place of ``path`` if that still holds ``expected`` (None: if it is not there).

    False, and nothing changed, if somebody else has written it meanwhile. The two files change places in one step and
    the old one is looked at afterwards, so that a save between look and write is found and put back. Where the system
    cannot exchange files, there is no more than the look before.
    """
    new = _beside(path, content)
    try:
        if expected is None:
            return _place(new, path)
        if _content(path) != expected:
            return False
        if not _exchange(new, path):
            _rename(new, path)
        elif _content(new) != expected:
            _exchange(new, path)
            return False
        return True
    finally:
        new.unlink(missing_ok=True)


def keep(folder: Path, name: str, content: bytes) -> Path:
    """Keep a copy in ``folder``, named after ``name`` and its content, so that the same text is kept once."""
    stem, dot, suffix = name.rpartition(".")
    path = folder / f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{dot}{suffix}"
    write_whole(path, content)
    return path


def leftovers(folder: Path) -> list[tuple[str, Path]]:
    """What writers that were killed left in a folder: the name of the file it was for, and where it lies."""
    left = sorted(folder.glob(".*.tmp")) if folder.is_dir() else []
    return [(path.name[1:].rsplit(".", 2)[0], path) for path in left]


def _beside(path: Path, data: bytes) -> Path:
    """A new file beside ``path`` with the data on disk. What goes wrong is told of ``path``."""
    try:
        return _written(path, data)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None


def _written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file.fileno(), data)
            _sync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _sync(handle: int) -> None:
    os.fsync(handle)


def _rename(new: Path, path: Path) -> None:
    new.replace(path)


def _place(new: Path, path: Path) -> bool:
    """Give a new file its name, unless the name is taken."""
    try:
        path.hardlink_to(new)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        _rename(new, path)
    return True


def _exchange(path: Path, other: Path) -> bool:
    """Let two files change places in one step; False where the system cannot."""
    call = _renameat2()
    if call is None:
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of linux/fs.h
    return bool(call(here, os.fsencode(path), here, os.fsencode(other), exchange) == 0)


@cache
def _renameat2() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    call: Callable[..., int] | None = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return call
