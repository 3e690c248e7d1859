"""Text files as offices write them: UTF-8, UTF-16 from Notepad, Shift_JIS from an old PC, names from a Mac."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from nenpo.errors import Fault, InputError

_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")


@dataclass(frozen=True)
class Typed:
    """A text file: ``content`` as it lies on disk, ``text`` with LF line ends and no byte-order mark; ``encoding`` and
    ``newline`` say how it was typed, so that an edit can go back in the same form."""

    path: Path
    content: bytes
    text: str
    encoding: str
    newline: str

    def form(self, text: str) -> bytes:
        """``text`` as the bytes of this file; UTF-8 where its encoding cannot hold the text."""
        lines = text.replace("\n", self.newline)
        try:
            content = lines.encode(self.encoding)
            if decode(content) == (lines, self.encoding):
                return content
        except (UnicodeEncodeError, ValueError):
            pass
        return lines.encode()


def read_typed(path: Path) -> Typed | None:
    """The text file, whichever way its name is composed; None if there is none.

    Raises InputError for what is no text, and where two files differ in nothing but the composition of their names.
    """
    file = named(path)
    if file is None:
        return None
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    try:
        text, encoding = decode(content)
    except ValueError:
        remedy = "メモ帳などで文字コードを UTF-8 にして保存し直してください"
        raise InputError(Fault("文字コードが分かりません", str(path), remedy)) from None
    newline = "\r\n" if "\r\n" in text else "\n"
    return Typed(file, content, text.replace("\r\n", "\n").replace("\r", "\n"), encoding, newline)


def read_text(path: Path) -> str | None:
    """The text of a file; None if there is none."""
    typed = read_typed(path)
    return typed.text if typed else None


def named(path: Path) -> Path | None:
    """The file of that name on disk. A Mac writes か＋゛ for が: names are compared in composed form."""
    wanted = unicodedata.normalize("NFC", path.name)
    if not path.parent.is_dir():
        return None
    files = [file for file in path.parent.iterdir() if unicodedata.normalize("NFC", file.name) == wanted]
    if len(files) > 1:
        remedy = "片方に文章をまとめ、もう片方を削除してください"
        raise InputError(Fault("同じ名前のファイルが二つあります（濁点の付き方だけが違います）", str(path), remedy))
    return files[0] if files else None


def decode(content: bytes) -> tuple[str, str]:
    """The text without its byte-order mark, line ends as they are, and the encoding. Raises ValueError for no text."""
    if content.startswith(codecs.BOM_UTF8):
        return content.decode("utf-8-sig"), "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16"), "utf-16"
    try:
        text, encoding = content.decode(), "utf-8"
    except UnicodeDecodeError:
        text, encoding = _japanese(content)
    if "\0" in text:
        raise ValueError("a NUL is no text")
    return text, encoding


def _japanese(content: bytes) -> tuple[str, str]:
    """Shift_JIS or EUC-JP: read as the wrong one, a text is full of half-width kana."""
    read = []
    for encoding in ("cp932", "euc_jp"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        read.append((len(_HALF_WIDTH_KANA.findall(text)), text, encoding))
    if not read:
        raise ValueError("no known encoding")
    _, text, encoding = min(read, key=lambda attempt: attempt[0])
    return text, encoding
