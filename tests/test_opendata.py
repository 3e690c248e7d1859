"""The data beside a report: each rule of the administrations' common notation, the standard of packages, the same numbers everywhere."""

from __future__ import annotations

import base64
import csv
import json
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from nenpo.cli import main
from nenpo.office import Office
from nenpo.opendata.package import BOOK, data_files, write_data
from nenpo.opendata.records import HIDDEN, NONE, SIGNS, TIDY, UNKNOWN, portable

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def folder(office, tmp_path_factory):
    made = tmp_path_factory.mktemp("data")
    year = office.year("R5")
    write_data(made, data_files(made, office.profile, office.dictionary, office.figures(year), [year]))
    return made


def lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def tables(folder):
    return [path for path in sorted(folder.glob("*.csv")) if path.name != "figures.csv"]


# 統一ルール


def test_every_table_is_a_csv_file_and_a_sheet(folder, office):
    kept = [table.id for table in office.dictionary.kept(office.year("R5"))]
    assert sorted(path.stem for path in tables(folder)) == sorted(kept)
    names = load_workbook(folder / BOOK).sheetnames
    assert [name.partition(" ")[0] for name in names] == kept


def test_files_are_utf_8_with_a_mark_for_excel(folder):
    for path in folder.glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf") and b"\r\n" in path.read_bytes()


def test_a_cell_holds_one_datum_and_no_line_break(folder):
    for path in tables(folder):
        head, *rows = lines(path)
        assert all(len(row) == len(head) for row in rows) and len(set(head)) == len(head)
        assert not any("\n" in cell or cell != cell.strip() for row in [head, *rows] for cell in row)


def test_numbers_are_numbers_without_separators_or_units(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        rows = lines(folder / resource["path"])[1:]
        for at, field in enumerate(resource["schema"]["fields"]):
            if field["type"] in ("integer", "number"):
                assert all(re.fullmatch(r"-?\d+(\.\d+)?", row[at]) or row[at] in ("", *SIGNS) for row in rows), field


def test_nothing_is_merged_hidden_or_a_formula(folder):
    for sheet in load_workbook(folder / BOOK):
        assert not sheet.merged_cells.ranges and not sheet._images and not sheet._charts
        values = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert not any(cell.data_type == "f" for cell in values)
        assert all(not row.hidden for row in sheet.row_dimensions.values())


def test_no_blank_rows_or_columns_stand_for_the_look(folder):
    for path in tables(folder):
        head, *rows = lines(path)
        assert all(any(row) for row in rows) and all(head)


def test_western_years_stand_beside_eras_and_months_are_iso(folder):
    head, *rows = lines(folder / "2-1.csv")
    assert head[:4] == ["期間", "年（西暦）", "年度", "年月"]
    assert rows[0][:4] == ["月", "2023", "令和５年度", "2023-04"] and rows[11][3] == "2024-03"
    assert [row[:3] for row in rows[12:]] == [["年度", "2023", "令和５年度"], ["年度", "2022", "令和４年度"], ["年度", "2021", "令和３年度"], ["年度", "2020", "令和２年度"]]  # fmt: skip
    for path in tables(folder):
        assert "年（西暦）" in lines(path)[0]


def test_names_are_whole_and_have_their_units(folder):
    head = lines(folder / "5-1.csv")[0]
    assert "申請 当初（件）" in head and "決定 再々延長（件）" in head
    assert "新規相談受付件数（件）" in lines(folder / "2-1.csv")[0]


def test_no_letters_that_only_some_machines_have(folder):
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig").replace("～", "").replace("－", "")
        text.replace("…", "").encode("shift_jis")
    assert "(1) 件数" in lines(folder / "8-1.csv")[0]


@given(st.text(max_size=30))
def test_words_are_made_portable_once(text):
    plain = portable(text)
    assert portable(plain).lstrip("'") == plain.lstrip("'") and "\n" not in plain
    assert not plain.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("①生活困窮", "(1)生活困窮"),
        ("㈱ 山", "(株) 山"),
        ("Ⅲ類", "III類"),
        ("上\n下", "上 下"),
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("10～19歳", "10～19歳"),
    ],
)
def test_words_of_other_machines(text, plain):
    assert portable(text) == plain


def test_signs_are_declared(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert all(sign in package["description"] for sign in (HIDDEN, NONE, UNKNOWN))


# The standard, and other readers


def test_the_package_is_valid(folder):
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, [error.message for task in report.tasks for error in task.errors]


def test_figures_stand_one_in_a_row(folder, office):
    head, *rows = lines(folder / "figures.csv")
    assert tuple(head) == TIDY
    found = {tuple(row[:5]): row[5:] for row in rows}
    assert len(found) == len(rows)
    assert found["2023", "2-1", "", "新規相談受付件数", ""] == ["238", "件", ""]
    assert found["2023", "2-1", "2024-01", "延べ対応件数", ""] == ["333", "件", ""]
    assert found["2023", "3-1-2", "男性", "20代", ""] == ["8", "人", ""]


def test_readers_agree(folder, tmp_path):
    own = [row[5] for row in lines(folder / "figures.csv")[1:]]
    by_pandas = pandas.read_csv(folder / "figures.csv")["value"]
    assert [None if pandas.isna(value) else int(value) for value in by_pandas] == [
        int(value) if value else None for value in own
    ]
    query = f"SELECT sum(value) FROM read_csv('{folder / 'figures.csv'}')"
    assert duckdb.sql(query).fetchall()[0][0] == sum(int(value) for value in own if value)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1", "--outdir", str(tmp_path), str(folder / BOOK)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    converted = [row for path in tmp_path.glob("*.csv") for row in csv.reader(path.open(encoding="utf-8", newline=""))]
    assert converted == lines(folder / "2-1.csv")


def test_the_same_figures_give_the_same_bytes_and_stay(folder, office):
    year = office.year("R5")
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    (folder / "9-9.csv").write_bytes(b"old")
    write_data(
        folder, data_files(folder, office.profile, office.dictionary, Office(office.folder).figures(year), [year])
    )
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before
    (folder / BOOK).unlink()
    write_data(folder, data_files(folder, office.profile, office.dictionary, office.figures(year), [year]))
    assert (folder / BOOK).read_bytes() == before[BOOK][0]


def test_a_workbook_that_was_saved_by_excel_goes_no_further(tmp_path, executed):
    """The page carries the workbook as it is made, not as somebody has left it in the folder."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    told = ["build", "R5", "--data", str(tmp_path / "data"), "--out", str(executed(tmp_path / "out")), "--html"]
    assert main(told) == 0
    book = tmp_path / "out" / "R5" / "data" / BOOK
    made = book.read_bytes()
    book.write_bytes(b"saved by Excel")
    text = tmp_path / "data" / "R5" / "commentary" / "2-4.md"
    text.write_text(text.read_text(encoding="utf-8") + "\n一文を足す。\n", encoding="utf-8")
    assert main(told) == 0
    page = (tmp_path / "out" / "R5" / "report.html").read_text(encoding="utf-8")
    assert book.read_bytes() == made and base64.b64encode(made).decode() in page


def test_a_build_writes_the_data(r5, folder):
    assert {path.name: path.read_bytes() for path in (r5 / "data").iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_years_as_one_series(tmp_path, capsys):
    assert main(["data", "R5", "R2", "--data", str(ROOT / "data"), "--out", str(tmp_path)]) == 0
    assert "令和２年度・令和５年度" in capsys.readouterr().out
    years = {row[0] for row in lines(tmp_path / "data" / "figures.csv")[1:]}
    assert years == {"2020", "2023"}
    assert main(["data", "R9", "--data", str(ROOT / "data"), "--out", str(tmp_path)]) == 2


def test_tables_of_every_kind(tmp_path):
    office = Office(ROOT / "docs" / "examples" / "ambulance" / "data")
    year = office.year("R5")
    write_data(tmp_path, data_files(tmp_path, office.profile, office.dictionary, office.figures(year), [year]))
    head, first, *_ = lines(tmp_path / "2-1.csv")
    assert head[:2] == ["年（西暦）", "年"] and head[2:] == [
        "事故種別",
        "本年 搬送人員（人）",
        "本年 構成比（％）",
        "前年の搬送人員（人）",
        "前年の構成比（％）",
        "前年との比較 増減数（人）",
        "前年との比較 増減率（％）",
    ]
    assert first == ["2023", "令和５年", "急病", "4497224", "67.7", "4186450", "67.3", "310774", "7.4"]
    series = lines(tmp_path / "3-2.csv")[1:]
    assert [row[:4] for row in series][-1] == ["年", "2017", "平成２９年", ""] and series[0][4] == UNKNOWN
    assert Decimal(lines(tmp_path / "3-1.csv")[1][5]) == Decimal("10.1")
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid
