"""Which way the words around a held figure say that it has gone, and what they say that it is above: in front of it and behind."""

from __future__ import annotations

import re

from nenpo.japanese.words import pattern, words
from nenpo.prose.context import Read
from nenpo.prose.held import HeldFigure
from nenpo.prose.sentence import TIME
from nenpo.prose.times import When

# What stands before a move that leads on to its figure, the rest of its subject and words of time, and what leads on.
_SUBJECT = rf"(?:最も|ものの|[^、。はがも{TIME}\d]){{0,10}}(?:[はがもで]|から|より)?、?"
_BEHIND_FIGURE = rf"(?:から|より|(?:最も|ものの|[^、。はがも{TIME}\d]){{0,10}}(?:[はがもで]?、|後[はも]?、?))"
_MEANWHILE = rf"その後[はも]?|以降[はも]?|年々|毎[年月]|一転して?|再び|さらに|{TIME}(?:から|より|以降|末?に?[はもが]?)"
_TO_FIGURE = f"、?[{TIME}はがもにのでへまで]*"
_ON = f"(?:し(?:て|続け)?|え(?:て|続け)?|り(?:始め|続け)?|って|に転じて?|を続け|が続[いき]|傾向に(?:あり|あって))(?:て(?:おり|いて)?|おり)?{_TO_FIGURE}"
_TREND = "(?:[しえり](?:て(?:おり|いて)?|続け(?:て(?:おり)?)?)?|傾向(?:に(?:あり|ある)|で|が続き)|[をが]続[けき])、?$"
_SINCE = "(?:より|から|[にと]比べ(?:て)?)、?"
# From a figure to the time, or to the quantity, that it is above or below.
_WITH = r"(?:と(?:なり)?|(?:に|まで)[^、。はがも\d]{1,6}|で(?:あり)?|に(?:のぼ|上)り)?、?(?:[^、。はがも\d]{0,10}では)?(?:いずれも|ともに|それぞれ|やはり|再び|初めて|、)*"
_WITH_RANK = rf"{_WITH}(?:[^、。はがも\d]{{0,10}}最[^、。はが\d]{{1,8}}、)?"
# What asserts no move: a denial, a hope, a plan.
_UNSAID = re.compile("な[いかく]|ません|ず(?!っ)|見込|予測|目標|計画|場合|傾向に歯止め")


def goes(figure: HeldFigure, lead: str) -> tuple[int, str]:
    """Whether it is said to rise (1) or to fall (-1) behind what leads there, 「２３８件に増加した」, and what follows; 0 for neither."""
    said = re.match(rf"{lead}{_moved()}(?P<rest>[^、。]*)", figure.tail)
    end = figure.place[1] + said.start("rest") if said else 0
    in_name = any(begin < end < stop for begin, stop, _ in figure.sentence.names)
    if said is None or in_name or _UNSAID.search(said["rest"]):
        return 0, ""
    return _way(said), said["rest"]


def has_gone(figure: HeldFigure) -> tuple[int, str, Read | None]:
    """Whether the words that lead to it say that it has risen (1) or fallen (-1), what leads on, and the figure that it has come from, where
    that is told: 「減少に転じ、２３８件となった」, 「６４３件と急増したが、その後は減少し、２３８件」; 0 for neither."""
    if is_compared_with(figure):  # 「減少傾向にあり、令和２年度の５，２８０万円に比べて」
        return 0, "", None
    last, lead = figure.led
    subject = _BEHIND_FIGURE if last else _SUBJECT
    said = re.fullmatch(
        rf"(?P<subject>{subject})(?:{_MEANWHILE}|{words()['form']['adverb']})*+{_moved('')}(?P<on>{_ON})", lead
    )
    if said is None:
        return 0, "", None
    came_between = re.match("(?:から|より)[^、]", said["subject"])  # 「８９．０％から低下したが、上昇し」
    return _way(said), said["on"], None if came_between or "に転じ" in said["on"] else last


def had_gone(figure: HeldFigure) -> tuple[int, When | None]:
    """Which way its quantity is said to have gone before that is named, and since when: 「前年度より増加した新規相談は、２３８件」."""
    sentence = figure.sentence
    names = [name for name in sentence.names if name[1] <= figure.place[0]]
    if not names or not re.fullmatch("[はがも、]*", sentence.text[names[-1][1] : figure.place[0]]):
        return 0, None
    begin = names[-1][0]
    for name in reversed(names[:-1]):  # 「東京線の旅客数」
        begin = name[0] if sentence.text[name[1] : begin] == "の" else begin
    for _, end, when in sentence.times:
        said = re.fullmatch(f"{_SINCE}{_moved()}(?:し|え|っ)た", sentence.text[end:begin]) if end <= begin else None
        if said:
            return _way(said), when
    return 0, None


def trend_before(figure: HeldFigure, length: int) -> int:
    """Whether a series of that ``length``, which ends in the figure, is said to rise (1) or fall (-1) before it begins: 「減少傾向にあり、３３１人、
    ３２０人、３１２人と」; 0 for neither."""
    begin = figure.before[1 - length].mention.start
    said = re.search(_moved() + _TREND, figure.sentence.timed(0, begin))
    return 0 if said is None else _way(said)


def turn() -> str:
    """What says that something that rose, then as ``more``, or fell has ``turned``, then as ``turned_more``: 「増加が続いたが、その後は減少に転じ」."""
    by = words()["form"]
    joint = f"[^、。\\d]{{0,8}}(?:が|ものの|のち|後|あと)、?(?:その後[はも]?|以降[はも]?|一転して?|{TIME}(?:には|に|は|から)?|、)*"
    return rf"{_moved('')}{joint}(?P<turned>(?:(?P<turned_more>{by['rises']})|(?:{by['falls']}))[加少昇下]?)に転じ"


def above(figure: HeldFigure) -> int:
    """Whether it is what something is said to be above (1) or below (-1): 「２１１件を上回った」."""
    said = re.match(_above(), figure.tail)
    return 0 if said is None else _way(said)


def beyond(figure: HeldFigure) -> tuple[int, When | str | None]:
    """Whether it is said to be above (1) or below (-1) a time, or another quantity, and that: 「２３８件と前年度を上回った」, 「前年度を上回り、２３８
    件」, 「２０３学級で、中学校を上回る」."""
    sentence, (start, stop) = figure.sentence, figure.place
    than_then = f"の?(?:実績|水準|件数|数値)?{_above()}"
    is_led = re.fullmatch(f"{_SUBJECT}{TIME}{than_then}(?:り|って|る){_TO_FIGURE}", figure.led[1])
    for begin, end, when in sentence.times:
        said = re.match(than_then, sentence.text[end:])
        is_behind = stop <= begin and re.fullmatch(_WITH, sentence.unnamed(stop, begin))
        is_before = end <= start and re.fullmatch(f"{than_then}る計?", sentence.text[end:start])
        if said and (is_behind or is_before or (is_led and end <= start)):
            return _way(said), when
    name = next((name for name in sentence.names if stop <= name[0]), None)
    said = re.match("\0*" + _above(), sentence.outside(name[1], len(sentence.text))) if name else None
    if name and said and len(name[2]) == 1 and re.fullmatch(_WITH_RANK, sentence.outside(stop, name[0])):
        return _way(said), name[2][0]
    return 0, None


def is_moved(figure: HeldFigure) -> bool:
    """Whether what follows says more or less."""
    by = words()["form"]
    return bool(re.match(f"(?:{by['adverb']})*(?:{by['more']}|{by['less']})", figure.tail))


def is_compared_with(figure: HeldFigure) -> bool:
    """Whether it is what another is compared with: 「前年度の５，２００人を上回り」."""
    return bool(pattern("compared", "words").match(figure.tail) or above(figure))


def _moved(adverbs: str | None = None) -> str:
    """What says that something has risen, then as ``more``, or fallen; by default behind any adverbs."""
    by = words()["form"]
    adverbs = f"(?:{by['adverb']})*" if adverbs is None else adverbs
    return f"{adverbs}(?:(?P<more>{by['rises']})|(?:{by['falls']}))[加少昇下]?"


def _above() -> str:
    """What says, behind what something is compared with, that it is above that, then as ``more``, or below."""
    return f"を、?(?:{words()['form']['adverb']})*(?:(?P<more>上回|超え)|下回|割り込)"


def _way(said: re.Match[str]) -> int:
    return 1 if said["more"] else -1
