"""The analyst's desk in a real browser: chapters in JupyterLab, the preview beside it, files edited meanwhile."""

import asyncio
import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import nbformat
import psutil
import pytest

from nenpo.commentary.agreement import FILE_SIDE, NOTEBOOK_SIDE
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.run.build import inputs_of

CHROMIUM = shutil.which("chromium")
ROOT = Path(__file__).parent.parent.parent
TOKEN = "token-of-this-test"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAIAAAA8r+mnAAAAEklEQVR4nGP8z4AdMOEQJ0MCAGSRAQfIidsoAAAAAElFTkSuQmCC"
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")


@dataclass
class Desk:
    """An office's folders with a finished report in them, JupyterLab and the preview running on them."""

    folder: Path
    lab: int
    preview: int

    def text(self, name):
        return self.folder / "data" / "R5" / "commentary" / f"{name}.md"

    def chapter(self, number):
        return next((self.folder / "outputs" / "R5" / "chapters").glob(f"{number:02}_*.ipynb"))

    def lab_address(self, number):
        path = self.chapter(number).relative_to(self.folder).as_posix()
        workspace = f"{number}-{time.monotonic_ns()}"  # else the tabs of the last one come back
        return f"http://127.0.0.1:{self.lab}/lab/workspaces/{workspace}/tree/{quote(path)}?token={TOKEN}"

    def preview_address(self, path="/"):
        return f"http://127.0.0.1:{self.preview}{path}?token={TOKEN}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(command, port, folder):
    own = {"JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"), "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    environment = {**os.environ, **own, "JUPYTER_TOKEN": TOKEN, "NENPO_TOKEN": TOKEN}
    full = [sys.executable, "-m", "nenpo.cli", command, "R5", "--no-browser", f"--port={port}"]
    return subprocess.Popen(
        full, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=(folder / f"{command}.log").open("w")
    )


@pytest.fixture(scope="module")
def desk(r5, tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("控え"))
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(r5.parent, folder / "outputs")
    ports = {"lab": free_port(), "preview": free_port()}
    running = [started(command, port, folder) for command, port in ports.items()]
    try:
        for port in ports.values():
            for _ in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
        yield Desk(folder, **ports)
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def open_chapter(browser, desk, number):
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    page.goto(desk.lab_address(number))
    page.wait_for_selector(".jp-MarkdownOutput", timeout=60000)
    return page


def open_preview(browser, desk):
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto(desk.preview_address())
    page.wait_for_selector("body[data-inputs]", timeout=120000)
    return page


def write_in_lab(page, beginning, sentence):
    """Type at the end of a line of a commentary cell, and save."""
    cell = page.locator(".jp-MarkdownCell", has_text=beginning).last
    shown, line = cell.locator(".jp-MarkdownOutput"), cell.locator(".cm-line").first

    def opened():
        if shown.is_visible():  # Lab may render a cell only after it was looked at
            shown.dblclick()
        return line.is_visible()

    assert until(opened)
    line.click()
    page.wait_for_selector(".jp-Notebook.jp-mod-editMode")
    page.keyboard.press("End")
    page.keyboard.type(sentence)
    page.keyboard.press("Control+s")


def until(holds, seconds=30):
    for _ in range(seconds * 20):
        if holds():
            return True
        time.sleep(0.05)
    return False


def shown_text(page):
    return page.frame_locator("#report").locator("main").inner_text()


def charts_in(path):
    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return sum("".join(output.get("data", {}).get("text/html", "")).count('role="img"') for output in outputs)


def test_every_chart_of_a_chapter_is_shown_and_nothing_is_fetched_from_elsewhere(desk, browser):
    expected = charts_in(desk.chapter(2))
    assert expected > 10
    page = browser.new_page(viewport={"width": 1300, "height": 12000})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(desk.lab_address(2))
    page.wait_for_function(
        f"document.querySelectorAll('.jp-OutputArea svg[role=img]').length >= {expected}", timeout=60000
    )
    assert page.locator("#jp-MainMenu").inner_text().startswith("ファイル")
    assert [url for url in asked if not url.startswith((f"http://127.0.0.1:{desk.lab}/", "data:", "blob:"))] == []
    page.close()


def test_lines_stay_lines_in_lab_and_a_picture_beside_the_text_is_shown(desk, browser):
    path = desk.text("8-1")
    (path.parent / "pictures").mkdir(exist_ok=True)
    (path.parent / "pictures" / "流れ図.png").write_bytes(PNG)
    more = "手順：\n・貸付の相談\n・現物の支給\n\n![流れ図](pictures/流れ図.png)\n"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{more}", encoding="utf-8")
    assert until(lambda: "現物の支給" in desk.chapter(8).read_text(encoding="utf-8"))  # the preview's build
    page = open_chapter(browser, desk, 8)
    lines = page.locator(".jp-RenderedMarkdown p", has_text="貸付の相談")
    assert lines.inner_text().split("\n") == ["手順：", "・貸付の相談", "・現物の支給"]
    picture = page.locator('.jp-RenderedMarkdown img[alt="流れ図"]')
    assert until(lambda: picture.evaluate("image => image.naturalWidth") == 8)
    page.close()


def test_a_text_written_in_lab_reaches_its_file_and_the_preview(desk, browser):
    preview, page = open_preview(browser, desk), open_chapter(browser, desk, 7)
    write_in_lab(page, "学習", "画面で書いた文。")
    name = "7-1-overview"
    assert until(lambda: "画面で書いた文。" in desk.text(name).read_text(encoding="utf-8"))
    assert until(lambda: "画面で書いた文。" in shown_text(preview))
    saved = desk.chapter(7).read_bytes()
    write_in_lab(page, "学習", "続けて書いた文。")
    assert until(lambda: "続けて書いた文。" in shown_text(preview))
    assert not page.locator(".jp-Dialog").is_visible() and desk.chapter(7).read_bytes() != saved
    page.close()
    preview.close()


def test_a_text_edited_in_its_file_meanwhile_is_kept_with_the_one_saved_in_lab(desk, browser):
    page = open_chapter(browser, desk, 6)
    path = desk.text("6-1-overview")
    path.write_text(path.read_text(encoding="utf-8") + "\nファイルで書いた文。\n", encoding="utf-8")
    assert until(lambda: "ファイルで書いた文。" in desk.chapter(6).read_text(encoding="utf-8"))  # the preview's build
    write_in_lab(page, "家計", "画面で書いた文。")
    dialog = page.locator(".jp-Dialog")
    dialog.wait_for(timeout=20000)
    dialog.get_by_role("button", name="上書き").click()
    page.locator(".jp-Dialog", has_text="6-1-overview").wait_for(timeout=20000)
    text = path.read_text(encoding="utf-8")
    assert all(part in text for part in (FILE_SIDE, NOTEBOOK_SIDE, "ファイルで書いた文。", "画面で書いた文。"))
    cell = desk.chapter(6).read_text(encoding="utf-8")
    assert "ファイルで書いた文。" in cell and "画面で書いた文。" in cell
    page.close()
    preview = open_preview(browser, desk)
    assert until(lambda: "6-1-overview" in preview.locator("#faults").inner_text())
    path.write_text("決めた文。\n", encoding="utf-8")
    assert until(lambda: "決めた文。" in shown_text(preview)) and preview.locator("#faults").is_hidden()
    preview.close()


def test_a_fault_is_told_in_the_page_and_the_last_good_report_stays(desk, browser):
    preview = open_preview(browser, desk)
    path = desk.text("2-2")
    good = path.read_text(encoding="utf-8")
    path.write_text("新しい文。[参照](#sec-99)\n", encoding="utf-8")
    assert until(lambda: "#sec-99" in preview.locator("#faults").inner_text())
    assert "新しい文。" not in shown_text(preview) and "2－2" in shown_text(preview)
    path.write_text(good, encoding="utf-8")
    assert until(lambda: preview.locator("#faults").is_hidden())
    preview.close()


def test_a_figure_that_does_not_hold_is_marked_as_soon_as_the_text_is_saved(desk, browser):
    preview = open_preview(browser, desk)
    marks = preview.frame_locator("#report").locator("mark")
    assert marks.count() == 0
    path = desk.text("2-1")
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("１９７件", "１７９件") + "\n最後に３４５件。\n", encoding="utf-8")
    assert until(lambda: marks.count() == 2)
    assert marks.all_inner_texts() == ["１７９件", "３４５件"]
    assert "197" in marks.first.get_attribute("title")
    assert "「１７９件」は、データでは 197 です" in preview.locator("#faults").inner_text()
    quoted = "[...document.getElementById('report').contentDocument.querySelectorAll('mark')].map((mark) => quoted(mark.closest('.text'), '「３４５件」は') === mark)"
    assert preview.evaluate(quoted) == [False, True]
    within = "(frame) => { const { top, bottom } = frame.contentDocument.querySelectorAll('mark')[1].getBoundingClientRect(); return top > 0 && bottom < frame.clientHeight; }"
    preview.locator("#faults pre", has_text="３４５件").locator("button").click()
    assert until(lambda: preview.evaluate(within, preview.locator("#report").element_handle()))
    path.write_text(good, encoding="utf-8")
    assert until(lambda: marks.count() == 0 and preview.locator("#faults").is_hidden())
    preview.close()


def test_an_edit_that_no_report_shows_is_told_in_lab_and_in_the_preview(desk, browser):
    preview = open_preview(browser, desk)
    page = open_chapter(browser, desk, 3)
    assert page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab.jp-mod-dirty").count() == 0
    page.locator(".jp-CodeCell .jp-InputPlaceholder").last.click()  # the code is folded away
    page.locator(".jp-CodeCell .cm-line").last.click()
    page.keyboard.type("  # 追記")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=本文のセルのほかの変更は年報に載りません", timeout=20000)
    faults = preview.locator("#faults")
    assert until(lambda: "03_就労支援実績.ipynb は本文のセルのほかにも変わっています" in faults.inner_text())
    time.sleep(4)  # the chapter that is put back is looked at again
    assert "03_就労支援実績.ipynb は本文のセルのほかにも変わっています" in faults.inner_text()
    kept = list((desk.folder / "outputs" / "R5" / "控え").glob("03_*"))
    assert any("# 追記" in path.read_text(encoding="utf-8") for path in kept)
    assert "# 追記" not in desk.chapter(3).read_text(encoding="utf-8")
    page.close()
    preview.close()


def test_commentary_can_be_told_from_other_text_and_chapters_are_opened_as_they_were_saved(desk, browser):
    page = open_chapter(browser, desk, 2)
    time.sleep(3)
    assert page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab.jp-mod-dirty").count() == 0
    headings = page.locator(".jp-MarkdownCell:has(.cm-editor.jp-mod-readOnly)").all_inner_texts()
    texts = page.locator(".jp-MarkdownCell:not(:has(.cm-editor.jp-mod-readOnly))")
    assert any("相談件数等" in heading for heading in headings) and texts.count() == len(headings)
    assert (
        page.evaluate("(cell) => getComputedStyle(cell, '::before').content", texts.first.element_handle()) == '"本文"'
    )
    page.close()


def test_all_that_the_check_has_found_is_read_in_the_preview_and_leads_to_its_place(desk, browser):
    preview = open_preview(browser, desk)
    assert preview.evaluate("aim('R5/commentary/2-5-cross.md', '')") == "sec-2-5"
    assert preview.evaluate("aim('R5/cases/2-7-1.md 3 行目', '')") == "sec-2-7"
    checks = preview.locator("#checks")
    assert until(lambda: "お知らせ：" in checks.locator("summary").inner_text())
    checks.locator("summary").click()
    checks.locator("li", has_text="月末件数 = 前の月末件数").locator("button").first.click()
    inside = "document.getElementById('report').contentDocument.getElementById('tbl-2-1').getBoundingClientRect().top"
    assert until(lambda: abs(preview.evaluate(inside)) < 60)
    preview.close()


def test_lab_says_in_one_line_where_it_is(desk):
    lines = (desk.folder / "lab.log").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == f"JupyterLab：http://127.0.0.1:{desk.lab}/lab?token={TOKEN}（Ctrl-C で終わります）"
    assert all(line.startswith(("令和５年度", "JupyterLab", "※")) for line in lines)


def test_the_place_that_is_being_read_is_kept(desk, browser):
    preview = open_preview(browser, desk)

    def top():
        return preview.evaluate(
            "document.getElementById('report').contentWindow.document.getElementById('sec-2-3').getBoundingClientRect().top"
        )

    preview.evaluate(
        "const view = document.getElementById('report').contentWindow;"
        "view.document.getElementById('sec-2-3').scrollIntoView({behavior: 'instant'});"
        "view.scrollBy({top: 137, behavior: 'instant'})"
    )
    before = top()
    assert -140 < before < -100
    was = preview.get_attribute("body", "data-inputs")
    path = desk.text("2-1")
    path.write_text(path.read_text(encoding="utf-8") + "\n" + "上の節に書き足した文。\n\n" * 5, encoding="utf-8")
    preview.wait_for_selector(f'body[data-inputs]:not([data-inputs="{was}"])', timeout=30000)
    assert "上の節に書き足した文。" in shown_text(preview) and abs(top() - before) < 2
    preview.close()


@pytest.mark.parametrize("place", ["commentary", "table", "notebook"])
def test_the_page_is_never_older_than_what_lies_on_disk(desk, place):
    """Asked for right after a change, without waiting for the watch, the page is the new one and carries its hash."""
    mark = f"印{place}"
    if place == "commentary":
        path = desk.text("8-1")
        path.write_text(path.read_text(encoding="utf-8") + f"\n{mark}\n", encoding="utf-8")
    elif place == "table":
        path = desk.folder / "data" / "office.toml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("report_title", f'# {mark}\nreport_title = "印table"\n#', 1),
            encoding="utf-8",
        )
    else:
        path = next((desk.folder / "notebooks").glob("06_*.ipynb"))
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(nbformat.v4.new_markdown_cell(mark))
        nbformat.write(notebook, path)
    page = urlopen(desk.preview_address("/report.html"), timeout=120).read().decode()
    inputs = inputs_of(Office(desk.folder / "data"), FiscalYear("R5"))
    assert mark in page and f'<meta name="nenpo-inputs" content="{inputs}">' in page


@pytest.mark.parametrize(
    "path, headers",
    [
        ("/", {}),
        ("/report.html", {}),
        ("/events", {}),
        (f"/?token={TOKEN}", {"Host": "evil.example"}),
        ("/?token=x", {}),
    ],
)
def test_the_preview_answers_only_who_knows_the_token_by_its_own_name(desk, path, headers):
    with pytest.raises(HTTPError, match="403"):
        urlopen(Request(f"http://127.0.0.1:{desk.preview}{path}", headers=headers), timeout=20)


@pytest.mark.parametrize(
    "path", ["/", "/report.html", "/report.pdf", "/checks.json", "/preview.js", "/none", "/none/../x"]
)
@pytest.mark.parametrize("token", [TOKEN, "x"])
def test_no_page_of_the_preview_stands_within_another_site(desk, path, token):
    request = Request(f"http://127.0.0.1:{desk.preview}{path}?token={token}")
    try:
        answer = urlopen(request, timeout=60)
    except HTTPError as error:
        answer = error
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_no_page_of_lab_stands_within_another_site(desk):
    for path in ("/lab", "/login", "/api/status", "/none"):
        try:
            answer = urlopen(f"http://127.0.0.1:{desk.lab}{path}?token={TOKEN}", timeout=60)
        except HTTPError as error:
            answer = error
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"], path


def test_the_servers_listen_on_loopback_only(desk):
    listening = {
        one.laddr.ip
        for one in psutil.net_connections("tcp")
        if one.status == "LISTEN" and one.laddr.port in (desk.lab, desk.preview)
    }
    assert listening == {"127.0.0.1"}


def test_logs_hold_nothing_of_the_texts(desk):
    for command in ("lab", "preview"):
        log = (desk.folder / f"{command}.log").read_text(encoding="utf-8")
        assert log and "書いた文" not in log and TOKEN not in log.replace(f"token={TOKEN}", "")


def test_a_cell_runs_in_a_warm_kernel(desk):
    """As JupyterLab does it: a kernel by the server's interface, its messages by a web socket."""
    from tornado.websocket import websocket_connect

    def ask(method, path, body=None):
        request = Request(f"http://127.0.0.1:{desk.lab}{path}?token={TOKEN}", data=body, method=method)
        with urlopen(request, timeout=60) as answer:
            return answer.read()

    async def printed(kernel, source):
        socket = await websocket_connect(f"ws://127.0.0.1:{desk.lab}/api/kernels/{kernel}/channels?token={TOKEN}")
        content = {
            "code": source,
            "silent": False,
            "store_history": False,
            "user_expressions": {},
            "allow_stdin": False,
        }
        header = {"msg_id": "1", "msg_type": "execute_request", "session": "s", "username": "u", "version": "5.3"}
        whole = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await socket.write_message(json.dumps(whole))
        while answer := await socket.read_message():
            message = json.loads(answer)
            if message["msg_type"] == "stream":
                return message["content"]["text"]

    kernel = json.loads(ask("POST", "/api/kernels", b'{"name": "python3"}'))["id"]
    source = (
        "import os, sys; from ipykernel.kernelapp import IPKernelApp as app\n"
        "print('seaborn' in sys.modules, app.instance().transport, 'NENPO_DATA' in os.environ)"
    )
    with ThreadPoolExecutor(1) as pool:  # the browser keeps this thread's event loop
        told = pool.submit(asyncio.run, asyncio.wait_for(printed(kernel, source), 60)).result()
    ask("DELETE", f"/api/kernels/{kernel}")
    assert told == "True ipc True\n"
