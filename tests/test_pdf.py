"""The PDF as a document: standards, bookmarks, tags, faces, and pages a city would publish."""

import io
import re
import shutil
import sys

import nbformat
import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from nenpo.errors import ContentError
from nenpo.publish.book import make_book
from nenpo.publish.exporters import HtmlExporter, PdfExporter
from nenpo.publish.pdf import Typesetter


@pytest.fixture(scope="module")
def document(r5):
    with pikepdf.open(r5 / "report.pdf") as pdf:
        yield pdf


@pytest.fixture(scope="module")
def pages(r5):
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(r5 / "report.pdf")]


@pytest.fixture(scope="module")
def headings(r5):
    page = BeautifulSoup((r5 / "report.html").read_text(encoding="utf-8"), "lxml")
    return [(int(tag.name[1]), tag.text) for tag in page.main.find_all(["h2", "h3"])]


def elements(element):
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from elements(kid)


def test_it_declares_pdf_a_2a_and_pdf_ua_1(document):
    metadata = document.Root.Metadata.read_bytes().decode()
    assert re.search(r"pdfaid:part>2<", metadata) and re.search(r"pdfaid:conformance>A<", metadata)
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert document.Root.Lang == "ja" and document.Root.MarkInfo.Marked


def test_only_biz_ud_gothic_is_used_and_it_is_embedded(document):
    """The proportional face, and for punctuation the one of full width."""
    faces = {}
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            faces[str(item.FontName)] = any(key in item for key in ("/FontFile2", "/FontFile3"))
    used = {name.partition("+")[2] for name in faces}
    assert used == {
        f"{family}-{weight}" for family in ("BIZUDPGothic", "BIZUDGothic") for weight in ("Regular", "Bold")
    }
    assert all(faces.values())


def test_no_two_letters_are_set_over_each_other(r5):
    """The boxes of letters that follow each other in a line, over all pages: 】（ and 、「 too."""
    over = []
    for number, page in enumerate(pypdfium2.PdfDocument(r5 / "report.pdf"), start=1):
        text, before = page.get_textpage(), None
        for at in range(text.count_chars()):
            letter, (left, bottom, right, top) = text.get_text_range(at, 1), text.get_charbox(at)
            if not letter.strip() or right <= left:
                before = None
                continue
            size = max(top - bottom, right - left)
            beside = before and left >= before[1] and min(top, before[4]) > max(bottom, before[2])
            if beside and min(before[3], right) - left > 0.08 * before[5]:
                over.append((number, before[0] + letter))
            before = letter, left, bottom, right, top, size
    assert over == []


def test_every_chapter_and_section_has_its_bookmark(document, headings):
    with document.open_outline() as outline:
        marks = []
        for top in outline.root:
            marks.append((2, top.title))
            marks += [(3, below.title) for below in top.children]
    assert marks == headings and len(marks) > 30


def test_the_contents_give_the_page_of_every_section(pages, headings):
    listed = [re.sub(r"[\s\u3000]", "", line) for line in pages[1].splitlines()]
    for _, title in headings:
        squeezed = re.sub(r"[\s\u3000]", "", title)
        (number,) = [match[1] for line in listed if (match := re.fullmatch(re.escape(squeezed) + r"\.+(\d+)", line))]
        # The cover and the contents stand before page 1.
        assert squeezed in re.sub(r"[\s\u3000]", "", pages[int(number) + 1]), title


def test_row_headers_are_marked_for_screen_readers(document):
    rows = 0
    for element in elements(document.Root.StructTreeRoot):
        if element.get("/S") == "/TBody":
            for row in element.K:
                first = row.K[0]
                assert first.S == "/TH" and any(one.get("/Scope") == "/Row" for one in first.A)
                rows += 1
    assert rows > 300


def test_every_picture_has_a_text_alternative(document):
    figures = [element for element in elements(document.Root.StructTreeRoot) if element.get("/S") == "/Figure"]
    assert len(figures) > 20
    assert all(str(figure.get("/Alt", "")) for figure in figures)


def test_no_page_is_empty_and_none_ends_with_a_heading(pages, headings):
    titles = {re.sub(r"[\s\u3000]", "", title) for _, title in headings}
    for number, text in enumerate(pages[2:], start=3):
        lines = [re.sub(r"[\s\u3000]", "", line) for line in text.splitlines() if line.strip()]
        body = [line for line in lines if not re.fullmatch(r"\d+", line)]
        assert len("".join(body)) > 150, number
        assert body[-1] not in titles and not re.fullmatch(r"●\w+", body[-1]), (number, body[-1])


def test_a_month_table_is_never_torn(r5, office):
    """All twelve months and the years of a table stand on one page."""
    squeezed = [
        re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(r5 / "report.pdf")
    ]
    for table in office.dictionary.values():
        if table.shape == "monthly":
            title = f"表{table.id.replace('-', '－')}{table.title}"
            (page,) = [text for text in squeezed[2:] if title in text]
            after = page[page.index(title) :]
            assert all(month in after for month in ("R5.4", "R5.12", "R6.1", "R6.3")), table.id
            assert (table.total_label or "R5年度") in after


def test_text_in_print_is_large_enough(r5):
    """Nothing is set smaller than 7.5 pt; footnote marks and the like are none of the report's."""
    sizes = set()
    for page in pypdfium2.PdfDocument(io.BytesIO((r5 / "report.pdf").read_bytes())):
        text = page.get_textpage()
        for at in range(0, text.count_chars(), 7):
            _, bottom, _, top = text.get_charbox(at, loose=True)
            if text.get_text_range(at, 1).strip():
                sizes.add(round(top - bottom, 1))
    assert min(size for size in sizes if size > 0) >= 7.4


def typeset(source):
    with Typesetter() as typesetter:
        return typesetter.typeset(source)


def test_typst_leaves_nothing_in_our_process_and_its_end_is_told(monkeypatch):
    good = '#set document(title: "年報")\n#set text(font: "BIZ UDPGothic", lang: "ja")\n= 年報\n'
    assert typeset(good).startswith(b"%PDF")
    assert "typst" not in sys.modules
    with pytest.raises(ContentError) as bad:
        typeset(good + "#nothing-of-that-name")
    assert "組版できません" in bad.value.faults[0].what
    monkeypatch.setattr("nenpo.publish.pdf.sys.executable", shutil.which("false"))
    with pytest.raises(ContentError) as dead:
        typeset(good)
    assert "組版のプログラムが途中で止まりました" in dead.value.faults[0].what


@pytest.mark.parametrize("paragraphs", [1, 12])
def test_a_section_begins_where_there_is_room_for_its_table_and_charts(r5, paragraphs):
    """The text of 2-1 ends early on a page of its own, or late: 2-2 follows below it or on the next page, never torn."""
    chapter = nbformat.read(next((r5 / "chapters").glob("02_*.ipynb")), 4)
    chapter["cells"] = chapter["cells"][:13]
    written = "これは長い文章の一つの段落で、二行ほどになるように、同じことをくり返し書いてあります。" * 2
    chapter["cells"][8]["source"] += f"\n\n{written}" * (paragraphs + 5) + "\n\n2-1の終わりの文。\n"
    pdf = pypdfium2.PdfDocument(PdfExporter().render(make_book(chapter, "chapter")))
    texts = [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pdf]
    ended = next(number for number, text in enumerate(texts) if "2-1の終わりの文。" in text)
    (begun,) = [number for number, text in enumerate(texts) if "表2－2支援方法" in text]
    assert all(part in texts[begun] for part in ("2－2支援方法", "R5.4", "R6.3", "図2－2－1", "図2－2－2"))
    assert begun == ended + (paragraphs > 6)


def test_a_text_of_a_few_lines_stays_on_one_page():
    """Texts of one line to six, so many that pages end in each of them."""
    texts = [f"始{at:03}" + "本文" * (20 * (at % 6) + 12) + f"終{at:03}" for at in range(120)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 1　章\n\n" + "\n\n".join(texts))])
    pdf, _ = PdfExporter().from_notebook_node(notebook)
    shown = [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(pdf)]
    begun, ended = (
        {mark: number for number, page in enumerate(shown) for mark in re.findall(f"{side}[0-9]{{3}}", page)}
        for side in ("始", "終")
    )
    assert len(begun) == len(ended) == 120 and len(shown) > 8
    assert [mark for mark, number in begun.items() if ended[mark.replace("始", "終")] != number] == []


def test_date_and_contact_stand_on_the_cover_and_the_last_page():
    about = {"title": "年報", "office": "相談室", "whole": True, "issued": "令和６年６月発行", "contact": "電話 0134"}
    notebook = nbformat.v4.new_notebook(
        metadata={"nenpo": about}, cells=[nbformat.v4.new_markdown_cell("# 1　章\n\n本文")]
    )
    pdf, _ = PdfExporter().from_notebook_node(notebook)
    first, *_, last = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    assert "令和６年６月発行" in first and "電話" not in first
    assert "令和６年６月発行" in last and "電話 0134" in last
    page, _ = HtmlExporter().from_notebook_node(notebook)
    soup = BeautifulSoup(page, "lxml")
    assert (
        soup.select_one("header .issued").text == "令和６年６月発行" and "電話 0134" in soup.select_one(".contact").text
    )


FIGURES = (
    "≒３７９÷２１１",
    "４，０２０",
    "１．８０",
    "１５９．６％",
    "▲２１，３００",
    "１２＋３４＝４６",
    "１２３,４５６,７８９",
)


def test_no_figure_is_broken_from_its_operators_or_its_digits():
    """Figures behind texts of every length, so that each comes to stand at the end of a line."""
    texts = ["あ" * length + f"（{figure}）" + "い" * 50 for figure in FIGURES for length in range(30, 48)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 1　章\n\n" + "\n\n".join(texts))])
    pdf, _ = PdfExporter().from_notebook_node(notebook)
    lines = [
        line for page in pypdfium2.PdfDocument(pdf) for line in page.get_textpage().get_text_bounded().splitlines()
    ]
    assert sum(figure in line for line in lines for figure in FIGURES) == len(texts)
    page, _ = HtmlExporter().from_notebook_node(notebook)
    assert BeautifulSoup(page, "lxml").select_one("span.whole").text == "≒３７９÷２１１"


@pytest.mark.parametrize(
    "text",
    [
        "W" * 120,
        "９" * 120,
        "https://example.jp/" + "a_b" * 50,
        "`" + "a_b_c_" * 30 + "`",
        "＝" * 90,
        "1-2" * 60,
        "é" * 99,
    ],
)
def test_long_unbroken_text_stays_within_the_page(text):
    source = f"# 1　章\n\n{text}\n\n- {text}\n\n> {text}\n\n|項目|内容|\n|---|---|\n|{text}|{text}|\n"
    pdf, _ = PdfExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)]))
    for page in pypdfium2.PdfDocument(pdf):
        letters = page.get_textpage()
        assert text.strip("`")[:4] in letters.get_text_bounded()
        rights = [
            letters.get_charbox(at)[2] for at in range(letters.count_chars()) if letters.get_text_range(at, 1).strip()
        ]
        assert max(rights) <= page.get_width() - 20 / 25.4 * 72 + 1


@pytest.mark.parametrize(
    "text", ["[市のページ](https://example.jp/)", "<https://example.jp/>", "[課](mailto:ka@example.jp)", "[1](#sec-1)"]
)
def test_a_paragraph_and_a_heading_may_be_a_link_alone(text):
    source = f"# 1　章\n\n{text}\n\n- {text}\n\n> {text}\n\n## {text}\n\n|項目|\n|---|\n|{text}|\n"
    pdf, _ = PdfExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)]))
    assert (
        pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded().count(re.sub(r"[\[<](.+?)[\]>].*", r"\1", text))
        >= 5
    )
