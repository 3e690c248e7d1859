"""A build: the same bytes for the same inputs, nothing half-written, no year mixed with another, faults told plainly."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import papermill
import psutil
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from nbformat.sign import NotebookNotary
from openpyxl import load_workbook

from nenpo.built import HTML, PDF
from nenpo.cli import main
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.run.build import Notes, Wanted, build, inputs_of, manifest_of
from nenpo.run.inputs import inputs_hash

ROOT = Path(__file__).parent.parent
R4 = FiscalYear("R4")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def office_copy(tmp_path):
    """A copy of the office's data and notebooks to spoil."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return tmp_path / "data"


def test_two_builds_are_byte_identical_with_one_job_or_two(office, r5, tmp_path):
    again = build(office, FiscalYear("R5"), tmp_path, Wanted(jobs=1), lambda *told: None)
    first, second = contents(r5), contents(again)
    assert first.keys() == second.keys()
    assert len([name for name in first if not name.startswith("data/")]) == 8 + 4
    assert [name for name in first if first[name] != second[name]] == []


def test_the_manifest_tells_which_files_belong_together(r5):
    manifest = json.loads((r5 / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == set(contents(r5)) - {"manifest.json"}


def test_executed_chapters_hold_no_clock_path_or_random_id_and_are_signed(r5):
    notary = NotebookNotary()
    for path in sorted((r5 / "chapters").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        text = path.read_text(encoding="utf-8")
        assert str(ROOT) not in text and not re.search(r"20\d\d-\d\d-\d\dT", text)
        assert [cell.id for cell in notebook.cells] == [f"cell-{n:03d}" for n in range(1, len(notebook.cells) + 1)]
        assert notary.check_signature(notebook)


def test_commentary_stands_in_markdown_cells(r5, office):
    notebook = nbformat.read(next((r5 / "chapters").glob("02_*.ipynb")), as_version=4)
    cells = [cell for cell in notebook.cells if "commentary" in cell.metadata.get("tags", ())]
    source = (office.folder / "R5" / "commentary" / "2-1.md").read_text(encoding="utf-8")
    assert cells[0].cell_type == "markdown" and cells[0].source.strip() == source.strip()
    assert [cell.metadata.nenpo.commentary for cell in cells] == [
        "2-1",
        "2-2",
        "2-3",
        "2-4",
        "2-5",
        "2-5-cross",
        "2-6-note",
        "2-6",
    ]


@pytest.fixture(scope="module")
def r4_beside_r5(tmp_path_factory):
    """Both years built by one command into one folder."""
    out = tmp_path_factory.mktemp("years")
    assert main(["build", "R4", "R5", "--data", str(ROOT / "data"), "--out", str(out)]) == 0
    return out


def test_years_side_by_side_do_not_mix(r4_beside_r5, office):
    checked = 0
    for year in (R4, FiscalYear("R5")):
        figures = office.figures(year)
        page = BeautifulSoup((r4_beside_r5 / year.code / HTML).read_text(encoding="utf-8"), "lxml")
        other = {"R4": "R5", "R5": "R4"}[year.code]
        assert year.label in page.title.text
        for table_id in ("2-2", "2-3", "2-4", "2-5", "2-6"):
            table = office.dictionary[table_id]
            ring = page.find("figure", id=f"fig-{table_id}-1")
            alt, shown = ring.svg["aria-label"], ring.svg.get_text(" ")
            total = figures.of_year(table_id, table.shares, year)
            assert (
                year.label in ring.figcaption.text
                and f"合計 {total:,}{table.unit}" in alt
                and f"{total:,}{table.unit}" in shown
            )
            for part in table.parts:
                value = figures.of_year(table_id, part.name, year)
                assert f"{part.in_charts} {value:,}{table.unit}" in alt
                checked += 1
            years = page.find("figure", id=f"fig-{table_id}-2").svg
            assert f"{year.short}は合計 {total:,}" in years["aria-label"] and f"計 {total:,}" in years.get_text(" ")
            assert (f"{other}年度は合計" in years["aria-label"]) == (other == "R4")
    assert checked == 2 * (6 + 5 + 8 + 8 + 6)


def test_a_year_without_months_says_so_and_marks_what_is_not_written(r4_beside_r5):
    page = BeautifulSoup((r4_beside_r5 / "R4" / HTML).read_text(encoding="utf-8"), "lxml")
    text = page.main.get_text()
    assert "月別の数値は令和５年度から記録しているため、年度の合計だけを示します。" in text
    assert "「就労支援実績」は令和５年度から記録しているため、令和４年度の数値はありません。" in text
    assert "（令和４年度の本文「2-1」はまだ書かれていません）" in text
    assert not page.find("tr", class_="month") and not page.find("figure", id="fig-2-1-1")
    assert page.find("table", id="tbl-2-1").find("tr", class_="year").th.text == "R4年度"
    words = "".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(r4_beside_r5 / "R4" / PDF))
    assert "まだ書かれていません" in words


def test_every_chapter_runs_under_stock_papermill(office_copy, tmp_path):
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        source = nbformat.read(path, as_version=4)
        assert not any(cell.get("outputs") for cell in source.cells), f"{path.name} is committed with outputs"
    path = next((ROOT / "notebooks").glob("07_*.ipynb"))
    done = papermill.execute_notebook(
        str(path), str(tmp_path / "out.ipynb"), {"fiscal_year": "R5"}, cwd=str(tmp_path), progress_bar=False
    )
    assert "1,070" in str(done.cells)


@pytest.mark.parametrize(
    "parameters",
    [{"fiscal_yaer": "R4"}, {"fiscal_year": "R4", "office": "x"}, {"fiscal_year": "R9"}, {"fiscal_year": "R4"}],
)
def test_a_parameter_or_year_that_is_not_known_is_refused_under_stock_papermill(tmp_path, parameters):
    path = next((ROOT / "notebooks").glob("06_*.ipynb"))
    if parameters == {"fiscal_year": "R4"}:  # that the chapter does not heed
        shutil.copy(path, tmp_path)
        path = tmp_path / path.name
        spoil(tmp_path, 6, lambda cells: cells[1].metadata.pop("tags"))
    with pytest.raises(papermill.PapermillExecutionError, match="InputError"):
        papermill.execute_notebook(str(path), None, parameters, cwd=str(ROOT), progress_bar=False)


@pytest.mark.parametrize("command", [["build", "R9"], ["build", "R5x"], ["build", "R5", "--data", "nowhere"]])
def test_a_year_or_folder_that_is_not_there_is_refused(command, capsys, tmp_path):
    assert main([*command, "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "→" in told and "Traceback" not in told and not (tmp_path / "out").exists()


def test_bad_data_stops_before_anything_is_executed_and_tells_all_faults(office_copy, tmp_path, capsys):
    book = load_workbook(office_copy / "R5" / "statistics.xlsx")
    book["2-2 支援方法"]["B5"] = "約百"
    book["2-3 相談経路"]["B5"] = -1
    book.save(office_copy / "R5" / "statistics.xlsx")
    out = tmp_path / "out"
    (out / "R5").mkdir(parents=True)
    (out / "R5" / HTML).write_text("前の年報", encoding="utf-8")
    assert main(["build", "R5", "--data", str(office_copy), "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert "約百" in told and "負の数" in told and "セル B5" in told and "2 件" in told and "1/8" not in told
    assert contents(out / "R5") == {HTML: "前の年報".encode()}


def test_unreadable_texts_are_told_together(office_copy, tmp_path, capsys):
    folder = office_copy / "R5"
    (folder / "commentary" / "2-1.md").write_bytes(b"\x89PNG\r\n\x1a\n\xff\x80\x81")
    (folder / "cases" / "2-7-1.md").write_text("題のない事例", encoding="utf-8")
    (folder / "organisation.toml").write_text("title = ", encoding="utf-8")
    assert main(["build", "R5", "--data", str(office_copy), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "文字コードが分かりません" in told and "事例の見出し" in told and "organisation.toml" in told


def spoil(notebooks, number, change):
    """Change the cells of a chapter."""
    path = next(notebooks.glob(f"{number:02d}_*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)
    return path.name


def test_a_chapter_that_cannot_be_told_its_year_is_refused_before_anything_runs(office_copy, tmp_path, capsys):
    notebooks = office_copy.parent / "notebooks"

    def untagged(cells):
        cells[1].metadata.pop("tags")
        cells[0].metadata["tags"] = ["parameters"]  # a heading takes no parameter

    names = [spoil(notebooks, 3, untagged), spoil(notebooks, 4, lambda cells: cells.clear())]
    assert main(["build", "R4", "--data", str(office_copy), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert all(name in told for name in names) and "2 件" in told and "タグ parameters" in told
    assert not (tmp_path / "out" / "R4").exists()


# What makes a chapter of R4 show another year; the last two may be shown.
ANOTHER_YEAR = {
    "a year of its own": ('report = Report("R5")', True),
    "before the right one": ('Report(2023)\nreport = Report(fiscal_year)', True),
    "an earlier year": ('report = Report("令和３年度")', True),
    "the parameter overwritten": ('fiscal_year = "R5"\nreport = Report(fiscal_year)', True),
    "past the report": ('import nenpo.office as o, nenpo.japanese.years as f\no.find_office().figures(f.FiscalYear("R5"))', True),
    "a later year's file": ('open("../data/R5/errata.toml").read()', True),
    "an earlier year's file alone": ('import pandas\npandas.read_excel("../data/R3/statistics.xlsx")', True),
    "files of several years": ('[open(f"../data/{y}/extra.csv").read() for y in ("R3", fiscal_year)]', False),
    "a file of no year": ('open("../data/office.toml").read()', False),
}  # fmt: skip


def test_a_chapter_that_shows_another_year_never_passes(office_copy, tmp_path, capsys):
    notebooks = office_copy.parent / "notebooks"
    for path in notebooks.glob("*.ipynb"):
        path.unlink()
    for year in ("R3", "R4"):
        (office_copy / year / "extra.csv").write_text("1\n", encoding="utf-8")
    for number, (code, _) in enumerate(ANOTHER_YEAR.values(), start=1):
        cells = [
            nbformat.v4.new_markdown_cell(f"# {number}　章"),
            nbformat.v4.new_code_cell("fiscal_year = 'R5'", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(f"from nenpo.report import Report\n{code}"),
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / f"{number:02d}_章.ipynb")
    command = ["build", "R4", "--data", str(office_copy), "--out", str(tmp_path / "out"), "--html"]
    assert main(command) == 1
    told = capsys.readouterr().err
    for number, (what, (_, refused)) in enumerate(ANOTHER_YEAR.items(), start=1):
        assert (f"{number:02d}_章.ipynb" in told) == refused, what
        if refused:
            (notebooks / f"{number:02d}_章.ipynb").unlink()
    assert main(command) == 0


def test_a_failing_chapter_is_named_with_its_cell_and_the_old_report_stays(office_copy, tmp_path, capsys):
    path = next((office_copy.parent / "notebooks").glob("06_*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("1 / 0"))
    nbformat.write(notebook, path)
    for other in set((office_copy.parent / "notebooks").glob("*.ipynb")) - {path}:
        other.unlink()
    out = tmp_path / "out"
    (out / "R5").mkdir(parents=True)
    (out / "R5" / PDF).write_bytes(b"old")
    assert main(["build", "R5", "--data", str(office_copy), "--out", str(out)]) == 1
    told = capsys.readouterr().err
    assert (
        "ZeroDivisionError" in told
        and "06_" in told
        and f"セル {len(notebook.cells)}" in told
        and "Traceback" not in told
    )
    assert contents(out / "R5") == {PDF: b"old"}


def test_a_link_that_leads_nowhere_stops_the_build(office_copy, tmp_path, executed, capsys):
    (office_copy / "R5" / "commentary" / "6-1-overview.md").write_text("本文\n\n[参照](#sec-9-9)\n", encoding="utf-8")
    assert main(["build", "R5", "--data", str(office_copy), "--out", str(executed(tmp_path / "out")), "--html"]) == 1
    told = capsys.readouterr().err
    assert "#sec-9-9" in told and "6-1-overview.md 3 行目" in told


@pytest.mark.parametrize("moment", [2.0, 5.0])
def test_a_build_killed_half_way_leaves_the_old_report_whole(r5, tmp_path, moment):
    shutil.copytree(r5, tmp_path / "R5")
    before = contents(tmp_path / "R5")
    command = [sys.executable, "-m", "nenpo.cli", "build", "R5", "--data", str(ROOT / "data"), "--out", str(tmp_path)]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(moment)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert contents(tmp_path / "R5") == before


def test_what_a_removal_cut_short_has_left_is_swept_and_nobody_elses_folder(tmp_path, monkeypatch):
    from nenpo.scratch import Scratch

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Scratch() as folder:
        lock = next(folder.iterdir()).name
    for name, files in {
        "nenpo-empty": [],
        "nenpo-left": [lock, "kernel.json"],
        "nenpo-checkout": ["notes.txt"],
    }.items():
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).touch()
    subprocess.run(
        [sys.executable, "-c", "from nenpo.scratch import Scratch; Scratch()"],
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert [path.name for path in tmp_path.iterdir()] == ["nenpo-checkout"]


def _processes_with(setting):
    """The numbers of the processes whose environment holds it."""
    numbers = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if setting.encode() in path.read_bytes().split(b"\0"):
                numbers.append(path.parent.name)
    return numbers


def test_nothing_is_left_in_the_temporary_folder_once_the_next_build_is_done(tmp_path):
    command = [sys.executable, "-m", "nenpo.cli", "build", "R5", "--data", str(ROOT / "data"), "--out", str(tmp_path)]
    with tempfile.TemporaryDirectory() as temporary:
        environment = {**os.environ, "TMPDIR": temporary}
        for moment in (1.5, 3.0):
            running = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True, env=environment)
            time.sleep(moment)
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        for _ in range(300):  # kernels end when the process that started them is gone
            if not _processes_with(f"TMPDIR={temporary}"):
                break
            time.sleep(0.1)
        assert _processes_with(f"TMPDIR={temporary}") == []
        assert subprocess.run(command, stderr=subprocess.DEVNULL, env=environment).returncode == 0
        assert list(Path(temporary).iterdir()) == []


def test_ctrl_c_ends_a_build_without_a_traceback(tmp_path):
    command = [sys.executable, "-m", "nenpo.cli", "build", "R5", "--data", str(ROOT / "data"), "--out", str(tmp_path)]
    running = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # as a terminal starts it
    )
    while not list((tmp_path / ".cache" / "workbooks").glob("*.json")):
        time.sleep(0.05)
    time.sleep(0.5)  # chapters are being executed
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130 and "中止しました" in told and "Traceback" not in told
    assert not (tmp_path / "R5" / HTML).exists()


@pytest.mark.parametrize(
    "lost",
    [
        """
def command(options):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        raise ValueError("not well-formed") from None
""",
        """
class File:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)

def command(options):
    File()
    end_if_interrupted()
""",
    ],
)
def test_an_interrupt_that_a_library_loses_ends_the_command_all_the_same(lost):
    program = f"""
import os, signal, sys
from nenpo import cli
from nenpo.interrupts import end_if_interrupted
{lost}
signal.signal(signal.SIGINT, signal.default_int_handler)
cli._COMMANDS["check"] = command
sys.exit(cli.main(["check", "R5"]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 130 and "中止しました" in done.stderr and "Traceback" not in done.stderr


def test_what_a_build_no_longer_makes_is_removed(office, tmp_path, office_copy):
    for path in sorted((office_copy.parent / "notebooks").glob("*.ipynb"))[1:]:
        path.unlink()
    (tmp_path / "out" / "R5" / "chapters").mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "out" / "R5" / "chapters" / "99_古い章.ipynb")
    (tmp_path / "out" / "R5" / PDF).write_bytes(b"old")
    assert main(["build", "R5", "--data", str(office_copy), "--out", str(tmp_path / "out"), "--html"]) == 0
    assert {name.split("/")[0][:2] for name in contents(tmp_path / "out" / "R5")} == {"da", "re", "ch", "ma"}
    assert [name[:11] for name in contents(tmp_path / "out" / "R5") if name.startswith("chapters/")] == ["chapters/01"]


def test_final_refuses_while_a_text_is_not_written(office_copy, tmp_path, capsys):
    (office_copy / "R5" / "commentary" / "6-1-overview.md").write_text(" \n", encoding="utf-8")
    for path in (office_copy.parent / "notebooks").glob("*.ipynb"):
        if not path.name.startswith("06_"):
            path.unlink()
    command = ["build", "R5", "--data", str(office_copy), "--out", str(tmp_path / "out"), "--html"]
    assert main([*command, "--final"]) == 1
    told = capsys.readouterr().err
    assert "「6-1-overview」がまだ書かれていません" in told and "06_" in told and "→" in told
    assert not (tmp_path / "out" / "R5").exists()
    assert main(command) == 0
    assert "「6-1-overview」はまだ書かれていません" in (tmp_path / "out" / "R5" / HTML).read_text(encoding="utf-8")
    (office_copy / "R5" / "commentary" / "6-1-overview.md").write_text("書いた。\n", encoding="utf-8")
    assert main([*command, "--final"]) == 0


@pytest.mark.parametrize("saves", [1, 2])
def test_a_text_saved_while_a_build_takes_the_hash_of_its_inputs_is_in_the_report(
    office_copy, tmp_path, monkeypatch, saves
):
    for path in (office_copy.parent / "notebooks").glob("*.ipynb"):
        if not path.name.startswith("06_"):
            path.unlink()
    text = office_copy / "R5" / "commentary" / "6-1-overview.md"
    left = [f"{number} 回目に書いた。" for number in range(saves, 0, -1)]

    def saved_before(*inputs):
        if left:
            text.write_text(f"{left.pop()}\n", encoding="utf-8")
        return inputs_hash(*inputs)

    monkeypatch.setattr("nenpo.run.build.inputs_hash", saved_before)
    target = build(Office(office_copy), FiscalYear("R5"), tmp_path / "out", Wanted(formats=(HTML,)), Notes())
    assert not left and f"{saves} 回目に書いた。" in (target / HTML).read_text(encoding="utf-8")
    assert manifest_of(target)["inputs"] == inputs_of(Office(office_copy), FiscalYear("R5"))


def test_an_edit_in_a_chapter_reaches_file_and_report_and_two_edits_stop_the_build(office_copy, tmp_path, capsys):
    for path in (office_copy.parent / "notebooks").glob("*.ipynb"):
        if not path.name.startswith("06_"):
            path.unlink()
    command = ["build", "R5", "--data", str(office_copy), "--out", str(tmp_path / "out"), "--html"]
    assert main(command) == 0
    chapter = next((tmp_path / "out" / "R5" / "chapters").glob("*.ipynb"))
    text = office_copy / "R5" / "commentary" / "6-1-overview.md"
    report = tmp_path / "out" / "R5" / HTML

    def edit(sentence):
        notebook = nbformat.read(chapter, as_version=4)
        next(cell for cell in notebook.cells if "commentary" in cell.metadata.get("tags", ())).source = sentence
        nbformat.write(notebook, chapter)

    edit("ノートで書いた文。")
    assert main(command) == 0
    assert text.read_text(encoding="utf-8") == "ノートで書いた文。\n" and "ノートで書いた文。" in report.read_text(
        "utf-8"
    )
    before = report.read_bytes()
    edit("ノートで直した文。")
    text.write_text("ファイルで直した文。\n", encoding="utf-8")
    capsys.readouterr()
    assert main(command) == 1
    told = capsys.readouterr().err
    assert "「6-1-overview」" in told and str(text) in told and str(chapter) in told and report.read_bytes() == before
    assert main(command) == 1
    text.write_text("決めた文。\n", encoding="utf-8")
    assert main(command) == 0 and "決めた文。" in report.read_text("utf-8")


def test_several_texts_in_one_cell_each_have_a_cell_of_their_own(office_copy, tmp_path):
    from nenpo.run.chapters import execute_chapter

    path = next((office_copy.parent / "notebooks").glob("06_*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    source = 'display(report.commentary("6-1-overview"))\nprint("図")\ndisplay(report.commentary("2-1"))'
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, path)
    cells = execute_chapter(path, FiscalYear("R5"), office_copy)[0]["cells"][-3:]
    assert [cell["metadata"].get("nenpo", {}).get("commentary") for cell in cells] == ["6-1-overview", None, "2-1"]
    assert cells[1]["outputs"][0]["text"] == "図\n" and cells[1]["source"] == source


def test_a_killed_build_leaves_no_process_behind(tmp_path):
    command = [sys.executable, "-m", "nenpo.cli", "build", "R5", "--data", str(ROOT / "data"), "--out", str(tmp_path)]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    family = set()
    until = time.monotonic() + 60
    while len(family) < 5 and time.monotonic() < until:  # two workers, the warm process, two kernels
        family |= set(psutil.Process(running.pid).children(recursive=True))
        time.sleep(0.05)
    assert len(family) > 3
    running.kill()
    running.wait()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
