"""The words by which Japanese reports state a figure: ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_ONE_LETTER = re.compile(r"\[[^\]]*\]")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The words by their table and key, as parts of regular expressions."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@cache
def pattern(table: str, key: str) -> re.Pattern[str]:
    """The words under a key."""
    return re.compile(f"(?:{words()[table][key]})")


@cache
def adverbs() -> re.Pattern[str]:
    """Any adverbs, or none."""
    return re.compile(f"(?:{words()['form']['adverb']})*")


@cache
def joining() -> re.Pattern[str]:
    """What may stand between a quantity and its figure. The longest of the words is taken at each place, and never given back: else a
    text of many of them would be tried in all their combinations."""
    form, tables = words()["form"], words()
    parts = (
        tables["joining"]["words"],
        tables["compared"]["words"],
        form["more"],
        form["less"],
        "年度|年|[（()）+＋▲△－-]",
    )
    choices = dict.fromkeys(choice for part in parts for choice in _choices(part))
    longest_first = sorted(choices, key=lambda choice: (bool(_ONE_LETTER.fullmatch(choice)), -len(choice)))
    return re.compile(f"(?:{'|'.join(longest_first)})*+")


def _choices(expression: str) -> list[str]:
    """The alternatives of an expression, not those within its brackets."""
    choices, depth = [""], 0
    for char in expression:
        depth += (char in "([") - (char in ")]")
        if char == "|" and depth == 0:
            choices.append("")
        else:
            choices[-1] += char
    return choices
