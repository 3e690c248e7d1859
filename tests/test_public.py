"""The public edition: what is hidden shows nowhere, cannot be computed, and changes nothing where it changes."""

from __future__ import annotations

import csv
import json

import nbformat
import pytest
from openpyxl import load_workbook

from nenpo.cli import main
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prepare.year import prepare
from nenpo.records import Place, Row, YearRecords
from nenpo.secrecy.published import published
from nenpo.secrecy.rules import rules_of
from nenpo.workbook.writing import packed, workbook

TABLES = """
[[table]]
id = "1-1"
title = "相談者の年代"
since = "R5"
unit = "人"
rows = ["来所", "電話", "訪問"]
total = "合計"
columns = [
  { name = "若年" },
  { name = "中年" },
  { name = "高齢" },
  { name = "計", sum = ["若年", "中年", "高齢"] },
  { name = "若年の割合", of = "若年 ÷ 計", unit = "％", decimals = 1, total = "none" },
]

[[table]]
id = "1-2"
title = "拠点"
since = "R5"
unit = "か所"
open_because = "施設の数で、人の数ではない"
items = [{ name = "拠点" }]
"""
COUNTS = {"来所": (20, 50, 10), "電話": (8, 19, 3), "訪問": (17, 32, 12)}
OFFICE = 'city = "某市"\ndivision = "相談室"\nreport_title = "年報"\n'


@pytest.fixture
def office(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "tables.toml").write_text(TABLES, encoding="utf-8")
    (data / "office.toml").write_text(f"{OFFICE}\n[public]\nthreshold = 5\n", encoding="utf-8")
    prepare(Office(data), FiscalYear("R5"))
    typed(data, COUNTS)
    (data / "R5" / "commentary").mkdir(exist_ok=True)
    (data / "R5" / "commentary" / "1-1.md").write_text("来所の計は80人であった。\n", encoding="utf-8")
    cells = [
        nbformat.v4.new_markdown_cell("# 1　実績"),
        nbformat.v4.new_code_cell('fiscal_year = "R5"'),
        nbformat.v4.new_code_cell("from nenpo.report import Report\nreport = Report(fiscal_year)"),
        nbformat.v4.new_markdown_cell("## 1－1　年代"),
        *(nbformat.v4.new_code_cell(code) for code in ('report.table("1-1")', 'report.chart("1-1")', 'report.frame_table(report.frame("1-1"), "写し")', 'report.table("1-2")', 'report.commentary("1-1")')),
    ]  # fmt: skip
    cells[1]["metadata"]["tags"] = ["parameters"]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebooks" / "01_実績.ipynb")
    return data


def typed(data, counts, items=(3,)):
    path = data / "R5" / "statistics.xlsx"
    book = load_workbook(path)
    page = next(sheet for sheet in book if sheet.title.startswith("1-1"))
    for row in page.iter_rows(min_row=5):
        for cell, count in zip(row[1:], counts.get(row[0].value, ()), strict=False):
            cell.value = count
    for at, count in enumerate(items, start=5):
        book["単独の数値"].cell(at, 3).value = count
    book.save(path)


def build(data, *more):
    return main(["build", "R5", "--data", str(data), "--out", str(data.parent / "out"), "--public", *more])


def edition(data):
    folder = data.parent / "out" / "R5" / "public"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_public_edition_and_its_proof(office):
    assert build(office) == 0
    files = edition(office)
    assert {
        "report.html",
        "report.pdf",
        "proof.json",
        "data/1-1.csv",
        "data/figures.csv",
        "data/tables.xlsx",
    } <= files.keys()
    proof = json.loads(files["proof.json"])
    assert proof["fallen"] == [] and proof["small"] == 1 and proof["hidden"] >= 4 and proof["interval"] == [0, 10]
    page = files["report.html"].decode()
    assert "<td>X</td>" in page and "秘匿した数値" in page and "3か所" in page and "図は載せていません" in page
    assert "来所の計は80人" in page and ",X,3," not in files["data/1-1.csv"].decode()
    assert main(["build", "R5", "--data", str(office), "--out", str(office.parent / "out"), "--review", "--html"]) == 0
    told = (office.parent / "out" / "R5" / "report-review.html").read_text(encoding="utf-8")
    assert "公表用の版の確かめ" in told and "うち 1 から 4 までの数 1 個" in told and "計算できてしまう数：0 個" in told
    own = (office.parent / "out" / "R5" / "report.html").read_text(encoding="utf-8")
    assert "<td>X</td>" not in own and "秘匿" not in own
    assert not list((office.parent / "out" / "R5").glob("hidden*"))


def test_what_is_hidden_changes_nothing_where_it_changes(office):
    """Another table that agrees with all that is shown makes the same edition, byte for byte: nothing of what is hidden is in it."""
    assert build(office) == 0
    before = edition(office)
    head, *rows = [line.split(",") for line in before["data/1-1.csv"].decode("utf-8-sig").split("\r\n") if line]
    hidden = {(row[2], head[at][:2]) for row in rows for at in range(3, 6) if row[at] == "X"}
    counts = {label: list(values) for label, values in COUNTS.items()}
    names = ["若年", "中年", "高齢"]
    labels = [label for label in counts if sum((label, name) in hidden for name in names) == 2]
    columns = [at for at, name in enumerate(names) if (labels[0], name) in hidden]
    for label, sign in zip(labels, (1, -1), strict=True):  # once round the hidden rectangle
        for at, other in zip(columns, (1, -1), strict=True):
            counts[label][at] += sign * other
    assert counts != {label: list(values) for label, values in COUNTS.items()}
    typed(office, counts)
    assert build(office) == 0
    after = edition(office)
    assert after.keys() == before.keys()
    assert [name for name in before if before[name] != after[name]] == []


def test_a_text_that_rests_on_what_is_hidden_is_refused_with_its_line(office, capsys):
    assert build(office) == 0
    before = edition(office)
    path = office / "R5" / "commentary" / "1-1.md"
    path.write_text("来所の計は80人であった。\n\n電話の高齢は3人である。\n", encoding="utf-8")
    assert build(office) == 1
    told = capsys.readouterr().err
    assert "R5/commentary/1-1.md 3 行目" in told and "3人" in told and "言い換える" in told
    assert edition(office) == before
    assert "電話の高齢は3人" in (office.parent / "out" / "R5" / "report.html").read_text(encoding="utf-8")


def test_nothing_declared_is_refused_and_bad_words_are_told(office, capsys):
    (office / "office.toml").write_text(OFFICE, encoding="utf-8")
    assert build(office) == 2 and "[public]" in capsys.readouterr().err
    for wrong, told in (
        ("threshhold = 5", "「threshhold」という項目はありません（書けるのは way、threshold、base、zeros）"),
        ("threshold = 0", "threshold = 5 と base = 5 のような"),
        ('way = "round"', "秘匿のしかた「round」は hidden、years、rounded のどれでもありません"),
    ):
        (office / "office.toml").write_text(f"{OFFICE}\n[public]\n{wrong}\n", encoding="utf-8")
        assert build(office) == 2 and told in capsys.readouterr().err


def test_small_counts_of_persons_without_a_word_on_them_are_a_warning(office, capsys):
    data = office
    assert main(["check", "R5", "--data", str(data)]) == 0
    (data / "office.toml").write_text(OFFICE, encoding="utf-8")
    assert main(["check", "R5", "--data", str(data)]) == 0
    told = capsys.readouterr().out
    assert "1 から 9 までの数が 2 個" in told and "表 1-1" in told and "threshold = 5" in told
    for opened in (
        TABLES.replace('total = "合計"', 'total = "合計"\nopen_because = "年齢だけの数"'),
        TABLES.replace('{ name = "若年" }', '{ name = "若年", open_because = "公表済み" }').replace(
            '{ name = "高齢" }', '{ name = "高齢", open_because = "公表済み" }'
        ),
    ):
        (data / "tables.toml").write_text(opened, encoding="utf-8")
        assert main(["check", "R5", "--data", str(data)]) == 0
        assert "秘匿の決まり" not in capsys.readouterr().out


def test_a_column_that_is_open_shows_its_small_counts(office):
    (office / "tables.toml").write_text(
        TABLES.replace('{ name = "高齢" }', '{ name = "高齢", open_because = "講座の数" }'), encoding="utf-8"
    )
    typed(office, {"来所": (20, 50, 1), "電話": (8, 19, 3), "訪問": (3, 32, 2)})
    (office / "R5" / "commentary" / "1-1.md").unlink()
    assert build(office) == 0
    written = (office.parent / "out" / "R5" / "public" / "data" / "1-1.csv").read_text(encoding="utf-8-sig")
    rows = {row["区分"]: row for row in csv.DictReader(written.splitlines())}
    assert [rows[row]["高齢（人）"] for row in COUNTS] == ["1", "3", "2"] and rows["訪問"]["若年（人）"] == "X"


def test_the_proof_finds_what_is_shown_by_mistake(office):
    """A hidden cell that is written after all, beside the small one, gives it away: the attacker tells which."""
    from nenpo.run.public import hidden_of, proved

    assert build(office) == 0
    year = FiscalYear("R5")
    own = Office(office)
    shown = published(own.of(year))
    data = office.parent / "out" / "R5" / "public" / "data"
    rules = rules_of(own, year)
    meant = hidden_of(shown, rules).hidden
    assert proved(shown, meant, data, year, rules)["fallen"] == []
    path = data / "figures.csv"
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    at = next(
        number
        for number, line in enumerate(lines)
        if line.rstrip().endswith("X")
        and "電話" in line
        and "高齢" not in line
        and "計" not in line
        and "割合" not in line
    )
    column = lines[at].split(",")[3]
    value = dict(zip(("若年", "中年", "高齢"), COUNTS["電話"], strict=True))[column]
    lines[at] = lines[at].replace(",,人,X", f",{value},人,")
    path.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    assert any("高齢" in fallen and "電話" in fallen for fallen in proved(shown, meant, data, year, rules)["fallen"])


def test_the_year_before_is_kept_secret_with_what_is_computed_of_it(office):
    """A column that looks back, and a text that compares, would tell last year's small counts: they are hidden as this year's are."""
    tables = TABLES.replace('since = "R5"\nunit = "人"', 'since = "R4"\nunit = "人"', 1)
    column = '{ name = "若年の割合", of = "若年 ÷ 計", unit = "％", decimals = 1, total = "none" },'
    tables = tables.replace(
        column, '{ name = "前年", of = "前年の高齢" },\n  { name = "増減", of = "高齢 - 前年の高齢", signed = true },'
    )
    (office / "tables.toml").write_text(tables, encoding="utf-8")
    prepare(Office(office), FiscalYear("R4"))
    path = office / "R4" / "statistics.xlsx"
    book = load_workbook(path)
    page = next(sheet for sheet in book if sheet.title.startswith("1-1"))
    for row, counts in zip(
        page.iter_rows(min_row=5, max_row=7), ((31, 30, 2), (12, 20, 40), (15, 16, 17)), strict=True
    ):
        for cell, count in zip(row[1:4], counts, strict=True):
            cell.value = count
    book.save(path)
    assert build(office) == 0
    files = edition(office)
    first = files["data/1-1.csv"].decode("utf-8-sig").split("\r\n")[1].split(",")
    assert first[2] == "来所" and first[-2:] == ["X", "X"]
    assert json.loads(files["proof.json"])["small"] == 2 and json.loads(files["proof.json"])["fallen"] == []


BY_YEAR = """
[[table]]
id = "1-1"
title = "月別の相談者"
since = "R5"
unit = "人"
rows = "months"
public = "years"
columns = [
  { name = "男性" },
  { name = "女性" },
  { name = "計", sum = ["男性", "女性"] },
]
"""


def test_a_table_that_is_public_by_year_only_shows_no_month_anywhere(office):
    (office / "tables.toml").write_text(BY_YEAR, encoding="utf-8")
    (office / "R5" / "statistics.xlsx").unlink()
    (office / "R5" / "commentary" / "1-1.md").write_text("計は600人であった。\n", encoding="utf-8")
    prepare(Office(office), FiscalYear("R5"))
    path = office / "R5" / "statistics.xlsx"
    book = load_workbook(path)
    page = next(sheet for sheet in book if sheet.title.startswith("1-1"))
    for row in range(5, 17):
        page.cell(row, 2).value, page.cell(row, 3).value = 20 + row, 30 - row
    book.save(path)
    notebook = nbformat.read(office.parent / "notebooks" / "01_実績.ipynb", 4)
    codes = ('report.table("1-1")', 'report.course("1-1", ["計"])', 'report.commentary("1-1")')
    notebook["cells"] = [*notebook["cells"][:4], *map(nbformat.v4.new_code_cell, codes)]
    nbformat.write(notebook, office.parent / "notebooks" / "01_実績.ipynb")
    assert build(office) == 0
    files = edition(office)
    proof = json.loads(files["proof.json"])
    assert proof["fallen"] == [] and proof["hidden"] == 36
    page = files["report.html"].decode()
    assert "R5.4" not in page and "年度の数値だけを公表しています" in page and "<td>600</td>" in page
    assert files["data/1-1.csv"].decode().count("X,X,X") == 12
    own = (office.parent / "out" / "R5" / "report.html").read_text(encoding="utf-8")
    assert "R5.4" in own and "公表しています" not in own


def test_by_year_only_is_of_months(office, capsys):
    tables = TABLES.replace('total = "合計"\n', 'total = "合計"\npublic = "years"\n', 1)
    (office / "tables.toml").write_text(tables, encoding="utf-8")
    assert build(office) == 2
    assert "月や四半期の表に" in capsys.readouterr().err


def test_a_table_can_be_rounded_each_number_by_itself(office):
    tables = TABLES.replace('total = "合計"\n', 'total = "合計"\npublic = "rounded"\n', 1)
    (office / "tables.toml").write_text(tables, encoding="utf-8")
    (office / "R5" / "commentary" / "1-1.md").write_text("来所の計は80人であった。\n", encoding="utf-8")
    assert build(office) == 0
    files = edition(office)
    proof = json.loads(files["proof.json"])
    assert proof["fallen"] == [] and proof["hidden"] == 0 and proof["rounded"] == 16 and proof["bases"] == {"1-1": 5}
    written = files["data/1-1.csv"].decode("utf-8-sig").splitlines()
    assert ",来所,20,50,10,80," in written[1] and ",電話,10,20,5,30," in written[2]
    page = files["report.html"].decode()
    assert "数は一つずつ丸めている" in page and ">19<" not in page and ">3<" not in page
    (office / "R5" / "commentary" / "1-1.md").write_text("電話の中年は19人であった。\n", encoding="utf-8")
    assert build(office) == 1


def test_classes_can_be_merged_in_the_public_edition_alone(office):
    tables = TABLES.replace(
        'total = "合計"\n',
        'total = "合計"\nmerged = { "中高年" = ["中年", "高齢"], "来所以外" = ["電話", "訪問"] }\nidentities = ["計 = 若年 + 中年 + 高齢"]\n',
        1,
    )
    (office / "tables.toml").write_text(tables, encoding="utf-8")
    (office / "R5" / "commentary" / "1-1.md").write_text("若年は45人であった。\n", encoding="utf-8")
    assert build(office) == 0
    files = edition(office)
    proof = json.loads(files["proof.json"])
    assert proof["fallen"] == [] and proof["small"] == 0 and proof["hidden"] == 0
    written = files["data/1-1.csv"].decode("utf-8-sig").splitlines()
    assert ",来所,20,60,80," in written[1] and ",来所以外,25,66,91," in written[2] and ",合計,45,126,171," in written[3]
    page = files["report.html"].decode()
    assert "中高年" in page and "中年<" not in page and "電話" not in page
    own = (office.parent / "out" / "R5" / "report.html").read_text(encoding="utf-8")
    assert "電話" in own and "中高年" not in own


def test_what_cannot_be_merged_is_told(office, capsys):
    wrong = 'total = "合計"\nmerged = { "甲" = ["若年"], "計" = ["若年", "中年"], "乙" = ["若年", "来所"], "丙" = ["若年", "高齢"] }\n'
    text = TABLES.replace('total = "合計"\n', wrong, 1)
    (office / "tables.toml").write_text(text, encoding="utf-8")
    assert build(office) == 2
    told = capsys.readouterr().err
    assert "「甲」には" in told and "「乙」には" in told and "merged で合わせられません" in told


TWO_YEARS = """
[[table]]
id = "1-1"
title = "相談者"
shape = "monthly"
since = "R4"
kept_years = 2
unit = "人"
columns = [ { name = "若年" }, { name = "中年" }, { name = "計", sum = ["若年", "中年"] } ]
"""


@pytest.fixture
def two_years(office):
    """R4 has a small count, R5 none; the table of R5 shows R4 too."""
    (office / "tables.toml").write_text(TWO_YEARS, encoding="utf-8")
    (office / "R5" / "statistics.xlsx").unlink()
    (office / "R5" / "commentary" / "1-1.md").unlink()
    dictionary = Office(office).dictionary
    for code, counts in {"R4": (3, 50), "R5": (20, 60)}.items():
        (office / code).mkdir(exist_ok=True)
        rows = (Row(FiscalYear(code).short, dict(zip(("若年", "中年"), counts, strict=True))),)
        content = packed(workbook(dictionary, YearRecords(FiscalYear(code), {"1-1": rows})))
        (office / code / "statistics.xlsx").write_bytes(content)
    path = office.parent / "notebooks" / "01_実績.ipynb"
    chapter = nbformat.read(path, 4)
    chapter.cells = [cell for cell in chapter.cells if "frame" not in cell.source and "1-2" not in cell.source]
    nbformat.write(chapter, path)
    return office


def hidden_in(office, year):
    """By western year, the columns that the table of an edition hides."""
    path = office.parent / "out" / year / "public" / "data" / "1-1.csv"
    head, *rows = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()]
    return {row[1]: {name for name, cell in zip(head, row, strict=True) if cell == "X"} for row in rows}


def test_an_edition_of_another_year_that_stands_beside_gives_nothing_away(two_years):
    out = two_years.parent / "out"
    of_r4 = ["build", "R4", "--data", str(two_years), "--out", str(out), "--public"]
    assert main(of_r4) == 0
    (hidden,) = hidden_in(two_years, "R4").values()
    assert len(hidden) == 2 and any(name.startswith("若年") for name in hidden)
    # The edition of R4 hides another cell than that of R5 would by itself: the two together would tell the small one.
    path = out / "R4" / "public" / "data" / "figures.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    shown = {"中年": "50", "計": "53"}
    other = next(name for name in shown if any(title.startswith(name) for title in hidden))
    rest = next(name for name in shown if name != other)
    at = [lines[0].split(",").index(name) for name in ("column", "value", "sign")]
    for number, line in enumerate(lines):
        cells = line.split(",")
        if cells[at[0]] in (other, rest):
            cells[at[1]], cells[at[2]] = (shown[other], "") if cells[at[0]] == other else ("", "X")
            lines[number] = ",".join(cells)
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    assert build(two_years) == 0
    beside = hidden_in(two_years, "R5")["2022"]
    assert any(name.startswith(rest) for name in beside) and not any(name.startswith(other) for name in beside)
    proof = json.loads(edition(two_years)["proof.json"])
    assert proof["beside"] == ["R4"] and proof["fallen"] == [] and proof["small"] == 1


@pytest.mark.parametrize(("base", "code"), [(5, 0), (4, 1)])
def test_numbers_rounded_otherwise_in_an_edition_beside_narrow_each_other(two_years, base, code, capsys):
    """3, 50 and 53 in steps of 5 are 5, 50 and 55, and in steps of 4 they are 4, 52 and 52: both together leave nothing but 3, 50 and 53."""
    (two_years / "tables.toml").write_text(
        TWO_YEARS.replace('unit = "人"', 'unit = "人"\npublic = "rounded"'), encoding="utf-8"
    )
    settings = two_years / "office.toml"
    settings.write_text(f"{OFFICE}\n[public]\nthreshold = 5\nbase = {base}\n", encoding="utf-8")
    assert main(["build", "R4", "--data", str(two_years), "--out", str(two_years.parent / "out"), "--public"]) == 0
    settings.write_text(f"{OFFICE}\n[public]\nthreshold = 5\nbase = 5\n", encoding="utf-8")
    assert build(two_years) == code
    if code:
        assert "秘匿した数値が計算できてしまいます：1-1/若年/R4" in capsys.readouterr().err
        assert not (two_years.parent / "out" / "R5" / "public").exists()
    else:
        proof = json.loads(edition(two_years)["proof.json"])
        assert proof["beside"] == ["R4"] and proof["fallen"] == [] and proof["hidden"] == 0


THINGS = """
[[table]]
id = "1-1"
title = "学校と児童"
since = "R5"
rows = ["東部", "西部", "南部"]
total = "合計"
columns = [
  { name = "学校数", unit = "校" },
  { name = "児童数", unit = "人" },
  { name = "休校日数", unit = "日" },
  { name = "給食費", unit = "千円" },
  { name = "通学距離", unit = "km", total = "max" },
  { name = "就学援助の率", unit = "％", total = "none" },
]

[[table]]
id = "1-2"
title = "職員"
since = "R5"
shape = "values"
items = [{ name = "教員", unit = "名" }, { name = "校舎", unit = "棟" }]
"""


def fill(data, rows, items=()):
    (data / "R5" / "statistics.xlsx").unlink()
    prepare(Office(data), FiscalYear("R5"))
    typed(data, rows, items)
    (data / "R5" / "commentary" / "1-1.md").write_text("本年度の実績は次のとおりである。\n", encoding="utf-8")


def test_what_is_no_person_is_not_hidden(office):
    """Schools, days, money, distances and rates of 1 to 4 stay where they stand; children and teachers do not."""
    (office / "tables.toml").write_text(THINGS, encoding="utf-8")
    rows = {"東部": (2, 3, 4, 1, 4, 3), "西部": (1, 40, 2, 3, 2, 1), "南部": (3, 60, 1, 2, 3, 4)}
    fill(office, rows, (4, 2))
    assert build(office) == 0
    files = edition(office)
    written = [line.split(",") for line in files["data/1-1.csv"].decode("utf-8-sig").splitlines()]
    assert [line[3] for line in written[1:]] == ["2", "1", "3", "6"] and written[1][4] == "X"
    assert sum(line.count("X") for line in written) == 2  # the children of one district, and one other
    page = files["report.html"].decode()
    assert "2棟" in page and page.count("X は、少ない人数") == 2
    assert json.loads(files["proof.json"])["small"] == 2


def test_a_table_has_rules_of_its_own(office):
    """The office hides counts below 5; one table those below 20 and its zeros, or rounds to tens."""
    tables = TABLES.replace('total = "合計"\n', 'total = "合計"\npublic = { threshold = 20, zeros = true }\n', 1)
    (office / "tables.toml").write_text(tables, encoding="utf-8")
    rows = {"来所": (20, 50, 0), "電話": (8, 90, 70), "訪問": (70, 32, 0)}
    fill(office, rows, (3,))
    assert build(office) == 0
    files = edition(office)
    proof = json.loads(files["proof.json"])
    assert (proof["threshold"], proof["interval"], proof["small"], proof["fallen"]) == (20, [0, 40], 3, [])
    written = [line.split(",") for line in files["data/1-1.csv"].decode("utf-8-sig").splitlines()]
    assert written[1][5] == written[2][3] == written[3][5] == "X"
    assert "3か所" in files["report.html"].decode()
    rounded = TABLES.replace('total = "合計"\n', 'total = "合計"\npublic = { way = "rounded", base = 10 }\n', 1)
    (office / "tables.toml").write_text(rounded, encoding="utf-8")
    assert build(office) == 0
    files = edition(office)
    assert json.loads(files["proof.json"])["bases"] == {"1-1": 10}
    assert ",電話,10,90,70,170," in files["data/1-1.csv"].decode("utf-8-sig")


def test_the_office_says_for_all_tables_how_they_are_protected(office, capsys):
    (office / "office.toml").write_text(f'{OFFICE}\n[public]\nway = "rounded"\n', encoding="utf-8")
    (office / "R5" / "commentary" / "1-1.md").write_text("来所の計は80人であった。\n", encoding="utf-8")
    assert build(office) == 0
    assert json.loads(edition(office)["proof.json"])["bases"] == {"1-1": 5}
    hidden = TABLES.replace('total = "合計"\n', 'total = "合計"\npublic = "hidden"\n', 1)
    (office / "tables.toml").write_text(hidden, encoding="utf-8")  # and no threshold anywhere
    assert build(office) == 2
    assert "秘匿の決まりがありません（表 1-1）" in capsys.readouterr().err


def of_office(data, tables):
    """What is published of an office with other tables, nothing typed but their form, and the rules for it."""
    (data / "tables.toml").write_text(tables, encoding="utf-8")
    fill(data, COUNTS)
    own = Office(data).of(FiscalYear("R5"))
    return published(own), rules_of(own.office, own.year)


def test_a_table_of_money_can_be_public_by_year_only(office):
    _, rules = of_office(office, BY_YEAR.replace('unit = "人"', 'unit = "千円"'))
    month, whole = (Place("1-1", "R5", row, "", "男性") for row in ("R5.4", ""))
    assert rules.withheld([month, whole]) == [month] and rules.small({month: 3, whole: 4}) == {}


def test_a_table_that_is_open_is_rounded_where_it_says_so(office):
    tables = TABLES.replace('total = "合計"\n', 'total = "合計"\nopen_because = "試し"\npublic = "rounded"\n', 1)
    shown, rules = of_office(office, tables)
    rounded = rules.in_round_numbers(shown.values)
    assert len(rounded) == 16 and {number % 5 for number in rounded.values()} == {0}
    assert rules.small_though_rounded(shown.values) == {}


ENTRIES = """
[[table]]
id = "1-1"
title = "講座"
since = "R5"
rows = "entries"
total = "合計"
columns = [
  { name = "講座名", text = true },
  { name = "参加者数", unit = "人" },
  { name = "うち男性", unit = "人" },
  { name = "費用", unit = "千円" },
]
"""


def fill_entries(office):
    entries = (("健康体操", 41, 12, 3), ("古文書を読む会", 3, 0, 2), ("スマートフォン教室", 17, 9, 4))
    rows = tuple(Row(name, {"講座名": name, "参加者数": a, "うち男性": b, "費用": c}) for name, a, b, c in entries)
    records = YearRecords(FiscalYear("R5"), {"1-1": rows})
    (office / "R5" / "statistics.xlsx").write_bytes(packed(workbook(Office(office).dictionary, records)))
    chapter = office.parent / "notebooks" / "01_実績.ipynb"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace('report.table(\\"1-2\\")', "1"), encoding="utf-8")


def test_small_counts_in_a_list_are_hidden_and_what_they_are_computed_from(office, capsys):
    (office / "tables.toml").write_text(ENTRIES, encoding="utf-8")
    fill_entries(office)
    (office / "R5" / "commentary" / "1-1.md").write_text("参加者数の合計は61人であった。\n", encoding="utf-8")
    assert build(office) == 0
    files = edition(office)
    lines = [line.split(",") for line in files["data/1-1.csv"].decode("utf-8-sig").splitlines()[1:]]
    of_name = {line[2]: line[3:] for line in lines}
    assert of_name["古文書を読む会"][0] == "X" and of_name["古文書を読む会"][2] == "2"
    assert [values[0] for values in of_name.values()].count("X") == 2  # another, or the sum would tell it
    assert json.loads(files["proof.json"])["fallen"] == []
    (office / "R5" / "commentary" / "1-1.md").write_text("古文書を読む会の参加者数は3人であった。\n", encoding="utf-8")
    assert build(office) == 1 and "「3人」は、秘匿する数値による" in capsys.readouterr().err


def test_a_whole_that_no_table_prints_is_not_told_in_words(office, capsys):
    """With the others it would tell what is hidden."""
    (office / "tables.toml").write_text(ENTRIES.replace('total = "合計"\n', ""), encoding="utf-8")
    fill_entries(office)
    told = (
        "参加者数の合計は61人",
        "健康体操は参加者数の67.2％を占める",
        "健康体操以外の参加者数は20人",
        "健康体操は41人",
    )
    text = "".join(f"{words}であった。\n\n" for words in told)
    (office / "R5" / "commentary" / "1-1.md").write_text(text, encoding="utf-8")
    assert build(office) == 1
    refused = capsys.readouterr().err
    assert (
        all(f"「{figure}」は、秘匿する数値による" in refused for figure in ("61人", "67.2％", "20人"))
        and "41人" not in refused
    )
