"""Small counts of persons that a public edition would have to hide, while the office says nothing on that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nenpo.findings import WARNING, Finding
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.review.identities import Inputs

RULE = "秘匿の決まり"
_PERSONS = ("人", "名")
_SMALL = range(1, 10)
_TABLES_NAMED = 3


def undeclared_small_counts(office: Office, inputs: Inputs, year: FiscalYear) -> Iterator[Finding]:
    """A warning that counts the cells of 1 to 9 in the year's tables of persons, unless the office declares what it hides in public, or why
    a table is open."""
    if office.secrecy_threshold:
        return
    found: Counter[str] = Counter()
    closed = [table for table in inputs.dictionary.values() if not table.open_because]
    units = {(table.id, column.name): table.unit_of(column) for table in closed for column in table.columns}
    of_items = {(table.id, item.name): item.unit for table in closed for item in table.items}
    for cell in inputs.cells(year):
        unit = of_items.get((cell.table, cell.row), units.get((cell.table, cell.column)))
        if unit in _PERSONS and inputs.value(cell) in _SMALL:
            found[cell.table] += 1
    if not found:
        return
    named = "、".join(list(found)[:_TABLES_NAMED]) + ("など" if len(found) > _TABLES_NAMED else "")
    yield Finding(
        severity=WARNING,
        rule=RULE,
        sheet="office.toml",
        message=f"人を数えた表に 1 から 9 までの数が {found.total()} 個ありますが、公表するときの秘匿の決まりがありません（表 {named}）",
        found=str(found.total()),
        suggestion="office.toml に [public] と threshold = 5 のように書くか、公表してよい表には tables.toml に open_because で理由を書いてください",
    )
