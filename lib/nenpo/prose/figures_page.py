"""The page of all figures in a year's prose, each with its outcome and its source.

``python -m nenpo.prose.figures_page R5`` writes ``docs/figures-R5.md``.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from nenpo.files import write_whole
from nenpo.japanese.years import FiscalYear
from nenpo.office import OfficeYear, find_office
from nenpo.prose.figures import OUTCOMES, figures_of


def figures_page(office_year: OfficeYear) -> str:
    """The page as Markdown."""
    figures, year = figures_of(office_year), office_year.year
    count = Counter(figure.outcome for figure in figures)
    counts = "、".join(f"{OUTCOMES[outcome]} {number}" for outcome, number in count.most_common())
    lines = [
        f"# 本文の数値　{year.label}",
        "",
        f"本文・事例・体制図・表の見出しと注に書かれた数値のすべてと、データと比べた結果です（{len(figures)} 件：{counts}）。",
        "",
        "| ファイル | 行 | 数値 | 結果 | 出どころ | データ |",
        "|---|--:|---|---|---|--:|",
    ]
    lines += [
        f"| {figure.file.removeprefix(f'{year.code}/')} | {figure.line} | {figure.text} | {OUTCOMES[figure.outcome]} | {figure.source} | {figure.expected} |"
        for figure in figures
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page of the year named on the command line."""
    office, year = find_office(), FiscalYear(sys.argv[1])
    write_whole(Path("docs") / f"figures-{year.code}.md", figures_page(office.of(year)))


if __name__ == "__main__":
    main()
