"""The cache: each input is changed in turn; exactly the chapters that read it run again, and nothing else makes any run."""

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from openpyxl import Workbook, load_workbook

from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.reads import rows_digest
from nenpo.records import Row
from nenpo.run import build as building
from nenpo.run.build import SUMMARY, Wanted, build
from nenpo.run.cache import ChapterCache
from nenpo.run.chapters import code_of
from nenpo.store import Store
from nenpo.workbook.parsed import parsed_in

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")
ALL = {SUMMARY, *(path.name for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))}


def chapter(number):
    return next(name for name in ALL if name.startswith(f"{number:02}_"))


@pytest.fixture(scope="module")
def executed(r5, tmp_path_factory):
    """The cache of a finished build."""
    return r5.parent / building.CACHE


@pytest.fixture
def place(executed, tmp_path):
    """An office's folders to change, with the cache of a build of them."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(executed, tmp_path / "out" / building.CACHE)
    return tmp_path


def missed(place):
    """The chapters that would run now."""
    cache = ChapterCache(place / "out" / building.CACHE / "R5", Office(place / "data"))
    paths = {path.name: path for path in (place / "notebooks").glob("[0-9]*.ipynb")}
    return {name for name in ALL if cache.find(name, code_of(paths[name]) if name in paths else "").content is None}


def change_cell(place, year, sheet, cell, value):
    path = place / "data" / year / "statistics.xlsx"
    book = load_workbook(path)
    assert book[sheet][cell].value != value
    book[sheet][cell] = value
    book.save(path)


def sheet(start, year="R5"):
    book = load_workbook(ROOT / "data" / year / "statistics.xlsx", read_only=True)
    return next(name for name in book.sheetnames if name.split()[0] == start)


def test_nothing_changed_is_a_hit_everywhere(place):
    assert missed(place) == set()


def test_one_cell_of_excel_runs_the_chapters_that_read_its_table(place):
    change_cell(place, "R5", sheet("2-3"), "B5", 999)
    assert missed(place) == {chapter(2)}


def test_a_table_of_an_earlier_year_runs_the_chapters_that_compare_with_it(place):
    book = load_workbook(place / "data" / "R4" / "statistics.xlsx")
    name = sheet("2-4", "R4")
    cell = next(c for row in book[name].iter_rows() for c in row if isinstance(c.value, int) and c.value > 3)
    change_cell(place, "R4", name, cell.coordinate, cell.value + 1)
    assert missed(place) == {chapter(2)}


def test_a_table_that_the_summary_shows_runs_the_summary_too(place):
    change_cell(place, "R5", sheet("2-2"), "B5", 999)
    assert {SUMMARY, chapter(2)} <= missed(place) < ALL


@pytest.mark.parametrize(
    "name, runs",
    [
        ("tables.toml", ALL),
        ("office.toml", {SUMMARY}),
        ("R5/organisation.toml", {chapter(1)}),
        ("R5/cases/2-7-1.md", {chapter(2)}),
        ("R5/cases/3-2-1.md", {chapter(3)}),
        ("R5/commentary/2-1.md", set()),
        ("R5/published.csv", set()),
        ("R5/errata.toml", set()),
    ],
)
def test_each_file_runs_the_chapters_that_read_it(place, name, runs):
    path = place / "data" / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert missed(place) == runs


def test_a_new_case_runs_its_chapter_and_a_new_year_of_no_use_none(place):
    shutil.copy(place / "data" / "R5" / "cases" / "2-7-1.md", place / "data" / "R5" / "cases" / "2-7-3.md")
    shutil.copytree(place / "data" / "R5", place / "data" / "R6")
    assert missed(place) == {chapter(2)}


def test_a_cell_of_a_notebook_or_its_tag_runs_that_chapter_and_outputs_and_notes_none(place):
    path = place / "notebooks" / chapter(6)
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["title"] = "覚え書き"
    notebook.cells[-1].metadata["collapsed"] = True
    nbformat.write(notebook, path)
    assert missed(place) == set()
    notebook.cells[0].metadata["tags"] = ["remove_cell"]
    nbformat.write(notebook, path)
    assert missed(place) == {chapter(6)}
    notebook.cells[-1].source += "\n"
    notebook.cells.append(nbformat.v4.new_code_cell("1 + 1"))
    nbformat.write(notebook, path)
    assert missed(place) == {chapter(6)}


def test_times_and_moves_are_no_change(place):
    for path in (place / "data").rglob("*"):
        os.utime(path, (1, 1))
    (place / "data" / "R5" / "statistics.xlsx").write_bytes((ROOT / "data/R5/statistics.xlsx").read_bytes())
    shutil.move(place / "data", place / "moved")
    shutil.copytree(place / "moved", place / "data")
    assert missed(place) == set()


def test_the_library_and_the_packages_run_what_was_made_with_them(place, monkeypatch):
    from nenpo.run import cache

    monkeypatch.setattr(cache, "environment", lambda: "another pandas")
    assert missed(place) == ALL
    monkeypatch.undo()
    was = cache.file_digest
    monkeypatch.setattr(cache, "file_digest", lambda path: "x" if path.name == "organisation.py" else was(path))
    assert missed(place) == ALL  # Report imports it
    monkeypatch.setattr(
        cache, "file_digest", lambda path: "x" if path.parts[-2:] == ("publish", "pdf.py") else was(path)
    )
    assert missed(place) == set()


def test_a_change_and_its_taking_back_are_both_known(place):
    path = place / "data" / "R5" / "organisation.toml"
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    assert missed(place) == {chapter(1)}
    path.write_bytes(content)
    assert missed(place) == set()


def test_a_damaged_entry_is_noticed(place):
    for path in (place / "out" / building.CACHE / "R5").glob(f"{chapter(3)}.*.json"):
        path.write_bytes(path.read_bytes().replace("就労".encode(), "終了".encode(), 1))
    assert missed(place) == {chapter(3)}
    parsed = list((place / "out" / building.CACHE / "workbooks").glob("R5.*.json"))
    for path in parsed:
        path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))
    with parsed_in(place / "out" / building.CACHE / "workbooks"):
        assert parsed and missed(place) == {chapter(3)}


@pytest.mark.parametrize("code", ["R2", "R5"])
def test_a_parsed_workbook_is_the_workbook(tmp_path, code):
    year = FiscalYear(code)
    typed = Office(ROOT / "data").records(year)
    with parsed_in(tmp_path):
        first, second = Office(ROOT / "data").records(year), Office(ROOT / "data").records(year)
    assert typed == first == second and len(list(tmp_path.glob(f"{code}.*.json"))) == 1


def test_a_workbook_is_read_anew_where_the_office_counts_by_other_years(tmp_path):
    data = tmp_path / "data"
    (data / "R5").mkdir(parents=True)
    (data / "office.toml").write_text(
        'city = "市"\ndivision = "課"\nnickname = ""\nreport_title = "年報"\n', encoding="utf-8"
    )
    toml = '[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R5"\nrows = "years"\ncolumns = [{ name = "件数" }]\n'
    (data / "tables.toml").write_text(toml, encoding="utf-8")
    book = Workbook()
    book.active.title = "2-1 表"
    for line in (["年", "件数"], ["R5", 7]):
        book.active.append(line)
    book.save(data / "R5" / "statistics.xlsx")

    def labels():
        office = Office(data)
        with parsed_in(tmp_path / "parsed"):
            return [row.label for row in office.records(office.year("R5")).tables["2-1"]]

    assert labels() == ["R5年度"]
    with (data / "office.toml").open("a", encoding="utf-8") as profile:
        profile.write('year = "calendar"\n')
    assert labels() == ["R5年"]


def test_a_file_that_a_notebook_opens_by_itself_is_an_input(place):
    for path in (place / "notebooks").glob("*.ipynb"):
        if path.name != chapter(6):
            path.unlink()
    path = place / "notebooks" / chapter(6)
    notebook = nbformat.read(path, as_version=4)
    (place / "own.csv").write_text("a\n1\n", encoding="utf-8")
    (place / "data" / "R5" / "own.csv").write_text("b\n2\n", encoding="utf-8")
    source = 'import pandas\npandas.read_csv("../own.csv").join(pandas.read_csv("../data/R5/own.csv"))'
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, path)
    build(Office(place / "data"), R5, place / "out", Wanted(formats=("report.html",)), lambda *told: None)

    def runs():
        cache = ChapterCache(place / "out" / building.CACHE / "R5", Office(place / "data"))
        return cache.find(chapter(6), code_of(path))

    assert runs().content is not None
    (place / "own.csv").write_text("a\n34567\n", encoding="utf-8")
    assert runs().content is None and "own.csv" in runs().why
    build(Office(place / "data"), R5, place / "out", Wanted(formats=("report.html",)), lambda *told: None)
    assert "34,567" in (place / "out" / "R5" / "report.html").read_text(encoding="utf-8")
    (place / "own.csv").write_text("a\n1\n", encoding="utf-8")
    (place / "data" / "R5" / "own.csv").unlink()
    assert runs().content is None and "R5/own.csv" in runs().why


def test_the_reason_is_told_in_words(place, capsys):
    change_cell(place, "R5", sheet("2-3"), "B5", 999)
    cache = ChapterCache(place / "out" / building.CACHE / "R5", Office(place / "data"))
    source = code_of(place / "notebooks" / chapter(2))
    assert cache.find(chapter(2), source).why == "R5 の表 2-3"
    assert "章のノートブック" in cache.find(chapter(2), source + " ").why
    assert cache.find("99.ipynb", "").why == "まだ実行していません"


def test_a_store_holds_a_few_versions_and_gives_back_what_was_put(tmp_path):
    store = Store(tmp_path)
    for number in range(6):
        store.put("01_[章].ipynb", f"k{number}", {"n": number}, limit=3)
        os.utime(tmp_path / f"01_[章].ipynb.k{number}.json", ns=(number, number))
    assert list(store.keys("01_[章].ipynb")) == ["k5", "k4", "k3"]
    assert store.get("01_[章].ipynb", "k5") == {"n": 5} and store.get("01_[章].ipynb", "k0") is None
    assert Store(None).get("x", "k") is None and list(Store(None).keys("x")) == []


def test_where_rows_stand_in_the_sheet_is_no_content():
    one, other = (Row("R5.4", {"a": 1}, cells={"a": cell}) for cell in ("B5", "B6"))
    assert rows_digest([one]) == rows_digest([other]) != rows_digest([Row("R5.4", {"a": 2})])


def test_entries_hold_no_text_of_the_commentary(executed):
    """Commentary is put in after execution; the cache need not hold it, and does not depend on it."""
    entries = [json.loads(path.read_text("utf-8").partition("\n")[2]) for path in (executed / "R5").glob("0*.json")]
    assert len(entries) == 8
    assert not any("commentary/" in key for entry in entries for key in entry["reads"])
