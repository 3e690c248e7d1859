"""Prepares a fiscal year: the workbook to fill in, with last year's organisation chart, and last year's commentary rolled forward.

Nothing that somebody has touched is overwritten. Run again, it adds what is missing, and states the texts that are still as
they were rolled anew with the numbers that have come in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nenpo.commentary.agreement import digest
from nenpo.errors import Fault, InputError
from nenpo.files import replace, write_whole
from nenpo.intake.lists import CHART_FILE, chart_rows
from nenpo.intake.made import made_files, note_made
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.paths import name_fault, require_no_way_out
from nenpo.prepare.foreign import foreign, lost_texts
from nenpo.prepare.form import form
from nenpo.prepare.rolled import Change, Roller
from nenpo.reads import file_digest
from nenpo.records import Row, YearRecords
from nenpo.table import CHART_SHEET
from nenpo.text.pictures import picture_names
from nenpo.text.typed import read_typed
from nenpo.workbook.book import require_closed
from nenpo.workbook.reading import survey_workbook

# What a workbook that is written anew would lose, of which so much is named.
_MOST_LOST = 12


@dataclass(frozen=True)
class Prepared:
    """What was done with a file of the year, and the changes in a text that was rolled forward."""

    file: Path
    done: str
    changes: tuple[Change, ...] = ()


def prepare(office: Office, year: FiscalYear) -> list[Prepared]:
    """Prepare ``year`` in the office's folder. Raises InputError where the year before cannot be read, or what is typed in
    the year's workbook cannot."""
    folder = office.year_folder(year)
    require_no_way_out(folder, office.folder)
    before = office.records(year.previous) if year.previous in office.years else None
    untouched = dict(made_files(folder))
    folder.mkdir(parents=True, exist_ok=True)
    prepared = [_workbook(office, year, before, untouched)]
    office = Office(office.folder)  # which knows of the year now
    # A workbook that lacks something cannot be read until what it lacks is in it.
    if before and prepared[0].file == office.workbook(year):
        prepared += _texts(office, year, untouched)
    note_made(folder, untouched)
    prepared += _not_taken_over(office, year)
    return [text for text in prepared if text.done]


def _not_taken_over(office: Office, year: FiscalYear) -> Iterator[Prepared]:
    """What is missing where the year before has no folder, though earlier ones have."""
    if year.previous not in office.years and any(kept < year.previous for kept in office.years):
        code = year.previous.code
        done = f"ないため、前{year.word}の文章・体制図・数値は引き継いでいません。先に nenpo new {code} を、次に nenpo new {year.code} をもう一度実行してください"
        yield Prepared(office.year_folder(year.previous), done)


def _workbook(office: Office, year: FiscalYear, before: YearRecords | None, untouched: dict[str, str]) -> Prepared:
    path = office.workbook(year)
    new = not path.exists()
    if new or untouched.get(path.name) == file_digest(path):
        content = form(office.dictionary, YearRecords(year, {}, {CHART_SHEET: _chart_before(office, year)}), before)
        done = "記入用の Excel を作りました" if new else "まだ何も入力されていないので、作り直しました"
        if not new and content == path.read_bytes():
            return Prepared(path, "")
        require_closed(path)
        if not replace(path, content, None if new else path.read_bytes()):
            raise InputError(Fault("ファイルが同時に書かれました", str(path), "もう一度実行してください"))
        untouched[path.name] = file_digest(path)
        return Prepared(path, done)
    records, lacking = survey_workbook(path, office.dictionary, year)
    if not lacking:
        return Prepared(path, "")
    content = form(office.dictionary, records, before)
    beside = _free(path.with_name("statistics（項目を足したもの）.xlsx"), content)
    write_whole(beside, content)
    lost = [*foreign(path, office.dictionary), *lost_texts(path, content, office.dictionary, records)]
    without = f"。移していないもの：{'、'.join(lost[:_MOST_LOST])}" if lost else ""
    more = f"、ほか {len(lost) - _MOST_LOST} か所の書き込み" if len(lost) > _MOST_LOST else ""
    return Prepared(
        beside,
        f"{path.name} にない{'、'.join(lacking)}を足し、入力済みの数値を移したものを隣に作りました（{path.name} はそのままです。"
        f"確かめてから {path.name} と入れ替えてください）{without}{more}",
    )


def _chart_before(office: Office, year: FiscalYear) -> tuple[Row, ...]:
    """The organisation chart of the year before, for the sheet of the new one."""
    old = read_typed(office.year_folder(year.previous) / CHART_FILE)
    return chart_rows(old.text, old.path) if old else ()


def _free(path: Path, content: bytes) -> Path:
    """The path, or one with a number where it is taken by something else."""
    number, free = 1, path
    while free.exists() and free.read_bytes() != content:
        number += 1
        free = path.with_name(f"{path.stem}{number}{path.suffix}")
    return free


def _texts(office: Office, year: FiscalYear, untouched: dict[str, str]) -> Iterator[Prepared]:
    """Roll the texts that are not there yet, or are still as they were rolled before."""
    folder = office.year_folder(year) / "commentary"
    roller = Roller(office, year)
    for source in sorted((office.year_folder(year.previous) / "commentary").glob("*.md")):
        old, now = read_typed(source), read_typed(folder / source.name)
        if old is None or (now and digest(now.text) != untouched.get(source.stem)):
            continue  # somebody has been at it
        rolled = roller.roll(source, old.text)
        untouched[source.stem] = digest(rolled.text)
        path, content = folder / source.name, rolled.text.encode()
        if (now is None or now.text != rolled.text) and replace(path, content, now.content if now else None):
            done = f"前{year.word}の文章を写しました" if now is None else "数値を入れ直しました"
            yield Prepared(path, done, rolled.changes)
        for name in picture_names(rolled.text):
            picture, shown = folder / "pictures" / name, _content(source.parent / "pictures" / name)
            if shown is not None and not name_fault(name) and not picture.exists():
                write_whole(picture, shown)
                yield Prepared(picture, "文章の図を写しました")


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
