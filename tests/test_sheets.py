"""Cells as they are saved, one by one: what each means, and what no spreadsheet writes is told with its sheet and place."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear
from nenpo.records import NOT_APPLICABLE
from nenpo.tables_toml import read_dictionary
from nenpo.workbook import values
from nenpo.workbook.cells import SheetReader
from nenpo.workbook.formats import shows
from nenpo.workbook.package import Package
from nenpo.workbook.parts import StylesReader
from nenpo.workbook.reading import read_workbook
from nenpo.workbook.sheets import Sheets

DATA = Path(__file__).parent.parent / "data"
R5 = FiscalYear("R5")
SHEET = "4-1 支援実績（延べ支援回数）"


@pytest.fixture(scope="module")
def dictionary():
    return read_dictionary(DATA / "tables.toml")


@pytest.fixture
def saved(tmp_path, dictionary):
    """R5's workbook with parts of it changed as text, read."""

    def read(*changes):
        source = DATA / "R5" / "statistics.xlsx"
        with zipfile.ZipFile(source) as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist()}
        with Package(source) as package:
            part = Sheets(package)._parts[SHEET]
        for change in changes:
            change(parts, part)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        (tmp_path / "statistics.xlsx").write_bytes(target.getvalue())
        return read_workbook(tmp_path / "statistics.xlsx", dictionary, R5).tables["4-1"][0]

    return read


def put(old, new):
    """Change the sheet's part."""

    def change(parts, part):
        parts[part], made = re.subn(old, new.replace("\\", r"\\"), parts[part], count=1, flags=re.S)
        assert made

    return change


def cell(attributes, inner):
    """In place of B5, the first month's first count."""
    return put(r'<c r="B5"[^>]*?(/>|>.*?</c>)', f'<c r="B5" {attributes}>{inner}</c>')


@pytest.mark.parametrize(
    ("attributes", "inner", "meant"),
    [
        ('t="n"', "<v>13</v>", 13), ("", "<v> 13 </v>", 13), ("", "<v>1.3E1</v>", 13), ("", "<v>13.000000000000002</v>", 13),
        ("", "<v>12.999999999999998</v>", 13), ('t="str"', "<f>A1</f><v>１３</v>", 13), ("", "<f>6+7</f><v>13</v>", 13),
        ('t="inlineStr"', "<is><t>1,300</t></is>", 1300), ('t="inlineStr"', "<is><r><t>1</t></r><r><t>3</t></r></is>", 13),
        ('t="inlineStr"', "<is><t>13</t><rPh><t>ジュウサン</t></rPh></is>", 13), ('t="inlineStr"', "<is><t>_x0031_3</t></is>", 13),
        ('t="inlineStr"', "<is><t>13_x000D_</t></is>", 13), ('t="inlineStr"', "<is><t>－</t></is>", NOT_APPLICABLE),
        ("", "<v>13</v><extLst/>", 13), ('t="inlineStr"', "<is><t>＋13</t></is>", 13),
    ],
)  # fmt: skip
def test_a_count_is_read_however_it_is_saved(saved, attributes, inner, meant):
    assert next(iter(saved(cell(attributes, inner)).values.values())) == meant


@pytest.mark.parametrize(
    ("attributes", "inner", "what"),
    [
        ("", "<v>1E400</v>", "数値が大きすぎます"), ("", f"<v>{'9' * 400}</v>", "数値が大きすぎます"),
        ("", f"<v>{'9' * 500}</v>", "数値が正しく書かれていません"), ("", "<v>9007199254740993</v>", "件数としては大きすぎる|数値が大きすぎます"),
        ("", "<v>NaN</v>", "数値が正しく書かれていません"), ("", "<v>1 3</v>", "数値が正しく書かれていません"),
        ("", "<v>1_3</v>", "数値が正しく書かれていません"), ("", "<v>13件</v>", "数値が正しく書かれていません"),
        ('t="s"', "<v>99999</v>", "文字の番号"), ('t="s"', "<v>-1</v>", "文字の番号"), ('t="e"', "<v>13</v>", "種類と値"),
        ('t="e"', "<v>#SPILL!</v>", "エラー値 #SPILL!"), ('t="e"', "<v>#BUSY!</v>", "エラー値 #BUSY!"), ('t="x"', "<v>13</v>", "種類と値"),
        ('t="b"', "<v>2</v>", "種類と値"), ('t="b"', "<v>1</v>", "数値ではありません"), ('t="d"', "<v>2023-04-01</v>", "日付"),
        ('t="d"', "<v>きのう</v>", "日付が正しく"), ("", "<v>1</v><v>3</v>", "値が二つ"), ("", '<c r="B5"><v>3</v></c><v>1</v>', "セルの中にセル"),
        ("", "<f>6+7</f>", "計算結果が保存されていません"), ("", '<f t="shared" si="0"/>', "計算結果が保存されていません"),
        ('t="inlineStr"', "<is><t>13①</t></is>", "13①"), ('t="inlineStr"', "<is><t>11²</t></is>", "11²"), ('t="inlineStr"', "<is><t>1 1</t></is>", "1 1"),
        ('t="inlineStr"', "<is><t>１　１</t></is>", "数値として"), ('t="inlineStr"', "<is><t>١٣</t></is>", "数値として"),
        ('t="inlineStr"', "<is><t>十三</t></is>", "数値として"), ('t="inlineStr"', "<is><t>13※</t></is>", "13※"),
        ('t="inlineStr"', f"<is><t>{'長' * 5000}</t></is>", "長…」は数値として"),
        ('t="inlineStr"', "<is><r><rPr><strike/></rPr><t>12</t></r><r><t>13</t></r></is>", "「12」が残っています（残りは「13」）"),
        ("", "<v>99999999999999</v>", "大きすぎる"),
    ],
)  # fmt: skip
def test_what_is_no_count_is_told_with_its_cell(saved, attributes, inner, what):
    with pytest.raises(InputError, match=what) as refusal:
        saved(cell(attributes, inner))
    assert f"シート「{SHEET}」セル B5" in str(refusal.value) and len(str(refusal.value)) < 500


@pytest.mark.parametrize("place", ["B0", "5", "", "ZZZ5", "b5", "$B$5", "B6", "B5:C6", "Ｂ５"])
def test_a_cell_at_a_place_that_is_none_is_told(saved, place):
    with pytest.raises(InputError, match=r"セルの場所が正しくありません|同じセルが二つ"):
        saved(put(r'<c r="B5"', f'<c r="{place}"'))


def test_a_cell_that_stands_twice_is_told(saved):
    with pytest.raises(InputError, match="セル B5：同じセルが二つあります"):
        saved(put(r'(<c r="C5")', '<c r="B5"><v>3</v></c><c r="C5"'))


@pytest.mark.parametrize("area", ["B5:C5", "B5:B7", "A5:B5", "B4:B5", "A1:XFD1048576", "B1:B1048576"])
def test_merged_cells_that_are_typed_into_are_refused_with_their_area(saved, area):
    with pytest.raises(InputError, match=f"結合されています（{area}）|見出し"):
        saved(put("</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{area}"/></mergeCells>'))


def test_merges_beside_the_table_cost_nothing(saved):
    areas = "".join(f'<mergeCell ref="AA{at}:AB{at}"/>' for at in range(1, 20_000))
    saved(put("</sheetData>", f"</sheetData><mergeCells>{areas}</mergeCells>"))


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        *((code, 1013, True) for code in (
            "General", "@", "G/標準", "0", "#,##0", "#,##0.00", "?0", "0000", '#,##0"件"', "#,##0件", 'General"件"', "General;-General",
            "[DBNum3]General", "[DBNum1]0", "#,##0_);[Red](#,##0)", "_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"_ ;_ @_ ", '"約"0', "0;-0;;@",
            "[Red]0", "[$-411]0", "[$¥-411]#,##0", "[>=100]0;0\"少\"", "[<100]\"少\";0", "0\\ 人", "0!件", "(0)", "+0", "#", "0 ",
        )),
        *((code, 1013, False) for code in (
            "0,", "#,##0,", "0%", "0.0E+00", "# ?/?", '"13"', '0"0"', '"1"0', "1\\0", "0\\3", "0!5", "0\".\"0", "0\\.00", "0.0.0", "00 00",
            "[>=100]\"多数\";0", "[>=100]0\"百\";0", '0"万円"', "0\"①\"", "*50", "_-0-0", "\\-0", "▲0", ";;;", '""', "0%%", "[$5-411]0",
            "#,##0,\"千円\"", "[<100]0", "0００", "General0", "第0回3", "0\"²\"", "yyyy",
        )),
        ("#", 0, False), ("#,###", 0, False), ("?", 0, False), ("0;-0;\"－\"", 0, False), ("0;;", 0, False), ("General;-General;0", 0, True), ("#,##0", 0, True),
        ("0", 1.5, False), ("0.0", 1.5, True), ("General", 1.5, True), ("0.00", 1.005, False),
        ("@", "13", True), ("General", "13", True), ("0", "13", True), ("0;-0;0;@", "13", True), ('"約"@', "13", True),
        ('"1"@', "13", False), ("@@", "13", False), ("0;-0;0;\"なし\"", "13", False), ("0;0;0;", "13", False), ("@\\0", "13", False), (";;;", "13", False),
    ],
)  # fmt: skip
def test_a_number_format_shows_the_number_or_another(code, value, shown):
    assert shows(code, value) == shown


def styled(code, struck=False):
    """A style of its own for B5: a number format, or a font that is struck out."""

    def change(parts, part):
        styles = parts["xl/styles.xml"]
        code_ = code.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
        styles = re.sub(r"<numFmts[^>]*>", lambda f: f'{f[0]}<numFmt numFmtId="999" formatCode="{code_}"/>', styles)
        fonts = styles[styles.index("<fonts") : styles.index("</fonts>")].count("<font>")
        styles = styles.replace("</fonts>", "<font><strike/></font></fonts>")
        style = styles[styles.index("<cellXfs") : styles.index("</cellXfs>")].count("<xf ")
        font = fonts if struck else 0
        styles = styles.replace("</cellXfs>", f'<xf numFmtId="999" fontId="{font}"/></cellXfs>')
        parts["xl/styles.xml"] = styles
        cell(f's="{style}"', "<v>13</v>")(parts, part)

    return change


def test_number_formats_and_fonts_of_cells_are_looked_at(saved):
    assert next(iter(saved(styled('General"件"')).values.values())) == 13
    with pytest.raises(InputError, match="表示形式「0,」"):
        saved(styled("0,"))
    with pytest.raises(InputError, match="取り消し線の付いた「13」"):
        saved(styled("General", struck=True))


def test_a_number_format_that_a_condition_gives_is_looked_at(saved):
    def conditional(parts, part):
        styles = re.sub(r"<dxfs.*?(</dxfs>|/>)", "", parts["xl/styles.xml"], flags=re.S)
        dxfs = '<dxfs count="1"><dxf><numFmt numFmtId="998" formatCode="&quot;約20&quot;"/></dxf></dxfs></styleSheet>'
        parts["xl/styles.xml"] = styles.replace("</styleSheet>", dxfs)
        rule = '<conditionalFormatting sqref="Z1 B5:B6"><cfRule type="cellIs" dxfId="0" priority="1"/></conditionalFormatting>'
        parts[part] = parts[part].replace("</sheetData>", f"</sheetData>{rule}")

    with pytest.raises(InputError, match="約20"):
        saved(conditional, cell("", "<v>13</v>"))


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<t>講演_x000D_\n会</t>", "講演\n会"), ("<t>講演_x000B_会</t>", "講演\n会"), ("<t>講演_x0007_会</t>", "講演会"), ("<t>講演_xD800_会</t>", "講演_xD800_会"),
        ("<t>講演_x005F_x000D_会</t>", "講演_x000D_会"), ("<t> 講演会\u3000</t>", "講演会"), ("<t>_x000D_</t>", None),
    ],
)  # fmt: skip
def test_words_are_what_is_shown(inner, words):
    reader = SheetReader("", [], StylesReader(), None)
    for name, attributes in (("row", {"r": "5"}), ("c", {"r": "B5", "t": "inlineStr"}), ("is", {}), ("t", {})):
        reader.begin(name, attributes)
    reader.text(inner.removeprefix("<t>").removesuffix("</t>"))
    for name in ("t", "is", "c", "row"):
        reader.end(name)
    assert values.words(reader.found[0]) == words


def test_damaged_or_missing_styles_do_not_matter(saved):
    assert saved(lambda parts, part: parts.pop("xl/styles.xml"), cell("", "<v>13</v>"))
    assert saved(lambda parts, part: parts.update({"xl/styles.xml": "<broken"}), cell('s="5"', "<v>13</v>"))


def test_strict_open_xml_is_read(saved):
    def strict(parts, part):
        for name in parts:
            parts[name] = (
                parts[name]
                .replace(
                    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    "http://purl.oclc.org/ooxml/spreadsheetml/main",
                )
                .replace(
                    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    "http://purl.oclc.org/ooxml/officeDocument/relationships",
                )
            )

    assert next(iter(saved(strict, cell("", "<v>13</v>")).values.values())) == 13


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "空のファイル"), (b"  \n", "空のファイル"), (b"<html><table/></html>", "HTML"), ("\ufeff<?xml version='1.0'?>".encode(), "HTML"),
        ("月,件数\nR5.4,13\n".encode(), "CSV"), (b"%PDF-1.7", "PDF"), (b"PK\3\4", "壊れている"), (b"\x89PNG\r\n\x1a\n\0", "壊れている"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x", ".xls"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        ({"word/document.xml": "<x/>"}, "Word"), ({"content.xml": "<x/>", "mimetype": "x"}, "OpenDocument"), ({"xl/workbook.bin": "x"}, "xlsb"),
        ({"a.txt": "x"}, "部品がありません"), ({}, "部品がありません"), ({"xl/workbook.xml": "<x>"}, "XML として読めません（1 行目）"),
        ({"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'a'>]><x>&a;</x>"}, "DOCTYPE"),
        ({"xl/workbook.xml": " " * (60 << 20)}, "大きすぎます（63 MB）"), ({f"{at}.xml": "x" for at in range(3000)}, "多すぎます"),
    ],
)  # fmt: skip
def test_a_file_is_named_for_what_it_is(tmp_path, dictionary, content, what):
    path = tmp_path / "statistics.xlsx"
    if isinstance(content, dict):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in content.items():
                archive.writestr(name, text)
    else:
        path.write_bytes(content)
    with pytest.raises(InputError, match=re.escape(what)):
        read_workbook(path, dictionary, R5)
