"""The row headers of a PDF's tables, marked for screen readers.

Typst tags the first cell of a row as a plain cell; with the mark a screen reader says 「R5.4 来所 23」, as in HTML.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf

# Structure elements that hold no table.
_WITHOUT_TABLES = frozenset(
    ("/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Caption", "/Figure", "/THead", "/L", "/Link")
)


def with_row_headers(pdf: bytes) -> bytes:
    """The PDF with the first cell of each body row marked as its header."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.get("/StructTreeRoot")
        if root is not None:
            for row in _rows(root):
                for cell in _labels(list(_kids(row))):
                    cell.S = pikepdf.Name.TH
                    cell.A = pikepdf.Array(
                        [*_spans(cell), pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)]
                    )
        packed = io.BytesIO()
        document.save(
            packed,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,  # less than half the size
        )
    return packed.getvalue()


def _labels(cells: list[pikepdf.Object]) -> Iterator[pikepdf.Object]:
    """The cells that head a row: the first, and the one after a label that covers several rows."""
    for cell in cells:
        if cell.get("/S") != "/TD":
            return
        yield cell
        if not _spans(cell):
            return


def _spans(cell: pikepdf.Object) -> list[pikepdf.Object]:
    """The attributes that say how many rows a cell covers."""
    given = cell.get("/A")
    listed = list(given) if isinstance(given, pikepdf.Array) else [] if given is None else [given]
    return [attribute for attribute in listed if "/RowSpan" in attribute]


def _rows(element: pikepdf.Object, inside: bool = False) -> Iterator[pikepdf.Object]:
    """The rows of table bodies. Below a row, or in a text, there is none."""
    for kid in _kids(element):
        kind = kid.get("/S")
        if kind == "/TR":
            if inside:
                yield kid
        elif kind not in _WITHOUT_TABLES:
            yield from _rows(kid, inside or kind == "/TBody")


def _kids(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    kids = element.get("/K")
    if kids is None:
        return
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
