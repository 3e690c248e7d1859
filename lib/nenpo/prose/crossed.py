"""Names of rows with those of columns: 「男性の６０歳以上」, 「乳がん検診の受診者」."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nenpo.prose.sentence import Named

# The row that a name means, by the tables that have one of that name.
Rows = Mapping[str, Mapping[str, str]]


def with_columns(named: list[Named], text: str, rows: Rows) -> Iterator[Named]:
    """The names, those of rows with the column of their table that is named nearest before them, or else after; a column may be meant
    of the row that is named before it."""
    bare = text  # without the names, which may hold digits themselves
    for begin, end, _ in named:
        bare = bare[:begin] + "\0" * (end - begin) + bare[end:]
    for at, (begin, end, paths) in enumerate(named):
        of_tables = rows.get(text[begin:end], {})
        columns = [
            path
            for other in (*reversed(named[:at]), *named[at + 1 :])
            if text[other[0] : other[1]] not in rows and not _is_apart(bare, (begin, end), other)
            for path in other[2]
        ]
        of_column = (_crossed(path, of_tables) or _in_column(path, paths) for path in columns)
        if crossings := next(filter(None, of_column), ()):
            is_subject = text[end : end + 1] == "は" and text[end + 1 : end + 2] not in "、\0"
            yield begin, end, (*crossings, *(path for path in paths if is_subject and path not in crossings))
            continue
        labels = _rows_before(named[:at], begin, text, rows)
        in_rows = (
            "+".join(f"{path}/{row}" for row in labels[path.partition("/")[0]])
            for path in paths
            if path.count("/") == 1 and "+" not in path and path.partition("/")[0] in labels
        )
        yield begin, end, (*in_rows, *paths) if not of_tables else paths


def _is_apart(text: str, row: tuple[int, int], column: Named) -> bool:
    """Whether a column is not meant with a row: one behind a figure or in a bracket after it, or in a bracket before that is closed."""
    if column[0] >= row[1]:
        return bool(re.search(r"[\d（(]", text[row[1] : column[0]]))
    between = re.sub(r"[（(][^（）()]*[）)]", "", text[column[1] : row[0]])
    return bool(re.search("[）)]", between))


def _rows_before(named: Sequence[Named], end: int, text: str, rows: Rows) -> dict[str, list[str]]:
    """The rows that are named last before a place, by the table; all those of a bracket that is closed before it."""
    of_names = [(name, of) for name in named if (of := _rows_in(name, text, rows))]
    if not of_names:
        return {}
    last, labels = of_names[-1]
    closed = re.match("[^（(]*[）)]", text[last[1] : end])
    opened = max(text.rfind(mark, 0, last[0]) for mark in "（(")
    for _, of in reversed([(name, of) for name, of in of_names[:-1] if closed and name[0] > opened]):
        labels = {table: [*of[table], *listed] for table, listed in labels.items() if table in of}
    return labels


def _rows_in(name: Named, text: str, rows: Rows) -> dict[str, list[str]]:
    """The rows that a name is of, by the table: one, or several that are added up."""
    called = text[name[0] : name[1]]
    of_rows = {table_id: [row] for table_id, row in rows.get(called, {}).items()}
    of_paths = ([part.split("/") for part in path.split("+")] for path in name[2])
    return of_rows or {
        parts[0][0]: [part[2] for part in parts] for parts in of_paths if all(len(part) == 3 for part in parts)
    }


def _crossed(path: str, of_tables: Mapping[str, str]) -> tuple[str, ...]:
    """The figure of a column, or of several that are added up, in the row that its table has of a name; none where they are of no table together."""
    columns = [part.split("/") for part in path.split("+")]
    are_columns = all(len(column) == 2 and column[0] in of_tables for column in columns)
    return ("+".join(f"{table}/{name}/{of_tables[table]}" for table, name in columns),) if are_columns else ()


def _in_column(column: str, paths: Sequence[str]) -> tuple[str, ...]:
    """The rows of a column that are added up, for each of the paths that is a sum of rows of its table."""
    if column.count("/") != 1 or "+" in column:
        return ()
    table = column.partition("/")[0]
    of_paths = ([part.split("/") for part in path.split("+")] for path in paths)
    sums = [
        "+".join(f"{column}/{row}" for _, _, row in parts)
        for parts in of_paths
        if len(parts) > 1 and all(len(part) == 3 and part[0] == table for part in parts)
    ]
    return tuple(dict.fromkeys(sums))


def with_row_before(names: Sequence[Named], before: Sequence[Named]) -> list[Named]:
    """The names of a sentence that names no row: a column may be that of the row in the sentence before, 「出場件数は神戸市消防局が最も多い。搬送人員も
    ８３，２３１人」."""
    rows = [path.split("/") for name in before for path in name[2] if path.count("/") == 2]
    if not rows or any(path.count("/") == 2 for name in names for path in name[2]):
        return list(names)
    table, _, row = rows[-1]
    return [
        (
            begin,
            end,
            (*paths, *(f"{path}/{row}" for path in paths if re.fullmatch(rf"{re.escape(table)}/[^/+]+", path))),
        )
        for begin, end, paths in names
    ]
