"""Stitches executed chapters into one notebook, which both exporters make the report of."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nenpo.publish.book import METADATA
from nenpo.report import Report


def stitched(report: Report, chapters: Mapping[str, NotebookNode]) -> NotebookNode:
    """One notebook of all chapters (by name, in order); each cell remembers its chapter and its place in it."""
    profile, year = report.profile, report.year
    book = new_notebook()
    opening = new_markdown_cell(f"# {year.label}のあらまし", metadata={"nenpo_anchor": "sec-summary"})
    shown: Any = report.summary()._repr_mimebundle_()
    book.cells += [opening, new_code_cell("", outputs=[new_output("display_data", shown)])]
    for name, chapter in chapters.items():
        for number, cell in enumerate(chapter.cells, start=1):
            cell = copy.deepcopy(cell)
            cell.metadata["nenpo_chapter"], cell.metadata["nenpo_cell"] = name, number
            book.cells.append(cell)
    book.metadata[METADATA] = {
        "title": f"{year.label}　{profile.report_title}",
        "office": f"{profile.division}「{profile.nickname}」",
        "whole": True,
    }
    return book
