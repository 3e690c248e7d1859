"""One family of errors: what is wrong, where it is, what to do. Users see them in Japanese, never as a traceback."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
# What is quoted in a message never steers the terminal that shows it.
_UNSEEN = {code: "□" for code in (*range(32), *range(0x7F, 0xA0), *range(0xD800, 0xE000)) if chr(code) not in "\n\t"}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    ``what`` is the finding with the offending value, ``where`` the file, sheet and cell or line, ``remedy`` what the
    reader should do about it. All three are Japanese sentences or phrases.
    """

    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.where}：" if self.where else ""
        remedy = f"\n    → {self.remedy}" if self.remedy else ""
        return f"{where}{self.what}{remedy}".translate(_UNSEEN)


# What the system says of a file, in words and with what to do. On Windows a file that is open elsewhere is one without permission.
_OF_FILES: Mapping[int, tuple[str, str]] = {
    errno.EACCES: ("権限がないか、ほかのプログラムが開いています", "開いているプログラムを閉じ、フォルダーの権限を確かめてください"),
    errno.EPERM: ("権限がありません", "フォルダーの権限を確かめてください"),
    errno.EROFS: ("書き込めない場所です", "書き込める場所に移してください"),
    errno.ENOSPC: ("空き容量がありません", "要らないファイルを片付けてください"),
    errno.EISDIR: ("ファイルのはずのところにフォルダーがあります", "フォルダーを片付けてください"),
    errno.ENOTDIR: ("フォルダーのはずのところにファイルがあります", "ファイルを片付けてください"),
    errno.EEXIST: ("フォルダーのはずのところにファイルがあります", "ファイルを片付けてください"),
    errno.ENOENT: ("見つかりません", "名前と場所を確かめてください"),
}  # fmt: skip


def file_fault(error: OSError, where: object = "") -> Fault:
    """What is wrong with a file that the system does not read or write; ``where`` for an error that names none."""
    what, remedy = _OF_FILES.get(error.errno or 0, (error.strerror or str(error), ""))
    return Fault(f"読み書きできません（{what}）", str(error.filename or where), remedy)


def own_fault(error: Exception) -> Fault:
    """A fault of nenpo itself: what was raised and where, without the error's own words, which may hold what was typed."""
    *_, (frame, line) = [(None, 0), *traceback.walk_tb(error.__traceback__)]
    module = frame.f_globals.get("__name__", "") if frame else ""
    remedy = "nenpo の誤りです。この一行と、実行したことを、nenpo を入れた担当者に知らせてください"
    return Fault(f"思わぬ誤りで止まりました（{type(error).__name__}、{module} の {line} 行目）", remedy=remedy)


class NenpoError(Exception):
    """Base of everything nenpo raises on purpose; carries all faults found, not just the first."""

    exit_code = 1

    def __init__(self, faults: Fault | Iterable[Fault]):
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(str(self))

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class ContentError(NenpoError):
    """The content is at fault: a check that fails, a chapter that stops, a page that cannot be set. Exit code 1."""

    exit_code = 1


class InputError(NenpoError):
    """Wrong use, or input that cannot be read. Exit code 2."""

    exit_code = 2


def gather(reads: Iterable[Callable[[], T]]) -> list[T]:
    """The results of all reads. Where some raise InputError, one InputError with the faults of all of them."""
    results: list[T] = []
    faults: list[Fault] = []
    for read in reads:
        try:
            results.append(read())
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return results
