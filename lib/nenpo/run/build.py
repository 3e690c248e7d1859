"""Builds a year's report: validate, execute, stitch, render, write."""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from nbformat import NotebookNode

from nenpo.commentary.chapter import section_of
from nenpo.commentary.step import Desk, Step
from nenpo.errors import ContentError, Fault, InputError, NenpoError
from nenpo.files import write_whole
from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.publish.stitch import stitched
from nenpo.report import Report
from nenpo.run.chapters import execute_chapter

HTML, PDF, MANIFEST = "report.html", "report.pdf", "manifest.json"
Progress = Callable[[str], None]


def build(
    office: Office,
    year: FiscalYear,
    out: Path,
    jobs: int,
    formats: Sequence[str],
    progress: Progress,
    final: bool = False,
) -> Path:
    """Build the report of ``year`` into ``out/R5``; ``formats`` names the files to write (HTML, PDF). A ``final`` report
    has every text written and every chapter at rest.

    Raises InputError for data that cannot be read, before anything is executed, and ContentError for a chapter that
    fails, a text edited in two places, or a page that cannot be set. The last report stays as it was then.
    """
    progress(f"{year.label}（{year.code}）のデータを確かめています")
    report = Report(year.code, office.folder)
    report.check()
    target = out / year.code
    desk = Desk(office.year_folder(year), target)
    step = _taken_in(desk, progress)
    chapters = chapter_notebooks(office)
    executed = dict(
        zip((path.name for path in chapters), _executed(office, year, chapters, jobs, progress), strict=True)
    )
    for _ in range(5):
        for chapter in executed.values():
            desk.fill(chapter, step.texts)
        if final:
            _refuse_drafts(executed, step)
        book = stitched(report, {Path(name).stem: chapter for name, chapter in executed.items()})
        files: dict[str, bytes] = {}
        for name in formats:
            progress(f"{name} を組んでいます")
            files[name] = _rendered(name, book)
        written, notes = desk.put_back(executed, step)
        if written:
            break
        step = _taken_in(desk, progress)  # a chapter was saved meanwhile
    else:
        raise ContentError(Fault("章の保存が続いているため、年報を作れません", str(desk.chapters)))
    for note in [*notes, *_unused(step, executed, desk)]:
        progress(f"※ {note}")
    _write(target, files, executed)
    progress(f"{year.label}の年報ができました：{target}")
    return target


def _taken_in(desk: Desk, progress: Progress) -> Step:
    """What was written in the chapters, now in the files too. Raises ContentError for texts edited in two places."""
    step = desk.take_in()
    for note in step.notes:
        progress(f"※ {note}")
    if step.conflicts:
        raise ContentError(step.conflicts)
    return step


def _refuse_drafts(executed: Mapping[str, NotebookNode], step: Step) -> None:
    """Raises ContentError while a text is not written or a chapter is being written."""
    faults = [
        Fault(f"本文「{name}」がまだ書かれていません", chapter, f"{name}.md か章のセルに書いてください")
        for chapter, notebook in executed.items()
        for cell in notebook.cells
        if (name := section_of(cell)) and not step.texts.get(name, "").strip()
    ]
    remedy = "JupyterLab で保存し直すか、.~ の付いた前の版に戻してください"
    faults += [Fault("章が書きかけです", str(chapter.path), remedy) for chapter in step.being_written]
    if faults:
        raise ContentError(faults)


def _unused(step: Step, executed: Mapping[str, NotebookNode], desk: Desk) -> list[str]:
    """A note on the texts that no chapter shows."""
    shown = {section_of(cell) for notebook in executed.values() for cell in notebook.cells}
    unused = [f"{name}.md" for name in step.texts if name not in shown]
    remedy = "章に report.commentary(…) のセルを置くか、ファイルを片付けてください。"
    return [f"{desk.texts} の {'、'.join(unused)} はどの章にも使われていません。{remedy}"] if unused else []


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


def _write(target: Path, files: dict[str, bytes], chapters: Iterable[str]) -> None:
    """Write each file whole; the manifest comes last and tells which belong together. Remove what is no longer made."""
    for name, content in files.items():
        write_whole(target / name, content)
    together = {f"chapters/{name}": (target / "chapters" / name).read_bytes() for name in chapters} | files
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(together.items())}
    write_whole(target / MANIFEST, json.dumps({"files": digests}, ensure_ascii=False, indent=1) + "\n")
    for name in {HTML, PDF} - set(files):
        (target / name).unlink(missing_ok=True)
