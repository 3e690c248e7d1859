"""Builds a year's report: take in what was written, execute, render, write."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from nenpo.built import CACHE, CHECKS, FINAL, HTML, REVIEW, REVIEWED, WORKBOOKS
from nenpo.commentary.step import Desk, Step
from nenpo.errors import ContentError, Fault, InputError
from nenpo.files import write_whole
from nenpo.findings import ERROR
from nenpo.intake.drafts import Draft, drafts_in
from nenpo.intake.lists import take_lists
from nenpo.japanese.years import FiscalYear
from nenpo.notebook import Notebook, section_of
from nenpo.office import Office
from nenpo.opendata.package import FOLDER as DATA
from nenpo.opendata.package import write_data
from nenpo.publish.book import in_one_line
from nenpo.publish.stitch import title
from nenpo.run.cache import ChapterCache
from nenpo.run.execution import SUMMARY as SUMMARY
from nenpo.run.execution import chapter_notebooks, check_data, codes_of, executed_chapters
from nenpo.run.final import refuse_unfinished
from nenpo.run.inputs import inputs_hash
from nenpo.run.manifest import is_current, write_report
from nenpo.run.manifest import manifest_of as manifest_of
from nenpo.run.rendering import Parts, Rendered, rendered, reviewed_now
from nenpo.run.wanted import Notes as Notes
from nenpo.run.wanted import Progress, Wanted
from nenpo.scratch import Scratch
from nenpo.workbook.parsed import parsed_in


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
    step, inputs = _taken_in(office, year, desk, chapters, wanted, progress)
    cache = ChapterCache(out / CACHE / year.code if wanted.cached else None, office)
    summary, executed = executed_chapters(office, year, codes_of(chapters), cache, wanted, progress)
    for chapter in executed.values():
        desk.fill(chapter, step.texts)
    drafts = drafts_in(office, year, step.texts)
    reviewed = reviewed_now(office, year) if wanted.final else None
    if reviewed:
        refuse_unfinished(executed, step, reviewed, drafts)
    outdated = desk.outdated(executed, step)
    asked, wanted = wanted, _with_review_edition(wanted, target)
    made = None
    # A chapter may have read what no hash of ours covers: then it tells by what it shows.
    if outdated or not (wanted.cached and is_current(target, inputs, (*wanted.formats, CHECKS))):
        progress(f"{'・'.join(wanted.formats)} を組んでいます", True)
        parts = Parts(summary, executed, outdated, {draft.name: draft.why for draft in drafts}, inputs, reviewed)
        made = rendered(office, year, target, chapters[0].parent, parts, wanted)
    _, notes = desk.put_back(executed, step)
    notes += desk.saved_since(executed, step)
    checks = made.files[CHECKS] if made else (target / CHECKS).read_bytes()
    for note in [*notes, *_unused(step, executed, desk), *_drafted(drafts), *_wrong(checks, year)]:
        progress(f"※ {note}")
    if made:
        _write(office, year, target, desk, made, inputs, wanted)
    _keep_versions(target, asked)
    progress(f"{year.label}の年報{'ができました' if made else 'は前のまま変わりません'}：{target}")
    return target


def _with_review_edition(wanted: Wanted, target: Path) -> Wanted:
    """The review edition too, where it is there already and not to be left as it is."""
    is_kept = HTML in wanted.formats and REVIEW not in wanted.formats and not wanted.keep_others
    return replace(wanted, formats=(*wanted.formats, REVIEW)) if is_kept and (target / REVIEW).is_file() else wanted


def _taken_in(
    office: Office, year: FiscalYear, desk: Desk, chapters: Sequence[Path], wanted: Wanted, progress: Progress
) -> tuple[Step, str]:
    """What was written in chapters and lists, now in the files too, and the hash of what the report is made from. Raises InputError with
    all that cannot be read, and ContentError for texts edited in two places."""
    try:
        codes_of(chapters)
        take_lists(Office(office.folder), year)
        step = _texts_taken_in(desk, progress)
    except InputError as error:  # all faults at once
        raise InputError(dict.fromkeys([*error.faults, *_unreadable(office, year)])) from None
    hashed = partial(inputs_hash, office, year, chapters, f"{wanted.template}{wanted.parameters or ''}")
    inputs = hashed()
    # What a report is made from may be newer than its hash says, never older: all else is read from here on, and where texts were
    # saved between their reading and the hash, both are done anew, the hash first.
    if desk.read_texts() != step.texts:
        inputs = hashed()
        step = _texts_taken_in(desk, progress)
    return step, inputs


def _texts_taken_in(desk: Desk, progress: Progress) -> Step:
    """What was written in the chapters, now in the files too. Raises ContentError for texts edited in two places."""
    step = desk.take_in()
    for note in step.notes:
        progress(f"※ {note}")
    if step.conflicts:
        raise ContentError(step.conflicts)
    return step


def _unreadable(office: Office, year: FiscalYear) -> tuple[Fault, ...]:
    try:
        check_data(office, year)
    except InputError as error:
        return error.faults
    return ()


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


def _write(
    office: Office, year: FiscalYear, target: Path, desk: Desk, made: Rendered, inputs: str, wanted: Wanted
) -> None:
    """Write the report, while no other program of ours does."""
    with desk.turn():
        about = {"title": in_one_line(title(office.profile, year, made.months)), "city": office.profile.city}
        data = write_data(target / DATA, made.data)
        write_report(target, made.files, data, {"report": about, "inputs": inputs}, wanted.keep_others)


def _keep_versions(target: Path, wanted: Wanted) -> None:
    """Keep the page as it is published, or reviewed, to tell later what has changed since."""
    if (target / HTML).is_file():
        for name in (*[FINAL] * wanted.final, *[REVIEWED] * (REVIEW in wanted.formats)):
            write_whole(target / name, (target / HTML).read_bytes())


def inputs_of(office: Office, year: FiscalYear) -> str:
    """The hash of everything a report of ``year`` is made from, as it lies on disk now."""
    return inputs_hash(office, year, chapter_notebooks(office))
