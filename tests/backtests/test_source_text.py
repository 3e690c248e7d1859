"""The words of the R5 report: what the source says stands in the report, and the report's commentary says nothing else."""

import re
import unicodedata
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup

SOURCE = Path(__file__).parent / "source-R5.txt"


def squeezed(text):
    """Text without width, spaces, variants of signs, and page numbers, which the report computes."""
    text = unicodedata.normalize("NFKC", text).replace("\u2027", "・").replace("〜", "~")
    text = re.sub(r"\s", "", text)
    return re.sub(r"[(（]\d+頁[)）]|\d+(、\d+)*頁の?(?=「)|次頁(?=「)", "", text)


def sentences(text):
    """Sentences of running text. A line too short to be a wrapped one, without a full stop, is a label and ends what
    stood before it; table rows and headings do so too."""
    found, run = [], ""
    for line in map(squeezed, text.splitlines()):
        if not line:
            continue
        if "。" not in line and (
            len(line) < 22 or not re.search("[ぁ-ん]{2}", line) or line[0] in "●◎【※" or "%" in line
        ):
            run = ""
            continue
        *whole, run = re.split("(?<=。)", run + line)
        found += whole
    return [sentence.lstrip("・)") for sentence in found if len(sentence) > 9]


@pytest.fixture(scope="module")
def source():
    return SOURCE.read_text(encoding="utf-8").replace("\f", "\n")


@pytest.fixture(scope="module")
def html_text(r5):
    page = BeautifulSoup((r5 / "report.html").read_text(encoding="utf-8"), "lxml")
    return squeezed(page.main.get_text())


@pytest.fixture(scope="module")
def pdf_text(r5):
    """The PDF's text without running heads and page numbers, which fall inside sentences."""
    pages = []
    for page in pypdfium2.PdfDocument(r5 / "report.pdf"):
        width, height = page.get_size()
        pages.append(page.get_textpage().get_text_bounded(0, 50, width, height - 55))
    return squeezed("".join(pages))


@pytest.mark.parametrize("where", ["html_text", "pdf_text"])
def test_the_sources_sentences_stand_in_the_report(source, where, request):
    report = request.getfixturevalue(where)
    told = sentences(source)
    missing = [sentence for sentence in told if sentence not in report]
    assert len(told) > 150
    assert len(missing) <= 0.02 * len(told), "\n".join(missing)


def test_the_reports_commentary_says_nothing_that_the_source_does_not_say(source, office):
    whole = squeezed(source)
    folder = office.year_folder(office.years[-1])
    checked = 0
    for path in [*(folder / "commentary").glob("*.md"), *(folder / "cases").glob("*.md")]:
        text = re.sub(r"\]\([^)]*\)|\[(?=「)|[*#]", "", path.read_text(encoding="utf-8"))
        for line in text.splitlines():
            for sentence in re.split("(?<=。)", squeezed(re.sub(r"^\s*(-|\d+\.) ", "", line))):
                if sentence:
                    checked += 1
                    assert sentence in whole, (path.name, sentence)
    assert checked > 250
