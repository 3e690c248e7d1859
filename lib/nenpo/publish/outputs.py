"""Outputs of any kind as HTML and as Typst: nenpo's own display objects, plain frames, figures, pictures and text."""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from nenpo.present.display import TYPST, table_html, table_typst
from nenpo.present.svg import Unprintable, svg_html, svg_texts, svg_typst
from nenpo.present.views import BodyRow, Head, TableView
from nenpo.text.typst import string

# Pictures that are no drawings, and what reads them.
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
# Columns of a table in an analyst's HTML, and cells; beyond, it can be no table for a page.
WIDEST, LARGEST = 200, 100_000

if TYPE_CHECKING:
    from bs4 import Tag


def output_html(data: Mapping[str, Any], anchor: str) -> str:
    """HTML of an output. What is not ours is rebuilt from its content: nothing in it runs, no style leaks out. Raises
    Unprintable for what cannot be rebuilt."""
    if TYPST in data:
        return _joined(data["text/html"])
    if "image/svg+xml" in data:
        drawing = svg_html(_joined(data["image/svg+xml"]), anchor, _alt(data))
        return f'<figure id="{anchor}">{drawing}</figure>\n'
    for kind in PICTURES:
        if kind in data:
            source = f"data:{kind};base64,{base64.b64encode(picture(kind, _joined(data[kind]))).decode()}"
            return f'<figure id="{anchor}"><img src="{source}" alt="{escape(_alt(data))}"></figure>\n'
    if views := _tables(data, anchor):
        return "".join(map(table_html, views))
    return f"<pre>{escape(_plain(data))}</pre>\n"


def output_typst(data: Mapping[str, Any], anchor: str) -> str:
    """Typst markup of an output. Raises Unprintable for what cannot be printed."""
    if TYPST in data:
        return _joined(data[TYPST])
    if "image/svg+xml" in data:
        return f"#picture({svg_typst(_joined(data['image/svg+xml']))}, alt: {string(_alt(data))})\n"
    for kind in PICTURES:
        if kind in data:
            content = picture_bytes(picture(kind, _joined(data[kind])))
            return f"#picture({content}, alt: {string(_alt(data))})\n"
    if views := _tables(data, anchor):
        return "".join(map(table_typst, views))
    return f"#raw({string(_plain(data))}, block: true)\n"


def picture(kind: str, coded: str) -> bytes:
    """The content of a picture that is written in base64. Raises Unprintable for what is no such picture."""
    from PIL import Image

    name = "SVG" if kind == "image/svg+xml" else PICTURES.get(kind, kind)
    try:
        content = base64.b64decode("".join(coded.split()), validate=True)
        if name == "SVG":
            svg_texts(content.decode())
            return content
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.open(io.BytesIO(content), formats=[name]).load()
    except Exception:  # whatever a damaged picture makes of its reader
        raise Unprintable(f"図（{name}）が壊れています") from None
    return content


def picture_bytes(content: bytes) -> str:
    return f"bytes(({','.join(map(str, content))},))"


def _tables(data: Mapping[str, Any], anchor: str) -> list[TableView]:
    """The tables in an HTML output, such as that of a DataFrame or a Styler."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(_joined(data.get("text/html", "")), "lxml")
    tables = soup.find_all("table")
    return [
        _view(table, f"{anchor}-{number}" if number > 1 else anchor) for number, table in enumerate(tables, start=1)
    ]


def _view(table: Tag, anchor: str) -> TableView:
    rows = [row for row in table.find_all("tr") if row.find(["th", "td"])]
    if max(map(_width, rows), default=0) > WIDEST or sum(map(_width, rows)) > LARGEST:
        raise Unprintable(f"表が大きすぎます（{WIDEST} 列、{LARGEST:,} セルまで）")
    head_rows = [row for row in rows if row.find_parent("thead")]
    body_rows = [row for row in rows if row not in head_rows]
    stubs = max((len(row.find_all("th")) for row in body_rows), default=0)
    width = max((_width(row) for row in rows), default=1)
    head = tuple(
        tuple(
            Head(_text(cell), _span(cell, "colspan"), min(_span(cell, "rowspan"), left), breaks=False)
            for cell in row.find_all(["th", "td"])
        )
        for left, row in zip(range(len(head_rows), 0, -1), head_rows, strict=True)
    )
    body = []
    covered = [0] * stubs
    words: set[int] = set()
    for left, row in zip(range(len(body_rows), 0, -1), body_rows, strict=True):
        labels: list[str | None] = []
        cells = row.find_all(["th", "td"])
        given = [cell for cell in cells if cell.name == "th"]
        for column in range(stubs):
            if covered[column]:
                covered[column] -= 1
                labels.append(None)
            elif given:
                covered[column] = min(_span(given[0], "rowspan"), left) - 1
                labels.append(_text(given.pop(0)))
            else:
                labels.append("")
        texts = [_text(cell) for cell in cells if cell.name == "td"]
        texts += [""] * (width - stubs - len(texts))
        words |= {
            number
            for number, text in enumerate(texts)
            if text and not re.fullmatch(r"[-−+]?[\d,.]+\s*[%％]?|NaN|<NA>|nan|－", text)
        }
        body.append(BodyRow("row", tuple(labels), tuple(texts)))
    if not head:
        head = (tuple(Head("") for _ in range(width)),)
    caption = table.find("caption")
    return TableView(
        anchor,
        _text(caption) if caption else "",
        head,
        tuple(body),
        stubs=stubs,
        words=frozenset(words),
        compact=True,
    )


def _width(row: Tag) -> int:
    return sum(_span(cell, "colspan") for cell in row.find_all(["th", "td"]))


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1"))
    return max(1, min(int(value[:9]), LARGEST)) if re.fullmatch(r"\d+", value, re.ASCII) else 1


def _text(cell: Tag) -> str:
    return cell.get_text(" ", strip=True)


def _alt(data: Mapping[str, Any]) -> str:
    return _plain(data) if not _plain(data).startswith("<") else "図"


def _plain(data: Mapping[str, Any]) -> str:
    return _joined(data.get("text/plain", ""))


def _joined(content: str | Sequence[str]) -> str:
    return content if isinstance(content, str) else "".join(content)
