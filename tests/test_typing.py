"""Texts as they are typed in Japanese offices: what of it is shown, alike on the page and in the PDF, and what is told."""

import base64
import io
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nenpo.commentary.agreement import canonical
from nenpo.commentary.step import Desk
from nenpo.errors import ContentError
from nenpo.japanese.letters import composed, visible
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.publish.book import make_book
from nenpo.publish.exporters import HtmlExporter, PdfExporter
from nenpo.publish.pdf import _fault
from nenpo.publish.proof import proof
from nenpo.review.checks import review
from nenpo.run.build import Wanted, build
from nenpo.text.markdown import parse, to_html
from nenpo.text.pictures import picture_name, picture_names, renamed
from nenpo.text.slips import slips
from nenpo.text.typst import to_typst

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")


def html(source, **more):
    """A text in HTML, but for what keeps its figures on one line."""
    return re.sub('<span class="whole">(.*?)</span>', r"\1", to_html(parse(source, "x", level=3), **more))


def shown_lines(source):
    """The lines of a text on the page, and in the PDF; they are the same."""
    page = re.sub(r"<br ?/?>", "\n", html(source))
    lines = [re.sub(r"<[^>]*>", "", part) for part in page.replace("</p>", "\n").replace("</li>", "\n").split("\n")]
    lines = [line for line in lines if line.strip()]
    typst = to_typst(parse(source, "x", level=3)).replace("#linebreak()", "\n")
    printed = ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', line)) for line in typst.split("\n")]
    assert [line for line in printed if line.strip()] == lines
    return lines


MARKS = [
    "・", "･ ", "※", "※１　", "○", "〇", "●", "◎", "◇", "◆", "□ ", "■", "△", "▲　", "▽", "☆", "★", "→", "⇒", "①", "⑳", "⑴", "❶", "㋐", "㊤", "（1）", "(1)",
    "（１２）", "（一）", "（十二）", "（ア）", "（イ）", "(a)", "（Ａ）", "１．", "１)", "１２．", "1.", "2)", "１、", "一、", "二．", "三）", "ア．", "ア）", "ア、", "Ａ．",
    "Ⅰ．", "Ⅱ　", "ⅲ）", "— ", "－ ", "・　", "✓ ", "➢", "＊", "†",
]  # fmt: skip
NO_MARKS = [
    "2.5倍",
    "１．５倍",
    "1,000件",
    "２、３人",
    "二、三人",
    "▲12件",
    "（令和５年度）",
    "（注）",
    "本人",
    "ＡＢＣ",
    "アルバイト",
    "－5",
    "Ⅱ型",
    "e.g. x",
    "10年",
    "Ｑ＆Ａ",
]


@pytest.mark.parametrize("mark", MARKS)
def test_a_line_that_begins_with_a_mark_is_a_line_of_its_own_and_hangs(mark):
    lines = shown_lines(f"次のとおり。\n{mark}甲のこと\n{mark}乙のことの\n続き\n　{mark}小さい項目")
    stripped = mark if mark.strip() == mark else mark.rstrip(" ")
    assert [line.replace(" ", "") for line in lines] == [
        line.replace(" ", "")
        for line in ("次のとおり。", f"{stripped}甲のこと", f"{stripped}乙のことの続き", f"{stripped}小さい項目")
    ]
    page = html(f"次\n{mark}甲\n　　{mark}乙")
    assert page.count('<span class="mark">') == 2 and '<p class="item depth-2">' in page


@pytest.mark.parametrize("words", NO_MARKS)
def test_a_line_that_begins_with_words_goes_on(words):
    assert shown_lines(f"件数は\n{words}だった。") == [f"件数は{words}だった。"]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("　一段落目\n　二段落目\n続き", ["一段落目", "二段落目続き"]), ("- 甲\n  ・乙\n- 丙", ["甲", "・乙", "丙"]), ("- ◇甲\n- ◇乙", ["◇甲", "◇乙"]),
        ("**甲\n・乙**\n・丙", ["甲", "・乙", "・丙"]), ("甲  \n・乙", ["甲", "・乙"]), ("※甲", ["※甲"]), ("> ・甲\n> ・乙", ["・甲", "・乙"]),
        ("甲\u2028乙\u000b丙\u0085丁\u2029戊", ["甲", "乙", "丙", "丁", "戊"]), ("| a | b |\n|---|---|\n| 1\u2028・2 | 3 |", None),
        ("甲\u2028・乙", ["甲", "・乙"]), ("甲[^1]\n\n[^1]: ※乙\n    ・丙", None),
    ],
)  # fmt: skip
def test_lines_of_all_kinds(source, lines):
    assert lines is None or shown_lines(source) == lines
    assert "\u2028" not in html(source)


@pytest.mark.parametrize("before", ["", "まえがき。\n", "まえがき。\n\n", "- 一覧\n\n"])
def test_the_day_and_the_names_below_a_foreword_stand_at_the_right_edge(before):
    far, near = "\u3000" * 12, "\u3000" * 2
    text = parse(f"{before}{far}令和６年６月\n{far}　某市長　**甲**\n{near}続きの文。\n", "x")
    shown = to_html(text)
    assert shown.endswith(
        '<p class="end">令和６年６月</p>\n<p class="end">某市長　<strong>甲</strong></p>\n<p>続きの文。</p>\n'
    )
    assert to_typst(text).count("#text-end[") == 2


def test_what_begins_with_blanks_is_no_program():
    assert html("    四つの空白。\n\n\tタブ。\n") == "<p>四つの空白。</p>\n<p>タブ。</p>\n"


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("２３８件", ["２３８"]), ("１，０７０人（≒３７９÷２１１）", ["１，０７０", "≒３７９÷２１１"]), ("238件と５件", []), ("1－2", ["1－2"]),
        ("約１.６倍、＋１２．８％", ["１.６", "＋１２．８％"]), ("１" * 30 + "件", ["１" * 12, "１" * 12, "１" * 6]), ("`２３８`", []),
    ],
)  # fmt: skip
def test_a_figure_that_might_be_broken_stays_on_one_line(source, kept):
    assert re.findall('<span class="whole">(.*?)</span>', to_html(parse(source, "x"))) == kept


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**「A」**B", "<strong>「A」</strong>B"), ("**（注）**x **100%**です", "<strong>（注）</strong>x <strong>100%</strong>です"),
        ("甲**「乙」**丙", "甲<strong>「乙」</strong>丙"), ("A**（乙）**B**「丙」**C", "A<strong>（乙）</strong>B<strong>「丙」</strong>C"),
        ("~~取消~~", "<s>取消</s>"), ("A~~（取消）~~B", "A<s>（取消）</s>B"), ("~一重~", "~一重~"), ("**甲** * 乙 **丙**", "<strong>甲</strong> * 乙 <strong>丙</strong>"),
        ("_a_b_", "<em>a_b</em>"), ("snake_case_name", "snake_case_name"), ("2 * 3 * 4", "2 * 3 * 4"), ("*「甲」*乙", "<em>「甲」</em>乙"),
        ("***「甲」***A", "<em><strong>「甲」</strong></em>A"),
    ],
)  # fmt: skip
def test_emphasis_beside_punctuation(source, shown):
    assert html(source) == f"<p>{shown}</p>\n"


_INNER = st.text("甲乙あアaZ1５「」（）『』、。％%・！？", min_size=1, max_size=6)
_OUTER = st.text("甲乙あアaZ1５「」（）、。・ ", max_size=5)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(_OUTER, _INNER, st.sampled_from(["**", "~~"])), min_size=1, max_size=3), _OUTER)
def test_what_stands_between_marks_is_bold_or_struck_and_nothing_else(parts, end):
    """Beside CJK punctuation, on either side; ASCII signs (%) keep CommonMark's rule, which asks for a space beside them."""
    if any(inner[0] == "%" or inner[-1] == "%" for _, inner, _ in parts):
        return
    tags = {"**": "strong", "~~": "s"}
    source = "甲" + "".join(f"{outer}{mark}{inner}{mark}" for outer, inner, mark in parts) + end + "乙"
    wanted = "甲" + "".join(f"{outer}<{tags[m]}>{inner}</{tags[m]}>" for outer, inner, m in parts) + end + "乙"
    if re.search(r"(\*\*|~~)\1", source):
        return
    assert html(source) == f"<p>{wanted}</p>\n"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("神\ufa19", "神\ufa19"), ("\u795e\ufa19", "\u795e\ufa19"), ("\U0002f80c", "\U0002f80c"), ("か\u3099", "が"), ("ハ\u309a", "パ"), ("e\u0301", "é"),
        ("a\u00adb", "ab"), ("甲\u200b乙\ufeff", "甲乙"), ("甲\u202e乙", "甲乙"), ("甲\x07乙\x1b", "甲乙"), ("甲\x7f\x9b乙", "甲乙"), ("葛\U000e0100", "葛\U000e0100"),
        ("甲\t乙", "甲\t乙"), ("甲①", "甲①"), ("ｶﾞ", "ｶﾞ"), ("㍻", "㍻"),
    ],
)  # fmt: skip
def test_letters_stay_as_typed_and_what_is_not_seen_falls_away(typed, shown):
    assert visible(typed) == shown and f"<p>{shown}</p>" in html(typed)
    assert "神\ufa19" in canonical("神\ufa19") and composed("か\u3099\ufa19") == "が\ufa19"


def test_no_control_reaches_the_page():
    notebook = {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "# 題\x07\n\n文\x9b\x0c章", "id": "a"},
            {
                "cell_type": "code", "metadata": {}, "source": "", "id": "b",
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "\x1b[31m赤\x07"}],
            },
        ],
        "metadata": {},
    }  # fmt: skip
    page = HtmlExporter().render(make_book(notebook, "x"))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028]", page) and "文<br />\n章" in page


@pytest.mark.parametrize(
    ("radical", "letter"), [("\u2f00", "一"), ("\u2f5a", "片"), ("\u2f24", "大"), ("\u2fd5", "龠"), ("\u2ea0", "")]
)
def test_radicals_are_refused_with_the_letter_to_use(radical, letter):
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"# 題\n\n一行\n人{radical}です", "id": "a"}
    with pytest.raises(ContentError) as refusal:
        proof(make_book({"cells": [cell], "metadata": {}}, "x"))
    (fault,) = refusal.value.faults
    assert (
        "部首の記号" in fault.what
        and "4 行目" in fault.where
        and (f"「{letter}」" in fault.remedy if letter else fault.remedy)
    )


@pytest.mark.parametrize("lines", ["> " * 30 + "深い", "\n".join("  " * at + "- 甲" for at in range(12))])
def test_what_stands_too_deep_is_refused_not_dropped(lines):
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"# 題\n\n一行\n\n{lines}", "id": "a"}
    with pytest.raises(ContentError) as refusal:
        proof(make_book({"cells": [cell], "metadata": {}}, "x"))
    (fault,) = refusal.value.faults
    assert "深すぎます" in fault.what and "行目" in fault.where


@pytest.mark.parametrize("lines", ["> " * 8 + "深い", "\n".join("  " * at + "- 甲" for at in range(6))])
def test_what_stands_deep_is_printed(lines):
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"# 題\n\n{lines}", "id": "a"}
    book = make_book({"cells": [cell], "metadata": {}}, "x")
    proof(book)
    assert "深い" in HtmlExporter().render(book) or HtmlExporter().render(book).count("甲") == 6


SLIPS = [
    ("#分析", 1, "「#分析」は見出しに"), ("甲\n\n##分析", 3, "「##分析」は見出しに"), ("#　分析", 1, "見出しになりません"), ("＃＃　分析", 1, "全角の「＃＃」"), ("　＃分析", 1, "全角の「＃分析」"),
    ("＊＊太字＊＊", 1, "全角の「＊＊」は太字"), ("甲\n乙**丙", 2, "「**」が閉じていないか"), ("** 甲 **", 1, "「**」が"), ("甲~~乙", 1, "「~~」が"),
    ("甲<br>乙", 1, "「<br>」はそのまま"), ("<div>甲</div>", 1, "「<div>」はそのまま"), ("甲<b class='x'>乙</b>", 1, "そのままの文字"),
    ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", 3, "表の列より多いセル「3」"), ("| a | b |\n|---|---|\n| 1 |", 3, "セルが足りません（2 列のうち 1 個）"),
    ("| a | b |\n| 1 | 2 |", 1, "表になっていない行"), ("| a | b |\n|---|\n| 1 | 2 |", 1, "表になっていない行"), ("｜a｜b｜", 1, "全角の「｜」"),
    ("| a |\n|---|\n| 1 |\n続きの文", 4, None), ("甲[^1]", 1, "脚注「[^1]」の文章がありません"), ("甲\n\n[^2]: 乙", 3, "どこからも呼ばれて"),
    ("甲[^1]\n\n[^1]: 乙\n[^1]: 丙", 4, "二つあります"), ("![](pictures/a.png)", 1, "図に説明がありません"), ('<img src="attachment:a.png">', 1, "図に説明が"),
    ("![甲](https://e.example/a.png)", 1, "載りません"), ("甲\n\n```\n乙", 3, "閉じていません"), ("＞引用", 1, "引用になりません"),
    ("［甲］（#sec-1）", 1, "全角のかっこ"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "what"), SLIPS)
def test_a_slip_is_told_with_its_line_and_a_remedy(source, line, what):
    found = slips(source)
    if what is None:
        return
    assert [slip for slip in found if slip.line == line and what in slip.what and slip.remedy], found


@pytest.mark.parametrize(
    "source",
    [
        "## 分析\n\n**太字**と*斜体*、~~取消~~。\n・甲\n※乙", "| a | b |\n|:--|--:|\n| 1 | 2\\|3 |\n|  | `x\\|y` |", "甲[^1]、乙[^1]\n\n[^1]: 丙\n    丁",
        "![図の説明](pictures/a.png)", "3 < 5、a<b、<user@example.jp>", "```\n<b>**\n```", "`**` と `<br>`", "5 * 3 ** 2 ** 甲", "甲^[その場の注]", "#1 電話"[1:],
        "[甲](#sec-1)", "C# と F#", "1. 甲\n2. 乙", "(1) 甲\n(2) 乙",
    ],
)  # fmt: skip
def test_what_is_rightly_typed_is_no_slip(source):
    assert [slip for slip in slips(source) if "**" not in slip.what] == []


def test_no_text_of_the_years_has_a_slip():
    texts = sorted((ROOT / "data").glob("R*/commentary/*.md"))
    assert texts and [(path.name, slip) for path in texts for slip in slips(path.read_text(encoding="utf-8"))] == []


# Pictures


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("![図](pictures/a.png)", "a.png"), ("![図](./pictures/相談 の流れ.PNG)", "相談 の流れ.PNG"), ("![図](pictures/a%20b.png)", "a b.png"),
        ("![図](attachment:a b (1).png)", "a b (1).png"), ('<img src="attachment:x.png" alt="図" width="300">', "x.png"), ("<IMG alt='図' src='pictures/が.jpeg'/>", "が.jpeg"),
        ('![図](pictures/a.png "題")', "a.png"), ("![図](<pictures/a b.png>)", "a b.png"), ("![図](attachment:%E5%9B%B3.png)", "図.png"),
    ],
)  # fmt: skip
def test_a_picture_of_any_name_is_shown(source, name):
    assert picture_names(source) == [name]
    assert html(source, images={name: "DATA"}).startswith('<p><img src="DATA" alt="図"')
    assert '#text-image(BYTES, alt: "図")' in to_typst(parse(source), {name: "BYTES"})
    assert html(source) == "<p>図</p>\n"  # one that is not there: its words


def test_pictures_elsewhere_are_none_and_pasted_ones_are_renamed():
    assert picture_name("https://e.example/pictures/a.png") is None and picture_name("../pictures/a.png") is None
    assert renamed("![](attachment:a%20b.png) ![](pictures/a b.png)", {"a b.png": "n.png"}.get) == (
        "![](attachment:n.png) ![](pictures/a b.png)"
    )


def png(colour="red"):
    content = io.BytesIO()
    Image.new("RGB", (8, 4), colour).save(content, "png")
    return content.getvalue()


def test_a_text_with_pictures_and_notes_through_a_report(tmp_path, executed):
    """Pictures beside the texts and notes in two sections, built, changed and built again."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    texts = data / "R5" / "commentary"
    (texts / "pictures").mkdir()
    (texts / "pictures" / "流れ 図.png").write_bytes(png())
    for name, more in (
        ("2-1", "![流れ](pictures/流れ 図.png)\n\n甲[^a]、乙[^a]、丙[^b]\n\n[^a]: 一\n[^b]: 二"),
        ("2-2", "丁[^a]\n\n[^a]: 三"),
    ):
        path = texts / f"{name}.md"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{more}\n", encoding="utf-8")
    office, out = Office(data), executed(tmp_path / "outputs")
    build(office, R5, out, Wanted(), lambda *told: None)
    page = (out / "R5" / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'class="footnote-ref"><a [^>]*>\[(.+?)\]', page) == ["1", "1", "2", "3"]
    assert re.findall(r'<ol start="(\d+)">', page) == ["1", "3"]
    assert base64.b64encode(png()).decode() in page and 'alt="流れ"' in page
    before = (texts / "2-1.md").read_bytes()
    (texts / "pictures" / "流れ 図.png").write_bytes(png("blue"))
    build(Office(data), R5, out, Wanted(), lambda *told: None)
    assert base64.b64encode(png("blue")).decode() in (out / "R5" / "report.html").read_text(encoding="utf-8")
    chapter = next((out / "R5" / "chapters").glob("02_*.ipynb")).read_text(encoding="utf-8")
    assert base64.b64encode(png("blue")).decode() in chapter and (texts / "2-1.md").read_bytes() == before
    (texts / "2-1.md").write_text("#分析\n", encoding="utf-8")
    found = [one for one in review(Office(data).of(R5)).findings if one.rule == "文章の書き方"]
    assert [(one.severity, one.sheet, one.cell) for one in found] == [("warning", "R5/commentary/2-1.md", "1 行目")]
    assert found[0].suggestion


def test_a_text_that_leaves_its_encoding_is_told(tmp_path):
    data, out = tmp_path / "R5", tmp_path / "out"
    (data / "commentary").mkdir(parents=True)
    (out / "chapters").mkdir(parents=True)
    path = data / "commentary" / "2-1.md"
    path.write_bytes("もとの文章。\n".encode("cp932"))
    desk = Desk(data, out)
    cell = {"cell_type": "markdown", "id": "a", "metadata": {"nenpo": {"commentary": "2-1"}}, "source": ""}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    desk.fill(notebook, desk.take_in().texts)
    desk.put_back({"01.ipynb": notebook}, desk.take_in())
    cell["source"] = "\U0002f80cと書いた。"
    desk.put_back({"01.ipynb": notebook}, desk.take_in())
    import json

    (out / "chapters" / "01.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    notes = desk.take_in().notes
    assert any("UTF-8 で保存しました" in note and "cp932" in note for note in notes), notes
    assert "\U0002f80c" in path.read_text(encoding="utf-8")


def test_no_message_of_the_typesetter_reaches_a_user():
    source = '#chapter(1, "sec-1", "１　概要")\n#f()\n#chapter(2, "sec-2", "２　実績")\n'
    fault = _fault("unknown variable: f", "error: unknown variable\n  ┌─ __typst_py_bytes__.typ:2:1\n", source)
    assert "「１　概要」の節を組版できません" in fault.what and not re.search("[a-z]{4}", f"{fault.what}{fault.remedy}")
    cell = {"cell_type": "markdown", "metadata": {}, "source": "# 題\n\n| a |\n|---|\n", "id": "a"}
    assert PdfExporter().render(make_book({"cells": [cell], "metadata": {}}, "x")).startswith(b"%PDF")
