"""Scripts, markup and Typst over every text that a page shows: nothing runs and nothing is fetched, with the page's policy and
without it."""

import json
import re
import shutil
from itertools import zip_longest

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from openpyxl import load_workbook
from test_page import CHROMIUM, DATA, browser, visit  # noqa: F401  # fixtures

from nenpo.built import HTML, PDF, REVIEW
from nenpo.cli import main
from nenpo.errors import ContentError
from nenpo.present.organisation import Body, Organisation, Post, Programme
from nenpo.present.views import (
    VIEW,
    BodyRow,
    CaseView,
    Chart,
    Charts,
    Drawing,
    Head,
    KeyFigure,
    KeyFigures,
    Notice,
    OrganisationChart,
    Picture,
    Printed,
    SideBySide,
    SmallMultiples,
    TableView,
    views_in,
    written,
)
from nenpo.publish.exporters import HtmlExporter, PdfExporter
from nenpo.text.cases import Case

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")

RUN = "window.ran=1"
ATTACKS = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><svg onload="{RUN}">',
    f"'><iframe srcdoc='<script>parent.{RUN}</script>'>",
    f"</style></title></textarea><script>{RUN}</script>",
    f"<!--><script>{RUN}</script>-->",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"[x](javascript:{RUN}) <javascript:{RUN}>",
    "![x](https://attack.invalid/x.png) ![y](//attack.invalid/y.png)",
    '<link rel=stylesheet href="https://attack.invalid/x.css"><base href="https://attack.invalid/">',
    '#read("/etc/passwd") #eval("1") #import "@preview/x:1.0.0" ]#link("javascript:x")[',
    "{{ 7*7 }} {% raw %} ${x} \\\\u0022 %3Cscript%3E",
]
EVERYTHING = " ".join(ATTACKS)
SHORT = f"<img src=x onerror={RUN}>"

TINY = "<i>"  # where there is no room


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """An office whose every text is an attack, and its report with the review edition."""
    folder = tmp_path_factory.mktemp("attacked")
    data = folder / "data"
    shutil.copytree(DATA, data)
    shutil.copytree(DATA.parent / "notebooks", folder / "notebooks")
    profile = data / "office.toml"
    text = profile.read_text(encoding="utf-8")
    for key in ("city", "division", "nickname", "report_title"):
        text = re.sub(rf"^{key} = .*$", lambda found: f"{found[0][:-1]}{quoted(EVERYTHING)[1:]}", text, flags=re.M)
    text = re.sub(r'^(name|unit) = "(.*)"$', lambda f: f"{f[1]} = {quoted(f[2] + SHORT)}", text, flags=re.M)
    profile.write_text(text, encoding="utf-8")
    tables = data / "tables.toml"
    text = tables.read_text(encoding="utf-8")
    text = re.sub(r'^note = "(.*)"$', lambda found: f"note = {quoted(found[1] + EVERYTHING)}", text, flags=re.M)
    text = re.sub(r'^unit = "(.*)"$', lambda f: f"unit = {quoted(f[1] + TINY)}", text, flags=re.M)
    text = re.sub(r'^corner = "(.*)"$', lambda f: f"corner = {quoted(f[1] + TINY)}", text, flags=re.M)
    text = text.replace('title = "就労支援実績"', f"title = {quoted(SHORT)}")
    text = text.replace('label = "同行|訪問"', f"label = {quoted(TINY)}")
    tables.write_text(text, encoding="utf-8")
    year = data / "R5"
    book = load_workbook(year / "statistics.xlsx")
    corners = re.findall(r'^corner = "(.*?)"$', (DATA / "tables.toml").read_text(encoding="utf-8"), re.M)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.column == 1 and cell.value in corners:
                    cell.value += TINY
                if cell.value == "同行訪問":
                    cell.value = TINY
                if sheet.title.startswith("8-6") and isinstance(cell.value, str) and cell.row > 6:
                    cell.value += EVERYTHING
    book[next(name for name in book.sheetnames if name.startswith("3-1 "))].title = f"3-1 {SHORT}"[:31]
    book.save(year / "statistics.xlsx")
    for path in [*(year / "commentary").glob("*.md"), *(year / "cases").glob("*.md")]:
        lines = path.read_text(encoding="utf-8").split("\n")
        lines[0] += " " + EVERYTHING.replace("\n", " ")
        path.write_text(
            "\n".join([*lines, "", *ATTACKS, "", f"| a | {SHORT} |", "|---|---|", f"| {SHORT} | b |"]), encoding="utf-8"
        )
    chart = year / "organisation.toml"
    text = chart.read_text(encoding="utf-8")
    chart.write_text(
        re.sub(r'"([^"\n]+)"', lambda f: quoted(f[1] + SHORT) if f[1] not in ("自立相談",) else f[0], text),
        encoding="utf-8",
    )
    path = next((folder / "notebooks").glob("06_*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += [
        new_markdown_cell(f"## 6－9　{EVERYTHING}", metadata={"nenpo_anchor": f'x"><script>{RUN}</script>'}),
        new_code_cell(f"print({EVERYTHING!r})"),
        new_code_cell(f"import pandas\npandas.DataFrame({{{SHORT!r}: [{EVERYTHING!r}]}})"),
    ]
    nbformat.write(notebook, path)
    return folder


@pytest.fixture(scope="module")
def report(attacked):
    out = attacked / "out"
    assert main(["build", "R5", "--data", str(attacked / "data"), "--out", str(out), "--review"]) == 0
    return out


@needs_browser
@pytest.mark.parametrize("name", [f"R5/{HTML}", f"R5/{REVIEW}", "index.html"])
@pytest.mark.parametrize("policy", [True, False], ids=["with its policy", "without"])
def test_nothing_that_was_typed_runs_or_is_fetched(report, visit, name, policy):  # noqa: F811
    path = report / name
    if not policy:
        text = path.read_text(encoding="utf-8")
        bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
        assert len(bare) < len(text)
        path = path.with_name(f"bare-{path.name}")
        path.write_text(bare, encoding="utf-8")
    page, asked, console = visit(path)
    page.wait_for_timeout(300)
    page.evaluate(
        "[...document.querySelectorAll('a')].slice(0, 400).forEach(a => a.href.startsWith('javascript:') && a.click())"
    )
    assert page.evaluate("window.ran") is None and asked == [] and console == []
    assert (
        page.evaluate(
            "[...document.querySelectorAll('[src],[href],[srcset],[action],[style]')].filter(e => /^(javascript|data:text)/i.test(e.getAttribute('href') || e.getAttribute('src') || '')).length"
        )
        == 0
    )
    assert (
        page.evaluate("document.querySelectorAll('script, iframe, object, embed, link, base, form, style').length") == 1
    )
    if name.endswith(HTML):
        shown = page.inner_text("main")
        assert (
            shown.count("<script>window.ran=1</script>") > 30
            and "{{ 7*7 }}" in shown
            and '#read("/etc/passwd")' in shown
        )


def test_the_pdf_shows_what_was_typed_as_text(report):
    import pypdfium2

    words = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(report / "R5" / PDF))
    assert "window.ran=1" in words and "root:x:0:0" not in words


PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGNgcOoBIgAEkQGdObIUGgAAAABJRU5ErkJggg=="
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'
IN_DRAWINGS = [
    f"<script>{RUN}</script>", f'<rect onload="{RUN}" width="1" height="1"/>', f'<a xlink:href="javascript:{RUN}"><text>a</text></a>',
    f'<animate onbegin="{RUN}" attributeName="x" dur="1s"/>', f'<set attributeName="onload" to="{RUN}"/>',
    f'<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="{RUN}"/></foreignObject>',
    '<image href="https://attack.invalid/x.png"/>', '<use xlink:href="https://attack.invalid/x.svg#a"/>',
    '<rect style="fill:url(https://attack.invalid/x)"/>', '<rect fill="u\\72l(https://attack.invalid/x)"/>',
    '<style>@import "https://attack.invalid/x.css";</style>', '<rect filter="url( https://attack.invalid/x )" width="1" height="1"/>',
    f'<img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="{RUN}"/>', "<title>&lt;/title&gt;&lt;script&gt;</title>",
]  # fmt: skip
MARKUP = [
    *ATTACKS[:6], f'<p onclick="{RUN}">x</p>', f"<p>{ATTACKS[3]}</p>", '<p style="background:url(https://attack.invalid/x)">x</p>',
    '<a href="java&#115;cript:window.ran=1">x</a>', '<svg><use xlink:href="https://attack.invalid/x#y"/></svg>',
    '<table><tr><td background="https://attack.invalid/x">1</td></tr></table>', '<rect fill="url&#40;https://attack.invalid/x)"/>',
    '<svg><rect fill="URL(https://attack.invalid/x)"/></svg>',
    '<svg><rect fill="url( https://attack.invalid/x)"/></svg>',
    "<div><p>not ended", '<svg width="0"><g>', "<div/>", "<math><mi//xlink:href='x'>", "<p id=x>x</p>", "<p id='x'>x</p>",
]  # fmt: skip
TYPST = ['#read("/etc/passwd")', '#include "x.typ"', "#eval(\"1\")", '#notice(read("x"))', "#{ let x = 1 }", '")))) #read("/etc/passwd")',
         "\\", '\\"', "= 見出し", "$x$", "javascript:x", "</script>", "\u2028"]  # fmt: skip


def views_of(attack, drawing):
    """A view of each kind that says this everywhere."""
    chart = Chart(attack, attack, SVG.format(drawing), attack, 40)
    rows = (BodyRow(attack, (attack,), (attack,), attack, (attack,)),)
    head = ((Head(attack[:9]), Head(TINY)),)  # a heading does not break
    table = TableView(attack, attack, head, rows, attack, words=frozenset([0]), notes=(attack,))
    bodies = (Body(attack, (Post(attack, (attack,)),)),)
    programmes = (Programme(attack, attack, attack, attack, bodies), Programme(attack, attack))
    return [
        table, SideBySide((table, table)), Charts((chart, chart)), SmallMultiples(attack, attack, (chart,)), Notice(attack, attack),
        KeyFigures((KeyFigure(attack, attack, attack, attack, attack, attack, chart),)), CaseView(Case(attack, attack, ((attack, attack),))),
        OrganisationChart(attack, Organisation(attack, programmes)), Drawing(attack, SVG.format(drawing), attack),
        Picture(attack, "image/png", PICTURE, attack), Printed(attack),
    ]  # fmt: skip


ODD_VIEWS = [
    [], {}, "x", [[]], [{}], [{"table": {}}], [{"unknown": {"text": "x"}}], [{"notice": {"text": 1}}], [{"notice": {"text": "x"}, "table": {}}],
    [{"charts": {"charts": [{"id": "a", "caption": "", "svg": "<svg/>", "alt": "", "width": 1e9}]}}],
    [{"charts": {"charts": [{"id": "", "caption": "", "svg": "<svg/>", "alt": "", "width": 9}]}}],
    [{"table": {"id": "a", "caption": "", "head": [[{"text": "x", "columns": 10**9}]], "rows": []}}],
    [{"table": {"id": "a", "caption": "", "head": [[{"text": "x"}]], "rows": [{"kind": "row", "labels": ["x", "y"], "cells": []}]}}],
    [{"table": {"id": "a", "caption": "", "head": [[{"text": "x"}]], "stubs": 0, "rows": [
        {"kind": "row", "labels": [], "cells": ["1"]}, {"kind": "row", "labels": [], "cells": ["1", "2"]}]}}],
    [{"side-by-side": {"tables": []}}], [{"small-multiples": {"id": "a", "caption": "", "charts": []}}],
    [{"picture": {"id": "a", "mime": 'image/png"><script>', "content": "x", "alt": ""}}],
]  # fmt: skip


@pytest.mark.parametrize("written", ODD_VIEWS)
def test_what_is_no_view_is_not_taken_for_one(written):
    assert views_in({VIEW: written, "text/html": "<p>x</p>"}) is None


@needs_browser
def test_nothing_in_an_executed_notebook_runs_or_is_fetched(tmp_path, visit):  # noqa: F811
    bundles = [
        *({"image/svg+xml": SVG.format(attack), "text/plain": attack} for attack in IN_DRAWINGS),
        *(
            {VIEW: written(views_of(attack, drawing)), "text/html": attack, "text/plain": attack}
            for attack, drawing in zip_longest([*MARKUP, *TYPST], IN_DRAWINGS, fillvalue="x")
        ),
        *({"text/html": f"<table {attack}><tr><td {attack}>{attack}</td></tr></table>"} for attack in ATTACKS),
        *({"text/markdown": attack} for attack in ATTACKS),
        {
            "text/html": f'<table><thead><tr><th rowspan="{10**20}">1</th></tr></thead><tr><th rowspan="9">1</th></tr></table>'
        },
        {"image/png": PICTURE, "text/plain": f'"><script>{RUN}</script>'},
    ]
    cells = [new_markdown_cell("# 題", metadata={"nenpo_anchor": f'"><script>{RUN}</script>'})]
    cells += [new_code_cell("", outputs=[new_output("display_data", data)]) for data in bundles]
    cells += [new_markdown_cell(attack, metadata={"tags": ["commentary"]}) for attack in ATTACKS]
    page_html = HtmlExporter().from_notebook_node(new_notebook(cells=cells))[0]
    assert PdfExporter().from_notebook_node(new_notebook(cells=cells))[0].startswith(b"%PDF")
    for name, text in (("with", page_html), ("without", re.sub(r"<meta http-equiv=[^>]*>", "", page_html, count=1))):
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        page, asked, _ = visit(path)
        page.wait_for_timeout(500)
        assert page.evaluate("window.ran") is None and asked == [] and page.title() == "題"


@pytest.mark.parametrize(
    "data",
    [
        {"image/svg+xml": "<svg"}, {"image/svg+xml": "<svg><rect></svg>"}, {"image/svg+xml": "図"}, {"image/svg+xml": "<p/>"},
        {"image/svg+xml": "<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><svg>&b;</svg>&"},
        {"image/png": "これは図ではない"}, {"image/png": PICTURE[:40]}, {"image/png": '"><script>'}, {"image/jpeg": PICTURE}, {"image/png": ""},
        {"text/html": '<table><tr><td colspan="100000000">1</td></tr></table>'},
        {"text/html": "<table>" + '<tr><td colspan="199">1</td></tr>' * 600 + "</table>"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("exporter", [HtmlExporter, PdfExporter])
def test_a_damaged_output_is_a_fault_with_chapter_and_cell(data, exporter):
    notebook = new_notebook(
        cells=[new_markdown_cell("# 題"), new_code_cell("", outputs=[new_output("display_data", data)])]
    )
    with pytest.raises(ContentError, match="のセル 2："):
        exporter().from_notebook_node(notebook, {"metadata": {"name": "01_章"}})
