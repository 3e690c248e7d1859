"""The templates of pages that are no report."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=False)


def fill(template: str, **context: Any) -> str:
    """The text of a template, such as "nenpo_index/index.html.j2"."""
    return _environment().get_template(template).render(context)
