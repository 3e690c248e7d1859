"""The second year: nenpo new → typing in (openpyxl, LibreOffice) → interim report → whole report → check → final."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from second_year import R5, R6, can_type_in_libreoffice, invented, type_in, type_in_libreoffice

from nenpo.cli import main
from nenpo.commentary.agreement import digest
from nenpo.errors import ContentError, InputError
from nenpo.figures import Figures
from nenpo.intake.drafts import drafts_in
from nenpo.intake.lists import take_lists
from nenpo.intake.made import made_files
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prepare.year import prepare
from nenpo.present.organisation import parse_organisation
from nenpo.records import Mark
from nenpo.review.checks import review
from nenpo.run.build import Notes, Wanted, build
from nenpo.workbook.layout import layouts

ROOT = Path(__file__).parent.parent


@pytest.fixture
def office(tmp_path: Path) -> Office:
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    return Office(tmp_path / "data")


def test_a_year_without_the_one_before_says_what_is_missing_and_how_to_have_it(office: Office):
    told = [f"{told.file.name}：{told.done}" for told in prepare(office, FiscalYear("R7"))]
    assert "R6：ないため" in told[-1] and "nenpo new R6" in told[-1] and "nenpo new R7" in told[-1]
    for code in ("R6", "R7"):
        told = prepare(Office(office.folder), FiscalYear(code))
    assert not any("引き継いでいません" in one.done for one in told)
    assert "新規相談件数" in (office.folder / "R7" / "commentary" / "2-1.md").read_text(encoding="utf-8")


def text_of(office: Office, name: str) -> str:
    return (office.year_folder(R6) / "commentary" / f"{name}.md").read_text(encoding="utf-8")


def recalculated(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice opens and saves it, all formulas computed."""
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=120)
    return folder / path.name


def test_last_years_text_comes_with_this_years_numbers_once_they_are_there(office: Office):
    prepare(office, R6)
    before = text_of(office, "2-1")
    assert "新規相談件数は【旧】２３８件と前年度に比べ微増" in before
    assert "令和６年度末時点における相談件数（【旧】２５７件）は令和５年度（２５７件）に比べ" in before
    assert "令和４年度以降の相談件数は" in before, "history stays"

    office = Office(office.folder)
    records = invented(office.records(R5), office.dictionary)
    type_in(office.workbook(R6), office.dictionary, records)
    told = prepare(Office(office.folder), R6)

    figures = Figures(office.dictionary, {R5: office.records(R5), R6: records})
    new = figures.of_year("2-1", "新規相談受付件数", R6)
    assert new == 3 * 238
    after = text_of(office, "2-1")
    assert "新規相談件数は７１４件と前年度に比べ微増【要確認】となっている" in after, "+200 % is no 微増"
    assert "延べ対応件数は前年比の約３.０倍であり" in after
    open_ = str(figures.of_year("2-1", "月末件数", R6)).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert f"相談件数（{open_}件）は令和５年度（２５７件）に比べ" in after
    assert (
        "令和５年度が約２．１７項目（≒５１６÷２３８）であったのに対し、令和６年度は約２．１７項目（≒１，５４８÷７１４）と増加【要確認】"
        in text_of(office, "2-5")
    )
    old = [finding for finding in review(Office(office.folder).of(R6)).findings if "４名" in finding.message]
    assert [finding.fault.remedy for finding in old] == ["今年度の数値に直し、前の【旧】を消してください"]
    twice = text_of(office, "2-2")
    assert "件数及び割合の増加【要確認】が顕著" in twice, "one mark, though it says so of two quantities"
    changes = {(change.before, change.after) for one in told for change in one.changes}
    assert ("２３８件", "７１４件") in changes
    doubt = next(after for before, after in changes if before.endswith("件数及び割合の増加"))
    assert doubt.count("【要確認】") == 1 and doubt.count("としていますが") == 2


def test_what_somebody_has_written_stays(office: Office):
    prepare(office, R6)
    path = office.year_folder(R6) / "commentary" / "2-1.md"
    path.write_text("今年度の分析です。\n", encoding="utf-8")
    workbook = office.workbook(R6).read_bytes()
    assert prepare(Office(office.folder), R6) == []
    assert path.read_text(encoding="utf-8") == "今年度の分析です。\n"
    assert office.workbook(R6).read_bytes() == workbook
    texts = {path.stem: path.read_text(encoding="utf-8") for path in path.parent.glob("*.md")}
    drafts = [draft.name for draft in drafts_in(Office(office.folder), R6, texts)]
    assert "2-1" not in drafts and "2-2" in drafts


def test_cases_and_events_are_not_carried_over(office: Office):
    prepare(office, R6)
    office = Office(office.folder)
    assert not list((office.year_folder(R6) / "cases").glob("*"))
    assert office.records(R6).tables["8-7"] == ()


def test_a_column_that_the_dictionary_gained_is_added_beside_what_was_typed(office: Office):
    prepare(office, R6)
    office = Office(office.folder)
    records = invented(office.records(R5), office.dictionary)
    type_in(office.workbook(R6), office.dictionary, records, 3)
    typed = office.workbook(R6).read_bytes()
    dictionary = office.folder / "tables.toml"
    source = dictionary.read_text(encoding="utf-8")
    dictionary.write_text(
        source.replace('  { name = "不明" },\n', '  { name = "不明" },\n  { name = "回答なし", since = "R6" },\n', 1),
        encoding="utf-8",
    )
    beside = [one.file for one in prepare(Office(office.folder), R6) if one.file.suffix == ".xlsx"]
    assert office.workbook(R6).read_bytes() == typed
    shutil.copy(beside[0], office.workbook(R6))
    book = load_workbook(office.workbook(R6))
    for row in (5, 6, 7):
        assert book["2-4 相談者の年代"]["J4"].value == "回答なし"
        book["2-4 相談者の年代"][f"J{row}"] = 0
    book.save(office.workbook(R6))
    now = Office(office.folder).records(R6).tables["2-4"]
    assert [row.values["50代"] for row in now[:4]] == [*(row.values["50代"] for row in records.tables["2-4"][:3]), None]
    assert "回答なし" in now[0].values
    assert "回答なし" not in Office(office.folder).records(R5).tables["2-4"][0].values


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_the_form_tells_in_libreoffice_what_is_empty_and_what_disagrees(office: Office, tmp_path: Path):
    prepare(office, R6)
    office = Office(office.folder)
    records = invented(office.records(R5), office.dictionary)
    type_in(office.workbook(R6), office.dictionary, records)
    seen = load_workbook(recalculated(office.workbook(R6), tmp_path / "good"), data_only=True)
    guide = seen["記入のしかた"]
    assert next(cell.value for (cell,) in guide.iter_rows(max_col=1) if "空欄のセル" in str(cell.value)).startswith(
        "空欄のセル：あと 0 個　　合わない行：0 行"
    )
    figures = Figures(office.dictionary, {R6: records})
    assert seen["2-2 支援方法"]["H17"].value == figures.of_year("2-2", "合計", R6)
    assert Office(office.folder).records(R6).tables["2-1"] == reread(tmp_path / "good", office).tables["2-1"]

    book = load_workbook(office.workbook(R6))
    book["2-1 相談件数等"]["C7"] = 1
    book.save(office.workbook(R6))
    seen = load_workbook(recalculated(office.workbook(R6), tmp_path / "bad"), data_only=True)
    assert "新規相談受付件数 = うち男性 + うち女性" in seen["2-1 相談件数等"]["K7"].value
    assert not seen["2-1 相談件数等"]["K8"].value
    errors = [cell for sheet in seen for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("#")]
    assert errors == []


def reread(folder: Path, office: Office):
    """The workbook that LibreOffice saved, read as the year's own."""
    shutil.copy(folder / "statistics.xlsx", office.workbook(R6))
    return Office(office.folder).records(R6)


def test_number_cells_take_counts_alone_and_all_else_is_locked(office: Office):
    prepare(office, R6)
    book = load_workbook(office.workbook(R6))
    assert book.sheetnames[0] == "記入のしかた"
    for sheet in book:
        assert sheet.protection.sheet and sheet.page_setup.paperSize in (9, "9") and sheet.print_area
    sheet = book["2-2 支援方法"]
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.type, rule.errorStyle, str(rule.sqref)) == ("custom", "stop", "B5:G16")
    assert rule.formula1.startswith("OR(AND(ISNUMBER(B5),B5>=0,ROUND(B5,0)=B5),")
    assert all(f'B5="{mark}"' in rule.formula1 for mark in "－…X") and "0 以上の整数" in rule.error
    locked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.protection.locked}
    assert {"A5", "H5", "B17", "B18"} <= locked and not {"B5", "G16"} & locked


needs_uno = pytest.mark.skipif(not can_type_in_libreoffice(), reason="LibreOffice or its module uno is not installed")


@pytest.mark.parametrize("typist", ["openpyxl", pytest.param("LibreOffice", marks=needs_uno)])
def test_the_whole_second_year(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str], typist: str):
    """Interim with six months; then whole; final only when no draft is left."""
    out, progress = tmp_path / "out", Notes()
    assert main(["new", "R6", "--data", str(office.folder)]) == 0
    office = Office(office.folder)
    records = invented(office.records(R5), office.dictionary)
    type_in(office.workbook(R6), office.dictionary, records, 6)
    target = build(Office(office.folder), R6, out, Wanted(("report.html",)), progress)
    page = (target / "report.html").read_text(encoding="utf-8")
    assert "年報（年度途中、９月まで）" in page
    assert ">R6年度（９月まで）<" in page and ">R5年度（９月まで）<" in page
    assert "前年度９月まで（132件）から 264件増" in page
    assert ">９月末の相談件数<" in page and "前年度９月末（" in page and "年度末の相談件数" not in page
    assert "（下書き：前年度から写した下書きのままです）" in page

    if typist == "LibreOffice":  # from now on the workbook is one that LibreOffice has saved
        type_in_libreoffice(office.workbook(R6), office.dictionary, records, tmp_path)
    else:
        type_in(office.workbook(R6), office.dictionary, records)
    assert main(["new", "R6", "--data", str(office.folder)]) == 0
    with pytest.raises(ContentError) as refused:
        build(Office(office.folder), R6, out, Wanted(("report.html",), final=True), progress)
    assert any("下書き" in fault.what for fault in refused.value.faults)

    for path in (office.year_folder(R6) / "commentary").glob("*.md"):
        path.write_text("今年度も、支援を続けた。\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "R6", "--data", str(office.folder), "--out", str(out)]) == 0
    build(Office(office.folder), R6, out, Wanted(("report.html",), final=True), progress)
    page = (target / "report.html").read_text(encoding="utf-8")
    assert "途中" not in page and "下書き" not in page
    assert "714" in page


def test_last_years_figures_stand_below_what_is_typed(office: Office):
    prepare(office, R6)
    book = load_workbook(office.workbook(R6))
    old = office.figures(R5)
    for table_id, place in layouts(office.dictionary, R6).items():
        table = office.dictionary[table_id].as_of(R6)
        if table.shape in ("monthly", "matrix", "cross") and table.since < R6:
            sheet, figures = book[place.sheet], old.table(table_id, R5)
            assert figures and place.before and place.end == max(place.before.values()), table_id
            for (label, measure), row in place.before.items():
                assert sheet.cell(row, 1).value.startswith("（R5年度"), "the reader passes over what is in brackets"
                shown = {name: sheet.cell(row, column).value for name, column in place.columns.items()}
                known = figures.rows[label, measure] if label else figures.year[measure]
                assert shown == {
                    name: value.value if isinstance(value, Mark) else value for name, value in known.items()
                }, (table_id, label)
    assert book["2-5-2 相談者の年代と相談内容のクロス統計"]["A27"].value.startswith("（R5年度 ")


# What Excel 2007 and later open without an offer to repair: functions that need no prefix, and texts no longer than this.
FUNCTIONS = set("AND COUNT COUNTA COUNTBLANK IF LEN LOOKUP N NOT SUM SUMIF SUMPRODUCT".split())
LONGEST = {"error": 225, "errorTitle": 32, "prompt": 255, "promptTitle": 32, "formula1": 255, "formula2": 255}


def test_the_form_keeps_to_what_excel_opens_without_repair(office: Office):
    prepare(office, R6)
    formulas, texts = [], []
    for sheet in load_workbook(office.workbook(R6)):
        assert len(sheet.title) <= 31 and not set(sheet.title) & set("[]:*?/\\'")
        formulas += [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        formulas += [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules]
        texts += [
            (name, value)
            for validation in sheet.data_validations.dataValidation
            for name in LONGEST
            if (value := getattr(validation, name))
        ]
        merged = [cell for area in sheet.merged_cells.ranges for cells in area.rows for cell in cells]
        assert len(set(merged)) == len(merged), f"{sheet.title}: merged areas overlap"
    assert len(formulas) > 400 and len(texts) > 50
    assert [formula for formula in formulas if len(formula) > 8192] == []
    assert {name for formula in formulas for name in re.findall(r"([A-Z._a-z0-9]+)\(", formula)} <= FUNCTIONS
    words = [word for formula in formulas for word in re.findall(r'"([^"]*)"', formula)]
    assert max(map(len, words)) <= 255
    assert [told for told in texts if len(told[1]) > LONGEST[told[0]]] == []


def test_a_year_without_the_year_before_has_an_empty_form(office: Office):
    for code in ("R1", "R2", "R3", "R4", "R5"):
        shutil.rmtree(office.folder / code)
    prepare(Office(office.folder), R6)
    assert Office(office.folder).records(R6).tables["2-1"][0].values["うち男性"] is None


def test_what_cannot_be_read_in_the_year_before_is_told_before_anything_is_made(office: Office):
    (office.folder / "R5" / "statistics.xlsx").write_bytes(b"no workbook")
    with pytest.raises(InputError):
        prepare(Office(office.folder), R6)
    assert not (office.folder / "R6").exists()


def test_the_organisation_chart_and_the_cases_are_typed_in_excel(office: Office):
    old = (office.folder / "R5" / "organisation.toml").read_text(encoding="utf-8")
    prepare(office, R6)
    take_lists(Office(office.folder), R6)
    path = office.year_folder(R6) / "organisation.toml"
    assert parse_organisation(path.read_text(encoding="utf-8"), path) == parse_organisation(
        old.replace("令和５年度", "令和６年度"), path
    )
    book = load_workbook(office.workbook(R6))
    book["体制図"]["F5"] = "課長"
    sheet = book["事例"]
    for row, values in enumerate(
        [
            ("2-7", "【事例１】　Ａさん", "本人の状態・訴え", "困っている。\n眠れない。"),
            (None, None, "支援内容等", "話を聞いた。"),
            (None, "【事例２】　Ｂさん", "支援内容等", "同行した。"),
        ],
        start=5,
    ):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column).value = value
    book.save(office.workbook(R6))
    take_lists(Office(office.folder), R6)
    assert "課長" in path.read_text(encoding="utf-8")
    cases = sorted((office.year_folder(R6) / "cases").iterdir())
    assert [case.name for case in cases] == ["2-7-1.md", "2-7-2.md"]
    assert cases[0].read_text(encoding="utf-8") == (
        "# 【事例１】　Ａさん\n\n## 本人の状態・訴え\n\n困っている。\n\n眠れない。\n\n## 支援内容等\n\n話を聞いた。\n"
    )
    sheet.delete_rows(7)
    book.save(office.workbook(R6))
    take_lists(Office(office.folder), R6)
    assert not cases[1].exists()

    cases[0].write_text("# 手で書いた\n\n## 支援内容等\n\n別の話。\n", encoding="utf-8")
    with pytest.raises(ContentError, match="シート「事例」とは別に書かれています"):
        take_lists(Office(office.folder), R6)
    assert "手で書いた" in cases[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("section", ["../../../evil", "2-7/../../x", "二の七", None])
def test_a_case_of_no_section_is_told_and_writes_nothing(office: Office, section: str | None):
    prepare(office, R6)
    book = load_workbook(office.workbook(R6))
    for column, value in enumerate((section, "【事例１】", "支援内容等", "話を聞いた。"), start=1):
        book["事例"].cell(5, column).value = value
    book.save(office.workbook(R6))
    before = {path for path in office.folder.parent.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match=r"シート「事例」セル A5：節「.*」は節の番号ではありません"):
        take_lists(Office(office.folder), R6)
    assert {path for path in office.folder.parent.rglob("*") if path.is_file()} == before


def test_drafts_are_told_by_content(office: Office):
    prepare(office, R6)
    assert made_files(office.year_folder(R6))["2-1"] == digest(text_of(office, "2-1"))


def test_a_draft_is_accepted_as_it_is_by_a_command(office: Office, capsys):
    prepare(office, R6)
    folder = office.year_folder(R6)
    data = ["--data", str(office.folder)]
    assert "2-1" in made_files(folder)
    assert main(["accept", "R6", "1-1", "9-9", *data]) == 2
    assert "「9-9」は、前年度から写したままの本文ではありません" in capsys.readouterr().err and "1-1" in made_files(
        folder
    )
    assert main(["accept", "R6", *data]) == 2
    assert main(["accept", "R6", "1-1", *data]) == 0
    assert "1-1" not in made_files(folder) and "2-1" in made_files(folder)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "commentary").glob("*.md")}
    assert not [draft for draft in drafts_in(office, R6, texts) if draft.name == "1-1" and draft.untouched]
    assert main(["accept", "R6", "--all", *data]) == 0
    assert not [draft for draft in drafts_in(office, R6, texts) if draft.untouched]
    prepare(office, R6)  # which leaves it so
    assert not [draft for draft in drafts_in(office, R6, texts) if draft.untouched]
