"""Stitches executed chapters into one notebook, which both exporters make the report of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nenpo.fiscal import FiscalYear
from nenpo.office import Profile
from nenpo.publish.book import METADATA, Notebook


def stitched(
    profile: Profile, year: FiscalYear, summary: Mapping[str, Any], chapters: Mapping[str, Notebook]
) -> Notebook:
    """One notebook of the page 「あらまし」 (its output by mime type) and all chapters (by name, in order); each cell
    remembers its chapter and its place in it."""
    opening = {
        "cell_type": "markdown",
        "metadata": {"nenpo_anchor": "sec-summary"},
        "source": f"# {year.label}のあらまし",
    }
    shown = {"output_type": "display_data", "data": summary, "metadata": {}}
    cells = [opening, {"cell_type": "code", "metadata": {}, "source": "", "outputs": [shown]}]
    for name, chapter in chapters.items():
        for number, cell in enumerate(chapter["cells"], start=1):
            place = {"nenpo_chapter": name, "nenpo_cell": number}
            cells.append({**cell, "metadata": {**cell["metadata"], **place}})
    about = {
        "title": f"{year.label}　{profile.report_title}",
        "office": f"{profile.division}「{profile.nickname}」",
        "whole": True,
    }
    return {"cells": cells, "metadata": {METADATA: about}, "nbformat": 4, "nbformat_minor": 5}
