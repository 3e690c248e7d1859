"""What is said of each of several quantities: of those that stand side by side, of all the parts of a table, of all months."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nenpo.japanese.years import FiscalYear
from nenpo.prose.lexicon import Lexicon
from nenpo.prose.sentence import AND, Named, Quantity, Sentence
from nenpo.prose.times import SPAN, When, months_of
from nenpo.prose.together import side_by_side
from nenpo.prose.written import Mention
from nenpo.table import REST

# What may follow names of which each is meant; and what means all the parts of a section's table.
_EACH = re.compile(
    r"(?:の\d?[^\d、。はがも]{1,6})?(?:は|が|も|では|とも)、?(?:いずれも|ともに|すべて|全て|それぞれ)?(?!合わせ|合計|計)"
)
_ALL = re.compile(
    r"(?:(?:すべて|全て|いずれ|どれ|どの?)の|全(?!て))(?P<parts>[^\d、。]{1,8}?)(?:で|が|も|において|は)、?"
    r"|(?:^|、|を除く|以外の)(?P<listed>[^\d、。]{1,8}?)(?:は|が)、?(?:いずれも|すべて|全て|軒並み)(?!の)、?"
    r"|\d(?P<counted>[^\d、。]{1,6}?)(?:の?(?:すべて|全て))(?:で|が|において)、?"
)
_BOTH = re.compile("(?:で(?:あり)?|と(?:なり)?|が)?、?(?:いずれも|ともに|どちらも|両方とも)")
_THOSE = re.compile("[^、。\\d]{0,8}のは、?")
# What parts of any table may be called.
_PARTS = ("項目", "区分", "種別", "もの", "部門", "分野", "内訳")
_TIMES = ("月", "年", "年度", "期", "四半期", "週", "日")
_FROM_ON = re.compile("以降|以後|から(?=、|毎|各)")
_BUT = re.compile("を除[きくい]|以外|を別に")
_ALL_MONTHS = re.compile("(?:(?:すべて|全て|いずれ|どれ|どの?)の|どの|全|各|毎)(?:月|四半期)(?!平均|末|額|当|あたり)")


class Each:
    """The quantities of an office of each of which something is said."""

    def __init__(self, lexicon: Lexicon):
        self._dictionary, self._names, self._parts = lexicon.dictionary, lexicon.names, lexicon.parts

    def of(self, sentence: Sentence, at: Mention) -> Iterator[Quantity]:
        """The quantities of which the same is said at a place, each by itself: 「A、BとCはいずれも前年度を上回った」, 「すべての区分で増加した」."""
        names = [name for name in sentence.names if name[1] <= at.start]
        chain = side_by_side(sentence, names)
        of_rows = side_by_side(sentence, names[:-1])  # 「AとBの受診率はいずれも」
        if len(of_rows) > 1 and sentence.text[of_rows[-1][1] : names[-1][0]] == "の":
            chain = [*of_rows[:-1], (of_rows[-1][0], names[-1][1], of_rows[-1][2])]
        is_told = not any(self._names.is_terse(sentence.text[name[0] : name[1]], sentence.section) for name in chain)
        if those := list(_those(sentence, at)):
            yield from those
        elif both := self._both(sentence, at, names):
            yield from both
        elif len(chain) > 1 and is_told and _EACH.match(_behind(sentence, chain[-1][1])):
            whole = sentence.text[chain[0][0] : chain[-1][1]]
            yield from (Quantity((name[2][0],), whole, start=chain[0][0]) for name in chain if len(name[2]) == 1)
        elif all_of_it := _ALL.search(sentence.text[: at.start]):
            start = min(all_of_it.start(), *(name[0] for name in chain), len(sentence.text))
            for path in self._all(sentence, chain, all_of_it["parts"] or all_of_it["listed"] or all_of_it["counted"]):
                yield Quantity((path,), sentence.text[start : all_of_it.end()], start=start)

    def _all(self, sentence: Sentence, chain: Sequence[Named], called: str) -> list[str]:
        """The parts of what a chain of names means, or of all but those that it leaves out: 「AとBを除くすべての種別」."""
        if chain and "+" in chain[-1][2][0] and re.search("除|以外", sentence.text[chain[-1][0] : chain[-1][1]]):
            left_out = {path for name in chain[:-1] for path in name[2]}
            others = [path for path in chain[-1][2][0].split("+") if path not in left_out]
            parts = [path for path in others if not path.split("/")[-1].startswith(REST)]
            return parts if self._has_parts(parts[0] if parts else "", called) else []
        of = chain[0][2][0] if chain else self._names.main(sentence.section)
        return self._parts.of(of) if self._has_parts(of, called) else []

    def _both(self, sentence: Sentence, at: Mention, names: Sequence[Named]) -> list[Quantity]:
        """Those that a sentence lists with their figures: 「Aは２３８件、Bは４，００８件で、いずれも前年度を上回った」."""
        said = _BOTH.search(sentence.text[: at.start])
        if said is None or re.search(r"\d", SPAN.sub("", sentence.text[said.end() : at.start])):
            return []
        listed = [name for name in names if name[1] <= said.start() and sentence.bracket(name[0]) is None]
        ends = [*(name[0] for name in listed[1:]), said.start()]
        have_figures = all(
            any(name[1] <= figure.start < end for figure in sentence.figures)
            for name, end in zip(listed, ends, strict=False)
        )
        if len(listed) < 2 or not have_figures or any(len(name[2]) > 1 for name in listed):
            return []
        return [Quantity(name[2], sentence.text[name[0] : name[1]], start=name[0]) for name in listed]

    def _has_parts(self, path: str, called: str) -> bool:
        """Whether what a quantity's table counts by, or its parts, may be called so: 「すべての年代」, not 「すべての月」."""
        table = self._dictionary.get(path.partition("/")[0])
        names = (table.corner, table.title, *table.rows, *(part.name for part in table.parts)) if table else ()
        return called in _PARTS or (called not in _TIMES and any(called in name for name in names))


def months_of_all(sentence: Sentence, at: Mention, year: FiscalYear) -> list[When]:
    """The months of which something is said at a place, where that is every one, 「毎月６００人を上回った」, or every one but some: 「４月を除く各月
    で」; else none."""
    if not _ALL_MONTHS.search(sentence.text[: at.start]):
        return []
    earlier = [(end, when) for _, end, when in sentence.times if end <= at.start]
    left_out = {month for end, when in earlier if _BUT.match(sentence.text[end:]) for month in when.months}
    of = next((when.year for _, when in earlier if not when.months), year)
    months = months_of(of)
    since = next((when.months for end, when in earlier if when.months and _FROM_ON.match(sentence.text[end:])), ())
    begin = next((at for at, month in enumerate(months) if since and month.months[0] == since[0]), 0)
    return [month for month in months[begin:] if not left_out.intersection(month.months)]


def _those(sentence: Sentence, at: Mention) -> Iterator[Quantity]:
    """「作付面積が減ったのは、小麦と大豆である」: of each what stands before it."""
    if not (said := _THOSE.match(sentence.text, at.end)):
        return
    of = [path for name in sentence.names if name[1] <= at.start for path in name[2]]
    begin = end = said.end()
    for name in (name for name in sentence.names if name[0] >= begin):
        between = sentence.outside(end, name[0]).replace("\0", "")
        if not (between == "" or (end > begin and AND.fullmatch(between))):
            return
        paths = [path for path in name[2] if len(name[2]) == 1 or path.rpartition("/")[0] in of]
        if len(paths) != 1:
            return
        yield Quantity((paths[0],), sentence.text[name[0] : name[1]], start=name[0])
        end = name[1]


def _behind(sentence: Sentence, place: int) -> str:
    """What follows a place, without brackets."""
    return sentence.outside(place, len(sentence.text)).replace("\0", "")
