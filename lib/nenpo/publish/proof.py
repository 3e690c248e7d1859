"""Proof of a book before it is set: characters the face lacks, links that lead nowhere, outputs that cannot be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from urllib.parse import unquote

from markdown_it.token import Token

from nenpo.errors import ContentError, Fault
from nenpo.japanese.letters import radicals
from nenpo.present.glyphs import missing, named
from nenpo.present.svg import Unprintable
from nenpo.publish.book import Book, Heading, Piece
from nenpo.publish.html import piece_html
from nenpo.publish.outputs import picture
from nenpo.text.markdown import Text, links, plain, remarks

# So deep may lists and quotations stand in each other, a list two levels each: the parser drops what lies below 20, Typst below 16.
_DEEPEST = 13
# A tag of our own HTML, which writes > in an attribute as an entity.
_TAG = re.compile("<[^>]*>")


def proof(book: Book) -> None:
    """Raises ContentError with everything that would vanish from the page."""
    # A cell split at its headings tells the same fault in each part.
    if faults := dict.fromkeys([*_unprintable(book), *_too_deep(book), *_empty_headings(book), *_open_remarks(book)]):
        raise ContentError(faults)
    faults = dict.fromkeys([*_lacking(book), *_loose_links(book)])
    if faults:
        raise ContentError(faults)


def _unprintable(book: Book) -> Iterator[Fault]:
    """Outputs that a page cannot show, and pasted pictures that are damaged."""
    for piece in book.pieces:
        if piece.fault:
            yield piece.fault
        for bundle in (piece.attachments or {}).values():
            for kind, coded in bundle.items():
                try:
                    picture(kind, coded)
                except Unprintable as error:
                    yield Fault(str(error), piece.where, error.remedy)


def _texts(book: Book) -> Iterator[tuple[str, Text]]:
    """The texts of a book, each with where it stands."""
    yield from ((item.where, item.text) for item in book.items if isinstance(item, Piece) and item.text)


def _line(token: Token) -> str:
    """The line in which a block begins, as it is told behind the place of its text."""
    return f" {token.map[0] + 1} 行目" if token.map else ""


def _open_remarks(book: Book) -> Iterator[Fault]:
    """Remarks that are not closed: where they end, and the text goes on, nobody can tell."""
    for where, text in _texts(book):
        for line in remarks(text.source):
            yield Fault("覚え書き（<!--）が閉じていません", f"{where} {line} 行目", "終わりに --> を書いてください")


def _too_deep(book: Book) -> Iterator[Fault]:
    """Lists and quotations in each other that a page has no room for."""
    remedy = "行の初めの記号（> や -）と空白を減らして、浅くしてください"
    for where, text in _texts(book):
        deep = next((token for token in text.tokens if token.level > _DEEPEST), None)
        if deep is not None:
            yield Fault("箇条書きや引用（>）が深すぎます", f"{where}{_line(deep)}", remedy)


def _empty_headings(book: Book) -> Iterator[Fault]:
    """Headings of no words: a list of headings could not name them."""
    remedy = "見出しの言葉を書くか、行の初めの # を消してください"
    for item in book.items:
        if isinstance(item, Heading) and not item.title.strip():
            yield Fault("見出しに言葉がありません", "章のノートブック", remedy)
        elif isinstance(item, Piece) and item.text:
            for token, words in pairwise(item.text.tokens):
                if token.type == "heading_open" and not plain(words).strip():
                    yield Fault("見出しに言葉がありません", f"{item.where}{_line(token)}", remedy)


def _lacking(book: Book) -> Iterator[Fault]:
    remedy = "別の文字に置き換えてください"
    for item in book.items:
        shown: dict[str, str] = {}
        if isinstance(item, Heading):
            shown[f"見出し「{item.title}」"] = item.title
        elif item.text:
            lines = enumerate(item.text.source.split("\n"), start=1)
            shown = {f"{item.where} {number} 行目": line for number, line in lines}
        elif item.views:
            shown[f"{item.where} の出力"] = unescape(_TAG.sub(" ", piece_html(item)))
        for where, text in shown.items():
            for radical, letter in (typed := radicals(text)).items():
                instead = f"漢字の「{letter}」（U+{ord(letter):04X}）に打ち直してください" if letter else remedy
                yield Fault(f"文字 {named(radical)} は部首の記号で、漢字ではありません", where, instead)
            for character in (character for character in missing(text) if character not in typed):
                yield Fault(f"文字 {named(character)} は紙面の書体にありません", where, remedy)


def _loose_links(book: Book) -> Iterator[Fault]:
    """Links within the report that lead to no place in it. A chapter on its own may link to another."""
    if not book.whole:
        return
    anchors = {heading.id for heading in book.headings}
    for piece in book.pieces:
        if piece.views:
            anchors |= set(re.findall(r'\bid="([^"]+)"', piece_html(piece)))
    for item in book.items:
        if isinstance(item, Piece) and item.text:
            for address, line in links(item.text):
                place = f"#tbl-{address[5:].partition('/')[0]}" if address.startswith("fact:") else address
                if place.startswith("#") and place[1:] not in anchors:
                    yield Fault(
                        f"リンク先「{unquote(address)}」がありません",
                        f"{item.where} {line} 行目",
                        "#sec-2-1、#tbl-2-1 や fact:2-1/新規相談受付件数/R5 の形で書いてください",
                    )
