"""Identities that do not hold, each with the slip in typing that would explain it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from nenpo.findings import ERROR, NOTE, Finding
from nenpo.japanese.years import FiscalYear
from nenpo.records import Value
from nenpo.review.identities import Instance, amount, holds, in_numbers, instances
from nenpo.typed_cells import TypedCell, TypedCells


def broken(inputs: TypedCells, year: FiscalYear) -> list[Instance]:
    """The identities that do not hold in ``year``."""
    return _broken(instances(inputs, year), Values(inputs))


def _broken(all_: Iterable[Instance], values: Values) -> list[Instance]:
    return [instance for instance in all_ if holds(instance, values) is False]


class Values(dict[TypedCell, Value]):
    """The cells' values as they are asked for, and as they would be with others in their place."""

    def __init__(self, inputs: TypedCells, others: Mapping[TypedCell, int] | None = None):
        super().__init__(others or {})
        self._inputs = inputs

    def __missing__(self, cell: TypedCell) -> Value:
        self[cell] = self._inputs.value(cell)
        return self[cell]


def breach_findings(
    inputs: TypedCells, year: FiscalYear, reasons: Mapping[tuple[str, ...], str]
) -> Iterator[tuple[Instance, Finding]]:
    """Each identity that does not hold, with the finding: an error, or a note where ``errata.toml`` has the reason."""
    all_, values = instances(inputs, year), Values(inputs)
    breaches = _broken(all_, values)
    causes = _causes(breaches, all_, inputs) if breaches else []
    for breach in breaches:
        why = reasons.get((breach.table, breach.period or year.short, breach.text))
        cause = next((cause for cause in causes if breach in cause.mends), None)
        cell = cause.cell if cause else min(cell for _, (cells, *_) in breach.left for cell in cells)
        sheet, place = inputs.place(cell)
        left, right = amount(breach.left, values), amount(breach.right, values)
        sides = f"{in_numbers(breach.left, values)} に対して {in_numbers(breach.right, values)}"
        sides += f"＝{right:,}" if len(breach.right) > 1 else ""
        when = f"{breach.period or year.short} {breach.measure}".strip()
        finding = Finding(
            severity=NOTE if why else ERROR,
            rule=breach.text,
            table=breach.table,
            sheet=f"{year.code} {sheet}",
            cell=place,
            message=f"{breach.table} {inputs.dictionary[breach.table].title}（{when}）：「{breach.text}」が成り立ちません（{sides}）"
            + (f"。{why}" if why else ""),
            expected=str(right),
            found=str(left),
            suggestion=""
            if why
            else cause.words
            if cause
            else "元の記録と見比べて、この等式のどの数値が違うかを確かめてください",
        )
        yield breach, finding


@dataclass(frozen=True)
class _Cause:
    """A slip in typing, in words, at ``cell``: without it ``mends`` would hold."""

    cell: TypedCell
    words: str
    mends: tuple[Instance, ...]
    others: int


def _causes(breaches: list[Instance], all_: list[Instance], inputs: TypedCells) -> list[_Cause]:
    """The slips that would each explain some breaches and break no other identity: those that explain most come first."""
    of: dict[TypedCell, list[Instance]] = {}
    for instance in all_:
        for cell in instance.cells:
            of.setdefault(cell, []).append(instance)
    suspects = sorted({cell for breach in breaches for cell in breach.cells})
    causes = []
    for others, words in _slips(suspects, inputs):
        touched = list({id(breach): breach for cell in others for breach in of.get(cell, ())}.values())
        mended = tuple(instance for instance in touched if instance in breaches)
        if mended and not _broken(touched, Values(inputs, others)):
            cell = min(others)
            sheet, _ = inputs.place(cell)
            where = "、".join(inputs.place(other)[1] for other in sorted(others))
            words = f"{words}ではありませんか（シート「{sheet}」{where}）"
            causes.append(_Cause(cell, words, mended, len(others)))
    return sorted(causes, key=lambda cause: (-len(cause.mends), cause.others))


def _slips(cells: list[TypedCell], inputs: TypedCells) -> Iterator[tuple[dict[TypedCell, int], str]]:
    """What may have been meant instead, with the slip in words."""
    typed = {cell: value for cell in cells if isinstance(value := inputs.value(cell), int)}
    for cell, value in typed.items():
        for meant, slip in [*_exchanged(value), *_tenfold(value)]:
            yield {cell: meant}, f"{value:,} は {meant:,} の{slip}"
    for cell, other in combinations(typed, 2):
        if typed[cell] != typed[other] and _neighbours(cell, other):
            yield (
                {cell: typed[other], other: typed[cell]},
                f"{typed[cell]:,} と {typed[other]:,} が入れ替わっているの",
            )


def _exchanged(value: int) -> Iterator[tuple[int, str]]:
    text = str(value)
    for at in range(len(text) - 1):
        other = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if other != text and not other.startswith("0"):
            yield int(other), "数字が入れ替わったもの"


def _tenfold(value: int) -> Iterator[tuple[int, str]]:
    if value:
        yield value * 10, "桁が一つ足りないもの"
    if value and value % 10 == 0:
        yield value // 10, "桁が一つ多いもの"


def _neighbours(cell: TypedCell, other: TypedCell) -> bool:
    """Whether two cells of a sheet share a row or a column."""
    same_sheet = (cell.year, cell.table, cell.measure) == (other.year, other.table, other.measure)
    return same_sheet and (cell.row == other.row) != (cell.column == other.column)
