"""A workbook's file: an archive of XML parts. What it is if it is none, what it may hold, and its parts read one by one.

Whatever an archive or its XML may do wrong becomes a fault with the file and the part. How much there is to read is bounded
by what the archive declares, before anything is unpacked: no file makes a reader work long or fill the memory.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from xml.parsers import expat

from nenpo.errors import Fault, InputError, file_fault

# An Office file that is encrypted, and the old .xls, are OLE containers; the first holds a stream of this name.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_AS_XLSX = "Excel で開き、「Excel ブック (.xlsx)」として保存し直してください"
_BROKEN = "Excel ブックとして読めません（壊れているか、途中で切れています）"
_REMEDY = "Excel で開けるか確かめ、控えから戻すか、.xlsx として保存し直してください"
# Other archives by a part that they have.
_OTHERS = {
    "word/document.xml": "Word の文書です",
    "ppt/presentation.xml": "PowerPoint の文書です",
    "xl/workbook.bin": "バイナリ形式（.xlsb）のブックです",
    "content.xml": "OpenDocument（.ods など）の文書です",
}
# Parts of an archive; bytes of one part; and how much longer than packed a large one may be. Tables of a year have 0.1 MB, and a
# sheet of a thousand equal rows is packed 60 to 1; Excel's largest sheet of a ledger has 1 GB.
MOST_PARTS, LARGEST_TABLE, LARGEST_LEDGER, STEEPEST = 2_000, 48 << 20, 2 << 30, 200
_UNCHECKED = 1 << 20  # a part smaller than this may be packed as tightly as it will
_CHUNK = 1 << 18


class Package:
    """The archive at ``path``, open while it is used in a ``with``. ``largest`` bounds a part, and four times as much all that
    are read.

    Raises InputError for what is no workbook, and where a part cannot be read.
    """

    def __init__(self, path: Path, largest: int = LARGEST_TABLE):
        self.path, self._largest, self._left = path, largest, 4 * largest
        try:
            with path.open("rb") as file:
                head = file.read(4096)
            if not head.startswith(b"PK"):
                raise InputError(_no_archive(path, head))
            self._archive = zipfile.ZipFile(path)
        except FileNotFoundError:
            others = sorted(
                other.name for other in path.parent.glob("*.xls*") if not other.name.startswith(("~$", "."))
            )
            there = f"（いまは {'、'.join(others)} があります。名を {path.name} にします）" if others else ""
            remedy = f"{path.name} をこの場所に置いてください{there}"
            raise InputError(Fault("Excel ファイルがありません", str(path), remedy)) from None
        except OSError as error:
            raise InputError(file_fault(error, path)) from None
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
            raise self.fault(_BROKEN) from None
        try:
            self._parts = self._bounded(self._archive.infolist())
        except InputError:
            self._archive.close()
            raise

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._archive.close()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._parts)

    def fault(self, what: str, part: str = "") -> InputError:
        return InputError(Fault(what, f"{self.path} {f'（{part}）' if part else ''}".strip(), _REMEDY))

    def read(self, part: str, reader: Any) -> None:
        """Parse the whole of a part; ``reader`` is one of ``parse``."""
        for _ in self.parse(part, reader):
            pass

    def parse(self, part: str, reader: Any) -> Iterator[None]:
        """Parse a part, piece by piece; ``reader`` has ``begin(name, attributes)``, ``end(name)`` and ``text(characters)``, names
        without their namespaces."""
        names: dict[str, str] = {}

        def local(name: str) -> str:
            if name not in names:
                names[name] = name.rpartition(" ")[2]
            return names[name]

        def no_grammar(*given: object) -> None:
            raise self.fault("ブックの部品に、使えない宣言（DOCTYPE）があります", part)

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: reader.begin(local(name), attributes)
        parser.EndElementHandler = lambda name: reader.end(local(name))
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = no_grammar
        with self._open(part) as stream:
            more = True
            while more:
                with self._told(part):
                    chunk = stream.read(_CHUNK)
                more = bool(chunk)
                try:
                    parser.Parse(chunk, not more)
                except (expat.ExpatError, LookupError, UnicodeError) as error:
                    line = f"（{error.lineno} 行目）" if isinstance(error, expat.ExpatError) else ""
                    raise self.fault(f"ブックの部品が XML として読めません{line}", part) from None
                yield

    @contextmanager
    def _open(self, part: str) -> Iterator[IO[bytes]]:
        if part not in self._parts:
            raise self.fault("ブックの部品がありません", part)
        self._left -= self._parts[part].file_size
        if self._left < 0:
            raise self.fault("ブックが大きすぎます", part)
        with self._told(part):
            stream = self._archive.open(self._parts[part])
        with stream:
            yield stream

    @contextmanager
    def _told(self, part: str) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError):
            raise self.fault("ブックの部品が壊れています", part) from None

    def _bounded(self, parts: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        """The parts by name. Raises InputError for an archive that no spreadsheet writes."""
        if len(parts) > MOST_PARTS:
            raise self.fault(f"ブックの部品が多すぎます（{len(parts):,} 個）")
        known: dict[str, zipfile.ZipInfo] = {}
        for part in parts:
            name = part.filename.lstrip("/")
            if name.lower() in {other.lower() for other in known}:
                raise self.fault("ブックに同じ名の部品が二つあります", name)
            if part.flag_bits & 0x1:
                raise self.fault("ブックの部品が暗号化されています", name)
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self.fault("ブックの部品の圧縮のしかたが分かりません", name)
            packed = max(1, part.compress_size)
            if part.file_size > self._largest or part.file_size > max(_UNCHECKED, STEEPEST * packed):
                raise self.fault(f"ブックの部品が大きすぎます（{part.file_size / 1e6:,.0f} MB）", name)
            known[name] = part
        if "xl/workbook.xml" not in known and (other := next(filter(known.get, _OTHERS), None)):
            raise InputError(Fault(f"Excel ブックではなく {_OTHERS[other]}", str(self.path), _AS_XLSX))
        return known


def _no_archive(path: Path, head: bytes) -> Fault:
    """What a file is that is no archive."""
    if not head.strip():
        return Fault("空のファイルです", str(path), _REMEDY)
    if head.startswith(_OLE):
        if _ENCRYPTED in path.read_bytes():
            remedy = "Excel でパスワードを解除して保存し直してください"
            return Fault("パスワードで保護されています", str(path), remedy)
        return Fault("古い形式（.xls）のファイルです", str(path), _AS_XLSX)
    if head.startswith(b"%PDF"):
        return Fault("Excel ブックではなく PDF です", str(path), _AS_XLSX)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Fault("Excel ブックではなく、HTML か XML のファイルです", str(path), _AS_XLSX)
    if b"\0" not in head and b"," in head and b"\n" in head:
        return Fault("Excel ブックではなく、CSV のファイルです", str(path), _AS_XLSX)
    return Fault(_BROKEN, str(path), _REMEDY)
