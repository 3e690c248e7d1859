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
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from nenpo.dictionary import Dictionary, Table
from nenpo.errors import InputError
from nenpo.fiscal import ERAS, FiscalYear
from nenpo.review.facts import Facts
from nenpo.review.numbers import Written, half_width, in_digits, read_figure, rounded
from nenpo.review.sayings import Sayings
from nenpo.review.written import Found

VALUE, DIFFERENCE, GROWTH, RATIO, SHARE, POINTS, AVERAGE, DAILY, STREAK, ONE_IN = (
    "value", "difference", "growth", "ratio", "share", "points", "average", "average of a day", "streak", "one in"
)  # fmt: skip
HELD, WRONG, OPEN, UNIT = "held", "wrong", "open", "unit"
_SENTENCE = re.compile(r"[^。\n]*[。\n]?")
_DIVISION = re.compile(r"（[≒=＝]?([\d,]+)÷([\d,]+)）")
# Units that count the same.
_ALIKE = [frozenset(units.split()) for units in ("人 名", "か所 箇所 カ所 ヶ所 ヵ所", "% パーセント", "社 事業所")]
_YEARS_SHOWN = 10
_UNIT = r"^(?:[人名件回円社点校日]|世帯|項目|か所|箇所|%|パーセント|倍|割|ポイント)+"
_FIGURE = re.compile(rf"(?:約|およそ)?\d[\d,.]*[百千万億]*(?:{_UNIT[1:]})?(?:余り|強|弱|台|程度|以上)?")
_OF_PART = re.compile("による|に係る|にかかる|に関する|における|での|としての|の")
# 「３人に１人」: a share.
_ONE_IN = re.compile(r"\d+(?P<unit>人|件|世帯)に(?P<part>1)(?P=unit)")


@dataclass(frozen=True)
class Quantity:
    """A quantity as it is named: the paths (without a year) that are added up, and whether nothing else can stand between the
    name and its figure."""

    paths: tuple[str, ...]
    name: str
    joined: bool = True


@dataclass(frozen=True)
class When:
    """A time: a year, and a part of it, "" for the whole; the label of a month, or the labels of several."""

    year: FiscalYear
    months: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Reading:
    """One thing that a figure may mean: the path of the fact (or of the figure that it rests on), its amount in the figure's
    unit, and how it comes about in words."""

    path: str
    amount: Fraction
    words: str
    form: str

    @property
    def decimals(self) -> int:
        """Decimals that it is told with."""
        return 0 if self.form in (VALUE, DIFFERENCE, STREAK) else 1


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


@dataclass
class _Sentence:
    """A sentence in digits of half width: what stands where in it."""

    text: str
    start: int
    names: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)
    times: list[tuple[int, int, When]] = field(default_factory=list)
    figures: list[Found] = field(default_factory=list)

    @cached_property
    def brackets(self) -> list[tuple[int, int]]:
        """Where each bracket opens and closes, the inner ones first."""
        found, open_ = [], []
        for at, char in enumerate(self.text):
            if char in "（(":
                open_.append(at)
            elif char in "）)" and open_:
                found.append((open_.pop(), at))
        return found

    def bracket(self, at: int) -> tuple[int, int] | None:
        return next((pair for pair in self.brackets if pair[0] < at < pair[1]), None)

    def outside(self, start: int, end: int) -> str:
        """The text from start to end, what brackets hold that open and close in it blanked."""
        text = self.text[start:end]
        for left, right in self.brackets:
            if start <= left and right < end:
                text = text[: left - start] + "\0" * (right - left + 1) + text[right - start + 1 :]
        return text


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_name("language.toml").read_text(encoding="utf-8"))


@cache
def _pattern(table: str, key: str, form: str = "(?:{})") -> re.Pattern[str]:
    return re.compile(form.format(_words()[table][key]))


@cache
def _compared() -> re.Pattern[str]:
    return re.compile(rf"(?:{_words()['compared']['words']})")


@cache
def _joining() -> re.Pattern[str]:
    parts = _words()["joining"]["words"], _words()["compared"]["words"]
    return re.compile(f"(?:{'|'.join(parts)}|{_words()['form']['more']}|{_words()['form']['less']}|年度?|（|）)*")


_ERA_YEAR = rf"(?:(?P<era>{'|'.join(f'{letter}|{name}' for letter, name, _ in ERAS)})\s*(?P<nth>\d{{1,2}}|元)|(?P<year>(?:19|20)\d\d))"
_YEAR = re.compile(rf"{_ERA_YEAR}\s*年?度?(?P<month>(?:[年.]|(?<=年))\s*(?P<number>\d{{1,2}})月?)?")
_MONTH = re.compile(r"(?<![\d.か箇ヶカ～~-])(?P<number>1[0-2]|[1-9])月(?!間|\d+日)")
_YEARS_AGO = re.compile(r"(\d{1,2})年度?前")
_BARE_YEAR = re.compile(r"(?<![\d.令和平成昭RHS])(\d{1,2})年度")
_PEAK = re.compile("(?P<most>最も多|最多|ピーク|最も高)|(?P<least>最も少|最少|最も低)")
# 「約４分の１」, and how near a share has to be to it, in points.
_FRACTION = re.compile(r"(?:約|およそ)?\d+分の(?P<part>\d+)")
_NEAR = 4
_QUARTER = re.compile(r"第([1-4])四半期")


class Readings:
    """Reads the figures of a report of ``year``."""

    def __init__(self, dictionary: Dictionary, facts: Facts, sayings: Sayings, year: FiscalYear):
        self._dictionary, self._facts, self._sayings, self._year = dictionary, facts, sayings, year
        self._known: dict[str, dict[str, set[str]]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    # The names of quantities

    def names(self, section: str) -> Mapping[str, set[str]]:
        """What may be named in a section, with the paths meant: its tables' columns, items and rows, its rates, the aliases."""
        if section in self._known:
            return self._known[section]
        names = self._known[section] = {}
        for table in self._dictionary.values():
            if table.section == section:
                for name, path in _names_of(table):
                    names.setdefault(half_width(name), set()).add(path)
        for rate in self._dictionary.rates:
            if rate.section == section:
                names[half_width(rate.name)] = {f"{rate.section}/{rate.name}"}
        for alias in self._sayings.aliases:
            if alias.section in ("", section):
                names[half_width(alias.name)] = {alias.fact}
        return names

    @cached_property
    def _elsewhere(self) -> Mapping[str, set[str]]:
        """Names that no more than one section has, of four letters or more: a text may name what stands in another."""
        names: dict[str, set[str]] = {}
        sections: dict[str, set[str]] = {}
        for section in dict.fromkeys(table.section for table in self._dictionary.values()):
            for name, paths in self.names(section).items():
                names.setdefault(name, set()).update(paths)
                sections.setdefault(name, set()).add(section)
        return {name: paths for name, paths in names.items() if len(sections[name]) == 1 and len(name) >= 4}

    @cached_property
    def _pattern_of_elsewhere(self) -> re.Pattern[str]:
        return _any_of(self._elsewhere)

    def _named_in(self, section: str) -> tuple[Mapping[str, set[str]], re.Pattern[str]]:
        if section not in self._patterns:
            self._patterns[section] = _any_of(self.names(section))
        return self.names(section), self._patterns[section]

    # Reading

    def read(self, prose: str, figures: Iterable[Found], section: str) -> Iterator[Read]:
        """The figures of a paragraph, in order."""
        half = half_width(prose)
        left = list(figures)
        carried: Quantity | None = None
        for match in _SENTENCE.finditer(half):
            own = [found for found in left if match.start() <= found.start < match.end()]
            if not match[0] or not any(found.start >= match.start() for found in left):
                continue  # nothing comes any more
            sentence = self._sentence(match[0], match.start(), own, section)
            before: list[Read] = []
            for found in own:
                read = self._figure(found, sentence, carried, before)
                before.append(read)
                yield read
            if sentence.names:
                first = sentence.names[0]
                carried = Quantity(first[2], sentence.text[first[0] : first[1]], joined=False)

    def _sentence(self, text: str, start: int, figures: Sequence[Found], section: str) -> _Sentence:
        moved = [replace(found, start=found.start - start, end=found.end - start) for found in figures]
        sentence = _Sentence(text, start, figures=moved)
        left = text
        for names, pattern in (self._named_in(section), (self._elsewhere, self._pattern_of_elsewhere)):
            for found in pattern.finditer(left):
                sentence.names.append((*found.span(), tuple(sorted(names[found[0]]))))
            left = pattern.sub(lambda found: "\0" * len(found[0]), left)
        sentence.names.sort()
        for figure in moved:  # numerals of kanji are told from other words, as digits are
            if not re.search(r"\d", figure.text):
                kanji = re.match("[〇一二三四五六七八九十百千万億]*", text[figure.start :])
                end = figure.start + (len(kanji[0]) if kanji else 0)
                text = text[: figure.start] + "1" * (end - figure.start) + text[end:]
        sentence.text = text
        sentence.times = _before_months(_with_spans(sorted(self._times(text), key=lambda time: time[0]), text), text)
        return sentence

    def _times(self, text: str) -> Iterator[tuple[int, int, When]]:
        year, of_year = self._year, _words()["time"]["of_year"]
        spans: list[tuple[int, int]] = []
        for match in _YEAR.finditer(text):
            if (written := _year_of(match)) is None:
                continue
            spans.append(match.span())
            if match["month"]:
                number = int(match["number"])
                of = written if number > 3 else written.previous
                label = next((month.label for month in of.months if month.month == number), "")
                yield *match.span(), When(of, (label,), match[0])
            elif "年" in match[0] or match["era"] in ("R", "H"):
                end = re.compile(of_year).match(text, match.end())
                yield match.start(), end.end() if end else match.end(), When(written, (), match[0])
        relative = {"same_month": -1, "two_before": -2, "before": -1, "now": 0}
        for key, back in relative.items():
            for match in re.finditer(f"(?:{_words()['time'][key]}){of_year}", text):
                if not any(begin < match.end() and match.start() < end for begin, end in spans):
                    spans.append(match.span())
                    yield *match.span(), When(FiscalYear(year.start + back), (), match[0])
        for match in _YEARS_AGO.finditer(text):
            yield *match.span(), When(FiscalYear(year.start - int(match[1])), (), match[0])
        for match in _BARE_YEAR.finditer(text):
            taken = any(begin < match.end() and match.start() < end for begin, end in spans)
            if not taken and (of_era := _in_era_of(year, int(match[1]))):
                yield *match.span(), When(of_era, (), match[0])
        for match in _MONTH.finditer(text):
            if not any(begin < match.end() and match.start() < end for begin, end in spans):
                label = next(month.label for month in year.months if month.month == int(match["number"]))
                yield *match.span(), When(year, (label,), match[0])
        labels = [month.label for month in year.months]
        for key, part in (("first_half", labels[:6]), ("second_half", labels[6:])):
            for match in _pattern("time", key).finditer(text):
                yield *match.span(), When(year, tuple(part), match[0])
        for match in _QUARTER.finditer(text):
            at = 3 * int(match[1]) - 3
            yield *match.span(), When(year, tuple(labels[at : at + 3]), match[0])

    def _figure(self, found: Found, sentence: _Sentence, carried: Quantity | None, before: Sequence[Read]) -> Read:
        at = replace(found, start=found.start - sentence.start, end=found.end - sentence.start)
        if operand := self._operand(sentence, at, before):
            number = read_figure(found.text)
            held = number and agrees(number, operand, _Around([VALUE], 0, "", ""))
            return Read(found, HELD if held else WRONG, operand)
        if before and _is_one_with(sentence, at, before[-1]):
            return replace(before[-1], found=found)
        written = read_figure(found.text)
        if written is None:
            return Read(found, OPEN, why=f"「{found.text}」は数値として読めません")
        around = _around(sentence, at, written, self._year)
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
                if reading.form == VALUE and (turned := _turned(sentence, at, before, written)):
                    return Read(found, WRONG, reading, why=turned)
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

    def _hint(self, written: Written, reading: Reading, around: _Around) -> str:
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

    def _streak(self, found: Found, written: Written, quantities: Sequence[Quantity], around: _Around) -> Read:
        """「２年連続で増加」「３年ぶりに減少」: how the years up to the report's went."""
        for quantity in quantities:
            amounts = []
            for back in range(_YEARS_SHOWN):
                year = FiscalYear(self._year.start - back)
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
        own = [name for name in sentence.names if set(name[2]) & set().union(*self.names(section).values())]
        sentence.names[:] = own
        return any(quantity.joined for quantity in self._quantities(sentence, at, None))

    def in_name(self, prose: str, found: Found, section: str) -> bool:
        """Whether a figure is part of a name, as in 「相談者１人あたりの相談内容項目」."""
        named = self._named_in(section)[1].finditer(half_width(prose))
        return any(match.start() <= found.start and found.end <= match.end() for match in named)

    def _operand(self, sentence: _Sentence, at: Found, before: Sequence[Read]) -> Reading | None:
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

    # Quantities

    def _quantities(
        self, sentence: _Sentence, at: Found, carried: Quantity | None, form: str = VALUE
    ) -> list[Quantity]:
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
        self, sentence: _Sentence, names: list[tuple[int, int, tuple[str, ...]]]
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
        table_id, _, column = whole.partition("/")
        of, _, name = part.partition("/")
        if table_id != of or table_id not in self._dictionary:
            return False
        return any(name in known.sum for known in self._dictionary[table_id].columns if known.name == column)

    def _summed(
        self,
        sentence: _Sentence,
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
        self, sentence: _Sentence, earlier: Sequence[tuple[int, int, tuple[str, ...]]], at: Found
    ) -> Quantity | None:
        """All that the sentence has named: 「Aが６７９件、Bが４６９件で、合わせて１，１４８件」."""
        if len(earlier) < 2 or not re.search("(?:合わせて|併せて|合計で?|計)$", sentence.text[: at.start]):
            return None
        if any(len(name[2]) != 1 for name in earlier):
            return None
        return Quantity(
            ("+".join(name[2][0] for name in earlier),), sentence.text[earlier[0][0] : earlier[-1][1]], joined=False
        )

    def _is_joined(self, sentence: _Sentence, start: int, end: int) -> bool:
        """Whether nothing but what the language has for that stands between a name and its figure."""
        text = list(_DIVISION.sub(lambda found: "\0" * len(found[0]), sentence.outside(start, end)))
        for begin, stop, _ in sentence.times:
            if start <= begin and stop <= end:
                text[begin - start : stop - start] = "\0" * (stop - begin)
        left = _FIGURE.sub("", "".join(text).replace("\0", ""))
        return bool(_joining().fullmatch(left))

    # Times

    def _when(
        self, sentence: _Sentence, at: Found, form: str, quantities: Sequence[Quantity]
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
            if _compared().match(between) or re.match(rf"[^、]*?\d[^、]*?{_compared().pattern}", between):
                continue  # what is compared with
            if came and end <= others[-1].start:
                continue
            return [when], None, True
        if re.match(r"\s*(?:から|より)[^。]*?\d[^。]*?(?:へ|に|と)", text[at.end :]):
            return [When(self._year.previous), When(self._year)], None, False
        return [When(self._year)], None, True

    def _compared_when(
        self, sentence: _Sentence, at: Found, inner: Sequence[tuple[int, int, When]], others: Sequence[Found]
    ) -> tuple[list[When], When | None, bool]:
        """Of a figure that compares: its own time stands with the quantity, the one that it is compared with nearer to the figure."""
        own, base = When(self._year), None
        for _, end, when in inner:
            between = sentence.outside(end, at.start)
            has_name = any(end <= name[0] < at.start for name in sentence.names)
            has_figure = any(end <= one.start for one in others) and re.match(
                r"[はがの]?\s*[（(]?\d", sentence.text[end:]
            )
            is_before = _pattern("time", "before").match(when.words) and not between.startswith("の")
            if (
                not between
                or is_before
                or _compared().match(between)
                or has_figure
                or (re.match(r"の|比|対比|を|増|減|伸び", between) and not has_name)
            ):
                base = when
            else:
                own = when
        return [own], base, True

    # Readings

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
                    start = datetime.date(when.year.start, 4, 1)
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
                yield made

    def _part(self, paths: Sequence[str], whole: Quantity | None, when: When, form: str) -> Reading | None:
        """The share of what the sentence begins with, where a table has no whole of its own: 「２３８件の内訳は、男性１１２件（４７．１％）」."""
        if whole is None or len(paths) > 1 or len(whole.paths) > 1 or paths[0].startswith(f"{whole.paths[0]}/"):
            return None
        made = self._fact(f"{paths[0]}÷{whole.paths[0]}/{when.year.code}", form)
        return made and replace(made, amount=made.amount * 100)

    def _against_another(self, sentence: _Sentence, at: Found, around: _Around) -> Iterator[Reading]:
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

    def _no_peak(self, sentence: _Sentence, at: Found, reading: Reading) -> str:
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
        if not counted or not known or counted == known or any({counted, known} <= alike for alike in _ALIKE):
            return ""
        return f"数は合いますが、単位が「{counted}」です（表では「{known}」）"


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names, of those that begin alike the longest."""
    longest_first = sorted(filter(None, names), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


def _names_of(table: Table) -> Iterator[tuple[str, str]]:
    for column in table.columns:
        if not column.text and len(table.measures) == 1:
            if not column.group:
                bare = column.name.partition("（")[0]
                for name in dict.fromkeys((column.name, column.heading, bare, bare.removeprefix("うち"))):
                    yield name, f"{table.id}/{column.name}"
            else:
                yield column.name, f"{table.id}/{column.name}"
    for item in table.items:
        yield item.name, f"{table.id}/{item.name}"
    for row in table.rows if len(table.measures) == 1 else ():
        for column in table.columns:
            yield f"{row}の{column.name}", f"{table.id}/{column.name}/{row}"
            yield f"{column.name}の{row}", f"{table.id}/{column.name}/{row}"
    sums = [column.name for column in table.columns if column.sum]
    if len(table.measures) == 1 and (table.shares or len(sums) == 1):
        yield table.title.partition("（")[0], f"{table.id}/{table.shares or sums[0]}"
    ages = [
        (int(age[1]), column.name)
        for column in table.columns
        if (age := re.fullmatch(r"(\d+)代(?:以上)?", column.name))
    ]
    for at, (least, _) in enumerate(ages if len(ages) > 2 else ()):
        for name, part in (
            (f"{least}代以上", ages[at:]),
            (f"{least}代以下", ages[: at + 1]),
            (f"{least}歳以上", ages[at:]),
            (f"{least}歳未満", ages[:at]),
        ):
            if len(part) > 1:
                yield name, "+".join(f"{table.id}/{column}" for _, column in part)
        for end in range(at + 1, len(ages)):
            summed = "+".join(f"{table.id}/{column}" for _, column in ages[at : end + 1])
            for between in ("代から", "代～", "～", "から"):
                yield f"{least}{between}{ages[end][0]}代", summed


def _year_of(match: re.Match[str]) -> FiscalYear | None:
    try:
        return FiscalYear(match["year"] or f"{match['era']}{match['nth']}")
    except InputError:
        return None


@dataclass(frozen=True)
class _Around:
    """The words around a figure: the forms it may have, the likeliest first; whether they say more (1) or less (-1); what follows it;
    and whether they say since when (ぶり)."""

    forms: list[str]
    more: int
    tail: str
    unit_tail: str
    since: bool = False
    sure: bool = True  # False where the end of a list may say more of it


def _around(sentence: _Sentence, at: Found, written: Written, year: FiscalYear) -> _Around:
    words = _words()["form"]
    bracket = sentence.bracket(at.start)
    head = sentence.outside(bracket[0] + 1 if bracket else 0, at.start).replace("\0", "")
    inner = (
        sentence.text[at.end : bracket[1]]
        if bracket
        else sentence.outside(at.end, len(sentence.text)).replace("\0", "")
    )
    outer = sentence.outside(bracket[1] + 1, len(sentence.text)).replace("\0", "") if bracket and not inner else ""
    tail = inner or outer
    after = re.sub(f"^(?:{words['adverb']})*", "", tail)
    more = 1 if re.match(words["more"], after) else -1 if re.match(words["less"], after) else 0
    if sign := re.search(r"([▲△−-]|マイナス)\s*$|([+＋]|プラス)\s*$", head):
        more = -1 if sign[1] else 1
    # The end of a list says of all of it: 「Aは27件、Bは1,496件増加した」.
    distributed = re.compile(rf"、[^。]*?\d[^、。\d]*(?:、(?:{words['adverb']})*)?(?:{words['more']}|{words['less']})")
    unit = written.unit
    rest = re.sub(_UNIT, "", unit)

    of_time = any(re.fullmatch("の(?:約|およそ|ほぼ)?", sentence.text[end : at.start]) for _, end, _ in sentence.times)

    def ends(key: str) -> bool:
        return bool(re.search(rf"(?:{words[key]})(?:は|が|で|の|:|、|約|と|\s)*$", head))

    def around(*forms: str) -> _Around:
        return _Around(list(forms), more, tail, rest)

    if unit.startswith("年") and (found := re.match(r"(?:度)?(連続|ぶり)", unit[1:] + tail)):
        said = re.search(f"(?P<more>{words['more']})|(?P<less>{words['less']})", tail)
        elsewhen = any(when.year != year for _, _, when in sentence.times)  # it may end in another year
        towards = 0 if not said else 1 if said["more"] else -1
        return _Around([STREAK], towards, tail, rest, found[1] == "ぶり", sure=not elsewhen)
    if _ONE_IN.match(sentence.text, at.start):
        return around(ONE_IN)
    if _FRACTION.match(sentence.text, at.start):
        if of_time or ends("ratio_before") or re.match(rf"の\d+(?:に|まで|へと?)(?:{words['less']})", tail):
            return around(RATIO)
        return _Around([SHARE, RATIO], 0, tail, rest, sure=False)
    if unit.startswith("倍"):
        return around(RATIO)
    if unit.startswith("ポイント"):
        return around(POINTS)
    if unit.startswith(("%", "パーセント", "割")):
        if more or ends("growth_before"):
            return around(GROWTH)
        of_share = re.search("割合|構成比|占有率", head)
        if bracket and not inner and distributed.match(outer):
            return _Around([SHARE, GROWTH], 0, tail, rest, sure=False)
        is_ratio = (of_time or ends("ratio_before")) and not (of_share and head.endswith("の"))
        return around(RATIO) if is_ratio else around(SHARE, VALUE)
    if more or ends("difference_before") or (ends("ratio_before") and not head.endswith("の")):
        return around(DIFFERENCE)
    for form, pattern in ((DAILY, words["average_day"]), (AVERAGE, words["average_month"])):
        if said := re.search(pattern, head):
            return around(form, VALUE) if re.search(r"\d", head[said.end() :]) else around(form)
    if distributed.match(tail):
        return _Around([VALUE, DIFFERENCE], 0, tail, rest, sure=False)
    for said in re.finditer(r"1(?:人|件|世帯|回)(?:あたり|当たり)", sentence.text[: at.start]):
        if not any(begin <= said.start() < end for begin, end, _ in sentence.names):  # of something else's
            return _Around([VALUE], 0, tail, rest, sure=False)
    return around(VALUE)


def agrees(written: Written, reading: Reading, around: _Around) -> bool:
    """Whether a figure states the amount, as exactly as it is written."""
    amount, form, unit = reading.amount, reading.form, written.unit
    if form in (DIFFERENCE, GROWTH, POINTS):
        if around.more and amount and (amount > 0) != (around.more > 0):
            return False
        amount = abs(amount)
    if form == ONE_IN:
        return bool(amount) and rounded(100 / amount, Fraction(1)) == written.value
    value, step = written.value, Fraction(1, 10**written.decimals)
    if (part := re.match(r"の(\d+)", around.tail)) and unit.startswith("分") and value:
        return abs(amount - Fraction(int(part[1])) / value * 100) <= _NEAR
    if unit.startswith("割"):
        amount /= 10
    elif unit.startswith("倍") and form == RATIO:
        amount /= 100
    is_times = unit.startswith("倍") and not written.decimals
    rough = Fraction(1, 2 if written.about else 10) if is_times else step
    large = step
    while not written.decimals and value and value % (large * 10) == 0:
        large *= 10
    large = max(large, Fraction(written.scale))
    after, words = around.unit_tail + around.tail, _words()["precision"]
    if re.match(words["over"], after):  # or what something else is above
        return amount >= value
    if re.match(words["under"], after):
        return amount <= value
    if re.match(words["above"], after):
        return value < amount < value + large
    if re.match(words["below"], after):
        return value - large < amount < value
    if re.match(words["from_on"], after):
        return amount >= value
    if re.match(words["up_to"], after):
        return amount <= value
    if re.match(words["within"], after):
        return value <= amount < value + large
    if written.about or re.match(words["about_after"], after):
        return any(rounded(amount, one) == value for one in ((rough,) if is_times else (large, rough)))
    if form in (SHARE, GROWTH, RATIO, POINTS, AVERAGE, DAILY) or written.decimals:
        return rounded(amount, rough) == value
    return amount == value or (written.scale > 1 and rounded(amount, Fraction(written.scale)) == value)


def _is_one_with(sentence: _Sentence, at: Found, before: Read) -> bool:
    """Whether a figure ends what the one before it begins: 「３人に１人」「４分の１」."""
    found = (pattern.match(sentence.text, before.found.start - sentence.start) for pattern in (_ONE_IN, _FRACTION))
    return any(one and one.start("part") == at.start for one in found)


def _before_months(times: list[tuple[int, int, When]], text: str) -> list[tuple[int, int, When]]:
    """The times, with 「前月」 and 「前年同月」 seen from the month that is named before."""
    found = list(times)
    for key in ("month_before", "same_month"):
        for match in _pattern("time", key).finditer(text):
            known = [when for _, end, when in times if end <= match.start() and len(when.months) == 1]
            if not known:
                continue
            months = [
                (year, month.label) for year in (known[-1].year.previous, known[-1].year) for month in year.months
            ]
            at = [label for _, label in months].index(known[-1].months[0]) - (1 if key == "month_before" else 12)
            if at >= 0:
                found = [time for time in found if not (time[0] < match.end() and match.start() < time[1])]
                found.append((*match.span(), When(months[at][0], (months[at][1],), match[0])))
    for match in re.finditer(r"同(?=\s*\d)", text):  # 「（前年度２１１件）、…（同２，５１２件）」
        if known := [when for _, end, when in times if end <= match.start()]:
            found.append((*match.span(), replace(known[-1], words=match[0])))
    return sorted(found, key=lambda time: time[0])


def _with_spans(times: list[tuple[int, int, When]], text: str) -> list[tuple[int, int, When]]:
    """The times, 「４月から６月まで」 as one."""
    found: list[tuple[int, int, When]] = []
    for begin, end, when in times:
        before = found[-1] if found else None
        if (
            before
            and len(before[2].months) == len(when.months) == 1
            and re.fullmatch("から|～|~|〜|-", text[before[1] : begin])
        ):
            labels = [month.label for year in (before[2].year, when.year) for month in year.months]
            first, last = labels.index(before[2].months[0]), labels.index(when.months[0])
            if first < last and before[2].year == when.year:
                until = re.compile("まで|の間").match(text, end)
                span = text[before[0] : until.end() if until else end]
                found[-1] = (before[0], before[0] + len(span), When(when.year, tuple(labels[first : last + 1]), span))
                continue
        found.append((begin, end, when))
    return found


def _in_era_of(year: FiscalYear, nth: int) -> FiscalYear | None:
    """The year of that number in the report's era: 「４年度」 beside 「令和３年度」."""
    try:
        return FiscalYear(f"{year.code[0]}{nth}")
    except InputError:
        return None


def _turned(sentence: _Sentence, at: Found, before: Sequence[Read], written: Written) -> str:
    """Why 「AからBに増加」 is the wrong way round; "" where it is not."""
    begun = before[-1] if before else None
    if begun is None or not re.match(r"\s*(?:から|より)", sentence.text[begun.found.end - sentence.start :]):
        return ""
    words = _words()["form"]
    said = re.match(
        f"(?:に|へ|まで|と)?(?:{words['adverb']})*(?:(?P<more>{words['more']})|(?P<less>{words['less']}))",
        sentence.text[at.end :],
    )
    first = read_figure(begun.found.text)
    if not said or first is None or first.value == written.value or bool(said["more"]) == (written.value > first.value):
        return ""
    return f"「{begun.found.text}」から「{written.text}」へは{'増加' if written.value > first.value else '減少'}です"
