"""What a cell of the office's workbook means: a number, or words. Tolerant of what people type, strict about what a number is."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from nenpo.formulas import parts_of_one
from nenpo.japanese.letters import composed, without_controls
from nenpo.records import HIDDEN, NOT_APPLICABLE, UNKNOWN, Value
from nenpo.table import Column, Table
from nenpo.workbook.cells import LARGEST_WHOLE, Cell
from nenpo.workbook.formats import is_percent, shows

# 「－」 in the many shapes that people type it.
_DASHES = frozenset("－-‐‑‒–—―ー−─━ｰ")
# 「…」 likewise.
_DOTS = re.compile("[…⋯‥]{1,2}|[.．・･·]{3}")
_FOLDED = str.maketrans("０１２３４５６７８９，．－＋", "0123456789,.-+")
_BLANKS = " \t\r\n\u3000\u00a0\u200b\ufeff"
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NUMBER = re.compile(r"(?P<sign>[-+−△▲]?)[ \u3000]*(?P<digits>\d+|\d{1,3}(?:,\d{3})+)(?P<decimals>\.\d+)?", re.ASCII)
# No office counts so much; beyond it somebody has leant on a key.
LARGEST_COUNT = 10**13
# Characters that a cell holds in Excel.
LONGEST = 32_767


@dataclass(frozen=True)
class Kind:
    """What numbers a column holds: with how many decimals, whether below 0, and in which unit."""

    decimals: int = 0
    signed: bool = False
    unit: str = ""

    @property
    def remedy(self) -> str:
        return "数値を数字で入力してください" if self.decimals or self.signed else "件数を数字で入力してください"

    @property
    def wanted(self) -> str:
        """What is to be typed, in words."""
        least = "" if self.signed else "0 以上の"
        return f"{least}小数第 {self.decimals} 位までの数" if self.decimals else f"{least}整数"


COUNT = Kind()


def kind_of(table: Table, column: Column) -> Kind:
    return Kind(column.decimals, column.signed, table.unit_of(column))


class Unreadable(ValueError):
    """A cell that means no such thing: what is wrong, and what to do."""

    def __init__(self, what: str, remedy: str):
        super().__init__(what)
        self.what, self.remedy = what, remedy


def number(cell: Cell, kind: Kind = COUNT) -> Value:
    """A number of this kind, 「－」, 「…」, 「X」, or None for nothing. Raises Unreadable for anything else, for a number that is shown as another,
    and for one that is struck out in part or whole."""
    value = _stored(cell, kind.remedy)
    if cell.struck:
        left = str(cell.value).replace(cell.struck, "", 1)
        beside = f"（残りは「{shortened(left)}」）" if left else ""
        raise Unreadable(
            f"取り消し線の付いた「{shortened(cell.struck)}」が残っています{beside}",
            "取り消し線の部分を消すか、取り消し線をやめてください",
        )
    if value is None:
        return None
    if isinstance(value, bool):
        raise Unreadable(f"「{value}」は数値ではありません", kind.remedy)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        remedy = "セルの書式を「標準」に戻して、数字を入力し直してください"
        raise Unreadable(f"数値が日付（{value}）に変わっています", remedy)
    typed = value.translate(_FOLDED).strip(_BLANKS) if isinstance(value, str) else value
    if typed == "":
        return None
    if isinstance(value, str) and value.strip(_BLANKS) in _DASHES:
        return NOT_APPLICABLE
    if isinstance(value, str) and _DOTS.fullmatch(value.strip(_BLANKS)):
        return UNKNOWN
    if typed in ("X", "x", "Ｘ", "ｘ"):
        return HIDDEN
    amount = _written(typed, value, kind) if isinstance(typed, str) else _undusted(typed)
    if not isinstance(value, str) and parts_of_one(kind.unit) == 100 and any(map(is_percent, cell.formats)):
        amount *= 100
    if amount < 0 and not kind.signed:
        raise Unreadable(f"負の数 {value} が入っています", f"{kind.wanted}を入力してください")
    if amount != round(amount, kind.decimals):
        finer = f"小数第 {kind.decimals} 位より細かい数" if kind.decimals else "小数"
        remedy = f"{kind.wanted}を入力してください" if kind.decimals else "整数を入力してください"
        raise Unreadable(f"{finer} {value} が入っています", remedy)
    if abs(amount) > LARGEST_COUNT:
        raise Unreadable(f"件数としては大きすぎる数（{shortened(value)}）が入っています", kind.remedy)
    if not all(shows(known, value if isinstance(value, str) else amount, kind.unit) for known in cell.formats):
        shown = "」「".join(dict.fromkeys(cell.formats))
        what = f"表示形式「{shown}」のため、見えている数と中の値（{value}）が違うことがあります"
        raise Unreadable(what, "セルの表示形式を「標準」か「数値」に戻してください")
    return round(amount, kind.decimals) if kind.decimals else int(amount)


def words(cell: Cell) -> str | None:
    """A text as typed, its ends trimmed; None if it holds nothing. Raises Unreadable for what Excel has made of it."""
    value = _stored(cell, "文字を入力してください")
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        shown = f"{value:%Y-%m-%d}" if isinstance(value, datetime.date) else str(value)
        remedy = "セルの書式を「文字列」にして、R5.5.30 のように入力し直してください"
        raise Unreadable(f"日付（{shown}）に変わっています", remedy)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        amount = _undusted(value)
        if "E" in str(amount) or not all(shows(known, amount) for known in cell.formats):
            what = f"表示形式「{cell.formats[0]}」のため、見えている文字と中の値（{value}）が違います"
            raise Unreadable(what, "セルの書式を「文字列」にして、見えているとおりに入力し直してください")
        return str(int(amount) if amount == int(amount) else amount)
    text = _LINE_END.sub("\n", composed(str(value or "")))
    return without_controls(text).strip(_BLANKS) or None


def shortened(value: object, most: int = 40) -> str:
    """A value as a message quotes it."""
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}…"


def _stored(cell: Cell, remedy: str) -> object:
    """What a cell holds. Raises Unreadable for an error value, and for a formula without a stored result."""
    if isinstance(cell.value, str) and len(cell.value) > LONGEST:
        raise Unreadable(f"長すぎる文字（{len(cell.value):,} 字）が入っています", remedy)
    if cell.error:
        raise Unreadable(f"エラー値 {cell.value} が入っています", f"数式を直すか、{remedy}")
    if cell.value is None and cell.formula:
        what = f"数式（{shortened(cell.formula)}）の計算結果が保存されていません"
        raise Unreadable(what, f"Excel で開いて上書き保存するか、{remedy}")
    if isinstance(cell.value, str) and re.fullmatch(r"#[A-Z/0?!_]{2,20}[!?]?|#N/A", text := cell.value.strip(_BLANKS)):
        raise Unreadable(f"エラー値 {text} が入っています", f"数式を直すか、{remedy}")
    return cell.value


def _written(typed: str, value: object, kind: Kind) -> Decimal:
    """A number that is typed as a text, its own unit behind it, or the sign of the yen before it, or not."""
    folded = typed.replace("％", "%")
    for unit in dict.fromkeys((kind.unit, unicodedata.normalize("NFKC", kind.unit))):
        folded = folded.removesuffix(unit).strip(_BLANKS)
    folded = folded.lstrip("¥￥") if kind.unit == "円" else folded
    match = _NUMBER.fullmatch(folded)
    if not match:
        raise Unreadable(
            f"「{shortened(value)}」は数値として読めません", f"{kind.remedy}（該当がなければ －、分からなければ …）"
        )
    digits = match["digits"].replace(",", "")
    if len(digits) > len(str(LARGEST_COUNT)):
        raise Unreadable(f"件数としては大きすぎる数（{shortened(value)}）が入っています", kind.remedy)
    amount = Decimal(digits + (match["decimals"] or ""))
    return -amount if match["sign"] not in ("", "+") else amount


def _undusted(value: object) -> Decimal:
    """A number to the fifteen digits that Excel shows: a sum of decimals ends in dust."""
    assert isinstance(value, int | float)
    return Decimal(value) if isinstance(value, int) or abs(value) > LARGEST_WHOLE else Decimal(f"{value:.15g}")
