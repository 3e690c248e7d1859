"""Remarks in a text (<!-- … -->) are no part of a report: not of its pages, nor of their source, nor of the figures that are checked."""

import shutil
from pathlib import Path

import pypdfium2
import pytest

from nenpo.built import HTML, PDF, REVIEW
from nenpo.cli import main
from nenpo.present.html import view_html
from nenpo.present.views import CaseView
from nenpo.text.cases import parse_case
from nenpo.text.markdown import parse, remarks, to_html, without_remarks
from nenpo.text.typst import to_typst

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("本文。<!-- 課長確認待ち -->続き。", "<p>本文。続き。</p>\n"),
        ("本文。\n\n<!-- 課長\n\n確認\n待ち -->\n\n続き。", "<p>本文。</p>\n<p>続き。</p>\n"),
        ("<!-- 一 -->本文<!--二-->。<!---->", "<p>本文。</p>\n"),
        ("- 項目<!-- 未 -->\n- 項目", "<ul>\n<li>項目</li>\n<li>項目</li>\n</ul>\n"),
        ("| a | b |\n|---|---|\n| 1<!-- 仮 --> | 2 |", None),
        ("`x<!-- 課長 -->`", "<p><code>x</code></p>\n"),
        ("<!-- 全部 -->", ""),
        ("3 < 5 -- 7 > 6", "<p>3 &lt; 5 -- 7 &gt; 6</p>\n"),
    ],
)  # fmt: skip
def test_a_remark_is_in_no_output(source, shown):
    text = parse(source)
    html, typst = to_html(text), to_typst(text)
    assert shown is None or html == shown
    for word in ("課長", "仮", "未", "全部", "!--"):
        assert word not in html and word not in typst and word not in text.source


def test_lines_stay_where_they_are():
    source = "一\n<!-- 二\n三 -->四\n五 <!-- 六"
    assert without_remarks(source).split("\n") == ["一", "", "四", "五 <!-- 六"] and remarks(source) == [2, 4]


def test_a_case_has_none_either():
    case = parse_case(
        "# 【事例１】<!-- 仮名 -->題\n\n<!-- ## 見出し -->\n## 本人の状態\n本文<!-- 要確認 -->。", "case-1", "x"
    )
    html = view_html(CaseView(case))
    assert "【事例１】題" in html and len(case.parts) == 1
    assert not any(word in html for word in ("仮名", "見出し", "要確認"))


def test_a_report_holds_none_and_a_final_one_is_refused_while_one_is_left(tmp_path, executed, capsys):
    data, out = tmp_path / "data", executed(tmp_path / "out")
    shutil.copytree(ROOT / "data", data)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    path = data / "R5" / "commentary" / "2-1.md"
    path.write_text(f"<!-- 秘匿の覚え書き、９９９９件 -->\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    (data / "R5" / "commentary" / "8-5.md").write_text("<!-- 秘匿の覚え書き -->\n", encoding="utf-8")
    command = ["build", "R5", "--data", str(data), "--out", str(out)]
    assert main([*command, "--review"]) == 0
    for name in (HTML, REVIEW):
        page = (out / "R5" / name).read_text(encoding="utf-8")
        assert "秘匿の覚え書き" not in page and "９９９９" not in page and "本文「8-5」はまだ書かれていません" in page
    words = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(out / "R5" / PDF))
    assert "秘匿の覚え書き" not in words
    assert main(["check", "R5", "--data", str(data), "--out", str(out)]) == 0
    capsys.readouterr()
    assert main([*command, "--final"]) == 1
    assert "R5/commentary/2-1.md 1 行目：覚え書き" in capsys.readouterr().err
    path.write_text("本文。\n\n<!-- 閉じていない\n\n続き。\n", encoding="utf-8")
    assert main(command) == 1
    assert "2-1.md 3 行目：覚え書き（<!--）が閉じていません" in capsys.readouterr().err
