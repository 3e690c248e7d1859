"""Kinds of chart: for 1 to 20 labels and 1 to 12 series, no text is cut off and none stands over another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib import pyplot

from nenpo.errors import InputError
from nenpo.present import kinds
from nenpo.present.axes import texts_of
from nenpo.present.charted import suited
from nenpo.present.charts import Data
from nenpo.present.kinds import KINDS, drawn
from nenpo.present.theme import ACCENT, COLOURS, FULL, HALF, QUARTER
from nenpo.report import Report
from nenpo.table import Column, Table

ROOT = Path(__file__).parent.parent
NAMES = [
    "急病", "交通事故", "関係機関等からの紹介", "その他メンタルヘルスの課題（うつ・不眠・不安・依存症・適応障害など）", "平均所要時間（入電－病院収容）", "加害", "自損行為",
    "労働災害", "運動競技", "火災", "水難", "自然災害", "合計", "月末件数", "訪問・同行支援", "Ａ", "社会的孤立（ニート・ひきこもり等含む）", "10代", "70代以上", "その他",
]  # fmt: skip
LABELS = [lambda at: f"R5.{at}", lambda at: f"R{at}年度", lambda at: NAMES[at - 1]]

# Kinds that stand two side by side, or four.
WIDTHS = {"ring": [FULL, HALF], "stacked": [FULL, HALF], "multiples": [HALF]}


@st.composite
def charts(draw):
    kind = draw(st.sampled_from(sorted(KINDS)))
    timed = kind == "course" or draw(st.booleans())
    count = 1 if kind in ("ring", "portions") else draw(st.integers(1, 20))
    series = {"ranked": 1, "multiples": 1, "target": 2}.get(kind) or draw(st.integers(1, 12))
    over = draw(st.sampled_from(["months", "years"])) if timed else ""
    labels = tuple(LABELS[["months", "years", ""].index(over)](at) for at in range(1, count + 1))
    names = draw(st.permutations(NAMES))[:series]
    most = draw(st.sampled_from([0, 3, 50, 3000, 10**6, 10**9]))
    least = -most if kind in ("course", "bars", "ranked", "multiples", "target") and draw(st.booleans()) else 0
    figures = st.lists(st.integers(least, most) | st.none(), min_size=count, max_size=count)
    values = {name: tuple(draw(figures)) for name in names}
    units = {name: draw(st.sampled_from(["人", "千円"])) if kind == "course" else "人" for name in names}
    colours = dict(zip(names, COLOURS, strict=False))
    width = draw(st.sampled_from(WIDTHS.get(kind, [FULL])))
    stocks = frozenset(names[: draw(st.integers(0, 2))])
    return kind, Data(labels, values, units, colours, over, stocks), QUARTER if kind == "multiples" and timed else width


LONG = "その他メンタルヘルスの課題（うつ・不眠・不安・依存症・適応障害など）"


def ring_of(values):
    colours = dict(zip(values, ("#00428c", "#97d3ff", "#115a36", "#ffd43d", "#5c10be", "#ffa66d"), strict=False))
    counts = {name: (value,) for name, value in values.items()}
    return "ring", Data(("R5.1",), counts, dict.fromkeys(values, "人"), colours, "months", frozenset()), 81.0


@given(charts())
@example(
    ring_of(
        {
            "紹介": 8,
            LONG: 1,
            "平均所要時間（入電－病院収容）": 1,
            "社会的孤立（ニート・ひきこもり等含む）": 1,
            "水難": 0,
        }
    )
)
@example(
    ring_of(
        {"急病": 1, "交通事故": 0, "関係機関等からの紹介": 26, LONG: 0, "平均所要時間（入電－病院収容）": 1, "加害": 0}
    )
)
@settings(max_examples=60, deadline=None)
def test_no_text_is_cut_off_or_stands_over_another(chart):
    kind, data, width = chart
    boxes = []
    as_svg = kinds.as_svg

    def looked_at(figure, *rest):
        figure.draw_without_rendering()
        renderer = figure.canvas.get_renderer()
        boxes.append(figure.bbox)
        boxes.extend((text.get_text(), text.get_window_extent(renderer)) for text in texts_of(figure))
        return as_svg(figure, *rest)

    kinds.as_svg = looked_at
    try:
        made = drawn(kind, data, "fig-1", "題", width)
    finally:
        kinds.as_svg = as_svg
    page, *texts = boxes
    for at, (text, box) in enumerate(texts):
        assert page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1 and page.y0 - 1 <= box.y0 and box.y1 <= page.y1 + 1, text
        for other, beside in texts[at + 1 :]:
            across = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            down = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert across <= 1 or down <= 1, (text, other)
    assert made.alt.startswith(KINDS[kind].called) and made.alt.endswith("。") and "<text" in made.svg


def test_every_table_of_numbers_has_a_chart_of_the_same_bytes(office):
    report = Report("R5", office.folder)
    for table in office.dictionary.values():
        if table.shape == "events":
            with pytest.raises(InputError, match="図にできません"):
                report.chart(table.id)
        else:
            first, second = report.chart(table.id), report.chart(table.id)
            assert first == second and f"図{table.id.replace('-', '－')}－1" in first.plain


@pytest.mark.parametrize(
    ("table_id", "arguments", "words"),
    [
        ("2-6", {"kind": "pie"}, "pie"),
        ("2-6", {"columns": ["なし"]}, "なし"),
        ("2-6", {"over": "weeks"}, "weeks"),
        ("3-1-2", {"kind": "course"}, "月や年ではない"),
        ("2-6", {"kind": "target", "columns": ["就労"]}, "二つの列"),
        ("8-1", {"kind": "stacked", "columns": ["③ 内容"]}, "③ 内容"),
    ],
)  # fmt: skip
def test_what_no_chart_can_show_is_told(office, table_id, arguments, words):
    with pytest.raises(InputError, match=words):
        Report("R5", office.folder).chart(table_id, **arguments)


def test_what_is_shown_can_be_chosen(office):
    report = Report("R5", office.folder)
    assert "折れ線グラフ" in report.chart("2-6").plain
    years = report.chart("2-6", "就労", kind="bars", over="years", number=4).plain
    assert years.startswith("図2－6－4　就労の推移（R2～R5年度）：棒グラフ。就労は、R2年度 25人")
    ring = report.chart("2-6", kind="ring", over="years", caption="終結の内訳").plain
    assert ring.startswith("図2－6－1　終結の内訳：円グラフ。") and "R5年度は" in ring
    assert "100％積み上げ棒グラフ" in report.chart("2-5-2").plain
    assert "横棒グラフ。企業開拓（企業数）は、連絡（求人問合せ等） 23社、訪問" in report.chart("3-1-3").plain


def test_lines_that_would_lie_flat_below_others_stand_in_charts_of_their_own():
    def shown(**values):
        units = dict.fromkeys(values, "人")
        return Data(("R3", "R4", "R5"), values, units, {}, "years")

    table = Table("1-1", "動き", "R3", "monthly")
    assert suited(table, shown(出生=(480, 450, 420), 死亡=(1450, 1520, 1560)), ["出生", "死亡"])[0] == "course"
    assert suited(table, shown(出生=(480, 450, 420), 人口=(110000, 108180, 106940)), ["出生", "人口"])[0] == "multiples"


def test_only_parts_of_one_sum_are_piled_up():
    def shown(**values):
        return Data(("胃", "肺"), values, dict.fromkeys(values, "人"), {}, "")

    columns = (Column("男"), Column("女"), Column("不明"), Column("計", sum=("男", "女", "不明")), Column("対象者数"))
    table = Table("1-1", "検診", "R5", "matrix", columns=columns, rows=("胃", "肺"))
    parts = shown(男=(10, 20), 女=(12, 18), 不明=(1, 2))
    assert suited(table, parts, ["男", "女", "不明"])[0] == "stacked"
    assert suited(table, shown(男=(10, 20), 女=(12, 18), 対象者数=(40, 60)), ["男", "女", "対象者数"])[0] == "bars"
    far = shown(男=(10, 20), 女=(12, 18), 対象者数=(4000, 6000))
    assert suited(table, far, ["男", "女", "対象者数"])[0] == "multiples"


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (("小１", "小２", "小３", "中１", "中２", "中３"), "bars"), (("20歳未満", "20～29歳", "30～39歳", "40歳以上", "不明"), "bars"),
        (("１級", "２級", "３級"), "bars"), (("台湾", "韓国", "中国"), "ranked"), (("麻しん１期", "麻しん２期", "日本脳炎"), "ranked"),
        (("５年生", "４年生"), "ranked"), (("コロナ19", "その他"), "ranked"),
    ],
)  # fmt: skip
def test_rows_in_an_order_of_their_own_stand_in_it(labels, kind):
    data = Data(labels, {"人数": tuple(range(len(labels)))}, {"人数": "人"}, {"人数": ACCENT})
    table = Table("1-1", "年齢", "R5", "matrix", columns=(Column("人数"),), rows=labels)
    assert suited(table, data, ["人数"])[0] == kind


def test_what_is_left_over_stands_at_the_foot_of_ranked_bars():
    data = Data(("その他", "甲", "乙"), {"件数": (90, 10, 30)}, {"件数": "件"}, {"件数": ACCENT})
    chart = drawn("ranked", data, "1-1-1", "図")
    assert re.findall(r">(その他|甲|乙)<", chart.svg)[:3] == ["乙", "甲", "その他"]


def test_a_column_under_a_common_heading_is_called_by_its_whole_name(office):
    columns = ["申請 当初", "決定 延長"]
    shown = Report("R5", office.folder).years("5-1", columns)
    assert all(f"<p>{name}</p>" in shown.html for name in columns) and ">延長<" not in shown.html


def test_panels_stand_in_the_order_of_their_series_the_stocks_above():
    units = {"件数": "件", "金額": "千円", "残高": "千円", "人数": "人"}
    data = Data(("R5.4",), dict.fromkeys(units, (1,)), units, {}, "months", frozenset(["残高"]))
    assert kinds.panels(data) == [["残高"], ["件数"], ["金額"], ["人数"]]


def test_a_figure_that_is_missing_leaves_its_place_empty():
    """Its neighbours keep their own bars and numbers."""
    values = {"電話": (1, None, 3), "来所": (None, 5, 6)}
    data = Data(
        ("R5.4", "R5.5", "R5.6"),
        values,
        dict.fromkeys(values, "件"),
        dict(zip(values, COLOURS, strict=False)),
        "months",
    )
    figure = pyplot.figure()
    texts = KINDS["bars"].draw(figure, data)
    pyplot.close(figure)
    assert [text.get_text() for text in texts] == ["6", "5", "3", "1"]
    assert [round(text.xy[0]) for text in texts] == [2, 1, 2, 0]


def test_the_year_s_shares_are_of_the_whole_year(office):
    """A ring of a table of months is of the year's sums, not of its last month."""
    report = Report("R5", office.folder)
    assert "R5年度は合計 4,220件で、電話・メール 2,860件（67.8%）" in report.chart("2-2", kind="ring").plain
    assert "R5年度は合計 4,220件で、電話・メール 2,860件（67.8%）" in report.chart("2-2", kind="portions").plain


def test_a_category_without_a_colour_has_the_theme_s(tmp_path, office):
    source = (office.folder / "tables.toml").read_text(encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    for name in ("office.toml", "R5", "R4"):
        (data / name).symlink_to(office.folder / name)
    (data / "tables.toml").write_text(source.partition("[colours]")[0], encoding="utf-8")
    assert COLOURS[0] in Report("R5", data).shares("2-2").html


def test_charts_of_decimals_and_of_several_units_lose_nothing():
    report = Report("R5", ROOT / "docs" / "examples" / "ambulance" / "data")
    told = report.course("4-1", ["火災件数", "損害額"]).plain
    assert "火災件数は R5.1 の 2件から" in told and "損害額は R5.1 の 19,718千円から" in told
    years = report.chart("4-1", ["火災件数", "損害額"], kind="multiples", over="years", number=4)
    assert "R5年 35" not in told and "335,835千円" in years.plain and "損害額（千円）" in years.html
    assert (
        "10.1分" in report.chart("3-1", ["入電－現着"]).plain
        and "▲30" in report.chart("2-1", ["増減数"], kind="bars").plain
    )
