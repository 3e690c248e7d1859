"""The order that a sentence says a held figure has: that it comes next, that it stands in a row."""

from __future__ import annotations

import re

from nenpo.japanese.numerals import in_digits
from nenpo.japanese.words import words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.forms import VALUE
from nenpo.prose.held import HeldFigure, series, steps
from nenpo.prose.parts import Parts
from nenpo.prose.peaks import PEAK
from nenpo.prose.ranks import Ranks

_NEXT = re.compile(r"次いで、?|次に(?:多い|多く)?(?:のは|のが)?、?")


class Order:
    """Holds words of order about the figures of a report of ``year`` against the data."""

    def __init__(self, parts: Parts, ranks: Ranks, year: FiscalYear):
        self._parts, self._ranks, self._year = parts, ranks, year

    def contradiction(self, figure: HeldFigure) -> str:
        """Why it does not stand in the order that is said; "" where it does."""
        return _not_in_order(figure) or self._not_next(figure)

    def _not_next(self, figure: HeldFigure) -> str:
        """Why the part of a figure does not come next after the one with most, where the sentence says 次いで."""
        sentence, reading = figure.sentence, figure.reading
        is_of_year = reading.form == VALUE and figure.path[1] == self._year.code
        path = reading.path.rpartition("/")[0] if is_of_year else ""
        name = next((name for name in reversed(sentence.names) if name[1] <= figure.at.start), None)
        if name is None or path not in name[2] or not sentence.text[: name[0]].endswith(("次いで", "次いで、")):
            return ""
        before = sentence.text[: name[0]]
        if len(_NEXT.findall(before)) != 1 or not (said := list(PEAK.finditer(before))) or not said[-1]["most"]:
            return ""
        parts = sorted(self._ranks.beside(path, self._year), key=lambda part: -part.amount)
        own = next((part.amount for part in parts if part.path == reading.path), reading.amount)
        if self._parts.in_row(path) or len(parts) < 2 or own >= parts[1].amount:
            return ""
        return f"「次いで」多いのは {parts[1].path.split('/')[1]} の {in_digits(parts[1].amount)} です"


def _not_in_order(figure: HeldFigure) -> str:
    """「A（３９２件）、B（３９０件）の順に多い」."""
    by = words()["form"]
    said = re.match(f"の順(?:に|で)(?:(?P<more>{by['more']}|大き)|{by['less']}|小さ)", figure.tail)
    if said is None or steps(series(figure, is_same=False)) != {1 if said["more"] else -1}:
        return ""
    return f"「{said[0]}」とありますが、並びは逆の順です"
