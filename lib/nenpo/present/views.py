"""Views: what a cell of a notebook shows, as data. The page, the PDF and the review edition are drawn from them.

A view travels in an executed notebook as one mime type. Whoever made the notebook, what is read from it is texts and numbers of these
shapes alone, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from nenpo.present.organisation import Organisation, in_words
from nenpo.text.cases import Case

# The views of an output, in a list of {kind: view}.
VIEW = "application/vnd.nenpo.view+json"
# Columns of a table, and cells; beyond, it can be no table for a page.
WIDEST, LARGEST = 200, 100_000

Anchor = Annotated[str, msgspec.Meta(min_length=1)]
PictureKind = Literal["image/png", "image/jpeg", "image/gif", "image/webp"]
Span = Annotated[int, msgspec.Meta(ge=1, le=WIDEST)]
Millimetres = Annotated[float, msgspec.Meta(gt=0, le=400)]


@dataclass(frozen=True)
class Head:
    """A header cell; "|" in its text marks where it may break, unless it ``breaks`` nowhere by itself."""

    text: str
    columns: Span = 1
    rows: Span = 1
    breaks: bool = True

    @property
    def pieces(self) -> list[str]:
        """The parts of its text between which it may break."""
        return self.text.split("|") if self.breaks else [self.text]


@dataclass(frozen=True)
class BodyRow:
    """A body row. ``kind`` is month, year, share, total (of a group too) or row; ``labels`` are the header cells at its left, of which
    one that is None is covered by the cell above, and the last takes what columns are left; ``spoken`` is said before the label, not shown; ``facts`` are the paths
    of the cells as a link in the prose names them (see ``nenpo.facts``), "" for one that has none."""

    kind: str
    labels: tuple[str | None, ...]
    cells: tuple[str, ...]
    spoken: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableView:
    """A table. ``stubs`` counts the columns of row labels; ``words`` the columns (from 0, after the stubs) that hold text and stand left.
    One of an analyst's ``own`` gets its number where it stands."""

    id: Anchor
    caption: str
    head: tuple[tuple[Head, ...], ...]
    rows: tuple[BodyRow, ...]
    unit: str = ""
    stubs: Annotated[int, msgspec.Meta(ge=0, le=WIDEST)] = 1
    words: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    compact: bool = False  # no wider than its content
    landscape: bool = False  # on a page of its own, turned
    own: bool = False

    @property
    def labels(self) -> list[list[tuple[str, int, int] | None]]:
        """The labels of each row with the numbers of rows and columns that they cover; None for one that is covered from above."""
        return [self._labels(number) for number in range(len(self.rows))]

    def _labels(self, number: int) -> list[tuple[str, int, int] | None]:
        own = self.rows[number].labels
        labels: list[tuple[str, int, int] | None] = []
        for column, label in enumerate(own):
            below = number + 1
            while below < len(self.rows) and self.rows[below].labels[column : column + 1] == (None,):
                below += 1
            across = self.stubs - column if column == len(own) - 1 else 1
            labels.append(None if label is None else (label, below - number, across))
        return labels


@dataclass(frozen=True)
class SideBySide:
    """Small tables beside each other."""

    tables: Annotated[tuple[TableView, ...], msgspec.Meta(min_length=1)]


@dataclass(frozen=True)
class Chart:
    """A drawn chart. ``svg`` has real text; ``alt`` says what it shows; ``width`` is in millimetres on the page."""

    id: Anchor
    caption: str
    svg: str
    alt: str
    width: Millimetres


@dataclass(frozen=True)
class Charts:
    """Charts, side by side where they are narrow. One of an analyst's ``own`` gets its number where it stands."""

    charts: tuple[Chart, ...]
    own: bool = False


@dataclass(frozen=True)
class SmallMultiples:
    """Small charts in rows under one caption, each with its name above it."""

    id: Anchor
    caption: str
    charts: Annotated[tuple[Chart, ...], msgspec.Meta(min_length=1)]


@dataclass(frozen=True)
class Notice:
    """A sentence in place of a figure or a text that is not there; links to its ``place`` lead here."""

    text: str
    place: str = ""


@dataclass(frozen=True)
class KeyFigure:
    """A key figure of the year: ``change`` is its difference from the year before in words, ``ratio`` the same in per cent; ``section`` is
    the anchor that it leads to."""

    name: str
    figure: str
    unit: str
    change: str
    ratio: str
    section: Anchor
    chart: Chart | None = None


@dataclass(frozen=True)
class KeyFigures:
    """The page 「あらまし」."""

    keys: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class OrganisationChart:
    """The organisation chart, as boxes of text."""

    id: Anchor
    organisation: Organisation


@dataclass(frozen=True)
class CaseView:
    """A case in its frame; its title is a heading of the ``level``, as a chapter's is of 1."""

    case: Case
    level: Annotated[int, msgspec.Meta(ge=1, le=3)] = 3


@dataclass(frozen=True)
class Drawing:
    """A drawing that any cell has made."""

    id: Anchor
    svg: str
    alt: str


@dataclass(frozen=True)
class Picture:
    """A picture of any cell: its mime type, its content in base64."""

    id: Anchor
    mime: PictureKind
    content: str
    alt: str


@dataclass(frozen=True)
class Printed:
    """What a cell has printed."""

    text: str


View = (
    TableView
    | SideBySide
    | Charts
    | SmallMultiples
    | Notice
    | KeyFigures
    | OrganisationChart
    | CaseView
    | Drawing
    | Picture
    | Printed
)
# What a view is called where it is written: in an output, in the templates of the page and of the PDF.
KINDS: Mapping[str, type] = {
    "table": TableView,
    "side-by-side": SideBySide,
    "charts": Charts,
    "small-multiples": SmallMultiples,
    "notice": Notice,
    "key-figures": KeyFigures,
    "organisation": OrganisationChart,
    "case": CaseView,
    "drawing": Drawing,
    "picture": Picture,
    "printed": Printed,
}
NAMES: Mapping[type, str] = {kind: name for name, kind in KINDS.items()}


def written(views: Sequence[View]) -> list[dict[str, Any]]:
    """Views as they travel in an output."""
    return [{NAMES[type(view)]: msgspec.to_builtins(view, order="deterministic")} for view in views]


def views_in(data: Mapping[str, Any]) -> tuple[View, ...] | None:
    """The views that an output carries; None where it carries none, or what is none."""
    entries = data.get(VIEW)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and len(entry) == 1 for entry in entries):
        return None
    pairs = [pair for entry in entries for pair in entry.items()]
    try:
        views: tuple[View, ...] = tuple(msgspec.convert(value, KINDS[name]) for name, value in pairs)
    except (KeyError, msgspec.ValidationError):
        return None
    return views if views and all(map(_fits, tables_of(views))) else None


def plain(view: View) -> str:
    """A view in words, for who sees neither page nor picture."""
    match view:
        case TableView():
            return view.caption
        case SideBySide():
            return "\n".join(table.caption for table in view.tables)
        case Charts():
            return "\n".join(f"{chart.caption}：{chart.alt}" for chart in view.charts)
        case SmallMultiples():
            return "\n".join([view.caption, *(chart.alt for chart in view.charts)])
        case KeyFigures():
            return "\n".join(f"{key.name} {key.figure}{key.unit} {key.change}{key.ratio}" for key in view.keys)
        case OrganisationChart():
            return in_words(view.organisation)
        case CaseView():
            return view.case.title
        case Notice() | Printed():
            return view.text
        case Drawing() | Picture():
            return view.alt


def captions(views: Sequence[View]) -> list[str]:
    """The captions of tables and figures."""
    listed: list[str] = []
    for view in views:
        match view:
            case TableView() | SmallMultiples():
                listed.append(view.caption)
            case SideBySide():
                listed += [table.caption for table in view.tables]
            case Charts():
                listed += [chart.caption for chart in view.charts]
    return listed


def tables_of(views: Sequence[View]) -> Iterator[TableView]:
    for view in views:
        yield from (view,) if isinstance(view, TableView) else view.tables if isinstance(view, SideBySide) else ()


def _fits(table: TableView) -> bool:
    """Whether all rows have as many cells, and no more labels than there are columns for them."""
    widths = {len(row.cells) for row in table.rows} | {0}
    width = max(widths) + table.stubs
    return (
        len(widths) <= 2
        and all(len(row.cells) == max(widths) and len(row.labels) <= table.stubs for row in table.rows)
        and width <= WIDEST
        and width * (len(table.rows) + 1) <= LARGEST
        and sum(cell.columns * cell.rows for row in table.head for cell in row) <= LARGEST
    )


def placed(head: Sequence[Sequence[Head]]) -> Iterator[tuple[Head, int]]:
    """Each header cell with the number of its first column; cells that span rows push those below to the right."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(head):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            yield cell, column
            taken |= {(row + down, column + right) for down in range(cell.rows) for right in range(cell.columns)}
