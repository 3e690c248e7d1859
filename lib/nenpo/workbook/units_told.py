"""What a sheet says its numbers are counted in, held against the units of the table: （単位：千円） over a table in 百万円."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nenpo.japanese.measures import size_in
from nenpo.japanese.numerals import half_width
from nenpo.table import Table
from nenpo.workbook.book import ReadSheet, plain
from nenpo.workbook.headings import Headings

_SAID = re.compile(r"単位\s*[:：は]?\s*(?P<units>[^()（）\[\]［］〔〕\d]+)")
_ALONE = re.compile(r"\s*[(（\[［〔]?\s*(?P<units>[^()（）\[\]［］〔〕\d]{1,8}?)\s*[)）\]］〕]?\s*")


def tell_units(sheet: ReadSheet, table: Table, headings: Headings) -> None:
    """Tell where a sheet says that what it holds is counted in so many of a column's unit, or the column in so many of its."""
    columns = [column for column in table.typed_columns if not column.text and column.name in headings.columns]
    for row, at, units, own in _said(sheet, headings):
        if half_width(table.unit) in units:
            continue
        for column in columns:
            unit, place = table.unit_of(column), headings.columns[column.name]
            heading = sheet.text(headings.last, place)
            if own is None and any(mark in heading for mark in (f"({plain(unit)})", f"[{plain(unit)}]")):
                continue  # it says its own
            sizes = [size for said in units if (size := size_in(said, unit)) is not None]
            if sizes and 1 not in sizes and own in (None, place):
                what = f"単位が「{'、'.join(units)}」とありますが、「{column.name}」の単位は「{unit}」です"
                sheet.fault(
                    row, at, what, "tables.toml の unit をシートに合わせるか、シートの数値と単位を直してください"
                )
                break


def _said(sheet: ReadSheet, headings: Headings) -> Iterator[tuple[int, int, list[str], int | None]]:
    """Where units stand, last over the columns or below their headings: the cell, the units, and the column that they are of, None for all."""
    texts = [(row, at, cell.value) for (row, at), cell in sheet.sheet.cells.items() if isinstance(cell.value, str)]
    over = [(row, at, said) for row, at, text in texts if row <= headings.last and (said := _SAID.search(text))]
    nearest = max((row for row, *_ in over), default=0)
    yield from ((row, at, _listed(said["units"]), None) for row, at, said in over if row == nearest)
    named = set(headings.columns.values())
    for row, at, text in texts:
        if row == headings.last + 1 and at in named and (alone := _ALONE.fullmatch(text)):
            yield row, at, _listed(alone["units"]), at


def _listed(units: str) -> list[str]:
    return [half_width(unit.strip()) for unit in re.split("[、，,・/／]|及び", units) if unit.strip()]
