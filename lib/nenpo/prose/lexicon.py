"""What a text of an office may name, and how its quantities hang together: made once for all who read its texts."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from nenpo.dictionary import Dictionary
from nenpo.office import Office
from nenpo.prose.names import Names
from nenpo.prose.parts import Parts
from nenpo.prose.quantities import Quantities
from nenpo.prose.sayings import Sayings, sayings_of


@dataclass(frozen=True)
class Lexicon:
    dictionary: Dictionary
    sayings: Sayings
    names: Names
    parts: Parts
    quantities: Quantities


def lexicon_of(office: Office) -> Lexicon:
    """Raises InputError for a ``prose.toml`` that cannot be read."""
    sayings, dictionary = sayings_of(office), office.dictionary
    made = _made.get(office)
    if made is None or made.sayings != sayings:
        parts = Parts(dictionary)
        quantities = Quantities(dictionary, parts)
        made = _made[office] = Lexicon(dictionary, sayings, Names(dictionary, sayings), parts, quantities)
    return made


_made: WeakKeyDictionary[Office, Lexicon] = WeakKeyDictionary()
