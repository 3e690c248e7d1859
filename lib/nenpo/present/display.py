"""Display objects: what a notebook cell shows, as text/html for the page and text/vnd.typst for the PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from nenpo.present.svg import svg_html, svg_typst
from nenpo.present.theme import QUARTER
from nenpo.present.views import Head, TableView, placed, spans
from nenpo.text.typst import string

if TYPE_CHECKING:
    from nenpo.present.charts import Chart

TYPST = "text/vnd.typst"
# A commentary's place in an executed chapter; the build turns such an output into a Markdown cell.
COMMENTARY = "application/vnd.nenpo.commentary+json"


@dataclass(frozen=True)
class Shown:
    """Something to be shown, by mime type."""

    html: str
    typst: str
    plain: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        return {"text/html": self.html, TYPST: self.typst, "text/plain": self.plain}


@dataclass(frozen=True)
class Commentary:
    """A section's text. Its output carries the Markdown source, so that a build can put it into a Markdown cell;
    ``source`` is None while nothing has been written, and ``missing`` is shown."""

    name: str
    source: str | None
    missing: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        text = self.source if self.source and self.source.strip() else None
        return {
            COMMENTARY: {"name": self.name, "source": text or "", "missing": self.missing},
            "text/markdown": text or self.missing,
            "text/plain": text or self.missing,
        }


def table(view: TableView) -> Shown:
    return Shown(table_html(view), table_typst(view), view.caption)


def tables(views: Sequence[TableView]) -> Shown:
    """Small tables beside each other."""
    weights = array(str(view.stubs + len(view.rows[0].cells)) for view in views)
    html = "".join(f"<div>\n{table_html(view)}</div>\n" for view in views)
    typst = f"#side-by-side({weights}, {', '.join(f'[{table_typst(view)}]' for view in views)})\n"
    return Shown(f'<div class="tables">\n{html}</div>\n', typst, "\n".join(view.caption for view in views))


def charts(drawn: Sequence[Chart]) -> Shown:
    """Charts, side by side where they are narrow."""
    html = "".join(
        f'<figure id="{chart.id}"><figcaption>{escape(chart.caption)}</figcaption>\n'
        f"{svg_html(chart.svg, chart.id, chart.alt)}</figure>\n"
        for chart in drawn
    )
    calls = array(
        f"(id: {string(chart.id)}, caption: {string(chart.caption)}, alt: {string(chart.alt)}, "
        f"width: {chart.width:g}mm, data: {svg_typst(chart.svg)})"
        for chart in drawn
    )
    if len(drawn) > 1:
        html = f'<div class="figures">\n{html}</div>\n'
    return Shown(html, f"#report-charts({calls})\n", "\n".join(f"{chart.caption}：{chart.alt}" for chart in drawn))


def small_multiples(figure_id: str, caption: str, drawn: Sequence[Chart]) -> Shown:
    """Small charts in rows under one caption, each with its name above it."""
    wide = " wide" if drawn[0].width > QUARTER else ""
    html = "".join(
        f"<div><p>{escape(chart.caption)}</p>\n{svg_html(chart.svg, chart.id, chart.alt)}</div>\n" for chart in drawn
    )
    html = f'<figure id="{figure_id}"><figcaption>{escape(caption)}</figcaption>\n<div class="multiples{wide}">\n{html}</div>\n</figure>\n'
    calls = array(
        f"(name: {string(chart.caption)}, alt: {string(chart.alt)}, width: {chart.width:g}mm, data: {svg_typst(chart.svg)})"
        for chart in drawn
    )
    plain = "\n".join([caption, *(chart.alt for chart in drawn)])
    return Shown(html, f"#small-multiples({string(figure_id)}, {string(caption)}, {calls})\n", plain)


def notice(text: str, place: str = "") -> Shown:
    """A sentence in place of a figure or a text that is not there; links to its ``place`` lead here."""
    html, typst = (f' id="{place}"', f", id: {string(place)}") if place else ("", "")
    return Shown(f'<p class="notice"{html}>{escape(text)}</p>', f"#notice({string(text)}{typst})\n", text)


def together(shown: Sequence[Shown]) -> Shown:
    """What is shown one below the other."""
    return Shown(*("".join(parts) for parts in zip(*((one.html, one.typst, one.plain) for one in shown), strict=True)))


def table_html(view: TableView) -> str:
    unit = f'<span class="unit">（単位：{escape(view.unit)}）</span>' if view.unit else ""
    head = "".join(f"<tr>{''.join(_head_html(cell) for cell in row)}</tr>\n" for row in view.head)
    body = "".join(_row_html(view, number) for number in range(len(view.rows)))
    notes = "".join(
        f'<p class="note">{"" if note.startswith("注") else "※ "}{escape(note)}</p>\n' for note in view.notes
    )
    kind = " compact" if view.compact else ""
    return (
        f'<div class="table{kind}" tabindex="0" role="region" aria-labelledby="{view.id}-caption">\n'
        f'<table id="{view.id}">\n<caption id="{view.id}-caption">{escape(view.caption)}{unit}</caption>\n'
        f"<thead>\n{head}</thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n{notes}"
    )


def _head_html(cell: Head) -> str:
    span = (f' colspan="{cell.columns}"' if cell.columns > 1 else "") + (
        f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    )
    scope = "colgroup" if cell.columns > 1 else "col"
    return f'<th scope="{scope}"{span}>{"<wbr>".join(map(escape, cell.pieces))}</th>'


def _row_html(view: TableView, number: int) -> str:
    row = view.rows[number]
    spoken = f'<span class="spoken">{escape(row.spoken)}</span>' if row.spoken else ""
    labels = ""
    for column, label in enumerate(spans(view.rows, number), start=1):
        if label is not None:
            text, covered = label
            across = view.stubs - column + 1 if column == len(row.labels) else 1
            span = (f' rowspan="{covered}"' if covered > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
            labels += f'<th scope="{"rowgroup" if covered > 1 else "row"}"{span}>{spoken}{escape(text)}</th>'
    words = ' class="words"'
    cells = "".join(
        f"<td{words if column in view.words else ''}>{escape(cell)}</td>" for column, cell in enumerate(row.cells)
    )
    return f'<tr class="{row.kind}">{labels}{cells}</tr>\n'


def table_typst(view: TableView) -> str:
    """A call of the template's ``report-table``; every text is a Typst string."""
    head = array(_head_typst(cell, column) for cell, column in placed(view.head))
    rows = array(_row_typst(view, number) for number in range(len(view.rows)))
    return (
        f"#report-table({string(view.id)}, {string(view.caption)}, unit: {string(view.unit)}, "
        f"{'landscape: true, ' * view.landscape}stubs: {view.stubs}, words: {array(map(str, sorted(view.words)))}, compact: {str(view.compact).lower()}, "
        f"notes: {array(map(string, view.notes))}, head: {head}, rows: {rows})\n"
    )


def _head_typst(cell: Head, column: int) -> str:
    text = array(map(string, cell.pieces))
    return f"(text: {text}, columns: {cell.columns}, rows: {cell.rows}, at: {column})"


def _row_typst(view: TableView, number: int) -> str:
    row = view.rows[number]
    labels = array(
        "none" if label is None else f"(text: {string(label[0])}, rows: {label[1]})"
        for label in spans(view.rows, number)
    )
    return f"(kind: {string(row.kind)}, labels: {labels}, cells: {array(map(string, row.cells))})"


def array(items: Iterable[str]) -> str:
    """A Typst array of expressions."""
    return "(" + "".join(f"{item}, " for item in items) + ")"
