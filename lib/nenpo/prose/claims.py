"""Claims of the prose, such as 「前年度に比べ微増」, held against the data year after year.

A claim is declared once, in ``prose.toml``: where it is made, ``phrase`` with 「…」 for whatever stands between within a sentence and
{向き} for the word that says more or less, the most or the least (最多, ピーク), as much (同程度), or none at all (なかった); ``of`` is the
quantity, and ``against`` what it is compared with: 前年度, 例年 (the mean of up to three years before), 他の年度 (each year that has
it, up to the report's), a year such as R2, or other quantities. A quantity is a sum of facts without their year, or one sum divided
by another; ``year`` where it is always of that one. Words that no claim declares are read by ``nenpo.prose.directions``.

    phrase = "５０代以上の相談者が{向き}"     of = "2-4/50代 + 2-4/60代 + 2-4/70代以上"     against = ["前年度"]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from nenpo.errors import Fault, InputError
from nenpo.facts import Facts
from nenpo.japanese.numerals import half_width, in_digits
from nenpo.japanese.years import CODE, FiscalYear
from nenpo.office import OfficeYear
from nenpo.prose.direction_words import AS_A_RULE, BEFORE, ELSEWHEN, WORD, Said, Says, says
from nenpo.prose.directions import Directions
from nenpo.prose.lexicon import lexicon_of
from nenpo.prose.sayings import SLOT, Claim, Extent
from nenpo.table import section_number

# How much the words for an extent mean, in percent, where the office does not say so itself.
EXTENTS = (
    Extent("微", most=10),
    Extent("大幅に", least=20),
    Extent("大きく", least=20),
    Extent("同程度", most=10),
    Extent("横ばい", most=5),
    Extent("ほぼ", most=10),
    Extent("同数", most=0),
)
HOLDS, CONTRADICTED, UNSURE = "holds", "contradicted", "unsure"
# 例年 is the mean of so many years before, 他の年度 each of so many up to the report's.
_YEARS_OF_RULE, _YEARS_KEPT = 3, 10


@dataclass(frozen=True)
class Held:
    """A claim as it is made: ``text`` as written, ``why`` what the data say, ``note`` where the extent fits badly."""

    file: str
    section: str
    line: int
    text: str
    outcome: str
    facts: tuple[str, ...]
    why: str = field(default="")
    note: str = field(default="")


def claims_of(office_year: OfficeYear) -> Iterator[Held]:
    """The claims that the year's texts make, each with its outcome."""
    reads = claims_in(office_year)
    for path, source in office_year.texts("commentary"):
        yield from reads(path, source)


def claims_in(office_year: OfficeYear) -> Callable[[Path, str], Iterator[Held]]:
    """Reads the claims of a text, as if it were the file at a path."""
    return _ClaimReader(office_year).claims


class _ClaimReader:
    def __init__(self, office_year: OfficeYear):
        self._office_year, self._year = office_year, office_year.year
        self._dictionary, self._facts = office_year.dictionary, office_year.facts
        lexicon = lexicon_of(office_year)
        self._sayings = lexicon.sayings
        own = {known.word for known in self._sayings.extents}
        self._extents = [*self._sayings.extents, *(known for known in EXTENTS if known.word not in own)]
        self._directions = Directions(lexicon, self._year)

    def claims(self, path: Path, source: str) -> Iterator[Held]:
        """The claims of a text, those that are declared first in each line."""
        section, file = section_number(path.stem), self._office_year.name_of(path)
        for number, line in enumerate(source.split("\n"), start=1):
            for said in self._said(half_width(line), section):
                outcome, why, note = self._held(said)
                facts = (said.claim.of, *said.claim.against) if said.claim else ()
                yield Held(file, section, number, line[said.start : said.end], outcome, facts, why, note)

    def _said(self, half: str, section: str) -> Iterator[Said]:
        """What a line says of more and less: as it is declared, and else what its own words tell."""
        words = list(WORD.finditer(half))
        declared = set()
        for claim in self._sayings.claims if words else ():
            for start, end, match in _made(claim, half, words) if claim.section == section else ():
                if claim.against == (BEFORE,) and says(match["word"]) in (Says.MOST, Says.LEAST):
                    continue  # a rank is no matter of the year before
                declared.add(match)
                yield Said.by(match, start, end, claim)
        yield from self._directions.said(half, (word for word in words if word not in declared), section)

    def _held(self, said: Said) -> tuple[str, str, str]:
        """The outcome, what the data say, and a note where the extent fits badly."""
        if said.claim is None:
            return UNSURE, "どの数値のことか、文からは決まりません", ""
        claim, meaning = said.claim, says(said.word)
        year = self._year.like(claim.year) if claim.year else self._year
        try:
            now = _quantity(claim.of, self._facts, year)
            if meaning in (Says.NONE, Says.SOME):
                return (HOLDS if (now == 0) == (meaning == Says.NONE) else CONTRADICTED), _shown(now), ""
            if not all(self._facts.settled(_dated(path, year)) for path in re.split(r" [+÷] ", claim.of)):
                return UNSURE, "年度の途中のため、まだ言えません", ""
            others = dict(self._compared(claim, year))
        except InputError as error:
            return UNSURE, f"比べられません（{error.faults[0].what}）", ""
        why = "、".join(f"{_shown(now)} と {against} {_shown(other)}" for against, other in others.items())
        agrees = {Says.MORE: now.__gt__, Says.LESS: now.__lt__, Says.MOST: now.__ge__, Says.LEAST: now.__le__}.get(
            meaning
        )
        if meaning == Says.SAME and any(self._differs(said, now, other) for other in others.values()):
            return CONTRADICTED, why, ""
        against = [other for other in others.values() if agrees and not agrees(other)]
        outcome = CONTRADICTED if against else HOLDS
        if meaning == Says.LEAST and against and not any(against):
            return UNSURE, f"0 のものを数えるか、文からは決まりません（{why}）", ""
        return outcome, why, next(filter(None, (self._misfit(said, now, other) for other in others.values())), "")

    def _compared(self, claim: Claim, year: FiscalYear) -> Iterator[tuple[str, Fraction]]:
        """What the quantity is compared with, by name."""
        for against in claim.against:
            if against == BEFORE:
                yield against, _quantity(claim.of, self._facts, year.previous)
            elif against == AS_A_RULE:
                kept = [amount for _, amount in self._kept(claim.of, range(year.start - _YEARS_OF_RULE, year.start))]
                if not kept:
                    raise InputError(Fault("前の年度の数値がありません"))
                yield against, sum(kept, Fraction(0)) / len(kept)
            elif against == ELSEWHEN:
                years = range(self._year.start - _YEARS_KEPT, self._year.start + 1)
                yield from self._kept(claim.of, (start for start in years if start != year.start))
            elif re.fullmatch(CODE, against):
                yield against, _quantity(claim.of, self._facts, self._year.like(against))
            else:
                yield against, _quantity(against, self._facts, year)

    def _kept(self, of: str, starts: Iterable[int]) -> Iterator[tuple[str, Fraction]]:
        """The quantity in those of the years that have it."""
        for start in starts:
            with suppress(InputError):
                yield FiscalYear(start).code, _quantity(of, self._facts, self._year.like(start))

    def _differs(self, said: Said, now: Fraction, other: Fraction) -> bool:
        """Whether what is said to be the same is far from it: by more than three times what the word fits."""
        words = (said.extent, said.word)
        most = max((known.most for known in self._extents if known.word in words), default=10.0)
        return abs(now - other) > abs(other) * Fraction(3 * most) / 100

    def _misfit(self, said: Said, now: Fraction, other: Fraction) -> str:
        """What to note where a word for the extent fits the change badly."""
        words = (said.extent,) if said.extent == "ほぼ" else (said.extent, said.word, said.mark)
        change = abs(now - other) / other * 100 if other else Fraction(0)
        for known in self._extents:
            if known.word in words and not known.least <= change <= known.most:
                return f"「{said.extent}{said.word}{said.mark and '（' + said.mark + '）'}」としていますが、{in_digits(change, 1)}% の違いです"
        return ""


def _made(claim: Claim, half: str, words: Iterable[re.Match[str]]) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Where a line (its digits of half width) makes a claim: start and end of its phrase, and the word that stands in it."""
    before, _, after = half_width(claim.phrase).partition(SLOT)
    leads = re.compile("[^。\\n]*?".join(map(re.escape, before.split("…"))) + r"\Z")
    follows = re.compile("[^。\\n]*?".join(map(re.escape, after.split("…"))))
    for word in words:
        if (lead := leads.search(half, 0, word.start())) and (rest := follows.match(half, word.end())):
            yield lead.start(), rest.end(), word


def _quantity(expression: str, facts: Facts, year: FiscalYear) -> Fraction:
    above, _, below = expression.partition(" ÷ ")
    sums = [
        sum((facts.fact(_dated(path.strip(), year)).amount for path in part.split(" + ")), Fraction(0))
        for part in (above, below)
        if part
    ]
    if len(sums) == 1:
        return sums[0]
    if not sums[1]:
        raise InputError(Fault("割る数が 0 です"))
    return sums[0] / sums[1]


def _dated(path: str, year: FiscalYear) -> str:
    """The path of a quantity in a year; of one of a month, which says its year itself, that."""
    return path if re.search(rf"/{CODE}\.\d+$", path) else f"{path}/{year.code}"


def _shown(amount: Fraction) -> str:
    return in_digits(amount) if amount.denominator == 1 or amount > 1 else f"{in_digits(amount * 100, 1)}%"


OUTCOMES: Mapping[str, str] = {HOLDS: "合っている", CONTRADICTED: "逆", UNSURE: "分からない"}
