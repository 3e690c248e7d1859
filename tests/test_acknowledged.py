"""Findings that somebody lets stand: by rule, place and printed value, with a reason; nothing else becomes quieter."""

import shutil
from pathlib import Path

import pytest

from nenpo.cli import main

ROOT = Path(__file__).parent.parent


@pytest.fixture
def data(tmp_path):
    """The data with a wrong figure in a text of R5, and a good one after it."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    text = tmp_path / "data/R5/commentary/2-1.md"
    text.write_text(text.read_text(encoding="utf-8").replace("２３８件", "２３９件", 1), encoding="utf-8")
    return tmp_path / "data"


def checked(data, capsys, *options):
    code = main(["check", "R5", "--data", str(data), "--out", str(data.parent / "outputs"), *options])
    return code, capsys.readouterr().out


def entries(told, why):
    """The entries that ``--acknowledge`` has written, with a reason."""
    written = told[told.index("[[acknowledged]]") : told.rindex("誤り：")]
    return written.replace('why = ""', f'why = "{why}"')


def acknowledge(data, text):
    with (data / "R5/errata.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + text)


def test_what_is_acknowledged_is_a_note_with_its_reason_and_ends_with_zero(data, capsys):
    code, told = checked(data, capsys, "--acknowledge")
    assert code == 1 and told.rstrip().splitlines()[-1].startswith("誤り：1 件")
    acknowledge(data, entries(told, "原本のまま"))
    code, told = checked(data, capsys)
    assert code == 0 and told.rstrip().splitlines()[-1].startswith("誤り：0 件、確かめるところ：0 件")
    assert "確認済み：原本のまま" in told


def test_another_value_in_the_same_place_is_told_and_so_is_the_entry_that_fits_nothing(data, capsys):
    acknowledge(data, entries(checked(data, capsys, "--acknowledge")[1], "原本のまま"))
    text = data / "R5/commentary/2-1.md"
    text.write_text("\n\n" + text.read_text(encoding="utf-8"), encoding="utf-8")
    assert checked(data, capsys)[0] == 0  # it moved down by two lines
    text.write_text(text.read_text(encoding="utf-8").replace("２３９件", "２４０件"), encoding="utf-8")
    code, told = checked(data, capsys)
    assert code == 1 and "いまの数値と文章にはありません" in told


@pytest.mark.parametrize(
    ("change", "words"),
    [(('why = "原本のまま"', 'why = " "'), "why に"), (("rule = ", "rules = "), "rules")],
    ids=["no reason", "no such key"],
)
def test_an_entry_that_says_nothing_is_refused(data, capsys, change, words):
    acknowledge(data, entries(checked(data, capsys, "--acknowledge")[1], "原本のまま").replace(*change))
    code = main(["check", "R5", "--data", str(data), "--out", str(data.parent / "outputs")])
    assert code == 2 and words in capsys.readouterr().err


def test_a_reason_for_a_printed_figure_holds_for_that_column_and_value_alone(data, capsys):
    errata = data / "R5/errata.toml"
    errata.write_text(
        errata.read_text(encoding="utf-8").replace('"40代" = "21.5%"', '"40代" = "21.6%"'), encoding="utf-8"
    )
    _, told = checked(data, capsys)
    assert "「40代」の割合は、令和５年度の報告書では 21.5%、いまの数値からは 21.4% です\n" in told
    assert "の理由がありますが、違いはありません" in told
