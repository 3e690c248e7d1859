"""Which quantities a figure in a sentence may be of: what the words name before it, behind it, together, or carried on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nenpo.dictionary import Dictionary
from nenpo.japanese.numerals import read_figure
from nenpo.japanese.words import joining, words
from nenpo.prose.around_names import BARE_WHOLES
from nenpo.prose.forms import RANK, RATIO, SHARE, VALUE
from nenpo.prose.parts import Parts, columns_of
from nenpo.prose.sentence import Named, Quantity, Sentence
from nenpo.prose.together import abreast, added_up, quantity_of, side_by_side, sum_of, with_bracket, with_figures
from nenpo.prose.written import Mention

# A division that explains the figure before it: 「約２．１７項目（≒５１６÷２３８）」.
DIVISION = re.compile(r"（[≒=＝]?([\d,]+)÷([\d,]+)）")
# What a figure leaves of itself: digits of what is no statistic, and words for how exactly it is meant.
_LEFT = re.compile("(?:\\d[\\d,.]*[百千万億]*|\1+)(?:余り|強|弱|台|程度|以上)?")
# What is counted, behind what it is counted by.
_SUBJECT = re.compile(
    r"^(?P<by>に関する|による|からの|に係る|にかかる|の|)(?P<noun>[一-龠々ァ-ヶー]{2,6}?)[者数]?(?=[はがもを、:：\s（(「」の]|$)"
)
# Something else that is held against what is named: 「目標４６．０％に対し、実績は」.
_OTHER_SUBJECT = re.compile("に対して?、?[^\\d\\s、。\0\1]{1,8}[はが]")
# What is counted otherwise than the quantity that is named: 「利用者の実人数は」.
_OTHER_COUNT = re.compile("の(?:延べ?|のべ|実)(?:人|件|世帯|回)?数")
# From a figure to that of which it is said: 「修繕率が１００％となったのはトイレだけ」.
_THOSE_ARE = re.compile(r"[^\d、。はがも]{1,10}のは、?")
_OF_THOSE = re.compile("(?:うち|内)、?$")
_TOGETHER = (
    "(?:の(?:合計|両方|[2-9][^\\d\\s、。]{1,6}?))?(?:で|を合わせ(?:て|ると)|が|は)、?(?:[本当全]?[市町村県区]の)?"
)
_OF_WHOLE = re.compile(
    rf"(?:\d[\d,.千万億]*[^\d、。の]{{0,3}}|{words()['whole']['words']}|[^\d、。はがもを]{{0,10}}(?:人|者|方|もの)|[一-龠]{{1,3}})?の(?:うち)?、?"
    r"|[はが]\d[^、。]*、その"
)
_SUBJECT_OF_SHARE = re.compile(r"[がはも]、?(?:\d[\d,.]*[^\d\s、。]{0,3}?(?:で(?:あり)?|と(?:なり)?)、)?")
_THOSE = re.compile(
    r"(?:これら|以上|上記)(?:の?(?P<count>[2-9二三四五六])[^\d\s、。]{1,4}?)?(?:を(?:合わせ|足し)|の合計|で(?=、|全体|\d|合わせ))"
)
_SAID_TOGETHER = re.compile(
    f"(?:(?:{words()['together']['words']})[てた]|合計で?|計|両者で|両方で|(?:この|これらの?)?[2-9二三四五](?:つ|者|[^\\d\\s、。件人名回円%割]{{1,4}})で|これらで)(?:[^\\d、。がは]{{0,8}}の)?$"
)
_THAN = re.compile(r"より[^、。]*?\d[^、。]*?(?:多|少な|長|短|高|低)い|を[^、。]*?\d[^、。]*?(?:上回|下回|超え)る")
_ASIDE = re.compile(
    r"を[^\d、。はがも]{0,6}(?:上回|下回|超え|抜)[^\d。はが]{0,4}、|の[^\d、。はがも]{1,8}(?:により|によって|に伴い|に伴って|を受け|のため|の影響で|を背景に)"
)
_ON = re.compile("(?:に|には|は|も|が|の|で|では|さらに|再び|一転して|逆に|また)*")
_EQUAL = re.compile("(?:程度|強|弱)?に(?:当た|あた|相当す)る、?")
_RANKED = re.compile("に(?:多|少な|高|低|大き|小さ|長|短)(?:い|かった)(?:のは|のが)?、?")
# What is said of all of it, right before a figure.
_OF_ALL = re.compile(
    f"(?:{words()['whole']['words']})(?:の(?:増加|減少|伸び|増減)?(?:数|分|率|幅|額|量)?)?(?:[はがも、（(]|で)*$"
)
_MOST = 4


class Quantities:
    """The quantities of a report's sentences."""

    def __init__(self, dictionary: Dictionary, parts: Parts):
        self._parts = parts
        self._title_of = dictionary.titles
        self._titles = "\n".join(dictionary.titles.values())

    def of(self, sentence: Sentence, at: Mention, carried: Quantity | None, form: str = VALUE) -> list[Quantity]:
        """The quantities that a figure may be of, the likeliest first."""
        text = sentence.text
        if form == RANK and (ranked := _ranked(sentence, at)) is not None:
            return ranked
        quantities = _behind(sentence, at)
        if text[: at.start].endswith("全") and carried:  # 「全４，２２０件の」
            return [carried]
        quantities += self._whole_behind(sentence, at)
        earlier = _without_other_side(sentence, self._earlier(sentence, at), at)
        if own := abreast(sentence, at, earlier):
            return [own]
        if together := _in_another_column(sentence, earlier, at):
            return together
        if form != SHARE and _OF_ALL.search(text[: at.start]) and (wholes := self._wholes_of(earlier)):
            quantities.append(Quantity(wholes, "", joined=False))
        if form == SHARE and earlier and self._is_whole_said(sentence, at, earlier[-1]):
            return _parts_of_whole(sentence, at, earlier)
        listed = with_figures(sentence, earlier, at) if form == SHARE else []
        quantities += sum_of(sentence, listed, joined=False) if len(listed) > 1 else []
        is_times = form == RATIO and earlier and re.fullmatch("の", text[earlier[-1][1] : at.start])
        for name in reversed(earlier):
            own = quantities[0] if quantities and quantities[0].joined else None
            if own and any(name[1] <= figure.start and figure.end <= own.start for figure in sentence.figures):
                break  # what another figure is of
            is_open = not (_is_listed(sentence, name, at) or (len(earlier) == 1 and _is_base(sentence, name, at)))
            joined = is_open and not (quantities or is_times) and self._is_joined(sentence, name[1], at.start)
            sums = (
                added_up(sentence, name, earlier, at)
                or ([] if quantities else self._together(sentence, earlier, at))
                or with_bracket(sentence, name, at)
            )
            quantities = [*sums, *quantities, quantity_of(sentence, name, joined=joined and not sums)]
            if len(quantities) >= _MOST:
                break
        if not quantities:
            later = [name for name in sentence.names if name[0] >= at.end]
            quantities += [quantity_of(sentence, name, joined=False) for name in later[:1]]
        if quantities and not quantities[0].joined and _goes_on(sentence, at, earlier):
            quantities = [replace(quantities[0], joined=True)]
        if quantities and quantities[0].joined:
            return quantities[:1]
        return quantities or ([carried] if carried else [])

    def _is_whole_said(self, sentence: Sentence, at: Mention, name: Named) -> bool:
        """Whether a share is one of what is named right before it: 「Xの７割をYが占めた」; a row may have a rate of its own, 「小２の３７．０％」."""
        rates = [self._parts.is_share(path) for path in name[2]]
        is_rate = any(rates) if at.text.endswith(("%", "％")) else all(rates)
        return not is_rate and bool(_OF_WHOLE.fullmatch(sentence.text[name[1] : at.start]))

    def _is_joined(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether nothing stands between a name and its figure but what the language has for that, and what the office counts by the
        titles of its tables: 「住まいに関する相談は３２件」."""
        text = list(DIVISION.sub(lambda mention: "\0" * len(mention[0]), sentence.outside(start, end)))
        spans = [(time[0], time[1], "\0") for time in sentence.times]
        spans += [(figure.start, figure.end, "\1") for figure in sentence.figures]
        for begin, stop, mark in spans:
            if start <= begin and stop <= end and "\0" not in text[begin - start : stop - start]:
                text[begin - start : stop - start] = mark * (stop - begin)
        if _OTHER_SUBJECT.search("".join(text)) or _OTHER_COUNT.match("".join(text)):
            return False
        left = _LEFT.sub("", "".join(text).replace("\0", ""))
        own = self._title_of.get(sentence.section, "")
        left = _SUBJECT.sub(
            lambda said: "" if said["noun"] in (own if said["by"] in ("の", "") else self._titles) else said[0], left
        )
        return bool(joining().fullmatch(left))

    def listed(self, sentence: Sentence, at: Mention) -> list[Quantity]:
        """Names that stand side by side before a figure, added up: 「４０代・５０代は９７人」."""
        names = side_by_side(sentence, self._earlier(sentence, at))
        if len(names) < 2 or not re.fullmatch(
            r"(?:の|は|が|で|も|を|、|合計|計|(?:など|等)の?[^、。\d]{0,16}?(?=は|が)|(?:による|に関する|に係る|からの|の)[^\d、。]{1,8}(?=は|が|も))*",
            sentence.text[names[-1][1] : at.start],
        ):
            return []
        return sum_of(sentence, names, joined=False)

    def those_listed(self, sentence: Sentence, paths: Sequence[str]) -> Quantity | None:
        """What the sentences before have named, added up: 「これら３つで全体の９５．０％」."""
        those = None if sentence.names else _THOSE.search(sentence.text)
        count = read_figure(those["count"]) if those and those["count"] else None
        last = paths[-int(count.value) :] if count else paths
        return Quantity(("+".join(last),), "", joined=False) if those and len(last) > 1 else None

    def _together(self, sentence: Sentence, earlier: Sequence[Named], at: Mention) -> list[Quantity]:
        """All the parts that the sentence has named: 「Aが６７９件、Bが４６９件で、合わせて１，１４８件」."""
        parts = [
            name
            for name in earlier
            if not any(self._parts.is_whole_of(name[2][0], other[2][0]) for other in earlier if other is not name)
        ]
        is_said = len(parts) > 1 and _SAID_TOGETHER.search(sentence.text[: at.start])
        return sum_of(sentence, parts, joined=False) if is_said else []

    def _earlier(self, sentence: Sentence, at: Mention) -> list[Named]:
        """The names before a figure; outside of a bracket those outside of one, where there are any."""
        earlier = [name for name in sentence.names if name[1] <= at.start]
        if sentence.bracket(at.start) is None:
            outer = [name for name in earlier if sentence.bracket(name[0]) is None]
            is_bare = all(sentence.text[name[0] : name[1]] in BARE_WHOLES for name in outer)
            return earlier if is_bare else outer  # 「会議（A、B、C）は合計２１２件」
        return earlier

    def _wholes_of(self, names: Sequence[Named]) -> tuple[str, ...]:
        """What the last quantity named is a part of: 「急病の増加率７．４％は、全体の６．８％を上回る」."""
        paths = names[-1][2] if names else ()
        wholes = (whole for path in paths for whole in (*self._parts.wholes(path), *self._parts.across(path)))
        return tuple(dict.fromkeys((*wholes, *columns_of(paths))))

    def _whole_behind(self, sentence: Sentence, at: Mention) -> list[Quantity]:
        """What all of it is, where a part follows: 「１７８人のうち７１人が就労による」."""
        if not re.match(r"の?(?:[^\d、。]{1,6}の)?(?:うち|内)|中[、\s]*\d", sentence.text[at.end :]):
            return []
        later = [name for name in sentence.names if name[0] >= at.end]
        earlier = [name for name in sentence.names if name[1] <= at.start]
        parts = earlier[-1:] if sentence.text[at.end :].startswith("中") and earlier else later[:1]
        paths = [path.partition("+")[0] for name in parts for path in name[2]]
        wholes = [whole for path in paths for whole in self._parts.wholes(path)]
        if not earlier:  # 「増えた４２万人のうち３１万人が急病」
            wholes += columns_of(paths)
        return [Quantity(tuple(dict.fromkeys(wholes)), "", joined=False)] if wholes else []


def _in_another_column(sentence: Sentence, earlier: Sequence[Named], at: Mention) -> list[Quantity]:
    """Rows that are added up, in a column that is named behind the figure of another: 「AとBを合わせた執行率は９８．９％、構成比は７８．２％」."""
    column = next((path for path in earlier[-1][2] if path.count("/") == 1 and "+" not in path), "") if earlier else ""
    for name in reversed(earlier[:-1]):
        if column and any(name[1] <= figure.start and figure.end <= earlier[-1][0] for figure in sentence.figures):
            for rows in added_up(sentence, name, earlier, at):
                parts = [part.split("/") for part in rows.paths[0].split("+")]
                if all(len(part) == 3 and column.startswith(f"{part[0]}/") for part in parts):
                    return [replace(rows, paths=("+".join(f"{column}/{part[2]}" for part in parts),))]
    return []


def _ranked(sentence: Sentence, at: Mention) -> list[Quantity] | None:
    """What a rank is of that stands behind it: 「第２位は化粧品」, 「２番目に多い面談」; None where nothing does."""
    if re.match("[はが]", sentence.text[at.end :]):
        later = [name for name in sentence.names if name[0] >= at.end]
        return [quantity_of(sentence, name, joined=name[0] <= at.end + 2) for name in later[:1]]
    said = _RANKED.match(sentence.text, at.end)
    ranked = [name for name in sentence.names if said and name[0] == said.end()]
    return [quantity_of(sentence, ranked[0])] if ranked else None


def _behind(sentence: Sentence, at: Mention) -> list[Quantity]:
    """What a figure is of that stands behind it: 「２３８件の新規相談」, 「１１２件が男性」."""
    text = sentence.text
    if equal := _EQUAL.match(text, at.end):  # 「３１．２％に当たる２１，４８０人が外国人」
        at = next((figure for figure in sentence.figures if figure.start == equal.end()), at)
    behind = (name for name in sentence.names if name[0] == at.end + 1 and text[at.end] == "の")
    following = next((name for name in behind if text[name[0] : name[1]] not in BARE_WHOLES), None)
    if following is None and (said := _THOSE_ARE.match(text, at.end)):
        following = next((name for name in sentence.names if name[0] == said.end()), None)
    is_base = following and re.match("に(?:対し|つき)", text[following[1] :])  # 「１件の申請に対し」
    following = following or _predicate(sentence, at)
    return [quantity_of(sentence, following, joined=not is_base)] if following else []


def _is_listed(sentence: Sentence, name: Named, at: Mention) -> bool:
    """Whether a name is one of several in a bracket that is closed before a figure."""
    bracket = sentence.bracket(name[0])
    beside = [other for other in sentence.names if sentence.bracket(other[0]) == bracket]
    return bracket not in (None, sentence.bracket(at.start)) and len(beside) > 1


def _is_base(sentence: Sentence, name: Named, at: Mention) -> bool:
    """Whether a name is what something else is above or below by a figure: 「新規相談を６０件下回る」."""
    is_object = re.fullmatch(r"(?:の\d[\d,.]*[^\d、。を]{0,3})?を(?:大きく)?", sentence.text[name[1] : at.start])
    return bool(is_object and re.match("(?:ほど|近く|以上|余り)?(?:上回|下回|超え)", sentence.text[at.end :]))


def _goes_on(sentence: Sentence, at: Mention, earlier: Sequence[Named]) -> bool:
    """Whether a clause goes on, in a time of its own, with the only quantity that its sentence names: 「令和２年度に急増したが、令和５年度は２３８
    件に減った」."""
    if len({name[2] for name in earlier}) != 1 or sentence.bracket(at.start):
        return False
    begin = max(sentence.text.rfind(mark, 0, at.start) for mark in "、。") + 1
    has_time = any(begin <= time[0] and time[1] <= at.start for time in sentence.times)
    clause = sentence.unnamed(begin, at.start, timeless=True)
    between = sentence.unnamed(earlier[-1][1], begin, timeless=True)
    return (
        has_time
        and begin > earlier[-1][1]
        and bool(_ON.fullmatch(clause))
        and not re.search("[一-龠々ァ-ヶー]{2,}(?:数|率|額)?[はがも](?!ら)", between)
        and not re.match("の[一-龠々ァ-ヶー]", sentence.text[at.end :])
    )


def _parts_of_whole(sentence: Sentence, at: Mention, earlier: Sequence[Named]) -> list[Quantity]:
    """What a share of the last of the names before it may be of: what stands behind it, what the whole stands behind, or together with others."""
    text = sentence.text
    later = [name for name in sentence.names if name[0] >= at.end]
    parts = [quantity_of(sentence, name, joined=text[at.end : name[0]] in ("が", "を", "は")) for name in later]
    beside = side_by_side(sentence, earlier[:-1])
    is_summed = len(beside) > 1 and re.fullmatch(_TOGETHER, text[beside[-1][1] : earlier[-1][0]])
    parts = [*(sum_of(sentence, beside) if is_summed else []), *parts]  # 「AとBで相談件数全体の７割」
    subject = [name for name in earlier[-2:-1] if _SUBJECT_OF_SHARE.fullmatch(text[name[1] : earlier[-1][0]])]
    parts += [quantity_of(sentence, name, joined=not parts) for name in subject]  # 「AがBの約３割を占める」
    if not parts and any(time[0] == at.end + 1 for time in sentence.times):  # 「延べ対応件数の５４％は下半期に」
        parts = [quantity_of(sentence, earlier[-1])]
    return parts + [quantity_of(sentence, name, joined=False) for name in reversed(earlier[:-1])]


def _without_other_side(sentence: Sentence, earlier: list[Named], at: Mention) -> list[Named]:
    """The names without what another is more or less than, or comes about by: 「女性が男性より１４件多い１２６件」, 「男性を上回り、１２６件」, 「欠航便数の
    増加により９７．８％」."""
    if len(earlier) < 2:
        return earlier
    between = sentence.text[earlier[-1][1] : at.start]
    return earlier[:-1] if _THAN.fullmatch(between) or _ASIDE.match(between) else earlier


def _predicate(sentence: Sentence, at: Mention) -> Named | None:
    """What is said of a figure behind it: 「１１２件（４７．１％）が男性」, 「うち１１２件は男性である」."""
    bracket = sentence.bracket(at.start)
    end = bracket[1] + 1 if bracket else at.end
    if beside := next((right for left, right in sentence.brackets if left == end), None):
        end = beside + 1
    leads = ("が", "は") if _OF_THOSE.search(sentence.text[: at.start]) else ("が",)
    if sentence.text[end : end + 1] not in leads or (
        bracket and re.search("[、，]", sentence.text[at.end : bracket[1]])
    ):
        return None
    name = next((name for name in sentence.names if name[0] == end + 1), None)
    is_said = name and re.match(
        r"で|だ(?!け)|であ|による|から|と(?=な)|を[一-龠]{2}(?:し|す)|、|。|$", sentence.text[name[1] :]
    )
    return name if is_said else None
