"""The parts of the HTML page: one self-contained page that asks nothing of the network and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nenpo.japanese.letters import without_controls
from nenpo.present.glyphs import subset_font
from nenpo.present.html import view_html
from nenpo.publish.book import Book, Heading, Piece
from nenpo.text.markdown import to_html

STYLE = Path(__file__).parent / "share" / "nbconvert" / "templates" / "nenpo" / "page.css"
# Colours in the dark, of a page that has no style of its own.
DARK = STYLE.with_name("dark.css")
_NOTE_CALL = re.compile(r'(?P<before><sup class="footnote-ref"><a href="#(?P<note>[^"]+)" id="[^"]+">)\[[\d:]+\]')
_NOTES = re.compile(r'<ol>\n<li id="(?P<note>fn-[^"]+)"')


@dataclass(frozen=True)
class Contents:
    """An entry of the contents list with the entries below it."""

    heading: Heading
    below: tuple[Heading, ...]


@dataclass(frozen=True)
class Part:
    """What stands in the page's body: a heading, which begins a section, or a piece as HTML; ``closes`` sections end before it."""

    closes: int
    heading: Heading | None = None
    html: str = ""


def parts_of(book: Book, pieces: Iterable[str]) -> list[Part]:
    """The page's body: each heading with what follows it in a section of its own; ``pieces`` are the book's, as HTML."""
    shown = iter(pieces)
    parts: list[Part] = []
    open_levels: list[int] = []
    for item in book.items:
        if isinstance(item, Piece):
            parts.append(Part(0, html=next(shown)))
            continue
        ended = [level for level in open_levels if level >= item.level]
        open_levels = [level for level in open_levels if level < item.level] + [item.level]
        parts.append(Part(len(ended), item))
    return [*parts, Part(len(open_levels))]


def page_style(shown: str, more: str = "") -> str:
    """The style of a page of ours, with the face's letters for what is shown; ``more`` is its own. The names of tags and what is read
    aloud count as shown, too: that costs a few letters and spares parsing the page."""
    style = STYLE.read_text(encoding="utf-8") + (more or DARK.read_text(encoding="utf-8"))
    for weight in (400, 700):
        face = base64.b64encode(subset_font(weight, shown)).decode()
        style += (
            f'\n@font-face {{ font-family: "BIZ UDPGothic"; font-weight: {weight}; '
            f'src: url(data:font/woff;base64,{face}) format("woff"); }}'
        )
    return style


def page_policy(style: str) -> str:
    """What a page of ours may do: show this style, and nothing from anywhere else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; font-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def with_numbered_notes(body: str) -> str:
    """The body with its footnotes numbered through, by their places in it; each text has numbered its own. Controls fall away."""
    body = without_controls(body)
    numbers: dict[str, int] = {}

    def number(note: str) -> int:
        return numbers.setdefault(note, len(numbers) + 1)

    body = _NOTE_CALL.sub(lambda call: f"{call['before']}[{number(call['note'])}]", body)
    return _NOTES.sub(lambda notes: f'<ol start="{number(notes["note"])}">\n<li id="{notes["note"]}"', body)


def piece_html(piece: Piece) -> str:
    if piece.text is None:
        return "".join(map(view_html, piece.views))
    images = {
        name: f"data:{kind};base64,{content}"
        for name, bundle in (piece.attachments or {}).items()
        for kind, content in bundle.items()
    }
    return f'<div class="text">\n{to_html(piece.text, images)}</div>\n'


def contents_of(book: Book) -> tuple[Contents, ...]:
    """The chapters with their sections."""
    return tuple(_contents(book))


def _contents(book: Book) -> Iterator[Contents]:
    top: Heading | None = None
    below: list[Heading] = []
    for heading in book.headings:
        if heading.level == 1:
            if top:
                yield Contents(top, tuple(below))
            top, below = heading, []
        elif top:
            below.append(heading)
    if top:
        yield Contents(top, tuple(below))
