"""nbconvert's exporters: ``jupyter nbconvert --to nenpo_html`` and ``--to nenpo_pdf`` make a book of any notebook.

A build renders by the same functions, without loading nbconvert.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from nenpo.publish.book import Book, make_book
from nenpo.publish.html import html_page
from nenpo.publish.pdf import pdf_pages
from nenpo.publish.proof import proof


class BookExporter(Exporter):
    """Makes a book of a notebook; ``form`` is what it becomes, ``render`` makes it of a proved book."""

    form = ""
    render: Callable[[Book], str | bytes]

    @default("file_extension")
    def _default_file_extension(self) -> str:
        return f".{self.form}"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """The report as text or bytes. Raises ContentError for what would vanish from the page."""
        kept = self._init_resources(resources)
        book = make_book(nb, kept.get("metadata", {}).get("name") or "notebook")
        proof(book)
        return self.render(book), kept


class HtmlExporter(BookExporter):
    """``jupyter nbconvert --to nenpo_html``."""

    form, render = "html", staticmethod(html_page)
    export_from_notebook, output_mimetype = "年報 (HTML)", "text/html"


class PdfExporter(BookExporter):
    """``jupyter nbconvert --to nenpo_pdf``."""

    form, render = "pdf", staticmethod(pdf_pages)
    export_from_notebook, output_mimetype = "年報 (PDF)", "application/pdf"
