"""Warm kernels: ready at once, as isolated as any other, gone with the build, and of use to stock papermill."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest

from nenpo.errors import ContentError
from nenpo.japanese.years import FiscalYear
from nenpo.run.chapters import execute_chapter
from nenpo.warm import kernels
from nenpo.warm.kernels import ForkedKernel, Zygote, fork_kernel

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")


@pytest.fixture(scope="module")
def zygote():
    warm = Zygote()
    os.environ["NENPO_ZYGOTE"] = warm.address
    yield warm
    del os.environ["NENPO_ZYGOTE"]
    warm.close()


def run(tmp_path, *sources):
    """What the cells of a notebook print, run as a chapter is."""
    path = tmp_path / "01_試し.ipynb"
    cells = [nbformat.v4.new_code_cell('fiscal_year = "R4"', metadata={"tags": ["parameters"]})]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells += map(nbformat.v4.new_code_cell, sources)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=spec), path)
    executed, _ = execute_chapter(path, R5, ROOT / "data")
    return ["".join(output.get("text", "") for output in cell.get("outputs", ())) for cell in executed["cells"][2:]]


def test_a_kernel_has_its_own_world(zygote, tmp_path):
    leaves = (
        "import os, pandas; pandas.left = 1; os.environ['LEFT'] = '1'; open('left.txt', 'w').close(); import random"
    )
    first = run(tmp_path, leaves, "print(fiscal_year, random.random(), os.getcwd())")
    second = run(tmp_path, "import os, pandas, random, sys", "print(hasattr(pandas, 'left'), 'LEFT' in os.environ)")
    third = run(tmp_path, "import random", "print(fiscal_year, random.random())")
    assert first[1].split()[0] == "R5" and first[1].split()[2] == str(tmp_path)
    assert second[1].split() == ["False", "False"]
    assert first[1].split()[1] != third[1].split()[1]


def test_the_imports_are_done_and_messages_go_by_private_sockets(zygote, tmp_path):
    told = run(
        tmp_path,
        "import sys; print('seaborn' in sys.modules, 'nenpo.report' in sys.modules)",
        "from ipykernel.kernelapp import IPKernelApp; print(IPKernelApp.instance().transport)",
    )
    assert told == ["True True\n", "ipc\n"]


def test_a_kernel_that_wants_too_much_memory_gets_an_error_not_the_machine(zygote, tmp_path, monkeypatch):
    monkeypatch.setenv("NENPO_KERNEL_GIB", "1")
    with pytest.raises(ContentError, match="MemoryError"):
        run(tmp_path, "import numpy; numpy.ones(2**28)")


def test_three_fates_are_told_apart_with_chapter_and_cell(zygote, tmp_path, monkeypatch):
    with pytest.raises(ContentError) as failed:
        run(tmp_path, "1 + 1", "1 / 0")
    assert "01_試し.ipynb のセル 3（1 / 0）：" in str(failed.value) and "ZeroDivisionError" in str(failed.value)
    with pytest.raises(ContentError) as died:
        run(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert "01_試し.ipynb のセル 2" in str(died.value) and "カーネルが落ちました" in str(died.value)
    monkeypatch.setenv("NENPO_CELL_SECONDS", "1")
    with pytest.raises(ContentError) as hung:
        run(tmp_path, "1", "while True: pass")
    assert "01_試し.ipynb のセル 3" in str(hung.value) and "1 秒" in str(hung.value)
    monkeypatch.setattr("nenpo.warm.kernels.fork_kernel", lambda *told: int("x"))
    with pytest.raises(ContentError, match="実行できませんでした"):
        run(tmp_path, "1")


def test_a_hung_kernel_is_gone_when_it_has_been_reported(zygote, tmp_path, monkeypatch):
    monkeypatch.setenv("NENPO_CELL_SECONDS", "1")
    with pytest.raises(ContentError):
        run(tmp_path, f"import os; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))", "while True: pass")
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_a_notebook_that_names_no_kernel_runs(zygote, tmp_path):
    path = tmp_path / "01_試し.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(fiscal_year)")]), path)
    executed, _ = execute_chapter(path, R5, ROOT / "data")
    assert executed["cells"][-1]["outputs"][0]["text"] == "R5\n"


def test_stock_papermill_uses_the_kernelspec(zygote, tmp_path):
    path = next((ROOT / "notebooks").glob("06_*.ipynb"))
    command = ["-m", "papermill", str(path), str(tmp_path / "out.ipynb"), "-p", "fiscal_year", "R5", "-k", "nenpo"]
    environment = {**os.environ, "NENPO_DATA": str(ROOT / "data")}
    done = subprocess.run([sys.executable, *command], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    out = (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert "令和５年度" in out and papermill.inspect_notebook(str(tmp_path / "out.ipynb"))


def test_a_kernel_can_be_ended_and_is_seen_to_be_gone(zygote, tmp_path):
    pid = fork_kernel(zygote.address, ["-f", str(tmp_path / "connection.json")], dict(os.environ), str(tmp_path))
    kernel = ForkedKernel(pid)
    assert kernel.poll() is None
    kernel.kill()
    assert kernel.wait(10) == 1 and not psutil.pid_exists(pid)


def test_where_there_is_no_fork_kernels_are_started_ahead(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "fork")
    monkeypatch.setattr(kernels, "_ahead", [])
    told = run(tmp_path, "import os, sys; print(fiscal_year, 'seaborn' in sys.modules, os.getpid(), os.getcwd())")[
        0
    ].split()
    (ahead,) = kernels._ahead
    assert told[:2] == ["R5", "True"] and told[3] == str(tmp_path) and not psutil.pid_exists(int(told[2]))
    again = run(tmp_path, "import os; print(os.getpid())")[0].split()
    assert again == [str(ahead.pid)]
    (left,) = kernels._ahead
    left.stdin.close()
    assert left.wait(30) == 0  # as it ends when the process that started it does


def test_a_warm_process_stays_until_our_code_changes(monkeypatch):
    monkeypatch.delenv("NENPO_ZYGOTE", raising=False)
    addresses = []
    for _ in range(2):
        with kernels.warm():
            addresses.append(os.environ["NENPO_ZYGOTE"])
    assert addresses[0] == addresses[1] and "NENPO_ZYGOTE" not in os.environ
    monkeypatch.setattr(kernels, "file_digest", lambda path: "another")
    with kernels.warm():
        assert os.environ["NENPO_ZYGOTE"] != addresses[0] and not Path(addresses[0]).parent.exists()
    kernels._own._process.kill()
    kernels._own._process.wait()
    with kernels.warm():
        assert not kernels._own.ended


def test_the_warm_process_ends_with_the_one_that_started_it():
    source = "import os; from nenpo.warm.kernels import Zygote; print(Zygote()._process.pid, flush=True); os._exit(9)"
    pid = int(subprocess.run([sys.executable, "-c", source], capture_output=True, text=True).stdout)
    for _ in range(200):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("it lives on")


def test_warm_kernels_can_be_switched_off_and_the_report_is_the_same_to_the_byte(r5, tmp_path):
    command = [sys.executable, "-m", "nenpo.cli", "build", "R5", "--data", str(ROOT / "data"), "--out", str(tmp_path)]
    environment = {**os.environ, "NENPO_WARM": "0"}
    subprocess.run(command, check=True, env=environment, stderr=subprocess.DEVNULL)
    files = sorted(path.relative_to(r5) for path in r5.rglob("*") if path.is_file())
    assert len(files) > 10
    for file in files:
        assert (tmp_path / "R5" / file).read_bytes() == (r5 / file).read_bytes(), file


# What Windows lacks, and Python with it: taken away from every process that a build starts.
LACKING = """
import ctypes, multiprocessing, os
multiprocessing.set_start_method("spawn", force=True)
for name in ("fork", "forkpty", "pidfd_open", "setsid", "mkfifo"):
    if hasattr(os, name):
        delattr(os, name)
found = ctypes.CDLL.__getattr__
def lacking(library, name):
    if name == "renameat2":
        raise AttributeError(name)
    return found(library, name)
ctypes.CDLL.__getattr__ = lacking
"""


def test_a_report_is_the_same_without_what_windows_lacks_and_from_texts_with_its_line_ends(r5, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(LACKING, encoding="utf-8")
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    for path in (tmp_path / "data").rglob("*.[mt][do]*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-m", "nenpo.cli", "build", "R5", "--jobs", "2"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lacking = tmp_path / "outputs" / "R5"
    for name in ("report.pdf", "checks.json", "data/figures.csv"):
        assert (r5 / name).read_bytes() == (lacking / name).read_bytes(), name
    pages = [re.sub("[0-9a-f]{24}", "", (folder / "report.html").read_text("utf-8")) for folder in (r5, lacking)]
    assert pages[0] == pages[1]  # but for the hash of what it is made from


def test_switched_off_a_kernel_is_jupyters_own(tmp_path, monkeypatch):
    monkeypatch.setenv("NENPO_WARM", "0")
    told = run(tmp_path, "import os, sys; print(fiscal_year, 'seaborn' in sys.modules, os.getcwd())")[0].split()
    assert told == ["R5", "False", str(tmp_path)]
