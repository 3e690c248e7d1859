"""What a report printed for derived figures (``published.csv``), cell by cell, against what is computed.

The file has the columns table, row, measure, column, kind, printed. ``row`` is a month, a fiscal year, a row of the
table, or N for the size of a cross table's groups; ``kind`` is count, share (percent) or rate.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from nenpo.dictionary import Dictionary
from nenpo.errors import Fault, InputError
from nenpo.figures import Figures
from nenpo.japanese.years import FiscalYear
from nenpo.office import OfficeYear
from nenpo.present.printed import shown
from nenpo.records import NOT_APPLICABLE, Value
from nenpo.sums import share
from nenpo.table import Table
from nenpo.text.settings import read_settings
from nenpo.text.typed import read_text

HEADER = ["table", "row", "measure", "column", "kind", "printed"]
KINDS = ("count", "share", "rate")


@dataclass(frozen=True)
class Published:
    """A derived figure as printed."""

    table: str
    row: str
    measure: str
    column: str
    kind: str
    printed: str
    line: int

    @property
    def key(self) -> tuple[str, ...]:
        """By which ``errata.toml`` names it."""
        return self.table, self.row, self.column, self.printed

    @property
    def value(self) -> Value | Decimal:
        if self.printed == NOT_APPLICABLE.value:
            return NOT_APPLICABLE
        return Decimal(self.printed.replace(",", "").removesuffix("%"))


@dataclass(frozen=True)
class Difference:
    """A figure whose printed and computed values differ."""

    published: Published
    computed: str


def read_published(path: Path) -> tuple[Published, ...]:
    """Raises InputError with the lines that cannot be read."""
    lines = list(csv.reader(io.StringIO(read_text(path) or "")))
    if not lines or lines[0] != HEADER:
        raise InputError(Fault(f"1 行目が {','.join(HEADER)} ではありません", str(path)))
    entries, faults = [], []
    for number, line in enumerate(lines[1:], start=2):
        try:
            table, row, measure, column, kind, printed = line
            entry = Published(table, row, measure, column, kind, printed, number)
            assert entry.kind in KINDS and entry.value is not None
            entries.append(entry)
        except (ValueError, AssertionError, ArithmeticError):
            faults.append(Fault("読めない行です", f"{path} {number} 行目"))
    if faults:
        raise InputError(faults)
    return tuple(entries)


def differences(
    entries: tuple[Published, ...], dictionary: Dictionary, figures: Figures, year: FiscalYear
) -> Iterator[Difference]:
    """The entries whose printed value is not the computed one, at the decimals printed."""
    for entry in entries:
        computed = compute(entry, dictionary, figures, year)
        if computed != entry.value:
            text = shown(computed) + ("%" if entry.kind == "share" and computed is not None else "")
            yield Difference(entry, text or "（なし）")


def compute(entry: Published, dictionary: Dictionary, figures: Figures, year: FiscalYear) -> Value:
    """The computed value of an entry, shares to the decimals that were printed. Raises InputError for what names no cell."""
    table = dictionary[entry.table]
    decimals = len(entry.printed.removesuffix("%").partition(".")[2])
    if entry.kind == "rate":
        rate = next(rate for rate in dictionary.rates if (rate.section, rate.name) == (entry.table, entry.column))
        return figures.rate(rate, year.like(entry.row))
    if table.shape == "values":
        return figures.single(table.id, entry.row, year)
    if entry.row == "N":
        return figures.of_year(table.base, entry.column, year)
    values = _row(entry, table, figures, year)
    if entry.kind == "count":
        return values[entry.column]
    if table.shape == "cross":
        row = "" if entry.row == table.total_label else entry.row
        return share(values[entry.column], figures.whole_of(table, entry.column, row, year), decimals)
    return share(values[entry.column], values[table.shares], decimals)


def _row(entry: Published, table: Table, figures: Figures, year: FiscalYear) -> Mapping[str, Value]:
    own = figures.table(table.id, year)
    if own and (entry.row, entry.measure) in own.rows:
        return own.rows[entry.row, entry.measure]
    of_year = own if entry.row == table.total_label else figures.table(table.id, year.like(entry.row))
    if of_year is None:
        raise InputError(
            Fault(f"「{entry.table}」の「{entry.row}」という行はありません", f"published.csv {entry.line} 行目")
        )
    return of_year.year[entry.measure]


@dataclass(frozen=True)
class _OfDifference:
    """Why figures of a row differ: ``printed`` has them by column, as they were printed."""

    table: str
    row: str
    printed: Mapping[str, str]
    why: str


@dataclass(frozen=True)
class _OfBreach:
    table: str
    period: str
    identity: str
    why: str


def reasons_of(office_year: OfficeYear) -> dict[tuple[str, ...], str]:
    """Why something differs, from the ``errata.toml`` of the years that the report shows (see ``reasons_of_year``)."""
    reasons: dict[tuple[str, ...], str] = {}
    for kept in office_year.kept:
        reasons |= reasons_of_year(office_year.office.year_folder(kept))
    return reasons


def reasons_of_year(folder: Path) -> dict[tuple[str, ...], str]:
    """The reasons in ``errata.toml`` of a year: by table, row, column and printed value, or by table, period and identity."""
    settings = read_settings(folder / "errata.toml")
    if settings is None:
        return {}
    reasons: dict[tuple[str, ...], str] = {
        (of.table, of.row, column, printed): of.why
        for of in settings.entries("difference", _OfDifference)
        for column, printed in of.printed.items()
    }
    reasons |= {(of.table, of.period, of.identity): of.why for of in settings.entries("breach", _OfBreach)}
    settings.settle()
    return reasons
