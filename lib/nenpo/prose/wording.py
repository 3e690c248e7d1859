"""The words around a figure, and the forms that it may have by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from nenpo.japanese.numerals import Written
from nenpo.japanese.words import adverbs, pattern, words
from nenpo.japanese.years import FiscalYear
from nenpo.prose.forms import (
    AVERAGE,
    DAILY,
    DIFFERENCE,
    EVERY,
    FRACTION,
    GROWTH,
    INTERVAL,
    ONE_IN,
    POINTS,
    RANK,
    RATIO,
    SHARE,
    STREAK,
    VALUE,
    Around,
    is_part,
)
from nenpo.prose.sentence import Sentence
from nenpo.prose.written import Mention

# What is said of those of which there is so much, not of how much there is: 「１万件未満の消防本部は」.
_CONDITION = re.compile(
    "(?:以上|未満|以下|超|台|を(?:超え|上回|下回|割)[^、。\\d]{1,6}|に(?:満た|届か|達し)[^、。\\d]{1,4})(?:の[^\\d、。]{0,12}|[^\\d、。]{1,12})(?:は|が|では|で|を除|を[み見]ると)"
)
# What says that a figure is of nothing that has been.
_SUPPOSED_BEFORE = re.compile("仮に|もし")
_SUPPOSED = re.compile(
    r"[^、。\d]*?(?:(?:目標|計画)(?:と|で(?:あ|す)|す|し|だ)|目指|見込|予定|方針|推計|予測|想定|見通し|場合|ときは|[でなすけ]れば|か(?:どうか|否か)|年度?も|と(?:の|いう|いった)(?:回答|声|意見|指摘|見方))"
)
# What is so year after year, before how many years it is.
_LIMITED = re.compile(
    r"(?P<limit>\d[\d,.千万億]*[^\d\s、。をの台]{0,3}(?:を(?:超え|上回|下回|割)|台))[^\d、。]{0,8}のは、?$"
)
_OF_WHOLE = re.compile(f"(?:{words()['whole']['words']})の$")
# From what something goes to a figure.
_GOES_FROM = re.compile(r"\d[^\d、。]{0,3}から[^。]*\d[^\d、。]{0,3}(?:へ|に)と?$")
# What has more or less, and by how much.
_MOVED_ARE = re.compile(
    "(?:増加|増え|伸び|減少|減っ|落ち込み)(?:し?た(?:のは|もの(?:は|として))|(?:数|分|幅)?(?:は|が(?:最も)?[^。、\\d]{2,6}のは))[^。増減]*$"
)


def around_of(sentence: Sentence, at: Mention, written: Written, year: FiscalYear) -> Around:
    """The forms that a figure of a report of ``year`` may have, by its unit and the words around it."""
    around = _Wording(sentence, at, written)
    kinds: tuple[Callable[[], Around | None], ...] = (
        around.proportion,
        around.index,
        lambda: around.streak(year),
        around.rank,
        around.fraction,
        around.times,
        around.explained,
        around.points,
        around.share,
        around.difference,
        around.average,
    )
    made = next((made for kind in kinds if (made := kind())), None) or around.value()
    return replace(made, is_base=around.is_base, is_end=around.is_end, is_supposed=around.is_supposed)


class _Wording:
    """A figure with the words around it: its ``head``, within its bracket where it stands in one, its ``tail``, and ``after`` that
    without adverbs; ``more`` is 1 where they say more, -1 where they say less."""

    def __init__(self, sentence: Sentence, at: Mention, written: Written):
        self._sentence, self._at, self._written, self._unit = sentence, at, written, written.unit
        self._by = words()["form"]
        self._bracket = bracket = sentence.bracket(at.start)
        self._begin = bracket[0] + 1 if bracket else 0
        self.head = sentence.outside(self._begin, at.start).replace("\0", "")
        rest = sentence.text[at.end : bracket[1]] if bracket else sentence.outside(at.end, len(sentence.text))
        self._inner = rest if bracket else rest.replace("\0", "")
        outer = sentence.outside(bracket[1] + 1, len(sentence.text)).replace("\0", "") if bracket else ""
        outer = "" if re.search(r"\d[^、]*(?:→|から|[～〜])$", self.head) else outer  # 「A（１３件→３２件）の増加」
        self.tail = self._inner or outer
        self.after = adverbs().sub("", self.tail, count=1)

    @cached_property
    def more(self) -> int:
        if sign := re.search(r"([▲△−-]|マイナス)\s*$|([+＋]|プラス)\s*$", self.head):
            return -1 if sign[1] else 1
        later = (
            self._sentence.text[begin:end].partition("（")[0]
            for begin, end, _ in self._sentence.names
            if begin >= self._at.end
        )
        if any(name and self.after.startswith(name) for name in later):
            return 0  # a name that begins like one of these words: 「、増収は３人」
        more, less = pattern("form", "more").match(self.after), pattern("form", "less").match(self.after)
        said = more or less
        if said is None or (self.tail[0] == "、" and re.match("の[はが]", self.after[said.end() :])):
            return 0  # 「多かったのは７月の３０件、少なかったのは」
        return 1 if more else -1

    @cached_property
    def _of_time(self) -> bool:
        return any(
            end <= self._at.start and re.fullmatch("\0*の", self._sentence.outside(end, self._at.start))
            for _, end, _ in self._sentence.times
        )

    @property
    def is_base(self) -> bool:
        """Whether the figure says what something else is above or below: 「前年度の２６人を下回った」「定員（６０人）を超えた」; 「４月の１７件の３倍を超え
        た」 does not."""
        if self._unit.startswith("倍") and re.search(r"\d[^\d、。]{0,3}の$", self.head):
            return False
        is_held_against = (
            (self.head.endswith("の") and not (self._written.is_share and _OF_WHOLE.search(self.head)))
            or self._of_time
            or self._bracket is not None
            or _said_before(self._sentence, self._at.start) != 0
        )
        if self._of_time and not is_part(self._at) and re.match("に(?:は|も)?(?:届か|及ば|満た)", self.tail):
            return True
        return is_held_against and bool(re.match("を(?:大きく|大幅に|わずかに|やや)?(?:上回|下回|超え)", self.tail))

    @property
    def is_supposed(self) -> bool:
        """Whether the figure is none of what has been: a condition, a target, what is expected."""
        return bool(_SUPPOSED_BEFORE.search(self._sentence.text[: self._at.start]) or _SUPPOSED.match(self.tail))

    @property
    def is_end(self) -> bool:
        """Whether the figure begins or ends a range: 「０．８～０．９人」."""
        ends = re.search(r"\d[^\d\s、。]{0,3}[～〜~-]$", self.head)
        return bool(ends or re.match(r"[～〜~-]\d", self._written.unit + self.tail))

    @property
    def _signed_by_rate(self) -> int:
        """Whether the rate that stands before the figure says by its name which way it goes: 増加率, 減少率."""
        said = re.findall("(?P<more>増加率|上昇率|増率)|減少率|低下率|(?<!増)減率", self.head)
        return 0 if not said else 1 if said[-1] else -1

    def _ends(self, key: str) -> bool:
        head = self._sentence.unnamed(self._begin, self._at.start) if key == "difference_before" else self.head
        return bool(re.search(rf"(?:{self._by[key]})(?:は|が|で|の|:|、|と|\s)*$", head))  # 「段差が５６６件」 is none

    @property
    def _is_name_of_ratio(self) -> bool:
        """Whether 「前年比」 before the figure is what a column is called."""
        return any(
            re.search(self._by["ratio_before"], self._sentence.text[begin:end])
            and re.fullmatch(r"(?:は|が|で|の|:|、|と|\s)*", self._sentence.outside(end, self._at.start))
            for begin, end, _ in self._sentence.names
            if self._begin <= begin and end <= self._at.start
        )

    def _around(self, *forms: str) -> Around:
        return Around(list(forms), self.more, self.tail)

    def _either(self, *forms: str, sure: bool = True) -> Around:
        """Forms of which the words do not say more or less."""
        return Around(list(forms), 0, self.tail, sure=sure)

    def _is_distributed(self, end: int) -> bool:
        return _is_distributed(self._sentence, self._at, end)

    def proportion(self) -> Around | None:
        """「男女比は、男性４７に対し女性５３」."""
        counts = self._written.is_share or re.match("[^に対、。（]", self._unit)
        is_said = not counts and re.search("(?<![年度月])比率?は", self.head)
        return self._either(SHARE, VALUE, sure=False) if is_said else None

    def index(self) -> Around | None:
        """「令和２年度を１００とすると３７」."""
        is_bare = not self._unit or self._written.is_share
        return self._either(RATIO) if is_bare and re.search(self._by["index"], self.head) else None

    def streak(self, year: FiscalYear) -> Around | None:
        """「２年連続で増加」「３年ぶりに減少」; it may have ended in another year."""
        text = self._sentence.text
        said_of_years = re.match(r"年(?:度)?間?(連続|続けて|続き|ぶり)", self._unit + self.tail)
        if said_of_years is None:
            return None
        said = re.search(f"(?P<more>{self._by['more']})|(?P<less>{self._by['less']})", self.tail)
        elsewhen = any(when.year != year for _, _, when in self._sentence.times)
        towards = 0 if not said else 1 if said["more"] else -1
        denied = re.match(r"[^、。]*?(?:な(?:い|く|かった)|ません)", self.tail)  # 「３年連続で上昇してはいない」
        others = (text[end:] for begin, end, _ in self._sentence.names if begin >= self._at.end)
        is_between_two = any(
            re.match("を(?:上回|下回|超え|抜)", behind) for behind in others
        )  # 「２年ぶりに男性を上回る」
        rest, since = (self._unit + self.tail)[said_of_years.end() :], said_of_years[1] == "ぶり"
        if limited := _LIMITED.search(self.head):  # 「２００件台となるのは２年連続」
            rest = f"で{limited['limit']}"
        return Around([STREAK], towards, rest, since, sure=not (elsewhen or denied or is_between_two))

    def rank(self) -> Around | None:
        """「２番目に多い」「第２位」."""
        if not self._unit.startswith(("番目", "位")):
            return None
        is_most = self._unit.startswith("位") or re.match(f"に(?:{self._by['more']}|大き|長)", self.tail)
        return Around([RANK], 1 if is_most else -1, self.tail)

    def fraction(self) -> Around | None:
        """「３人に１人」「８６分に１回」「約４分の１」."""
        text, start = self._sentence.text, self._at.start
        if ONE_IN.match(text, start):
            return self._around(SHARE)
        if EVERY.match(text, start):
            return self._around(INTERVAL)
        if not (FRACTION.match(text, start) or self._unit.startswith("分の")):
            return None
        becomes = re.match(rf"(?:の\d+)?(?:に|まで|へと?)(?:{self._by['less']})", self.tail)
        if self._of_time or self._ends("ratio_before") or becomes:
            return self._around(RATIO)
        return self._either(SHARE, RATIO, sure=False)

    def times(self) -> Around | None:
        return self._around(RATIO) if self._unit.startswith("倍") else None

    def explained(self) -> Around | None:
        """In a bracket behind what says it: 「前年度と比べて増加（２７件、１２．８％）した」."""
        towards = _said_before(self._sentence, self._bracket[0]) if self._bracket and not self.more else 0
        forms = [GROWTH, SHARE] if self._written.is_share else [DIFFERENCE, VALUE]
        return Around(forms, towards, self.tail) if towards else None

    def points(self) -> Around | None:
        return self._around(POINTS) if self._unit.startswith("ポイント") else None

    def share(self) -> Around | None:
        """A figure in per cent, or in tenths."""
        if not self._written.is_share:
            return None
        if self.more or self._ends("growth_before"):
            return Around([GROWTH], self.more or self._signed_by_rate, self.tail)
        of_share = re.search("割合|構成比|占有率", self.head)
        if re.match("(?:ほど|程度|強|弱)?の水準", self.tail) or re.search(
            "[にと]比べ[^、。]{0,6}(?:と|て)、*$", self.head
        ):
            return self._around(RATIO, SHARE)
        if self._bracket and not self._inner and self._is_distributed(self._bracket[1] + 1):
            return self._either(SHARE, GROWTH)
        falls = re.match(f"(?:以下)?(?:に|へと?|まで)+(?:{self._by['less']}|落ち|とどま|(?<=以下に)な)", self.tail)
        if falls and (self._sentence.times or _GOES_FROM.search(self.head)):  # 「２年前の４７６件から半分に減った」
            return self._either(RATIO, SHARE, sure=False)
        is_growth = not of_share and re.search(self._by["growth_before"], self.head)
        if is_growth:  # 「増加率が最も高かったのはAの８６．９％」
            return Around([GROWTH, SHARE], self._signed_by_rate, self.tail, sure=False)
        if (self._of_time or self._ends("ratio_before")) and not (of_share and self.head.endswith("の")):
            return self._around(VALUE, RATIO) if self._is_name_of_ratio else self._ratio()
        if not of_share and self._is_distributed(self._at.end):  # 「Aが７．４％、Bが３．８％それぞれ増加」
            return self._either(GROWTH, SHARE, sure="それぞれ" in self._sentence.text)
        return self._around(SHARE, VALUE)

    def _ratio(self) -> Around:
        """A figure in per cent behind 「前年度比」 or 「前年度の」."""
        if self._is_distributed(self._at.end):  # 「前年度比で１２．８％、２７件増加した」
            return self._either(RATIO, GROWTH)
        is_base = re.match(r"を[^。、はが]*\d[^。、はが]*?(?:上回|下回|超え)", self.after)
        if is_base or pattern("compared", "words").match(self.after):  # 「前年の５．６％を下回った」
            return self._either(SHARE, RATIO, sure=False)
        by = self._by  # 「前年度比１０８．３％と増加している」
        goes = re.match(f"[とでに、]*(?:{by['adverb']})*(?:(?P<more>{by['more']})|{by['less']})", self.tail)
        return Around([RATIO], 0 if not goes else 1 if goes["more"] else -1, self.tail)

    def difference(self) -> Around | None:
        towards = _said_before(self._sentence, self._at.start)
        if towards and not self.more:  # 「搬送人員の増加４２万人のうち」
            return Around([DIFFERENCE, VALUE], towards, self.tail)
        if self.more and re.match("を(?:加|足|差し|引)", self.after):  # 「Aの６７９件にBの４６９件を加えた」
            return self._around(DIFFERENCE, VALUE)
        head = self._sentence.text[: self._bracket[0]] if self._bracket and not self.head else self.head
        if (of := _MOVED_ARE.search(head)) and not self.more:  # 「減少したのは水難の３０人と自然災害の６４人である」
            return Around([DIFFERENCE, VALUE], 1 if re.match(self._by["more"], of[0]) else -1, self.tail)
        is_said = self.more or self._ends("difference_before")
        is_said = is_said or (self._ends("ratio_before") and not self.head.endswith("の"))
        return self._around(DIFFERENCE) if is_said else None

    def average(self) -> Around | None:
        """For each day or month; 「１日当たり排出量」 is a name."""
        bare = self._sentence.unnamed(self._begin, self._at.start)
        for form, said_of in ((DAILY, self._by["average_day"]), (AVERAGE, self._by["average_month"])):
            if said := re.search(said_of, bare):
                return self._around(form, VALUE) if re.search(r"\d", bare[said.end() :]) else self._around(form)
        return None

    def value(self) -> Around:
        end = self._bracket[1] if self._bracket and not self._inner else self._at.end
        if self._is_distributed(end):
            return self._either(VALUE, DIFFERENCE)
        moved = re.match(f"(?:の)?(?:{self._by['moved']})", self.after)
        if moved or _is_compared(self._sentence, self._at):  # 「前年度より０．６日短縮した」
            return self._either(DIFFERENCE, VALUE, sure=False)
        if any(self._for_each_of_others()):
            return self._either(VALUE, sure=False)
        is_sum = bool(
            re.search(
                r"(?:計|(?:合わせ|併せ|あわせ|足し|を加え|を含め)(?:て|ると|た))(?:は|で|、)*$|\d[^\d\s、。の]{0,3}の$",
                self.head,
            )
        )  # 「男性３１人、女性３４人の６５人」
        is_open = re.search("累計|通算|以来の|いずれも", self.head) or _CONDITION.match(self.tail)
        return Around([VALUE], self.more, self.tail, sure=not is_open, is_sum=is_sum)

    def _for_each_of_others(self) -> Iterator[bool]:
        """Whether each of what something is said of stands in no name."""
        for said in pattern("one", "of").finditer(self._sentence.text[: self._at.start]):
            yield not any(begin <= said.start() < end for begin, end, _ in self._sentence.names)


def _is_compared(sentence: Sentence, at: Mention) -> bool:
    """Whether a time that something is compared with stands right before a figure: 「前年度より２人」."""
    compared = pattern("compared", "words").pattern
    return any(
        re.fullmatch(rf"(?!から|と同){compared}、*", sentence.text[end : at.start]) for _, end, _ in sentence.times
    )


def _is_distributed(sentence: Sentence, at: Mention, end: int) -> bool:
    """Whether the end of a list may say more or less of all of it, from the figure ``at`` on, whose bracket or itself ends at ``end``:
    「Aは27件、Bは1,496件増加した」, 「27件、率にして12.8％の増加」. A figure of the same that is counted alike is none of the list."""
    said_by = words()["form"]
    said = re.match(
        rf"\0*、[^。]*?\d[^、。\d]*(?:、(?:{said_by['adverb']})*)?(?<!最も)(?<!順に)(?<!番目に)(?:{said_by['more']}|{said_by['less']})",
        sentence.outside(end, len(sentence.text)),
    )
    if said is None:
        return False
    listed = [figure for figure in sentence.figures if end <= figure.start < end + said.end()]
    of_months = (time for time in sentence.times if time[2].months)
    is_other = any(end <= beside[0] < end + said.end() for beside in (*sentence.names, *of_months))
    is_other = is_other or "それぞれ" in sentence.text[: at.start]
    return is_other or any(is_part(figure) != is_part(at) for figure in listed)


def _said_before(sentence: Sentence, end: int) -> int:
    """Whether what stands right before a place says more (1) or less (-1)."""
    said_by = words()["form"]
    said = re.search(
        f"(?:(?P<more>{said_by['more']})|(?P<less>{said_by['less']}))加?少?(?:(?<!加え)(?<!足し)し?た|している)?(?:幅|数|分|率|件数|人数)?(?:は|が)?$",
        sentence.text[:end],
    )
    return 0 if said is None else 1 if said["more"] else -1
