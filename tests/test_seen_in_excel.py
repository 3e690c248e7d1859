"""What looks otherwise in Excel than it is read is told or refused, as openpyxl saves it and as LibreOffice does."""

import datetime
import re
import shutil
import subprocess
import threading
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.packaging.relationship import Relationship
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.external_link import ExternalLink
from openpyxl.workbook.external_link.external import ExternalBook
from openpyxl.worksheet.datavalidation import DataValidation

from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear, years_named
from nenpo.office import Office
from nenpo.prepare.form import form
from nenpo.prepare.year import prepare
from nenpo.records import Row, YearRecords
from nenpo.review.checks import review
from nenpo.table import LISTS
from nenpo.tables_toml import read_dictionary
from nenpo.workbook.reading import read_workbook

DATA = Path(__file__).parent.parent / "data"
R5, R6 = FiscalYear("R5"), FiscalYear("R6")
SHEET, MATRIX = "4-1 支援実績（延べ支援回数）", "3-1-2 年代・相談内容別"


@pytest.fixture(scope="module")
def dictionary():
    return read_dictionary(DATA / "tables.toml")


def linking(target):
    """A cell that takes its number from another workbook, as Excel saves it: by the number of the workbook."""

    def change(book):
        relation = Relationship(type="externalLinkPath", Target=target, TargetMode="External", Id="rId1")
        link = ExternalLink(ExternalBook(id="rId1"))
        link.file_link = relation
        book._external_links.append(link)
        book[SHEET]["B5"] = "=[1]集計!$B$5"

    return change


def naming(target):
    """The same by a name that stands for the other workbook's cell."""

    def change(book):
        linking(target)(book)
        book.defined_names["前の値"] = DefinedName("前の値", attr_text="[1]集計!$B$5")
        book[SHEET]["B5"] = "=前の値"

    return change


def on(action, sheet=SHEET):
    return lambda book: action(book[sheet])


def put(place, value, **more):
    def change(sheet):
        sheet[place] = value
        for name, told in more.items():
            setattr(sheet[place], name, told)

    return on(change)


def hide_rows(*numbers):
    return on(lambda sheet: [setattr(sheet.row_dimensions[number], "hidden", True) for number in numbers])


def hide_column(letter, at="", value=None):
    def change(sheet):
        sheet.column_dimensions[letter].hidden = True
        if at:
            sheet[at] = value

    return on(change)


def beside(name, hidden=False):
    def change(book):
        sheet = book.create_sheet(name)
        sheet["A1"] = "前の版"
        sheet.sheet_state = "hidden" if hidden else "visible"

    return change


def state(name, value):
    return lambda book: setattr(book[name], "sheet_state", value)


# What is told of each change: where (the sheet, or the sheet and a cell) and in which words.
NOTICES = {
    "a hidden row": (hide_rows(7, 8), SHEET, "非表示の7 行目、8 行目も読んでいます"),
    "a hidden row of nothing that is read": (hide_rows(17), SHEET, "非表示の17 行目は読んでいません"),
    "a hidden column": (hide_column("C"), SHEET, "非表示のC 列も読んでいます"),
    "a hidden column beside": (hide_column("T", "T5", 12), SHEET, "非表示のT 列は読んでいません"),
    "a hidden sheet that is read": (state(SHEET, "hidden"), SHEET, "非表示のシートも読んでいます"),
    "a sheet hidden by a macro": (state(SHEET, "veryHidden"), SHEET, "非表示のシートも読んでいます"),
    "a hidden sheet that is not": (beside("下書き", hidden=True), "下書き", "非表示のシートは読んでいません"),
    "another sheet of nearly that name": (beside("４-1 支援実績（延べ支援回数） "), SHEET, "名前の紛らわしいシート「４-1 支援実績（延べ支援回数） 」は"),
    "one that is hidden": (beside("4-1支援実績（延べ支援回数）", hidden=True), SHEET, "シート「4-1支援実績（延べ支援回数）」（非表示）は読んで"),
    "a number kept as a text": (put("B5", "13", number_format="@"), f"{SHEET} B5", "文字列として保存された数値が 1 個あります（B5）"),
    "a link": (linking("file:///C:/share/集計.xlsx"), f"{SHEET} B5", "別のブック「share／集計.xlsx」へのリンクです（B5）"),
    "a link with the report's year": (linking("R5/%E9%9B%86%E8%A8%88.xlsx"), f"{SHEET} B5", "別のブック「R5／集計.xlsx」へのリンクです"),
    "a link through a name": (naming("集計.xlsx"), f"{SHEET} B5", "別のブック「集計.xlsx」へのリンクです"),
    "a total typed over": (put("B17", 5), f"{SHEET} B17", r"Excel の「就労準備支援プログラム作成」の計は 5 ですが、入力された数値から計算すると [\d,]+ です"),
    "a sum of a row typed over": (lambda book: book["2-2 支援方法"].__setitem__("H5", 9999), "2-2 支援方法 H5", "Excel のR5.4 の「合計」は 9,999"),
    "a label that is struck out": (put("A5", "R5.4", font=Font(strike=True)), f"{SHEET} A5", "取り消し線の付いた「R5.4」"),
}  # fmt: skip

REFUSALS = {
    "two sheets that fit equally": (
        lambda book: (setattr(book[SHEET], "title", "4-1支援実績（延べ支援回数）"), beside("4-1  支援実績（延べ支援回数）")(book)),
        "に当たるシートが 2 枚あります",
    ),
    "a link to last year's workbook": (linking("file:///C:/share/R4/集計.xlsx"), "その名前は令和４年度のものです"),
    "a link to last year's by a name": (naming("令和４年度統計.xlsx"), "その名前は令和４年度のものです"),
    "a month that became a date": (put("A5", datetime.datetime(2023, 4, 1)), "セル A5：月が日付（2023-04-01）に変わっています"),
    "a heading that became a date": (put("B4", datetime.datetime(2023, 4, 6)), "セル B4：見出しの日付（2023-04-06）"),
    "a heading without a result": (put("B4", "=A1&A2"), "セル B4：見出しの数式"),
    "a label without a result": (put("A5", "=A1&A2"), "セル A5：行の見出しの数式"),
    "a label with an error": (lambda book: (put("A5", "#REF!", data_type="e")(book)), "セル A5：行の見出しのエラー値 #REF!"),
    "a text that no cell holds": (put("A5", "長" * 32_000), "「長{40}…」は"),
    "merged cells": (on(lambda sheet: sheet.merge_cells("B5:B7")), "入力するセルが結合されています（B5:B7）"),
}  # fmt: skip


def changed(path, change):
    shutil.copy(DATA / "R5" / "statistics.xlsx", path)
    book = load_workbook(path)
    change(book)
    book.save(path)


def told(path, dictionary):
    return {(f"{one.sheet} {one.cell}".strip(), one.what) for one in read_workbook(path, dictionary, R5).notices}


@pytest.mark.parametrize("kind", NOTICES)
def test_what_is_seen_otherwise_is_noted(tmp_path, dictionary, kind):
    change, where, what = NOTICES[kind]
    changed(tmp_path / "statistics.xlsx", change)
    if "link" in kind:  # as Excel keeps the result beside the formula
        keep_result(tmp_path / "statistics.xlsx")
    notices = told(tmp_path / "statistics.xlsx", dictionary)
    assert [at for at, text in notices if re.search(what, text)] == [where], notices
    assert len(notices) == 1 + (kind == "one that is hidden"), notices


def test_a_workbook_as_we_write_it_has_nothing_to_note(dictionary):
    for code in ("R1", "R2", "R3", "R4", "R5"):
        assert read_workbook(DATA / code / "statistics.xlsx", dictionary, FiscalYear(code)).notices == ()


def keep_result(path):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, re.sub(rb"(<c r=\"B5\"[^>]*><f>[^<]*</f>)<v ?/?>(</v>)?", rb"\1<v>13</v>", content))


@pytest.mark.parametrize("kind", REFUSALS)
def test_what_cannot_be_meant_is_refused(tmp_path, dictionary, kind):
    change, what = REFUSALS[kind]
    changed(tmp_path / "statistics.xlsx", change)
    if "link" in kind:
        keep_result(tmp_path / "statistics.xlsx")
    with pytest.raises(InputError, match=what) as refusal:
        read_workbook(tmp_path / "statistics.xlsx", dictionary, R5)
    assert len(str(refusal.value)) < 4000


def test_libreoffice_saves_the_same_things(tmp_path, dictionary):
    """Each change saved anew by LibreOffice: the same is told, or refused."""
    folder, saved = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    skipped = {
        "a total typed over", "a sum of a row typed over",  # told together with what LibreOffice has computed
        "a link", "a link with the report's year", "a link through a name", "a link to last year's workbook", "a link to last year's by a name",  # made absolute
        "a sheet hidden by a macro",  # saved as hidden, or not
        "a label without a result", "a heading without a result",  # computed
        "a text that no cell holds",
    }  # fmt: skip
    kinds = [kind for kind in (*NOTICES, *REFUSALS) if kind not in skipped]
    for at, kind in enumerate(kinds):
        changed(folder / f"{at}.xlsx", (NOTICES.get(kind) or REFUSALS[kind])[0])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(saved)]
    subprocess.run([*command, *map(str, folder.iterdir())], check=True, capture_output=True, timeout=300)
    for at, kind in enumerate(kinds):
        if kind in NOTICES:
            _, where, what = NOTICES[kind]
            notices = told(saved / f"{at}.xlsx", dictionary)
            assert [place for place, text in notices if re.search(what, text)] == [where], (kind, notices)
        else:
            with pytest.raises(InputError, match=REFUSALS[kind][1]):
                read_workbook(saved / f"{at}.xlsx", dictionary, R5)


def test_check_tells_of_it_and_what_may_print_otherwise_is_a_warning(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    book = load_workbook(path := tmp_path / "data" / "R5" / "statistics.xlsx")
    put("B17", 5)(book)
    hide_rows(7)(book)
    book.save(path)
    findings = [one for one in review(Office(tmp_path / "data").of(R5)).findings if one.rule == "Excel の見え方"]
    assert [(one.severity, one.sheet, one.cell) for one in findings] == [
        ("warning", f"R5 {SHEET}", "B17"),
        ("note", f"R5 {SHEET}", ""),
    ]
    assert "シート「4-1" in findings[0].message and findings[0].suggestion


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("R5年度集計.xlsx", "R5"), ("令和５年度.xlsx", "R5"), ("集計R4.xlsx", "R4"), ("2023年度.xlsx", "R5"), ("R5/集計.xlsx", "R5"),
        ("R4年度/R5.xlsx", "R5"), ("R6.1.xlsx", "R5"), ("令和6年3月.xlsx", "R5"), ("令和6年4月分.xlsx", "R6"), ("20240131.xlsx", "R5"),
        ("2024-04-01 集計.xlsx", "R6"), ("202403.xlsx", "R5"), ("R5-2.xlsx", "R5"), ("R5_1.xlsx", "R5"), ("2024年.xlsx", "R5 R6"), ("H31年度.xlsx", "R1"),
        ("R4・R5.xlsx", "R4 R5"), ("集計.xlsx", ""), ("SR4.xlsx", ""), ("12345.xlsx", ""), ("C:/2019/利用者/集計.xlsx", ""), ("PR2024.xlsx", "R6"),
        ("令和元年度.xlsx", "R1"), ("v2.xlsx", ""), ("2-1.xlsx", ""), ("R99999.xlsx", ""),
    ],
)  # fmt: skip
def test_the_years_that_a_file_may_be_of(name, years):
    assert " ".join(year.code for year in sorted(years_named(name))) == years


def test_a_workbook_in_mid_save_is_tried_again(tmp_path, dictionary):
    path, content = tmp_path / "statistics.xlsx", (DATA / "R5" / "statistics.xlsx").read_bytes()
    path.write_bytes(content[: len(content) // 2])

    def save():
        time.sleep(0.1)
        path.write_bytes(content)

    saving = threading.Thread(target=save)
    saving.start()
    assert read_workbook(path, dictionary, R5).tables["4-1"]
    saving.join()


TEXTS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "_x0041_の_x000D_", "'引用", "\t=1", "１＋１"]


def test_no_text_becomes_a_formula(tmp_path, dictionary):
    """Words that begin as formulas do are written as words, and read as such again."""
    name, columns = next(iter(LISTS.items()))
    rows = tuple(Row(str(5 + at), dict.fromkeys(columns, text)) for at, text in enumerate(TEXTS))
    (path := tmp_path / "statistics.xlsx").write_bytes(form(dictionary, YearRecords(R5, {}, {name: rows})))
    sheet = load_workbook(path)[name]
    cells = [sheet.cell(row, 1) for row in range(5, 5 + len(TEXTS))]
    assert all(cell.data_type != "f" for cell in cells) and not load_workbook(path).calculation.iterate
    assert [cell.quotePrefix for cell in cells][:4] == [True] * 4
    listed = read_workbook(path, dictionary, R5).lists[name]
    assert [row.values[columns[0]] for row in listed] == [text.strip() for text in TEXTS]


def test_a_form_made_anew_tells_what_it_does_not_take_over(tmp_path):
    shutil.copytree(DATA, folder := tmp_path / "data")
    prepare(Office(folder), R6)
    path = Office(folder).workbook(R6)
    book = load_workbook(path)
    sheet = book[SHEET]
    sheet["B5"] = 12
    sheet[f"{get_column_letter(sheet.max_column + 3)}9"] = "課長に確認"
    choice = DataValidation(type="list", formula1='"はい,いいえ"')
    choice.add("Z1")
    sheet.add_data_validation(choice)
    book.create_sheet("覚え書き")["A1"] = "メモ"
    del book["2-2 支援方法"]
    book.save(path)
    made = prepare(Office(folder), R6)[0]
    assert made.file.name == "statistics（項目を足したもの）.xlsx"
    for lost in ("シート「覚え書き」", "入力規則のリスト", "「課長に確認」（シート「4-1", "移していないもの："):
        assert lost in made.done
    assert load_workbook(made.file)[SHEET]["B5"].value == 12
