"""The figures in the prose, each with one outcome: none passes silently.

``bound`` agrees with the fact of its link, such as [２３８件](fact:2-1/新規相談受付件数/R5); ``traced`` with the fact that the words
around it name; ``contradicted`` does not. ``ambiguous`` is one that they leave open, ``declared`` a statistic that stands in no
table, ``waived`` none at all (a date, an age class, a reference, the narrative of a case); ``untraced`` is what nothing has been
held against.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from nenpo.errors import InputError
from nenpo.facts import PERCENT, SCHEME, TIMES, Fact, Facts
from nenpo.japanese.numerals import Written, half_width, in_digits, read_figure
from nenpo.office import OfficeYear
from nenpo.prose.context import HELD, UNIT, Read
from nenpo.prose.forms import DIFFERENCE, GROWTH, POINTS, RATIO
from nenpo.prose.lexicon import lexicon_of
from nenpo.prose.readings import Readings
from nenpo.prose.written import AGE, DATE, LABEL, OLD, PERIOD, REFERENCE, SCHEDULE, Mention, find_figures
from nenpo.table import section_number
from nenpo.text.markdown import parse
from nenpo.text.typed import read_text

BOUND, TRACED, CONTRADICTED, AMBIGUOUS = "bound", "traced", "contradicted", "ambiguous"
DECLARED, WAIVED, UNTRACED, OF_UNIT = "declared", "waived", "untraced", "unit"
LAST_YEARS = "は前年度の文章の数値のままです"
STATISTIC, NARRATIVE, LENGTH = "statistic", "narrative", "length of time"
# The section of the organisation chart, and its words.
CHART = "1-2"
_QUOTED = re.compile(r'"([^"]*)"')
OUTCOMES = {
    BOUND: "結び付け済み",
    TRACED: "データと一致",
    CONTRADICTED: "データと不一致",
    AMBIGUOUS: "どの数値か決まらない",
    UNTRACED: "たどれない",
    OF_UNIT: "単位が合わない",
    DECLARED: "表にない数値",
    WAIVED: "対象外",
}
KINDS = {
    STATISTIC: "",
    DATE: "日付・年度",
    AGE: "年齢・学年",
    REFERENCE: "図表・節の番号",
    SCHEDULE: "回数・日程の決まり",
    LABEL: "名前の一部",
    NARRATIVE: "事例の記述",
    LENGTH: "期間・単位あたり",
    "rule of a scheme": "制度の決まり",
}
# What one of a fact's unit is in the unit that a figure is written in.
_UNITS = {(PERCENT, "%"): Fraction(1), (PERCENT, "倍"): Fraction(1, 100), (PERCENT, "割"): Fraction(1, 10)}
_UNITS |= {(TIMES, "%"): Fraction(100), (TIMES, "割"): Fraction(10)}


@dataclass(frozen=True)
class Figure:
    """A figure in the prose: ``section`` as in the report, ``text`` as typed, ``kind`` what it is (a statistic, or why it is
    waived), ``fact`` the path of the link; ``value`` is what the text says, ``expected`` what the data say; ``why`` tells a
    contradiction in words, where a declared figure comes from, or that a figure is last year's; ``words`` how what it states is computed, ``doubt`` what is wrong with the cells it is held against."""

    file: str
    section: str
    line: int
    text: str
    kind: str
    outcome: str
    fact: str
    value: str
    expected: str
    why: str = ""
    doubt: str = ""
    words: str = ""  # how the amount comes about, of what is computed

    @property
    def source(self) -> str:
        """Where it comes from, in words: its fact, the reason it is declared for, or what kind it is of."""
        return self.fact or self.why or KINDS.get(self.kind, self.kind)


class Reads(Protocol):
    """Reads the figures of a text of a section that begins in a line of the file at ``path``."""

    def __call__(self, path: Path, source: str, section: str = "", line: int = 1, /) -> Iterator[Figure]: ...


def figures_of(office_year: OfficeYear) -> list[Figure]:
    """Every figure in the year's texts and cases in the order of the files, then those of the organisation chart and of
    the tables' captions and notes."""
    reads = figures_in(office_year)
    figures = [figure for path, source in office_year.texts() for figure in reads(path, source)]
    chart = office_year.folder / "organisation.toml"
    for number, line in enumerate((read_text(chart) or "").split("\n"), start=1):
        for words in _QUOTED.findall(line.partition("#")[0]):
            figures += reads(chart, words, CHART, number)
    for table in office_year.dictionary.kept(office_year.year):
        for words in (table.title, table.note, table.base_label):
            figures += reads(office_year.office.folder / "tables.toml", words, table.section)
    return figures


def figures_in(office_year: OfficeYear) -> Reads:
    """Reads the figures of a text, as if it were the file at a path."""
    return _FigureReader(office_year).figures


class _FigureReader:
    def __init__(self, office_year: OfficeYear):
        self._office_year = office_year
        lexicon = lexicon_of(office_year)
        self._facts, self._sayings = office_year.facts, lexicon.sayings
        self._units = office_year.dictionary.units
        self._readings = Readings(lexicon, self._facts, office_year.year)

    def figures(self, path: Path, source: str, section: str = "", line: int = 1) -> Iterator[Figure]:
        """The figures of a text that begins in a line of its file, in order; its section is told by the file's name."""
        where = self._office_year.name_of(path), section or section_number(path.stem)
        kind = NARRATIVE if path.parent.name == "cases" else ""
        for inline in _inlines(source):
            figures = sorted(self._figures_in(inline, where[1], path.stem, kind), key=lambda figure: figure[0])
            for start, *others in figures:
                yield Figure(*where, line + inline.lines[start] - 1, *others)

    def _figures_in(
        self, inline: _Inline, section: str, file: str, kind: str
    ) -> Iterator[tuple[int, *tuple[str, ...]]]:
        """Of each figure its place, and what ``Figure`` tells from its text on."""
        bound = [link for link in inline.links if link.address.startswith(SCHEME)]
        for link in bound:
            text, address = inline.prose[link.start : link.end], link.address[len(SCHEME) :]
            outcome, value, expected, why = _held(text, address, self._facts)
            yield link.start, text, STATISTIC, outcome, address, value, expected, why
        statistics = []
        half = half_width(inline.prose)
        name_ends = self._readings.names.before_figures(inline.prose, section)
        for mention in find_figures(inline.prose, self._units, name_ends):
            if mention.start < inline.begin:
                continue
            if any(link.start < mention.end and mention.start < link.end for link in bound):
                continue
            linked = any(link.start <= mention.start < link.end for link in inline.links)
            if inline.prose[: mention.start].endswith(OLD):
                why = f"「{mention.text}」{LAST_YEARS}"
                yield mention.start, mention.text, STATISTIC, UNTRACED, "", mention.text, "", why
                continue
            outcome, why = self._set_aside(inline.prose, mention, section, file)
            waived = mention.kind or kind or (REFERENCE if linked else "") or (why if outcome == WAIVED else "")
            if waived:
                yield mention.start, mention.text, waived, WAIVED, "", mention.text, ""
            elif (
                outcome != DECLARED
                and PERIOD.match(half, mention.start)
                and not self._readings.is_length(inline.prose, mention, section)
            ):
                yield mention.start, mention.text, LENGTH, WAIVED, "", mention.text, ""
            elif outcome == DECLARED:
                yield mention.start, mention.text, STATISTIC, DECLARED, "", mention.text, "", why
            else:
                statistics.append(mention)
        for read in self._readings.read(inline.prose, statistics, section):
            rest = (read.mention.text, STATISTIC, *_outcome(read))
            yield read.mention.start, *rest

    def _set_aside(self, prose: str, mention: Mention, section: str, file: str) -> tuple[str, str]:
        if self._readings.names.hold(prose, mention, section):
            return WAIVED, LABEL
        for outcome, phrases in ((WAIVED, self._sayings.waived), (DECLARED, self._sayings.declared)):
            for phrase in phrases:
                if phrase.covers(prose, mention, section, file) and not (
                    phrase.file and outcome == WAIVED and self._readings.is_named(prose, mention, section)
                ):
                    return outcome, phrase.kind
        return "", ""


def _outcome(read: Read) -> tuple[str, ...]:
    """Outcome, fact, what the text says, what the data say, and why in words; of one that agrees also how it is computed."""
    text, written, reading = read.mention.text, read_figure(read.mention.text), read.reading
    if reading is None or written is None:
        looked = "、".join(
            f"{_briefly(other.path)} の {in_digits(abs(other.amount), other.decimals)}" for other in read.others[:3]
        )
        none = f"「{text}」は、前後の言葉から考えられる数値（{looked}）のどれとも合いません" if looked else ""
        return UNTRACED, "", text, "", read.why or none
    scale = {"割": Fraction(1, 10), "倍": Fraction(1, 100 if reading.form == RATIO else 1)}.get(
        written.unit[:1], Fraction(1)
    )
    amount = reading.amount * scale
    towards = ("の増加" if amount > 0 else "の減少") if amount and reading.form in (DIFFERENCE, GROWTH, POINTS) else ""
    value, expected = in_digits(written.value, written.decimals), in_digits(abs(amount), written.decimals)
    if read.outcome == HELD:
        computed = reading.words if re.search("[－÷＋]", reading.words) else ""
        return TRACED, reading.path, value, expected, "", "", computed
    if read.outcome == UNIT:
        return OF_UNIT, reading.path, value, expected, f"「{text}」は、{read.why}"
    formula = "" if reading.words == expected else f"、{reading.words}"
    why = read.why or f"「{text}」は、データでは {expected}{towards} です（{reading.path}{formula}）"
    why += f"。{read.hint}" if read.hint else ""
    return CONTRADICTED, reading.path, value, expected, why


def _briefly(path: str) -> str:
    """A path; of many that are added up the first and the last."""
    first, *between, last = path.split("+") if "+" in path else (path, "")
    return path if len(between) < 2 else f"{first}＋…＋{last}"


@dataclass(frozen=True)
class _Link:
    address: str
    start: int
    end: int


@dataclass(frozen=True)
class _Inline:
    """A paragraph, heading or cell as plain prose, the line (from 1) of each character, and its links. A cell of a table reads as a
    sentence: what stands at its left and above it comes before, up to ``begin``."""

    prose: str
    lines: tuple[int, ...]
    links: tuple[_Link, ...]
    begin: int = 0


def _inlines(source: str) -> Iterator[_Inline]:
    line = 1
    head: list[str] = []  # of the table that is read, and the cells of its row so far
    row: list[str] = []
    for token in parse(source).tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type in ("table_open", "tr_open"):
            head, row = ([] if token.type == "table_open" else head or row), []
        if token.type in ("th_open", "td_open"):
            row.append("")
        if token.type in ("table_close", "tbody_close"):
            head, row = [], []
        if token.type != "inline":
            continue
        prose, lines, links = "", [], []
        at, opened = line, ("", 0)
        for child in token.children or ():
            if child.type == "link_open":
                opened = unquote(str(child.attrs["href"])), len(prose)
            elif child.type == "link_close":
                links.append(_Link(*opened, len(prose)))
            else:
                content = "\n" if child.type == "hardbreak" else child.content
                prose += content
                lines += [at] * len(content)
                at += child.type == "hardbreak" or child.markup == "\n"
        before = ""
        if row:
            row[-1] = prose
            above = head[len(row) - 1] if head and len(row) <= len(head) else ""
            before = f"{row[0]}の{above}は" if head and len(row) > 1 else ""
        moved = (_Link(link.address, link.start + len(before), link.end + len(before)) for link in links)
        yield _Inline(before + prose, (*[at] * len(before), *lines, at), tuple(moved), len(before))


def _held(text: str, address: str, facts: Facts) -> tuple[str, str, str, str]:
    """Outcome, what the text says, what the data say, and a contradiction in words."""
    written = read_figure(text)
    try:
        fact = facts.fact(address)
    except InputError as error:
        return CONTRADICTED, text, "", error.faults[0].what
    if written is None:
        return CONTRADICTED, text, in_digits(fact.amount), f"「{text}」は一つの数値として読めません"
    amount = in_unit(fact, written)
    if amount is None:
        return CONTRADICTED, text, in_digits(fact.amount), f"「{text}」の単位が「{address}」と合いません"
    value, expected = in_digits(written.value, written.decimals), in_digits(amount, written.decimals)
    if written.says(amount):
        return BOUND, value, expected, ""
    formula = "" if fact.formula == expected else f"、{fact.formula}"
    return CONTRADICTED, value, expected, f"「{text}」は、データでは {expected} です（{address}{formula}）"


def in_unit(fact: Fact, written: Written) -> Fraction | None:
    """The fact's amount in the figure's unit; a difference is written without its sign."""
    signed = fact.path.endswith(("前年度差", "前年度増減率"))
    amount = abs(fact.amount) if signed else fact.amount
    unit = written.unit[:1]
    if fact.unit == PERCENT or (fact.unit == TIMES and unit in ("%", "割")):
        factor = _UNITS.get((fact.unit, unit))
        return None if factor is None else amount * factor
    return None if not fact.unit and unit in ("%", "割", "倍") else amount
