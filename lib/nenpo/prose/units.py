"""The units that figures are written in, held against what quantities are counted in."""

from __future__ import annotations

import re
from collections.abc import Collection

from nenpo.japanese.measures import MEASURES, in_other, unit_names
from nenpo.japanese.numerals import Written, half_width, in_ones

# What is counted by words of its own.
_COUNTERS = "人 名 件 世帯 回 円 社 項目 か月 カ月 ヶ月 箇月 か年 か国 年 日 時間 分 秒 週 歳 種 区分 校 館".split()
# Units that count the same.
_ALIKE = [frozenset(units.split()) for units in ("人 名", "か所 箇所 カ所 ヶ所 ヵ所", "% パーセント", "社 事業所")]


def is_in(written: Written, unit: str) -> bool:
    """Whether a figure is written in a unit, in so many of it, or in another that measures the same."""
    own = bool(unit) and written.unit.startswith(unit_names(in_ones(half_width(unit))[0]))
    return own or in_other(unit, written.unit) is not None


def of_other_unit(written: Written, known: str, units: Collection[str]) -> str:
    """Why a figure's unit is not the one that is ``known`` of what it states; "" where it is, or either has none. ``units`` are those of the
    office, in half width."""
    unit = re.match("[^\\d\\s、。（）]*", written.unit)
    own = unit[0] if unit else ""
    counted = max((word for word in (*_COUNTERS, *MEASURES, *units) if own.startswith(word)), key=len, default="")
    if not counted or not known or is_in(written, known) or any({counted, known} <= alike for alike in _ALIKE):
        return ""
    return f"数は合いますが、単位が「{counted}」です（表では「{known}」）"
