"""Proposes links for the figures that were traced, so that they stay bound to their facts: as a diff, to be accepted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nenpo.errors import ContentError, Fault
from nenpo.files import replace
from nenpo.office import OfficeYear
from nenpo.prose.figures import BOUND, TRACED, Figure, figures_in
from nenpo.text.typed import Typed, read_typed


@dataclass(frozen=True)
class Proposal:
    """A text as it is and as it would be, its traced figures bound."""

    file: str
    typed: Typed
    text: str

    @property
    def diff(self) -> str:
        before, after = (text.splitlines(keepends=True) for text in (self.typed.text, self.text))
        return "".join(difflib.unified_diff(before, after, self.file, self.file))


def proposals(office_year: OfficeYear, figures: Iterable[Figure]) -> Iterator[Proposal]:
    """A proposal for each text that has some of the figures traced and not bound."""
    reads = figures_in(office_year)
    traced = [figure for figure in figures if figure.outcome == TRACED and figure.file.endswith(".md")]
    for file in dict.fromkeys(figure.file for figure in traced):
        path = office_year.office.folder / file
        typed = read_typed(path)
        assert typed is not None
        text = typed.text
        lines, places = text.split("\n"), dict[int, int]()
        for figure in (figure for figure in traced if figure.file == file):
            number = figure.line - 1
            line = lines[number]
            start = line.find(figure.text, places.get(number, 0))
            if start < 0:
                continue  # written across a line break or within marks: left to the hand
            address = f"fact:{figure.fact}"
            link = f"[{figure.text}]({f'<{address}>' if ' ' in address or '（' in address else address})"
            proposed = line[:start] + link + line[start + len(figure.text) :]
            whole = "\n".join([*lines[:number], proposed, *lines[number + 1 :]])
            if any((read.fact, read.outcome) == (figure.fact, BOUND) for read in reads(path, whole)):  # so it is read
                lines[number], text = proposed, whole
                places[number] = start + len(link)
        if text != typed.text:
            yield Proposal(file, typed, text)


def accept(proposal: Proposal) -> None:
    """Write the text with its links. Raises ContentError if the file has been changed meanwhile."""
    typed = proposal.typed
    if not replace(typed.path, typed.form(proposal.text), typed.content):
        raise ContentError(
            Fault("ファイルが変わったため、書き込みませんでした", str(typed.path), "もう一度実行してください")
        )
