"""A ledger's files: each read by its own name and form, and nothing of them left on disk, however a count ends."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import Workbook

from nenpo import scratch
from nenpo.cli import main
from nenpo.errors import ContentError, InputError
from nenpo.japanese.years import FiscalYear
from nenpo.ledger.counting import Counted, count_ledger
from nenpo.ledger.mapping import read_mapping
from nenpo.office import Office

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")
MARKER = "架空標花子"
HEAD = "受付日,性別,氏名\n"


def mapping(file: str) -> str:
    return f"""
[[source]]
name = "相談"
file = "{file}"
date = "受付日"

[[count]]
source = "相談"
table = "2-1"
by = "性別"
map = {{ "男" = "うち男性", "女" = "うち女性" }}
"""


def count(folder: Path, content: str | bytes, file: str = "相談.csv") -> Counted:
    """Count a ledger of one file."""
    data = content.encode() if isinstance(content, str) else content
    (folder / file).write_bytes(data)
    (folder / "ledger.toml").write_text(mapping(file), encoding="utf-8")
    dictionary = Office(ROOT / "data").dictionary
    return count_ledger(folder, read_mapping(folder / "ledger.toml", dictionary), dictionary, R5)


def men(counted: Counted) -> list[int]:
    return [number for (_, _, _, column), number in counted.figures.items() if column == "うち男性"]


@pytest.mark.parametrize(
    ("written", "month"),
    [
        *((day, 1) for day in ("2023-05-03", "2023/5/3", "2023.5.3", "2023年5月3日", "20230503", "R5.5.3", "R5/5/3", "R5-05-03", "令和5年5月3日",
          "令和５年５月３日", "Ｒ５．５．３", "r5.5.3", "２０２３／５／３", " R5.5.3 ", "令和 5年 5月 3日", "2023/05/03 13:45", "2023/05/03 13:45:10")),
        ("令和元年5月3日", None), ("H31.4.3", None), ("R5.13.3", None), ("R5.2.30", None), ("X5.5.3", None), ("5月3日", None), ("2023", None), ("R5", None),
        ("令和五年五月三日", None), ("", None), ("R5.5.3頃", None), ("99999999", None), ("20231503", None),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(tmp_path: Path, written: str, month: int | None):
    counted = count(tmp_path, f"{HEAD}{written},男,x\n2024-03-01,女,x\n")
    assert men(counted) == [int(at == month) for at in range(12)]
    assert len(counted.uncounted) == (month is None)


@pytest.mark.parametrize(
    "file",
    [
        "相談[1].csv",
        "相談*.csv",
        "相談?.csv",
        "相談[!x].csv",
        "a{b,c}.csv",
        "year=2023.csv",
        "it's.csv",
        "相談.csv.gz.csv",
    ],
)
def test_a_name_is_a_name(tmp_path: Path, file: str):
    for other in ("相談1.csv", "相談x.csv", "ab.csv"):
        (tmp_path / other).write_text(f"{HEAD}{'2023-05-03,男,x' * 1}\n" * 9, encoding="utf-8")
    if any(sign in file for sign in "*?"):
        with pytest.raises(InputError, match="ファイルの名だけ"):
            count(tmp_path, f"{HEAD}2023-05-03,男,x\n2024-03-01,女,x\n", file)
    else:
        assert sum(men(count(tmp_path, f"{HEAD}2023-05-03,男,x\n2024-03-01,女,x\n", file))) == 1


GOOD = "2023-05-03,男,あ\n2023-06-03,女,い\n" * 5


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (f'{HEAD}2023-05-03,"男,あ\n{GOOD}', 2),
        (f'{HEAD}{GOOD}2023-05-03,男,"あ\n{GOOD}', 12),
        (f'{HEAD}2023-05-03,"男,あ\n{GOOD}2023-05-03,女",い\n{GOOD}', 2),
        (f'{HEAD}2023-05-03,"男,あ\n2023-05-03,女",い\n{GOOD}', 2),
        (f'{HEAD}{GOOD}2023-05-03,男,"あ\n{GOOD}2023-05-03,"女",い\n', 12),
        (f'{HEAD}R5.5.3,男,"あ\nR5.5.4,男,い\nR5.5.5,男,"う"\n', 2),
        (f'{HEAD}2023-05-03,男,"{"長" * 600_000}\n{"長" * 10}"\n', 2),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_quote_that_is_not_closed_is_told_with_its_line(
    tmp_path: Path, content: str, line: int, encoding: str, newline: str
):
    with pytest.raises(ContentError, match=f"{line} 行目：引用符") as caught:
        count(tmp_path, content.replace("\n", newline).encode(encoding))
    assert "あ" not in str(caught.value)


@pytest.mark.parametrize(
    "record",
    [
        '2023-05-03,男,"あ\nい\nう"', '2023-05-03,男,"電話は、\n3,5,7 番に\n2023-05-03 に、と"', '2023-05-03,男,"「""はい""」と\n言う"', '2023-05-03,男,5\'2"',
        '2023-05-03,男,ｿ"x', '"2023-05-03","男","あ"', '2023-05-03,男,"あ\n\n\nい"',
    ],
)  # fmt: skip
def test_a_value_may_go_on_over_lines(tmp_path: Path, record: str):
    counted = count(tmp_path, f"{HEAD}{GOOD}{record}\n{GOOD}2024-03-01,女,x\n")
    assert men(counted)[1] == 11 and counted.records["相談.csv"] == 22 and not counted.uncounted


def test_an_open_quote_ends_the_command_with_1_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    office = office_with(tmp_path, "相談.csv", f'{HEAD}2023-05-03,"男,{MARKER}\n{GOOD}'.encode())
    before = {path: path.read_bytes() for path in office.rglob("*") if path.is_file()}
    assert main(["count", "R5", "--data", str(office)]) == 1
    told = capsys.readouterr()
    assert "2 行目" in told.err and MARKER not in told.err + told.out
    assert {path: path.read_bytes() for path in office.rglob("*") if path.is_file()} == before


def test_a_ledger_that_fills_one_column_of_a_table_is_counted_again_and_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """The other columns of the table are typed by hand, or not yet."""
    office = office_with(tmp_path, "相談.csv", f"{HEAD}{GOOD}2024-03-01,女,x\n".encode())
    (office / "ledger.toml").write_text(mapping("相談.csv").replace(', "女" = "うち女性"', ""), encoding="utf-8")
    (office / "R5" / "statistics.xlsx").unlink()
    command = ["count", "R5", "--data", str(office)]
    assert main(command) == 0
    first = (office / "R5" / "statistics.xlsx").read_bytes()
    assert main(command) == 0 and (office / "R5" / "statistics.xlsx").read_bytes() == first
    told = capsys.readouterr()
    assert "前のものは控えました" not in told.out and "statistics.xlsx" in told.out
    assert main(["check", "R5", "--data", str(office), "--out", str(tmp_path / "out")]) == 2  # a report needs the rest
    assert "「R5.5」の「新規相談受付件数」が空欄です" in capsys.readouterr().err


# However it ends


def office_with(folder: Path, file: str, content: bytes) -> Path:
    data = folder / "data"
    shutil.copytree(ROOT / "data", data)
    (data / "ledger.toml").write_text(mapping(file), encoding="utf-8")
    (data / "R5" / "ledger").mkdir()
    (data / "R5" / "ledger" / file).write_bytes(content)
    return data


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Ledgers that must be written anew to be counted, each with names in all of its records."""
    rows = [(f"2023-{4 + at % 9:02}-03", "男女"[at % 2], f"{MARKER}{at}") for at in range(60_000)]
    text = HEAD + "".join(",".join(row) + "\n" for row in rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (HEAD.strip().split(","), *rows[:20_000]):
        sheet.append(row)
    path = tmp_path_factory.mktemp("ledgers") / "相談.xlsx"
    book.save(path)
    return {"相談.csv": text.encode("cp932"), "相談.xlsx": path.read_bytes()}


def holding(folder: Path) -> list[Path]:
    """The files below a folder that hold a name."""
    needles = (MARKER.encode(), MARKER.encode("cp932"), MARKER.encode("utf-16-le"))
    found = []
    for path in (Path(place) / name for place, _, names in os.walk(folder) for name in names):
        with suppress(OSError):  # gone meanwhile; a walk passes over folders that are
            if path.is_file() and any(needle in path.read_bytes() for needle in needles):
                found.append(path)
    return found


@pytest.mark.parametrize("file", ["相談.csv", "相談.xlsx"])
@pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGINT, signal.SIGQUIT, signal.SIGABRT],
    ids=lambda n: n.name,
)
def test_a_count_that_is_ended_leaves_nothing_of_the_ledger(
    tmp_path: Path, ledgers: dict[str, bytes], file: str, number: signal.Signals
):
    office, temporary = office_with(tmp_path, file, ledgers[file]), tmp_path / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-m", "nenpo.cli", "count", "R5", "--data", str(office)]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    moments = random.Random(f"{file}{number}")
    for _ in range(3):
        running = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path
        )
        until = time.monotonic() + moments.uniform(0.3, 1.5)
        while time.monotonic() < until and running.poll() is None:
            time.sleep(0.02)
            assert [path for path in holding(tmp_path) if path.name != file] == []  # nor while it runs
        running.send_signal(number)
        running.wait(20)
        assert [path for path in holding(tmp_path) if path.name != file] == []
    done = subprocess.run(command, env=environment, capture_output=True, cwd=tmp_path)
    assert done.returncode == 0 and MARKER.encode() not in done.stdout + done.stderr
    # Python itself tries by such a file whether it may write there, and removes it at once, unless it is ended between.
    assert [path for path in temporary.iterdir() if path.read_bytes() not in (b"", b"blat")] == []
    assert [path for path in holding(tmp_path) if path.name != file] == []


def test_what_earlier_runs_have_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scratch._sweep.cache_clear()
    old = tmp_path / "nenpo-ledger-ab12cd34"
    old.mkdir()
    (old / "0.csv").write_text(MARKER, encoding="utf-8")
    others = [tmp_path / "nenpo-projects", tmp_path / "nenpo-ledger-mine", tmp_path / "nenpo-ledger-ab12cd35"]
    for other in others:
        other.mkdir()
        (other / "大事な記録.csv").write_text("x", encoding="utf-8")
    killed = subprocess.run(
        [sys.executable, "-c", "from nenpo.scratch import Scratch; import os; s = Scratch(); print(s.path); os._exit(9)"],
        env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert Path(killed.stdout.strip()).is_dir()
    living = subprocess.Popen(
        [sys.executable, "-c", "from nenpo.scratch import Scratch; s = Scratch(); print(s.path, flush=True); input()"],
        env={**os.environ, "TMPDIR": str(tmp_path)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert living.stdout
    in_use = Path(living.stdout.readline().strip())
    old.mkdir(exist_ok=True)
    with scratch.Scratch() as own:
        assert own.is_dir() and own.stat().st_mode & 0o777 == 0o700
        assert sorted(tmp_path.iterdir()) == sorted([own, in_use, *others])
    living.communicate("\n")
    assert sorted(tmp_path.iterdir()) == sorted(others)
