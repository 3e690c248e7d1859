"""Ctrl-C: it ends a command once, is told by one process alone, and is never lost.

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
def noticed() -> Iterator[threading.Event]:
    """While this lasts, Ctrl-C is kept in mind; the event tells whether it came."""
    _came.clear()
    before = signal.getsignal(signal.SIGINT)
    ours = before is signal.default_int_handler and threading.current_thread() is threading.main_thread()
    if ours:
        signal.signal(signal.SIGINT, _notice)
    try:
        yield _came
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)


def _notice(number: int, frame: object) -> None:
    _came.set()
    raise KeyboardInterrupt


def end_if_interrupted() -> None:
    """Raises KeyboardInterrupt if one has come: between two steps, as the first may have been lost."""
    if _came.is_set():
        raise KeyboardInterrupt


@contextmanager
def later() -> Iterator[None]:
    """Ctrl-C waits while this lasts; processes started meanwhile wait until they ``leave_interrupts``."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_interrupts() -> None:
    """A worker leaves Ctrl-C to the build, or each would end in a traceback of its own; and it ends when the build does,
    however that ends (Linux: PR_SET_PDEATHSIG)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if sys.platform.startswith("linux"):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
