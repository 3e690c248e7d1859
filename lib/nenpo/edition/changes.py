"""What has changed on the page since an earlier version of it: the cells of tables, and the paragraphs of texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bs4 import BeautifulSoup, Tag

from nenpo.present.views import TableView

# A cell of a table: the labels of its row, which of the rows of that name, and the column from 0.
Key = tuple[str, int, int]
_BLOCKS = ("p", "li", "h4", "h5", "h6", "td", "th")


@dataclass(frozen=True)
class Page:
    """What a page shows: ``tables`` by id, ``texts`` the paragraphs of each section's texts."""

    tables: Mapping[str, Mapping[Key, str]]
    texts: Mapping[str, tuple[str, ...]]


def read_page(html: str) -> Page:
    soup = BeautifulSoup(html, "lxml")
    tables = {
        str(table["id"]): {key: cell.get_text() for key, cell in _cells_of(table).items()}
        for table in soup.select("main table[id]")
    }
    texts: dict[str, tuple[str, ...]] = {}
    for text in soup.select("main .text, main .case, main .organisation"):
        section = text.find_parent("section", id=True)
        name = str(section["id"]) if section else ""
        texts[name] = (*texts.get(name, ()), *(words_of(block) for block in blocks_of(text)))
    return Page(tables, texts)


def keys_of(table: TableView) -> dict[Key, tuple[int, int]]:
    """Where each cell of a table's body stands: its row and column, from 0."""
    keys: dict[Key, tuple[int, int]] = {}
    seen: Counter[str] = Counter()
    for number, row in enumerate(table.rows):
        label = " ".join(row.spoken + text for text in row.labels if text is not None)
        keys |= {(label, seen[label], column): (number, column) for column in range(len(row.cells))}
        seen[label] += 1
    return keys


def _cells_of(table: Tag) -> dict[Key, Tag]:
    """The cells of a table's body."""
    cells: dict[Key, Tag] = {}
    seen: Counter[str] = Counter()
    for row in table.select("tbody tr"):
        label = " ".join(cell.get_text() for cell in row.find_all("th"))
        cells |= {(label, seen[label], number): cell for number, cell in enumerate(row.find_all("td"))}
        seen[label] += 1
    return cells


def blocks_of(text: Tag) -> list[Tag]:
    """The paragraphs, headings and cells of a text; of those within each other the inmost."""
    return [block for block in text.find_all(_BLOCKS) if not block.find(_BLOCKS) and words_of(block)]


def words_of(block: Tag) -> str:
    return " ".join(block.get_text().split())


def earlier(block: str, section: str, page: Page) -> str | None:
    """What stood in place of a paragraph: None where it stood there as it is, "" for a new one."""
    known = page.texts.get(section, ())
    if block in known:
        return None
    return next(iter(get_close_matches(block, known, 1, 0.5)), "")
