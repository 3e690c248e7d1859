from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.records import NOT_APPLICABLE
from nenpo.sums import completed, quotient, share, total
from nenpo.table import Column, Table

R5 = FiscalYear("R5")


@pytest.fixture(scope="module")
def figures():
    return Office(Path(__file__).parent.parent / "data").figures(R5)


def test_a_total_keeps_not_applicable_apart_from_zero_and_from_missing():
    assert total([1, 2, NOT_APPLICABLE]) == 3
    assert total([0, 0]) == 0
    assert total([NOT_APPLICABLE, NOT_APPLICABLE]) is NOT_APPLICABLE
    assert total([None, None]) is None


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "expected"),
    [(1, 8, 0, "13"), (1, 200, 0, "1"), (3, 8, 0, "38"), (1, 80, 1, "1.3"), (0, 5, 1, "0.0"), (2860, 4220, 1, "67.8")],
)
def test_shares_are_rounded_half_up(part, whole, decimals, expected):
    assert str(share(part, whole, decimals)) == expected


def test_there_is_no_share_of_nothing():
    assert share(0, 0) is None and share(None, 5) is None and share(NOT_APPLICABLE, 5) is None


@given(st.data())
def test_sums_of_sums_are_those_of_what_is_typed(data):
    """In any order of the columns, as deep as they go."""
    typed = {f"列{at}": data.draw(st.integers(0, 999)) for at in range(data.draw(st.integers(1, 4)))}
    worth, columns = dict(typed), [Column(name) for name in typed]
    for at in range(data.draw(st.integers(1, 4))):
        parts = data.draw(st.lists(st.sampled_from(sorted(worth)), min_size=1, unique=True))
        worth[f"計{at}"] = sum(worth[part] for part in parts)
        columns.append(Column(f"計{at}", sum=tuple(parts)))
    table = Table("1-1", "表", R5, rows=("甲",), columns=tuple(data.draw(st.permutations(columns))))
    assert completed(table, typed) == worth


def test_rate_per_person():
    assert quotient(516, 238, 2) == Decimal("2.17")


def test_flows_are_added_up_and_stocks_are_not(figures):
    year = figures.table("2-1", R5).year[""]
    assert year["延べ対応件数"] == 4008 and year["月末件数"] == 257
    assert figures.of_year("7-1", "登録者数", R5) is None and figures.of_year("7-1", "出席回数 計", R5) == 1070


def test_two_measures_are_kept_apart(figures):
    year = figures.table("8-2", R5).year
    assert (year["延べ対象世帯数"]["計"], year["提供数"]["計"]) == (121, 1201)


def test_a_year_without_months_has_its_typed_figures_and_computed_sums(figures):
    fourth = figures.table("2-3", FiscalYear("R4"))
    assert not fourth.rows
    assert fourth.year[""]["関係機関等からの紹介"] == 64 and fourth.year[""]["合計"] == 211


def test_years_shown_are_those_for_which_there_are_figures(figures):
    table = figures.table("5-1", R5).table
    assert [year.code for year in figures.kept_years(table, R5)] == ["R5", "R4", "R3", "R2", "R1"]
    assert figures.table("2-1", FiscalYear("R1")) is None


def test_a_single_figure_may_come_from_a_table(figures):
    assert figures.single("5-1-2", "延長決定", R5) == 4 and figures.single("6-1", "利用者数", R5) == 6


def test_computed_columns_stand_in_their_place(figures):
    table = figures.table("2-3", R5).table
    assert list(completed(table, {})) == [column.name for column in table.columns]
