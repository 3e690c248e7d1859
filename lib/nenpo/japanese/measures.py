"""Units of measurement: what they are called, and how many of the one make the other."""

from __future__ import annotations

import re
from fractions import Fraction

from nenpo.japanese.numerals import half_width, in_ones

# What units of measurement are called in words.
CALLED = {
    "t": "トン", "kg": "キログラム", "g": "グラム", "km": "キロメートル", "m": "メートル", "cm": "センチメートル", "mm": "ミリメートル",
    "ha": "ヘクタール", "㎡": "平方メートル", "㎥": "立方メートル", "l": "リットル", "kl": "キロリットル", "kwh": "キロワット時", "mwh": "メガワット時",
    "℃": "度", "%": "パーセント", "‰": "パーミル",
}  # fmt: skip
# What else is counted or measured that is no person, nor stands for one.
_THINGS = (
    *("円", "校", "園", "館", "室", "か所", "ヶ所", "ヵ所", "カ所", "ケ所", "箇所", "個所", "施設", "か国", "路線", "系統", "便", "橋", "基", "棟", "床", "席", "区画"),
    *("冊", "点", "枚", "本", "台", "部", "巻", "タイトル", "隻", "機", "両", "頭", "匹", "羽", "株", "袋", "箱", "個", "食", "品目", "種", "種類", "曲"),
    *("日", "週", "か月", "年", "ポイント", "倍", "割", "位", "点数"),
)  # fmt: skip
# Units of measurement as they are written, the longer first; not those that are ordinary words too.
MEASURES = sorted({*CALLED, *CALLED.values()} - {"%", "パーセント", "度", "‰"}, key=lambda unit: (-len(unit), unit))
# How large units are that measure the same, in the first of them.
_SIZES = (
    {"g": 1, "kg": 10**3, "t": 10**6},
    {"mm": 1, "cm": 10, "m": 10**3, "km": 10**6},
    {"㎡": 1, "ha": 10**4, "k㎡": 10**6},
    {"l": 1, "㎥": 10**3, "kl": 10**3},
    {"kwh": 1, "mwh": 10**3},
    {"秒": 1, "分": 60, "時間": 3600},
)
_SIZE_OF = {name: (at, size) for at, sizes in enumerate(_SIZES) for name, size in sizes.items()}
_SIZE_OF |= {word: _SIZE_OF[unit] for unit, word in CALLED.items() if unit in _SIZE_OF}
_NO_PERSONS = {*_THINGS, *CALLED, *CALLED.values(), *_SIZE_OF}


def unit_names(unit: str) -> tuple[str, ...]:
    """A unit as it is declared, and as it is called: t, トン."""
    half = half_width(unit)
    if of := re.fullmatch("([A-Za-z]+)-.+", half):  # t-CO2, said トン too
        return (half, *unit_names(of[1]))
    called = CALLED.get(half.lower()) or next((short for short, name in CALLED.items() if name == half), "")
    return (half, called) if called else (half,)


def in_other(unit: str, other: str) -> Fraction | None:
    """How many of the ``other`` unit one of the first is: 1,000 for t and kg. None where they measure different things."""
    own, like = (_SIZE_OF.get(half_width(name).lower()) for name in (in_ones(half_width(unit))[0], other))
    return Fraction(own[1], like[1]) if own and like and own[0] == like[0] else None


def size_in(said: str, unit: str) -> Fraction | None:
    """How many of a unit one of that which is said is, 10 for 十人 and 人, 1/1000 for 千円 and 百万円; None where they measure different things."""
    (of, many), (own, own_many) = (in_ones(half_width(name)) for name in (said, unit))
    return Fraction(many, own_many) if of == own else in_other(said, own)


def counts_things(unit: str) -> bool:
    """Whether what is counted or measured in a unit is no person, as 校, 千円, km or ％ are; 人, 世帯 and 件 may each stand for one."""
    counted = in_ones(half_width(unit))[0].partition("/")[0]
    return any(name in _NO_PERSONS or name.lower() in _NO_PERSONS for name in unit_names(counted))
