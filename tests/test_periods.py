"""Labels of rows: what year, month or quarter they say, however an office writes it, and that none says another."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nenpo.japanese.eras import within_era
from nenpo.japanese.periods import month_said, quarter_said, year_said
from nenpo.japanese.years import FiscalYear
from nenpo.workbook.book import plain

R6 = FiscalYear("R6")
YEARS = [FiscalYear(start) for start in range(2015, 2025)]
KANJI = "〇一二三四五六七八九十"


def in_kanji(number):
    tens, ones = divmod(number, 10)
    return ["", "十", f"{KANJI[tens]}十"][min(tens, 2)] + (KANJI[ones] if ones else "")


def spelt(year, month=12):
    """The ways of writing a year, within its era at a month."""
    era, nth = within_era(year, month)
    numbers = [str(nth), *["元"] * (nth == 1)]
    return [
        str(year),
        *(word + number for number in numbers for word in (era.name, era.letter, era.name[0])),
        era.name + ("元" if nth == 1 else in_kanji(nth)),
    ]


@st.composite
def years(draw):
    year = draw(st.sampled_from(YEARS))
    word = draw(st.sampled_from(["", "年", "年度"]))
    label = draw(st.sampled_from(spelt(year.start))) + word
    again = draw(st.sampled_from([f"（{text}{draw(st.sampled_from(['', '年度']))}）" for text in spelt(year.start)]))
    return year, label + draw(st.sampled_from(["", again, "（見込み）", "（速報値）"]))


@given(years())
def test_a_year_is_read(said):
    year, label = said
    assert year_said(plain(label), YEARS) == year
    assert year_said(plain(label), [other for other in YEARS if other != year]) is None


@pytest.mark.parametrize(
    ("label", "year"),
    [
        ("平成31（令和元）年度", "R1"), ("令和元年度（平成31年度）", "R1"), ("平成31年度", "R1"), ("元年度", "R1"), ("29年度", "H29"), ("29", None), ("1", None), ("6年度", "R6"),
        ("令和５年度（令和４年度）", None), ("令和５年度（10月末）", None), ("令和５年度平均", None), ("31", None), ("5～6年度", None), ("", None),
    ],
)  # fmt: skip
def test_a_label_of_one_year_alone_is_read(label, year):
    assert year_said(plain(label), YEARS) == (FiscalYear(year) if year else None)


@st.composite
def months(draw):
    month = draw(st.sampled_from(R6.months))
    era, nth = within_era(month.year, month.month)
    number = draw(st.sampled_from([str(month.month), f"{month.month:02d}", in_kanji(month.month)]))
    behind = draw(st.sampled_from(["月", "月分", "月末", "月末現在", "月中", "月（速報）"]))
    year = draw(st.sampled_from([*spelt(month.year, month.month), str(nth)]))
    fiscal = draw(st.sampled_from(["令和6年度", "2024年度"]))
    return month, draw(
        st.sampled_from(
            [
                number + behind, f"{year}年{number}{behind}", f"{fiscal}{number}{behind}", f"{era.letter}{nth}.{month.month}",
                f"{month.year}/{month.month}", f"{month.year}-{month.month:02d}", f"{month.year}{month.month:02d}", f"{nth}.{month.month}",
            ]
        )
    )  # fmt: skip


@given(months())
def test_a_month_is_read(said):
    month, label = said
    assert month_said(plain(label), R6) == month
    if re.search("年|[./-]", label):
        assert month_said(plain(label), FiscalYear("R4")) is None


@pytest.mark.parametrize(
    "label",
    [
        "5.4",
        "令和５年４月",
        "2023年4月",
        "平成６年４月",
        "13月",
        "0月",
        "4～6月",
        "上半期",
        "4月1日",
        "４月（10日現在）",
    ],
)
def test_what_is_no_month_of_the_year_is_none(label):
    assert month_said(plain(label), R6) is None


@pytest.mark.parametrize(
    "labels",
    [
        "第１四半期 第２四半期 第３四半期 第４四半期", "第一四半期 第二四半期 第三四半期 第四四半期", "1Q 2Q 3Q 4Q", "Q1 Q2 Q3 Q4", "Ⅰ Ⅱ Ⅲ Ⅳ", "第1期 第2期 第3期 第4期",
        "４～６月 ７～９月 10～12月 １～３月", "4-6月 7-9月 10-12月 1-3月", "4月～6月 7月～9月 10月～12月 1月～3月", "第1四半期(4～6月) 第2四半期(7～9月) 第3四半期 第4四半期",
    ],
)  # fmt: skip
def test_quarters_are_read(labels):
    assert [quarter_said(plain(label), R6) for label in labels.split(" ")] == [1, 2, 3, 4]


@pytest.mark.parametrize("label", ["第5四半期", "1～3", "4～9月", "上期", "前期", ""])
def test_what_is_no_quarter_is_none(label):
    assert quarter_said(plain(label), R6) is None
