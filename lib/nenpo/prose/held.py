"""A figure that is held, as what the sentence says of it is read: where it stands, what follows it, what goes before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from nenpo.japanese.numerals import Written, read_figure
from nenpo.japanese.words import pattern, words
from nenpo.japanese.years import CODE, FiscalYear
from nenpo.prose.context import HELD, Read
from nenpo.prose.forms import Reading
from nenpo.prose.sentence import Sentence
from nenpo.prose.times import When
from nenpo.prose.written import Mention

# In so many clauses something may be said of a figure.
_CLAUSES = 3
# Between the figures of a series.
_SERIES = re.compile(r"\s*(?:(?P<from>から|より)|→|、|・)[^\d、。]{0,12}")
# What stands before a move that leads on to its figure, the rest of its subject and words of time (\x01 is TIME), and what leads on.
_SUBJECT = r"(?:最も|ものの|[^、。はがも\x01\d]){0,10}(?:[はがもで]|から|より)?、?"
_SINCE = r"(?:から|より|(?:最も|ものの|[^、。はがも\x01\d]){0,10}(?:[はがもで]?、|後[はも]?、?))"  # behind a figure
_MEANWHILE = r"その後[はも]?|以降[はも]?|年々|毎[年月]|一転して?|再び|さらに|\x01(?:から|より|以降|末?に?[はもが]?)"
_ON = r"[加少昇下]*(?:し(?:て|続け)?|え(?:て|続け)?|り(?:始め|続け)?|って|に転じて?|を続け|が続[いき]|傾向に(?:あり|あって))(?:て(?:おり|いて)?|おり)?、?[\x01はがもにのでへまで約およそ]*"
_ABOVE_ON = "(?:り|って|る)、?[\x01はがもにのでへまで約およそ]*"
_TREND = "(?:[しえり](?:て(?:おり|いて)?|続け(?:て(?:おり)?)?)?|傾向(?:に(?:あり|ある)|で|が続き)|[をが]続[けき])"
# From a figure to the time that it is above, or below.
_WITH = "(?:と(?:なり)?|(?:に|まで)[^、。はがも\\d]{1,6}|で(?:あり)?|に(?:のぼ|上)り)?、?(?:[^、。はがも\\d]{0,10}では)?(?:いずれも|ともに|それぞれ|やはり|再び|初めて|、)*"
_WITH_RANK = f"{_WITH}(?:[^、。はがも\\d]{{0,10}}最[^、。はが\\d]{{1,8}}、)?"
# What asserts no move: a denial, a hope, a plan.
_UNSAID = re.compile("な[いかく]|ません|ず(?!っ)|見込|予測|目標|計画|場合|傾向に歯止め")


@dataclass(frozen=True)
class HeldFigure:
    """A held figure in its sentence: where it stands, its reading, the figures before it, and what it is of."""

    sentence: Sentence
    at: Mention
    written: Written
    read: Read
    reading: Reading
    before: Sequence[Read]

    @cached_property
    def path(self) -> tuple[str, str, str]:
        """The quantity, or several that are added up, the year, and what is derived of them, as it ends the path; without a year where the
        reading is of a month, or of several times."""
        parts = [re.fullmatch(rf"([^÷]+?)/({CODE})(/.+)?", part) for part in self.reading.path.split("+")]
        made = [part.groups("") for part in parts if part]
        if len(made) < len(parts) or len({(code, derived) for _, code, derived in made}) > 1:
            return "", "", ""
        return "+".join(quantity for quantity, _, _ in made), made[0][1], made[0][2]

    @cached_property
    def place(self) -> tuple[int, int]:
        """Where it begins and ends, with its bracket where it stands alone in one: 「最多は７月（２５件）で」."""
        bracket = self.sentence.bracket(self.at.start)
        is_alone = bracket and re.fullmatch("[各計]?", self.sentence.text[bracket[0] + 1 : self.at.start])
        if bracket and is_alone and bracket[1] == self.at.end:
            return bracket[0], bracket[1] + 1
        return self.at.start, self.at.end

    @cached_property
    def tail(self) -> str:
        """What follows it, without brackets."""
        return self.sentence.outside(self.place[1], len(self.sentence.text)).replace("\0", "")

    def after(self, read: Read) -> str:
        """What stands between a figure before it and itself, without brackets, names and times."""
        begin = read.mention.end - self.sentence.start
        return self.sentence.unnamed(begin, self.place[0], timeless=True).removeprefix("）")

    @cached_property
    def years(self) -> list[FiscalYear]:
        """The years that the sentence names; none where it names months."""
        return [] if self.is_in_months else [when.year for _, _, when in self.sentence.times]

    @cached_property
    def is_in_months(self) -> bool:
        """Whether its sentence names months."""
        return any(when.months for _, _, when in self.sentence.times)

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        """Where its clause begins and ends, or its bracket, and those behind that name nothing else and may be said of it."""
        text, (start, stop) = self.sentence.text, self.place
        if bracket := self.sentence.bracket(start):
            return [(bracket[0] + 1, bracket[1])]
        begin = max(text.rfind(mark, 0, start) for mark in "、，。") + 1
        ends = [end.start() for end in re.finditer("、|$", text) if end.start() >= stop]
        named = [name[0] for name in self.sentence.names] + [figure.start for figure in self.sentence.figures]
        further = [
            clause for clause in pairwise(ends[:_CLAUSES]) if not any(ends[0] <= place < clause[1] for place in named)
        ]
        return [(begin, ends[0]), *further]

    @cached_property
    def led(self) -> tuple[Read | None, str]:
        """The figure of its quantity right before it, None where its name stands there, and what stands between, without brackets, a time as
        one TIME; "" where either is of another quantity."""
        sentence, start = self.sentence, self.place[0]
        names = [name for name in sentence.names if name[1] <= start and sentence.bracket(name[0]) is None]
        reads = [read for read in self.before if sentence.bracket(read.mention.start - sentence.start) is None]
        begin, is_own, last = 0, False, None
        if reads:
            last = reads[-1]
            begin, is_own = last.mention.end - sentence.start, is_alike(last, self.read)
        if names and names[-1][0] >= begin:
            begin, last = names[-1][1], None
            is_own = self.read.quantity is not None and set(self.read.quantity.paths) <= set(names[-1][2])
        return last, sentence.timed(begin, start) if is_own else ""

    @property
    def has_gone(self) -> tuple[int, str, Read | None]:
        """Whether the words that lead to it say that it has risen (1) or fallen (-1), what leads on, and the figure that it has come from, where
        that is told: 「減少に転じ、２３８件となった」, 「６４３件と急増したが、その後は減少し、２３８件」; 0 for neither."""
        by, (last, lead) = words()["form"], self.led
        adverbs = f"(?:{_MEANWHILE}|{by['adverb']})*+"
        moved = f"(?P<since>{_SINCE if last else _SUBJECT}){adverbs}(?:(?P<more>{by['rises']})|(?:{by['falls']}))(?P<on>{_ON})"
        if (said := re.fullmatch(moved, lead)) is None:
            return 0, "", None
        is_from = not re.match(
            "(?:から|より)[^、]", said["since"]
        )  # 「８９．０％から低下したが、上昇し」: from what came between
        return 1 if said["more"] else -1, said["on"], last if is_from and "に転じ" not in said["on"] else None

    @property
    def beyond(self) -> tuple[int, When | str | None]:
        """Whether it is said to be above (1) or below (-1) a time, or another quantity, and that: 「２３８件と前年度を上回った」, 「前年度を上回り、２３８
        件」, 「２０３学級で、中学校を上回る」."""
        sentence, stop = self.sentence, self.place[1]
        above = f"の?(?:実績|水準|件数|数値)?{above_words()}"
        for begin, end, when in sentence.times:
            rest = re.match(above, sentence.text[end:])
            if rest is None:
                continue
            is_behind = stop <= begin and re.fullmatch(_WITH, sentence.unnamed(stop, begin))
            led = re.fullmatch(rf"{_SUBJECT}\x01{above}{_ABOVE_ON}", self.led[1])
            is_before = end <= self.place[0] and re.fullmatch(
                f"{above}る(?:約|計)?", sentence.text[end : self.place[0]]
            )
            if is_behind or is_before or (led and end <= self.place[0]):
                return 1 if rest["more"] else -1, when
        name = next((name for name in sentence.names if stop <= name[0]), None)
        rest = re.match(above_words(), sentence.text[name[1] :]) if name else None
        if name and rest and len(name[2]) == 1 and re.fullmatch(_WITH_RANK, sentence.outside(stop, name[0])):
            return 1 if rest["more"] else -1, name[2][0]
        return 0, None

    @property
    def had_gone(self) -> tuple[int, When | None]:
        """Which way its quantity is said to have gone before that is named, and from when: 「前年度より増加した新規相談は、２３８件」."""
        sentence, by = self.sentence, words()["form"]
        names = [name for name in sentence.names if name[1] <= self.place[0]]
        if not names or not re.fullmatch("[はがも、]*", sentence.text[names[-1][1] : self.place[0]]):
            return 0, None
        begin = names[-1][0]
        for name in reversed(names[:-1]):  # 「東京線の旅客数」
            begin = name[0] if sentence.text[name[1] : begin] == "の" else begin
        for _, end, when in sentence.times:
            moved = f"(?:より|から|に比べ(?:て)?|と比べ(?:て)?)、?(?:{by['adverb']})*(?:(?P<more>{by['rises']})|(?:{by['falls']}))[加少昇下]?(?:し|え|っ)た"
            if end <= begin and (said := re.fullmatch(moved, sentence.text[end:begin])):
                return 1 if said["more"] else -1, when
        return 0, None

    def trend_before(self, length: int) -> int:
        """Whether a series of that ``length``, which ends in it, is said to rise (1) or fall (-1) before it begins: 「減少傾向にあり、３３１人、３２０
        人、３１２人と」; 0 for neither."""
        by, begin = words()["form"], self.before[1 - length].mention.start - self.sentence.start
        trend = f"(?:(?P<more>{by['rises']})|(?:{by['falls']}))[加少昇下]?{_TREND}、?$"
        said = re.search(trend, self.sentence.timed(0, begin))
        return 0 if said is None else 1 if said["more"] else -1

    @property
    def is_moved(self) -> bool:
        """Whether what follows says more or less."""
        by = words()["form"]
        return bool(re.match(f"(?:{by['adverb']})*(?:{by['more']}|{by['less']})", self.tail))

    @property
    def is_compared_with(self) -> bool:
        """Whether it is what another is compared with: 「前年度の５，２００人を上回り」."""
        return bool(pattern("compared", "words").match(self.tail) or re.match(above_words(), self.tail))

    def goes(self, lead: str) -> tuple[int, str]:
        """Whether it is said to rise (1) or to fall (-1), behind what leads there, and what follows; 0 for neither."""
        by = words()["form"]
        said = re.match(
            f"{lead}(?:{by['adverb']})*(?:(?P<more>{by['rises']})|(?:{by['falls']}))[加少]?(?P<rest>[^、。]*)",
            self.tail,
        )
        end = self.place[1] + said.start("rest") if said else 0
        in_name = any(begin < end < stop for begin, stop, _ in self.sentence.names)
        if said is None or in_name or _UNSAID.search(said["rest"]):
            return 0, ""
        return 1 if said["more"] else -1, said["rest"]


def above_words() -> str:
    """What says, behind what something is compared with, that it is above or below that."""
    return f"を、?(?:{words()['form']['adverb']})*(?:(?P<more>上回|超え)|下回|割り込)"


def series(figure: HeldFigure, *, is_same: bool = True) -> list[Fraction]:
    """The amounts of the figures that end in this one: of the same quantity one after the other, or from one to it; by default no others."""
    values = [figure.written.value]
    for read in reversed(figure.before):
        written, between = read_figure(read.mention.text), figure.after(read)
        joint = _SERIES.match(between) if len(values) > 1 else _SERIES.fullmatch(between)
        if written is None or joint is None or written.unit != figure.written.unit or read.outcome != HELD:
            break
        if not joint["from"] and is_same and not of_one(read, figure.read):
            break
        values.insert(0, written.value)
        if joint["from"]:
            return values if len(values) == 2 else values[1:]
    return values if len(values) > 2 or not is_same else []


def of_one(read: Read, other: Read) -> bool:
    """Whether two figures are of the same quantity."""
    return read.quantity is not None and other.quantity is not None and read.quantity.paths == other.quantity.paths


def is_alike(read: Read, other: Read) -> bool:
    """Whether two figures state the same quantity in the same form."""
    return of_one(read, other) and bool(read.reading and other.reading and read.reading.form == other.reading.form)


def steps(values: Sequence[Fraction]) -> set[int]:
    """Which ways a series goes."""
    return {(later > earlier) - (later < earlier) for earlier, later in pairwise(values)}
