"""The review edition: the report as printed, where each figure of the prose leads to its cell and each cell to the sentences
that rest on it, findings stand beside their tables, and what has changed is marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from bs4 import BeautifulSoup, Tag

from nenpo.edition.changes import Page, blocks_of, cells_of, earlier, read_page, words_of
from nenpo.edition.marks import Mark, anchor_of, mark_cells, mark_figures, matches, soup_of
from nenpo.findings import ERROR, NOTE, WARNING, Finding
from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.present.display import TYPST
from nenpo.present.views import TableView, rates_view, table_view
from nenpo.prose import claims
from nenpo.prose.facts import DERIVED, Facts
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
from nenpo.publish.template import TEMPLATES
from nenpo.review.checks import Review, inputs_of
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


@dataclass
class _Edition:
    """What is known while the page is made: ``shown`` are the facts that cells show, ``used`` the figures that rest on each."""

    reviewed: Review
    office: Office
    before: Page | None
    shown: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    told: set[Finding] = field(default_factory=set)
    changed: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        year = self.reviewed.year
        self.figures = self.office.figures(year)
        self.facts = Facts(self.office.dictionary, self.figures, year)
        self.inputs = inputs_of(self.office, year)
        # Two figures of one line may be alike in all they tell.
        self._numbers = {id(figure): number for number, figure in enumerate(self.reviewed.figures, start=1)}
        self.views: dict[str, TableView] = {}

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
    office: Office,
    before: str | None,
    since: str,
    exporter: HtmlExporter,
    proof: Mapping[str, Any] | None = None,
) -> str:
    """The page of a proved book. ``before`` is an earlier version of the printed page, and ``since`` says which; ``proof`` is what the
    attacker found in the public edition, where there is one."""
    edition = _Edition(reviewed, office, read_page(before) if before else None)
    soups = [_tables(piece, edition) for piece in book.pieces]
    # The texts first: which figures they show is what the tables lead back to.
    texts = [
        "" if soup else _text(piece, section, number, edition)
        for number, ((piece, section), soup) in enumerate(zip(_placed(book), soups, strict=True), start=1)
    ]
    used = _used(edition)
    shown = [
        _marked_tables(soup, piece, used, edition) if soup else text
        for piece, soup, text in zip(book.pieces, soups, texts, strict=True)
    ]
    return exporter.render(
        replace(book, title=f"{book.title}\n（確認用の版）"),
        shown,
        opening=_opening(edition, since if before else "", _proof_in_words(proof)),
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


def _tables(piece: Piece, edition: _Edition) -> BeautifulSoup | None:
    """The output's tables that are tables of the dictionary, as they will be marked; None for anything else."""
    html = str(piece.output.get("text/html", "")) if piece.output and TYPST in piece.output else ""
    if '<table id="tbl-' not in html:
        return None
    soup = soup_of(html)
    for table in soup.find_all("table", id=True):
        view = _view(str(table["id"]).removeprefix("tbl-"), edition.office, edition.reviewed.year)
        if view and matches(table, view):
            edition.views[view.id] = view
            edition.shown |= {fact for row in view.rows for fact in row.facts if fact}
    return soup


def _view(name: str, office: Office, year: FiscalYear) -> TableView | None:
    dictionary, figures = office.dictionary, office.figures(year)
    if name in dictionary:
        return table_view(dictionary[name], figures, year)
    section = name.removesuffix("-rates")
    rates = [rate for rate in dictionary.rates if rate.section == section]
    if not rates or section == name:
        return None
    return rates_view(section, rates, figures, figures.years_since(min(rate.since for rate in rates), 4, year))


def _text(piece: Piece, section: str, number: int, edition: _Edition) -> str:
    """A text or a case with its figures marked, and what is known of them below it."""
    html = piece_html(piece, f"out-{number}")
    if not piece.where.startswith("commentary/") and not re.search('class="(case|organisation)"', html):
        return html + _code(piece)
    soup = soup_of(html)
    figures = [one for one in edition.reviewed.figures if _of(one, piece, section)]
    blocks = [
        (block, _short(words_of(block)), was)
        for block in blocks_of(soup)
        if (was := _was(block, section, edition)) is not None
    ]
    marks = [_mark(figure, edition) for figure in figures]
    found = mark_figures(soup, marks)
    edition.marked |= found
    for place, (block, now, was) in enumerate(blocks, start=1):
        anchor = f"changed-{number}-{place}"
        _changed(block, anchor, f"前の版：{was}" if was else "前の版にはない文です")
        edition.changed.append((str(block["id"]), now))
    return str(soup) + _told([one for one in figures if edition.anchor(one) in found], section, edition)


def _of(figure: Figure, piece: Piece, section: str) -> bool:
    """Whether a figure stands in a piece: a text, or the output with a section's cases or with the organisation chart."""
    name = figure.file.partition("/")[2]
    shown = name.startswith("cases/") or name == "organisation.toml"
    return name == piece.where or (shown and piece.output is not None and f"sec-{figure.section}" == section)


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
    told = OUTCOMES[figure.outcome] + (f"：{figure.source}" if figure.source else "")
    remark = f"。{figure.doubt}" if figure.doubt else ""
    sign = _SIGNS[figure.outcome] + ("！" if figure.doubt else "")
    return Mark(edition.anchor(figure), figure.text, figure.outcome, sign, f"（{told}{remark}）", edition.lead(figure))


def _bases(path: str) -> Iterator[str]:
    """The paths that a cell may show: of the fact itself, of what it is derived from, of the first operand."""
    for part in path.split("÷"):
        yield part
        above, _, derived = part.rpartition("/")
        if derived in DERIVED:
            yield above


def _told(figures: list[Figure], section: str, edition: _Edition) -> str:
    """Where the figures of a text come from, and what its claims rest on."""
    told = [one for one in figures if one.outcome != WAIVED]
    files = {one.file for one in figures}
    claimed = [one for one in edition.reviewed.claims if one.file in files]
    if not told and not claimed:
        return ""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in _row(one, edition))}</tr>\n" for one in told)
    head = "".join(f'<th scope="col">{name}</th>' for name in ("本文", "結果", "出どころ", "Excel", "データ"))
    table = f'<div tabindex="0" role="region" aria-label="本文の数値の出どころ"><table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n'
    says = "".join(
        f"<li>「{escape(one.text)}」：{claims.OUTCOMES[one.outcome]}（{escape(one.why)}{escape('。' + one.note if one.note else '')}）</li>\n"
        for one in claimed
    )
    counts = Counter(OUTCOMES[one.outcome] for one in told)
    summed = "、".join(f"{name} {count}" for name, count in counts.items())
    return (
        f'<details class="figures-of"><summary>この文章の数値の出どころ（{summed or "向きだけ"}）</summary>\n'
        f"{table if told else ''}{f'<ul>{says}</ul>' if says else ''}</details>\n"
    )


def _row(figure: Figure, edition: _Edition) -> Iterator[str]:
    yield f'<a href="#{edition.anchor(figure)}">{escape(figure.text)}</a>'
    yield escape(f"{_SIGNS[figure.outcome]} {OUTCOMES[figure.outcome]}")
    lead = edition.lead(figure)
    told = escape(figure.source + (f"（{figure.words}）" if figure.words else ""))
    yield (f'<a href="#{lead}">{told}</a>' if lead else told) + (f"<br>{escape(figure.doubt)}" if figure.doubt else "")
    cells = cells_behind(figure.fact, edition.facts, edition.inputs) if figure.outcome != AMBIGUOUS else ()
    yield escape(in_words(cells, edition.inputs))
    yield escape(figure.expected)


def _used(edition: _Edition) -> dict[str, list[Figure]]:
    """The marked figures that rest on what each cell shows."""
    used: dict[str, list[Figure]] = {}
    for figure in edition.reviewed.figures:
        if edition.is_marked(figure) and figure.outcome in (BOUND, TRACED, CONTRADICTED):
            for fact in dict.fromkeys(_bases(figure.fact)):
                if fact in edition.shown:
                    used.setdefault(fact, []).append(figure)
    return used


def _marked_tables(soup: BeautifulSoup, piece: Piece, used: Mapping[str, list[Figure]], edition: _Edition) -> str:
    below = ""
    for table in soup.find_all("table", id=True):
        name = str(table["id"])
        changes = edition.before.tables.get(name) if edition.before else None
        changed = [
            (key, cell, changes[key])
            for key, cell in cells_of(table).items()
            if changes is not None and key in changes and changes[key] != cell.get_text()
        ]
        words = {key: cell.get_text() for key, cell, _ in changed}
        view = edition.views.get(name)
        if view:
            facts = [fact for row in view.rows for fact in row.facts if fact in used]
            leads = {
                fact: edition.anchor(used[fact][0]) if len(used[fact]) == 1 else f"uses-{anchor_of(fact)}"
                for fact in facts
            }
            mark_cells(table, view, leads)
            below += _uses(name, facts, used, edition)
        for place, (key, cell, was) in enumerate(changed, start=1):
            _changed(cell, f"changed-{name}-{place}", f"前の版：{was or '空欄'}")
            edition.changed.append(
                (str(cell["id"]), f"{view.caption if view else name}　{key[0]}：{was} → {words[key]}")
            )
        section = name.removeprefix("tbl-")
        found = [one for one in edition.reviewed.findings if one.table == section]
        edition.told |= set(found)
        below = _findings(found, f"{view.caption if view else name} について") + below
    return str(soup) + below + _code(piece)


def _uses(name: str, facts: Iterable[str], used: Mapping[str, list[Figure]], edition: _Edition) -> str:
    lines = "".join(
        f'<li id="uses-{anchor_of(fact)}" tabindex="-1"><a href="#{anchor_of(fact)}">{escape(fact)}</a>：'
        + "、".join(
            f'<a href="#{edition.anchor(one)}">{escape(one.section)} の「{escape(one.text)}」</a>' for one in used[fact]
        )
        + "</li>\n"
        for fact in dict.fromkeys(facts)
    )
    return f'<div class="uses"><p>この表の数値を使っている文</p>\n<ul>\n{lines}</ul></div>\n' if lines else ""


def _findings(found: Iterable[Finding], about: str) -> str:
    told = ""
    listed = list(found)
    for severity, name in _SEVERITIES.items():
        lines = "".join(
            f"<li>{escape(one.message)}<br>{escape(f'{one.sheet} {one.cell}'.strip())}"
            f"{f'<br>→ {escape(one.suggestion)}' if one.suggestion else ''}</li>\n"
            for one in listed
            if one.severity == severity
        )
        if lines:
            told += f'<div class="findings {severity}" role="group" aria-label="{escape(about)}{name}"><p>{name}</p>\n<ul>\n{lines}</ul></div>\n'
    return told


def _code(piece: Piece) -> str:
    """The executed code of an output, to be opened."""
    if not piece.code or piece.output is None:
        return ""
    return f"<details><summary>コードを見る（{escape(piece.where)}）</summary>\n<pre>{escape(piece.code)}</pre></details>\n"


def _proof_in_words(proof: Mapping[str, Any] | None) -> str:
    if proof is None:
        return ""
    low, high = proof["interval"]
    return (
        "<h3>公表用の版の確かめ</h3>\n"
        f"<p>前に作った公表用の版で、{proof['published']:,} 個の数値を示し、{proof['hidden']} 個（うち 1 から {proof['threshold'] - 1} までの数"
        f" {proof['small']} 個）を秘匿しています。書き出したデータだけから計算して、{low} から {high} までより狭く分かる少ない数、または"
        f"計算できてしまう数：{len(proof['fallen'])} 個。</p>\n"
    )


def _opening(edition: _Edition, since: str, proof: str) -> str:
    """What the reviewer sees first: the outcomes, what is open, and what has changed."""
    figures = [one for one in edition.reviewed.figures if edition.is_marked(one)]
    counts = Counter(one.outcome for one in figures)
    legend = "".join(
        f'<li><span class="figure {outcome}">例</span>{_SIGNS[outcome]} {name}：{counts[outcome]} 件</li>\n'
        for outcome, name in OUTCOMES.items()
    )
    still = "".join(
        f'<li><a href="#{edition.anchor(one)}">{escape(one.section)} の「{escape(one.text)}」</a>：{OUTCOMES[one.outcome]}'
        f"{escape('。' + one.why if one.why else '')}</li>\n"
        for one in figures
        if one.outcome in (CONTRADICTED, AMBIGUOUS, OF_UNIT, UNTRACED)
    )
    missing = [one for one in edition.reviewed.figures if not edition.is_marked(one)]
    hidden = "、".join(sorted({one.file for one in missing}))
    others = [one for one in edition.reviewed.findings if one not in edition.told]
    changed = "".join(f'<li><a href="#{anchor}">{escape(told)}</a></li>\n' for anchor, told in edition.changed)
    changes = f"<h3>{escape(since)}から変わったところ</h3>\n" + (
        f"<ul>\n{changed}</ul>\n" if changed else "<p>ありません。</p>\n"
    )
    return (
        '<section class="review" id="review">\n<h2>確認用の版</h2>\n'
        "<p>本文の数値を選ぶと、もとになった表のセルへ移ります。表のセルの点線の数値を選ぶと、それを使っている文へ戻ります。"
        "図表の下の「コードを見る」で、図表を作ったコードを開けます。</p>\n"
        f"<h3>本文の数値（{len(figures)} 件）</h3>\n<ul>\n{legend}</ul>\n"
        + (
            f"<p>まだ決まっていない数値</p>\n<ul>\n{still}</ul>\n"
            if still
            else "<p>合わない数値、たどれない数値はありません。</p>\n"
        )
        + (
            f"<p>年報に表示されていない文の数値が {len(missing)} 件あります（{escape(hidden)}）。</p>\n"
            if missing
            else ""
        )
        + _findings(others, "年報全体の")
        + proof
        + (changes if since else "<p>比べる前の版はありません。</p>\n")
        + "</section>\n"
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
