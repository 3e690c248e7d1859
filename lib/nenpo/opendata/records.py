"""The tables of a report as rows of plain values, by the rules that Japanese administrations share for machine-readable tables.

The rules are those of 総務省「統計表における機械判読可能なデータの表記方法の統一ルール」 (2020): one datum a cell, numbers as numbers, names in full, no
blanks for the look of it, no letters that only some machines have, the western year beside the era, units, and declared signs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nenpo.dictionary import Dictionary
from nenpo.figures import Figures
from nenpo.japanese.years import FiscalYear
from nenpo.records import Mark, Number, Value, number_of
from nenpo.table import Column, Table

# What stands for a number: hidden, none, unknown.
HIDDEN, NONE, UNKNOWN = (mark.value for mark in (Mark.HIDDEN, Mark.NOT_APPLICABLE, Mark.UNKNOWN))
SIGNS = {HIDDEN: "秘匿", NONE: "該当なし", UNKNOWN: "不詳・未入力"}
# Full-width signs that every machine has, though JIS and Unicode name them otherwise.
_COMMON = frozenset("～－∥￠￡￢—")
TIDY = ("year", "table", "row", "column", "measure", "value", "unit", "sign")

# A cell of a data file: a number, words, or nothing.
Datum = Number | str | None


@dataclass(frozen=True)
class Field:
    """A column of a data file: ``kind`` is integer, number, year, yearmonth or string."""

    name: str
    title: str
    kind: str
    unit: str = ""


@dataclass(frozen=True)
class DataTable:
    """A table as a data file: its id, title, fields, and rows of as many cells."""

    id: str
    title: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Datum, ...], ...]


@dataclass(frozen=True)
class Datapoint:
    """A figure by its place: ``year`` is western, ``row`` a month (2023-04), a named row or "" for the whole."""

    year: int
    table: str
    row: str
    column: str
    measure: str
    value: Number | None
    unit: str
    sign: str


def portable(text: str) -> str:
    """Words that every machine has the letters of, in one line: ① is (1), ㈱ is (株); no formula, whatever they begin with."""
    plain = "".join(_portable_letter(letter) for letter in text)
    plain = " ".join(plain.split())
    return f"'{plain}" if plain[:1] in tuple("=+-@") else plain


def _portable_letter(letter: str) -> str:
    if letter in _COMMON or letter.isspace():
        return letter
    try:
        letter.encode("shift_jis")
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKC", letter)
        return f"({plain})" if plain.isdecimal() and letter != plain and not "０" <= letter <= "９" else plain
    return letter


def data_tables(dictionary: Dictionary, figures: Figures, year: FiscalYear) -> Iterator[DataTable]:
    """The tables that the year keeps, each with all the rows that the report shows of it."""
    for table in dictionary.kept(year):
        keys, rows = _keyed(table, figures, year)
        columns = _fields(table)
        yield DataTable(table.id, portable(table.title), (*keys, *columns), tuple(rows))


def _fields(table: Table) -> tuple[Field, ...]:
    if table.shape == "values":
        return (Field("値", "値", "number"), Field("単位", "単位", "string"))
    return tuple(
        Field(portable(column.name), portable(_titled(table, column)), _kind(column), portable(table.unit_of(column)))
        for column in table.columns
    )


def _titled(table: Table, column: Column) -> str:
    """The full name of a column with its unit."""
    heading = column.heading
    name = column.name if not column.group or heading != column.name else f"{column.group} {column.name}"
    unit = "" if column.text else table.unit_of(column)
    return f"{name}（{unit}）" if unit and f"（{unit}）" not in name else name


def _kind(column: Column) -> str:
    return "string" if column.text else "number" if column.decimals else "integer"


def _keyed(table: Table, figures: Figures, year: FiscalYear) -> tuple[tuple[Field, ...], list[tuple[Datum, ...]]]:
    """What names the rows, and the rows."""
    western, era = Field("year", "年（西暦）", "integer"), Field("era", year.word, "string")
    measured = (Field("measure", "区分", "string"),) if len(table.measures) > 1 else ()
    own = figures.table(table.id, year)
    if table.shape == "values":
        rows = [
            (portable(item.name), _datum(figures.single(table.id, item.name, year)), item.unit or table.unit)
            for item in table.items
        ]
        return (western, era, Field("item", "項目", "string")), [(year.start, year.label, *row) for row in rows]
    assert own is not None
    if table.shape == "monthly":
        head = (Field("period", "期間", "string"), western, era, Field("month", "年月", "string"), *measured)
        return head, list(_of_periods(table, figures, year))
    if table.shape == "events":
        return (western, era), [(year.start, year.label, *_cells(table, values)) for values in own.rows.values()]
    grouped = (Field("group", "組", "string"),) if table.groups else ()
    groups = {row: group.name for group in table.groups for row in (*group.rows, group.subtotal)}
    listed = [(label, values) for (label, _), values in own.rows.items()]
    listed += [(table.total_label, own.year[""])] if table.total_label else []
    named = (
        ((portable(groups.get(label, "")),) if grouped else (), portable(label), values) for label, values in listed
    )
    head = (western, era, *grouped, Field("row", portable(table.corner), "string"))
    return head, [(year.start, year.label, *of, label, *_cells(table, values)) for of, label, values in named]


def _of_periods(table: Table, figures: Figures, year: FiscalYear) -> Iterator[tuple[Datum, ...]]:
    """The rows of a table by months or quarters: those of the year, then the years that it keeps."""
    several = len(table.measures) > 1
    for _, when, measure, values in _months(table, figures, year):
        name = [portable(measure)] if several else []
        yield (table.period_word, year.start, year.label, when, *name, *_cells(table, values))
    for kept in figures.kept_years(table, year):
        whole = figures.table(table.id, kept)
        for measure, values in whole.year.items() if whole else ():
            name = [portable(measure)] if several else []
            yield (year.word, kept.start, kept.label, "", *name, *_cells(table, values))


def _months(table: Table, figures: Figures, year: FiscalYear) -> Iterator[tuple[str, str, str, Mapping[str, Value]]]:
    """Label, ISO month (or quarter), measure and values of the months that a year has."""
    own = figures.table(table.id, year)
    for (label, measure), values in own.rows.items() if own else ():
        yield label, in_iso(label, year), measure, values


def in_iso(label: str, year: FiscalYear) -> str:
    """A month as 2023-04; any other row as it is called."""
    return next((f"{month.year}-{month.month:02}" for month in year.months if month.label == label), portable(label))


def _cells(table: Table, values: Mapping[str, Value]) -> tuple[Datum, ...]:
    return tuple(_datum(values.get(column.name), column.text) for column in table.columns)


def _datum(value: Value, text: bool = False) -> Datum:
    if isinstance(value, Number):
        return value
    if isinstance(value, Mark):
        return value.value
    return portable(value) if isinstance(value, str) else "" if text else UNKNOWN


def datapoints(dictionary: Dictionary, figures: Figures, year: FiscalYear) -> Iterator[Datapoint]:
    """Every figure of the year, table by table: its rows, then the whole."""
    for table in dictionary.kept(year):
        own = figures.table(table.id, year)
        if table.shape == "values":
            for item in table.items:
                value = figures.single(table.id, item.name, year)
                yield _point(table.id, year, "", item.name, "", value, item.unit or table.unit)
            continue
        if own is None:
            continue
        wholes = [*own.year.items()] if table.prints_whole else []
        keyed = [*own.rows.items(), *((("", measure), values) for measure, values in wholes)]
        for (label, measure), values in keyed:
            row = in_iso(label, year) if label else ""
            for column in table.columns:
                if not column.text and (label or column.adds_up != "none"):
                    yield _point(
                        table.id, year, row, column.name, measure, values.get(column.name), table.unit_of(column)
                    )


def _point(table_id: str, year: FiscalYear, row: str, column: str, measure: str, value: Value, unit: str) -> Datapoint:
    number = number_of(value)
    sign = "" if number is not None else value.value if isinstance(value, Mark) else UNKNOWN
    return Datapoint(year.start, table_id, row, portable(column), portable(measure), number, portable(unit), sign)
