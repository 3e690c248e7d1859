"""What is said without a figure of one quantity against others, over every table of every office of the tests: true sentences hold, turned ones
are contradicted."""

from collections import Counter
from itertools import islice, permutations

import pytest

from nenpo.errors import InputError
from nenpo.prose.claims import claims_in
from nenpo.prose.figures import figures_in

TWO = [
    "{a}が{b}を上回った。",
    "{a}は、{b}を大きく上回っている。",
    "{a}は{b}より多い。",
    "{b}よりも{a}の方が多かった。",
    "また、{a}は{b}に比べ多く、目立っている。",
]
TWO_TURNED = ["{a}が{b}を下回った。", "{b}が{a}を上回っている。", "{a}は{b}より少ない。", "{b}は{a}よりも多かった。"]
MOST = ["最も多いのは{a}である。", "最も多かったのは「{a}」で、次が{b}だった。"]
LEAST = ["最も少ないのは{a}である。"]
MOST_OF = ["{of}は{a}が最も多い。", "{of}が最も多いのは{a}である。", "{of}では、{a}が最も多く、目立っている。"]
MONTH = ["{a}は{m}が最も多い。", "{a}が最も多いのは{m}である。", "{a}は、{m}に最も多かった。"]


def amount(of_year, path):
    try:
        return of_year.facts.fact(path).amount
    except InputError:  # a figure that is not known
        return None


def sentences(of_year):
    """True and turned sentences about a year's tables, with their sections."""
    code = of_year.year.code
    for table in of_year.dictionary.kept(of_year.year):
        columns = [column.name for column in table.columns if not column.text and column.name != "合計"]
        for first, second in islice(permutations(columns, 2), 12):
            a, b = (amount(of_year, f"{table.id}/{name}/{code}") for name in (first, second))
            alike = table.counted.get(first) == table.counted.get(second)
            if not table.rows and alike and a is not None and b is not None and a > b:
                yield from ((table.section, form.format(a=first, b=second), True) for form in TWO)
                yield from ((table.section, form.format(a=first, b=second), False) for form in TWO_TURNED)
        for column in columns[:3]:
            rows = {row: amount(of_year, f"{table.id}/{column}/{row}/{code}") for row in table.rows}
            known = {row: made for row, made in rows.items() if made is not None and not row.startswith("その他")}
            if len(known) == len(rows) > 2 and not table.groups and len(set(known.values())) == len(known):
                order = sorted(known, key=known.get)
                names = {"a": order[-1], "b": order[-2], "of": column}
                yield from ((table.section, form.format(**names), True) for form in MOST_OF)
                yield from ((table.section, form.format(**{**names, "a": order[0]}), False) for form in MOST_OF)
                if column == columns[0] and len(columns) == 1:
                    yield from ((table.section, form.format(**names), True) for form in MOST)
                    yield from ((table.section, form.format(**names), False) for form in LEAST)
            labels = [month.label for month in of_year.year.months]
            months = {label: amount(of_year, f"{table.id}/{column}/{label}") for label in labels}
            if table.shape == "monthly" and all(made is not None for made in months.values()):
                order = sorted(months, key=months.get)
                if months[order[-1]] > months[order[-2]]:
                    called = {"m": f"{order[-1].rpartition('.')[2]}月", "a": column}
                    yield from ((table.section, form.format(**called), True) for form in MONTH)
                    called["m"] = f"{order[0].rpartition('.')[2]}月"
                    yield from ((table.section, form.format(**called), False) for form in MONTH)


def judged(years, sentences, least):
    """True sentences without a figure hold, nearly all of at least so many, and turned ones are contradicted; none is judged wrongly."""
    outcomes, wrong = Counter(), []
    for of_year in years.values():
        reads = claims_in(of_year)
        for section, sentence, is_true in sentences(of_year):
            found = {claim.outcome for claim in reads(of_year.folder / "commentary" / f"{section}.md", sentence)}
            outcome = next((outcome for outcome in ("contradicted", "holds") if outcome in found), "unsure")
            outcomes[is_true, outcome] += 1
            if outcome == ("contradicted" if is_true else "holds"):
                wrong.append(sentence)
    assert wrong == []
    for is_true, right in ((True, "holds"), (False, "contradicted")):
        of_it = sum(count for (known, _), count in outcomes.items() if known == is_true)
        assert outcomes[is_true, right] >= 0.97 * of_it >= least, outcomes


def test_what_is_true_holds_and_what_is_turned_round_is_contradicted(years):
    judged(years, sentences, 1000)


def left_out(of_year):
    """Sections and sentences that state what is left of a table without some of its parts, with the figure."""
    code = of_year.year.code
    for table in of_year.dictionary.kept(of_year.year):
        parts = {part.name: f"{table.id}/{part.name}/{code}" for part in table.parts}
        if table.rows and len(table.counted) == 1 and not table.groups:
            (column,) = table.counted
            parts = {row: f"{table.id}/{column}/{row}/{code}" for row in table.rows}
        amounts = {name: amount(of_year, path) for name, path in parts.items()}
        if None in amounts.values() or any(made.denominator > 1 for made in amounts.values()) or len(amounts) < 4:
            continue
        for names in (list(amounts)[:1], list(amounts)[:2], list(amounts)[1:4]):
            rest = sum(made for name, made in amounts.items() if name not in names)
            for joint, without in zip("・、と", ("以外は", "を除くと、", "を除いた"), strict=True):
                yield table.section, f"{joint.join(names)}{without}", int(rest), next(iter(table.counted.values()))


def test_what_is_left_without_some_parts_is_told_from_them(years):
    outcomes = Counter()
    for of_year in years.values():
        reads = figures_in(of_year)
        for section, text, rest, unit in left_out(of_year):
            for is_true, number in ((True, rest), (False, rest + 1)):
                path = of_year.folder / "commentary" / f"{section}.md"
                told = reads(path, f"{text}{number:,}{unit}であった。")
                found = {figure.outcome for figure in told if figure.kind == "statistic"}
                outcomes[
                    is_true, "held" if found == {"traced"} else "wrong" if "contradicted" in found else "open"
                ] += 1
    assert not outcomes[True, "wrong"] and not outcomes[False, "held"], outcomes
    assert outcomes[True, "held"] >= 0.9 * sum(count for (known, _), count in outcomes.items() if known) > 100, outcomes


@pytest.mark.parametrize(
    ("of", "section", "sentence"),
    [
        ("look", "2-1", "女性の方が多い。"), ("look", "2-1", "新規相談は男性より女性が多かった。"), ("airport", "1-2", "東京線の旅客数は大阪線を大きく上回る。"),
        ("farm", "1-1", "小麦の作付面積は大豆より多い。"), ("nursery", "1-1", "入所率は１歳児が最も高く、０歳児が最も低い。"), ("water", "1-4", "総費用が総収益を上回り、赤字となった。"),
        ("look", "2-3", "相談経路は本人が最も多く、次いで関係機関等からの紹介となっている。"), ("look", "2-3", "関係機関等からの紹介では、うち市役所外が最も多い。"),
        ("school", "1-2", "中学校計は中１が最も少ない。"),
    ],
)  # fmt: skip
def test_a_comparison_in_a_sentence_of_its_own_words_holds(years, of, section, sentence):
    claims = list(claims_in(years[of])(years[of].folder / "commentary" / f"{section}.md", sentence))
    assert claims and {claim.outcome for claim in claims} == {"holds"}


@pytest.mark.parametrize(
    ("of", "section", "sentence"),
    [
        ("look", "2-1", "女性が男性を上回った場合は見直す。"), ("look", "2-1", "女性の方が多いとは限らない。"), ("look", "2-3", "最も多いのは本人以外である。"),
        ("look", "2-4", "３０代以下のうち最も多いのは２０代である。"), ("registry", "1-1", "婚姻は県内で３月が最も多い。"),
        ("tourism", "1-3", "日帰り客は入場料・施設利用料が最も少ない。"),
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_left_open(years, of, section, sentence):
    claims = list(claims_in(years[of])(years[of].folder / "commentary" / f"{section}.md", sentence))
    assert not {claim.outcome for claim in claims} & {"holds", "contradicted"}
