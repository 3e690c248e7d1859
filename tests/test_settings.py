"""What an office writes in TOML: whatever is wrong is told in words, all at once, and never as a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear
from nenpo.ledger.mapping import read_mapping
from nenpo.office import Office
from nenpo.present.organisation import parse_organisation
from nenpo.prose.sayings import read_sayings
from nenpo.review.published import reasons_of
from nenpo.tables_toml import read_dictionary

R5 = FiscalYear("R5")
COUNT = """
[[source]]
name = "相談"
file = "相談.csv"
date = "受付日"

[[count]]
source = "相談"
table = "2-3"
by = "経路"
"""
TABLE = """
[[table]]
id = "2-1"
title = "利用者数"
shape = "monthly"
since = "R6"
columns = [{ name = "利用者数" }]
"""


def with_tables(folder: Path) -> Office:
    shutil.copy(ROOT / "data" / "tables.toml", folder)
    return Office(folder)


READERS: dict[str, Callable[[Path], object]] = {
    "tables.toml": read_dictionary,
    "office.toml": lambda path: (Office(path.parent).profile, Office(path.parent).key_figures),
    "prose.toml": read_sayings,
    "ledger.toml": lambda path: read_mapping(path, Office(ROOT / "data").dictionary),
    "R5/errata.toml": lambda path: reasons_of(with_tables(path.parent.parent).of(R5)),
    "R5/organisation.toml": lambda path: parse_organisation(path.read_text(encoding="utf-8"), path),
}
WRONG = (
    ("tables.toml", TABLE.replace('"monthly"', "3"), "table「2-1」 の shape は、\" \" で囲んで書きます（いまは 3）"),
    ("tables.toml", TABLE.replace('since = "R6"', 'since = "平成"'), "table「2-1」 の since：「平成」"),
    ("tables.toml", TABLE.replace('title = "利用者数"\n', ""), "table「2-1」：title がありません"),
    ("tables.toml", TABLE.replace("{ name", "{ nam"), "1 番目の table「2-1」 の columns：「nam」という項目はありません"),
    ("tables.toml", TABLE.replace("columns", "column"), "）。「columns」のことですか"),
    ("tables.toml", TABLE.replace('shape = "monthly"', 'rows = "month"'), "rows の「month」は、months（月）"),
    ("tables.toml", TABLE.replace('shape = "monthly"', 'rows = "月"'), "rows の「月」は、months（月）"),
    ("tables.toml", TABLE.replace('shape = "monthly"', 'rows = ["甲", "合計"]\ntotal = "合計"'), "合計の行の名「合計」と同じ名前の行があります"),
    ("tables.toml", TABLE.replace('"2-1"', '"../2-1"'), "id は、2-1 や 2-1-2 のように"),
    ("tables.toml", TABLE.replace('"2-1"', '"２－１"'), "id は、2-1 や 2-1-2 のように"),
    ("tables.toml", TABLE.replace("[{", "{").replace("}]", "}"), "columns は、[ ] で囲んで並べて書きます"),
    ("tables.toml", TABLE + 'kept_years = "4"\n', "table「2-1」 の kept_years は、整数で書きます（いまは \"4\"）"),
    ("tables.toml", 'colours = ["#000000"]', "colours は、{ } で囲んだ「名前 = 値」で書きます"),
    ("tables.toml", "table = 3", "table は [[table]] と書いて並べてください"),
    ("tables.toml", TABLE + '[colours]\n"a" = "#000000"\n[colours]\n', "二度書かれています（10 行目"),
    ("tables.toml", TABLE.replace("since", 'title = "x"\nsince'), "二度書かれています（6 行目"),
    ("office.toml", 'city = "x"\ncity = "y"\n', "二度書かれています（2 行目"),
    ("tables.toml", "[[table]]\nid = ", "TOML として読めません（2 行目の 6 文字目）"),
    ("tables.toml", 'colours = { 本人 = "#000000" }', "言葉と日本語の名前は"),
    ("tables.toml", '[[table]]\nid = """2-1', "閉じていない記号があります"),
    ("office.toml", 'city = 3\ndivision = "課"', "city は、\" \" で囲んで書きます（いまは 3）"),
    ("office.toml", 'city = 3\ndivision = "課"', "report_title がありません"),
    ("prose.toml", '[[alias]]\nname = "件数"', "alias「件数」：fact がありません"),
    ("prose.toml", '[[extent]]\nword = "微増"\nmost = "多い"', "1 番目の extent の most は、数で書きます（いまは \"多い\"）"),
    ("prose.toml", '[[declared]]\nphrase = "３人"', "1 番目の declared：why がありません"),
    ("ledger.toml", COUNT + 'bands = { "本人" = [1] }', "bands「本人」 は、[ ] で囲んだ 2 つの値で書きます（いまは [1]）"),
    ("ledger.toml", COUNT + "split = 1", "1 番目の count の split は、true か false で書きます（いまは 1）"),
    ("ledger.toml", COUNT + "where = { \"性別\" = 3 }", "where「性別」 は、[ ] で囲んで並べて書きます（いまは 3）"),
    ("R5/errata.toml", '[[difference]]\ntable = "2-1"\nrow = 3\nwhy = ""', "1 番目の difference の row は、"),
    ("R5/errata.toml", "difference", "TOML として読めません"),
    ("R5/organisation.toml", '[[programme]]\nname = "相談"', "programme「相談」：description がありません"),
    ("R5/organisation.toml", '[[programme]]\nname = "相談"', "title がありません"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "written", "told"), WRONG)
def test_what_is_wrong_is_told_in_words(tmp_path: Path, name: str, written: str, told: str):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(written + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        READERS[name](path)
    assert told in str(error.value) and name in error.value.faults[0].where


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path):
    path = tmp_path / "tables.toml"
    path.write_text(TABLE.replace('"monthly"', "3").replace("{ name", "{ nam") + "note = 4\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_dictionary(path)
    assert len(error.value.faults) == 4, "the shape, the note, a column without its name and with another"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp932"])
def test_files_from_notepad_are_read_the_same(tmp_path: Path, encoding: str):
    shutil.copy(ROOT / "data" / "office.toml", tmp_path)
    expected = Office(tmp_path).profile
    path = tmp_path / "office.toml"
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    assert Office(tmp_path).profile == expected


def test_a_column_that_has_but_a_name_is_its_name(tmp_path: Path):
    path = tmp_path / "tables.toml"
    path.write_text(
        TABLE.replace('{ name = "利用者数" }', '"利用者数", { name = "延べ", unit = "回" }'), encoding="utf-8"
    )
    names = [(column.name, column.unit) for column in read_dictionary(path)["2-1"].columns]
    assert names == [("利用者数", ""), ("延べ", "回")]
