"""What is asked of DuckDB about a column of a ledger, as SQL: texts without their accidents, days in all the ways that they are written."""

from __future__ import annotations

import re

from nenpo.japanese.eras import REPORTED, named

_HALF = ("０１２３４５６７８９．／－，　", "0123456789./-, ")


def as_text(column: str) -> str:
    """SQL for a text without its accidents: ends trimmed, digits and signs in half width."""
    return f"trim(translate({column}, '{_HALF[0]}', '{_HALF[1]}'))"


def in_half_width(text: str) -> str:
    return text.translate(str.maketrans(*_HALF)).strip()


def as_words(column: str) -> str:
    return (
        f"list_filter(list_transform(string_split_regex({column}, '[、,;；/]'), lambda x: trim(x)), lambda x: x <> '')"
    )


def as_day(column: str) -> str:
    """SQL for the day that a text means: 2024-04-05, 2024/4/5, 2024年4月5日, 20240405, R6.4.5, 令和6年4月5日; NULL where it is none.

    Each look that fails takes as long as all the rest of a record, and letters in full width longer still: so the first looks are
    those that such a text will pass.
    """
    text = f"trim(translate({column}, '{_HALF[0]}ＲＨｒｈrh', '{_HALF[1]}RHRHRH'))"
    formats = "['%Y.%m.%d', '%Y年%m月%d日', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M']"
    looks = (
        f"CASE WHEN {column} < ':' THEN try_cast({column} AS DATE) END",  # it begins with a digit
        _day_by_era(column),
        f"try_cast({text} AS DATE)",
        _day_by_era(text),
        f"try_strptime({text}, {formats})::DATE",
        f"CASE WHEN length({text}) = 8 THEN try_strptime({text}, '%Y%m%d')::DATE END",
    )
    return f"coalesce({', '.join(looks)})"


def _day_by_era(text: str) -> str:
    parts = rf"^\s*({named()})\s*(\d+|元)[./年-]\s*(\d+)[./月-]\s*(\d+)日?\s*$"
    era = " ".join(f"WHEN '{word}' THEN {era.year - 1}" for era in REPORTED for word in (era.letter, era.name))
    nth = "CASE WHEN x.n = '元' THEN 1 ELSE try_cast(x.n AS INTEGER) END"
    day = f"CASE WHEN x.e <> '' THEN try_cast(concat(CASE x.e {era} END + {nth}, '-', x.m, '-', x.d) AS DATE) END"
    return f"list_transform([regexp_extract({text}, '{parts}', ['e', 'n', 'm', 'd'])], lambda x: {day})[1]"


def bare(name: str) -> str:
    return re.sub(r"\s", "", name)


def is_blank(column: str) -> str:
    return f"(coalesce({as_text(column)}, '') = '')"
