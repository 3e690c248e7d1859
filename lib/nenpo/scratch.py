"""Folders for what lasts no longer than the work at hand: for this user's eyes only, and removed at the end.

A process that is killed removes nothing. So each folder is locked for as long as its process lives, which the system knows however
that ends; the next process that makes one removes those whose lock is free.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_LOCK = ".in-use"
# Minutes after which a folder that is not locked yet will not be any more.
_MINUTES = 10
# What earlier versions left of a ledger; they locked nothing.
_OLD = re.compile(r"nenpo-ledger-[a-z0-9_]{8}")
_OLD_FILES = re.compile(r"\d+\.csv|ledger\.duckdb.*|duckdb_temp.*")


class Scratch:
    """A folder of one's own; ``path`` is its place. It is removed at the end of a ``with``, by ``close``, or when nobody has a hold
    of it any more."""

    def __init__(self) -> None:
        _sweep()
        if sys.platform == "win32":  # which knows no such locks, and renames no folder that is in use
            self.path, lock = Path(tempfile.mkdtemp(prefix="nenpo-")), None
        else:
            # Unlocked it goes by another name: nobody else takes it for left behind.
            new = Path(tempfile.mkdtemp(prefix=".nenpo-"))
            lock = os.open(new / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            _take(lock)
            self.path = new.rename(new.with_name(new.name[1:]))
        self.close = weakref.finalize(self, _remove, self.path, lock)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *exception: object) -> None:
        self.close()


@contextmanager
def holding_temporary_files() -> Iterator[None]:
    """While this lasts, temporary files that a library makes by itself are made in a folder of ours."""
    before = tempfile.tempdir
    with Scratch() as folder:
        tempfile.tempdir = str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before


def _remove(folder: Path, lock: int | None) -> None:
    """The lock goes last: what a removal that was cut short leaves is still known by it, or is empty."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != _LOCK:
                path.unlink(missing_ok=True)
    if lock is not None:
        os.close(lock)
    shutil.rmtree(folder, ignore_errors=True)


@cache
def _sweep() -> None:
    """Once a process, remove what others of this user have left behind."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        folder = Path(tempfile.gettempdir())
        for path in (*folder.glob("nenpo-*"), *folder.glob(".nenpo-*")):
            with suppress(OSError):
                if path.is_dir() and not path.is_symlink() and path.stat().st_uid == os.getuid() and _is_left(path):
                    _remove(path, None)


def _is_left(folder: Path) -> bool:
    if folder.name.startswith("."):  # it was not even locked
        return time.time() - folder.stat().st_mtime > _MINUTES * 60
    lock = folder / _LOCK
    if not lock.exists():
        names = [entry.name for entry in folder.iterdir()]
        return not names or (bool(_OLD.fullmatch(folder.name)) and all(map(_OLD_FILES.fullmatch, names)))
    handle = os.open(lock, os.O_RDWR)
    try:
        return _take(handle)
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    """Lock a file for as long as it is open; False where somebody else has it."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
