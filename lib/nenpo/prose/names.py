"""The names of quantities: what a text of a section may call the figures of the tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from nenpo.dictionary import Dictionary
from nenpo.japanese.numerals import half_width, in_ones
from nenpo.japanese.words import words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.around_names import (
    any_of,
    in_groups,
    of_both,
    of_the_rest,
    of_wholes,
    under_heading,
    whole_word,
    with_label,
    with_others,
    with_quotes,
    with_range,
    with_whole,
    with_word,
)
from nenpo.prose.crossed import with_columns
from nenpo.prose.parts import Parts
from nenpo.prose.sayings import Sayings
from nenpo.prose.sentence import AND, Named, Sentence
from nenpo.prose.times import times_in
from nenpo.prose.vocabulary import (
    TELLING,
    called_by,
    grouped,
    labels_alone,
    names_of,
    parts_of_names,
    parts_of_rows,
    rows_across,
    rows_alone,
    shared,
    shortened,
    written_otherwise,
)
from nenpo.prose.written import Mention
from nenpo.table import REST, Table

_COUNTED_PARTS = re.compile("(?:つ|種類?の)の?([一-龠ァ-ヶー]{2,})?|([一-龠ァ-ヶー]{1,4})")
# A number that may say how many names are listed; what stands between those.
_OF_PARTS = re.compile("(\\d+)(?:項目|区分|種別?|品目|科目)?")
_LISTED = re.compile(
    rf"(?:[はがも:：]?\s*\d[\d,.]*[万億]?[^\d、。（(]{{0,4}}(?:[（(][^）)]*[）)])?)?(?:、|{AND.pattern})?"
)
# What stands before a figure and says how exactly it is meant.
_LEFT_OUT = re.compile(
    "(?:(?:{about}|{exactly})[\\s\u3000]?)+(?=\\d|[〇一二三四五六七八九十百千万億]+(?!部)|半数|半分|過半数)".format_map(
        words()["precision"]
    )
    + f"|{words()['topic']['words']}"
)
_JOINT = re.compile("の|した")
_OF_CITY = re.compile("[本当]?[市町村区]|[本当]庁")
_ANY_YEAR = FiscalYear("R1")
_OTHER_WIDTH = re.compile("(?<=[０-９])[0-9]|(?<=[0-9])[０-９]")


class Names:
    """The names of an office's quantities, by section."""

    def __init__(self, dictionary: Dictionary, parts: Parts, sayings: Sayings, listed: Mapping[str, Collection[str]]):
        """``listed`` are the words in each section's lists of entries."""
        self._dictionary, self._parts, self._sayings, self._listed = dictionary, parts, sayings, listed
        self._known: dict[str, dict[str, set[str]]] = {}
        self._rows: dict[str, dict[str, dict[str, str]]] = {}  # by name and table
        self._terse: dict[str, set[str]] = {}  # what is told from ordinary words only where it stands as a subject
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._bare: dict[str, dict[str, str]] = {}
        self._groups: dict[str, dict[str, dict[str, str]]] = {}
        self._headings: dict[str, re.Pattern[str]] = {}
        self._words: dict[str, str] = {}
        self._units: dict[str, dict[str, list[str]]] = {}

    def of(self, section: str) -> Mapping[str, set[str]]:
        """What may be named in a section, with the paths meant: its tables' columns, items and rows, its rates, the aliases."""
        if section in self._known:
            return self._known[section]
        names = self._known[section] = {}
        groups = self._groups[section] = {}
        tables, formulas = self._dictionary.of_section(section), self._dictionary.formulas
        for table in tables:
            for group, parts in grouped(table, formulas).items():
                groups.setdefault(group, {}).update(parts)
                for part, path in parts.items():
                    joint = (f"{group}{part}", f"{group}の{part}", f"{part}{group}", f"{part}の{group}")
                    for name in (*joint, f"{group}（{part}）", f"{group}({part})", f"{group}・{part}"):
                        names.setdefault(name, set()).add(path)
            for name, path in (*names_of(table, formulas), *rows_alone(table)):
                names.setdefault(half_width(name), set()).add(path)
            if len(table.measures) == 1:
                self._name_rows(table, names)
        for group, parts in groups.items():  # which means the one under it that is named with it; 「前年」 is a time
            units = {unit for unit, paths in self.counted_in(section).items() if set(paths) & set(parts.values())}
            if not times_in(group, _ANY_YEAR):  # 「５条転用は７０件」
                names.setdefault(group, set(parts.values()) if len(units) == len(parts) > 1 else set())
        for rate in self._dictionary.rates:
            if rate.section == section:
                names[half_width(rate.name)] = {f"{rate.section}/{rate.name}"}
        terse = self._terse.setdefault(section, set())
        for short, paths in (labels_alone(tables) | shortened(names)).items():
            if short not in names and not times_in(short, _ANY_YEAR):  # 「前年」 of 前年からの増減 is a time
                names[short] = paths
                terse.update({short} if len(short) < TELLING else ())
        for name, path in (named for table in tables for named in rows_across(table)):
            names.setdefault(half_width(name), {path})
        for part, paths in parts_of_names(tables).items():
            if (part := half_width(part)) not in names:
                names[part] = paths
                terse.add(part)
        for name, paths in list(names.items()):
            for variant in written_otherwise(name):
                names.setdefault(variant, paths)
        for alias in self._sayings.aliases:
            if alias.section in ("", section):
                names[half_width(alias.name)] = {alias.fact}
        return names

    def _name_rows(self, table: Table, names: dict[str, set[str]]) -> None:
        """Takes down what the rows of a table may be called; by a part of their names where nothing else is called so."""
        rows = self._rows.setdefault(table.section, {})
        of_several = shared(table.rows)
        for row in table.rows:
            for name in (name for name in called_by(row) if name not in of_several):
                rows.setdefault(half_width(name), {})[table.id] = row
        for part, row in parts_of_rows(table).items():
            if (part := half_width(part)) not in names:
                names[part] = set(names.get(half_width(row), ()))
                self._terse.setdefault(table.section, set()).add(part)
                rows.setdefault(part, {})[table.id] = row

    @cached_property
    def _elsewhere(self) -> Mapping[str, set[str]]:
        """Names that no more than one section has, of four letters or more: a text may name what stands in another."""
        names: dict[str, set[str]] = {}
        sections: dict[str, set[str]] = {}
        for section in dict.fromkeys(table.section for table in self._dictionary.values()):
            for name, paths in self.of(section).items():
                if not self.is_terse(name, section) or len(name) > TELLING:
                    names.setdefault(name, set()).update(paths)
                    sections.setdefault(name, set()).add(section)
        return {name: paths for name, paths in names.items() if len(sections[name]) == 1 and len(name) >= TELLING}

    def words_of(self, section: str) -> str:
        """What a section's own titles and names say, which mean nothing that stands in another: 「利用者数」 of 「プール利用者数」."""
        if section not in self._words:
            self._words[section] = "\n".join(
                (self._dictionary.titles.get(section, ""), *self.of(section), *self._listed.get(section, ()))
            )
        return self._words[section]

    def is_own(self, word: str, section: str) -> bool:
        """Whether a word is a name of a section or stands in its titles."""
        return bool(self.of(section).get(word)) or word in self._dictionary.titles.get(section, "")

    @cached_property
    def _pattern_of_elsewhere(self) -> re.Pattern[str]:
        return any_of(self._elsewhere)

    def _named_in(self, section: str) -> tuple[Mapping[str, set[str]], re.Pattern[str]]:
        if section not in self._patterns:
            known = self.of(section)
            rows = self._rows.get(section, {})
            self._patterns[section] = any_of(
                [*known, *rows], loosely=set(known) - set(rows), tersely=self._terse.get(section, ())
            )
        return self.of(section), self._patterns[section]

    def _without_no(self, section: str) -> Mapping[str, str]:
        """The names of a section by how they are written without 「の」, and without 「した」."""
        if section not in self._bare:
            self._bare[section] = {_JOINT.sub("", name): name for name in self.of(section)}
        return self._bare[section]

    def with_word(self, word: str, section: str) -> list[tuple[str, ...]]:
        """The paths of each thing that names of the section with a word in them mean."""
        having = (paths for name, paths in self.of(section).items() if word in name)
        return sorted({tuple(sorted(paths)) for paths in having if not any("+" in path for path in paths)})

    def is_terse(self, name: str, section: str) -> bool:
        """Whether a name of the section is short enough to be an ordinary word too."""
        return name in self._terse.get(section, ())

    def tells(self, name: str, section: str) -> bool:
        """Whether a short name of the section stands in no name of anything else."""
        own = self.of(section)[name]
        return all(paths == own for other, paths in self.of(section).items() if name in other)

    def main(self, section: str) -> str:
        """The quantity that a section's first table is about, where that is one: its whole, its sum, its only column, or that of the city."""
        table = next(iter(self._dictionary.of_section(section)), None)
        if table is None or len(table.measures) > 1:
            return ""
        sums = [column.name for column in table.columns if column.sum]
        typed = [of.name for of in table.typed_columns if not of.text and not of.name.startswith("うち")]
        of_city = [name for name in typed if _OF_CITY.fullmatch(name)]  # beside those of others
        name = table.shares or next((only[0] for only in (sums, typed, of_city) if len(only) == 1), "")
        return f"{table.id}/{name}" if name else ""

    def counted_in(self, section: str) -> Mapping[str, list[str]]:
        """The units that a section counts in, with the paths of the columns."""
        if section not in self._units:
            units = self._units[section] = {}
            for table in self._dictionary.of_section(section):
                for name, unit in table.counted.items():
                    if unit:
                        units.setdefault(in_ones(half_width(unit))[0], []).append(f"{table.id}/{name}")
        return self._units[section]

    def rates_in(self, section: str) -> Mapping[str, str]:
        """The rates of a section, each for one of something, by their paths with their units."""
        rates = (rate for rate in self._dictionary.rates if rate.section == section)
        return {f"{section}/{rate.name}": rate.unit for rate in rates}

    def denominators(self, path: str) -> set[str]:
        """What the rates divide a quantity by."""
        return {rate.denominator for rate in self._dictionary.rates if rate.numerator == path}

    def columns(self, section: str) -> list[str]:
        """The columns of numbers in the tables of a section."""
        return [
            f"{table.id}/{column.name}"
            for table in self._dictionary.of_section(section)
            for column in table.columns
            if not column.text
        ]

    def before_figures(self, prose: str, section: str) -> list[int]:
        """Where names that end with a digit do, before a figure that is told from it by its width: 「中２69人」."""
        named = self._named_in(section)[1].finditer(half_width(prose)) if _OTHER_WIDTH.search(prose) else ()
        return [name.end() for name in named if _OTHER_WIDTH.match(prose, name.end())]

    def hold(self, prose: str, mention: Mention, section: str) -> bool:
        """Whether a figure is part of a name, as in 「相談者１人あたりの相談内容項目」."""
        named = self._named_in(section)[1].finditer(half_width(prose))
        if any(match.start() <= mention.start and mention.end <= match.end() for match in named):
            return True
        if not (number := _OF_PARTS.fullmatch(half_width(mention.text))):
            return False
        is_listed = int(number[1]) == self._listed_before(prose, mention, section)
        return is_listed or (mention.text.isdecimal() and self._counts_parts(prose, mention, section))

    def _counts_parts(self, prose: str, mention: Mention, section: str) -> bool:
        """Whether a figure says how many rows, or parts, a table of the section has: 「５路線」, 「５つの検診」."""
        if (counted := _COUNTED_PARTS.match(prose, mention.end)) is None:
            return False
        number, noun = int(half_width(mention.text)), counted[1] or counted[2] or ""
        for table in self._dictionary.of_section(section):
            typed = [column for column in table.typed_columns if not column.text]
            parts = table.rows or [part.name for part in table.parts or typed]
            is_all = number in (len(parts), sum(not part.startswith(REST) for part in parts))
            if len(noun) > 1 and number == sum(noun in part for part in parts) > 1:  # 「３種類の会議」
                return True
            is_counted_so = len(noun) > 1 and any(noun in called for called in (table.corner, table.title, *parts))
            if is_all and (is_counted_so or all(noun[:1] in part for part in parts)):  # 「４館合計で」「４館の」
                return True
        return False

    def _listed_before(self, prose: str, mention: Mention, section: str) -> int:
        """How many names stand side by side, each with its figure or none, before a figure that may count them: 「A、B及びCの３品目」,
        「A１７７件、B９７件の２項目」."""
        half = half_width(prose)
        end = mention.start - 1
        if half[end : mention.start] != "の":
            return 0
        count = 0
        for begin, stop, _ in reversed(self.named_in(half[:end], section)):
            if half[stop:end] and not _LISTED.fullmatch(half[stop:end]):
                break
            count, end = count + 1, begin
        return count if count > 1 else 0

    def sentence(
        self, text: str, start: int, figures: Sequence[Mention], section: str, year: FiscalYear, heading: str = ""
    ) -> Sentence:
        """A sentence of a text of the section, in digits of half width, that begins at ``start`` of its paragraph, with the names and the
        times in it, and its ``figures``, whose places are those in the paragraph. The ``heading`` is a common one of columns that the
        paragraph has named before."""
        left_out = [match.span() for match in _LEFT_OUT.finditer(text)]
        for begin, end in reversed(left_out):
            text = text[:begin] + text[end:]
        sentence = Sentence(
            text, start, section=section, left_out=[(start + begin, start + end) for begin, end in left_out]
        )
        moved = [
            replace(figure, start=sentence.within(figure.start), end=sentence.within(figure.end)) for figure in figures
        ]
        names = of_wholes(self.named_in(text, section, heading), text, self._parts)
        for figure in moved:  # numerals of kanji are told from other words, as digits are
            if not re.search(r"\d", figure.text):
                kanji = re.match("[〇一二三四五六七八九十百千万億]*", text[figure.start :])
                end = figure.start + (len(kanji[0]) if kanji else 0)
                text = text[: figure.start] + "1" * (end - figure.start) + text[end:]
        times = [
            time for time in times_in(text, year) if not any(name[0] <= time[0] and time[1] < name[1] for name in names)
        ]  # 「対前年度増減額」 is a name
        sentence.text, sentence.names, sentence.times, sentence.figures = text, names, times, moved
        return sentence

    def heading_in(self, text: str, section: str) -> str:
        """The last common heading of columns that a text names; "" for none."""
        return next((match[0] for match in reversed([*self._pattern_of_headings(section).finditer(text)])), "")

    def _pattern_of_headings(self, section: str) -> re.Pattern[str]:
        if section not in self._headings:
            self.of(section)
            self._headings[section] = any_of(self._groups[section])
        return self._headings[section]

    def named_in(self, text: str, section: str, heading: str = "") -> list[Named]:
        """The names in a text, those of its section before others."""
        named: list[Named] = []
        left, bare = text, self._without_no(section)
        for names, known in (self._named_in(section), (self._elsewhere, self._pattern_of_elsewhere)):
            for mention in known.finditer(left):
                if names is self._elsewhere and mention[0] in self.words_of(section):
                    continue
                called = mention[0] if mention[0] in names else bare.get(_JOINT.sub("", mention[0]), "")
                named.append((*mention.span(), tuple(sorted(names.get(called, ())))))
            left = known.sub(lambda mention: "\0" * len(mention[0]), left)
        groups = self._groups[section]
        heads = [match.span() for match in self._pattern_of_headings(section).finditer(left)]
        heads += [name[:2] for name in named if text[name[0] : name[1]] in groups]
        headings = [*self._pattern_of_headings(section).finditer(text)]
        named = [under_heading(with_label(name, text, groups), text, groups, headings) for name in named]
        named += in_groups(text, left, groups, sorted(heads), heading)
        named = [with_word(whole_word(name, text), text, self._dictionary) for name in named]
        named += of_both(left, self.of(section))
        named += of_the_rest(left, self._dictionary.of_section(section))
        rows = self._rows.get(section, {})
        behind = {end + 1 for begin, end, _ in named if text[end : end + 1] == "の" and text[begin:end] not in rows}
        named = [
            name for name in named if name[0] not in behind or not self.is_terse(text[name[0] : name[1]], section)
        ]  # in 「視聴覚資料の貸出」 no other quantity
        named = [
            with_range(name, text, self._dictionary) for name in with_others(sorted(named), text, self._dictionary)
        ]
        named = [with_quotes(name, text) for name in with_columns(sorted(named), text, rows) if name[2]]
        return sorted([*named, *with_whole(named, left)])
