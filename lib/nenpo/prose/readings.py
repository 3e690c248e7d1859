"""What a figure in a sentence may mean, and which of that agrees with the data.

A sentence is read once: the quantities it names, the times, the figures. From these come the readings of each figure: a quantity (the
name that is joined to it, else the names before it, the one carried on from the sentence before), a time (the year or month named
before it, unless that is what is compared with; in a bracket the bracket's), and a form, told by its unit and the words around it: the
value, a difference, growth, a ratio, a share, points, an average. A figure is *held* where a reading agrees with the data. It is
*contradicted* where none does and the reading is certain: one quantity, joined to the figure by nothing but words that the language
has for that, one time, one form, and no other reading of what the sentence names agrees either. Else it is open. The words stand in ``japanese/words.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nenpo.errors import InputError
from nenpo.facts import Facts
from nenpo.japanese.numerals import Written, half_width, in_digits, read_figure
from nenpo.japanese.years import CODE, FiscalYear
from nenpo.prose.amounts import Amounts
from nenpo.prose.amounts_in_forms import AmountsInForms
from nenpo.prose.brackets import by_explained, explained_by, operand_of
from nenpo.prose.candidates import Candidate, Candidates
from nenpo.prose.conditions import Conditions
from nenpo.prose.context import (
    HELD,
    OPEN,
    UNIT,
    WRONG,
    Read,
    carried_form,
    goes_on,
    is_in_row,
    of_rate,
    right_beside,
    row_of,
    still,
    with_months,
)
from nenpo.prose.crossed import with_row_before
from nenpo.prose.forms import (
    AVERAGE,
    DAILY,
    DIFFERENCE,
    STREAK,
    VALUE,
    Around,
    Reading,
    agrees,
    in_its_unit,
    is_far,
    is_one_with,
    is_slip_of,
    is_telling,
    limit,
)
from nenpo.prose.held import HeldFigure
from nenpo.prose.lexicon import Lexicon
from nenpo.prose.meant import Meant
from nenpo.prose.moments import Moment, moment_of, seen_from_too
from nenpo.prose.moves import Moves
from nenpo.prose.order import Order
from nenpo.prose.peaks import Peaks
from nenpo.prose.ranks import Ranks
from nenpo.prose.sentence import Named, Quantity, Sentence
from nenpo.prose.series_of_years import by_others
from nenpo.prose.stated import Stated, in_text, together
from nenpo.prose.units import is_in, of_other_unit
from nenpo.prose.wording import around_of
from nenpo.prose.written import Mention

_SENTENCE = re.compile(r"[^。\n]*[。\n]?")
# What a sentence begins with that goes on with the months of what goes before, or of what its section is about.
_BY_MONTH = re.compile("[^、。はがも]{0,6}[月期](?:別|ごと)")


class Readings:
    """Reads the figures of a report of ``year``."""

    def __init__(self, lexicon: Lexicon, facts: Facts, year: FiscalYear):
        self._dictionary, self._year = lexicon.dictionary, year
        self._units = sorted(map(half_width, self._dictionary.units))
        self.names, self._quantities, self._parts = lexicon.names, lexicon.quantities, lexicon.parts
        self._amounts = Amounts(facts, lexicon.parts, year)
        self._ranks = Ranks(lexicon.parts, self._amounts, year)
        self._moves = Moves(self._amounts, year)
        self._peaks = Peaks(lexicon.parts, self._amounts, year)
        self._order = Order(lexicon.parts, self._ranks, year)
        in_forms = AmountsInForms(self._amounts, facts, lexicon.parts)
        self._conditions = Conditions(self._amounts, lexicon.parts, year)
        self._stated = Stated(self._amounts, in_forms, year)
        self._meant = Meant(lexicon, self._amounts, self._ranks)
        self._candidates = Candidates(lexicon, self._amounts, in_forms, self._ranks, year)

    def read(self, prose: str, figures: Iterable[Mention], section: str) -> Iterator[Read]:
        """The figures of a paragraph, in order."""
        half = half_width(prose)
        left = sorted(figures, key=lambda mention: mention.start)
        main = self.names.main(section)
        carried = Quantity((main,), "", joined=False) if main else None
        names_before = True  # whether the sentence before names what this one may go on with
        heading, listed = "", dict[str, None]()  # what the sentences before have named
        named: list[Named] = []  # by the last of them that names something
        for match in _SENTENCE.finditer(half):
            own = [mention for mention in left if match.start() <= mention.start < match.end()]
            if not match[0] or not any(mention.start >= match.start() for mention in left):
                continue  # nothing comes any more
            sentence = self.names.sentence(match[0], match.start(), own, section, self._year, heading)
            sentence.names[:] = with_row_before(sentence.names, named)
            carried = self._quantities.those_listed(sentence, list(listed)) or carried
            if carried and not sentence.names and names_before and _BY_MONTH.match(sentence.text):
                carried = replace(carried, joined=True)
            before: list[Read] = []
            for at in sentence.figures:
                try:
                    before.append(self._figure(at, sentence, carried, before))
                except InputError:  # it comes to a year that no table can have
                    before.append(Read(at, OPEN))
            made = by_others(sentence, by_explained(sentence, before, self._amounts), self._amounts)
            yield from (replace(read, mention=mention) for read, mention in zip(made, own, strict=True))
            heading = self.names.heading_in(match[0], section) or heading
            listed |= {name[2][0]: None for name in sentence.names if len(name[2]) == 1}
            names_before = bool(sentence.names)
            named = sentence.names or named
            of = [read.quantity.paths for read in made if read.outcome == HELD and read.quantity]
            if names_before:
                (begin, end, paths), last = sentence.names[0], of[-1] if of else ()
                carried = Quantity(tuple(dict.fromkeys((*paths, *last))), sentence.text[begin:end], joined=False)
            elif len(set(of)) == 1:
                carried = Quantity(of[0], "", joined=False)

    def _figure(self, at: Mention, sentence: Sentence, carried: Quantity | None, before: Sequence[Read]) -> Read:
        if operand := operand_of(sentence, at, before, self._dictionary, self._amounts):
            number = read_figure(at.text)
            held = number and agrees(number, operand, Around([VALUE], 0, ""))
            return Read(at, HELD if held else WRONG, operand)
        if before and is_one_with(sentence, at, before[-1].mention):
            return replace(before[-1], mention=at)
        written = read_figure(at.text)
        if written is None:
            return Read(at, OPEN, why=f"「{at.text}」は数値として読めません")
        around = carried_form(around_of(sentence, at, written, self._year), sentence, at, written, before)
        quantities = self._meant.quantities(sentence, at, written, around.forms[0], carried)
        if around.forms == [STREAK]:
            is_of_months = any(when.months for _, _, when in sentence.times)
            return self._streak(
                at, written, quantities, replace(around, is_supposed=around.is_supposed or is_of_months)
            )
        rates = [self._amounts.is_rate(path, written) for path in (quantities[0].paths if quantities else ())]
        if any(rates):
            around = of_rate(around, sentence.text[: at.start], is_only=all(rates) and bool(quantities[0].name))
        if same := still(sentence, at, quantities, before):
            quantities = [same, *quantities]
        moments = self._moments(sentence, at, around, quantities, before)
        readings = [
            (self._amounts.as_written(reading, written), quantity, when)
            for reading, quantity, when in self._candidates.readings(sentence, at, written, around, quantities, moments)
        ]
        sums = list(together(around, before))
        stated = self._stated.readings(sentence, at, around, moments[0][1], written, before)
        met = self._conditions.readings(sentence, at, quantities)
        by_stated = [(made, quantity, None) for made, quantity in (*sums, *((made, None) for made in (*stated, *met)))]
        agreeing = [reading for reading in (*readings, *by_stated) if agrees(written, reading[0], around)]
        if far := [reading for reading in agreeing if is_far(written, reading[0], around)]:
            agreeing = [reading for reading in agreeing if reading not in far]
            likeliest = [
                made for made, quantity, _ in far if quantity in quantities[:1] and made.form == around.forms[0]
            ]
            if likeliest and not agreeing:
                amount = in_digits(in_its_unit(written, likeliest[0], around))
                return Read(at, OPEN, why=f"「{at.text}」は、データの {amount} から離れています（{likeliest[0].path}）")
        if limit(written, around):  # 「１か月を超えた」 is no limit of 31 days
            agreeing = [of for of in agreeing if not self._unit(of[0], written)]
        if agreeing:
            in_unit = (reading for reading in agreeing if not self._unit(reading[0], written))
            reading, quantity, when = next(in_unit, agreeing[0])
            read = Read(at, HELD, reading, quantity=quantity, when=when)
            return self._agreeing(read, sentence, at, written, before)
        if summed := in_text(sentence, at, written, [made for made, _ in sums], before):
            return Read(at, WRONG, summed)
        return self._unheld(Read(at, OPEN), sentence, at, written, around, moments[0][1], readings, quantities, before)

    def _moments(
        self, sentence: Sentence, at: Mention, around: Around, quantities: Sequence[Quantity], before: Sequence[Read]
    ) -> list[tuple[str, Moment]]:
        """The times that a figure may be of, in each of its forms."""
        year = self._amounts.last_year(quantities[0].paths[0]) if quantities else self._year
        moments = [(form, moment_of(sentence, at, form, year, [read.when for read in before])) for form in around.forms]
        moments = [(form, with_months(moment, form, sentence, at, before)) for form, moment in moments]
        if year != self._year:  # the report's year may be meant all the same, and its 「前年」
            moments = [(form, seen_from_too(moment, year)) for form, moment in moments]
        return moments

    def _unheld(
        self,
        read: Read,
        sentence: Sentence,
        at: Mention,
        written: Written,
        around: Around,
        moment: Moment,
        readings: Sequence[Candidate],
        quantities: Sequence[Quantity],
        before: Sequence[Read],
    ) -> Read:
        """What becomes of a figure that agrees with none of its readings: wrong where one is certain, else open."""
        others = tuple(reading for reading, _, _ in readings)
        if around.is_supposed:
            return replace(read, others=others)
        if explained := explained_by(sentence, at, before):
            of_it = (made for made, quantity, _ in readings if quantity and quantity.paths == explained.paths)
            slip = next((made for made in of_it if is_slip_of(written, made, beside=True)), None)
            if slip and not self._candidates.otherwise(sentence, written, around, moment.began, explained):
                return replace(read, outcome=WRONG, reading=slip)
        certain = self._certain(sentence, at, written, around.forms[0], readings, quantities)
        if certain is None and moment.sure and around.sure:
            named = (made for made, quantity, _ in readings if quantity is None or quantity.name)
            slips = (
                made for made in named if made.sure and is_slip_of(written, made) and not self._unit(made, written)
            )
            certain = next(slips, None)
        is_of_two = certain is not None and certain.form == AVERAGE and "÷" in certain.path
        if certain is None or around.is_end or not (moment.sure and (around.sure or is_of_two)):
            return replace(read, others=others)
        if otherwise := self._candidates.otherwise(
            sentence, written, around, moment.began, right_beside(sentence, at, quantities, before)
        ):
            return replace(read, others=(*others, otherwise))
        return replace(read, outcome=WRONG, reading=certain, hint=self._hint(written, certain, around))

    def _certain(
        self,
        sentence: Sentence,
        at: Mention,
        written: Written,
        form: str,
        readings: Sequence[Candidate],
        quantities: Sequence[Quantity],
    ) -> Reading | None:
        """The reading of a figure that nothing but that can be meant by: of two quantities that are compared, else of the likeliest, joined
        to the figure, in the likeliest ``form``. None where there are several, or none."""
        of_two = [reading for reading, quantity, _ in readings if quantity is None]
        of_one = [reading for reading, quantity, _ in readings if quantity in quantities[:1]]
        meant = of_two or [reading for reading in of_one if reading.form == form]
        known = {
            reading.amount for reading in meant if reading.sure
        }  # which nothing else that comes to the same makes unsure
        meant = [reading for reading in meant if reading.sure or reading.amount not in known]
        meant = [reading for reading in meant if not self._unit(reading, written)]
        meant = [reading for reading in meant if not any(is_in_row(other, reading) for other in meant)]
        is_one = len({row_of(reading) for reading in meant}) == 1 and all(reading.sure for reading in meant)
        if not is_one or not quantities or not quantities[0].joined:
            return None
        if not all(self._amounts.is_complete(path) for path in quantities[0].paths):
            return None  # what is hidden may be meant
        nearest = min(meant, key=lambda reading: abs(reading.amount - written.value))
        is_value = nearest.form in (VALUE, DIFFERENCE) and not nearest.is_larger
        if is_value and written.decimals and written.scale == 1 and self._parts.is_whole(nearest.path):
            return None  # what has decimals states something else of it
        return None if goes_on(sentence, at, written, self._amounts.unit(nearest.path)) else nearest

    def _agreeing(self, read: Read, sentence: Sentence, at: Mention, written: Written, before: Sequence[Read]) -> Read:
        """What becomes of a figure that agrees with its reading: held, unless its unit or the words about its order do not."""
        reading = read.reading
        if reading is None:
            return read
        figure = HeldFigure(sentence, at, written, read, reading, before)
        said = (self._moves, self._peaks, self._order)
        if why := next((why for words in said if (why := words.contradiction(figure))), ""):
            return replace(read, outcome=WRONG, why=why)
        if not (wrong := self._unit(reading, written)):
            return read
        is_told = read.quantity is None or read.quantity.joined or is_telling(written, beside=True)
        return replace(read, outcome=UNIT, why=wrong) if is_told else Read(at, OPEN, others=(reading,))

    def _hint(self, written: Written, reading: Reading, around: Around) -> str:
        """What else a wrong figure would be: the value of the year before, or of a column beside; "" where it is neither."""
        parts = reading.path.split("/")
        if (
            reading.form != VALUE
            or len(parts) != 3
            or parts[0] not in self._dictionary
            or not re.fullmatch(CODE, parts[2])
        ):
            return ""
        before = self._amounts.fact(f"{parts[0]}/{parts[1]}/{FiscalYear(parts[2]).previous.code}", VALUE)
        if before and agrees(written, before, around):
            return "前の年度の数値と同じです"
        for column in self._dictionary[parts[0]].columns:
            beside = (
                None if column.name == parts[1] else self._amounts.fact(f"{parts[0]}/{column.name}/{parts[2]}", VALUE)
            )
            if beside and beside.amount >= 10 and agrees(written, beside, around):
                return f"「{column.name}」の数値と同じです"
        return ""

    def _streak(self, mention: Mention, written: Written, quantities: Sequence[Quantity], around: Around) -> Read:
        """「２年連続で増加」「３年ぶりに減少」."""
        for quantity in quantities:
            streaks = [self._ranks.streak(written, path, around) for path in quantity.paths]
            if held := next((reading for reading, _ in streaks if reading and reading.amount == written.value), None):
                return Read(mention, HELD, held)
            (reading, known), *others = streaks
            if reading and known and not others and quantity.joined and not around.is_supposed:
                return Read(mention, WRONG, reading)
        return Read(mention, OPEN)

    def is_length(self, prose: str, mention: Mention, section: str) -> bool:
        """Whether a length of time is a quantity of the section, which counts days or hours, and named beside it: 「会期は４６日間で」."""
        written = read_figure(mention.text)
        return bool(
            written
            and prose[mention.end : mention.end + 1] == "間"
            and any(written.unit and is_in(written, unit) for unit in self.names.counted_in(section))
            and self.is_named(prose, mention, section)
        )

    def is_named(self, prose: str, mention: Mention, section: str) -> bool:
        """Whether a quantity of the section is named beside a figure."""
        half = half_width(prose)
        match = next(match for match in _SENTENCE.finditer(half) if mention.start < match.end())
        sentence = self.names.sentence(match[0], match.start(), [mention], section, self._year)
        at = sentence.figures[0]
        own = [name for name in sentence.names if set(name[2]) & set().union(*self.names.of(section).values())]
        sentence.names[:] = own
        return any(quantity.joined for quantity in self._quantities.of(sentence, at, None))

    def _unit(self, reading: Reading, written: Written) -> str:
        """Why a figure's unit is not that of what it states; "" where it is, or either has none."""
        is_done = "÷" in reading.path and written.unit.startswith("回")  # 「１件当たり１６．８回対応した」
        if reading.form not in (VALUE, DIFFERENCE, AVERAGE, DAILY) or is_done:
            return ""
        return of_other_unit(written, self._amounts.unit(reading.path.partition("÷")[0]), self._units)
