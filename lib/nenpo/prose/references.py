"""References in the texts: to a section that is not there, or by a link that leads to another than its words say; and what
``prose.toml`` says of texts that nothing says any more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from nenpo.dictionary import section_number
from nenpo.errors import Fault
from nenpo.findings import ERROR, WARNING, Finding
from nenpo.japanese.numerals import half_width
from nenpo.office import OfficeYear
from nenpo.prose.sayings import SLOT, sayings_of
from nenpo.prose.written import OLD

RULE = "参照"
_SECTION = r"(\d{1,2})[-－](\d{1,2})(?:[-－](\d{1,2}))?"
_HEADING = re.compile(rf"^#+ +{_SECTION}", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\(<?#(?:sec|tbl|fig)-([\d-]+)[^)]*\)")
# What a text that was rolled forward is marked by.
_MARK = re.compile(rf"{re.escape(OLD)}|【要確認】")
# A number of that form is a reference where words say so.
_NAMED = re.compile(
    rf"(?:図表?|表|第){_SECTION}|{_SECTION}(?=[^\n。]{{0,20}}?(?:参照|のとおり|に(?:示|記載|掲載)|で述べ))"
)


def reference_findings(office_year: OfficeYear) -> Iterator[Finding]:
    """An error for each reference that leads nowhere, or elsewhere than it says."""
    sections = _sections(office_year)
    for path, text in office_year.texts():
        file, own = office_year.name_of(path), section_number(path.stem)
        for number, line in enumerate(half_width(text).split("\n"), start=1):
            for what, remedy in _wrong(line, sections):
                message = f"{own} の本文：{what}"
                where = f"{number} 行目"
                yield Finding(severity=ERROR, rule=RULE, sheet=file, cell=where, message=message, suggestion=remedy)


def _wrong(line: str, sections: set[str]) -> Iterator[tuple[str, str]]:
    for link in _LINK.finditer(line):
        said = re.search(_SECTION, link[1])
        parts = [part for part in said.groups() if part] if said else []
        if parts and parts[:2] != link[2].split("-")[:2]:
            yield (
                f"「{link[1]}」のリンクは {'-'.join(link[2].split('-')[:2])} を指しています",
                "言葉か、リンク先を直してください",
            )
    bare = _LINK.sub(lambda link: link[1], line)
    for match in _NAMED.finditer(bare):
        parts = [part for part in match.groups() if part]
        if sections and "-".join(parts[:2]) not in sections:
            yield f"「{match[0]}」という節や図表はありません", "節の番号を確かめてください"


def _sections(office_year: OfficeYear) -> set[str]:
    """The numbers of the report's sections: those that its chapters have as headings, and those of its tables, texts and cases."""
    sections = {table.section for table in office_year.dictionary.values()}
    sections |= {section_number(path.stem) for path, _ in office_year.texts()}
    folder = office_year.office.folder.resolve().parent / "notebooks"
    for path in sorted(folder.glob("[0-9]*.ipynb")) if folder.is_dir() else ():
        try:
            cells = json.loads(path.read_bytes())["cells"]
            texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        except (OSError, ValueError, KeyError, TypeError):
            return set()  # whoever builds is told of it
        sections |= {f"{match[1]}-{match[2]}" for text in texts for match in _HEADING.finditer(half_width(text))}
    return sections


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
