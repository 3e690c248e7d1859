"""The checks of the data: every slip where the source has redundancy is noticed, where it has none coverage says so, and the
data as they are raise no alarm."""

import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from nenpo.cli import main
from nenpo.errors import InputError
from nenpo.findings import NOTE
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.review.breaches import Values
from nenpo.review.checks import CLAIM, IN_PROSE, review, unguarded
from nenpo.review.doubts import GAP, doubts
from nenpo.review.identities import holds, instances, parse_identity
from nenpo.typed_cells import TypedCells

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")


@pytest.fixture(scope="module")
def inputs(office):
    return office.of(R5).cells


@pytest.fixture
def data(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    return tmp_path / "data"


def type_in(data, sheet, **cells):
    path = data / "R5" / "statistics.xlsx"
    book = load_workbook(path)
    for cell, value in cells.items():
        book[next(name for name in book.sheetnames if name.startswith(f"{sheet} "))][cell] = value
    book.save(path)


def errors(data):
    return review(Office(data).of(R5)).errors


def broken(data):
    """The broken identities."""
    return [finding for finding in errors(data) if finding.rule not in ("公表値", IN_PROSE, CLAIM)]


def slips(value):
    text = str(value)
    exchanged = {int(text[:at] + text[at + 1] + text[at] + text[at + 2 :]) for at in range(len(text) - 1)}
    return {*exchanged, value + 1, value - 1, value * 10} - {value, -1}


def test_the_data_as_printed_raise_no_alarm_and_every_known_inconsistency_is_named(office):
    for year in office.years:
        assert [finding for finding in review(office.of(year)).findings if finding.severity != NOTE] == []
    found = review(office.of(R5)).findings
    assert len(found) == 12 and all(finding.message and finding.rule for finding in found)
    assert Counter(finding.rule in ("公表値", CLAIM) for finding in found) == {True: 9, False: 3}


def test_every_slip_in_a_guarded_cell_is_noticed_and_coverage_names_the_others(inputs):
    of = {}
    for instance in instances(inputs, R5):
        for cell in instance.cells:
            of.setdefault(cell, []).append(instance)
    free = {cell for _, cells in unguarded(inputs, R5).values() for cell in cells}
    tried, noticed = Counter(), Counter()
    for cell in inputs.cells(R5):
        for meant in slips(inputs.value(cell)):
            tried[cell.table, cell in free] += 1
            broken = any(holds(one, Values(inputs, {cell: meant})) is False for one in of.get(cell, ()))
            noticed[cell.table, cell in free] += broken
    for (table, kind), count in sorted(tried.items()):
        print(f"{table} {'in no equation' if kind else 'guarded'}: {noticed[table, kind]} of {count} slips noticed")
    guarded = [table for table, kind in tried if not kind]
    assert set(guarded) == {"2-1", "2-2", "2-3", "2-4", "2-6"} and sum(tried[table, False] for table in guarded) > 900
    assert all(noticed[table, False] == tried[table, False] for table in guarded)
    assert noticed["2-5-2", True] > 50  # what is only bounded is noticed at times


@pytest.mark.parametrize(
    ("sheet", "cell", "slip"),
    [("2-2", "B5", lambda right: int(str(right)[1] + str(right)[0] + str(right)[2:])), ("2-1", "B6", lambda n: n * 10)],
    ids=["two digits exchanged", "ten times"],
)
def test_the_likeliest_slip_is_suggested_with_its_cell(data, sheet, cell, slip):
    book = load_workbook(data / "R5" / "statistics.xlsx")
    right = book[next(name for name in book.sheetnames if name.startswith(f"{sheet} "))][cell].value
    wrong = slip(right)
    type_in(data, sheet, **{cell: wrong})
    found = broken(data)
    assert found and all(finding.cell == cell for finding in found)
    assert all(f"{wrong:,} は {right:,} の" in finding.suggestion and cell in finding.suggestion for finding in found)
    assert all(finding.expected.lstrip("-").isdigit() and finding.found.isdigit() for finding in found)


def test_of_two_slips_each_is_suggested_only_where_it_explains(data):
    book = load_workbook(data / "R5" / "statistics.xlsx")
    right = {
        sheet: book[next(name for name in book.sheetnames if name.startswith(f"{sheet} "))] for sheet in ("2-1", "2-2")
    }
    new, calls = right["2-1"]["B6"].value, right["2-2"]["B5"].value
    type_in(data, "2-1", B6=new * 10)
    type_in(data, "2-2", B5=calls * 10)
    meant = {("R5 2-1", "B6"): new, ("R5 2-2", "B5"): calls}
    explained = set()
    for one in broken(data):
        key = one.sheet.rpartition(" ")[0], one.cell
        assert (key in meant) == ("桁が一つ多い" in one.suggestion), one
        assert key not in meant or f"{meant[key] * 10:,} は {meant[key]:,} の" in one.suggestion
        explained |= {key} & set(meant)
    assert explained == set(meant)


def test_two_cells_swapped_are_named(data):
    book = load_workbook(data / "R5" / "statistics.xlsx")
    sheet = book[next(name for name in book.sheetnames if name.startswith("2-1 "))]
    men, women = sheet["C6"].value, sheet["C7"].value
    assert men != women
    type_in(data, "2-1", C6=women, C7=men)
    found = broken(data)
    assert found and all("入れ替わって" in one.suggestion and "C6、C7" in one.suggestion for one in found)


def test_what_was_published_is_held_against_the_workbook(data):
    path = data / "R5" / "published.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("うち男性,count,112", "うち男性,count,113"), encoding="utf-8"
    )
    (found,) = errors(data)
    assert (found.rule, found.table, found.expected, found.found) == ("公表値", "2-1", "113", "112")
    assert "errata.toml" in found.suggestion


def test_an_earlier_year_quietly_revised_is_named(data):
    path = data / "R4" / "statistics.xlsx"
    book = load_workbook(path)
    sheet = book[next(name for name in book.sheetnames if name.startswith("2-5 "))]
    cell = next(cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int))
    cell.value += 1
    book.save(path)
    found = errors(data)
    assert {"公表値", IN_PROSE} <= {one.rule for one in found}  # the text states it too
    assert all("R4年度" in one.message for one in found if one.rule == "公表値")


def test_a_month_far_outside_and_a_copied_row_are_doubted(data):
    type_in(data, "3-1", E6=9000)
    book = load_workbook(data / "R5" / "statistics.xlsx")
    sheet = book[next(name for name in book.sheetnames if name.startswith("4-1 "))]
    type_in(data, "4-1", **{f"{column}9": sheet[f"{column}8"].value for column in "BCDEFGHI"})
    found = [finding for finding in review(Office(data).of(R5)).findings if finding.severity == "warning"]
    assert [(one.rule, one.cell) for one in found] == [("外れた月", "E6"), ("写した行", "B9")]
    (data / "R5" / "published.csv").unlink()
    assert main(["check", "R5", "--data", str(data), "--out", str(data.parent / "out")]) == 0


def test_the_command_tells_in_words_and_in_json_with_an_exit_code(data, capsys):
    out = ["--data", str(data), "--out", str(data.parent / "out")]
    assert main(["check", "R5", *out]) == 0
    assert "誤り：0 件" in capsys.readouterr().out
    type_in(data, "2-1", B6=25)
    assert main(["check", "R5", "--json", *out]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["year"] == "R5" and {one["severity"] for one in told["findings"]} == {"error", "note"}
    keys = {"severity", "rule", "table", "sheet", "cell", "message", "expected", "found", "suggestion"}
    assert all(set(one) == keys for one in told["findings"])
    assert json.loads((data.parent / "out" / "R5" / "checks.json").read_text(encoding="utf-8")) == told
    assert main(["check", "R5", "--coverage", *out]) == 1
    assert "2-5-2 相談者の年代と相談内容のクロス統計：154 セルのうち 154 セルは" in capsys.readouterr().out


def test_a_line_that_is_no_identity_is_refused(office):
    table = office.dictionary["2-1"]
    for text in ("新規相談受付件数", "新規相談受付件数 = うち男", "新規相談受付件数 = 2-9/合計"):
        with pytest.raises(InputError, match=r"tables\.toml の表 2-1"):
            parse_identity(text, table, office.dictionary)


def test_a_row_that_nobody_has_filled_in_is_told_and_refused_by_final(tmp_path, capsys):
    """A month between filled ones or after the last of its table, a row of a cross table, a single figure."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    path = tmp_path / "data" / "R5" / "statistics.xlsx"
    book = load_workbook(path)
    emptied = {
        "4-1 支援実績（延べ支援回数）": (8, 16),
        "2-5-2 相談者の年代と相談内容のクロス統計": (7,),
        "単独の数値": (6,),
    }
    for name, rows in emptied.items():
        for row in rows:
            for cell in book[name][row][2 if name == "単独の数値" else 1 :][: 1 if name == "単独の数値" else 99]:
                cell.value = None
    book.save(path)
    command = ["--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]
    main(["check", "R5", *command])
    told = capsys.readouterr().out
    for name, rows in emptied.items():
        for row in rows:
            assert re.search(rf"{re.escape(name)} [A-Z]{row}：.*数値がありません", told), (name, row, told)
    assert told.count("数値がありません") == 4
    assert main(["build", "R5", "--final", *command]) == 1
    assert capsys.readouterr().err.count("数値がありません") == 4


def test_months_that_have_not_come_are_no_gaps(office):
    year = FiscalYear("R5")
    records = office.records(year)
    begun = {
        table_id: tuple(
            replace(row, values=dict.fromkeys(row.values)) if row.label not in ("R5.4", "R5.5", "R5.6") else row
            for row in rows
        )
        for table_id, rows in records.tables.items()
    }
    inputs = TypedCells(office.dictionary, {year: replace(records, tables=begun)})
    assert [finding for finding in doubts(inputs, year) if finding.rule == GAP] == []
