"""The organisation chart and the cases, typed in Excel: a build turns the sheets 「体制図」 and 「事例」 into the files that the
report and the checks read. A file that somebody has written by hand is never overwritten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nenpo.commentary.agreement import digest
from nenpo.errors import ContentError, Fault, InputError
from nenpo.files import replace
from nenpo.intake.made import made_files, note_made
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.records import Row
from nenpo.table import CASES_SHEET, CHART_SHEET, LISTS
from nenpo.text.typed import read_typed
from nenpo.workbook.package import Package

CHART_FILE, CASES_FOLDER = "organisation.toml", "cases"
_SECTION = re.compile(r"\d{1,3}([-－]\d{1,3})+", re.ASCII)


def take_lists(office: Office, year: FiscalYear) -> None:
    """Bring the files of the year to what its sheets say. Raises ContentError where a file says something else that we did
    not write, and InputError for a workbook that cannot be read."""
    made = dict(made_files(office.year_folder(year)))
    ours = [name for name in made if name == CHART_FILE or name.startswith(f"{CASES_FOLDER}/")]
    if not ours and not _has_lists(office.workbook(year)):
        return
    lists = office.records(year).lists
    wanted: dict[str, str] = {}
    if rows := lists.get(CHART_SHEET, ()):
        wanted[CHART_FILE] = _chart(rows, f"図1　{year.label} {office.profile.name}体制図")
    cases = lists.get(CASES_SHEET, ())
    _require_sections(cases, office.workbook(year))
    wanted |= dict(_cases(cases))
    faults = []
    for name, text in wanted.items():
        path = office.year_folder(year) / name
        now = read_typed(path)
        if now and now.text == text:
            made[name] = digest(text)
        elif now and digest(now.text) != made.get(name):
            sheet = CHART_SHEET if name == CHART_FILE else CASES_SHEET
            remedy = f"どちらか一方にしてください：ファイルを消すか、シート「{sheet}」の行を消します"
            faults.append(Fault(f"Excel のシート「{sheet}」とは別に書かれています", str(path), remedy))
        elif replace(path, text.encode(), now.content if now else None):
            made[name] = digest(text)
    for name in set(ours) - set(wanted):  # no longer in its sheet
        path = office.year_folder(year) / name
        now = read_typed(path)
        if now and digest(now.text) == made[name]:
            path.unlink()
        del made[name]
    note_made(office.year_folder(year), made)
    if faults:
        raise ContentError(faults)


def _has_lists(workbook: Path) -> bool:
    """Whether a workbook has such sheets; one that cannot be read is told when its numbers are."""
    names = _SheetNames()
    try:
        with Package(workbook) as package:
            package.read("xl/workbook.xml", names)
    except InputError:
        return False
    return not names.found.isdisjoint(LISTS)


class _SheetNames:
    """The names of a workbook's sheets, for less than a look at all that it says."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            self.found.add(attributes.get("name", ""))

    def end(self, name: str) -> None: ...

    def text(self, characters: str) -> None: ...


def _chart(rows: tuple[Row, ...], title: str) -> str:
    """``organisation.toml`` of the rows: a row a post; an empty cell at the left means the one above."""
    lines = [
        f"# Excel のシート「{CHART_SHEET}」から作られています。直すときは Excel で直してください。",
        f"title = {_quoted(title)}",
    ]
    programme = body = None
    for row in rows:
        said = {name: str(value or "") for name, value in row.values.items()}
        if said["事業"] and said["事業"] != programme:
            programme, body = said["事業"], None
            keys = (("name", "事業"), ("kind", "種類"), ("description", "説明"), ("support", "ほかの事業への支援"))
            lines += [
                "",
                "[[programme]]",
                *(f"{key} = {_quoted(said[of])}" for key, of in keys if said[of] or key == "description"),
            ]
        if said["実施主体"] and said["実施主体"] != body:
            body = said["実施主体"]
            lines += ["", "[[programme.body]]", f"name = {_quoted(body)}"]
        if said["職"]:
            lines += ["", "[[programme.body.post]]", f"title = {_quoted(said['職'])}"]
            if duties := [duty.strip() for duty in said["業務"].split("\n") if duty.strip()]:
                lines.append(f"duties = [{', '.join(map(_quoted, duties))}]")
    return "\n".join(lines) + "\n"


def _require_sections(rows: tuple[Row, ...], workbook: Path) -> None:
    """Raises InputError for a case whose section is no number: it becomes part of a file's name."""
    faults = []
    section = ""
    for row in rows:
        section = str(row.values["節"] or section)
        if not _SECTION.fullmatch(section):
            where = f"{workbook} シート「{CASES_SHEET}」セル {(row.cells or {}).get('節', '')}"
            faults.append(Fault(f"節「{section}」は節の番号ではありません", where, "2-7 のように書いてください"))
    if faults:
        raise InputError(faults)


def _cases(rows: tuple[Row, ...]) -> Iterator[tuple[str, str]]:
    """Name and text of a file for each case."""
    cases: list[tuple[str, list[str]]] = []
    section = ""
    for row in rows:
        said = {name: str(value or "") for name, value in row.values.items()}
        section = said["節"] or section
        if said["題名"]:
            cases.append((section, [f"# {said['題名']}"]))
        if cases and said["見出し"]:
            cases[-1][1].append(f"## {said['見出し']}")
        if cases and said["文章"]:
            cases[-1][1].append(said["文章"].replace("\r\n", "\n").replace("\n", "\n\n"))
    numbers: dict[str, int] = {}
    for section, parts in cases:
        numbers[section] = numbers.get(section, 0) + 1
        yield f"{CASES_FOLDER}/{section.replace('－', '-')}-{numbers[section]}.md", "\n\n".join(parts) + "\n"


def chart_rows(source: str, path: Path) -> tuple[Row, ...]:
    """The rows of the sheet that say what an ``organisation.toml`` does. Raises InputError with what is wrong in it."""
    from nenpo.present.organisation import Body, Post, parse_organisation

    rows: list[dict[str, str]] = []
    for programme in parse_organisation(source, path).programmes:
        own = {
            "事業": programme.name,
            "種類": programme.kind,
            "説明": programme.description,
            "ほかの事業への支援": programme.support,
        }
        for body in programme.bodies or (Body(""),):
            carried = {"実施主体": body.name}
            for post in body.posts or (Post(""),):
                rows.append({**own, **carried, "職": post.title, "業務": "\n".join(post.duties)})
                own, carried = {}, {}
    return tuple(Row(str(at), _whole(row)) for at, row in enumerate(rows))


def _whole(row: Mapping[str, str]) -> dict[str, str | None]:
    return {name: row.get(name) or None for name in LISTS[CHART_SHEET]}


def _quoted(text: str) -> str:
    """A TOML string."""
    return json.dumps(text, ensure_ascii=False)
