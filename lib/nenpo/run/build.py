"""Builds a year's report: validate, execute, stitch, render, write."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from nenpo.built import BOOK, CACHE, CHECKS, FINAL, HTML, MANIFEST, NOTEBOOK, PDF, REVIEW, REVIEWED, WORKBOOKS
from nenpo.commentary.step import Desk, Step, sign
from nenpo.errors import ContentError, Fault, InputError, NenpoError, gather
from nenpo.files import write_whole
from nenpo.findings import ERROR
from nenpo.fiscal import FiscalYear
from nenpo.intake.drafts import Draft, drafts_in
from nenpo.intake.lists import take_lists
from nenpo.notebook import Notebook, as_bytes, section_of
from nenpo.office import TEMPLATES, Office
from nenpo.opendata.package import FOLDER as DATA
from nenpo.opendata.package import data_files, write_data
from nenpo.publish.book import Book, in_one_line
from nenpo.publish.pdf import Typesetter
from nenpo.publish.stitch import stitched, title
from nenpo.run.cache import ChapterCache
from nenpo.run.chapters import code_of, draw_summary, execute_chapter, own_parameters
from nenpo.run.inputs import inputs_hash
from nenpo.scratch import Scratch
from nenpo.text.markdown import remarks, without_remarks
from nenpo.workbook.parsed import parsed_in

if TYPE_CHECKING:
    from nenpo.publish.exporters import HtmlExporter, PdfExporter
    from nenpo.review.checks import Review

T = TypeVar("T")
SUMMARY = "あらまし"


class Progress(Protocol):
    """Tells the user; what is ``passing`` is of interest only while one waits."""

    def __call__(self, message: str, passing: bool = False, /) -> None: ...


class Notes(list[str]):
    """Keeps what is told, but for what is passing."""

    def __call__(self, message: str, passing: bool = False, /) -> None:
        if not passing:
            self.append(message)


@dataclass(frozen=True)
class Wanted:
    """How a report is to be built: ``formats`` names the files (HTML, PDF); a ``final`` report has every text written and
    every chapter at rest; ``why`` tells of each chapter why it was executed or not; with ``keep_others`` a file of the
    last report that is not to be built stays as it is, while otherwise the review edition is kept up to date once it is
    there, and others are removed; ``template`` stands for the office's; ``parameters`` are for the chapters that declare
    them."""

    formats: tuple[str, ...] = (HTML, PDF)
    jobs: int = 1
    final: bool = False
    cached: bool = True
    why: bool = False
    keep_others: bool = False
    template: str = ""
    parameters: tuple[tuple[str, str | int | float | bool], ...] = ()


def build(office: Office, year: FiscalYear, out: Path, wanted: Wanted, progress: Progress) -> Path:
    """Build the report of ``year`` into ``out/R5``.

    Raises InputError for data that cannot be read, before anything is executed, and ContentError for a chapter that
    fails, a text edited in two places, or a page that cannot be set. The last report stays as it was then.
    """
    year = office.year(year)
    office.require(year)
    with ExitStack() as during:
        kept = out / WORKBOOKS if wanted.cached else during.enter_context(Scratch())
        during.enter_context(parsed_in(kept))
        return _built(office, year, out, wanted, progress)


def _built(office: Office, year: FiscalYear, out: Path, wanted: Wanted, progress: Progress) -> Path:
    target = out / year.code
    desk = Desk(office.year_folder(year), target)
    chapters = chapter_notebooks(office)
    try:
        _codes(chapters)
        take_lists(Office(office.folder), year)
        step = _taken_in(desk, progress)
    except InputError as error:  # all faults at once
        raise InputError(dict.fromkeys([*error.faults, *_unreadable(office, year)])) from None
    hashed = partial(inputs_hash, office, year, chapters, f"{wanted.template}{wanted.parameters or ''}")
    inputs = hashed()
    # What a report is made from may be newer than its hash says, never older: all else is read from here on, and where texts were
    # saved between their reading and the hash, both are done anew, the hash first.
    if desk.read_texts() != step.texts:
        inputs = hashed()
        step = _taken_in(desk, progress)
    sources = _codes(chapters)
    cache = ChapterCache(out / CACHE / year.code if wanted.cached else None, office)
    summary, executed = _executed(office, year, sources, cache, wanted, progress)
    for chapter in executed.values():
        desk.fill(chapter, step.texts)
    reviewed = _reviewed(office, year) if wanted.final else None
    if reviewed:
        _refuse_drafts(executed, step, reviewed, drafts_in(office, year, step.texts))
    files: dict[str, bytes] = {}
    outdated = desk.outdated(executed, step)
    # A chapter may have read what no hash of ours covers: then it tells by what it shows.
    keeps_review = HTML in wanted.formats and REVIEW not in wanted.formats and not wanted.keep_others
    made = (
        replace(wanted, formats=(*wanted.formats, REVIEW)) if keeps_review and (target / REVIEW).is_file() else wanted
    )
    if outdated or not (wanted.cached and _current(target, inputs, (*made.formats, CHECKS))):
        named = {Path(name).stem: chapter for name, chapter in executed.items()}
        months = office.figures(year).come(year)
        drafts = {draft.name: draft.why for draft in drafts_in(office, year, step.texts)}
        progress(f"{'・'.join(made.formats)} を組んでいます", True)
        with Typesetter() if PDF in wanted.formats else nullcontext() as typesetter:
            page, pdf = _exporters(office, chapters, wanted)
            kept = target / DATA if _is_as_made(target, f"{DATA}/{BOOK}") else None
            data = data_files(kept, office.profile, office.dictionary, office.figures(year), [year])
            told = "" if office.hidden else inputs
            whole = stitched(office.profile, year, months, summary, named, drafts, told, data)
            book = page.book(whole)[0]
            meanwhile = partial(_signed_and_reviewed, outdated, reviewed, office, year)
            files, reviewed = _rendered(book, page, pdf, typesetter, made, meanwhile)
        if REVIEW in made.formats:
            files[REVIEW] = _review_edition(book, reviewed, office, target, page)
        if NOTEBOOK in made.formats:
            files[NOTEBOOK] = as_bytes(whole)
        files[CHECKS] = reviewed.as_json.encode()
    _, notes = desk.put_back(executed, step)
    notes += desk.saved_since(executed, step)
    for note in [
        *notes,
        *_unused(step, executed, desk),
        *_drafted(drafts_in(office, year, step.texts)),
        *_wrong(files.get(CHECKS) or (target / CHECKS).read_bytes(), year),
    ]:
        progress(f"※ {note}")
    if files:
        with desk.turn():
            about = {"title": in_one_line(title(office.profile, year, months)), "city": office.profile.city}
            written = write_data(target / DATA, data)
            _write(target, files, written, {"report": about, "inputs": inputs}, wanted.keep_others)
    if (target / HTML).is_file():
        for name in (*[FINAL] * wanted.final, *[REVIEWED] * (REVIEW in wanted.formats)):
            write_whole(target / name, (target / HTML).read_bytes())
    progress(f"{year.label}の年報{'ができました' if files else 'は前のまま変わりません'}：{target}")
    return target


def _codes(chapters: Sequence[Path]) -> dict[Path, str]:
    """The chapters with their code. Raises InputError with all faults."""
    return dict(zip(chapters, gather(partial(code_of, path) for path in chapters), strict=True))


def _taken_in(desk: Desk, progress: Progress) -> Step:
    """What was written in the chapters, now in the files too. Raises ContentError for texts edited in two places."""
    step = desk.take_in()
    for note in step.notes:
        progress(f"※ {note}")
    if step.conflicts:
        raise ContentError(step.conflicts)
    return step


def _refuse_drafts(executed: Mapping[str, Notebook], step: Step, reviewed: Review, drafts: Iterable[Draft]) -> None:
    """Raises ContentError while a number is at fault, or one in the prose not held against the data, a text is not
    written or as last year's, a remark is left in one, or a chapter is being written."""
    year = reviewed.year.code
    faults = [one.fault for one in dict.fromkeys([*reviewed.errors, *reviewed.open])]
    faults += [Fault(draft.why, f"{year}/commentary/{draft.name}.md", draft.remedy) for draft in drafts]
    faults += [
        Fault(f"本文「{name}」がまだ書かれていません", chapter, f"{name}.md か章のセルに書いてください")
        for chapter, notebook in executed.items()
        for cell in notebook["cells"]
        if (name := section_of(cell)) and not without_remarks(step.texts.get(name, "")).strip()
    ]
    faults += [
        Fault(
            "覚え書き（<!-- … -->）が残っています", f"{year}/commentary/{name}.md {line} 行目", "済んだら消してください"
        )
        for name, text in step.texts.items()
        for line in remarks(text)
    ]
    remedy = "JupyterLab で保存し直すか、.~ の付いた前の版に戻してください"
    faults += [Fault("章が書きかけです", str(chapter.path), remedy) for chapter in step.being_written]
    if not step.settled:
        faults.append(
            Fault("保存が続いているため、取り込んでいない文章があります", year, "保存が終わってから作ってください")
        )
    if faults:
        raise ContentError(faults)


def _unused(step: Step, executed: Mapping[str, Notebook], desk: Desk) -> list[str]:
    """A note on the texts that no chapter shows."""
    shown = {section_of(cell) for notebook in executed.values() for cell in notebook["cells"]}
    unused = [f"{name}.md" for name in step.texts if name not in shown]
    remedy = "章に report.commentary(…) のセルを置くか、ファイルを片付けてください。"
    return [f"{desk.texts} の {'、'.join(unused)} はどの章にも使われていません。{remedy}"] if unused else []


def _drafted(drafts: Sequence[Draft]) -> list[str]:
    """A note on the texts that are drafts."""
    names = "、".join(draft.name for draft in drafts)
    return [f"前年度から写したままか、直し残しのある本文が {len(drafts)} あります：{names}"] if drafts else []


def _wrong(checks: bytes, year: FiscalYear) -> list[str]:
    """A note on the numbers that are at fault."""
    count = sum(finding["severity"] == ERROR for finding in json.loads(checks)["findings"])
    return [f"数値に合わないところが {count} 件あります。nenpo check {year.code} で確かめてください。"] if count else []


def chapter_notebooks(office: Office) -> list[Path]:
    """The chapters in the order of their numbers: ``notebooks/`` beside the data folder, or upward from here."""
    places = [office.folder.resolve().parent, Path.cwd(), *Path.cwd().parents]
    folder = next((place / "notebooks" for place in places if (place / "notebooks").is_dir()), None)
    found = sorted(folder.glob("[0-9]*.ipynb"), key=lambda path: (number_of(path), path.name)) if folder else []
    numbers = [number_of(path) for path in found]
    if twice := [path.name for path in found if numbers.count(number_of(path)) > 1]:
        what = f"同じ番号の章があります：{'、'.join(twice)}"
        raise InputError(Fault(what, str(folder), "ファイル名の先頭の番号を変えるか、要らないほうを片付けてください"))
    if not found:
        raise InputError(
            Fault("章のノートブックが見つかりません", remedy="data の隣に notebooks フォルダーを置いてください")
        )
    return found


def number_of(chapter: Path) -> int:
    """The number that a chapter's file name begins with."""
    return int(re.match(r"[0-9]+", chapter.name)[0])  # type: ignore[index]


def _executed(
    office: Office,
    year: FiscalYear,
    notebooks: Mapping[Path, str],
    cache: ChapterCache,
    wanted: Wanted,
    progress: Progress,
) -> tuple[Any, dict[str, Notebook]]:
    """The page 「あらまし」 and the executed chapters by file name: from the cache where they hold, the others executed;
    ``notebooks`` are the chapters with their code. Where some fail, the faults of all of them."""
    chapters = {path.name: path for path in notebooks}
    given = _given(notebooks, wanted)
    sources = {SUMMARY: "", **{path.name: f"{code}{given[path.name] or ''}" for path, code in notebooks.items()}}
    found = {name: cache.find(name, source) for name, source in sources.items()}
    if wanted.why:
        for name, one in found.items():
            progress(f"  {Path(name).stem}：{'実行' if one.content is None else '再利用'}（{one.why}）")
    contents = {name: one.content for name, one in found.items()}
    missing = {
        name: partial(execute_chapter, chapters[name], given=given[name]) if name in chapters else draw_summary
        for name in sorted(found, key=lambda name: (name != SUMMARY, -len(sources[name])))  # the longest first
        if contents[name] is None
    }
    if missing:
        from nenpo.warm.kernels import warm

        progress(f"{year.label}（{year.code}）のデータを確かめています", True)
        with warm():
            import papermill  # noqa: F401  # while the kernels warm up, once for all workers

            _check(office, year)
            done = _run(missing, year, office.folder, wanted.jobs, progress)
        for name, (content, reads) in done.items():
            cache.keep(name, sources[name], reads, content)
            contents[name] = content
    return contents[SUMMARY], {name: contents[name] for name in chapters}


def _given(notebooks: Iterable[Path], wanted: Wanted) -> dict[str, dict[str, str | int | float | bool]]:
    """The parameters for each chapter, by its name. Raises InputError for one that no chapter declares."""
    declared = {path.name: own_parameters(path) for path in notebooks}
    known = set().union(*declared.values())
    if unknown := [name for name, _ in wanted.parameters if name not in known]:
        remedy = f"章のパラメーターのセルにあるのは {'、'.join(sorted(known)) or 'fiscal_year だけ'} です"
        raise InputError(Fault(f"パラメーター「{'」「'.join(unknown)}」を受け取る章がありません", "-p", remedy))
    return {name: {key: value for key, value in wanted.parameters if key in own} for name, own in declared.items()}


def _unreadable(office: Office, year: FiscalYear) -> tuple[Fault, ...]:
    try:
        _check(office, year)
    except InputError as error:
        return error.faults
    return ()


def _check(office: Office, year: FiscalYear) -> None:
    from nenpo.report import Report

    Report(year.code, office.folder).check()


def _run(
    missing: Mapping[str, Callable[[FiscalYear, Path], tuple[Any, dict[str, str]]]],
    year: FiscalYear,
    data: Path,
    jobs: int,
    progress: Progress,
) -> dict[str, tuple[Any, dict[str, str]]]:
    """What the chapters show and what they have read, by name."""
    calls = {name: partial(execute, year, data) for name, execute in missing.items()}
    if jobs == 1 or len(calls) == 1:
        return _results(calls, progress)
    from nenpo.run.workers import Workers

    with Workers(min(jobs, len(calls))) as pool:
        try:
            return _results({name: pool.submit(call).result for name, call in calls.items()}, progress)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise


def _results(calls: Mapping[str, Callable[[], T]], progress: Progress) -> dict[str, T]:
    """What the calls return. Raises ContentError with the faults of all that fail, in the order of their names."""
    done: dict[str, T] = {}
    faults: dict[str, tuple[Fault, ...]] = {}
    for number, (name, call) in enumerate(calls.items(), start=1):
        failed = ""
        try:
            done[name] = call()
        except NenpoError as error:
            faults[name] = error.faults
            failed = " … 失敗"
        progress(f"  {number}/{len(calls)} {Path(name).stem}{failed}", True)
    if faults:
        raise ContentError(fault for name in sorted(faults) for fault in faults[name])
    return done


def _exporters(office: Office, chapters: Sequence[Path], wanted: Wanted) -> tuple[HtmlExporter, PdfExporter]:
    """The exporters of a report: with the configuration beside its chapters, and the office's template."""
    from nenpo.publish.exporters import config_beside, exporters

    template = wanted.template or office.template
    return exporters(config_beside(chapters[0].parent), office.folder / TEMPLATES, template)


def _rendered(
    book: Book,
    page: HtmlExporter,
    pdf: PdfExporter,
    typesetter: Typesetter | None,
    wanted: Wanted,
    meanwhile: Callable[[], Review],
) -> tuple[dict[str, bytes], Review]:
    """The files of a proved book, by name, and the review. The PDF takes longest: where there is more than one processor to use
    it begins first, and all else is done ``meanwhile``.

    Raises ContentError for what cannot be set.
    """
    # Typst works in a process of its own, so that a thread is enough to wait for it.
    with ThreadPoolExecutor(1) as beside:
        begun = beside.submit(pdf.render, book, typesetter) if typesetter and wanted.jobs > 1 else None
        files = {HTML: page.render(book).encode()} if HTML in wanted.formats else {}
        reviewed = meanwhile()
        if typesetter:
            files[PDF] = begun.result() if begun else pdf.render(book, typesetter)
        return files, reviewed


def _signed_and_reviewed(outdated: list[Notebook], reviewed: Review | None, office: Office, year: FiscalYear) -> Review:
    """The review, made if it is not; the chapters that are out of date are signed."""
    if outdated:
        sign(outdated)
    return reviewed or _reviewed(office, year)


def _reviewed(office: Office, year: FiscalYear) -> Review:
    from nenpo.review.checks import review

    return review(office, year)


def _review_edition(book: Book, reviewed: Review, office: Office, target: Path, page: HtmlExporter) -> bytes:
    """The review edition, against the page last published, last reviewed or last built."""
    from nenpo.edition.review_page import review_page

    versions = {FINAL: "前に公表した版", REVIEWED: "前に確かめた版", HTML: "前の版"}
    since = next((name for name in versions if (target / name).is_file()), HTML)
    before = (target / since).read_text(encoding="utf-8") if (target / since).is_file() else None
    return review_page(book, reviewed, office, before, versions[since], page).encode()


def inputs_of(office: Office, year: FiscalYear) -> str:
    """The hash of everything a report of ``year`` is made from, as it lies on disk now."""
    return inputs_hash(office, year, chapter_notebooks(office))


def manifest_of(target: Path) -> dict[str, Any]:
    """The manifest of the report in ``target``: its ``report`` (title and city), ``inputs`` and the digests of ``files``.
    Raises OSError or ValueError where there is none."""
    manifest = json.loads((target / MANIFEST).read_bytes())
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict) or "inputs" not in manifest:
        raise ValueError("no manifest of ours")
    return manifest


def _current(target: Path, inputs: str, formats: Iterable[str]) -> bool:
    """Whether the files of the last build were made from the same inputs and lie there as they were made."""
    try:
        manifest = manifest_of(target)
        return manifest["inputs"] == inputs and manifest["files"].items() >= _digests(target, formats).items()
    except (OSError, ValueError):
        return False


def _is_as_made(target: Path, name: str) -> bool:
    """Whether a file of the last build lies there as it was made: one that was opened in Excel and saved does not."""
    try:
        return bool(manifest_of(target)["files"].get(name) == hashlib.sha256((target / name).read_bytes()).hexdigest())
    except (OSError, ValueError):
        return False


def _write(
    target: Path, files: dict[str, bytes], data: Iterable[Path], about: dict[str, Any], keep_others: bool
) -> None:
    """Write each file whole; the manifest comes last and tells which belong together, the ``data`` among them. Remove what is no longer
    made."""
    for name, content in files.items():
        write_whole(target / name, content)
    manifest = {**about, "files": _digests(target, [*files, *(path.relative_to(target).as_posix() for path in data)])}
    write_whole(target / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    for name in {HTML, PDF, REVIEW, NOTEBOOK} - set(files) if not keep_others else ():
        (target / name).unlink(missing_ok=True)


def _digests(target: Path, formats: Iterable[str]) -> dict[str, str]:
    """The digests of the report's files and of its chapters."""
    chapters = sorted((target / "chapters").glob("[!.]*.ipynb"))
    names = [*(f"chapters/{path.name}" for path in chapters), *sorted(formats)]
    return {name: hashlib.sha256((target / name).read_bytes()).hexdigest() for name in names}
