"""Where the time of a full cold build goes, phase by phase, and how far that is from the limit: python bench/phases.py [--write PAGE].

Each phase is measured by itself, one after the other, on one core; a build does several of them side by side. The limit is one
import of the libraries and the cells' own work, shared by the cores: what no build can do without.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from page import put

ROOT = Path(__file__).parent.parent
YEAR = "R5"


class Clock(dict[str, float]):
    """Seconds by phase."""

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self[name] = time.perf_counter() - start


def cells(path: Path) -> list[str]:
    read = json.loads(path.read_bytes())
    return ["".join(cell["source"]) for cell in read["cells"] if cell["cell_type"] == "code"]


def work(sources: list[str]) -> None:
    """Run cells in this process, and show what each ends in."""
    names: dict[str, object] = {}
    for source in sources:
        tree = ast.parse(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if "parameters" in source or "fiscal_year = " in source:
            names["fiscal_year"] = YEAR
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            if hasattr(shown, "_repr_mimebundle_"):
                shown._repr_mimebundle_()


def measured(folder: Path) -> tuple[Clock, Clock]:
    """The phases of a build, and those of the limit."""
    from nenpo.commentary.step import sign
    from nenpo.imports import spare_grammars
    from nenpo.japanese.years import FiscalYear
    from nenpo.office import Office
    from nenpo.workbook.parsed import parsed_in

    clock, limit = Clock(), Clock()
    data, year = ROOT / "data", FiscalYear(YEAR)
    notebooks = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    with clock.phase("Python, and what the command itself imports"):
        subprocess.run([sys.executable, "-c", "import nenpo.cli, nenpo.run.build"], check=True)
    spare_grammars()
    with clock.phase("papermill and nbformat, imported while the kernels warm up"):
        import nbformat
        import papermill  # noqa: F401
    from nenpo.run.chapters import draw_summary, execute_chapter
    from nenpo.warm.kernels import fork_kernel, warm

    with parsed_in(folder / "parsed"), warm():
        with clock.phase("the libraries, imported once for all kernels"):
            fork_kernel(os.environ["NENPO_ZYGOTE"], ["-f", str(folder / "none.json")], dict(os.environ), str(folder))
        with clock.phase("five workbooks read and the data checked"):
            from nenpo.review.checks import review

            review(Office(data).of(year))
        executed = {}
        with clock.phase("nine kernels: started, their cells run, ended"):
            summary, _ = draw_summary(year, data)
            for path in notebooks:
                executed[path.stem], _ = execute_chapter(path, year, data)
        from nenpo.warm import zygote

        with limit.phase("one import of the libraries"):
            command = "from nenpo.warm.zygote import _warm_up; _warm_up()"
            subprocess.run([sys.executable, "-c", command], check=True)
        zygote._warm_up()
        os.environ["NENPO_DATA"] = str(data)
        with limit.phase("the cells' own work, on one core"):
            for path in notebooks:
                work(cells(path))
    with clock.phase("nbconvert imported"):
        from nenpo.publish.exporters import HtmlExporter, PdfExporter
    from nenpo.publish.stitch import stitched

    with clock.phase("stitching, nbconvert's preprocessors, proof-reading"):
        page, pdf = HtmlExporter(), PdfExporter()
        book = page.book(stitched(Office(data).profile, year, 12, summary, executed, {}, "", {}))[0]
    with clock.phase("HTML, subsetting of fonts included"):
        page.render(book)
    with clock.phase("PDF: Typst, and the pass that marks row headers"):
        pdf.render(book)
    with clock.phase("signing the chapters"):
        sign(executed.values())
    assert nbformat
    return clock, limit


def build(folder: Path) -> float:
    shutil.rmtree(folder / "out", ignore_errors=True)
    start = time.perf_counter()
    command = [str(Path(sys.executable).parent / "nenpo"), "build", YEAR, "--out", str(folder / "out")]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="put the table into its part of this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        whole = min(build(Path(name)) for _ in range(3))
        clock, limit = measured(Path(name))
    cores = os.cpu_count() or 1
    imported, drawn = limit.values()
    least = imported + drawn / cores
    lines = ["| phase, each by itself on one core | seconds |", "|---|---|"]
    lines += [f"| {name} | {seconds:.2f} |" for name, seconds in clock.items()]
    lines += [f"| limit: {name} | {seconds:.2f} |" for name, seconds in limit.items()]
    lines += [
        "",
        f"A full cold build takes {whole:.1f} s on {cores} cores (the best of three). The limit of one import and the cells' own work "
        f"on {cores} cores is {least:.1f} s; the build is at {whole / least:.1f} times that.",
    ]
    report = "\n".join(lines)
    print(report)
    if options.write:
        put(options.write, "phases", report)
