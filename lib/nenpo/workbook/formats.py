"""Number formats (ECMA-376, part 1, 18.8.31): whether a cell shows the number, or the text, that it holds."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache

from nenpo.records import Number

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*(?P<filled>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/標準)'
    r"|(?P<digit>[0#?])|(?P<sign>[,.%@/]|E[+-])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARE: dict[str, Callable[[Number, Number], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
# Signs that belong to a number: beside it, they make it another.
_OF_NUMBERS = frozenset(".,．，。、%％‰-−－‐△▲")


def is_percent(number_format: str) -> bool:
    """Whether a cell of this format shows the hundredfold of what it holds."""
    return any(kind == "%" for section in _sections(number_format) for kind, _ in section)


def shows(number_format: str, value: Number | str, unit: str = "") -> bool:
    """Whether a cell of this format shows the value as itself: its digits, with words, blanks and thousands separators beside
    them, and nothing else that is read as part of a number. Per cents are given as they are shown, with their unit."""
    sections = _sections(number_format)
    if unit in ("%", "％"):
        sections = [[(kind, text) for kind, text in section if "%" not in (kind, text.strip())] for section in sections]
    if isinstance(value, str):
        texts = [section for section in sections if any(kind == "@" for kind, _ in section)] or sections[3:4]
        return all(_shows_text(section) for section in texts[-1:])
    section = _applied(sections, value)
    if value < 0 and section is not sections[0]:  # a section of its own shows no sign but the one that stands in it
        return section[:1] in ([("literal", sign)] for sign in "-▲△") and _shows_number(section[1:], -value)
    return _shows_number(section, value)


@lru_cache(256)
def _sections(number_format: str) -> list[list[tuple[str, str]]]:
    """The sections, each a list of kinds and what they show: "0" for a digit, "general", "literal", "?" for a condition, and
    the signs by themselves."""
    sections: list[list[tuple[str, str]]] = [[]]
    for token in _TOKEN.finditer(number_format):
        if token["other"] == ";":
            sections.append([])
        else:
            sections[-1] += _parts(token)
    return sections


def _parts(token: re.Match[str]) -> Iterator[tuple[str, str]]:
    if token["general"]:
        yield "general", ""
    elif token["digit"]:
        yield "0", token["digit"]
    elif token["sign"]:
        yield token["sign"][0].upper(), ""
    elif token["bracket"] is not None:
        if _CONDITION.fullmatch(token["bracket"]):
            yield "?", token["bracket"]
        elif token["bracket"].startswith("$"):
            yield "literal", token["bracket"][1:].partition("-")[0]
    else:
        yield "literal", token["quoted"] or token["escaped"] or token["filled"] or token["other"] or ""


def _applied(sections: list[list[tuple[str, str]]], value: Number) -> list[tuple[str, str]]:
    """The section that a number is shown by."""
    numeric = [section for section in sections[:3] if not any(kind == "@" for kind, _ in section)]
    if any(kind == "?" for section in numeric for kind, _ in section):
        for section in numeric:
            conditions = [text for kind, text in section if kind == "?"]
            if all(_meets(condition, value) for condition in conditions):
                return section
        return [("literal", "#")]  # Excel fills such a cell with ###
    if value < 0 and len(numeric) > 1:
        return numeric[1]
    if value == 0 and len(numeric) > 2:
        return numeric[2]
    return numeric[0] if numeric else [("general", "")]


def _meets(condition: str, value: Number) -> bool:
    match = _CONDITION.fullmatch(condition)
    return bool(match and _COMPARE[match[1]](value, Decimal(match[2])))


def _shows_number(section: list[tuple[str, str]], value: Number) -> bool:
    kinds = "".join({"general": "G", "literal": "l"}.get(kind, kind) for kind, _ in section).replace("?", "")
    if not all(_is_apart(text) for kind, text in section if kind == "literal"):
        return False
    if re.fullmatch(r"l*Gl*", kinds):
        return True
    match = re.fullmatch(r"l*(?P<whole>,?(?:0,?)*0|)(?P<point>\.(?P<decimals>0*))?l*", kinds)
    if not match or not (match["whole"] or match["decimals"]) or match["whole"].startswith(","):
        return False
    digits = [text for kind, text in section if kind == "0"]
    decimals = len(match["decimals"] or "")
    if round(value, decimals) != value:
        return False
    blank = all(digit != "0" for digit in digits)
    return value != 0 or not blank


def _shows_text(section: list[tuple[str, str]]) -> bool:
    kinds = [kind for kind, _ in section]
    return kinds.count("@") == 1 and all(
        kind == "@" or (kind == "literal" and _is_apart(text)) for kind, text in section
    )


def _is_apart(text: str) -> bool:
    """Whether what stands beside a number is no part of it: no digit in any form, no numeral, no sign of numbers."""
    return not any(char in _OF_NUMBERS or unicodedata.numeric(char, None) is not None for char in text)
