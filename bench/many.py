"""Many reports, as ratios of times measured in one run: python bench/many.py [--write docs/performance.md].

Four years in one command against four commands; synthetic offices on a Dask cluster of one and of two worker processes on
this machine, each of one thread, free to use all processors or held to one each, as on machines of their own; and the memory
that all processes together take at their peak (proportional set size).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from distributed import LocalCluster
from openpyxl import load_workbook
from page import put

ROOT = Path(__file__).parent.parent
NENPO = Path(sys.executable).parent / "nenpo"
YEARS = ("R2", "R3", "R4", "R5")
COUNTRY = 1400  # offices of the kind, about


def synthetic(folder: Path, count: int) -> list[Path]:
    """Offices made of the real one: each with a city of its own, and all counts times some number."""
    offices = []
    for number in range(1, count + 1):
        data = folder / f"office-{number:03d}" / "data"
        for code in YEARS:
            shutil.copytree(ROOT / "data" / code, data / code, ignore=shutil.ignore_patterns("控え", "published.csv"))
            book = load_workbook(data / code / "statistics.xlsx")
            for cell in (cell for sheet in book for row in sheet.iter_rows(min_row=4) for cell in row):
                if isinstance(cell.value, int):
                    cell.value *= 1 + number % 30  # wider figures would not fit the page
            book.save(data / code / "statistics.xlsx")
        shutil.copy(ROOT / "data" / "tables.toml", data)
        profile = (ROOT / "data" / "office.toml").read_text(encoding="utf-8")
        (data / "office.toml").write_text(profile.replace("小樽市", f"第{number}見本市"), encoding="utf-8")
        offices.append(data)
    return offices


def build(out: Path, *arguments: str, years: tuple[str, ...] = ("R5",)) -> float:
    """Seconds that a command takes, from nothing."""
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    command = [str(NENPO), "build", *years, "--out", str(out), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])} …:\n{done.stderr[-3000:]}")
    return time.perf_counter() - start


class Memory:
    """The most that this process and all it has started take together, in MiB."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._ended = threading.Event()
        self._watching = threading.Thread(target=self._watch)

    def __enter__(self) -> Memory:
        self._watching.start()
        return self

    def __exit__(self, *told: object) -> None:
        self._ended.set()
        self._watching.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._ended.wait(0.1):
            taken = 0
            for process in me.children(recursive=True):
                try:
                    taken += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak = max(self.peak, taken / 2**20)


def hold(cluster: LocalCluster) -> None:
    """Let each worker, and all that it starts, use a processor of its own and no other."""
    processors = sorted(os.sched_getaffinity(0))
    for number, worker in enumerate(cluster.workers.values()):
        for thread in psutil.Process(worker.pid).threads():
            os.sched_setaffinity(thread.id, {processors[number]})


def on_cluster(offices: list[Path], workers: int, folder: Path, held: bool = False) -> tuple[float, float]:
    """Seconds for all the offices' reports, and the peak of memory in MiB; ``held`` to a processor for each worker."""
    named = [told for office in offices for told in ("--data", str(office))]
    options = {"host": "127.0.0.1", "dashboard_address": None, "local_directory": str(folder / "dask")}
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, **options) as cluster,
        Memory() as memory,
    ):
        if held:
            hold(cluster)
        seconds = build(folder / "out", *named, "--scheduler", cluster.scheduler_address)
    reports = len(list((folder / "out").glob("*/R5/report.pdf")))
    if reports != len(offices):
        sys.exit(f"{reports} of {len(offices)} reports")
    return seconds, memory.peak


def compared(offices: list[Path], folder: Path, held: bool = False) -> tuple[float, float, float]:
    """Seconds with two workers and with one, and the peak of memory with two. A machine that others use as well is not always
    as fast: two workers take their turn before and after the one."""
    before, _ = on_cluster(offices, 2, folder, held)
    one, _ = on_cluster(offices, 1, folder, held)
    after, memory = on_cluster(offices, 2, folder, held)
    return (before + after) / 2, one, memory


def measured(count: int, few: int) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        single = sum(build(folder / "out", years=(year,)) for year in YEARS)
        together = build(folder / "out", years=YEARS)
        offices = synthetic(folder, count)
        _, small = on_cluster(offices[:few], 2, folder)
        two, one, large = compared(offices, folder)
        two_held, one_held, _ = compared(offices, folder, held=True)
    each = two / count * 2
    minutes = {cores: COUNTRY * each / cores / 60 for cores in (16, 160)}
    return "\n".join(
        [
            "| measure | found | against | ratio | goal |",
            "|---|---|---|---|---|",
            f"| four years in one command | {together:.1f} s | four commands, {single:.1f} s | 1/{single / together:.1f} | 1/2 |",
            f"| {count} offices, two Dask workers | {two:.0f} s | one worker, {one:.0f} s | {one / two:.2f} × | 1.8 × |",
            f"| the same, each worker held to one processor | {two_held:.0f} s | one worker, {one_held:.0f} s | {one_held / two_held:.2f} × | 1.8 × |",
            f"| memory at the peak, {count} offices | {large:.0f} MiB | {few} offices, {small:.0f} MiB | {large / small:.2f} × | 1.2 × |",
            "",
            f"A report takes {each:.1f} s of a core. Nothing is shared between offices but the list of what to do, so that "
            f"{COUNTRY:,} offices take about {minutes[16]:.0f} minutes on 16 cores and {minutes[160]:.1f} on 160, as long as the shared "
            f"storage takes in what they write (2.5 MB a report). The scheduler needs about a millisecond a task. At 160 cores each core makes "
            f"{COUNTRY / 160:.0f} reports: the first imports and the last, uneven round cost some seconds.",
        ]
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=50)
    parser.add_argument("--few", type=int, default=5)
    parser.add_argument("--write", type=Path, help="put the table into its part of this file")
    options = parser.parse_args()
    os.environ.pop("NENPO_SCHEDULER", None)
    report = measured(options.offices, options.few)
    print(report)
    if options.write:
        put(options.write, "many", report)
