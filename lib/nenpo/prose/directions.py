"""Direction words: what the prose says of more and less, and of which quantity where no claim declares that.

An undeclared word is held against the data where a clause names a column, an item or an alias of its section, and goes on to the
word with nothing between but joining words, figures, years and what it is compared with:

    新規相談受付件数は２３８件で、令和４年度（２１１件）に比べ増加した。

A year, 前年度 or 例年 is what it is compared with; more and less without any mean the year before. 最も多い is a rank among the parts of
the table's whole. Of other words that share a sentence with such a name nothing can be told: a condition (増加した場合), a trend
(増加傾向), part of a year or of the people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nenpo.dictionary import Dictionary
from nenpo.errors import InputError
from nenpo.fiscal import FiscalYear
from nenpo.prose.sayings import Claim

BEFORE, AS_A_RULE, ELSEWHEN = "前年度", "例年", "他の年度"
# What a word says of a quantity and what it is compared with; the first that it begins with counts.
MORE, LESS, MOST, LEAST, SAME, NONE, SOME = "more", "less", "most", "least", "same", "none", "some"
_SAYS = {
    "最高": MOST, "最大": MOST, "最低": LEAST, "最小": LEAST, "最多": MOST, "最も多": MOST, "最も高": MOST, "ピーク": MOST, "最少": LEAST, "最も少": LEAST, "最も低": LEAST,
    "同程度": SAME, "同数": SAME, "横ばい": SAME, "なかった": NONE, "なし": NONE, "あった": SOME,
    "増": MORE, "多": MORE, "高": MORE, "上昇": MORE, "上回": MORE,
    "減": LESS, "少な": LESS, "低": LESS, "下降": LESS, "下回": LESS,
}  # fmt: skip
WORD = re.compile(
    r"(?P<extent>微|やや|若干|わずかに|大幅に|大きく|急)?(?P<record>(?:過去|これまで(?:で|に)?)(?=最))?(?P<word>最多|最少|(?<=[過去まで])最[高大低小]|最も(?:多|少な|高|低)(?:い|く|かった)|ピーク|同程度|同数|横ばい"
    r"|なかった|なし|あった|増加?|減少?|多(?:い|く|かった)|少な(?:い|く|かった)|高(?:い|く|かった|ま)|低(?:い|く|かった|下)|上昇|下降|上回|下回)"
    r"(?=(?:し(?:た|て(?:いる|いた)))?(?:の|こと)?が(?P<mark>顕著|特徴|目立)|)"
)
# A clause that says such a word of what it names, in digits of half width.
_YEAR = r"(?:令和|R)(?:\d+|元)年度?"
_BRACKETED = r"(?:（[^（）]*）|\([^()]*\))"
_COMPARED = (
    rf"(?:前年度?|昨年度?|例年|{_YEAR})末?(?:時点)?{_BRACKETED}?"
    r"(?:[にと]比べ(?:ると|て)?|[にと]比較(?:して|すると)|に対し(?:て)?|よりも?|比で?|を|と)(?:ほぼ)?、?"
)
_FIGURE = r"約?\d[\d,.]*万?(?:件|人|名|世帯|項目|回|円|%|倍|割|か所|箇所|点|社|校|日)?(?:程度|ほど|余り)?"
_LINK = r"(?:また|なお|一方で?|他方で?|特に|今年度|本年度|さらに|再び|引き続き)[は、]?"
_LEAD = re.compile(
    rf"(?:^|(?<=[。、「\s]))(?P<told>(?:{_COMPARED}|{_YEAR}(?:末時点)?(?:において|における|には|[はの])?、?|{_LINK})*)「?$"
)
_OF = r"(?:の(?:相談者|利用者|申請者|登録者|相談|利用|申請|実績))?(?:数|件数|人数)?"
_BETWEEN = re.compile(
    rf"」?{_OF}(?P<told>(?:{_COMPARED}|{_YEAR}(?:の|は|には|において)|{_FIGURE}|{_BRACKETED}|{_LINK}"
    r"|となり|となって|であり|であったのに対し|だったのに対し|[はがもでとにの、\s])*)"
)
# What goes on to assert the word: no condition, hope, trend or denial.
_ASSERTED = re.compile(
    r"(?:[しえっ](?:た(?!場合|とき|際|ら|いと)|て(?:い(?:る|た|ます|ました)|お(?:り|る))|、)"
    r"|とな(?:り|る|っ(?:た|て(?!いな|おら)))|であ(?:る|り|っ)|で(?:した|す|、)|だっ|が(?:顕著|特徴|目立)|に転じ(?:た|て)|[。、が]|$)"
)
# Columns that take in what is left over have no rank.
_REST = ("その他", "不明", "無回答")
_PARTIAL = re.compile(
    r"\d+月|\d、\d+年|半期|前半|後半|当初|以降|以前|以来|コロナ|期間|年明け|うち|除|男性|女性|もし|年々|毎年"
)


@dataclass(frozen=True)
class Said:
    """A direction word with those that say how much (大幅に …, …が顕著), and in its line the ``start`` and ``end`` of the clause;
    ``claim`` is what it says, None where that cannot be told."""

    start: int
    end: int
    word: str
    extent: str
    mark: str
    claim: Claim | None

    @classmethod
    def by(cls, match: re.Match[str], start: int, end: int, claim: Claim | None) -> Said:
        """What is said from ``start`` to ``end`` by a match of WORD."""
        return cls(start, end, match["word"], match["extent"] or "", match["mark"] or "", claim)


def says(word: str) -> str:
    """What a direction word says: MORE, LESS …"""
    return next(meaning for begin, meaning in _SAYS.items() if word.startswith(begin))


class Directions:
    """The direction words of a section, whose ``names`` lead to the paths of facts without their year."""

    def __init__(self, section: str, names: Mapping[str, set[str]], dictionary: Dictionary):
        self._section, self._names, self._dictionary = section, names, dictionary
        self._longest_first = sorted(names, key=lambda name: (-len(name), name))

    def said(self, half: str, words: Iterable[re.Match[str]]) -> Iterator[Said]:
        """Of the ``words`` of a line (its digits of half width), those that share a sentence with a name of the section."""
        for match in words:
            begin = half.rfind("。", 0, match.start()) + 1
            named = any(name in half[begin : match.start()] for name in self._names)
            if named and says(match["word"]) != SOME and not _lone(half, match):
                yield self._read(half, begin, match)

    def _read(self, half: str, begin: int, match: re.Match[str]) -> Said:
        """A word of the sentence that begins there, with the name that its clause gives it to, if that is clear."""
        unclear = Said.by(match, *match.span(), None)
        before = half[begin : match.start()]
        if not _ASSERTED.match(half, match.end()):
            return unclear
        for name in self._longest_first:
            at = before.rfind(name)
            between = _BETWEEN.fullmatch(before, at + len(name)) if at >= 0 else None
            lead = _LEAD.search(before[:at]) if between else None
            if between and lead:
                told = lead["told"] + between["told"]
                claim = self._claim(name, match["word"], before[: lead.start("told")], told, bool(match["record"]))
                start = begin + at - before[:at].endswith("「")
                return Said.by(match, start, match.end(), claim) if claim else unclear
        return unclear

    def _claim(self, name: str, word: str, before: str, told: str, is_record: bool) -> Claim | None:
        """What a clause says of a name by what it ``told`` around it, after what its sentence says ``before``."""
        facts = self._names[name]
        if len(facts) != 1 or _PARTIAL.search(before + told):
            return None
        of = next(iter(facts))
        compared = [match[0] for match in re.finditer(_COMPARED, told)]
        if not compared and says(word) in (MORE, LESS, SAME):  # what its sentence compares with goes on
            compared = [match[0] for match in re.finditer(_COMPARED, before)]
        years = re.findall(_YEAR, re.sub(_COMPARED, "", before + told))
        against = (ELSEWHEN,) if is_record else self._against(of, word, compared)
        try:
            return Claim("", of, self._section, against, _year(years[-1]) if years else "") if against else None
        except InputError:
            return None

    def _against(self, of: str, word: str, compared: list[str]) -> tuple[str, ...]:
        """What a quantity is compared with; empty where that cannot be told."""
        meaning = says(word)
        if len(compared) > 1:
            return ()
        if compared:
            (one,) = compared
            year = re.match(_YEAR, one)
            known = meaning in (MORE, LESS, SAME)
            return ((_year(year[0]) if year else AS_A_RULE if one.startswith(AS_A_RULE) else BEFORE),) if known else ()
        if meaning == NONE or (meaning in (MORE, LESS) and word[0] in "増減上下"):
            return (BEFORE,)
        table_id, _, name = of.partition("/")
        if meaning not in (MOST, LEAST) or table_id not in self._dictionary:
            return ()
        parts = [column.name for column in self._dictionary[table_id].parts]
        if name not in parts:
            return ()
        return tuple(f"{table_id}/{part}" for part in parts if part != name and not part.startswith(_REST))


def _lone(half: str, match: re.Match[str]) -> bool:
    """Whether the word is but a part of another: 軽減, 収入減, 増やす."""
    return match["word"] in "増減" and not re.match("[えっと]", half[match.end() :])


def _year(written: str) -> str:
    """R4 for 令和4年度. Raises InputError for a year that no table can have."""
    number = re.sub(r"\D", "", written) or "1"
    return FiscalYear(f"R{int(number)}").code
