"""Many reports: years and offices, side by side on this machine or on a Dask cluster.

A report is one task: it is built as it would be alone, from its own office and into its own folder, so that none can mix
with another. One that fails stops no other.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from nenpo.errors import ContentError, Fault, InputError, NenpoError, file_fault
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.run.build import build
from nenpo.run.parcel import Brought, Parcel, bring_home, brought, pack, unpack
from nenpo.run.wanted import Notes, Progress, Wanted
from nenpo.run.workers import Workers
from nenpo.scratch import Scratch

if TYPE_CHECKING:
    from distributed import Client

SCHEDULER_VARIABLE = "NENPO_SCHEDULER"


@dataclass(frozen=True)
class Task:
    """A report to build: the office's data folder, the year, the folder it is built into."""

    data: Path
    year: FiscalYear
    out: Path

    @property
    def target(self) -> Path:
        return self.out / self.year.code


@dataclass(frozen=True)
class Outcome:
    """What came of a task: the notes of the build, or the faults; ``unreadable`` where an input is at fault."""

    task: Task
    seconds: float = 0
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    unreadable: bool = False
    files: Brought = field(default_factory=dict)  # made elsewhere, to be brought home


def tasks_of(folders: Iterable[Path], years: Iterable[FiscalYear], out: Path) -> list[Task]:
    """The reports of all offices and years. Of several offices each has a folder of its own, named as its data folder is,
    or the one above it. Raises InputError for two of one name."""
    folders, years = [folder.resolve() for folder in folders], list(years)
    if len(folders) == 1:
        return [Task(folders[0], year, out) for year in years]
    names = [folder.parent.name if folder.name == "data" else folder.name for folder in folders]
    twice = [f"{name}：{folder}" for name, folder in zip(names, folders, strict=True) if names.count(name) > 1]
    if twice:
        remedy = "年報のフォルダーの名になるので、データのフォルダー（data ならその上のフォルダー）の名を変えてください"
        raise InputError([Fault("事業所の名が重なっています", where, remedy) for where in twice])
    return [Task(folder, year, out / name) for folder, name in zip(folders, names, strict=True) for year in years]


def build_many(tasks: list[Task], wanted: Wanted, scheduler: str, progress: Progress) -> list[Outcome]:
    """Build the reports, on the cluster of the scheduler if there is one; what came of each, in the order of the tasks."""
    outcomes = _on_cluster(tasks, wanted, scheduler) if scheduler else _here(tasks, wanted)
    done: dict[Task, Outcome] = {}
    for outcome in outcomes:
        done[outcome.task] = outcome
        failed = f"できません（{len(outcome.faults)} 件）" if outcome.faults else "できました"
        progress(f"  {len(done)}/{len(tasks)} {outcome.task.target} {failed}（{outcome.seconds:.1f} 秒）", True)
        for note in outcome.notes:
            progress(f"{outcome.task.target}：{note}")
    return [done[task] for task in tasks]


# On one machine


def _here(tasks: list[Task], wanted: Wanted) -> Iterator[Outcome]:
    from nenpo.warm.kernels import warm

    jobs = max(1, min(wanted.jobs, len(tasks)))
    each = replace(wanted, jobs=max(1, wanted.jobs // len(tasks)))
    left = dict.fromkeys(tasks)
    with warm():
        try:
            with _pool(jobs) as pool:
                for task, ended in _in_turn(tasks, lambda task: pool.submit(build_report, task, each), jobs * 2):
                    yield ended.result()
                    del left[task]
        except BrokenProcessPool:
            # Some report has taken its process with it, and the others' too: each of those left gets one of its own.
            for task in left:
                with _pool(1) as pool:
                    yield _result(task, pool.submit(build_report, task, each))


def _pool(jobs: int) -> Workers:
    """Processes that share the imports, but not what this one has done."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return Workers(jobs)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["nenpo.run.worker"])
    # The process that forks them may be older than what this one has put into its environment since.
    ours = {name: value for name, value in os.environ.items() if name.startswith("NENPO_")}
    return Workers(jobs, context, _take_over, ours)


def _take_over(ours: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("NENPO_")]:
        del os.environ[name]
    os.environ.update(ours)


def _in_turn(
    tasks: Iterable[Task], submit: Callable[[Task], Future[Outcome]], width: int
) -> Iterator[tuple[Task, Future[Outcome]]]:
    """The tasks with their ended futures as they end; no more than ``width`` are under way, so that memory stays flat."""
    waiting: dict[Future[Outcome], Task] = {}
    coming = iter(tasks)
    try:
        while True:
            for task in coming:
                waiting[submit(task)] = task
                if len(waiting) >= width:
                    break
            if not waiting:
                return
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                yield waiting.pop(future), future
    finally:
        for future in waiting:
            future.cancel()


_one_at_a_time = threading.Lock()


def build_report(task: Task, wanted: Wanted) -> Outcome:
    """One task, in whatever process; nothing is raised but what ends the process."""
    notes = Notes()
    with _one_at_a_time:  # a cluster's worker may have several threads, but a process has one environment
        start = time.perf_counter()
        try:
            build(Office(task.data), task.year, task.out, wanted, notes)
        except NenpoError as error:
            outcome = _failed(task, error)
        except OSError as error:
            outcome = _failed(task, InputError(file_fault(error, task.target)))
        else:
            outcome = Outcome(task)
        # Which reports are there is told of all together, at the end.
        kept = tuple(note for note in notes if not note.startswith(task.year.label))
        return replace(outcome, seconds=time.perf_counter() - start, notes=kept)


def _failed(task: Task, error: NenpoError) -> Outcome:
    return Outcome(task, faults=error.faults, unreadable=isinstance(error, InputError))


def _known(outcome: Outcome) -> Future[Outcome]:
    """A future of what is known already."""
    future: Future[Outcome] = Future()
    future.set_result(outcome)
    return future


def _result(task: Task, ended: Future[Outcome]) -> Outcome:
    """The outcome; where there is none, since the process or the machine went down, a fault that says so."""
    try:
        return ended.result()
    except Exception as error:
        remedy = "メモリーが足りているか確かめて、もう一度実行してください"
        fault = Fault(f"実行していたプロセスが落ちました（{type(error).__name__}）", str(task.target), remedy)
        return Outcome(task, faults=(fault,))


# On a cluster


def _on_cluster(tasks: list[Task], wanted: Wanted, scheduler: str) -> Iterator[Outcome]:
    each = replace(wanted, jobs=1)
    with _client(scheduler) as client:
        pool = client.get_executor(pure=False)
        width = 2 * sum(client.nthreads().values())
        shared = _shared(client, tasks)

        def submit(task: Task) -> Future[Outcome]:
            if shared:
                return pool.submit(build_report, replace(task, out=task.out.resolve()), each)
            try:
                parcel = pack(task.data, task.year, task.out)
            except NenpoError as error:
                return _known(_failed(task, error))
            return pool.submit(build_parcel, task, parcel, each)

        for task, ended in _in_turn(tasks, submit, width):
            outcome = replace(_result(task, ended), task=task)
            yield outcome if shared else _at_home(outcome)


def _shared(client: Client, tasks: list[Task]) -> bool:
    """Whether all workers see our folders: a file put there tells."""
    out = Path(os.path.commonpath([task.out.resolve() for task in tasks]))
    out.mkdir(parents=True, exist_ok=True)
    sign = out / f".{uuid4().hex}.tmp"
    sign.touch()
    try:
        seen = client.run(_all_there, [str(sign), *(str(task.data) for task in tasks)])
    finally:
        sign.unlink()
    return all(seen.values())


def _all_there(paths: list[str]) -> bool:
    return all(map(os.path.exists, paths))


def build_parcel(task: Task, parcel: Parcel, wanted: Wanted) -> Outcome:
    """One task on a machine that does not see our folders."""
    with Scratch() as folder:
        unpack(parcel, folder)
        outcome = build_report(Task(folder / "data", task.year, folder / "out"), wanted)

        def at_home(text: str) -> str:
            return text.replace(str(folder / "data"), str(task.data)).replace(str(folder / "out"), str(task.out))

        return replace(
            outcome,
            notes=tuple(map(at_home, outcome.notes)),
            faults=tuple(
                Fault(at_home(fault.what), at_home(fault.where), at_home(fault.remedy)) for fault in outcome.faults
            ),
            files=brought(parcel, folder),
        )


def _at_home(outcome: Outcome) -> Outcome:
    task = outcome.task
    try:
        bring_home(outcome.files, task.data, task.year, task.out)
    except (ContentError, InputError) as error:
        return replace(outcome, faults=(*outcome.faults, *error.faults), files={})
    return replace(outcome, files={})


@contextmanager
def _client(scheduler: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError:
        remedy = "pip install 'nenpo[cluster]' で入れてください"
        raise InputError(Fault("Dask がないため、クラスターは使えません", scheduler, remedy)) from None
    try:
        client = Client(scheduler, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        remedy = f"--scheduler か環境変数 {SCHEDULER_VARIABLE} の番地と、スケジューラーが動いているかを確かめてください"
        raise InputError(Fault(f"クラスターにつながりません（{error}）", scheduler, remedy)) from None
    try:
        if not client.nthreads():
            raise InputError(Fault("クラスターに実行するワーカーがありません", scheduler, "ワーカーを始めてください"))
        yield client
    finally:
        client.close()
