"""How long a report takes, as ratios of times measured in one run: python bench/build.py [--write docs/performance.md].

The yardstick is what one would do without nenpo: papermill over the same notebooks one after the other, then
``jupyter nbconvert --to html`` over what comes out. All else is measured against it and against a full cold build.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from page import put

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Measure:
    name: str
    seconds: float
    goal_stock: str = ""
    goal_cold: str = ""


class Office:
    """A copy of the office to work on."""

    def __init__(self, folder: Path):
        self.folder = folder
        shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("控え"))
        shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        self.out = folder / "outputs"
        self.text = folder / "data" / "R5" / "commentary" / "2-1.md"
        self.html, self.pdf = self.out / "R5" / "report.html", self.out / "R5" / "report.pdf"
        self._edits = 0

    def build(self, *options: str) -> None:
        run([str(BIN / "nenpo"), "build", "R5", *options], self.folder)

    def check(self) -> None:
        run([str(BIN / "nenpo"), "check", "R5"], self.folder)

    def edit(self) -> str:
        """A sentence more in the commentary; the sentence."""
        self._edits += 1
        sentence = f"書き足した{self._edits}番目の文。"
        self.text.write_text(self.text.read_text(encoding="utf-8") + f"\n{sentence}\n", encoding="utf-8")
        return sentence

    def change_cell(self) -> None:
        from openpyxl import load_workbook

        path = self.folder / "data" / "R5" / "statistics.xlsx"
        book = load_workbook(path)
        sheet = book[next(name for name in book.sheetnames if name.startswith("2-3"))]
        sheet["B5"] = (sheet["B5"].value or 0) + 1
        book.save(path)


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}:\n{done.stderr[-3000:]}")


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def stock(office: Office) -> None:
    """papermill over the notebooks in a row, and nbconvert's own HTML of each."""
    done = office.folder / "stock"
    done.mkdir(exist_ok=True)
    loop = (
        "import sys, papermill\n"
        "for path in sys.argv[2:]:\n"
        "    papermill.execute_notebook(path, sys.argv[1] + '/' + path.rpartition('/')[2], {'fiscal_year': 'R5'},\n"
        "                               progress_bar=False, cwd='notebooks')\n"
    )
    notebooks = sorted(f"notebooks/{path.name}" for path in (office.folder / "notebooks").glob("*.ipynb"))
    run([sys.executable, "-c", loop, str(done), *notebooks], office.folder)
    run([str(BIN / "jupyter"), "nbconvert", "--to", "html", *map(str, sorted(done.glob("*.ipynb")))], office.folder)


def preview(office: Office, times: int) -> list[float]:
    """Seconds from saving a text to the new HTML on disk, in a running preview."""
    command = [str(BIN / "nenpo"), "preview", "R5", "--no-browser", "--port=8999"]
    log = (office.folder / "preview.log").open("w")
    running = subprocess.Popen(command, cwd=office.folder, stdout=log, stderr=log)
    try:
        seconds = []
        for _ in range(times + 1):
            start = time.perf_counter()
            sentence = office.edit()
            while sentence not in office.html.read_text(encoding="utf-8"):
                if time.perf_counter() - start > 120:
                    sys.exit(f"the preview shows nothing new:\n{(office.folder / 'preview.log').read_text()}")
                time.sleep(0.005)
            seconds.append(time.perf_counter() - start)
            time.sleep(4)  # the PDF follows, in quiet
        return seconds[1:]  # the first one waits for the start
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()


def measured() -> list[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        before = timed(lambda: stock(office))

        def from_nothing() -> float:
            shutil.rmtree(office.out, ignore_errors=True)
            return timed(office.build)

        cold = median(from_nothing() for _ in range(3))
        nothing = median(timed(office.build) for _ in range(5))
        check = median(timed(office.check) for _ in range(5))

        def after_edit() -> float:
            sentence = office.edit()
            seconds = timed(office.build)
            assert sentence in office.html.read_text(encoding="utf-8") and office.pdf.exists()
            return seconds

        edit = median(after_edit() for _ in range(9))
        office.change_cell()
        cell = timed(office.build)
        shown = median(preview(office, 9))
        # A machine that others use as well is not always as fast: the yardstick is laid at both ends.
        yardstick = (before + timed(lambda: stock(office))) / 2
    return [
        Measure("papermill in a row + jupyter nbconvert --to html", yardstick),
        Measure("full cold build, HTML and PDF", cold, "1/4"),
        Measure("one sentence edited, HTML and PDF, command line", edit, "1/16"),
        Measure("one sentence edited, new HTML on disk, running preview", shown, "1/60"),
        Measure("one Excel cell changed, HTML and PDF", cell),
        Measure("nothing changed", nothing, "1/40"),
        Measure("nenpo check, after a build", check, "", "1/10"),
    ]


def table(measures: list[Measure]) -> str:
    yardstick, cold = measures[0].seconds, measures[1].seconds
    lines = ["| measure | seconds | of the stock tools | goal | of a cold build | goal |", "|---|---|---|---|---|---|"]
    for one in measures:
        ratios = f"1/{yardstick / one.seconds:.1f} | {one.goal_stock} | 1/{cold / one.seconds:.1f} | {one.goal_cold}"
        lines.append(f"| {one.name} | {one.seconds:.2f} | {ratios} |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="put the table into its part of this file")
    options = parser.parse_args()
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # what is started in the background could not be interrupted
    report = table(measured())
    print(report)
    if options.write:
        put(options.write, "build", report)
