"""What a text of an office may name, and how its quantities hang together: made once for all who read its texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from nenpo.dictionary import Dictionary
from nenpo.office import Office, OfficeYear
from nenpo.prose.names import Names
from nenpo.prose.parts import Parts
from nenpo.prose.quantities import Quantities
from nenpo.prose.sayings import Sayings, sayings_of
from nenpo.sums import TableFigures
from nenpo.table import section_number


@dataclass(frozen=True)
class Lexicon:
    dictionary: Dictionary
    sayings: Sayings
    names: Names
    parts: Parts
    quantities: Quantities
    listed: Mapping[str, set[str]]  # the words in each section's lists


def lexicon_of(office_year: OfficeYear) -> Lexicon:
    """Raises InputError for a ``prose.toml`` that cannot be read."""
    office = office_year.office
    sayings, lists = sayings_of(office), _lists(office_year)
    dictionary = _with_entries(office.dictionary, lists)
    listed: dict[str, set[str]] = {}
    for table_id, own in lists.items():
        words = {value for row in own.rows.values() for value in row.values() if isinstance(value, str)}
        listed.setdefault(section_number(table_id), set()).update(words)
    made = _made.get(office)
    known = (sayings, listed, list(dictionary.values()))
    if made is None or (made.sayings, made.listed, list(made.dictionary.values())) != known:
        parts = Parts(dictionary)
        names = Names(dictionary, parts, sayings, listed)
        made = _made[office] = Lexicon(dictionary, sayings, names, parts, Quantities(dictionary, parts), listed)
    return made


def _lists(office_year: OfficeYear) -> dict[str, TableFigures]:
    """The lists of entries with numbers, by table."""
    tables = (table for table in office_year.dictionary.values() if table.shape == "events")
    made = {
        table.id: office_year.figures.table(table.id, office_year.year)
        for table in tables
        if not all(column.text for column in table.columns)
    }
    return {table_id: own for table_id, own in made.items() if own}


def _with_entries(dictionary: Dictionary, lists: Mapping[str, TableFigures]) -> Dictionary:
    """The tables, a list with the entries for its rows where words tell them apart."""
    rows = {table_id: tuple(label for label, _ in own.rows if not label.isdecimal()) for table_id, own in lists.items()}
    if not any(rows.values()):
        return dictionary
    tables = tuple(replace(table, rows=rows.get(table.id, table.rows)) for table in dictionary.values())
    return Dictionary(tables, dictionary.rates, dictionary.colours, dictionary.formulas)


_made: WeakKeyDictionary[Office, Lexicon] = WeakKeyDictionary()
