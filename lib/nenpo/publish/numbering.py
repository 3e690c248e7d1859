"""Numbers of figures and tables: an analyst's own have the next in their section, and no two have the same."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, count
from typing import TypeVar

from nenpo.present.own import FIGURE, TABLE
from nenpo.present.views import Chart, Charts, SideBySide, SmallMultiples, TableView, View, captions

Own = TypeVar("Own", TableView, Chart)
# A heading that begins with a number: 2－1　相談件数等.
NUMBERED = re.compile(r"(\d+)(?:[－-](\d+))?[\s\u3000]+")
_CAPTIONED = re.compile(rf"({FIGURE}|{TABLE})(\d+－\d+)(?:－(\d+))?　")


class Numbers:
    """The numbers that are taken, in the section that was begun last, and the anchors in all of the book."""

    def __init__(self) -> None:
        self._section = ""
        self._taken: dict[str, int] = {}
        self._anchors: set[str] = set()

    def begin(self, heading: str) -> None:
        """What follows stands in the section of this heading."""
        match = NUMBERED.match(heading)
        self._section, self._taken = "－".join(filter(None, match.groups())) if match else "", {}

    def numbered(self, view: View) -> View:
        """The view with its number, another than those before it."""
        match view:
            case TableView(own=True):
                view = self._own(view, TABLE)
            case Charts(own=True):
                view = replace(view, charts=tuple(self._own(chart, FIGURE) for chart in view.charts))
            case TableView():
                view = self._table(view)
            case SideBySide():
                view = replace(view, tables=tuple(map(self._table, view.tables)))
            case Charts():
                view = replace(view, charts=tuple(map(self._chart, view.charts)))
            case SmallMultiples():
                view = self._multiples(view)
        for kind, _, number in (found.groups() for found in map(_CAPTIONED.match, captions([view])) if found):
            self._taken[kind] = max(self._taken.get(kind, 0), int(number or 1))
        return view

    def _own(self, view: Own, kind: str) -> Own:
        nth = self._taken[kind] = self._taken.get(kind, 0) + 1
        # A section's first table has its number alone, as the report's own tables have.
        number = (
            self._section
            if kind == TABLE and nth == 1 and self._section
            else "－".join(filter(None, (self._section, str(nth))))
        )
        anchor = f"{view.id.partition('-')[0]}-own-{number.replace('－', '-')}"
        self._anchors |= {anchor, anchor.replace("-own", "")}
        return replace(view, id=anchor, caption=view.caption.replace(kind, f"{kind}{number}", 1))

    def _table(self, table: TableView) -> TableView:
        """A table that is shown again keeps its number, with an anchor apart."""
        return replace(table, id=self._free(table.id, f"{table.id}-s"))

    def _chart(self, chart: Chart) -> Chart:
        """A figure of a number that is taken gets the next that is not."""
        anchor = self._free(chart.id, chart.id.rpartition("-")[0] + "-")
        return replace(chart, id=anchor, caption=_renumbered(chart.caption, anchor))

    def _multiples(self, view: SmallMultiples) -> SmallMultiples:
        anchor = self._free(view.id, view.id.rpartition("-")[0] + "-")
        charts = tuple(replace(chart, id=anchor + chart.id.removeprefix(view.id)) for chart in view.charts)
        return replace(view, id=anchor, caption=_renumbered(view.caption, anchor), charts=charts)

    def _free(self, anchor: str, stem: str) -> str:
        """The anchor, or where it is taken the next that begins with ``stem``."""
        numbered = (f"{stem}{nth}" for nth in count(2))
        free = next(new for new in chain([anchor], numbered) if new not in self._anchors)
        self._anchors.add(free)
        return free


def _renumbered(caption: str, anchor: str) -> str:
    """The caption with the number that the anchor ends with."""
    return re.sub(r"(?<=－)\d+(?=　)", anchor.rpartition("-")[2], caption, count=1)
