"""What a figure may be by the figures that its sentence states before it: their sum, how far they are apart, so much of one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from nenpo.japanese.numerals import Written, read_figure, rounded
from nenpo.japanese.words import words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.amounts import Amounts
from nenpo.prose.amounts_in_forms import AmountsInForms
from nenpo.prose.arithmetic import between, compared, divided
from nenpo.prose.context import HELD, Read, is_between_two
from nenpo.prose.forms import AVERAGE, DIFFERENCE, GROWTH, POINTS, RATIO, SHARE, VALUE, Around, Reading
from nenpo.prose.moments import Moment
from nenpo.prose.sentence import Quantity, Sentence
from nenpo.prose.times import When
from nenpo.prose.written import Mention

_SUM_OF_THEM = re.compile(
    "[）)]?(?:の(?:合?計)|、(?:合?計|(?:{0})て)|を(?:{0})(?:て|ると))(?:は|で|、)*".format(words()["together"]["words"])
)
_OF_CHANGE = re.compile("(?:増加|減少|増減|増|減)(?:分|数|量|額|件数|人数|幅)?(?:の?全体)?の(?:うち)?$")
_OF_THAT = re.compile("その$")
# From a figure to what is so much of it: 「（令和２年度６４３件）の４割」.
_OF_IT = re.compile("[）)]?の(?:うち)?、?")
# From a figure to what it is a part of.
_AND_SO = re.compile(
    "(?:と|で)(?:なり|なって(?:おり|いて)|あり)?、(?:年間|全体の|[全総])?|[（(][^（）()]*[）)](?:と|で)(?:なり|あり)?、"
)
# From a share to what it is in a bracket.
_IN_BRACKET = re.compile(
    f"(?:{'|'.join(words()['precision'][key] for key in ('about_after', 'above', 'below', 'from_on'))})?[（(]"
)
# From a figure to the parts of what that counts.
_WHOLE_OF = re.compile(r"[^\d、。]{0,12}、?(?:うち|内訳|中)")


class Stated:
    """What figures of a report of ``year`` may be by those before them."""

    def __init__(self, amounts: Amounts, in_forms: AmountsInForms, year: FiscalYear):
        self._amounts, self._in_forms, self._year = amounts, in_forms, year

    def readings(
        self, sentence: Sentence, at: Mention, around: Around, moment: Moment, written: Written, before: Sequence[Read]
    ) -> Iterator[Reading]:
        """What the figure may be, in its unit, by those before it in its sentence."""
        yield from _as_printed(sentence, at, around, before)
        yield from self._against_named(sentence, at, around, before)
        yield from self._of_figure_before(sentence, at, around, before)
        yield from self._of_change_before(sentence, at, around, before)
        yield from _of_whole_before(sentence, at, around, before)
        yield from self._as_derived_before(sentence, at, around, moment, written, before)

    def _as_written(self, reading: Reading, read: Read) -> Reading:
        """A reading in the unit that a figure before is written in, as its own is."""
        written = read_figure(read.mention.text)
        return self._amounts.as_written(reading, written) if written else reading

    def _against_named(
        self, sentence: Sentence, at: Mention, around: Around, before: Sequence[Read]
    ) -> Iterator[Reading]:
        """How far the figure before is from a quantity that is named behind it: 「１７８件で、新規相談受付件数を６０件下回る」."""
        last, names = before[-1] if before else None, [name for name in sentence.names if name[1] <= at.start]
        if last is None or last.reading is None or last.outcome != HELD or DIFFERENCE not in around.forms:
            return
        is_base = names and names[-1][0] >= last.mention.end
        if is_base and re.match("を|より", sentence.text[names[-1][1] :]) and last.reading.form == VALUE:
            for path in names[-1][2]:
                if other := self._amounts.at(path, last.when or When(self._year), VALUE):
                    own = replace(last.reading, form=DIFFERENCE)
                    yield from compared(own, self._as_written(other, last), DIFFERENCE)

    def _of_figure_before(
        self, sentence: Sentence, at: Mention, around: Around, before: Sequence[Read]
    ) -> Iterator[Reading]:
        """How much of the same in another year, whose figure stands right before, there is in the report's: 「（令和２年度６４３件）の４割」."""
        last = before[-1] if before else None
        if last is None or last.reading is None or around.forms[0] not in (SHARE, RATIO):
            return
        if last.outcome == HELD and last.reading.form == VALUE:
            yield from self._of_whole_named(sentence, at, last, last.reading)
        if last.quantity is None:
            return
        held = [read.reading for read in before[:-1] if read.outcome == HELD and read.reading]
        if _OF_THAT.search(sentence.text[: at.start]):  # 「平成３０年の１６０人が最多で、令和４年は８０人とその半数」
            yield from (made for other in reversed(held) for made in divided(last.reading, other, RATIO))
        is_of_it = _OF_IT.fullmatch(sentence.text[last.mention.end : at.start]) or _OF_THAT.search(
            sentence.text[: at.start]
        )
        if not is_of_it or last.outcome != HELD or last.reading.form != VALUE:
            return
        unit = self._amounts.unit(last.reading.path)
        alike = (other for other in reversed(held) if other.form == VALUE and self._amounts.unit(other.path) == unit)
        for other in alike:  # 「６月の５５件が最多で、４月の１７件の３倍」
            yield from divided(other, last.reading, RATIO)
        if last.when and last.when.year != self._year:
            for path in last.quantity.paths:
                if now := self._amounts.in_year(path, self._year, VALUE):
                    yield from divided(self._as_written(now, last), last.reading, RATIO)

    def _of_whole_named(self, sentence: Sentence, at: Mention, last: Read, reading: Reading) -> Iterator[Reading]:
        """How much the figure before is of a quantity that is named right before this one: 「６２，１００人と、年間入園者の４分の１」."""
        text = sentence.text
        whole = next((name for name in sentence.names if text[name[1] : at.start] in ("の", "全体の")), None)
        if whole and whole[0] >= last.mention.end and _AND_SO.fullmatch(text[last.mention.end : whole[0]]):
            amounts = (self._amounts.at(path, When(self._year), VALUE) for path in whole[2])
            for amount in filter(None, amounts):
                if amount.path != reading.path:
                    yield from divided(reading, self._as_written(amount, last), RATIO)

    def _of_change_before(
        self, sentence: Sentence, at: Mention, around: Around, before: Sequence[Read]
    ) -> Iterator[Reading]:
        """How much of a change the last one stated is: of one that stands before it, 「増加した４２万人のうち、急病が３１万人と約４分の３」, or of that of
        its whole, 「急病は３１万人増で、増加分全体の７３．５％」."""
        changes = [read for read in before if read.outcome == HELD and read.reading and read.reading.form == DIFFERENCE]
        own = changes[-1].reading if changes and around.forms[0] == SHARE else None
        if own is None:
            return
        between = sentence.text[changes[0].mention.end : changes[-1].mention.start]
        if len(changes) > 1 and changes[-2].reading and re.search("うち|中", between):
            yield from divided(own, changes[-2].reading, SHARE)
        if _OF_CHANGE.search(sentence.text[changes[-1].mention.end : at.start]):
            for whole in self._in_forms.changes_of_wholes(own.path):
                yield from divided(own, self._as_written(whole, changes[-1]), SHARE)

    def _as_derived_before(
        self, sentence: Sentence, at: Mention, around: Around, moment: Moment, written: Written, before: Sequence[Read]
    ) -> Iterator[Reading]:
        """How an average, or an amount for each of another, that stands right before has changed, exactly and as it is printed: 「１件当たり１６．８件
        で、前年度より４．９件増えた」."""
        last = before[-1] if before else None
        if (
            last is None
            or last.reading is None
            or last.outcome != HELD
            or around.forms[0] not in (DIFFERENCE, GROWTH, RATIO)
        ):
            return
        now, own = last.reading, self._amounts.fact(last.reading.path, AVERAGE)
        end = last.mention.end
        is_other = any(end <= name[0] and name[1] <= at.start for name in sentence.names)
        if now.form != AVERAGE or is_other or own is None or not own.amount:
            return
        year = moment.times[0].year
        base = moment.base.year if moment.base else year.previous
        then = self._amounts.fact(re.sub(rf"/{year.code}(?=[÷+]|$)", f"/{base.code}", now.path), AVERAGE)
        if then is None or then.path == now.path:
            return
        now, then = replace(now, form=around.forms[0]), replace(then, amount=then.amount * now.amount / own.amount)
        yield from compared(now, then, now.form)
        if now.form == DIFFERENCE:
            step = Fraction(1, 10**written.decimals)
            yield replace(now, amount=rounded(now.amount, step) - rounded(then.amount, step))


def _of_whole_before(sentence: Sentence, at: Mention, around: Around, before: Sequence[Read]) -> Iterator[Reading]:
    """What share the figure right before, or the first in a bracket behind, is of one that the sentence says to be its whole: 「紹介６４件のうち、市役
    所外が３４件、５３．１％」, 「紹介６４件のうち半数以上（３４件）」."""
    of_all = [(read.mention.end, read.reading) for read in before if read.outcome == HELD]
    held = [(end, reading) for end, reading in of_all if reading and reading.form == VALUE]
    if around.forms[0] != SHARE or not held:
        return
    bracket = _IN_BRACKET.match(sentence.text, at.end)
    explained = next((figure for figure in sentence.figures if bracket and figure.start == bracket.end()), None)
    written = read_figure(explained.text) if explained else None
    if written and not written.is_share:
        part, wholes = replace(held[-1][1], amount=written.value, words=written.text, sure=False), held
    elif held[-1][0] == before[-1].mention.end:
        part, wholes = held[-1][1], held[:-1] or _as_stated(before[:-1], held[-1][1])
    else:
        return
    of = (reading for end, reading in reversed(wholes) if _WHOLE_OF.match(sentence.text, end))
    yield from between(part, next(of, None), SHARE)


def _as_stated(reads: Sequence[Read], part: Reading) -> list[tuple[int, Reading]]:
    """The last figure before a part as it is written, whatever it is of: 「県外からは１，５６５人で、うち国外が３０５人（１９．５％）」."""
    written = read_figure(reads[-1].mention.text) if reads else None
    if written is None or written.is_share or not written.value:
        return []
    return [(reads[-1].mention.end, replace(part, path="", amount=written.value, words=written.text, sure=False))]


def together(around: Around, before: Sequence[Read]) -> Iterator[tuple[Reading, Quantity]]:
    """What the last two figures, the last three … are together, where the words say that the next one is their sum, as far as they agree with
    the data and are counted alike: 「購入８点、寄贈６３点の計７１点」."""
    total, said, paths, unit = Fraction(0), list[str](), list[str](), ""
    for read in reversed(before if around.is_sum else ()):
        written, reading = read_figure(read.mention.text), read.reading
        if read.outcome != HELD or reading is None or written is None:
            return
        if reading.form == SHARE:
            continue  # in brackets behind each
        if reading.form != VALUE or (said and written.unit != unit):
            return
        unit = written.unit
        total, said = total + written.value, [written.text, *said]
        paths.insert(0, reading.path.rpartition("/")[0])
        if len(said) > 1:
            made = replace(reading, amount=total, words="＋".join(said))
            yield made, Quantity(("+".join(paths),), "", joined=False)


def in_text(
    sentence: Sentence, at: Mention, written: Written, sums: Sequence[Reading], before: Sequence[Read]
) -> Reading | None:
    """The nearest of the ``sums`` of the figures before a figure that can be no other: it stands right behind them, and all of them agree with
    the data. None where another may be meant."""
    listed = [read for read in before if read.reading is None or read.reading.form != SHARE]
    end = before[-1].mention.end if before else 0
    if not sums or len(sums) < len(listed) - 1 or not _SUM_OF_THEM.fullmatch(sentence.text[end : at.start]):
        return None
    return min(sums, key=lambda reading: abs(reading.amount - written.value))


def _as_printed(sentence: Sentence, at: Mention, around: Around, before: Sequence[Read]) -> Iterator[Reading]:
    """What the two figures right before one that says a difference are apart as they are printed, where both agree with the data: 「月平均は
    １９．８件で、前年度の１７．６件を２．２件上回った」; the later, or what is named again, is what has more or less: 「下半期が３２６件多い」. One that
    nothing names may be that too: 「定員１３２人に対し９０人で、４２人の空きがある」."""
    if len(before) < 2:
        return
    now, then = before[-2:]
    end = then.mention.end
    is_named = any(end <= name[0] and name[1] <= at.start for name in sentence.names)
    is_apart = is_between_two(sentence, at, around) or (around.forms[0] == VALUE and not is_named)
    if around.forms[0] not in (DIFFERENCE, GROWTH, POINTS) and not is_apart:
        return
    if _is_later(now, then) or _is_named_again(sentence, at, now, then):
        now, then = then, now
    written, base = read_figure(now.mention.text), read_figure(then.mention.text)
    if not (now.outcome == then.outcome == HELD and now.reading and then.reading and written and base):
        return
    if now.reading.form == then.reading.form and written.unit == base.unit:
        if around.forms[0] == GROWTH:  # 「下半期の方が１７．７％多い」
            yield from compared(replace(now.reading, form=GROWTH), then.reading, GROWTH)
            return
        words = f"{written.text}－{base.text}"
        form = DIFFERENCE if is_apart else around.forms[0]
        for amount in (written.value - base.value, now.reading.amount - then.reading.amount):
            yield replace(now.reading, amount=amount, words=words, form=form)


def _is_later(now: Read, then: Read) -> bool:
    return bool(now.when and then.when and now.when.year < then.when.year)


def _is_named_again(sentence: Sentence, at: Mention, now: Read, then: Read) -> bool:
    """Whether what the second of two figures is of, or its time, is named once more behind it."""
    end = then.mention.end
    times = [when for begin, _, when in sentence.times if end <= begin < at.start]
    if times and then.when and now.when:
        return replace(times[-1], words="") == replace(then.when, words="") != replace(now.when, words="")
    names = [name for name in sentence.names if end <= name[0] and name[1] <= at.start]
    paths = [set(read.quantity.paths) if read.quantity else set() for read in (now, then)]
    return bool(names and set(names[-1][2]) & paths[1] and not set(names[-1][2]) & paths[0])
