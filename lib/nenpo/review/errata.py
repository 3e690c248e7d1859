"""The errata page (正誤表): every figure whose printed and computed values differ, and every broken roll-forward.

``python -m nenpo.review.errata R5`` writes ``docs/errata-R5.md`` from the data, ``published.csv`` and ``errata.toml``.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nenpo.errors import ContentError, Fault
from nenpo.files import write_whole
from nenpo.fiscal import FiscalYear
from nenpo.office import Office, find_office
from nenpo.review.identities import breaches
from nenpo.review.published import Difference, differences, read_published


def errata_page(office: Office, year: FiscalYear) -> str:
    """The page as Markdown. Raises ContentError where a difference has no reason in ``errata.toml``, or a reason no
    difference."""
    folder = office.year_folder(year)
    figures = office.figures(year)
    reasons = tomllib.loads((folder / "errata.toml").read_text(encoding="utf-8"))
    found = list(differences(read_published(folder / "published.csv"), office.dictionary, figures, year))
    broken = [breach for table in office.dictionary.kept(year) for breach in breaches(table, figures, year)]
    why_different = _reasons(reasons, "difference", "row", {(one.published.table, one.published.row) for one in found})
    why_broken = _reasons(reasons, "breach", "period", {(one.table, one.period) for one in broken})
    lines = [
        f"# 正誤表　{year.label}",
        "",
        f"公表された{year.label}の報告書に印刷されている数値のうち、計算した値と異なるものの一覧です。"
        "年報には計算した値を載せています。割合は小数点以下を印刷と同じ桁まで四捨五入しています。",
        "",
        f"## 印刷された値と計算した値が異なるもの（{len(found)} 件）",
        "",
        "| 表 | 行 | 列 | 印刷 | 計算 | 理由 |",
        "|---|---|---|--:|--:|---|",
    ]
    lines += [_difference_line(one, office, why_different) for one in found]
    lines += [
        "",
        f"## 年度をまたいで合わない件数（{len(broken)} 件）",
        "",
        "計算で求めた数値としては印刷されていませんが、前の年度の数値から繰り越すと合わないものです。",
        "",
        "| 表 | 期間 | 等式 | 印刷 | 計算 | 理由 |",
        "|---|---|---|--:|--:|---|",
    ]
    lines += [
        f"| {one.table} {office.dictionary[one.table].title} | {one.period} | {one.identity.text} | {one.printed:,} "
        f"| {one.sum}＝{one.computed:,} | {why_broken[one.table, one.period]} |"
        for one in broken
    ]
    return "\n".join(lines) + "\n"


def _difference_line(one: Difference, office: Office, why: Mapping[tuple[str, str], str]) -> str:
    entry = one.published
    kind = {"count": "", "share": "（割合）", "rate": ""}[entry.kind]
    title = f"{entry.table} {office.dictionary[entry.table].title}"
    row = f"{entry.row} {entry.measure}".strip()
    return (
        f"| {title} | {row} | {entry.column}{kind} | {entry.printed} | {one.computed} | {why[entry.table, entry.row]} |"
    )


def _reasons(raw: Mapping[str, Any], kind: str, key: str, needed: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    given = {(entry["table"], entry[key]): entry["why"] for entry in raw.get(kind, ())}
    faults = [Fault(f"{table} {row} の理由がありません", "errata.toml") for table, row in sorted(needed - given.keys())]
    faults += [
        Fault(f"{table} {row} に違いはありません", "errata.toml") for table, row in sorted(given.keys() - needed)
    ]
    if faults:
        raise ContentError(faults)
    return given


def main() -> None:
    """Write the page of the year named on the command line."""
    office, year = find_office(), FiscalYear(sys.argv[1])
    write_whole(Path("docs") / f"errata-{year.code}.md", errata_page(office, year))


if __name__ == "__main__":
    main()
