"""nbconvert's exporters: ``jupyter nbconvert --to nenpo_html`` and ``--to nenpo_pdf`` make a book of any notebook.

A build renders by the same functions, without loading nbconvert.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from nenpo.publish.book import Book, make_book
from nenpo.publish.html import html_page
from nenpo.publish.pdf import pdf_pages
from nenpo.publish.proof import proof


class BookExporter(Exporter):
    """Makes a book of a notebook; ``form`` is what it becomes."""

    form = ""

    @default("file_extension")
    def _default_file_extension(self) -> str:
        return f".{self.form}"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """The report as text or bytes. Raises ContentError for what would vanish from the page."""
        kept = self._init_resources(resources)
        book = make_book(nb, kept.get("metadata", {}).get("name") or "notebook")
        proof(book)
        return self.render(book), kept

    def render(self, book: Book) -> str | bytes:
        raise NotImplementedError


class HtmlExporter(BookExporter):
    """``jupyter nbconvert --to nenpo_html``."""

    form = "html"
    export_from_notebook = "年報 (HTML)"
    output_mimetype = "text/html"

    def render(self, book: Book) -> str:
        return html_page(book)


class PdfExporter(BookExporter):
    """``jupyter nbconvert --to nenpo_pdf``."""

    form = "pdf"
    export_from_notebook = "年報 (PDF)"
    output_mimetype = "application/pdf"

    def render(self, book: Book) -> bytes:
        return pdf_pages(book)
