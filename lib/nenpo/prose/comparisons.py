"""What a sentence says without a figure of one quantity against others: that it is more than another that is named, or the most of all that
stands beside it.

    女性が男性を上回った。 面談は訪問・同行支援より多い。 最も多いのは本人である。 座席利用率はソウル線が最も高い。 婚姻は３月が最も多い。
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nenpo.japanese.words import words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.direction_words import Says, says
from nenpo.prose.lexicon import Lexicon
from nenpo.prose.sayings import Claim
from nenpo.prose.sentence import TIME, Named, Sentence
from nenpo.prose.times import When
from nenpo.prose.written import Mention

# Where a clause ends: not behind its subject.
_CLAUSE = re.compile("。|(?<![はもり])(?<![^たるいだ]が)、")
# What stands for a name in the words of a clause.
_NAME = "\x02"
_SUBJECT = f"(?P<own>{_NAME})(?:は|が|も)、?"
_LEAD = f"(?:また|なお|一方で?|特に|[^、。はがも{_NAME}{TIME}]{{2,12}}別では|{TIME}(?:に|には|は|の)?|、)*(?:(?P<whole>{_NAME})(?:で?は|の(?:うち|中で)は?)、?)?"
# Between two names and the word that says which of them is more, and what goes on to assert it.
_ABOVE = f"{_LEAD}{_SUBJECT}(?P<other>{_NAME})を、?"
_THAN = f"{_LEAD}{_SUBJECT}(?P<other>{_NAME})(?:より|に比べ(?:て)?)も?、?"
_THAN_BEFORE = f"{_LEAD}(?P<other>{_NAME})(?:より|に比べ(?:て)?)[もは]?、?(?P<own>{_NAME})(?:の(?:方|ほう))?[がは]、?"
_RATHER = f"{_LEAD}(?P<own>{_NAME})の(?:方|ほう)が、?"
_GONE = re.compile("(?:る|り|って(?:い|お)|った)(?!場合|とき|際|こと|見込|よう|か|の|[^、。\\d]{1,6}[はも])")
_ASSERTS = re.compile("(?!と(?:は|まで|見込|予想)|でな|でも)(?:[。、とでだがも]|$)")
# Before the word of the most, and behind it.
_FIRST = f"{_LEAD}(?P<own>{_NAME})(?:が|は|の(?:方|ほう)が)、?"
_FIRST_MONTH = f"{_LEAD}(?P<own>{_NAME})(?:は|では|が)、?(?P<month>{TIME})(?:が|に)、?"
_FIRST_BEHIND = f"(?:また|なお|特に|[^、。はがも{_NAME}{TIME}]{{2,12}}(?:別)?(?:では|で|は)、?)*(?:(?P<whole>{_NAME})(?:が|の|では?|は)、?)?"
_THOSE = re.compile("(?:のは|のが|[^\\d、。はがもの]{1,8}は)、?")
_BEHIND = re.compile("」?(?:$|[。、]|で(?:あ|し|す|、)|だ|と(?:な|、)|が続|、)")


class Comparisons:
    """What a report of ``year`` says of quantities against others."""

    def __init__(self, lexicon: Lexicon, year: FiscalYear):
        self._parts, self._year = lexicon.parts, year
        self._adverbs = f"(?:{words()['form']['adverb']})*"

    def claim(self, sentence: Sentence, at: Mention, section: str) -> tuple[int, Claim] | None:
        """What a word of a sentence claims, with the place where that begins; None where it compares nothing that is named with another."""
        ranks = (self._first, self._first_behind, self._first_month)
        kinds = {Says.MORE: (self._above,), Says.LESS: (self._above,), Says.MOST: ranks, Says.LEAST: ranks}.get(
            says(at.text), ()
        )
        if not kinds:
            return None
        begin = max((end.end() for end in _CLAUSE.finditer(sentence.text, 0, at.start)), default=0)
        clause = _Clause(sentence, begin, at, self._adverbs)
        made = None if clause.is_partial else next((made for kind in kinds if (made := kind(clause))), None)
        if made is None:
            return None
        start, of, against = made
        year = clause.year or self._year
        code = "" if year == self._year else year.code
        return start, Claim("", " + ".join(of.split("+")), section, tuple(against), code)

    def _above(self, clause: _Clause) -> tuple[int, str, Sequence[str]] | None:
        """「女性が男性を上回った」, 「面談は訪問・同行支援より多い」, 「女性の方が多い」."""
        is_verb = clause.word.startswith(("上回", "下回"))
        if not (_GONE.match(clause.rest) if is_verb else clause.is_so and clause.word[0] not in "増減上下"):
            return None
        forms = (_ABOVE,) if is_verb else (_THAN, _THAN_BEFORE, _RATHER)
        for form in forms:
            if (said := clause.matches(form)) is None:
                continue
            own = clause.path(said.start("own"))
            if form is _RATHER:
                beside = self._parts.beside(own) if own else []
                return (clause.begin_of(said), own, beside) if len(beside) == 1 else None
            other = clause.path(said.start("other"))
            if own and other and own != other and self._parts.is_alike(own, other):
                return clause.begin_of(said), own, [other]
        return None

    def _first(self, clause: _Clause) -> tuple[int, str, Sequence[str]] | None:
        """「座席利用率はソウル線が最も高い」, 「死亡は急病が最も多い」."""
        said = clause.matches(_FIRST) if clause.is_so else None
        if said is None or said["whole"] is None:
            return None
        return self._most_of(clause, said, clause.path(said.start("own")))

    def _first_behind(self, clause: _Clause) -> tuple[int, str, Sequence[str]] | None:
        """「最も多いのは本人である」."""
        said, told = clause.matches(_FIRST_BEHIND), clause.told_behind()
        if said is None or not isinstance(told, tuple):
            return None
        return self._most_of(clause, said, _path(told))

    def _most_of(self, clause: _Clause, said: re.Match[str], own: str) -> tuple[int, str, Sequence[str]] | None:
        """A quantity against those that it is the most of: the parts of what is named before it, or the columns of its row."""
        whole = clause.path(said.start("whole")) if said["whole"] else ""
        if not own or (said["whole"] and not whole):
            return None
        if whole and whole.split("/")[2:] == own.split("/")[2:] != []:
            against = self._parts.in_row(own)
        elif not whole or self._parts.is_whole_of(whole, own):
            beside = [path for path in self._parts.siblings(own) if path != own]
            against = [path for path in beside if not whole or self._parts.is_whole_of(whole, path)]
        else:
            return None
        return (clause.begin_of(said), own, against) if against and "+" not in own else None

    def _first_month(self, clause: _Clause) -> tuple[int, str, Sequence[str]] | None:
        """「婚姻は３月が最も多い」, 「婚姻が最も多いのは３月である」."""
        if said := clause.matches(_FIRST_MONTH) if clause.is_so else None:
            when = clause.time(said.start("month"))
        elif said := clause.matches(f"{_LEAD}(?P<own>{_NAME})(?:が|の)、?"):
            told = clause.told_behind()
            when = told if isinstance(told, When) else None
        else:
            return None
        own = clause.path(said.start("own"))
        if when is None or len(when.months) != 1 or when.year != self._year or not own or "+" in own:
            return None
        labels = [month.label for month in self._year.months]
        if when.months[0] not in labels:
            return None
        return (
            clause.begin_of(said),
            f"{own}/{when.months[0]}",
            [f"{own}/{label}" for label in labels if label != when.months[0]],
        )


def _path(name: Named) -> str:
    """The path that a name means; "" where it may be one of several, as a row of a table with two columns."""
    of_one = len({path.split("/")[1] for path in name[2]}) == 1
    return name[2][0] if of_one else ""


class _Clause:
    """The words before a direction word in its clause, each name and each time in them as one sign."""

    def __init__(self, sentence: Sentence, begin: int, at: Mention, adverbs: str):
        self.sentence, self.at, self._adverbs = sentence, at, adverbs
        self.word, self.rest = at.text, sentence.text[at.end :]
        self._signs: list[tuple[int, Named | When | None]] = []
        text = sentence.outside(begin, at.start)
        meant: dict[int, tuple[int, str, Named | When]] = {
            start: (end, TIME, when) for start, end, when in sentence.times if begin <= start and end <= at.start
        }
        meant |= {
            name[0]: (name[1], _NAME, name) for name in sentence.names if begin <= name[0] and name[1] <= at.start
        }
        signs, place = "", begin
        while place < at.start:
            end, sign, of = meant.get(place, (place + 1, text[place - begin], None))
            if sign != "\0":
                signs += sign
                self._signs.append((place, of))
            place = end
        self.text = signs
        self._join()

    def _join(self) -> None:
        """A row and its column, 「東京線の旅客数」, are one name."""
        while (at := self.text.find(f"{_NAME}の{_NAME}")) >= 0:
            first, second = self._signs[at][1], self._signs[at + 2][1]
            if not (isinstance(first, tuple) and isinstance(second, tuple) and first[2][0] == second[2][0]):
                return
            self.text = self.text[:at] + self.text[at + 2 :]
            self._signs[at : at + 3] = [(self._signs[at][0], second)]

    @property
    def is_partial(self) -> bool:
        """Whether there is a figure in it, or more than one time."""
        return bool(re.search(r"\d", self.text)) or sum(isinstance(meant, When) for _, meant in self._signs) > 1

    @property
    def is_so(self) -> bool:
        """Whether what follows its word asserts that."""
        return bool(_ASSERTS.match(self.rest))

    @property
    def year(self) -> FiscalYear | None:
        """The year that it names."""
        return next((meant.year for _, meant in self._signs if isinstance(meant, When) and not meant.months), None)

    def matches(self, form: str) -> re.Match[str] | None:
        """Its words as a form of what leads to the word."""
        return re.fullmatch(f"{form}{self._adverbs}", self.text)

    def path(self, at: int) -> str:
        """The path of what is named at a sign; "" where it may be one of several."""
        meant = self._signs[at][1]
        return _path(meant) if isinstance(meant, tuple) else ""

    def time(self, at: int) -> When | None:
        meant = self._signs[at][1]
        return meant if isinstance(meant, When) else None

    def told_behind(self) -> Named | When | None:
        """The name, quoted or not, or the time that its word is said of behind it: 「最も多いのは本人である」."""
        text, those = self.sentence.text, _THOSE.match(self.sentence.text, self.at.end)
        if those is None:
            return None
        begin, quoted = those.end(), those.end() + text.startswith("「", those.end())
        told: list[tuple[int, Named | When]] = [
            (name[1], name) for name in self.sentence.names if begin <= name[0] <= quoted
        ]
        told += [(end, when) for start, end, when in self.sentence.times if start == begin]
        return next((meant for end, meant in told if _BEHIND.match(text, end)), None)

    def begin_of(self, said: re.Match[str]) -> int:
        """Where in its sentence the first name of what is said stands, or its word."""
        starts = [
            said.start(group) for group in ("whole", "own", "other") if said.re.groupindex.get(group) and said[group]
        ]
        return min((self._signs[start][0] for start in starts), default=self.at.start)
