"""What belongs to an office's own prose and not to the language, from ``prose.toml`` beside the dictionary: other names of
figures, statistics that stand in no table, figures that are none, and the claims that are made year after year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nenpo.japanese.numerals import half_width
from nenpo.office import Office
from nenpo.prose.written import Mention
from nenpo.text.settings import settings_of
from nenpo.text.typed import read_text

SLOT = "{向き}"


@dataclass(frozen=True)
class Alias:
    name: str
    fact: str
    section: str = ""


@dataclass(frozen=True)
class Phrase:
    """A declared or waived figure: within ``phrase``, or anywhere in ``file``."""

    kind: str
    section: str = ""
    phrase: str = ""
    file: str = ""

    def covers(self, prose: str, mention: Mention, section: str, file: str) -> bool:
        if self.file:
            return self.file == file
        if self.section not in ("", section):
            return False
        phrase = half_width(self.phrase)
        starts = (match.start() for match in re.finditer(re.escape(phrase), half_width(prose)))
        return any(start <= mention.start and mention.end <= start + len(phrase) for start in starts)


@dataclass(frozen=True)
class Claim:
    """A claim of more or less: ``of`` is the quantity, ``against`` what it is compared with; ``year`` where it is not the
    report's."""

    phrase: str
    of: str
    section: str
    against: tuple[str, ...] = ()
    year: str = ""


@dataclass(frozen=True)
class Extent:
    """A word for how much, with the least and the most change in percent that it fits."""

    word: str
    least: float = 0
    most: float = float("inf")


@dataclass(frozen=True)
class Agreed:
    """A quantity of no table that is named in several places, with the unit after its number: it is the same in all."""

    name: str
    unit: str


@dataclass(frozen=True)
class Sayings:
    aliases: tuple[Alias, ...] = ()
    declared: tuple[Phrase, ...] = ()
    waived: tuple[Phrase, ...] = ()
    claims: tuple[Claim, ...] = ()
    extents: tuple[Extent, ...] = ()
    agreed: tuple[Agreed, ...] = ()


def sayings_of(office: Office) -> Sayings:
    """Those of an office; one without the file has none. Raises InputError for a file that cannot be read."""
    return read_sayings(office.folder / "prose.toml")


def read_sayings(path: Path) -> Sayings:
    source = read_text(path)
    return Sayings() if source is None else _sayings(source, path)


@lru_cache(4)
def _sayings(source: str, path: Path) -> Sayings:
    """Several checks of one report ask for the same."""
    settings = settings_of(source, path)
    sayings = Sayings(
        settings.entries("alias", Alias),
        settings.entries("declared", Phrase, {"kind": "why"}),
        settings.entries("waived", Phrase),
        settings.entries("claim", Claim),
        settings.entries("extent", Extent),
        settings.entries("agreed", Agreed),
    )
    settings.faults += [
        f"「{claim.phrase}」に {SLOT} がありません" for claim in sayings.claims if SLOT not in claim.phrase
    ]
    settings.settle()
    return sayings
