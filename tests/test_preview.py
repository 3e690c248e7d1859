"""The preview's own dealings, without a browser: what it watches, and when its worker is replaced."""

import asyncio
import shutil
import subprocess
import sys
import threading
import time

import pytest

from nenpo.desk import preview as previews
from nenpo.desk.preview import Preview, Worker
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.run.build import inputs_of

R5 = FiscalYear("R5")


@pytest.fixture
def place(office, tmp_path):
    shutil.copytree(office.folder, tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    shutil.copytree(office.folder.parent / "notebooks", tmp_path / "notebooks")
    return tmp_path


def test_a_change_of_the_library_replaces_the_worker_and_a_change_of_a_text_does_not(place, monkeypatch):
    library = place / "library"
    library.mkdir()
    monkeypatch.setattr(previews, "LIBRARY", library)
    monkeypatch.setattr(previews, "QUIET", 600)  # no PDF in between
    done = []

    def built(self, formats, progress):
        done.append("built")
        return {"inputs": inputs_of(Office(place / "data"), R5), "notes": [], "made": True}

    monkeypatch.setattr(Worker, "build", built)
    monkeypatch.setattr(Worker, "renew", lambda self: done.append("renewed"))

    async def watched():
        preview = Preview(place / "data", R5, place / "out", lambda *told: None)
        task = asyncio.create_task(preview.keep_current())
        try:
            await asyncio.sleep(0.5)
            for path, text in ((place / "data" / "R5" / "commentary" / "2-1.md", "本文。"), (library / "a.py", "1")):
                await asyncio.sleep(0.5)
                before = len(done)
                path.write_text(text, encoding="utf-8")
                for _ in range(100):
                    await asyncio.sleep(0.05)
                    if len(done) > before:
                        break
                assert done[before] == ("renewed" if path.suffix == ".py" else "built")
        finally:
            task.cancel()

    asyncio.run(watched())


def test_two_builds_asked_for_at_once_get_their_own_answers(tmp_path, monkeypatch):
    worker = Worker(tmp_path, R5, tmp_path)

    class Slow:
        """The other end of a worker that takes its time and answers with what it was asked."""

        def send(self, formats):
            assert not hasattr(self, "asked"), "asked before the last answer was taken"
            self.asked = formats

        def recv(self):
            time.sleep(0.1)
            asked = self.asked
            del self.asked
            return {"inputs": asked[0]}

    worker._connection = Slow()
    answers = {}
    threads = [
        threading.Thread(target=lambda name=name: answers.update({name: worker.build((name,))}))
        for name in ("a", "b", "c")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {name: {"inputs": name} for name in ("a", "b", "c")}


@pytest.mark.parametrize(
    "name, changes",
    [
        ("data/R5/commentary/2-1.md", True),
        ("data/R5/own.xlsx", True),
        ("data/R4/statistics.xlsx", True),
        ("notebooks/06_家計改善支援実績.ipynb", True),
        ("data/R5/~$statistics.xlsx", False),
        ("data/R5/commentary/.2-1.md.abc.tmp", False),
        ("data/R5/控え/2-1.12345678.md", False),
        ("data/R6/statistics.xlsx", False),
    ],
)
def test_the_hash_covers_what_a_report_is_made_from_and_nothing_else(place, name, changes):
    before = inputs_of(Office(place / "data"), R5)
    path = place / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")
    assert (inputs_of(Office(place / "data"), R5) != before) == changes


def test_an_office_in_a_folder_named_like_the_kept_copies_is_seen(place):
    moved = place / "控え"
    moved.mkdir()
    for name in ("data", "notebooks"):
        (place / name).rename(moved / name)
    before = inputs_of(Office(moved / "data"), R5)
    (moved / "data" / "R5" / "commentary" / "2-1.md").write_text("本文。", encoding="utf-8")
    assert inputs_of(Office(moved / "data"), R5) != before


def test_a_browser_is_opened_without_the_token_among_its_arguments(tmp_path, monkeypatch):
    import webbrowser

    from nenpo.desk import preview

    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    preview._open("http://127.0.0.1:8787/?token=secret", tmp_path)
    (page,) = tmp_path.iterdir()
    assert opened == [page.as_uri()] and "secret" not in opened[0]
    assert "token=secret" in page.read_text(encoding="utf-8") and page.stat().st_mode & 0o777 == 0o600


def test_nothing_that_is_logged_reaches_the_terminal(tmp_path):
    """Not even what nobody expects: a page that was closed while something was sent to it."""
    code = (
        "import logging, sys; from pathlib import Path; from traitlets.config import Application; from nenpo.desk.lab import logged_to\n"
        "class ServerApp(Application): pass\n"
        "ServerApp(logging_config=logged_to(Path(sys.argv[1]))).log.warning('own')\n"
        "logging.getLogger('asyncio').error('Task exception was never retrieved')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "log")], capture_output=True, text=True, check=True
    )
    written = (tmp_path / "log").read_text(encoding="utf-8")
    assert "never retrieved" in written and written.count("own") == 1
    assert "never retrieved" not in done.stderr + done.stdout
