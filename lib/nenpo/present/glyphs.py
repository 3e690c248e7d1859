"""BIZ UDPGothic: the faces shipped here, the characters they have, and subsets of them for a page."""

from __future__ import annotations

import io
import logging
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FACES = {400: FONTS / "BIZUDPGothic_400Regular.ttf", 700: FONTS / "BIZUDPGothic_700Bold.ttf"}


@cache
def characters() -> frozenset[str]:
    """The characters that both weights have."""
    from fontTools.ttLib import TTFont

    maps = []
    for path in FACES.values():
        with TTFont(path, lazy=True) as font:
            maps.append({chr(code) for code in font.getBestCmap()})
    return frozenset(set.intersection(*maps))


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
