"""Builds a year's report: validate, execute, stitch, render, write."""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nenpo.errors import ContentError, Fault, InputError, NenpoError
from nenpo.files import write_whole
from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.publish.stitch import stitched
from nenpo.report import Report
from nenpo.run.chapters import execute_chapter

HTML, PDF, MANIFEST = "report.html", "report.pdf", "manifest.json"
Progress = Callable[[str], None]


def build(office: Office, year: FiscalYear, out: Path, jobs: int, formats: Sequence[str], progress: Progress) -> Path:
    """Build the report of ``year`` into ``out/R5``; ``formats`` names the files to write (HTML, PDF).

    Raises InputError for data that cannot be read, before anything is executed, and ContentError for a chapter that
    fails or a page that cannot be set. The last report stays as it was then.
    """
    progress(f"{year.label}（{year.code}）のデータを確かめています")
    report = Report(year.code, office.folder)
    report.check()
    chapters = chapter_notebooks(office)
    executed = _executed(office, year, chapters, jobs, progress)
    book = stitched(report, dict(zip([path.stem for path in chapters], executed, strict=True)))
    files: dict[str, bytes] = {
        f"chapters/{path.name}": _as_bytes(notebook) for path, notebook in zip(chapters, executed, strict=True)
    }
    for name in formats:
        progress(f"{name} を組んでいます")
        files[name] = _rendered(name, book)
    target = out / year.code
    _write(target, files)
    _sign(executed)
    progress(f"{year.label}の年報ができました：{target}")
    return target


def chapter_notebooks(office: Office) -> list[Path]:
    """The chapters in the order of their numbers: ``notebooks/`` beside the data folder, or upward from here."""
    places = [office.folder.resolve().parent, Path.cwd(), *Path.cwd().parents]
    folder = next((place / "notebooks" for place in places if (place / "notebooks").is_dir()), None)
    found = sorted(folder.glob("[0-9]*.ipynb")) if folder else []
    if not found:
        raise InputError(
            Fault("章のノートブックが見つかりません", remedy="data の隣に notebooks フォルダーを置いてください")
        )
    return found


def _executed(
    office: Office, year: FiscalYear, chapters: list[Path], jobs: int, progress: Progress
) -> list[NotebookNode]:
    """The executed chapters; where some fail, the faults of all of them."""
    executed: list[NotebookNode] = []
    faults: list[Fault] = []
    workers = max(1, min(jobs, len(chapters)))
    with ProcessPoolExecutor(workers, initializer=_leave_interrupts) as pool:
        tasks = [pool.submit(execute_chapter, path, year, office.folder) for path in chapters]
        try:
            for number, (path, task) in enumerate(zip(chapters, tasks, strict=True), start=1):
                try:
                    executed.append(task.result())
                    progress(f"  {number}/{len(chapters)} {path.stem}")
                except NenpoError as error:
                    faults += error.faults
                    progress(f"  {number}/{len(chapters)} {path.stem} … 失敗")
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    if faults:
        raise ContentError(faults)
    return executed


def _leave_interrupts() -> None:
    """A worker leaves Ctrl-C to the build, or each would end in a traceback of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _rendered(name: str, book: NotebookNode) -> bytes:
    from nenpo.publish.html import HtmlExporter
    from nenpo.publish.pdf import PdfExporter

    content, _ = {HTML: HtmlExporter, PDF: PdfExporter}[name]().from_notebook_node(book)
    return content if isinstance(content, bytes) else content.encode()


def _as_bytes(notebook: NotebookNode) -> bytes:
    return (nbformat.writes(notebook, version=4) + "\n").encode()


def _write(target: Path, files: dict[str, bytes]) -> None:
    """Write each file whole; the manifest comes last and tells which belong together. Remove what is no longer made."""
    for name, content in files.items():
        write_whole(target / name, content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    write_whole(target / MANIFEST, json.dumps({"files": digests}, ensure_ascii=False, indent=1) + "\n")
    made = {target / name for name in (*files, MANIFEST)}
    stale = [*(target / "chapters").glob("*.ipynb"), *(target / name for name in (HTML, PDF))]
    for path in set(stale) - made:
        path.unlink(missing_ok=True)


def _sign(notebooks: Sequence[NotebookNode]) -> None:
    """Sign the executed chapters, or JupyterLab would show none of their charts."""
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for notebook in notebooks:
        notary.sign(notebook)
