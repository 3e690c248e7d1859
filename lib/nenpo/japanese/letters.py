"""Letters as they were typed and as they are shown: kana composed, what is not seen dropped, names left as they are."""

from __future__ import annotations

import re
import unicodedata

# Ideographs that Unicode calls the same as another (神 U+FA19 and 神): in a name they are not.
_BUT_IDEOGRAPHS = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
# What Word, Excel and a Mac call a new line inside a paragraph.
LINE_BREAK = "\u2028"
_LINE_BREAKS = dict.fromkeys(map(ord, "\x0b\x0c\x85\u2028\u2029"), LINE_BREAK)
# Controls, and signs that are not seen: soft hyphens, joiners, marks of direction.
_UNSEEN: dict[int, None] = {
    code: None
    for code in (*range(0x300), *range(0x600, 0x620), *range(0x2000, 0x2070), 0xFEFF, *range(0xFFF0, 0xFFFC))
    if unicodedata.category(chr(code)) in ("Cc", "Cf") and chr(code) not in "\n\t"
}
# Radicals look like letters and are none: no search finds them, and a screen reader reads another word. Unicode names the
# ideograph of each Kangxi radical, and of few of the supplement's.
_RADICAL = re.compile("[\u2e80-\u2fd5]")


def composed(text: str) -> str:
    """The text with か and ゛ in one letter; ideographs stay as typed."""
    return _BUT_IDEOGRAPHS.sub(lambda run: unicodedata.normalize("NFC", run[0]), text)


def visible(text: str) -> str:
    """The text as it is shown: composed, without what is not seen; every kind of line break inside a paragraph is LINE_BREAK."""
    return composed(text).translate(_LINE_BREAKS).translate(_UNSEEN)


def without_controls(text: str) -> str:
    """The text without controls other than new lines and tabs."""
    return text.translate(_UNSEEN)


def radicals(text: str) -> dict[str, str]:
    """The radicals in a text, each with the ideograph that is meant, or "" where Unicode names none."""
    meant = {radical: unicodedata.normalize("NFKC", radical) for radical in _RADICAL.findall(text)}
    return {radical: letter if letter != radical else "" for radical, letter in meant.items()}
