"""The review edition: where each figure comes from, who relies on it, and what has changed."""

import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from nenpo.built import FINAL, HTML, REVIEW, REVIEWED
from nenpo.cli import main
from nenpo.edition.marks import Mark, mark_figures, soup_of
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.review.checks import review
from nenpo.review.sources import cells_of, in_words

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")


class Edited:
    """An office's folders that are edited and built."""

    def __init__(self, folder):
        self.data, self.out = folder / "data", folder / "outputs"
        shutil.copytree(ROOT / "data", self.data, ignore=shutil.ignore_patterns("控え"))
        shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))

    def build(self, *options):
        code = main(["build", "R5", "--html", "--review", "--data", str(self.data), "--out", str(self.out), *options])
        assert code == 0
        return BeautifulSoup((self.out / "R5" / REVIEW).read_text(encoding="utf-8"), "lxml")

    def replace(self, old, new):
        path = self.data / "R5" / "commentary" / "2-1.md"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    def type_in(self, cell, value):
        path = self.data / "R5" / "statistics.xlsx"
        book = load_workbook(path)
        book[next(name for name in book.sheetnames if name.startswith("2-1 "))][cell] = value
        book.save(path)


@pytest.fixture(scope="module")
def edited(tmp_path_factory, executed):
    edited = Edited(tmp_path_factory.mktemp("review"))
    executed(edited.out)
    return edited


@pytest.fixture(scope="module")
def page(edited):
    return edited.build()


def target(page, link):
    return page.find(id=unquote(link["href"].removeprefix("#")))


def words(tag):
    return "".join(text for text in tag.find_all(string=True) if not text.find_parent(class_=["sign", "spoken"]))


def test_every_figure_of_the_prose_is_marked_by_its_outcome_and_no_text_is_lost(edited, page):
    figures = review(Office(edited.data).of(R5)).figures
    marks = {mark["id"]: mark for mark in page.select(".figure[id]")}
    assert len(marks) == len(page.select(".figure[id]"))
    shown = [(number, one) for number, one in enumerate(figures, start=1) if f"use-{number}" in marks]
    assert len(shown) == len(figures) > 100
    for number, figure in shown:
        mark = marks[f"use-{number}"]
        assert figure.outcome in mark["class"]
        assert words(mark) == figure.text
    printed = BeautifulSoup((edited.out / "R5" / HTML).read_text(encoding="utf-8"), "lxml")
    for name in (".text", ".case"):
        assert list(map(words, page.select(name))) == [text.get_text() for text in printed.select(name)]


def test_a_figure_leads_to_its_cell_and_the_cell_back(page):
    links = page.select("a.figure")
    assert len(links) == 16
    for link in links:
        cell = target(page, link)
        assert cell.name == "td"
        back = target(page, cell.find("a", class_="used"))
        uses = [back] if "figure" in back.get("class", []) else [target(page, one) for one in back.find_all("a")]
        assert link in uses
    ids = {tag["id"] for tag in page.find_all(id=True)}
    assert len(ids) == len(page.find_all(id=True))
    assert {unquote(a["href"][1:]) for a in page.find_all("a", href=re.compile("^#"))} <= ids


def test_the_source_in_excel_the_code_and_the_findings_stand_beside(page):
    told = page.find(id="sec-2-1").select_one(".figures-of")
    assert "R5 シート「2-1 相談件数等」B6～B17" in told.get_text()
    assert "report.table" in page.find(id="sec-2-1").find("pre").get_text()
    notes = page.find(id="sec-2-1").select_one(".findings.note")
    assert "月末件数 = 前の月末件数" in notes.get_text()
    assert "比べる前の版はありません" in page.find(id="review").get_text()


def test_nothing_is_marked_where_nothing_has_changed(edited, page):
    (edited.out / "R5" / REVIEW).unlink()
    found = edited.build()
    assert "前に確かめた版から変わったところ\nありません。" in found.find(id="review").get_text()
    assert found.select(".changed") == []


def test_what_has_changed_and_what_does_not_hold_is_marked(edited, page):
    edited.replace("２３８件", "２９３件")
    edited.replace("コロナ禍以前の相談件数と同程度", "コロナ禍以前の相談件数とほぼ同じ")
    edited.type_in("B6", 21)
    edited.type_in("C6", 12)
    found = edited.build()
    told = found.find(id="review").get_text()
    assert "相談件数はコロナ禍以前の相談件数とほぼ同じ" in told or "新規相談件数は２９３件と前年度に比べ微増" in told
    assert "（データと" not in told
    assert "前に確かめた版から変わったところ" in told and "20 → 21" in told
    wrong, *others = found.select(".figure.contradicted[id]")
    assert [words(one) for one in others] == ["約２．１７項目", "２３８"]  # what 2-5 says rests on the same cells
    assert "２９３件" in wrong.get_text() and "データでは 239" in found.find(id="review").get_text()
    assert "もとの数値に「" in wrong.get_text()  # B6 agrees no longer with 2-4
    changed = found.find(id="tbl-2-1").select("td.changed")
    assert [cell.get_text() for cell in changed][:1] == ["21（前の版：20）"]
    assert any("コロナ禍以前の相談件数と同程度" in before.get_text() for before in found.select(".text .before"))
    assert found.select_one("#sec-2-1 .findings.error")
    assert (edited.out / "R5" / REVIEWED).read_bytes() == (edited.out / "R5" / HTML).read_bytes()
    edited.replace("２９３件", "２３８件")
    edited.type_in("B6", 20)
    edited.type_in("C6", 11)
    assert edited.build("--final").select("td.changed")
    assert (edited.out / "R5" / FINAL).read_bytes() == (edited.out / "R5" / HTML).read_bytes()
    edited.replace("ほぼ同じ", "同じくらい")
    assert "前に公表した版から変わったところ" in edited.build().find(id="review").get_text()


def test_marks_find_their_place_among_footnotes_links_and_marks_of_emphasis():
    html = (
        '<p>７月は<strong>２３</strong>８件<sup class="footnote-ref"><a href="#fn">[1]</a></sup>、'
        '<a href="#tbl-2-1">１９７件</a>である。１件。</p>'
    )
    marks = [
        Mark("use-1", "７月", "waived", "", "", ""),
        Mark("use-2", "２３８件", "traced", "○", "（合う）", "cell"),
        Mark("use-3", "１９７件", "bound", "◎", "", "cell"),
        Mark("use-4", "５件", "waived", "", "", ""),
        Mark("use-5", "１件", "waived", "", "", ""),
    ]
    soup = soup_of(html)
    assert mark_figures(soup, marks) == {"use-1", "use-2", "use-3", "use-5"}
    assert words(soup) == soup_of(html).get_text()
    assert soup.find(id="use-3").find_parent("a")["href"] == "#cell"


def test_a_fact_knows_the_cells_it_rests_on(office):
    inputs, facts = office.of(R5).cells, office.of(R5).facts
    told = {
        path: in_words(cells_of(path, facts, inputs), inputs)
        for path in (
            "2-1/月末件数/R5/前年度比",
            "2-5/合計/R5÷2-1/新規相談受付件数/R5",
            "6-1/利用者数/R5",
            "9-9/ない/R5",
        )
    }
    assert list(told.values()) == [
        "R5 シート「2-1 相談件数等」J17、R4 シート「2-1 相談件数等」J6",
        "R5 シート「2-5 相談内容（複数回答）」B5～I16、R5 シート「2-1 相談件数等」B6～B17",
        "R5 シート「単独の数値」C9",
        "",
    ]


def test_the_review_edition_is_kept_up_to_date_once_it_was_asked_for(edited, page):
    edited.build()
    edited.replace("コロナ禍以前", "コロナ以前")
    assert main(["build", "R5", "--html", "--data", str(edited.data), "--out", str(edited.out)]) == 0
    review_edition = edited.out / "R5" / REVIEW
    assert "コロナ以前の相談件数" in BeautifulSoup(review_edition.read_text(encoding="utf-8"), "lxml").get_text()
    review_edition.unlink()
    assert main(["build", "R5", "--html", "--data", str(edited.data), "--out", str(edited.out)]) == 0
    assert not review_edition.exists()
