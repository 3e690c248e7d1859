"""A ledger's file as DuckDB reads it: a CSV file in UTF-8, taken by its name as it is written.

What is in another encoding, or in Excel, is written anew into a file that has no name: the system takes it away when this process
ends, however that ends, and nobody else can open it.
"""

from __future__ import annotations

import codecs
import csv
import glob
import io
import mmap
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nenpo.errors import ContentError, Fault, InputError
from nenpo.japanese.eras import named

_SHEETS = (".xlsx", ".xlsm")
_AS_CSV = "Excel で開き、「CSV UTF-8（コンマ区切り）」として保存し直してください"
# What begins as a day does, in any of the ways that one is written.
_DAY = re.compile(
    rf"\s*(?:(?:\d{{4}}|(?:{named()})\s*(?:\d{{1,2}}|元))\s*[-./年]\s*\d{{1,2}}\s*[-./月]\s*\d{{1,2}}|\d{{8}}\b)"
)
_WIDE = str.maketrans("０１２３４５６７８９．／－ＲＨ", "0123456789./-RH")
# A line in which a quote is left open: the first and the last of each value that goes on over lines.
_OPEN_LINE = re.compile(rb'^[^"\n]*+(?:"[^"\n]*+"[^"\n]*+)*+"[^"\n]*+$', re.MULTILINE)
# Bytes of a value that goes on over lines; longer ones are no values.
_LONGEST = 1 << 20


@dataclass(frozen=True)
class Readable:
    """``address`` is how DuckDB is told of the file, ``header`` the headings; ``csv`` is the file that was typed, None for Excel's,
    which has no quotes that could be missing."""

    address: str
    header: tuple[str, ...]
    csv: BinaryIO | None


def readable(path: Path, sheet: str, during: ExitStack) -> Readable:
    """The file, as long as ``during`` lasts. Raises InputError for what cannot be read."""
    if path.suffix.lower() in _SHEETS:
        from nenpo.ledger.excel import rows_of

        copy, address = _nameless(during)
        text = io.TextIOWrapper(copy, encoding="utf-8", newline="")
        csv.writer(text).writerows(rows_of(path, sheet))
        text.flush()
        text.detach()
        return Readable(address, _headings(copy, path)[0], None)
    file = during.enter_context(path.open("rb"))
    header, encoding = _headings(file, path)
    if encoding == "utf-8-sig":
        return Readable(glob.escape(str(path)), header, file)
    copy, address = _nameless(during)
    decode = codecs.getincrementaldecoder(encoding)("replace").decode
    file.seek(0)
    while part := file.read(1 << 22):
        copy.write(decode(part).encode())
    copy.write(decode(b"", True).encode())
    copy.flush()
    return Readable(address, header, copy)


def _nameless(during: ExitStack) -> tuple[BinaryIO, str]:
    """A file without a name, and how another reader in this process comes to it."""
    if os.name == "posix":
        file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with ``during``
        during.enter_context(file)
        return file, f"/dev/fd/{file.fileno()}"
    named = tempfile.NamedTemporaryFile(prefix="nenpo-ledger-")  # noqa: SIM115  # Windows removes it when it is closed
    during.enter_context(named)
    return named.file, glob.escape(named.name)  # type: ignore[return-value]


def _headings(file: BinaryIO, path: Path) -> tuple[tuple[str, ...], str]:
    """The headings of a CSV file, and its encoding: UTF-8, or the Shift_JIS that Excel writes."""
    file.seek(0)
    start = file.read(1 << 20)
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(start)  # a character cut off at the end is no fault
        except UnicodeDecodeError:
            continue
        try:
            return tuple(next(csv.reader(io.StringIO(text, newline="")), [])), encoding
        except csv.Error:
            break
    raise InputError(Fault("台帳の文字コードが分かりません", str(path), _AS_CSV))


def require_closed_quotes(file: BinaryIO, columns: int, date: int, where: str) -> None:
    """Raises ContentError for a quote that is not closed where it should be, and swallows the records behind it: to the end of the
    file, or to the next quote. A value may go on over lines; but none of them is a record itself, with as many ``columns`` as the
    headings and a day where ``date`` is.
    """
    if not _has_open_line(file):
        return
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for start, end in _long_values(data):
            if end is None or _holds_record(data, start, end, columns, date):
                line = data[:start].count(b"\n") + 1
                remedy = 'その行の「"」を閉じるか消してから、もう一度数えてください。台帳は数えていません'
                raise ContentError(
                    Fault(
                        '引用符（"）が閉じていないため、後ろの記録が一つの値になっています',
                        f"{where} {line} 行目",
                        remedy,
                    )
                )


def _has_open_line(file: BinaryIO) -> bool:
    """Whether a quote is left open in a line; most files have no quotes, and need no closer look."""
    file.seek(0)
    part = bytearray(1 << 20)
    while (length := file.readinto(part)) and part.find(b'"', 0, length) < 0:  # type: ignore[attr-defined]
        pass
    if not length:
        return False
    file.seek(0)
    cut = b""
    while read := file.read(1 << 22):
        whole, newline, rest = (cut + read).rpartition(b"\n")
        if _OPEN_LINE.search(whole):
            return True
        cut = rest if newline else cut + read
    return bool(_OPEN_LINE.search(cut))


def _long_values(data: mmap.mmap) -> Iterator[tuple[int, int | None]]:
    """Beginning and end of each quoted value that goes on over lines; no end where it has none but that of the file, or is too long
    for a value."""
    at = data.find(b'"')
    while at >= 0:
        first = at == 0 or (at == 3 and data[:3] == codecs.BOM_UTF8)
        if not first and data[at - 1] not in b",\n\r":  # a quote within a value is a letter
            at = data.find(b'"', at + 1)
            continue
        end = data.find(b'"', at + 1)
        while end >= 0 and data[end + 1 : end + 2] == b'"':
            end = data.find(b'"', end + 2)
        if end < 0:
            behind = data.find(b"\n", at)
            if behind >= 0 and data[behind : behind + _LONGEST].strip():
                yield at, None
            return
        if data.find(b"\n", at, end) >= 0:
            yield at, end if end - at <= _LONGEST else None
        at = data.find(b'"', end + 1)


def _holds_record(data: mmap.mmap, start: int, end: int, columns: int, date: int) -> bool:
    """Whether a line of a value, but for its first, is a record."""
    until = data.find(b"\n", end)
    lines = data[start : until if until >= 0 else len(data)].decode("utf-8", "replace").splitlines()[1:]
    return any(_is_record(line.replace('"', "").split(","), columns, date) for line in lines)


def _is_record(values: Sequence[str], columns: int, date: int) -> bool:
    return len(values) == columns and bool(_DAY.match(values[date].translate(_WIDE)))
