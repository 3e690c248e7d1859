"""What an office writes beside a name in its own sheets: a number before it, a letter that a formula is told with, the unit, the year.

「①急病」「決算額 (B)」「執行率 B/A」「接種者［人］」「人口（令和６年度）」「その他（注１）」. A bracket with words restricts a name, and stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from nenpo.japanese.eras import named
from nenpo.japanese.measures import counts_things
from nenpo.japanese.words import pattern
from nenpo.japanese.years import FiscalYear, year_named

# A letter of a column, ② as it is spelt out, or a number in a formula.
_TERM = r"(?:[(\[]?[A-Za-z](?![A-Za-z\d])[)\]]?|\(\d{1,2}\)|(?<=[-+−×÷/*])[\d,]+)"
_FORMULA = rf"[(\[]?{_TERM}(?:[-+−–×÷/*=]{_TERM})*[)\]]?"
_BEFORE = re.compile(r"\(?\d{1,2}[).:]|\d{1,2}(?=\D)|[ア-オa-z][).:]|[※*・○●◎■□◆◇]+|[(\[](?:再掲|うち|内数)[)\]]")
_LEADING_YEAR = re.compile(
    rf"(?P<year>(?:(?:{named()})(?:\d{{1,2}}|元)|(?:19|20)\d\d)(?:年度?)?)の?(?=\D)", re.IGNORECASE
)
_BEHIND = re.compile(rf"(?<![A-Za-z])(?:{_FORMULA}|[(\[]?(?:[注※*]\d*|\*+)[)\]]?)$")
_BRACKET = re.compile(r"[(\[〔<【](?:単位[:は]?)?([^()\[\]〔〕<>【】]+)[)\]〕>】]$")
_PERSONS = ("件", "人", "名", "回", "世帯")
# What a bracket says that restricts no name, beside a unit, or how many: which ages it means, and of which day it is.
_REMARK = re.compile(r"(?:\d+[～-])?\d+[歳才](?:以上|以下|未満|[～-]|[～-]\d+[歳才])?|\d+月\d*[末日]?(?:現在|時点)")


def without_marks(name: str, unit: str = "", year: FiscalYear | None = None) -> list[str]:
    """A plain label as it is written, then with fewer and fewer of its marks, without ``unit`` and without ``year``, the sheet's own: a mark
    may be part of the name, as in 丙（注）."""
    labels = []
    led = _LEADING_YEAR.match(name)
    if led and year is not None and year_named(led["year"], year) == year:
        name = name[led.end() :]
    for left in (name, _BEFORE.sub("", name, count=1) if _BEFORE.match(name) else name):
        while left and left not in labels:
            labels.append(left)
            bracket = _BRACKET.search(left)
            is_own = bracket and (bracket[1] == unit or (year is not None and year_named(bracket[1], year) == year))
            left = left[: bracket.start()] if bracket and is_own else _BEHIND.sub("", left)
    return labels


def alike(units: Mapping[str, str], labels: Collection[str], year: FiscalYear) -> Mapping[str, str]:
    """By each of the plain labels that is one of the plain names, which have ``units``, but for marks and for what may be left out of it, that name: a bracket with the ages that it
    means, 「年少人口（０～14歳）」, the word for counting at its end, 「出生」 of 出生数, 「の」; 「件数」 is the only one in 件. None that could be two, or that two could be."""
    pairs = [
        (label, name)
        for name, unit in units.items()
        for label in dict.fromkeys(labels)
        if (
            (core := _loosely(name, unit)) and core in {_loosely(own, unit) for own in without_marks(label, unit, year)}
        )
        or (label == f"{unit}数" and [*units.values()].count(unit) == 1)
    ]
    labels_often, names_often = (Counter(pair[of] for pair in pairs) for of in (0, 1))
    return {label: name for label, name in pairs if labels_often[label] == names_often[name] == 1}


def parted(name: str) -> tuple[str, str]:
    """A plain label before the bracket at its end, and what that says; "" where it has none."""
    bracket = _BRACKET.search(name)
    return (name[: bracket.start()], bracket[1]) if bracket else (name, "")


def _loosely(name: str, unit: str) -> str:
    """A plain name without what may be left out of it; where it has no ``unit`` of its own, without any."""
    before, said = parted(name)
    counted = said.lstrip("0123456789")
    is_unit = not unit and (counts_things(counted) or counted in _PERSONS)
    core = (before if _REMARK.fullmatch(said) or is_unit else name).removeprefix("うち")
    return pattern("names", "counting").sub("", core.replace("の", "").replace("金額", "額"))
