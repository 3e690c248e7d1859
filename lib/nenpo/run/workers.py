"""Worker processes: they leave Ctrl-C to the process that started them, even while they start, and end when it does."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from typing import Any

from nenpo.imports import spare_warnings


class Workers(ProcessPoolExecutor):
    """Up to ``count`` processes; ``begin`` is what each does first."""

    def __init__(
        self, count: int, context: BaseContext | None = None, begin: Callable[..., None] | None = None, *arguments: Any
    ):
        super().__init__(count, context, initializer=_begin, initargs=(begin, arguments))

    def submit(self, call: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        with _later():
            return super().submit(call, *arguments, **named)


def _begin(begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    """A worker would end in a traceback of its own at Ctrl-C; and it ends when the build does, however that ends (Linux:
    PR_SET_PDEATHSIG)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if sys.platform.startswith("linux"):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    spare_warnings()
    if begin:
        begin(*arguments)


@contextmanager
def _later() -> Iterator[None]:
    """Ctrl-C waits while this lasts, and in the processes started meanwhile until they have begun."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
