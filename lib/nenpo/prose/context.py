"""What the figure before, and the words between, say of the next one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nenpo.japanese.measures import unit_names
from nenpo.japanese.numerals import Written, read_figure
from nenpo.japanese.words import pattern, words
from nenpo.prose.forms import (
    AVERAGE,
    DAILY,
    DIFFERENCE,
    GROWTH,
    RATIO,
    SHARE,
    VALUE,
    Around,
    Reading,
)
from nenpo.prose.moments import Moment
from nenpo.prose.sentence import Quantity, Sentence
from nenpo.prose.times import When
from nenpo.prose.together import side_by_side
from nenpo.prose.written import Mention

# From a figure to the share that the same is: 「１４５件で全体の６割」.
_STILL = re.compile(f"(?:で(?:あり)?|と(?:なり)?)?、?(?:(?:{words()['whole']['words']})の)?")
# From the second of two figures to how far they are apart.
_COMPARED = re.compile("(?:[にと]比べ(?:て|ると)?|[にと]比較して|より|から)、?")
_ON_IN_LIST = re.compile("[、，]|と|及び")
_SO_MANY_MONTHS = re.compile(f"([2-9]|両)(?:[かカヶ箇]?月)間?(?:で|の合計|を?(?:{words()['together']['words']}))")
_RIGHT_BESIDE = re.compile("[はがも:：\\s（(]*")
HELD, WRONG, OPEN, UNIT = "held", "wrong", "open", "unit"


@dataclass(frozen=True)
class Read:
    """What became of a figure: the outcome, the reading that agrees, or the one that it should agree with, why in words, and what a wrong
    figure looks like; what it is of, and when."""

    mention: Mention
    outcome: str
    reading: Reading | None = None
    others: tuple[Reading, ...] = ()
    why: str = ""
    hint: str = ""
    quantity: Quantity | None = None
    when: When | None = None


def carried_form(around: Around, sentence: Sentence, at: Mention, written: Written, before: Sequence[Read]) -> Around:
    """A figure without a word of its own may go on as the one before it: 「前年度比は、Aが１１２％、Bが１５９％」, 「増加した２７人のうち、Aが２０
    人」."""
    forms = _carried_forms(around, sentence, at, written, before)
    return replace(around, forms=forms, sure=False) if forms else around


def _carried_forms(
    around: Around, sentence: Sentence, at: Mention, written: Written, before: Sequence[Read]
) -> list[str]:
    """The forms of a figure with that of one before it; none where it does not go on as that."""
    own = around.forms
    if sentence.text[: at.start].endswith("同"):  # 「Aは２３８件（対前年度比１１２％）、Bは４００件（同１５９％）」
        alike = [read.reading.form for read in before if read.reading and _unit_of(read)[:1] == written.unit[:1]]
        return [alike[-1], *own] if alike and alike[-1] != own[0] else []
    last = before[-1].reading if before else None
    if last is None:
        return []
    end = before[-1].mention.end
    between, is_alike = sentence.text[end : at.start], _unit_of(before[-1])[:1] == written.unit[:1]
    if own == [VALUE]:
        bracket = sentence.bracket(at.start)  # 「月平均２０件と前年度（１８件）を上回った」
        is_of_time = bracket and any(stop == bracket[0] and bracket[0] + 1 == at.start for _, stop, _ in sentence.times)
        is_on_a_base = (around.is_base or is_of_time) and last.form in (AVERAGE, DAILY)
        is_listed = _ON_IN_LIST.fullmatch(sentence.unnamed(end, at.start))  # 「増加数は、A２７人、B２０人」
        if is_on_a_base or (is_listed and last.form in (DIFFERENCE, GROWTH)):
            return [last.form, VALUE]
        return [VALUE, DIFFERENCE] if last.form == DIFFERENCE and re.match("の?(?:うち|内)", between) else []
    if own[0] == SHARE and last.form == DIFFERENCE and between in ("（", "("):  # 「伸びは２７件（１２．８％）」
        return [GROWTH, *own]
    return [last.form, *own] if own[0] == SHARE and last.form in (RATIO, GROWTH) and is_alike else []


def _unit_of(read: Read) -> str:
    written = read_figure(read.mention.text)
    return written.unit if written else ""


def is_between_two(sentence: Sentence, at: Mention, around: Around) -> bool:
    """Whether a figure is how far two quantities are apart: 「AはX、BはYで、差引きZ」, 「Zの転出超過」."""
    head = sentence.unnamed(0, at.start)  # 「段差が５６６件」
    return bool(pattern("form", "between_two").search(head) or pattern("form", "exceeding").match(around.tail))


def is_in_row(reading: Reading, whole: Reading) -> bool:
    """Whether a reading is of a row of the column that another is of the whole of: where the row is named, that is meant."""
    table, column, *rest = reading.path.split("/")
    return len(rest) > 1 and whole.path.split("/") == [table, column, *rest[1:]]


def row_of(reading: Reading) -> str:
    """What a reading is of: of a row that is named alone, or of several that are added up, of whichever column."""
    if "÷" in reading.path:
        return reading.path
    parts = (part.split("/") for part in reading.path.split("+"))
    return "+".join("/".join((part[0], "", *part[2:]) if len(part) > 3 else part) for part in parts)


def of_rate(around: Around, before: str, *, is_only: bool) -> Around:
    """The forms of a figure in per cent, or in times, that is of a rate, or may be: its own value, where nothing says that it has grown."""
    if re.search(r"\d(?:%|倍)の$", before):  # 「６２．１％の半分」
        return around
    is_open = around.forms[0] == RATIO or (around.forms[0] == GROWTH and not around.more)
    if is_open and not re.search("[年月期度前対]比(?:は|で)?$", before):  # 「前年度の９８．２％を上回った」
        return replace(around, forms=[VALUE, *around.forms], sure=is_only)
    if around.forms[0] != SHARE:
        return around
    return replace(around, forms=[VALUE], sure=True) if is_only else replace(around, forms=[*around.forms, VALUE])


def goes_on(sentence: Sentence, at: Mention, written: Written, unit: str) -> bool:
    """Whether a bare number counts something else than the quantity's ``unit`` by the word behind it: 「３種別で」."""
    after = sentence.text[at.end :]
    is_own = bool(unit) and after.startswith(unit_names(unit))
    return not written.unit and not is_own and bool(re.match("[一-龠々ァ-ヶA-Za-zつ]", after))


def still(sentence: Sentence, at: Mention, quantities: Sequence[Quantity], before: Sequence[Read]) -> Quantity | None:
    """What the figure before is of, where no name stands between: 「合わせて１７４件で、全体の７３．１％」, 「２６，１５０回で、前年の２１，４００回に比べ
    ２２．２％」."""
    last = before[-1] if before else None
    if last is None or last.outcome != HELD or last.quantity is None:
        return None
    end = last.mention.end
    if any(end <= name[0] < at.start for name in sentence.names):
        return None
    between = sentence.text[end : at.start]
    both = [read.quantity.paths for read in before[-2:] if read.outcome == HELD and read.quantity]
    is_apart = len(both) == 2 and both[0] == both[1] and bool(_COMPARED.fullmatch(between))
    alike = [quantity for quantity in quantities if quantity.paths == last.quantity.paths]
    if any(quantity.joined for quantity in alike) or (alike and not is_apart):
        return None
    goes_on = is_apart or bool(_STILL.fullmatch(between))
    return replace(last.quantity, joined=goes_on and len(last.quantity.paths) == 1)


def with_months(moment: Moment, form: str, sentence: Sentence, at: Mention, before: Sequence[Read]) -> Moment:
    """A share may go on with the months of the figure before it, 「３か月間に６３件発生し、全体の２９．３％を占めた」; a figure be of those of the figures
    before it together: 「９月の３０件、１０月の２５件が多く、２か月で全体の４割」."""
    last = before[-1] if before else None
    if last is None or last.outcome != HELD or last.when is None or not last.when.months:
        return moment
    if of_those := _months_of_those(sentence, at, before):
        return replace(moment, times=(of_those,), sure=False)
    if form != SHARE:
        return moment
    end = last.mention.end
    between = [time for time in sentence.times if end <= time[0] < at.start]
    if between:
        return moment
    if re.search("年間の$", sentence.text[: at.start]):
        return replace(moment, times=(last.when,))
    return replace(moment, times=(*moment.times, last.when), sure=False)


def _months_of_those(sentence: Sentence, at: Mention, before: Sequence[Read]) -> When | None:
    """The months of the last figures, as many as a text says, or both."""
    end = before[-1].mention.end
    if not (said := _SO_MANY_MONTHS.search(sentence.text[end : at.start])):
        return None
    number = int(said[1]) if said[1].isdigit() else 2
    times = [read.when for read in before if read.when and len(read.when.months) == 1][-number:]
    months = tuple(dict.fromkeys(when.months[0] for when in times))
    return When(times[-1].year, months, said[0]) if len(months) == number else None


def right_beside(
    sentence: Sentence, at: Mention, quantities: Sequence[Quantity], before: Sequence[Read]
) -> Quantity | None:
    """What a figure is of where that stands right beside it and by itself, 「電話１６１件、面談５７件」, or where it explains in a bracket the
    figure of that: 「１６１件（６７．８％）」. None where it may be of another that is named."""
    last, bracket = before[-1] if before else None, sentence.bracket(at.start)
    if last and bracket and last.mention.end == bracket[0] and bracket[0] + 1 == at.start:
        return last.quantity if last.outcome == HELD and last.reading and last.reading.form == VALUE else None
    own = quantities[0]
    name = next((name for name in sentence.names if name[0] == own.start and name[1] <= at.start), None)
    if name is None or not _RIGHT_BESIDE.fullmatch(sentence.text[name[1] : at.start]):
        return None
    is_alone = len(side_by_side(sentence, [other for other in sentence.names if other[0] <= name[0]])) == 1
    return own if is_alone else None
