"""Ledgers of cases: the synthetic ledger's counts equal the tables of R5, and no record of it goes anywhere."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from synthetic_ledger import PLANTED, write_ledger

from nenpo.cli import main
from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear
from nenpo.ledger.counting import Counted, Uncounted, count_ledger
from nenpo.ledger.mapping import read_mapping
from nenpo.office import Office
from nenpo.prepare.counted import in_words
from nenpo.records import NOT_APPLICABLE

ROOT = Path(__file__).parent.parent
MAPPING = Path(__file__).parent / "ledger" / "ledger.toml"
R5 = FiscalYear("R5")
# What no ledger of cases can tell: a register's state, lists, words, and figures of which no record is kept.
BEYOND = {"3-1-3", "3-1-4", "4-1-2", "8-3", "8-4", "8-5", "8-6", "8-7"}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "ledger"
    write_ledger(folder, Office(ROOT / "data").records(R5))
    return folder


@pytest.fixture
def office(tmp_path: Path, ledger: Path) -> Office:
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    shutil.copytree(ledger, tmp_path / "data" / "R5" / "ledger")
    shutil.copy(MAPPING, tmp_path / "data" / "ledger.toml")
    return Office(tmp_path / "data")


def counted(folder: Path, mapping: Path = MAPPING) -> Counted:
    dictionary = Office(ROOT / "data").dictionary
    return count_ledger(folder, read_mapping(mapping, dictionary), dictionary, R5)


def test_the_counts_are_those_of_every_table_that_a_ledger_can_tell(ledger: Path):
    records = Office(ROOT / "data").records(R5)
    told = counted(ledger)
    missing = []
    for table_id, rows in records.tables.items():
        if table_id in BEYOND:
            continue
        for row in rows:
            for column, value in row.values.items():
                key = (table_id, row.label, row.measure, column)
                if isinstance(value, int) and key not in told.figures:
                    missing.append(key)
                elif value is NOT_APPLICABLE:
                    assert told.figures.get(key, 0) == 0, key
                elif isinstance(value, int):
                    assert told.figures[key] == value, key
    assert {(table_id, column) for table_id, _, _, column in missing} == {
        ("7-1", "登録者数"),  # a register's state
        ("2-4", "不明"),  # every record has an age
    }
    assert len(told.figures) > 1400


def test_records_that_cannot_be_counted_are_listed_with_their_place_and_why(ledger: Path, tmp_path: Path):
    folder = shutil.copytree(ledger, tmp_path / "ledger")
    before = counted(folder)
    path = folder / "準備.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[3][1], rows[5][0], rows[7][0], rows[9][1] = "", "きのう", "2031-01-01", PLANTED
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    after = counted(folder)
    told = {(one.record, one.column, one.why) for one in set(after.uncounted) - set(before.uncounted)}
    assert told == {
        (3, "支援", "空欄です"),
        (5, "日付", "日付として読めません"),
        (7, "日付", "年度の外の日付です"),
        (9, "支援", "対応表にない言葉です"),
    }
    lost = sum(before.figures[key] - after.figures[key] for key in before.figures if key[0] == "4-1")
    assert lost == 4


def test_a_line_with_other_columns_than_the_headings_is_listed(ledger: Path, tmp_path: Path):
    folder = shutil.copytree(ledger, tmp_path / "ledger")
    with (folder / "準備.csv").open("a", encoding="utf-8") as file:
        file.write(f"2023-04-05,{PLANTED}\n")
    before, after = counted(ledger), counted(folder)
    (fault,) = set(after.uncounted) - set(before.uncounted)
    assert (fault.record, fault.why) == (before.records["準備.csv"] + 1, "列の数が見出しと合いません")
    assert after.figures == before.figures


def test_counting_fills_the_workbook_and_the_tables_pass_the_same_checks(
    office: Office, capsys: pytest.CaptureFixture[str]
):
    data, out = str(office.folder), str(office.folder.parent / "out")
    expected = office.records(R5)
    assert main(["count", "R5", "--data", data]) == 0
    assert "入力されていた数値と違います" not in capsys.readouterr().out
    records = Office(office.folder).records(R5)
    for table_id, rows in expected.tables.items():
        values = [(row.label, row.measure, row.values) for row in rows]
        if office.dictionary[table_id].shape == "events":
            values = [(row.values["日付"], "", row.values) for row in rows]
            found = [(row.values["日付"], "", row.values) for row in records.tables[table_id]]
        else:
            found = [(row.label, row.measure, row.values) for row in records.tables[table_id]]
        assert found == values, table_id
    assert main(["check", "R5", "--data", data, "--out", out]) == 0


def test_another_number_that_was_typed_is_told_and_the_workbook_before_is_kept(
    office: Office, capsys: pytest.CaptureFixture[str]
):
    from openpyxl import load_workbook

    path = office.workbook(R5)
    book = load_workbook(path)
    sheet = book["2-2 支援方法"]
    sheet["B5"] = typed = sheet["B5"].value + 1
    book.save(path)
    before = path.read_bytes()
    assert main(["count", "R5", "--data", str(office.folder)]) == 0
    assert f"2-2 R5.4 電話・メール：{typed} → {typed - 1}" in capsys.readouterr().out
    (kept,) = (office.folder / "R5" / "控え").glob("statistics.*.xlsx")
    assert kept.read_bytes() == before


@pytest.mark.parametrize("lock", ["~$statistics.xlsx", ".~lock.statistics.xlsx#"])
def test_a_workbook_that_is_open_is_not_written(office: Office, lock: str, capsys: pytest.CaptureFixture[str]):
    path = office.workbook(R5)
    before = path.read_bytes()
    (path.parent / lock).write_bytes(b"")
    assert main(["count", "R5", "--data", str(office.folder)]) == 2
    assert "Excel で開かれているため書き込めません" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_workbook_with_a_chart_of_the_offices_own_is_left_alone(office: Office):
    from openpyxl import load_workbook
    from openpyxl.chart import BarChart, Reference

    path = office.workbook(R5)
    book = load_workbook(path)
    sheet = book["2-2 支援方法"]
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=4, max_row=16))
    sheet.add_chart(chart, "K4")
    book.save(path)
    before = path.read_bytes()
    assert main(["count", "R5", "--data", str(office.folder)]) == 0
    assert path.read_bytes() == before
    assert (path.parent / "statistics（台帳から）.xlsx").is_file()


def test_no_record_reaches_outputs_caches_checks_or_messages(office: Office, capfd: pytest.CaptureFixture[str]):
    path = office.folder / "R5" / "ledger" / "準備.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"2023-04-05,{PLANTED},{PLANTED},\n{PLANTED},{PLANTED}\n{PLANTED},相談対応,x,x\n")
    with (office.folder / "R5" / "ledger" / "住居.csv").open("a", encoding="utf-8") as file:
        file.write(f'"{PLANTED},{PLANTED}')  # a quote that is never closed
    data, out = str(office.folder), str(office.folder.parent / "out")
    main(["count", "R5", "--data", data])
    main(["check", "R5", "--data", data, "--out", out])
    assert main(["build", "R5", "--data", data, "--out", out, "--html", "--review"]) == 0
    told = capfd.readouterr()
    assert PLANTED not in told.out + told.err
    written = [path for path in office.folder.parent.rglob("*") if path.is_file() and not _is_ledger(path)]
    assert len(written) > 50
    needle = PLANTED.encode()
    assert [path for path in written if needle in path.read_bytes()] == []
    listed = (office.folder / "R5" / "ledger" / "数えられなかった記録.csv").read_bytes()
    assert needle not in listed


def _is_ledger(path: Path) -> bool:
    return path.parent.name == "ledger" and path.name != "数えられなかった記録.csv"


def test_a_ledger_is_no_part_of_what_is_sent_to_other_machines(office: Office):
    from nenpo.run.inputs import is_input

    assert not any(is_input(path) for path in (office.folder / "R5" / "ledger").iterdir())


def test_a_missing_file_and_a_missing_column_are_told(ledger: Path, tmp_path: Path):
    folder = shutil.copytree(ledger, tmp_path / "ledger")
    (folder / "支援.csv").unlink()
    with pytest.raises(InputError, match=r"支援\.csv.*ファイルがありません"):
        counted(folder)
    shutil.copy(ledger / "支援.csv", folder)
    text = (folder / "プラン.csv").read_text(encoding="utf-8-sig").replace("種別", "種類", 1)
    (folder / "プラン.csv").write_text(text, encoding="utf-8-sig")
    with pytest.raises(InputError, match="列「種別」がありません"):
        counted(folder)
    text = text.replace("種類", "種別", 1).replace("備考", "種別", 1)
    (folder / "プラン.csv").write_text(text, encoding="utf-8-sig")
    with pytest.raises(InputError, match="列「種別」が二つ以上あります"):
        counted(folder)


def test_what_could_not_be_counted_is_summed_up_by_file_column_and_reason():
    lost = (
        Uncounted("a.csv", 3, "日付", "読めません"),
        Uncounted("a.csv", 4, "日付", "読めません"),
        Uncounted("a.csv", 5, "", "列の数が違います"),
    )
    assert in_words(lost) == ["a.csv「日付」が読めません：2 件", "a.csv：列の数が違います：1 件"]


def test_a_ledger_without_headings_is_told_without_its_first_record(ledger: Path, tmp_path: Path):
    folder = shutil.copytree(ledger, tmp_path / "ledger")
    lines = (folder / "準備.csv").read_text(encoding="utf-8-sig").split("\n", 1)
    (folder / "準備.csv").write_text(lines[1], encoding="utf-8")
    with pytest.raises(InputError, match="列「日付、支援」がありません") as told:
        counted(folder)
    assert PLANTED in lines[1] and PLANTED not in str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('column = "新規相談受付件数"', 'column = "新規"', "列「新規」は表 2-1 の入力する列ではありません"),
        ('table = "2-2"', 'table = "2-9"', "表「2-9」がありません"),
        ('take = "open"', 'take = "opened"', "take「opened」"),
        ('source = "プラン"', 'source = "計画"', "source「計画」がありません"),
        ('file = "支援.csv"', 'file = "../支援.csv"', "ファイルの名だけ"),
        ('column = "相談終結"', 'column = "うち男性"', "ほかの count でも数えています"),
        ('by = "方法"', 'bye = "方法"', "7 番目の count：「bye」という項目はありません（書けるのは source、table、"),
    ],
)
def test_a_mapping_at_fault_is_told(tmp_path: Path, old: str, new: str, told: str):
    source = MAPPING.read_text(encoding="utf-8")
    assert old in source
    path = tmp_path / "ledger.toml"
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_mapping(path, Office(ROOT / "data").dictionary)


def test_words_of_the_ledger_never_become_sql(ledger: Path, tmp_path: Path):
    folder = shutil.copytree(ledger, tmp_path / "ledger")
    evil = "相談対応'); DROP TABLE s5; --"
    head = (folder / "準備.csv").read_text(encoding="utf-8-sig").split("\n", 1)
    (folder / "準備.csv").write_text(f"{head[0]}\n2023-04-05,{evil},x,x\n{head[1]}", encoding="utf-8-sig")
    after, before = counted(folder), counted(ledger)
    assert after.figures == before.figures
    assert any((one.record, one.why) == (1, "対応表にない言葉です") for one in after.uncounted)


def test_the_guide_to_the_mapping_counts_what_it_says(tmp_path: Path):
    page = (ROOT / "docs" / "ledger.ja.md").read_text(encoding="utf-8")
    head, _, *records = [
        line.strip("| ").split("|") for line in page.split("## 対応表")[0].split("\n") if line[:1] == "|"
    ]
    with (tmp_path / "相談.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([cell.strip() for cell in (*row, "")[: len(head)]] for row in (head, *records))
    (tmp_path / "ledger.toml").write_text(page.split("```toml")[1].split("```")[0], encoding="utf-8")
    dictionary = Office(ROOT / "data").dictionary
    told = count_ledger(tmp_path, read_mapping(tmp_path / "ledger.toml", dictionary), dictionary, FiscalYear("R6"))
    assert not told.uncounted
    counted_ = {(table, month, column): value for (table, month, _, column), value in told.figures.items() if value}
    assert counted_ == {
        ("2-1", "R6.4", "新規相談受付件数"): 2, ("2-1", "R6.5", "新規相談受付件数"): 1, ("2-1", "R6.6", "新規相談受付件数"): 1,
        ("2-1", "R6.6", "相談終結"): 1,
        ("2-1", "R6.4", "月末件数"): 2, ("2-1", "R6.5", "月末件数"): 3, ("2-1", "R6.6", "月末件数"): 3,
        ("2-3", "R6.4", "本人"): 1, ("2-3", "R6.4", "うち市の他部署"): 1, ("2-3", "R6.5", "本人"): 1,
        ("2-3", "R6.6", "うち市の他部署"): 1, ("2-4", "R6.6", "30代"): 1, ("2-5", "R6.6", "住まい"): 1,
        ("2-4", "R6.4", "30代"): 1, ("2-4", "R6.4", "70代以上"): 1, ("2-4", "R6.5", "50代"): 1,
        ("2-5", "R6.4", "収入・生活費"): 1, ("2-5", "R6.4", "住まい"): 1, ("2-5", "R6.4", "病気・障害"): 1, ("2-5", "R6.5", "病気・障害"): 1,
    }  # fmt: skip
