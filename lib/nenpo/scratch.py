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
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_LOCK = ".in-use"
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
            self.path, lock = _locked_folder()
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


def _locked_folder() -> tuple[Path, int]:
    """A new folder and the handle of its lock. Another process may take it for left behind until it is locked: then there is
    the next."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix="nenpo-"))
        with suppress(FileNotFoundError):
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            _take(lock, wait=True)
            if (folder / _LOCK).exists():
                return folder, lock
            os.close(lock)


def _remove(folder: Path, lock: int | None) -> None:
    """The lock goes last: what a removal that was cut short leaves is still known by it, or is empty."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != _LOCK:
                with suppress(OSError):
                    path.unlink()
        if all(path.name == _LOCK for path in folder.iterdir()):
            (folder / _LOCK).unlink(missing_ok=True)
            folder.rmdir()
    if lock is not None:
        os.close(lock)


@cache
def _sweep() -> None:
    """Once a process, remove what others of this user have left behind."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob("nenpo-*"):
            with suppress(OSError):
                if path.is_dir() and not path.is_symlink() and path.stat().st_uid == os.getuid():
                    _remove_if_left(path)


def _remove_if_left(folder: Path) -> None:
    """Remove a folder whose lock is free, holding the lock meanwhile; one that is empty; or one of an earlier version."""
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        names = [entry.name for entry in folder.iterdir()]
        if names and _OLD.fullmatch(folder.name) and all(map(_OLD_FILES.fullmatch, names)):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            folder.rmdir()  # which fails where there is anything
        return
    if _take(lock):
        _remove(folder, lock)
    else:
        os.close(lock)


def _take(handle: int, *, wait: bool = False) -> bool:
    """Lock a file for as long as it is open; False where somebody else has it, or the file system knows no locks."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
