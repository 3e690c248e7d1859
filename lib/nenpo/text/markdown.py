"""Markdown as nenpo understands it: CommonMark with tables, footnotes and ~~strokes~~, no HTML but ``<img>``, at home in Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml, isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from nenpo.japanese.letters import LINE_BREAK, visible
from nenpo.text.lines import own_lines
from nenpo.text.pictures import ADDRESS, picture_name

# Scripts that are written without spaces, with their punctuation and full-width forms.
_UNSPACED = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")

_PICTURE = re.compile(rf"!\[(?P<alt>[^\[\]\n]*)\]\({ADDRESS}(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)", re.IGNORECASE)
_IMG = re.compile(r"<img(?=[\s/])(?P<attributes>[^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")

# A figure with the operators before it stays on one line: letters of full width may be broken apart anywhere. The PDF has the same rule.
_DIGITS, _OPERATORS = "[0-9０-９]{1,12}(?:[.,．，][0-9０-９]{1,12}){0,4}[%％]?", "[≒≈＝=≠≦≧±＋+－−×÷／/～〜▲△]{1,2}"
_FIGURE = re.compile(f"(?:{_OPERATORS})?{_DIGITS}(?:{_OPERATORS}{_DIGITS}){{0,2}}")

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
    normal = without_remarks(visible(source).translate(_PRINTED))
    tokens = tuple(own_lines(_markdown().parse(normal, {"docId": name}), normal.split("\n")))
    if level is not None:
        _rebase(tokens, level)
    for token in _walk(tokens):
        if token.type == "inline":
            _join_lines(token.children or [])
    return Text(normal, tokens, name)


def without_remarks(source: str) -> str:
    """The source without ``<!-- … -->``: what one writes to oneself and to colleagues is no part of a report. Lines stay lines."""
    return _REMARK.sub(lambda match: "\n" * match[0].count("\n"), source)


def remarks(source: str) -> list[int]:
    """The lines (from 1) in which a remark begins, one that is never closed too."""
    return [source.count("\n", 0, match.start()) + 1 for match in re.finditer("<!--", source)]


def to_html(text: Text, images: Mapping[str, str] | None = None) -> str:
    """Render to HTML. ``images`` maps the names of the pictures in the text to data URIs, of any other there is what it shows in
    words; h1 is left to the page."""
    markdown = _markdown()
    tokens = [_copied(token) for token in text.tokens]
    for token in _walk(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + 1)}"
        elif token.type == "image":
            name = picture_name(str(token.attrs["src"]))
            if name and (source := (images or {}).get(name)) is not None:
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
        child.content if child.type in ("text", "code_inline", "image", "mark") else "\n" * (child.type == "hardbreak")
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
        _parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("code")
        _parser.use(footnote_plugin)  # what begins with blanks is no program
        _parser.inline.ruler.at("emphasis", _emphasis)
        _parser.inline.ruler.at("strikethrough", _strikethrough)
        _parser.inline.ruler.before("image", "picture", _picture)
        _parser.inline.ruler.before("newline", "line_break", _line_break)
        _parser.inline.add_terminator_char(LINE_BREAK)
        _parser.add_render_rule(
            "mark", lambda _, tokens, at, *__: f'<span class="mark">{escapeHtml(tokens[at].content)}</span>'
        )
        _parser.add_render_rule("text", lambda _, tokens, at, *__: _FIGURE.sub(_whole, escapeHtml(tokens[at].content)))
        _parser.validateLink = _harmless  # type: ignore[method-assign, assignment]
        _parser.add_render_rule("footnote_block_open", lambda *_: '<section class="footnotes">\n<ol>\n')
        _parser.add_render_rule("footnote_anchor", _back_link)
    return _parser


def _whole(figure: re.Match[str]) -> str:
    is_broken = len(figure[0]) > 1 and not figure[0].isascii()
    return f'<span class="whole">{figure[0]}</span>' if is_broken else figure[0]


def _back_link(renderer: object, tokens: list[Token], index: int, options: object, env: dict[str, str]) -> str:
    number = int(tokens[index].meta["id"]) + 1
    suffix = f":{tokens[index].meta['subId']}" if tokens[index].meta["subId"] > 0 else ""
    return f' <a href="#fnref-{env["docId"]}-{number}{suffix}" class="footnote-backref">戻る</a>'


def _harmless(address: str) -> bool:
    """Links lead to a place in the report, to a figure, to the web or to a mailbox; nothing that runs."""
    scheme = re.match(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):", address)
    return scheme is None or scheme[1].lower() in ("http", "https", "mailto", "fact", "attachment")


def _line_break(state: StateInline, silent: bool) -> bool:
    """A line break inside a paragraph as other programs have it."""
    if state.src[state.pos] != LINE_BREAK:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos += 1
    return True


def _picture(state: StateInline, silent: bool) -> bool:
    """A picture pasted into a cell or laid beside the text, by ``![…](…)`` with any name that files have, or by ``<img>``."""
    if match := _PICTURE.match(state.src, state.pos, state.posMax):
        alt, address = match["alt"], match["place"] + match["name"]
    elif match := _IMG.match(state.src, state.pos, state.posMax):
        given = {name.lower(): unescape("".join(value)) for name, *value in _ATTRIBUTE.findall(match["attributes"])}
        alt, address = given.get("alt", ""), given.get("src", "")
    else:
        return False
    if not silent:
        token = state.push("image", "img", 0)
        token.attrs, token.content = {"src": address, "alt": ""}, alt
        token.children = [Token("text", "", 0, content=alt)] if alt else []
    state.pos = match.end()
    return True


def _emphasis(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule for ``*`` and ``_``, at home in scripts without spaces."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    length, can_open, can_close = _flanking(state)
    for _ in range(length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(Delimiter(ord(marker), length, len(state.tokens) - 1, -1, can_open, can_close))
    state.pos += length
    return True


def _strikethrough(state: StateInline, silent: bool) -> bool:
    """The same for ``~~``."""
    if silent or state.src[state.pos] != "~":
        return False
    length, can_open, can_close = _flanking(state)
    if length < 2:
        return False
    for marks in ["~"] * (length % 2) + ["~~"] * (length // 2):
        token = state.push("text", "", 0)
        token.content = marks
        if marks == "~~":
            state.delimiters.append(Delimiter(ord("~"), 0, len(state.tokens) - 1, -1, can_open, can_close))
    state.pos += length
    return True


def _flanking(state: StateInline) -> tuple[int, bool, bool]:
    """Length of a run of marks, and whether it can open and close, by CommonMark's rule amended for scripts without spaces: a CJK
    neighbour, on either side, does for a mark what a space does in English. So ``**「重要」**です`` and ``**「A」**B`` are bold."""
    marker = state.src[state.pos]
    length = 1
    while state.pos + length < state.posMax and state.src[state.pos + length] == marker:
        length += 1
    before = state.src[state.pos - 1] if state.pos > 0 else " "
    after = state.src[state.pos + length] if state.pos + length < state.posMax else " "
    before_sign, after_sign = (isMdAsciiPunct(ord(char)) or isPunctChar(char) for char in (before, after))
    before_space, after_space = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
    before_cjk, after_cjk = bool(_UNSPACED.match(before)), bool(_UNSPACED.match(after))
    left = not after_space and (not after_sign or before_space or before_sign or before_cjk or after_cjk)
    right = not before_space and (not before_sign or after_space or after_sign or after_cjk or before_cjk)
    can_open = left and (marker != "_" or not right or before_sign)
    can_close = right and (marker != "_" or not left or after_sign)
    return length, can_open, can_close


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
