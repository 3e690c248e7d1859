"""The names of quantities: what a text of a section may call the figures of the tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations

from nenpo.dictionary import Dictionary, Table
from nenpo.formulas import Formula, Reference
from nenpo.japanese.numerals import half_width
from nenpo.japanese.words import pattern
from nenpo.japanese.years import FiscalYear
from nenpo.prose.sayings import Sayings
from nenpo.prose.sentence import AND, REST, Named, Sentence
from nenpo.prose.times import times_in
from nenpo.prose.written import Mention

# Letters that a name needs to be told from ordinary words.
_TELLING = 4
_WITHOUT = re.compile("以外|を除(?:くと|いた|く|き)、?")
# Columns of which a row that is named alone may mean any.
_FEW = 4


class Names:
    """The names of an office's quantities, by section."""

    def __init__(self, dictionary: Dictionary, sayings: Sayings):
        self._dictionary, self._sayings = dictionary, sayings
        self._known: dict[str, dict[str, set[str]]] = {}
        self._rows: dict[str, dict[str, list[Table]]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._bare: dict[str, dict[str, str]] = {}
        self._groups: dict[str, dict[str, dict[str, str]]] = {}

    def of(self, section: str) -> Mapping[str, set[str]]:
        """What may be named in a section, with the paths meant: its tables' columns, items and rows, its rates, the aliases."""
        if section in self._known:
            return self._known[section]
        names = self._known[section] = {}
        groups = self._groups[section] = {}
        for table in self._dictionary.values():
            if table.section == section:
                for group, parts in _grouped(table).items():
                    groups.setdefault(group, {}).update(parts)
                    for part, path in parts.items():
                        for name in (f"{group}{part}", f"{group}の{part}", f"{part}{group}", f"{part}の{group}"):
                            names.setdefault(name, set()).add(path)
                for name, path in (*_names_of(table, self._dictionary.formulas), *_rows_alone(table)):
                    names.setdefault(half_width(name), set()).add(path)
                if len(table.measures) == 1:
                    for name in (called for row in table.rows for called in _called(row)):
                        self._rows.setdefault(section, {}).setdefault(half_width(name), []).append(table)
        for rate in self._dictionary.rates:
            if rate.section == section:
                names[half_width(rate.name)] = {f"{rate.section}/{rate.name}"}
        for short, paths in _shortened(names).items():
            names.setdefault(short, paths)
        for name, paths in list(names.items()):
            for variant in _written_otherwise(name):
                names.setdefault(variant, paths)
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
            for name, paths in self.of(section).items():
                names.setdefault(name, set()).update(paths)
                sections.setdefault(name, set()).add(section)
        return {name: paths for name, paths in names.items() if len(sections[name]) == 1 and len(name) >= _TELLING}

    @cached_property
    def _pattern_of_elsewhere(self) -> re.Pattern[str]:
        return _any_of(self._elsewhere)

    def _named_in(self, section: str) -> tuple[Mapping[str, set[str]], re.Pattern[str]]:
        if section not in self._patterns:
            known = self.of(section)
            rows = self._rows.get(section, {})
            self._patterns[section] = _any_of([*known, *rows], loosely=set(known) - set(rows))
        return self.of(section), self._patterns[section]

    def _without_no(self, section: str) -> Mapping[str, str]:
        """The names of a section by how they are written without 「の」."""
        if section not in self._bare:
            self._bare[section] = {name.replace("の", ""): name for name in self.of(section)}
        return self._bare[section]

    def main(self, section: str) -> str:
        """The quantity that a section's first table is about, where that is one: its whole, its sum or its only column."""
        table = next((table for table in self._dictionary.values() if table.section == section), None)
        if table is None or len(table.measures) > 1:
            return ""
        sums = [column.name for column in table.columns if column.sum]
        typed = [column.name for column in table.typed_columns if not column.text]
        name = table.shares or next((only[0] for only in (sums, typed) if len(only) == 1), "")
        return f"{table.id}/{name}" if name else ""

    def hold(self, prose: str, mention: Mention, section: str) -> bool:
        """Whether a figure is part of a name, as in 「相談者１人あたりの相談内容項目」."""
        named = self._named_in(section)[1].finditer(half_width(prose))
        if any(match.start() <= mention.start and mention.end <= match.end() for match in named):
            return True
        return mention.text.isdecimal() and int(half_width(mention.text)) == self._listed_before(
            prose, mention, section
        )

    def _listed_before(self, prose: str, mention: Mention, section: str) -> int:
        """How many names stand side by side before a figure that may count them: 「A、B及びCの３品目」."""
        half = half_width(prose)
        end = mention.start - 1
        if half[end : mention.start] != "の":
            return 0
        count = 0
        for begin, stop, _ in reversed(self.named_in(half[:end], section)):
            if half[stop:end] and not AND.fullmatch(half[stop:end]):
                break
            count, end = count + 1, begin
        return count if count > 1 else 0

    def sentence(self, text: str, start: int, figures: Sequence[Mention], section: str, year: FiscalYear) -> Sentence:
        """A sentence of a text of the section, in digits of half width, that begins at ``start`` of its paragraph, with the names and the
        times in it, and its ``figures``, whose places are those in the paragraph."""
        moved = [replace(figure, start=figure.start - start, end=figure.end - start) for figure in figures]
        names = self.named_in(text, section)
        for figure in moved:  # numerals of kanji are told from other words, as digits are
            if not re.search(r"\d", figure.text):
                kanji = re.match("[〇一二三四五六七八九十百千万億]*", text[figure.start :])
                end = figure.start + (len(kanji[0]) if kanji else 0)
                text = text[: figure.start] + "1" * (end - figure.start) + text[end:]
        return Sentence(text, start, names, times_in(text, year), moved)

    def named_in(self, text: str, section: str) -> list[Named]:
        """The names in a text, those of its section before others."""
        named: list[Named] = []
        left, bare = text, self._without_no(section)
        for names, known in (self._named_in(section), (self._elsewhere, self._pattern_of_elsewhere)):
            for mention in known.finditer(left):
                called = mention[0] if mention[0] in names else bare.get(mention[0].replace("の", ""), "")
                named.append((*mention.span(), tuple(sorted(names.get(called, ())))))
            left = known.sub(lambda mention: "\0" * len(mention[0]), left)
        named += _in_groups(left, self._groups.get(section, {}))
        named = [_whole_word(name, text) for name in named]
        named = [_complement(name, text, self._dictionary) for name in named]
        rows = self._rows.get(section, {})
        return [name for name in _with_columns(sorted(named), text, rows) if name[2]]


def _grouped(table: Table) -> dict[str, dict[str, str]]:
    """What stands under a common heading: by that heading without brackets, the paths of its columns by their own headings."""
    groups: dict[str, dict[str, str]] = {}
    for column in table.columns if len(table.measures) == 1 else ():
        group = half_width(column.group.partition("（")[0].strip())
        if len(group) > 1 and not column.text and column.heading != column.name:
            groups.setdefault(group, {})[half_width(column.heading)] = f"{table.id}/{column.name}"
    return groups


def _in_groups(text: str, groups: Mapping[str, Mapping[str, str]]) -> Iterator[Named]:
    """The columns that a text names by their own headings before a figure, behind their common one: 「決定は当初９件、延長４件」."""
    heads = list(_any_of(groups).finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=False):
        parts = groups[head[0]]
        for mention in re.finditer(
            rf"({_any_of(parts).pattern})(?=(?:件数)?[はがも:：]?[\s（(約]*\d)", text[head.end() : end]
        ):
            begin = head.end() + mention.start(1)
            yield begin, begin + len(mention[1]), (parts[mention[1]],)


def _whole_word(name: Named, text: str) -> Named:
    """A column 「計」 in the word 「合計」 is all of the word."""
    begin, end, paths = name
    is_part = text[begin:end] == "計" and text[max(0, begin - 1) : begin] in ("合", "総")
    return (begin - 1, end, paths) if is_part else name


def _complement(name: Named, text: str, dictionary: Dictionary) -> Named:
    """A name with 「以外」 or 「を除く」 behind it means all the other parts of its table, or the other rows of its column."""
    begin, end, paths = name
    if not (without := _WITHOUT.match(text, end)):
        return name
    others = [_others(path, dictionary) for path in paths]
    return (begin, without.end(), tuple(others)) if all(others) else name


def _others(path: str, dictionary: Dictionary) -> str:
    """The paths of what stands beside a quantity in its table, added up; "" where it is no part of anything."""
    table_id, column, *row = path.split("/")
    if table_id not in dictionary:
        return ""
    table = dictionary[table_id]
    parts = [f"{table_id}/{part.name}" for part in table.parts]
    parts = [f"{table_id}/{column}/{name}" for name in table.rows] if row and row[0] in table.rows else parts
    return "+".join(part for part in parts if part != path) if path in parts else ""


def _with_columns(named: list[Named], text: str, rows: Mapping[str, list[Table]]) -> Iterator[Named]:
    """The names, those of rows with the column of their table that is named nearest before them, or else after; a column may be meant
    of the row that is named before it."""
    for at, (begin, end, paths) in enumerate(named):
        if tables := rows.get(text[begin:end]):
            others = (*reversed(named[:at]), *named[at + 1 :])
            columns = (
                path
                for other in others
                if text[other[0] : other[1]] not in rows and not _is_apart(text, (begin, end), other)
                for path in other[2]
            )
            crossed = (_crossed(path, tables, text[begin:end]) for path in columns)
            crossing = next(filter(None, crossed), "")
            yield begin, end, (crossing,) if crossing else paths
            continue
        labels = next(filter(None, (_rows_in(other, text, rows) for other in reversed(named[:at]))), {})
        in_row = (f"{path}/{labels[path.partition('/')[0]]}" for path in paths if path.partition("/")[0] in labels)
        yield begin, end, (*(path for path in in_row if path.count("/") == 2), *paths)


def _is_apart(text: str, row: tuple[int, int], column: Named) -> bool:
    """Whether a column is not meant with a row: one behind a figure or in a bracket after it, or in a bracket before that is closed."""
    if column[0] >= row[1]:
        return bool(re.search(r"[\d（(]", text[row[1] : column[0]]))
    between = re.sub(r"[（(][^（）()]*[）)]", "", text[column[1] : row[0]])
    return bool(re.search("[）)]", between))


def _rows_in(name: Named, text: str, rows: Mapping[str, list[Table]]) -> dict[str, str]:
    """The rows that a name is of, by the table."""
    called = text[name[0] : name[1]]
    of_rows = {table.id: _row_called(table, called) for table in rows.get(called, ())}
    return of_rows or {
        path.split("/")[0]: path.split("/")[2] for path in name[2] if path.count("/") == 2 and "+" not in path
    }


def _row_called(table: Table, name: str) -> str:
    return next(row for row in table.rows if name in map(half_width, _called(row)))


def _crossed(path: str, tables: Iterable[Table], name: str) -> str:
    """The figure of a column in the row of that name; "" where they are of no table together."""
    table_id, _, column = path.partition("/")
    table = next((table for table in tables if table.id == table_id), None)
    if table is None or "/" in column or "+" in column:
        return ""
    return f"{path}/{_row_called(table, name)}"


def _called(row: str) -> Iterator[str]:
    """What a row may be called: by its name, with or without what stands in brackets."""
    yield row
    if (bare := row.partition("（")[0]) and bare != row:
        yield bare


def _written_otherwise(name: str) -> Iterator[str]:
    """Other ways of writing a name: 「１人当たり排出量」 and 「１人あたりの排出量」."""
    if match := re.search("(?:当たり|あたり)の?(?=.)", name):
        for joint in ("当たり", "あたり", "当たりの", "あたりの"):
            yield name[: match.start()] + joint + name[match.end() :]


def _shortened(names: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """What names are called without the word for counting at their end, or what follows their first part, where that tells them from
    the others: 新規相談 for 新規相談受付件数, 関係機関等 for 関係機関等からの紹介."""
    shorter: dict[str, list[set[str]]] = {}
    endings, joint = [pattern("names", key) for key in ("counting", "persons")], pattern("names", "joint")
    for name, paths in names.items():
        stems = [name[: match.start()] for ending in endings if (match := ending.search(name))] or [name]
        for short in dict.fromkeys(short for stem in stems for short in (stem, joint.split(stem)[0])):
            if short != name and len(short) >= _TELLING:
                shorter.setdefault(short, []).append(paths)
    return {short: of[0] for short, of in shorter.items() if all(paths == of[0] for paths in of)}


def _rows_alone(table: Table) -> Iterator[tuple[str, str]]:
    """The names of rows as they stand for a figure without a column: of the only one, of the sum, or of any where they count different
    things, which the unit tells apart, or are few."""
    typed = [column for column in table.columns if column.typed and not column.text]
    sums = [column for column in table.columns if column.sum]
    units = {table.unit_of(column) for column in typed}
    numbers = [column for column in table.columns if not column.text]
    few = numbers if len(numbers) <= _FEW else []
    apart = typed if len(units) > 1 or len(typed) == 1 else sums if len(sums) == 1 else few
    for row in table.rows if len(table.measures) == 1 else ():
        for name in _called(row):
            for column in apart:
                yield name, f"{table.id}/{column.name}/{row}"


def _any_of(names: Iterable[str], loosely: Collection[str] = ()) -> re.Pattern[str]:
    """Any of the names, of those that begin alike the longest; some of them ``loosely``, with a 「の」 between their words: 「救急車の受入台数」
    for 救急車受入台数."""
    longest_first = sorted(filter(None, names), key=lambda name: (-len(name), name))
    return re.compile(
        "|".join(_loose(name) if name in loosely else re.escape(name) for name in longest_first) or "(?!)"
    )


def _loose(name: str) -> str:
    return (
        re.sub(r"(?<=[一-龠々ァ-ヶー])(?=[一-龠々ァ-ヶ])", "の?", re.escape(name))
        if len(name) > _TELLING
        else re.escape(name)
    )


def _names_of(table: Table, formulas: Mapping[tuple[str, str], Formula]) -> Iterator[tuple[str, str]]:
    for column in table.columns:
        if isinstance(formulas.get((table.id, column.name)), Reference):
            continue  # it repeats a figure of another time, and is said with that
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
        yield table.title.partition("（")[0].removesuffix("の推移"), f"{table.id}/{table.shares or sums[0]}"
    yield from _of_ages(table)
    yield from _of_runs(table)


# Parts of a table of which any run may be named: 「要支援１～要介護２」.
_MOST_PARTS = 16
_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)(?P<end>\D*)")


def _of_runs(table: Table) -> Iterator[tuple[str, str]]:
    """What parts that stand in a row may be called together: 「要支援１～要介護２」, 「AからCまで」; of those that are numbered also 「要介護３以上」,
    「要支援１・２」, 「１～３年生」."""
    columns = [(half_width(column.name), f"{table.id}/{column.name}") for column in table.parts]
    rows = [(half_width(row), f"/{row}") for row in table.rows]
    of_rows = [column for column in table.columns if not column.text] if len(table.measures) == 1 else []
    for prefix, parts in (("", columns), *((f"{table.id}/{column.name}", rows) for column in of_rows)):
        named = [(name, prefix + path) for name, path in parts if not name.startswith(REST)]
        for first, last in combinations(range(len(named)), 2) if len(named) <= _MOST_PARTS else ():
            path = "+".join(path for _, path in named[first : last + 1])
            for called in _called_together([name for name, _ in named[first : last + 1]], last + 1 == len(named)):
                yield called, path


def _called_together(names: Sequence[str], to_the_end: bool) -> Iterator[str]:
    """What a run of parts may be called."""
    first, *_, last = names
    for joint in "～〜~":
        yield f"{first}{joint}{last}"
    yield f"{first}から{last}まで"
    numbers = [number for number in map(_NUMBERED.fullmatch, names) if number]
    if len(numbers) < len(names) or len({(number["stem"], number["end"]) for number in numbers}) > 1:
        return
    stem, end = numbers[0]["stem"], numbers[0]["end"]
    for joint in ("・", "、", ","):
        yield stem + joint.join(number["number"] for number in numbers) + end
    for joint in "～〜~":
        yield f"{stem}{numbers[0]['number']}{joint}{numbers[-1]['number']}{end}"
    if to_the_end:
        yield f"{first}以上"


# A class of ages: its least age; the first class has none.
_AGES = re.compile(r"(?P<least>\d+)(?:歳?代(?:以上)?|歳以上)|\d+(?:歳|代)未満")


def _of_ages(table: Table) -> Iterator[tuple[str, str]]:
    """What classes of ages may be called, each and several together: 「６０歳代」「５０代以上」「３０歳未満」「４０代から６０代」."""
    ages = [
        (int(age["least"] or 0), column.name)
        for column in table.columns
        if (age := _AGES.fullmatch(half_width(column.name)))
    ]
    for least, name in ages:
        for called in (f"{least}代", f"{least}歳代") if re.fullmatch(r"\d+歳?代", half_width(name)) else ():
            yield called, f"{table.id}/{name}"
        if re.fullmatch(r"\d+(?:歳?代|歳)以上", half_width(name)):
            yield from ((f"{least}{spelt}", f"{table.id}/{name}") for spelt in ("代以上", "歳代以上", "歳以上"))
    for at, (least, _) in enumerate(ages if len(ages) > 2 else ()):
        until, below = ages[: at + 1], ages[:at]
        for part, spellings in (
            (ages[at:], ("代以上", "歳代以上", "歳以上")),
            (until, ("代以下", "歳代以下")),
            (below, ("歳未満",)),
        ):
            if len(part) > 1 and least:
                yield from ((f"{least}{spelt}", _sum_of(table, part)) for spelt in spellings)
        for end in range(at + 1, len(ages)):
            for between in ("代から", "代～", "～", "から", "歳代から", "歳代～"):
                for last in ("代", "歳代"):
                    yield f"{least}{between}{ages[end][0]}{last}", _sum_of(table, ages[at : end + 1])


def _sum_of(table: Table, classes: Iterable[tuple[int, str]]) -> str:
    return "+".join(f"{table.id}/{column}" for _, column in classes)
