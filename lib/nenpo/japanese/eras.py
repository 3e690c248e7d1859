"""Japan's eras. A new one is a line here."""

from __future__ import annotations

from dataclasses import dataclass


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


def within_era(year: int, month: int = 12) -> tuple[Era, int]:
    """The era of a year at its end, or in a month of it, and the year's number in it."""
    era = next(era for era in ERAS if (year, month) >= (era.year, era.month))
    return era, year - era.year + 1
