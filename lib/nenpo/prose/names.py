"""The names of quantities: what a text of a section may call the figures of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from nenpo.dictionary import Dictionary, Table
from nenpo.prose.numbers import half_width
from nenpo.prose.sayings import Sayings
from nenpo.prose.sentence import Named
from nenpo.prose.written import Found


class Names:
    """The names of an office's quantities, by section."""

    def __init__(self, dictionary: Dictionary, sayings: Sayings):
        self._dictionary, self._sayings = dictionary, sayings
        self._known: dict[str, dict[str, set[str]]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def of(self, section: str) -> Mapping[str, set[str]]:
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
            for name, paths in self.of(section).items():
                names.setdefault(name, set()).update(paths)
                sections.setdefault(name, set()).add(section)
        return {name: paths for name, paths in names.items() if len(sections[name]) == 1 and len(name) >= 4}

    @cached_property
    def _pattern_of_elsewhere(self) -> re.Pattern[str]:
        return _any_of(self._elsewhere)

    def _named_in(self, section: str) -> tuple[Mapping[str, set[str]], re.Pattern[str]]:
        if section not in self._patterns:
            self._patterns[section] = _any_of(self.of(section))
        return self.of(section), self._patterns[section]

    def hold(self, prose: str, found: Found, section: str) -> bool:
        """Whether a figure is part of a name, as in 「相談者１人あたりの相談内容項目」."""
        named = self._named_in(section)[1].finditer(half_width(prose))
        return any(match.start() <= found.start and found.end <= match.end() for match in named)

    def found(self, text: str, section: str) -> list[Named]:
        """The names in a text, those of its section before others."""
        named: list[Named] = []
        left = text
        for names, pattern in (self._named_in(section), (self._elsewhere, self._pattern_of_elsewhere)):
            for found in pattern.finditer(left):
                named.append((*found.span(), tuple(sorted(names[found[0]]))))
            left = pattern.sub(lambda found: "\0" * len(found[0]), left)
        return sorted(named)


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
