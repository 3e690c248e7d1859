"""The characters that the report's faces have, and subsets of them for a page."""

from __future__ import annotations

import io
import re
from functools import cache

import uharfbuzz as hb
from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter

from nenpo.present.faces import FACES

# Characters that are not drawn by themselves: joiners, marks of direction, the byte-order mark.
_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff")
_VARIED = re.compile("(.)([\ufe00-\ufe0f\U000e0100-\U000e01ef])")


@cache
def _face(weight: int) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(FACES[weight]))


@cache
def _repertoire() -> tuple[frozenset[str], frozenset[str]]:
    """The characters, and the variants (character and selector), that both weights have."""
    faces = [_face(weight) for weight in FACES]
    characters = [{chr(code) for code in face.unicodes} for face in faces]
    variants = [
        {
            chr(code) + chr(selector)
            for selector in face.variation_selectors
            for code in face.variation_unicodes(selector)
        }
        for face in faces
    ]
    return frozenset(set.intersection(*characters)), frozenset(set.intersection(*variants))


def missing(text: str) -> list[str]:
    """The characters and variants in ``text`` that the report's face lacks, in order, each once."""
    characters, variants = _repertoire()
    if characters.issuperset(text):
        return []
    varied = ["".join(pair) for pair in _VARIED.findall(text)]
    lacking = [variant for variant in varied if variant not in variants]
    plain = _VARIED.sub(r"\1", text)
    lacking += [char for char in plain if char not in characters and not char.isspace() and char not in _UNSEEN]
    return list(dict.fromkeys(lacking))


def named(character: str) -> str:
    """「‧」（U+2027）."""
    return f"「{character}」（{' '.join(f'U+{ord(char):04X}' for char in character)}）"


def subset_font(weight: int, text: str) -> bytes:
    """A WOFF of the characters in ``text``, with kerning and the tabular and proportional forms the page uses.

    WOFF2 is a fifth smaller, but packing it takes twenty times as long as all the rest of the page.
    """
    wanted = hb.SubsetInput()
    wanted.unicode_set.set(set(map(ord, text)))
    wanted.layout_feature_tag_set.set(map(_tag, ("kern", "palt", "tnum")))
    wanted.drop_table_tag_set.update(map(_tag, ("meta", "DSIG")))
    font = SFNTReader(io.BytesIO(hb.subset(_face(weight), wanted).blob.data))
    packed = io.BytesIO()
    woff = SFNTWriter(packed, len(font.tables), font.sfntVersion, flavor="woff")
    for table in font.keys():  # noqa: SIM118 (no mapping)
        woff[table] = font[table]
    woff.close()
    return packed.getvalue()


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")
