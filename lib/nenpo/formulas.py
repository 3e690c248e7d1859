"""Formulas of computed columns: figures by their names, added, subtracted, multiplied and divided, exactly.

    搬送人員 ÷ 合計の搬送人員      増減数 ÷ 前年の搬送人員      (今年 - 前年) ÷ 前年      搬送人員 ÷ 1-9/人口 × 1000

Signs have a blank on both sides, as names may hold them; × and ÷ need none where no name has one. 「合計の」 is the figure of the whole table, which may be called as its total is
(「総数の」) and stand behind (「搬送人員の合計」), 「前年の」 (or 「前年度の」) the same figure a year before, 「前の」 that of the row before;
「1-9/」 stands before a figure of another table. 「搬送人員の順位」 is the place of the row among the rows of its table, the largest first
(「…の小さい順」 the smallest), those alike in the same place. A per cent counts as a hundredth, so that a share is a plain division.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

WHOLE, LAST_YEAR, BEFORE = "合計の", "前年の", "前の"
LARGEST, SMALLEST = "の順位", "の小さい順"
_SUFFIXES = {LARGEST: LARGEST, "の大きい順": LARGEST, SMALLEST: SMALLEST}
_PREFIXES = {"前年度の": LAST_YEAR, "前年の": LAST_YEAR, "昨年度の": LAST_YEAR, "昨年の": LAST_YEAR, "前の": BEFORE}
# What the whole of a table is called, beside its own name.
_WHOLES = ("合計", "総計", "総数", "全体", "計")
_OTHER = re.compile(r"(\d+(?:-\d+)+)/(.+)")
_SIGNS = {"+": "+", "＋": "+", "-": "-", "－": "-", "−": "-", "×": "×", "*": "×", "÷": "÷", "/": "÷"}
_SIGN = re.compile(rf"(?<=\s)([{re.escape(''.join(_SIGNS))}])(?=\s)")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)
_OPEN, _CLOSE = "(（", ")）"
# What a figure is counted in that is a part of one.
_PARTS = {"％": 100, "%": 100, "ポイント": 100, "‰": 1000}


@dataclass(frozen=True)
class Reference:
    """A figure by its name; ``which`` is one of WHOLE, LAST_YEAR and BEFORE, LARGEST or SMALLEST for its place among the rows, or "" for
    the one in the row itself; no table is the formula's own."""

    column: str
    table: str = ""
    which: str = ""


@dataclass(frozen=True)
class Operation:
    sign: str
    left: Formula
    right: Formula


Formula = Reference | Operation | Fraction


@dataclass(frozen=True)
class _Called:
    """What a formula's table calls its columns, and its whole."""

    columns: Container[str]
    wholes: tuple[str, ...]

    def whole(self, word: str) -> str:
        """The column of which a word says that the figure of the whole is meant; "" for none."""
        if before := next((whole for whole in self.wholes if word.startswith(f"{whole}の")), ""):
            return word.removeprefix(f"{before}の")
        if _OTHER.fullmatch(word):
            return ""  # the column of another table may be called 「利用者の計」
        behind = next((whole for whole in self.wholes if word.endswith(f"の{whole}")), "")
        return word.removesuffix(f"の{behind}") if behind else ""


def parse_formula(text: str, names: Collection[str] = (), total: str = "") -> Formula:
    """The formula of a table that has columns of these ``names`` and calls its ``total`` so. Raises ValueError, saying why, for what is none."""
    formula, left = _sum(
        [word for word in _words(text, names) if word], _Called(names, (*filter(None, [total]), *_WHOLES))
    )
    if left:
        raise ValueError(f"「{left[0]}」の前に、閉じる括弧か + - × ÷ のどれかが足りません")
    return formula


def _words(text: str, names: Collection[str]) -> Iterator[str]:
    """Names, numbers, signs and brackets; the brackets of a name, which close within it, belong to it."""
    for at, piece in enumerate(_SIGN.split(f" {_spaced(text, names)} ")):
        if at % 2:
            yield _SIGNS[piece]
            continue
        name, closing = piece.strip(), 0
        while name[:1] and name[0] in _OPEN and _depth(name) > 0:
            yield "("
            name = name[1:].lstrip()
        while name[-1:] and name[-1] in _CLOSE and _depth(name) < 0:
            name, closing = name[:-1].rstrip(), closing + 1
        yield name
        yield from ")" * closing


def _spaced(text: str, names: Collection[str]) -> str:
    """A formula with blanks around its × and ÷, which are typed without: those of names are left."""
    if any(sign in name for name in names for sign in "×÷"):
        return text
    return re.sub("[×÷]", r" \g<0> ", text)


def _depth(name: str) -> int:
    return sum((char in _OPEN) - (char in _CLOSE) for char in name)


def _sum(words: list[str], called: _Called) -> tuple[Formula, list[str]]:
    return _chain(words, "+-", lambda rest: _chain(rest, "×÷", lambda left: _operand(left, called)))


def _chain(
    words: list[str], signs: str, operand: Callable[[list[str]], tuple[Formula, list[str]]]
) -> tuple[Formula, list[str]]:
    formula, words = operand(words)
    while words and words[0] in signs:
        sign = words[0]
        right, words = operand(words[1:])
        formula = Operation(sign, formula, right)
    return formula, words


def _operand(words: list[str], called: _Called) -> tuple[Formula, list[str]]:
    if not words or words[0] in (*_SIGNS.values(), ")"):
        raise ValueError("+ - × ÷ の前後には、列の名か数を書きます")
    word, *rest = words
    if word == "(":
        formula, rest = _sum(rest, called)
        if rest[:1] != [")"]:
            raise ValueError("閉じる括弧がありません")
        return formula, rest[1:]
    if word in called.columns:
        return Reference(word), rest
    if _NUMBER.fullmatch(word):
        return Fraction(word.replace(",", "")), rest
    if suffix := next((suffix for suffix in _SUFFIXES if word.endswith(suffix)), ""):
        return Reference(word.removesuffix(suffix), which=_SUFFIXES[suffix]), rest
    which = next((kind for prefix, kind in _PREFIXES.items() if word.startswith(prefix)), "")
    word = next((word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)), word)
    if not which and (of_whole := called.whole(word)):
        which, word = WHOLE, of_whole
    other = _OTHER.fullmatch(word)
    return Reference(other[2] if other else word, other[1] if other else "", which), rest


def references(formula: Formula) -> Iterator[Reference]:
    """The figures that a formula rests on."""
    if isinstance(formula, Reference):
        yield formula
    elif isinstance(formula, Operation):
        yield from references(formula.left)
        yield from references(formula.right)


def without_conversion(formula: Formula, unit: str) -> Formula:
    """The formula of a column in ``unit``, as a plain division, where it says itself how many of the unit make one: 「実績 ÷ 目標 × 100」 and
    「今年 ÷ 前年 × 100 - 100」 of per cents."""
    terms = list(_terms(formula))
    parts = Fraction(parts_of_one(unit))
    if parts == 1 or not any(parts in _factors(term) for term in terms):
        return formula
    return _in_ones(formula, parts)


def _terms(formula: Formula) -> Iterator[Formula]:
    """What is added or subtracted in it."""
    if isinstance(formula, Operation) and formula.sign in "+-":
        yield from _terms(formula.left)
        yield from _terms(formula.right)
    else:
        yield formula


def _factors(term: Formula) -> Iterator[Formula]:
    """What is multiplied in it, and divided, but not what it is divided by."""
    if isinstance(term, Operation) and term.sign in "×÷":
        yield from _factors(term.left)
        if term.sign == "×":
            yield from _factors(term.right)
    else:
        yield term


def _in_ones(formula: Formula, parts: Fraction) -> Formula:
    """A formula in parts of one as one in ones: each term without its factor ``parts``, a number divided by them."""
    if isinstance(formula, Fraction):
        return formula / parts
    if isinstance(formula, Reference):
        return formula
    if formula.sign in "+-":
        return Operation(formula.sign, _in_ones(formula.left, parts), _in_ones(formula.right, parts))
    return Operation("÷", formula, parts) if parts in _factors(formula) else formula


def parts_of_one(unit: str) -> int:
    """How many of a unit make one: 100 for ％, 1 for what is counted."""
    return _PARTS.get(unit, 1)


def rounded(amount: Fraction, decimals: int) -> int | Decimal:
    """The amount to so many decimals, a half away from zero, as Japanese statistics round; whole numbers are int."""
    units = abs(amount) * 10**decimals
    nearest = (2 * units.numerator + units.denominator) // (2 * units.denominator)
    nearest = -nearest if amount < 0 else nearest
    return Decimal(nearest).scaleb(-decimals) if decimals else nearest
