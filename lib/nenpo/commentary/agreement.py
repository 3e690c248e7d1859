"""What file and notebook agree on. Each side is compared by content with the text they last agreed on, never by time.

A text edited on both sides becomes one text that holds both, marked where they differ; it goes to both places, and is
settled by deleting, on either side, what is not wanted.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from nenpo.japanese.letters import composed

# The marks stand as paragraphs of their own.
FILE_SIDE = "▼▼▼ 食い違い：ファイルの文章 ▼▼▼"
NOTEBOOK_SIDE = "◆◆◆ 食い違い：ノートブックの文章 ◆◆◆"
END = "▲▲▲ 食い違い：ここまで ▲▲▲"


class Outcome(Enum):
    AGREED = auto()
    TO_CELLS = auto()  # edited in the file
    TO_FILE = auto()  # edited in a notebook
    CONFLICT = auto()


@dataclass(frozen=True)
class Copy:
    """A section's text in a notebook cell; ``agreed`` is the digest of the text it last had in common with the file,
    None where that is not known."""

    text: str
    agreed: str | None


@dataclass(frozen=True)
class Agreement:
    """The text that file and cells are to hold. For a conflict, ``sides`` are the file's text and the notebook's."""

    outcome: Outcome
    text: str
    sides: tuple[str, str] | None = None


def canonical(text: str) -> str:
    """The text apart from what is no edit: line ends, a byte-order mark, the way kana are composed, blank lines at the
    ends."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return composed(lines).strip("\n")


def digest(text: str) -> str:
    """What a text is told by: the same for texts that differ in nothing but their canonical form."""
    return hashlib.sha256(canonical(text).encode()).hexdigest()[:24]


def agree(file: str, copies: Sequence[Copy]) -> Agreement:
    """Bring a section's file (empty where there is none) and its copies in notebooks to one text.

    A file that is gone or empty yields to a copy that was edited meanwhile, and of several copies those that were emptied to the others;
    else two edits, emptying among them, are a conflict unless they are equal or one of them already stands in the marked text of an
    earlier conflict.
    """
    held = digest(file)
    edited = [copy for copy in copies if digest(copy.text) not in (copy.agreed, held) and not _stands_in(file, copy)]
    texts = list({digest(copy.text): copy.text for copy in edited if canonical(copy.text)}.values())
    file_edited = any(copy.agreed != held for copy in edited)
    if not edited:
        same = all(digest(copy.text) == held for copy in copies)
        return Agreement(Outcome.AGREED if same else Outcome.TO_CELLS, file)
    ours = side(file, FILE_SIDE) if file_edited else ""
    sides = ([ours] if canonical(ours) else []) + (texts or [""])
    if len(sides) > 1:
        return Agreement(Outcome.CONFLICT, marked(sides), (sides[0], sides[-1]))
    return Agreement(Outcome.TO_FILE, sides[0] if sides else "")


def in_conflict(text: str) -> bool:
    """Whether the marks of a conflict still stand in a text."""
    return any(mark in text for mark in (FILE_SIDE, NOTEBOOK_SIDE, END))


def marked(texts: Sequence[str]) -> str:
    """One text that holds all of them, the file's first: two are laid side by side paragraph by paragraph and marked
    where they differ, more than two follow each other."""
    if len(texts) != 2:
        parts = [part for text in texts[1:] for part in (NOTEBOOK_SIDE, *_paragraphs(text))]
        return "\n\n".join([FILE_SIDE, *_paragraphs(texts[0]), *parts, END])
    one, other = map(_paragraphs, texts)
    merged: list[str] = []
    for kind, start, end, at, until in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            merged += one[start:end]
        else:
            merged += [FILE_SIDE, *one[start:end], NOTEBOOK_SIDE, *other[at:until], END]
    return "\n\n".join(merged)


def side(text: str, wanted: str) -> str:
    """One side of a marked text; a text without marks is its own side."""
    kept: list[str] = []
    within: str | None = None
    for paragraph in _paragraphs(text):
        if paragraph in (FILE_SIDE, NOTEBOOK_SIDE, END):
            within = None if paragraph == END else paragraph
        elif within in (None, wanted):
            kept.append(paragraph)
    return "\n\n".join(kept)


def difference(file: str, notebook: str) -> str:
    """The lines that differ, each with the side it stands on."""
    names = {"- ": "ファイル　　", "+ ": "ノートブック"}

    def differing() -> Iterator[str]:
        for line in difflib.ndiff(canonical(file).split("\n"), canonical(notebook).split("\n")):
            if line[:2] in names and line[2:].strip():
                yield f"      {names[line[:2]]}｜{line[2:]}"

    return "\n".join(differing())


def _stands_in(file: str, copy: Copy) -> bool:
    """Whether a conflict in the file already holds the copy's text. A copy that was given the marked text has settled it
    instead."""
    sides = (side(file, mark) for mark in (FILE_SIDE, NOTEBOOK_SIDE))
    return (
        in_conflict(file)
        and copy.agreed != digest(file)
        and any(_paragraphs(side) == _paragraphs(copy.text) for side in sides)
    )


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", canonical(text)) if part.strip()]
