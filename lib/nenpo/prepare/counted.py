"""Puts the counts of a ledger into the year's workbook: only counts, never a record."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nenpo.commentary.step import KEPT
from nenpo.dictionary import Dictionary
from nenpo.files import keep, write_whole
from nenpo.japanese.years import FiscalYear
from nenpo.ledger.counting import Uncounted, count_ledger
from nenpo.ledger.mapping import LEDGER, MAPPING, read_mapping
from nenpo.office import Office
from nenpo.prepare.foreign import foreign
from nenpo.prepare.form import form
from nenpo.records import NOT_APPLICABLE, Row, Value, YearRecords
from nenpo.workbook.book import require_closed
from nenpo.workbook.reading import survey_workbook

UNCOUNTED = "数えられなかった記録.csv"
_BESIDE = "statistics（台帳から）.xlsx"


@dataclass(frozen=True)
class Filled:
    """What a count has brought: ``file`` is the workbook that holds it, ``kept`` the copy of the one before; ``changed`` are the
    cells in which another number was typed, with both."""

    file: Path
    kept: Path | None
    records: int
    cells: int
    changed: tuple[str, ...]
    uncounted: tuple[Uncounted, ...]
    listed: Path


def fill_from_ledger(office: Office, year: FiscalYear) -> Filled:
    """Count the year's ledger into its workbook; what is typed in other tables stays. A workbook that holds what we do not make
    (charts, sheets of their own) stays as it is, and the counts are written into a new one beside it.

    Raises InputError for a ledger, a mapping or a workbook that cannot be read.
    """
    office.require(year)
    dictionary, path = office.dictionary, office.workbook(year)
    require_closed(path)
    mapped = read_mapping(office.folder / MAPPING, dictionary)
    counted = count_ledger(office.year_folder(year) / LEDGER, mapped, dictionary, year)
    typed = survey_workbook(path, dictionary, year)[0] if path.exists() else YearRecords(year, {})
    records, changed = _merged(typed, counted.figures, dictionary)
    before = office.records(year.previous) if year.previous in office.years else None
    content = form(dictionary, records, before)
    target = path.with_name(_BESIDE) if path.exists() and foreign(path, dictionary) else path
    kept = None
    if target.exists() and target.read_bytes() != content:
        kept = keep(office.year_folder(year) / KEPT, target.name, target.read_bytes())
    write_whole(target, content)
    listed = office.year_folder(year) / LEDGER / UNCOUNTED
    write_whole(listed, _as_csv(counted.uncounted))
    return Filled(
        target, kept, sum(counted.records.values()), len(counted.figures), tuple(changed), counted.uncounted, listed
    )


def _merged(
    typed: YearRecords, figures: Mapping[tuple[str, str, str, str], int], dictionary: Dictionary
) -> tuple[YearRecords, list[str]]:
    """The records with the counts in them, and in words where another number was typed. A count of 0 leaves 「－」."""
    changed: list[str] = []
    tables: dict[str, tuple[Row, ...]] = dict(typed.tables)
    for table_id in dict.fromkeys(key[0] for key in figures):
        rows = {(row.label, row.measure): row for row in typed.tables.get(table_id, ())}
        for (of, label, measure, column), number in figures.items():
            if of != table_id:
                continue
            row = rows.get((label, measure), Row(label, {}, measure))
            old: Value = row.values.get(column)
            if old is NOT_APPLICABLE and number == 0:
                continue
            if old is not None and old != number:
                shown = old.value if old is NOT_APPLICABLE else old
                changed.append(f"{table_id} {label}{measure} {column}：{shown} → {number}")
            rows[label, measure] = replace(row, values={**row.values, column: number})
        tables[table_id] = tuple(rows.values())
    return YearRecords(typed.year, tables, typed.lists), changed


def _as_csv(uncounted: tuple[Uncounted, ...]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("ファイル", "何件目（見出しの次が 1）", "列", "数えられなかったわけ"))
    writer.writerows((record.file, record.record, record.column, record.why) for record in uncounted)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def in_words(uncounted: tuple[Uncounted, ...]) -> list[str]:
    """How many records could not be counted, by file, column and reason."""
    kinds = Counter((record.file, record.column, record.why) for record in uncounted)
    return [
        f"{file}{f'「{column}」が' if column else '：'}{why}：{number} 件"
        for (file, column, why), number in kinds.items()
    ]
