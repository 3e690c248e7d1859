"""Stitches executed chapters into one notebook, which both exporters make the report of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nenpo.fiscal import FiscalYear
from nenpo.notebook import METADATA, Notebook
from nenpo.office import Profile


def title(profile: Profile, year: FiscalYear, months: int) -> str:
    """The report's title; where the year is not over, it says so."""
    part = f"（年度途中、{year.until(months)}）" if year.until(months) else "（準備中）" if not months else ""
    return f"{year.label}　{profile.report_title}{part}"


def stitched(
    profile: Profile, year: FiscalYear, months: int, summary: Mapping[str, Any], chapters: Mapping[str, Notebook]
) -> Notebook:
    """One notebook of the page 「あらまし」 (its output by mime type) and all chapters (by name, in order); each cell
    remembers its chapter and its place in it. ``months`` are those that the year has come to."""
    told = ""
    if months < len(year.months):
        part = f"{year.until(months)}の数値による" if months else "数値がまだ入っていない"
        told = f"\n\nこの年報は、{part}年度途中のものです。前年度との比較は、前年度の同じ月までの数値があるものだけ示しています。"
    opening = {
        "cell_type": "markdown",
        "metadata": {"nenpo_anchor": "sec-summary"},
        "source": f"# {year.label}のあらまし{told}",
    }
    shown = {"output_type": "display_data", "data": summary, "metadata": {}}
    cells = [opening, {"cell_type": "code", "metadata": {}, "source": "", "outputs": [shown]}]
    for name, chapter in chapters.items():
        for number, cell in enumerate(chapter["cells"], start=1):
            place = {"nenpo_chapter": name, "nenpo_cell": number}
            cells.append({**cell, "metadata": {**cell["metadata"], **place}})
    about = {
        "title": title(profile, year, months),
        "office": f"{profile.division}「{profile.nickname}」",
        "whole": True,
    }
    return {"cells": cells, "metadata": {METADATA: about}, "nbformat": 4, "nbformat_minor": 5}
