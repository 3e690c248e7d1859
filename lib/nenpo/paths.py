"""Names that become parts of paths, in one grammar, and folders that nothing leads out of.

Chapters, texts and parcels travel by mail: a name in them is checked where it is read, whichever way it comes in, so that none
leads elsewhere, on any system that an office uses.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from nenpo.errors import Fault, InputError

# Bytes of a name: what a file system takes (255) less what a kept copy and a half-written file add to it.
LONGEST = 180
_PATH_SIGNS = re.compile(r'[\\/:*?"<>|]')
# Names of devices that Windows opens instead of a file, whatever their suffix.
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])(\..*)?", re.IGNORECASE)


def name_fault(name: str) -> str:
    """Why a name cannot be one of a file or folder of ours, in words; "" where it can."""
    if not name.strip():
        return "空です"
    if _PATH_SIGNS.search(name):
        return r"「\ / : * ? " + '" < > |」は使えません'
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in name):
        return "目に見えない制御の文字が入っています"
    if name.startswith((".", "~$")) or name.endswith(".") or name != name.strip():
        return "点や空白で始めたり終えたりできません"
    if _DEVICES.fullmatch(name.strip()):
        return "Windows が機器の名に使う名です"
    if len(name.encode()) > LONGEST:
        return f"長すぎます（{LONGEST // 3} 文字ほどまで）"
    return ""


def require_name(name: str, kind: str, where: object = "") -> str:
    """The name; raises InputError, saying what it was to be the name of, where it can be none."""
    if why := name_fault(name):
        raise InputError(
            Fault(f"{kind}「{name[:60]}」は名前として使えません：{why}", str(where), "名前を直してください")
        )
    return name


def require_names(path: str, kind: str, where: object = "") -> str:
    """The same for a path of names, as "cases/2-7-1.md"; hidden names may be part of one."""
    for name in path.split("/"):
        require_name(name.removeprefix(".") if name.strip(".") else name, kind, where)
    return path


def require_no_way_out(folder: Path, *homes: Path) -> None:
    """Raises InputError, naming each, for links below a folder that lead out of all its homes."""
    within = [_resolved(home) for home in (folder, *homes)]
    faults = [
        Fault("フォルダーの外を指すリンクです", str(path), "リンクの代わりに、もとのファイルを置いてください")
        for path in _links(folder)
        if not any(_resolved(path).is_relative_to(home) for home in within)
    ]
    if faults:
        raise InputError(faults)


def _links(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        yield from (path for name in sorted([*folders, *files]) if (path := Path(place) / name).is_symlink())


def _resolved(path: Path) -> Path:
    return Path(os.path.realpath(path))  # unlike ``resolve``, says nothing of links that lead to each other
