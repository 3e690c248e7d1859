"""The office's workbook: what is understood, what is refused, and that nothing is cut off silently."""

import datetime
import shutil
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear
from nenpo.prepare.form import form
from nenpo.records import NOT_APPLICABLE, Row, YearRecords
from nenpo.tables_toml import read_dictionary
from nenpo.workbook.reading import read_workbook
from nenpo.workbook.writing import packed, workbook

DATA = Path(__file__).parent.parent / "data"
R5 = FiscalYear("R5")


@pytest.fixture(scope="session")
def dictionary():
    return read_dictionary(DATA / "tables.toml")


@pytest.fixture
def book(tmp_path):
    """A copy of R5's workbook to spoil."""
    return Path(shutil.copy(DATA / "R5" / "statistics.xlsx", tmp_path / "statistics.xlsx"))


@pytest.fixture
def read(book, dictionary):
    """Change cells of the copy, then read it."""

    def change_and_read(change=lambda workbook: None):
        workbook = load_workbook(book)
        change(workbook)
        workbook.save(book)
        return read_workbook(book, dictionary, R5)

    return change_and_read


def _typed(cell, value):
    return lambda workbook: workbook["2-2 支援方法"].__setitem__(cell, value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("１６１", 161), ("1,161", 1161), ("１，１６１", 1161), (" 161 ", 161), ("161\u3000", 161), ("\u00a0161", 161),
     ("161\u200b", 161), (161.0, 161), ("161.0", 161), (0, 0), ("0", 0), ("－", NOT_APPLICABLE), ("-", NOT_APPLICABLE),
     ("ー", NOT_APPLICABLE), ("―", NOT_APPLICABLE), ("＝161".replace("＝", ""), 161)],
)  # fmt: skip
def test_numbers_are_read_however_they_are_typed(read, typed, meant):
    assert read(_typed("B5", typed)).tables["2-2"][0].values["電話・メール"] == meant


@pytest.mark.parametrize(
    ("typed", "finding"),
    [("約160", "数値として読めません"), ("百", "数値として読めません"), ("12-3", "数値として読めません"),
     ("1,23", "数値として読めません"), (-5, "負の数"), ("▲5", "負の数"), (1.5, "小数"), ("１．５", "小数"),
     ("#REF!", "エラー値 #REF!"), (True, "数値ではありません"), (datetime.datetime(2023, 4, 1), "日付"),
     ("=1+1", "計算結果が保存されていません"), (None, "空欄です")],
)  # fmt: skip
def test_what_is_no_count_is_refused_with_sheet_cell_and_remedy(read, typed, finding):
    with pytest.raises(InputError, match=finding) as refusal:
        read(_typed("C7", typed))
    (fault,) = refusal.value.faults
    assert "2-2 支援方法" in fault.where and "セル C7" in fault.where and fault.remedy
    assert refusal.value.exit_code == 2


def test_a_number_format_that_shows_another_number_is_refused(read):
    def change(workbook):
        workbook["2-2 支援方法"]["B5"].number_format = "0,"

    with pytest.raises(InputError, match="表示形式"):
        read(change)
    for harmless in ("0", "#,##0", '#,##0"件"', "#,##0_);[Red](#,##0)", "General"):
        workbook_format = harmless
        assert read(lambda w, f=workbook_format: setattr(w["2-2 支援方法"]["B5"], "number_format", f))


def test_all_faults_of_a_file_come_at_once(read):
    def change(workbook):
        workbook["2-1 相談件数等"]["B6"] = "たくさん"
        workbook["2-3 相談経路"]["B5"] = -1
        workbook["8-3 講師派遣等"]["A5"] = datetime.datetime(2022, 5, 30)
        workbook["2-4 相談者の年代"].title = "年代"
        workbook["単独の数値"]["C5"] = 0.5

    with pytest.raises(InputError) as refusal:
        read(change)
    assert len(refusal.value.faults) == 5
    assert all("statistics.xlsx" in fault.where for fault in refusal.value.faults)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda w: w.remove(w["2-2 支援方法"]), "シート「2-2 支援方法」がありません"),
        (lambda w: w.remove(w["単独の数値"]), "シート「単独の数値」がありません"),
        (lambda w: w["2-2 支援方法"].__setitem__("B4", "でんわ"), "列「電話・メール」がありません"),
        (lambda w: w["2-2 支援方法"].__setitem__("A6", "R5.4"), "二度出てきます"),
        (lambda w: w["2-2 支援方法"].__setitem__("A6", datetime.datetime(2023, 5, 1)), "月が日付"),
        (lambda w: w["2-2 支援方法"].__setitem__("A6", "R6.5"), "月や年度として読めません"),
        (lambda w: w["2-2 支援方法"].__setitem__("A6", None), "見出しのない行"),
        (lambda w: w["2-2 支援方法"].delete_rows(6), "「R5.5」の行がありません"),
        (lambda w: w["2-2 支援方法"].delete_rows(4), "見出し「電話・メール」"),
        (lambda w: w["8-2 食料等支給の実績"].__setitem__("B5", "上"), "区分「上」"),
        (lambda w: w["2-5-2 相談者の年代と相談内容のクロス統計"].__setitem__("A5", "困窮"), "「困窮」という行"),
        (lambda w: w["単独の数値"].__setitem__("B5", "電話"), "項目はありません"),
    ],
)
def test_a_changed_layout_is_refused(read, change, finding):
    with pytest.raises(InputError, match=finding):
        read(change)


def test_a_blank_is_not_zero_and_a_month_may_be_blank_as_a_whole(read):
    def change(workbook):
        for column in "BCDEFG":
            workbook["2-2 支援方法"][f"{column}16"] = None

    march = read(change).tables["2-2"][11]
    assert march.label == "R6.3" and set(march.values.values()) == {None}


def test_a_month_of_zeros_has_come_however_often_it_is_written(tmp_path):
    """Where an empty cell means 0, too: what was typed is read again, and no month of zeros is one that is still to come."""
    tables = '[[table]]\nid = "1-1"\ntitle = "相談"\nshape = "monthly"\nunit = "件"\nsince = "R5"\nmonths_since = "R5"\nblank = 0\ncolumns = [{ name = "甲" }, { name = "乙" }]\n'
    (tmp_path / "tables.toml").write_text(tables, encoding="utf-8")
    dictionary, path = read_dictionary(tmp_path / "tables.toml"), tmp_path / "statistics.xlsx"
    typed = [(3, 0), (0, 0), (0, 2), *[(1, 0)] * 8, (0, 0)]
    rows = tuple(Row(month.label, {"甲": a, "乙": b}) for month, (a, b) in zip(R5.months, typed, strict=True))
    for _ in range(2):
        path.write_bytes(packed(workbook(dictionary, YearRecords(R5, {"1-1": rows}))))
        rows = read_workbook(path, dictionary, R5).tables["1-1"]
        assert [tuple(row.values.values()) for row in rows] == typed


def test_hidden_rows_gaps_and_moved_columns_are_read(read):
    def change(workbook):
        sheet = workbook["2-2 支援方法"]
        sheet.row_dimensions[7].hidden = True
        sheet.insert_rows(9, 3)
        sheet["B4"], sheet["C4"] = sheet["C4"].value, sheet["B4"].value
        sheet["A5"] = "４月"

    rows = read(change).tables["2-2"]
    assert [row.label for row in rows] == [month.label for month in R5.months]
    assert (rows[0].values["電話・メール"], rows[0].values["訪問・同行支援"]) == (17, 161)
    assert rows[2].values["面談"] == 63 and rows[11].values["電話・メール"] == 39


def test_a_formatted_cell_in_the_last_row_costs_no_time(read, book, dictionary):
    started = time.perf_counter()
    read_workbook(book, dictionary, R5)
    plain = time.perf_counter() - started
    read(lambda w: setattr(w["2-2 支援方法"].cell(1048576, 1), "number_format", "@"))
    started = time.perf_counter()
    read_workbook(book, dictionary, R5)
    assert time.perf_counter() - started < 5 * plain


@pytest.mark.parametrize("kept_as", ["inline text", "shared string"])
def test_furigana_is_no_part_of_a_label(book, dictionary, kept_as):
    """Excel keeps the reading of a typed label in <rPh> beside the text."""
    with zipfile.ZipFile(book) as source:
        parts = {name: source.read(name).decode() for name in source.namelist()}
    label = "".join(f"&#{ord(character)};" for character in "電話・メール")
    reading = '<t>電話・メール</t><rPh sb="0" eb="2"><t>デンワ</t></rPh><phoneticPr fontId="1"/>'
    inline = f't="inlineStr"><is><t>{label}</t></is></c>'
    sheet = next(name for name, text in parts.items() if inline in text)
    if kept_as == "inline text":
        parts[sheet] = parts[sheet].replace(f"<t>{label}</t>", reading)
    else:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        parts[sheet] = parts[sheet].replace(inline, 't="s"><v>0</v></c>')
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{namespace}"><si>{reading}</si></sst>'
        override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", override)
    with zipfile.ZipFile(book, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    assert load_workbook(book)["2-2 支援方法"]["B4"].value == "電話・メール"
    assert read_workbook(book, dictionary, R5).tables["2-2"][0].values["電話・メール"] == 161


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (None, "Excel ファイルがありません"),
        (b"", "空のファイル"),
        (b"not a workbook", "読めません"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        (OLE + b"\0" * 600, "古い形式"),
    ],
)
def test_a_file_that_is_no_workbook_is_named_as_what_it_is(tmp_path, dictionary, content, finding):
    path = tmp_path / "statistics.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=finding) as refusal:
        read_workbook(path, dictionary, R5)
    assert "statistics.xlsx" in refusal.value.faults[0].where and refusal.value.faults[0].remedy


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(book, dictionary, kept):
    content = book.read_bytes()
    book.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(InputError, match="読めません"):
        read_workbook(book, dictionary, R5)


@pytest.mark.parametrize("code", ["R1", "R2", "R3", "R4", "R5"])
def test_what_is_written_reads_back_the_same_and_to_the_same_bytes(tmp_path, dictionary, code):
    records = read_workbook(DATA / code / "statistics.xlsx", dictionary, FiscalYear(code))
    (tmp_path / "again.xlsx").write_bytes(form(dictionary, records))
    assert form(dictionary, records) == (tmp_path / "again.xlsx").read_bytes()
    assert read_workbook(tmp_path / "again.xlsx", dictionary, FiscalYear(code)) == records


def test_total_formulas_cover_every_month_row():
    """In Excel the year's row adds up all twelve months, for each measure."""
    workbook = load_workbook(DATA / "R5" / "statistics.xlsx")
    assert workbook["2-2 支援方法"]["B17"].value == "=SUM(B5:B16)"
    assert workbook["2-1 相談件数等"]["J18"].value == "=J17"
    assert workbook["2-2 支援方法"]["H5"].value == "=B5+C5+D5+E5+F5+G5"
    both = [workbook["8-2 食料等支給の実績"][f"H{row}"].value for row in (29, 30)]
    assert both == ['=SUMIF($B$5:$B$28,"延べ対象世帯数",H5:H28)', '=SUMIF($B$5:$B$28,"提供数",H5:H28)']
