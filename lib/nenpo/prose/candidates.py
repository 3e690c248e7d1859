"""What a figure in a sentence may mean: the quantities that it may be of, and the readings of each in a time and a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from nenpo.japanese.numerals import Written
from nenpo.japanese.words import pattern
from nenpo.japanese.years import FiscalYear, earlier_by
from nenpo.prose.amounts import Amounts
from nenpo.prose.amounts_in_forms import AmountsInForms
from nenpo.prose.arithmetic import for_so_many
from nenpo.prose.around_names import BARE_WHOLES, are_for_each, modifier_before, word_before
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
from nenpo.prose.sentence import Quantity, Sentence, single_path
from nenpo.prose.times import When, months_of
from nenpo.prose.two_quantities import TwoQuantities
from nenpo.prose.units import is_in
from nenpo.prose.written import Mention

# More or less than what stands beside it, where nothing else is named.
_BESIDE = re.compile("(?:ほど|余り|以上|近く)?(?:多|少な|長|短|高|低)(?:い|く|かった)")
# A word that may stand in a name.
_WORD = re.compile("[一-龠々ァ-ヶー・]{2,}")
# What a sentence may begin with before its subject, and what stands between that and its figure.
_LEAD = re.compile("(?:また|なお|一方で?|さらに|[、のはに\\s])*")
_SAID_OF = re.compile("[はがも]、?")
# What stands before a name and says of what it is only that it is all of it.
_OF_ALL = re.compile(
    r"[本当全各][市町村県区道府室館課所院校部局社会庁圏]|[市町村区][内全]?[域体]?|全体|[年月期日]間|今回|以上|今期|合計|月別|(?:年|1?か?月)平均"
    r"|\d+(?:か?[年月]間?|位|[^\d代歳級年日週]{1,2})"
)
# What leaves something out of what is named before it, in a bracket, or behind it.
_LEFT_OUT = re.compile("を除[いく]た?|を?含めた|に限った|だけの|のみの")
_SAID_OF_ALL = re.compile("(?:の(?:合計|総数)|全体)?(?:[はがも]|について|に関して)")
# A figure of three digits that are no zeros at its end agrees with another by chance only seldom.
_TELLING_DIGITS = 100
# So many letters of a name may stand before its figure.
_LONGEST_HEAD = 6
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


class Candidates:
    """The candidates for the figures of a report of ``year``."""

    def __init__(self, lexicon: Lexicon, amounts: Amounts, in_forms: AmountsInForms, ranks: Ranks, year: FiscalYear):
        self._names, self._parts, self._quantities = lexicon.names, lexicon.parts, lexicon.quantities
        self._amounts, self._in_forms, self._ranks, self._year = amounts, in_forms, ranks, year
        self._two, self._each = TwoQuantities(amounts), Each(lexicon)

    def quantities(
        self, sentence: Sentence, at: Mention, written: Written, form: str, carried: Quantity | None
    ) -> list[Quantity]:
        """The quantities that a figure may be of, the likeliest first."""
        if split := self._around(sentence, at):
            return [split]
        quantities = self._quantities.of(sentence, at, carried, form)
        if not any(quantity.joined for quantity in quantities):
            quantities = [*self._short_name_behind(sentence, at, written), *quantities]
        quantities += self._quantities.listed(sentence, at)
        quantities = [
            replace(quantity, joined=quantity.joined and self._is_plain(quantity, sentence, at, written))
            for quantity in quantities
        ]
        is_told = self._is_told(sentence, at, written)
        if not any(quantity.joined for quantity in quantities):
            quantities += [] if sentence.names else self._by_words(sentence, at)
            quantities += self._of_parts_elsewhere(sentence, quantities)
            quantities += [] if is_told else self._in_unit(sentence, at, written)
        main = self._names.main(sentence.section)
        if main and not any(name[1] <= at.start for name in sentence.names):  # what it is all about
            quantities.append(Quantity((main,), "", joined=False))
        if carried and are_for_each(sentence, at):
            quantities.append(carried)
        if top := self._ranks.top(main, sentence, at):
            quantities = [Quantity((top,), "", joined=False)]
        if written.unit and not is_told and not any(self._counts_in(quantity, written) for quantity in quantities):
            in_row = (self._parts.beside_in_row(path) for quantity in quantities for path in quantity.paths)
            beside = [path for paths in in_row for path in paths if is_in(written, self._amounts.unit(path))]
            quantities += [Quantity(tuple(beside), "", joined=False)] if beside else []
        return quantities

    def _around(self, sentence: Sentence, at: Mention) -> Quantity | None:
        """The quantity whose name stands around its figure: 「延べ４，００８件の対応」 of 延べ対応件数."""
        text = sentence.text
        if text[at.end : at.end + 1] != "の" or not (head := re.search("[一-龠ぁ-んァ-ヶー]{2,}$", text[: at.start])):
            return None
        begin = at.start - min(len(head[0]), _LONGEST_HEAD)
        joined = text[begin : at.start] + re.split("[、。\\d]", text[at.end + 1 :])[0]
        names = self._names.named_in(joined, sentence.section)
        around = (name for name in names if name[0] < at.start - begin < name[1] and name[1] < len(joined))
        return next((Quantity(name[2], joined[name[0] : name[1]]) for name in around), None)

    def _short_name_behind(self, sentence: Sentence, at: Mention, written: Written) -> Iterator[Quantity]:
        """The quantity by whose short name a figure is followed, in its unit: 「４８回の実施」 of 実施回数, 「２７人が負傷し」 of 負傷者数."""
        said = re.match("の([一-龠々ァ-ヶー]+)|[がを]([一-龠々]{2})(?=し|され)", sentence.text[at.end :])
        word = (said[1] or said[2]) if said else ""
        paths = self._names.of(sentence.section).get(word, ())
        quantity = Quantity(tuple(sorted(paths)), word, joined=False)
        yield from [quantity] if paths and self._counts_in(quantity, written) else []

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
        return [*of_two, *for_each, *apart, *own, *over, *in_range, *self._of_entries(written, quantities)]

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
                    made = self._in_forms.readings(quantity, when, form, moment.base, written, named, is_beside)
                    yield from ((reading, quantity, when) for reading in made)

    def _of_entries(self, written: Written, quantities: Sequence[Quantity]) -> Iterator[Candidate]:
        """What each entry of a list has that is not told from the others by words."""
        now = When(self._year)
        for path in dict.fromkeys(path for quantity in quantities for path in quantity.paths):
            for entry in self._amounts.entries(path):
                made = self._in_forms.readings(entry, now, VALUE, now, written, None)
                yield from ((reading, entry, now) for reading in made)

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
                if agrees(written, made, around) and not (limit(written, around) and is_far(written, made, around))
            ),
            None,
        )

    def _any_time(self) -> Iterator[When]:
        """What a sentence without a time may speak of: the report's year, its months, the years before."""
        yield When(self._year)
        yield from months_of(self._year)
        yield from (When(year) for back in range(1, YEARS_BACK) if (year := earlier_by(self._year, back)))

    def _is_plain(self, quantity: Quantity, sentence: Sentence, at: Mention, written: Written) -> bool:
        """Whether a name can mean nothing else: it is no short one, or a row of its table is named with it, or its sentence begins with it and
        the figure, in its unit; and what it is of is printed."""
        path, *wholes = quantity.paths
        if path.count("/") == 1 and not self._parts.has_whole(path):
            return False
        word = word_before(sentence, quantity.start, is_bare=quantity.name in BARE_WHOLES)
        if word and word not in self._names.words_of(sentence.section):
            return False  # 「未水洗化人口」「男女の合計」
        if self._is_restricted(sentence, quantity):
            return False
        of = modifier_before(sentence, quantity)
        if of and not _OF_ALL.fullmatch(of) and not self._names.is_own(of, sentence.section):
            return False  # 「５０代の新規相談受付件数」
        in_row = any(path.startswith(f"{whole}/") for whole in wholes)
        if in_row or not self._names.is_terse(quantity.name, sentence.section):
            return True
        end = quantity.start + len(quantity.name)
        lead = sentence.text[: quantity.start]
        for begin, stop, _ in sentence.times:
            lead = lead[:begin] + " " * (stop - begin) + lead[stop:]
        begins = quantity.start >= 0 and _LEAD.fullmatch(lead) and self._names.tells(quantity.name, sentence.section)
        return bool(begins and _SAID_OF.fullmatch(sentence.text[end : at.start]) and self._counts_in(quantity, written))

    @staticmethod
    def _is_restricted(sentence: Sentence, quantity: Quantity) -> bool:
        """Whether a name stands for less than all of it, or for each of something: 「重複を除いた」, 「（市外を除く）」, 「１週間当たりの」."""
        text, end = sentence.text, quantity.start + len(quantity.name)
        if quantity.start < 0:
            return False
        inner = next((text[begin + 1 : stop] for begin, stop in sentence.brackets if begin == end), "")
        before = text[: quantity.start]
        named = [name[1] for name in sentence.names]
        for_each = [
            of
            for of in pattern("one", "of").finditer(before)
            if not re.search("[月日]", of[0]) and not any(stop <= of.end() for stop in named)
        ]
        left_out = any(before[of.end() :] in ("", "の") for of in (*_LEFT_OUT.finditer(before), *for_each))
        return left_out or bool(re.search("除[いくき]|のみ|限[るり]", inner))

    def _counts_in(self, quantity: Quantity, written: Written) -> bool:
        """Whether a quantity is counted in the unit that a figure is written in."""
        return any(is_in(written, self._amounts.unit(path)) for path in quantity.paths)

    def _by_words(self, sentence: Sentence, at: Mention) -> Iterator[Quantity]:
        """The quantities that the words before a figure tell, each standing in the names of that alone: 「紹介」 in 「関係機関等からの紹介」."""
        begin = max((figure.end for figure in sentence.figures if figure.end <= at.start), default=0)
        for word in reversed(_WORD.findall(sentence.unnamed(begin, at.start, timeless=True))):
            if paths := self._names.with_word(word, sentence.section):
                yield Quantity(paths, word, joined=False)

    def _is_told(self, sentence: Sentence, at: Mention, written: Written) -> bool:
        """Whether what a figure is of is told, with its column, by the last name before it, no other figure between them."""
        bracket = sentence.bracket(at.start)
        earlier = (name for name in reversed(sentence.names) if name[1] <= at.start)
        name = next((name for name in earlier if sentence.bracket(name[0]) in (None, bracket)), None)
        if name is None or any(name[1] <= figure.start < at.start for figure in sentence.figures):
            return False
        words = sentence.text[name[0] : name[1]]
        if pattern("one", "of").search(sentence.text[name[0] : at.start]):
            return False  # 「新規相談１件当たりの対応件数は」
        is_whole = not self._names.is_terse(words, sentence.section) and words not in BARE_WHOLES
        if is_whole and self._counts_in(Quantity(name[2], words), written):
            return True
        path = single_path(name)
        unit = self._amounts.unit(path) if path else ""
        return is_whole and bool(unit) and bool(_SAID_OF_ALL.match(sentence.text[name[1] :]))

    def _of_parts_elsewhere(self, sentence: Sentence, quantities: Sequence[Quantity]) -> list[Quantity]:
        """What a word right before a name means of what is the same by the dictionary: 「５０代の新規相談受付件数」."""
        of = [(path, modifier_before(sentence, quantity)) for quantity in quantities for path in quantity.paths]
        parts = [part for path, word in of if word for part in self._parts.elsewhere(path, word)]
        return [Quantity((part,), "", joined=False) for part in parts]

    def _in_unit(self, sentence: Sentence, at: Mention, written: Written) -> Iterator[Quantity]:
        """The quantity of a section that is counted in a figure's unit, which tells it where no name does: 「８月は１万人が来館した」, 「１人平均２．２
        項目」. Of several it may be any where enough digits tell which."""
        counted = self._names.counted_in(sentence.section)
        in_unit = [path for unit, paths in counted.items() if is_in(written, unit) for path in paths]
        if pattern("one", "of").search(sentence.text[: at.start]):
            rates = self._names.rates_in(sentence.section)
            in_unit += [path for path, unit in rates.items() if is_in(written, unit)]
        if len(in_unit) == 1 or written.value / written.zeros >= _TELLING_DIGITS:
            yield from (Quantity((path,), "", joined=False) for path in in_unit)
