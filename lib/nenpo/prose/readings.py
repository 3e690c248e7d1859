"""What a figure in a sentence may mean, and which of that agrees with the data.

A sentence is read once: the quantities it names, the times, the figures. From these come the readings of each figure: a quantity (the
name that is joined to it, else the names before it, the one carried on from the sentence before), a time (the year or month named
before it, unless that is what is compared with; in a bracket the bracket's), and a form, told by its unit and the words around it: the
value, a difference, growth, a ratio, a share, points, an average. A figure is *held* where a reading agrees with the data. It is
*contradicted* where none does and the reading is certain: one quantity, joined to the figure by nothing but words that the language
has for that, one time, one form. Else it is open. The words stand in ``language.toml``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from nenpo.dictionary import Dictionary
from nenpo.errors import InputError
from nenpo.fiscal import FiscalYear
from nenpo.prose.facts import Facts
from nenpo.prose.forms import (
    AVERAGE,
    DAILY,
    DIFFERENCE,
    GROWTH,
    ONE_IN,
    POINTS,
    RATIO,
    SHARE,
    STREAK,
    UNIT_WORDS,
    VALUE,
    Around,
    Reading,
    agrees,
    around_of,
    is_one_with,
    turned,
)
from nenpo.prose.language import joining, pattern
from nenpo.prose.names import Names
from nenpo.prose.numbers import THOUSANDS, Written, half_width, in_digits, read_figure
from nenpo.prose.sayings import Sayings
from nenpo.prose.sentence import Sentence
from nenpo.prose.times import When, times_in
from nenpo.prose.written import Found

HELD, WRONG, OPEN, UNIT = "held", "wrong", "open", "unit"
_SENTENCE = re.compile(r"[^。\n]*[。\n]?")
_DIVISION = re.compile(r"（[≒=＝]?([\d,]+)÷([\d,]+)）")
# Units that count the same.
_ALIKE = [frozenset(units.split()) for units in ("人 名", "か所 箇所 カ所 ヶ所 ヵ所", "% パーセント", "社 事業所")]
_YEARS_SHOWN = 10
_FIGURE = re.compile(rf"(?:約|およそ)?\d[\d,.]*[百千万億]*(?:{UNIT_WORDS[1:]})?(?:余り|強|弱|台|程度|以上)?")
_OF_PART = re.compile("による|に係る|にかかる|に関する|における|での|としての|の")
_PEAK = re.compile("(?P<most>最も多|最多|ピーク|最も高)|(?P<least>最も少|最少|最も低)")


@dataclass(frozen=True)
class Quantity:
    """A quantity as it is named: the paths (without a year) that are added up, and whether nothing else can stand between the
    name and its figure."""

    paths: tuple[str, ...]
    name: str
    joined: bool = True


@dataclass(frozen=True)
class Read:
    """What became of a figure: the outcome, the reading that agrees, or the one that it should agree with, why in words, and what a wrong
    figure looks like."""

    found: Found
    outcome: str
    reading: Reading | None = None
    others: tuple[Reading, ...] = ()
    why: str = ""
    hint: str = ""


class Readings:
    """Reads the figures of a report of ``year``."""

    def __init__(self, dictionary: Dictionary, facts: Facts, sayings: Sayings, year: FiscalYear):
        self._dictionary, self._facts, self._sayings, self._year = dictionary, facts, sayings, year
        self.names = Names(dictionary, sayings)

    def read(self, prose: str, figures: Iterable[Found], section: str) -> Iterator[Read]:
        """The figures of a paragraph, in order."""
        half = half_width(prose)
        left = list(figures)
        main = self.names.main(section)
        carried = Quantity((main,), "", joined=False) if main else None
        for match in _SENTENCE.finditer(half):
            own = [found for found in left if match.start() <= found.start < match.end()]
            if not match[0] or not any(found.start >= match.start() for found in left):
                continue  # nothing comes any more
            sentence = self._sentence(match[0], match.start(), own, section)
            before: list[Read] = []
            for found in own:
                try:
                    read = self._figure(found, sentence, carried, before)
                except InputError:  # it comes to a year that no table can have
                    read = Read(found, OPEN)
                before.append(read)
                yield read
            if sentence.names:
                first = sentence.names[0]
                carried = Quantity(first[2], sentence.text[first[0] : first[1]], joined=False)

    def _sentence(self, text: str, start: int, figures: Sequence[Found], section: str) -> Sentence:
        moved = [replace(found, start=found.start - start, end=found.end - start) for found in figures]
        sentence = Sentence(text, start, figures=moved)
        sentence.names = self.names.found(text, section)
        for figure in moved:  # numerals of kanji are told from other words, as digits are
            if not re.search(r"\d", figure.text):
                kanji = re.match("[〇一二三四五六七八九十百千万億]*", text[figure.start :])
                end = figure.start + (len(kanji[0]) if kanji else 0)
                text = text[: figure.start] + "1" * (end - figure.start) + text[end:]
        sentence.text = text
        sentence.times = times_in(text, self._year)
        return sentence

    def _figure(self, found: Found, sentence: Sentence, carried: Quantity | None, before: Sequence[Read]) -> Read:
        at = replace(found, start=found.start - sentence.start, end=found.end - sentence.start)
        if operand := self._operand(sentence, at, before):
            number = read_figure(found.text)
            held = number and agrees(number, operand, Around([VALUE], 0, "", ""))
            return Read(found, HELD if held else WRONG, operand)
        if before and is_one_with(sentence, at, before[-1].found):
            return replace(before[-1], found=found)
        written = read_figure(found.text)
        if written is None:
            return Read(found, OPEN, why=f"「{found.text}」は数値として読めません")
        around = around_of(sentence, at, written, self._year)
        quantities = self._quantities(sentence, at, carried, around.forms[0])
        if around.forms == [STREAK]:
            return self._streak(found, written, quantities, around)
        times, base, sure_time = self._when(sentence, at, around.forms[0], quantities)
        readings: list[Reading] = list(self._against_another(sentence, at, around))
        first: list[Reading] = list(readings)
        named = sentence.names[0] if sentence.names else None
        whole = Quantity(named[2], sentence.text[named[0] : named[1]]) if named else None
        for quantity in quantities:
            for when in times:
                for form in around.forms:
                    made = list(self._readings(quantity, when, form, base, written, whole))
                    if quantity is quantities[0] and form == around.forms[0]:
                        first += made
                    readings += made
        for reading in readings:
            if agrees(written, reading, around):
                if reading.form == VALUE and (
                    wrong_way := turned(sentence, at, before[-1].found if before else None, written)
                ):
                    return Read(found, WRONG, reading, why=wrong_way)
                if reading.form == VALUE and (low := self._no_peak(sentence, at, reading)):
                    return Read(found, WRONG, reading, why=low)
                if wrong := self._unit(reading, written):
                    return Read(found, UNIT, reading, why=wrong)
                return Read(found, HELD, reading)
        certain = (
            bool(quantities)
            and quantities[0].joined
            and sure_time
            and around.sure
            and len({one.path for one in first}) == 1
        )
        if not certain:
            return Read(found, OPEN, others=tuple(readings))
        return Read(found, WRONG, first[0], hint=self._hint(written, first[0], around))

    def _hint(self, written: Written, reading: Reading, around: Around) -> str:
        """What else a wrong figure would be: the value of the year before, or of a column beside; "" where it is neither."""
        parts = reading.path.split("/")
        if (
            reading.form != VALUE
            or len(parts) != 3
            or parts[0] not in self._dictionary
            or not re.fullmatch(r"[RH]\d+", parts[2])
        ):
            return ""
        before = self._fact(f"{parts[0]}/{parts[1]}/{FiscalYear(parts[2]).previous.code}", VALUE)
        if before and agrees(written, before, around):
            return "前の年度の数値と同じです"
        for column in self._dictionary[parts[0]].columns:
            beside = None if column.name == parts[1] else self._fact(f"{parts[0]}/{column.name}/{parts[2]}", VALUE)
            if beside and beside.amount >= 10 and agrees(written, beside, around):
                return f"「{column.name}」の数値と同じです"
        return ""

    def _streak(self, found: Found, written: Written, quantities: Sequence[Quantity], around: Around) -> Read:
        """「２年連続で増加」「３年ぶりに減少」: how the years up to the report's went."""
        for quantity in quantities:
            amounts = []
            for back in range(_YEARS_SHOWN):
                year = self._year.like(self._year.start - back)
                one = self._fact("+".join(f"{path}/{year.code}" for path in quantity.paths[0].split("+")), VALUE)
                if one is None:
                    break
                amounts.append(one)
            if re.search("て(?:い|き)たが|たものの", around.tail):  # it ended the year before
                amounts = amounts[1:]
            steps = [(now.amount > then.amount) - (now.amount < then.amount) for now, then in pairwise(amounts)]
            if not steps or not around.more or len(quantity.paths) > 1:
                continue
            if around.since:  # the last time that it went this way was so many years before
                same = next((at for at, step in enumerate(steps) if at and step == around.more), len(steps))
                same = same if steps[0] == around.more else 0
            else:
                same = next((at for at, step in enumerate(steps) if step != around.more), len(steps))
            known = (same < len(steps) or written.value < same) and around.sure
            reading = Reading(
                amounts[0].path, Fraction(same), "、".join(one.words for one in reversed(amounts)), STREAK
            )
            if same == written.value and (same < len(steps) or not around.since):
                return Read(found, HELD, reading)
            if known and quantity.joined:
                return Read(found, WRONG, reading)
        return Read(found, OPEN)

    def is_named(self, prose: str, found: Found, section: str) -> bool:
        """Whether a quantity of the section is named beside a figure."""
        half = half_width(prose)
        match = next(match for match in _SENTENCE.finditer(half) if found.start < match.end())
        sentence = self._sentence(match[0], match.start(), [found], section)
        at = sentence.figures[0]
        own = [name for name in sentence.names if set(name[2]) & set().union(*self.names.of(section).values())]
        sentence.names[:] = own
        return any(quantity.joined for quantity in self._quantities(sentence, at, None))

    def _operand(self, sentence: Sentence, at: Found, before: Sequence[Read]) -> Reading | None:
        """What an operand of a printed division names, right after the figure that it explains."""
        for read in reversed(before):
            end = read.found.end - sentence.start
            match = _DIVISION.match(sentence.text, end)
            if match is None or not match.start() < at.start < match.end() or read.reading is None:
                continue
            above, below = self._parts(read.reading.path)
            path = above if at.start == match.start(1) else below
            return self._fact(path, VALUE) if path else None
        return None

    def _parts(self, path: str) -> tuple[str, str]:
        for rate in self._dictionary.rates:
            if path.startswith(f"{rate.section}/{rate.name}/"):
                year = path.rpartition("/")[2]
                return f"{rate.numerator}/{year}", f"{rate.denominator}/{year}"
        base, _, derived = path.rpartition("/")
        if derived in ("前年度比", "前年度倍率"):
            of, _, year = base.rpartition("/")
            return base, f"{of}/{FiscalYear(year).previous.code}"
        return "", ""

    def _quantities(self, sentence: Sentence, at: Found, carried: Quantity | None, form: str = VALUE) -> list[Quantity]:
        """The quantities that a figure may be of, the likeliest first."""
        text, found = sentence.text, list[Quantity]()
        bracket = sentence.bracket(at.start)
        following = next((name for name in sentence.names if name[0] == at.end + 1 and text[at.end] == "の"), None)
        if following:
            found.append(Quantity(following[2], text[following[0] : following[1]]))
        earlier = [name for name in sentence.names if name[1] <= at.start]
        if bracket is None:
            earlier = [name for name in earlier if sentence.bracket(name[0]) is None] or earlier
        if form in (SHARE, ONE_IN) and earlier and re.fullmatch("の(?:うち)?", text[earlier[-1][1] : at.start]):
            later = [name for name in sentence.names if name[0] >= at.end]  # 「Xの７割をYが占めた」: X is the whole
            return [
                Quantity(name[2], text[name[0] : name[1]], joined=False) for name in [*later, *reversed(earlier[:-1])]
            ]
        earlier = self._without_wholes(sentence, earlier)
        for name in reversed(earlier):
            joined = not found and self._is_joined(sentence, name[1], at.start)
            if (
                summed := self._summed(sentence, name, earlier, at)
                or (not found and self._together(sentence, earlier, at))
                or None
            ):
                found.insert(0, summed)
            found.append(Quantity(name[2], text[name[0] : name[1]], joined and summed is None))
            if len(found) > 3:
                break
        if not found:
            later = [name for name in sentence.names if name[0] >= at.end]
            found += [Quantity(name[2], text[name[0] : name[1]], joined=False) for name in later[:1]]
        if found and found[0].joined:
            return found[:1]
        return found or ([carried] if carried else [])

    def _without_wholes(
        self, sentence: Sentence, names: list[tuple[int, int, tuple[str, ...]]]
    ) -> list[tuple[int, int, tuple[str, ...]]]:
        """The names without those that stand for the whole behind a part of it: 「急病による搬送人員」 is the part."""
        kept: list[tuple[int, int, tuple[str, ...]]] = []
        for name in names:
            part = kept[-1] if kept else None
            joined = part and _OF_PART.fullmatch(sentence.text[part[1] : name[0]])
            if part and joined and any(self._is_whole_of(whole, one) for whole in name[2] for one in part[2]):
                is_bare = sentence.text[name[0] : name[1]] in ("合計", "計", "総計", "総数")  # a sum of those before it
                kept[-1] = part if is_bare else (part[0], name[1], part[2])
            else:
                kept.append(name)
        return kept

    def _is_whole_of(self, whole: str, part: str) -> bool:
        if part.startswith(f"{whole}/"):
            return True
        table_id, _, column = whole.partition("/")
        of, _, name = part.partition("/")
        if table_id != of or table_id not in self._dictionary:
            return False
        return any(name in known.sum for known in self._dictionary[table_id].columns if known.name == column)

    def _summed(
        self,
        sentence: Sentence,
        last: tuple[int, int, tuple[str, ...]],
        earlier: Sequence[tuple[int, int, tuple[str, ...]]],
        at: Found,
    ) -> Quantity | None:
        """Names that are added up: 「AとBを合わせて」「A、Bの合計」."""
        if not re.match(
            r"(?:を|の)?(?:合わせ|併せ|足し|合計|計|両方)|で(?=、|全体|\d)", sentence.text[last[1] : at.start]
        ):
            return None
        names = [last]
        for name in reversed(earlier[: earlier.index(last)]):
            if not re.fullmatch(r"[とや及びおよ、・]+(?:び)?", sentence.text[name[1] : names[0][0]]):
                break
            names.insert(0, name)
        if len(names) < 2 or any(len(name[2]) != 1 for name in names):
            return None
        return Quantity(("+".join(name[2][0] for name in names),), sentence.text[names[0][0] : last[1]])

    def _together(
        self, sentence: Sentence, earlier: Sequence[tuple[int, int, tuple[str, ...]]], at: Found
    ) -> Quantity | None:
        """All that the sentence has named: 「Aが６７９件、Bが４６９件で、合わせて１，１４８件」."""
        if len(earlier) < 2 or not re.search("(?:合わせて|併せて|合計で?|計)$", sentence.text[: at.start]):
            return None
        if any(len(name[2]) != 1 for name in earlier):
            return None
        return Quantity(
            ("+".join(name[2][0] for name in earlier),), sentence.text[earlier[0][0] : earlier[-1][1]], joined=False
        )

    def _is_joined(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether nothing but what the language has for that stands between a name and its figure."""
        text = list(_DIVISION.sub(lambda found: "\0" * len(found[0]), sentence.outside(start, end)))
        for begin, stop, _ in sentence.times:
            if start <= begin and stop <= end:
                text[begin - start : stop - start] = "\0" * (stop - begin)
        left = _FIGURE.sub("", "".join(text).replace("\0", ""))
        return bool(joining().fullmatch(left))

    def _when(
        self, sentence: Sentence, at: Found, form: str, quantities: Sequence[Quantity]
    ) -> tuple[list[When], When | None, bool]:
        """The times that a figure may be of, what it is compared with where the sentence names that, and whether the time is certain."""
        text, bracket = sentence.text, sentence.bracket(at.start)
        compares = form in (DIFFERENCE, GROWTH, RATIO, POINTS)
        if bracket and not compares:
            own = [time for time in sentence.times if bracket[0] < time[0] and time[1] <= at.start]
            if own:
                return [own[-1][2]], None, True
            explained = next((one for one in sentence.figures if one.end == bracket[0]), None)
            if explained and form == SHARE:  # 「前年度の５７１人（８２．９％）」
                return self._when(sentence, explained, VALUE, quantities)
        within = bracket[0] if bracket else -1
        inner = [
            time
            for time in sentence.times
            if time[1] <= at.start and (within < time[0] or sentence.bracket(time[0]) is None)
        ]
        others = [
            one
            for one in sentence.figures
            if one.end <= at.start and (within < one.start or sentence.bracket(one.start) is None)
        ]
        if compares:
            return self._compared_when(sentence, at, inner, others)
        told = next((time for time in sentence.times if time[0] == at.end + 1 and text[at.end] in "（("), None)
        if told and text[told[1] : told[1] + 1] in ("）", ")"):
            return [told[2]], None, True
        came = bool(others and re.match(r"\s*(?:から|より)", text[others[-1].end :]))
        for _, end, when in reversed(inner):
            between = sentence.outside(end, at.start).lstrip("\0")
            if re.match(r"の?\s*約?\d", text[end:]) and any(end <= one.start for one in others):
                continue  # another figure's
            compared = pattern("compared", "words")
            if compared.match(between) or re.match(rf"[^、]*?\d[^、]*?{compared.pattern}", between):
                continue  # what is compared with
            if came and end <= others[-1].start:
                continue
            return [when], None, True
        if re.match(r"\s*(?:から|より)[^。]*?\d[^。]*?(?:へ|に|と)", text[at.end :]):
            return [When(self._year.previous), When(self._year)], None, False
        return [When(self._year)], None, True

    def _compared_when(
        self, sentence: Sentence, at: Found, inner: Sequence[tuple[int, int, When]], others: Sequence[Found]
    ) -> tuple[list[When], When | None, bool]:
        """Of a figure that compares: its own time stands with the quantity, the one that it is compared with nearer to the figure."""
        own, base = When(self._year), None
        for _, end, when in inner:
            between = sentence.outside(end, at.start)
            has_name = any(end <= name[0] < at.start for name in sentence.names)
            has_figure = any(end <= one.start for one in others) and re.match(
                r"[はがの]?\s*[（(]?\d", sentence.text[end:]
            )
            is_before = pattern("time", "before").match(when.words) and not between.startswith("の")
            if (
                not between
                or is_before
                or pattern("compared", "words").match(between)
                or has_figure
                or (re.match(r"の|比|対比|を|増|減|伸び", between) and not has_name)
            ):
                base = when
            else:
                own = when
        return [own], base, True

    def _readings(
        self, quantity: Quantity, when: When, form: str, base: When | None, written: Written, whole: Quantity | None
    ) -> Iterator[Reading]:
        for path in quantity.paths:
            paths = [f"{one}/{period}" for one in path.split("+") for period in when.months or (when.year.code,)]
            if (
                form == VALUE
                and written.unit.startswith(("%", "割", "パーセント"))
                and self._facts.unit(path) not in ("%", "％")
            ):
                made = None
            elif form in (VALUE, AVERAGE, DAILY):
                made = self._fact("+".join(paths), form)
                if made and form != VALUE:
                    start = datetime.date(when.year.start, when.year.months[0].month, 1)
                    days = (start.replace(year=start.year + 1) - start).days
                    parts = days if form == DAILY else len(when.months) or 12
                    made = (
                        None
                        if form == DAILY and when.months
                        else replace(made, amount=made.amount / parts, words=f"{made.words}÷{parts}")
                    )
            elif when.months:
                made = self._comparison_of_months(path, when, base, form)
            elif form in (SHARE, ONE_IN):
                made = self._fact("+".join(f"{one}/構成比" for one in paths), form) or self._part(
                    paths, whole, when, form
                )
            else:
                made = self._comparison(path, when, base, form, written)
            if made:
                unit = self._facts.unit(path.partition("+")[0])
                is_counted = form in (VALUE, DIFFERENCE, AVERAGE, DAILY)
                yield replace(made, amount=made.amount * THOUSANDS.get(unit, 1)) if is_counted else made

    def _part(self, paths: Sequence[str], whole: Quantity | None, when: When, form: str) -> Reading | None:
        """The share of what the sentence begins with, where a table has no whole of its own: 「２３８件の内訳は、男性１１２件（４７．１％）」."""
        if whole is None or len(paths) > 1 or len(whole.paths) > 1 or paths[0].startswith(f"{whole.paths[0]}/"):
            return None
        made = self._fact(f"{paths[0]}÷{whole.paths[0]}/{when.year.code}", form)
        return made and replace(made, amount=made.amount * 100)

    def _against_another(self, sentence: Sentence, at: Found, around: Around) -> Iterator[Reading]:
        """The difference between two quantities: 「女性は男性（１１２件）より１４件多い」."""
        names = [name for name in sentence.names if name[1] <= at.start]
        if around.forms != [DIFFERENCE] or len(names) < 2 or any(len(name[2]) != 1 for name in names[-2:]):
            return
        own, other = names[-2:]
        if not re.match(r"\0*(?:の?\d[^、。]*?)?(?:より|に比べ|と比べ|を)", sentence.outside(other[1], at.start)):
            return
        now, then = (self._fact(f"{name[2][0]}/{self._year.code}", DIFFERENCE) for name in (own, other))
        if now and then:
            yield replace(now, amount=now.amount - then.amount, words=f"{now.words}－{then.words}")

    def _comparison_of_months(self, path: str, when: When, base: When | None, form: str) -> Reading | None:
        if form not in (DIFFERENCE, GROWTH, RATIO) or base is None or not base.months:
            return None
        now, then = (self._fact("+".join(f"{path}/{label}" for label in one.months), form) for one in (when, base))
        if now is None or then is None or not then.amount:
            return None
        if form == DIFFERENCE:
            return replace(now, amount=now.amount - then.amount, words=f"{now.words}－{then.words}")
        ratio = now.amount / then.amount * 100 - (100 if form == GROWTH else 0)
        return replace(now, amount=ratio, words=f"{now.words}÷{then.words}")

    def _comparison(self, path: str, when: When, base: When | None, form: str, written: Written) -> Reading | None:
        against = base.year if base and base.year != when.year else when.year.previous
        if against == when.year.previous and "+" not in path and form != POINTS:
            times = form == RATIO and written.unit.startswith("倍")
            derived = (
                "前年度倍率" if times else {DIFFERENCE: "前年度差", GROWTH: "前年度増減率", RATIO: "前年度比"}[form]
            )
            made = self._fact(f"{path}/{when.year.code}/{derived}", form)
            return made and (replace(made, amount=made.amount * 100) if times else made)
        kind = "/構成比" if form == POINTS else ""
        now, then = (
            self._fact("+".join(f"{one}/{year.code}{kind}" for one in path.split("+")), form)
            for year in (when.year, against)
        )
        if now is None or then is None or not then.amount:
            return None
        if form in (DIFFERENCE, POINTS):
            return replace(now, amount=now.amount - then.amount, words=f"{now.words}－{then.words}")
        ratio = now.amount / then.amount * 100 - (100 if form == GROWTH else 0)
        return replace(now, amount=ratio, words=f"{now.words}÷{then.words}")

    def _fact(self, path: str, form: str) -> Reading | None:
        try:
            fact = self._facts.fact(path)
        except InputError:
            return None
        return Reading(path, fact.amount, fact.formula, form)

    def _no_peak(self, sentence: Sentence, at: Found, reading: Reading) -> str:
        """Why the month of a figure is not the one with most, or least, where the sentence says so; "" where it is, or does not."""
        base, _, label = reading.path.rpartition("/")
        months = next(
            (year.months for year in (self._year, self._year.previous) if label in {one.label for one in year.months}),
            (),
        )
        begin = max(sentence.text.rfind(mark, 0, at.start) for mark in "、，。") + 1
        ends = [place for place in (sentence.text.find("、", at.end), len(sentence.text)) if place >= 0]
        said = list(_PEAK.finditer(sentence.text, begin, min(ends)))
        if not months or len(said) != 1 or re.search("番目|次いで|続い", sentence.text[begin : min(ends)]):
            return ""
        amounts = {one.label: made.amount for one in months if (made := self._fact(f"{base}/{one.label}", VALUE))}
        best = (max if said[0]["most"] else min)(amounts.values(), default=reading.amount)
        if reading.amount == best:
            return ""
        named = "、".join(name for name, amount in amounts.items() if amount == best)
        return f"「{said[0][0]}」のは {named} の {in_digits(best)} です（{base}）"

    def _unit(self, reading: Reading, written: Written) -> str:
        """Why a figure's unit is not that of what it states; "" where it is, or either has none."""
        if reading.form not in (VALUE, DIFFERENCE, AVERAGE, DAILY):
            return ""
        unit = re.match("[^\\d\\s、。（）]*", written.unit)
        own, known = unit[0] if unit else "", self._facts.unit(reading.path.partition("+")[0])
        counted = next((one for one in ("人", "名", "件", "世帯", "回", "円", "社", "項目") if own.startswith(one)), "")
        if (
            not counted
            or not known
            or counted == known
            or (known in THOUSANDS and known.endswith(counted))
            or any({counted, known} <= alike for alike in _ALIKE)
        ):
            return ""
        return f"数は合いますが、単位が「{counted}」です（表では「{known}」）"
