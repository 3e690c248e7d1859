"""Stitches executed chapters into one notebook, which both exporters make the report of."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.publish.book import METADATA


def stitched(office: Office, year: FiscalYear, chapters: Mapping[str, NotebookNode]) -> NotebookNode:
    """One notebook of all chapters (by name, in order); each cell remembers its chapter and its place in it."""
    profile = office.profile
    book = new_notebook()
    for name, chapter in chapters.items():
        for number, cell in enumerate(chapter.cells, start=1):
            cell = copy.deepcopy(cell)
            cell.metadata["nenpo_chapter"], cell.metadata["nenpo_cell"] = name, number
            book.cells.append(cell)
    book.metadata[METADATA] = {
        "title": f"{year.label}　{profile.report_title}",
        "office": f"{profile.division}「{profile.nickname}」",
        "year": year.label,
        "whole": True,
    }
    return book
