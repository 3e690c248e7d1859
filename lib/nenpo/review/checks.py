"""The checks of a year's numbers: identities, what was published, what is hard to believe, and the prose held against the data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from nenpo.dictionary import section_number
from nenpo.findings import ERROR, NOTE, WARNING, Finding
from nenpo.japanese.years import FiscalYear, year_named
from nenpo.office import Office
from nenpo.prose import claims
from nenpo.prose.agreement import disagreements
from nenpo.prose.claims import Held, claims_of
from nenpo.prose.facts import Facts
from nenpo.prose.figures import (
    AMBIGUOUS,
    BOUND,
    CONTRADICTED,
    LAST_YEARS,
    OF_UNIT,
    TRACED,
    UNTRACED,
    Figure,
    figures_of,
)
from nenpo.prose.references import reference_findings, unused_sayings
from nenpo.prose.written import OLD
from nenpo.records import Notice
from nenpo.review.acknowledged import acknowledged
from nenpo.review.breaches import breach_findings
from nenpo.review.doubts import GAP, doubts
from nenpo.review.identifying import identifying
from nenpo.review.identities import Cell, Inputs, Instance, instances
from nenpo.review.published import Difference, differences, read_published, reasons_of, reasons_of_year
from nenpo.review.small_counts import undeclared_small_counts
from nenpo.review.sources import cells_of
from nenpo.text.slips import slips


@dataclass(frozen=True)
class Review:
    """What is known of the numbers of a year's report: the findings (the errors first), and the outcome of each figure and
    each claim of the prose."""

    year: FiscalYear
    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...]
    claims: tuple[Held, ...]

    @property
    def errors(self) -> list[Finding]:
        return [one for one in self.findings if one.severity == ERROR]

    @property
    def open(self) -> list[Finding]:
        """Those about figures of the prose that do not agree with the data, or have not been held against them, and about
        numbers that are not there."""
        return [one for one in self.findings if one.rule in (IN_PROSE, GAP) and one.severity != NOTE]

    @property
    def as_json(self) -> str:
        figures = [
            {name: told for name, told in asdict(one).items() if name not in ("why", "doubt", "words")}
            for one in self.figures
        ]
        claimed = [
            {name: told for name, told in asdict(one).items() if name not in ("why", "note")} for one in self.claims
        ]
        listed = [asdict(finding) for finding in self.findings]
        told = {"year": self.year.code, "findings": listed, "figures": figures, "claims": claimed}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def review(office: Office, year: FiscalYear) -> Review:
    """Everything about the numbers that a report of ``year`` rests on. Raises InputError for data that cannot be read."""
    inputs = inputs_of(office, year)
    reasons = reasons_of(office, year)
    of_years = {kept: list(breach_findings(inputs, kept, reasons)) for kept in reversed(inputs.years)}
    breaches = [pair for pairs in of_years.values() for pair in pairs]
    printed = {kept: list(_differences(office, kept, inputs.years)) for kept in inputs.years}
    figures = tuple(_doubted(figures_of(office, year), breaches, office, inputs, year))
    claimed = tuple(claims_of(office, year))
    found: list[Finding] = [
        *(finding for _, finding in breaches),
        *(_noticed(notice, kept) for kept in inputs.years for notice in office.records(kept).notices),
        *(_published(one, office, kept, reasons) for kept, differ in printed.items() for one in differ),
        *_unneeded(office, year, [breach for breach, _ in of_years[year]], printed[year], inputs.years),
        *doubts(inputs, year),
        *disagreements(office, year),
        *_slips(office, year),
        *reference_findings(office, year),
        *unused_sayings(office, year),
        *undeclared_small_counts(office, inputs, year),
        *identifying(office, year),
        *(_in_prose(figure) for figure in figures if figure.outcome in _PROSE),
        *(finding for claim in claimed for finding in _claimed(claim)),
    ]
    found = list(acknowledged(found, office, year))
    found.sort(key=lambda finding: (ERROR, WARNING, NOTE).index(finding.severity))
    return Review(year, tuple(found), figures, claimed)


def _doubted(
    figures: Iterable[Figure],
    breaches: Iterable[tuple[Instance, Finding]],
    office: Office,
    inputs: Inputs,
    year: FiscalYear,
) -> Iterator[Figure]:
    """The figures, with a doubt where the cells that one is held against break an identity themselves."""
    open_ = [(breach, finding) for breach, finding in breaches if finding.severity == ERROR]
    facts = Facts(office.dictionary, office.figures(year), year)
    for figure in figures:
        cells = (
            cells_of(figure.fact, facts, inputs) if open_ and figure.outcome in (BOUND, TRACED, CONTRADICTED) else ()
        )
        broken = next((finding for breach, finding in open_ if breach.cells.intersection(cells)), None)
        doubt = (
            f"もとの数値に「{broken.rule}」と合わないセルがあります（{broken.sheet} {broken.cell}）" if broken else ""
        )
        yield replace(figure, doubt=doubt) if doubt else figure


def _slips(office: Office, year: FiscalYear) -> Iterator[Finding]:
    """What was typed in the texts otherwise than it was meant."""
    for path in (path for place in ("commentary", "cases") for path in office.matching(f"{year.code}/{place}/*.md")):
        source = (
            _CASE_HEADING.sub(r"\1 ", office.text(path) or "") if path.parent.name == "cases" else office.text(path)
        )
        file = path.relative_to(office.folder).as_posix()
        for slip in slips(source or ""):
            message = f"{section_number(path.stem)} の本文：{slip.what}"
            where = f"{slip.line} 行目"
            yield Finding(severity=WARNING, rule=TYPED, sheet=file, cell=where, message=message, suggestion=slip.remedy)


def _noticed(notice: Notice, year: FiscalYear) -> Finding:
    return Finding(
        severity=WARNING if notice.is_warning else NOTE,
        rule=IN_EXCEL,
        sheet=f"{year.code} {notice.sheet}",
        cell=notice.cell,
        message=f"シート「{notice.sheet}」：{notice.what}",
        suggestion=notice.remedy,
    )


def inputs_of(office: Office, year: FiscalYear) -> Inputs:
    """The typed cells of ``year`` and of the years before it."""
    return Inputs(office.dictionary, {one: office.records(one) for one in office.kept_years(year)})


# Figures in the prose that a final report may not have: the severity, and what to do.
_PROSE = {
    CONTRADICTED: (ERROR, "文章の数値か、その前に書かれた名前・年度（リンクなら fact:）を直してください"),
    AMBIGUOUS: (WARNING, "どの数値か分かるように名前を書くか、[…](fact:表/列/年度) と結び付けてください"),
    OF_UNIT: (WARNING, "単位を直すか、数え方の違う数値なら data/prose.toml に書いてください"),
    UNTRACED: (
        WARNING,
        "前に表の列や項目の名前を書くか、[…](fact:表/列/年度) と結び付けるか、表にない数値なら data/prose.toml に書いてください",
    ),
}
_LAST_YEARS = f"今年度の数値に直し、前の{OLD}を消してください"
IN_PROSE, CLAIM, IN_EXCEL, TYPED = "本文の数値", "本文の向き", "Excel の見え方", "文章の書き方"
# The headings of a case may stand behind a full-width blank.
_CASE_HEADING = re.compile(r"^(##?)[ \u3000]+", re.MULTILINE)


def _in_prose(figure: Figure) -> Finding:
    severity, remedy = _PROSE[figure.outcome]
    if figure.why.endswith(LAST_YEARS):
        remedy = _LAST_YEARS
    why = {
        CONTRADICTED: figure.why,
        OF_UNIT: figure.why,
        AMBIGUOUS: f"「{figure.text}」は {figure.fact} のどれか決まりません",
        UNTRACED: figure.why or f"「{figure.text}」は何の数値か分からず、データと比べられません",
    }[figure.outcome]
    table = figure.fact.partition("/")[0] if severity == ERROR else ""
    where, message = (
        f"{figure.line} 行目",
        f"{figure.section} の本文：{why}" + (f"。{figure.doubt}" if figure.doubt else ""),
    )
    found = figure.value if severity == ERROR else figure.text
    return Finding(
        severity=severity,
        rule=IN_PROSE,
        table=table,
        sheet=figure.file,
        cell=where,
        message=message,
        expected=figure.expected,
        found=found,
        suggestion=remedy,
    )


def _claimed(claim: Held) -> Iterator[Finding]:
    """A claim that the data turn round is an error, one whose extent fits badly a note."""
    told = partial(
        Finding,
        rule=CLAIM,
        table=next(iter(claim.facts), "").partition("/")[0],
        sheet=claim.file,
        cell=f"{claim.line} 行目",
        expected=claim.why,
        found=claim.text,
    )
    if claim.outcome == claims.CONTRADICTED:
        message = f"{claim.section} の本文：「{claim.text}」は、データと合いません（{claim.why}）"
        remedy = "文章の向き（増減・多少・高低）を直すか、データを確かめてください"
        yield told(severity=ERROR, message=message, suggestion=remedy)
    elif claim.note:
        message = f"{claim.section} の本文：「{claim.text}」は、{claim.note}（{claim.why}）"
        yield told(severity=NOTE, message=message)


def coverage(office: Office, year: FiscalYear) -> Iterator[str]:
    """Table by table in words, which cells with a figure stand in no equation."""
    inputs = inputs_of(office, year)
    for table_id, (count, free) in unguarded(inputs, year).items():
        title = f"{table_id} {office.dictionary[table_id].title}"
        columns = dict.fromkeys(f"{cell.measure}の{cell.column}" if cell.measure else cell.column for cell in free)
        items = dict.fromkeys(cell.row for cell in free)
        named = items if set(columns) == {"値"} else columns
        told = (
            f"{len(free)} セルはどの等式にも入っていません（{'、'.join(named)}）"
            if free
            else "すべて等式で確かめられます"
        )
        yield f"{title}：{count} セルのうち {told}" if free else f"{title}：{count} セル、{told}"


def unguarded(inputs: Inputs, year: FiscalYear) -> dict[str, tuple[int, list[Cell]]]:
    """Of each table the number of cells with a figure, and those that stand in no equation: a slip there goes unnoticed."""
    guarded = {cell for one in instances(inputs, year) if one.identity.relation == "=" for cell in one.cells}
    told: dict[str, tuple[int, list[Cell]]] = {}
    for cell in inputs.cells(year):
        count, free = told.get(cell.table, (0, []))
        told[cell.table] = count + 1, free if cell in guarded else [*free, cell]
    return told


# What was published


def _published(
    difference: Difference, office: Office, year: FiscalYear, reasons: Mapping[tuple[str, ...], str]
) -> Finding:
    """A difference of the report of ``year``: an error, or a note where ``errata.toml`` has the reason."""
    entry = difference.published
    table = office.dictionary[entry.table]
    why = reasons.get(entry.key)
    row = f"{entry.row} {entry.measure}".strip()
    kind = "の割合" if entry.kind == "share" else ""
    remedy = (
        f"数値を直したのなら、{year.code}/errata.toml に理由を書いてください。そうでなければ元の数値に戻してください"
    )
    return Finding(
        severity=NOTE if why else ERROR,
        rule="公表値",
        table=entry.table,
        sheet=f"{year.code} {table.sheet}",
        message=f"{entry.table} {table.title}（{row}）：「{entry.column}」{kind}は、{year.label}の報告書では {entry.printed}、"
        f"いまの数値からは {difference.computed} です" + (f"。{why}" if why else ""),
        expected=entry.printed,
        found=difference.computed,
        suggestion="" if why else remedy,
    )


def _unneeded(
    office: Office,
    year: FiscalYear,
    breaches: Iterable[Instance],
    printed: Iterable[Difference],
    kept: Sequence[FiscalYear],
) -> Iterator[Finding]:
    """Reasons of the year's own ``errata.toml`` for what does not differ, and holds."""
    needed: set[tuple[str, ...]] = {difference.published.key for difference in printed}
    needed |= {(breach.table, breach.period or year.short, breach.text) for breach in breaches}
    for key in reasons_of_year(office, year):
        if key not in needed and (_year_of(key[1], year) or year) in kept:
            yield Finding(
                severity=WARNING,
                rule="正誤表の理由",
                table=key[0],
                sheet=f"{year.code}/errata.toml",
                message=f"{' '.join(key)} の理由がありますが、違いはありません",
                suggestion="直っているなら、この理由を消してください",
            )


def _differences(office: Office, year: FiscalYear, kept: Sequence[FiscalYear]) -> Iterator[Difference]:
    """What the report of ``year`` printed otherwise than is computed, of the years that are kept."""
    path = office.year_folder(year) / "published.csv"
    if path.is_file():
        printed = tuple(one for one in read_published(path) if (of := _year_of(one.row, year)) is None or of in kept)
        yield from differences(printed, office.dictionary, office.figures(year), year)


def _year_of(row: str, like: FiscalYear) -> FiscalYear | None:
    """The fiscal year a printed row is about; None for a month or another row."""
    year = year_named(row, like)
    return year if year and row in (year.short, year.code) else None
