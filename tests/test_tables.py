"""Tables of any office: axes, kinds of columns and ways of adding up, from the form in Excel to the page."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import nbformat
import pikepdf
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from openpyxl import load_workbook

from nenpo.cli import main
from nenpo.errors import ContentError, InputError
from nenpo.formulas import Operation, Reference, parse_formula, rounded
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prepare.office import start_office
from nenpo.prepare.year import prepare
from nenpo.present.tables import table_view
from nenpo.publish.book import in_one_line
from nenpo.publish.stitch import title
from nenpo.records import NOT_APPLICABLE, UNKNOWN
from nenpo.review.checks import review
from nenpo.run.build import Wanted, build, chapter_notebooks
from nenpo.tables_toml import read_dictionary
from nenpo.workbook.cells import Cell
from nenpo.workbook.values import Kind, Unreadable, number

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")
AMBULANCE = ROOT / "docs" / "examples" / "ambulance" / "data"


def an_office(folder, tables, *years, settings=""):
    """An office with these tables and the forms of these years, empty."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "tables.toml").write_text(tables, encoding="utf-8")
    profile = 'city = "某市"\ndivision = "某課"\nnickname = ""\nreport_title = "年報"\n'
    (data / "office.toml").write_text(profile + settings, encoding="utf-8")
    for year in years:
        office = Office(data)
        prepare(office, office.year(year))
    return Office(data)


def fill(office, year, sheet, cells):
    """Type into a sheet: values by the label of the row and the heading of the column."""
    path = office.workbook(office.year(year))
    book = load_workbook(path)
    page = next(one for one in book if one.title.startswith(f"{sheet} "))
    columns = {}
    for row in page.iter_rows(min_row=4, max_row=5):
        for cell in row:
            columns.setdefault(str(cell.value).partition("（")[0], cell.column)  # without its unit
    rows = {row[0].value: row[0].row for row in page.iter_rows(min_row=5) if row[0].value}
    for label, values in cells.items():
        for name, value in values.items():
            page.cell(rows[label], columns[name]).value = value
    book.save(path)


def printed(office, table_id, year):
    """The table as it is printed: a row's labels and cells."""
    year = office.year(year)
    view = table_view(office.dictionary[table_id], office.figures(year), year)
    return [(*(label or "" for label in row.labels), *row.cells) for row in view.rows]


def faults(folder, tables):
    path = folder / "tables.toml"
    path.write_text(tables, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_dictionary(path)
    return [fault.what for fault in error.value.faults]


# Formulas


@pytest.mark.parametrize(
    ("text", "names", "formula"),
    [
        ("実績 ÷ 目標", (), Operation("÷", Reference("実績"), Reference("目標"))),
        ("就労（人数） × 1,000", (), Operation("×", Reference("就労（人数）"), Fraction(1000))),
        ("件数 - 前年度の件数", (), Operation("-", Reference("件数"), Reference("件数", "", "前年の"))),
        ("件数 － 前年の件数", ("前年の件数",), Operation("-", Reference("件数"), Reference("前年の件数"))),
        ("件数 ÷ 1-9/人口", (), Operation("÷", Reference("件数"), Reference("人口", "1-9"))),
        ("合計の2-1/件数", (), Reference("件数", "2-1", "合計の")),
        ("2-1/利用者の計", (), Reference("利用者の計", "2-1")),
        ("(a - b) ÷ b", (), Operation("÷", Operation("-", Reference("a"), Reference("b")), Reference("b"))),
        ("（金額（円） + b） × 2", (), Operation("×", Operation("+", Reference("金額（円）"), Reference("b")), Fraction(2))),
        ("a - b - c", (), Operation("-", Operation("-", Reference("a"), Reference("b")), Reference("c"))),
        ("搬送人員の順位", (), Reference("搬送人員", which="の順位")),
        ("所要時間の小さい順", (), Reference("所要時間", which="の小さい順")),
        ("満足の順位", ("満足の順位",), Reference("満足の順位")),
        ("実績÷目標×100", ("実績", "目標"), Operation("×", Operation("÷", Reference("実績"), Reference("目標")), Fraction(100))),
        ("a÷b ÷ c", ("a÷b", "c"), Operation("÷", Reference("a÷b"), Reference("c"))),
        ("a + b × c", (), Operation("+", Reference("a"), Operation("×", Reference("b"), Reference("c")))),
    ],
)  # fmt: skip
def test_a_formula_is_read(text, names, formula):
    assert parse_formula(text, names) == formula


@pytest.mark.parametrize(
    "text", ["合計の件数", "件数の合計", "総数の件数", "計の件数", "全体の件数", "来館者総数の件数", "件数の来館者総数"]
)
def test_the_whole_of_a_table_is_called_as_its_total_is(text):
    assert parse_formula(text, ("件数",), "来館者総数") == Reference("件数", which="合計の")
    assert parse_formula(text, (text,), "来館者総数") == Reference(text)


@pytest.mark.parametrize("text", ["", "a +", "+ a", "(a + b", "a + b)", "a ÷ × b"])
def test_what_is_no_formula_is_told(text):
    with pytest.raises(ValueError, match=r"ません|書きます"):
        parse_formula(text)


@given(st.fractions(min_value=-(10**9), max_value=10**9), st.integers(0, 4))
def test_rounding_is_half_away_from_zero(amount, decimals):
    result = Fraction(rounded(amount, decimals))
    assert abs(result - amount) <= Fraction(1, 2 * 10**decimals)
    assert rounded(-amount, decimals) == -rounded(amount, decimals)
    if abs(result - amount) == Fraction(1, 2 * 10**decimals):
        assert abs(result) > abs(amount)


def test_what_is_wrong_with_columns_is_told_at_once(tmp_path):
    told = faults(
        tmp_path,
        """
[[table]]
id = "1-1"
title = "表"
since = "R5"
rows = ["甲", "乙", "甲"]
columns = [
  { name = "a", of = "b + 1" },
  { name = "b", of = "a × 2" },
  { name = "c", of = "知らない列 ÷ a" },
  { name = "d", of = "a ÷" },
  { name = "e", total = "average" },
  { name = "f", weight = "e" },
  { name = "g", decimals = 9 },
  { name = "h", sum = ["a"] },
  { name = "i", text = true, of = "e" },
  { name = "j", sum = ["k"] },
  { name = "k", sum = ["j"] },
  { name = "l", total = "last" },
  { name = "m", sum = ["l", "g"] },
]
""",
    )
    for words in ("自分自身を足す", "足し方（total）が違います", "自分自身", "知らない列", "計算式として読めません", "average", "weight", "decimals", "of で計算する", "どれか一つ", "同じ名前の行"):  # fmt: skip
        assert any(words in fault for fault in told), words


def test_a_sum_is_as_its_parts_are(tmp_path):
    (tmp_path / "tables.toml").write_text(
        """
[[table]]
id = "1-1"
title = "月末の人数"
since = "R5"
rows = "months"
columns = [
  { name = "総数", sum = ["計", "他"] },
  { name = "男", unit = "人", total = "last" },
  { name = "女", unit = "人", total = "last" },
  { name = "計", sum = ["男", "女"] },
  { name = "他", unit = "人", total = "last", decimals = 1, signed = true },
  { name = "最多", sum = ["男", "女"], total = "max" },
]
""",
        encoding="utf-8",
    )
    columns = {column.name: column for column in read_dictionary(tmp_path / "tables.toml")["1-1"].columns}
    assert [columns[name].adds_up for name in ("計", "総数", "最多")] == ["last", "last", "max"]
    assert (columns["総数"].unit, columns["総数"].decimals, columns["総数"].signed) == ("人", 1, True)


# Cells


@pytest.mark.parametrize(
    ("value", "format_", "kind", "read"),
    [
        (10.1, "0.0", Kind(1), Decimal("10.1")),
        (10, "General", Kind(1), Decimal("10.0")),
        (0.1 + 0.2, "General", Kind(1), Decimal("0.3")),
        ("１０．１", "@", Kind(1), Decimal("10.1")),
        ("10.1分", "@", Kind(1, unit="分"), Decimal("10.1")),
        ("4,186人", "@", Kind(unit="人"), 4186),
        (0.677, "0.0%", Kind(1, unit="％"), Decimal("67.7")),
        (67.7, '0.0"%"', Kind(1, unit="％"), Decimal("67.7")),
        ("67.7%", "@", Kind(1, unit="％"), Decimal("67.7")),
        ("67.7％", "@", Kind(1, unit="%"), Decimal("67.7")),
        (-30, "#,##0;▲#,##0", Kind(signed=True), -30),
        (-30, "General", Kind(signed=True), -30),
        ("▲30", "@", Kind(signed=True), -30),
        ("▲ 30", "@", Kind(signed=True), -30),
        ("△　30", "@", Kind(signed=True), -30),
        ("¥1,234", "@", Kind(unit="円"), 1234),
        ("△1.6", "@", Kind(1, signed=True), Decimal("-1.6")),
        ("－1.6", "@", Kind(1, signed=True), Decimal("-1.6")),
        ("－", "@", Kind(1, signed=True), NOT_APPLICABLE),
        (" … ", "@", Kind(1), UNKNOWN),
        ("...", "@", Kind(), UNKNOWN),
        (None, "General", Kind(1), None),
    ],
)
def test_a_number_of_its_column_is_read(value, format_, kind, read):
    found = number(Cell(1, 1, value, formats=(format_,)), kind)
    assert found == read and type(found) is type(read)


@pytest.mark.parametrize(
    ("value", "format_", "kind"),
    [
        (10.12, "General", Kind(1)),
        (-1, "General", Kind(1)),
        (10.5, "General", Kind()),
        (0.677, "0.0%", Kind(1)),
        (0.6777, "0.0%", Kind(1, unit="％")),
        ("10.1分", "@", Kind(1)),
        ("10.1人", "@", Kind(1, unit="分")),
        (10.16, "0.0", Kind(2)),
        (10**14, "General", Kind(1, signed=True)),
        (-(10**14), "General", Kind(1, signed=True)),
    ],
)
def test_a_number_of_another_kind_is_refused(value, format_, kind):
    with pytest.raises(Unreadable) as error:
        number(Cell(1, 1, value, formats=(format_,)), kind)
    assert error.value.what and error.value.remedy


@given(st.decimals(-(10**6), 10**6, places=2), st.booleans())
def test_decimals_come_back_as_they_were_typed(amount, as_text):
    value = str(amount).replace("-", "▲") if as_text else float(amount)
    assert number(Cell(1, 1, value), Kind(2, signed=True)) == amount


# Ways of adding up

_MINUTES = """
[[table]]
id = "1-1"
title = "所要時間"
since = "R5"
rows = ["東署", "西署", "北署"]
total = "全体"
columns = [
  { name = "件数", unit = "件" },
  { name = "平均", unit = "分", decimals = 1, total = "mean", weight = "件数" },
  { name = "気温", unit = "℃", decimals = 1, signed = true, total = "mean" },
  { name = "最長", unit = "分", decimals = 1, total = "max" },
  { name = "台数", unit = "台", total = "last" },
  { name = "収支", unit = "千円", signed = true },
  { name = "割合", unit = "％", decimals = 1, total = "none" },
  { name = "備考", text = true },
  { name = "一台あたり", of = "件数 ÷ 台数", unit = "件", decimals = 2 },
]
"""


def test_each_way_of_adding_up(tmp_path):
    office = an_office(tmp_path, _MINUTES, "R5")
    fill(office, "R5", "1-1", {
        "東署": {"件数": 100, "平均": 8.1, "気温": -1.2, "最長": 40.5, "台数": 3, "収支": 5, "割合": 0.5, "備考": "新庁舎"},
        "西署": {"件数": 300, "平均": 9.3, "気温": 0.5, "最長": 38.2, "台数": 0, "収支": -1200, "割合": 12, "備考": "旧館"},
        "北署": {"件数": "－", "平均": "－", "気温": "－", "最長": "－", "台数": 2, "収支": "▲1", "割合": "－", "備考": "休止"},
    })  # fmt: skip
    assert printed(office, "1-1", "R5") == [
        ("東署", "100", "8.1", "▲1.2", "40.5", "3", "5", "0.5", "新庁舎", "33.33"),
        ("西署", "300", "9.3", "0.5", "38.2", "0", "▲1,200", "12.0", "旧館", "－"),
        ("北署", "－", "－", "－", "－", "2", "▲1", "－", "休止", "－"),
        ("全体", "400", "9.0", "▲0.4", "40.5", "2", "▲1,196", "", "", "200.00"),
    ]
    view = table_view(office.dictionary["1-1"], office.figures(office.year("R5")), office.year("R5"))
    assert [head.text for head in view.head[0]][1:3] == ["件数|（件）", "平均|（分）"] and view.words == {7}


def test_what_is_not_known_makes_nothing_known_that_rests_on_it(tmp_path):
    office = an_office(tmp_path, _MINUTES, "R5")
    row = {"件数": 100, "平均": 8.1, "気温": -1.2, "最長": 40.5, "台数": 4, "収支": 5, "割合": 0.5, "備考": "あり"}
    rows = dict.fromkeys(("東署", "西署", "北署"), row)
    fill(office, "R5", "1-1", rows | {"西署": row | {"件数": "…", "最長": "・・・", "台数": "．．．"}})
    assert printed(office, "1-1", "R5")[1:] == [
        ("西署", "…", "8.1", "▲1.2", "…", "…", "5", "0.5", "あり", "…"),
        ("北署", "100", "8.1", "▲1.2", "40.5", "4", "5", "0.5", "あり", "25.00"),
        ("全体", "…", "…", "▲1.2", "…", "4", "15", "", "", "…"),
    ]
    year = office.year("R5")
    assert table_view(office.dictionary["1-1"], office.figures(year), year).notes[-1] == "… は、分からない数値"
    prepare(Office(office.folder), FiscalYear("R6"))
    page = load_workbook(office.workbook(FiscalYear("R6"))).worksheets[1]
    assert any('="…"' in rule.formula1 for rule in page.data_validations.dataValidation)


def test_a_year_on_decimals_are_shown_beside(tmp_path):
    office = an_office(tmp_path, _MINUTES, "R5")
    row = {"件数": 1, "平均": 8.1, "気温": -2.5, "最長": 40.5, "台数": 3, "収支": -5, "割合": 0.5, "備考": "あり"}
    fill(office, "R5", "1-1", dict.fromkeys(("東署", "西署", "北署"), row))
    prepare(Office(office.folder), FiscalYear("R6"))
    page = load_workbook(office.workbook(FiscalYear("R6"))).worksheets[1]
    cells = {cell.value for line in page.iter_rows() for cell in line}
    assert {8.1, 40.5, -5, "（R5年度 東署）"} <= cells
    assert page["C5"].number_format == "#,##0.0" and page["G5"].number_format == "#,##0;▲#,##0"


# Axes


def test_quarters(tmp_path):
    tables = """
[[table]]
id = "1-1"
title = "四半期の件数"
since = "R4"
rows = "quarters"
kept_years = 2
unit = "件"
columns = [{ name = "件数" }, { name = "前年比", of = "件数 ÷ 前年の件数", unit = "％", decimals = 1 }]
"""
    office = an_office(tmp_path, tables, "R4", "R5")
    labels = ["第１四半期", "第２四半期", "第３四半期", "第４四半期"]
    fill(office, "R4", "1-1", {label: {"件数": 10 * at} for at, label in enumerate(labels, 1)})
    fill(office, "R5", "1-1", {label: {"件数": 10 * at + 5} for at, label in enumerate(labels[:2], 1)})
    assert printed(office, "1-1", "R5") == [
        ("第１四半期", "15", "150.0"), ("第２四半期", "25", "125.0"), ("第３四半期", "", ""), ("第４四半期", "", ""),
        ("R5年度（９月まで）", "40", "133.3"), ("R4年度（９月まで）", "30", ""), ("R4年度", "100", ""),
    ]  # fmt: skip


def test_a_quarter_that_nobody_has_filled_in_is_told_and_one_to_come_is_no_zero(tmp_path):
    tables = """
[[table]]
id = "1-1"
title = "四半期の件数"
since = "R5"
rows = "quarters"
blank = 0
unit = "件"
columns = [{ name = "件数" }, { name = "他" }]

[[table]]
id = "1-2"
title = "四半期の人数"
since = "R5"
rows = "quarters"
unit = "人"
columns = [{ name = "人数" }]

[[table]]
id = "1-3"
title = "月の件数"
since = "R5"
rows = "months"
unit = "件"
columns = [{ name = "件数" }]
"""
    office = an_office(tmp_path, tables, "R5")
    fill(office, "R5", "1-1", {"第１四半期": {"件数": 3}})
    fill(office, "R5", "1-2", {"第１四半期": {"人数": 2}})
    fill(
        office, "R5", "1-3", {month: {"件数": 1} for month in ("R5.4", "R5.5", "R5.6", "R5.7", "R5.8", "R5.9", "R5.10")}
    )
    assert printed(office, "1-1", "R5")[:4] == [
        ("第１四半期", "3", "0"), ("第２四半期", "0", "0"), ("第３四半期", "", ""), ("第４四半期", "", ""),
    ]  # fmt: skip
    gaps = [
        finding.fault.where for finding in review(office.of(R5)).findings if "数値がありません" in finding.fault.what
    ]
    assert len(gaps) == 1 and "1-2" in gaps[0]


@pytest.mark.parametrize("ascending", [False, True])
def test_years_from_before_there_was_a_workbook(tmp_path, ascending):
    tables = f"""
[[table]]
id = "1-1"
title = "年の推移"
since = "R4"
years_since = "H30"
rows = "years"
ascending = {str(ascending).lower()}
unit = "人"
columns = [{{ name = "人数" }}, {{ name = "増減", of = "人数 - 前年の人数", signed = true }}, {{ name = "摘要", text = true }}]
"""
    office = an_office(tmp_path, tables, "R4", "R5")
    for at, label in enumerate(["H30年度", "R元年度", "R2年度", "R3年度", "R4年度"]):
        fill(office, "R4", "1-1", {label: {"人数": 100 - at, "摘要": f"{label}分"}})
    fill(office, "R5", "1-1", {"R5年度": {"人数": 120, "摘要": "見込み"}})
    rows = [
        ("H30年度", "100", "", "H30年度分"), ("R元年度", "99", "▲1", "R元年度分"), ("R2年度", "98", "▲1", "R2年度分"),
        ("R3年度", "97", "▲1", "R3年度分"), ("R4年度", "96", "▲1", "R4年度分"), ("R5年度", "120", "24", "見込み"),
    ]  # fmt: skip
    assert printed(office, "1-1", "R5") == (rows if ascending else rows[::-1])
    assert printed(office, "1-1", "R4") == (rows[:5] if ascending else rows[4::-1])


def test_groups_of_rows_with_their_subtotals(tmp_path):
    tables = """
[[table]]
id = "1-1"
title = "原因別"
since = "R5"
rows = ["不明"]
groups = [
  { name = "病気", rows = ["心臓", "脳", "病気 その他"], subtotal = "病気 小計" },
  { name = "けが", rows = ["交通", "けが その他"] },
]
total = "合計"
unit = "人"
columns = [{ name = "人数" }, { name = "構成比", of = "人数 ÷ 合計の人数", unit = "％", decimals = 1 }]
"""
    office = an_office(tmp_path, tables, "R5")
    counts = {"不明": 1, "心臓": 2, "脳": 3, "病気 その他": 4, "交通": 5, "けが その他": 5}
    fill(office, "R5", "1-1", {label: {"人数": count} for label, count in counts.items()})
    assert printed(office, "1-1", "R5") == [
        ("不明", "1", "5.0"), ("病気", "心臓", "2", "10.0"), ("", "脳", "3", "15.0"), ("", "その他", "4", "20.0"),
        ("", "小計", "9", "45.0"), ("けが", "交通", "5", "25.0"), ("", "その他", "5", "25.0"), ("合計", "20", "100.0"),
    ]  # fmt: skip


def test_entries_of_any_columns(tmp_path):
    tables = """
[[table]]
id = "1-1"
title = "講座"
since = "R5"
rows = "entries"
total = "計"
columns = [{ name = "講座名", text = true }, { name = "回数", unit = "回" }, { name = "満足度", unit = "％", decimals = 1, total = "none" }, { name = "会場", text = true }]
"""
    office = an_office(tmp_path, tables, "R5")
    path = office.workbook(FiscalYear("R5"))
    book = load_workbook(path)
    page = book["1-1 講座"]
    for row, values in enumerate([("手話", 3, 91.5, "本館"), ("点字", 12, 88, "分館")], start=5):
        for column, value in enumerate(values, start=1):
            page.cell(row, column).value = value
    book.save(path)
    assert printed(office, "1-1", "R5") == [
        ("手話", "3", "91.5", "本館"),
        ("点字", "12", "88.0", "分館"),
        ("計", "15", "", ""),
    ]


RANKED = """
[[table]]
id = "2-1"
title = "利用"
since = "R5"
unit = "人"
rows = ["甲館", "乙館", "丙館", "丁館"]
groups = [{ name = "南", rows = ["丙館", "丁館"], subtotal = "小計" }]
total = "合計"
columns = [
  { name = "利用者" },
  { name = "順位", of = "利用者の順位", unit = "位" },
  { name = "待ち時間", unit = "分", decimals = 1, total = "none" },
  { name = "早い順", of = "待ち時間の小さい順", unit = "位" },
]
"""


def test_a_rank_is_among_the_rows_and_those_alike_share_it(tmp_path):
    office = an_office(tmp_path, RANKED, "R5")
    rows = {"甲館": (30, 2.5), "乙館": (50, 2.5), "丙館": (30, 1), "丁館": ("－", 9)}
    fill(office, "R5", "2-1", {name: {"利用者": users, "待ち時間": wait} for name, (users, wait) in rows.items()})
    own = Office(office.folder).figures(R5).table("2-1", R5)
    ranks = {label: (row["順位"], row["早い順"]) for (label, _), row in own.rows.items()}
    assert ranks == {"甲館": (2, 2), "乙館": (1, 2), "丙館": (2, 1), "丁館": (NOT_APPLICABLE, 4), "小計": (None, None)}
    assert own.year[""]["順位"] is None and own.year[""]["利用者"] == 110


def test_a_table_that_is_too_wide_can_lie(tmp_path):
    """The message offers it; then the table has a page of its own, turned, with its heading."""
    columns = "\n".join(f'  {{ name = "とても長い見出しの列{at}" }},' for at in range(7))
    head = 'id = "2-1"\ntitle = "広い表"\nsince = "R5"\nunit = "人"\nrows = ["甲", "乙"]\n'
    (tmp_path / "notebooks").mkdir()
    cells = [new_code_cell('fiscal_year = ""', metadata={"tags": ["parameters"]})]
    sources = [
        "# 2　実績",
        "from nenpo.report import Report\nreport = Report(fiscal_year)",
        "## 2－1　広い表",
        'report.table("2-1")',
    ]
    cells += [new_markdown_cell(text) if text.startswith("#") else new_code_cell(text) for text in sources]
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "02_実績.ipynb")
    office = an_office(tmp_path, f"[[table]]\n{head}columns = [\n{columns}\n]\n", "R5")
    fill(office, "R5", "2-1", {row: {f"とても長い見出しの列{at}": 10**13 for at in range(7)} for row in ("甲", "乙")})
    with pytest.raises(ContentError, match="landscape = true"):
        build(Office(office.folder), R5, tmp_path / "out", Wanted(), lambda *told: None)
    tables = office.folder / "tables.toml"
    tables.write_text(f"[[table]]\n{head}landscape = true\ncolumns = [\n{columns}\n]\n", encoding="utf-8")
    made = build(Office(office.folder), R5, tmp_path / "out", Wanted(), lambda *told: None)
    with pikepdf.open(made / "report.pdf") as pdf:
        boxes = [page.mediabox for page in pdf.pages]
    assert [float(box[2]) > float(box[3]) for box in boxes].count(True) == 1 and len(
        boxes
    ) == 3  # cover, heading, table


def test_a_title_has_lines_and_the_western_year(tmp_path):
    settings = "western_year = true\n"
    office = an_office(tmp_path, RANKED, "R5", settings=settings)
    path = office.folder / "office.toml"
    text = path.read_text(encoding="utf-8").replace('"年報"', '"""\n年報\nAnnual Report {西暦}"""')
    path.write_text(text, encoding="utf-8")
    profile = Office(office.folder).profile
    assert title(profile, R5, 12) == "令和５年度（2023年度）　年報\nAnnual Report 2023"
    assert (
        in_one_line(title(profile, R5, 6)) == "令和５年度（2023年度）　年報　Annual Report 2023（年度途中、９月まで）"
    )


def test_a_cross_table_of_its_own_sums(tmp_path):
    tables = """
[[table]]
id = "1-1"
title = "程度別"
shape = "cross"
since = "R5"
unit = "人"
rows = ["重い", "軽い"]
total = "合計"
columns = [{ name = "昼" }, { name = "夜" }]

[[table]]
id = "1-2"
title = "時間別"
shape = "cross"
since = "R5"
shares = "計"
share_decimals = 0
rows = ["重い", "軽い"]
columns = [{ name = "昼" }, { name = "夜" }, { name = "計", sum = ["昼", "夜"] }]
"""
    office = an_office(tmp_path, tables, "R5")
    for sheet in ("1-1", "1-2"):
        fill(office, "R5", sheet, {"重い": {"昼": 1, "夜": 2}, "軽い": {"昼": 2, "夜": 6}})
    assert printed(office, "1-1", "R5") == [
        ("重い", "1", "33.3%", "2", "25.0%"), ("軽い", "2", "66.7%", "6", "75.0%"), ("合計", "3", "100%", "8", "100%"),
    ]  # fmt: skip
    assert printed(office, "1-2", "R5") == [
        ("重い", "1", "33%", "2", "67%", "3", "100%"), ("軽い", "2", "25%", "6", "75%", "8", "100%"),
    ]  # fmt: skip


# The ambulance report


def published(name):
    with (ROOT / "tests" / "ambulance_figures" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_derived_columns_agree_with_what_was_printed():
    office = Office(AMBULANCE)
    *rows, total = printed(office, "2-1", "R5")
    for cells, line in zip(rows, published("patients-by-cause.csv"), strict=True):
        assert [cell.replace(",", "").replace("▲", "-") for cell in cells] == line
    assert total == ("合計", "6,639,959", "100.0", "6,217,283", "100.0", "422,676", "6.8")


def test_totals_agree_with_what_was_printed():
    office = Office(AMBULANCE)
    assert [row[-1] for row in printed(office, "3-2", "R5")] == [
        "52,984",
        "95,137",
        "71,317",
        "64,869",
        "47,877",
        "71,029",
    ]
    assert printed(office, "2-2", "R5")[-1][1::2] == ("1,496,283", "111,274", "363,345", "202,507")
    assert printed(office, "3-1", "R5")[-1][1:5] == ("284,379", "242,157", "", "")


def test_a_calendar_year_says_so(tmp_path):
    year = Office(AMBULANCE).year("R5")
    assert (year.label, year.short, year.previous.label, year.months[0].label) == (
        "令和５年",
        "R5年",
        "令和４年",
        "R5.1",
    )
    assert [row[0] for row in printed(Office(AMBULANCE), "4-1", "R5")][:2] == ["R5.1", "R5.2"]
    with pytest.raises(InputError, match="calendar"):
        an_office(tmp_path, _MINUTES, "R5", settings='year = "暦年"\n')


def test_the_ambulance_report_is_built_and_nothing_says_fiscal(tmp_path):
    office = Office(AMBULANCE)
    folder = build(
        office,
        FiscalYear("R5"),
        tmp_path,
        Wanted(("report.html", "report.pdf", "report-review.html"), jobs=2),
        lambda *told: None,
    )
    page = (folder / "report.html").read_text(encoding="utf-8")
    shown = BeautifulSoup(page, "html.parser").get_text()
    assert "令和５年　救急年報" in shown and "年度" not in shown and "「」" not in shown
    for words in (
        "図3－1－2　出場件数と病院収容までの時間",
        "表3－1－2　本部あたりの件数",
        "図3－2－2　合計の推移（H29～R4年）",
        "▲30",
        "増減率",
        "（％）",
        "H29年",
    ):
        assert words in shown, words
    assert (
        shown.index("救急車の利用が年ごとに")
        < shown.rindex("令和５年のあらまし")
        < shown.index("この年報は、令和５年１月")
    )
    assert {
        figure.outcome for figure in review(office.of(office.year("R5"))).figures if figure.kind == "statistic"
    } == {"traced"}
    assert [finding.severity for finding in review(office.of(office.year("R5"))).findings] == ["note"]


# Changes after figures have been typed

_BEFORE = """
[[table]]
id = "1-1"
title = "利用"
since = "R4"
rows = "months"
total = "計"
columns = [{ name = "来館者" }, { name = "電話" }]

[[table]]
id = "1-2"
title = "別の表"
since = "R4"
rows = ["男", "女"]
columns = [{ name = "人数" }]

[[table]]
id = "1-3"
title = "数"
shape = "values"
since = "R4"
unit = "人"
items = [{ name = "登録" }]
"""
_AFTER = """
[[table]]
id = "1-1"
title = "利用"
since = "R4"
rows = "months"
total = "計"
measures = [{ name = "件数" }, { name = "人数" }]
columns = [{ name = "メール", since = "R5" }, { name = "来所者", was = "来館者" }, { name = "電話", until = "R4" }]

[[table]]
id = "1-2"
title = "別の表"
since = "R4"
rows = ["男性", "女"]
renamed = { "男性" = "男" }
columns = [{ name = "人数" }]

[[table]]
id = "1-3"
title = "数"
shape = "values"
since = "R4"
unit = "人"
items = [{ name = "登録者" }]
renamed = { "登録者" = "登録" }
"""


def test_a_table_changed_after_figures_were_typed(tmp_path):
    office = an_office(tmp_path, _BEFORE, "R4")
    months = [month.label for month in FiscalYear("R4").months]
    fill(office, "R4", "1-1", {label: {"来館者": at, "電話": 1} for at, label in enumerate(months)})
    fill(office, "R4", "1-2", {"男": {"人数": 3}, "女": {"人数": 4}})
    path = office.workbook(FiscalYear("R4"))
    book = load_workbook(path)
    book["単独の数値"]["C5"] = 7
    book.save(path)
    office = an_office(tmp_path, _AFTER)
    figures = office.figures(FiscalYear("R4"))
    assert figures.of_year("1-1", "来所者", FiscalYear("R4"), "件数") == 66
    assert figures.of_year("1-1", "電話", FiscalYear("R4"), "件数") == 12
    assert figures.table("1-2", FiscalYear("R4")).rows["男性", ""]["人数"] == 3
    assert figures.single("1-3", "登録者", FiscalYear("R4")) == 7
    told = prepare(office, FiscalYear("R4"))  # the new form beside the old, with all that was typed
    assert [one.file.name for one in told] == ["statistics（項目を足したもの）.xlsx"]
    told[0].file.replace(path)
    again = Office(office.folder).figures(FiscalYear("R4"))
    assert (
        again.of_year("1-1", "来所者", FiscalYear("R4"), "件数") == 66
        and again.single("1-3", "登録者", FiscalYear("R4")) == 7
    )
    prepare(Office(office.folder), FiscalYear("R5"))
    page = load_workbook(office.workbook(FiscalYear("R5")))["1-1 利用"]
    assert [cell.value for cell in page[4]][:4] == ["月", "区分", "メール", "来所者"]


# Chapters of an office


def a_chapter(folder, name, parameters="", shown="threshold"):
    import nbformat

    cell = nbformat.v4.new_code_cell(f'fiscal_year = "R5"\n{parameters}')
    cell["metadata"]["tags"] = ["parameters"]
    asked = nbformat.v4.new_code_cell(f"from nenpo.report import Report\nreport = Report(fiscal_year)\nprint({shown})")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 1　章"), cell, asked])
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / name)


def test_chapters_have_parameters_of_their_own(tmp_path, capsys):
    office = an_office(tmp_path, _MINUTES, "R5")
    a_chapter(tmp_path / "notebooks", "01_章.ipynb", "threshold = 3")
    a_chapter(tmp_path / "notebooks", "02_章.ipynb", "", '"なし"')
    command = ["build", "R5", "--html", "--data", str(office.folder), "--out", str(tmp_path / "out")]
    page = tmp_path / "out" / "R5" / "report.html"
    assert main(command) == 0 and "<pre>3</pre>" in page.read_text()
    assert main([*command, "-p", "threshold", "5"]) == 0 and "<pre>5</pre>" in page.read_text()
    assert main([*command, "-p", "threshold", "多い", "--why"]) == 0 and "<pre>多い</pre>" in page.read_text()
    assert "02_章：再利用" in capsys.readouterr().err
    assert main([*command, "-p", "treshold", "5"]) == 2 and "threshold です" in capsys.readouterr().err
    assert main(command) == 0 and "<pre>3</pre>" in page.read_text()


def test_two_chapters_of_one_number_are_refused_and_ten_come_after_nine(tmp_path):
    office = an_office(tmp_path, _MINUTES, "R5")
    for name in ("9_a.ipynb", "10_b.ipynb", "2_c.ipynb"):
        a_chapter(tmp_path / "notebooks", name, shown="1")
    assert [path.name for path in chapter_notebooks(office)] == ["2_c.ipynb", "9_a.ipynb", "10_b.ipynb"]
    a_chapter(tmp_path / "notebooks", "09_d.ipynb")
    with pytest.raises(InputError, match="同じ番号"):
        chapter_notebooks(office)


def test_a_new_year_takes_pictures_along_and_leaves_renamed_chapters_alone(tmp_path):
    office = an_office(tmp_path, _MINUTES, "R5")
    texts = office.folder / "R5" / "commentary"
    (texts / "pictures").mkdir(parents=True)
    (texts / "pictures" / "地図.png").write_bytes(b"png")
    (texts / "1-1.md").write_text("![地図](pictures/地図.png)\n", encoding="utf-8")
    prepare(Office(office.folder), FiscalYear("R6"))
    assert (office.folder / "R6" / "commentary" / "pictures" / "地図.png").read_bytes() == b"png"
    other = tmp_path / "other"
    start_office(other, FiscalYear("R6"))
    (other / "notebooks" / "02_実績.ipynb").rename(other / "notebooks" / "02_利用.ipynb")
    assert start_office(other, FiscalYear("R6")) == []
    assert sorted(path.name for path in (other / "notebooks").iterdir()) == ["01_概要.ipynb", "02_利用.ipynb"]
