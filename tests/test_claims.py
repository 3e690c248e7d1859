"""Claims of more and less: those of the report hold, each one turned round is an error, what cannot be compared is never wrong."""

import json
import shutil
from pathlib import Path

import pytest

from nenpo.cli import main
from nenpo.errors import InputError
from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.review.claims import claims_of
from nenpo.review.sayings import read_sayings

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")
CLAIMS = 30
TURNED = {
    "微増": "微減",
    "増加": "減少",
    "減少": "増加",
    "多い": "少ない",
    "多かった": "少なかった",
    "高い": "低い",
    "多く": "少なく",
}
TURNED |= {"なかった": "あった"}


@pytest.fixture
def data(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    return tmp_path / "data"


def test_every_declared_claim_is_made_and_holds(office):
    found = list(claims_of(office, R5))
    declared = read_sayings(office.folder / "prose.toml").claims
    assert len(found) == len(declared) == CLAIMS
    assert [one.text for one in found if one.outcome != "holds"] == []
    assert [one.text[-2:] for one in found if one.note] == ["微増"] and "12.8%" in next(
        one.note for one in found if one.note
    )


@pytest.mark.parametrize("number", range(CLAIMS))
def test_a_claim_turned_round_is_an_error(data, number, capsys):
    claim = list(claims_of(Office(data), R5))[number]
    path = data / claim.file
    old = next(word for word in TURNED if claim.text.endswith(word))
    turned = claim.text.removesuffix(old) + TURNED[old]
    lines = path.read_text(encoding="utf-8").split("\n")
    assert claim.text in lines[claim.line - 1]
    lines[claim.line - 1] = lines[claim.line - 1].replace(claim.text, turned, 1)
    path.write_text("\n".join(lines), encoding="utf-8")
    assert main(["check", "R5", "--json", "--data", str(data), "--out", str(data.parent / "out")]) == 1
    told = json.loads(capsys.readouterr().out)
    wrong = [one for one in told["claims"] if one["outcome"] == "contradicted"]
    assert wrong and all(one["text"] == turned and one["line"] == claim.line for one in wrong)
    assert {one["rule"] for one in told["findings"] if one["severity"] == "error"} == {"本文の向き"}


def test_a_change_of_the_data_turns_a_claim_round(data):
    from openpyxl import load_workbook

    path = data / "R4" / "statistics.xlsx"
    book = load_workbook(path)
    sheet = book[next(name for name in book.sheetnames if name.startswith("2-3 "))]
    cell = next(cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int))
    cell.value = 999
    book.save(path)
    assert [one.section for one in claims_of(Office(data), R5) if one.outcome == "contradicted"] == ["2-3"]


def test_where_the_base_is_not_kept_it_cannot_be_told(data):
    shutil.rmtree(data / "R1")
    found = {one.section: one for one in claims_of(Office(data), R5)}
    assert found["5-1"].outcome == "unsure" and "比べられません" in found["5-1"].why
    assert found["2-3"].outcome == "holds"


def test_claims_that_cannot_be_read_are_refused(tmp_path):
    path = tmp_path / "prose.toml"
    path.write_text(
        '[[claim]]\nsection = "2-1"\nphrase = "増えた"\nof = "2-1/相談終結"\nagainst = ["前年度"]\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match="がありません"):
        read_sayings(path)


@pytest.mark.parametrize(
    ("word", "of", "against", "outcome"),
    [
        ("最多", "2-4/50代", ["2-4/40代", "2-4/60代", "2-4/70代以上"], None),
        ("ピーク", "2-1/延べ対応件数", ["R2", "R3", "R4"], "holds"),
        ("最も少なかった", "2-1/延べ対応件数", ["R2", "R3", "R4"], "contradicted"),
        ("同程度", "8-1/① 件数", ["前年度"], "holds"),
        ("なかった", "8-1/② 件数", [], "holds"),
        ("あった", "8-1/② 件数", [], "contradicted"),
        ("増加", "2-6/支援不要", ["例年"], "holds"),
        ("増加", "2-1/延べ対応件数", ["H30"], "unsure"),
    ],
)
def test_the_most_the_least_as_much_and_none_are_held_too(data, word, of, against, outcome):
    """Where the base is not in the tables the outcome is that it cannot be told."""
    office = Office(data)
    if outcome is None:
        figures = office.figures(R5)
        now, *others = (figures.referred(path, R5) for path in (of, *against))
        outcome = "holds" if now >= max(others) else "contradicted"
    mark = f'[[claim]]\nsection = "2-1"\nphrase = "試しの文は{{向き}}"\nof = "{of}"\nagainst = {json.dumps(against, ensure_ascii=False)}\n'
    (data / "prose.toml").write_text(mark, encoding="utf-8")
    (data / "R5" / "commentary" / "2-1.md").write_text(f"試しの文は{word}。\n", encoding="utf-8")
    (held,) = claims_of(Office(data), R5)
    assert held.outcome == outcome
