"""Both exporters on any notebook: what an analyst adds is printed, and what would vanish stops the build."""

import itertools
import re

import nbformat
import papermill
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nenpo.errors import ContentError
from nenpo.publish.exporters import HtmlExporter, PdfExporter

# A PNG of two blue pixels.
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGNgcOoBIgAEkQGdObIUGgAAAABJRU5ErkJggg=="

MARKDOWN = """# 追加の章

段落です。**「重要」**です。10~19歳と20~29歳。<script>alert(1)</script><img src=x onerror=alert(1)>
続きの行です。

##### いきなり深い見出し

- 一つ目
  1. 入れ子
- 二つ目

| 項目 | 数 |
|:---|---:|
| あ | 12 |

脚注のある文[^a]。[外のリンク](https://example.org/)と[実行](javascript:alert(1))。

> 引用です

```
code 例
```

![図の説明](attachment:small.png)

[^a]: 脚注の中身です。
"""

CODE = """
import matplotlib.pyplot as plt
import pandas as pd
from nenpo.report import Report
report = Report("R5")
frame = pd.DataFrame({"件数": [1234, 5], "内容": ["食料", "#eval(sys)"]}, index=["四月", "五月"])
"""


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """A notebook as an analyst might write one, executed by stock papermill."""
    folder = tmp_path_factory.mktemp("added")
    attached = {"small.png": {"image/png": PICTURE}}
    cells = [
        new_markdown_cell(MARKDOWN, attachments=attached),
        new_code_cell(CODE),
        new_code_cell("frame"),
        new_code_cell("frame['件数'].rename('系列の件数')"),
        new_code_cell("frame.style.format({'件数': '{:,}'}).set_caption('書式のある表')"),
        new_code_cell(
            "figure, axis = plt.subplots(figsize=(3, 2))\naxis.plot([1, 3, 2])\naxis.set_title('分析者の図');"
        ),
        new_code_cell("print('印字した行')"),
    ]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(notebook, folder / "added.ipynb")
    papermill.execute_notebook(str(folder / "added.ipynb"), str(folder / "out.ipynb"), progress_bar=False)
    return nbformat.read(folder / "out.ipynb", 4)


@pytest.fixture(scope="module")
def html(added):
    return get_exporter("nenpo_html")().from_notebook_node(added)[0]


@pytest.fixture(scope="module")
def pdf(added):
    return get_exporter("nenpo_pdf")().from_notebook_node(added)[0]


def pdf_text(content):
    document = pypdfium2.PdfDocument(content)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))


WORDS = ["追加の章", "「重要」です。10~19歳と20~29歳。", "いきなり深い見出し", "一つ目", "入れ子", "引用です", "code例", "脚注の中身です。",
         "四月", "1,234", "1,234", "#eval(sys)", "系列の件数", "書式のある表", "分析者の図", "印字した行", "<script>alert(1)</script>"]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_what_an_analyst_adds_is_printed_in_html(html, word):
    page = BeautifulSoup(html, "lxml")
    assert word in re.sub(r"\s", "", page.main.get_text())


@pytest.mark.parametrize("word", WORDS)
def test_what_an_analyst_adds_is_printed_in_the_pdf(pdf, word):
    assert word in pdf_text(pdf)


def test_nothing_typed_or_shown_runs_and_no_level_is_skipped(html):
    page = BeautifulSoup(html, "lxml")
    assert not page.find_all(["script", "style"])[1:] and not page.find("img", src="x")
    assert not [
        tag for tag in page.find_all(True) if any(name.startswith("on") or name == "style" for name in tag.attrs)
    ]
    assert not [link for link in page.find_all("a") if "script" in link["href"]]
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile(r"^h[1-6]$"))]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
    assert page.find("img")["src"].startswith("data:image/png;base64,") and page.find("img")["alt"] == "図の説明"
    assert len(page.find_all("svg")) == 1 and len(page.find_all("table")) == 4


def test_the_same_notebook_gives_the_same_bytes(added, html, pdf):
    assert get_exporter("nenpo_html")().from_notebook_node(added)[0] == html
    assert get_exporter("nenpo_pdf")().from_notebook_node(added)[0] == pdf


def _notebook(*cells):
    return new_notebook(cells=list(cells))


@pytest.mark.parametrize("exporter", ["nenpo_html", "nenpo_pdf"])
@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ([new_markdown_cell("# 題\n\nよい文\n字🎉です")], r"「🎉」（U\+1F389）.*"),
        ([new_markdown_cell("# 題"), new_code_cell("", outputs=[new_output("display_data", {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>𠮷</text></svg>', "text/plain": "図"})])], r"「𠮷」（U\+20BB7）"),
        ([new_code_cell("", outputs=[new_output("display_data", {"application/vnd.plotly.v1+json": {}, "text/plain": "Figure"})])], "plotly.*紙面に載せられません"),
        ([new_code_cell("", outputs=[new_output("display_data", {"text/html": "<b>HTML</b>", "text/plain": "<HTML object>"})])], "HTML だけの出力"),
    ],
)  # fmt: skip
def test_what_would_vanish_stops_the_build_and_says_where(exporter, cells, finding):
    with pytest.raises(ContentError, match=finding) as refusal:
        get_exporter(exporter)().from_notebook_node(_notebook(*cells), {"metadata": {"name": "99_試し"}})
    assert "99_試し のセル" in refusal.value.faults[0].where


def test_the_line_of_a_missing_character_is_named():
    with pytest.raises(ContentError) as refusal:
        get_exporter("nenpo_html")().from_notebook_node(_notebook(new_markdown_cell("# 題\n\nよい文\n字🎉です")))
    assert "4 行目" in refusal.value.faults[0].where


def _table(caption, columns, heading, cell):
    head = "".join(f"<th>{heading}{number}</th>" for number in range(columns))
    html = f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tr>{f'<td>{cell}</td>' * columns}</tr></table>"
    output = new_output("display_data", {"text/html": html, "text/plain": ""})
    return _notebook(new_markdown_cell("# 題"), new_code_cell("", outputs=[output]))


def test_a_table_wider_than_the_page_stops_the_build():
    wide = _table("広い表", 12, "列", "123,456,789,012")
    with pytest.raises(ContentError, match=r"広い表.*用紙の幅に入りません"):
        get_exporter("nenpo_pdf")().from_notebook_node(wide)
    assert "広い表" in get_exporter("nenpo_html")().from_notebook_node(wide)[0]


def test_headings_that_are_too_long_for_the_page_break_where_they_may():
    text = pdf_text(get_exporter("nenpo_pdf")().from_notebook_node(_table("表", 8, "とても長い見出しの列", "1"))[0])
    assert "とても長い見出しの列7" in re.sub(r"\s", "", text)


def test_variants_of_a_character_survive():
    book = _notebook(new_markdown_cell("# 題\n\n葛\U000e0100飾と髙橋、㋿、〜と～"))
    assert "葛\U000e0100飾と髙橋、㋿、〜と～" in get_exporter("nenpo_html")().from_notebook_node(book)[0]
    assert "飾と髙橋、㋿、〜と～" in pdf_text(get_exporter("nenpo_pdf")().from_notebook_node(book)[0])


def test_a_footnote_stays_with_its_text_when_a_cell_holds_several_sections():
    cell = "# 章\n\n一つ目[^a]。\n\n## 節\n\n二つ目[^b]、また[^a]。\n\n[^a]: 甲の注\n[^b]: 乙の注"
    book = _notebook(new_markdown_cell(cell))
    page = BeautifulSoup(get_exporter("nenpo_html")().from_notebook_node(book)[0], "lxml")
    notes = [re.sub(r"\s", "", block.get_text()) for block in page.find_all("section", class_="footnotes")]
    assert len(notes) == 2 and "甲の注" in notes[0] and "乙の注" not in notes[0] and "乙の注" in notes[1]
    anchors = [tag["id"] for tag in page.find_all(id=True)]
    assert len(anchors) == len(set(anchors))
    words = pdf_text(get_exporter("nenpo_pdf")().from_notebook_node(book)[0])
    assert "甲の注" in words and "乙の注" in words


def test_what_a_cell_prints_without_end_is_cut_with_a_note_and_codes_of_terminals_fall_away():
    printed = new_output("stream", name="stdout", text="\x1b[31m赤\x1b[0m い行\n" + "行\n" * 20_000)
    value = new_output("execute_result", data={"text/plain": "値\n" * 300})
    notebook = new_notebook(cells=[new_markdown_cell("# 1　章"), new_code_cell("", outputs=[printed, value])])
    page = BeautifulSoup(HtmlExporter().from_notebook_node(notebook)[0], "lxml").main
    first, second = page.find_all("pre")
    assert first.text.startswith("赤 い行\n") and len(first.text.splitlines()) == len(second.text.splitlines()) == 100
    notes = [note.text for note in page.select(".notice")]
    assert "otebook のセル 2" in notes[0] and "19,901 行" in notes[0] and "200 行" in notes[1]
    pdf, _ = PdfExporter().from_notebook_node(notebook)
    assert len(pypdfium2.PdfDocument(pdf)) < 10
