"""What an office writes beside a name in its own sheets: a number before it, a letter that a formula is told with, the unit, the year.

「①急病」「決算額 (B)」「執行率 B/A」「接種者［人］」「人口（令和６年度）」「その他（注１）」. A bracket with words restricts a name, and stays.
"""

from __future__ import annotations

import re

from nenpo.japanese.eras import named
from nenpo.japanese.years import FiscalYear, year_named

# A letter of a column, ② as it is spelt out, or a number in a formula.
_TERM = r"(?:[(\[]?[A-Za-z](?![A-Za-z\d])[)\]]?|\(\d{1,2}\)|(?<=[-+−×÷/*])[\d,]+)"
_FORMULA = rf"[(\[]?{_TERM}(?:[-+−–×÷/*=]{_TERM})*[)\]]?"
_BEFORE = re.compile(r"\(?\d{1,2}[).:]|\d{1,2}(?=\D)|[ア-オa-z][).:]|[※*・○●◎■□◆◇]+")
_LEADING_YEAR = re.compile(
    rf"(?P<year>(?:(?:{named()})(?:\d{{1,2}}|元)|(?:19|20)\d\d)(?:年度?)?)の?(?=\D)", re.IGNORECASE
)
_BEHIND = re.compile(rf"(?<![A-Za-z])(?:{_FORMULA}|[(\[]?(?:[注※*]\d*|\*+)[)\]]?)$")
_BRACKET = re.compile(r"[(\[〔<【](?:単位[:は]?)?([^()\[\]〔〕<>【】]+)[)\]〕>】]$")


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
