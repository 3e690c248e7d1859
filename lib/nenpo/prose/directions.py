"""Direction words: what the prose says of more and less, and of which quantity where no claim declares that.

A word is read as a figure that says a difference would be in its place: of the quantity that is joined to it, in the time and against
the one that the sentence names.

    新規相談受付件数は２３８件で、令和４年度（２１１件）に比べ増加した。

More and less without a time that they are compared with mean the year before. 最も多い is a rank among the parts of the table's whole. Of
other words that share a sentence with a name nothing can be told: a condition (増加した場合), a trend (増加傾向), part of a year or of the
people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from nenpo.japanese.words import pattern
from nenpo.japanese.words import words as words_of_language
from nenpo.japanese.years import FiscalYear
from nenpo.prose.comparisons import Comparisons
from nenpo.prose.crossed import with_row_before
from nenpo.prose.direction_words import AS_A_RULE, ASSERTED, BEFORE, ELSEWHEN, Said, Says, says
from nenpo.prose.each import Each
from nenpo.prose.forms import DIFFERENCE, is_part
from nenpo.prose.lexicon import Lexicon
from nenpo.prose.moments import Moment, moment_of
from nenpo.prose.peaks import NEAR
from nenpo.prose.sayings import Claim
from nenpo.prose.sentence import Quantity, Sentence
from nenpo.prose.times import OF_YEARS, SPAN, When
from nenpo.prose.written import Mention, find_figures

# What may stand before a name in its clause, beside a time and what it is compared with.
_LINK = re.compile(
    r"(?:また|なお|一方で?|他方で?|特に|うち|さらに|再び|引き続き|[はのに、「・\s]|において|における|には)*"
)
# What a clause begins with that only says what its table is about: 「年代別では」.
_TOPIC = re.compile(r"(?:^|、)([^、。]{2,12}?)(?:別)?(?:では|にみると|に見ると|でみると|としては?|で)、?")
_OF_TITLE = re.compile(r"([^、。]{2,12}?)の")
_PARTIAL = re.compile(r"\d+月|\d、\d+年|半期|前半|後半|当初|以降|以前|以来|コロナ|期間|年明け|うち|除|男性|女性|もし")
# Behind what a clause before has asserted of something else.
_ASSERTED_BEFORE = re.compile("(?<=[たりし])(?:が|ものの|のに対して?|一方で?)?、|(?<=る一方)、")
# Another subject behind a name: all the others, or by how much it has changed: 「病気・障害の増加数が最も多かった」.
_OF_OTHERS = re.compile(
    "(?:それ|これら?|[一-龠])以外|その(?:他|ほか)の?[一-龠]{0,4}[はが]|残り|(?:増加|減少|増減|伸び|上昇|低下)(?:数|率|幅|分|量|額)?[はがも]"
)
# What is of the year before, and something else is above or below: 「前年度の観覧者数を上回った」.
_OF_BEFORE = re.compile(
    f"(?:{words_of_language()['time']['before']})の[^、。\\d]{{1,12}}を(?:{words_of_language()['form']['adverb']})*$"
)
_BRACKET = re.compile(r"^[（(][^（()）]*[）)]")


_OVER_SPAN = re.compile(rf"[はがも]、?(?:過去|この|直近|最近)?{SPAN.pattern}、?(?:も|は)?")
# What leads, behind a time, to what goes on from there: 「令和５年度は減少に転じた」.
_RESUMED = re.compile(
    "(?:しかし|だが|一方|その後)?、?\0+(?:に|には|は|が|も|で|では)?(?:、|再び|一転(?:して)?|逆に|初めて|さらに|\\s)*"
)
# What is said of each of the years.
_YEARLY = re.compile("(?:年々|毎年|年を追って|年を追うごとに)、?$")
_GOES_ON = re.compile("[しえり]?続け|を続け|の一途|が続[いき]")
_SINCE = re.compile("以降|以来|から")
_SINCE_THEN = re.compile("(?:は|が|も|、|以降|以来|から|年々|毎年|一貫して|ずっと)*")


class Directions:
    """The direction words of a report of ``year``."""

    def __init__(self, lexicon: Lexicon, year: FiscalYear):
        self._dictionary, self._year = lexicon.dictionary, year
        self._names, self._parts, self._quantities = lexicon.names, lexicon.parts, lexicon.quantities
        self._each, self._comparisons = Each(lexicon), Comparisons(lexicon, year)

    def said(self, half: str, words: Iterable[re.Match[str]], section: str) -> Iterator[Said]:
        """Of the ``words`` of a line of the section (its digits of half width), those that share a sentence with a name."""
        sentences: dict[int, Sentence] = {}
        words = list(words)
        figures = [figure for figure in find_figures(half, self._dictionary.units) if not figure.kind] if words else []
        for match in words:
            begin = half.rfind("。", 0, match.start()) + 1
            if begin not in sentences:
                text = half[begin : half.find("。", begin) + 1 or len(half)]
                own = [figure for figure in figures if begin <= figure.start < begin + len(text)]
                sentences[begin] = self._names.sentence(text, begin, own, section, self._year)
                before = self._names.named_in(half[half.rfind("。", 0, max(begin - 1, 0)) + 1 : begin], section)
                sentences[begin].names[:] = with_row_before(sentences[begin].names, before)
            sentence = sentences[begin]
            at = Mention(sentence.within(match.start()), sentence.within(match.end()), match["word"], "")
            if says(match["word"]) == Says.SOME or _lone(half, match):
                continue
            if compared := self._comparisons.claim(sentence, at, section):
                yield Said.by(match, sentence.in_paragraph(compared[0]), match.end(), compared[1])
                continue
            each: list[Quantity | None] = list(self._each.of(sentence, at))
            named = any(name[1] <= at.start for name in sentence.names)
            for quantity in each or [next(iter(self._quantities.of(sentence, at, None, DIFFERENCE)), None)] * named:
                if quantity and self._names.is_terse(quantity.name, section):
                    continue  # an ordinary word: 「訪問が必要なことが多かった」
                said = self._read(sentence, half, at, match, quantity, section)
                if said.claim or not _of_figure(sentence, at.start):
                    yield said
                if said.claim and said.claim.against == (BEFORE,):
                    yield from (
                        replace(said, claim=replace(said.claim, year=year.code)) for year in self._steps(sentence, at)
                    )

    def _steps(self, sentence: Sentence, at: Mention) -> Iterator[FiscalYear]:
        """The years before the report's of which a word says the same: 「令和３年度以降増え続けている」, 「年々減少」, which is of two at least."""
        if not _is_yearly(sentence, at):
            return
        begun = [when.year for _, end, when in sentence.times if end <= at.start and _SINCE.match(sentence.text[end:])]
        last = _until(sentence, at) or self._year
        for start in range(begun[-1].start + 1 if begun else last.start - 1, last.start):
            yield self._year.like(start)

    def _read(
        self,
        sentence: Sentence,
        half: str,
        at: Mention,
        match: re.Match[str],
        quantity: Quantity | None,
        section: str,
    ) -> Said:
        """A word of a sentence, with the quantity that its clause gives it to, if that is clear."""
        if (
            quantity is None
            or not self._is_clear(sentence, at, quantity)
            or not (quantity.start >= at.end or ASSERTED.match(_BRACKET.sub("", half[match.end() :])))
        ):
            return Said.by(match, *match.span(), None)
        moment = moment_of(sentence, at, DIFFERENCE, self._year, ())
        if resumed := _resumed(sentence, at):
            moment = Moment((resumed,))
        claim = self._claim(sentence, at, quantity, moment, match, section)
        start = sentence.in_paragraph(quantity.start) - sentence.text[: quantity.start].endswith("「")
        return Said.by(match, start, match.end(), claim) if claim else Said.by(match, *match.span(), None)

    def _is_clear(self, sentence: Sentence, at: Mention, quantity: Quantity) -> bool:
        """Whether a word is of that quantity, and of the whole of it: no part of the year, no group of people."""
        if quantity.start >= at.end:  # 「作付面積が増えたのは、小麦と大豆」
            return says(at.text) in (Says.MORE, Says.LESS) and all(
                when.year == self._year.previous for _, _, when in sentence.times
            )
        if _resumed(sentence, at):
            return len(quantity.paths) == 1 and quantity.start >= 0 and len({name[2] for name in sentence.names}) == 1
        joined = quantity.joined or (_is_yearly(sentence, at) and _is_since(sentence, quantity, at))
        joined = joined or bool(_OVER_SPAN.fullmatch(sentence.text[quantity.start + len(quantity.name) : at.start]))
        if not joined or quantity.start < 0 or len(quantity.paths) != 1 or "÷" in quantity.paths[0]:
            return False
        if self._names.is_terse(quantity.name, sentence.section):
            return False
        before = sentence.text[: at.start]
        if _OF_OTHERS.search(before[quantity.start + len(quantity.name) :]):
            return False
        behind = re.match("[^、。]{0,8}のは", sentence.text[at.end :])
        is_rank = says(at.text) in (Says.MOST, Says.LEAST)
        if is_rank and any(0 <= time[0] - at.end <= NEAR for time in sentence.times):
            return False  # 「最少だった前年度の」
        if behind and (is_rank or any(of[0] >= at.end for of in (*sentence.names, *sentence.times))):
            return False  # 「作付面積が増えたのは、小麦と大豆」 is said of those
        if _is_of_figures(sentence, at, quantity):
            return False
        rest = before[: quantity.start] + before[quantity.start + len(quantity.name) :]
        rest = _ASSERTED_BEFORE.split(rest)[-1]
        if _PARTIAL.search(re.sub(r"年度?(?:以降|以来)", "", rest) if _is_yearly(sentence, at) else rest):
            return False
        return self._is_led_in(sentence, quantity)

    def _is_led_in(self, sentence: Sentence, quantity: Quantity) -> bool:
        """Whether nothing but times, links and what its table is about stands before a quantity in its clause."""
        clause = max(sentence.text.rfind(mark, 0, quantity.start) for mark in "、「") + 1
        lead = list(sentence.text[clause : quantity.start])
        for begin, end, _ in sentence.times:
            if clause <= begin < quantity.start:
                stop = min(end, quantity.start)
                lead[begin - clause : stop - clause] = " " * (stop - begin)
        table = self._dictionary.get(quantity.paths[0].partition("/")[0])
        left = "".join(lead)
        topic = _TOPIC.match(left) or _OF_TITLE.fullmatch(left)
        if topic and table and topic[1] in table.title:
            left = left[topic.end() :]
        return bool(_LINK.fullmatch(pattern("compared", "words").sub("", left)))

    def _claim(
        self, sentence: Sentence, at: Mention, quantity: Quantity, moment: Moment, match: re.Match[str], section: str
    ) -> Claim | None:
        """What a word says of a quantity; None where it cannot be told what that is compared with."""
        of = " + ".join(quantity.paths[0].split("+"))
        if _is_yearly(sentence, at):
            until = _until(sentence, at)
            is_way = says(match["word"]) in (Says.MORE, Says.LESS)
            return Claim("", of, section, (BEFORE,), until.code if until else "") if is_way else None
        (when,) = moment.times
        compared = [end for _, end, _ in sentence.times if pattern("compared", "words").match(sentence.text, end)]
        if when.months or (moment.base and moment.base.months) or len(compared) > 1:
            return None
        path = quantity.paths[0]
        is_of_years = OF_YEARS.search(sentence.text[: at.start])
        is_rank = says(match["word"]) in (Says.MOST, Says.LEAST) and not is_of_years
        if is_rank and self._parts.in_row(path) and len(sentence.names) > 1:
            return None  # in 「死亡は急病が最も多い」 it is the first of the row, in another sentence of the column
        if says(match["word"]) in (Says.MOST, Says.LEAST) and _resumed(sentence, at):
            against: tuple[str, ...] = (ELSEWHEN,)  # 「…と推移し、５年度が最も多い」
        else:
            against = self._against(sentence.text[: at.start], path, when.year, moment, match)
        year = "" if when.year == self._year else when.year.code
        return Claim("", of, section, against, year) if against else None

    def _against(
        self, before: str, path: str, year: FiscalYear, moment: Moment, match: re.Match[str]
    ) -> tuple[str, ...]:
        """What a quantity is compared with; empty where that cannot be told."""
        word, meaning = match["word"], says(match["word"])
        if match["record"]:
            return (ELSEWHEN,)
        if meaning in (Says.MOST, Says.LEAST):
            if moment.base:
                return ()
            if not OF_YEARS.search(before):
                return tuple(part for part in self._parts.siblings(path) if part != path)
            if not (span := SPAN.search(before)):
                return (ELSEWHEN,)
            starts = range(self._year.start - int(span[1]) + 1, self._year.start + 1)
            return tuple(self._year.like(start).code for start in starts if start != year.start)
        if AS_A_RULE in before:
            return (AS_A_RULE,) if meaning in (Says.MORE, Says.LESS, Says.SAME) else ()
        base = moment.base.year if moment.base else None
        if base and base != year:
            return (BEFORE if base == year.previous == self._year.previous else base.code,)
        if word.startswith(("上回", "下回")) and not _OF_BEFORE.search(before):
            return ()  # 「環境基準を下回っている」
        is_of_year = meaning == Says.NONE or (meaning in (Says.MORE, Says.LESS) and word[0] in "増減上下")
        return (BEFORE,) if is_of_year else ()


def _is_of_figures(sentence: Sentence, at: Mention, quantity: Quantity) -> bool:
    """Whether what a word says is said of the figures between the quantity and it, and read with those."""
    behind_name = sentence.text[quantity.start + len(quantity.name) : at.start]
    if re.match(r"(?:の(?:実績|件数|\d[\d,.]*[^\d、。を]{0,3}))?を、?", behind_name) and at.text.startswith(
        ("上回", "下回")
    ):
        return True  # another is above it
    named = [figure for figure in sentence.figures if quantity.start <= figure.start and figure.end <= at.start]
    outer = [figure for figure in named if sentence.bracket(figure.start) is None]
    if any(re.search("[^の、]", sentence.outside(figure.end, at.start)) for figure in outer if is_part(figure)):
        return True  # 「５．４％と前年の５．６％を下回った」
    if len(outer) > 1 and re.fullmatch("と(?:年々|毎年|大きく|大幅に)*", sentence.text[outer[-1].end : at.start]):
        return True  # 「９６件から８２件、７６件と減少」 is read with the last of them
    if named and re.search("連続|ぶり", sentence.text[named[-1].start : at.start]):
        return True  # how many years it went so is read with the figure
    # 「２５０件を下回った」: what it is compared with is that figure
    return bool(named and re.fullmatch("を|より|に", sentence.text[named[-1].end : at.start]))


def _of_figure(sentence: Sentence, at: int) -> bool:
    """Whether a word says of the figure before it which way that goes, and is read with it: 「１，５００件近く増えた」, 「２３８件に増加した」,
    「前年度の２１１件を上回った」."""
    led = re.compile(f"(?:に|へと?|まで|と|から|を)?(?:{words_of_language()['form']['adverb']})*")
    return any(
        figure.end <= at and led.fullmatch(sentence.outside(figure.end, at).replace("\0", ""))
        for figure in sentence.figures
    )


def _is_yearly(sentence: Sentence, at: Mention) -> bool:
    """Whether a word is said of each of the years: 「年々増加」「増え続けている」."""
    return bool(_YEARLY.search(sentence.text[: at.start]) or _GOES_ON.match(sentence.text[at.end :]))


def _until(sentence: Sentence, at: Mention) -> FiscalYear | None:
    """The year until which it goes so: 「令和３年度まで減少が続いた」."""
    until = (when.year for _, end, when in sentence.times if end <= at.start and sentence.text.startswith("まで", end))
    return next(until, None)


def _resumed(sentence: Sentence, at: Mention) -> When | None:
    """The year of which a word is said by itself in its clause: 「２年続けて減少していたが、令和５年度は増加した」."""
    begin = sentence.text.rfind("、", 0, at.start) + 1
    own = [time for time in sentence.times if begin <= time[0] and time[1] <= at.start]
    if (
        not begin
        or len(own) != 1
        or own[0][2].months
        or says(at.text) not in (Says.MORE, Says.LESS, Says.MOST, Says.LEAST)
    ):
        return None
    start, end, when = own[0]
    text = sentence.text[begin:start] + "\0" * (end - start) + sentence.text[end : at.start]
    return when if _RESUMED.fullmatch(text) else None


def _is_since(sentence: Sentence, quantity: Quantity, at: Mention) -> bool:
    """Whether nothing but the year since which it goes so stands between a quantity and its word."""
    begin = quantity.start + len(quantity.name)
    between = list(sentence.text[begin : at.start])
    for start, end, _ in sentence.times:
        if begin <= start and end <= at.start:
            between[start - begin : end - begin] = " " * (end - start)
    return bool(_SINCE_THEN.fullmatch("".join(between).replace(" ", "")))


def _lone(half: str, match: re.Match[str]) -> bool:
    """Whether the word is but a part of another: 軽減, 収入減, 増やす."""
    return match["word"] in "増減" and not re.match("[えっとる]|り(?:続け|、|ま)", half[match.end() :])
