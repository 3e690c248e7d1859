"""Figures as Japanese prose writes them: 「２３８件」「約20,000人」「１１２．８％」「2.17項目」「３割」「１．５倍」「３万５千円」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from nenpo.japanese.words import words

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_PART = rf"{_DIGITS}(?:\.\d+)?(?:[百千]?[万億]|[百千])?"
_ABOUT = words()["precision"]["about"]
# A figure without its unit; in half width.
NUMBER = rf"(?P<about>{_ABOUT})?\s*(?P<number>{_PART}(?:(?<=[百千万億]){_PART})*)"
_FIGURE = re.compile(rf"{NUMBER}\s*(?P<unit>[^\d\s、。，．,.（）()「」百千万億]*(?:(?<=[A-Za-z])\d)?)")
# A length of time in two units or three: 「７分１８秒」.
COMPOUND = re.compile(rf"(?P<about>{_ABOUT})?(?:(?P<hours>\d+)時間)?(?P<minutes>\d+)分(?:(?P<seconds>\d+)秒)?")
# Numbers with a slash between, of which a part of a whole is read: 「２／３」.
SLASHED = re.compile(rf"(?:{_ABOUT})*(?P<part>\d+)[/／](?P<of>\d+)(?:[/／]\d+)*")
_SCALES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "億": 10**8}
# What a unit of so many others begins with, the longer first.
_MANY = {"十億": 10**9, "千万": 10**7, "百万": 10**6, "億": 10**8, "万": 10**4, "千": 1000}
_OF_MANY = re.compile(f"(?P<many>{'|'.join(_MANY)})(?P<one>.+)")
_KANJI = re.compile("[〇一二三四五六七八九十百千万億]*[〇一二三四五六七八九十][〇一二三四五六七八九十百千万億]*")
# What is said without a digit: value, unit, and whether it is meant roughly.
_IN_WORDS: dict[str, tuple[Fraction | int, str, bool]] = {
    "半数": (50, "%", True),
    "半分": (50, "%", True),
    "過半数": (50, "%超", False),
    "倍増": (2, "倍", True),
    "半減": (Fraction(1, 2), "倍", True),
}
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
# Full-width forms to half-width, character by character, so that places stay; points and commas of words as most write them.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WIDE_LETTERS = "".join(chr(ord(letter) + 0xFEE0) for letter in _LETTERS)
_HALF = str.maketrans(f"０１２３４５６７８９．，％－−､｡{_WIDE_LETTERS}", f"0123456789.,%--、。{_LETTERS}")
# A comma, or a full-width point, that stands in no number.
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
# What stands in brackets.
_BRACKET = re.compile("[（(][^（）()\n]*[）)]")
_FULL_STOP = re.compile(r"(?<![0-9０-９])．|．(?![0-9０-９])")


@dataclass(frozen=True)
class Written:
    """A figure as it is written: ``decimals`` are those shown, ``about`` where 「約」 stands before it."""

    text: str
    value: Fraction
    decimals: int
    unit: str
    about: bool = False
    scale: int = 1  # of its last digits: 10,000 in 「３万」
    parts: int = 1  # how many of the unit of its last digits make one of ``unit``: 60 in 「７分１８秒」

    @property
    def is_share(self) -> bool:
        """Whether it is written as so many parts of a whole."""
        return self.unit.startswith(("%", "割", "パーセント"))

    @property
    def zeros(self) -> Fraction:
        """The step of the last digit that is not one of the zeros it ends in; of the last decimal where it shows some."""
        step = Fraction(1, 10**self.decimals)
        while not self.decimals and self.value and self.value % (step * 10) == 0:
            step *= 10
        return step

    def says(self, amount: Fraction) -> bool:
        """Whether it states the amount, in the figure's own unit: half-up at the decimals shown, a whole number exactly; with
        「約」 half-up at the zeros it ends in."""
        step = self.zeros if self.about else Fraction(1, 10**self.decimals)
        return rounded(amount, step) == self.value and (self.decimals > 0 or self.about or amount == self.value)


def rounded(amount: Fraction, step: Fraction) -> Fraction:
    """Half-up, as Japanese statistics are."""
    return (amount / step + Fraction(1, 2)).__floor__() * step


def in_digits(amount: Fraction, decimals: int = 0) -> str:
    """With separators, half-up to so many decimals; at least to two where it is no whole number."""
    if amount.denominator == 1 and not decimals:
        return f"{amount.numerator:,}"
    decimals = decimals or 2
    units = (abs(amount) * 10**decimals + Fraction(1, 2)).__floor__()
    return f"{'-' * (amount < 0)}{units // 10**decimals:,}.{units % 10**decimals:0{decimals}d}"


def in_ones(unit: str) -> tuple[str, int]:
    """What a unit is so many of, and how many: a column of 千円 has 335,835 where a text says 3億3,583万5千円."""
    of_many = _OF_MANY.fullmatch(unit)
    return (of_many["one"], _MANY[of_many["many"]]) if of_many else (unit, 1)


@lru_cache(2048)
def half_width(text: str) -> str:
    """Digits, their signs and Latin letters in half width, each in its place; a comma or a point that stands in no number as 「、」 or 「。」, and a stop in
    brackets as 「、」, since the sentence goes on behind them."""
    half = _COMMA.sub("、", _FULL_STOP.sub("。", text).translate(_HALF))
    return _BRACKET.sub(lambda bracket: bracket[0].replace("。", "、"), half)


@lru_cache(4096)
def read_figure(text: str) -> Written | None:
    """The figure that a piece of text is; None where it is none, or more than one."""
    half = half_width(text).strip()
    if (known := _IN_WORDS.get(half)) is not None:
        value, unit, about = known
        return Written(text, Fraction(value), 0, unit, about)
    if (compound := COMPOUND.fullmatch(half)) and (compound["hours"] or compound["seconds"]):
        return _in_first_unit(text, compound)
    if slashed := SLASHED.fullmatch(half):
        is_part = 0 < int(slashed["part"]) < int(slashed["of"]) <= 10 and slashed.end("of") == len(half)
        return Written(text, Fraction(slashed["of"]), 0, f"分の{slashed['part']}", True) if is_part else None
    match = _FIGURE.fullmatch(arabic(half))
    if match is None:
        return None
    value, below = Fraction(0), Fraction(0)
    parts = re.findall(r"([\d,.]+)([百千]?)([万億]?)", match["number"])
    for digits, small, large in parts:
        below += Fraction(digits.replace(",", "")) * _SCALES[small]
        if large:
            value, below = value + below * _SCALES[large], Fraction(0)
    (digits, *scales), *others = parts
    scaled = bool(others or any(scales))
    last, small, large = parts[-1]
    scale = max(1, _SCALES[small] * _SCALES[large] // 10 ** len(last.partition(".")[2]))
    decimals = 0 if scaled else len(digits.partition(".")[2])
    return Written(text, value + below, decimals, match["unit"], bool(match["about"]), scale)


def arabic(text: str) -> str:
    """A text with its numerals of kanji in digits: 令和6年度 for 令和六年度."""
    return _KANJI.sub(lambda numeral: _in_arabic(numeral[0]), text)


def _in_first_unit(text: str, compound: re.Match[str]) -> Written:
    """A length of time in the first unit that it is written in."""
    unit, parts = ("時間", 3600 if compound["seconds"] else 60) if compound["hours"] else ("分", 60)
    hours, minutes, seconds = (int(compound[part] or 0) for part in ("hours", "minutes", "seconds"))
    value = Fraction(hours * 3600 + minutes * 60 + seconds, 3600 if compound["hours"] else 60)
    return Written(text, value, 0, unit, bool(compound["about"]), parts=parts)


def _in_arabic(numeral: str) -> str:
    """A numeral of kanji in digits: 二百三十八 is 238, 二三八 too. Its scales fall up to the next 万; one that rises is of the unit, as in
    八千五十二百万円."""
    if not re.search("[十百千万億]", numeral):
        return "".join(str("〇一二三四五六七八九".index(char)) for char in numeral)
    whole = part = digit = 0
    last = _SCALES["万"]
    for at, char in enumerate(numeral):
        if char in "〇一二三四五六七八九":
            digit = "〇一二三四五六七八九".index(char)
        elif char in "万億":
            whole, part, digit, last = whole + ((part + digit) or 1) * _SCALES[char], 0, 0, _SCALES["万"]
        elif _SCALES[char] >= last:
            return str((whole + part + digit) * int(_in_arabic(numeral[at:])))
        else:
            part, digit, last = part + (digit or 1) * _SCALES[char], 0, _SCALES[char]
    return str(whole + part + digit)


def restated(text: str, amount: Fraction) -> str | None:
    """The figure that ``text`` is, with another amount in its own unit and its own manner: width of the digits, decimals, 万 and 億,
    「約」. None where it is none, or written in kanji alone."""
    written, half = read_figure(text), half_width(text)
    match = _FIGURE.fullmatch(half.strip())
    if written is None or match is None:
        return None
    parts = [
        (digits, _SCALES[small] * _SCALES[large], small + large)
        for digits, small, large in re.findall(r"([\d,.]+)([百千]?)([万億]?)", match["number"])
    ]
    last, scale, _ = parts[-1]
    decimals = len(last.partition(".")[2])
    step = Fraction(scale, 10**decimals)
    if written.about and not decimals:
        step = max(step, written.zeros)
    digits = _in_parts(rounded(amount, step), parts, decimals)
    start = len(half) - len(half.lstrip()) + match.start("number")
    old = text[start : start + len(match["number"])]
    if wide := re.search("[０-９]", old):
        digits = digits.translate(WIDE_DIGITS)
    for plain, full in ((".", "．"), (",", "，")):
        if full in old or (wide and plain not in old):
            digits = digits.replace(plain, full)
    return text[:start] + digits + text[start + len(old) :]


def _in_parts(amount: Fraction, parts: Sequence[tuple[str, int, str]], decimals: int) -> str:
    """An amount as these parts are written, each with its scale: 「131億6,900万」. Parts of nothing fall away."""
    left, pieces = abs(amount), list[str]()
    for at, (old, scale, called) in enumerate(parts):
        is_last = at == len(parts) - 1
        own = left / scale if is_last else Fraction(left // scale)
        left -= own * scale
        digits = in_digits(own, decimals if is_last else 0)
        if "," not in old and len(old.partition(".")[0]) > 3:
            digits = digits.replace(",", "")
        pieces += [digits + called] if own or (is_last and not pieces) else []
    return "-" * (amount < 0) + "".join(pieces)
