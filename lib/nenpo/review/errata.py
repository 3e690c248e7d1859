"""The errata page (正誤表): every figure whose printed and computed values differ, and every broken roll-forward.

``python -m nenpo.review.errata R5`` writes ``docs/errata-R5.md`` from the data, ``published.csv`` and ``errata.toml``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from nenpo.errors import ContentError, Fault
from nenpo.files import write_whole
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office, OfficeYear, find_office
from nenpo.review.breaches import Values, broken
from nenpo.review.identities import amount, in_numbers
from nenpo.review.published import Difference, differences, read_published, reasons_of


def errata_page(office_year: OfficeYear) -> str:
    """The page as Markdown. Raises ContentError where a difference has no reason in ``errata.toml``, or a reason no
    difference."""
    office, year, inputs = office_year.office, office_year.year, office_year.cells
    reasons = reasons_of(office_year)
    printed = read_published(office_year.folder / "published.csv")
    differing = list(differences(printed, office.dictionary, office_year.figures, year))
    values = Values(inputs)
    breaches = [breach for year in reversed(inputs.years) for breach in broken(inputs, year)]
    needed: set[tuple[str, ...]] = {difference.published.key for difference in differing}
    needed |= {(breach.table, breach.period, breach.text) for breach in breaches}
    faults = [Fault(f"{' '.join(key)} の理由がありません", "errata.toml") for key in sorted(needed - reasons.keys())]
    faults += [Fault(f"{' '.join(key)} に違いはありません", "errata.toml") for key in sorted(reasons.keys() - needed)]
    if faults:
        raise ContentError(faults)
    lines = [
        f"# 正誤表　{year.label}",
        "",
        f"公表された{year.label}の報告書に印刷されている数値のうち、計算した値と異なるものの一覧です。"
        "年報には計算した値を載せています。割合は小数点以下を印刷と同じ桁まで四捨五入しています。",
        "",
        f"## 印刷された値と計算した値が異なるもの（{len(differing)} 件）",
        "",
        "| 表 | 行 | 列 | 印刷 | 計算 | 理由 |",
        "|---|---|---|--:|--:|---|",
    ]
    lines += [_difference_line(difference, office, reasons) for difference in differing]
    lines += [
        "",
        f"## 互いに合わない件数（{len(breaches)} 件）",
        "",
        "計算で求めた数値としては印刷されていませんが、ほかの表や前の年度の数値と合わないものです。",
        "",
        "| 表 | 期間 | 等式 | 印刷 | 計算 | 理由 |",
        "|---|---|---|--:|--:|---|",
    ]
    lines += [
        f"| {breach.table} {office.dictionary[breach.table].title} | {breach.period} | {breach.text} | {in_numbers(breach.left, values)} "
        f"| {in_numbers(breach.right, values)}＝{amount(breach.right, values):,} | {reasons[breach.table, breach.period, breach.text]} |"
        for breach in breaches
    ]
    return "\n".join(lines) + "\n"


def _difference_line(difference: Difference, office: Office, why: Mapping[tuple[str, ...], str]) -> str:
    entry = difference.published
    kind = {"count": "", "share": "（割合）", "rate": ""}[entry.kind]
    title = f"{entry.table} {office.dictionary[entry.table].title}"
    row = f"{entry.row} {entry.measure}".strip()
    return f"| {title} | {row} | {entry.column}{kind} | {entry.printed} | {difference.computed} | {why[entry.key]} |"


def main() -> None:
    """Write the page of the year named on the command line."""
    office, year = find_office(), FiscalYear(sys.argv[1])
    write_whole(Path("docs") / f"errata-{year.code}.md", errata_page(office.of(year)))


if __name__ == "__main__":
    main()
