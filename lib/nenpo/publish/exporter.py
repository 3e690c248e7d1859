"""The base of both exporters: a notebook becomes a book, the book goes through a template of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, FileSystemLoader
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from nenpo.publish.book import Book, make_book
from nenpo.publish.proof import proof

TEMPLATES = Path(__file__).parent / "templates"


class BookExporter(TemplateExporter):
    """Renders any notebook as a book; the template sees it as ``book`` and writes no cell by itself.

    ``form`` is what the exporter makes, ``source`` the language of its template.
    """

    form = ""
    source = ""

    @default("template_name")
    def _default_template_name(self) -> str:
        return f"nenpo_{self.form}"

    @default("file_extension")
    def _default_file_extension(self) -> str:
        return f".{self.form}"

    @default("template_extension")
    def _default_template_extension(self) -> str:
        return f".{self.source}.j2"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(TEMPLATES)]

    def _template_loader(self) -> BaseLoader:
        return FileSystemLoader(TEMPLATES / self.template_name)

    def render(self, resources: Any, **context: Any) -> tuple[str, dict[str, Any]]:
        """The book's text by way of the template, with ``context`` for it."""
        return self.template.render(context), self._init_resources(resources)

    @staticmethod
    def book_of(notebook: NotebookNode, resources: Any) -> Book:
        """Raises ContentError for what would vanish from the page."""
        metadata = (resources or {}).get("metadata", {})
        book = make_book(notebook, metadata.get("name", "notebook"))
        proof(book)
        return book
