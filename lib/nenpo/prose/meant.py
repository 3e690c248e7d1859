"""The quantities that a figure may be of: those that are named with it, else those that words or its unit tell; and which names are plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nenpo.japanese.numerals import Written
from nenpo.japanese.words import pattern
from nenpo.prose.amounts import Amounts
from nenpo.prose.around_names import BARE_WHOLES, are_for_each, begin_of, modifier_before, word_before
from nenpo.prose.forms import DAILY, VALUE
from nenpo.prose.in_series import run_of
from nenpo.prose.lexicon import Lexicon
from nenpo.prose.ranks import Ranks
from nenpo.prose.sentence import Quantity, Sentence, single_path
from nenpo.prose.units import is_in
from nenpo.prose.written import Mention

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
_LEFT_OUT = re.compile(r"を除[いく]た?|を?含めた|に限った|だけの|のみの|(?<!\d.)(?<!\d..)(?<!\d...)(?:当たり|あたり)の")
# What something is said for that a name follows: 「全国では」, 「年代別では」; and what says only by what parts.
_SCOPE = re.compile("(?:^|[、。])(?P<of>[^、。]{1,16}?)(?:で(?:は|も)|に(?:よると|よれば|おいては)|からは)、?$")
_BY_PARTS = re.compile(r"別$|ごと$|内訳|内容|一方|中$|うち|これ|それ|ここ|間$|期$|[率数額]$|\d")
_SAID_OF_ALL = re.compile(r"(?:の(?:合計|総数)|全体)?(?:[はがも]|について|に関して|\d)")
# A figure of three digits that are no zeros at its end agrees with another by chance only seldom.
_TELLING_DIGITS = 100
# A short name behind a figure, or what was done by so many.
_SHORT_BEHIND = re.compile(
    r"の(?P<name>[一-龠々ァ-ヶー]+)|[がを](?:[^、。\dがは]{1,12}?[をにへでと])?(?P<done>[一-龠々]{2})(?=し|され|で(?:あ|し|す)|だ)"
)
# So many letters of a name may stand before its figure.
_LONGEST_HEAD = 6


class Meant:
    """The quantities of the figures of a report."""

    def __init__(self, lexicon: Lexicon, amounts: Amounts, ranks: Ranks):
        self._names, self._parts, self._quantities = lexicon.names, lexicon.parts, lexicon.quantities
        self._dictionary, self._amounts, self._ranks = lexicon.dictionary, amounts, ranks

    def quantities(
        self, sentence: Sentence, at: Mention, written: Written, form: str, carried: Quantity | None
    ) -> list[Quantity]:
        """The quantities that a figure may be of, the likeliest first."""
        if split := self._around(sentence, at):
            return [split]
        named = [path for name in sentence.names if name[1] <= at.start for path in name[2]]
        quantities = self._quantities.of(sentence, at, carried, form)
        if not any(quantity.joined for quantity in quantities):
            quantities = [*self._short_name_behind(sentence, at, written), *quantities]
        is_joined = bool(quantities) and quantities[0].joined
        together = self._quantities.listed(sentence, at)
        quantities = [*(replace(of_all, joined=is_joined) for of_all in together), *quantities]
        quantities = [
            replace(quantity, joined=quantity.joined and self._is_plain(quantity, sentence, at, written))
            for quantity in quantities
        ]
        if not any(quantity.joined for quantity in quantities):
            quantities += [] if named else self._by_words(sentence, at, written)
            quantities += self._of_parts_elsewhere(sentence, quantities)
            quantities += [] if self._is_told(sentence, at, written) else self._in_unit(sentence, at, written)
        main = self._names.main(sentence.section)
        if main and (not named or (form == DAILY and all(map(self._counts_days, named)))):  # what it is all about
            quantities.append(Quantity((main,), "", joined=False))
        if carried and are_for_each(sentence, at):
            quantities.append(carried)
        if top := self._ranks.top(main, sentence, at):
            quantities = [Quantity((top,), "", joined=False)]
        is_counted = not written.unit or any(self._counts_in(quantity, written) for quantity in quantities)
        if not is_counted and not self._is_told(sentence, at, written):
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
        """The quantity that a figure is followed by in short, or by what was done, in its unit: 「４８回の実施」 of 実施回数, 「２７人が市内で負傷し」 of
        負傷者数."""
        if said := _SHORT_BEHIND.match(sentence.text[at.end :]):
            word = said["name"] or said["done"]
            paths = self._names.of(sentence.section).get(word, ())
            named = [Quantity(tuple(sorted(paths)), word, joined=False)] if paths else []
            of_word = named or (self._with_word(word, sentence.section, written) if said["done"] else ())
            yield from (quantity for quantity in of_word if self._counts_in(quantity, written))

    def _is_plain(self, quantity: Quantity, sentence: Sentence, at: Mention, written: Written) -> bool:
        """Whether a name can mean nothing else: it is no short one, or a row of its table is named with it, or its sentence begins with it and
        the figure, in its unit; and what it is of is printed."""
        path, *wholes = quantity.paths
        if path.count("/") == 1 and not self._parts.has_whole(path):
            return False
        word = word_before(sentence, quantity.start, is_bare=quantity.name in BARE_WHOLES)
        if word and word not in self._names.words_of(sentence.section):
            return False  # 「未水洗化人口」「男女の合計」
        if self._is_restricted(sentence, quantity) or self._is_of_another_section(sentence, quantity, written):
            return False
        of = modifier_before(sentence, quantity)
        if of and not _OF_ALL.fullmatch(of) and not self._names.is_own(of, sentence.section):
            return False  # 「５０代の新規相談受付件数」
        if any(self._is_beside(path, other) for other in self._names.of(sentence.section).get(of, ())):
            return False  # 「終結の新規相談」
        in_row = any(path.startswith(f"{whole}/") for whole in wholes)
        if in_row or not self._names.is_terse(quantity.name, sentence.section):
            return True
        end = quantity.start + len(quantity.name)
        lead = sentence.text[: quantity.start]
        for begin, stop, _ in sentence.times:
            lead = lead[:begin] + " " * (stop - begin) + lead[stop:]
        begins = quantity.start >= 0 and _LEAD.fullmatch(lead) and self._names.tells(quantity.name, sentence.section)
        return bool(begins and _SAID_OF.fullmatch(sentence.text[end : at.start]) and self._counts_in(quantity, written))

    def _is_restricted(self, sentence: Sentence, quantity: Quantity) -> bool:
        """Whether a name stands for less than all of it, for each of something, or for what is elsewhere: 「重複を除いた」, 「（市外を除く）」, 「１週間当
        たりの」, 「全国では」."""
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
        return left_out or self._is_elsewhere(sentence, quantity) or bool(re.search("除[いくき]|のみ|限[るり]", inner))

    def _is_elsewhere(self, sentence: Sentence, quantity: Quantity) -> bool:
        """Whether what leads to a name says of another place or source: 「全国では」, 「国の調査によると」."""
        lead = _SCOPE.search(sentence.text[: begin_of(sentence, quantity)])
        if lead is None or _BY_PARTS.search(lead["of"]) or _OF_ALL.fullmatch(lead["of"]):
            return False
        known = [(begin, end) for begin, end, _ in (*sentence.names, *sentence.times) if end - begin > 1]
        is_named = any(begin < lead.end("of") and lead.start("of") < end for begin, end in known)
        return not (is_named or self._names.is_own(lead["of"], sentence.section))

    def _is_of_another_section(self, sentence: Sentence, quantity: Quantity, written: Written) -> bool:
        """Whether a name of another section may stand for what a sentence on its own section has no column for, 「講演会の開催回数は３回」: where it names
        that section before, or the figure is of another size."""
        path = quantity.paths[0]
        if self._dictionary.section_of(path) == sentence.section:
            return False
        titles = self._dictionary.titles.get(sentence.section, "")
        lead = sentence.text[: max(0, quantity.start)]
        own = [
            name
            for name in sentence.names
            if name[1] <= quantity.start and self._dictionary.section_of(name[2][0]) == sentence.section
        ]
        if own or any(word in titles for word in _WORD.findall(lead)):
            return True
        known = self._amounts.in_year(path, self._amounts.last_year(path), VALUE)
        return known is not None and not known.amount / 2 <= written.value <= known.amount * 2

    def _is_beside(self, path: str, other: str) -> bool:
        """Whether two quantities are columns of one table, counted alike, of which neither is a part of the other."""
        are_of_one = path.partition("/")[0] == other.partition("/")[0] and self._parts.is_alike(path, other)
        are_apart = not (self._parts.is_whole_of(path, other) or self._parts.is_whole_of(other, path))
        return are_of_one and are_apart and path.count("/") == other.count("/") == 1 and path != other

    def _counts_days(self, path: str) -> bool:
        return self._amounts.unit(path) == "日"

    def _counts_in(self, quantity: Quantity, written: Written) -> bool:
        """Whether a quantity is counted in the unit that a figure is written in."""
        return any(is_in(written, self._amounts.unit(path)) for path in quantity.paths)

    def _by_words(self, sentence: Sentence, at: Mention, written: Written) -> Iterator[Quantity]:
        """The quantities that the words before a figure tell, each standing in the names of that alone: 「紹介」 in 「関係機関等からの紹介」."""
        begin = max((figure.end for figure in sentence.figures if figure.end <= at.start), default=0)
        for word in reversed(_WORD.findall(sentence.unnamed(begin, at.start, timeless=True))):
            yield from self._with_word(word, sentence.section, written)

    def _with_word(self, word: str, section: str, written: Written) -> Iterator[Quantity]:
        """The only quantity in whose names a word stands, or the only one of those that is counted in a figure's unit."""
        having = [Quantity(paths, word, joined=False) for paths in self._names.with_word(word, section)]
        in_unit = having if len(having) < 2 else [of for of in having if self._counts_in(of, written)]
        yield from in_unit if len(in_unit) == 1 else ()

    def _is_told(self, sentence: Sentence, at: Mention, written: Written) -> bool:
        """Whether what a figure is of is told, with its column, by the last name before it, no other figure between them but those of a series."""
        bracket = sentence.bracket(at.start)
        earlier = (name for name in reversed(sentence.names) if name[1] <= at.start)
        name = next((name for name in earlier if sentence.bracket(name[0]) in (None, bracket)), None)
        series = run_of(sentence, at)[1]
        if name is None or any(name[1] <= of.start < at.start and of not in series for of in sentence.figures):
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
