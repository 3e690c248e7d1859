"""Stitches executed chapters into one notebook, which both exporters make the report of."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nenpo.japanese.years import FiscalYear
from nenpo.notebook import METADATA, Notebook, section_of
from nenpo.office import Profile
from nenpo.present.views import KeyFigures, views_in
from nenpo.publish.links import is_download

if TYPE_CHECKING:
    from nbformat import NotebookNode


def title(profile: Profile, year: FiscalYear, months: int) -> str:
    """The report's title in lines; where the year is not over, the last says so."""
    part = f"（{year.word}途中、{year.until(months)}）" if year.until(months) else "（準備中）" if not months else ""
    return "\n".join([*profile.titles(year), *([part] if part else [])])


def stitched(
    profile: Profile,
    year: FiscalYear,
    months: int,
    summary: Mapping[str, Any],
    chapters: Mapping[str, Notebook],
    drafts: Mapping[str, str],
    inputs: str,
    downloads: Mapping[str, bytes],
) -> NotebookNode:
    """One notebook of the page 「あらまし」 (its output by mime type), where the office has key figures or the year is not over, and all
    chapters (by name, in order); each cell remembers its chapter and its place in it; a chapter of the number 0 is a foreword and comes before that page. ``months`` are those that
    the year has come to, ``drafts`` the texts (by name) that are none yet and why, ``inputs`` the hash of what the report is made from, ``downloads``
    the data files that the page carries: those of its tables."""
    from nbformat import from_dict

    summarised = _summarised(year, months, summary)
    cells: list[dict[str, Any]] = []
    forewords = sum(re.match("0+(?![0-9])", name) is not None for name in chapters)
    for at, (name, chapter) in enumerate(chapters.items(), start=1):
        for number, cell in enumerate(chapter["cells"], start=1):
            metadata = {**cell["metadata"], "nenpo_chapter": name, "nenpo_cell": number}
            if (section := section_of(cell)) in drafts:
                metadata[METADATA] = {**metadata[METADATA], "draft": drafts[section]}
            cells.append({**cell, "id": f"{at}-{number}", "metadata": metadata})
        if at == forewords:
            cells += summarised
    cells = cells if forewords else [*summarised, *cells]
    about = {
        "title": title(profile, year, months),
        "office": profile.name,
        "issued": profile.issued,
        "contact": profile.contact,
        "whole": True,
        "inputs": inputs,
        "downloads": {
            name: base64.b64encode(content).decode() for name, content in downloads.items() if is_download(name)
        },
    }
    return from_dict({"cells": cells, "metadata": {METADATA: about}, "nbformat": 4, "nbformat_minor": 5})


def _summarised(year: FiscalYear, months: int, summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cells of the page 「あらまし」: none where there is nothing to tell."""
    remark = ""
    if months < len(year.months):
        part = f"{year.until(months)}の数値による" if months else "数値がまだ入っていない"
        remark = f"\n\nこの年報は、{part}{year.word}途中のものです。前{year.word}との比較は、前{year.word}の同じ月までの数値があるものだけ示しています。"
    opening = {
        "cell_type": "markdown",
        "id": "summary",
        "metadata": {"nenpo_anchor": "sec-summary"},
        "source": f"# {year.label}のあらまし{remark}",
    }
    figures: dict[str, Any] = {
        "cell_type": "code",
        "id": "figures",
        "metadata": {},
        "source": "",
        "execution_count": None,
        "outputs": [{"output_type": "display_data", "data": summary, "metadata": {}}],
    }
    has_figures = any(not isinstance(view, KeyFigures) or view.keys for view in views_in(summary) or ())
    return [opening] * bool(remark or has_figures) + [figures] * has_figures
