"""BIZ UDPGothic: the faces shipped here, the characters they have, and subsets of them for a page."""

from __future__ import annotations

import io
import logging
import re
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FACES = {400: FONTS / "BIZUDPGothic_400Regular.ttf", 700: FONTS / "BIZUDPGothic_700Bold.ttf"}


# Characters that are not drawn by themselves: joiners, marks of direction, the byte-order mark.
_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff")
_VARIED = re.compile("(.)([\ufe00-\ufe0f\U000e0100-\U000e01ef])")


@cache
def _repertoire() -> tuple[frozenset[str], frozenset[str]]:
    """The characters, and the variants (character and selector), that both weights have."""
    from fontTools.ttLib import TTFont

    characters, variants = [], []
    for path in FACES.values():
        with TTFont(path, lazy=True) as font:
            characters.append({chr(code) for code in font.getBestCmap()})
            variants.append(
                {
                    chr(code) + chr(selector)
                    for table in font["cmap"].tables
                    if table.format == 14
                    for selector, pairs in table.uvsDict.items()
                    for code, _ in pairs
                }
            )
    return frozenset(set.intersection(*characters)), frozenset(set.intersection(*variants))


def missing(text: str) -> list[str]:
    """The characters and variants in ``text`` that the report's face lacks, in order, each once."""
    characters, variants = _repertoire()
    varied = ["".join(pair) for pair in _VARIED.findall(text)]
    lacking = [variant for variant in varied if variant not in variants]
    plain = _VARIED.sub(r"\1", text)
    lacking += [char for char in plain if char not in characters and not char.isspace() and char not in _UNSEEN]
    return list(dict.fromkeys(lacking))


def named(character: str) -> str:
    """「‧」（U+2027）."""
    return f"「{character}」（{' '.join(f'U+{ord(char):04X}' for char in character)}）"


def subset_font(weight: int, text: str) -> bytes:
    """A WOFF2 of the characters in ``text``, with kerning and the tabular and proportional forms the page uses."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(flavor="woff2", layout_features=["kern", "palt", "tnum"], drop_tables=["meta", "DSIG"])
    options.recalc_timestamp = False
    font = TTFont(FACES[weight], recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    packed = io.BytesIO()
    subset.save_font(font, packed, options)
    return packed.getvalue()
