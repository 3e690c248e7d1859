"""Which way a sentence says that a held figure has gone: 「２３８件に増加した」, 「１．９倍に減った」, 「前年度の２１１件を上回った」.

Nothing is wrong but what is so against all that the sentence may mean: of a figure that is said to have risen neither the year before nor
any year that the sentence names may have less.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from nenpo.japanese.numerals import in_digits, read_figure
from nenpo.japanese.words import pattern
from nenpo.japanese.years import FiscalYear
from nenpo.prose.amounts import Amounts
from nenpo.prose.context import HELD, Read
from nenpo.prose.forms import AVERAGE, DIFFERENCE, GROWTH, POINTS, RATIO, SHARE, VALUE, Reading
from nenpo.prose.held import HeldFigure, of_one, series, steps
from nenpo.prose.sentence import TIME
from nenpo.prose.times import When
from nenpo.prose.ways import above, beyond, goes, had_gone, has_gone, trend_before, turn

# What leads from a figure to what it has become, and from one to what has become of it.
_TO = r"(?:の\d+)?(?:以下|以上|未満|程度|ほど|余り|強|弱|近く)?(?:に|へと?|まで|と)+、?"
_FROM = r"(?:から|より)(?:、|毎年|年々|一貫して|ずっと)*"
_THAN = rf"(?:{_FROM}|(?:[にと]比べ(?:て|ると)?|[にと]比較(?:して|すると)|に対し(?:て)?)、?)"
_PIVOT = r"を(?:(?P<top>ピーク|頂点)|底)に(?:、|して|その後|以降|毎年|年々)*"
# From a figure to what that has come to: 「令和２年度に２６６件あった相談は、令和５年度には１１件まで」.
_WAS = re.compile(f"(?:で?あっ|だっ|い)た[^、。はがも]*[はが]、?{TIME}(?:には|は|に|、)*")
_CHANGES = (DIFFERENCE, POINTS, GROWTH)
# A word for how much more, or less, something is.
_CHANGE = re.compile("(?:(?P<more>増加|上昇)|減少|低下)[数分率幅額](?=[はがのでを全])")
# Between two figures that are listed, without their names and times.
_IN_LIST = re.compile("(?:、|と|や|及び)の")
# Between a figure and what it is held against.
_SAME_SUBJECT = re.compile(
    "(?:(?:と|で|であり|となり)、?|(?:に|まで)[^、。はがも]{0,6}(?:が|ものの|て|し)、)[^はがも、。]*|[）)]?[はが]、?[^はがも、。\\d]{0,12}"
)


class Moves:
    """Holds words of more and less about the figures of a report of ``year`` against the data."""

    def __init__(self, amounts: Amounts, year: FiscalYear):
        self._amounts, self._year = amounts, year

    def contradiction(self, figure: HeldFigure) -> str:
        """Why it has not gone the way that is said; "" where it has."""
        kinds: list[Callable[[HeldFigure], str]] = [
            _against_pivot,
            _turned,
            _turned_alike,
            self._beyond,
            self._beyond_named,
            self._left,
            _came_from,
            _against_noun,
        ]
        kinds.append(self._moved if figure.reading.form == VALUE else _against_ratio)
        return next((why for kind in kinds if (why := kind(figure))), "")

    def _beyond(self, figure: HeldFigure) -> str:
        """「Aで、前年同月のBを上回った」, 「新規相談は４年間の平均の３９２件を上回った」."""
        if not (way := above(figure)):
            return ""
        if last := _alike_before(figure, is_listed=True):
            read, value, between = last
            is_same = of_one(read, figure.read) or _SAME_SUBJECT.fullmatch(between)
            if is_same and not re.search("[上下]回", between):
                return _not_beyond(read.mention.text, value, figure, way)
        quantity = figure.read.quantity
        if figure.before or quantity is None or len(quantity.paths) != 1 or len(figure.sentence.names) > 1:
            return ""
        now = self._amounts.in_year(quantity.paths[0], self._year, VALUE)
        is_earlier = figure.path[1] not in ("", self._year.code) and not figure.path[2]
        is_mean = figure.reading.form == AVERAGE and "+" in figure.reading.path  # of years
        if now is None or now.amount < 0 or not (is_earlier or is_mean) or len(figure.years) > 1:
            return ""
        return _not_beyond(in_digits(now.amount), self._amounts.as_written(now, figure.written).amount, figure, way)

    def _beyond_named(self, figure: HeldFigure) -> str:
        """「２３８件と前年度をやや上回った」, 「前年度を大きく上回り、４，００８件に達した」, 「２０３学級で、中学校を上回る」."""
        gone = had_gone(figure)
        way, of = gone if gone[0] else beyond(figure)
        quantity, code, derived = figure.path
        form, amount = figure.reading.form, figure.reading.amount
        if form in _CHANGES and isinstance(of, When):  # 「１．５ポイント前年度を上回った」
            return f"「{figure.written.text}」は{'増加' if amount > 0 else '減少'}です" if amount * way < 0 else ""
        if not code or figure.is_in_months or form not in (VALUE, SHARE):
            return ""
        if isinstance(of, When):
            return "" if of.months else _against(figure, way, list(self._in_years(figure, [of.year])))
        if of is None or form != VALUE or derived or self._amounts.unit(of) != self._amounts.unit(quantity):
            return ""
        other = self._amounts.in_year(of, self._year.like(code), VALUE)
        return _not_beyond(of, self._amounts.as_written(other, figure.written).amount, figure, -way) if other else ""

    def _moved(self, figure: HeldFigure) -> str:
        """「２３８件に増加した」, 「増加に転じ、２３８件となった」: from the year or the month before, or what the sentence says of others."""
        (way, rest), last = goes(figure, _TO), None
        if not way:
            way, rest, last = has_gone(figure)
        bases = [last.reading] if last and last.reading else list(self._bases(figure)) if way else []
        return _against(figure, way, bases[:1] if "に転じ" in rest else bases)

    def _bases(self, figure: HeldFigure) -> Iterator[Reading]:
        """What a figure may have come from: what its quantity was in the year or the month before, and in the earlier years and the months
        that the sentence names; where it has a figure of the year before, only that."""
        of_years = figure.path[1] and not figure.is_in_months and not figure.path[2]
        said = [read for read in figure.before if read.when and read.outcome == HELD and of_one(read, figure.read)]
        if of_years:
            year = self._year.like(figure.path[1])
            is_told = any(read.when and read.when.year == year.previous for read in said)
            named = [] if is_told else [other for other in figure.years if other < year]
            was = said and _WAS.fullmatch(figure.sentence.timed(said[-1].mention.end, figure.place[0]))
            yield from self._in_years(figure, named if was and named else [year.previous, *named])
        elif beside := self._amounts.months_beside(figure.reading.path):
            months = [made.path for made in beside.values()]
            place = months.index(figure.reading.path) if figure.reading.path in months else 0
            before = [
                self._amounts.as_written(made, figure.written) for made in [*beside.values()][max(0, place - 1) : place]
            ]
            told = [read.reading for read in said if read.reading]
            named_too = [reading for reading in told if reading.path in months]
            year_before = (pattern("time", key) for key in ("same_month", "before"))
            is_against_year = any(of.search(figure.sentence.text) for of in year_before)
            yield from told if is_against_year else (*before, *named_too)

    def _left(self, figure: HeldFigure) -> str:
        """「令和２年度の６４３件から減り続け」: to the report's year, or one that the sentence names."""
        way, _ = goes(figure, _THAN)
        code = figure.path[1]
        if not way or not code or figure.is_in_months:
            return ""
        later = [year for year in (self._year, *figure.years) if year > self._year.like(code)]
        return _against(figure, -way, list(self._in_years(figure, later)))

    def _in_years(self, figure: HeldFigure, years: Iterable[FiscalYear]) -> Iterator[Reading]:
        """What a figure's quantity was in the years; nothing where one of them is not over."""
        quantity, code, derived = figure.path
        if all(self._amounts.is_settled(f"{quantity}/{year.code}") for year in (self._year.like(code), *years)):
            for year in years:
                if made := self._amounts.in_year(quantity, year, figure.reading.form, derived):
                    yield self._amounts.as_written(made, figure.written)


def _against(figure: HeldFigure, way: int, others: Sequence[Reading]) -> str:
    """Why the figure is not more (or less) than any of the others."""
    amount = figure.reading.amount
    if not others or min(amount, *(other.amount for other in others)) < 0:
        return ""
    if not all((amount - other.amount) * way < 0 for other in others):
        return ""
    other, said = others[0], "増加" if amount > others[0].amount else "減少"
    return f"「{figure.written.text}」は、{other.path} の {in_digits(other.amount, other.decimals)} と比べると逆の向き（{said}）です"


def _alike_before(figure: HeldFigure, *, is_listed: bool = False) -> tuple[Read, Fraction, str] | None:
    """The held figure right before one, where it is of the same form and counted alike, with its value and what stands between; before all that it
    may be listed with: 「０．７１本で、県の０．６５本、全国の０．５５本を上回る」."""
    reads, begin = list(figure.before), figure.at.start
    while is_listed and len(reads) > 1 and _IN_LIST.fullmatch(figure.sentence.unnamed(reads[-1].mention.end, begin)):
        begin = reads.pop().mention.start
    last = reads[-1] if reads else None
    if last is None or last.outcome != HELD or not last.reading or last.reading.form != figure.reading.form:
        return None
    written = read_figure(last.mention.text)
    if written is None or written.unit[:1] != figure.written.unit[:1]:
        return None
    return last, written.value, figure.sentence.text[last.mention.end : begin]


def _came_from(figure: HeldFigure) -> str:
    """「１回当たり１５．３人で、前年の１３．４人から増えた」: the figure before has come from this one."""
    way, _ = goes(figure, _THAN)
    last = _alike_before(figure) if way else None
    if last is None or not _SAME_SUBJECT.fullmatch(last[2]):
        return ""
    return _not_beyond(last[0].mention.text, last[1], figure, way)


def _against_noun(figure: HeldFigure) -> str:
    """「減少数が最も大きいのは急病で、３１万人増加した」: of the last figure of its sentence, where that names one quantity and all that say more or
    less go one way."""
    reads = [read.reading for read in (*figure.before, figure.read) if read.outcome == HELD and read.reading]
    ways = {reading.amount > 0 for reading in reads if reading.form in _CHANGES and reading.amount}
    nouns = {noun["more"] is not None for noun in _CHANGE.finditer(figure.sentence.text)}
    is_last = figure.at.start == figure.sentence.figures[-1].start
    of_one_name = len({name[2] for name in figure.sentence.names}) == 1
    if not is_last or not of_one_name or len(ways) != 1 or len(nouns) != 1 or ways == nouns:
        return ""
    return f"文の数値は{'増加' if True in ways else '減少'}ですが、「{'増加' if True in nouns else '減少'}」の数としています"


def _turned(figure: HeldFigure) -> str:
    """「AからBに増加」, 「AからBへと１６件増加」, 「A、B、Cと年々増加」."""
    values = series(figure)
    way, _ = goes(figure, _TO + r"(?:\d[\d,.]*[^\d\s、。]{0,4})?(?:、|年々|毎年|年を追うごとに)*")
    way = way or (trend_before(figure, len(values)) if values else 0)
    if not way or steps(values) != {-way}:
        return ""
    first, last = (in_digits(value, figure.written.decimals) for value in (values[0], values[-1]))
    return f"「{first}」から「{last}」へは{'減少' if way > 0 else '増加'}です"


def _turned_alike(figure: HeldFigure) -> str:
    """「１８１．５時間まで増えたが、その後は増加に転じた」: it turns to what it did before; told of the first figure of its sentence."""
    if any(read.outcome == HELD for read in figure.before):
        return ""
    for said in re.finditer(turn(), figure.sentence.timed(0, len(figure.sentence.text))):
        if bool(said["more"]) == bool(said["turned_more"]):
            return f"「{said['turned']}に転じ」とありますが、その前も{'増加' if said['more'] else '減少'}です"
    return ""


def _against_ratio(figure: HeldFigure) -> str:
    """「１．９倍に減った」."""
    way, _ = goes(figure, _TO)
    amount = figure.reading.amount
    if not way or figure.reading.form != RATIO or amount == 100 or (amount > 100) == (way > 0):
        return ""
    return f"「{figure.written.text}」は{'増加' if amount > 100 else '減少'}です"


def _against_pivot(figure: HeldFigure) -> str:
    """「８９件をピークに増え続け」: from its peak a quantity falls, and rises from its bottom."""
    said = re.match(_PIVOT, figure.tail)
    way, _ = goes(figure, _PIVOT)
    if said is None or not way or (way < 0) == bool(said["top"]):
        return ""
    return f"「{said[0]}」から{'増加' if way > 0 else '減少'}することはありません"


def _not_beyond(text: str, amount: Fraction, figure: HeldFigure, way: int) -> str:
    """Why an amount is not above (or below) a figure; "" where it is."""
    value = figure.written.value
    if (amount - value) * way > 0:
        return ""
    is_not = (
        "下回っています" if amount < value else "上回っています" if amount > value else "上回っても下回ってもいません"
    )
    return f"「{text}」は「{figure.written.text}」を{is_not}"
