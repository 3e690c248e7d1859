"""Secondary suppression: the cells that are hidden beside the small ones, as few as can be by weight.

Each small cell needs, for an attacker who knows all published numbers and how they add up, an interval from ``low`` to ``high``: there must
be two other tables that agree with all that is published, in one of which the cell is that low, and in one that high (Kelly, Golden and
Assad 1992; Fischetti and Salazar 2001). For few small cells that is one integer program, solved to the end; for many the cells are
protected one after the other, each by an integer program of its own with what is hidden already for nothing, and what turned out not to be
needed is shown again. What is published may take any whole value of 0 or more; a 0 that has no needs stays visible.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, hstack, vstack

from nenpo.secrecy.attack import Relation, parts_of

C = TypeVar("C", bound=Hashable)
# Up to so many small cells, and binary decisions, one program finds the best.
_FEW, _SMALL = 10, 600
# How far a program for one cell among many looks for a better choice; a solver's zero.
_NODES, _NEAR = 20, 1e-6


@dataclass(frozen=True)
class Need:
    """What an attacker must not exclude of a small cell: that it is as low as ``low``, and as high as ``high``."""

    low: int
    high: int


@dataclass(frozen=True)
class Suppression(Generic[C]):
    """The cells that are hidden, the small ones among them; ``loss`` is their weight, ``bound`` what no other choice can go below."""

    hidden: frozenset[C]
    loss: float
    bound: float

    @property
    def gap(self) -> float:
        """How much of the loss might be spared at most, from 0 to 1."""
        return 0.0 if self.loss <= 0 else max(0.0, 1 - self.bound / self.loss)


def suppressed(
    values: Mapping[C, int],
    relations: Sequence[Relation[C]],
    needs: Mapping[C, Need],
    weights: Mapping[C, float] | None = None,
    shown: Collection[C] = (),
    seconds: float = 30,
) -> Suppression[C]:
    """What is hidden of ``values`` so that each small cell, which has its ``needs``, is safe; ``weights`` are by default the values
    themselves, ``shown`` are never hidden. Raises ValueError where a cell cannot be protected. The same input gives the same result."""
    weights = weights or {cell: float(value) for cell, value in values.items()}
    fixed = {*shown, *(cell for cell, value in values.items() if not value and cell not in needs)}
    done = [
        _of_part(
            {cell: values[cell] for cell in _all_in(part, own)},
            own,
            {cell: needs[cell] for cell in part if cell in needs},
            weights,
            fixed,
            seconds,
        )
        for part, own in parts_of([cell for cell in values if cell not in fixed], relations)
    ]
    hidden = frozenset(cell for solved in done for cell in solved.hidden)
    return Suppression(hidden, sum(solved.loss for solved in done), sum(solved.bound for solved in done))


def _all_in(part: Iterable[C], relations: Iterable[Relation[C]]) -> list[C]:
    """The cells of a part, and those that stand in its relations with a value of their own."""
    return list(dict.fromkeys([*part, *(cell for relation in relations for cell, _ in relation.terms)]))


def _of_part(
    values: Mapping[C, int],
    relations: Sequence[Relation[C]],
    needs: Mapping[C, Need],
    weights: Mapping[C, float],
    shown: Collection[C],
    seconds: float,
) -> Suppression[C]:
    """The same for cells that are linked with each other."""
    problem = _Problem(values, relations, weights, shown, seconds)
    small = frozenset(needs)
    if not small:
        return Suppression(frozenset(), 0.0, 0.0)
    exact = len(small) <= _FEW and len(problem.free) <= _SMALL
    hidden = problem.protect(needs, small, exact=True) if exact else small
    bound = problem.bound if exact else 0.0
    witnesses: dict[tuple[C, int], frozenset[C]] = {}
    for cell in sorted(small, key=lambda small_cell: (values[small_cell] - needs[small_cell].high, str(small_cell))):
        for end in (needs[cell].low, needs[cell].high):
            witness = problem.witness(cell, end, hidden)
            if witness is None:
                hidden = problem.protect({cell: needs[cell]}, hidden)
                witness = problem.witness(cell, end, hidden)
            if witness is None:
                raise ValueError(f"{cell} cannot be protected")
            witnesses[cell, end] = witness
    hidden = _spared(problem, small, hidden, witnesses)
    loss = problem.weight(hidden)
    return Suppression(hidden, loss, min(loss, bound + problem.weight(small)))


def _spared(
    problem: _Problem[C],
    small: frozenset[C],
    hidden: frozenset[C],
    witnesses: dict[tuple[C, int], frozenset[C]],
) -> frozenset[C]:
    """Without the cells that are hidden for nothing, the weightiest first: what no witness moves, or only such as have another."""
    for cell in sorted(hidden - small, key=lambda hidden_cell: (-problem.weights[hidden_cell], str(hidden_cell))):
        fewer = hidden - {cell}
        others: dict[tuple[C, int], frozenset[C]] = {}
        for (target, end), moved in witnesses.items():
            if cell in moved:
                other = problem.witness(target, end, fewer)
                if other is None:
                    break
                others[target, end] = other
        else:
            hidden, witnesses = fewer, witnesses | others
    return hidden


@contextmanager
def _quiet() -> Iterator[None]:
    """While this lasts, nothing is printed: the solver tells of its searches on the standard output, past Python's own."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


class _Problem(Generic[C]):
    """Cells, relations and weights as matrices."""

    def __init__(
        self,
        values: Mapping[C, int],
        relations: Sequence[Relation[C]],
        weights: Mapping[C, float],
        shown: Collection[C],
        seconds: float,
    ):
        self.values, self.relations, self.weights, self._seconds = values, relations, weights, seconds
        self.free = [cell for cell in values if cell not in shown]
        self._at = {cell: number for number, cell in enumerate(self.free)}
        self._equal = self._matrix([relation for relation in relations if not relation.at_least])
        bounded = [relation for relation in relations if relation.at_least]
        self._bounded = self._matrix(bounded)
        self._slack = [float(sum(factor * values[cell] for cell, factor in relation.terms)) for relation in bounded]
        self.bound = 0.0

    def _matrix(self, relations: Sequence[Relation[C]]) -> csr_matrix:
        entries = [
            (number, self._at[cell], factor)
            for number, relation in enumerate(relations)
            for cell, factor in relation.terms
            if cell in self._at
        ]
        rows, columns, factors = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_matrix((factors, (rows, columns)), shape=(len(relations), len(self.free)))

    def weight(self, cells: Iterable[C]) -> float:
        return sum(self.weights[cell] for cell in cells)

    def witness(self, cell: C, end: int, hidden: Collection[C]) -> frozenset[C] | None:
        """The cells that another table moves, which agrees with all that is shown and in which the cell has this value: as little as can be.
        None where there is no such table."""
        own = [other for other in self.free if other in hidden]
        at = [self._at[other] for other in own]
        count, move = len(own), end - self.values[cell]
        if not move:
            return frozenset()
        equal, bounded = self._equal[:, at], self._bounded[:, at]
        fixed = csr_matrix(([1.0], ([0], [own.index(cell)])), shape=(1, count))
        both = [csr_matrix(hstack([part, -part])) for part in (equal, bounded, fixed)]
        solved = linprog(
            numpy.ones(2 * count), A_eq=vstack([both[0], both[2]]), b_eq=numpy.append(numpy.zeros(equal.shape[0]), move),
            A_ub=-both[1] if bounded.shape[0] else None, b_ub=numpy.array(self._slack) if bounded.shape[0] else None,
            bounds=[(0, None)] * count + [(0, self.values[other]) for other in own], method="highs",
        )  # fmt: skip
        if solved.status != 0:
            return None
        moved = solved.x[:count] + solved.x[count:]
        return frozenset(other for other, by in zip(own, moved, strict=True) if by > _NEAR)

    def protect(self, needs: Mapping[C, Need], hidden: frozenset[C], exact: bool = False) -> frozenset[C]:
        """``hidden`` with the lightest cells that protect all of these: for each a table in which it is low, and one in which it is high.
        Variables: whether each free cell is hidden, then for each table how much each cell is above and below its value."""
        count = len(self.free)
        moves = [
            (cell, move)
            for cell, need in needs.items()
            for move in (need.low - self.values[cell], need.high - self.values[cell])
            if move
        ]
        most = max((abs(move) for _, move in moves), default=0)
        up = numpy.full(count, float(max(most, 1) * 4))
        down = numpy.array([float(self.values[cell]) for cell in self.free])
        down = numpy.minimum(down, up)
        width = count * (1 + 2 * len(moves))
        tables = LinearConstraint(*self._tables(moves, up, down))
        aim = numpy.concatenate(
            [[0.0 if cell in hidden else self.weights[cell] for cell in self.free], numpy.full(width - count, 1e-7)]
        )
        least = numpy.concatenate([[float(cell in hidden) for cell in self.free], numpy.zeros(width - count)])
        greatest = numpy.concatenate([numpy.ones(count), numpy.tile(numpy.concatenate([up, down]), len(moves))])
        with _quiet():
            solved = milp(
                aim, integrality=numpy.concatenate([numpy.ones(count), numpy.zeros(width - count)]), bounds=Bounds(least, greatest),
                constraints=tables, options={"time_limit": self._seconds, "mip_rel_gap": 1e-6, **({} if exact else {"node_limit": _NODES})},
            )  # fmt: skip
        if solved.x is None:
            raise ValueError(f"{next(iter(needs))} cannot be protected")
        self.bound = float(solved.mip_dual_bound or 0.0)
        return hidden | {cell for cell, is_hidden in zip(self.free, solved.x[:count], strict=True) if is_hidden > 0.5}

    def _tables(
        self, moves: Sequence[tuple[C, int]], up: numpy.ndarray, down: numpy.ndarray
    ) -> tuple[csr_matrix, numpy.ndarray, numpy.ndarray]:
        """For each cell that is moved a table that agrees with all that is shown, as linear constraints with what they are at least and at most:
        only what is hidden is above its value, by ``up``, or below it, by ``down`` at the most."""
        count = len(self.free)
        width = count * (1 + 2 * len(moves))
        rows, low, high = [], [], []
        unit = csr_matrix(numpy.eye(count))
        for number, (cell, move) in enumerate(moves):
            begin = count * (1 + 2 * number)

            def add(
                least: float | numpy.ndarray,
                greatest: float | numpy.ndarray,
                above: csr_matrix,
                below: csr_matrix,
                hide: csr_matrix | None = None,
                begin: int = begin,
            ) -> None:
                height = above.shape[0]
                first = csr_matrix((height, count)) if hide is None else hide
                between, behind = (csr_matrix((height, room)) for room in (begin - count, width - begin - 2 * count))
                rows.append(csr_matrix(hstack([first, between, above, below, behind])))
                low.append(numpy.broadcast_to(least, height))
                high.append(numpy.broadcast_to(greatest, height))

            if self._equal.shape[0]:
                add(0, 0, self._equal, -self._equal)
            if self._bounded.shape[0]:
                add(-numpy.array(self._slack), numpy.inf, self._bounded, -self._bounded)
            add(-numpy.inf, 0, unit, 0 * unit, csr_matrix(numpy.diag(-up)))
            add(-numpy.inf, 0, 0 * unit, unit, csr_matrix(numpy.diag(-down)))
            own = csr_matrix(([1.0], ([0], [self._at[cell]])), shape=(1, count))
            add(move, move, own, -own)
        return csr_matrix(vstack(rows)), numpy.concatenate(low), numpy.concatenate(high)
