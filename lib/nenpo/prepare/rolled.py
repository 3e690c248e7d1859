"""Last year's commentary, rolled forward: its figures and years restated for the new year, the rest of its words kept.

A figure that is bound or traced is stated anew by the same fact a year on; where that has no value yet, and for every figure
that could not be traced, the old one stays and is marked 【旧】. What is said of more and less and no longer holds is marked
【要確認】. 「令和５年度」, the year of the report, becomes the new one; the year before it does where a figure or a comparison
hangs on it, and stays where history is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nenpo.errors import InputError
from nenpo.facts import SCHEME
from nenpo.intake.drafts import DOUBTED, MARKS
from nenpo.japanese.eras import named, within_era
from nenpo.japanese.numerals import WIDE_DIGITS, half_width, read_figure, restated
from nenpo.japanese.years import CODE, MONTH, FiscalYear, month_of, year_named
from nenpo.office import Office
from nenpo.prose.claims import CONTRADICTED as REVERSED
from nenpo.prose.claims import claims_in
from nenpo.prose.figures import BOUND, TRACED, WAIVED, Figure, figures_in, in_unit
from nenpo.prose.written import OLD

_COMPARED = re.compile(r"末?(?:時点)?(?:の|における)?(?:と比べ|に比べ|比|より|に対し|と同)")
# The month that has most is another one next year.
_PEAK = re.compile("最も|最多|最少|ピーク")
_LINK = re.compile(rf"\]\(<?{SCHEME}([^)>]+)>?\)")


@dataclass(frozen=True)
class Change:
    """A figure, year or claim of the old text and what stands for it in the new one."""

    line: int
    before: str
    after: str


@dataclass(frozen=True)
class Rolled:
    text: str
    changes: tuple[Change, ...]


class Roller:
    """Rolls the texts of ``year.previous`` forward to ``year``."""

    def __init__(self, office: Office, year: FiscalYear):
        self._office = office
        self._year = year
        self._facts = office.of(year).facts
        self._reads = figures_in(office.of(year.previous))
        self._claims = claims_in(office.of(year))

    def roll(self, path: Path, text: str) -> Rolled:
        """``path`` is the file that the old ``text`` stands in."""
        for mark in MARKS:
            text = text.replace(mark, "")
        lines, changes = text.split("\n"), list[Change]()
        figures = list(self._reads(path, text))
        for number, line in enumerate(lines, start=1):
            own = [figure for figure in figures if figure.line == number]
            lines[number - 1] = self._line(line, own, number, changes)
        rolled = "\n".join(lines)
        doubts: dict[tuple[int, str], list[str]] = {}
        for held in self._claims(self._office.year_folder(self._year) / "commentary" / path.name, rolled):
            if held.outcome == REVERSED or held.note:
                why = f"{held.note}（{held.why}）" if held.note else held.why
                doubts.setdefault((held.line, held.text), []).append(why)
        for (number, said), whys in doubts.items():
            lines[number - 1] = lines[number - 1].replace(said, said + DOUBTED, 1)
            changes.append(Change(number, said, DOUBTED + "、".join(whys)))
        return Rolled("\n".join(lines), tuple(sorted(changes, key=lambda change: change.line)))

    def _line(self, line: str, figures: list[Figure], number: int, changes: list[Change]) -> str:
        spans: list[tuple[int, int, str]] = []
        hanging: list[tuple[int, FiscalYear]] = []  # where a figure stands, and the year it is of
        at = 0
        for figure in figures:
            start = line.find(figure.text, at)
            if start < 0 or figure.outcome == WAIVED:
                continue
            at = start + len(figure.text)
            is_peak = re.search(f"/{MONTH}", figure.fact) and _PEAK.search(line)
            new = None if is_peak else self._restated(figure)
            spans.append((start, at, new or OLD + figure.text))
            if figure.fact:
                hanging += [(start, year) for year in _years_of(figure.fact)]
        spans += self._years(line, hanging)
        changes += [Change(number, line[start:end], new) for start, end, new in sorted(spans) if line[start:end] != new]
        spans += [(match.start(1), match.end(1), later(match[1])) for match in _LINK.finditer(line)]
        for start, end, new in sorted(spans, reverse=True):
            line = line[:start] + new + line[end:]
        return line

    def _restated(self, figure: Figure) -> str | None:
        """The figure a year on; None where it is not known (yet)."""
        if figure.outcome not in (BOUND, TRACED):
            return None
        try:
            path = later(figure.fact)
            written = read_figure(figure.text)
            if written is None or not self._facts.settled(path):
                return None
            was = in_unit(self._facts.fact(figure.fact), written)
            if was is None or not written.says(was):
                return None  # it says something of its fact (an average, a streak) that is not the fact's own amount
            amount = in_unit(self._facts.fact(path), written)
        except InputError:
            return None
        return None if amount is None else restated(figure.text, amount)

    def _years(self, line: str, hanging: list[tuple[int, FiscalYear]]) -> Iterator[tuple[int, int, str]]:
        half = half_width(line)
        written = re.compile(rf"(?P<era>{named()})(?P<nth>\d+|元){self._year.word}(?!度)")
        mentions = [(match, year) for match in written.finditer(half) if (year := year_named(match[0], self._year))]
        for at, (match, year) in enumerate(mentions):
            end = mentions[at + 1][0].start() if at + 1 < len(mentions) else len(half)
            stop = half.find("。", match.end())
            end = min(end, stop) if stop >= 0 else end
            used = any(match.end() <= place < end and of == year for place, of in hanging)
            compared = year == self._year.previous.previous and _COMPARED.match(half, match.end())
            if year == self._year.previous or used or compared:
                era, nth = within_era(year.start + 1)
                name = era.letter if match["era"] == match["era"].upper() and match["era"].isascii() else era.name
                is_wide = line[match.start("nth")] in "０１２３４５６７８９元"
                number = "元" if nth == 1 else str(nth).translate(WIDE_DIGITS) if is_wide else str(nth)
                yield match.start(), match.end("nth"), name + number


def later(path: str) -> str:
    """A fact's path a year on."""
    return "".join(
        part if part in "÷+" else "/".join(map(_later, part.split("/"))) for part in re.split("([÷+])", path)
    )


def _later(part: str) -> str:
    if re.fullmatch(MONTH, part):
        return month_of(part).a_year_later.label
    return FiscalYear(FiscalYear(part).start + 1).code if re.fullmatch(CODE, part) else part


def _years_of(path: str) -> Iterator[FiscalYear]:
    for part in re.split("[/÷+]", path):
        if re.fullmatch(CODE, part):
            yield FiscalYear(part)
