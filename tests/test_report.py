"""The built R5 report against the source: every row in HTML and in the PDF."""

import json
import re
import unicodedata

import pypdfium2
import pytest
from bs4 import BeautifulSoup

from nenpo.japanese.years import FiscalYear
from nenpo.present.html import view_html
from nenpo.present.tables import table_view
from nenpo.present.views import BodyRow, Head, TableView
from nenpo.publish.typst import typst_of

R5 = FiscalYear("R5")


@pytest.fixture(scope="module")
def page(r5):
    return BeautifulSoup((r5 / "report.html").read_text(encoding="utf-8"), "lxml")


@pytest.fixture(scope="module")
def pdf_text(r5):
    document = pypdfium2.PdfDocument(r5 / "report.pdf")
    return "\n".join(squeezed(page.get_textpage().get_text_bounded()) for page in document)


def squeezed(text):
    """Text without the accidents of setting: width and spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def test_every_row_of_every_table_stands_in_html_and_in_the_pdf(office, page, pdf_text):
    figures = office.figures(R5)
    checked = 0
    for table in office.dictionary.kept(R5):
        view = table_view(table, figures, R5)
        shown = page.find("table", id=view.id)
        assert shown, view.id
        rows = [[squeezed(cell.get_text()) for cell in row.find_all("td")] for row in shown.tbody.find_all("tr")]
        assert rows == [[squeezed(cell) for cell in row.cells] for row in view.rows]
        for row in view.rows:
            label = row.labels[-1]  # the month of a row with two measures stands between its two lines
            assert squeezed(label + "".join(row.cells)) in pdf_text, (table.id, label)
            checked += 1
    assert checked > 250


def test_the_page_and_the_book_are_in_japanese_and_titled(page, r5):
    assert page.html["lang"] == "ja" and page.title.text == "令和５年度　年報　小樽市福祉総合相談室「たるさぽ」"
    document = pypdfium2.PdfDocument(r5 / "report.pdf")
    assert document.get_metadata_value("Title") == page.title.text


def test_nothing_in_the_page_runs_or_leads_out(page):
    assert not page.find_all(["script", "iframe", "object", "form", "link"])
    assert not [
        tag for tag in page.find_all(True) if any(name.startswith("on") or name == "style" for name in tag.attrs)
    ]
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_what_is_typed_into_excel_is_shown_as_text():
    attack = '<script>alert("1")</script>#eval(sys) \\ $x$'
    rows = (BodyRow("row", (attack,), (attack,)),)
    view = TableView("tbl-9-1", attack, ((Head(attack), Head(attack)),), rows, notes=(attack,))
    html, typst = view_html(view), typst_of(view)
    assert "<script" not in html and html.count("&lt;script&gt;") == 6
    call = re.fullmatch(r'#report-table\(\.\.json\(bytes\(("(?:[^"\\]|\\.)*")\)\)\)\n', typst)
    assert str(json.loads(json.loads(call[1]))).count(repr(attack)[1:-1]) == 6
