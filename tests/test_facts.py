"""Figures that the prose binds to a fact: read as people type them, held against the data, never waved through."""

import json
import shutil
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest

from nenpo.cli import main
from nenpo.errors import InputError
from nenpo.japanese.numerals import read_figure, restated
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prose.figures import figures_of
from nenpo.prose.written import find_figures
from nenpo.review.checks import review
from nenpo.text.markdown import parse, to_html

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")


@pytest.mark.parametrize(
    ("text", "value", "decimals", "unit", "about"),
    [
        ("２３８件", 238, 0, "件", False),
        ("4,008件", 4008, 0, "件", False),
        ("１１２．８％", Fraction("112.8"), 1, "%", False),
        ("2.17項目", Fraction("2.17"), 2, "項目", False),
        ("約20,000人", 20000, 0, "人", True),
        ("３割", 3, 0, "割", False),
        ("３万５千円", 35000, 0, "円", False),
        ("1億2,000万円", 120_000_000, 0, "円", False),
        ("２千５百万円", 25_000_000, 0, "円", False),
        ("約４千件", 4000, 0, "件", True),
        ("3億5万", 300_050_000, 0, "", False),
        ("1,2345件", None, 0, "", False),
        ("60万5,000円", 605000, 0, "円", False),
        ("二百件", 200, 0, "件", False),
        ("10件と20件", None, 0, "", False),
        ("1,23件", None, 0, "", False),
    ],
)
def test_a_figure_is_read_as_it_is_typed(text, value, decimals, unit, about):
    read = read_figure(text)
    assert (read is None) == (value is None)
    if read:
        assert (read.value, read.decimals, read.unit, read.about) == (value, decimals, unit, about)


@pytest.mark.parametrize(
    ("text", "amount", "says"),
    [
        ("112.8%", Fraction(238, 211) * 100, True),  # 112.796…
        ("112.7%", Fraction(238, 211) * 100, False),
        ("113%", Fraction(238, 211) * 100, False),  # a whole number is meant exactly
        ("約110%", Fraction(238, 211) * 100, True),
        ("約120%", Fraction(238, 211) * 100, False),
        ("0.5", Fraction(45, 100), True),  # half-up
        ("238件", Fraction(238), True),
        ("239件", Fraction(238), False),
        ("約240件", Fraction(238), True),
        ("約238件", Fraction(238), True),
        ("約230件", Fraction(238), False),
        ("約0件", Fraction(3), False),
    ],
)
def test_tolerance_is_what_the_digits_say(text, amount, says):
    assert read_figure(text).says(amount) is says


@pytest.fixture(scope="module")
def facts(office):
    return office.of(R5).facts


@pytest.mark.parametrize(
    ("path", "amount"),
    [
        ("2-1/新規相談受付件数/R5", 238),
        ("2-1/新規相談受付件数", 238),
        ("2-1/新規相談受付件数/R4", 211),
        ("2-1/新規相談受付件数/R5.4", 20),
        ("2-1/月末件数/R5", 257),
        ("2-2/合計/R5", 4220),
        ("3-1-2/20代/男性/R5", 8),
        ("3-1-2/合計/R5", 50),
        ("6-1/利用者数/R5", 6),
        ("5-1-2/新規決定/R5", 9),
        ("8-2/提供数の計/R5", 1201),
        ("8-2/延べ対象世帯数の米/R5.10", 3),
        ("2-5/相談者１人あたりの相談内容項目/R5", Fraction("2.17")),
        ("2-1/新規相談受付件数/R5/前年度比", Fraction(238, 211) * 100),
        ("2-1/新規相談受付件数/R5/前年度差", 27),
        ("2-2/電話・メール/R5/構成比", Fraction(2860, 4220) * 100),
        ("2-5/合計/R5÷2-1/新規相談受付件数/R5", Fraction(516, 238)),
    ],
)
def test_a_fact_has_the_amount_its_path_names(facts, path, amount):
    assert facts.fact(path).amount == amount


@pytest.mark.parametrize(
    "path",
    ["2-9/合計/R5", "2-1", "2-1/新規/R5", "2-1/新規相談受付件数/R9", "2-1/新規相談受付件数/R5.99", "8-1/③ 内容/R5", "3-1/同行訪問/R4",
     "3-1-2/20代/子ども/R5", "6-1/利用者/R5", "2-1/新規相談受付件数/R5.4/前年度比", "3-1/同行訪問/R5/構成比"],
)  # fmt: skip
def test_a_path_that_names_no_figure_is_refused(facts, path):
    with pytest.raises(InputError, match="という数値はありません"):
        facts.fact(path)


@pytest.fixture
def data(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    return tmp_path / "data"


def bound(office):
    return [one for one in figures_of(office.of(R5)) if one.section == "2-1" and one.kind == "statistic"]


def write(data, text):
    (data / "R5" / "commentary" / "2-1.md").write_text(text, encoding="utf-8")


TRUE = """新規相談は[２３８件](fact:2-1/新規相談受付件数/R5)で、前年度の[211件](fact:2-1/新規相談受付件数/R4)に比べ
[112.8％](fact:2-1/新規相談受付件数/R5/前年度比)、[２７件](fact:2-1/新規相談受付件数/R5/前年度差)増えた。

- 電話・メールは[約3,000件](<fact:2-2/電話・メール/R5>)、全体の[67.8%](fact:2-2/電話・メール/R5/構成比)
- 申請は[９件](<fact:5-1/申請 当初/R5>)、倍率は[1.1倍](fact:2-1/新規相談受付件数/R5/前年度倍率)
"""


@pytest.mark.parametrize(
    ("text", "amount", "anew"),
    [
        ("２３８件", 1234, "１，２３４件"), ("1234件", 987, "987件"), ("約2,000件", 3456, "約3,000件"), ("12.5％", 13, "13.0％"),
        ("129億9,000万円", 13_169_000_000, "131億6,900万円"), ("53億2,000万円", 60_000_000, "6,000万円"), ("3万5千円", 41_200, "4万1千円"),
        ("１，４０８．４千人", 1_628_400, "１，６２８．４千人"), ("約163万人", 1_712_345, "約171万人"), ("３０万件", 0, "０万件"), ("二百三十八件", 5, None),
    ],
)  # fmt: skip
def test_a_figure_is_stated_anew_in_its_own_manner(text, amount, anew):
    assert restated(text, Fraction(amount)) == anew


def test_true_figures_are_bound_with_file_section_and_line(data):
    write(data, TRUE)
    found = bound(Office(data))
    assert [(one.line, one.outcome) for one in found] == [(1, "bound")] * 2 + [(2, "bound")] * 2 + [
        (4, "bound"),
        (4, "bound"),
        (5, "bound"),
        (5, "bound"),
    ]
    first = found[0]
    assert (first.file, first.section, first.text, first.fact) == (
        "R5/commentary/2-1.md",
        "2-1",
        "２３８件",
        "2-1/新規相談受付件数/R5",
    )
    assert review(Office(data).of(R5)).errors == []


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("２３８件", "２３９件"),
        ("２３８件", "２８３件"),
        ("211件", "238件"),
        ("112.8％", "112.7％"),
        ("２７件", "２７％"),
        ("約3,000件", "3,000件"),
        ("67.8%", "68%"),
        ("1.1倍", "1.2倍"),
        ("新規相談受付件数/R4", "新規相談受付件数/R3"),
        ("電話・メール/R5/構成比", "面談/R5/構成比"),
        ("申請 当初", "申請 最初"),
    ],
)
def test_a_figure_that_does_not_hold_is_an_error_with_its_place(data, capsys, true, false):
    assert true in TRUE
    write(data, TRUE.replace(true, false, 1))
    out = ["--data", str(data), "--out", str(data.parent / "out")]
    assert main(["check", "R5", "--json", *out]) == 1
    told = json.loads(capsys.readouterr().out)
    (error,) = [one for one in told["findings"] if one["severity"] == "error"]
    assert error["rule"] == "本文の数値" and error["sheet"] == "R5/commentary/2-1.md" and "行目" in error["cell"]
    bound = [one for one in told["figures"] if one["section"] == "2-1" and one["kind"] == "statistic"]
    assert [one["outcome"] for one in bound].count("contradicted") == 1 and len(bound) == 8


def test_a_bound_figure_leads_to_its_table_in_the_page():
    page = to_html(parse("[２３８件](fact:2-1/新規相談受付件数/R5)"))
    assert page == '<p><a href="#tbl-2-1"><span class="whole">２３８</span>件</a></p>\n'


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("平成２７年４月１日から令和２、３年度", [("平成２７年４月１日", "date"), ("令和２、３年度", "date")]),
        ("R5.4とH29.12.1、2024年3月、12月末", [(one, "date") for one in ("R5.4", "H29.12.1", "2024年3月", "12月末")]),
        (
            "２０代から５０代、65歳以上、中学１年生",
            [(one, "age class") for one in ("２０代から５０代", "65歳以上", "中学１年生")],
        ),
        ("週１回、月２～３回", [("週１回", "schedule"), ("月２～３回", "schedule")]),
        ("「2－5　相談内容」の図１と表2－5－2", [(one, "reference") for one in ("2－5", "図１", "表2－5－2")]),
        ("50音順、第２次", [("50音順", "label"), ("第２次", "label")]),
        ("①支援は３か月間、９名", [("３か月", ""), ("９名", "")]),
        ("約１．８０項目（≒３７９÷２１１）", [("約１．８０項目", ""), ("３７９", ""), ("２１１", "")]),
        ("1,234円と３万５千円と１２３４５円", [("1,234円", ""), ("３万５千円", ""), ("１２３４５円", "")]),
        ("令和５年度は２３８件で112.8％", [("令和５年度", "date"), ("２３８件", ""), ("112.8％", "")]),
    ],
)
def test_every_figure_is_found_and_those_that_are_no_statistic_are_told(prose, found):
    assert [(one.text, one.kind) for one in find_figures(prose)] == found


def test_every_digit_of_the_texts_belongs_to_one_figure(office):
    seen = 0
    for path in sorted((ROOT / "data" / "R5").glob("c*/*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            covered = [place for one in find_figures(line) for place in range(one.start, one.end)]
            assert len(covered) == len(set(covered))
            digits = [place for place, sign in enumerate(line) if unicodedata.category(sign) == "Nd"]
            assert set(digits) <= set(covered), line
            seen += len(digits)
    assert seen > 150
