"""Times of figures by their place in a series: of the years up to the report's, of the months that are listed before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from nenpo.japanese.years import FiscalYear, earlier_by
from nenpo.prose.sentence import Sentence
from nenpo.prose.times import When
from nenpo.prose.written import Mention

# What a year begins a series by.
_BEGINS = re.compile("以降|以来|から|より|[～〜－-]")
# Between figures of months that are listed before them.
_BETWEEN_ALIKE = re.compile("[、，・と]|及び")
# Between the figures of a series, and behind its last.
_ON = re.compile(r"(?:\s*(?:をピーク(?:に(?:して)?|として)、?|から|より|→|⇒|、|を経て|、翌年は|、次いで)\s*)")


def in_series(sentence: Sentence, at: Mention) -> tuple[int, int, int, int] | None:
    """Where a figure stands in a series without years, how long that is, where it ends and where it begins: 「１０件から１８件、１９件と年々増加」.
    None for one of no series."""
    place, run = run_of(sentence, at)
    return (place, len(run), run[-1].end, run[0].start) if len(run) > 2 else None


def run_of(sentence: Sentence, at: Mention) -> tuple[int, Sequence[Mention]]:
    """The figures that stand one behind the other with a figure, and its place among them; none for one in a bracket."""
    figures = [figure for figure in sentence.figures if sentence.bracket(figure.start) is None]
    place = next((place for place, figure in enumerate(figures) if figure.start == at.start), None)
    if place is None:
        return 0, []
    first = last = place
    while first and _ON.fullmatch(sentence.text[figures[first - 1].end : figures[first].start]):
        first -= 1
    while last + 1 < len(figures) and _ON.fullmatch(sentence.text[figures[last].end : figures[last + 1].start]):
        last += 1
    return place - first, figures[first : last + 1]


def in_its_place(sentence: Sentence, at: Mention, when: When, end: int) -> When | None:
    """The month of a figure of as many as there are months listed before them: 「１０月と１２月はそれぞれ１５件、１４件」."""
    those = [figure for figure in sentence.figures if end <= figure.start]
    if at not in those or any(end <= begin < at.start for begin, _, _ in sentence.times):
        return None
    for figure, following in pairwise(those[: len(when.months)]):
        if not _BETWEEN_ALIKE.fullmatch(sentence.text[figure.end : following.start]):
            return None
    place = those.index(at)
    is_all = len(those) >= len(when.months) and place < len(when.months)
    return replace(when, months=(when.months[place],), listed=False) if is_all else None


def before_next(sentence: Sentence, at: Mention) -> FiscalYear | None:
    """The year of a figure that has gone to the next in the years before one that follows: 「４７６件から２１１件に減り、令和５年度は２３８件」."""
    place, run = run_of(sentence, at)
    end = run[-1].end if run else 0
    stops = [start for start, *_ in sentence.names] + [figure.start for figure in sentence.figures]
    following = next((time for time in sentence.times if time[0] >= end), None)
    if len(run) < 2 or following is None or following[2].months or any(end <= stop < following[0] for stop in stops):
        return None
    is_told = re.match(r"(?:に|は|には|、|さらに|[^、。はがも\d]{0,6}[しりえっ]て)*\d", sentence.text[following[1] :])
    return earlier_by(following[2].year, len(run) - place) if is_told else None


def counted_from_first(sentence: Sentence, place: int, begin: int) -> FiscalYear | None:
    """The year of a figure of a series, by its place, where that of the first stands before it: 「令和２年度の９６件から８２件、７６件と減少」."""
    for _, end, when in sentence.times:
        if not when.months and re.fullmatch(
            "(?:の|は|に|から|より|、)*", sentence.text[end:begin] if end <= begin else "-"
        ):
            return when.year.like(when.year.start + place)
    return None


def of_each_part(sentence: Sentence, at: Mention, year: FiscalYear, series: tuple[int, int, int, int]) -> When | None:
    """The quarter, half or month of a figure by its place in a series of all of them: 「四半期ごとに６６件、６６件、５２件、５４件」."""
    place, length, *_ = series
    called = {4: "四半期", 12: "月(?:別|ごと|々)|各月|毎月"}.get(length)
    if called is None or not re.search(called, sentence.text[: at.start]):
        return None
    each = 12 // length
    months = [month.label for month in year.months][place * each : place * each + each]
    return When(year, tuple(months))


def since(sentence: Sentence, at: Mention, year: FiscalYear, length: int) -> bool:
    """Whether a series of that ``length`` is of the years from one that is named before it to the report's, or of so many years."""
    text = sentence.text[: at.start]
    named = [
        when for _, end, when in sentence.times if end <= at.start and _BEGINS.match(text[end:]) and not when.months
    ]
    counted = re.findall(r"(?:直近|過去|この)(\d+)(?:か年|年度?間?)", text)
    return any(year.start - when.year.start + 1 == length for when in named) or str(length) in counted
