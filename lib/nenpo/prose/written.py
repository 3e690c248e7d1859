"""Finds every figure in Japanese prose, and says of those that state no statistic what they are.

Digits may be of half or full width; ①, Ⅱ and the like are labels. What a figure is, is told by the words around it: these are
rules of the language, none of them knows a report.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nenpo.japanese.eras import ERAS, listed_years, named
from nenpo.japanese.measures import MEASURES, unit_names
from nenpo.japanese.numerals import COMPOUND, NUMBER, SLASHED, half_width, in_ones
from nenpo.japanese.words import words

DATE, AGE, REFERENCE, SCHEDULE, LABEL = "date", "age class", "reference", "schedule", "label"
# Stands before a figure of last year's text that could not be stated anew.
OLD = "【旧】"
_ERA = f"(?:{named(ERAS)}|西暦)"
_N = r"\d+"
# What is said of a place that one is referred to.
REFERRED = "(?:参照|のとおり|に(?:示|記載|掲載)|で述べ)"
# Of each kind what it looks like; a figure that lies within is of that kind. The first that fits counts.
_KINDS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in [
        (
            REFERENCE,
            rf"(?:図表?|表|第?{_N}[-－]|[PpＰ]\.?){_N}(?:[-－]{_N})*|{_N}(?:[-－]{_N})+(?=[\s　」]|$)|{_N}(?:[、・~～〜-]{_N})*\s*(?:頁|ページ(?=[^\n。]{{0,12}}?{REFERRED}))",
        ),
        (DATE, rf"{_ERA}\s*{_N}(?:[、・～~〜]{_N})*\s*年(?:度?末?)(?:\s*{_N}月(?:\s*{_N}日)?)?"),
        (DATE, rf"{_ERA}\s*{_N}(?:\.{_N})*(?:年度)?|{_N}(?:[、・]{_N})*年度|\d{{4}}年(?:{_N}月(?:{_N}日)?)?"),
        (
            DATE,
            r"(?<![\d/／])(?:\d{4}[/／])?(?:1[0-2]|[1-9])[/／](?:[12]\d|3[01]|[1-9])(?=日|[（(][月火水木金土日][）)]|から|～|〜|まで|付|時点|現在)",
        ),
        (DATE, r"(?<![\d.,])(?:1[0-2]|[1-9])(?:月?[～~〜-]|[、,・])(?:1[0-2]|[1-9])月(?![間\d])"),
        (
            DATE,
            rf"{_N}月{_N}日|(?<!か)(?<!カ)(?<!ヶ){_N}月(?!間)(?:[上中下]旬|末|分)?|(?<!\d)(?:[12]?\d|3[01])日(?:まで|から|付)",
        ),
        (AGE, rf"{_N}(?:\s*(?:代?から|[～~〜・、]|歳から)\s*{_N})*\s*(?:代|歳)(?:以[上下]|未満)?"),
        (AGE, rf"(?:小学?|中学?|高校?|大学)\s*{_N}\s*年生?"),
        (
            SCHEDULE,
            rf"(?:(?<![\d前昨今本当元])(?:毎?[週月年日]|毎?年度)|(?<!\d)1日)に?{_N}(?:[～~〜]{_N})?(?:回|日|時間|度)|毎週\S?曜日?.{{0,6}}?{_N}[か箇ヶ]所|{_N}時(?!間)(?:{_N}分)?",
        ),
        (
            LABEL,
            rf"(?:^|(?<=[\s。、]))[（(]\d{{1,2}}[）)]|{_N}音順|第{_N}(?:回|次|期|条|項|号|の|四半期)?(?![\d位])|(?:この|これらの?|上位|上記の?|以上の?|を除く)[2-9](?!件|人|名|回|円|世帯|%|割)[^\d\s、。，．,.（）()]|{_N}(?:類(?!型)|つ目|番目(?!に(?:多|少|高|低|大き|小さ|長|短))|点目|桁|学期|丁目|番[地線]|条[東西南北]|年[目次]|号(?!(?:を?発行|増|減|と)))",
        ),
    ]
)
# A blank before a unit; what only begins like one is none: 「２　人員」.
_BLANK = r"[ \u3000](?!件数|人[員数権口材事]|名[称前簿]|回[数答])"
_FIGURE = re.compile(
    rf"{NUMBER}(?:%|パーセント|ポイント|(?:[かカヶ箇](?:所|月|国)[件人回分目社]?|年連続|年ぶり|番目|時間|[倍割件人名回円社世帯項目点組月年歳代日時分秒所週校位]{{1,3}})|{_BLANK}(?:件|人|名|世帯|回|円|%|か所))?"
)
# Numerals of kanji, and what they count in everyone's words; 千円 and 数十件 are none.
_NUMERAL = re.compile(
    r"(?<![〇一二三四五六七八九十百千万億])(?:(?<![数何幾])|(?=[一二三四五六七八九]))(?=[十百千万億]*[一二三四五六七八九十])[〇一二三四五六七八九十百千万億]+"
)
_COUNTED = re.compile("件|人(?![ひ一])|名|世帯|回(?!答)|円|%|割|倍|社|項目|か所")
# Units of an office that are words of other things behind a numeral of kanji: 十分, 一人, 二月.
_OTHERWISE = ("人", "回", "年", "月", "日", "週", "分", "時間")
# A figure that says how long, or for how many: no statistic.
PERIOD = re.compile(
    r"\d+\s*[かカヶ箇]年度?|\d+\s*(?:[かカヶ箇]月間|年度?間|(?:年度?|[かカヶ箇]月|週|日|時間)(?:間(?!に\d)|前|後|以内|来))"
    rf"|{words()['one']['of']}|{words()['form']['average_day']}|{words()['form']['average_month']}"
    r"|1[0,]*[百千]?万?[^\d\s、。]{0,4}?(?:あたり|当たり|対(?![応象策比談面し\d]))"
    r"|100と(?:する|した|し)"
    r"|(?<=月の)\d+[かカヶ箇]月(?!目)|\d+[かカヶ箇]月(?:すべて|全て|とも|のいずれ)"
    r"|\d+(?:[かカヶ箇][年月]|年)(?=で(?![、あし]))|\d+[かカヶ箇][年月](?=の(?:合?計|累計|平均)|を?(?:合わせ|通じ|通し))"
    r"|(?<=過去)\d+(?:か?年|[かカヶ箇]月|年度)(?!連続|ぶり)|(?<=直近)\d+(?:か?年|[かカヶ箇]月|年度)(?!連続|ぶり)"
)
# Words that state a share or a ratio without a digit.
_WORDS = re.compile("過半数|半数|半分|倍増|半減")


@dataclass(frozen=True)
class Mention:
    """A figure in a line of prose: ``start`` and ``end`` are its place, ``text`` as it is typed; ``kind`` is empty for what may
    state a statistic."""

    start: int
    end: int
    text: str
    kind: str


def find_figures(prose: str, units: Collection[str] = (), name_ends: Collection[int] = ()) -> Iterator[Mention]:
    """Every figure of the prose: those without a digit, then those of digits, in order. Each digit belongs to exactly one. ``units`` are
    what an office counts in, beside what everyone does; ``name_ends`` are the places where a name ends and a figure begins: 「中２69人」."""
    half = half_width(prose)
    spans = [(kind, match.span()) for kind, pattern in _KINDS for match in pattern.finditer(half)]
    spans += [(DATE, (begin, end)) for begin, end, _ in listed_years(half)]
    unit = _any_of(tuple(sorted(units)))
    words = [match.span() for match in _WORDS.finditer(half)]
    for start, end in (*_in_kanji(half, unit), *words):
        yield Mention(start, end, prose[start:end], "")
    at = 0
    while match := _FIGURE.search(half, at):
        start, end = match.span()
        if own := unit.match(half, match.end("number")):
            end = max(end, own.end())
        end = next((place for place in name_ends if start < place < end), end)
        start += len(match[0]) - len(match[0].lstrip())
        if together := COMPOUND.match(half, start) or SLASHED.match(half, start):
            end = max(end, together.end())
        digit = next(place for place in range(start, end) if half[place].isdigit())
        kind, span = next(((kind, span) for kind, span in spans if span[0] <= digit < span[1]), ("", (start, end)))
        start, end = (min(start, span[0]), span[1]) if kind else (start, end)
        yield Mention(start, end, prose[start:end], kind)
        at = max(end, match.end() if not kind else end)


def _in_kanji(half: str, unit: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where numerals of kanji count something, by the words of the language or an office's ``unit``."""
    for numeral in _NUMERAL.finditer(half):
        counted = _COUNTED.match(half, numeral.end())
        own = None if counted or numeral[0] == "一" else unit.match(half, numeral.end())
        if own and own[0].strip().startswith(_OTHERWISE):
            own = None
        if (counted or own) and not re.match("一[人回社]|十分", half[numeral.start() :]):
            yield numeral.start(), (counted or own or numeral).end()


@lru_cache(64)
def _any_of(units: tuple[str, ...]) -> re.Pattern[str]:
    """Any of an office's units, and of those of measurement; a figure in them may stand a blank away."""
    own = {name for unit in units if unit for of in (unit, in_ones(unit)[0]) for name in unit_names(of)}
    longest_first = sorted({*own, *MEASURES}, key=lambda unit: (-len(unit), unit))
    said = (rf"{re.escape(unit)}(?![A-Za-z])" if unit.isascii() else re.escape(unit) for unit in longest_first)
    return re.compile(rf"(?:{_BLANK})?(?:{'|'.join(said)})")
