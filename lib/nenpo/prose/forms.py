"""The forms that a figure may have by the words around it, and whether it states an amount as exactly as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from nenpo.japanese.numerals import Written, read_figure, rounded
from nenpo.japanese.words import pattern, words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.sentence import Sentence
from nenpo.prose.written import Mention

VALUE, DIFFERENCE, GROWTH, RATIO, SHARE, POINTS, AVERAGE, DAILY, STREAK, INTERVAL, RANK = (
    "value", "difference", "growth", "ratio", "share", "points", "average", "average of a day", "streak", "interval", "rank"
)  # fmt: skip
# 「３人に２人」: a share; 「８６分に１回」: an interval; neither in 「８件から１０件に２件増加」.
_IN_EACH = r"(?:約|およそ|ほぼ)?\d+(?:\.\d+)?[ \u3000]?%s(?:約|およそ|ほぼ)?(?P<part>\d+)[ \u3000]?%s(?!の?(?:増|減|多|少)|を(?:加|足|引))"
_ONE_IN = re.compile(_IN_EACH % (r"(?P<unit>[^\d\s、。に]{1,2})に", "(?P=unit)"))
_EVERY = re.compile(_IN_EACH % ("(?:日|時間|分|秒|週)間?に", r"[^\d\s、。の%％年月日時分秒]{1,2}"))
# 「約４分の１」, and how near a share has to be to it at least, in points; nearer than to the next, 「５分の１」.
_FRACTION = re.compile(r"(?:約|およそ)?\d+分の(?P<part>\d+)")
_NEAR = 4


@dataclass(frozen=True)
class Reading:
    """One thing that a figure may mean: the path of the fact (or of the figure that it rests on), its amount in the figure's
    unit, and how it comes about in words."""

    path: str
    amount: Fraction
    words: str
    form: str
    sure: bool = True  # False where something else may be meant for what the sentence compares with

    @property
    def decimals(self) -> int:
        """Decimals that it is told with."""
        return 0 if self.form in (VALUE, DIFFERENCE, STREAK) else 1


@dataclass(frozen=True)
class Around:
    """The words around a figure: the forms it may have, the likeliest first; whether they say more (1) or less (-1); what follows it;
    and whether they say since when (ぶり)."""

    forms: list[str]
    more: int
    tail: str
    since: bool = False
    sure: bool = True  # False where the end of a list may say more of it


def around_of(sentence: Sentence, at: Mention, written: Written, year: FiscalYear) -> Around:
    said_by = words()["form"]
    bracket = sentence.bracket(at.start)
    head = sentence.outside(bracket[0] + 1 if bracket else 0, at.start).replace("\0", "")
    inner = (
        sentence.text[at.end : bracket[1]]
        if bracket
        else sentence.outside(at.end, len(sentence.text)).replace("\0", "")
    )
    outer = sentence.outside(bracket[1] + 1, len(sentence.text)).replace("\0", "") if bracket and not inner else ""
    tail = inner or outer
    after = re.sub(f"^(?:{said_by['adverb']})*", "", tail)
    more = 1 if re.match(said_by["more"], after) else -1 if re.match(said_by["less"], after) else 0
    later = (sentence.text[begin:end].partition("（")[0] for begin, end, _ in sentence.names if begin >= at.end)
    if any(name and after.startswith(name) for name in later):
        more = 0  # a name that begins like one of these words: 「、増収は３人」
    if sign := re.search(r"([▲△−-]|マイナス)\s*$|([+＋]|プラス)\s*$", head):
        more = -1 if sign[1] else 1
    unit = written.unit
    if re.search(r"を100と(?:する|した|し)", head) and (not unit or written.is_share):  # an index
        return Around([RATIO], 0, tail)

    of_time = any(
        end <= at.start and re.fullmatch("\0*の(?:約|およそ|ほぼ)?", sentence.outside(end, at.start))
        for _, end, _ in sentence.times
    )

    def ends(key: str) -> bool:
        return bool(re.search(rf"(?:{said_by[key]})(?:は|が|で|の|:|、|約|と|\s)*$", head))

    def around(*forms: str) -> Around:
        return Around(list(forms), more, tail)

    if unit.startswith("年") and (streak := re.match(r"(?:度)?間?(連続|続けて|続き|ぶり)", unit[1:] + tail)):
        said = re.search(f"(?P<more>{said_by['more']})|(?P<less>{said_by['less']})", tail)
        elsewhen = any(when.year != year for _, _, when in sentence.times)  # it may end in another year
        towards = 0 if not said else 1 if said["more"] else -1
        denied = re.match(r"[^、。]*?(?:な(?:い|く|かった)|ません)", tail)  # 「３年連続で上昇してはいない」
        return Around(
            [STREAK], towards, (unit[1:] + tail)[streak.end() :], streak[1] == "ぶり", sure=not (elsewhen or denied)
        )
    if unit.startswith(("番目", "位")):
        is_most = unit.startswith("位") or re.match(f"に(?:{said_by['more']}|大き|長)", tail)
        return Around([RANK], 1 if is_most else -1, tail)
    if _ONE_IN.match(sentence.text, at.start):
        return around(SHARE)
    if _EVERY.match(sentence.text, at.start):
        return around(INTERVAL)
    if _FRACTION.match(sentence.text, at.start):
        if of_time or ends("ratio_before") or re.match(rf"の\d+(?:に|まで|へと?)(?:{said_by['less']})", tail):
            return around(RATIO)
        return Around([SHARE, RATIO], 0, tail, sure=False)
    if unit.startswith("倍"):
        return around(RATIO)
    if (
        bracket and not more and (towards := _said_before(sentence, bracket[0]))
    ):  # 「前年度と比べて増加（２７件、１２．８％）した」
        forms = [GROWTH, SHARE] if written.is_share else [DIFFERENCE, VALUE]
        return Around(forms, towards, tail)
    if unit.startswith("ポイント"):
        return around(POINTS)
    if written.is_share:
        if more or ends("growth_before"):
            return around(GROWTH)
        of_share = re.search("割合|構成比|占有率", head)
        if not more and re.search("[にと]比べ(?:ると|て)(?:、|約|およそ)*$", head):  # 「４７６件に比べると半分」
            return around(RATIO, SHARE)
        if bracket and not inner and _is_distributed(sentence, at, bracket[1] + 1):
            return Around([SHARE, GROWTH], 0, tail)
        if (
            re.match(f"(?:に|へ|まで)+(?:{said_by['less']}|落ち|とどま)", tail) and sentence.times
        ):  # 「２年前の４７６件から半分に減った」
            return Around([RATIO, SHARE], 0, tail, sure=False)
        if not of_share and re.search(said_by["growth_before"], head):  # 「増加率が最も高かったのはAの８６．９％」
            return Around([GROWTH, SHARE], 0, tail, sure=False)
        is_ratio = (of_time or ends("ratio_before")) and not (of_share and head.endswith("の"))
        if is_ratio and _is_distributed(sentence, at, at.end):  # 「前年度比で１２．８％、２７件増加した」
            return Around([RATIO, GROWTH], 0, tail)
        if (
            not is_ratio and not of_share and _is_distributed(sentence, at, at.end)
        ):  # 「Aが７．４％、Bが３．８％それぞれ増加」
            return Around([GROWTH, SHARE], 0, tail, sure="それぞれ" in sentence.text)
        if is_ratio and pattern("compared", "words").match(after):  # 「前年の５．６％を下回った」
            return Around([SHARE, RATIO], 0, tail, sure=False)
        if is_ratio:  # 「前年度比１０８．３％と増加している」
            goes = re.match(
                f"[とでに、]*(?:{said_by['adverb']})*(?:(?P<more>{said_by['more']})|{said_by['less']})", tail
            )
            return Around([RATIO], 0 if not goes else 1 if goes["more"] else -1, tail)
        return around(SHARE, VALUE)
    if (towards := _said_before(sentence, at.start)) and not more:  # 「搬送人員の増加４２万人のうち」
        return Around([DIFFERENCE, VALUE], towards, tail)
    if more or ends("difference_before") or (ends("ratio_before") and not head.endswith("の")):
        return around(DIFFERENCE)
    bare = _without_names(sentence, bracket[0] + 1 if bracket else 0, at.start)  # 「１日当たり排出量」 is a name
    for form, said_of in ((DAILY, said_by["average_day"]), (AVERAGE, said_by["average_month"])):
        if said := re.search(said_of, bare):
            return around(form, VALUE) if re.search(r"\d", bare[said.end() :]) else around(form)
    if _is_distributed(sentence, at, bracket[1] if bracket and not inner else at.end):
        return Around([VALUE, DIFFERENCE], 0, tail)
    if re.match(f"(?:の)?(?:{said_by['moved']})", after) or _is_compared(
        sentence, at
    ):  # 「前年度より０．６日短縮した」
        return Around([DIFFERENCE, VALUE], 0, tail, sure=False)
    for said in re.finditer(
        r"1[ \u3000]?[^\d\s、。]{1,6}?(?:あたり|当たり|の[^、。]{1,20}に(?:対し|つき))", sentence.text[: at.start]
    ):
        if not any(begin <= said.start() < end for begin, end, _ in sentence.names):  # of something else's
            return Around([VALUE], 0, tail, sure=False)
    return Around([VALUE], more, tail, sure=not re.search("累計|通算|以来の", head))


def _is_compared(sentence: Sentence, at: Mention) -> bool:
    """Whether a time that something is compared with stands right before a figure: 「前年度より２人」."""
    compared = pattern("compared", "words").pattern
    return any(
        re.fullmatch(rf"(?!から){compared}(?:、|約|およそ)*", sentence.text[end : at.start])
        for _, end, _ in sentence.times
    )


def _without_names(sentence: Sentence, start: int, end: int) -> str:
    """The text from start to end without names, nor what brackets hold that open and close in it."""
    text = list(sentence.outside(start, end))
    for name in sentence.names:
        for place in range(max(name[0], start), min(name[1], end)):
            text[place - start] = "\0"
    return "".join(text).replace("\0", "")


def _is_distributed(sentence: Sentence, at: Mention, end: int) -> bool:
    """Whether the end of a list may say more or less of all of it, from the figure ``at`` on, whose bracket or itself ends at ``end``:
    「Aは27件、Bは1,496件増加した」, 「27件、率にして12.8％の増加」. A figure of the same that is counted alike is none of the list."""
    said_by = words()["form"]
    said = re.match(
        rf"\0*、[^。]*?\d[^、。\d]*(?:、(?:{said_by['adverb']})*)?(?<!最も)(?<!順に)(?<!番目に)(?:{said_by['more']}|{said_by['less']})",
        sentence.outside(end, len(sentence.text)),
    )
    if said is None:
        return False
    listed = [figure for figure in sentence.figures if end <= figure.start < end + said.end()]
    is_other = any(end <= name[0] < end + said.end() for name in sentence.names)
    is_other = is_other or "それぞれ" in sentence.text[: at.start]
    return is_other or any(is_part(figure) != is_part(at) for figure in listed)


def is_part(figure: Mention) -> bool:
    """Whether a figure says a share, a growth or a ratio, and counts nothing."""
    return figure.text.endswith(("％", "%", "割", "倍", "ポイント"))


def _said_before(sentence: Sentence, end: int) -> int:
    """Whether what stands right before a place says more (1) or less (-1)."""
    said_by = words()["form"]
    said = re.search(
        f"(?:(?P<more>{said_by['more']})|(?P<less>{said_by['less']}))加?少?(?:幅|数|分|件数|人数)?(?:は|が)?$",
        sentence.text[:end],
    )
    return 0 if said is None else 1 if said["more"] else -1


def agrees(written: Written, reading: Reading, around: Around) -> bool:
    """Whether a figure states the amount, as exactly as it is written."""
    amount, form, unit = reading.amount, reading.form, written.unit
    if form in (DIFFERENCE, GROWTH, POINTS):
        if around.more and amount and (amount > 0) != (around.more > 0):
            return False
        amount = abs(amount)
    if (
        form == RATIO
        and around.more
        and not unit.startswith("倍")
        and amount != 100
        and (amount > 100) != (around.more > 0)
    ):
        return False
    value, step = written.value, Fraction(written.scale) if written.scale > 1 else Fraction(1, 10**written.decimals)
    is_fraction = unit.startswith("分") and form != INTERVAL
    part = re.match(r"の(\d+)" if is_fraction else r"間?に(?:約|およそ|ほぼ)?(\d+)", around.tail)
    if part and form == INTERVAL:
        amount *= int(part[1])
    elif part and value and not written.is_share and (form == SHARE or is_fraction):
        share = 100 * int(part[1]) / value
        halfway = 100 * int(part[1]) / (value + Fraction(1, 2))
        return abs(amount - share) <= min(Fraction(_NEAR), share - halfway)
    if unit.startswith("割"):
        amount /= 10
    elif unit.startswith("倍") and form == RATIO:
        amount /= 100
    is_times = unit.startswith("倍") and not written.decimals
    rough = Fraction(1, 2 if written.about else 10) if is_times else step
    large = max(written.zeros, Fraction(written.scale))
    after, exact = around.tail, words()["precision"]
    if re.match(exact["under"], after):
        return amount <= value
    if unit.endswith("超") or re.match(exact["over"], after):  # or what something else is above
        return amount >= value
    if re.match(exact["above"], after):
        return value < amount < value + large
    if re.match(exact["below"], after):
        return value - large < amount < value
    if re.match(exact["from_on"], after):
        return amount >= value
    if re.match(exact["up_to"], after):
        return amount <= value
    is_round = written.zeros > step
    if re.match(exact["within"], after) or (is_round and re.match(exact["reached"], after)):  # 「４千件に達した」
        return value <= amount < value + large
    if written.about or re.match(exact["about_after"], after):
        return any(rounded(amount, one) == value for one in ((rough,) if is_times else (large, rough)))
    if form in (SHARE, GROWTH, RATIO, POINTS, AVERAGE, DAILY, INTERVAL) or written.decimals:
        return rounded(amount, rough) == value
    return amount == value or (written.scale > 1 and rounded(amount, step) == value)


def is_one_with(sentence: Sentence, at: Mention, before: Mention) -> bool:
    """Whether a figure ends what the one before it begins: 「３人に１人」「４分の１」「３日に１件」."""
    begin = before.start - sentence.start
    matches = (whole.match(sentence.text, begin) for whole in (_ONE_IN, _EVERY, _FRACTION))
    return any(match and match.start("part") == at.start for match in matches)


def turned(sentence: Sentence, at: Mention, begun: Mention | None, written: Written) -> str:
    """Why 「AからBに増加」 is the wrong way round; "" where it is not."""
    if begun is None or not re.match(r"\s*(?:から|より)", sentence.text[begun.end - sentence.start :]):
        return ""
    said_by = words()["form"]
    said = re.match(
        f"(?:に|へ|まで|と)*(?:{said_by['adverb']})*(?:(?P<more>{said_by['more']})|(?P<less>{said_by['less']}))",
        sentence.text[at.end :],
    )
    first = read_figure(begun.text)
    if not said or first is None or first.value == written.value or bool(said["more"]) == (written.value > first.value):
        return ""
    return f"「{begun.text}」から「{written.text}」へは{'増加' if written.value > first.value else '減少'}です"


def beyond(sentence: Sentence, at: Mention, before: Mention, written: Written) -> str:
    """Why 「Aで、前年同月のBを上回った」 is the wrong way round; "" where it is not."""
    said_by = words()["form"]
    said = re.match(f"を(?:{said_by['adverb']})*(?:(?P<more>上回|超え)|(?P<less>下回|割り込))", sentence.text[at.end :])
    first = read_figure(before.text)
    if not said or first is None or bool(said["more"]) == (first.value > written.value):
        return ""
    return f"「{before.text}」は「{written.text}」を{'下回っています' if first.value < written.value else '上回っています' if first.value > written.value else '上回っても下回ってもいません'}"
