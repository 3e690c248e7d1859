"""Outputs of any kind as views: nenpo's own, plain frames, figures, pictures and text.

What is not ours is made anew of its content: nothing in it runs, no style leaks out.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from nenpo.present.html import view_html
from nenpo.present.svg import Unprintable, svg_texts
from nenpo.present.views import (
    LARGEST,
    WIDEST,
    BodyRow,
    Drawing,
    Head,
    Picture,
    PictureKind,
    Printed,
    TableView,
    View,
    views_in,
)

if TYPE_CHECKING:
    from bs4 import Tag

_NUMBER = re.compile(r"[-−+]?[\d,.]+\s*[%％]?|NaN|<NA>|nan|－")
# Pictures that are no drawings, and what reads them.
PICTURES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}


def views_of(data: Mapping[str, Any], anchor: str) -> tuple[View, ...]:
    """The views of an output by mime type; ``anchor`` names those that have no id. Raises Unprintable for what a page cannot show."""
    views = views_in(data) or tuple(_made(data, anchor))
    for view in views:
        view_html(view)  # a drawing that is none is told here
    return views


def _made(data: Mapping[str, Any], anchor: str) -> list[View]:
    plain = _joined(data.get("text/plain", ""))
    alt = "図" if plain.startswith("<") else plain
    if "image/svg+xml" in data:
        return [Drawing(anchor, _joined(data["image/svg+xml"]), alt)]
    for kind in get_args(PictureKind):
        if kind in data:
            content = base64.b64encode(picture(kind, _joined(data[kind]))).decode()
            return [Picture(anchor, kind, content, alt)]
    if html := _joined(data.get("text/html", "")):
        if tables := _tables(html, anchor):
            return list(tables)
        if "text/markdown" in data:
            return [Printed(plain)]
        raise Unprintable("HTML だけの出力は紙面に載せられません", "表や図として出力してください")
    if kinds := [kind for kind in data if kind not in ("text/plain", "text/html")]:
        remedy = "matplotlib・seaborn の図、表、文章のどれかで示してください"
        raise Unprintable(f"出力（{'、'.join(kinds)}）は紙面に載せられません", remedy)
    return [Printed(plain)]


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


def _tables(html: str, anchor: str) -> list[TableView]:
    """The tables in HTML, such as that of a DataFrame or a Styler."""
    from bs4 import BeautifulSoup

    tables = BeautifulSoup(html, "lxml").find_all("table")
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
    body: list[tuple[list[str | None], list[str]]] = []
    covered = [0] * stubs
    for left, row in zip(range(len(body_rows), 0, -1), body_rows, strict=True):
        labels: list[str | None] = []
        cells = row.find_all(["th", "td"])
        for column in range(stubs):
            if covered[column]:
                covered[column] -= 1
                labels.append(None)
            elif cells:
                covered[column] = min(_span(cells[0], "rowspan"), left) - 1
                labels.append(_text(cells.pop(0)))
            else:
                labels.append("")
        body.append((labels, [_text(cell) for cell in cells]))
    most = max([width - stubs, *(len(texts) for _, texts in body)])
    words = {number for _, texts in body for number, text in enumerate(texts) if text and not _NUMBER.fullmatch(text)}
    if not head:
        head = (tuple(Head("") for _ in range(width)),)
    caption = table.find("caption")
    return TableView(
        anchor,
        _text(caption) if caption else "",
        head,
        tuple(BodyRow("row", tuple(labels), (*texts, *[""] * (most - len(texts)))) for labels, texts in body),
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


def _joined(content: str | Sequence[str]) -> str:
    return content if isinstance(content, str) else "".join(content)
