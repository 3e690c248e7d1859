"""Classes merged for a public edition, as ``merged`` of a table says: columns or rows that stand there as one, by their sum.

merged = { "６０代以上" = ["60代", "70代以上"] }
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from nenpo.dictionary import Dictionary
from nenpo.records import Row, Value, YearRecords
from nenpo.sums import total
from nenpo.table import Column, Group, Table


def merged_dictionary(dictionary: Dictionary) -> Dictionary:
    """The tables with their merged classes. In identities a class stands for its parts where they are added up; one that names a part
    alone falls away, as the public edition does not show it."""
    tables = []
    for table in dictionary.values():
        of_table = [
            (table.id, table.merged),
            *((other.id, other.merged) for other in dictionary.values() if other is not table),
        ]
        texts = (_merged_identity(text, of_table) for text in table.identities)
        tables.append(replace(_merged_table(table), identities=tuple(text for text in texts if text)))
    return Dictionary(tuple(tables), dictionary.rates, dictionary.colours, dictionary.formulas)


def merged_records(records: YearRecords, dictionary: Dictionary) -> YearRecords:
    """What was typed, with the same merged; ``dictionary`` is the one before."""
    tables = {
        table_id: tuple(_merged_rows(dictionary[table_id], rows))
        if table_id in dictionary and dictionary[table_id].merged
        else rows
        for table_id, rows in records.tables.items()
    }
    return replace(records, tables=tables)


def _merged_identity(text: str, merged: Sequence[tuple[str, Mapping[str, Sequence[str]]]]) -> str:
    """An identity of the first of the tables, in terms of what is merged; "" where it cannot be put so."""
    for number, (table_id, classes) in enumerate(merged):
        prefix = f"{table_id}/" if number else ""
        for name, parts in classes.items():
            text = f" {text} ".replace(f" {' + '.join(prefix + part for part in parts)} ", f" {prefix}{name} ").strip()
            words = re.split(r"\s+[=≥≤+×÷−－-]\s+", text)
            if any(prefix + part in words for part in parts):
                return ""
    return text


def _merged_table(table: Table) -> Table:
    if not table.merged:
        return table
    columns = {column.name: column for column in table.columns}
    shown = _merged_names([*columns], table.merged)
    return replace(
        table,
        columns=tuple(
            replace(columns[name], sum=tuple(_merged_names(columns[name].sum, table.merged)))
            if name in columns
            else _merged_column(name, [columns[part] for part in table.merged[name]])
            for name in shown
        ),
        rows=tuple(_merged_names(table.rows, table.merged)),
        groups=tuple(
            Group(group.name, tuple(_merged_names(group.rows, table.merged)), group.subtotal) for group in table.groups
        ),
    )


def _merged_names(names: Sequence[str], merged: Mapping[str, Sequence[str]]) -> list[str]:
    """The names, those that are merged by the name of their class, where the first of them stood."""
    classes = {part: name for name, parts in merged.items() for part in parts}
    return list(dict.fromkeys(classes.get(name, name) for name in names))


def _merged_column(name: str, parts: Sequence[Column]) -> Column:
    since = None if any(part.since is None for part in parts) else min(part.since for part in parts if part.since)
    return replace(parts[0], name=name, label="", category=name, since=since, was=())


def _merged_rows(table: Table, rows: Sequence[Row]) -> Iterator[Row]:
    by_columns = [replace(row, values=_merged_values(table.merged, row.values)) for row in rows]
    classes = {part: name for name, parts in table.merged.items() for part in parts if part in table.rows}
    merged: dict[tuple[str, str], list[Row]] = {}
    for row in by_columns:
        merged.setdefault((classes.get(row.label, row.label), row.measure), []).append(row)
    for (label, measure), members in merged.items():
        names = dict.fromkeys(name for row in members for name in row.values)
        several = {name: total(row.values.get(name) for row in members) for name in names}
        yield members[0] if len(members) == 1 else Row(label, several, measure)


def _merged_values(merged: Mapping[str, Sequence[str]], values: Mapping[str, Value]) -> dict[str, Value]:
    return {
        name: total(values.get(part) for part in merged[name])
        if name in merged and name not in values
        else values[name]
        for name in _merged_names([*values], merged)
    }
