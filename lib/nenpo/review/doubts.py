"""Numbers that are hard to believe: months far from all others, rows that look copied; and those that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from nenpo.findings import WARNING, Finding
from nenpo.japanese.years import FiscalYear
from nenpo.records import Number
from nenpo.table import Table
from nenpo.typed_cells import TypedCell, TypedCells

# A month counts as far from the others if it is more than so many times the highest of them, and by so much higher.
FAR, MUCH = 5, 10
# A row of so many figures or more above 0 is not likely to come twice in a row.
TOO_ALIKE = 4


# The rule of rows that nobody has filled in though the year has come to them: a total would be printed without them.
GAP = "空いたところ"


def doubts(inputs: TypedCells, year: FiscalYear) -> Iterator[Finding]:
    yield from _gaps(inputs, year)
    for table in inputs.dictionary.kept(year):
        if table.shape == "monthly" and table.has_months(year):
            yield from _far_months(table, inputs, year)
            yield from _copied_rows(table, inputs, year)


def _gaps(inputs: TypedCells, year: FiscalYear) -> Iterator[Finding]:
    """Rows without a number: of months, or quarters, up to the last that any table has, and once the year is over of all other tables, or
    of those of which another row is filled in."""
    kept, months = inputs.dictionary.kept(year), len(year.months)
    monthly = [table for table in kept if table.shape == "monthly" and table.has_months(year)]
    filled = {table.id: _filled(table, inputs, year) for table in kept if table.shape != "events"}
    come = max((table.months_until(year, (label for label, _ in filled[table.id])) for table in monthly), default=0)
    over = come == months
    for table in kept:
        if table.shape == "events":
            continue
        with_numbers, labels = filled[table.id], table.labels(year, come)
        for key in inputs.rows(year, table.id):
            asked = key[0] in labels if table in monthly else over or bool(with_numbers)
            if asked and key not in with_numbers:
                cell = TypedCell(year, table.id, *key, _columns(table)[0])
                what = "数値がありません。このままでは、合計はこの分を除いたものになります"
                remedy = "数値を入力してください。0 件なら 0、該当しないなら － です"
                yield _doubt(inputs, cell, GAP, what, None, remedy)


def _filled(table: Table, inputs: TypedCells, year: FiscalYear) -> set[tuple[str, str]]:
    """The rows of a table in which anything is filled in."""
    return {
        key
        for key in inputs.rows(year, table.id)
        if any(inputs.value(TypedCell(year, table.id, *key, name)) is not None for name in _columns(table))
    }


def _columns(table: Table) -> list[str]:
    return ["値"] if table.shape == "values" else [column.name for column in table.typed_columns]


def _far_months(table: Table, inputs: TypedCells, year: FiscalYear) -> Iterator[Finding]:
    """Months far above all others that are kept of the column."""
    for measure in table.measures:
        for column in table.typed_columns:
            history = {
                cell: value
                for kept in inputs.years
                if table.has_months(kept) and not column.text
                for (label, of) in inputs.rows(kept, table.id)
                if of == measure.name
                and isinstance(value := inputs.value(cell := TypedCell(kept, table.id, label, of, column.name)), Number)
            }
            if len(history) < 6:
                continue
            second, first = sorted(history.values())[-2:]
            for cell, value in history.items():
                highest = second if value == first else first  # of the others
                if cell.year == year and value > max(FAR * highest, highest + MUCH):
                    name = f"{measure.name}の{column.name}" if measure.name else column.name
                    what = f"「{name}」{value:,} は、ほかの月（最も多い月で {highest:,}）から大きく外れています"
                    yield _doubt(inputs, cell, "外れた月", what, value)


def _copied_rows(table: Table, inputs: TypedCells, year: FiscalYear) -> Iterator[Finding]:
    """Rows that repeat the month before, or the same month of the year before."""
    keys = list(inputs.rows(year, table.id))
    before = [None] * len(table.measures) + keys
    last = list(inputs.rows(year.previous, table.id)) if table.has_months(year.previous) else []
    for number, key in enumerate(keys):
        values = _figures(inputs, year, table, key)
        earlier = [("前の月", year, before[number])]
        earlier += [(f"前の{year.word}", year.previous, other) for other in last[number : number + 1]]
        for name, of, other in earlier:
            alike = other is not None and values == _figures(inputs, of, table, other)
            if alike and other and sum(value > 0 for value in values) >= TOO_ALIKE:
                cell = TypedCell(year, table.id, *key, table.typed_columns[0].name)
                what = f"{key[0]} の行は、{name}（{other[0]}）とすべて同じ数値です"
                yield _doubt(inputs, cell, "写した行", what, None)


def _figures(inputs: TypedCells, year: FiscalYear, table: Table, key: tuple[str, str]) -> list[Number]:
    values = (inputs.value(TypedCell(year, table.id, *key, column.name)) for column in table.typed_columns)
    return [value for value in values if isinstance(value, Number)]


def _doubt(
    inputs: TypedCells,
    cell: TypedCell,
    rule: str,
    what: str,
    value: Number | None,
    remedy: str = "元の記録と見比べてください。正しければ、そのままで構いません",
) -> Finding:
    sheet, place = inputs.place(cell)
    title = f"{cell.table} {inputs.dictionary[cell.table].title}"
    message = f"{title}（{f'{cell.row} {cell.measure}'.strip()}）：{what}"
    printed = "" if value is None else str(value)
    return Finding(
        severity=WARNING,
        rule=rule,
        table=cell.table,
        sheet=f"{cell.year.code} {sheet}",
        cell=place,
        message=message,
        found=printed,
        suggestion=remedy,
    )
