"""The PDF exporter: the book set by Typst, checked as PDF/A-2a and PDF/UA-1, its row headers marked for screen readers."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import typst
from nbformat import NotebookNode
from traitlets import default

from nenpo.errors import ContentError, Fault
from nenpo.present.display import TYPST
from nenpo.present.glyphs import FONTS
from nenpo.publish.book import Book, Heading, Piece
from nenpo.publish.exporter import TEMPLATES, BookExporter
from nenpo.publish.outputs import output_typst, picture_bytes
from nenpo.text.typst import string, to_typst

# Rows from which a table makes its section start a page.
LONG = 15
STANDARDS: list[str] = ["a-2a", "ua-1"]


class PdfExporter(BookExporter):
    """``jupyter nbconvert --to nenpo_pdf``."""

    export_from_notebook = "年報 (PDF)"
    output_mimetype = "application/pdf"

    @default("template_name")
    def _default_template_name(self) -> str:
        return "nenpo_pdf"

    @default("file_extension")
    def _default_file_extension(self) -> str:
        return ".pdf"

    @default("template_extension")
    def _default_template_extension(self) -> str:
        return ".typ.j2"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """The PDF as bytes. Raises ContentError where the page cannot be set as it should be."""
        book = self.book_of(nb, resources)
        source, kept = self.render(
            resources,
            style=(TEMPLATES / "nenpo_pdf" / "report.typ").read_text(encoding="utf-8"),
            title=string(book.title),
            office=string(book.office),
            year=string(book.year),
            whole=str(book.whole).lower(),
            body="\n".join(_body(book)),
        )
        return with_row_headers(typeset(source)), kept


def _body(book: Book) -> Iterator[str]:
    for number, item in enumerate(book.items):
        if isinstance(item, Heading):
            following = next(iter(book.items[number + 1 : number + 2]), None)
            if item.level == 2 and not isinstance(book.items[number - 1], Heading) and _long_table(following):
                yield "#fresh-page()\n"
            yield f"#chapter({item.level}, {string(item.id)}, {string(item.title)})\n"
        else:
            yield _piece(item, f"out-{number}")


def _long_table(item: Heading | Piece | None) -> bool:
    """Whether an output is a table that takes the better part of a page."""
    shown = item.output.get(TYPST, "") if isinstance(item, Piece) and item.output else ""
    return shown.startswith("#report-table(") and shown.count("kind: ") >= LONG


def _piece(piece: Piece, anchor: str) -> str:
    if piece.output is not None:
        return output_typst(piece.output, anchor)
    assert piece.text is not None
    images = {
        f"attachment:{name}": picture_bytes(base64.b64decode(content))
        for name, bundle in (piece.attachments or {}).items()
        for content in bundle.values()
    }
    return to_typst(piece.text, images)


def typeset(source: str) -> bytes:
    """Compile Typst source. A warning is an error, as a warning is how a missing face or label shows."""
    try:
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            source.encode(), font_paths=[FONTS], ignore_system_fonts=True, format="pdf", pdf_standards=STANDARDS
        )
    except typst.TypstError as error:
        raise ContentError(_fault(error.message, error.diagnostic)) from None
    if warnings:
        raise ContentError([_fault(warning.message, warning.diagnostic) for warning in warnings])
    return pdf


def _fault(message: str, diagnostic: str) -> Fault:
    if wide := re.search(r"NENPO (.+?)\"?$", message):
        return Fault(wide[1], "PDF", "列を減らすか、見出しを短くしてください")
    return Fault(f"組版できません：{message}\n{diagnostic[:1500]}", "PDF")


def with_row_headers(pdf: bytes) -> bytes:
    """Mark the first cell of each body row as its header. Typst tags it as a plain cell; with the mark a screen reader
    says 「R5.4 来所 23」, as in HTML."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.get("/StructTreeRoot")
        if root is not None:
            for row in _elements(root, "/TR", within="/TBody"):
                first = next((kid for kid in _kids(row) if kid.get("/S") == "/TD"), None)
                if first is not None and first is next(iter(_kids(row)), None):
                    first.S = pikepdf.Name.TH
                    first.A = pikepdf.Array([pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)])
        packed = io.BytesIO()
        document.save(packed, deterministic_id=True)
    return packed.getvalue()


def _elements(element: pikepdf.Object, kind: str, within: str, inside: bool = False) -> Iterator[pikepdf.Object]:
    for kid in _kids(element):
        if inside and kid.get("/S") == kind:
            yield kid
        yield from _elements(kid, kind, within, inside or kid.get("/S") == within)


def _kids(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    kids = element.get("/K")
    if kids is None:
        return
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
