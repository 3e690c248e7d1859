"""What the command line says of itself, in Japanese: argparse's own words, and numbers within bounds."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import NoReturn

_WORDS: Mapping[str, str] = {
    "usage: ": "使い方：",
    "positional arguments": "書くもの",
    "options": "付けられるもの",
    "show this help message and exit": "この説明を出して終わる",
    "%(prog)s: error: %(message)s\n": "\n%(message)s（詳しくは %(prog)s -h）\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "%s を書いてください",
    "unrecognized arguments: %s": "%s は使えません",
    "expected one argument": "値を一つ書いてください",
    "expected at least one argument": "値を一つ以上書いてください",
    "ignored explicit argument %r": "%r という値は付けられません",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r はありません（%(choices)s のどれかです）",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s は %(matches)s のどれか決まりません",
}


_NO_SUCH = re.compile(r"'(?P<typed>[^']*)' はありません（(?P<known>.*) のどれかです）")


class Parser(argparse.ArgumentParser):
    """Reads a command line; of a word that is none of those known, the likeliest is named."""

    def error(self, message: str) -> NoReturn:
        if match := _NO_SUCH.search(message):
            meant = get_close_matches(match["typed"], re.findall("'([^']*)'", match["known"]), 1)
            message += f"。「{meant[0]}」ではありませんか" if meant else ""
        super().error(message)


def speak_japanese() -> None:
    """Have argparse speak Japanese. It takes its words from gettext, whose catalogues depend on how a machine is set up."""
    argparse._ = lambda said: _WORDS.get(said, said)  # type: ignore[attr-defined]


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads an option that is a whole number within bounds."""

    def read(written: str) -> int:
        try:
            number = int(written)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{least} から {most} までの整数で書いてください（いまは {written}）")
        return number

    return read
