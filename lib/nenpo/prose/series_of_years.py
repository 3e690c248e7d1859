"""A series of years of which one figure is wrong: 「令和２年度から順に６４３件、９７６件、２１１件、２３８件」. The others tell what it is of, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nenpo.japanese.numerals import read_figure
from nenpo.prose.amounts import Amounts
from nenpo.prose.context import HELD, OPEN, WRONG, Read
from nenpo.prose.forms import VALUE, Around, Reading, agrees
from nenpo.prose.in_series import run_of
from nenpo.prose.sentence import Sentence


def by_others(sentence: Sentence, reads: Sequence[Read], amounts: Amounts) -> list[Read]:
    """The figures of a sentence; one that agrees with nothing, in a series whose others are all of one quantity in one year after the other, is
    held against that in the year of its place."""
    made, read_at = list(reads), {read.mention: read for read in reads}
    for at, read in enumerate(reads):
        written = read_figure(read.mention.text)
        if read.outcome != OPEN or written is None:
            continue
        place, run = run_of(sentence, read.mention)
        others = [(beside, read_at[figure]) for beside, figure in enumerate(run) if figure != read.mention]
        if value := _in_its_year(place, others, amounts):
            reading = amounts.as_written(value, written)
            if not agrees(written, reading, Around([VALUE], 0, "")):
                made[at] = replace(read, outcome=WRONG, reading=reading)
    return made


def _in_its_year(place: int, others: Sequence[tuple[int, Read]], amounts: Amounts) -> Reading | None:
    """What the quantity of the other figures of a series is in the year at a place of it; None where they are not of one, year after year."""
    told = [
        (read.quantity.paths, read.when.year, beside)
        for beside, read in others
        if read.outcome == HELD and read.quantity and read.when and _is_of_a_year(read)
    ]
    first_years = {(paths, year.start - beside) for paths, year, beside in told}
    if len(others) < 2 or len(told) < len(others) or len(first_years) != 1:
        return None
    ((paths, first),) = first_years
    return amounts.in_year(paths[0], told[0][1].like(first + place), VALUE) if len(paths) == 1 else None


def _is_of_a_year(read: Read) -> bool:
    """Whether a figure that agrees states what its quantity is in the whole of its year."""
    reading, when = read.reading, read.when
    if reading is None or when is None or when.months:
        return False
    return reading.form == VALUE and reading.path.endswith(f"/{when.year.code}")
