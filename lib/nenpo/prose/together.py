"""Names that a figure is of together: added up, side by side, or each of the figures that are listed as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nenpo.japanese.words import words
from nenpo.prose.sentence import AND, Named, Quantity, Sentence, single_path
from nenpo.prose.written import Mention

_ADDED = re.compile(
    rf"(?:の(?:上位)?\d+[^\d\s、。]{{1,6}}?)?(?:(?:を|の|は|が)?、?(?:{words()['together']['words']}|足し|合計|計|両方)"
    rf"|で(?=、|[^\d、。]{{0,6}}(?:{words()['whole']['words']})|$))"
)
_ADDED_TO = re.compile("を(?:加え|含め|足)[^、。]{0,3}(?:と|ば|、)")
_OWN = re.compile(r"^[はがも]?\s*\d[\d,.千万億]*[^\d、。]{0,4}?(?=[、とや]|及び)")
_LISTED = re.compile(r"[\s、，,・]*")
# What stands before the first of what is listed.
_BEFORE_LISTED = re.compile(r"[^\d。]{0,12}")


def quantity_of(sentence: Sentence, name: Named, *, joined: bool = True) -> Quantity:
    return Quantity(name[2], sentence.text[name[0] : name[1]], joined, name[0])


def abreast(sentence: Sentence, at: Mention, earlier: Sequence[Named]) -> Quantity | None:
    """Of figures that are listed as the names before them are: 「AとBは前年度（２１１件、２，５１２件）を上回った」, 「AとBはそれぞれ２１１件、
    ２，５１２件」."""
    text, bracket = sentence.text, sentence.bracket(at.start)
    if bracket is None and (said := text.rfind("それぞれ", 0, at.start)) < 0:
        return None
    begin, end = (bracket[0] + 1, bracket[1]) if bracket else (said + len("それぞれ"), len(text))
    listed: list[Mention] = []
    place = begin
    for figure in sentence.figures:
        between = _LISTED if listed or bracket else _BEFORE_LISTED
        if begin <= figure.start < end and between.fullmatch(text[place : figure.start]):
            listed.append(figure)
            place = figure.end
    names = [name for name in earlier if name[1] <= begin]
    units = {re.sub(r"[\d,.]", "", text[figure.start : figure.end]) for figure in listed}
    if len(listed) < 2 or len(listed) != len(names) or len(units) > 1 or (bracket and place != end):
        return None
    return next(
        (quantity_of(sentence, name) for name, figure in zip(names, listed, strict=True) if figure.start == at.start),
        None,
    )


def added_up(sentence: Sentence, last: Named, earlier: Sequence[Named], at: Mention) -> list[Quantity]:
    """Names that are added up: 「AとBを合わせて」「A、Bの合計」, 「Aは６割で、Bを加えると」."""
    behind, until = sentence.outside(last[1], at.start).replace("\0", ""), earlier.index(last)
    if _ADDED_TO.match(behind):
        names = [*side_by_side(sentence, earlier[:until]), last]
    elif _ADDED.match(behind):
        names = side_by_side(sentence, earlier[: until + 1])
    else:
        return []
    return sum_of(sentence, names) if len(names) > 1 else []


def with_bracket(sentence: Sentence, name: Named, at: Mention) -> list[Quantity]:
    """What a bracket beside a name adds to it, 「放火（放火の疑いを含む。）」; or what a bracket lists of a word that is no name: 「会議（A、B、C）
    は２１２件」."""
    for begin, end in sentence.brackets:
        inner = [other for other in sentence.names if begin < other[0] and other[1] <= end]
        if inner and begin == name[1] and re.match("(?:を|も)+含|を加え", sentence.text[inner[-1][1] : end]):
            return sum_of(sentence, [name, *inner], joined=False)
        listed = side_by_side(sentence, inner, with_own=True)
        if (
            len(listed) > 1
            and listed == inner
            and name == inner[-1]
            and end < at.start
            and not sentence.bracket(at.start)
        ):
            return sum_of(sentence, listed, joined=False)
    return []


def with_figures(sentence: Sentence, earlier: Sequence[Named], at: Mention) -> list[Named]:
    """The last names before a figure that stand side by side, each with its own: 「就労７１人、中断９人で、全体の」."""
    chain: list[Named] = []
    place = at.start
    for name in reversed(earlier):
        own = next((figure for figure in sentence.figures if name[1] <= figure.start < place), None)
        behind = sentence.outside(own.end, place).replace("\0", "") if own else ""
        joint = re.match("で|と|の", behind) if not chain else AND.fullmatch(behind) or re.fullmatch("\\s*", behind)
        if own is None or not joint or not re.fullmatch("[はがも:：\\s]*", sentence.text[name[1] : own.start]):
            break
        chain.insert(0, name)
        place = name[0]
    return chain


def side_by_side(sentence: Sentence, names: Sequence[Named], *, with_own: bool = False) -> list[Named]:
    """The last of the names, with those that stand beside it: 「A、B及びC」; what is in brackets behind each counts for nothing, nor, where
    they may stand ``with_own``, do the figures: 「A１７７件、B４６件」."""
    chain = list(names[-1:])
    for name in reversed(names[:-1]):
        between = sentence.outside(name[1], chain[0][0]).replace("\0", "")
        if not AND.fullmatch(_OWN.sub("", between) if with_own else between):
            break
        chain.insert(0, name)
    return chain


def sum_of(sentence: Sentence, names: Sequence[Named], *, joined: bool = True) -> list[Quantity]:
    """The quantity that several names are added up: of each its only one, else the rows of each column that all of them may mean; none where
    they have none in common."""
    often, single = {len(name[2]) for name in names}, [single_path(name) for name in names]
    if all(single):
        paths = ["+".join(single)]
    elif len(often) == 1 and all(
        _are_of_one_row(of_each) for of_each in zip(*(name[2] for name in names), strict=True)
    ):
        paths = ["+".join(of_each) for of_each in zip(*(name[2] for name in names), strict=True)]
    else:
        columns = [{path.rpartition("/")[0] for path in name[2] if path.count("/") == 2} for name in names]
        of_all = [
            path.rpartition("/")[0] for path in names[0][2] if path.rpartition("/")[0] in set.intersection(*columns)
        ]
        rows = [next((path.rpartition("/")[2] for path in name[2] if path.count("/") == 2), "") for name in names]
        paths = ["+".join(f"{column}/{row}" for row in rows) for column in dict.fromkeys(of_all)]
    return [Quantity(tuple(paths), sentence.text[names[0][0] : names[-1][1]], joined)] if paths else []


def _are_of_one_row(paths: Sequence[str]) -> bool:
    """Whether paths are of columns of one table, each of the whole or all of one row."""
    return len({tuple(path.split("/")[::2]) for path in paths}) == 1
