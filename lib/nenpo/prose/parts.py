"""What a quantity is a part of, and what stands beside it: by the sums, the rows and the groups of the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from nenpo.dictionary import Dictionary
from nenpo.japanese.numerals import half_width
from nenpo.table import REST, Column, Item, Table


def columns_of(paths: Iterable[str]) -> list[str]:
    """The columns that rows are of, each once; none for what is no row, or several that are added up."""
    return list(dict.fromkeys(path.rpartition("/")[0] for path in paths if path.count("/") == 2 and "+" not in path))


def add_up(columns: Sequence[Column], table: Table) -> bool:
    """Whether columns are typed counts of one unit that are added up over the rows, and so may be together."""
    are_counts = all(column.typed and not column.text and column.adds_up == "sum" for column in columns)
    return are_counts and len({table.unit_of(column) for column in columns}) == 1


def columns_across(table: Table) -> list[str]:
    """The columns of a table of classes by classes, which add up in each row though it prints no sum of them; none for other tables."""
    numbers = [column for column in table.columns if not column.text]
    are_parts = add_up(numbers, table) and not any(column.name.startswith("うち") for column in numbers)
    is_crossed = table.rows and are_parts and len(table.measures) == 1
    return [column.name for column in numbers] if is_crossed and len(numbers) > 1 else []


class Parts:
    """What the quantities of a dictionary are parts of, by their paths without a year."""

    def __init__(self, dictionary: Dictionary):
        self._dictionary = dictionary
        self._wholes: dict[str, list[str]] = {}
        self._same: dict[str, list[str]] = {}  # what is equal by an identity
        self._together: dict[str, list[list[str]]] = {}  # by each part of an identity, the parts that it adds up
        for table in dictionary.values():
            for column in table.columns:
                for part in column.sum:
                    self._wholes.setdefault(f"{table.id}/{part}", []).append(f"{table.id}/{column.name}")
            for part, of_it in _parts_by_name(table):
                self._wholes.setdefault(f"{table.id}/{part}", []).append(f"{table.id}/{of_it}")
            for text in table.identities:
                left, _, right = text.partition(" = ")
                if not right or re.search(r" [-－−×÷] ", right):
                    continue
                whole, *names = (name if "/" in name else f"{table.id}/{name}" for name in (left, *right.split(" + ")))
                if len(names) == 1:
                    self._same.setdefault(whole, []).append(names[0])
                    self._same.setdefault(names[0], []).append(whole)
                    continue
                for name in names:
                    self._wholes.setdefault(name, []).append(whole)
                    self._together.setdefault(name, []).append(names)

    def wholes(self, path: str) -> list[str]:
        """The paths of what the quantity at a path is a part of, by the sums and identities of the dictionary."""
        return self._wholes.get(path, [])

    def elsewhere(self, path: str, name: str) -> list[str]:
        """The parts of that name of what is the same as the quantity at a path by the identities of the dictionary, in other tables."""
        parts = (part for same in self._same.get(path, ()) for part in self.of(same))
        return [part for part in parts if half_width(part.rpartition("/")[2]) == name]

    def beside(self, path: str) -> list[str]:
        """The other parts of what the quantity at a path is a part of."""
        wholes = set(self.wholes(path))
        return [other for other, of in self._wholes.items() if other != path and wholes.intersection(of)]

    def first_beside(self, path: str) -> list[str]:
        """The first column of a quantity's table, where that is another one and counted alike: it may be the whole."""
        table_id, _, column = path.partition("/")
        table = self._dictionary.get(table_id)
        numbers = [column for column in table.columns if not column.text] if table and "/" not in column else []
        own = next((known for known in numbers if known.name == column), None)
        is_alike = table and own and numbers[0] != own and table.unit_of(numbers[0]) == table.unit_of(own)
        return [f"{table_id}/{numbers[0].name}"] if is_alike else []

    def of(self, path: str) -> list[str]:
        """The parts of the quantity at a path: the rows of its column, else the columns that it is the sum of. Those that take in what is left
        over are left out."""
        table_id, _, name = path.partition("/")
        table = self._dictionary.get(table_id)
        column = next((column for column in table.columns if column.name == name), None) if table else None
        if table is None or column is None:
            return []
        return _ranked(f"{path}/", table.rows) or _ranked(f"{table_id}/", column.sum)

    def is_whole_of(self, whole: str, part: str) -> bool:
        """Whether a quantity is what another, or each of several that are added up, is a part of."""
        return set(part.split("+")) < set(whole.split("+")) or all(
            of.startswith(f"{whole}/") or whole in self.wholes(of) for of in part.split("+")
        )

    def is_about(self, path: str, words: str) -> bool:
        """Whether words are the title of a quantity's table, or what its rows are."""
        table = self._dictionary.get(path.partition("/")[0])
        return table is not None and (words in table.title or words == table.corner)

    def is_share(self, path: str) -> bool:
        """Whether a quantity is a rate in per cent, which nothing is a part of."""
        return self._counted(path).get(path.split("/")[1]) in ("％", "%")

    def printed_to(self, path: str) -> Fraction | None:
        """How exactly a computed column is printed; None for what is none."""
        column = self._column(path)
        return Fraction(1, 10**column.decimals) if isinstance(column, Column) and column.of else None

    def is_index(self, path: str) -> bool:
        """Whether a quantity counts nothing: a rate for so many people, or a bare number with decimals, which moves by points."""
        column = self._column(path)
        return bool(column and column.decimals and (not column.unit or column.unit.endswith("対")))

    def is_whole(self, path: str) -> bool:
        """Whether a quantity, or each of several that are added up, is a whole number."""
        return all((column := self._column(part)) is not None and not column.decimals for part in path.split("+"))

    def _column(self, path: str) -> Column | Item | None:
        table_id, name, *_ = path.split("/")
        table = self._dictionary.get(table_id)
        columns: tuple[Column | Item, ...] = (*table.columns, *table.items) if table else ()
        return next((column for column in columns if column.name == name), None)

    def is_alike(self, path: str, other: str) -> bool:
        """Whether two quantities are counted in the same unit."""
        units = [self._counted(of).get(of.split("/")[1]) for of in (path, other)]
        return units[0] is not None and units[0] == units[1]

    def in_row(self, path: str) -> list[str]:
        """The other columns of numbers in a quantity's row that are counted alike: it may be a part of each."""
        return [other for other in self.beside_in_row(path) if self.is_alike(other, path)]

    def beside_in_row(self, path: str) -> list[str]:
        """The other columns of numbers in a quantity's row."""
        table_id, column, *row = path.split("/")
        return (
            [f"{table_id}/{name}/{row[0]}" for name in self._counted(path) if name != column] if len(row) == 1 else []
        )

    def across(self, path: str) -> list[str]:
        """The sum of a quantity's row over the columns of a table of classes by classes, where it is of one."""
        table_id, _, *row = path.split("/")
        table = self._dictionary.get(table_id)
        columns = columns_across(table) if table and len(row) == 1 else []
        return ["+".join(f"{table_id}/{column}/{row[0]}" for column in columns)] if columns else []

    def _counted(self, path: str) -> Mapping[str, str]:
        """The unit of each column of numbers in a quantity's table; none where that is no table."""
        table = self._dictionary.get(path.partition("/")[0])
        return table.counted if table else {}

    def group_of(self, path: str) -> Sequence[str]:
        """The rows of the group that a quantity's row stands in; none for a row of no group."""
        table_id, _, *row = path.split("/")
        groups = self._dictionary[table_id].groups if row and table_id in self._dictionary else ()
        return next((group.rows for group in groups if row[0] in group.rows), ())

    def has_whole(self, path: str) -> bool:
        """Whether the table of a quantity prints the whole that its rows are parts of."""
        table = self._dictionary.get(path.partition("/")[0])
        return table is None or table.shape not in ("matrix", "events") or bool(table.total_label or table.shares)

    def siblings(self, path: str, in_group: bool = True) -> list[str]:
        """The parts that a quantity is one of, itself among them: the columns that make up its table's whole, or the only sum that it is in,
        or the rows of its column, those of its group by default. Those that take in what is left over have no rank, and are left out."""
        table_id, column, *row = path.split("/")
        table = self._dictionary.get(table_id)
        if table is None:
            return []
        if row and row[0] in table.rows:
            rows = (in_group and self.group_of(path)) or table.rows
            return _ranked(f"{table_id}/{column}/", rows)
        parts = [part.name for part in table.parts]
        if not parts and len(sums := [whole for whole in table.columns if column in whole.sum]) == 1:
            parts = list(sums[0].sum)
        if not parts and len(together := self._together.get(path, [])) == 1:
            return [part for part in together[0] if not part.partition("/")[2].startswith(REST)]
        if not parts:
            parts = _under_one_heading(table, column)
        own = next((known for known in table.columns if known.name == column and known.sum), None)
        if own and column not in parts and set(own.sum) < set(parts):  # several parts together, beside the others
            parts = [*(name for name in parts if name not in own.sum), column]
        return _ranked(f"{table_id}/", parts) if column in parts else []


def _ranked(before: str, names: Iterable[str]) -> list[str]:
    """The paths of names behind what they have in common, without those that take in what is left over."""
    return [f"{before}{name}" for name in names if not name.startswith(REST)]


def _under_one_heading(table: Table, name: str) -> list[str]:
    """The columns under the common heading of one, itself among them, where all are added up and count alike."""
    own = next((column for column in table.columns if column.name == name), None)
    under = [column for column in table.columns if own and own.group and column.group == own.group and not column.sum]
    return [column.name for column in under] if add_up(under, table) else []


def _parts_by_name(table: Table) -> Iterator[tuple[str, str]]:
    """Columns that say by their name that they are a part of the one before, or of what that is a part of: 「うち男性」; with it."""
    whole = ""
    for column in table.columns:
        if not column.name.startswith("うち"):
            whole = "" if column.text or column.of else column.name
        elif whole:
            yield column.name, whole
            yield from ((column.name, of.name) for of in table.columns if whole in of.sum)
