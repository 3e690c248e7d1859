"""The process that builds for the preview: one report at a time, with what it has loaded kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nenpo.built import HTML
from nenpo.errors import NenpoError, file_fault, own_fault
from nenpo.imports import spare_grammars, spare_warnings
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.run.build import build
from nenpo.run.manifest import manifest_of
from nenpo.run.wanted import Notes, Wanted


class Worker:
    """A process of its own that builds, one report at a time: it keeps what it has loaded, and is replaced when our code
    changes."""

    def __init__(self, data: Path, year: FiscalYear, out: Path):
        self._arguments = (data, year, out)
        self._connection: Connection | None = None
        self._process: Any = None
        # A task that waits for a build may be cancelled while the build goes on.
        self._turn = threading.Lock()
        self._ended = False

    def build(self, formats: tuple[str, ...], progress: Callable[[str], None] = lambda message: None) -> dict[str, Any]:
        """Build; the answer has ``inputs``, ``notes`` and whether anything was ``made``, or ``faults``. ``progress`` is told how far it
        is."""
        with self._turn:
            for _ in range(2):
                if self._ended:
                    break
                if self._connection is None:
                    self._start()
                assert self._connection is not None
                try:
                    self._connection.send(formats)
                    while isinstance(answer := self._connection.recv(), str):
                        progress(answer)
                    return dict(answer)
                except (EOFError, OSError):
                    self._stop()
        return {"faults": ["年報を作るプログラムが途中で止まりました。もう一度保存すると、やり直します。"]}

    def renew(self) -> None:
        """After the build that may be going on, end the process: the next build is done with our code as it is then."""
        with self._turn:
            self._stop()

    def end(self) -> None:
        """End the process, whatever it does, for good: a build under way is given up."""
        self._ended = True
        self._stop()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.join(10)
        self._connection = self._process = None

    def _start(self) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, *self._arguments), daemon=False)
        self._process.start()
        theirs.close()


def _work(connection: Connection, data: Path, year: FiscalYear, out: Path) -> None:
    """Builds what is asked for until the other end goes away."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    spare_warnings()
    spare_grammars()
    while True:
        try:
            formats = connection.recv()
        except EOFError:
            return
        connection.send(_built(Office(data), year, out, formats, connection.send))


class _Telling(Notes):
    """Notes that hand on what is passing."""

    def __init__(self, progress: Callable[[str], None]):
        super().__init__()
        self._progress = progress

    def __call__(self, message: str, passing: bool = False, /) -> None:
        super().__call__(message, passing)
        if passing:
            self._progress(message)


def _built(
    office: Office, year: FiscalYear, out: Path, formats: tuple[str, ...], progress: Callable[[str], None]
) -> dict[str, Any]:
    collected, before = _Telling(progress), last_manifest(out / year.code)
    try:
        wanted = Wanted(formats=formats, jobs=os.cpu_count() or 1, keep_others=True)
        target = build(office, year, out, wanted, collected)
    except NenpoError as error:
        return {"faults": [str(fault) for fault in error.faults]}
    except OSError as error:
        return {"faults": [str(file_fault(error))]}
    except Exception as error:  # the page must say so; the next save may well mend it
        return {"faults": [str(own_fault(error))]}
    notes = [note.removeprefix("※ ") for note in collected if note.startswith("※ ")]
    made = manifest_of(target)
    return {"inputs": made["inputs"], "notes": notes, "made": made != before}


def last_manifest(target: Path) -> dict[str, Any]:
    """The manifest of the report that lies there; empty where there is none."""
    try:
        return manifest_of(target) if (target / HTML).is_file() else {}
    except (OSError, ValueError):
        return {}
