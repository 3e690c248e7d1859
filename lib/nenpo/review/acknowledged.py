"""Findings that somebody has looked at and lets stand: ``[[acknowledged]]`` in a year's ``errata.toml``.

An entry has the ``rule``, the ``place`` and the ``printed`` value of a finding as ``nenpo check R5 --acknowledge`` writes them, and the
reason ``why``. The same rule in another place, or of another value, is told as ever; a place is a cell, or else a sheet or file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nenpo.findings import NOTE, WARNING, Finding
from nenpo.office import OfficeYear
from nenpo.text.settings import read_settings

RULE = "確認済み"


@dataclass(frozen=True)
class _Acknowledgement:
    rule: str
    place: str
    printed: str
    why: str


def acknowledged(findings: Iterable[Finding], office_year: OfficeYear) -> Iterator[Finding]:
    """The findings, those that are acknowledged as notes with the reason; and a warning for each entry of the year's own file
    that fits none of them. Raises InputError for an entry without a reason."""
    of_years = {kept: _entries(office_year.office.year_folder(kept)) for kept in office_year.kept}
    by_key = {_key(entry): entry for entries in of_years.values() for entry in entries}
    met = set()
    for finding in findings:
        entry = by_key.get(_key(finding))
        met.add(_key(finding))
        if entry is None or finding.severity == NOTE:
            yield finding
        else:
            yield replace(finding, severity=NOTE, message=f"{finding.message}。{RULE}：{entry.why}", suggestion="")
    for entry in of_years[office_year.year]:
        if _key(entry) not in met:
            yield Finding(
                severity=WARNING,
                rule=RULE,
                sheet=f"{office_year.year.code}/errata.toml",
                message=f"確認済みとした「{entry.rule}」（{entry.place}、{entry.printed}）は、いまの数値と文章にはありません",
                suggestion="直っているなら、この [[acknowledged]] を消してください",
            )


def as_toml(findings: Iterable[Finding]) -> str:
    """The entries that would acknowledge the findings, but for the reasons; none for what is told of such entries."""
    keys = dict.fromkeys(_key(finding) for finding in findings if finding.rule != RULE)
    return "\n".join(
        f'[[acknowledged]]\nrule = {_quoted(rule)}\nplace = {_quoted(place)}\nprinted = {_quoted(printed)}\nwhy = ""\n'
        for rule, place, printed in keys
    )


def _entries(folder: Path) -> tuple[_Acknowledgement, ...]:
    settings = read_settings(folder / "errata.toml")
    if settings is None:
        return ()
    entries = settings.entries("acknowledged", _Acknowledgement)
    settings.faults += [
        f"{number} 番目の acknowledged の why に、そのままでよい理由を書いてください"
        for number, entry in enumerate(entries, start=1)
        if not entry.why.strip()
    ]
    settings.settle()
    return entries


def _key(entry: Finding | _Acknowledgement) -> tuple[str, str, str]:
    return entry.rule, entry.place, entry.printed


def _quoted(text: str) -> str:
    """A string of TOML: those of JSON are."""
    return json.dumps(text, ensure_ascii=False)
