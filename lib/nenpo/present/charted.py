"""The chart of a table: what of it is shown, by which kind of chart, with which caption."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from nenpo.dictionary import Dictionary
from nenpo.errors import Fault, InputError
from nenpo.figures import Figures
from nenpo.japanese.numerals import half_width
from nenpo.japanese.years import FiscalYear
from nenpo.present.charts import Data
from nenpo.present.kinds import KINDS, panels
from nenpo.present.theme import ACCENT, COLOURS
from nenpo.records import number_of
from nenpo.table import REST, Column, Item, Table

# What follows the title in a caption.
_SUFFIXES = {"course": "の推移", "shares": "の構成比", "ring": "の構成比", "portions": "の割合", "target": "の達成状況"}
# A panel of a line chart holds so many lines that are told apart; more stand in small charts of their own.
_LINES = 6
# So many bars of a label are told apart.
_BARS = 3
# Lines of one panel, the highest of which is so many times as high as the lowest, stand in charts of their own.
_FAR = 20
OVER = ("months", "years")
# Kinds that show the figures of one label.
_ONE_YEAR = ("ring", "portions")


class Palette:
    """The colour of each category of the report: those given in ``tables.toml``, for all others the theme's in order."""

    def __init__(self, dictionary: Dictionary):
        self._given = dictionary.colours
        names = (
            name
            for table in dictionary.values()
            for name in (*(column.in_charts for column in table.columns), *table.rows)
        )
        others = dict.fromkeys(name for name in names if name not in self._given)
        self._others = {name: COLOURS[at % len(COLOURS)] for at, name in enumerate(others)}

    def __getitem__(self, name: str) -> str:
        return self._given.get(name) or self._others.get(name, ACCENT)

    def of(self, series: Sequence[str], apart: bool = False) -> dict[str, str]:
        """The colours of the series of a chart; one that is alone in it, as all are that stand ``apart``, needs none of its own."""
        is_alone = apart or len(series) == 1
        return {name: self._given.get(name, ACCENT) if is_alone else self[name] for name in series}


def charted(
    table: Table,
    figures: Figures,
    year: FiscalYear,
    colours: Palette,
    columns: Sequence[str],
    kind: str,
    over: str,
) -> tuple[str, Data]:
    """The kind of chart, where none is named that which suits the table, and what it shows. Raises InputError for a kind, a column or an
    axis that the table has not."""
    if table.shape == "values":
        table, columns = replace(table, items=_items(table, columns)), ()
    chosen = _columns(table, columns)
    timed = table.shape == "monthly"
    if kind and kind not in KINDS:
        raise _fault(f"「{kind}」という図の種類はありません", f"ある種類：{'、'.join(KINDS)}")
    if over and over not in OVER:
        raise _fault(f"over の「{over}」は {'、'.join(OVER)} のどちらでもありません")
    if kind == "course" and not timed:
        raise _fault(f"表 {table.id} の行は月や年ではないため、推移の図になりません", 'kind="bars" などにしてください')
    data = _data(table, figures, year, chosen, over or ("years" if timed and kind in _ONE_YEAR else ""))
    if not kind:
        kind, data = suited(table, data, [column.name for column in chosen])
    if KINDS[kind].parts and len(set(data.units.values())) > 1:
        raise _fault(
            f"表 {table.id} の列は単位が違うため、積み上げられません", "columns で同じ単位の列を選んでください"
        )
    if KINDS[kind].parts and data.has_negatives:
        raise _fault(
            f"表 {table.id} には負の数があるため、全体に対する割合の図になりません", 'kind="bars" などにしてください'
        )
    if kind == "target" and len(data.series) < 2:
        raise _fault("目標と実績の図には、実績と目標の二つの列が要ります", 'columns=["実績", "目標"] のように書きます')
    if kind == "ranked":
        data = data.only(data.series[0])
    if kind in ("ring", "portions"):
        data = _as_parts(data)
    return kind, replace(data, colours=colours.of(data.series, apart=kind == "multiples"))


def caption_of(table: Table, year: FiscalYear, kind: str, data: Data, of: str, until: str) -> str:
    """What the chart shows; ``of`` are the columns that were asked for."""
    what = of or table.title.removesuffix("の推移")
    if data.timed and kind not in _ONE_YEAR and data.labels and data.labels[-1].endswith(year.word):
        first, last = data.labels[0].removesuffix(year.word), data.labels[-1]
        return f"{what}の推移（{first}～{last}）" if len(data.labels) > 1 else f"{what}（{last}）"
    suffix = "の推移" if data.timed and kind not in _ONE_YEAR else _SUFFIXES.get(kind, "")
    return f"{what}{suffix}（{'、'.join(filter(None, [year.label, until]))}）"


def _items(table: Table, names: Sequence[str]) -> tuple[Item, ...]:
    """The items that are asked for, or those of the unit that most have: what is counted in different ones is not shown side by side."""
    units = table.counted
    if strange := [name for name in names if name not in units]:
        raise _fault(f"表 {table.id} に「{'、'.join(strange)}」という項目はありません", f"ある項目：{'、'.join(units)}")
    if len({units[name] for name in names}) > 1:
        remedy = "columns で同じ単位の項目を選んでください"
        raise _fault(f"表 {table.id} の項目は単位が違うため、一つの図になりません", remedy)
    most = [unit for unit, _ in Counter(units.values()).most_common(1)]
    return tuple(item for item in table.items if (item.name in names if names else units[item.name] in most))


def _columns(table: Table, names: Sequence[str]) -> list[Column]:
    """The columns that are asked for; else those of numbers that are typed."""
    numbers = {column.name: column for column in table.columns if not column.text}
    if strange := [name for name in names if name not in numbers]:
        remedy = f"ある列：{'、'.join(numbers)}"
        raise _fault(f"表 {table.id} に「{'、'.join(strange)}」という数値の列はありません", remedy)
    if table.shape != "values" and not numbers:
        raise _fault(f"表 {table.id} は図にできません（数値の表ではありません）")
    if names:
        return [numbers[name] for name in names]
    if table.parts:
        return list(table.parts)
    typed = [column for column in numbers.values() if column.typed] or list(numbers.values())
    percent = [column for column in typed if table.unit_of(column) in ("％", "%")]
    return [column for column in typed if column not in percent] or typed


def _data(table: Table, figures: Figures, year: FiscalYear, columns: Sequence[Column], over: str) -> Data:
    names = _names(columns)
    units = {names[column.name]: table.unit_of(column) for column in columns}
    if table.shape == "values":
        items = {item.name: number_of(figures.single(table.id, item.name, year)) for item in table.items}
        units = {table.title: next(iter(table.counted.values()), "")}
        return Data(tuple(items), {table.title: tuple(items.values())}, units, {})
    own = figures.table(table.id, year)
    assert own is not None
    measure = table.measures[0].name
    stocks = frozenset(names[column.name] for column in columns if column.stock)
    if over == "years" or (table.shape == "monthly" and not own.rows):
        count = figures.reached(table.id, year)
        years = list(reversed(figures.comparable(table, year, count)))
        if table.periods == 0:  # a year is a row: none that nothing is known of yet
            years = [
                kept
                for kept in years
                if any(
                    number_of(figures.of_year(table.id, column.name, kept, measure)) is not None for column in columns
                )
            ]
        values = {
            names[column.name]: tuple(
                number_of(figures.of_year(table.id, column.name, kept, measure, count)) for kept in years
            )
            for column in columns
        }
        return Data(tuple(kept.short for kept in years), values, units, {}, "years", stocks)
    subtotals = {group.subtotal for group in table.groups}
    rows = {label: row for (label, of), row in own.rows.items() if of == measure and label not in subtotals}
    values = {names[column.name]: tuple(number_of(row.get(column.name)) for row in rows.values()) for column in columns}
    return Data(tuple(rows), values, units, {}, "months" if table.shape == "monthly" else "", stocks)


def _names(columns: Sequence[Column]) -> dict[str, str]:
    """What the columns are called in the chart: by their category, which has a colour of its own, or by their name where two are alike."""
    called = [column.in_charts for column in columns]
    return {column.name: column.in_charts if called.count(column.in_charts) == 1 else column.name for column in columns}


def suited(table: Table, data: Data, columns: Collection[str]) -> tuple[str, Data]:
    """The kind of chart that suits what is shown of some columns, and of it what such a chart can show. Only parts of one sum are piled up."""
    same = len(set(data.units.values())) == 1
    if data.timed:
        if len(data.labels) < 3:
            return ("bars" if same else "multiples"), data
        lines = max(list(data.units.values()).count(unit) for unit in data.units.values())
        return ("course" if lines <= _LINES and not _is_far_apart(data) else "multiples"), data
    adds_up = same and not data.has_negatives and data.unit not in ("％", "%")
    if table.shape == "cross" and adds_up:
        return "shares", data if table.shares else _turned(data)
    if len(data.series) == 1:
        return ("bars" if _are_in_order(data.labels) else "ranked"), data
    if adds_up and len(data.series) > 2 and any(set(columns) <= set(column.sum) for column in table.columns):
        return "stacked", data
    return ("bars" if same and len(data.series) <= _BARS and not _is_far_apart(data) else "multiples"), data


def _are_in_order(labels: Iterable[str]) -> bool:
    """Whether rows have an order of their own, by numbers that rise in those that begin alike: ages, grades, 「小１」「小２」「中１」."""
    of_stem: dict[str, list[int]] = {}
    for label in (half_width(label) for label in labels if not label.startswith(REST)):
        if (numbered := re.match(r"(\D*)(\d+)", label)) is None:
            return False
        of_stem.setdefault(numbered[1], []).append(int(numbered[2]))
    return len(of_stem) < sum(map(len, of_stem.values())) and all(
        numbers == sorted(numbers) for numbers in of_stem.values()
    )


def _is_far_apart(data: Data) -> bool:
    """Whether in one panel some lines, or bars, would lie flat below the others."""
    for names in panels(data):
        peaks = [max((abs(float(value)) for value in data.values[name] if value), default=0.0) for name in names]
        if any(peaks) and max(peaks) > _FAR * min(filter(None, peaks)):
            return True
    return False


def _turned(data: Data) -> Data:
    """Labels and series exchanged."""
    values = {label: tuple(own[at] for own in data.values.values()) for at, label in enumerate(data.labels)}
    return Data(data.series, values, dict.fromkeys(data.labels, data.unit), {}, data.over)


def _as_parts(data: Data) -> Data:
    """The figures of one label as parts of a whole: of the last where they come in order, of the labels where there is one series."""
    if len(data.series) == 1 and not data.timed:
        return _turned(data)
    return data.ordered([len(data.labels) - 1 if data.timed else 0]) if data.labels else data


def _fault(what: str, remedy: str = "") -> InputError:
    return InputError(Fault(what, "report.chart", remedy))
