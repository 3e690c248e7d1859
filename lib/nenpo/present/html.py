"""Views as HTML, by the template that says what each looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from nenpo.present.svg import svg_html
from nenpo.present.theme import QUARTER
from nenpo.present.views import NAMES, Chart, Drawing, SideBySide, TableView, View
from nenpo.text.markdown import Text, to_html

# What a chapter's HTML is made by, beside this code.
TEMPLATES_OF_CODE = (Path(__file__).parent / "templates" / "views.html.j2",)


@dataclass(frozen=True)
class CellMark:
    """What the review edition knows of a table's cell: its ``id``, the anchor that it ``leads`` to, what stood there ``before``; one that
    figures of the prose lead to ``is_aim``."""

    id: str = ""
    leads: str = ""
    before: str = ""
    is_aim: bool = False


# By row and column, from 0.
CellMarks = Mapping[tuple[int, int], CellMark]


@lru_cache(maxsize=512)
def view_html(view: View) -> str:
    """Raises Unprintable for a view with a drawing that is none."""
    return _filled(view)


def marked_html(view: TableView | SideBySide, marks: Mapping[str, CellMarks]) -> str:
    """Tables with the marks of their cells, by their ids."""
    return _filled(view, marks.get(view.id, {}) if isinstance(view, TableView) else marks)


def _filled(view: View, *context: Any) -> str:
    return as_elsewhere(getattr(_TEMPLATE, NAMES[type(view)].replace("-", "_"))(view, *context))


def as_elsewhere(filled: Markup) -> str:
    """What a template has filled in, with quotes written as they are in the rest of the page."""
    return str(filled).replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


def _drawn(chart: Chart | Drawing) -> Markup:
    return Markup(svg_html(chart.svg, chart.id, chart.alt))


def _html(text: Text) -> Markup:
    return Markup(to_html(text))


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_OF_CODE[0].parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"drawn": _drawn, "html": _html, "quarter": QUARTER}
    return environment.get_template(TEMPLATES_OF_CODE[0].name).module


# Compiled where this is imported: a warm kernel and a build do so before they need it.
_TEMPLATE = _template()
