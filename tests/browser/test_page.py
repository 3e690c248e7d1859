"""The built page in a browser: it asks nothing of the network, logs nothing, runs nothing that was typed, and can be
used by everyone."""

import shutil
import tempfile
from pathlib import Path

import pytest

from nenpo.built import HTML, REVIEW
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.present.views import VIEW, Notice, written
from nenpo.publish.exporters import HtmlExporter
from nenpo.run.build import Wanted, build

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DATA = Path(__file__).parent.parent.parent / "data"
AXE = Path(__file__).parent / "axe.min.js"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory():
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Open a file; give the page, the requests beside the file itself, and what the console said."""
    contexts = []

    def open_page(path, width=1280, height=900, colours="light"):
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, reduced_motion="reduce", color_scheme=colours)
        contexts.append(context)
        page = context.new_page()
        requests, console = [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: console.append(message.text))
        page.on("pageerror", lambda error: console.append(str(error)))
        page.goto(path.as_uri(), wait_until="load")
        page.evaluate("document.fonts.ready")
        asked = [url for url in requests if url != path.as_uri() and not url.startswith("data:")]
        return page, asked, console

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_request_leaves_the_page_and_the_console_is_silent(r5, visit, width):
    _, asked, console = visit(r5 / "report.html", width)
    assert asked == [] and console == []


@pytest.fixture(scope="module")
def edition(r5, tmp_path_factory):
    """The folder of a review edition with a figure that does not hold, and a sentence that was changed."""
    folder = tmp_path_factory.mktemp("edition")
    shutil.copytree(r5.parent, folder / "outputs")
    shutil.copytree(DATA, folder / "data", ignore=shutil.ignore_patterns("控え"))
    text = folder / "data" / "R5" / "commentary" / "2-1.md"
    text.write_text(text.read_text(encoding="utf-8").replace("１９７件", "１７９件"), encoding="utf-8")
    wanted = Wanted((HTML, REVIEW))
    return build(Office(folder / "data"), FiscalYear("R5"), folder / "outputs", wanted, lambda *told: None)


def test_a_figure_is_followed_to_its_cell_and_back_by_keyboard(edition, visit):
    page, asked, console = visit(edition / REVIEW)
    page.locator("#sec-2-1 a.figure.traced").first.focus()
    page.keyboard.press("Enter")
    cell = page.locator("td:target")
    assert cell.get_attribute("id") == "cell-2-1-新規相談受付件数-R5" and cell.locator("a").inner_text() == "238"
    assert cell.evaluate("cell => getComputedStyle(cell).outlineStyle") == "solid"
    assert cell.evaluate(
        "cell => { const at = cell.getBoundingClientRect(); return at.top >= 0 && at.bottom <= innerHeight }"
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # two sentences use it: they are listed
    assert page.locator("li:target a").count() == 3
    page.locator("li:target a").nth(1).click()
    back = page.locator(".figure:target")
    assert (
        back.inner_text().startswith("２３８件")
        and back.evaluate("figure => figure.closest('section').id") == "sec-2-1"
    )
    assert asked == [] and console == []


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation(r5, edition, visit, width):
    for path in (r5 / HTML, edition / REVIEW):
        page, _, _ = visit(path, width)
        assert_accessible(page)
    assert page.locator(".figure.contradicted[id]").count() == 1 and page.locator(".changed").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_axe_finds_no_violation_in_the_dark_and_in_print(r5, visit):
    page, _, _ = visit(r5 / HTML, 390, colours="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 23, 23)"
    assert_accessible(page)
    page, _, _ = visit(r5 / HTML, 1280, colours="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav, .links").filter(visible=True).count()
    assert_accessible(page)


def assert_accessible(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations', 'passes']})")
    assert len(result["passes"]) > 20
    told = [(one["id"], [node["target"] for node in one["nodes"]][:5]) for one in result["violations"]]
    assert told == []


def test_the_page_uses_its_own_face(r5, visit):
    page, _, _ = visit(r5 / "report.html")
    assert page.evaluate("[...document.fonts].filter(face => face.status === 'loaded').length") == 2
    assert page.evaluate("getComputedStyle(document.querySelector('figure svg text')).fontFamily").startswith(
        '"BIZ UDPGothic"'
    )


def test_on_a_phone_only_tables_scroll_sideways(r5, visit):
    page, _, _ = visit(r5 / "report.html", 390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    scrolling = page.evaluate(
        "[...document.querySelectorAll('.table')].filter(e => e.scrollWidth > e.clientWidth).length"
    )
    assert scrolling > 3


# The smallest letters of the drawings, in pixels of the screen.
SMALLEST = """
() => Math.min(...[...document.querySelectorAll('main svg text')].map(text => {
  const svg = text.ownerSVGElement;
  return parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
}))
"""


# The figures whose letters stand on more than one line.
BROKEN = """
() => {
  const nodes = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), broken = [];
  while (nodes.nextNode()) for (const figure of nodes.currentNode.data.matchAll(/[0-9０-９][0-9０-９.,．，]+/g)) {
    const range = document.createRange();
    range.setStart(nodes.currentNode, figure.index);
    range.setEnd(nodes.currentNode, figure.index + figure[0].length);
    if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) broken.push(figure[0]);
  }
  return broken;
}
"""


def test_no_figure_is_broken_over_two_lines(r5, visit):
    """Letters of full width may be broken apart anywhere, and so may their digits."""
    page, _, _ = visit(r5 / "report.html")
    for width in range(320, 480, 10):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(BROKEN) == [], width


def test_on_a_phone_charts_can_be_read_and_the_first_column_stays(r5, visit):
    page, _, _ = visit(r5 / "report.html", 390)
    assert page.evaluate(SMALLEST) >= 11
    table = page.locator(".table:has(#tbl-2-1)")
    table.evaluate("table => { table.scrollLeft = 200 }")
    month = table.locator("tbody th").first
    assert (
        month.evaluate(
            "cell => cell.getBoundingClientRect().left - cell.closest('.table').getBoundingClientRect().left"
        )
        < 1
    )
    assert "gradient" in table.evaluate("table => getComputedStyle(table).backgroundImage")


def test_the_contents_are_folded_on_a_phone_alone(r5, visit):
    wide, _, _ = visit(r5 / "report.html", 1280)
    assert wide.locator("nav li a").first.is_visible()
    phone, _, _ = visit(r5 / "report.html", 390)
    assert not phone.locator("nav li a").first.is_visible()
    phone.locator("nav summary").click()
    assert phone.locator("nav li a").first.is_visible()


def test_the_page_carries_its_data_and_links_to_its_places(r5, visit):
    page, asked, console = visit(r5 / "report.html")
    for name in ("2-1.csv", "tables.xlsx"):
        with page.expect_download() as downloading:
            page.click(f"a[download='{name}']")
        assert Path(downloading.value.path()).read_bytes() == (r5 / "data" / name).read_bytes()
    assert (
        page.locator(".links a[href='#tbl-2-1']").is_visible()
        and page.locator(".links a[href='#sec-2-1']").is_visible()
    )
    assert page.locator("a[download$='.csv']").count() == len(list((r5 / "data").glob("[0-9]*.csv")))
    assert page.locator(".links a[href^='#fig-']").count() == page.locator("main figure[id^='fig-']").count()
    assert asked == [] and console == []


def test_the_keyboard_reaches_the_text_and_the_tables(r5, visit):
    page, _, _ = visit(r5 / "report.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_every_link_within_the_page_leads_somewhere(r5, visit):
    page, _, _ = visit(r5 / "report.html")
    dead = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash.slice(1)).filter(id => !document.getElementById(id))"
    )
    assert dead == [] and page.locator("a[href='#sec-2-5']").count() >= 2
    page.click("main a[href='#sec-2-5']")
    assert page.evaluate("Math.abs(document.getElementById('sec-2-5').getBoundingClientRect().top) < 60")


OVERLAPS = """
() => [...document.querySelectorAll('main svg[role=img]')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]).filter(b => b[1].width > 0);
  const found = [];
  boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    // Boxes hold the face's full height; letters touch only where a quarter of it is shared.
    if (across > 1 && down > 0.25 * Math.min(a.height, b.height)) found.push([svg.closest('[id]').id, one, other]);
  }));
  const frame = svg.getBoundingClientRect();
  boxes.forEach(([one, a]) => { if (a.left < frame.left - 1 || a.right > frame.right + 1) found.push([svg.closest('[id]').id, one, 'cut off']); });
  return found;
})
"""


def test_no_text_of_a_chart_overlaps_another_or_is_cut_off(r5, visit):
    page, _, _ = visit(r5 / "report.html")
    assert page.evaluate("document.querySelectorAll('main svg[role=img] text').length") > 250
    assert page.evaluate(OVERLAPS) == []


def test_ids_are_unique(r5, visit):
    page, _, _ = visit(r5 / "report.html")
    twice = page.evaluate(
        "(ids => ids.filter((id, at) => ids.indexOf(id) !== at))([...document.querySelectorAll('[id]')].map(e => e.id))"
    )
    assert twice == []


def test_a_script_in_commentary_or_a_table_does_not_run(tmp_path, visit):
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    attack = "<script>document.title = 'ran'</script><img src=x onerror=\"document.title='ran'\">"
    shown = {"text/html": f"<table><tr><td>{attack}</td></tr></table>", "text/plain": ""}
    trusted = {VIEW: written([Notice(attack)]), "text/html": f"<p>{attack}</p>", "text/plain": ""}
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# 題"),
            new_markdown_cell(f"{attack}\n\n[x](javascript:document.title='ran')", metadata={"tags": ["commentary"]}),
            new_code_cell("", outputs=[new_output("display_data", shown), new_output("display_data", trusted)]),
        ]
    )
    path = tmp_path / "attack.html"
    path.write_text(HtmlExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    page, _, _ = visit(path)
    page.wait_for_timeout(300)
    assert page.title() == "題"
    assert "<script>document.title" in page.inner_text("main")
