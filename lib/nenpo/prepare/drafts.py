"""Texts that are still last year's: as they were rolled forward, or with a mark left in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nenpo.commentary.agreement import digest
from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.prepare.made import MADE, made_files
from nenpo.present.display import notice
from nenpo.publish.book import Book, Heading, Piece
from nenpo.review.written import OLD

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
            return f"今年度の内容に直すか、このままでよければ {MADE} の「{self.name}」の行を消してください"
        return "数値や言葉を確かめ、印を消してください"


def drafts_in(office: Office, year: FiscalYear, texts: Mapping[str, str]) -> list[Draft]:
    """Which of the year's texts (by name) are drafts."""
    rolled = made_files(office.year_folder(year))
    untouched = [name for name, text in texts.items() if text.strip() and rolled.get(name) == digest(text)]
    marked = [name for name, text in texts.items() if any(mark in text for mark in MARKS)]
    return [Draft(name, name in untouched) for name in sorted({*untouched, *marked})]


def with_drafts(book: Book, drafts: Sequence[Draft]) -> Book:
    """The book with a sentence before each text that is a draft."""
    places = {f"commentary/{draft.name}.md": draft for draft in drafts}
    items: list[Heading | Piece] = []
    seen = set[str]()
    for item in book.items:
        if isinstance(item, Piece) and item.where in places and item.where not in seen:
            seen.add(item.where)
            said = notice(f"（下書き：{places[item.where].why}）")
            items.append(Piece(item.where, output=said._repr_mimebundle_()))
        items.append(item)
    return replace(book, items=tuple(items))
