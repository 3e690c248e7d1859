"""Which of the times that a sentence names a figure is of, and which it is compared with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nenpo.japanese.words import pattern, words
from nenpo.japanese.years import FiscalYear, earlier_by
from nenpo.prose.forms import DIFFERENCE, GROWTH, POINTS, RATIO, SHARE, VALUE
from nenpo.prose.in_series import before_next, counted_from_first, in_its_place, in_series, of_each_part, since
from nenpo.prose.sentence import Sentence
from nenpo.prose.times import When, months_before, seen_from_year
from nenpo.prose.written import Mention

COMPARING = (DIFFERENCE, GROWTH, RATIO, POINTS)
_FROM = re.compile(r"\s*(?:から|より|→|⇒)")
_TO = re.compile(
    r"\s*(?:台|強|弱|余り|程度|超)?(?:から|より|→|⇒)(?:[^。]*?\d[^。]*?(?:へ|に|と|[）)]|$)"
    rf"|(?:[^。、\d]{{0,8}}(?:{words()['form']['more']}|{words()['form']['less']}|転じ)|[^。、\d]{{1,8}}続)[^。\d]{{0,8}}、[^。\d]{{0,4}}\d)"
)
_YEARLY = re.compile(
    r"\s*(?:から|より)、?(?:\d[\d,.]*[^\d。、]{0,6})?[^。\d]{0,8}(?:年々|毎年|一貫して|ずっと|[えりし]続け|が続[いき])"
)
# What is told of a day.
_AS_OF = re.compile(r"(?:末日?|\d{1,2}日)?(?:現在|時点)")
# So many years back something may have begun.
YEARS_BACK = 10
# What a time is followed by that has its figure before it.
_OF_TIME = ("が", "は", "を", "に", "で")
# Since when it has gone so: of no figure behind.
_SINCE_THEN = re.compile(
    r"以降(?:で|の中)|以来|(?:以降|から|より)[、はも]?[^\d、。]{0,8}?(?:が続|を?続け|年々|毎年|一貫|(?:増|減|上昇|低下)[^\d。]*、)"
)
# How many years a figure is of, and what may stand between the last of them and their number.
_OVER = re.compile(
    r"(?<![\d和成RHＲＨ])(\d{1,2})(?:か年|[かカヶ箇]年|年度?間|年度分|年分|年(?=で))(?=の|で|に|を|、|通算|合計|累計|平均|は)(?!の?(?:うち|中)で)"
)
_SINCE = re.compile(r"(?:から|以降|以来|より)の?[^。\d増減上下多少]*?(?:累計|通算|総計|合計)[^。]*$")
_ENDS = re.compile("まで?の?")
# What is said of the whole of a year, whichever months are named before.
_WHOLE_YEAR = re.compile("(?:年間|通年|年度?(?:合計|計|全体|トータル))(?:の|で|では|は|、)*$")
# Over how many years something has gone on.
_STREAK = re.compile(r"(\d+)年度?(?:連続|続けて|続き|間)")
_YEARLY_SERIES = re.compile(r"\s*(?:へ|に|と)(?!な[りっる])[^。]*?(?:年々|毎年)")


@dataclass(frozen=True)
class Moment:
    """The times that a figure may be of, what it is compared with where the sentence names that, and whether the time is certain;
    ``began`` says that it is what something began with, which may have been in any year or month before."""

    times: tuple[When, ...]
    base: When | None = None
    sure: bool = True
    began: bool = False


def moment_of(
    sentence: Sentence, at: Mention, form: str, year: FiscalYear, of_figures: Sequence[When | None]
) -> Moment:
    """The moment of a figure in a report of ``year``; ``of_figures`` are the times of the sentence's figures before it."""
    bracket, compares = sentence.bracket(at.start), form in COMPARING
    if bracket and not compares and (told := _in_bracket(sentence, at, form, year, of_figures, bracket)):
        return told
    within = bracket[0] if bracket else -1
    inner = [
        time
        for time in sentence.times
        if time[1] <= at.start and (within < time[0] or sentence.bracket(time[0]) is None)
    ]
    others = [
        figure
        for figure in sentence.figures
        if figure.end <= at.start and (within < figure.start or sentence.bracket(figure.start) is None)
    ]
    if compares:
        return _of_steps(sentence, at, others, of_figures) or _of_comparison(sentence, at, year, inner, others)
    if _WHOLE_YEAR.search(sentence.outside(within + 1, at.start)):
        years = [when.year for _, end, when in sentence.times if end <= at.start and not when.months]
        return Moment((When(years[-1] if years else year),), sure=not years)
    if behind := _behind(sentence, at):
        return Moment((behind,))
    return _of_value(sentence, at, year, inner, others)


def _in_bracket(
    sentence: Sentence,
    at: Mention,
    form: str,
    year: FiscalYear,
    of_figures: Sequence[When | None],
    bracket: tuple[int, int],
) -> Moment | None:
    """The moment of a figure by its bracket: named in it, or right before it; of a share that of what it explains."""
    own = [time for time in sentence.times if bracket[0] < time[0] and time[1] <= at.start]
    of_list = [time for time in sentence.times if time[1] == bracket[0]]  # 「前年度（２１１件、２，５１２件）」
    for _, end, when in (*own[-1:], *of_list):
        return Moment(_seen_from(sentence, when, end))
    explained = next((figure for figure in sentence.figures if figure.end == bracket[0]), None)
    if explained and form == SHARE:  # 「前年度の５７１人（８２．９％）」
        return moment_of(sentence, explained, VALUE, year, of_figures)
    return None


def _of_value(
    sentence: Sentence,
    at: Mention,
    year: FiscalYear,
    inner: Sequence[tuple[int, int, When]],
    others: Sequence[Mention],
) -> Moment:
    """Of a figure that compares nothing: by its place in a series, the time before it, or how its clause goes on."""
    text, series = sentence.text, in_series(sentence, at)
    if series and since(sentence, at, year, series[1]) and (then := earlier_by(year, series[1] - series[0] - 1)):
        return Moment((When(then),))
    if series and (part := of_each_part(sentence, at, year, series)):
        return Moment((part,))
    if series and (then := counted_from_first(sentence, series[0], series[3])) and then <= year:
        return Moment((When(then), When(year)), sure=False)
    for _, end, when in reversed(inner):
        if _is_others(sentence, at, end, others):
            continue
        if _is_aside(sentence, end, at) and replace(when, words="") != When(year):
            return Moment((when, When(year)), sure=False)
        if when.listed and (own := in_its_place(sentence, at, when, end)):
            return Moment((own,))
        return Moment(_seen_from(sentence, when, end), sure=when.is_in_order)
    if not inner and series and (then := earlier_by(year, series[1] - series[0] - 1)):
        is_yearly = _YEARLY_SERIES.match(text, series[2])
        return Moment((When(then),)) if is_yearly else Moment((When(then), When(year)), sure=False)
    began = bool(_TO.match(text[at.end :]))
    if began and _YEARLY.match(text[at.end :]):
        earlier = (earlier_by(year, back) for back in range(1, YEARS_BACK))
        return Moment(tuple(When(then) for then in earlier if then), began=True, sure=False)
    usual = When(year.previous if began else year)
    if not inner and (of_all := _in_last_bracket(sentence)):
        return Moment((of_all,), sure=False)
    streak = list(_STREAK.finditer(text[: at.start])) if began else []
    if streak and not inner and (then := earlier_by(year, int(streak[-1][1]))):  # 「３年連続で増え、２０件から」
        return Moment((When(then), usual), sure=False, began=True)
    if not inner and (then := before_next(sentence, at)):
        return Moment((When(then), usual), sure=False, began=began)
    return Moment((usual,), began=began)


def _in_last_bracket(sentence: Sentence) -> When | None:
    """The time that a sentence ends with in a bracket: 「Aが３件、Bが２件であった（令和３年）。」"""
    text = sentence.text
    times = (time for time in sentence.times if text[time[0] - 1 : time[0]] in ("（", "("))
    return next((when for _, end, when in times if re.fullmatch("[）)]。?\\s*", text[end:])), None)


def _is_others(sentence: Sentence, at: Mention, end: int, others: Sequence[Mention]) -> bool:
    """Whether a time that ends there is another figure's, or what something is compared with."""
    text = sentence.text
    later = next((time[0] for time in sentence.times if end <= time[0] < at.start), at.start)  # which has its own
    between = sentence.outside(end, later).lstrip("\0")
    if re.match(r"の?[\s（(]*\d", text[end:]):
        own_figure = next((figure for figure in sentence.figures if end <= figure.start), None)
        if own_figure and own_figure.start < at.start:
            return True
    if _is_told_before(sentence, end, at, others):
        return True  # 「前年度は２１１件であった新規相談受付件数は、２３８件」
    compared = pattern("compared", "words")
    if compared.match(between) or re.match(rf"[^、]*?\d[^、]*?{compared.pattern}", between):
        return True
    came = bool(others and end <= others[-1].start < later and _FROM.match(text[others[-1].end :]))
    return came or bool(_SINCE_THEN.match(between))


def _is_aside(sentence: Sentence, end: int, at: Mention) -> bool:
    """Whether a time that ends there is of something else in a clause before: 「令和４年度の落ち込みから持ち直し、新規相談受付件数は」."""
    clause = re.match("の(?![\\s（(]*\\d)[^、]*、", sentence.text[end : at.start])
    names = [name for name in sentence.names if end <= name[0] < at.start]
    return bool(clause and names and all(name[0] >= end + clause.end() for name in names))


def _seen_from(sentence: Sentence, when: When, end: int) -> tuple[When, ...]:
    """A time; where it is 「前年」 and another year is named before it, that year's too, 「令和４年に７１，０２９人となり、前年の４７，８７７人から」, or the
    same months where months are: 「１０月は４９８件で、前年度の４３８件を」."""
    if when.months and _AS_OF.match(sentence.text, end):
        return (when, When(when.year))  # of what is counted once a year
    if not _is_year_before(when):
        return (when,)
    earlier = [other for _, stop, other in sentence.times if stop < end]
    if not when.months and earlier and earlier[-1].months and (same := months_before(earlier[-1], 12)):
        return (same, when)
    named = [other for other in earlier if not other.months]
    of_year = next((other for other in reversed(named) if not _is_year_before(other)), None)
    other = seen_from_year(when, of_year.year) if of_year else when
    return (when,) if other == when else (when, other)


def seen_from_too(moment: Moment, year: FiscalYear) -> Moment:
    """A moment of what has its last figure in a year before the report's: each 「前年」 may be the one before that."""
    times = [time for when in moment.times for time in (seen_from_year(when, year), when)]
    is_named = moment.times[0].words and times[0] == times[1]
    return replace(moment, times=tuple(dict.fromkeys(times)), sure=moment.sure and bool(is_named))


def years_over(sentence: Sentence, at: Mention, year: FiscalYear) -> tuple[list[FiscalYear], bool]:
    """The years, in order, that a figure is of together: 「４年間の合計」, 「過去３か年の平均」, 「令和２年度から令和５年度までの４年間で」.
    None where there is a time of its own. Also whether it is said that they are added up."""
    text = sentence.text[: at.start]
    if not (counted := list(_OVER.finditer(text))):
        begun = [when.year for _, end, when in sentence.times if end <= at.start and _SINCE.match(text[end:])]
        since = [year.like(start) for start in range(begun[-1].start, year.start + 1)] if begun else []
        return (since, True) if len(since) > 1 else ([], False)
    span, begin, last = int(counted[-1][1]), counted[-1].start(), counted[-1].end()
    until = next((when.year for _, end, when in reversed(sentence.times) if _ENDS.fullmatch(text[end:begin])), year)
    if span < 2 or re.search("[。；]", text[last:]) or any(last <= begin < at.start for begin, _, _ in sentence.times):
        return [], False
    years = [earlier_by(until, back) for back in range(span - 1, -1, -1)]
    is_sum = bool(re.search("合計|累計|通算|総数|平均|延べ(?=\\s*\\d|$)|計(?=\\s*\\d|$)", text[last:]))
    return ([known for known in years if known], is_sum) if all(years) else ([], False)


def _is_told_before(sentence: Sentence, end: int, at: Mention, others: Sequence[Mention]) -> bool:
    """Whether a time that ends there is of a figure whose clause goes on to the name that the figure ``at`` is of."""
    for figure in others:
        named = [name for name in sentence.names if figure.end <= name[0] and name[1] <= at.start]
        if end <= figure.start and named and not re.search("[、。]", sentence.text[figure.end : named[-1][0]]):
            return bool(
                re.match(
                    "[とに][^\\d、。]|で|だ|の|まで|[^\\d、。]{1,6}[たる]「?$", sentence.text[figure.end : named[0][0]]
                )
            )
    return False


def _behind(sentence: Sentence, at: Mention) -> When | None:
    """The time that a figure's own bracket names, or that its clause goes on to: 「４７６件だった令和３年度」, 「３６件の７月が」, 「うち２人は１２月
    に」."""
    text = sentence.text
    is_part = re.search("うち、?$", text[: at.start]) or at.text.endswith(("割", "％", "%"))
    if is_part and (said := re.match("[はが]", text[at.end :])):
        part = next((time for time in sentence.times if time[0] == at.end + said.end() and time[2].months), None)
        if part and not re.match(r"の?\s*\d", text[part[1] :]):
            return part[2]  # 「死者５人のうち２人は１２月の」
    bracketed = next((time for time in sentence.times if time[0] == at.end + 1 and text[at.end] in "（("), None)
    if bracketed and text[bracketed[1] : bracketed[1] + 1] in ("）", ")"):
        return bracketed[2]
    said = re.match(
        r"(?:で(?:あった|ある|した)|だった|となった|にとどまった|に(?:達|減少|増加)した|に(?:のぼ|上)った|を(?:記録した|数えた))",
        text[at.end :],
    )
    for begin, end, when in sentence.times:
        if (said and begin == at.end + said.end()) or (
            text[at.end : begin] == "の" and text[end : end + 1] in _OF_TIME
        ):
            return when
    return None


def _of_steps(
    sentence: Sentence, at: Mention, others: Sequence[Mention], of_figures: Sequence[When | None]
) -> Moment | None:
    """Of a figure that says how far it is from one figure to the next: 「令和３年度４７６件から令和４年度２１１件と半減した」."""
    text = sentence.text
    if len(others) < 2 or not _FROM.match(text[others[-2].end :]):
        return None
    if not re.fullmatch(r"\s*(?:へと?|に|と|、)*", text[others[-1].end : at.start]):
        return None
    then, now = (
        next((when for figure, when in zip(sentence.figures, of_figures, strict=False) if figure == other), None)
        for other in others[-2:]
    )
    return Moment((now,), then) if now and then and now != then else None


def _of_comparison(
    sentence: Sentence, at: Mention, year: FiscalYear, inner: Sequence[tuple[int, int, When]], others: Sequence[Mention]
) -> Moment:
    """Of a figure that compares: its own time stands with the quantity, the one that it is compared with nearer to the figure."""
    own: When | None = None
    base: When | None = None
    is_sure = False
    for _, end, when in inner:
        between = sentence.outside(end, at.start)
        has_name = any(end <= name[0] < at.start for name in sentence.names)
        has_figure = any(end <= figure.start for figure in others) and re.match(
            r"[はがの]?\s*[（(]?\d|に\d[^、。]*?(?:あった|だった|を数えた|を記録)", sentence.text[end:]
        )
        is_before = _is_year_before(when) and not between.startswith(("の", "は", "には"))
        is_base = (
            not between
            or is_before
            or pattern("compared", "words").match(between)
            or (re.match(r"の|比|対比|を|増|減|伸び", between) and not has_name)
        )
        if is_base or (has_figure and not _is_same_month(base)):
            is_own = base and is_base and not is_sure and base.words != "同"
            own = base if is_own else own  # 「１０月は８０人で、前年同月の７０人を１０人上回った」
            base, is_sure = when, bool(is_base)
        else:
            own = when
    if own and base and not is_sure and own.year.start < base.year.start:
        own, base = base, own  # 「令和４年度に２，５１２件まで減少したが、令和５年度は４，００８件と増加」
    if own and base and own.year != year and not _is_year_before(own):
        base = seen_from_year(base, own.year)  # 「令和３年度は４７６件（前年度比２６．０％減）」
    if own and own.months and base and not base.months and (_is_same_month(base) or _is_year_before(base)):
        base = months_before(own, 12)  # 「前年同月より、５月は４８件増加」「１０月は前年度より６０件多い」
    return Moment((own or When(year),), base)


def _is_year_before(when: When) -> bool:
    return bool(pattern("time", "before").match(when.words))


def _is_same_month(when: When | None) -> bool:
    return bool(when and pattern("time", "same_month").match(when.words))
