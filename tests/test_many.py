"""Many reports side by side: years and offices never mix, one that fails stops no other, on one machine and on a cluster."""

import os
import shutil
import signal
import threading
from pathlib import Path

import nbformat
import pytest
from openpyxl import load_workbook

from nenpo.cli import main
from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.run import many
from nenpo.run.build import Wanted, build
from nenpo.run.many import build_many, tasks_of
from nenpo.run.parcel import bring_home, brought, pack, unpack
from nenpo.warm.kernels import warm

ROOT = Path(__file__).parent.parent
R4, R5 = FiscalYear("R4"), FiscalYear("R5")
CITIES = {"kita": "北見本市", "minami": "南見本市"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two offices with two chapters each and figures of their own, and every report of theirs, each built by itself."""
    tmp_path = tmp_path_factory.mktemp("made")
    for number, (name, city) in enumerate(CITIES.items(), start=1):
        place = tmp_path / name
        for code in ("R4", "R5"):
            shutil.copytree(ROOT / "data" / code, place / "data" / code, ignore=shutil.ignore_patterns("控え"))
            path = place / "data" / code / "statistics.xlsx"
            book = load_workbook(path)
            sheet = book[next(sheet for sheet in book.sheetnames if sheet.startswith("5-1 "))]
            sheet["B6"] = 5000 + 100 * number + int(code[1])
            book.save(path)
        shutil.copy(ROOT / "data" / "tables.toml", place / "data")
        profile = (ROOT / "data" / "office.toml").read_text(encoding="utf-8")
        (place / "data" / "office.toml").write_text(profile.replace("小樽市", city), encoding="utf-8")
        (place / "notebooks").mkdir()
        for path in (ROOT / "notebooks").glob("0[56]_*.ipynb"):
            shutil.copy(path, place / "notebooks")
    with warm():
        for name in CITIES:
            for year in (R4, R5):
                build(Office(tmp_path / name / "data"), year, tmp_path / "out" / name, Wanted(), lambda *told: None)
    return tmp_path


@pytest.fixture
def offices(made, tmp_path):
    """The data folders of the two offices, to change."""
    for name in CITIES:
        shutil.copytree(made / name, tmp_path / name)
    return [tmp_path / name / "data" for name in CITIES]


@pytest.fixture
def alone(made):
    return reports(made / "out")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def command(offices, out, *options):
    named = [told for folder in offices for told in ("--data", str(folder))]
    return main(["build", "R4", "R5", *named, "--out", str(out), *options])


def reports(out):
    return {
        f"{name}/{code}/{path}": content
        for name in CITIES
        for code in ("R4", "R5")
        for path, content in contents(out / name / code).items()
    }


def test_years_and_offices_side_by_side_are_what_each_is_alone(offices, alone, tmp_path, capsys):
    assert command(offices, tmp_path / "out") == 0
    told = capsys.readouterr().err
    assert "4 件のうち 4 件" in told and "4/4" not in told  # no terminal, no progress
    cold = reports(tmp_path / "out")
    assert cold.keys() == alone.keys()
    assert len([name for name in cold if "/data/" not in name]) == 4 * (2 + 4)
    assert [name for name in cold if cold[name] != alone[name]] == []
    for number, (name, city) in enumerate(CITIES.items(), start=1):
        page = cold[f"{name}/R5/report.html"].decode()
        assert page.count(f"5,{number}05") and not page.count(f"5,{3 - number}05")
        assert city in page and not any(other in page for other in CITIES.values() if other != city)
    assert command(offices, tmp_path / "out") == 0  # warm
    assert reports(tmp_path / "out") == cold


def test_one_that_fails_stops_no_other_and_a_second_run_makes_what_is_missing(offices, tmp_path, capsys):
    book = offices[0] / "R4" / "statistics.xlsx"
    whole = book.read_bytes()
    book.write_bytes(b"")
    assert command(offices, tmp_path / "out", "--html") == 2
    told = capsys.readouterr().err
    assert "4 件のうち 2 件" in told and "もう一度" in told and str(book) in told and "Traceback" not in told
    assert {path.parent.relative_to(tmp_path / "out").as_posix() for path in tmp_path.glob("out/*/*/report.html")} == {
        "minami/R4",
        "minami/R5",
    }
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "南見本市" in index and "北見本市" not in index and index.count('href="minami/R5/report.html"') == 1
    book.write_bytes(whole)
    assert command(offices, tmp_path / "out", "--html", "--why") == 0
    told = capsys.readouterr().err.splitlines()
    assert {
        line.partition("：")[0].rpartition("/out/")[2] for line in told if "：実行" in line or "実行（" in line
    } == {
        "kita/R4",
        "kita/R5",
    }
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert index.count("report.html") == 4 and index.index("令和５年度") < index.index("令和４年度")


def test_offices_of_one_name_are_refused(tmp_path):
    with pytest.raises(InputError, match="重なって"):
        tasks_of([tmp_path / "a" / "kita" / "data", tmp_path / "b" / "kita"], [R5], tmp_path)


KILLS = """
from contextlib import suppress

import psutil

for process in psutil.Process({pid}).children(recursive=True):
    with suppress(psutil.NoSuchProcess, AttributeError):  # others end meanwhile
        if "forkserver" in " ".join(process.cmdline()) and "forkserver" in " ".join(process.parent().cmdline()):
            process.kill()
"""


def test_a_process_that_goes_down_takes_but_its_own_report_with_it(offices, tmp_path):
    path = next((tmp_path / "kita" / "notebooks").glob("06*"))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(KILLS.format(pid=os.getpid())))
    nbformat.write(notebook, path)
    tasks = tasks_of(offices, [R5], tmp_path / "out")
    outcomes = build_many(tasks, Wanted(formats=("report.html",), jobs=2), "", lambda *told: None)
    assert [bool(outcome.faults) for outcome in outcomes] == [True, False]
    assert "プロセスが落ちました" in str(outcomes[0].faults[0])


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two worker processes."""
    from distributed import LocalCluster

    options = {"host": "127.0.0.1", "dashboard_address": None, "local_directory": str(tmp_path / "dask")}
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **options) as running:
        yield running


@pytest.mark.parametrize("shared", [True, False], ids=["shared-storage", "shipped"])
def test_a_cluster_loses_nothing_when_a_worker_is_killed(offices, alone, tmp_path, cluster, monkeypatch, shared):
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))
    if not shared:
        monkeypatch.setattr(many, "_shared", lambda *told: False)
    tasks = tasks_of(offices, [R4, R5], tmp_path / "out")
    timer = threading.Timer(1.5, os.kill, (victim, signal.SIGKILL))
    timer.start()
    outcomes = build_many(tasks, Wanted(), cluster.scheduler_address, lambda *told: None)
    timer.join()
    assert [outcome.faults for outcome in outcomes] == [()] * 4
    made = reports(tmp_path / "out")
    assert [name for name in alone if made.get(name) != alone[name]] == []


def test_a_cluster_that_is_not_there_is_told(offices, tmp_path, capsys):
    assert command(offices, tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9") == 2
    told = capsys.readouterr().err
    assert "クラスターにつながりません" in told and "→" in told and "Traceback" not in told


def test_what_was_built_elsewhere_is_not_put_over_what_was_written_meanwhile(offices, tmp_path):
    out = tmp_path / "out"
    parcel = pack(offices[0], R5, out)
    unpack(parcel, tmp_path / "elsewhere")
    build(Office(tmp_path / "elsewhere" / "data"), R5, tmp_path / "elsewhere" / "out", Wanted(), lambda *told: None)
    files = brought(parcel, tmp_path / "elsewhere")
    bring_home(files, offices[0], R5, out)
    assert contents(out / "R5") == contents(tmp_path / "elsewhere" / "out" / "R5")

    chapter = next((out / "R5" / "chapters").glob("05*"))
    written = chapter.read_text(encoding="utf-8") + "\n"
    chapter.write_text(written, encoding="utf-8")
    with pytest.raises(many.ContentError, match="作っている間に変わりました"):
        bring_home(files, offices[0], R5, out)
    assert chapter.read_text(encoding="utf-8") == written
