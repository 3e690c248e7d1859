"""Ordinary sentences of public reports in many forms, true by the data, and the same with slips in them."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from nenpo.errors import InputError
from nenpo.japanese.numerals import half_width
from nenpo.japanese.years import WIDE_DIGITS


@dataclass(frozen=True)
class Quantity:
    """A quantity of a report of ``year``: its name in the text of a section, its path, its unit."""

    section: str
    name: str
    path: str
    unit: str


def rounded(amount, decimals=0):
    quantum = Decimal(1).scaleb(-decimals)
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(quantum, ROUND_HALF_UP)


def written(number, manner):
    """A number in one of the manners of writing it."""
    text = f"{number:,}" if "," in manner else f"{number}"
    if "w" in manner:
        text = text.translate(WIDE_DIGITS).replace(",", "，").replace(".", "．")
    if "k" in manner and isinstance(number, int) and 0 < number < 10000:
        return kanji(number)
    return text


def kanji(number):
    out = ""
    for scale, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            out += ("" if digit == 1 and scale > 1 else "〇一二三四五六七八九"[digit]) + sign
    return out


# {v} the value, {p} that of the year before, {d} the difference, {g} growth in percent, {r} the ratio in percent, {t} in times, {s} the
# share; {inc} 増加 or 減少, {up} 増 or 減; {R} {P} the report's year and the one before, {u} the unit; {a} the mean of a month.
FORMS = {
    "value": ["{Q}は{v}{u}であった。", "{Q}は、{v}{u}となっている。", "{R}の{Q}は{v}{u}である。", "今年度の{Q}は{v}{u}となった。", "{v}{u}の{Q}があった。", "{Q}：{v}{u}",
              "{Q}{v}{u}（{R}）", "本年度の{Q}については、{v}{u}であった。", "{Q}の実績は{v}{u}です。", "{Q}が{v}{u}ありました。", "{R}における{Q}は{v}{u}でした。"],
    "year before": ["前年度の{Q}は{p}{u}であった。", "昨年度の{Q}は{p}{u}でした。", "{P}の{Q}は{p}{u}である。", "{Q}は、{P}は{p}{u}であった。"],
    "bracket": ["{Q}は{v}{u}（前年度{p}{u}）であった。", "{Q}は{v}{u}（{P}は{p}{u}）となった。", "{Q}は{v}{u}（前年度比{r}％）であった。", "{Q}は{v}{u}（前年度比{g}％{up}）となった。",
                "{Q}は{v}{u}（対前年度{d}{u}{up}）であった。", "{Q}は、前年度に比べて{d}{u}（{g}％）{inc}した。"],
    "difference": ["{Q}は{v}{u}で、前年度に比べ{d}{u}{inc}した。", "{Q}は前年度より{d}{u}{up}の{v}{u}となった。", "{Q}は前年度と比較して{d}{u}の{up}となった。",
                   "{Q}は{v}{u}と、前年度（{p}{u}）から{d}{u}{inc}しました。", "{P}と比べ、{Q}は{d}{u}{inc}した。", "{Q}は、{P}の{p}{u}に比べ{d}{u}{inc}し、{v}{u}となった。", "{Q}は{v}{u}で、前年度の{p}{u}を{d}{u}{over}。"],
    "growth": ["{Q}は前年度比{g}％{up}となった。", "{Q}は{v}{u}で、前年度に比べ{g}％{inc}した。", "{Q}は対前年度比{g}％の{inc}であった。", "{Q}は前年度から{g}％{inc}している。"],
    "ratio": ["{Q}は前年度比{r}％であった。", "{Q}は前年度の{r}％となった。", "{Q}は前年度の約{t}倍となった。", "{Q}は、前年度比{t}倍であった。"],
    "from to": ["{Q}は{p}{u}から{v}{u}に{inc}した。", "{Q}は{P}の{p}{u}から{R}は{v}{u}へ{inc}した。", "{Q}は、前年度の{p}{u}から{v}{u}に{inc}しました。", "{Q}は{P}が{p}{u}、{R}が{v}{u}である。",
                "{Q}は、{P}は{p}{u}であったのに対し、{R}は{v}{u}であった。"],
    "average": ["{Q}は月平均{a}{u}であった。", "{Q}は１か月あたり{a}{u}であった。", "月平均の{Q}は{a}{u}である。", "{Q}は月に換算すると{a}{u}になる。", "{Q}は１か月に平均{a}{u}であった。"],
    "stated": ["{Q}は{v}{u}で、前年度の{p}{u}を{over}。", "{Q}は、{P}が{p}{u}、{R}が{v}{u}で、{d}{u}の開きがある。", "{Q}は{v}{u}（前年度{p}{u}）で、その差は{d}{u}である。",
               "{Q}は{v}{u}で、前年度（{p}{u}）の{r}％に当たる。", "{Q}は{v}{u}、{P}は{p}{u}で、差は{d}{u}であった。", "年間{v}{u}の{Q}があった。", "{Q}は{P}の{p}{u}に対し、{v}{u}であった。"],
    "about": ["{Q}は約{rough}{u}であった。", "{Q}はおよそ{rough}{u}となった。", "{Q}は{rough}{u}程度である。", "{Q}は約{rough}{u}で推移している。"],
}  # fmt: skip
SHARES = [
    "{Q}は{v}{u}で、全体の{s}％を占める。",
    "{Q}が{s}％を占めている。",
    "{Q}は{v}{u}（{s}％）であった。",
    "{Q}の割合は{s}％である。",
    "{Q}が全体に占める割合は{s}％となった。",
    "全体の{s}％が{Q}であった。",
]
LISTS = ["{Q}が{v}{u}、{Q2}が{v2}{u}となっている。", "{Q}は{v}{u}、{Q2}は{v2}{u}であった。", "{Q}{v}{u}、{Q2}{v2}{u}である。", "{Q}と{Q2}を合わせて{sum}{u}であった。", "{Q}及び{Q2}の合計は{sum}{u}となった。",
         "{Q}は{v}{u}で、{Q2}は{v2}{u}であった。"]  # fmt: skip
MANNERS = ["", ",", "w", "w,", "k"]


def true_sentences(facts, year, quantities):
    """(section, sentence, form) of every form for every quantity, with the values that the data have."""
    wide = {"R": year.label, "P": year.previous.label}
    for number, quantity in enumerate(quantities):
        try:
            v, p = (facts.fact(f"{quantity.path}/{of.code}").amount for of in (year, year.previous))
        except InputError:
            continue
        if min(v, p) <= 0 or v == p:
            continue
        told = {**wide, "Q": quantity.name, "u": quantity.unit, "inc": "増加" if v > p else "減少", "up": "増" if v > p else "減",
                "over": "上回った" if v > p else "下回った"}  # fmt: skip
        for form, templates in FORMS.items():
            for at, template in enumerate(templates):
                manner = MANNERS[(number + at) % len(MANNERS)]
                yield quantity, template.format_map(told | numbers(v, p, manner)), form
        try:
            share = facts.fact(f"{quantity.path}/{year.code}/構成比").amount
        except InputError:
            share = None
        for at, template in enumerate(SHARES if share is not None else ()):
            manner = MANNERS[(number + at) % 4]
            yield (
                quantity,
                template.format_map(told | numbers(v, p, manner) | {"s": written(rounded(share, 1), manner)}),
                "share",
            )
        for other in quantities:
            if (
                other.path.split("/")[0] != quantity.path.split("/")[0]
                or other is quantity
                or other.unit != quantity.unit
                or other.name in quantity.name
            ):
                continue
            v2 = facts.fact(f"{other.path}/{year.code}").amount
            more = {"Q2": other.name, "v2": f"{int(v2):,}", "v": f"{int(v):,}", "sum": f"{int(v + v2):,}"}
            for template in LISTS:
                yield quantity, template.format_map(told | more), "list"
            break


def numbers(v, p, manner):
    v, p = int(v), int(p)
    rough = (
        int(rounded(Fraction(v), 0))
        if v < 20
        else int(Decimal(v).quantize(Decimal(1).scaleb(len(str(v)) - 2), ROUND_HALF_UP))
    )
    rate = manner.replace("k", "w")
    return {
        "v": written(v, manner), "p": written(p, manner), "d": written(abs(v - p), manner),
        "g": written(abs(rounded(Fraction(v - p, p) * 100, 1)), rate), "r": written(rounded(Fraction(v, p) * 100, 1), rate),
        "t": written(rounded(Fraction(v, p), 1), rate), "a": written(rounded(Fraction(v, 12), 1), rate), "rough": written(rough, manner.replace("k", "")),
    }  # fmt: skip


def slips(quantity, sentence, quantities, year):
    """The sentence with a slip in it: a digit, the label, the year, the unit, the direction."""
    half = half_width(sentence)
    digits = [
        at
        for at, char in enumerate(half)
        if char.isdigit() and not any(word in half[max(0, at - 3) : at] for word in ("令和", "平成"))
    ]
    digits = [at for at in digits if "か月" not in half[at : at + 3]]
    name = sentence.find(quantity.name)
    digits = [at for at in digits if not name <= at < name + len(quantity.name)]
    if digits:
        at = digits[len(digits) // 2]
        other = str((int(half[at]) + 3) % 10)
        yield "figure", sentence[:at] + other + sentence[at + 1 :]
    for other in quantities:
        if (
            other.path.split("/")[0] == quantity.path.split("/")[0]
            and other.name not in sentence
            and quantity.name not in other.name
        ):
            yield "label", sentence.replace(quantity.name, other.name)
            break
    for old, new in ((year.label, year.previous.previous.label), (year.previous.label, year.previous.previous.label)):
        if old in sentence:
            yield "year", sentence.replace(old, new, 1)
            break
    for old, new in (
        ("増加", "減少"),
        ("減少", "増加"),
        ("％増", "％減"),
        ("％減", "％増"),
        ("件増", "件減"),
        ("上回", "下回"),
        ("下回", "上回"),
    ):
        if old in sentence and old != new:
            yield "direction", sentence.replace(old, new)
            break
    if quantity.unit in ("件", "人", "回") and f"{quantity.unit}" in sentence.replace(quantity.name, ""):
        head, tail = sentence.split(quantity.name, 1) if quantity.name in sentence else (sentence, "")
        wrong = {"件": "世帯", "人": "件", "回": "円"}[quantity.unit]
        if quantity.unit in tail:
            yield "unit", f"{head}{quantity.name}{tail.replace(quantity.unit, wrong)}"


TITLES = {
    "value": "数", "year before": "前の年度の数", "bracket": "かっこの中", "difference": "増減の数", "growth": "増減の割合", "ratio": "前年度比・倍", "from to": "から・へ",
    "average": "平均", "stated": "先に書いた数と", "about": "およその数", "share": "割合", "list": "並べる・合わせる",
}  # fmt: skip
HEAD = """# 文章の数値の読み方

`nenpo check` は、文章の数値を次のように読み、データと比べます。数値の前（または「の」の後ろ）にある表の列や項目の名前、年度や月、単位、まわりの言葉から、何を言っているかを決めます。

- 名前が数値につながっていて、年度も言い方も一つに決まり、それでもデータと合わず、文の中のほかの名前や年度でも説明できなければ **誤り** です。
- 一つに決まらないときや、単位だけが違うときは **確かめるところ** です。仕上げ（`--final`）の前に、名前を書くか、`[…](fact:表/列/年度)` と結び付けるか、`data/prose.toml` に書いてください。
- 「約」「強」「弱」「余り」「台」「以上」「未満」などは、その言葉のとおりに幅を持たせて比べます。割合や倍率は、書いた桁までの四捨五入です。
- 「すべての区分で増加」「年々減少」「増え続けている」は、区分や年度の一つ一つと比べます。「すべての区分で１００件を超えた」「毎月３００件を上回った」は、最も少ない（「下回った」なら最も多い）区分や月と比べます。
- 合っている数値についての言葉も比べます。「２３８件に増加した」「１．９倍に増えた」「２１１件を上回った」は前の年度や文にある年度と、「２５件で最も多い」「次いで」「順に多い」は月・区分（どちらもなければ年度）と比べ、どう読んでも逆のときだけ **誤り** です。
- 千円と万円、kg と t、分と秒のように同じものを測る単位は、換算して比べます（「7.3 分」は「７分１８秒」）。

例はすべて試験（`tests/prose_forms.py`、`tests/test_readings.py`）で確かめている文です。数値は小樽市の令和５年度のものです。
"""


def page(facts, year, others):
    """The page that lists the forms, each with its examples; ``others`` are sentences by hand."""
    quantities = [
        Quantity("2-1", "新規相談受付件数", "2-1/新規相談受付件数", "件"),
        Quantity("2-1", "延べ対応件数", "2-1/延べ対応件数", "件"),
    ]
    shares = [Quantity("2-2", "電話・メール", "2-2/電話・メール", "件"), Quantity("2-2", "面談", "2-2/面談", "件")]
    sentences = {}
    for quantity, sentence, form in [*true_sentences(facts, year, quantities), *true_sentences(facts, year, shares)]:
        if quantity is (shares[0] if form == "share" else quantities[0]):
            sentences.setdefault(form, []).append(sentence)
    parts = [
        f"## {title}\n\n" + "".join(f"- {sentence}\n" for sentence in sentences[form]) for form, title in TITLES.items()
    ]
    by_hand = "".join(f"- {sentence.lstrip('・※')}\n" for _, sentence in others)
    return "\n".join([HEAD, *parts, f"## そのほか\n\n{by_hand}"])


_UNITS = {"件": "人", "人": "件", "％": "ポイント", "ポイント": "％", "千円": "円", "世帯": "人", "日": "件"}
_LETTER = "[一-龠々ァ-ヶーA-Za-z]"


def other_words(sentence, names):
    """The kinds of words that a sentence may have wrong, each with the sentence as it then is: the name of a quantity put for another of its
    table's ``names`` that it does not name, a time for another, a unit for another."""
    of_names = [
        sentence[: at.start()] + other + sentence[at.end() :]
        for of_table in names
        for name in of_table
        for at in re.finditer(f"(?<!{_LETTER}){re.escape(name)}(?!{_LETTER})", sentence)
        for other in of_table
        if other not in sentence and other not in ("合計", "計", "その他", "不明") and len(name) > 1
    ]
    times = [
        sentence[: at.start()] + "前々年" + at[1] + sentence[at.end() :]
        for at in re.finditer("前年(度?)(?=[にのからよ比をは（])", sentence)
    ]
    for half, other in (("上半期", "下半期"), ("下半期", "上半期")):
        times += [sentence.replace(half, other, 1)] if half in sentence and other not in sentence else []
    for at in re.finditer(r"(?<![\d０-９])([１-９1-9])月(?![平末間])", sentence):
        later = f"{int(at[1]) % 12 + 1}月"
        times += [sentence[: at.start()] + later + sentence[at.end() :]] if later not in sentence else []
    units = [
        sentence[: at.start()] + _UNITS[at[0]] + sentence[at.end() :]
        for at in re.finditer(f"(?<=[\\d０-９])(?:{'|'.join(_UNITS)})(?!当|あた|につ|平均)", sentence)
    ]
    yield from ((kind, wrong) for kind, wrong in (("name", of_names), ("time", times), ("unit", units)) if wrong)
