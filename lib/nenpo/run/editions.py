"""What public editions show and hide, as the data files that they consist of tell."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nenpo.built import PROOF, PUBLIC
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.opendata.package import FOLDER as DATA
from nenpo.opendata.package import TIDY_FILE
from nenpo.opendata.records import HIDDEN, in_iso, portable
from nenpo.records import Place
from nenpo.secrecy.attack import Relation
from nenpo.secrecy.published import Published, published
from nenpo.secrecy.rounding import meant_by
from nenpo.secrecy.rules import Rules


@dataclass(frozen=True)
class Beside:
    """The public editions of other ``years`` that stand beside one: the ``values`` of their own years, of which some are ``shown``, some
    ``rounded``, by the least and the most that they may be, and the others hidden; and how they add up."""

    years: tuple[FiscalYear, ...] = ()
    values: Mapping[Place, int] = field(default_factory=dict)
    shown: Mapping[Place, int] = field(default_factory=dict)
    rounded: Mapping[Place, tuple[int, int]] = field(default_factory=dict)
    relations: tuple[Relation[Place], ...] = ()

    @property
    def hidden(self) -> set[Place]:
        return set(self.values) - set(self.shown) - set(self.rounded)

    def together(self, published: Published) -> Published:
        """What they and another edition tell together."""
        values = {**self.values, **published.values}
        relations = dict.fromkeys((*published.relations, *self.relations))
        known = [relation for relation in relations if all(place in values for place, _ in relation.terms)]
        return Published(values, tuple(known))


ALONE = Beside()


def editions_beside(office: Office, year: FiscalYear, out: Path, rules: Rules) -> Beside:
    """Those in ``out`` that stand beside the edition of ``year``. Of tables that are declared as rounded, and of numbers that are not the
    exact ones, they tell what those may stand for by the base that the edition was made with."""
    years: list[FiscalYear] = []
    values: dict[Place, int] = {}
    shown: dict[Place, int] = {}
    rounded: dict[Place, tuple[int, int]] = {}
    rounded_tables = rules.by("rounded")
    relations: list[Relation[Place]] = []
    for other in office.years:
        data = out / other.code / PUBLIC / DATA
        if other == year or not (data / TIDY_FILE).is_file():
            continue
        own, rows, bases = published(office.of(other)), _figures(data), _bases(data.parent)
        years.append(other)
        for place, value in own.values.items():
            said = _said(rows, place, other) if place.year == other.code else None
            if said == HIDDEN:
                values[place] = value
            elif said == str(value) and place.table not in rounded_tables:
                values[place] = shown[place] = value
            elif said and said.isdigit():
                base = bases.get(place.table) or rules.base(place.table)
                least, most = meant_by(int(said), base)
                if least <= value <= most:  # else it was another number then
                    values[place], rounded[place] = value, (least, most)
        relations += own.relations
    return Beside(tuple(years), values, shown, rounded, tuple(relations))


def _bases(edition: Path) -> Mapping[str, int]:
    """The base that each table of an edition was rounded to, as far as it tells."""
    try:
        return dict(json.loads((edition / PROOF).read_bytes()).get("bases", {}))
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _figures(data: Path) -> Mapping[tuple[str, str, str, str], str]:
    """The figures of an edition as it has them, a sign or a number, by table, row, measure and column."""
    with (data / TIDY_FILE).open(encoding="utf-8-sig", newline="") as file:
        return {
            (row["table"], row["row"], row["measure"], row["column"]): row["sign"] or row["value"]
            for row in csv.DictReader(file)
        }


def _said(rows: Mapping[tuple[str, str, str, str], str], place: Place, year: FiscalYear) -> str | None:
    """What an edition has in a place of its own year; None where it stands in no file."""
    row, column = ("", place.row) if place.column == "値" else (in_iso(place.row, year), place.column)
    return rows.get((place.table, row, portable(place.measure), portable(column)))


def written(
    data: Path, shown: Published, meant: Collection[Place], year: FiscalYear
) -> tuple[dict[Place, int], list[Place]]:
    """The numbers that the data files of an edition show, and the places that they hide. Of earlier years the tables have the whole; what
    stands in no file, and was not ``meant`` to be hidden, the attacker knows from elsewhere."""
    rows = _figures(data)
    earlier = _earlier(data, shown, year)
    read: dict[Place, int] = {}
    hidden: list[Place] = []
    for place in shown.values:
        said = _said(rows, place, year) if place.year == year.code else earlier.get(place)
        if said is None:
            said = HIDDEN if place in meant else str(shown.values[place])
        if said == HIDDEN:
            hidden.append(place)
        else:
            read[place] = int(said)
    return read, hidden


def _earlier(data: Path, shown: Published, year: FiscalYear) -> Mapping[Place, str]:
    """The whole of earlier years, as the tables' files have them."""
    wholes: dict[Place, str] = {}
    wanted = {place for place in shown.values if place.year != year.code and not place.row}
    columns: dict[str, list[str]] = {}
    for place in wanted:
        columns.setdefault(place.table, []).append(place.column)
    for table_id in columns:
        with (data / f"{table_id}.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        for place in (place for place in wanted if place.table == table_id):
            start = year.like(place.year).start
            for line in lines:
                same = line.get("期間") == year.word and line["年（西暦）"] == str(start)
                if same and line.get("区分", "") == portable(place.measure):
                    title = next((name for name in line if _names(name, place.column)), None)
                    if title and line[title].lstrip("-").isdigit():
                        wholes[place] = line[title]
    return wholes


def _names(title: str, column: str) -> bool:
    """Whether a heading with its group and unit is that of a column."""
    bare = title.rpartition("（")[0] or title
    return portable(column) in (title, bare, bare.rpartition(" ")[2])
