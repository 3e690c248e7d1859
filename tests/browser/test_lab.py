"""The executed chapters in JupyterLab: every chart is there at once, without running a cell."""

import secrets
import shutil
import socket
import subprocess
import sys
import time
from urllib.parse import quote

import nbformat
import pytest

CHROMIUM = shutil.which("chromium")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")


def charts_in(path):
    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return sum("".join(output.get("data", {}).get("text/html", "")).count('role="img"') for output in outputs)


@pytest.fixture(scope="module")
def lab(r5, tmp_path_factory):
    """JupyterLab on a copy of the executed chapters: loopback, with a token; its address and token."""
    folder = shutil.copytree(r5 / "chapters", tmp_path_factory.mktemp("lab") / "chapters")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyterlab", "--allow-root", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/lab/tree/", token
    finally:
        server.terminate()
        server.wait(20)


def test_every_chart_of_a_chapter_is_shown(r5, lab):
    from playwright.sync_api import sync_playwright

    address, token = lab
    path = next((r5 / "chapters").glob("02_*.ipynb"))
    expected = charts_in(path)
    assert expected > 10
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1300, "height": 12000})
        page.goto(f"{address}{quote(path.name)}?token={token}")
        page.wait_for_function(
            f"document.querySelectorAll('.jp-OutputArea svg[role=img]').length >= {expected}", timeout=60000
        )
        browser.close()
