"""Texts that are still last year's: as they were rolled forward, or with a mark left in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nenpo.commentary.agreement import digest
from nenpo.commentary.step import Desk
from nenpo.errors import Fault, InputError
from nenpo.intake.made import MADE, made_files, note_made
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prose.written import OLD

# Stands after a claim of last year's text that the data contradict.
DOUBTED = "【要確認】"
MARKS = (OLD, DOUBTED)


@dataclass(frozen=True)
class Draft:
    """A text that is not this year's yet: ``untouched`` since it was rolled forward, or with a mark left in it."""

    name: str
    untouched: bool

    @property
    def why(self) -> str:
        return (
            "前年度から写した下書きのままです" if self.untouched else f"{'・'.join(MARKS)} の付いたところが残っています"
        )

    @property
    def remedy(self) -> str:
        if self.untouched:
            return f"今年度の内容に直すか、このままでよければ nenpo accept で「{self.name}」をよしとしてください"
        return "数値や言葉を確かめ、印を消してください"


def drafts_in(office: Office, year: FiscalYear, texts: Mapping[str, str]) -> list[Draft]:
    """Which of the year's texts (by name) are drafts."""
    rolled = made_files(office.year_folder(year))
    untouched = [name for name, text in texts.items() if text.strip() and rolled.get(name) == digest(text)]
    marked = [name for name, text in texts.items() if any(mark in text for mark in MARKS)]
    return [Draft(name, name in untouched) for name in sorted({*untouched, *marked})]


def accept_drafts(office: Office, year: FiscalYear, names: Collection[str]) -> list[str]:
    """Take the texts of these names, or where none are named all, as this year's though they are as they were rolled forward; the names
    of those that were. Raises InputError, and nothing is done, where one of them is no such draft."""
    folder = office.year_folder(year)
    rolled = dict(made_files(folder))
    drafts = [draft.name for draft in drafts_in(office, year, Desk(folder, folder).read_texts()) if draft.untouched]
    if strange := [name for name in names if name not in drafts]:
        what = f"「{'」「'.join(strange)}」は、前年度から写したままの本文ではありません"
        raise InputError(Fault(what, str(folder / MADE), f"写したままの本文：{'、'.join(drafts) or 'ありません'}"))
    accepted = [name for name in drafts if name in names or not names]
    note_made(folder, {name: made for name, made in rolled.items() if name not in accepted})
    return accepted
