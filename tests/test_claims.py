"""Claims of more and less: those of the report hold, each one turned round is an error, what cannot be compared is never wrong."""

import json
import shutil
from pathlib import Path

import pytest

from nenpo.cli import main
from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prose.claims import claims_of
from nenpo.prose.sayings import read_sayings

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")
CLAIMS = 32
TURNED = {
    "微増": "微減",
    "増加": "減少",
    "減少": "増加",
    "多い": "少ない",
    "多かった": "少なかった",
    "高い": "低い",
    "多く": "少なく",
}
TURNED |= {"なかった": "あった", "ピークに": "最少に", "減少傾向": "増加傾向"}


def declared_in(office):
    """The claims whose quantity is known; in the office's own text all of them are declared."""
    return [one for one in claims_of(office.of(R5)) if one.facts]


@pytest.fixture
def data(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    return tmp_path / "data"


def test_every_declared_claim_is_made_and_holds(office):
    found = declared_in(office)
    declared = read_sayings(office.folder / "prose.toml").claims
    assert len(found) == len(declared) == CLAIMS
    assert [one.text for one in found if one.outcome != "holds"] == []
    assert [one.text[-2:] for one in found if one.note] == ["微増"] and "12.8%" in next(
        one.note for one in found if one.note
    )


@pytest.mark.parametrize("number", range(CLAIMS))
def test_a_claim_turned_round_is_an_error(data, number, capsys):
    claim = declared_in(Office(data))[number]
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
    assert [one.section for one in claims_of(Office(data).of(R5)) if one.outcome == "contradicted"] == ["2-3"]


def test_where_the_base_is_not_kept_it_cannot_be_told(data):
    shutil.rmtree(data / "R1")
    found = {one.section: one for one in declared_in(Office(data))}
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
    (held,) = (one for one in claims_of(Office(data).of(R5)) if one.section == "2-1")
    assert held.outcome == outcome


@pytest.mark.parametrize(
    ("section", "sentence", "outcome"),
    [
        ("2-1", "新規相談受付件数は２３８件で、令和４年度（２１１件）に比べ減少した。", "contradicted"),
        ("2-1", "新規相談受付件数は２３８件で、令和４年度（２１１件）に比べ増加した。", "holds"),
        ("2-1", "相談終結は前年度より増加した。", "contradicted"),
        ("2-1", "令和４年度に比べ、新規相談件数は２７件の減となった。", "contradicted"),
        ("2-1", "令和４年度は新規相談件数が減少した。", "holds"),
        ("2-1", "延べ対応件数は前年度を下回った。", "contradicted"),
        ("2-1", "また、延べ対応件数は増加し、月末件数も増えた。", "holds"),
        ("2-1", "延べ対応件数の減少が顕著である。", "contradicted"),
        ("2-1", "令和２年度に比べ延べ対応件数は増加し、新規相談件数は減少した。", "holds"),
        ("2-5", "「収入・生活費」が最も多い。", "holds"),
        ("2-5", "「住まい」が最も多く、次いで「負債・貸付」であった。", "contradicted"),
        ("2-4", "１０代の相談者が最も少ない。", "holds"),
        ("2-4", "４０代の相談者は前年度に比べて減少している。", "contradicted"),
        ("2-1", "女性の新規相談件数は減少した。", "contradicted"),
        ("2-1", "女性の新規相談件数は増加した。", "holds"),
        # What is no statement on the year's quantity is never wrong.
        ("2-1", "新規相談件数が減少した場合は、周知に努める。", "unsure"),
        ("2-1", "上半期は新規相談件数が減少した。", "unsure"),
        ("2-1", "若い女性の新規相談件数は減少した。", "unsure"),
        ("2-1", "新規相談件数はコロナ禍に比べ減少した。", "unsure"),
        ("2-1", "令和２、３年度は新規相談件数が減少した。", "unsure"),
        ("2-1", "新規相談件数は減少傾向にある。", "unsure"),
        ("2-1", "新規相談件数は減少していない。", "unsure"),
        ("2-1", "新規相談件数は令和３年度から令和４年度にかけて増加した。", "unsure"),
        ("2-1", "新規相談件数は減少すると見込まれる。", "unsure"),
        ("2-1", "不安の軽減に努め、新規相談件数を数えた。", None),
        ("2-1", "対応の難しい相談が多い。", None),
    ],
)
def test_words_that_no_claim_declares_are_held_where_they_name_their_quantity(data, section, sentence, outcome):
    (data / "R5" / "commentary" / f"{section}.md").write_text(sentence + "\n", encoding="utf-8")
    found = [one for one in claims_of(Office(data).of(R5)) if one.file.endswith(f"/{section}.md")]
    assert {one.outcome for one in found} == ({outcome} if outcome else set())
    if outcome == "unsure":
        assert not any(one.facts for one in found)


def test_a_word_for_how_much_that_fits_badly_is_a_note(data):
    text = "５０代の相談者の増加が顕著である。７０代以上の相談者が大きく増加した。\n"
    (data / "R5" / "commentary" / "2-4.md").write_text(text, encoding="utf-8")
    found = [one for one in claims_of(Office(data).of(R5)) if one.section == "2-4"]
    assert [(one.text, bool(one.note)) for one in found] == [
        ("５０代の相談者の増加", False),
        ("７０代以上の相談者が大きく増加", True),
    ]
    (data / "prose.toml").write_text('[[extent]]\nword = "顕著"\nleast = 90\n', encoding="utf-8")
    found = [one for one in claims_of(Office(data).of(R5)) if one.section == "2-4"]
    assert "（顕著）" in found[0].note and "大きく" in found[1].note  # a word that the office leaves to the language


def test_a_claim_that_is_wrong_hides_no_other_fault_of_its_paragraph(data, capsys):
    claim = declared_in(Office(data))[15]
    path = data / claim.file
    old = next(word for word in TURNED if claim.text.endswith(word))
    turned = claim.text.removesuffix(old) + TURNED[old]
    text = path.read_text(encoding="utf-8").replace(claim.text, f"就労は７６件から９７件に減少した。{turned}", 1)
    path.write_text(text, encoding="utf-8")
    assert main(["check", "R5", "--json", "--data", str(data), "--out", str(data.parent / "out")]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    told = [(finding["rule"], finding["found"]) for finding in findings if finding["severity"] == "error"]
    assert sorted(told) == sorted([("本文の数値", "97"), ("本文の向き", turned)])
