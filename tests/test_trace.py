"""Tracing the prose: every figure that rests on data is held against it by its name; slips are noticed, harmless rewriting raises
no alarm."""

import re
import shutil
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from nenpo.cli import main
from nenpo.errors import InputError
from nenpo.findings import NOTE
from nenpo.japanese.numerals import half_width, in_digits
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prose.claims import claims_in
from nenpo.prose.figures import figures_in, figures_of
from nenpo.prose.figures_page import figures_page
from nenpo.prose.sayings import read_sayings
from nenpo.review.checks import review

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")
TEXTS = ROOT / "data" / "R5" / "commentary"


@pytest.fixture(scope="module")
def read(office):
    """The figures of a text in place of the one in a file."""
    reads = figures_in(office.of(R5))
    return lambda file, text: list(reads(TEXTS / f"{file}.md", text))


def outcomes(figures):
    return [one.outcome for one in figures if one.kind == "statistic"]


def test_every_figure_of_the_report_has_one_outcome_and_none_is_left_open(office):
    found = figures_of(office.of(R5))
    count = Counter((one.outcome, one.kind) for one in found)
    assert {outcome for outcome, _ in count} == {"traced", "declared", "waived"}
    assert count["traced", "statistic"] == 16 and count["declared", "statistic"] == 11
    assert all(count["waived", kind] for kind in ("date", "age class", "reference", "schedule", "label", "narrative"))
    assert count["waived", "rule of a scheme"] == 10
    assert [one for one in review(office.of(R5)).findings if one.severity != NOTE] == []
    (cases,) = [one for one in found if one.text == "約１.６倍"]
    assert (cases.fact, cases.line, cases.expected) == ("2-1/延べ対応件数/R5/前年度倍率", 5, "1.6")


def test_the_page_of_figures_is_what_the_data_say(office):
    page = (ROOT / "docs" / "figures-R5.md").read_text(encoding="utf-8")
    assert page == figures_page(office.of(R5))


def test_links_are_proposed_as_a_diff_and_written_when_accepted(tmp_path, capsys):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("控え"))
    before = {path.name: path.read_bytes() for path in (data / "R5" / "commentary").glob("*.md")}
    options = ["--data", str(data), "--out", str(tmp_path / "out")]
    assert main(["check", "R5", "--bind", *options]) == 0
    told = capsys.readouterr().out
    assert "+新規相談件数は[２３８件](fact:2-1/新規相談受付件数/R5)と前年度に比べ" in told
    assert {path.name: path.read_bytes() for path in (data / "R5" / "commentary").glob("*.md")} == before
    assert main(["check", "R5", "--bind", "--write", *options]) == 0
    found = Counter(one.outcome for one in figures_of(Office(data).of(R5)))
    assert found["bound"] == 16 and found["traced"] == 0
    changed = [path for path in (data / "R5" / "commentary").glob("*.md") if path.read_bytes() != before[path.name]]
    for path in changed:
        text = re.sub(r"\[([^]]+)\]\(<?fact:[^)]*\)", r"\1", path.read_text(encoding="utf-8"))
        assert text.encode() == before[path.name]
    assert len(changed) == 5


def statistics():
    """File, text as written, fact of every figure of R5 that is traced, with its place among equal ones in its file."""
    office = Office(ROOT / "data")
    for one in figures_of(office.of(R5)):
        if one.outcome == "traced":
            yield pytest.param(Path(one.file).stem, one.text, one.line, id=f"{one.section} {one.text}")


def replaced(file, line, old, new):
    lines = (TEXTS / f"{file}.md").read_text(encoding="utf-8").split("\n")
    at = next(number for number in range(line - 1, len(lines)) if old in lines[number])
    lines[at] = lines[at].replace(old, new, 1)
    return "\n".join(lines)


def rewritten(file, old, new):
    text = (TEXTS / f"{file}.md").read_text(encoding="utf-8")
    assert text.count(old) == 1
    return text.replace(old, new)


@pytest.mark.parametrize(("file", "text", "line"), list(statistics()))
def test_a_slip_in_any_digit_is_noticed(read, file, text, line):
    assert set(outcomes(read(file, (TEXTS / f"{file}.md").read_text(encoding="utf-8")))) <= {"traced", "declared"}
    tried = 0
    for match in re.finditer(r"\d", half_width(text)):
        digit = int(match[0])
        for other in {(digit + 1) % 10, (digit - 1) % 10, (digit + 5) % 10} - {digit}:
            wrong = text[: match.start()] + str(other) + text[match.end() :]
            found = read(file, replaced(file, line, text, wrong))
            assert "contradicted" in outcomes(found) or "untraced" in outcomes(found), wrong
            tried += 1
    assert tried >= 2


def test_every_other_column_and_year_named_beside_the_right_value_is_noticed(office, read):
    facts = office.of(R5).facts
    aliases = read_sayings(ROOT / "data" / "prose.toml").aliases
    columns, years = Counter(), Counter()
    for figure in figures_of(office.of(R5)):
        if figure.outcome != "traced" or "÷" in figure.fact:
            continue
        table, column, *rest = figure.fact.split("/")
        file = Path(figure.file).stem
        line = (TEXTS / f"{file}.md").read_text(encoding="utf-8").split("\n")[figure.line - 1]
        head, found, tail = line.partition(figure.text)
        own = {column, *(alias.name for alias in aliases if alias.fact == f"{table}/{column}")}
        if head.endswith(("≒", "÷")):
            continue  # an operand has its name from the division
        name = max((name for name in own if name in head), key=lambda name: (head.rfind(name), len(name)), default="")
        known = [
            one.name
            for one in office.dictionary[table].columns
            if not one.text and not one.group and one.name not in own
        ]
        for other in known if name else ():
            try:
                same = in_digits(facts.fact("/".join((table, other, *rest))).amount, 1) == in_digits(
                    facts.fact(figure.fact).amount, 1
                )
            except InputError:
                same = False
            if not same:
                before, _, after = head.rpartition(name)
                outcome = outcomes(read(file, replaced(file, figure.line, line, before + other + after + found + tail)))
                assert {"contradicted", "untraced", "ambiguous"} & set(outcome), (figure.text, other)
                columns[figure.text] += 1
        for year in ("令和２年度", "令和３年度", "令和４年度"):
            code = f"R{unicodedata.digit(year[2])}"
            if figure.fact.endswith("倍率") and code == R5.previous.code:
                continue  # so many times that of the year before: it is
            if rest and rest[0] != code and not head.endswith("（"):
                outcome = outcomes(read(file, replaced(file, figure.line, line, f"{head}{year}の{found}{tail}")))
                assert {"contradicted", "untraced", "ambiguous"} & set(outcome), (figure.text, year)
                years[figure.text] += 1
    assert len(columns) >= 6 and sum(columns.values()) > 30 and len(years) >= 6


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("2-1", "２３８件", "２１１件"),  # another year's value
        ("2-1", "２５７件", "１９７件"),
        ("2-1", "は令和４年度（１９７件）", "は令和３年度（１９７件）"),  # another year's name
        ("2-1", "新規相談件数は", "相談終結は"),  # another column's name
        ("2-1", "新規相談件数は２３８件", "新規相談受付件数のうち男性は２３８件"),
        ("2-1", "延べ対応件数は前年比", "月末件数は前年比"),
        ("2-1", "新規相談件数は２３８件", "令和４年度の新規相談件数は２３８件"),
        ("2-5", "は令和４年度が約１．８０項目", "は令和３年度が約１．８０項目"),
        ("2-5", "令和５年度は約２．１７項目", "令和４年度は約２．１７項目"),
        ("2-5", "３７９÷２１１", "２１１÷３７９"),
        ("3-1-note", "就労準備支援事業利用者（７名）", "就労準備支援事業登録者（７名）"),
        ("8-5", "求人申込受付件数は７件", "紹介状発行は７件"),
        ("4-1", "９名の登録者中", "８名の登録者中"),
    ],
)
def test_another_value_year_or_name_is_noticed(read, file, old, new):
    assert {"contradicted", "untraced", "ambiguous"} & set(outcomes(read(file, rewritten(file, old, new))))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("2-1", "２３８件", "238件"),
        ("2-1", "約１.６倍", "約1.6倍"),
        ("2-1", "新規相談件数は２３８件と", "新規相談件数は約２４０件と"),
        ("2-1", "新規相談件数は２３８件と", "令和５年度の新規相談件数は２３８件と"),
        ("2-1", "新規相談件数は２３８件と前年度に比べ", "新規相談件数は前年度に比べ、２３８件と"),
        ("2-1", "新規相談件数は２３８件と", "新規相談受付件数は２３８件と"),
        (
            "2-1",
            "新規相談件数は２３８件と前年度に比べ微増となっている。",
            "新規相談件数は２３８件となった。前年度に比べ微増である。",
        ),
        (
            "2-1",
            "令和５年度末時点における相談件数（２５７件）は令和４年度（１９７件）",
            "月末件数は２５７件、令和４年度は１９７件",
        ),
        ("2-1", "新規相談件数は２３８件と", "令和４年度に比べ、新規相談件数は２３８件と"),
        ("2-1", "新規相談件数は２３８件と前年度に比べ", "新規相談件数は２３８件（前年度比112.8％）と"),
        ("2-5", "約１．８０項目", "約1.80項目"),
        ("8-5", "求職登録者数は９名。求人申込受付件数は７件", "求人申込受付件数は７件、求職登録者数は９名"),
        ("4-1", "９名の登録者中", "登録者９名中"),
    ],
)
def test_harmless_rewriting_raises_no_alarm(office, read, file, old, new):
    found = [one for one in read(file, rewritten(file, old, new)) if one.kind == "statistic"]
    assert [(one.text, one.fact, one.why) for one in found if one.outcome == "contradicted"] == []
    claims = list(claims_in(office.of(R5))(TEXTS / f"{file}.md", rewritten(file, old, new)))
    assert [(one.text, one.why) for one in claims if one.outcome == "contradicted"] == []


def test_a_thousand_in_a_table_is_written_with_or_without_a_comma(read):
    found = read(
        "2-1", "延べ対応件数は4,008件。延べ対応件数は４００８件。延べ対応件数は約４千件。延べ対応件数は4,007件。"
    )
    assert outcomes(found)[:2] == ["traced", "traced"] and outcomes(found)[-1] == "contradicted"


def test_sayings_that_cannot_be_read_are_refused(tmp_path):
    path = tmp_path / "prose.toml"
    assert read_sayings(path).aliases == ()
    path.write_text('[[alias]]\nnam = "x"\n', encoding="utf-8")
    with pytest.raises(InputError, match="「nam」という項目はありません（書けるのは name、fact、section）"):
        read_sayings(path)


def test_a_quantity_of_no_table_named_twice_is_the_same(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("控え"))
    chart = data / "R5" / "organisation.toml"
    chart.write_text(chart.read_text(encoding="utf-8").replace("就労支援員１名", "就労支援員3名"), encoding="utf-8")
    (found,) = review(Office(data).of(R5)).errors
    assert (found.rule, found.sheet, found.expected, found.found) == ("同じ数量", "R5/commentary/1-2.md", "3", "1")
    assert "R5/organisation.toml の 34 行目では 3名" in found.message


def test_figures_of_the_chart_and_of_tables_notes_are_found(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("控え"))
    tables = data / "tables.toml"
    text = tables.read_text(encoding="utf-8")
    assert text.count('title = "相談件数等"') == 1
    noted = text.replace('title = "相談件数等"', 'title = "相談件数等"\nnote = "新規相談受付件数は２４０件。"')
    tables.write_text(noted, encoding="utf-8")
    found = figures_of(Office(data).of(R5))
    (note,) = [one for one in found if one.file == "tables.toml"]
    assert (note.section, note.text, note.outcome, note.expected) == ("2-1", "２４０件", "contradicted", "238")
    chart = [(one.line, one.text) for one in found if one.file == "R5/organisation.toml"]
    assert (30, "２名") in chart and len(chart) == 8
