"""An office of another kind: a town library, from ``nenpo new --office`` to its report, without a line of code."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
import small_offices
from openpyxl import load_workbook

from nenpo.cli import main
from nenpo.office import Office
from nenpo.records import Row
from nenpo.report import Report

TABLES = """
[[table]]
id = "2-1"
title = "貸出冊数"
shape = "monthly"
unit = "冊"
since = "R6"
months_since = "R6"
kept_years = 4
shares = "合計"
columns = [
  { name = "一般書" },
  { name = "児童書" },
  { name = "雑誌・視聴覚", label = "雑誌・|視聴覚" },
  { name = "合計", sum = ["一般書", "児童書", "雑誌・視聴覚"] },
]

[[table]]
id = "2-2"
title = "来館者数"
shape = "monthly"
unit = "人"
since = "R6"
months_since = "R6"
kept_years = 4
columns = [
  { name = "来館者数" },
  { name = "うち子ども", label = "うち|子ども" },
  { name = "登録者数", stock = true },
]
identities = [
  "うち子ども ≤ 来館者数",
]

[[table]]
id = "2-3"
title = "おはなし会"
shape = "events"
since = "R6"

[colours]
"一般書" = "#00428c"
"児童書" = "#e25100"
"雑誌・視聴覚" = "#71c598"
"来館者数" = "#00428c"
"うち子ども" = "#e25100"
"登録者数" = "#333333"
"""
PROFILE = """
city = "見本町"
division = "見本町立図書館"
nickname = "ほんの森"
report_title = "図書館年報"

[[key_figure]]
name = "貸出冊数"
of = "2-1/合計"
"""
ADDED = """
[[table]]
id = "2-4"
title = "予約・リクエスト"
shape = "matrix"
unit = "件"
since = "R6"
corner = "受付"
total_label = "計"
rows = ["窓口", "電話", "ウェブ"]
columns = [
  { name = "予約" },
  { name = "リクエスト" },
]
"""


def cells(*sources: str) -> list[dict[str, object]]:
    return [
        {"cell_type": "markdown", "id": f"x{at}", "metadata": {}, "source": [source]}
        if source.startswith("#")
        else {
            "cell_type": "code",
            "id": f"x{at}",
            "metadata": {},
            "source": [source],
            "execution_count": None,
            "outputs": [],
        }
        for at, source in enumerate(sources)
    ]


def chapter(path: Path, *sources: str) -> None:
    """The chapter with its parameters and first cells as they are, then these."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [*notebook["cells"][:3], *cells(*sources)]
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    assert main(["new", "R6", "--office", str(folder)]) == 0
    data = folder / "data"
    (data / "tables.toml").write_text(TABLES, encoding="utf-8")
    (data / "office.toml").write_text(PROFILE, encoding="utf-8")
    chapter(
        folder / "notebooks" / "02_実績.ipynb",
        "## 2－1　貸出冊数",
        'report.table("2-1")',
        'report.shares("2-1")',
        'report.commentary("2-1")',
        "## 2－2　来館者数",
        'report.table("2-2")',
        'report.course("2-2", ["来館者数", "うち子ども", "登録者数"])',
        "## 2－3　おはなし会",
        'report.table("2-3")',
    )
    assert main(["new", "R6", "--data", str(data)]) == 0
    book = load_workbook(data / "R6" / "statistics.xlsx")
    for row in range(5, 17):
        for column, value in zip("BCD", (1000 + row, 500 - row, 20 * row), strict=True):
            book["2-1 貸出冊数"][f"{column}{row}"] = value
        for column, value in zip("BCD", (900 + row, 300, 4000 + row), strict=True):
            book["2-2 来館者数"][f"{column}{row}"] = value
    book["2-3 おはなし会"]["A5"], book["2-3 おはなし会"]["B5"] = "R6.5.5", "こどもの日のおはなし会"
    book.save(data / "R6" / "statistics.xlsx")
    commentary = data / "R6" / "commentary"
    commentary.mkdir(exist_ok=True)
    (commentary / "1-1.md").write_text("町の図書館です。\n", encoding="utf-8")
    (commentary / "2-1.md").write_text("一般書は１２，１２６冊でした。\n", encoding="utf-8")
    return folder


def test_an_office_starts_with_a_report_that_can_be_built(tmp_path: Path):
    assert main(["new", "R6", "--office", str(tmp_path / "new")]) == 0
    data = tmp_path / "new" / "data"
    written = {path: path.read_bytes() for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert main(["build", "R6", "--data", str(data), "--html"]) == 0
    page = (tmp_path / "new" / "outputs" / "R6" / "report.html").read_text(encoding="utf-8")
    assert "○○課" in page and "「利用者数」の令和６年度の数値はまだありません。" in page
    assert main(["new", "R6", "--office", str(tmp_path / "new")]) == 0
    assert {path: path.read_bytes() for path in written} == written, "nothing is overwritten"


def test_an_office_without_key_figures_has_no_page_of_them_and_a_typed_number_is_not_said_twice(tmp_path: Path):
    assert main(["new", "R6", "--office", str(tmp_path / "new")]) == 0
    data = tmp_path / "new" / "data"
    settings = (data / "office.toml").read_text(encoding="utf-8")
    (data / "office.toml").write_text(settings.replace("[[key_figure]]", "[[other]]"), encoding="utf-8")
    tables = (data / "tables.toml").read_text(encoding="utf-8")
    title = re.search(r'^title = "(.*)"$', tables, re.MULTILINE)[1]
    (data / "tables.toml").write_text(tables.replace(f'"{title}"', f'"表２－１　{title}"', 1), encoding="utf-8")
    assert main(["build", "R6", "--data", str(data), "--html"]) == 0
    page = (tmp_path / "new" / "outputs" / "R6" / "report.html").read_text(encoding="utf-8")
    assert "表２－１" not in page and 'class="keys"' not in page
    (opening,) = re.findall(
        r'<section id="sec-summary">.*?</section>', page, re.DOTALL
    )  # the year is not over, which is said there
    assert "途中のものです" in opening


def test_offices_built_from_one_place_do_not_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    for name in ("kita", "minami"):
        assert main(["new", "R6", "--office", str(tmp_path / name)]) == 0
    (tmp_path / "minami" / "data").rename(tmp_path / "minami" / "statistics")
    monkeypatch.chdir(tmp_path / "kita")
    built = {
        (): "outputs/R6",
        ("--data", "data"): "outputs/R6",
        ("--data", "../minami/statistics"): "../minami/outputs/statistics/R6",
        (
            "--data",
            "../minami/statistics",
            "--data",
            "../minami/../minami/statistics",
        ): "../minami/outputs/statistics/R6",
        ("--data", "../minami/statistics", "--data", "data"): "outputs/statistics/R6",
    }
    for options, target in built.items():
        (tmp_path / "kita" / target / "report.html").unlink(missing_ok=True)
        assert main(["build", "R6", "--html", *options]) == 0
        assert (tmp_path / "kita" / target / "report.html").is_file(), options
    for name in ("kita", "minami"):
        assert not list((tmp_path / name).rglob("控え")), "no office takes in what stands in the chapters of the other"


def test_a_library_from_its_form_to_its_report(library: Path, tmp_path: Path):
    data, out = str(library / "data"), str(tmp_path / "out")
    assert main(["check", "R6", "--data", data, "--out", out]) == 0
    assert main(["build", "R6", "--data", data, "--out", out, "--final"]) == 0
    page = (tmp_path / "out" / "R6" / "report.html").read_text(encoding="utf-8")
    assert "見本町立図書館「ほんの森」" in page and "図書館年報" in page
    assert (tmp_path / "out" / "R6" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "12,126" in page and "こどもの日のおはなし会" in page
    assert "小樽" not in page and "たるさぽ" not in page


def test_a_wrong_figure_in_the_librarys_text_is_found(library: Path, tmp_path: Path):
    (library / "data" / "R6" / "commentary" / "2-1.md").write_text("一般書は１２，１２７冊でした。\n", encoding="utf-8")
    assert main(["check", "R6", "--data", str(library / "data"), "--out", str(tmp_path / "out")]) == 1


def test_a_new_table_is_one_entry_one_sheet_one_cell(library: Path, tmp_path: Path):
    data = library / "data"
    path = data / "tables.toml"
    path.write_text(path.read_text(encoding="utf-8") + ADDED, encoding="utf-8")
    assert main(["new", "R6", "--data", str(data)]) == 0
    (beside,) = data.glob("R6/statistics（*.xlsx")
    book = load_workbook(beside)
    for row in (5, 6, 7):
        book["2-4 予約・リクエスト"][f"B{row}"], book["2-4 予約・リクエスト"][f"C{row}"] = row, 1
    book.save(data / "R6" / "statistics.xlsx")
    beside.unlink()
    notebook = library / "notebooks" / "02_実績.ipynb"
    raw = json.loads(notebook.read_text(encoding="utf-8"))
    raw["cells"] += [{**one, "id": f"y{at}"} for at, one in enumerate(cells('report.table("2-4")'))]
    notebook.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    assert main(["build", "R6", "--data", str(data), "--out", str(tmp_path / "out"), "--html"]) == 0
    page = (tmp_path / "out" / "R6" / "report.html").read_text(encoding="utf-8")
    assert 'id="tbl-2-4"' in page and "12,126" in page, "what was typed before is still there"
    assert Office(data).records(Office(data).years[-1]).tables["2-4"][2].values == {"予約": 7, "リクエスト": 1}


KEYED = """
[[table]]
id = "1-1"
title = "水量"
since = "R4"
rows = ["上水", "下水"]
total = "計"
columns = [
  { name = "配水量", unit = "千㎥", decimals = 1 },
  { name = "有収水量", unit = "千㎥", decimals = 1 },
  { name = "有収率", of = "有収水量 ÷ 配水量", unit = "％", decimals = 1 },
]

[[table]]
id = "1-2"
title = "施設"
since = "R4"
items = [{ name = "座席数", unit = "席" }, { name = "延床面積", unit = "㎡", decimals = 2 }]
"""


def test_key_figures_have_their_column_s_unit_and_rates_change_by_points(tmp_path: Path, capsys):
    years = {}
    for code, waters, seats in (("R4", ((600, 540), (400, 360)), 300), ("R5", ((610, 550), (420, 370)), 320)):
        rows = zip(("上水", "下水"), waters, strict=True)
        years[code] = {
            "1-1": tuple(Row(name, {"配水量": supplied, "有収水量": paid}) for name, (supplied, paid) in rows),
            "1-2": (Row("座席数", {"値": seats}), Row("延床面積", {"値": Decimal("1234.50")})),
        }
    data = small_offices.built(tmp_path / "data", "水道局", KEYED, years).office.folder
    keys = [("配水", "1-1/配水量"), ("率", "1-1/有収率"), ("席", "1-2/座席数"), ("床", "1-2/延床面積")]
    profile = (data / "office.toml").read_text(encoding="utf-8")
    profile += "".join(f'[[key_figure]]\nname = "{name}"\nof = "{of}"\n' for name, of in keys)
    (data / "office.toml").write_text(profile, encoding="utf-8")
    shown = [(key.figure, key.unit, key.change, key.ratio) for key in Report("R5", data).summary().views[0].keys]
    assert shown == [
        ("1,030.0", "千㎥", "前年度（1,000.0千㎥）から 30.0千㎥増", "（＋3.0%）"),
        ("89.3", "％", "前年度（90.0％）から 0.7ポイント減", ""),
        ("320", "席", "前年度（300席）から 20席増", "（＋6.7%）"),
        ("1,234.50", "㎡", "前年度（1,234.50㎡）と同じ", ""),
    ]
    (data / "office.toml").write_text(profile.replace("1-2/座席数", "1-2/席数"), encoding="utf-8")
    assert main(["check", "R5", "--data", str(data)]) == 2 and "「1-2/席数」という列や項目" in capsys.readouterr().err
