"""``Report("R5")``: what a chapter notebook talks to. Every method returns something that the cell shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nenpo.errors import Fault, InputError, gather
from nenpo.figures import Figures
from nenpo.japanese.years import FiscalYear
from nenpo.office import Profile, find_office
from nenpo.paths import require_name
from nenpo.present.charted import Palette, caption_of, charted
from nenpo.present.charts import Data
from nenpo.present.display import Commentary, Shown
from nenpo.present.kinds import drawn, drawn_small
from nenpo.present.notebook import check_parameters, prepare
from nenpo.present.organisation import parse_organisation
from nenpo.present.summary import Key, summary
from nenpo.present.tables import absent, empty, rates_view, table_view
from nenpo.present.theme import FULL, HALF, QUARTER
from nenpo.present.views import CaseView, Charts, Notice, OrganisationChart, SideBySide, SmallMultiples
from nenpo.reads import Reads, own
from nenpo.records import HIDDEN, number_of
from nenpo.table import Table
from nenpo.text.cases import Case, parse_case
from nenpo.text.typed import read_text

if TYPE_CHECKING:
    from pandas import DataFrame

# The most years that a key figure is compared over, of those that are kept, where its table shows fewer.
_YEARS_COMPARED = 5


class Report:
    """The report of one fiscal year.

    ``fiscal_year`` is written as R5, 令和５年度 or 2023; the data folder is that of ``NENPO_DATA`` or the nearest
    ``data/`` upward. Raises InputError for a year without a folder, for a parameter it does not know, and for a workbook
    that cannot be read.
    """

    def __init__(self, fiscal_year: str | int, data: str | Path | None = None):
        self._office = find_office(Path(data) if data else None)
        self.year = self._office.year(fiscal_year)
        check_parameters(self.year)
        self._figures: Figures = self._office.figures(self.year)
        prepare()

    @property
    def profile(self) -> Profile:
        """Who publishes the report."""
        return self._office.profile

    @property
    def reads(self) -> Reads:
        """What the report has read so far."""
        return self._office.reads

    def check(self) -> None:
        """Read everything the chapters will ask for. Raises InputError with all faults, before anything is executed:
        inside a kernel an error loses its kind, and the user would see a failing chapter instead of a file."""
        folder = self._office.year_folder(self.year)
        sections = sorted({path.stem.rpartition("-")[0] for path in (folder / "cases").glob("*.md")})
        texts = sorted((folder / "commentary").glob("*.md"))
        reads: list[Callable[[], object]] = [
            lambda: self.profile,
            lambda: self._office.key_figures,
            self.organisation,
            *(partial(read_text, path) for path in texts),
            *(partial(self.cases, section) for section in sections),
        ]
        gather(reads)

    def table(self, table_id: str) -> Shown:
        """A table of the dictionary; where the year does not keep it, a sentence that says so."""
        table = self._table(table_id)
        missing = self._missing(table)
        return Shown(missing or replace(table_view(table, self._figures, self.year), landscape=table.landscape))

    def tables(self, *table_ids: str) -> Shown:
        """Small tables beside each other; where the year keeps none of them, a sentence that says so."""
        tables = [self._table(table_id) for table_id in table_ids]
        missing = {table.id: self._missing(table) for table in tables}
        views = [table_view(table, self._figures, self.year) for table in tables if missing[table.id] is None]
        return Shown(*[SideBySide(tuple(views))] * bool(views), *filter(None, missing.values()))

    def summary(self) -> Shown:
        """The page 「あらまし」."""
        keys = []
        for number, key in enumerate(self._office.key_figures, start=1):
            table = self._table(key.table)
            count = self._figures.reached(table.id, self.year)
            several = replace(table, kept_years=max(table.kept_years, _YEARS_COMPARED))
            years = list(reversed(self._figures.comparable(several, self.year, count)))
            values = [number_of(self._figures.referred(key.of, year, count)) for year in years]
            name, part, column = key.name, self.year.until(count), key.of.partition("/")[2]
            unit = key.unit or table.counted[column]
            if part and any(known.stock for known in table.columns if known.name == column):
                part = f"{part.removesuffix('まで')}末"  # a stock's figure is that of the last month
                name = name.replace(f"{self.year.word}末", part)
            chart = None
            is_hidden = any(self._figures.referred(key.of, year, count) is HIDDEN for year in years)
            if len([value for value in values if value is not None]) > 1 and not is_hidden:
                shown = Data(tuple(year.short for year in years), {name: tuple(values)}, {name: unit}, {}, "years")
                chart = drawn("multiples", shown, f"fig-summary-{number}", name, QUARTER, height=29)
            now, before = (self._figures.referred(key.of, year, count) for year in (self.year, self.year.previous))
            keys.append(Key(name, unit, now, before, f"sec-{table.section}", chart, part))
        return Shown(summary(keys, self.year.word))

    def chart(
        self,
        table_id: str,
        columns: Sequence[str] = (),
        *,
        kind: str = "",
        over: str = "",
        caption: str = "",
        number: int = 1,
    ) -> Shown:
        """A chart of a table. Without more, one that suits it; ``columns`` names what is shown.

        ``kind`` is one of course (lines over months or years), bars, ranked (lying bars, the largest on top), stacked, shares (bars of
        100 per cent), ring, portions (the year's shares as bars), multiples (a small chart a column) and target (the first column against the second); ``over="years"`` shows
        the years instead of the months or rows. ``number`` is the figure's in its section. Where there are no figures, a sentence that says so.

        >>> report.chart("2-6")                                                            # doctest: +SKIP
        >>> report.chart("2-1", ["相談終結"], kind="bars", over="years", number=3)            # doctest: +SKIP
        """
        table = self._table(table_id)
        if missing := self._missing(table):
            return Shown(missing)
        names = [columns] if isinstance(columns, str) else columns
        if withheld := self._withheld(
            table, names or [column.name for column in table.columns], months=over != "years"
        ):
            return Shown(withheld)
        kind, data = charted(table, self._figures, self.year, self._colours, names, kind, over)
        if not any(value for values in data.values.values() for value in values):
            return Shown(Notice(f"「{table.title}」の{self.year.label}の数値がないため、図はありません。"))
        until = self.year.until(self._figures.reached(table.id, self.year))
        said = caption or caption_of(table, self.year, kind, data, "・".join(names), until)
        figure_id, said = self._numbered(table_id, number, said)
        if kind == "multiples":
            return Shown(SmallMultiples(figure_id, said, tuple(drawn_small(data, figure_id))))
        return Shown(Charts((drawn(kind, data, figure_id, said),)))

    def course(self, table_id: str, columns: Sequence[str]) -> Shown:
        """The months' course of some columns: stocks above, flows below. Where there are no months, a sentence that says so."""
        own = self._figures.table(table_id, self.year) if self._table(table_id).shape == "monthly" else None
        if own is None or not own.rows or not self._figures.reached(table_id, self.year):
            return Shown(Notice(f"月別の数値がないため、{self.year.label}の推移の図はありません。"))
        return self.chart(table_id, columns, kind="course")

    def years(self, table_id: str, columns: Sequence[str], number: int = 2) -> Shown:
        """The years of some columns, a small chart each; ``number`` is the figure's in its section. Where there is but one year, a
        sentence that says so."""
        table, word = self._table(table_id), self.year.word
        count = self._figures.reached(table_id, self.year)
        years = self._figures.comparable(table, self.year, count)
        if len(years) < 2 or not count:
            return Shown(Notice(f"{self.year.label}と比べられる{word}の数値がないため、{word}の比較の図はありません。"))
        caption = f"{table.title}の{word}比較（{self._span(years[-1], years[0], count)}）"
        return self.chart(table_id, columns, kind="multiples", over="years", caption=caption, number=number)

    def shares(self, table_id: str, *, columns: bool = False) -> Shown:
        """A table's parts: the year's shares as a ring, the years side by side as bars; with ``columns`` also the year's shares as bars."""
        table = self._table(table_id)
        count = self._figures.reached(table_id, self.year)
        years = self._figures.comparable(table, self.year, count)
        if not years or years[0] != self.year:
            return Shown(Notice(absent(table, self.year)))
        if not count:
            return Shown(Notice(empty(table, self.year)))
        parts = [part.name for part in table.parts]
        if withheld := self._withheld(table, parts):
            return Shown(withheld)
        kinds = ["ring", *(["stacked"] if len(years) > 1 else []), *(["portions"] if columns else [])]
        drawings = []
        for number, kind in enumerate(kinds, start=1):
            _, data = charted(table, self._figures, self.year, self._colours, parts, kind, "years")
            if kind == "ring" and not data.wholes[0]:
                return Shown(Notice(f"{self.year.label}の「{table.title}」は 0 {table.unit}のため、図はありません。"))
            caption = caption_of(table, self.year, kind, data, "", self.year.until(count))
            figure_id, caption = self._numbered(table_id, number, caption)
            drawings.append(drawn(kind, data, figure_id, caption, FULL if kind == "portions" else HALF))
        return Shown(Charts(tuple(drawings)))

    def _numbered(self, table_id: str, number: int, caption: str) -> tuple[str, str]:
        """The id of a figure, and its caption with its number."""
        return f"fig-{table_id}-{number}", f"図{table_id.replace('-', '－')}－{number}　{caption}"

    def _withheld(self, table: Table, columns: Sequence[str], months: bool = False) -> Notice | None:
        """A sentence in place of a chart of figures of which some are hidden; with ``months`` also those of the rows."""
        if not self._office.hidden:
            return None
        years = self._figures.kept_years(table, self.year)
        made = [own for year in years if (own := self._figures.table(table.id, year)) is not None]
        rows = [row for own in made for row in own.year.values()]
        rows += [row for own in made for row in own.rows.values()] if months or table.shape != "monthly" else []
        if not any(row.get(name) is HIDDEN for row in rows for name in (*columns, "値")):
            return None
        return Notice(f"「{table.title}」には秘匿した数値があるため、図は載せていません。")

    def _missing(self, table: Table) -> Notice | None:
        """A sentence in place of a table that the year does not keep, or in which nothing has been filled in."""
        if self.year < table.since:
            return Notice(absent(table, self.year), f"tbl-{table.id}")
        return Notice(empty(table, self.year), f"tbl-{table.id}") if self._is_empty(table) else None

    def _is_empty(self, table: Table) -> bool:
        """Whether nothing has been filled in; a year before the table has months shows its totals alone."""
        own = self._figures.table(table.id, self.year)
        if table.shape == "monthly":
            return not self._figures.reached(table.id, self.year)
        if table.shape == "values":
            return all(self._figures.single(table.id, item.name, self.year) is None for item in table.items)
        return own is not None and all(value is None for row in own.rows.values() for value in row.values())

    def _span(self, first: FiscalYear, last: FiscalYear, count: int) -> str:
        """The years of a chart in words, and their months where the last is not over."""
        part = self.year.until(count)
        return f"{first.short.removesuffix(first.word)}～{last.short}" + (f"、それぞれ{part}" if part else "")

    @cached_property
    def _colours(self) -> Palette:
        return Palette(self._office.dictionary)

    def frame(self, table_id: str, years: bool = False) -> DataFrame:
        """A table as a DataFrame, for calculations and charts of one's own.

        Shape: a row each month (named row, item, entry), a column each column of the table, by name; the index is named after the rows
        (月, 区分 …), with a second level 区分 where each month has several figures. Counts are ``Int64``, decimals exact ``Decimal``, words
        ``string``; what is missing or does not apply is ``NA``. With ``years=True`` in tidy form, a row a figure, of all the years that
        the table shows: year, row ("" for the whole year), column, measure, value, unit.

        >>> report.frame("2-1")["相談終結"].sum()                                          # doctest: +SKIP
        >>> seaborn.lineplot(report.frame("2-1", years=True), x="year", y="value")         # doctest: +SKIP
        """
        from nenpo.present.frames import table_frame, tidy_frame

        table = self._table(table_id)
        return (tidy_frame if years else table_frame)(table, self._figures, self.year)

    def figure(self, figure: Any, caption: str, alt: str, width: float | None = None) -> Shown:
        """A drawing of one's own, of matplotlib or seaborn, with its caption and the number that is next in its section.

        ``alt`` says in words what is seen; ``width`` is in millimetres, 166 across the page, by default as it was drawn.

        >>> drawing, axes = pyplot.subplots(figsize=(6, 3))                                # doctest: +SKIP
        >>> seaborn.barplot(report.frame("2-1").reset_index(), x="月", y="相談終結", ax=axes)   # doctest: +SKIP
        >>> report.figure(drawing, "終結の月別件数", "棒グラフ。５月が最も多い。")            # doctest: +SKIP
        """
        from nenpo.present.own import figure as own_figure

        return Shown(own_figure(figure, caption, alt, width))

    def frame_table(
        self, frame: DataFrame, caption: str, unit: str = "", decimals: int | None = None, landscape: bool = False
    ) -> Shown:
        """A DataFrame of one's own as a table of the report, with its caption and the number that is next in its section.

        The index stands at the left (a bare numbering is left out); numbers have thousands separators and, in a column, as many
        ``decimals`` as they need, two at most, where nothing is said; what is missing is 「－」. A ``landscape`` one has a page of its own,
        turned.

        >>> report.frame_table(report.frame("2-1").describe(), "相談件数の要約", unit="件")     # doctest: +SKIP
        """
        from nenpo.present.own import frame_table as own_table

        return Shown(own_table(frame, caption, unit, decimals, landscape))

    def rates(self, section: str) -> Shown:
        """The rates of a section over the last four years."""
        rates = [rate for rate in self._office.dictionary.rates if rate.section == section]
        if not rates:
            raise InputError(Fault(f"「{section}」の率は tables.toml にありません", "tables.toml"))
        years = self._figures.years_since(min(rate.since for rate in rates), 4, self.year)
        return Shown(rates_view(section, rates, self._figures, years))

    def organisation(self, section: str = "1-2") -> Shown:
        """The organisation chart of ``data/R5/organisation.toml``; a mark where there is none."""
        path = self._office.year_folder(self.year) / "organisation.toml"
        source = self._office.text(path)
        if source is None:
            return Shown(Notice(f"（{self.year.label}の体制図はまだありません）"))
        return Shown(OrganisationChart(f"fig-{section}-1", parse_organisation(source, path)))

    def commentary(self, name: str) -> Commentary:
        """A section's commentary, ``data/R5/commentary/NAME.md``; a mark where it has not been written."""
        path = self._office.year_folder(self.year) / "commentary" / f"{require_name(name, '本文')}.md"
        with own():
            source = read_text(path)
        return Commentary(name, source, f"（{self.year.label}の本文「{name}」はまだ書かれていません）")

    def cases(self, section: str) -> Shown:
        """A section's cases, ``data/R5/cases/SECTION-1.md`` and on; a mark where there is none."""
        paths = self._office.matching(f"{self.year.code}/cases/{require_name(section, '節')}-*.md")
        if not paths:
            return Shown(Notice(f"（{self.year.label}の事例はまだ書かれていません）"))
        cases = gather(partial(self._case, path) for path in paths)
        return Shown(*map(CaseView, cases))

    def _case(self, path: Path) -> Case:
        return parse_case(self._office.text(path) or "", f"case-{path.stem}", str(path))

    def _table(self, table_id: str) -> Table:
        if table_id not in self._office.dictionary:
            there = "、".join(self._office.dictionary)
            quoted = "" if isinstance(table_id, str) else '（"2-1" のように " " で囲んで書きます）'
            raise InputError(Fault(f"「{table_id}」という表はありません", "tables.toml", f"ある表：{there}{quoted}"))
        return self._office.dictionary[table_id]
