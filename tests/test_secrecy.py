"""Small cells kept secret: published examples with known answers, random sets of linked tables, and an attacker that finds nothing."""

from __future__ import annotations

import math
import random

import pytest

from nenpo.secrecy.attack import Interval, Relation, attacked
from nenpo.secrecy.published import published, small
from nenpo.secrecy.rounding import in_steps, meant_by
from nenpo.secrecy.suppression import Need, suppressed


def crossed(rows, name=""):
    """A table with its margins: values and relations."""
    values, relations = {}, []
    height, width = len(rows), len(rows[0])
    for r in range(height):
        values |= {(name, r, c): rows[r][c] for c in range(width)}
        values[name, r, "計"] = sum(rows[r])
    for c in range(width):
        values[name, "計", c] = sum(row[c] for row in rows)
    values[name, "計", "計"] = sum(map(sum, rows))
    for r in [*range(height), "計"]:
        relations.append(Relation((*(((name, r, c), 1) for c in range(width)), ((name, r, "計"), -1))))
    for c in [*range(width), "計"]:
        relations.append(Relation((*(((name, r, c), 1) for r in range(height)), ((name, "計", c), -1))))
    return values, relations


def test_the_least_loss_of_a_published_example():
    """20 50 10 / 8 19 22 / 17 32 12 with 22 hidden: 8, 22, 17 and 12, which leaves 5 to 30 for it."""
    values, relations = crossed([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
    found = suppressed(values, relations, {("", 1, 2): Need(21, 23)})
    assert found.hidden == {("", 1, 0), ("", 1, 2), ("", 2, 0), ("", 2, 2)}
    assert found.loss == 59 and found.gap == 0
    assert attacked(values, found.hidden, relations)["", 1, 2] == Interval(5, 30)


def test_tables_that_are_published_together():
    """By county A2 B2 I8 J8 | K3 L3 M3 N7, and by {L, M | the rest}: K would be 30 − 20 − 7, so N is hidden too."""
    values = {
        "A": 2,
        "B": 2,
        "I": 8,
        "J": 8,
        "K": 3,
        "L": 3,
        "M": 3,
        "N": 7,
        "first": 20,
        "second": 16,
        "LM": 6,
        "rest": 30,
    }
    relations = [
        Relation((*((cell, 1) for cell in cells), (whole, -1)))
        for cells, whole in (("ABIJ", "first"), ("KLMN", "second"), ("LM", "LM"), ("ABIJKN", "rest"))
    ]
    alone = attacked(values, "ABKLM", relations)
    assert alone["K"] == Interval(3, 3)
    needs = {cell: Need(values[cell] - 1, values[cell] + 1) for cell in "ABKLM"}
    found = suppressed(values, relations, needs, shown=("first", "second", "LM", "rest"))
    assert found.hidden == {*"ABKLM", "N"}
    assert all(interval.width > 0 for interval in attacked(values, found.hidden, relations).values())


def test_a_cell_alone_in_its_row_and_what_cannot_be_protected():
    values, relations = {"x": 3, "whole": 3}, [Relation((("x", 1), ("whole", -1)))]
    assert suppressed(values, relations, {"x": Need(0, 10)}).hidden == {"x", "whole"}
    with pytest.raises(ValueError, match="protected"):
        suppressed(values, relations, {"x": Need(0, 10)}, shown=["whole"])
    assert suppressed(values, relations, {}).hidden == frozenset()
    assert attacked({"x": 3}, ["x"], []) == {"x": Interval(0, math.inf)}


def test_what_is_at_most_another_figure_is_known_to_the_attacker():
    values = {"うち": 3, "全体": 4}
    relations = [Relation((("全体", 1), ("うち", -1)), at_least=True)]
    assert attacked(values, ["うち"], relations)["うち"] == Interval(0, 4)
    assert suppressed(values, relations, {"うち": Need(0, 10)}).hidden == {"うち", "全体"}


@pytest.mark.parametrize("seed", range(100))
def test_random_linked_tables(seed):
    """Two tables that share a column, some rows and the whole: the attacker finds no small cell, and each cell that is hidden beside them is
    needed: shown again, it gives one away."""
    chance = random.Random(seed)
    height, width = chance.randint(2, 5), chance.randint(2, 5)
    first = [[chance.choice([0, 1, 2, 3, 7, 12, 25, 60]) for _ in range(width)] for _ in range(height)]
    second = [[chance.choice([0, 2, 4, 9, 30]) for _ in range(width)] for _ in range(height)]
    for row, other in zip(first, second, strict=True):  # they share their first column
        other[0] = row[0]
    values, relations = crossed(first, "甲")
    more, others = crossed(second, "乙")
    values, relations = values | more, [*relations, *others]
    relations += [Relation(((("甲", r, 0), 1), (("乙", r, 0), -1))) for r in [*range(height), "計"]]
    needs = {cell: Need(0, 10) for cell, value in values.items() if 0 < value < 5}
    found = suppressed(values, relations, needs)
    assert suppressed(values, relations, needs).hidden == found.hidden >= needs.keys()

    def fallen(hidden):
        for cell, need in needs.items():
            seen = attacked(values, hidden, relations, [cell])[cell]
            if seen.low > need.low or seen.high < need.high:
                yield cell

    assert next(fallen(found.hidden), None) is None
    for cell in found.hidden - needs.keys():
        assert next(fallen(found.hidden - {cell}), None) is not None, cell
    assert 0 <= found.gap <= 1


def test_the_real_report(office):
    year = office.year("R5")
    shown = published(office.of(year))
    for relation in shown.relations:  # what the attacker is told is true
        amount = sum(factor * shown.values[place] for place, factor in relation.terms)
        assert amount >= 0 if relation.at_least else amount == 0, relation
    needs = {place: Need(0, 10) for place in small(shown.values, list(office.dictionary), 5)}
    assert len(needs) > 400 and len(shown.relations) > 700
    found = suppressed(shown.values, shown.relations, needs)
    seen = attacked(shown.values, found.hidden, shown.relations)
    assert all(seen[place].low <= 0 and seen[place].high >= 10 for place in needs)
    assert all(interval.width >= 1 for interval in seen.values())
    assert len(found.hidden) < 0.35 * len(shown.values)


@pytest.mark.parametrize("base", range(1, 13))
def test_a_round_number_means_the_counts_that_are_shown_by_it(base):
    for count in range(60):
        shown = in_steps(count, base)
        least, most = meant_by(shown, base)
        assert [other for other in range(100) if in_steps(other, base) == shown] == list(range(least, most + 1))
