"""The words by which Japanese reports state a figure: ``language.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The words by their table and key, as parts of regular expressions."""
    return tomllib.loads(Path(__file__).with_name("language.toml").read_text(encoding="utf-8"))


@cache
def pattern(table: str, key: str, form: str = "(?:{})") -> re.Pattern[str]:
    """The words under a key."""
    return re.compile(form.format(words()[table][key]))


@cache
def compared() -> re.Pattern[str]:
    """What makes a time one that is compared with."""
    return re.compile(rf"(?:{words()['compared']['words']})")


@cache
def joining() -> re.Pattern[str]:
    """What may stand between a quantity and its figure."""
    parts = words()["joining"]["words"], words()["compared"]["words"]
    return re.compile(f"(?:{'|'.join(parts)}|{words()['form']['more']}|{words()['form']['less']}|年度?|（|）)*")
