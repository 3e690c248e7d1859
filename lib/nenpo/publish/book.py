"""A book from a notebook: headings, texts and outputs in order, the same for HTML and for the PDF.

Any notebook makes a book: one chapter, the stitched report, or a notebook that knows nothing of nenpo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from markdown_it.token import Token

from nenpo.errors import Fault
from nenpo.notebook import COMMENTARY_TAG, METADATA, Notebook
from nenpo.present.display import COMMENTARY
from nenpo.present.svg import Unprintable
from nenpo.present.views import CaseView, Notice, View
from nenpo.publish.links import is_download
from nenpo.publish.numbering import NUMBERED, Numbers
from nenpo.publish.outputs import views_of
from nenpo.text.markdown import Text, parse, plain, without_remarks

# Lines of what a cell prints that a report shows, and what colours and moves the letters of a terminal.
_LINES = 100
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


@dataclass(frozen=True)
class Heading:
    """A chapter (level 1) or a section (level 2)."""

    level: int
    id: str
    title: str


@dataclass(frozen=True)
class Piece:
    """A text, or the views of an output; ``where`` names the notebook and cell it came from. ``fault`` tells of an output that cannot be
    shown."""

    where: str
    text: Text | None = None
    views: tuple[View, ...] = ()
    fault: Fault | None = None
    attachments: Mapping[str, Mapping[str, str]] | None = None
    code: str = ""  # what made an output


@dataclass(frozen=True)
class Book:
    """``title`` and the like come from the stitched notebook's metadata; a bare notebook has its first heading. ``title`` has lines."""

    title: str
    office: str
    items: tuple[Heading | Piece, ...]
    whole: bool  # the whole report: with cover and contents
    inputs: str = ""  # the hash of what the report is made from
    issued: str = ""  # when it is published
    contact: str = ""  # whom to ask, in lines
    downloads: Mapping[str, str] = field(default_factory=dict)  # data files that the page carries, in base64, by name

    @property
    def title_lines(self) -> list[str]:
        return self.title.split("\n")

    @property
    def title_in_one_line(self) -> str:
        return in_one_line(self.title)

    @property
    def headings(self) -> tuple[Heading, ...]:
        return tuple(item for item in self.items if isinstance(item, Heading))

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(item for item in self.items if isinstance(item, Piece))


def in_one_line(title: str) -> str:
    """The lines of a title in one; a remark in brackets stands close."""
    first, *others = title.split("\n")
    return first + "".join(line if line.startswith("（") else f"　{line}" for line in others)


def make_book(notebook: Notebook, name: str) -> Book:
    """The book of a notebook. Code is not shown; outputs on stderr are not part of a report."""
    about = notebook["metadata"].get(METADATA, {})
    items = tuple(_numbered_views(_unique(_relevelled(_items(notebook, name)))))
    first = next((item.title for item in items if isinstance(item, Heading)), name)
    whole, inputs = bool(about.get("whole")), str(about.get("inputs", ""))
    downloads = {
        name: content
        for name, content in about.get("downloads", {}).items()
        if is_download(name) and isinstance(content, str) and _BASE64.fullmatch(content)
    }
    return Book(
        title=str(about.get("title", first)),
        office=str(about.get("office", "")),
        items=items,
        whole=whole,
        inputs=inputs,
        issued=str(about.get("issued", "")).strip(),
        contact=str(about.get("contact", "")).strip(),
        downloads=downloads,
    )


def _items(notebook: Notebook, name: str) -> Iterator[Heading | Piece]:
    anchors = (f"out-{number}" for number in count(1))
    for number, cell in enumerate(notebook["cells"], start=1):
        where = f"{cell['metadata'].get('nenpo_chapter', name)} のセル {cell['metadata'].get('nenpo_cell', number)}"
        if cell["cell_type"] == "markdown":
            about = cell["metadata"].get(METADATA, {})
            if about.get("commentary"):
                where = f"commentary/{about['commentary']}.md"
            if draft := about.get("draft"):
                yield Piece(where, views=(Notice(f"（下書き：{draft}）"),))
            if about.get("missing") and without_remarks(cell["source"]).strip() in ("", about["missing"]):
                yield Piece(where, views=(Notice(about["missing"]),))
                continue
            commentary = COMMENTARY_TAG in cell["metadata"].get("tags", ())
            text = parse(cell["source"], f"cell-{number}", level=3 if commentary else None)
            yield from _split(text, where, cell.get("attachments"), cell["metadata"].get("nenpo_anchor"))
        elif cell["cell_type"] == "code":
            is_hidden = cell["metadata"].get("transient", {}).get("remove_source")  # by nbconvert's remove_input
            for output in cell["outputs"]:
                for piece in _output(output, where, f"cell-{number}", anchors):
                    yield replace(piece, code="" if is_hidden else cell["source"])


def _output(output: Mapping[str, Any], where: str, name: str, anchors: Iterator[str]) -> Iterator[Piece]:
    if output["output_type"] in ("display_data", "execute_result"):
        if commentary := commentary_in(output):
            text = parse(commentary["source"], name, level=3) if commentary["source"] else None
            yield Piece(where, text=text, views=() if text else (Notice(commentary["missing"]),))
        elif "text/markdown" in output["data"] and "text/html" not in output["data"]:
            yield Piece(where, text=parse(output["data"]["text/markdown"], name, level=3))
        elif set(output["data"]) == {"text/plain"}:
            yield from _printed(output["data"]["text/plain"], where, anchors)
        else:
            yield _shown(output["data"], where, anchors)
    elif output["output_type"] == "stream" and output["name"] == "stdout":
        yield from _printed(output["text"], where, anchors)


def _shown(data: Mapping[str, Any], where: str, anchors: Iterator[str]) -> Piece:
    try:
        return Piece(where, views=views_of(data, next(anchors)))
    except Unprintable as error:
        return Piece(where, fault=Fault(str(error), where, error.remedy))


def _printed(text: str | list[str], where: str, anchors: Iterator[str]) -> Iterator[Piece]:
    """What a cell has printed, without codes for terminals; of what is too long for a report the beginning, and a note that says so."""
    lines = _ANSI.sub("", "".join(text)).rstrip().split("\n")
    if any(line.strip() for line in lines):
        yield _shown({"text/plain": "\n".join(lines[:_LINES])}, where, anchors)
    if over := len(lines[_LINES:]):
        yield Piece(where, views=(Notice(f"（{where} の出力は長いため、ここから先の {over:,} 行を省きました）"),))


def commentary_in(output: Mapping[str, Any]) -> Mapping[str, str] | None:
    """The commentary that an output carries: its name, source and what is said where there is none."""
    commentary = output.get("data", {}).get(COMMENTARY)
    parts = {"name", "source", "missing"}
    shaped = (
        isinstance(commentary, Mapping)
        and commentary.keys() == parts
        and all(isinstance(commentary[part], str) for part in parts)
    )
    return commentary if shaped else None


def _split(
    text: Text, where: str, attachments: Mapping[str, Mapping[str, str]] | None, anchor: Any
) -> Iterator[Heading | Piece]:
    """A Markdown cell's chapter and section headings apart from the text between them. Footnotes, which the parser puts
    at the end of the cell, go with the text that refers to them."""
    body, notes = _without_notes(text.tokens)
    run: list[Token] = []

    index = 0

    def piece() -> Piece:
        # The name keeps a footnote's anchors apart where two parts refer to it.
        part = replace(text, tokens=(*run, *_notes_of(run, notes)), name=f"{text.name}-{index}")
        return Piece(where, text=part, attachments=attachments)

    while index < len(body):
        token = body[index]
        if token.type == "heading_open" and token.tag in ("h1", "h2") and token.level == 0:
            if run:
                yield piece()
                run = []
            title = plain(body[index + 1])
            yield Heading(int(token.tag[1:]), anchor if _is_anchor(anchor) else _anchor(title), title)
            index += 3
        else:
            run.append(token)
            index += 1
    if run:
        yield piece()


def _without_notes(tokens: Sequence[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    """The tokens of the text, and those of each footnote by its number."""
    body: list[Token] = []
    notes: dict[int, list[Token]] = {}
    note: list[Token] | None = None
    for token in tokens:
        if token.type == "footnote_open":
            note = notes.setdefault(token.meta["id"], [])
        if note is not None:
            note.append(token)
        elif token.type not in ("footnote_block_open", "footnote_block_close"):
            body.append(token)
        if token.type == "footnote_close":
            note = None
    return body, notes


def _notes_of(run: Sequence[Token], notes: Mapping[int, list[Token]]) -> list[Token]:
    """The block of the footnotes that a run of text refers to."""
    called = {child.meta["id"] for token in run for child in token.children or () if child.type == "footnote_ref"}
    block = [token for number, tokens in notes.items() if number in called for token in tokens]
    return [Token("footnote_block_open", "", 1), *block, Token("footnote_block_close", "", -1)] if block else []


def _is_anchor(anchor: object) -> bool:
    return isinstance(anchor, str) and bool(re.fullmatch(r"[a-z][a-z0-9-]*", anchor))


def _anchor(title: str) -> str:
    """sec-2-1 for 「2－1　相談件数等」, sec-2 for 「2　相談支援実績」, sec for what has no number."""
    match = NUMBERED.match(title)
    return "-".join(["sec", *(part for part in match.groups() if part)]) if match else "sec"


def _relevelled(items: Iterator[Heading | Piece]) -> Iterator[Heading | Piece]:
    """No level is skipped: a heading is at most one deeper than the one above it, as PDF/UA demands."""
    depth = 0
    for item in items:
        if isinstance(item, Heading):
            item = replace(item, level=min(item.level, depth + 1))
            depth = item.level
        elif item.views:
            item = replace(item, views=tuple(_levelled(view, 3 if depth == 2 else depth + 1) for view in item.views))
        elif item.text:
            deepest = depth
            tokens = []
            level = depth
            for token in item.text.tokens:
                if token.type == "heading_open":
                    level = max(3 if depth == 2 else depth + 1, min(int(token.tag[1:]), deepest + 1))
                    deepest = level
                if token.type in ("heading_open", "heading_close"):
                    token = token.copy(tag=f"h{level}")
                tokens.append(token)
            item = replace(item, text=replace(item.text, tokens=tuple(tokens)))
        yield item


def _levelled(view: View, level: int) -> View:
    return replace(view, level=level) if isinstance(view, CaseView) else view


def _numbered_views(items: Iterator[Heading | Piece]) -> Iterator[Heading | Piece]:
    """The figures and tables with the numbers they have where they stand."""
    numbers = Numbers()
    for item in items:
        if isinstance(item, Heading):
            numbers.begin(item.title)
        elif item.views:
            item = replace(item, views=tuple(map(numbers.numbered, item.views)))
        yield item


def _unique(items: Iterator[Heading | Piece]) -> Iterator[Heading | Piece]:
    """Anchors without a twin: the second one of a name is numbered."""
    seen: dict[str, int] = {}
    for item in items:
        if isinstance(item, Heading):
            seen[item.id] = seen.get(item.id, 0) + 1
            if seen[item.id] > 1 or item.id == "sec":
                item = replace(item, id=f"{item.id}-s{seen[item.id]}")
        yield item
