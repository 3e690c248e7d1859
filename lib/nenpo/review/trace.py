"""Traces a figure in the prose to the data: the name first, the value second.

A figure is traced by the name that stands before it with nothing but joining words between, or right after it with 「の」; by
its year, the nearest named before it (one that a comparison is made with, 「令和４年度に比べ」, is not its year; none means the
report's); and by its unit. Whether a value happens to stand somewhere in the tables counts for nothing.

``prose.toml`` beside the dictionary says what belongs to the report: other names, statistics that stand in no table, figures that
are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nenpo.dictionary import Dictionary
from nenpo.errors import InputError
from nenpo.fiscal import FiscalYear
from nenpo.review.numbers import half_width
from nenpo.review.sayings import Sayings
from nenpo.review.written import Found

_YEAR = re.compile(r"(?:令和|R)(\d+|元)年度?末?(?:時点)?(?:における|の)?")
_COMPARED = re.compile(r"(?:と比べ|に比べ|比で|比|より|に対し)")
_BRACKETED = re.compile(r"（[^（）]*）|\([^()]*\)")
# Words that may stand between a name and its figure, or between two figures of one name.
_GLUE = re.compile(
    r"(?:[はがもをの、,:：\s　（(）)「」]|では|数|人数|件数|前年(?:度)?比|前年(?:度)?の?|であったのに対し|だったのに対し|に対し|から|と比べ|に比べ|で|とな[りっ]|合計)*"
)
_LAST = re.compile(r"前年(?:度)?比?")
_SENTENCE = re.compile(r"[^。\n]*[。\n]?")
_DIVISION = re.compile(r"（[≒=＝]?([\d,]+)÷([\d,]+)）")


@dataclass(frozen=True)
class Traced:
    """The paths that a figure may mean: one where it is traced, several where that is open, none where nothing names it."""

    found: Found
    facts: tuple[str, ...]


class Tracer:
    """Traces the figures of a report of ``year``."""

    def __init__(self, dictionary: Dictionary, sayings: Sayings, year: FiscalYear):
        self._dictionary = dictionary
        self._sayings = sayings
        self._year = year
        self._known: dict[str, dict[str, set[str]]] = {}

    def trace(self, prose: str, figures: Iterable[Found], section: str) -> Iterator[Traced]:
        """The figures of a paragraph, in order."""
        names = self.names(section)
        half = half_width(prose)
        before: Traced | None = None
        for found in figures:
            begin = next(match.start() for match in _SENTENCE.finditer(half) if found.start < match.end())
            operand = self._operand(half, found, before)
            if operand:
                yield Traced(found, (operand,))
                continue
            told = self._named(half[begin : found.start], half[found.end :], names)
            if not told and before and before.found.end > begin and _joined(half[before.found.end : found.start]):
                told = tuple(_base(fact) for fact in before.facts)
            year = self._year_before(half[begin : found.start])
            traced = Traced(
                found, tuple(_with_unit(fact, year, half[begin : found.end]) for fact in told) if year else ()
            )
            if traced.facts:
                before = traced
            yield traced

    def in_name(self, prose: str, found: Found, section: str) -> bool:
        """Whether a figure is part of a name, as in 「相談者１人あたりの相談内容項目」."""
        half = half_width(prose)
        return any(
            match.start() <= found.start and found.end <= match.end()
            for name in self.names(section)
            for match in re.finditer(re.escape(name), half)
        )

    def names(self, section: str) -> Mapping[str, set[str]]:
        """What may be named in a section, with the paths meant: its tables' columns and items, its rates, the aliases."""
        if section in self._known:
            return self._known[section]
        names = self._known[section] = {}
        for table in self._dictionary.values():
            if table.section != section:
                continue
            for column in table.columns:
                if not column.text and not column.group and len(table.measures) == 1:
                    for name in {column.name, column.heading, column.name.partition("（")[0]}:
                        names.setdefault(half_width(name), set()).add(f"{table.id}/{column.name}")
            for item in table.items:
                names.setdefault(half_width(item.name), set()).add(f"{table.id}/{item.name}")
        for rate in self._dictionary.rates:
            if rate.section == section:
                names[half_width(rate.name)] = {f"{rate.section}/{rate.name}"}
        for alias in self._sayings.aliases:
            if alias.section in ("", section):
                names[half_width(alias.name)] = {alias.fact}
        return names

    def _named(self, before: str, after: str, names: Mapping[str, set[str]]) -> tuple[str, ...]:
        bare = _BRACKETED.sub(lambda match: " " * len(match[0]), before)
        best: tuple[int, int, set[str]] | None = None
        for name, facts in names.items():
            for text in (before, bare):
                at = text.rfind(name)
                if at >= 0 and _joined(text[at + len(name) :]):
                    rank = (at + len(name), len(name))
                    if best is None or rank > best[:2]:
                        best = (*rank, facts)
        if best:
            return tuple(sorted(best[2]))
        following = [name for name in names if after.startswith(f"の{name}")]
        return tuple(sorted(names[max(following, key=len)])) if following else ()

    def _year_before(self, text: str) -> FiscalYear | None:
        """None where a year is named that no table can have."""
        for match in reversed(list(_YEAR.finditer(text))):
            if not _COMPARED.match(text, match.end()):
                try:
                    return FiscalYear(f"R{1 if match[1] == '元' else int(match[1])}")
                except InputError:
                    return None
        return self._year

    def _operand(self, half: str, found: Found, before: Traced | None) -> str:
        """The fact that an operand of a printed division names, right after the figure that it explains."""
        if before is None or len(before.facts) != 1:
            return ""
        match = _DIVISION.match(half, before.found.end)
        if match is None or not match.start() < found.start < match.end():
            return ""
        above, below = self._parts(before.facts[0])
        return above if found.start == match.start(1) else below

    def _parts(self, fact: str) -> tuple[str, str]:
        for rate in self._dictionary.rates:
            if fact.startswith(f"{rate.section}/{rate.name}/"):
                year = fact.rpartition("/")[2]
                return f"{rate.numerator}/{year}", f"{rate.denominator}/{year}"
        base, _, derived = fact.rpartition("/")
        if derived in ("前年度比", "前年度倍率"):
            path, _, year = base.rpartition("/")
            return base, f"{path}/{FiscalYear(year).previous.code}"
        return "", ""


def _joined(between: str) -> bool:
    """Whether nothing but joining words and years stands between."""
    return bool(_GLUE.fullmatch(_YEAR.sub("", _DIVISION.sub("", between))))


def _base(fact: str) -> str:
    """A fact's path without its year and what is derived from it."""
    parts = fact.split("/")
    return "/".join(parts[:2])


def _with_unit(fact: str, year: FiscalYear, clause: str) -> str:
    path = f"{fact}/{year.code}"
    if clause.endswith("倍"):
        return f"{path}/前年度倍率"
    if clause.endswith(("%", "パーセント")):
        return f"{path}/{'前年度比' if _LAST.search(clause) else '構成比'}"
    return path
