"""The templates of pages that are no report, and of what the review edition adds to one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def fill(template: str, **context: Any) -> str:
    """The text of a template, such as "nenpo_index/index.html.j2"."""
    return _environment().get_template(template).render(context)


@cache
def macros(template: str) -> Any:
    """The macros of a template, as attributes."""
    return _environment().get_template(template).module
