"""The forms that a figure may have by the words around it, and whether it states an amount as exactly as it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from nenpo.japanese.numerals import Written, rounded
from nenpo.japanese.words import pattern, words
from nenpo.prose.sentence import Sentence
from nenpo.prose.written import Mention

VALUE, DIFFERENCE, GROWTH, RATIO, SHARE, POINTS, AVERAGE, DAILY, STREAK, INTERVAL, RANK, COUNT = (
    "value", "difference", "growth", "ratio", "share", "points", "average", "average of a day", "streak", "interval", "rank", "count"
)  # fmt: skip
# 「３人に２人」: a share; 「８６分に１回」: an interval; neither in 「８件から１０件に２件増加」.
_IN_EACH = r"\d+(?:\.\d+)?[ \u3000]?%s(?P<part>\d+)[ \u3000]?%s(?!の?(?:増|減|多|少)|を(?:加|足|引))"
ONE_IN = re.compile(_IN_EACH % (r"(?P<unit>[^\d\s、。に]{1,2})に", "(?P=unit)"))
EVERY = re.compile(_IN_EACH % ("(?:日|時間|分|秒|週)間?に", r"[^\d\s、。の%％年月日時分秒]{1,2}"))
# 「約４分の１」, and how near a share has to be to it at least, in points; nearer than to the next, 「５分の１」.
FRACTION = re.compile(r"\d+分の(?P<part>\d+)")
_NEAR = 4
_PART = re.compile(r"(?P<joint>の|間?に)(?P<count>\d+)(?P<rest>.*)", re.S)
# What falls to near a figure comes from above it.
_FALLS_NEAR = re.compile(f"近く(?:に|へと?|まで)+(?:{words()['form']['less']})")
# What 「半数」 is, in per cent.
_HALF = 50
# So many times are told to the nearest half: 「約２倍」 is neither 1.7 nor 2.3 times.
_FEW = 3
# So many digits that are no zeros at the end tell what a figure is a slip of; so many where it stands in a bracket right behind what it
# explains, or such a bracket behind it.
_TELLING, _TELLING_BESIDE = 4, 3


@dataclass(frozen=True)
class Reading:
    """One thing that a figure may mean: the path of the fact (or of the figure that it rests on), its amount in the figure's
    unit, and how it comes about in words."""

    path: str
    amount: Fraction
    words: str
    form: str
    sure: bool = True  # False where something else may be meant for what the sentence compares with
    is_larger: bool = False  # whether the figure's unit is larger than the one that its quantity is measured in

    @property
    def decimals(self) -> int:
        """Decimals that it is told with."""
        return 0 if self.form in (VALUE, DIFFERENCE, STREAK, COUNT) else 1


@dataclass(frozen=True)
class Around:
    """The words around a figure: the forms it may have, the likeliest first; whether they say more (1) or less (-1); what follows it;
    and whether they say since when (ぶり)."""

    forms: list[str]
    more: int
    tail: str
    since: bool = False
    sure: bool = True  # False where the end of a list may say more of it
    is_sum: bool = False  # whether the words before it say that it is a sum
    is_base: bool = False  # whether it says what something else is held against: 「前年度の２６人を下回った」
    is_end: bool = False  # whether it is an end of a range: 「０．８～０．９人」
    is_supposed: bool = False  # whether it is none of what has been: a condition, a target, what is expected

    @property
    def exact(self) -> str:
        """What follows it that says how exactly it is meant."""
        return "" if self.is_base else self.tail


def is_part(figure: Mention) -> bool:
    """Whether a figure says a share, a growth or a ratio, and counts nothing."""
    return figure.text.endswith(("％", "%", "割", "倍", "ポイント"))


def agrees(written: Written, reading: Reading, around: Around) -> bool:
    """Whether a figure states the amount, as exactly as it is written."""
    if _goes_otherwise(reading, around, written):
        return False
    amount, share = in_its_unit(written, reading, around), _share(written, reading, around)
    within = _limits(written, share, _rest(written, around))
    if within is None and share is not None:
        halfway = share * written.value / (written.value + Fraction(1, 2))
        return abs(amount - share) <= min(Fraction(_NEAR), share - halfway)
    return _is_rounded(written, amount, reading, around.exact) if within is None else within(amount)


def is_far(written: Written, reading: Reading, around: Around) -> bool:
    """Whether a figure says a limit of an amount, which is farther from that than from another round one: 「２，０００件を超えた」 of 4,008."""
    if not limit(written, around):
        return False
    amount, share = in_its_unit(written, reading, around), _share(written, reading, around)
    if share is not None:
        return abs(amount - share) >= 50 / written.value
    step = written.zeros
    if written.unit.startswith(("割", "倍")):
        step = Fraction(5, 2) if written.unit.startswith("割") and written.value == _HALF / 10 else Fraction(1)
    elif step <= 1:
        return False  # it is no round one itself
    elif written.value / step % 10 == 5:  # 「２５０件を下回った」「半数を超えた」
        step *= Fraction(5, 2) if written.is_share else 5
    return abs(amount - written.value) >= step


def in_its_unit(written: Written, reading: Reading, around: Around) -> Fraction:
    """The amount of a reading in a figure's unit."""
    form, unit = reading.form, written.unit
    amount = abs(reading.amount) if form in (DIFFERENCE, GROWTH, POINTS) else reading.amount
    if form == INTERVAL and (part := _part(written, around.tail)):
        return amount * int(part["count"])
    if unit.startswith("割"):
        return amount / 10
    return amount / 100 if unit.startswith("倍") and form == RATIO else amount


def _share(written: Written, reading: Reading, around: Around) -> Fraction | None:
    """What a figure that begins a fraction comes to, in per cent: of 「３分の２」 66.7; None of one that begins none."""
    part = None if reading.form == INTERVAL or written.is_share else _part(written, around.tail)
    if part is None or not written.value or (part["joint"] != "の" and reading.form != SHARE):
        return None
    return 100 * int(part["count"]) / written.value


def _goes_otherwise(reading: Reading, around: Around, written: Written) -> bool:
    """Whether an amount has gone the other way than the words say."""
    if not around.more:
        return False
    if reading.form in (DIFFERENCE, GROWTH, POINTS):
        return bool(reading.amount) and (reading.amount > 0) != (around.more > 0)
    is_ratio = reading.form == RATIO and not written.unit.startswith("倍")
    return is_ratio and reading.amount != 100 and (reading.amount > 100) != (around.more > 0)


def _part(written: Written, tail: str) -> re.Match[str] | None:
    """What ends a figure that is so many parts of a whole, or one in so many, with what follows: 「の２」 of 「３分の２」, 「に１人」 of 「３人に１人」."""
    is_fraction = written.unit.startswith("分")
    part = _PART.match(written.unit[1:] + tail if is_fraction else tail)
    return part if part and (is_fraction or part["joint"] != "の") else None


def _rest(written: Written, around: Around) -> str:
    """What says how exactly a figure is meant, behind all of it."""
    part = _part(written, around.exact)
    return part["rest"].removeprefix(written.unit[:1]) if part else around.exact


def limit(written: Written, around: Around) -> int:
    """Whether the words behind a figure say that the amount is that at least (1) or at the most (-1): 「２００件を超えた」「半数に満たない」."""
    return _towards(written, _rest(written, around))


def _towards(written: Written, after: str) -> int:
    if _says("under", after) or _says("up_to", after):
        return -1
    return 1 if written.unit.endswith("超") or _says("over", after) or _says("from_on", after) else 0


def _says(key: str, after: str) -> bool:
    """Whether the words behind a figure are those of a key for how exactly it is meant."""
    return pattern("precision", key).match(after) is not None


def _limits(written: Written, share: Fraction | None, after: str) -> Callable[[Fraction], bool] | None:
    """Between what the words behind a figure say that the amount is: 「２００件を超えた」「２４０件弱」「３分の２強」; None where they say nothing
    of that."""
    value = written.value if share is None else share
    large = max(written.zeros, Fraction(written.scale)) if share is None else Fraction(_NEAR)
    is_round = written.zeros > _step(written)
    if towards := _towards(written, after):  # or what something else is above, or below
        return lambda amount: (amount - value) * towards >= 0
    if _says("above", after):
        return lambda amount: value < amount < value + large
    if _FALLS_NEAR.match(after):  # 「３分の１近くまで減った」
        return lambda amount: value - large < amount < value + large
    if _says("below", after):
        return lambda amount: value - large < amount < value
    if (
        share is None and written.parts == 1 and (_says("within", after) or (is_round and _says("reached", after)))
    ):  # 「４千件に達した」
        return lambda amount: value <= amount < value + large
    return None


def _step(written: Written) -> Fraction:
    return Fraction(written.scale) if written.scale > 1 else Fraction(1, 10**written.decimals)


def _is_rounded(written: Written, amount: Fraction, reading: Reading, after: str) -> bool:
    """Whether a figure is the amount, rounded as it is written."""
    value, step = written.value, _step(written)
    if written.parts > 1:  # 「７分１８秒」 of 7.3 minutes
        last = value * written.parts % 60
        step = Fraction(10 if written.about and last % 10 == 0 else 1, written.parts)
        return rounded(amount, step) == value or rounded(value, Fraction(1, 10)) == rounded(amount, Fraction(1, 10))
    is_times = written.unit.startswith("倍") and not written.decimals
    is_about = written.about or _says("about_after", after)
    rough = Fraction(1, 10 if not is_about else 2 if value < _FEW else 1) if is_times else step
    if is_about:
        steps = (rough,) if is_times else (max(written.zeros, Fraction(written.scale)), rough)  # from halfway either
        return any(value in (rounded(amount, to), -rounded(-amount, to)) for to in steps)
    if reading.form in (SHARE, GROWTH, RATIO, POINTS, AVERAGE, DAILY, INTERVAL) or written.decimals:
        return rounded(amount, rough) == value
    return amount == value or ((written.scale > 1 or reading.is_larger) and rounded(amount, step) == value)


def is_one_with(sentence: Sentence, at: Mention, before: Mention) -> bool:
    """Whether a figure ends what the one before it begins: 「３人に１人」「４分の１」「３日に１件」."""
    matches = (whole.match(sentence.text, before.start) for whole in (ONE_IN, EVERY, FRACTION))
    return any(match and match.start("part") == at.start for match in matches)


def is_telling(written: Written, *, beside: bool = False) -> bool:
    """Whether a figure has so many digits that it is no amount by chance."""
    digits = str(int(abs(written.value) * 10**written.decimals)).rstrip("0")
    return len(digits) >= (_TELLING_BESIDE if beside else _TELLING)


def is_slip_of(written: Written, reading: Reading, *, beside: bool = False) -> bool:
    """Whether a figure is an amount, or a share as it would be printed, but for one of its digits, where it has so many that this is no chance;
    fewer ``beside`` what tells what it is of."""
    is_percent = written.is_share and not written.unit.startswith("割")
    if reading.amount.denominator > 1 and not is_percent:
        return False
    scale = 10**written.decimals
    amount = str(int(rounded(abs(reading.amount), Fraction(1, scale)) * scale))
    figure = str(int(abs(written.value) * scale))
    if len(amount) != len(figure) or not is_telling(written, beside=beside):
        return False
    return sum(own != other for own, other in zip(figure, amount, strict=True)) == 1
