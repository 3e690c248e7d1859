"""The attacker: what one who knows the published numbers, and how they add up, can tell of each that is hidden."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

C = TypeVar("C", bound=Hashable)
# A solver's zero.
_NEAR = 1e-6


@dataclass(frozen=True)
class Relation(Generic[C]):
    """A linear relation of cells: the sum of each times its factor is 0, or at least 0."""

    terms: tuple[tuple[C, int], ...]
    at_least: bool = False


@dataclass(frozen=True)
class Interval:
    """What an attacker can narrow a hidden cell to; both ends are whole numbers, ``high`` may be infinite."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


def attacked(
    published: Mapping[C, int],
    hidden: Iterable[C],
    relations: Sequence[Relation[C]],
    targets: Iterable[C] | None = None,
    bounds: Mapping[C, tuple[int, int]] | None = None,
) -> dict[C, Interval]:
    """The interval of each of the hidden cells (or of the ``targets`` among them), counts from 0 on, or within its ``bounds`` where those
    are published. Cells that stand in no relation can be anything. Raises ValueError where the published numbers contradict each other."""
    cells = list(dict.fromkeys(hidden))
    intervals: dict[C, Interval] = {}
    wanted = set(cells if targets is None else targets)
    for part, own in parts_of(cells, relations):
        if wanted.intersection(part):
            intervals |= _of_part(part, own, published, wanted, bounds or {})
    return {cell: intervals.get(cell, Interval(0, math.inf)) for cell in cells if cell in wanted}


def parts_of(cells: Sequence[C], relations: Sequence[Relation[C]]) -> Iterable[tuple[list[C], list[Relation[C]]]]:
    """The cells that are linked with each other, and the relations between them."""
    leader: dict[C, C] = {cell: cell for cell in cells}

    def lead(cell: C) -> C:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    known: list[tuple[C, Relation[C]]] = []
    for relation in relations:
        own = [cell for cell, _ in relation.terms if cell in leader]
        for cell in own[1:]:
            leader[lead(own[0])] = lead(cell)
        if own:
            known.append((own[0], relation))
    parts: dict[C, tuple[list[C], list[Relation[C]]]] = {}
    for cell in cells:
        parts.setdefault(lead(cell), ([], []))[0].append(cell)
    for cell, relation in known:
        parts[lead(cell)][1].append(relation)
    return parts.values()


def _of_part(
    cells: list[C],
    relations: list[Relation[C]],
    published: Mapping[C, int],
    wanted: set[C],
    bounds: Mapping[C, tuple[int, int]],
) -> dict[C, Interval]:
    low, high = zip(*(bounds.get(cell, (0, math.inf)) for cell in cells), strict=True)
    at = {cell: number for number, cell in enumerate(cells)}
    constraints = [
        LinearConstraint(factors, rest, math.inf if at_least else rest)
        for at_least in (False, True)
        if (own := [relation for relation in relations if relation.at_least == at_least])
        for factors, rest in [_matrix(own, at, published)]
    ]
    intervals = {}
    for cell in cells:
        if cell not in wanted:
            continue
        ends = []
        for sign in (1, -1):
            aim = numpy.zeros(len(cells))
            aim[at[cell]] = sign
            solved = milp(
                aim, bounds=Bounds(low, high), constraints=constraints
            )  # of no integers: its call costs half of linprog's
            if solved.status == 2:
                raise ValueError("the published numbers contradict each other")
            ends.append(math.inf if solved.status == 3 else sign * solved.fun)
        intervals[cell] = Interval(
            math.ceil(ends[0] - _NEAR), ends[1] if math.isinf(ends[1]) else math.floor(ends[1] + _NEAR)
        )
    return intervals


def _matrix(
    relations: list[Relation[C]], at: Mapping[C, int], published: Mapping[C, int]
) -> tuple[csr_matrix, numpy.ndarray]:
    """Factors of the hidden cells, and what is left on the other side."""
    rows, columns, factors, rest = [], [], [], []
    for number, relation in enumerate(relations):
        rest.append(-sum(factor * published[cell] for cell, factor in relation.terms if cell not in at))
        for cell, factor in relation.terms:
            if cell in at:
                rows.append(number)
                columns.append(at[cell])
                factors.append(factor)
    return csr_matrix((factors, (rows, columns)), shape=(len(relations), len(at))), numpy.array(rest, dtype=float)
