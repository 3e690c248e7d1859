"""Links on the page: to each section, table and figure, to be copied, and to the data, which the page carries itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from nenpo.built import BOOK

_KINDS = {
    "csv": "application/csv",  # no text that a browser would show
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A table of ours with its frame, a figure with its caption, and a heading of a section.
_TABLE = re.compile(r'<table id="tbl-(?P<id>[\d-]+)">\n<caption[^>]*>(?P<name>[^<]*).*?</table>\n</div>\n', re.DOTALL)
_FIGURE = re.compile(r'<figure id="(?P<id>fig-[\d-]+)"[^>]*><figcaption[^>]*>(?P<name>[^<]*)</figcaption>\n')
_HEADING = re.compile(r'<section id="(?P<id>sec-[^"]+)">\n<h[23]>(?P<name>[^<]*)</h[23]>\n')


def is_download(name: str) -> bool:
    """Whether the page carries a data file: that of a table, or the workbook of all."""
    return name == BOOK or bool(re.fullmatch(r"[\d-]+\.csv", name))


def with_links(body: str, downloads: Mapping[str, str]) -> str:
    """The page's body with a link beside each heading, table and figure, and to the table's data, which stands in ``downloads`` by the name
    of its file, in base64."""
    body = _HEADING.sub(lambda match: f"{match[0]}{_paragraph(_here(match['id'], match['name']))}", body)
    body = _FIGURE.sub(lambda match: f"{match[0]}{_paragraph(_here(match['id'], match['name']))}", body)

    def of_table(match: re.Match[str]) -> str:
        links = [_here(f"tbl-{match['id']}", match["name"])]
        if (name := f"{match['id']}.csv") in downloads:
            links.append(_download(name, downloads[name], "CSV", f"{unescape(match['name'])}のCSV"))
            links.append(f'<a href="#data" aria-label="{match["name"]}のExcel">Excel</a>')
        return match[0] + _paragraph(*links)

    return _TABLE.sub(of_table, body) + _whole(downloads)


def _whole(downloads: Mapping[str, str]) -> str:
    """What stands at the end: the workbook of all tables."""
    if BOOK not in downloads:
        return ""
    link = _download(BOOK, downloads[BOOK], BOOK)
    return f'<p class="links" id="data">この年報のすべての表（Excel）　{link}</p>\n'


def _paragraph(*links: str) -> str:
    return f'<p class="links">{"　".join(links)}</p>\n'


def _here(place: str, name: str) -> str:
    return f'<a href="#{place}" aria-label="#「{name}」へのリンク">#</a>'


def _download(name: str, content: str, shown: str, spoken: str = "") -> str:
    kind = _KINDS[name.rpartition(".")[2]]
    label = f' aria-label="{escape(spoken)}"' if spoken else ""
    return f'<a download="{escape(name)}" href="data:{kind};base64,{content}"{label}>{escape(shown)}</a>'
