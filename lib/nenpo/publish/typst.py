"""Views as what the PDF's template draws: each is a call of a function of the template, with data."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from nenpo.present.organisation import Programme
from nenpo.present.svg import svg_html
from nenpo.present.views import (
    NAMES,
    CaseView,
    Chart,
    Charts,
    Drawing,
    KeyFigure,
    KeyFigures,
    Notice,
    OrganisationChart,
    Picture,
    Printed,
    SideBySide,
    SmallMultiples,
    TableView,
    View,
    placed,
    plain,
)
from nenpo.text.typst import string, to_typst

# The template's function for each kind of view.
_CALLS = {"table": "report-table", "charts": "report-charts", "drawing": "picture"}


def typst_of(view: View) -> str:
    if isinstance(view, CaseView):  # its texts are markup
        parts = "".join(f"({string(label)}, [{to_typst(text)}]), " for label, text in view.case.texts(view.level + 1))
        return f"#case({string(view.case.title)}, ({parts}), level: {view.level})\n"
    name = NAMES[type(view)]
    return f"#{_CALLS.get(name, name)}(..json(bytes({string(json.dumps(_data(view), ensure_ascii=False))})))\n"


def _data(view: View) -> dict[str, Any]:
    match view:
        case TableView():
            return _table(view)
        case SideBySide(tables):
            weights = [view.stubs + len(view.rows[0].cells) for view in tables]
            return {"weights": weights, "tables": [_table(table) for table in tables]}
        case Charts(charts):
            return {"charts": [_chart(chart) for chart in charts]}
        case SmallMultiples(id, caption, charts):
            return {"id": id, "caption": caption, "charts": [_chart(chart) for chart in charts]}
        case Notice(text, place):
            return {"body": text, "id": place or None}
        case KeyFigures(keys):
            return {"cards": [_card(key) for key in keys]}
        case OrganisationChart(id, organisation):
            staffed, others = (
                [_programme(programme) for programme in programmes]
                for programmes in (organisation.staffed, organisation.others)
            )
            return {
                "id": id, "title": organisation.title, "alt": plain(view), "staffed": staffed, "others": others,
            }  # fmt: skip
        case Drawing(id, svg, alt):
            return {"data": svg_html(svg, id, alt), "alt": alt}
        case Picture(_, _, content, alt):
            return {"data": list(base64.b64decode(content)), "alt": alt}
        case Printed(text):
            return {"body": text}
    raise TypeError(type(view).__name__)


def _table(table: TableView) -> dict[str, Any]:
    heads = [
        {"text": cell.pieces, "columns": cell.columns, "rows": cell.rows, "at": column}
        for cell, column in placed(table.head)
    ]
    rows = [
        {
            "kind": row.kind,
            "labels": [label and {"text": label[0], "rows": label[1], "columns": label[2]} for label in labels],
            "cells": row.cells,
        }
        for row, labels in zip(table.rows, table.labels, strict=True)
    ]
    return {
        "id": table.id,
        "caption": table.caption,
        "unit": table.unit,
        "landscape": table.landscape,
        "stubs": table.stubs,
        "words": sorted(table.words),
        "compact": table.compact,
        "notes": table.notes,
        "head": heads,
        "rows": rows,
    }


def _chart(chart: Chart) -> dict[str, Any]:
    """``width`` is in millimetres."""
    svg = svg_html(chart.svg, chart.id, chart.alt)
    return {"id": chart.id, "caption": chart.caption, "alt": chart.alt, "width": chart.width, "data": svg}


def _card(key: KeyFigure) -> dict[str, Any]:
    return {
        "name": key.name,
        "figure": key.figure,
        "unit": key.unit,
        "change": key.change + key.ratio,
        "section": key.section,
        "chart": key.chart and _chart(key.chart),
    }


def _programme(programme: Programme) -> dict[str, Any]:
    return {
        "heading": _pieces(programme.heading),
        "description": programme.description,
        "support": programme.support,
        "bodies": [
            {
                "name": _pieces(body.name),
                "posts": [{"title": post.title, "duties": post.duties} for post in body.posts],
            }
            for body in programme.bodies
        ],
    }


def _pieces(name: str) -> list[str]:
    """A name as pieces that may not break: 「キャリアバンク株式会社」「（委託）」「（１名）」."""
    return [piece for piece in re.split(r"(?=（)", name) if piece]
