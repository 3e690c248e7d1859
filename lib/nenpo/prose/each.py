"""What is said of each of several quantities: of those that stand side by side, of all the parts of a table, of all months."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nenpo.prose.lexicon import Lexicon
from nenpo.prose.quantities import Quantity, side_by_side
from nenpo.prose.sentence import Sentence
from nenpo.prose.written import Mention

# What may follow names of which each is meant; and what means all the parts of a section's table.
_EACH = re.compile(
    r"(?:の\d?[^\d、。はがも]{1,6})?(?:は|が|も|では|とも)、?(?:いずれも|ともに|すべて|全て|それぞれ)?(?!合わせ|合計|計)"
)
_ALL = re.compile(
    r"(?:(?:すべて|全て|いずれ|どれ|どの?)の|全(?!て))(?P<parts>[^\d、。]{1,8}?)(?:で|が|も|において|は)、?"
    r"|\d(?P<counted>[^\d、。]{1,6}?)(?:の?(?:すべて|全て))(?:で|が|において)、?"
)
# What parts of any table may be called.
_PARTS = ("項目", "区分", "種別", "もの", "部門", "分野", "内訳")
_TIMES = ("月", "年", "年度", "期", "四半期", "週", "日")
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
        if len(chain) > 1 and is_told and _EACH.match(sentence.text, chain[-1][1]):
            whole = sentence.text[chain[0][0] : chain[-1][1]]
            yield from (Quantity((name[2][0],), whole, start=chain[0][0]) for name in chain if len(name[2]) == 1)
        elif all_of_it := _ALL.search(sentence.text[: at.start]):
            of = chain[0][2][0] if chain else self._names.main(sentence.section)
            start = min(all_of_it.start(), *(name[0] for name in chain), len(sentence.text))
            if self._has_parts(of, all_of_it["parts"] or all_of_it["counted"]):
                for path in self._parts.of(of):
                    yield Quantity((path,), sentence.text[start : all_of_it.end()], start=start)

    def _has_parts(self, path: str, called: str) -> bool:
        """Whether what a quantity's table counts by, or its parts, may be called so: 「すべての年代」, not 「すべての月」."""
        table = self._dictionary.get(path.partition("/")[0])
        names = (table.corner, table.title, *table.rows, *(part.name for part in table.parts)) if table else ()
        return called in _PARTS or (called not in _TIMES and any(called in name for name in names))


def of_all_months(sentence: Sentence, at: Mention) -> bool:
    """Whether something is said of every month, or quarter, at a place: 「毎月６００人を上回った」."""
    return bool(_ALL_MONTHS.search(sentence.text[: at.start]))
