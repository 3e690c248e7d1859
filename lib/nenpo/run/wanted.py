"""What is asked of a build, and whom it tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nenpo.built import HTML, PDF


class Progress(Protocol):
    """Tells the user; what is ``passing`` is of interest only while one waits."""

    def __call__(self, message: str, passing: bool = False, /) -> None: ...


class Notes(list[str]):
    """Keeps what is told, but for what is passing."""

    def __call__(self, message: str, passing: bool = False, /) -> None:
        if not passing:
            self.append(message)


@dataclass(frozen=True)
class Wanted:
    """How a report is to be built: ``formats`` names the files (HTML, PDF); a ``final`` report has every text written and
    every chapter at rest; ``why`` tells of each chapter why it was executed or not; with ``keep_others`` a file of the
    last report that is not to be built stays as it is, while otherwise the review edition is kept up to date once it is
    there, and others are removed; ``template`` stands for the office's; ``parameters`` are for the chapters that declare
    them."""

    formats: tuple[str, ...] = (HTML, PDF)
    jobs: int = 1
    final: bool = False
    cached: bool = True
    why: bool = False
    keep_others: bool = False
    template: str = ""
    parameters: tuple[tuple[str, str | int | float | bool], ...] = ()
