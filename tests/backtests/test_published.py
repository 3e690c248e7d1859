"""This workbook's figures against what the R5 report printed, cell by cell."""

import re
import unicodedata
from pathlib import Path

import pytest

from nenpo.errors import ContentError
from nenpo.japanese.years import FiscalYear
from nenpo.review.breaches import broken
from nenpo.review.errata import errata_page
from nenpo.review.identities import instances
from nenpo.review.published import compute, differences, read_published

R5 = FiscalYear("R5")
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def figures(office):
    return office.figures(R5)


@pytest.fixture(scope="module")
def published(office):
    return read_published(office.year_folder(R5) / "published.csv")


def test_every_published_figure_is_computed_and_all_but_the_errata_agree(office, figures, published):
    found = list(differences(published, office.dictionary, figures, R5))
    assert len(published) > 590 and all(compute(one, office.dictionary, figures, R5) is not None for one in published)
    assert [(one.published.table, one.published.row, one.published.printed, one.computed) for one in found] == [
        ("2-3", "R2年度", "53.0%", "24.0%"),
        ("2-3", "R2年度", "7.1%", "4.7%"),
        ("2-3", "R2年度", "39.9%", "71.4%"),
        ("2-3", "R2年度", "24.5%", "7.5%"),
        ("2-3", "R2年度", "15.4%", "63.9%"),
        ("2-4", "R3年度", "21.5%", "21.4%"),
        ("2-5", "R5年度", "16.0%", "15.9%"),
        ("2-6", "R3年度", "38.4%", "38.3%"),
    ]


def test_every_percentage_of_the_source_is_among_the_published(published):
    """As a bag of values: each percentage that the tables of the source print has its line in published.csv."""
    text = unicodedata.normalize("NFKC", (ROOT / "tests/backtests/source-R5.txt").read_text(encoding="utf-8"))
    rows = [line.split() for line in text.splitlines() if re.fullmatch(r"[\d.,% ]+ 100%", line)]
    printed = sorted(value for row in rows for value in row if value.endswith("%"))
    shares = [one for one in published if one.kind == "share"]
    assert len(printed) == 4 * (7 + 7 + 9 + 9 + 7)
    assert printed == sorted(one.printed for one in shares if one.table != "2-5-2")
    cross = [line for line in text.splitlines() if re.search(r"(\d+ \d+%\s*){7}$", line)]
    assert sum(line.count("%") for line in cross) == len([one for one in shares if one.table == "2-5-2"]) == 22 * 7


def test_the_errata_page_lists_every_difference_and_nothing_else(office):
    page = (ROOT / "docs/errata-R5.md").read_text(encoding="utf-8")
    assert page == errata_page(office.of(R5))


def test_a_difference_without_a_reason_is_refused(office, tmp_path, monkeypatch):
    (tmp_path / "errata.toml").write_text(
        '[[difference]]\ntable = "2-1"\nrow = "R5年度"\nprinted = { "延べ対応件数" = "1" }\nwhy = "なし"\n',
        encoding="utf-8",
    )
    (tmp_path / "published.csv").write_bytes((office.year_folder(R5) / "published.csv").read_bytes())
    monkeypatch.setattr(type(office), "year_folder", lambda self, year: tmp_path)
    with pytest.raises(ContentError) as refusal:
        errata_page(office.of(R5))
    told = str(refusal.value)
    assert "2-3 R2年度 本人 53.0% の理由がありません" in told and "2-1 R5年度 延べ対応件数 1 に違いはありません" in told


def test_what_must_agree_agrees_in_every_month_and_year_but_three(office):
    inputs = office.of(R5).cells
    found = [breach for year in inputs.years for breach in broken(inputs, year)]
    assert sum(len(instances(inputs, year)) for year in inputs.years) > 550
    assert [(one.period, one.text.partition(" = ")[0]) for one in found] == [
        ("R2年度", "延べ対応件数"),
        ("R4年度", "月末件数"),
        ("R4年度", "延べ対応件数"),
    ]
