"""A series of years of which one figure is wrong: 「令和２年度から順に６４３件、９７６件、２１１件、２３８件」. The others tell what it is of, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nenpo.japanese.numerals import read_figure
from nenpo.prose.amounts import Amounts
from nenpo.prose.context import HELD, OPEN, WRONG, Read
from nenpo.prose.forms import VALUE, Around, agrees
from nenpo.prose.in_series import run_of
from nenpo.prose.sentence import Sentence
from nenpo.prose.times import When


def by_others(sentence: Sentence, reads: Sequence[Read], amounts: Amounts) -> list[Read]:
    """The figures of a sentence; one that agrees with nothing, in a series whose others are all of one quantity in one year after the other, is
    held against that in the year of its place."""
    made = list(reads)
    of = {read.mention: at for at, read in enumerate(reads)}
    for at, read in enumerate(reads):
        place, run = run_of(sentence, read.mention) if read.outcome == OPEN else (0, ())
        others = [(beside, reads[of[figure]]) for beside, figure in enumerate(run) if figure != read.mention]
        when = _year_at(place, others) if len(others) > 1 else None
        written = read_figure(read.mention.text)
        if when is None or written is None:
            continue
        (path,) = others[0][1].quantity.paths if others[0][1].quantity else ("",)
        if value := amounts.in_year(path, when.year, VALUE):
            reading = amounts.as_written(value, written)
            if not agrees(written, reading, Around([VALUE], 0, "")):
                made[at] = replace(read, outcome=WRONG, reading=reading, when=when)
    return made


def _year_at(place: int, others: Sequence[tuple[int, Read]]) -> When | None:
    """The year at a place of a series by the others in it, each with its own; None where they are not of one quantity, year after year."""
    quantities = {read.quantity.paths if read.quantity else () for _, read in others}
    begun = {
        read.when.year.start - beside
        for beside, read in others
        if read.outcome == HELD
        and read.when
        and not read.when.months
        and read.reading
        and read.reading.form == VALUE
        and read.reading.path.endswith(f"/{read.when.year.code}")
    }
    known = [read.when for _, read in others if read.outcome == HELD and read.when]
    if len(known) < len(others) or len(begun) != 1 or len(quantities) != 1 or len(*quantities) != 1:
        return None
    year = known[0].year
    return When(year.like(begun.pop() + place))
