"""Identities of ``tables.toml``, such as 「月末件数 = 前の月末件数 + 新規相談受付件数 - 相談終結」, held against the figures.

The left side is one column, the right side columns added and subtracted; 「前の」 before a column takes its figure of
the month before (for April: the year before), or of the year before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nenpo.dictionary import Table
from nenpo.errors import Fault, InputError
from nenpo.figures import Figures
from nenpo.fiscal import FiscalYear
from nenpo.records import Value

BEFORE = "前の"


@dataclass(frozen=True)
class Term:
    sign: int
    column: str
    before: bool


@dataclass(frozen=True)
class Identity:
    text: str
    left: str
    right: tuple[Term, ...]


@dataclass(frozen=True)
class Breach:
    """A period in which an identity does not hold: ``computed`` is what its right side gives."""

    table: str
    period: str
    identity: Identity
    printed: int
    computed: int
    sum: str


def parse_identity(text: str, table: Table) -> Identity:
    """Raises InputError for a line that is no identity of the table's columns."""
    left, equals, right = (part.strip() for part in text.partition("="))
    pieces = re.split(r"\s+([+-])\s+", right)
    signs = [1, *(1 if sign == "+" else -1 for sign in pieces[1::2])]
    terms = tuple(
        Term(sign, name.removeprefix(BEFORE), name.startswith(BEFORE))
        for sign, name in zip(signs, pieces[::2], strict=True)
    )
    known = {column.name for column in table.columns}
    if not equals or {left, *(term.column for term in terms)} - known:
        raise InputError(Fault(f"「{text}」は {table.id} の列の等式として読めません", "tables.toml"))
    return Identity(text, left, terms)


def breaches(table: Table, figures: Figures, year: FiscalYear) -> Iterator[Breach]:
    """The periods, up to ``year``, in which an identity of the table does not hold; those that lack a figure are passed."""
    for text in table.identities:
        identity = parse_identity(text, table)
        for kept in reversed(figures.kept_years(table, year)):
            for period, now, before in _periods(table, figures, kept):
                printed = now.get(identity.left)
                values = [(term, (before if term.before else now).get(term.column)) for term in identity.right]
                if isinstance(printed, int) and all(isinstance(value, int) for _, value in values):
                    computed = sum(term.sign * value for term, value in values if isinstance(value, int))
                    if computed != printed:
                        yield Breach(table.id, period, identity, printed, computed, _in_numbers(values))


def _in_numbers(values: list[tuple[Term, Value]]) -> str:
    text = "".join(f"{'＋' if term.sign > 0 else '－'}{value:,}" for term, value in values)
    return text.removeprefix("＋")


def _periods(
    table: Table, figures: Figures, year: FiscalYear
) -> Iterator[tuple[str, Mapping[str, Value], Mapping[str, Value]]]:
    """Each period with its figures and those of the period before."""
    own = figures.table(table.id, year)
    last = figures.table(table.id, year.previous)
    assert own is not None
    before: Mapping[str, Value] = last.year[""] if last else {}
    yield year.short, own.year[""], before
    for (label, _), values in own.rows.items():
        yield label, values, before
        before = values
