"""Ctrl-C: it ends a command, and is never lost.

Python raises it wherever the main thread happens to be. A library may lose it there: a clean-up ignores it, an XML parser answers
that the file is broken. So it is also kept in mind.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_came = threading.Event()


@contextmanager
def noticed() -> Iterator[None]:
    """While this lasts, Ctrl-C is kept in mind: what else is raised after it came gives way to it."""
    _came.clear()
    before, tell = signal.getsignal(signal.SIGINT), sys.unraisablehook
    ours = before is signal.default_int_handler and threading.current_thread() is threading.main_thread()
    if ours:
        signal.signal(signal.SIGINT, _notice)
        # A clean-up that ignores it would print a traceback.
        sys.unraisablehook = lambda lost: None if lost.exc_type is KeyboardInterrupt else tell(lost)
    try:
        yield
    except Exception:
        end_if_interrupted()
        raise
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)
            sys.unraisablehook = tell


def _notice(number: int, frame: object) -> None:
    _came.set()
    raise KeyboardInterrupt


def end_if_interrupted() -> None:
    """Raises KeyboardInterrupt if one has come: between two steps, as the first may have been lost."""
    if _came.is_set():
        raise KeyboardInterrupt
