"""Sheets as offices have them already: titles above, any corner, numbers or groups before the names, columns in any order, subtotals,
notes. The figures are read from where they stand, or refused; none is read from elsewhere."""

import datetime
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.cell import coordinate_to_tuple

from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prepare.year import prepare
from nenpo.review.checks import review
from nenpo.tables_toml import read_dictionary
from nenpo.workbook.book import plain as plainly
from nenpo.workbook.reading import read_workbook, survey_workbook

R6 = FiscalYear("R6")
MONTHS = [f"{4 + at if at < 9 else at - 8}月" for at in range(12)]
GROUPS = {"本管": ["鋳鉄管", "その他"], "給水管": ["道路部分", "宅地部分", "その他"]}
# What the rows are in tables.toml, and how an office writes them: in groups, or each by a name.
AXES = {
    "months": ('rows = "months"', {"": MONTHS}),
    "months of two years": ('rows = "months"', {"令和６年": MONTHS[:9], "令和７年": MONTHS[9:]}),
    "months as dates": ('rows = "months"', {"": [datetime.date(2024 + (at > 8), (at + 3) % 12 + 1, 1) for at in range(12)]}),
    "quarters": ('rows = "quarters"', {"": [f"第{nth}四半期" for nth in "１２３４"]}),
    "years": ('rows = "years"\nyears_since = "H29"', {"": ["平成29年度", "30", "令和元年度", "２", "３", "4年度", "５", "令和6年度"]}),
    "western years": ('rows = "years"\nyears_since = "R3"', {"": ["2021年度", "2022", "2023年", "2024年度"]}),
    "named": ('rows = ["甲", "乙", "丙（注）", "その他"]', {"": ["甲", "乙", "丙(注)", "その他"]}),
    "grouped": (
        "groups = [" + ", ".join(f'{{ name = "{name}", rows = {rows}, subtotal = "小計" }}' for name, rows in GROUPS.items()) + "]",
        GROUPS,
    ),
}  # fmt: skip
# What an office writes before a name and behind it that is none of it.
MARKS_BEFORE = st.sampled_from(["", "", "", "① ", "(1)", "1．", "２ ", "ア．", "※"])
MARKS_BEHIND = st.sampled_from(
    ["", "", "", " (A)", "Ａ", "\nB/A", "（Ａ－Ｂ）", "②－①", "（B/A×100）", "※1", "（注１）", "注2", "（令和６年度）"]
)
OWN_NAME = "集計（課内）"
COLUMNS = {"件数": "件", "延長": "ｍ", "うち緊急": "件", "調定額": "千円"}


# Columns under a common heading, by how they are called there.
UNDER = {"計画件数": "件数", "計画金額": "金額"}


def tables_toml(rows, columns, below):
    listed = ", ".join(
        f'{{ name = "{name}", group = "計画", label = "{UNDER[name]}" }}'
        if name in UNDER
        else f'{{ name = "{name}", unit = "{COLUMNS[name]}" }}'
        for name in columns
    )
    # a row that stands in several groups is called by the group's name and its own
    return f'[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\ntotal = "{below}"\n{rows}\ncolumns = [{listed}]\n'


@st.composite
def own_sheets(draw):
    """A table, its figures by row and column, and the sheet as rows of cells with the areas that are merged there."""
    axis, wanted = (
        draw(st.sampled_from(sorted(AXES))),
        draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, unique=True)),
    )
    rows, groups = AXES[axis]
    below = total = draw(st.sampled_from(["合計", "計", "総数"]))
    order = draw(st.permutations(wanted))
    # what stands before the figures: nothing, a running number, the group; what stands between and behind them: the office's own
    numbered = draw(st.booleans())
    own = draw(st.sampled_from([[], ["備考"], ["構成比", "前年度比"]]))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(order)))
        order = [*order[:at], *UNDER, *order[at:]]
        wanted = [*wanted, *UNDER]
    is_flat = draw(st.booleans())
    heads = [
        ("計画" + UNDER[name] if is_flat else UNDER[name])
        if name in UNDER
        else draw(MARKS_BEFORE)
        + name
        + draw(
            st.sampled_from(["", f"（{COLUMNS[name]}）", f"[{COLUMNS[name]}]", f"〔単位：{COLUMNS[name]}〕", "\n", " "])
        )
        + draw(MARKS_BEHIND)
        for name in order
    ]
    in_groups = any(groups)
    corner = draw(st.sampled_from(["区分", "月", "年月", "月別", "項目", "", "期別", "年度", "種　別"]))
    lead = ["No."] * numbered + [corner] * (1 + in_groups)
    cells = [
        [draw(st.sampled_from(["", "表１　実績", "（単位：件）", "令和６年度"]))]
        for _ in range(draw(st.integers(0, 3)))
    ]
    top, behind = len(cells), draw(st.booleans())
    figures, merged, number = {}, [], 0
    names = [*lead, *(heads if behind else []), *own, *([] if behind else heads)]
    first = len(lead) + (0 if behind else len(own))
    if any(name in UNDER for name in order) and not is_flat:
        at = first + next(place for place, name in enumerate(order) if name in UNDER)
        above = ["計画" if place == at else None if place == at + 1 else name for place, name in enumerate(names)]
        how = draw(st.sampled_from(["merged", "blank below", "blank above"]))
        if (
            how == "blank above" and "件数" not in order[order.index("計画件数") :]
        ):  # else nobody can tell which 件数 is meant
            above = [name if name == "計画" else None for name in above]
        else:
            names = [name if above[place] in ("計画", None) else None for place, name in enumerate(names)]
        row = len(cells) + 1
        if how == "merged":
            merged += [(row, at + 1, row, at + 2)]
            merged += [(row, place + 1, row + 1, place + 1) for place, name in enumerate(names) if name is None]
        cells.append(above)
    cells.append(names)
    marks = (
        (st.just(""), st.just(""))
        if "month" in axis or "year" in axis or axis == "quarters"
        else (MARKS_BEFORE, MARKS_BEHIND)
    )
    for group, names in groups.items():
        marked = draw(marks[0]) + group + draw(marks[1]) if group else group
        start = len(cells) + 1
        how = draw(st.sampled_from(["merged", "once", "each"])) if group else ""
        for at, name in enumerate(names):
            number += 1
            values = [draw(st.integers(0, 99_999)) for _ in order]
            written = draw(marks[0]) + name + draw(marks[1]) if isinstance(name, str) else name
            label = [marked if how == "each" or at == 0 else None] * in_groups + [written]
            cells.append(
                [
                    *[number] * numbered,
                    *label,
                    *(values if behind else []),
                    *["※"] * len(own),
                    *([] if behind else values),
                ]
            )
            figures[group, name] = dict(zip(order, values, strict=True))
        if group in GROUPS and draw(st.booleans()):
            cells.append([*[None] * numbered, marked if how == "each" else None, "小計" + draw(marks[1])])
        if how == "merged":
            merged.append((start, 1 + numbered, len(cells), 1 + numbered))
    if "month" not in axis and "year" not in axis:
        below += draw(marks[1])
        cells.append([*[None] * numbered, *([below, below] if in_groups else [below])])
        if in_groups and draw(st.booleans()):
            cells[-1] = [*[None] * numbered, below, None]
    beside = [*[None] * numbered, *[None] * in_groups]
    if "month" in axis or cells[-1][-1] in (None, below):
        lines = [[[*beside, "前年度", 5, 6], [*beside, "増　減", 1]], [[*beside, "月平均"], [None] * 3 + [7]]]
        cells += draw(st.sampled_from([[], *lines]))
    if draw(st.booleans()):  # the table lies on its side
        block, merged = turned(cells[top:], [(area[0] - top, area[1], area[2] - top, area[3]) for area in merged])
        cells = [*cells[:top], *block]
        merged = [(area[0] + top, area[1], area[2] + top, area[3]) for area in merged]
    cells += draw(st.sampled_from([[], [[]], [["※ 速報値"]], [[], ["（注）概数"]], [["注１ 速報値"]]]))
    toml = tables_toml(rows, wanted, total if axis in ("named", "grouped") else "")
    toml += draw(st.sampled_from(["", f'\nsheet_name = "{OWN_NAME}"']))
    return toml, figures, cells, merged


def turned(cells, merged):
    """Cells and their merged areas with rows for columns."""
    width = max(map(len, cells))
    across = [[row[column] if column < len(row) else None for row in cells] for column in range(width)]
    return across, [(left, top, right, bottom) for top, left, bottom, right in merged]


def read(folder, toml, cells, merged, every=False):
    (Path(folder) / "tables.toml").write_text(toml, encoding="utf-8")
    book = Workbook()
    sheet = book.active
    sheet.title = OWN_NAME if "sheet_name" in toml else "2-1 表"
    for row, values in enumerate(cells, start=1):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, None if value == "" else value)
    for top, left, bottom, right in merged:
        sheet.merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)
    path = Path(folder) / "statistics.xlsx"
    book.save(path)
    tables = read_workbook(path, read_dictionary(Path(folder) / "tables.toml"), R6).tables
    return tables if every else tables["2-1"]


@given(own_sheets())
@settings(max_examples=200, deadline=None)
def test_figures_are_read_from_where_they_stand(made):
    toml, figures, cells, merged = made
    with tempfile.TemporaryDirectory() as folder:
        rows = read(folder, toml, cells, merged)
    assert [dict(row.values) for row in rows] == list(figures.values())


@given(st.lists(own_sheets(), min_size=2, max_size=3), st.data())
@settings(max_examples=100, deadline=None)
def test_several_tables_stand_on_one_sheet(made, data):
    """One below the other, or beside it, an empty row and column apart."""
    cells, merged, tomls = [], [], []
    for nth, (toml, _, own, areas) in enumerate(made, start=1):
        own, areas = (
            [[f"実績その{nth}"], *own],
            [(top + 1, left, bottom + 1, right) for top, left, bottom, right in areas],
        )
        down = bool(cells) and data.draw(st.booleans())
        top = len(cells) + data.draw(st.integers(1, 3)) if down else 0
        left = max(map(len, cells)) + data.draw(st.integers(1, 2)) if cells and not down else 0
        cells += [[] for _ in range(top + len(own) - len(cells))]
        for row, values in enumerate(own, start=top):
            cells[row] += [None] * (left - len(cells[row])) + values if values else []
        merged += [(area[0] + top, area[1] + left, area[2] + top, area[3] + left) for area in areas]
        toml = toml.replace('id = "2-1"', f'id = "2-{nth}"').replace('title = "表"', f'title = "実績その{nth}"')
        tomls.append(toml.replace(f'sheet_name = "{OWN_NAME}"', "") + f'sheet_name = "{OWN_NAME}"\n')
    with tempfile.TemporaryDirectory() as folder:
        tables = read(folder, "\n".join(tomls), cells, merged, every=True)
    for nth, (_, figures, *_) in enumerate(made, start=1):
        assert [dict(row.values) for row in tables[f"2-{nth}"]] == list(figures.values())


def test_tables_below_each_other_need_no_empty_row(tmp_path):
    months = ["区分", *MONTHS]
    rows = [
        ["月別"], months, ["件数", *range(12)], ["構成比", *["※"] * 12], ["※ 速報値"],
        ["水道管"], ["区分", "区分", "件数"], ["本管", "鋳鉄管", 1], [None, "その他", 2], [None, "小計"],
        ["給水管", "道路部分", 3], [None, "宅地部分", 4], [None, "その他", 5], [None, "小計"], ["合計", "合計"],
        ["年代別"], ["区分", "件数"], ["若年", 6], ["高齢", 7],
    ]  # fmt: skip
    toml = "".join(
        tables_toml(axis, ["件数"], "").replace('"2-1"', f'"2-{nth}"').replace('"表"', f'"{title}"')
        + f'sheet_name = "{OWN_NAME}"\n'
        for nth, title, axis in (
            (1, "月別", 'rows = "months"'),
            (2, "水道管", AXES["grouped"][0]),
            (3, "年代別", 'rows = ["若年", "高齢"]'),
        )
    )
    tables = read(tmp_path, toml, rows, [], every=True)
    read_ = [[row.values["件数"] for row in tables[f"2-{nth}"]] for nth in (1, 2, 3)]
    assert read_ == [list(range(12)), [1, 2, 3, 4, 5], [6, 7]]


def test_tables_side_by_side_need_no_empty_column(tmp_path):
    rows = [
        ["男女別", None, "年代別", None],
        ["区分", "件数", "区分", "件数"],
        ["男", 1, "若年", 4],
        ["女", 2, "高齢", 5],
        ["計", 3, "計", 9],
    ]
    toml = "".join(
        tables_toml(f"rows = {names}", ["件数"], "計").replace('"2-1"', f'"2-{nth}"').replace('"表"', f'"{title}"')
        + f'sheet_name = "{OWN_NAME}"\n'
        for nth, title, names in ((1, "男女別", '["男", "女"]'), (2, "年代別", '["若年", "高齢"]'))
    )
    tables = read(tmp_path, toml, rows, [], every=True)
    assert [[row.values["件数"] for row in tables[f"2-{nth}"]] for nth in (1, 2)] == [[1, 2], [4, 5]]


@pytest.mark.parametrize("area", [(1, 1, 1, 3), (1, 2, 1, 3)])
def test_a_title_over_the_columns_is_no_heading(tmp_path, area):
    cells = [[None, "件数"] if area[1] == 2 else ["件数"], [], ["区分", "件数"], ["甲", 1], ["乙", 2]]
    rows = read(tmp_path, tables_toml('rows = ["甲", "乙"]', ["件数"], ""), cells, [area])
    assert [row.values["件数"] for row in rows] == [1, 2]


@pytest.mark.parametrize("heads", [["区分"], ["区分", "人数"], ["件数", "区分"]])
def test_a_sheet_without_the_columns_is_refused(tmp_path, heads):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数"], "")
    with pytest.raises(InputError, match="「件数」"):
        read(tmp_path, toml, [["題"], heads, ["甲", 1], ["乙", 2]], [])


@pytest.mark.parametrize(
    "heads",
    [["件数（令和５年度）"], ["件数（うち市外）"], ["件数（千件）"], ["件数Ａ", "件数Ｂ"], ["件数 (A)", "件数 (B)"]],
)
def test_a_heading_that_says_more_is_not_taken_for_the_name(tmp_path, heads):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数"], "")
    with pytest.raises(InputError) as refused:
        read(tmp_path, toml, [["区分", *heads], ["甲", 1, 2], ["乙", 1, 2]], [])
    assert "列「件数」がありません" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("出生数", "出生"), ("転入者", "転入者数（人）"), ("相談件数", "② 相談"), ("１日当たり食数", "1日当たりの食数"), ("老年人口", "老年人口（65歳以上）"),
        ("年少人口", "年少人口（０～１４歳）"), ("職員数", "職員数（４月１日現在）"), ("受付件数（電話）", "受付件数(電話)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("axis", ["column", "row"])
def test_a_name_that_is_written_almost_so_is_read_and_told(tmp_path, name, written, axis):
    written = written if axis == "column" else written.replace("（人）", "")  # rows have no unit of their own
    rows = [name, "乙"] if axis == "row" else ["甲", "乙"]
    toml = tables_toml(f"rows = {rows}", ["件数"], "").replace(
        "columns = [", f'columns = [{{ name = "{name}", unit = "人" }}, ' * (axis == "column") or "columns = ["
    )
    heads, labels = ([written, "件数"], ["甲", "乙"]) if axis == "column" else (["件数"], [written, "乙"])
    cells = [["区分", *heads], *([label, *(at + of for of in range(len(heads)))] for at, label in enumerate(labels))]
    read_rows = read(tmp_path, toml, cells, [])
    assert [[*row.values.values()] for row in read_rows] == [line[1:] for line in cells[1:]]
    records = read_workbook(tmp_path / "statistics.xlsx", read_dictionary(tmp_path / "tables.toml"), R6)
    assert [notice.is_warning for notice in records.notices] == [True] * (plainly(name) != plainly(written))


@pytest.mark.parametrize(
    ("names", "heads"),
    [
        (["相談件数"], ["相談数", "相談"]), (["相談件数", "相談者数"], ["相談者", "者数"]), (["申請件数"], ["申請（うち市外）"]), (["申請件数"], ["申請（令和５年度）"]),
        (["申請件数"], ["申請（千件）"]), (["利用人数"], ["利用（4～9月）"]), (["利用人数"], ["利用（1日平均）"]), (["申請件数", "申請数"], ["申請"]),
    ],
)  # fmt: skip
def test_a_name_that_may_be_of_two_or_says_more_is_refused(tmp_path, names, heads):
    listed = ", ".join(f'{{ name = "{name}", unit = "件" }}' for name in names)
    toml = f'[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\nrows = ["甲", "乙"]\ncolumns = [{listed}]\n'
    with pytest.raises(InputError):
        read(tmp_path, toml, [["区分", *heads], ["甲", *range(len(heads))], ["乙", *range(len(heads))]], [])


@pytest.mark.parametrize("rows", [["1 甲", "２ 甲"], ["甲(A)", "甲(B)"], ["甲", "甲（注１）"]])
def test_two_rows_that_differ_in_marks_alone_are_refused(tmp_path, rows):
    with pytest.raises(InputError, match="二度"):
        read(tmp_path, tables_toml('rows = ["甲"]', ["件数"], ""), [["区分", "件数"], [rows[0], 1], [rows[1], 2]], [])


@pytest.mark.parametrize("called", ["2-1", "２－１", "ごみの排出量", "2-1ごみの排出量"])
def test_a_sheet_may_be_called_by_the_number_or_the_title_alone(tmp_path, called):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数"], "").replace('"表"', '"ごみの排出量"')
    (tmp_path / "tables.toml").write_text(toml, encoding="utf-8")
    book = Workbook()
    book.active.title = called
    for line in (["区分", "件数"], ["甲", 1], ["乙", 2]):
        book.active.append(line)
    book.save(tmp_path / "statistics.xlsx")
    dictionary = read_dictionary(tmp_path / "tables.toml")
    rows = read_workbook(tmp_path / "statistics.xlsx", dictionary, R6).tables["2-1"]
    assert [row.values["件数"] for row in rows] == [1, 2]
    assert {row.sheet for row in rows} == {"" if called == "2-1ごみの排出量" else called}


@pytest.mark.parametrize("stroke", "-－～〜~―–")
def test_the_stroke_of_a_span_is_written_in_many_ways(tmp_path, stroke):
    toml = tables_toml('rows = ["40～44歳", "45～49歳"]', ["件数"], "")
    rows = read(tmp_path, toml, [["区分", "件数"], [f"40{stroke}44歳", 1], [f"４５{stroke}４９歳", 2]], [])
    assert [row.values["件数"] for row in rows] == [1, 2]


@pytest.mark.parametrize(
    "days, called",
    [
        ([datetime.date(2024, 6, 12), datetime.datetime(2025, 3, 31)], ["R6.6.12", "R7.3.31"]),
        ([datetime.date(2024, 6, 12), "7月下旬"], ["R6.6.12", "7月下旬"]),
        ([datetime.date(2025, 6, 12), datetime.date(2024, 6, 12)], None),  # a day of another year
        ([datetime.date(2024, 6, 12), "毎週"], None),  # 3-4 becomes a date where it is typed
    ],
)
def test_days_of_a_list_are_written_as_months_are(tmp_path, days, called):
    toml = '[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\nrows = "entries"\n'
    cells = [["日付", "内容"], *([day, "講演会"] for day in days)]
    if called is None:
        with pytest.raises(InputError, match="日付（202"):
            read(tmp_path, toml, cells, [])
    else:
        assert [row.values["日付"] for row in read(tmp_path, toml, cells, [])] == called


@pytest.mark.parametrize("year", ["令和６年度", "R6", "2024年度", "令和６年", "本年度"])
@pytest.mark.parametrize("is_turned", [False, True])
def test_of_years_side_by_side_the_own_is_read(tmp_path, year, is_turned):
    toml = tables_toml('rows = "months"', ["件数"], "")
    cells = [["区分", "令和４年度", "令和５年度", year], *([month, 1, 2, 3] for month in MONTHS), ["計", 12, 24, 36]]
    title = [[None, None, None, None, "令和６年度"], []]
    rows = read(tmp_path, toml, [*title, *(turned(cells, [])[0] if is_turned else cells)], [])
    assert [row.values["件数"] for row in rows] == [3] * 12


def test_of_years_side_by_side_none_is_taken_for_another(tmp_path):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数"], "")
    with pytest.raises(InputError, match="「件数」"):
        read(tmp_path, toml, [["区分", "令和４年度", "令和５年度"], ["甲", 1, 2], ["乙", 1, 2]], [])
    rows = read(tmp_path, toml, [["令和６年度"], ["区分", "前年", "件数"], ["甲", 1, 2], ["乙", 1, 2]], [])
    assert [row.values["件数"] for row in rows] == [2, 2]


@pytest.mark.parametrize(
    "years", [["R5", "R6"], ["令和６年度", "令和５年度", "令和４年度"], ["2022年度", "2023年度", "2024年度"]]
)
@pytest.mark.parametrize("how", ["once", "each", "merged"])
@pytest.mark.parametrize(
    "groups", [{"": ["甲", "乙", "丙"]}, {"青果": ["甲", "乙"], "水産": ["丙", "丁"]}, {"": MONTHS}]
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_of_rows_of_several_years_those_of_the_year_are_read(tmp_path, years, how, groups, is_turned):
    cells, merged, expected, value = [[*["区分"] * (1 + any(groups)), "年度", "件数", "延長"]], [], [], 0
    for group, names in groups.items():
        for name in [*names, "計"] if group == [*groups][-1] else names:
            start = len(cells) + 1
            for year in years:
                value += 1
                is_named = how == "each" or year == years[0]
                is_first = is_named and (name == names[0] or name == "計")
                label = [(group if name != "計" else "") if is_first or how == "each" else ""] * any(groups)
                cells.append([*label, name if is_named else "", year, value, value * 10])
                if year in ("R6", "令和６年度", "2024年度") and name != "計":
                    expected.append({"件数": value, "延長": value * 10})
            if how == "merged":
                merged.append((start, 1 + any(groups), len(cells), 1 + any(groups)))
    wanted = (
        'rows = "months"'
        if MONTHS in groups.values()
        else f"rows = {[name for names in groups.values() for name in names]}"
    )
    if is_turned:
        cells, merged = turned(cells, merged)
    rows = read(tmp_path, tables_toml(wanted, ["件数", "延長"], "計" if "months" not in wanted else ""), cells, merged)
    assert [dict(row.values) for row in rows] == expected


@st.composite
def long_sheets(draw):
    """A table whose figures have a line each on their sheet, by row and column or by column and row, or lie on its side so."""
    names, heads = ["甲", "乙", "丙（注）", "その他"], ["件数", "延長", "うち緊急"]
    is_by_row, how = draw(st.booleans()), draw(st.sampled_from(["once", "each", "merged"]))
    outers, inners = (names, heads) if is_by_row else (heads, names)
    outers, inners = draw(st.permutations(outers)), draw(st.permutations(inners))
    written = {name: draw(MARKS_BEFORE) + name + draw(MARKS_BEHIND) for name in (*names, *heads)}
    years = draw(st.sampled_from([["R6"], ["件"], ["令和５年度", "令和６年度"], ["2024年度", "2023年度", "増減"]]))
    own = next((at for at, year in enumerate(years) if year in ("令和６年度", "2024年度")), 0)
    top = draw(st.sampled_from([[], [["題"]], [["題"], []]]))
    cells, merged, figures = [*top, ["区分", "項目", *years]], [], {name: {} for name in names}
    for outer in outers:
        start = len(cells) + 1
        for at, inner in enumerate(inners):
            values = [draw(st.integers(0, 99_999)) for _ in years]
            cells.append([written[outer] if how == "each" or at == 0 else None, written[inner], *values])
            row, head = (outer, inner) if is_by_row else (inner, outer)
            figures[row][head] = values[own]
        if how == "merged":
            merged.append((start, 1, len(cells), 1))
    if draw(st.booleans()):
        cells, merged = turned(cells, merged)
    return tables_toml(f"rows = {names}", heads, ""), figures, cells, merged


@given(long_sheets())
@settings(max_examples=150, deadline=None)
def test_figures_with_a_line_each_are_read(made):
    toml, figures, cells, merged = made
    with tempfile.TemporaryDirectory() as folder:
        rows = read(folder, toml, cells, merged)
    assert {row.label: dict(row.values) for row in rows} == figures


def test_what_is_wrong_where_figures_have_a_line_each_is_told_where_it_stands(tmp_path):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数", "延長"], "")
    cells = [["区分", "項目", "R6"], ["甲", "件数", 1], [None, "延長", "約３"], ["乙", "件数", None], [None, "延長", 4]]
    with pytest.raises(InputError) as refused:
        read(tmp_path, toml, cells, [])
    assert "セル C3：「約3」" in str(refused.value) or "セル C3：「約３」" in str(refused.value)


@pytest.mark.parametrize("heads", [["R5"], ["R5", "R4"], ["計画", "実績"]])
def test_figures_with_a_line_each_that_may_be_of_another_year_are_refused(tmp_path, heads):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数", "延長"], "")
    lines = [["甲", "件数"], [None, "延長"], ["乙", "件数"], [None, "延長"]]
    cells = [
        ["区分", "項目", *heads],
        *([*line, *(at + of for of in range(len(heads)))] for at, line in enumerate(lines)),
    ]
    with pytest.raises(InputError):
        read(tmp_path, toml, cells, [])


UNITS = [
    ("百万円", "（単位：千円）", False), ("百万円", "単位　百万円", True), ("千円", "（単位：円）", False), ("人", "（単位：千人）", False), ("人", "（単位：人、千円）", True),
    ("t", "（単位：ｋｇ）", False), ("t", "（単位：トン）", True), ("千円", "令和６年度（単位：人・百万円）", False), ("件", "（単位：円）", True), ("千㎥", "（単位：㎥）", False),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "said", "is_read"), UNITS)
@pytest.mark.parametrize("where", ["over", "below", "lying"])
def test_numbers_in_so_many_of_another_unit_are_refused(tmp_path, unit, said, is_read, where):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数"], "").replace('unit = "件"', f'unit = "{unit}"')
    alone = said.split("：")[-1].split("　")[-1].strip("（）")
    cells = {
        "over": [[said], ["区分", "件数"], ["甲", 1], ["乙", 2]],
        "below": [["題"], ["区分", "件数"], ["", f"（{alone}）"], ["甲", 1], ["乙", 2]],
        "lying": [["区分", "単位", "甲", "乙"], ["件数", alone, 1, 2]],
    }[where]
    if is_read:
        assert [row.values["件数"] for row in read(tmp_path, toml, cells, [])] == [1, 2]
    else:
        with pytest.raises(InputError, match="単位が"):
            read(tmp_path, toml, cells, [])


LONG = [["区分", "項目", "R6"], ["甲", "調定額", 1], [None, "件数", 2], ["乙", "調定額", 3], [None, "件数", 4]]


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize(("said", "is_read"), [("（単位：百万円、件）", False), ("（単位：千円、件）", True)])
def test_a_unit_over_figures_with_a_line_each_is_seen(tmp_path, said, is_read, is_turned):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数", "調定額"], "")
    cells = [[said], *(turned(LONG, [])[0] if is_turned else LONG)]
    if is_read:
        assert [row.values["調定額"] for row in read(tmp_path, toml, cells, [])] == [1, 3]
    else:
        with pytest.raises(InputError, match="セル A1：単位が"):
            read(tmp_path, toml, cells, [])


@pytest.mark.parametrize("between", [[], [[]]])
def test_a_unit_over_one_of_several_tables_is_seen(tmp_path, between):
    toml = tables_toml('rows = ["甲", "乙"]', ["調定額"], "")
    other = [["区分", "別の額"], ["甲", 5], ["乙", 6]]
    cells = [["（単位：千円）"], *other, [], ["（単位：百万円）"], *between, ["区分", "調定額"], ["甲", 1], ["乙", 2]]
    with pytest.raises(InputError, match="セル A6：単位が"):
        read(tmp_path, toml, cells, [])


@pytest.mark.parametrize("between", [[], [[]], [[], []]])
def test_a_unit_over_a_table_beside_others_of_its_sheet_is_seen(tmp_path, between):
    toml = tables_toml('rows = ["甲", "乙"]', ["調定額"], "") + f'sheet_name = "{OWN_NAME}"\n'
    tomls = toml + toml.replace("2-1", "2-2").replace("調定額", "延長").replace("千円", "ｍ")
    cells = [
        ["区分", "延長"],
        ["甲", 5],
        ["乙", 6],
        [],
        ["題"],
        ["（単位：百万円）"],
        *between,
        ["区分", "調定額"],
        ["甲", 1],
        ["乙", 2],
    ]
    with pytest.raises(InputError, match="セル A6：単位が"):
        read(tmp_path, tomls, cells, [], every=True)


def test_a_heading_with_a_unit_of_another_size_is_told_as_that(tmp_path):
    toml = tables_toml('rows = ["甲", "乙"]', ["調定額"], "")
    with pytest.raises(
        InputError, match="列「調定額」がありません（「調定額\\(百万円\\)」は、単位が「千円」ではありません）"
    ):
        read(tmp_path, toml, [["区分", "調定額（百万円）"], ["甲", 1], ["乙", 2]], [])


def test_of_units_over_each_other_the_nearest_counts(tmp_path):
    toml = tables_toml('rows = ["甲", "乙"]', ["調定額"], "")
    cells = [
        ["（単位：円）"],
        ["区分", "別の額"],
        ["丙", 9],
        [],
        ["（単位：千円）"],
        ["区分", "調定額"],
        ["甲", 1],
        ["乙", 2],
    ]
    assert [row.values["調定額"] for row in read(tmp_path, toml, cells, [])] == [1, 2]


@pytest.mark.parametrize(
    "called", ["上半期計", "上半期", "前期計", "第１四半期", "第１四半期計", "１／４期計", "４～６月計"]
)
def test_what_some_months_add_up_to_is_no_month(tmp_path, called):
    lines = [[month, at] for at, month in enumerate(MONTHS)]
    cells = [["月", "件数"], *lines[:3], [called, 3], *lines[3:], ["計", 66]]
    rows = read(tmp_path, tables_toml('rows = "months"', ["件数"], ""), cells, [])
    assert [row.values["件数"] for row in rows] == list(range(12))


GROUPED = tables_toml(
    'groups = [{ name = "青果", rows = ["野菜", "果実"], subtotal = "青果計" }, { name = "水産", rows = ["鮮魚", "その他"] }]', ["件数"], "計"
)  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        [["＜青果＞"], ["野菜", 1], ["果実", 2], ["小計", 3], ["【水産】"], ["鮮魚", 3], ["その他", 4]],
        [["青果", 3], ["　野菜", 1], ["　果実", 2], ["水産", 7], ["　鮮魚", 3], ["　その他", 4], ["計", 10]],
        [["野菜", 1], ["果実", 2], ["青果計", 3], ["鮮魚", 3], ["その他", 4], ["水産計", 7], ["計", 10]],
    ],
)
def test_groups_and_their_sums_may_have_lines_of_their_own(tmp_path, lines):
    rows = read(tmp_path, GROUPED, [["区分", "件数"], *lines], [])
    assert [row.values["件数"] for row in rows] == [1, 2, 3, 4]


def test_what_is_called_like_a_sum_is_refused_where_it_is_none(tmp_path):
    toml = tables_toml('rows = ["国保会計", "介護会計"]', ["件数"], "計")
    with pytest.raises(InputError, match="「一般会計」という行はこの表にありません"):
        read(tmp_path, toml, [["区分", "件数"], ["一般会計", 5], ["国保会計", 1], ["介護会計", 2], ["計", 3]], [])


TWO_ROWS = tables_toml('rows = ["甲", "乙"]', ["件数"], "計")


@pytest.mark.parametrize(
    "cells",
    [
        [["区分", "件数"], ["甲", 1], ["乙", 2], [], ["区分", "延長"], ["甲", 3], ["乙", 4]],
        [["区分", "延長"], ["甲", 3], ["乙", 4], [], ["区分", "件数"], ["甲", 1], ["乙", 2]],
        [["令和５年度"], ["区分", "件数"], ["甲", 3], ["乙", 4], [], ["令和６年度"], ["区分", "件数"], ["甲", 1], ["乙", 2]],
        [["R6"], ["区分", "件数"], ["甲", 1], ["乙", 2], ["計", 3], [], ["R5"], ["区分", "件数"], ["甲", 3], ["乙", 4], ["計", 7]],
    ],
)  # fmt: skip
def test_of_tables_with_the_same_rows_on_a_sheet_its_own_is_read(tmp_path, cells):
    assert [row.values["件数"] for row in read(tmp_path, TWO_ROWS, cells, [])] == [1, 2]


@pytest.mark.parametrize(
    "below", [[], [[], ["区分", "件数"], ["甲", 9]], [[], ["区分", "件数", "備考"], ["甲", 9, 9], ["乙", 9, 9]]]
)
def test_two_tables_that_nothing_tells_apart_are_refused(tmp_path, below):
    block = [["区分", "件数"], ["甲", 1], ["乙", 2]]
    with pytest.raises(InputError, match="二度出てきます"):
        read(tmp_path, TWO_ROWS, [["男"], *block, [], ["女"], *block, *below], [])


@pytest.mark.parametrize(
    "between", [[], [["", "人口", "", "人口", ""]], [["", "人口", "", "人口", ""], ["", "住民", "", "住民", ""]]]
)
def test_years_may_stand_some_lines_over_the_headings(tmp_path, between):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数", "延長"], "")
    cells = [
        ["区分", "令和６年度", "", "令和５年度", ""],
        *between,
        ["", "件数", "延長", "件数", "延長"],
        ["甲", 1, 2, 5, 6],
        ["乙", 3, 4, 7, 8],
    ]
    assert [[*row.values.values()] for row in read(tmp_path, toml, cells, [])] == [[1, 2], [3, 4]]


def test_a_title_over_several_columns_is_not_taken_for_one(tmp_path):
    toml = '[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\nrows = ["甲", "乙"]\ncolumns = [{ name = "申請件数" }]\n'
    with pytest.raises(InputError, match="「申請件数」がありません"):
        read(tmp_path, toml, [["区分", "申請", ""], ["", "金額", "人数"], ["甲", 500, 1], ["乙", 600, 2]], [])
    both = read(tmp_path, toml, [["区分", "申請", ""], ["", "金額", "件数"], ["甲", 500, 1], ["乙", 600, 2]], [])
    assert [row.values["申請件数"] for row in both] == [1, 2]


@st.composite
def folded_sheets(draw):
    """A table, its figures by row and column, and the sheet, on which it goes on beside itself, below itself, or on its side."""
    columns = draw(st.lists(st.sampled_from([*COLUMNS]), min_size=1, max_size=3, unique=True))
    parts = draw(st.sampled_from([2, 3, 4]))
    names = draw(st.sampled_from([MONTHS, [f"第{nth}地区" for nth in "一二三四五六七八九十百千"]]))
    rows = 'rows = "months"' if names is MONTHS else f"rows = {names}"
    figures = [[100 * row + column for column in range(len(columns))] for row in range(12)]
    each = 12 // parts
    lines = [[name, *own] for name, own in zip(names, figures, strict=True)]
    blocks = [[["区分", *columns], *lines[at : at + each]] for at in range(0, 12, each)]
    gap, way = draw(st.booleans()), draw(st.sampled_from(["beside", "below", "lying"]))
    if way == "beside":
        cells = [[cell for line in lines for cell in [*line, *[""] * gap]] for lines in zip(*blocks, strict=True)]
    else:
        turned = [list(zip(*block, strict=True)) if way == "lying" else block for block in blocks]
        cells = [[*line] for block in turned for line in [*block, *[[]] * gap]]
    if draw(st.booleans()):
        cells = [["表の題"], [], *cells]
    return tables_toml(rows, columns, ""), [dict(zip(columns, own, strict=True)) for own in figures], cells


@given(folded_sheets())
@settings(max_examples=60, deadline=None)
def test_a_table_that_goes_on_beside_or_below_itself_is_read_as_one(case):
    toml, figures, cells = case
    with tempfile.TemporaryDirectory() as folder:
        rows = read(folder, toml, cells, [])
    assert [dict(row.values) for row in rows] == figures
    for row, own in zip(rows, figures, strict=True):  # each is told by the cell where it stands
        places = {name: coordinate_to_tuple(cell) for name, cell in row.cells.items() if name in own}
        assert {name: cells[line - 1][column - 1] for name, (line, column) in places.items()} == own


@pytest.mark.parametrize(
    "cells",
    [
        [["区分", "件数", "区分", "件数"], ["甲", 1, "甲", 5], ["乙", 2, "乙", 6]],
        [["区分", "件数", "区分", "件数"], ["甲", 1, "乙", 5], ["乙", 2, "丙", 6]],
        [["区分", "件数"], ["甲", 1], ["乙", 2], ["区分", "件数"], ["甲", 5], ["乙", 6]],
    ],
)
def test_what_names_rows_again_is_no_part_of_the_same_table(tmp_path, cells):
    with pytest.raises(InputError, match=r"二つあります|二度"):
        read(tmp_path, TWO_ROWS, cells, [])


@pytest.mark.parametrize(
    ("columns", "cells", "figures"),
    [
        (["監視件数", "監視率"], [["区分", "監視", ""], ["", "件数", "率"], ["甲", 1, 2], ["乙", 3, 4]], [[1, 2], [3, 4]]),
        (["施設数", "監視件数"], [["区分", "施設", "監視"], ["", "数", "件数"], ["甲", 1, 2], ["乙", 3, 4]], [[1, 2], [3, 4]]),
        (["施設数", "新規", "監視件数"], [["区分", "施設数", "許可", "", "監視", ""], ["", "", "新規", "廃業", "人数", "件数"], ["甲", 1, 2, 9, 9, 3], ["乙", 4, 5, 9, 9, 6]], [[1, 2, 3], [4, 5, 6]]),
        (["75歳以上"], [["区分", "65歳以上", "（再掲）75歳以上"], ["甲", 9, 1], ["乙", 9, 2]], [[1], [2]]),
        (["うち新規"], [["区分", "総数", "新規"], ["甲", 9, 1], ["乙", 9, 2]], [[1], [2]]),
        (["相談件数"], [["区分", "件数"], ["甲", 1], ["乙", 2]], [[1], [2]]),
    ],
)  # fmt: skip
def test_headings_over_two_lines_and_almost_as_they_are_called_are_read(tmp_path, columns, cells, figures):
    listed = ", ".join(f'{{ name = "{name}", unit = "件" }}' for name in columns)
    toml = f'[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\nrows = ["甲", "乙"]\ncolumns = [{listed}]\n'
    assert [[*row.values.values()] for row in read(tmp_path, toml, cells, [])] == figures


def test_a_row_may_be_named_with_its_unit_or_how_many_but_not_with_a_unit_of_another_size(tmp_path):
    toml = '[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\nrows = ["甲", "乙"]\ncolumns = ["数値"]\n'
    cells = [["区分", "数値"], ["甲(kg)", 1], ["乙（２回）", 2]]
    assert [row.values["数値"] for row in read(tmp_path, toml, cells, [])] == [1, 2]
    with pytest.raises(InputError):
        of_yen = toml.replace("columns", 'unit = "千円"\ncolumns')
        read(tmp_path, of_yen, [["区分", "数値"], ["甲（百万円）", 1], ["乙（百万円）", 2]], [])


def test_years_by_their_numbers_alone_are_the_last_of_those_numbers(tmp_path):
    toml = '[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R1"\nkept_years = 6\nrows = "years"\ncolumns = ["件数"]\n'
    cells = [["区分", "元年度", "２年度", "３年度", "４年度", "５年度", "６年度"], ["件数", 9, 9, 9, 9, 9, 7]]
    assert [(row.label, dict(row.values)) for row in read(tmp_path, toml, cells, [])] == [("R6年度", {"件数": 7})]


@pytest.mark.parametrize("beside", ["増減", "対前年度比較", "累計"])
def test_what_stands_beside_years_is_of_none(tmp_path, beside):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数", "調定額"], "")
    cells = [
        ["区分", "令和５年度", "", "令和６年度", "", beside, ""],
        ["", *["件数", "調定額（千円）"] * 2, "件数", "調定額"],
        ["甲", 5, 6, 1, 2, 9, 9],
        ["乙", 7, 8, 3, 4, 9, 9],
    ]
    assert [[*row.values.values()] for row in read(tmp_path, toml, cells, [])] == [[1, 2], [3, 4]]


@pytest.mark.parametrize("below", [["", "計", 9, 2], ["合計", "", 9, 2], ["", "総計", 9, ""]])
def test_the_sum_of_a_list_is_no_entry(tmp_path, below):
    toml = '[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\nrows = "entries"\ncolumns = [{ name = "名称", text = true }, { name = "参加者数" }, { name = "回数" }]\n'
    cells = [["No.", "名称", "参加者数", "回数"], [1, "夜の会", 5, 1], [2, "朝の会", 4, 1], below]
    rows = read(tmp_path, toml, cells, [])
    assert [row.label for row in rows] == ["夜の会", "朝の会"]


@pytest.mark.parametrize(
    ("title", "is_told"),
    [("（令和７年３月31日現在）", False), ("令和７年４月１日現在", True), ("令和６年４月１日現在", False)],
)
def test_a_day_over_a_table_is_of_the_year_that_has_it(tmp_path, title, is_told):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数"], "")
    read(tmp_path, toml, [[title], ["区分", "件数"], ["甲", 1], ["乙", 2]], [])
    notices = read_workbook(tmp_path / "statistics.xlsx", read_dictionary(tmp_path / "tables.toml"), R6).notices
    assert bool(notices) == is_told


def test_a_title_like_a_column_heads_none_of_a_lying_table(tmp_path):
    toml = tables_toml('rows = "months"', ["件数"], "").replace(
        "columns = [", 'columns = [{ name = "総数", sum = ["件数"] }, '
    )
    cells = [["総数"], ["区分", *MONTHS], ["件数", *range(12)], ["計", *range(12)]]
    assert [row.values["件数"] for row in read(tmp_path, toml, cells, [])] == list(range(12))


def test_units_below_the_headings_are_no_row(tmp_path):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数", "調定額"], "")
    rows = read(
        tmp_path, toml, [["区分", "件数", "調定額"], [None, "（件）", "（千円）"], ["甲", 1, 2], ["乙", 3, 4]], []
    )
    assert [dict(row.values) for row in rows] == [{"件数": 1, "調定額": 2}, {"件数": 3, "調定額": 4}]
    with pytest.raises(InputError, match="見出しのない行"):
        read(tmp_path, toml, [["区分", "件数", "調定額"], [None, 5, 6], ["甲", 1, 2], ["乙", 3, 4]], [])


def test_what_is_struck_out_of_a_heading_is_told_once(tmp_path):
    toml = tables_toml('rows = ["甲", "乙"]', list(UNDER), "")
    read(tmp_path, toml, [["区分", "計画", None], [None, "件数", "金額"], ["甲", 1, 2], ["乙", 3, 4]], [])
    book = load_workbook(tmp_path / "statistics.xlsx")
    book.active["B1"].font = Font(strike=True)
    book.save(tmp_path / "statistics.xlsx")
    notices = read_workbook(tmp_path / "statistics.xlsx", read_dictionary(tmp_path / "tables.toml"), R6).notices
    assert [notice.cell for notice in notices] == ["B1"]


def test_what_is_wrong_in_a_sheet_on_its_side_is_told_where_it_stands(tmp_path):
    toml = tables_toml('rows = "months"', ["件数", "延長"], "")
    cells = [
        ["令和６年度"],
        ["項目", "単位", *MONTHS, "計"],
        ["件数", "件", *range(12), 66],
        ["延長", "ｍ", *range(10), "一", None],
    ]
    with pytest.raises(InputError) as refused:
        read(tmp_path, toml, cells, [])
    told = str(refused.value)
    assert "セル M4" in told and "セル N4" in told and told.count("セル") == 2


def test_a_form_made_from_an_own_sheet_tells_what_it_does_not_take_over_and_nothing_else(tmp_path):
    data = tmp_path / "data"
    (data / "R6").mkdir(parents=True)
    (data / "office.toml").write_text('city = "某市"\ndivision = "課"\nreport_title = "年報"\n', encoding="utf-8")
    toml = tables_toml(AXES["grouped"][0], ["件数", "延長"], "合計")
    cells = [["表１　実績"], ["No.", "区　分", None, "件数", "延長(ｍ)", "備考"]]
    number = 0
    for group, names in GROUPS.items():
        for name in names:
            number += 1
            cells.append([number, group, name, number, "1,024ｍ", "課長に確認" if number == 2 else None])
        cells.append([None, None, "小計"])
    cells.append([None, "合計"])
    read(data / "R6", toml, cells, [])
    (data / "R6" / "tables.toml").rename(data / "tables.toml")
    toml = (
        (data / "tables.toml").read_text(encoding="utf-8").replace("columns = [", 'columns = [{ name = "担当者数" }, ')
    )
    (data / "tables.toml").write_text(toml, encoding="utf-8")
    (made,) = [prepared for prepared in prepare(Office(data), R6) if "移していないもの" in prepared.done]
    told = made.done.partition("移していないもの：")[2]
    assert [part.partition("」")[0] for part in told.split("「")[1::2]] == ["表１\u3000実績", "備考", "課長に確認"], (
        told
    )
    records, lacking = survey_workbook(made.file, Office(data).dictionary, R6)
    assert [row.values["延長"] for row in records.tables["2-1"]] == [1024] * 5 and not lacking


@pytest.mark.parametrize(
    "name, what",
    [
        ("a/b", "Excel のシート名にできません"),
        ("あ" * 32, "Excel のシート名にできません"),
        ("単独の数値", "使えません"),
        ("体制図", "使えません"),
        ("２-２　表", "二つあります"),
    ],
)
def test_a_name_that_no_sheet_can_have_is_refused(tmp_path, name, what):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数"], "") + f'\nsheet_name = "{name}"\n'
    toml += tables_toml('rows = ["甲", "乙"]', ["件数"], "").replace('"2-1"', '"2-2"')
    (tmp_path / "tables.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(InputError, match=what):
        read_dictionary(tmp_path / "tables.toml")


def test_a_title_may_have_letters_that_no_sheet_can_be_called_by(tmp_path):
    toml = tables_toml('rows = ["甲", "乙"]', ["件数"], "").replace('"表"', '"新規/継続 [別]"')
    (tmp_path / "tables.toml").write_text(toml, encoding="utf-8")
    assert read_dictionary(tmp_path / "tables.toml")["2-1"].sheet == "2-1 新規／継続 ［別］"


def _months_of(start, first):
    return [[f"{start + (at > 8)}年{(at + 3) % 12 + 1}月", first + at] for at in range(12)]


@pytest.mark.parametrize(
    "rows, years",
    [
        ('rows = "months"', [*_months_of(2023, 0), *_months_of(2024, 100)]),
        ('rows = "months"', [*_months_of(2023, 0), ["令和5年度計", 66], *_months_of(2024, 100), ["令和6年度計", 1266]]),
        ('rows = "years"', [["平成30年度", 1], ["令和元年度", 2], ["2", 3], ["3", 4], ["4", 5], ["5", 6], ["6", 100]]),
    ],
)
def test_rows_of_years_before_are_read_past_and_told(tmp_path, rows, years):
    toml = tables_toml(rows, ["件数"], "").replace('since = "R6"', 'since = "R5"')
    own = read(tmp_path, toml, [["年月", "件数"], *years], [])
    assert [row.values["件数"] for row in own] == list(range(100, 100 + len(own))) and len(own) in (1, 12)
    records = read_workbook(tmp_path / "statistics.xlsx", read_dictionary(tmp_path / "tables.toml"), R6)
    assert len(records.repeated["2-1"]) in (6, 12) and "前の年のものなので" in records.notices[0].what


@pytest.mark.parametrize(
    "rows", [_months_of(2023, 0), [[f"{5 + (at > 8)}.{(at + 3) % 12 + 1}", 1] for at in range(12)]]
)
def test_a_sheet_with_last_year_s_labels_is_refused(tmp_path, rows):
    with pytest.raises(InputError, match="として読めません"):
        read(tmp_path, tables_toml('rows = "months"', ["件数"], ""), [["年月", "件数"], *rows], [])


def test_a_figure_of_a_year_before_that_was_revised_is_told(tmp_path):
    toml = tables_toml('rows = "years"\nkept_years = 3', ["件数"], "").replace('since = "R6"', 'since = "R5"')
    data = tmp_path / "data"
    (data / "R5").mkdir(parents=True)
    (data / "R6").mkdir()
    (data / "office.toml").write_text('city = "某市"\ndivision = "課"\nreport_title = "年報"\n', encoding="utf-8")
    (data / "tables.toml").write_text(toml, encoding="utf-8")
    for year, rows in (("R5", [["令和5年度", 10]]), ("R6", [["令和5年度", 11], ["令和6年度", 12]])):
        book = Workbook()
        book.active.title = "2-1 表"
        for row in [["年度", "件数"], *rows]:
            book.active.append(row)
        book.save(data / year / "statistics.xlsx")
    told = [finding for finding in review(Office(data).of(R6)).findings if finding.rule == "前の年の数値"]
    assert [(finding.cell, finding.found, finding.expected) for finding in told] == [("B2", "11", "10")]


# Headings of an office that shows the year beside others, each with 予算額 3 and 決算額 4 for 甲 in the year.
BESIDE_OTHER_YEARS = {
    "years over": [["区分", "令和5年度", None, "令和6年度", None], [None, "予算額", "決算額", "予算額", "決算額"], ["甲", 1, 2, 3, 4]],
    "the year first": [["区分", "2024年度", None, "2023年度", None], [None, "予算額", "決算額", "予算額", "決算額"], ["甲", 3, 4, 1, 2]],
    "in words": [["区分", "前年度", None, "本年度", None], [None, "予算額", "決算額", "予算額", "決算額"], ["甲", 1, 2, 3, 4]],
    "units below": [["区分", "R5", None, "R6", None], [None, "予算額", "決算額", "予算額", "決算額"], [None, *["（円）"] * 4], ["甲", 1, 2, 3, 4]],
    "years below": [["区分", "予算額", None, "決算額", None], [None, "令和5年度", "令和6年度", "令和5年度", "令和6年度"], ["甲", 1, 3, 2, 4]],
    "in one name": [["区分", "令和5年度予算額", "令和6年度予算額", "令和5年度決算額", "令和6年度決算額"], ["甲", 1, 3, 2, 4]],
    "in brackets": [["区分", "予算額（R5）", "予算額（R6）", "決算額（R5）", "決算額（R6）"], ["甲", 1, 3, 2, 4]],
    "a title of another": [["令和5年度"], ["区分", "予算額", "決算額"], ["甲", 3, 4]],
}  # fmt: skip


@pytest.mark.parametrize("how", BESIDE_OTHER_YEARS)
def test_of_columns_of_several_years_those_of_the_year_are_read(tmp_path, how):
    toml = '[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\nrows = ["甲"]\ncolumns = ["予算額", "決算額"]\n'
    (row,) = read(tmp_path, toml, BESIDE_OTHER_YEARS[how], [])
    assert dict(row.values) == {"予算額": 3, "決算額": 4}
    notices = read_workbook(tmp_path / "statistics.xlsx", read_dictionary(tmp_path / "tables.toml"), R6).notices
    assert [notice.what[:4] for notice in notices] == ["表の上に"] * (how == "a title of another")
    others = [
        [
            str(cell).replace("6", "4").replace("2024", "2022").replace("本", "前々") if isinstance(cell, str) else cell
            for cell in line
        ]
        for line in BESIDE_OTHER_YEARS[how]
    ]
    if how != "a title of another":
        with pytest.raises(InputError, match="列「予算額」がありません"):
            read(tmp_path, toml, others, [])


def test_a_column_may_be_called_by_a_year(tmp_path):
    toml = '[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\nrows = ["甲"]\ncolumns = ["前年度", "本年度"]\n'
    (row,) = read(tmp_path, toml, [["区分", "前年度", "本年度", "増減"], ["甲", 2023, 2024, 1]], [])
    assert dict(row.values) == {"前年度": 2023, "本年度": 2024}


def test_words_that_say_years_are_no_headings(tmp_path):
    columns = '[{ name = "開設", text = true }, { name = "改修", text = true }, { name = "利用者" }]'
    toml = f'[[table]]\nid = "2-1"\ntitle = "表"\nsince = "R6"\nrows = ["東館", "西館"]\ncolumns = {columns}\n'
    rows = [["館", "開設", "改修", "利用者"], ["東館", "平成5年", "令和2年", 10], ["西館", "令和4年", "令和5年", 20]]
    assert [row.values["利用者"] for row in read(tmp_path, toml, rows, [])] == [10, 20]
