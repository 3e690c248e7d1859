"""The chapters of a report, executed where the cache does not hold them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from nenpo.errors import ContentError, Fault, InputError, NenpoError, gather
from nenpo.japanese.years import FiscalYear
from nenpo.notebook import Notebook
from nenpo.office import Office
from nenpo.run.cache import ChapterCache
from nenpo.run.chapters import code_of, draw_summary, execute_chapter, own_parameters
from nenpo.run.wanted import Progress, Wanted

T = TypeVar("T")
SUMMARY = "あらまし"


def chapter_notebooks(office: Office) -> list[Path]:
    """The chapters in the order of their numbers: ``notebooks/`` beside the data folder, or upward from here."""
    places = [office.folder.resolve().parent, Path.cwd(), *Path.cwd().parents]
    folder = next((place / "notebooks" for place in places if (place / "notebooks").is_dir()), None)
    paths = sorted(folder.glob("[0-9]*.ipynb"), key=lambda path: (number_of(path), path.name)) if folder else []
    numbers = [number_of(path) for path in paths]
    if twice := [path.name for path in paths if numbers.count(number_of(path)) > 1]:
        what = f"同じ番号の章があります：{'、'.join(twice)}"
        raise InputError(Fault(what, str(folder), "ファイル名の先頭の番号を変えるか、要らないほうを片付けてください"))
    if not paths:
        raise InputError(
            Fault("章のノートブックが見つかりません", remedy="data の隣に notebooks フォルダーを置いてください")
        )
    return paths


def number_of(chapter: Path) -> int:
    """The number that a chapter's file name begins with."""
    return int(re.match(r"[0-9]+", chapter.name)[0])  # type: ignore[index]


def codes_of(chapters: Sequence[Path]) -> dict[Path, str]:
    """The chapters with their code. Raises InputError with all faults."""
    return dict(zip(chapters, gather(partial(code_of, path) for path in chapters), strict=True))


def executed_chapters(
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
    cached = {name: cache.find(name, source) for name, source in sources.items()}
    if wanted.why:
        for name, one in cached.items():
            progress(f"  {Path(name).stem}：{'実行' if one.content is None else '再利用'}（{one.why}）")
    contents = {name: one.content for name, one in cached.items()}
    missing = {
        name: partial(execute_chapter, chapters[name], given=given[name]) if name in chapters else draw_summary
        for name in sorted(cached, key=lambda name: (name != SUMMARY, -len(sources[name])))  # the longest first
        if contents[name] is None
    }
    if missing:
        from nenpo.warm.kernels import warm

        progress(f"{year.label}（{year.code}）のデータを確かめています", True)
        with warm():
            import papermill  # noqa: F401  # while the kernels warm up, once for all workers

            check_data(office, year)
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
        of_chapters = f"{'、'.join(sorted(known))} " if known else "fiscal_year だけ"
        remedy = f"章のパラメーターのセルにあるのは {of_chapters}です"
        raise InputError(Fault(f"パラメーター「{'」「'.join(unknown)}」を受け取る章がありません", "-p", remedy))
    return {name: {key: value for key, value in wanted.parameters if key in own} for name, own in declared.items()}


def check_data(office: Office, year: FiscalYear) -> None:
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
