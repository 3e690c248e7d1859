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
from nenpo.office import Office, find_office
from nenpo.review.breaches import Values, broken
from nenpo.review.checks import inputs_of
from nenpo.review.identities import amount, in_numbers
from nenpo.review.published import Difference, differences, read_published, reasons_of


def errata_page(office: Office, year: FiscalYear) -> str:
    """The page as Markdown. Raises ContentError where a difference has no reason in ``errata.toml``, or a reason no
    difference."""
    folder = office.year_folder(year)
    figures = office.figures(year)
    reasons = reasons_of(office, year)
    found = list(differences(read_published(folder / "published.csv"), office.dictionary, figures, year))
    inputs = inputs_of(office, year)
    values = Values(inputs)
    breaches = [breach for one in reversed(inputs.years) for breach in broken(inputs, one)]
    needed: set[tuple[str, ...]] = {one.published.key for one in found}
    needed |= {(one.table, one.period, one.text) for one in breaches}
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
        f"## 印刷された値と計算した値が異なるもの（{len(found)} 件）",
        "",
        "| 表 | 行 | 列 | 印刷 | 計算 | 理由 |",
        "|---|---|---|--:|--:|---|",
    ]
    lines += [_difference_line(one, office, reasons) for one in found]
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
        f"| {one.table} {office.dictionary[one.table].title} | {one.period} | {one.text} | {in_numbers(one.left, values)} "
        f"| {in_numbers(one.right, values)}＝{amount(one.right, values):,} | {reasons[one.table, one.period, one.text]} |"
        for one in breaches
    ]
    return "\n".join(lines) + "\n"


def _difference_line(one: Difference, office: Office, why: Mapping[tuple[str, ...], str]) -> str:
    entry = one.published
    kind = {"count": "", "share": "（割合）", "rate": ""}[entry.kind]
    title = f"{entry.table} {office.dictionary[entry.table].title}"
    row = f"{entry.row} {entry.measure}".strip()
    return f"| {title} | {row} | {entry.column}{kind} | {entry.printed} | {one.computed} | {why[entry.key]} |"


def main() -> None:
    """Write the page of the year named on the command line."""
    office, year = find_office(), FiscalYear(sys.argv[1])
    write_whole(Path("docs") / f"errata-{year.code}.md", errata_page(office, year))


if __name__ == "__main__":
    main()
