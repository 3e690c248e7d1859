"""What an office declares to be kept secret of its tables in public: ``[public]`` of office.toml, and ``public`` of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nenpo.errors import Fault, InputError
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.records import Place
from nenpo.secrecy.rounding import in_steps, meant_by
from nenpo.table import Protection, Table

BASE = 5


@dataclass(frozen=True)
class Rules:
    """How each table ``of`` an office is protected, by its id, and which of their columns and items are ``open``. Tables that nothing is done with are not among them."""

    of: Mapping[str, Protection]
    open: frozenset[tuple[str, str]] = frozenset()

    def by(self, way: str) -> frozenset[str]:
        """The tables that are protected in one way."""
        return frozenset(table for table, protection in self.of.items() if protection.way == way)

    def small(self, values: Mapping[Place, int]) -> dict[Place, int]:
        """The counts that are hidden because they are small: below the table's threshold, 0 only where it says so."""
        return {place: value for place, value in self._little(values).items() if self.of[place.table].way != "rounded"}

    def small_though_rounded(self, values: Mapping[Place, int]) -> dict[Place, int]:
        """The small counts that another number stands for."""
        return {place: value for place, value in self._little(values).items() if self.of[place.table].way == "rounded"}

    def _little(self, values: Mapping[Place, int]) -> dict[Place, int]:
        return {
            place: value
            for place, value in values.items()
            if (protection := self.of.get(place.table))
            and (0 if protection.zeros else 1) <= value < self.threshold(place.table)
            and (place.table, place.row if place.column == "値" else place.column) not in self.open
        }

    def threshold(self, table: str) -> int:
        return self.of[table].threshold or self.base(table)

    def base(self, table: str) -> int:
        """What the numbers of a table are multiples of where it is rounded."""
        return self.of.get(table, Protection()).base or BASE

    def withheld(self, values: Iterable[Place]) -> list[Place]:
        """The months of tables that show years alone."""
        by_year = self.by("years")
        return [place for place in values if place.table in by_year and place.row]

    def in_round_numbers(self, values: Mapping[Place, int]) -> dict[Place, int]:
        """What stands for the counts of the tables that are rounded."""
        rounded = self.by("rounded")
        return {
            place: in_steps(value, self.base(place.table)) for place, value in values.items() if place.table in rounded
        }

    def meant_by(self, shown: int, table: str) -> tuple[int, int]:
        """The least and the most that a number of a rounded table may stand for."""
        return meant_by(shown, self.base(table))

    @property
    def in_proof(self) -> dict[str, Any]:
        """The rules in the words of ``proof.json``: that of most tables, and those of the others."""
        own = {table: self.threshold(table) for table in self.of}
        usual = max(own.values(), key=[*own.values()].count, default=0)
        return {
            "threshold": usual,
            "interval": [0, 2 * usual],
            "tables": [*self.of],
            **({"otherwise": other} if (other := {table: at for table, at in own.items() if at != usual}) else {}),
        }


def rules_of(office: Office, year: FiscalYear) -> Rules:
    """What is declared for the tables of a year, each with what the office says of all where it says nothing itself. Raises InputError
    for tables that may count persons, and of which nothing is declared."""
    of: dict[str, Protection] = {}
    open_: set[tuple[str, str]] = set()
    undeclared: list[Table] = []
    for table in office.dictionary.kept(year):
        open_ |= {(table.id, name) for name in table.open_names}
        may_count_persons = not table.counted.keys() <= table.open_names
        if may_count_persons or table.public.way in ("years", "rounded"):  # which a table may say of whatever it counts
            of[table.id] = table.protected(office.protection)
        if may_count_persons and not of[table.id].is_declared:
            undeclared.append(table)
    if undeclared:
        named = "、".join(table.id for table in undeclared)
        remedy = "office.toml に [public] と threshold = 5 のように書いてください（1 からその数未満を秘匿します）。公表してよい表や列には open_because で理由を書けます"
        raise InputError(
            Fault(f"公表するときの秘匿の決まりがありません（表 {named}）", str(office.folder / "office.toml"), remedy)
        )
    return Rules(of, frozenset(open_))
