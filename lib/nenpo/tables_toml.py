"""Reads ``tables.toml``: every table with what it leaves unsaid filled in, and all that is wrong with the file told at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from nenpo.dictionary import Dictionary, Rate
from nenpo.errors import Fault, InputError
from nenpo.formulas import LARGEST, SMALLEST, WHOLE, Formula, parse_formula, references, without_conversion
from nenpo.japanese.years import FiscalYear
from nenpo.table import EVENT_COLUMNS, LISTS, VALUES_SHEET, Column, Group, Table, as_excel_tells
from nenpo.text.settings import read_settings

T = TypeVar("T")
SHAPES = ("monthly", "cross", "matrix", "events", "values")
MOST_DECIMALS = 6
# How the rows of a column add up to the figure of the whole.
TOTALS = ("sum", "last", "max", "mean", "none")
# What stands as ``rows`` where they are not named one by one: the shape, and the parts of the year.
AXES = {"months": ("monthly", 12), "quarters": ("monthly", 4), "years": ("monthly", 0), "entries": ("events", 0)}
# What a table is called in notebooks, files and addresses.
_ID = re.compile("[0-9]+(?:-[0-9A-Za-z]+)*")
_WIDE_SIGNS = str.maketrans("/+", "／＋")
_AXES_CALLED = {"月": "months", "四半期": "quarters", "年": "years", "一覧": "entries"}
# How many years a table whose rows are years shows, where it does not say.
_YEARS_SHOWN = 30
# A number that somebody has typed before a table's title, which gets its own.
_OWN_NUMBER = re.compile(r"(?:表\s*)?[0-9０-９]+(?:[－-][0-9０-９]+)+[\s\u3000]+|表\s*[0-9０-９]+[\s\u3000]+")
# What Excel takes for the name of a sheet.
_SHEET_NAME = re.compile(r"(?!')[^\[\]:*?/\\]{0,31}(?<!')")
# The columns of a list of entries that names none.
_ENTRY = tuple(Column(name, text=True) for name in EVENT_COLUMNS)


def read_dictionary(path: Path, calendar: bool = False) -> Dictionary:
    """Read ``tables.toml`` of an office that counts in fiscal or in ``calendar`` years. Raises InputError with every fault of the file."""
    settings = read_settings(path)
    if settings is None:
        raise InputError(Fault("データ辞書がありません", str(path), "data フォルダーの場所を確かめてください"))
    settings.raw = _with_wide_signs(settings.raw)
    tables = tuple(_completed(table, calendar) for table in settings.entries("table", Table))
    rates = settings.entries("rate", Rate)
    colours = settings.value("colours", Mapping[str, str], {})
    settings.settle()  # what is wrong with the parts would only be told again of the whole
    known = {table.id: table for table in tables}
    if len(known) < len(tables):
        settings.faults.append("同じ id の表が二つあります")
    for table in tables:
        settings.faults += [f"{table.id}：{fault}" for fault in _inconsistencies(table, known)]
    references = [(rate.name, figure) for rate in rates for figure in (rate.numerator, rate.denominator)]
    settings.faults += [
        f"「{name}」の「{figure}」という列はありません"
        for name, figure in references
        if not names_figure(known, figure)
    ]
    settings.faults += [
        f"「{item.name}」の「{item.of}」という列はありません"
        for table in tables
        for item in table.items
        if item.of and (not names_figure(known, item.of) or known[item.of.partition("/")[0]].items)
    ]
    settings.faults += [
        f"colours：「{name}」の色「{value}」は #00428c のような 6 桁の色ではありません"
        for name, value in colours.items()
        if not re.fullmatch(r"#[0-9a-f]{6}", value)
    ]
    formulas = _formulas(known, settings.faults)
    dictionary = Dictionary(tables, rates, colours, formulas)
    on_sheets = (dictionary.form_sheet(table) for table in known.values() if table.shape != "values")
    named = Counter(map(as_excel_tells, on_sheets))
    settings.faults += [f"シート「{name}」を使う表が二つあります" for name, often in named.items() if often > 1]
    settings.settle()
    return dictionary


def _with_wide_signs(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The file with the / and + of names in full width, wherever those names stand: figures are named by paths and sums, 2-1/列/R5."""
    tables = raw.get("table")
    names = (
        {name for table in tables for name in _names_in(table) if set(name) & {"/", "+"}}
        if isinstance(tables, list)
        else set()
    )
    if not names:
        return raw
    known = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))

    def spelt(value: Any) -> Any:
        if isinstance(value, str):
            return known.sub(lambda name: wide_signs(name[0]), value)
        if isinstance(value, Mapping):
            return {spelt(key): spelt(held) for key, held in value.items()}
        return [spelt(held) for held in value] if isinstance(value, list) else value

    return {key: spelt(held) for key, held in raw.items()}


def _names_in(part: Any) -> Iterator[str]:
    """What a table, as it is written, calls its rows, columns, items and groups."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        held = [part.get(key) for key in ("name", "rows", "columns", "items", "groups", "subtotal")]
        yield from (name for value in held for name in _names_in(value))
    elif isinstance(part, list):
        yield from (name for value in part for name in _names_in(value))


def wide_signs(name: str) -> str:
    """A name with what paths of figures are written with in full width."""
    return name.translate(_WIDE_SIGNS)


def _completed(table: Table, calendar: bool) -> Table:
    """The table with what its short forms stand for."""
    axis = table.rows[0] if len(table.rows) == 1 and table.rows[0] in AXES else ""
    shape, periods = AXES.get(axis, (table.shape, table.periods))
    groups = tuple(_told_apart(table))
    in_groups = tuple(row for group in groups for row in group.rows)
    rows = () if axis else (*(row for row in table.rows if row not in in_groups), *in_groups)
    shape = shape or ("matrix" if rows else "values" if table.items else "")
    months_since = (table.months_since or table.since) if axis and periods else table.months_since
    return replace(
        table,
        title=_OWN_NUMBER.sub("", table.title, count=1) if _OWN_NUMBER.match(table.title) else table.title,
        since=FiscalYear(table.since, calendar),
        shape=shape,
        periods=periods,
        rows=table.rows if rows == table.rows else rows,
        groups=groups,
        months_since=FiscalYear(months_since, calendar) if months_since else None,
        kept_years=table.kept_years or (_YEARS_SHOWN if axis == "years" else 1),
        total_label=table.total_label or (table.total if table.total != "none" else ""),
        corner=table.corner or "区分" * (shape in ("matrix", "cross")),
        columns=_summed(table.columns) or (_ENTRY if shape == "events" else ()),
    )


def _told_apart(table: Table) -> Iterator[Group]:
    """The groups, a row that several have by the group's name before its own: 小計 of 本管 is 「本管 小計」, and is printed 小計."""
    names = Counter(name for group in table.groups for name in (*group.rows, group.subtotal))
    for group in table.groups:
        *rows, subtotal = (
            f"{group.name} {name}" if name and names[name] > 1 else name for name in (*group.rows, group.subtotal)
        )
        yield replace(group, rows=tuple(rows), subtotal=subtotal)


def _summed(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns, sums with the decimals, the unit, the sign and the way of adding up of their parts where they have none of their own."""
    known = {column.name: column for column in columns}

    def completed(name: str, within: frozenset[str] = frozenset()) -> Column:
        column = known[name]
        if not column.sum or name in within:
            return column
        parts = [completed(part, within | {name}) for part in column.sum if part in known]
        units, ways = {part.unit for part in parts}, {(part.adds_up, part.weight) for part in parts}
        total, weight = ways.pop() if len(ways) == 1 and column.adds_up == "sum" and not column.total else ("", "")
        return replace(
            column,
            decimals=max((column.decimals, *(part.decimals for part in parts))),
            unit=column.unit or (units.pop() if len(units) == 1 else ""),
            signed=column.signed or any(part.signed for part in parts),
            total=total if total not in ("", "sum") else column.total,
            weight=weight or column.weight,
        )

    return tuple(completed(column.name) if known[column.name] is column else column for column in columns)


def _formulas(tables: Mapping[str, Table], faults: list[str]) -> dict[tuple[str, str], Formula]:
    """The formulas of computed columns, by table and column; what is wrong with them becomes a fault."""
    formulas: dict[tuple[str, str], Formula] = {}
    for table in tables.values():
        names = {column.name for column in table.columns}
        for column in table.columns:
            where = f"{table.id}：列「{column.name}」の of"
            try:
                formula = parse_formula(column.of, names - {column.name}, table.total_label) if column.of else None
            except ValueError as error:
                faults.append(f"{where}「{column.of}」は計算式として読めません。{error}")
                continue
            for reference in references(formula) if formula else ():
                other = tables.get(reference.table) if reference.table else table
                if other is None or reference.column not in other.counted:
                    place = f"表 {reference.table}" if reference.table else "この表"
                    faults.append(f"{where} の「{reference.column}」という数値の列は、{place} にありません")
                if other and any(reference.column in parts for parts in other.merged.values()):
                    faults.append(f"{where} に使う列「{reference.column}」は、merged で合わせられません")
            if formula:
                formulas[table.id, column.name] = without_conversion(formula, table.unit_of(column))
    rests_on = {
        (table_id, name): [
            (reference.table or table_id, reference.column)
            for reference in references(formula)
            if reference.which in ("", WHOLE, LARGEST, SMALLEST)  # of the same row, or the whole of the same year
        ]
        for (table_id, name), formula in formulas.items()
    }
    faults += [
        f"{table_id}：列「{name}」の of は、めぐりめぐって自分自身から計算することになります"
        for table_id, name in _in_circles(rests_on)
    ]
    return formulas


def _in_circles(made_of: Mapping[T, Iterable[T]]) -> list[T]:
    """What is made of itself in the end."""

    def parts(whole: T) -> set[T]:
        found, left = set[T](), [*made_of[whole]]
        while left:
            if (part := left.pop()) not in found:
                found.add(part)
                left += made_of.get(part, ())
        return found

    return [whole for whole in made_of if whole in parts(whole)]


def names_figure(tables: Mapping[str, Table], figure: str) -> bool:
    """Whether a reference such as "2-1/相談終結" names a column of numbers, or an item, of a table."""
    table_id, _, name = figure.partition("/")
    return table_id in tables and name in tables[table_id].counted


def _inconsistencies(table: Table, known: Mapping[str, Table]) -> Iterator[str]:
    names = [column.name for column in table.columns]
    if not _ID.fullmatch(table.id):
        yield "id は、2-1 や 2-1-2 のように、半角の数字と - で書きます"
    if table.shape not in SHAPES:
        yield f"shape「{table.shape}」は {'、'.join(SHAPES)} のどれでもありません（rows に行の名を並べるか、{'、'.join(AXES)} のどれかを書きます）"
    if len(table.rows) == 1 and (table.rows[0] in _AXES_CALLED or get_close_matches(table.rows[0], AXES, 1)):
        called = "、".join(f"{axis}（{name}）" for name, axis in _AXES_CALLED.items())
        yield f"rows の「{table.rows[0]}」は、{called} のどれかを書くか、行の名を [ ] で囲んで並べます"
    subtotals = [group.subtotal for group in table.groups if group.subtotal]
    if table.total_label in (*table.rows, *subtotals):
        yield f"合計の行の名「{table.total_label}」と同じ名前の行があります"
    named = {*table.rows, *(item.name for item in table.items)}
    if strange := [name for name in table.renamed if name not in named]:
        yield f'renamed に知らない行があります：{"、".join(strange)}（新しい名 = "旧い名" と書きます）'
    if len({*table.rows, *subtotals}) < len(table.rows) + len(subtotals):
        yield "同じ名前の行が二つあります"
    if table.years_since and (table.has_months(table.since) or table.years_since >= table.since):
        yield 'years_since は、rows = "years" の表に、since より前の年度を書きます'
    if len(set(names)) < len(names):
        yield "同じ名前の列が二つあります"
    circles = _in_circles({column.name: column.sum for column in table.columns})
    for column in table.columns:
        yield from _inconsistencies_of(column, table, circles)
    own = (VALUES_SHEET, *LISTS)
    if table.sheet_name and (table.shape == "values" or as_excel_tells(table.sheet_name) in own):
        yield f"sheet_name「{table.sheet_name}」は使えません（items の表のシートと「{'」「'.join(own)}」の名は決まっています）"
    if not _SHEET_NAME.fullmatch(table.sheet_name):
        yield f"sheet_name「{table.sheet_name}」は Excel のシート名にできません（31 文字まで、[ ] : * ? / \\ は使えません）"
    yield from (f"public：{fault}" for fault in table.public.faults())
    if table.public.way == "years" and table.shape != "monthly":
        yield 'public = "years"（公表する版では年の数値だけを示す）は、月や四半期の表に書きます'
    yield from _not_mergeable(table)
    if table.shares and table.shares not in names:
        yield f"shares の列「{table.shares}」がありません"
    if table.shape not in ("values", "events") and not any(column.typed for column in table.as_of(table.since).columns):
        yield f"{table.since.label}に入力する列がありません（sum も of もない列を、一つは since なしで書きます）"
    if table.shape in ("cross", "matrix") and not table.rows:
        yield "rows に行の名を並べてください"
    if table.base and table.base not in known:
        yield f"base の表「{table.base}」がありません"


def _inconsistencies_of(column: Column, table: Table, circles: Collection[str]) -> Iterator[str]:
    """What does not fit in a column of a table; those in ``circles`` are made of themselves."""
    names = [known.name for known in table.columns]
    if strange := [name for name in column.sum if name not in names]:
        yield f"列「{column.name}」の sum に知らない列があります：{'、'.join(strange)}"
    if column.name in circles:
        yield f"列「{column.name}」の sum は、めぐりめぐって自分自身を足すことになります"
    if column.total and column.total not in TOTALS:
        yield f"列「{column.name}」の total「{column.total}」は {'、'.join(TOTALS)} のどれでもありません"
    ways = {table.column(part).adds_up for part in column.sum if part in names}
    if len(ways) > 1 and not (column.total or column.stock):
        yield f"列「{column.name}」の sum の列は、足し方（total）が違います。この列の total も書いてください"
    if column.weight and column.total != "mean":
        yield f'列「{column.name}」：weight は、total = "mean" の列に書きます'
    if column.weight and (column.weight not in names or table.column(column.weight).of):
        yield f"列「{column.name}」の weight の列「{column.weight}」は、入力する列にありません"
    if sum(map(bool, (column.sum, column.of, column.text))) > 1:
        yield f"列「{column.name}」：sum、of、text は、どれか一つだけを書きます"
    if computed := [name for name in column.sum if name in names and table.column(name).of]:
        yield f"列「{column.name}」の sum には、of で計算する列を使えません：{'、'.join(computed)}（of で足してください）"
    if not 0 <= column.decimals <= MOST_DECIMALS:
        yield f"列「{column.name}」の decimals は 0 から {MOST_DECIMALS} までです"


def _not_mergeable(table: Table) -> Iterator[str]:
    """What stands against merging columns or rows."""
    columns = {column.name: column for column in table.columns if column.typed and not column.text}
    sets = [column.sum for column in table.columns] + [group.rows for group in table.groups]
    for name, parts in table.merged.items():
        kinds = [known for known in (columns, table.rows) if all(part in known for part in parts)]
        if len(parts) < 2 or not kinds:
            yield f"merged の「{name}」には、入力する列を二つ以上か、行を二つ以上並べます"
        elif name in columns or name in table.rows:
            yield f"merged の「{name}」は、もうある名前です"
        elif any(0 < len(set(parts) & set(members)) < len(parts) for members in sets):
            yield f"merged の「{name}」は、足し算（sum）や組（groups）の一部だけにまたがっています"
        elif kinds[0] is columns and len({(columns[part].adds_up, table.unit_of(columns[part])) for part in parts}) > 1:
            yield f"merged の「{name}」の列は、単位か足し方が違います"
