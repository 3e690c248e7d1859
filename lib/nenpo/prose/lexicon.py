"""What a text of an office may name, and how its quantities hang together: made once for all who read its texts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from nenpo.dictionary import Dictionary
from nenpo.office import Office, OfficeYear
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


def lexicon_of(office_year: OfficeYear) -> Lexicon:
    """Raises InputError for a ``prose.toml`` that cannot be read."""
    office = office_year.office
    sayings, dictionary = sayings_of(office), _with_entries(office_year)
    made = _made.get(office)
    if made is None or made.sayings != sayings or list(made.dictionary.values()) != list(dictionary.values()):
        parts = Parts(dictionary)
        quantities = Quantities(dictionary, parts)
        made = _made[office] = Lexicon(dictionary, sayings, Names(dictionary, sayings), parts, quantities)
    return made


def _with_entries(office_year: OfficeYear) -> Dictionary:
    """The tables, where a list has numbers with the entries of the year for its rows."""
    dictionary = office_year.dictionary
    rows: dict[str, tuple[str, ...]] = {}
    for table in dictionary.values():
        if table.shape == "events" and not all(column.text for column in table.columns):
            own = office_year.figures.table(table.id, office_year.year)
            rows[table.id] = tuple(label for label, _ in own.rows if not label.isdecimal()) if own else ()
    if not any(rows.values()):
        return dictionary
    tables = tuple(replace(table, rows=rows.get(table.id, table.rows)) for table in dictionary.values())
    return Dictionary(tables, dictionary.rates, dictionary.colours, dictionary.formulas)


_made: WeakKeyDictionary[Office, Lexicon] = WeakKeyDictionary()
