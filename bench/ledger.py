"""Counting a ledger, as ratios of times measured in one run: python bench/ledger.py [--write docs/performance.md].

A synthetic ledger of one and of ten million consultations is counted into four monthly tables: by nenpo's own counting, and by
pandas, which reads the columns it needs and groups them. Each runs in a process of its own, whose peak memory is told. A million
records are then counted with their days written in other ways, and with quotes.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from page import put

ROOT = Path(__file__).parent.parent
SIZES = (1_000_000, 10_000_000)
ROUTES = ("本人", "家族・知人", "庁内", "庁外", "その他")
TOPICS = ("収入・生活費", "就労", "病気・障害", "負債・貸付", "生活保護", "住まい", "ひきこもり", "その他")
BANDS = {"10代": [0, 19], "20代": [20, 29], "30代": [30, 39], "40代": [40, 49], "50代": [50, 59], "60代": [60, 69]}
BANDS["70代以上"] = [70, 120]
MAPPING = f"""
[[source]]
name = "相談"
file = "相談.csv"
date = "受付日"

[[count]]
source = "相談"
table = "2-1"
by = "性別"
map = {{ "男" = "うち男性", "女" = "うち女性" }}

[[count]]
source = "相談"
table = "2-3"
by = "経路"
map = {{ "本人" = "本人", "家族・知人" = "家族・知人", "庁内" = "うち市の他部署", "庁外" = "うち市役所外", "その他" = "その他" }}

[[count]]
source = "相談"
table = "2-4"
by = "年齢"
bands = {{ {", ".join(f'"{name}" = {band}' for name, band in BANDS.items())} }}

[[count]]
source = "相談"
table = "2-5"
by = "内容"
"""


# Ways to write a ledger: in words, the days, and the quotes about names.
WRITTEN = (
    ("2023-04-03", "{0}-{1:02}-{2:02}", ""),
    ("2023/4/3", "{0}/{1}/{2}", ""),
    ("R5.4.3", "R{3}.{1}.{2}", ""),
    ("令和5年4月3日", "令和{3}年{1}月{2}日", ""),
    ("2023-04-03, names in quotes", "{0}-{1:02}-{2:02}", '"'),
)


def synthetic(path: Path, rows: int, day: str = "{0}-{1:02}-{2:02}", quote: str = "") -> None:
    """Invented records, each drawn by itself, with a name; ``day`` says how days are written, of year, month, day and year of the
    era."""
    import numpy

    draw = numpy.random.default_rng(rows)
    days = [
        day.format(2023 + (month < 4), month, of_month, 5 + (month < 4))
        for month in range(1, 13)
        for of_month in range(1, 29)
    ]
    with path.open("w", encoding="utf-8") as file:
        file.write("受付日,性別,経路,年齢,内容,氏名\n")
        for _ in range(rows // 100_000):
            columns = [
                numpy.array(known)[draw.integers(0, len(known), 100_000)] for known in (days, list("男女"), ROUTES)
            ]
            columns += [draw.integers(15, 96, 100_000), numpy.array(TOPICS)[draw.integers(0, len(TOPICS), 100_000)]]
            names = draw.integers(0, 1_000_000, 100_000)
            file.writelines(
                f"{a},{b},{c},{d},{e},{quote}架空の人{f}{quote}\n"
                for a, b, c, d, e, f in zip(*columns, names, strict=True)
            )


def by_nenpo(folder: Path) -> int:
    from nenpo.japanese.years import FiscalYear
    from nenpo.ledger.counting import count_ledger
    from nenpo.ledger.mapping import read_mapping
    from nenpo.office import Office

    dictionary = Office(ROOT / "data").dictionary
    (folder / "ledger.toml").write_text(MAPPING, encoding="utf-8")
    counted = count_ledger(folder, read_mapping(folder / "ledger.toml", dictionary), dictionary, FiscalYear("R5"))
    assert not counted.uncounted
    return sum(counted.figures.values())


def by_pandas(folder: Path) -> int:
    """The same: words mapped to columns, records that cannot be counted looked for."""
    import pandas

    columns = ["受付日", "性別", "経路", "年齢", "内容"]
    ledger = pandas.read_csv(folder / "相談.csv", usecols=columns)
    days = pandas.to_datetime(ledger["受付日"], format="%Y-%m-%d", errors="coerce")
    named = {
        "性別": ledger["性別"].map({"男": "うち男性", "女": "うち女性"}),
        "経路": ledger["経路"].map({**dict.fromkeys(ROUTES), **{name: name for name in ROUTES}}),
        "年齢": pandas.cut(ledger["年齢"], [-1, 19, 29, 39, 49, 59, 69, 120], labels=list(BANDS)),
        "内容": ledger["内容"].map({name: name for name in TOPICS}),
    }
    assert not days.isna().any() and not any(column.isna().any() for column in named.values())
    months = days.dt.month
    return sum(int(ledger.groupby([months, column], observed=False).size().sum()) for column in named.values())


def measured(way: str, folder: Path) -> tuple[float, float, int]:
    """Seconds, peak memory in MiB, and the sum of all counts."""
    start = time.perf_counter()
    command = [sys.executable, __file__, "--count", way, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    total, peak = done.stdout.split()
    return seconds, int(peak) / 1024, int(total)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", type=Path)
    parser.add_argument("--count", nargs=2)
    options = parser.parse_args()
    if options.count:
        way, folder = options.count
        total = {"nenpo": by_nenpo, "pandas": by_pandas}[way](Path(folder))
        print(total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    lines = ["| records | nenpo | pandas | nenpo takes | peak memory, nenpo | pandas |", "|--:|--:|--:|--:|--:|--:|"]
    for rows in SIZES:
        with tempfile.TemporaryDirectory() as scratch:
            synthetic(Path(scratch) / "相談.csv", rows)
            (ours, our_peak, our_total), (theirs, their_peak, their_total) = (
                measured(way, Path(scratch)) for way in ("nenpo", "pandas")
            )
            assert our_total == their_total == 4 * rows, (our_total, their_total)
        lines.append(
            f"| {rows:,} | {ours:.1f} s | {theirs:.1f} s | 1/{theirs / ours:.1f} | {our_peak:,.0f} MiB | {their_peak:,.0f} MiB |"
        )
        print(lines[-1], flush=True)
    lines += ["", "| a million records | nenpo | against 2023-04-03 |", "|---|--:|--:|"]
    with tempfile.TemporaryDirectory() as scratch:
        first = 0.0
        for name, day, quote in WRITTEN:
            synthetic(Path(scratch) / "相談.csv", 1_000_000, day, quote)
            seconds = min(measured("nenpo", Path(scratch))[0] for _ in range(3))
            first = first or seconds
            lines.append(f"| {name} | {seconds:.2f} s | {seconds / first:.2f} x |")
            print(lines[-1], flush=True)
    if options.write:
        put(options.write, "ledger", "\n".join(lines))


if __name__ == "__main__":
    main()
