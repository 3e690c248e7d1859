"""The checks of a year's numbers: identities, what was published, what is hard to believe, and the prose held against the data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from nenpo.errors import gather
from nenpo.findings import ERROR, NOTE, WARNING, Finding
from nenpo.japanese.years import FiscalYear, year_named
from nenpo.office import Office, OfficeYear
from nenpo.prose import claims
from nenpo.prose.agreement import disagreements
from nenpo.prose.claims import Held, claims_of
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
from nenpo.review.identities import Instance, instances
from nenpo.review.published import Difference, differences, read_published, reasons_of, reasons_of_year
from nenpo.review.repeated import revised
from nenpo.review.small_counts import undeclared_small_counts
from nenpo.review.sources import cells_of
from nenpo.table import section_number
from nenpo.text.slips import slips
from nenpo.typed_cells import TypedCell, TypedCells


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
        return [finding for finding in self.findings if finding.severity == ERROR]

    @property
    def open(self) -> list[Finding]:
        """Those about figures of the prose that do not agree with the data, or have not been held against them, and about
        numbers that are not there."""
        return [finding for finding in self.findings if finding.rule in (IN_PROSE, GAP) and finding.severity != NOTE]

    @property
    def as_json(self) -> str:
        figures = [
            {name: value for name, value in asdict(figure).items() if name not in ("why", "doubt", "words")}
            for figure in self.figures
        ]
        claimed = [
            {name: value for name, value in asdict(claim).items() if name not in ("why", "note")}
            for claim in self.claims
        ]
        listed = [asdict(finding) for finding in self.findings]
        value = {"year": self.year.code, "findings": listed, "figures": figures, "claims": claimed}
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def review(office_year: OfficeYear) -> Review:
    """Everything about the numbers that the year's report rests on. Raises InputError for data that cannot be read."""
    office, year, inputs = office_year.office, office_year.year, office_year.cells
    # what a report has beside its numbers
    gather([lambda: office.profile, lambda: office.template, lambda: office.key_figures])
    reasons = reasons_of(office_year)
    of_years = {kept: list(breach_findings(inputs, kept, reasons)) for kept in reversed(inputs.years)}
    breaches = [pair for pairs in of_years.values() for pair in pairs]
    printed = {kept: list(_differences(office.of(kept), inputs.years)) for kept in inputs.years}
    figures = tuple(_doubted(figures_of(office_year), breaches, office_year))
    claimed = tuple(claims_of(office_year))
    findings: list[Finding] = [
        *(finding for _, finding in breaches),
        *(_noticed(notice, kept) for kept in inputs.years for notice in office.records(kept).notices),
        *(_published(difference, office, kept, reasons) for kept, differ in printed.items() for difference in differ),
        *_unneeded(office_year, [breach for breach, _ in of_years[year]], printed[year]),
        *revised(office_year),
        *doubts(inputs, year),
        *disagreements(office_year),
        *_slips(office_year),
        *reference_findings(office_year),
        *unused_sayings(office_year),
        *undeclared_small_counts(office_year),
        *identifying(office_year),
        *(_in_prose(figure) for figure in figures if figure.outcome in _PROSE and not _is_claimed(figure, claimed)),
        *(finding for claim in claimed for finding in _claimed(claim)),
    ]
    findings = list(acknowledged(findings, office_year))
    findings.sort(key=lambda finding: (ERROR, WARNING, NOTE).index(finding.severity))
    return Review(year, tuple(findings), figures, claimed)


def _doubted(
    figures: Iterable[Figure],
    breaches: Iterable[tuple[Instance, Finding]],
    office_year: OfficeYear,
) -> Iterator[Figure]:
    """The figures, with a doubt where the cells that one is held against break an identity themselves."""
    open_ = [(breach, finding) for breach, finding in breaches if finding.severity == ERROR]
    facts, typed = office_year.facts, office_year.cells
    for figure in figures:
        cells = cells_of(figure.fact, facts, typed) if open_ and figure.outcome in (BOUND, TRACED, CONTRADICTED) else ()
        broken = next((finding for breach, finding in open_ if breach.cells.intersection(cells)), None)
        doubt = (
            f"もとの数値に「{broken.rule}」と合わないセルがあります（{broken.sheet} {broken.cell}）" if broken else ""
        )
        yield replace(figure, doubt=doubt) if doubt else figure


def _slips(office_year: OfficeYear) -> Iterator[Finding]:
    """What was typed in the texts otherwise than it was meant."""
    for path, text in office_year.texts():
        source = _CASE_HEADING.sub(r"\1 ", text) if path.parent.name == "cases" else text
        file = office_year.name_of(path)
        for slip in slips(source):
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
_TURN = "文章の向き（増減・多少・高低）を直すか、データを確かめてください"
_LAST_YEARS = f"今年度の数値に直し、前の{OLD}を消してください"
IN_PROSE, CLAIM, IN_EXCEL, TYPED = "本文の数値", "本文の向き", "Excel の見え方", "文章の書き方"
# The headings of a case may stand behind a full-width blank.
_CASE_HEADING = re.compile(r"^(##?)[ \u3000]+", re.MULTILINE)


def _is_claimed(figure: Figure, claimed: Iterable[Held]) -> bool:
    """Whether a claim is told that says what is wrong about a figure: its words, and not the number."""
    return any(
        claim.outcome == claims.CONTRADICTED
        and (claim.file, claim.line) == (figure.file, figure.line)
        and figure.text in claim.text
        for claim in (claimed if _is_misdirected(figure) else ())
    )


def _is_misdirected(figure: Figure) -> bool:
    """Whether a figure is right, and what the words say of it is not."""
    return figure.outcome == CONTRADICTED and figure.value == figure.expected


def _in_prose(figure: Figure) -> Finding:
    severity, remedy = _PROSE[figure.outcome]
    if _is_misdirected(figure):
        remedy = _TURN
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
    printed = figure.value if severity == ERROR else figure.text
    return Finding(
        severity=severity,
        rule=IN_PROSE,
        table=table,
        sheet=figure.file,
        cell=where,
        message=message,
        expected=figure.expected,
        found=printed,
        suggestion=remedy,
    )


def _claimed(claim: Held) -> Iterator[Finding]:
    """A claim that the data turn round is an error, one whose extent fits badly a note."""
    finding = partial(
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
        remedy = _TURN
        yield finding(severity=ERROR, message=message, suggestion=remedy)
    elif claim.note:
        message = f"{claim.section} の本文：「{claim.text}」は、{claim.note}（{claim.why}）"
        yield finding(severity=NOTE, message=message)


def coverage(office_year: OfficeYear) -> Iterator[str]:
    """Table by table in words, which cells with a figure stand in no equation."""
    for table_id, (count, free) in unguarded(office_year.cells, office_year.year).items():
        title = f"{table_id} {office_year.dictionary[table_id].title}"
        columns = dict.fromkeys(f"{cell.measure}の{cell.column}" if cell.measure else cell.column for cell in free)
        items = dict.fromkeys(cell.row for cell in free)
        named = items if set(columns) == {"値"} else columns
        words = (
            f"{len(free)} セルはどの等式にも入っていません（{'、'.join(named)}）"
            if free
            else "すべて等式で確かめられます"
        )
        yield f"{title}：{count} セルのうち {words}" if free else f"{title}：{count} セル、{words}"


def unguarded(inputs: TypedCells, year: FiscalYear) -> dict[str, tuple[int, list[TypedCell]]]:
    """Of each table the number of cells with a figure, and those that stand in no equation: a slip there goes unnoticed."""
    guarded = {
        cell for instance in instances(inputs, year) if instance.identity.relation == "=" for cell in instance.cells
    }
    counts: dict[str, tuple[int, list[TypedCell]]] = {}
    for cell in inputs.cells(year):
        count, free = counts.get(cell.table, (0, []))
        counts[cell.table] = count + 1, free if cell in guarded else [*free, cell]
    return counts


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
    office_year: OfficeYear, breaches: Iterable[Instance], printed: Iterable[Difference]
) -> Iterator[Finding]:
    """Reasons of the year's own ``errata.toml`` for what does not differ, and holds."""
    year = office_year.year
    needed: set[tuple[str, ...]] = {difference.published.key for difference in printed}
    needed |= {(breach.table, breach.period or year.short, breach.text) for breach in breaches}
    for key in reasons_of_year(office_year.folder):
        if key not in needed and (_year_of(key[1], year) or year) in office_year.kept:
            yield Finding(
                severity=WARNING,
                rule="正誤表の理由",
                table=key[0],
                sheet=f"{year.code}/errata.toml",
                message=f"{' '.join(key)} の理由がありますが、違いはありません",
                suggestion="直っているなら、この理由を消してください",
            )


def _differences(office_year: OfficeYear, kept: Sequence[FiscalYear]) -> Iterator[Difference]:
    """What the report of a year printed otherwise than is computed, of the years that are kept."""
    path, year = office_year.folder / "published.csv", office_year.year
    if path.is_file():
        printed = tuple(
            entry for entry in read_published(path) if (of := _year_of(entry.row, year)) is None or of in kept
        )
        yield from differences(printed, office_year.dictionary, office_year.figures, year)


def _year_of(row: str, like: FiscalYear) -> FiscalYear | None:
    """The fiscal year a printed row is about; None for a month or another row."""
    year = year_named(row, like)
    return year if year and row in (year.short, year.code) else None
