"""What may tell who a person is: told by kind and place, never repeated."""

import shutil
from pathlib import Path

import pytest

from nenpo.cli import main
from nenpo.findings import NOTE, WARNING
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.review.checks import review
from nenpo.review.identifying import RULE, identifying, to_decide

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")
DIRECT = [
    ("電話番号", "連絡先は０１３４－２２－１１１１である。"), ("電話番号", "携帯は090-1234-5678とのこと。"), ("電話番号", "tel 0134(22)1111"), ("郵便番号", "〒047-0024 に住む。"),
    ("メールアドレス", "taro.yamada@example.jp に送った。"), ("生年月日", "昭和３０年４月１日生まれの男性。"), ("生年月日", "生年月日を確認した。"), ("住所", "花園２丁目の自宅を訪問した。"),
    ("住所", "稲穂町12番地に転居した。"), ("氏名", "田中さんからの相談。"), ("氏名", "山田太郎氏が同席した。"), ("氏名", "佐藤 花子さんの長男。"), ("個人の番号", "123456789012 を控えた。"),
    ("個人の番号", "口座番号：1234567"),
]  # fmt: skip
HARMLESS = [
    "Ａさん　３０代女性", "お母さんからの相談。", "相談者さんの様子。", "皆さんに伝えた。", "氏名を確認した。", "４月１日から生活保護を受給した。", "多様な支援と同様に。", "令和５年４月１日に２３８件。", "１０～１２月は１，１４０件。",
    "211-238=27", "第２条１項", "３丁先のコンビニ", "息子さんと同居。", "2023-04-01", "市内の事業所に就職した。", "大家さんに連絡した。",
]  # fmt: skip


@pytest.fixture
def office(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    return Office(tmp_path / "data")


@pytest.mark.parametrize("place", ["commentary/2-1.md", "cases/2-7-1.md"])
@pytest.mark.parametrize(("kind", "sentence"), DIRECT)
def test_what_tells_a_person_by_itself_is_a_warning_that_does_not_repeat_it(office, place, kind, sentence):
    path = office.year_folder(R5) / place
    path.write_text(path.read_text(encoding="utf-8") + f"\n{sentence}\n", encoding="utf-8")
    found = [one for one in identifying(office.of(R5)) if one.severity == WARNING]
    assert [one.message for one in found] == [f"{kind}と思われる書き方があります"]
    line = path.read_text(encoding="utf-8").rstrip("\n").count("\n") + 1
    assert found[0].fault.where == f"R5/{place} {line} 行目"


@pytest.mark.parametrize("sentence", HARMLESS)
def test_what_tells_nobody_is_not_told(office, sentence):
    path = office.year_folder(R5) / "cases" / "2-7-1.md"
    path.write_text(path.read_text(encoding="utf-8") + f"\n{sentence}\n", encoding="utf-8")
    assert [one for one in identifying(office.of(R5)) if one.severity == WARNING] == []


def test_the_cases_as_they_are_pass_with_what_a_reader_must_decide(capsys, tmp_path):
    office = Office(ROOT / "data")
    assert [one for one in review(office.of(R5)).findings if one.rule == RULE] == []
    (found,) = to_decide(office.of(R5))
    assert found.severity == NOTE and found.fault.where == "R5/cases/2-7-2.md 5 行目"
    assert main(["check", "R5", "--data", str(office.folder), "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "公表の前に、読む人が決めるところ：1 件" in told and "７６歳" not in told


def test_many_traits_of_one_person_are_for_a_reader_to_decide(office):
    path = office.year_folder(R5) / "cases" / "2-7-1.md"
    path.write_text(
        "# 【事例１】\n\n## 状態\n\n４０代男性、小樽市内に転居。北海会社の寮にいた。離婚。\n", encoding="utf-8"
    )
    told = [one.message for one in to_decide(office.of(R5)) if one.sheet.endswith("2-7-1.md")]
    assert told == ["一人の人について年齢・性別・住まいや出身・勤め先や団体の名・家族が書かれています"]
