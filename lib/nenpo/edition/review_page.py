"""The review edition: the report as printed, where each figure of the prose leads to its cell and each cell to the sentences
that rest on it, findings stand beside their tables, and what has changed is marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bs4 import BeautifulSoup, Tag

from nenpo.edition.changes import Page, blocks_of, earlier, keys_of, read_page, words_of
from nenpo.edition.marks import Mark, anchor_of, mark_figures, soup_of
from nenpo.facts import DERIVED
from nenpo.findings import ERROR, NOTE, WARNING, Finding
from nenpo.office import OfficeYear
from nenpo.present.html import CellMark, CellMarks, as_elsewhere, marked_html, view_html
from nenpo.present.views import CaseView, OrganisationChart, SideBySide, TableView, tables_of
from nenpo.prose import claims
from nenpo.prose.figures import (
    AMBIGUOUS,
    BOUND,
    CONTRADICTED,
    DECLARED,
    OF_UNIT,
    OUTCOMES,
    TRACED,
    UNTRACED,
    WAIVED,
    Figure,
)
from nenpo.publish.book import Book, Heading, Piece
from nenpo.publish.exporters import HtmlExporter
from nenpo.publish.html import piece_html
from nenpo.publish.template import TEMPLATES, macros
from nenpo.review.checks import Review
from nenpo.review.sources import cells_of as cells_behind
from nenpo.review.sources import in_words

_SIGNS = {
    BOUND: "◎",
    TRACED: "○",
    DECLARED: "□",
    AMBIGUOUS: "△",
    UNTRACED: "？",
    CONTRADICTED: "×",
    OF_UNIT: "△",
    WAIVED: "",
}
_SEVERITIES = {ERROR: "誤り", WARNING: "確かめるところ", NOTE: "お知らせ"}
_PARTS = macros("nenpo_review/review.html.j2")


@dataclass
class _Edition:
    """What is known while the page is made: ``shown`` are the facts that cells show, ``marked`` the anchors of the figures that are
    marked, ``beside`` the findings that stand beside their tables."""

    reviewed: Review
    office_year: OfficeYear
    before: Page | None
    shown: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    beside: set[Finding] = field(default_factory=set)
    changed: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Two figures of one line may be alike in all they tell.
        self._numbers = {id(figure): number for number, figure in enumerate(self.reviewed.figures, start=1)}

    def anchor(self, figure: Figure) -> str:
        """The anchor of a figure of the prose."""
        return f"use-{self._numbers[id(figure)]}"

    def lead(self, figure: Figure) -> str:
        """The anchor of the cell that a figure leads to, "" where none shows it."""
        return next((anchor_of(fact) for fact in _bases(figure.fact) if fact in self.shown), "")

    def is_marked(self, figure: Figure) -> bool:
        return self.anchor(figure) in self.marked


def review_page(
    book: Book,
    reviewed: Review,
    office_year: OfficeYear,
    before: str | None,
    since: str,
    exporter: HtmlExporter,
    proof: Mapping[str, Any] | None = None,
) -> str:
    """The page of a proved book. ``before`` is an earlier version of the printed page, and ``since`` says which; ``proof`` is what the
    attacker found in the public edition, where there is one."""
    edition = _Edition(reviewed, office_year, read_page(before) if before else None)
    edition.shown |= {
        fact
        for piece in book.pieces
        for table in tables_of(piece.views)
        for row in table.rows
        for fact in row.facts
        if fact
    }
    # The texts first: which figures they show is what the tables lead back to.
    texts = {
        number: _text(piece, section, number, edition)
        for number, (piece, section) in enumerate(_placed(book), start=1)
        if not any(tables_of(piece.views))
    }
    used = _used(edition)
    shown = [
        texts[number] if number in texts else _tables(piece, used, edition)
        for number, piece in enumerate(book.pieces, start=1)
    ]
    return exporter.render(
        replace(book, title=f"{book.title}\n（確認用の版）"),
        shown,
        opening=_opening(edition, since if before else "", proof),
        own_style=(TEMPLATES / "nenpo_review" / "review.css").read_text(encoding="utf-8"),
    )


def _placed(book: Book) -> Iterator[tuple[Piece, str]]:
    """The pieces, each with the anchor of the section it stands in."""
    section = ""
    for item in book.items:
        if isinstance(item, Heading):
            section = item.id
        else:
            yield item, section


def _text(piece: Piece, section: str, number: int, edition: _Edition) -> str:
    """A text or a case with its figures marked, and what is known of them below it."""
    html = piece_html(piece)
    if not (piece.text and piece.where.startswith("commentary/")) and not _is_read(piece):
        return html + _code(piece)
    soup = soup_of(html)
    figures = [figure for figure in edition.reviewed.figures if _of(figure, piece, section)]
    blocks = [
        (block, _short(words_of(block)), was)
        for block in blocks_of(soup)
        if (was := _was(block, section, edition)) is not None
    ]
    marked = mark_figures(soup, [_mark(figure, edition) for figure in figures])
    edition.marked |= marked
    for place, (block, now, was) in enumerate(blocks, start=1):
        _changed(block, f"changed-{number}-{place}", f"前の版：{was}" if was else "前の版にはない文です")
        edition.changed.append((str(block["id"]), now))
    return str(soup) + _sources([figure for figure in figures if edition.anchor(figure) in marked], edition)


def _is_read(piece: Piece) -> bool:
    """Whether an output shows texts of the office: cases, or the organisation chart."""
    return any(isinstance(view, CaseView | OrganisationChart) for view in piece.views)


def _of(figure: Figure, piece: Piece, section: str) -> bool:
    """Whether a figure stands in a piece: a text, or the output with a section's cases or with the organisation chart."""
    name = figure.file.partition("/")[2]
    shown = name.startswith("cases/") or name == "organisation.toml"
    return name == piece.where or (shown and _is_read(piece) and f"sec-{figure.section}" == section)


def _was(block: Tag, section: str, edition: _Edition) -> str | None:
    return earlier(words_of(block), section, edition.before) if edition.before else None


def _changed(tag: Tag, anchor: str, was: str) -> None:
    tag["class"] = " ".join([*(tag.get_attribute_list("class") if tag.get("class") else []), "changed"])
    if not tag.get("id"):
        tag["id"] = anchor
    said = BeautifulSoup("", "html.parser").new_tag("span", attrs={"class": "before"})
    said.string = f"（{was}）"
    tag.append(said)


def _mark(figure: Figure, edition: _Edition) -> Mark:
    words = OUTCOMES[figure.outcome] + (f"：{figure.source}" if figure.source else "")
    remark = f"。{figure.doubt}" if figure.doubt else ""
    sign = _SIGNS[figure.outcome] + ("！" if figure.doubt else "")
    return Mark(edition.anchor(figure), figure.text, figure.outcome, sign, f"（{words}{remark}）", edition.lead(figure))


def _bases(path: str) -> Iterator[str]:
    """The paths that a cell may show: of the fact itself, of what it is derived from, of the first operand."""
    for part in path.split("÷"):
        yield part
        above, _, derived = part.rpartition("/")
        if derived in DERIVED:
            yield above


def _sources(figures: Sequence[Figure], edition: _Edition) -> str:
    """Where the figures of a text come from, and what its claims rest on."""
    typed = edition.office_year.cells
    files = {figure.file for figure in figures}
    claimed = [(claim, claims.OUTCOMES[claim.outcome]) for claim in edition.reviewed.claims if claim.file in files]
    rows = [
        {
            "figure": figure,
            "anchor": edition.anchor(figure),
            "outcome": f"{_SIGNS[figure.outcome]} {OUTCOMES[figure.outcome]}",
            "lead": edition.lead(figure),
            "source": figure.source + (f"（{figure.words}）" if figure.words else ""),
            "cells": in_words(
                cells_behind(figure.fact, edition.office_year.facts, typed) if figure.outcome != AMBIGUOUS else (),
                typed,
            ),
        }
        for figure in figures
        if figure.outcome != WAIVED
    ]
    counts = Counter(OUTCOMES[figure.outcome] for figure in figures if figure.outcome != WAIVED)
    return as_elsewhere(_PARTS.sources(rows, claimed, "、".join(f"{name} {count}" for name, count in counts.items())))


def _used(edition: _Edition) -> dict[str, list[Figure]]:
    """The marked figures that rest on what each cell shows."""
    used: dict[str, list[Figure]] = {}
    for figure in edition.reviewed.figures:
        if edition.is_marked(figure) and figure.outcome in (BOUND, TRACED, CONTRADICTED):
            for fact in dict.fromkeys(_bases(figure.fact)):
                if fact in edition.shown:
                    used.setdefault(fact, []).append(figure)
    return used


def _tables(piece: Piece, used: Mapping[str, list[Figure]], edition: _Edition) -> str:
    """An output with tables: their cells marked, and below it what is found about them and who uses them."""
    marks = {table.id: _cell_marks(table, used, edition) for table in tables_of(piece.views)}
    html = "".join(
        marked_html(view, marks) if isinstance(view, TableView | SideBySide) else view_html(view)
        for view in piece.views
    )
    below = "".join(_about(table, used, edition) for table in tables_of(piece.views))
    return html + below + _code(piece)


def _cell_marks(table: TableView, used: Mapping[str, list[Figure]], edition: _Edition) -> CellMarks:
    marks: dict[tuple[int, int], CellMark] = {}
    for number, row in enumerate(table.rows):
        for column, fact in enumerate(row.facts):
            if fact:
                marks[number, column] = CellMark(anchor_of(fact), _leads(fact, used, edition), is_aim=True)
    known = edition.before.tables.get(table.id, {}) if edition.before else {}
    changed = [
        (key, place)
        for key, place in keys_of(table).items()
        if key in known and known[key] != table.rows[place[0]].cells[place[1]]
    ]
    for nth, (key, place) in enumerate(changed, start=1):
        mark = marks.get(place, CellMark(f"changed-{table.id}-{nth}"))
        marks[place] = replace(mark, before=f"前の版：{known[key] or '空欄'}")
        now = table.rows[place[0]].cells[place[1]]
        edition.changed.append((mark.id, f"{table.caption}　{key[0]}：{known[key]} → {now}"))
    return marks


def _leads(fact: str, used: Mapping[str, list[Figure]], edition: _Edition) -> str:
    """The anchor that a cell leads to: the figure that rests on it, or the list of those that do."""
    figures = used.get(fact, [])
    return edition.anchor(figures[0]) if len(figures) == 1 else f"uses-{anchor_of(fact)}" if figures else ""


def _about(table: TableView, used: Mapping[str, list[Figure]], edition: _Edition) -> str:
    section = table.id.removeprefix("tbl-")
    findings = [finding for finding in edition.reviewed.findings if finding.table == section]
    edition.beside |= set(findings)
    facts = dict.fromkeys(fact for row in table.rows for fact in row.facts if fact in used)
    listed = [(fact, anchor_of(fact), [(figure, edition.anchor(figure)) for figure in used[fact]]) for fact in facts]
    return as_elsewhere(_PARTS.findings(_by_severity(findings), f"{table.caption} について")) + as_elsewhere(
        _PARTS.uses(listed)
    )


def _by_severity(findings: Iterable[Finding]) -> list[tuple[str, str, list[Finding]]]:
    listed = list(findings)
    groups = (
        (key, name, [finding for finding in listed if finding.severity == key]) for key, name in _SEVERITIES.items()
    )
    return [group for group in groups if group[2]]


def _code(piece: Piece) -> str:
    """The executed code of an output, to be opened."""
    return as_elsewhere(_PARTS.code(piece.where, piece.code)) if piece.code and piece.text is None else ""


def _opening(edition: _Edition, since: str, proof: Mapping[str, Any] | None) -> str:
    """What the reviewer sees first: the outcomes, what is open, and what has changed."""
    figures = [figure for figure in edition.reviewed.figures if edition.is_marked(figure)]
    counts = Counter(figure.outcome for figure in figures)
    legend = [(outcome, _SIGNS[outcome], name, counts[outcome]) for outcome, name in OUTCOMES.items()]
    still = [
        (figure, edition.anchor(figure), OUTCOMES[figure.outcome])
        for figure in figures
        if figure.outcome in (CONTRADICTED, AMBIGUOUS, OF_UNIT, UNTRACED)
    ]
    missing = [figure for figure in edition.reviewed.figures if not edition.is_marked(figure)]
    others = [finding for finding in edition.reviewed.findings if finding not in edition.beside]
    return as_elsewhere(
        _PARTS.opening(len(figures), legend, still, missing, _by_severity(others), proof, since, edition.changed)
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
