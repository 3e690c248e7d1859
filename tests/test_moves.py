"""What sentences say of figures that are right, over every table of every office of the tests: which way they have gone, what they are above, that
they are the most. True sentences are no error, turned ones are."""

from collections import Counter
from itertools import islice, pairwise, product

from test_comparisons import amount, judged

from nenpo.japanese.numerals import in_digits
from nenpo.prose.claims import claims_in
from nenpo.prose.figures import figures_in

# One sentence of so many is read: a number that no list of forms has for its length.
EACH = 7
ODD = ("", "％", "人口千対", "人口10万対")
# Words of more with their contraries, by the form of a sentence that they stand in.
MOVED = [
    "{q}は{a}{u}から{v}{u}に{増加}した。", "{q}は{増加}し、{v}{u}となった。", "{q}は{v}{u}に{増加}したが、その要因は明らかでない。", "{q}は前年から{増え}、{v}{u}となっている。",
    "{q}は、前年の{a}{u}から{増加}して{v}{u}となった。", "前年に{a}{u}であった{q}は、{v}{u}に{増えた}。", "{q}は{v}{u}で、前年を{上回}った。", "{q}は前年を{上回}り、{v}{u}となった。",
    "{q}は{v}{u}と、前年（{a}{u}）を{上回}っている。", "{q}については、前年の{a}{u}から{v}{u}へと{増えた}。", "{q}は{v}{u}となり、前年より{増加}した。", "前年より{増加}した{q}は、{v}{u}である。",
    "{q}は前年に比べ{増加}し、{v}{u}でした。", "また、{q}が{v}{u}に{増加}した一方、課題も残る。", "{q}は{v}{u}まで{増え}、前年を{上回}りました。", "{q}（{v}{u}）は前年（{a}{u}）を{上回}った。",
    "なお、{q}は前年の{a}{u}に対し{v}{u}と{増加}している。", "{q}は{v}{u}で、前年の{a}{u}より{増加}した。", "{q}は{増加}に転じ、{v}{u}となった。", "{year}の{q}は{v}{u}で、前年と比較して{増加}している。",
    "{q}は大幅に{増え}、{v}{u}となった。", "{q}が{増加}したことにより、{v}{u}となった。", "前年を{上回}る{v}{u}の{q}があった。", "{q}は、{v}{u}と前年に比べて{増えて}いる。",
]  # fmt: skip
STEADY = [
    "{q}は、{b}{u}、{a}{u}、{v}{u}と年々{増加}している。", "{q}は{before}以降{増加}が続き、{v}{u}となった。", "{q}は{b}{u}から{a}{u}、{v}{u}へと{増え}続けている。", "{q}は{before}から{増加}を続けており、{year}は{v}{u}であった。",
    "{q}は{増加}傾向にあり、{year}は{v}{u}となった。", "{q}は年々{増加}し、{v}{u}に達した。",
]  # fmt: skip
SINCE = [
    "{q}は{b}{u}から{a}{u}に{先に増え}、{year}はさらに{増えて}{v}{u}となった。",
    "{q}は{before}に{b}{u}であったが、その後{増加}し、{year}は{v}{u}となった。",
]
RANKED = [
    "{q}は{v}{u}で、{n}年間で最も{多}い。",
    "{q}は{v}{u}に{増加}し、{n}年間で最も{多}くなった。",
    "{q}は前年を{上回}る{v}{u}で、{n}年間で最も{多}かった。",
]
OF_ROWS = [
    "{q}は{row}が{v}{u}で、最も{多}い。",
    "{q}は{row}が{v}{u}と最も{多}く、次が{other}の{w}{u}だった。",
    "最も{多}いのは{row}の{v}{u}である。",
]
# The same where no figure stands.
BARE = [
    "{q}は{増加}した。", "{q}が{増えた}。", "{q}は前年を{上回}った。", "{q}は前年より{増加}している。", "{q}は前年に比べ{増え}、課題となっている。", "また、{q}は{増加}となった。", "前年と比較すると、{q}は{増加}した。",
    "{year}の{q}は前年から{増えた}。", "{q}は大幅に{増加}した。", "{q}は{増加}に転じた。", "{q}については{増加}が見られた。", "前年に比べて{q}が{増加}した。", "{q}の{増加}が目立つ。", "{q}は{増えて}いる。", "{q}は{増加}しました。",
]  # fmt: skip
BARE_STEADY = [
    "{q}は年々{増えて}いる。",
    "{q}は{増加}を続けている。",
    "{q}は{増加}の一途をたどっている。",
    "{q}は{before}から{増え}続けている。",
    "{q}は毎年{増加}している。",
]
BARE_RANKED = ["{q}は３年間で最も{多}い。", "{q}は過去３年間で最も{多}くなった。", "{q}は、この３年で最も{多}かった。"]
BARE_TWO = [
    "{q}は{増加}したものの、{q2}は{次も増加}した。", "{q}が{増える}一方、{q2}は{次も増えて}いる。", "{q}は{増加}し、{q2}も{次も増加}した。", "{q}が{増加}したのに対し、{q2}は前年を{次も上回}った。",
    "{q}は{増加}したが、{q2}は{次も増加}に転じた。", "{q}は{増加}した。また、{q2}も{次も増加}している。",
]  # fmt: skip
TWO = [
    "{q}は{v}{u}、{q2}は{v2}{u2}で、いずれも前年を{上回}った。", "{q}は{v}{u}、{q2}は{v2}{u2}と、ともに{増加}した。", "{q}は{増加}し{v}{u}に、{q2}も{増え}、{v2}{u2}となった。",
    "{q2}は前年を{上回}る{v2}{u2}で、{q}も{v}{u}に{増加}した。", "{q}は{増加}し、{v}{u}となった。{q2}も前年から{増え}、{v2}{u2}となっている。",
]  # fmt: skip
WORDS = {
    "増加": ("増加", "減少"), "増え": ("増え", "減り"), "増えた": ("増えた", "減った"), "増えて": ("増えて", "減って"), "増える": ("増える", "減る"), "次も増加": ("増加", "減少"), "次も増えて": ("増えて", "減って"), "次も上回": ("上回", "下回"), "先に増え": ("増え", "減り"), "上回": ("上回", "下回"), "多": ("多", "少な"),
}  # fmt: skip
MONTHS = [
    "{q}は{m}に{v}{u}まで{増えた}後、{減り}、{last}には{w}{u}となった。",
    "{q}は{m}が{v}{u}と最も{多}い。",
    "{q}は{m}の{v}{u}から{減り}続け、{last}には{w}{u}となった。",
]


def worded(form, facts, **ways):
    """A true sentence of a form, and those with one of its words turned round; ``ways`` says which of them mean more."""
    known = {word: pair for word, pair in WORDS.items() if f"{{{word}}}" in form}
    known |= {"減り": ("減り", "増え")} if "{減り}" in form else {}
    true = {word: pair[not ways.get(word, ways["more"])] for word, pair in known.items()}
    yield form.format(**facts, **true), True
    for word, pair in known.items():
        yield form.format(**facts, **{**true, word: pair[true[word] == pair[0]]}), False


def sentences(of_year):
    """True and turned sentences about a year's tables, with their sections."""
    for table in of_year.dictionary.kept(of_year.year):
        columns = [
            column
            for column in table.columns
            if not (column.text or column.of or column.signed) and table.unit_of(column) not in ODD
        ]
        for form, facts, ways in (made for column in columns for made in of_column(of_year, table, column)):
            yield from ((table.section, *made) for made in worded(form, facts, **ways))
        for first, second in pairwise(columns if not table.rows else ()):
            facts, ways = of_years(of_year, table, first)
            beside, same = of_years(of_year, table, second)
            if facts and beside and ways["more"] == same["more"]:
                facts |= {f"{name}2": beside[name] for name in "qvu"}
                yield from ((table.section, *made) for form in TWO for made in worded(form, facts, **ways))


def bare_sentences(of_year):
    """True and turned sentences without a figure about a year's tables, with their sections."""
    for table in of_year.dictionary.kept(of_year.year):
        columns = [column for column in table.columns if not (column.text or column.of or column.signed)]
        for column, row in product(columns, table.rows[:2] if table.rows else ("",)):
            facts, ways = of_years(of_year, table, column, row)
            is_steady = facts and ways["more"] == ways["先に増え"]
            is_first = facts and (ways["多"] or ways["least"])
            for form in (*BARE * bool(facts), *BARE_STEADY * bool(is_steady), *BARE_RANKED * bool(is_first)):
                yield from ((table.section, *made) for made in worded(form, facts, **ways))
        for first, second in pairwise(columns if not table.rows else ()):
            facts, ways = of_years(of_year, table, first)
            beside, same = of_years(of_year, table, second)
            if facts and beside:
                ways |= dict.fromkeys(("次も増加", "次も増えて", "次も上回"), same["more"])
                yield from (
                    (table.section, *made)
                    for form in BARE_TWO
                    for made in worded(form, {**facts, "q2": beside["q"]}, **ways)
                )


def of_years(of_year, table, column, row=""):
    """What the forms are filled with of a quantity in three years, and which of their words mean more; nothing where one is not known."""
    year = of_year.year
    path = f"{table.id}/{column.name}{row and '/'}{row}"
    values = [amount(of_year, f"{path}/{at.code}") for at in (year, year.previous, year.previous.previous)]
    if None in values or len(set(values)) < 3 or min(values) <= 0:
        return {}, {}
    now, then, first = values
    facts = dict(zip("vab", map(in_digits, values), strict=True)) | {
        "u": table.unit_of(column),
        "n": 3,
        "year": year.label,
    }
    facts |= {"q": f"{row}の{column.name}" if row else column.name, "before": year.previous.previous.label}
    return facts, {"more": now > then, "先に増え": then > first, "多": now == max(values), "least": now == min(values)}


def of_column(of_year, table, column):
    """The forms that are true of a column, each with what it is filled with and which of its words mean more."""
    path, year = f"{table.id}/{column.name}", of_year.year
    for row in ("",) if not table.rows else table.rows[:2]:
        facts, ways = of_years(of_year, table, column, row)
        if not facts:
            continue
        values = [
            amount(of_year, f"{path}{row and '/'}{row}/{at.code}")
            for at in (year, year.previous, year.previous.previous)
        ]
        yield from ((form, facts, ways) for form in MOVED)
        if min(values[0], values[2]) < values[1] < max(values[0], values[2]):
            yield from ((form, facts, ways) for form in (*SINCE, *STEADY))
        if values[0] in (max(values), min(values)):
            yield from ((form, facts, ways) for form in RANKED)
    rows = {row: amount(of_year, f"{path}/{row}/{year.code}") for row in table.rows}
    known = sorted((made, row) for row, made in rows.items() if made and not row.startswith(("その他", "不明")))
    if len(known) == len(rows) > 2 and not table.groups and len({made for made, _ in known}) == len(known):
        for (value, row), (next_, other), more in ((known[-1], known[-2], True), (known[0], known[1], False)):
            facts = {"q": column.name, "row": row, "v": in_digits(value), "other": other, "w": in_digits(next_)}
            facts |= {"u": table.unit_of(column)}
            yield from ((form, facts, {"more": more}) for form in OF_ROWS[: 2 + (len(table.counted) == 1)])
    labels = [month.label for month in year.months]
    months = {label: amount(of_year, f"{path}/{label}") for label in labels} if table.shape == "monthly" else {}
    if months and None not in months.values() and min(months.values()) > 0:
        peak = max(labels, key=months.get)
        is_only = list(months.values()).count(months[peak]) == 1
        if is_only and 0 < labels.index(peak) < len(labels) - 1:
            facts = {"q": column.name, "m": _called(peak), "last": _called(labels[-1]), "u": table.unit_of(column)}
            facts |= {"v": in_digits(months[peak]), "w": in_digits(months[labels[-1]])}
            yield from ((form, facts, {"more": True}) for form in MONTHS)


def _called(label):
    return f"{label.rpartition('.')[2]}月"


def test_true_sentences_are_no_error_and_turned_ones_are(years):
    outcomes, wrong = Counter(), []
    for of_year in years.values():
        reads, claims = figures_in(of_year), claims_in(of_year)
        for section, sentence, is_true in islice(sentences(of_year), 0, None, EACH):
            path = of_year.folder / "commentary" / f"{section}.md"
            found = {figure.outcome for figure in reads(path, sentence) if figure.kind == "statistic"}
            found |= {claim.outcome for claim in claims(path, sentence)} & {"contradicted"}
            outcome = "error" if "contradicted" in found else "held" if found == {"traced"} else "open"
            outcomes[is_true, outcome] += 1
            if is_true and outcome == "error":
                wrong.append(sentence)
    assert wrong == []
    assert outcomes[True, "held"] >= 0.99 * sum(count for (is_true, _), count in outcomes.items() if is_true) >= 3000
    assert outcomes[False, "error"] >= 0.97 * sum(count for (is_true, _), count in outcomes.items() if not is_true)


def test_true_sentences_without_a_figure_hold_and_turned_ones_are_contradicted(years):
    judged(years, lambda of_year: islice(bare_sentences(of_year), 0, None, EACH), 2000)
