"""Finds the headings of a sheet: in the row that names most of a table's columns, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from nenpo.japanese.measures import size_in
from nenpo.japanese.periods import only_year
from nenpo.japanese.words import pattern
from nenpo.japanese.years import FiscalYear, year_named
from nenpo.table import Column, Table
from nenpo.workbook.book import ReadSheet, plain
from nenpo.workbook.marks import alike, parted, without_marks
from nenpo.workbook.values import Unreadable, shortened

# No table has more lines of headings.
_MOST_HEADINGS = 4

# A column's group and name, as they are compared.
Key = tuple[str, str]


@dataclass(frozen=True)
class Headings:
    """The headings in the row ``row``, or in that and the one below it, the ``last``, where they stand in groups. ``columns`` has the number of
    each of the table's columns that is named there, ``named`` every column by its heading."""

    row: int
    last: int
    columns: Mapping[str, int]
    named: Mapping[Key, list[int]]
    unreadable: tuple[tuple[int, Unreadable], ...] = ()

    @property
    def first(self) -> int:
        """The first column that is one of the table's; those before it name the row."""
        return min(self.columns.values(), default=2)

    @property
    def certainty(self) -> tuple[int, int]:
        """How many columns are named here, those first that are named once: a title may lie over several."""
        once = {places[0] for places in self.named.values() if len(places) == 1}
        return len(once.intersection(self.columns.values())), len(self.columns)


def find_headings(sheet: ReadSheet, table: Table, year: FiscalYear, corner: str = "") -> Headings | None:
    """The row of headings; of several that name as many columns the first, and that which begins with ``corner`` where none names any.
    Columns beside names of rows do not begin at the sheet's first. Where none is named, the only one that is typed may be headed with the
    ``year``, beside those of other years."""
    best = _over_two_lines(sheet, table, year, corner, _best(sheet, table, year, corner))
    typed = [column.name for column in table.on_sheet if column.typed and not column.text]
    if len(typed) == 1 and not (best and typed[0] in best.columns):
        best = _best(sheet, table, year, corner, typed[0]) or best
    if best is None and corner:
        at = next((row for row in sheet.filled_rows if sheet.text(row, 1) == plain(corner)), None)
        return _headings(sheet, table, year, at, at + table.has_groups) if at else None
    return best


def _best(sheet: ReadSheet, table: Table, year: FiscalYear, corner: str, by_year: str | None = None) -> Headings | None:
    """The row that names most columns; the column ``by_year`` may be called by the year."""
    best = None
    for row in sheet.filled_rows:
        for last in (row + 1, row) if table.has_groups else (row,):
            headings = _headings(sheet, table, year, row, last, by_year)
            if corner:  # in the first column stand names of rows, or a title
                right = {name: at for name, at in headings.columns.items() if at > sheet.sheet.first_column}
                headings = replace(headings, columns=right)
            if headings.columns and (best is None or headings.certainty > best.certainty):
                best = headings
        if best and best.certainty[0] >= len(table.on_sheet):
            break
    return best


def _over_two_lines(
    sheet: ReadSheet, table: Table, year: FiscalYear, corner: str, best: Headings | None
) -> Headings | None:
    """The headings, those of a table without groups over two lines where more of its columns are named so: 「監視 | 件数」 for 監視件数."""
    typed = {column.name for column in table.typed_columns}
    if table.has_groups or (best and typed <= set(best.columns)):
        return best
    first = sheet.sheet.first_column
    for row in sheet.filled_rows:
        beside = [sheet.value(row + 1, at) for at in range(first + 1, sheet.last_column(range(row + 1, row + 2)) + 1)]
        if sheet.text(row + 1, first) not in ("", sheet.text(row, first)) or not all(
            value is None or isinstance(value, str) for value in beside
        ):
            continue  # it has a name of its own, or numbers
        made = _headings(sheet, table, year, row, row + 1)
        right = {name: at for name, at in made.columns.items() if at > first or not corner}
        if typed <= set(right) or (len(right) > len(best.columns if best else ())):
            best = replace(made, columns=right)
    return best


def with_alike(sheet: ReadSheet, table: Table, headings: Headings, year: FiscalYear) -> Headings:
    """The headings with those columns that are headed almost as they are called, each by one heading alone; which they are is told."""
    called = {plain(column.heading): column for column in table.columns if not column.group}
    if all(column.name in headings.columns for column in called.values() if column.typed):
        return headings
    there = {name: places for (group, name), places in headings.named.items() if not group and len(places) == 1}
    columns = dict(headings.columns)
    units = {heading: plain(table.unit_of(column)) for heading, column in called.items()}
    for label, heading in alike(units, there, year).items():
        column, at = called[heading], there[label][0]
        below = sheet.text(headings.last + 1, at)
        is_over_others = bool(re.match(r"[^\W\d]", below))  # 「代位弁済」 over 件数 and 金額
        if column.name not in columns and at not in columns.values() and at > 1 and not is_over_others:
            columns[column.name] = at
            sheet.note_alike(headings.row, at, label, column.heading, f'列に was = "{label}"')
    return replace(headings, columns=columns)


def tell_headings(sheet: ReadSheet, table: Table, headings: Headings, year: FiscalYear) -> None:
    """Tell which columns have no heading, and which have two; and a title that says another year alone, as of a sheet that was copied."""
    titles = [(*place, cell.value) for place, cell in sheet.sheet.cells.items() if place[0] < headings.row]
    said = [(row, at, text, only_year(plain(text), year)) for row, at, text in titles if isinstance(text, str)]
    rows_of_own = {row for row, *_, says in said if says == year}
    for row, at, text, says in said:
        if says and row not in rows_of_own:
            what = f"表の上に「{shortened(text)}」とありますが、{year.label}の数値として読みました"
            sheet.note(sheet.sheet.place(row, at), what)
    used = {at: name for name, at in headings.columns.items()}
    spare = ["／".join(filter(None, key)) for key, at in headings.named.items() if at[0] not in used and at[0] > 1]
    for key, (at, *again) in headings.named.items():
        if again and at in used:
            what = f"列「{shortened(''.join(key))}」が二つあります"
            sheet.fault(headings.row, again[0], what, "どちらかの見出しを直すか、列を消してください")
    lacking = [column for column in table.columns if column.typed and column.name not in headings.columns]
    for at, why in headings.unreadable if lacking else ():
        sheet.fault(headings.last, at, f"見出しの{why.what}", why.remedy)
    for column in lacking:
        heading = f"{column.group}／{column.heading}" if column.group else column.heading
        unit = table.unit_of(column)
        scaled = _scaled(column, unit, [name for _, name in headings.named])
        other = f"（「{shortened(scaled)}」は、単位が「{unit}」ではありません）" if scaled else ""
        sheet.lack(
            headings.row,
            1,
            f"列「{heading}」",
            f"列「{heading}」がありません{other}",
            f'見出しを「{heading}」にするか、tables.toml の列に was = "いまの見出し" と書いてください。対応の分からない列：{shortened("、".join(spare), 200) or "なし"}',
        )


def _scaled(column: Column, unit: str, headings: Iterable[str]) -> str:
    """The heading that is a column's with a unit of another size, 「青果（千円）」 of 百万円; "" for none."""
    said = ((heading, *parted(heading)) for heading in headings)
    sizes = ((heading, size_in(of, unit)) for heading, name, of in said if of and name == plain(column.heading))
    return next((heading for heading, size in sizes if size not in (None, 1)), "")


def _headings(
    sheet: ReadSheet, table: Table, year: FiscalYear, row: int, last: int, by_year: str | None = None
) -> Headings:
    wanted = {column.name: _keys(table, column, flat=last == row) for column in table.columns}
    known = {key for keys in wanted.values() for key in keys}
    own = {part for key in known for part in key}  # a column may be called 前年度
    over, below = _years_over(sheet, row, last, year, own), _years_below(sheet, last, year, own)
    named: dict[Key, list[int]] = {}
    unreadable: list[tuple[int, Unreadable]] = []
    group = called = ""  # which a cell without one goes on with
    for at in range(1, sheet.last_column(range(row, last + 2)) + 1):
        try:
            above, name = sheet.heading(row, at) if last > row else "", sheet.heading(last, at)
        except Unreadable as error:
            unreadable.append((at, error))
            continue
        called = name or (called if at in below else "")
        if not (over.get(at, True) and below.get(at, True)):
            continue  # of another year
        above = "" if over.get(at) and says_year(above, year) else above
        group = above or group
        key = ("", above) if not called or above == called else (above, called)
        key = (group, key[1]) if not key[0] and (group, key[1]) in known else key
        if key[1] == called and group and last > row and not table.has_groups:
            named_so = (("", name) for name in (group + called, called + group, called))
            key = next((name for name in named_so if name in known), ("", group + called))
        if key[1]:
            area = None if below else sheet.sheet.area(last, at)
            named.setdefault(key, []).extend(range(at, (area.right if area and at == area.left else at) + 1))
    left = dict(named)
    columns: dict[str, int] = {}
    for column, keys in wanted.items():
        if there := [key for key in keys if key in left]:
            columns[column] = left.pop(there[0])[0]
    columns |= _marked(table, {name: keys for name, keys in wanted.items() if name not in columns}, left, year)
    if by_year and len(named) > 1:  # a title in a line of its own heads nothing
        years = [places[0] for (group, name), places in left.items() if not group and _is_of(name, year)]
        columns.update((by_year, at) for at in years[:1])
    return Headings(row, last + bool(below), columns, named, tuple(unreadable))


def _marked(
    table: Table, wanted: Mapping[str, list[Key]], left: dict[Key, list[int]], year: FiscalYear
) -> dict[str, int]:
    """The columns that are named with a mark beside the name, each by one heading alone."""
    columns: dict[str, int] = {}
    for name, keys in wanted.items():
        unit = plain(table.unit_of(table.column(name)))
        there = [key for key in left if any(map(keys.__contains__, _without_marks(key, unit, year)))]
        if len(there) == 1:
            columns[name] = left.pop(there[0])[0]
    return columns


def _without_marks(key: Key, unit: str, year: FiscalYear) -> Iterable[Key]:
    group, name = (without_marks(part, unit, year) or [""] for part in key)
    return product(group, name)


def _is_of(heading: str, year: FiscalYear) -> bool:
    """Whether a heading says the year: 「令和６年度」「R6」「本年度」."""
    return bool(pattern("time", "now").fullmatch(heading)) or year_named(heading, year) == year


def says_year(heading: str, year: FiscalYear) -> bool | None:
    """Whether a heading says the year, or another one; None where it says none, as a number alone."""
    if any(pattern("time", of).fullmatch(heading) for of in ("before", "two_before")):
        return False
    if _is_of(heading, year) and not heading.isdecimal():
        return True
    return False if not heading.isdecimal() and year_named(heading, year) else None


def _years_over(sheet: ReadSheet, row: int, last: int, year: FiscalYear, own: Container[str]) -> dict[int, bool]:
    """Whether the year that stands over headings, in a group or a line above, is the year, by column: where several years stand there, or that; a title
    of another year alone says nothing, nor does what is the table's ``own``."""
    for over in range(row - (last == row), max(0, row - _MOST_HEADINGS), -1):
        said: dict[int, bool] = {}
        texts = {at: sheet.text(over, at) for at in range(2, sheet.last_column(range(over, last + 1)) + 1)}
        says: bool | None = None
        others: set[int] = set()  # under something else, as 「増減」 beside years
        is_other = False
        for at, text in texts.items():
            says = (None if text in own else says_year(text, year)) if text else says
            is_other = says is None and (text not in own and text != sheet.text(last, at) if text else is_other)
            said |= {} if says is None else {at: says}
            others |= {at} if is_other else set()
        if any(said.values()) or len({texts[at] for at in said} - {""}) > 1:
            heads = {at: sheet.text(last, at).partition("(")[0] for at in texts}
            own_heads = {heads[at] for at, is_own in said.items() if is_own} - {""}
            return dict.fromkeys((at for at in others if heads[at] in own_heads), False) | said
    return {}


def _years_below(sheet: ReadSheet, last: int, year: FiscalYear, own: Container[str]) -> dict[int, bool]:
    """Likewise of the years that stand below headings, each in its column, in a row that has no name of its own."""
    if sheet.text(last + 1, 1) not in ("", sheet.text(last, 1)):
        return {}
    texts = {at: sheet.text(last + 1, at) for at in range(2, sheet.last_column(range(last, last + 2)) + 1)}
    said = {at: says for at, text in texts.items() if text not in own and (says := says_year(text, year)) is not None}
    return said if len(said) > 1 else {}


def _keys(table: Table, column: Column, flat: bool) -> list[Key]:
    """How a column's heading may be written: with its unit or without, as it was called before, then in no group too; in one row, ``flat``,
    with its group before it."""
    called = [column.heading, f"{column.heading}（{table.unit_of(column)}）", *column.was]
    if flat and column.group:
        own = [column.name, f"{column.group}{column.heading}"]
        called = [*own, *(f"{name}（{table.unit_of(column)}）" for name in own), *column.was]
        return [("", plain(name)) for name in called]
    return [
        (plain(group), plain(name))
        for name in called
        for group in dict.fromkeys((column.group, ""))
        if group == column.group or name in column.was
    ]
