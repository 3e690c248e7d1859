"""How many cells a public edition of R5 hides, and how long that takes, by threshold; and for fifty linked tables.

python bench/secrecy.py [--write docs/performance.md]
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Hashable
from pathlib import Path

from nenpo.office import Office
from nenpo.secrecy.attack import Relation, attacked
from nenpo.secrecy.published import published, small
from nenpo.secrecy.suppression import Need, suppressed

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- secrecy -->\n", "<!-- end of secrecy -->\n"


def of_r5(threshold: int) -> str:
    """A line of the table: R5 with this threshold."""
    office = Office(ROOT / "data")
    year = office.year("R5")
    shown = published(office.of(year))
    needs = {place: Need(0, 2 * threshold) for place in small(shown.values, list(office.dictionary), threshold)}
    return measured(f"R5, threshold {threshold}", shown.values, shown.relations, needs)


def of_fifty() -> str:
    """Fifty tables of 6 × 6 that share their first column with the next."""
    chance = random.Random(1)
    values: dict[Hashable, int] = {}
    relations: list[Relation[Hashable]] = []
    rows, columns = [*range(6), "計"], [*range(6), "計"]
    for table in range(50):
        for row in range(6):
            for column in range(6):
                shared = column == 0 and table
                values[table, row, column] = (
                    values[table - 1, row, 5] if shared else chance.choice([0, 1, 3, 8, 20, 60])
                )
        for row in range(6):
            values[table, row, "計"] = sum(values[table, row, column] for column in range(6))
        for column in columns:
            values[table, "計", column] = sum(values[table, row, column] for row in range(6))
        relations += [Relation((*(((table, row, c), 1) for c in range(6)), ((table, row, "計"), -1))) for row in rows]
        relations += [
            Relation((*(((table, r, column), 1) for r in range(6)), ((table, "計", column), -1))) for column in columns
        ]
        if table:
            relations += [Relation((((table, row, 0), 1), ((table - 1, row, 5), -1))) for row in rows]
    needs = {cell: Need(0, 10) for cell, value in values.items() if 0 < value < 5}
    return measured("50 linked tables of 6 × 6, threshold 5", values, relations, needs)


def measured(name, values, relations, needs) -> str:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    found = suppressed(values, relations, needs)
    hidden = time.perf_counter() - began
    seen = attacked(values, found.hidden, relations)
    attack = time.perf_counter() - began - hidden
    fallen = sum(seen[cell].low > need.low or seen[cell].high < need.high for cell, need in needs.items())
    lost = found.loss / sum(values.values())
    cells = f"{len(needs)} + {len(found.hidden) - len(needs)} of {len(values)}"
    return f"| {name} | {cells} | {lost:.1%} | {found.gap:.0%} | {hidden:.0f} s | {attack:.0f} s | {fallen} |\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    page = parser.parse_args().write
    head = "| what | small + beside them, of all cells | sum hidden | gap at most | hiding | attack | found by the attacker |\n|---|---|---|---|---|---|---|\n"
    text = head + of_r5(5) + of_r5(10) + of_fifty()
    print(text)
    if page:
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        page.write_text(before + BEGIN + text + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
