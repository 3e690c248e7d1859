"""References in the texts: to a section, a table or a figure that is not there, or by a link that leads to another than its words say; and what
``prose.toml`` says of texts that nothing says any more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from nenpo.errors import Fault
from nenpo.findings import ERROR, WARNING, Finding
from nenpo.japanese.numerals import half_width
from nenpo.office import OfficeYear
from nenpo.prose.sayings import SLOT, sayings_of
from nenpo.prose.written import OLD, REFERRED
from nenpo.table import section_number

RULE = "参照"
_SECTION = r"(\d{1,2})[-－](\d{1,2})(?:[-－](\d{1,2}))?"
_HEADING = re.compile(rf"^#+ +{_SECTION}", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\(<?#(?:sec|tbl|fig)-([\d-]+)[^)]*\)")
# What a text that was rolled forward is marked by.
_MARK = re.compile(rf"{re.escape(OLD)}|【要確認】")
# A number of that form is a reference where words say so.
_NAMED = re.compile(rf"(?P<kind>図表?|表|第){_SECTION}|{_SECTION}(?=[^\n。]{{0,20}}?{REFERRED})")
# A page that is told by its number, which every change of the report moves.
_PAGE = re.compile(rf"(?<![\d.])\d{{1,3}}(?:[、・~～〜-]\d{{1,3}})*\s*(?:頁|ページ)(?=[^\n。]{{0,12}}?{REFERRED})")
# What draws figures in a chapter, at the most so many each.
_DRAWN, _MOST_DRAWN = re.compile(r"\.(?:chart|course|years|shares|figure|organisation)\("), 2
_REPEATED = re.compile(r"\b(?:for|while|def|lambda|import)\b(?!.*\bReport\b)")


def reference_findings(office_year: OfficeYear) -> Iterator[Finding]:
    """An error for each reference that leads nowhere, or elsewhere than it says; a warning for a page's number that somebody has typed."""
    report = _Report(office_year)
    for path, text in office_year.texts():
        file, own = office_year.name_of(path), section_number(path.stem)
        for number, line in enumerate(half_width(text).split("\n"), start=1):
            for severity, what, remedy in (*report.wrong(line), *_pages(line)):
                message = f"{own} の本文：{what}"
                where = f"{number} 行目"
                yield Finding(severity=severity, rule=RULE, sheet=file, cell=where, message=message, suggestion=remedy)


def _pages(line: str) -> Iterator[tuple[str, str, str]]:
    for page in _PAGE.finditer(line):
        remedy = "[2－5](#sec-2-5) のようなリンクにすると、PDF では頁が自動で入ります"
        yield WARNING, f"「{page[0]}」は、年報が変わるとずれます", remedy


class _Report:
    """What a report has that may be referred to: its sections, the tables of ``tables.toml``, and what its chapters draw in each section."""

    def __init__(self, office_year: OfficeYear):
        self._tables = set(office_year.dictionary)
        self._code = _code_by_section(office_year)
        self._sections = {table.section for table in office_year.dictionary.values()}
        self._sections |= {section_number(path.stem) for path, _ in office_year.texts()}
        self._sections |= set(self._code or ())

    def wrong(self, line: str) -> Iterator[tuple[str, str, str]]:
        for link in _LINK.finditer(line):
            said = re.search(_SECTION, link[1])
            parts = [part for part in said.groups() if part] if said else []
            if parts and parts[:2] != link[2].split("-")[:2]:
                yield (
                    ERROR,
                    f"「{link[1]}」のリンクは {'-'.join(link[2].split('-')[:2])} を指しています",
                    "言葉か、リンク先を直してください",
                )
        bare = _LINK.sub(lambda link: link[1], line)
        for match in _NAMED.finditer(bare):
            if why := self._missing(match["kind"] or "", [part for part in match.groups()[1:] if part]):
                yield ERROR, f"「{match[0]}」という{why[0]}はありません", why[1]

    def _missing(self, kind: str, parts: list[str]) -> tuple[str, str] | None:
        """What a reference names that is not there, and the remedy; None where it is, or cannot be told."""
        section, number = "-".join(parts[:2]), "-".join(parts)
        if self._code is None:
            return None  # whoever builds is told of it
        if section not in self._sections:
            return "節や図表", "節の番号を確かめてください"
        if (code := self._code.get(section)) is None:
            return None
        own = sorted(table for table in self._tables if section_number(table) == section)
        if kind == "表" and number not in own and "frame_table(" not in code:
            there = f"この節の表：{'、'.join(own)}" if own else "この節に表はありません"
            return "表", f"表の番号を確かめてください（{there}）"
        most = _MOST_DRAWN * len(_DRAWN.findall(code))
        if kind == "図" and len(parts) == 3 and int(parts[2]) > most and not _REPEATED.search(code):
            return "図", "図の番号を確かめてください"
        return None


def _code_by_section(office_year: OfficeYear) -> dict[str, str] | None:
    """The code of the chapters by the sections that they have as headings; None for a chapter that cannot be read."""
    code: dict[str, str] = {}
    folder = office_year.office.folder.resolve().parent / "notebooks"
    for path in sorted(folder.glob("[0-9]*.ipynb")) if folder.is_dir() else ():
        section = ""
        try:
            cells = json.loads(path.read_bytes())["cells"]
            texts = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        for kind, text in texts:
            if kind == "code":
                code[section] = code.get(section, "") + text + "\n"
            for match in _HEADING.finditer(half_width(text)) if kind == "markdown" else ():
                section = f"{match[1]}-{match[2]}"
                code.setdefault(section, "")
    code.pop("", None)
    return code


def unused_sayings(office_year: OfficeYear) -> Iterator[Finding]:
    """A warning for each declaration, waiver and claim of ``prose.toml`` that matches nothing in the year's texts: the figure that it was made
    for may have been rewritten, and is no longer held against anything."""
    texts = {path: half_width(_MARK.sub("", text)) for path, text in office_year.texts()}
    if not texts:
        return
    chart = office_year.folder / "organisation.toml"
    whole = {**texts, chart: half_width(office_year.office.text(chart) or "")}
    sayings = sayings_of(office_year.office)
    unused: dict[str, str] = {}
    for kind, phrases in (("declared", sayings.declared), ("waived", sayings.waived)):
        for phrase in phrases:
            if phrase.file and phrase.file not in {path.stem for path in whole}:
                unused[f"{kind}（file）「{phrase.file}」"] = "その名の文章はありません"
            elif phrase.phrase and not any(
                half_width(phrase.phrase) in "".join(text.split("\n"))
                for path, text in whole.items()
                if phrase.section in ("", section_number(path.stem), "1-2" if path == chart else "")
            ):
                unused[f"{kind}「{phrase.phrase}」"] = "文章のどこにもありません"
    for alias in sayings.aliases:
        own = [text for path, text in whole.items() if alias.section in ("", section_number(path.stem))]
        if not any(half_width(alias.name) in text for text in own):
            unused[f"alias「{alias.name}」"] = "文章のどこにもありません"
    for claim in sayings.claims:
        before, _, after = half_width(claim.phrase).partition(SLOT)
        pattern = re.compile(
            "[^。\n]*?".join(map(re.escape, before.split("…")))
            + "[^。\n]*?"
            + "[^。\n]*?".join(map(re.escape, after.split("…")))
        )
        own = [text for path, text in texts.items() if section_number(path.stem) == claim.section]
        if not any(pattern.search(text) for text in own):
            unused[f"claim「{claim.phrase}」"] = f"{claim.section} の文章のどこにもありません"
    remedy = "文章が変わったのなら、言い方を合わせるか、消してください"
    for name, why in unused.items():
        fault = Fault(f"{name} は、{why}", "prose.toml", remedy)
        yield Finding(severity=WARNING, rule=RULE, sheet=fault.where, message=fault.what, suggestion=fault.remedy)
