"""Figures as pandas has them, and what an analyst makes of them for the report."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import nbformat
import pandas
import pytest
import seaborn
from matplotlib import pyplot

from nenpo.errors import InputError
from nenpo.present.frames import frame_view
from nenpo.present.html import view_html
from nenpo.publish.book import make_book
from nenpo.publish.typst import typst_of
from nenpo.report import Report

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def report(office):
    return Report("R5", office.folder)


@pytest.fixture(scope="module")
def ambulance():
    return Report("R5", ROOT / "docs" / "examples" / "ambulance" / "data")


def test_a_table_of_months(report):
    frame = report.frame("2-1")
    assert frame.shape == (12, 9) and frame.index.name == "月" and frame.index[0] == "R5.4"
    assert set(map(str, frame.dtypes)) == {"Int64"} and frame["新規相談受付件数"].sum() == 238


def test_a_table_of_several_figures_a_month(report):
    frame = report.frame("8-2")
    assert frame.index.names == ["月", "区分"] and frame.loc[("R6.3", "提供数"), "計"] > 0


def test_words_and_what_does_not_apply(report):
    frame = report.frame("8-1")
    assert str(frame["③ 内容"].dtype) == "string" and str(frame["③ 件数"].dtype) == "Int64"
    assert report.frame("5-1")["相談"].notna().all()


def test_entries_are_numbered(report):
    frame = report.frame("8-3")
    assert frame.index.name == "番号" and list(frame.index) == [str(nth) for nth in range(1, len(frame) + 1)]


def test_tables_of_every_axis(report, ambulance):
    assert report.frame("3-1-2").loc["男性", "20代"] == 8 and report.frame("3-1-2").index.name == "性別"
    assert report.frame("4-1-2").loc["登録者", "値"] > 0
    assert list(report.frame("8-3").columns) == ["日付", "内容"]
    assert (
        list(ambulance.frame("3-2").index)[:3] == ["H29年", "H30年", "R元年"]
        and ambulance.frame("3-2").index.name == "年"
    )
    decimals = ambulance.frame("2-1")["増減率"]
    assert decimals["水難"] == Decimal("-1.6") and ambulance.frame("2-1").loc["水難", "増減数"] == -30


def test_all_years_in_tidy_form(report):
    tidy = report.frame("2-6", years=True)
    assert list(tidy.columns) == ["year", "row", "column", "measure", "value", "unit"]
    assert set(tidy["year"]) == {"R2", "R3", "R4", "R5"} and set(tidy["unit"]) == {"人"}
    whole = tidy[(tidy["row"] == "") & (tidy["column"] == "就労")].set_index("year")["value"]
    assert whole["R2"] == 25 and str(whole.dtype) == "Int64"
    months = tidy[(tidy["year"] == "R5") & (tidy["column"] == "就労") & (tidy["row"] != "")]
    assert len(months) == 12 and months["value"].sum() == whole["R5"]


def test_tidy_figures_are_drawn_by_seaborn(report):
    axes = seaborn.lineplot(report.frame("2-6", years=True).query("row == ''"), x="year", y="value", hue="column")
    assert len(axes.get_lines()) >= 7
    pyplot.close(axes.figure)


# A table of one's own


def printed(frame, **arguments):
    view = frame_view(frame, "tbl-1", **arguments)
    return [[head.text for head in row] for row in view.head], [(*row.labels, *row.cells) for row in view.rows]


def test_numbers_are_printed_as_in_the_report_s_own_tables():
    frame = pandas.DataFrame(
        {
            "件数": [1234.0, None, 5.0],
            "率": [0.3, 12.345, float("nan")],
            "額": [Decimal("1000.50"), Decimal("-3"), None],
            "日": pandas.to_datetime(["2023-04-01", None, "2024-02-29"]),
            "a|b": ["甲", None, "乙"],
            "真": [True, False, True],
        },
        index=pandas.Index(["四月", "五月", "六月"], name="月"),
    )
    heads, rows = printed(frame)
    assert heads == [["月", "件数", "率", "額", "日", "a|b", "真"]]
    assert rows == [
        ("四月", "1,234", "0.30", "1,000.50", "2023年4月1日", "甲", "True"),
        ("五月", "－", "12.35", "▲3.00", "－", "－", "False"),
        ("六月", "5", "－", "－", "2024年2月29日", "乙", "True"),
    ]
    assert frame_view(frame, "tbl-1").words == {3, 4, 5} and "<wbr>" not in frame_view(frame, "t").head[0][5].pieces


def test_a_bare_numbering_is_left_out_and_levels_are_joined():
    heads, rows = printed(pandas.DataFrame({"a": [1, 2]}))
    assert heads == [["a"]] and rows == [("1",), ("2",)]
    frame = pandas.DataFrame(
        [[1, 2, 3], [4, 5, 6]],
        index=pandas.MultiIndex.from_tuples([("上", "x"), ("上", "y")], names=["組", "名"]),
        columns=pandas.MultiIndex.from_tuples([("男", "大人"), ("男", "子"), ("女", "大人")]),
    )
    heads, rows = printed(frame)
    assert heads == [["組", "名", "男", "女"], ["大人", "子", "大人"]]
    assert rows == [("上", "x", "1", "2", "3"), (None, "y", "4", "5", "6")]


def test_decimals_can_be_chosen():
    assert printed(pandas.DataFrame({"a": [0.125, 2]}), decimals=1)[1] == [("0.1",), ("2.0",)]
    assert printed(pandas.Series([0.5, 1.5], name="a").to_frame(), decimals=0)[1] == [("1",), ("2",)]


# Numbers, captions, faults


def notebook(*outputs):
    cells = [nbformat.v4.new_markdown_cell("# 2　実績"), nbformat.v4.new_markdown_cell("## 2－1　相談件数等")]
    for shown in outputs:
        data = {kind: value for kind, value in shown._repr_mimebundle_().items() if value is not None}
        output = nbformat.v4.new_output("display_data", data=data)
        cells.append(nbformat.v4.new_code_cell("", outputs=[output]))
    return nbformat.v4.new_notebook(cells=cells)


def test_own_figures_and_tables_have_the_next_number_of_their_section(report):
    drawing, axes = pyplot.subplots(figsize=(4, 2))
    seaborn.barplot(report.frame("2-1").reset_index(), x="月", y="相談終結", ax=axes)
    own = report.figure(axes, "終結の<月>別件数", "棒グラフ。")
    summary = report.frame_table(report.frame("2-1")[["相談終結"]].tail(2), "要約", unit="件")
    made = notebook(report.table("2-1"), report.course("2-1", ["相談終結"]), own, own, summary)
    pieces = make_book(made, "試し").pieces
    html = "".join(view_html(view) for piece in pieces for view in piece.views)
    typst = "".join(typst_of(view) for piece in pieces for view in piece.views)
    for said in ("図2－1－2　終結の&lt;月&gt;別件数", "図2－1－3　終結の&lt;月&gt;別件数", "表2－1－2　要約"):
        assert html.count(said) == 1
    assert "図2－1－2　終結の<月>別件数" in typst and "表2－1－2　要約" in typst and "own-2-1-2" in typst
    assert html.count('id="fig-own-2-1-2"') == 1 and 'aria-label="棒グラフ。"' in html and "R6.3" in html
    pyplot.close(drawing)


def test_no_two_figures_of_a_section_have_the_same_number(report):
    shown = [report.chart("2-1", [name]) for name in ("相談終結", "新規相談受付件数")]
    shown += [report.chart("2-1", kind="multiples"), report.years("2-1", ["相談終結"]), report.table("2-1")] * 2
    shown.append(report.chart("2-2"))
    html = "".join(view_html(view) for piece in make_book(notebook(*shown), "試し").pieces for view in piece.views)
    assert re.findall("<figcaption>図2－1－([0-9]+)　", html) == list("123456")
    anchors = re.findall(' id="([^"]*)"', html)
    assert len(anchors) == len(set(anchors)) and "fig-2-2-1" in anchors and "tbl-2-1-s2" in anchors
    assert set(re.findall('href="#([^"]*)"', html)) <= set(anchors)


def test_what_is_no_figure_or_table_is_told(report):
    drawing, _ = pyplot.subplots()
    for call, words in (
        (lambda: report.figure("図", "題", "説明"), "図ではありません"),
        (lambda: report.figure(drawing, "", "説明"), "caption"),
        (lambda: report.figure(drawing, "題", " "), "alt"),
        (lambda: report.frame_table([1], "題"), "DataFrame"),
        (lambda: report.frame_table(pandas.DataFrame({"a": [1]}), ""), "caption"),
        (lambda: report.frame("9-9"), "9-9"),
    ):
        with pytest.raises(InputError, match=words):
            call()
    pyplot.close(drawing)


def test_a_grid_of_seaborn_keeps_its_width(report):
    tidy = report.frame("2-6", years=True).query("row == ''").assign(value=lambda frame: frame["value"].astype(float))
    grid = seaborn.catplot(tidy, x="year", y="value", kind="bar", height=2)
    assert report.figure(grid, "題", "説明", width=60).views[0].charts[0].width == 60
    wide, _ = pyplot.subplots(figsize=(20, 2))
    assert report.figure(wide, "題", "説明").views[0].charts[0].width == 166
    pyplot.close("all")
