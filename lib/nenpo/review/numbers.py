"""Figures as Japanese prose writes them: 「２３８件」「約20,000人」「１１２．８％」「2.17項目」「３割」「１．５倍」「３万５千円」."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

_DIGITS = r"\d{1,3}(?:,\d{3})+|\d+"
_NUMBER = re.compile(
    rf"(?P<about>約|およそ|ほぼ)?\s*(?P<whole>{_DIGITS})(?:\.(?P<decimals>\d+))?"
    rf"(?:(?P<large>[万億])(?:(?P<rest>{_DIGITS})(?P<thousand>千)?)?)?\s*(?![万億千])(?P<unit>[^\d\s、。，．,.（）()「」]*)"
)
_LARGE = {"万": 10**4, "億": 10**8}


@dataclass(frozen=True)
class Written:
    """A figure as it is written: ``decimals`` are those shown, ``about`` where 「約」 stands before it."""

    text: str
    value: Fraction
    decimals: int
    unit: str
    about: bool = False

    def says(self, amount: Fraction) -> bool:
        """Whether it states the amount, in the figure's own unit: half-up at the decimals shown, a whole number exactly; with
        「約」 half-up at the zeros it ends in."""
        step = Fraction(1, 10**self.decimals)
        if self.about and not self.decimals:
            while self.value and self.value % (step * 10) == 0:
                step *= 10
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


def read_figure(text: str) -> Written | None:
    """The figure that a piece of text is; None where it is none, or more than one."""
    normal = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    match = _NUMBER.fullmatch(normal)
    if match is None:
        return None
    whole = match["whole"].replace(",", "")
    decimals = match["decimals"] or ""
    value = Fraction(f"{whole}.{decimals or 0}")
    shown = len(decimals)
    if match["large"]:
        value *= _LARGE[match["large"]]
        rest = int((match["rest"] or "0").replace(",", "")) * (1000 if match["thousand"] else 1)
        value, shown = value + rest, 0
    return Written(text, value, shown, match["unit"], bool(match["about"]))
