"""The checks of the data: identities, what was published, and what is hard to believe. Each finding says where and what to do."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from nenpo.dictionary import Table
from nenpo.errors import Fault, InputError
from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.records import Value
from nenpo.review import claims
from nenpo.review.claims import Held, claims_of
from nenpo.review.identities import Cell, Inputs, Instance, amount, holds, in_numbers, instances
from nenpo.review.prose import AMBIGUOUS, CONTRADICTED, UNTRACED, Figure, figures_of
from nenpo.review.published import Published, differences, read_published

ERROR, WARNING, NOTE = "error", "warning", "note"
# A month counts as far from the others if it is more than so many times the highest of them, and by so much higher.
FAR, MUCH = 5, 10
# A row of so many figures or more above 0 is not likely to come twice in a row.
TOO_ALIKE = 4


@dataclass(frozen=True)
class Finding:
    """One finding; ``rule`` is the identity, or the kind of check. ``expected`` and ``found`` are numbers as text."""

    severity: str
    rule: str
    table: str
    sheet: str
    cell: str
    message: str
    expected: str = ""
    found: str = ""
    suggestion: str = ""

    @property
    def fault(self) -> Fault:
        return Fault(self.message, f"{self.sheet} {self.cell}".strip(), self.suggestion)


def as_json(office: Office, year: FiscalYear, findings: Iterable[Finding]) -> str:
    """The findings, and the figures and the claims of the prose, as JSON text."""
    figures = [{name: told for name, told in asdict(one).items() if name != "why"} for one in figures_of(office, year)]
    claimed = [
        {name: told for name, told in asdict(one).items() if name not in ("why", "note")}
        for one in claims_of(office, year)
    ]
    listed = [asdict(finding) for finding in findings]
    told = {"year": year.code, "findings": listed, "figures": figures, "claims": claimed}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def check_data(office: Office, year: FiscalYear) -> list[Finding]:
    """All findings about the data that a report of ``year`` rests on, the errors first. Raises InputError for data that
    cannot be read."""
    kept = office.kept_years(year)
    inputs = Inputs(office.dictionary, {one: office.records(one) for one in kept})
    reasons = reasons_of(office, year)
    found = [
        *(finding for one in reversed(kept) for finding in _broken(inputs, one, reasons)),
        *_published(office, kept, reasons),
        *_hard_to_believe(inputs, year),
        *(_in_prose(figure) for figure in figures_of(office, year) if figure.outcome in _PROSE),
        *(finding for claim in claims_of(office, year) for finding in _claimed(claim)),
    ]
    return sorted(found, key=lambda finding: (ERROR, WARNING, NOTE).index(finding.severity))


# Figures in the prose that a final report may not have: the severity, and what to do.
_PROSE = {
    CONTRADICTED: (ERROR, "文章の数値か、その前に書かれた名前・年度（リンクなら fact:）を直してください"),
    AMBIGUOUS: (WARNING, "どの数値か分かるように名前を書くか、[…](fact:表/列/年度) と結び付けてください"),
    UNTRACED: (
        WARNING,
        "前に表の列や項目の名前を書くか、[…](fact:表/列/年度) と結び付けるか、表にない数値なら data/prose.toml に書いてください",
    ),
}
IN_PROSE, CLAIM = "本文の数値", "本文の向き"


def _in_prose(figure: Figure) -> Finding:
    severity, remedy = _PROSE[figure.outcome]
    why = {
        CONTRADICTED: figure.why,
        AMBIGUOUS: f"「{figure.text}」は {figure.fact} のどれか決まりません",
        UNTRACED: f"「{figure.text}」は何の数値か分からず、データと比べられません",
    }[figure.outcome]
    table = figure.fact.partition("/")[0] if severity == ERROR else ""
    where, message = f"{figure.line} 行目", f"{figure.section} の本文：{why}"
    found = figure.value if severity == ERROR else figure.text
    return Finding(severity, IN_PROSE, table, figure.file, where, message, figure.expected, found, remedy)


def _claimed(claim: Held) -> Iterator[Finding]:
    """A claim that the data turn round is an error, one whose extent fits badly a note."""
    where, table = f"{claim.line} 行目", claim.facts[0].partition("/")[0]
    if claim.outcome == claims.CONTRADICTED:
        message = f"{claim.section} の本文：「{claim.text}」は、データでは逆です（{claim.why}）"
        remedy = "文章の向き（増減・多少・高低）を直すか、データを確かめてください"
        yield Finding(ERROR, CLAIM, table, claim.file, where, message, claim.why, claim.text, remedy)
    elif claim.note:
        message = f"{claim.section} の本文：「{claim.text}」は、{claim.note}（{claim.why}）"
        yield Finding(NOTE, CLAIM, table, claim.file, where, message, claim.why, claim.text)


# Identities


def broken(inputs: Inputs, year: FiscalYear) -> list[Instance]:
    """The identities that do not hold in ``year``."""
    values = Values(inputs)
    return [one for one in instances(inputs, year) if holds(one, values) is False]


class Values(dict[Cell, Value]):
    """The cells' values as they are asked for, and as they would be with others in their place."""

    def __init__(self, inputs: Inputs, others: Mapping[Cell, int] | None = None):
        super().__init__(others or {})
        self._inputs = inputs

    def __missing__(self, cell: Cell) -> Value:
        self[cell] = self._inputs.value(cell)
        return self[cell]


def _broken(inputs: Inputs, year: FiscalYear, reasons: Mapping[tuple[str, ...], str]) -> Iterator[Finding]:
    all_ = instances(inputs, year)
    values = Values(inputs)
    breaches = [one for one in all_ if holds(one, values) is False]
    causes = dict(_causes(breaches, all_, inputs)) if breaches else {}
    for one in breaches:
        why = reasons.get((one.table, one.period or year.short, one.text))
        cause = next((cause for cells, cause in causes.items() if cells & one.cells), None)
        cell = cause.cell if cause else min(cell for _, (cells, *_) in one.left for cell in cells)
        sheet, place = inputs.place(cell)
        left, right = amount(one.left, values), amount(one.right, values)
        told = f"{in_numbers(one.left, values)} に対して {in_numbers(one.right, values)}"
        told += f"＝{right:,}" if len(one.right) > 1 else ""
        when = f"{one.period or year.short} {one.measure}".strip()
        yield Finding(
            NOTE if why else ERROR,
            one.text,
            one.table,
            f"{year.code} {sheet}",
            place,
            f"{one.table} {inputs.dictionary[one.table].title}（{when}）：「{one.text}」が成り立ちません（{told}）"
            + (f"。{why}" if why else ""),
            str(right),
            str(left),
            "" if why else cause.words if cause else "元の記録と見比べて、この等式のどの数値が違うかを確かめてください",
        )


@dataclass(frozen=True)
class _Cause:
    cell: Cell
    words: str


def _causes(breaches: list[Instance], all_: list[Instance], inputs: Inputs) -> Iterator[tuple[frozenset[Cell], _Cause]]:
    """For groups of broken identities the one slip in typing that would explain all of them and break no other."""
    of: dict[Cell, list[Instance]] = {}
    for instance in all_:
        for cell in instance.cells:
            of.setdefault(cell, []).append(instance)
    suspects = sorted({cell for breach in breaches for cell in breach.cells})
    found: list[tuple[int, int, frozenset[Cell], _Cause]] = []
    for others, words in _slips(suspects, inputs):
        touched = {id(one): one for cell in others for one in of.get(cell, ())}.values()
        mended = [one for one in touched if one in breaches]
        values = Values(inputs, others)
        if mended and all(holds(one, values) is not False for one in touched):
            cell = min(others)
            sheet, _ = inputs.place(cell)
            where = "、".join(inputs.place(one)[1] for one in sorted(others))
            cause = _Cause(cell, f"{words}ではありませんか（シート「{sheet}」{where}）")
            found.append((len(mended), -len(others), frozenset(cell for one in mended for cell in one.cells), cause))
    for _, _, cells, cause in sorted(found, key=lambda one: one[:2], reverse=True):
        yield cells, cause


def _slips(cells: list[Cell], inputs: Inputs) -> Iterator[tuple[dict[Cell, int], str]]:
    """What may have been meant instead, with the slip in words."""
    typed = {cell: value for cell in cells if isinstance(value := inputs.value(cell), int)}
    for cell, value in typed.items():
        for meant, slip in [*_exchanged(value), *_tenfold(value)]:
            yield {cell: meant}, f"{value:,} は {meant:,} の{slip}"
    for one, other in combinations(typed, 2):
        if typed[one] != typed[other] and _neighbours(one, other):
            yield (
                {one: typed[other], other: typed[one]},
                f"{typed[one]:,} と {typed[other]:,} が入れ替わっているの",
            )


def _exchanged(value: int) -> Iterator[tuple[int, str]]:
    text = str(value)
    for at in range(len(text) - 1):
        other = int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
        if other != value:
            yield other, "数字が入れ替わったもの"


def _tenfold(value: int) -> Iterator[tuple[int, str]]:
    if value:
        yield value * 10, "桁が一つ足りないもの"
    if value and value % 10 == 0:
        yield value // 10, "桁が一つ多いもの"


def _neighbours(one: Cell, other: Cell) -> bool:
    """Whether two cells of a sheet share a row or a column."""
    same_sheet = (one.year, one.table, one.measure) == (other.year, other.table, other.measure)
    return same_sheet and (one.row == other.row) != (one.column == other.column)


def coverage(office: Office, year: FiscalYear) -> Iterator[str]:
    """Table by table in words, which cells with a figure stand in no equation."""
    inputs = Inputs(office.dictionary, {one: office.records(one) for one in office.kept_years(year)})
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


def _published(office: Office, kept: Sequence[FiscalYear], reasons: Mapping[tuple[str, ...], str]) -> Iterator[Finding]:
    for year in kept:
        path = office.year_folder(year) / "published.csv"
        if not path.is_file():
            continue
        figures = office.figures(year)
        printed = tuple(one for one in read_published(path) if (of := _year_of(one)) is None or of in kept)
        for one in differences(printed, office.dictionary, figures, year):
            entry = one.published
            table = office.dictionary[entry.table]
            why = reasons.get((entry.table, entry.row))
            row = f"{entry.row} {entry.measure}".strip()
            kind = "の割合" if entry.kind == "share" else ""
            yield Finding(
                NOTE if why else ERROR,
                "公表値",
                entry.table,
                f"{year.code} {table.sheet}",
                "",
                f"{entry.table} {table.title}（{row}）：「{entry.column}」{kind}は、{year.label}の報告書では {entry.printed}、"
                f"いまの数値からは {one.computed} です" + (f"。{why}" if why else ""),
                entry.printed,
                one.computed,
                ""
                if why
                else f"数値を直したのなら、{year.code}/errata.toml に理由を書いてください。そうでなければ元の数値に戻してください",
            )


def _year_of(printed: Published) -> FiscalYear | None:
    """The fiscal year a printed row is about; None for a month or another row."""
    try:
        year = FiscalYear(printed.row)
    except InputError:
        return None
    return year if printed.row in (year.short, year.code) else None


def reasons_of(office: Office, year: FiscalYear) -> dict[tuple[str, ...], str]:
    """Why something differs, from ``errata.toml``: by table and row, or by table, period and identity."""
    told: dict[tuple[str, ...], str] = {}
    for one in office.kept_years(year):
        path = office.year_folder(one) / "errata.toml"
        raw: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        told |= {(entry["table"], entry["row"]): entry["why"] for entry in raw.get("difference", ())}
        told |= {(entry["table"], entry["period"], entry["identity"]): entry["why"] for entry in raw.get("breach", ())}
    return told


# What is hard to believe


def _hard_to_believe(inputs: Inputs, year: FiscalYear) -> Iterator[Finding]:
    for table in inputs.dictionary.kept(year):
        if table.shape == "monthly" and table.has_months(year):
            yield from _far_months(table, inputs, year)
            yield from _copied_rows(table, inputs, year)


def _far_months(table: Table, inputs: Inputs, year: FiscalYear) -> Iterator[Finding]:
    """Months far above all others that are kept of the column."""
    for measure in table.measures:
        for column in table.typed_columns:
            history = {
                cell: value
                for kept in inputs.years
                if table.has_months(kept) and not column.text
                for (label, of) in inputs.rows(kept, table.id)
                if of == measure.name
                and isinstance(value := inputs.value(cell := Cell(kept, table.id, label, of, column.name)), int)
            }
            for cell, value in history.items():
                highest = max((other for at, other in history.items() if at != cell), default=value)
                if cell.year == year and value > max(FAR * highest, highest + MUCH) and len(history) >= 6:
                    name = f"{measure.name}の{column.name}" if measure.name else column.name
                    what = f"「{name}」{value:,} は、ほかの月（最も多い月で {highest:,}）から大きく外れています"
                    yield _doubt(inputs, cell, "外れた月", what, value)


def _copied_rows(table: Table, inputs: Inputs, year: FiscalYear) -> Iterator[Finding]:
    """Rows that repeat the month before, or the same month of the year before."""
    rows = inputs.rows(year, table.id)
    before: Mapping[tuple[str, str], Any] = dict(zip(list(rows)[len(table.measures) :], rows, strict=False))
    last = list(inputs.rows(year.previous, table.id)) if table.has_months(year.previous) else []
    for number, (label, measure) in enumerate(rows):
        values = _figures(inputs, year, table, (label, measure))
        earlier: list[tuple[str, Callable[[], list[int]]]] = []
        if (label, measure) in before:
            key = before[label, measure]
            earlier.append((f"前の月（{key[0]}）", lambda key=key: _figures(inputs, year, table, key)))  # type: ignore[misc]
        if number < len(last):
            key = last[number]
            earlier.append((f"前の年度（{key[0]}）", lambda key=key: _figures(inputs, year.previous, table, key)))  # type: ignore[misc]
        for name, other in earlier:
            if sum(value > 0 for value in values) >= TOO_ALIKE and values == other():
                cell = Cell(year, table.id, label, measure, table.typed_columns[0].name)
                yield _doubt(inputs, cell, "写した行", f"{label} の行は、{name}とすべて同じ数値です", None)


def _figures(inputs: Inputs, year: FiscalYear, table: Table, key: tuple[str, str]) -> list[int]:
    values = (inputs.value(Cell(year, table.id, *key, column.name)) for column in table.typed_columns)
    return [value for value in values if isinstance(value, int)]


def _doubt(inputs: Inputs, cell: Cell, rule: str, what: str, value: int | None) -> Finding:
    sheet, place = inputs.place(cell)
    title = f"{cell.table} {inputs.dictionary[cell.table].title}"
    message = f"{title}（{f'{cell.row} {cell.measure}'.strip()}）：{what}"
    found = "" if value is None else str(value)
    remedy = "元の記録と見比べてください。正しければ、そのままで構いません"
    return Finding(WARNING, rule, cell.table, f"{cell.year.code} {sheet}", place, message, "", found, remedy)
