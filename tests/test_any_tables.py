"""Dictionaries that nobody has thought of: each goes from the form in Excel to the page, the charts, the frames, the data, the check and
the form of the next year."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import small_offices
from hypothesis import given, settings
from hypothesis import strategies as st

from nenpo.errors import InputError, NenpoError
from nenpo.office import Office
from nenpo.opendata.package import data_files
from nenpo.prepare.year import prepare
from nenpo.present.kinds import KINDS
from nenpo.prose.claims import claims_in
from nenpo.prose.figures import figures_in
from nenpo.records import Row, YearRecords
from nenpo.report import Report
from nenpo.review.checks import review
from nenpo.workbook.writing import packed, workbook

YEARS = ("R3", "R4", "R5")
ROWS = ["甲", "乙", "丙", "その他", "不明", "男", "女", "20代", "30代", "40歳以上", "1～4人", "内科/小児科"]
COLUMNS = [
    "件数",
    "人数",
    "延べ人数",
    "金額",
    "率",
    "時間",
    "前年度末残高",
    "うち女性",
    "利用者数",
    "10代",
    "A",
    "受付（新規）",
    "外来/入院",
    "男+女",
]
UNITS = ["人", "件", "千円", "百万円", "％", "分", "㎡", "t", "倍", "か所", ""]
AXES = ["months", "quarters", "years", "named", "grouped", "cross", "items", "entries"]
SENTENCES = [
    "{0}は12件で、前年度の3件から9件（300.0％）増加した。", "{0}と{1}を合わせて15人で全体の5.0％を占める。", "第２四半期の{0}は3件、４月の{1}は1件で最も多い。",
    "{0}は2年連続で増加し、{1}の1.5倍となった。", "{0}以外の{1}は3位で、１人当たり{0}は4.5円である。", "{0}（{1}を含む。）は250件で、３日に１件の割合である。",
]  # fmt: skip


def _quoted(names):
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


@st.composite
def columns(draw, axis):
    """The columns of a table, as they are written; those that are typed as numbers first."""
    written, numbers = [], []
    for name in draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=5, unique=True)):
        parts = [f'name = "{name}"']
        if axis != "cross":
            parts += [f'unit = "{draw(st.sampled_from(UNITS))}"'] * draw(st.booleans())
            kind = draw(
                st.sampled_from(["plain", "plain", "decimals", "signed", "last", "max", "none", "mean", "text", "of"])
            )
            if kind == "of" and numbers:
                other = draw(st.sampled_from(["", "前年の", "合計の"])) if axis != "years" else ""
                parts.append(f'of = "{numbers[0]} {draw(st.sampled_from("÷-×+"))} {other}{numbers[-1]}"')
            elif kind == "mean" and numbers:
                parts.append('total = "mean"' + f', weight = "{numbers[0]}"' * draw(st.booleans()))
            elif kind in ("last", "max", "none"):
                parts.append(f'total = "{kind}"')
            elif kind in ("decimals", "signed", "text"):
                parts.append("decimals = 1" if kind == "decimals" else f"{kind} = true")
            parts += ['group = "組"'] * draw(st.booleans())
            if kind not in ("text", "of"):
                numbers.append(name)
        else:
            numbers.append(name)
        written.append(f"{{ {', '.join(parts)} }}")
    if len(numbers) > 1 and draw(st.booleans()):
        written.append(f'{{ name = "計の列", sum = {_quoted(numbers[:2])} }}')
        if len(numbers) > 2:
            written.append(f'{{ name = "総計の列", sum = {_quoted(["計の列", numbers[2]])} }}')
    return written, numbers


@st.composite
def tables(draw, number):
    axis = draw(st.sampled_from(AXES))
    lines = ["[[table]]", f'id = "1-{number}"', 'title = "題"', f'since = "{draw(st.sampled_from(YEARS))}"']
    lines += [f'unit = "{draw(st.sampled_from(UNITS))}"'] * draw(st.booleans())
    lines += ["blank = 0"] * draw(st.booleans())
    if axis == "items":
        names = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=4, unique=True))
        items = [
            f'{{ name = "{name}", unit = "{draw(st.sampled_from(UNITS))}", decimals = {at % 2} }}'
            for at, name in enumerate(names)
        ]
        return "\n".join([*lines, f"items = [{', '.join(items)}]"])
    if axis == "entries":
        return "\n".join([*lines, 'rows = "entries"'])
    rows = draw(st.lists(st.sampled_from(ROWS), min_size=5, max_size=6, unique=True))
    if axis == "grouped":
        lines.append(f"rows = {_quoted(rows[:1])}")
        groups = f'{{ name = "組一", rows = {_quoted(rows[1:3])}, subtotal = "小計" }}, {{ name = "組二", rows = {_quoted(rows[3:])} }}'
        lines.append(f"groups = [{groups}]")
    else:
        lines.append(f"rows = {_quoted(rows)}" if axis in ("named", "cross") else f'rows = "{axis}"')
    lines += ['shape = "cross"'] * (axis == "cross") + ["ascending = true"] * (axis == "years" and draw(st.booleans()))
    lines += ['total = "合計"'] * (axis != "years" and draw(st.booleans()))
    lines += [f"kept_years = {draw(st.integers(1, 3))}"] * (axis not in ("cross", "named", "grouped"))
    written, numbers = draw(columns(axis))
    assert numbers or written
    return "\n".join([*lines, f"columns = [{', '.join(written)}]"])


def _typed(draw, column):
    if getattr(column, "text", False):
        return "言葉"
    number = draw(st.sampled_from([0, 1, 3, 12, 250, 99_999, 1_234_567]))
    number = -number if column.signed and draw(st.booleans()) else number
    return Decimal(f"{number}.{draw(st.integers(0, 9))}") if column.decimals else number


def _records(draw, office, year):
    filled = {}
    for table in office.dictionary.kept(year):
        if table.shape == "values":
            filled[table.id] = tuple(Row(item.name, {"値": _typed(draw, item)}) for item in table.typed_items)
        elif table.shape != "events":
            labels = table.period_labels(year) if table.shape == "monthly" else table.rows
            known = draw(st.sampled_from([0, len(labels) // 2, len(labels)]))
            filled[table.id] = tuple(
                Row(
                    label, {column.name: _typed(draw, column) if at < known else None for column in table.typed_columns}
                )
                for at, label in enumerate(labels)
            )
    return YearRecords(year, filled)


def _cells(rows):
    return {
        (row.label, row.measure, name): value for row in rows for name, value in row.values.items() if value is not None
    }


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_any_dictionary_goes_all_the_way(data):
    draw = data.draw
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data"
        path.mkdir()
        written = [draw(tables(number)) for number in range(1, draw(st.integers(2, 3)))]
        (path / "tables.toml").write_text("\n\n".join(written), encoding="utf-8")
        calendar = 'year = "calendar"\n' * draw(st.booleans())
        profile = 'city = "某市"\ndivision = "某課"\nnickname = ""\nreport_title = "年報"\n'
        (path / "office.toml").write_text(profile + calendar, encoding="utf-8")
        try:
            dictionary = Office(path).dictionary
        except InputError:  # no column to type, a sum of what is computed
            return
        put = {}
        for code in YEARS:
            (path / code / "commentary").mkdir(parents=True)
            put[code] = _records(draw, Office(path), Office(path).year(code))
            (path / code / "statistics.xlsx").write_bytes(packed(workbook(dictionary, put[code])))
        office = Office(path)
        year = office.year("R5")
        for code, records in put.items():
            read = office.records(office.year(code)).tables
            for table_id, rows in records.tables.items():
                told = {key: value for key, value in _cells(rows).items() if value is not None}
                blank = dictionary[table_id].blank  # a table of nothing but that is one in which nothing is typed
                if any(value != blank for value in told.values()):
                    assert told.items() <= _cells(read[table_id]).items()
        review(office.of(year))
        _present(path, office, year)
        reads, claims, text = (
            figures_in(office.of(year)),
            claims_in(office.of(year)),
            path / "R5" / "commentary" / "1-1.md",
        )
        names = [name for table in dictionary.values() for name in (*table.counted, *table.rows)] or ["甲"]
        for sentence in SENTENCES:
            said = sentence.format(draw(st.sampled_from(names)), draw(st.sampled_from(names)))
            assert list(reads(text, said))
            list(claims(text, said))
        prepare(office, office.year("R6"))
        review(Office(path).of(Office(path).year("R6")))


def _present(path, office, year):
    """Print every table, draw its chart in each way that it may be asked for, and hand out its frames and files."""
    report = Report("R5", data=path)
    for table in office.dictionary.kept(year):
        report.table(table.id)
        report.frame(table.id)
        report.frame(table.id, years=True)
        numbers = [column for column in table.columns if not column.text]
        if table.shape == "values" or (table.shape != "events" and numbers):
            report.chart(table.id)
            for kind in KINDS:
                with suppress(NenpoError):  # one that does not suit, which is told
                    report.chart(table.id, kind=kind)
    years = [office.year(code) for code in YEARS]
    data_files(None, office.profile, office.dictionary, office.figures(year, since=years[0]), years)


def test_names_and_titles_may_have_the_signs_of_paths_and_formulas(tmp_path):
    tables = """
[[table]]
id = "2-1"
title = "外来/入院 [別]"
since = "R4"
unit = "人"
rows = ["内科/小児科", "外科+整形"]
total = "計"
columns = [{ name = "外来/入院" }, { name = "男+女" }, { name = "率", of = "外来/入院÷男+女", unit = "％", decimals = 1 }]
identities = ["外来/入院 ≤ 男+女"]
"""
    rows = [("内科/小児科", 112, 217), ("外科+整形", 113, 219)]
    records = {
        "2-1": tuple(
            Row(row.replace("/", "／").replace("+", "＋"), {"外来／入院": a, "男＋女": b}) for row, a, b in rows
        )
    }
    office_year = small_offices.built(tmp_path / "data", "課", tables, {"R4": records, "R5": records})
    reads = figures_in(office_year)
    text = "外来/入院は225人。内科/小児科の外来/入院は112人、外科+整形は113人で、外科+整形の率は51.6％である。男+女は前年度と同じ436人である。"
    figures = [
        figure for figure in reads(office_year.folder / "commentary" / "2-1.md", text) if figure.kind == "statistic"
    ]
    assert [figure.outcome for figure in figures] == ["traced"] * 5
    office = office_year.office
    year = office.year("R5")
    assert data_files(tmp_path, office.profile, office.dictionary, office.figures(year), [year])
    assert not [finding for finding in review(office_year).findings if finding.severity == "error"]
