"""What a name means with the words around it: a column under a common heading, all but one, from one on, with its quotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest

from nenpo.dictionary import Dictionary
from nenpo.japanese.words import pattern, words
from nenpo.prose.parts import Parts, columns_of
from nenpo.prose.sentence import AND, Named, Quantity, Sentence
from nenpo.prose.vocabulary import COUNTS, TELLING
from nenpo.prose.written import Mention
from nenpo.table import Table

# Words for a whole that do not say of what.
BARE_WHOLES = ("合計", "計", "総計", "総数")
_WITHOUT = re.compile("以外|を除(?:くと|いた|く|き)、?")
_WITHOUT_WORD = re.compile(f"(?P<word>[一-龠々ァ-ヶー]{{2,}})(?:{_WITHOUT.pattern})")
_OUTSIDE = re.compile("(?<![一-龠々])(?P<word>[一-龠々]{1,3})外(?![一-龠々])")
_WHOLE = re.compile("全体(?:の?平均)?(?=を(?!占)|より|に比べ|と比べ)")
# What says something of a short name, which stands before it.
_AFTER_TERSE = (
    r"(?=[はがも]|で[はも\d]|(?:の[一-龠々ァ-ヶー]{2,8}){1,2}(?:[はがも]|を[み見](?:ると|れば))"
    rf"|(?:(?:と|、|・|や|及び)[^\d、。]{{2,16}})?を(?:{words()['together']['words']}|足し)"
    r"|(?:を|より|の)?[\s（(]*\d)"
)
# What may stand right before a name and says nothing of it.
_BEFORE_NAMES = re.compile("(?:[総全各同当本別]|延べ|[年月]間|年度[内中]|累計)$")
_MODIFIER = re.compile(
    r"(?P<of>[一-龠々ァ-ヶーA-Za-z\d～~・]+)(?:からの|による|に関する|に係る|にかかる|への|での|における|を[一-龠]{2}とする|の)$"
)
_OF_PART = re.compile("による|に係る|にかかる|に関する|における|からの|への|での|としての|の")
_FROM_ON = re.compile("以上|以下|未満")


def in_groups(
    text: str, left: str, groups: Mapping[str, Mapping[str, str]], heads: Sequence[tuple[int, int]], heading: str
) -> Iterator[Named]:
    """The columns that a text names by their own headings before a figure, behind the places of their common ones: 「決定は当初９件、延長４件」,
    or behind the ``heading`` that was named before; ``left`` is the text without other names."""
    named = [(end, text[begin:end], begin) for begin, end in heads]
    named = [(0, heading, 0), *named] if heading in groups else named
    ends = [*(start for _, _, start in named[1:]), len(text)]
    for (after, head, _), end in zip(named, ends, strict=False):
        parts = groups[head]
        own = any_of(parts).pattern
        together = rf"(?:[・、と]|及び)(?:{own})|(?:の?合?計|を?(?:{words()['together']['words']})て)"
        listed = rf"({own})(?=(?:{together})*(?:件数)?(?:[はがも:：]|を[み見]ると、?)?[\s（(]*\d)"
        for mention in re.finditer(listed, left[after:end]):
            begin = after + mention.start(1)
            yield begin, begin + len(mention[1]), (parts[mention[1]],)


def with_label(name: Named, text: str, groups: Mapping[str, Mapping[str, str]]) -> Named:
    """A common heading of columns may mean the one under it whose own heading the text names too: 「夜間は、内科と小児科を合わせて」."""
    begin, end, paths = name
    parts = groups.get(text[begin:end], {})
    return begin, end, (*(path for part, path in parts.items() if part in text), *paths)


def under_heading(
    name: Named, text: str, groups: Mapping[str, Mapping[str, str]], headings: Sequence[re.Match[str]]
) -> Named:
    """A column may mean the one of its heading under the common heading that the text names before: 「男性の受診者は１，４４３人、対象者は」."""
    begin, end, paths = name
    heading = next((heading[0] for heading in reversed(headings) if heading.end() <= begin), "")
    own = groups.get(heading, {}).get(text[begin:end])
    return (begin, end, tuple(dict.fromkeys((own, *paths)))) if own else name


def whole_word(name: Named, text: str) -> Named:
    """A column 「計」 in the word 「合計」 is all of the word."""
    begin, end, paths = name
    is_part = text[begin:end] == "計" and text[max(0, begin - 1) : begin] in ("合", "総")
    return (begin - 1, end, paths) if is_part else name


def with_word(name: Named, text: str, dictionary: Dictionary) -> Named:
    """A word for a whole behind one that several names of its table end with is the sum of those: 「会議の合計」."""
    begin, end, paths = name
    if text[begin:end] not in BARE_WHOLES or not (word := re.search("([一-龠々ァ-ヶー]{2,})の?$", text[:begin])):
        return name
    tables = (dictionary[path.partition("/")[0]] for path in paths if "/" in path)
    having = [
        [f"{table.id}/{column.name}" for column in table.parts if column.name.endswith(word[1])] for table in tables
    ]
    sums = tuple("+".join(parts) for parts in having if len(parts) > 1)
    return (word.start(), end, sums) if sums else name


def with_quotes(name: Named, text: str) -> Named:
    """A name in quotes, which are part of it: 「商品一般」 may stand beside another as without them."""
    begin, end, paths = name
    return (begin - 1, end + 1, paths) if text[begin - 1 : begin] + text[end : end + 1] in ("「」", "『』") else name


def with_whole(names: Sequence[Named], text: str) -> Iterator[Named]:
    """The whole of the column that a row named before it is of, as what it is held against: 「２０代の投票率は全体を２２ポイント下回る」."""
    for whole in _WHOLE.finditer(text):
        paths = next((name[2] for name in reversed(names) if name[1] <= whole.start()), ())
        yield from [(*whole.span(), tuple(columns))] if (columns := columns_of(paths)) else []


def of_wholes(names: Iterable[Named], text: str, parts: Parts) -> list[Named]:
    """The names without those that stand for the whole behind a part of it: 「急病による搬送人員」 is the part."""
    kept: list[Named] = []
    for name in names:
        part = kept[-1] if kept else None
        between = text[part[1] : name[0]] if part else ""
        is_rest = part and "除" in text[part[0] : part[1]] and between in ("", "、")
        joined = part and (is_rest or _OF_PART.fullmatch(between))
        if part and joined and any(_may_be_whole(whole, path, parts) for whole in name[2] for path in part[2]):
            is_bare = text[name[0] : name[1]] in BARE_WHOLES  # a sum of those before it
            in_row = [path for path in name[2] if path.count("/") == 2 and path not in part[2]]  # of other columns
            kept[-1] = part if is_bare else (part[0], name[1], (*part[2], *in_row))
        else:
            kept.append(name)
    return kept


def _may_be_whole(whole: str, path: str, parts: Parts) -> bool:
    return parts.is_whole_of(whole, path) or whole in parts.first_beside(path)


def with_others(names: Sequence[Named], text: str, dictionary: Dictionary) -> Iterator[Named]:
    """The names; those with 「以外」 or 「を除く」 behind them, side by side, mean all the other parts of their table, or the other rows of their
    column: 「急病・一般負傷以外」."""
    left_out: list[Named] = []
    for name, following in zip_longest(names, names[1:]):
        between = text[name[1] : following[0]] if following else ""
        left_out.append(name)
        if without := _WITHOUT.match(text, name[1]):
            given = {path for known in left_out for path in known[2]}
            others = [[part for part in _ordered(path, dictionary) if part not in given] for path in name[2]]
            yield left_out[0][0], without.end(), tuple(map("+".join, others)) if all(others) else ()
            left_out = []
        elif not AND.fullmatch(between):
            yield from left_out
            left_out = []
    yield from left_out


def of_the_rest(text: str, tables: Iterable[Table]) -> Iterator[Named]:
    """What is left of all parts of a table, or all rows of a column, without those whose names end with one word, 「会議以外」, or without the one
    that lies within where what lies outside of it is said: 「県外」 beside a row 「県内」."""
    said_of = [(said.span(), said["word"]) for said in _WITHOUT_WORD.finditer(text)]
    said_of += [(said.span(), f"{said['word']}内") for said in _OUTSIDE.finditer(text)]
    for table in tables if said_of else ():
        columns = [f"{table.id}/{column.name}/" for column in table.columns if not column.text]
        for span, word in said_of:
            for parts, paths in (([part.name for part in table.parts], [f"{table.id}/"]), (table.rows, columns)):
                others = [part for part in parts if not part.endswith(word)]
                is_outside = f"{word[:-1]}外" in parts
                if 0 < len(others) < len(parts) and not is_outside:
                    apart = [part for part in others if not part.endswith("外")]  # 「県外」 beside 「国外」
                    runs = (others, apart) if word.endswith("内") and apart and apart != others else (others,)
                    yield *span, tuple("+".join(f"{path}{part}" for part in run) for path in paths for run in runs)


def with_range(name: Named, text: str, dictionary: Dictionary) -> Named:
    """A name with 「以上」 or 「以下」 behind it means those from it on, which way is told by their numbers alone: 「要介護３以上」, 「中等症以上」."""
    begin, end, paths = name
    if not (ranged := _FROM_ON.match(text, end)) or re.search("代|歳", text[begin:end]):
        return name
    runs = [
        run for path in paths for run in _runs(path, dictionary, ranged[0], bool(re.search(r"\d", text[begin:end])))
    ]
    return (begin, ranged.end(), tuple(dict.fromkeys(runs))) if runs else name


def _runs(path: str, dictionary: Dictionary, word: str, is_numbered: bool) -> list[str]:
    """The parts from one on, as they stand or the other way, added up."""
    parts = _ordered(path, dictionary)
    at = parts.index(path) if parts else 0
    up, down = parts[at + (word == "未満") :], parts[: at + (word != "未満")]
    both = [up, down] if word == "以上" else [down, up]
    return ["+".join(run) for run in both[: 1 if is_numbered else 2] if run]


def _ordered(path: str, dictionary: Dictionary) -> list[str]:
    """The paths of what stands beside a quantity in its table, itself among them; none where it is no part of anything."""
    table_id, column, *row = path.split("/")
    if table_id not in dictionary:
        return []
    table = dictionary[table_id]
    parts = [f"{table_id}/{part.name}" for part in table.parts]
    parts = [f"{table_id}/{column}/{name}" for name in table.rows] if row and row[0] in table.rows else parts
    return parts if path in parts else []


def any_of(names: Iterable[str], loosely: Collection[str] = (), tersely: Collection[str] = ()) -> re.Pattern[str]:
    """Any of the names, of those that begin alike the longest; some of them ``loosely``, with a 「の」 between their words: 「救急車の受入台数」
    for 救急車受入台数; some ``tersely``, as words that something is said of."""

    def around(name: str) -> tuple[str, str]:
        """What no such name stands behind, and what stands behind it."""
        if name in tersely:  # no end of a longer word, and of 「件数」 of any word
            return rf"(?:(?<![\d一-龠々ァ-ヶー{'ぁ-ん' * bool(COUNTS.fullmatch(name))}])|(?<=[年月]間))", _AFTER_TERSE
        if re.match(r"\d", name):  # 「２０歳未満」 is no name ０歳
            return r"(?<![\d.,])", ""
        return ("(?<![年月日])" if name.startswith("平均") else ""), ""  # 「月平均の相談件数」 is no name 平均相談件数

    alternatives = []
    longest_first = sorted(filter(None, names), key=lambda name: (-len(name), around(name), name))
    for (_, (before, after)), alike in groupby(longest_first, key=lambda name: (len(name), around(name))):
        spelt = (_loose(name) if not after and (before or name in loosely) else re.escape(name) for name in alike)
        alternatives.append(f"{before}(?:{'|'.join(spelt)}){after}")
    return re.compile("|".join(alternatives) or "(?!)")


def _loose(name: str) -> str:
    return (
        re.sub(r"(?<=[一-龠々ァ-ヶーA-Za-z])(?=[一-龠々ァ-ヶ])", "(?:の|した)?", re.escape(name))
        if len(name) >= TELLING
        else re.escape(name)
    )


def word_before(sentence: Sentence, start: int, *, is_bare: bool) -> str:
    """What makes a longer word of a name with it, or says what a ``bare`` word for a whole is of; "" where a time, another name or an ordinary
    word stands before it."""
    start -= is_bare and sentence.text[max(0, start - 1) : start] == "の"
    if any(begin < start <= end for begin, end, _ in (*sentence.times, *sentence.names)):
        return ""
    word = re.search("[一-龠々ァ-ヶー]+$", sentence.text[: max(0, start)])
    return "" if word is None or _BEFORE_NAMES.search(word[0]) else word[0]


def begin_of(sentence: Sentence, quantity: Quantity) -> int:
    """Where a quantity begins, with the times right before its name: 「令和５年度の新規相談受付件数」."""
    start = quantity.start
    for begin, end, _ in reversed(sentence.times):
        start = begin if end <= start and sentence.text[end:start] in ("", "の", "に", "は", "、") else start
    return start


def modifier_before(sentence: Sentence, quantity: Quantity) -> str:
    """What a quantity is of by the words before it, 「５０代の新規相談受付件数」; "" where the row that it is in stands there, or nothing."""
    said = _MODIFIER.search(sentence.text[: max(0, begin_of(sentence, quantity))])
    if said is None or any(begin < said.end("of") and said.start() < end for begin, end, _ in sentence.times):
        return ""
    named = [name for name in sentence.names if said.start() <= name[0] < said.end("of")]
    in_row = quantity.paths[0].count("/") == 2 and len(named) == 1  # of several it may be the sum
    return "" if in_row else said["of"]


def are_for_each(sentence: Sentence, at: Mention) -> bool:
    """Whether each name before a figure says but for one of what that is counted: 「新規相談１件あたりでみても」."""
    ones = [said.start() for said in pattern("one", "of").finditer(sentence.text[: at.start])]
    names = [name for name in sentence.names if name[1] <= at.start]
    return bool(ones) and all(any(sentence.text[name[1] : begin] in ("", "の") for begin in ones) for name in names)


def of_both(text: str, names: Mapping[str, set[str]]) -> Iterator[Named]:
    """Men and women, where a text names both in one word: 「男女比は」「男女ともに」."""
    both = [tuple(names.get(name, ())) for name in ("男性", "女性")]
    for said in re.finditer("男女", text) if all(both) else ():
        yield from ((said.start() + at, said.start() + at + 1, paths) for at, paths in enumerate(both))
