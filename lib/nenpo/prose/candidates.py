"""What a figure in a sentence may mean: the readings of each quantity that it may be of, in a time and a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from nenpo.facts import ENTRIES
from nenpo.japanese.numerals import Written
from nenpo.japanese.words import pattern
from nenpo.japanese.years import FiscalYear, earlier_by
from nenpo.prose.amounts import Amounts
from nenpo.prose.amounts_in_forms import AmountsInForms
from nenpo.prose.arithmetic import for_so_many
from nenpo.prose.context import is_between_two
from nenpo.prose.each import Each, months_of_all
from nenpo.prose.forms import (
    AVERAGE,
    DIFFERENCE,
    GROWTH,
    RANK,
    RATIO,
    SHARE,
    VALUE,
    Around,
    Reading,
    agrees,
    is_far,
    limit,
)
from nenpo.prose.lexicon import Lexicon
from nenpo.prose.moments import COMPARING, YEARS_BACK, Moment, years_over
from nenpo.prose.ranks import Ranks
from nenpo.prose.sentence import Quantity, Sentence
from nenpo.prose.times import When, months_of
from nenpo.prose.two_quantities import TwoQuantities
from nenpo.prose.written import Mention

# More or less than what stands beside it, where nothing else is named.
_BESIDE = re.compile("(?:ほど|余り|以上|近く)?(?:多|少な|長|短|高|低)(?:い|く|かった)")
# From what to what something has gone in the months of a year.
_RANGE = re.compile(
    r"(?P<first>\d[\d,.]*)[^\d、。]{0,4}(?:から|～|〜|-)(?P<last>\d[\d,.]*)[^\d、。]{0,4}?(?:の間|の範囲|程度|前後|で推移|台|まで(?!の))"
)
_EACH_MONTH = re.compile(r"月(?:ごと|別|々)|(?:毎|各|1[か箇ヶカ])月|月(?:に|当たり|あたり|によって)?$")
# What two or more have the same of, and the month with most or least, right before a figure.
_ALIKE = re.compile("(?:いずれも|どちらも|ともに|両方とも)(?:同[じ数]の?|、)*$")
_OF_MONTH = re.compile(
    "(?:(?P<most>最(?:も(?:多|高|大き)|[多大高]|盛)|ピーク)|最(?:も(?:少な|低|小さ)|[少小低]))(?:い|かった|の)?月(?:[はがでに]+|の|、)*$"
)
# A reading with its quantity, None where there are two, and its time.
Candidate = tuple[Reading, Quantity | None, When | None]


# What entries of a list are counted in, and what is said of those.
_OF_ENTRIES = ("回", "件", "本", "講座", "事業", "題", "つ", "か所", "日")
_HELD = re.compile("開催|実施|開講|開い|行[いうっわ]|派遣|受け入れ")


class Candidates:
    """The candidates for the figures of a report of ``year``."""

    def __init__(self, lexicon: Lexicon, amounts: Amounts, in_forms: AmountsInForms, ranks: Ranks, year: FiscalYear):
        self._dictionary, self._names, self._parts = lexicon.dictionary, lexicon.names, lexicon.parts
        self._amounts, self._in_forms, self._ranks, self._year = amounts, in_forms, ranks, year
        self._two, self._each = TwoQuantities(amounts), Each(lexicon)

    def readings(
        self,
        sentence: Sentence,
        at: Mention,
        written: Written,
        around: Around,
        quantities: Sequence[Quantity],
        moments: Sequence[tuple[str, Moment]],
    ) -> list[Candidate]:
        """What the figure may mean, the likeliest first, each with its quantity and time."""
        times = dict(moments).get(SHARE, moments[0][1]).times
        of_two = [
            (reading, None, when)
            for when in times
            for reading in self._two.against_another(sentence, at, around, when, written)
        ]
        if of_two and of_two[0][0].form != AVERAGE and not around.is_base:  # 「転出は転入を１００人上回った」
            return list(of_two)
        if pairs := [(made, None, when) for when in times for made in self._two.in_proportion(sentence, at, when)]:
            return list(pairs)
        if farthest := self._farthest(sentence, at, written, around, quantities, moments[0][1]):
            return [farthest]
        years, is_sum = years_over(sentence, at, self._year)
        over = [
            (reading, quantity, None)
            for quantity in (quantities if years else ())
            for reading in self._in_forms.over_years(quantity, years, around.forms, written)
        ]
        if over and (is_sum or set(around.forms) <= set(COMPARING)):
            return list(over)
        for_each = self._for_each(sentence, at, quantities, times)
        apart = self._apart(sentence, at, times) if is_between_two(sentence, at, around) else ()
        own = (
            self._ranked(sentence, at, around, quantities)
            if around.forms == [RANK]
            else self._of_each(sentence, written, around, quantities, moments)
        )
        own = self._of_whole_said(sentence, at, own) if around.forms[0] == SHARE else own
        in_range = self._in_range(sentence, at, quantities)
        of_entries = (*self._of_entries(written, quantities), *self._entries_held(sentence, at, written))
        return [*of_two, *for_each, *apart, *own, *over, *in_range, *of_entries]

    def _of_whole_said(self, sentence: Sentence, at: Mention, readings: Iterator[Candidate]) -> Iterator[Candidate]:
        """The readings without the shares of anything else than the whole that stands right before a figure: 「Aは、Bの５割を占める」."""
        wholes = next((name[2] for name in sentence.names if name[1] + 1 == at.start), ())
        is_said = wholes and sentence.text[at.start - 1] == "の"
        for reading, quantity, when in readings:
            of = reading.path.partition("÷")[2].rpartition("/")[0]
            parts = [part for path in (quantity.paths if quantity else ()) for part in path.split("+")]
            if (
                reading.form != SHARE
                or not is_said
                or of in wholes
                or any(self._parts.is_whole_of(whole, part) for whole in wholes for part in parts)
            ):
                yield reading, quantity, when

    def _farthest(
        self,
        sentence: Sentence,
        at: Mention,
        written: Written,
        around: Around,
        quantities: Sequence[Quantity],
        moment: Moment,
    ) -> Candidate | None:
        """Of what is all said to be above a figure the least, of what is all below it the most: 「すべての路線で９７％を超えた」, 「毎月６００人を
        上回った」; of what is all said to be alike what is farthest from it: 「申請と決定はいずれも１７件」."""
        towards = limit(written, around)
        is_alike = not towards and bool(_ALIKE.search(sentence.text[: at.start]))
        all_months = months_of_all(sentence, at, self._year)
        if moment.times[0].listed:  # 「１０月と３月は３９０件を超えた」
            all_months = [When(moment.times[0].year, (month,)) for month in moment.times[0].months]
        form = VALUE if all_months and around.forms[0] == AVERAGE else around.forms[0]  # 「毎月２００件を超え」
        if not (towards or is_alike) or form not in (VALUE, SHARE) or sentence.bracket(at.start):
            return None
        when = moment.times[0]
        if all_months:
            paths = [path for quantity in quantities[:1] for path in quantity.paths[:1]]
            amounts = [made for path in paths for made in self._amounts.in_months(path, all_months)]
        else:
            of_each = (
                next(self._in_forms.readings(quantity, when, form, moment.base, written, None), None)
                for quantity in self._each.of(sentence, at)
            )
            amounts = [made for made in of_each if made]
        if len(amounts) < 2:
            return None
        if is_alike:
            return max(amounts, key=lambda made: abs(made.amount - written.value)), None, when
        return (min if towards > 0 else max)(amounts, key=lambda made: made.amount), None, when

    def _in_range(self, sentence: Sentence, at: Mention, quantities: Sequence[Quantity]) -> Iterator[Candidate]:
        """The month with least, and that with most, of what goes from the one to the other: 「月１５件から２５件の間で推移」; of what is of no months
        the row: 「１件当たり０．８～０．９人」; and of what is said of the month with either: 「最多の月で２５件」."""
        text = sentence.text
        said = next((said for said in _RANGE.finditer(text) if said.start() <= at.start < said.end()), None)
        is_of_months = bool(said and _EACH_MONTH.search(text[: said.start("first")]))
        if of_month := _OF_MONTH.search(text[: at.start]):
            end = max if of_month["most"] else min
        elif said and (is_of_months or "から" not in said[0] or re.search("の(?:間|範囲)$|まで$", said[0])):
            end = max if at.start >= said.start("last") else min
        else:
            return
        for quantity in quantities:
            for path in quantity.paths:
                months = self._amounts.in_months(path, months_of(self._year))
                rows = [] if is_of_months or months else self._amounts.in_rows(path, self._year)
                if parts := months or rows:
                    yield end(parts, key=lambda part: part.amount), quantity, None

    def _for_each(
        self, sentence: Sentence, at: Mention, quantities: Sequence[Quantity], times: Sequence[When]
    ) -> Iterator[Candidate]:
        """Each quantity for one of what stands before the figure: 「１世帯当たり」."""
        if not (ones := list(pattern("one", "of").finditer(sentence.text[: at.start]))):
            return
        one, known = ones[-1], self._names.of(sentence.section)
        named = {path for word in (one["unit"], one["noun"]) if word for path in known.get(word, ())}
        for quantity, when in product(quantities, times):
            for path in quantity.paths:
                counted = named | self._names.denominators(path)
                made = self._in_forms.for_each(path, one["unit"], counted, when)
                yield from ((reading, quantity, when) for reading in for_so_many(made, one["many"]))

    def _apart(self, sentence: Sentence, at: Mention, times: Sequence[When]) -> Iterator[Candidate]:
        """How far the last two quantities named are apart."""
        last_two = [name for name in sentence.names if name[1] <= at.start][-2:]
        for when in times:
            yield from ((reading, None, when) for reading in self._two.apart(last_two, when, DIFFERENCE))

    def _ranked(
        self, sentence: Sentence, at: Mention, around: Around, quantities: Sequence[Quantity]
    ) -> Iterator[Candidate]:
        """The place of each quantity among the parts that it is one of, in its group and in its whole table."""
        for quantity in quantities:
            for path in quantity.paths:
                for in_group in (True, False) if self._parts.group_of(path) else (True,):
                    if rank := self._ranks.rank(sentence, at, path, around, in_group):
                        yield rank, quantity, None

    def _of_each(
        self,
        sentence: Sentence,
        written: Written,
        around: Around,
        quantities: Sequence[Quantity],
        moments: Sequence[tuple[str, Moment]],
    ) -> Iterator[Candidate]:
        """Each quantity in each form, in the times of that."""
        name = sentence.names[0] if sentence.names else None
        named = Quantity(name[2], sentence.text[name[0] : name[1]]) if name else None
        is_beside = bool(_BESIDE.match(around.tail))
        for quantity in quantities:
            for form, moment in moments:
                for when in moment.times:
                    is_sure = bool(when.months) or not moment.times[0].months  # not of a year where a month is said
                    for reading in self._in_forms.readings(
                        quantity, when, form, moment.base, written, named, is_beside
                    ):
                        yield replace(reading, sure=reading.sure and is_sure), quantity, when

    def _of_entries(self, written: Written, quantities: Sequence[Quantity]) -> Iterator[Candidate]:
        """What each entry of a list has that is not told from the others by words."""
        now = When(self._year)
        for path in dict.fromkeys(path for quantity in quantities for path in quantity.paths):
            for entry in self._amounts.entries(path):
                made = self._in_forms.readings(entry, now, VALUE, now, written, None)
                yield from ((reading, entry, now) for reading in made)

    def _entries_held(self, sentence: Sentence, at: Mention, written: Written) -> Iterator[Candidate]:
        """How many entries a list of the section has, which the unit alone does not make sure: 「講演会を３回開催した」."""
        if written.unit not in _OF_ENTRIES or not _HELD.search(sentence.text[at.end :]):
            return
        when = When(self._year)
        lists = (table for table in self._dictionary.of_section(sentence.section) if table.shape == "events")
        for path in (f"{table.id}/{ENTRIES}" for table in lists):
            made = self._amounts.at(path, when, VALUE)
            yield from [(replace(made, sure=False), None, when)] if made else []

    def otherwise(
        self, sentence: Sentence, written: Written, around: Around, began: bool, own: Quantity | None
    ) -> Reading | None:
        """Another reading of a figure that agrees: of any quantity and time that the sentence names, or of its ``own`` where it stands right
        beside that, in any form that its unit may have; of a time that nothing names where something ``began`` with it. A figure that has one is
        not certainly wrong."""
        if around.forms == [RANK]:
            return None
        is_part = written.is_share or written.unit.startswith("倍")
        forms: tuple[str, ...] = (VALUE, SHARE, GROWTH, RATIO) if is_part else (VALUE, DIFFERENCE)
        if around.more and set(around.forms) <= set(COMPARING):  # 「２件増えた」
            forms = tuple(around.forms)
        of_section = [(0, 0, (path,)) for path in self._names.columns(sentence.section)] if not sentence.names else []
        named = dict.fromkeys(replace(when, words="") for _, _, when in sentence.times)
        times = list(named) or list(self._any_time() if began else [When(self._year)])
        readings: list[Reading] = []
        for when in times if own is None else ():
            readings += self._two.apart(sentence.names, when, RATIO if is_part else DIFFERENCE)
        named_too = [Quantity(name[2], "") for name in (*sentence.names, *of_section)]
        paths = [path for name in sentence.names for path in name[2]]
        if paths and all(path.count("/") == 2 for path in paths):  # rows, of whichever column
            named_too += [Quantity((beside,), "") for path in paths for beside in self._parts.in_row(path)]
        pairs = {
            form: product((When(self._year), *times), times) if form in COMPARING else product(times, times[:1])
            for form in forms
        }
        for form, whens in pairs.items():
            for when, base in whens:
                for quantity in [own] if own else named_too:
                    readings += self._in_forms.readings(quantity, when, form, base, written, None)
        return next(
            (
                made
                for made in (self._amounts.as_written(reading, written) for reading in readings)
                if agrees(written, made, around) and not is_far(written, made, around)
            ),
            None,
        )

    def _any_time(self) -> Iterator[When]:
        """What a sentence without a time may speak of: the report's year, its months, the years before."""
        yield When(self._year)
        yield from months_of(self._year)
        yield from (When(year) for back in range(1, YEARS_BACK) if (year := earlier_by(self._year, back)))
