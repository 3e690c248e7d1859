"""Japan's eras. A new one is a line here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Era:
    """``year`` is its first, in the calendar and as fiscal year; it is named from the calendar ``month`` of that year on."""

    letter: str
    name: str
    year: int
    month: int


# The newest first.
ERAS = (
    Era("R", "令和", 2019, 5),
    Era("H", "平成", 1989, 1),
    Era("S", "昭和", 1926, 12),
    Era("T", "大正", 1912, 7),
    Era("M", "明治", 1868, 10),
)
# The first year of which there are reports, 平成元年; older eras are those of birthdays.
EARLIEST = 1989
REPORTED = tuple(era for era in ERAS if era.year >= EARLIEST)


def named(eras: tuple[Era, ...] = REPORTED) -> str:
    """The eras as one writes them, R or 令和, as a part of a regular expression."""
    return "|".join(word for era in eras for word in (era.letter, era.name))


def western(era: str, nth: int) -> int:
    """The western year of the ``nth`` of an era, written R, r or 令和. Raises StopIteration for what is none."""
    return next(known.year for known in ERAS if era.upper() in (known.letter, known.name)) + nth - 1


@cache
def within_era(year: int, month: int = 12) -> tuple[Era, int]:
    """The era of a year at its end, or in a month of it, and the year's number in it."""
    era = next(era for era in ERAS if (year, month) >= (era.year, era.month))
    return era, year - era.year + 1


_OF_ERA = re.compile(rf"(?P<era>{named()})\s*(?P<nth>\d{{1,2}}|元)年(?!度)")
_TO_NEXT = re.compile(f"{_OF_ERA.pattern}|。")
_BARE = re.compile(r"(?<![\d.,])\d{1,2}年(?!度|連続|続|ぶり|間|前|後|以|目|に[1一][度回]|\d+か月)")


def listed_years(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a sentence (its digits of half width) goes on from a year of an era to the one beside it by its number alone, and which that is:
    H30 in 「平成29年、30年、令和元年」."""
    for stated in _OF_ERA.finditer(text):
        era, nth = stated["era"], 1 if stated["nth"] == "元" else int(stated["nth"])
        letter = next(known.letter for known in ERAS if era in (known.letter, known.name))
        end = _TO_NEXT.search(text, stated.end())
        for bare in _BARE.finditer(text, stated.end(), end.start() if end else len(text)):
            number = int(bare[0].rstrip("年"))
            if abs(number - nth) == 1:
                nth = number
                yield *bare.span(), f"{letter}{nth}"
