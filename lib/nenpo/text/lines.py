"""Lines that Japanese offices type as lists: each that begins with a mark, or with a full-width blank, is a line of its own; one that is moved far
to the right, as the day and the names below a foreword are, stands at the right edge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

_KANJI = "一二三四五六七八九十"
_MARK = re.compile(
    rf"""(?P<blank>[ \u3000]*)(?P<mark>(?:
      [・･※〇○●◎◇◆□■△▽▼☆★→⇒➢✓✔▶►▪•‣◦＊†‡❖]      # bullets
    | ▲(?!\d)                                              # no negative number
    | [\u2460-\u24ff\u2776-\u2793\u3220-\u3247\u3251-\u325f\u3280-\u32bf\u32d0-\u32fe]  # ① ⑴ ㈠ ㋐
    | [Ⅰ-Ⅻⅰ-ⅻ][．.、)）\u3000]
    | [（(](?:\d{{1,3}}|[{_KANJI}]{{1,3}}|[ぁ-んァ-ンｱ-ﾝ]|[a-zA-Zａ-ｚＡ-Ｚ]|[Ⅰ-Ⅻⅰ-ⅻ])[)）]
    | (?:\d{{1,2}}|[{_KANJI}]{{1,3}}|[ァ-ンｱ-ﾝａ-ｚＡ-Ｚ])[．.）)](?!\d)
    | (?:\d{{1,2}}|[ァ-ンｱ-ﾝ])、(?!\d)
    | [{_KANJI}]{{1,3}}、(?![{_KANJI}])
    | [a-zA-Z][.)](?=[ \u3000])
    | [－―–—ー](?=[ \u3000])
    )[ \u3000]*)""",
    re.VERBOSE,
)
_DEEPEST = 4
# So many blanks move a line to the right edge.
_FAR = "\u3000" * 8


def own_lines(tokens: Sequence[Token], source: Sequence[str]) -> Iterator[Token]:
    """The tokens of the lines of a ``source`` with each such line of a paragraph in a paragraph of its own; one that begins with a mark has the
    class ``item``, its depth in ``meta``, its mark in a token of the type ``mark``, and what hangs behind that in ``hung``; one at the right
    edge has the class ``end``."""
    at = 0
    while at < len(tokens):
        if tokens[at].type == "paragraph_open":
            end = next(end for end in range(at, len(tokens)) if tokens[end].type == "paragraph_close")
            yield from _paragraphs(tokens[at], tokens[at + 1], tokens[at + 2 : end], tokens[end], source)
            at = end + 1
        else:
            yield tokens[at]
            at += 1


def _paragraphs(
    opening: Token, inline: Token, more: Sequence[Token], closing: Token, source: Sequence[str]
) -> Iterator[Token]:
    """The paragraphs of one; ``more`` are the ways back from a note, which stand behind its last line."""
    lines = list(_lines(inline.children or []))
    # An item of a list (its paragraph is hidden) has a mark already.
    line = opening.map[0] if opening.map else None
    is_far = line is not None and _is_far(source, line)
    if len(lines) == 1 and not is_far and (opening.hidden or not _MARK.match(_first(lines[0]))):
        yield from (opening, inline, *more, closing)
        return
    for number, children in enumerate(lines, start=1):
        item, part = opening.copy(attrs={}, meta={}), inline.copy(children=children)
        if line is not None:
            if _is_far(source, line):
                item.attrs["class"], item.meta["end"] = "end", True
            item.map = part.map = [line, line + 1]
            line += 1 + sum(child.type in ("softbreak", "hardbreak") for child in children)
        item.hidden = False
        if match := _MARK.match(_first(children)):
            depth = min(match["blank"].count("\u3000"), _DEEPEST)
            item.attrs["class"] = f"item depth-{depth}" if depth else "item"
            item.meta["depth"] = depth
            rest = children[0].copy(content=children[0].content[match.end() :]), *children[1:]
            mark = Token("mark", "", 0, content=match["mark"])
            part.children = [mark, Token("hung_open", "span", 1), *rest, Token("hung_close", "span", -1)]
        elif children and children[0].type == "text":
            part.children = [children[0].copy(content=children[0].content.lstrip(" \u3000")), *children[1:]]
        end = closing.copy()
        end.hidden = False
        yield from (item, part, *(more if number == len(lines) else ()), end)


def _lines(children: Sequence[Token]) -> Iterator[list[Token]]:
    """The children up to each break before a line of its own, and after the last."""
    line: list[Token] = []
    depth = 0
    for at, child in enumerate(children):
        depth += child.nesting
        following = _first(children[at + 1 :])
        ends = child.type in ("softbreak", "hardbreak") and (following.startswith("\u3000") or _MARK.match(following))
        if ends and depth == 0:
            yield line
            line = []
        else:  # what is bold across lines stays one paragraph
            line.append(child.copy(type="hardbreak", tag="br") if ends else child)
    yield line


def _first(children: Sequence[Token]) -> str:
    return children[0].content if children and children[0].type == "text" else ""


def _is_far(source: Sequence[str], line: int) -> bool:
    return line < len(source) and source[line].startswith(_FAR)
