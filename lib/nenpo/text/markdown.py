"""Markdown as nenpo understands it: CommonMark with tables and footnotes, no HTML, at home in Japanese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

# Scripts that are written without spaces, with their punctuation and full-width forms.
_UNSPACED = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")

_REMARK = re.compile("<!--.*?-->", re.DOTALL)

# Signs that the report's face lacks and what is printed instead: U+2027 is a middle dot in the source's 離職‧廃業.
_PRINTED = str.maketrans({"\u2027": "・"})


@dataclass(frozen=True)
class Text:
    """A parsed text. ``source`` is what was written, but for remarks, ``tokens`` what it means; headings start at ``level``."""

    source: str
    tokens: tuple[Token, ...]
    name: str


def parse(source: str, name: str = "text", level: int | None = None) -> Text:
    """Parse Markdown, without its remarks. ``name`` keeps the footnotes of several texts apart; with ``level``, the highest heading becomes
    that level and none is skipped below it."""
    normal = without_remarks(unicodedata.normalize("NFC", source).translate(_PRINTED))
    tokens = tuple(_markdown().parse(normal, {"docId": name}))
    if level is not None:
        _rebase(tokens, level)
    for token in _walk(tokens):
        if token.type == "inline":
            _join_lines(token.children or [])
    return Text(normal, tokens, name)


def without_remarks(source: str) -> str:
    """The source without ``<!-- … -->``: what one writes to oneself and to colleagues is no part of a report. Lines stay lines."""
    return _REMARK.sub(lambda found: "\n" * found[0].count("\n"), source)


def remarks(source: str) -> list[int]:
    """The lines (from 1) in which a remark begins, one that is never closed too."""
    return [source.count("\n", 0, found.start()) + 1 for found in re.finditer("<!--", source)]


def to_html(text: Text, images: Mapping[str, str] | None = None) -> str:
    """Render to HTML. ``images`` maps the addresses of pictures in the text to data URIs, of any other there is what it
    shows in words; h1 is left to the page."""
    markdown = _markdown()
    tokens = [_copied(token) for token in text.tokens]
    for token in _walk(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + 1)}"
        elif token.type == "image":
            if (source := (images or {}).get(str(token.attrs["src"]))) is not None:
                token.attrs["src"] = source
            else:  # nothing is fetched from elsewhere
                token.type, token.tag, token.content = "text", "", plain(token)
        elif token.type == "link_open" and str(token.attrs["href"]).startswith("fact:"):
            # A figure leads to the table it rests on.
            token.attrs["href"] = "#tbl-" + str(token.attrs["href"])[len("fact:") :].partition("/")[0]
        elif token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", None)):
            # The page's policy allows no style attributes.
            token.attrs["class"] = str(style).removeprefix("text-align:")
    return markdown.renderer.render(tokens, markdown.options, {"docId": text.name})


def plain(inline: Token) -> str:
    """The characters of an inline token, without its marks."""
    return "".join(
        child.content if child.type in ("text", "code_inline", "image") else "\n" * (child.type == "hardbreak")
        for child in inline.children or ()
    )


def links(text: Text) -> Iterator[tuple[str, int]]:
    """Address and line (from 1) of each link."""
    line = 1
    for token in text.tokens:
        line = token.map[0] + 1 if token.map else line
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"]), line


_parser: MarkdownIt | None = None


def _markdown() -> MarkdownIt:
    global _parser
    if _parser is None:
        _parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(footnote_plugin)
        _parser.inline.ruler.at("emphasis", _emphasis)
        _parser.validateLink = _harmless  # type: ignore[method-assign, assignment]
        _parser.add_render_rule("footnote_block_open", lambda *_: '<section class="footnotes">\n<ol>\n')
        _parser.add_render_rule("footnote_anchor", _back_link)
    return _parser


def _back_link(renderer: object, tokens: list[Token], index: int, options: object, env: dict[str, str]) -> str:
    number = int(tokens[index].meta["id"]) + 1
    suffix = f":{tokens[index].meta['subId']}" if tokens[index].meta["subId"] > 0 else ""
    return f' <a href="#fnref-{env["docId"]}-{number}{suffix}" class="footnote-backref">戻る</a>'


def _harmless(address: str) -> bool:
    """Links lead to a place in the report, to a figure, to the web or to a mailbox; nothing that runs."""
    scheme = re.match(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):", address)
    return scheme is None or scheme[1].lower() in ("http", "https", "mailto", "fact", "attachment")


def _emphasis(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule for ``*`` and ``_``, with CommonMark's flanking amended for scripts without spaces, so that
    ``**「重要」**です`` is bold: a CJK neighbour does for a mark what a space does in English."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    length = 1
    while state.pos + length < state.posMax and state.src[state.pos + length] == marker:
        length += 1
    before = state.src[state.pos - 1] if state.pos > 0 else " "
    after = state.src[state.pos + length] if state.pos + length < state.posMax else " "
    before_sign, after_sign = (isMdAsciiPunct(ord(char)) or isPunctChar(char) for char in (before, after))
    before_space, after_space = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
    before_edge = before_space or before_sign or bool(_UNSPACED.match(before))
    after_edge = after_space or after_sign or bool(_UNSPACED.match(after))
    left = not after_space and (not after_sign or before_edge)
    right = not before_space and (not before_sign or after_edge)
    can_open = left and (marker == "*" or not right or before_sign)
    can_close = right and (marker == "*" or not left or after_sign)
    for _ in range(length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(Delimiter(ord(marker), length, len(state.tokens) - 1, -1, can_open, can_close))
    state.pos += length
    return True


def _copied(token: Token) -> Token:
    children = [_copied(child) for child in token.children] if token.children else token.children
    return token.copy(attrs=dict(token.attrs), children=children)


def _walk(tokens: tuple[Token, ...] | list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


def _rebase(tokens: tuple[Token, ...], level: int) -> None:
    """Renumber headings: the first level used becomes ``level``, and a level below is never more than one deeper."""
    opens = [token for token in tokens if token.type == "heading_open"]
    used = sorted({int(token.tag[1:]) for token in opens})
    new = {old: level + depth for depth, old in enumerate(used)}
    deepest = level - 1
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            deepest = min(new[int(token.tag[1:])], deepest + 1)
            token.tag = tokens[index + 2].tag = f"h{deepest}"


def _join_lines(children: list[Token]) -> None:
    """A line break inside a Japanese paragraph is no space; between other words it is one."""
    for index, token in enumerate(children):
        if token.type == "softbreak":
            before = next((c.content for c in reversed(children[:index]) if c.content), "")
            after = next((c.content for c in children[index + 1 :] if c.content), "")
            joined = _UNSPACED.match(before[-1:]) or _UNSPACED.match(after[:1])
            token.type, token.tag, token.content = "text", "", "" if joined else " "
            token.markup = "\n"  # a line of the source ends here
