"""Pictures that a text shows: pasted into its cell (``attachment:NAME``), or laid in the folder ``pictures`` beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from nenpo.japanese.letters import composed

# Kinds of pictures, by the suffix of the file that they are kept in.
PICTURE_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
}
_SUFFIX = rf"\.(?:{'|'.join(PICTURE_TYPES)})"
# A name may have blanks and brackets in it: it ends with its suffix, or else at the first of these.
ADDRESS = rf"(?P<place>attachment:|(?:\./)?pictures/)(?P<name>[^\n<>\"]*?{_SUFFIX}(?=[\s)\"'>])|[^\s)\"'<>]+)"
_ADDRESS = re.compile(ADDRESS, re.IGNORECASE)


def picture_name(address: str) -> str | None:
    """The name of the picture that an address in a text leads to; None for an address elsewhere."""
    match = re.fullmatch(r"(?:attachment:|(?:\./)?pictures/)(.+)", unquote(address))
    return composed(match[1]) if match else None


def picture_names(source: str, pasted: bool = False) -> list[str]:
    """The names of the pictures that a text shows, each once; with ``pasted`` of those alone that are pasted into its cell."""
    addresses = (
        addresses
        for addresses in _ADDRESS.finditer(source)
        if not pasted or addresses["place"].lower() == "attachment:"
    )
    return list(dict.fromkeys(composed(unquote(address["name"])) for address in addresses))


def renamed(source: str, new: Callable[[str], str]) -> str:
    """The text with new names for the pictures that are pasted into its cell."""

    def address(match: re.Match[str]) -> str:
        name = composed(unquote(match["name"]))
        kept = match["place"].lower() != "attachment:" or new(name) == name
        return match[0] if kept else f"attachment:{new(name)}"

    return _ADDRESS.sub(address, source)
