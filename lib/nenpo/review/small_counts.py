"""Small counts of persons that a public edition would have to hide, while the office says nothing on that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nenpo.findings import WARNING, Finding
from nenpo.office import OfficeYear

RULE = "秘匿の決まり"
_PERSONS = ("人", "名")
_SMALL = range(1, 10)
_TABLES_NAMED = 3


def undeclared_small_counts(office_year: OfficeYear) -> Iterator[Finding]:
    """A warning that counts the cells of 1 to 9 in the year's tables of persons, unless the office declares what it hides in public, or why
    a table is open."""
    cells = office_year.cells
    small: Counter[str] = Counter()
    closed = [
        table
        for table in office_year.dictionary.values()
        if not table.protected(office_year.office.protection).is_declared
    ]
    of_persons = {
        (table.id, name)
        for table in closed
        for name, unit in table.counted.items()
        if unit in _PERSONS and name not in table.open_names
    }
    for cell in cells.cells(office_year.year):
        if {(cell.table, cell.row), (cell.table, cell.column)} & of_persons and cells.value(cell) in _SMALL:
            small[cell.table] += 1
    if not small:
        return
    named = "、".join(list(small)[:_TABLES_NAMED]) + ("など" if len(small) > _TABLES_NAMED else "")
    yield Finding(
        severity=WARNING,
        rule=RULE,
        sheet="office.toml",
        message=f"人を数えた表に 1 から 9 までの数が {small.total()} 個ありますが、公表するときの秘匿の決まりがありません（表 {named}）",
        found=str(small.total()),
        suggestion="office.toml に [public] と threshold = 5 のように書くか、公表してよい表や列には tables.toml に open_because で理由を書いてください",
    )
