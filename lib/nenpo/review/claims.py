"""Claims of the prose, such as 「前年度に比べ微増」, held against the data year after year.

A claim is declared once, in ``prose.toml``: where it is made, ``phrase`` with 「…」 for whatever stands between within a sentence and
{向き} for the word that says more or less, the most or the least (最多, ピーク), as much (同程度), or none at all (なかった); ``of`` is the
quantity, and ``against`` what it is compared with: 前年度, 例年 (the mean of up to three years before), a year such as R2, or other
quantities. A quantity is a sum of facts without their year, or one sum divided by another; ``year`` where it is always of that one:

    phrase = "５０代以上の相談者が{向き}"     of = "2-4/50代 + 2-4/60代 + 2-4/70代以上"     against = ["前年度"]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from nenpo.dictionary import section_number
from nenpo.errors import Fault, InputError
from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.review.facts import Facts
from nenpo.review.numbers import half_width, in_digits
from nenpo.review.sayings import SLOT, Claim, Sayings, read_sayings
from nenpo.text.typed import read_text

HOLDS, CONTRADICTED, UNSURE = "holds", "contradicted", "unsure"
BEFORE, AS_A_RULE = "前年度", "例年"
_YEARS_OF_RULE = 3
# What a word says of a quantity and what it is compared with; the first that it begins with counts.
MORE, LESS, MOST, LEAST, SAME, NONE, SOME = "more", "less", "most", "least", "same", "none", "some"
_SAYS = {
    "最多": MOST, "最も多": MOST, "最も高": MOST, "ピーク": MOST, "最少": LEAST, "最も少": LEAST, "最も低": LEAST,
    "同程度": SAME, "同数": SAME, "横ばい": SAME, "なかった": NONE, "なし": NONE, "あった": SOME,
    "増": MORE, "多": MORE, "高": MORE, "上昇": MORE, "上回": MORE,
    "減": LESS, "少な": LESS, "低": LESS, "下降": LESS, "下回": LESS,
}  # fmt: skip
_WORD = re.compile(
    r"(?P<extent>微|やや|若干|わずかに|大幅に|大きく|急)?(?P<word>最多|最少|最も(?:多|少な|高|低)(?:い|く|かった)|ピーク|同程度|同数|横ばい"
    r"|なかった|なし|あった|増加?|減少?|多(?:い|く|かった)|少な(?:い|く|かった)|高(?:い|く|かった|ま)|低(?:い|く|かった|下)|上昇|下降|上回|下回)"
)


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


def claims_of(office: Office, year: FiscalYear) -> Iterator[Held]:
    """The declared claims that the texts of ``year`` make, each with its outcome."""
    reads = claims_in(office, year)
    for path in sorted((office.year_folder(year) / "commentary").glob("*.md")):
        yield from reads(path, read_text(path) or "")


def claims_in(office: Office, year: FiscalYear) -> Callable[[Path, str], Iterator[Held]]:
    """Reads the declared claims of a text, as if it were the file at a path."""
    declared = read_sayings(office.folder / "prose.toml")
    patterns = [(claim, _pattern(claim)) for claim in declared.claims]
    facts = Facts(office.dictionary, office.figures(year), year)

    def reads(path: Path, source: str) -> Iterator[Held]:
        section, file = section_number(path.stem), path.relative_to(office.folder).as_posix()
        own = [(claim, pattern) for claim, pattern in patterns if claim.section == section]
        for number, line in enumerate(source.split("\n") if own else (), start=1):
            half = half_width(line)
            for claim, pattern in own:
                for match in pattern.finditer(half):
                    outcome, why, note = _held(claim, match["word"], match["extent"] or "", declared, facts, year)
                    text = line[match.start() : match.end()]
                    yield Held(file, section, number, text, outcome, (claim.of, *claim.against), why, note)

    return reads


def _pattern(claim: Claim) -> re.Pattern[str]:
    parts = re.split(rf"(…|{re.escape(SLOT)})", half_width(claim.phrase))
    return re.compile("".join({"…": "[^。\\n]*?", SLOT: _WORD.pattern}.get(part, re.escape(part)) for part in parts))


def _held(
    claim: Claim, word: str, extent: str, declared: Sayings, facts: Facts, year: FiscalYear
) -> tuple[str, str, str]:
    year = FiscalYear(claim.year) if claim.year else year
    says = next(meaning for begin, meaning in _SAYS.items() if word.startswith(begin))
    if says in (NONE, SOME):
        try:
            now = _quantity(claim.of, facts, year)
        except InputError as error:
            return UNSURE, f"分かりません（{error.faults[0].what}）", ""
        return (HOLDS if (now == 0) == (says == NONE) else CONTRADICTED), _shown(now), ""
    told, wrong, note = [], False, ""
    for against in claim.against:
        try:
            if not all(facts.settled(f"{path}/{year.code}") for path in re.split(r" [+÷] ", claim.of)):
                return UNSURE, "年度の途中のため、まだ言えません", ""
            now = _quantity(claim.of, facts, year)
            other = _compared(against, claim.of, facts, year)
        except InputError as error:
            return UNSURE, f"比べられません（{error.faults[0].what}）", ""
        told.append(f"{_shown(now)} と {against} {_shown(other)}")
        agrees = {MORE: now > other, LESS: now < other, MOST: now >= other, LEAST: now <= other, SAME: True}
        wrong = wrong or not agrees[says]
        change = abs(now - other) / other * 100 if other else Fraction(0)
        for known in declared.extents:
            if known.word == (word if says == SAME else extent) and not known.least <= change <= known.most:
                note = f"「{extent}{word}」としていますが、{in_digits(change, 1)}% の違いです"
    return (CONTRADICTED if wrong else HOLDS), "、".join(told), note


def _compared(against: str, of: str, facts: Facts, year: FiscalYear) -> Fraction:
    if against == BEFORE:
        return _quantity(of, facts, year.previous)
    if against == AS_A_RULE:
        kept = []
        for start in range(year.start - _YEARS_OF_RULE, year.start):
            with suppress(InputError):
                kept.append(_quantity(of, facts, FiscalYear(start)))
        if not kept:
            raise InputError(Fault("前の年度の数値がありません"))
        return sum(kept, Fraction(0)) / len(kept)
    if re.fullmatch(r"[RHS]\d+", against):
        return _quantity(of, facts, FiscalYear(against))
    return _quantity(against, facts, year)


def _quantity(expression: str, facts: Facts, year: FiscalYear) -> Fraction:
    above, _, below = expression.partition(" ÷ ")
    sums = [
        sum((facts.fact(f"{path.strip()}/{year.code}").amount for path in part.split(" + ")), Fraction(0))
        for part in (above, below)
        if part
    ]
    if len(sums) == 1:
        return sums[0]
    if not sums[1]:
        raise InputError(Fault("割る数が 0 です"))
    return sums[0] / sums[1]


def _shown(amount: Fraction) -> str:
    return in_digits(amount) if amount.denominator == 1 or amount > 1 else f"{in_digits(amount * 100, 1)}%"


OUTCOMES: Mapping[str, str] = {HOLDS: "合っている", CONTRADICTED: "逆", UNSURE: "分からない"}
