"""The PDF: the book set by Typst, checked as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

import base64
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import takewhile

from nenpo.errors import ContentError, Fault
from nenpo.present.faces import FONTS
from nenpo.present.views import Charts, Notice, SideBySide, TableView, View
from nenpo.publish.book import Book, Heading, Piece
from nenpo.publish.typst import typst_of
from nenpo.text.typst import string, to_typst

# Lines of text below which a chapter may share a page.
SHORT = 26
# Rows from which a table stays on one page with its section's heading and the charts below it.
LONG = 15
STANDARDS: list[str] = ["a-2a", "ua-1"]


class Typesetter:
    """Typst in a process of its own, which starts up at once and sets one source."""

    def __enter__(self) -> Typesetter:
        command = [sys.executable, "-P", "-m", "nenpo.publish.typesetting", str(FONTS), *STANDARDS]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere)
        return self

    def __exit__(self, *exception: object) -> None:
        with self._process:
            self._process.kill()

    def typeset(self, source: str) -> bytes:
        """Compile Typst source, and mark its row headers. A warning is an error, as a warning is how a missing face or label
        shows."""
        answer, _ = self._process.communicate(source.encode())
        if self._process.returncode == 0:
            return answer
        try:
            faults = [_fault(message, diagnostic, source) for message, diagnostic in json.loads(answer)]
        except ValueError:
            remedy = "空いているメモリーを確かめて、もう一度実行してください"
            faults = [Fault("組版のプログラムが途中で止まりました", "PDF", remedy)]
        raise ContentError(faults)


def typeset(source: str, typesetter: Typesetter | None = None) -> bytes:
    """The PDF of Typst source. Raises ContentError where a page cannot be set as it should be."""
    if typesetter is None:
        with Typesetter() as typesetter:
            return typesetter.typeset(source)
    return typesetter.typeset(source)


def pdf_parts(book: Book) -> Iterator[str]:
    """The chapters, each on a page of its own unless it or the one before is short; a short one is kept together."""
    before_short = False
    for index, chapter in enumerate(_chapters(book)):
        short = index > 0 and _short(chapter)
        if index and not (short or before_short):
            yield "#fresh-page()\n"
        yield "#together[\n" if short else ""
        last = -1  # of what stays together
        for at, item in enumerate(chapter):
            if at > last:
                opening, last = _kept_together(chapter, at, short)
                yield opening
            if isinstance(item, Heading):
                yield f"#chapter({item.level}, {string(item.id)}, {string(item.title)})\n"
            else:
                yield _piece(item)
            yield "]\n" if at == last else ""
        yield "]\n" if short else ""
        before_short = short


def _chapters(book: Book) -> Iterator[list[Heading | Piece]]:
    chapter: list[Heading | Piece] = []
    for item in book.items:
        if chapter and isinstance(item, Heading) and item.level == 1:
            yield chapter
            chapter = []
        chapter.append(item)
    if chapter:
        yield chapter


def _short(chapter: Sequence[Heading | Piece]) -> bool:
    """Whether a chapter takes less than half a page: a few notices, a short text, a table of a line or two."""
    lines = 0.0
    for item in chapter:
        if isinstance(item, Heading):
            lines += 4
        elif item.text:
            lines += len(item.text.source) / 42 + 2 * item.text.source.count("\n\n")
        elif any(map(_lies, item.views)):
            return False
        else:
            lines += sum(map(_lines, item.views))
    return lines < SHORT


def _lines(view: View) -> int:
    match view:
        case TableView():
            return 4 + len(view.rows)
        case SideBySide():
            return 4 + sum(len(table.rows) for table in view.tables)
        case Notice():
            return 3
    return LONG * 2


def _kept_together(chapter: Sequence[Heading | Piece], at: int, short: bool) -> tuple[str, int]:
    """What opens here, and the last item in it: headings with tables that lie, or a section's heading with a long table and its charts."""
    headings = len(list(takewhile(lambda item: isinstance(item, Heading), chapter[at:])))
    shown = _tables_and_charts(chapter[at + headings :])
    if lying := list(takewhile(_lies, shown)):
        return "#landscape[\n", at + headings + len(lying) - 1
    if headings == 1 and not short and shown and _is_long(shown[0]):
        upright = list(takewhile(lambda view: not _lies(view), shown))
        return "#together[\n", at + len(upright)
    return "", -1


def _lies(view: View) -> bool:
    return isinstance(view, TableView) and view.landscape


def _tables_and_charts(items: Sequence[Heading | Piece]) -> list[View]:
    """The tables and charts that a section opens with."""
    shown = (item.views[0] if isinstance(item, Piece) and item.views else None for item in items)
    return [view for view in takewhile(lambda view: isinstance(view, TableView | Charts), shown) if view]


def _is_long(view: View) -> bool:
    """Whether a view is a table that takes the better part of a page."""
    return isinstance(view, TableView) and len(view.rows) >= LONG


def _piece(piece: Piece) -> str:
    if piece.text is None:
        return "".join(map(typst_of, piece.views))
    images = {
        name: f"bytes(({','.join(map(str, base64.b64decode(content)))},))"
        for name, bundle in (piece.attachments or {}).items()
        for content in bundle.values()
    }
    return to_typst(piece.text, images)


def _fault(message: str, diagnostic: str, source: str) -> Fault:
    """What the typesetter says, in words of ours: a table that is too wide, or the section that it could not set."""
    if wide := re.search(r"NENPO (.+?)\"?$", message):
        offer = "tables.toml のその表に landscape = true と（report.frame_table なら landscape=True と）書くと、横置きのページに載ります"
        shorter = "列を減らすか、見出しを短くしてください"
        return Fault(wide[1], "PDF", shorter if "横置きでも" in wide[1] else f"{offer}。または、{shorter}")
    logging.getLogger(__name__).debug("%s\n%s", message, diagnostic)
    line = max(map(int, re.findall(r"__\.typ:(\d+):", diagnostic)), default=0)
    sections = re.findall(r'^#chapter\(\d+, ".*?", "(.*)"\)$', "\n".join(source.split("\n")[:line]), re.MULTILINE)
    what = f"「{sections[-1]}」の節を組版できません" if sections else "組版できません"
    return Fault(what, "PDF", "その節の文章・表・図のうち、最後に変えたものを元に戻して確かめてください")
