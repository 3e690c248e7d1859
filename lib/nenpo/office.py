"""An office's data folder: the dictionary, the office's own facts, and the years it keeps."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from functools import cached_property, partial
from pathlib import Path

from nenpo.dictionary import Dictionary
from nenpo.errors import Fault, InputError, gather
from nenpo.facts import Facts
from nenpo.figures import Figures
from nenpo.japanese.years import FiscalYear, year_named
from nenpo.merging import merged_dictionary, merged_records
from nenpo.paths import require_name, require_no_way_out
from nenpo.reads import Reads, file_digest, own, rows_digest
from nenpo.records import Place, YearRecords
from nenpo.table import Protection
from nenpo.tables_toml import names_figure, read_dictionary, wide_signs
from nenpo.text.settings import Settings, settings_of
from nenpo.text.typed import Typed, read_typed
from nenpo.typed_cells import TypedCells

DATA_VARIABLE = "NENPO_DATA"
# A file with the places of the figures that are hidden, while a public edition is made.
HIDDEN_VARIABLE = "NENPO_HIDDEN"
# The folder of an office's own templates for its reports.
TEMPLATES = "templates"


@dataclass(frozen=True)
class Profile:
    """Who publishes the report, from ``office.toml``."""

    city: str
    division: str
    nickname: str
    report_title: str  # further lines, as in another language, stand below it; {西暦} in one is the year
    licence: str = ""  # of the data, such as CC BY 4.0
    issued: str = ""  # when it is published, in words
    contact: str = ""  # whom to ask: address, telephone, …; lines as typed
    western_year: bool = False  # the title has it beside the era

    @property
    def name(self) -> str:
        """The division with its nickname, where it has one."""
        return f"{self.division}「{self.nickname}」" if self.nickname else self.division

    def titles(self, year: FiscalYear) -> list[str]:
        """The report's title in lines, the first with the year."""
        western = f"（{year.start}{year.word}）" if self.western_year else ""
        lines = [line.strip() for line in self.report_title.replace("{西暦}", str(year.start)).splitlines()]
        first, *others = [line for line in lines if line] or [""]
        return [f"{year.label}{western}　{first}", *others]


@dataclass(frozen=True)
class KeyFigure:
    """A figure of the page 「あらまし」: ``of`` names table and column; without a unit it has the table's."""

    name: str
    of: str
    unit: str = ""

    @property
    def table(self) -> str:
        return self.of.partition("/")[0]


class Office:
    """An office's data folder. Workbooks are read when first needed, and each once; ``reads`` tells what was read."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.reads = Reads()
        self._records: dict[FiscalYear, YearRecords] = {}
        self._years: dict[FiscalYear, OfficeYear] = {}

    @cached_property
    def dictionary(self) -> Dictionary:
        return merged_dictionary(self._typed_dictionary) if _is_public() else self._typed_dictionary

    @cached_property
    def _typed_dictionary(self) -> Dictionary:
        """The tables as they are typed."""
        path = self.folder / "tables.toml"
        with own():
            self.reads["file tables.toml"] = file_digest(path)
            return read_dictionary(path, self.calendar)

    def _settings_file(self) -> Typed | None:
        with own():
            return read_typed(self.folder / "office.toml")

    @cached_property
    def _settings(self) -> Settings:
        path, typed = self.folder / "office.toml", self._settings_file()
        if typed is None:
            raise InputError(Fault("事業所の設定がありません", str(path), "office.toml を置いてください"))
        self.reads.note("file", path.name, typed.content)
        return settings_of(typed.text, path)

    @cached_property
    def calendar(self) -> bool:
        """Whether the office counts in calendar years: ``year = "calendar"`` in office.toml. A report that has read no more of
        that file does not rest on the rest of it."""
        # Read for itself: a build asks before it takes the hash of its inputs, and what it uses later must not be older than that.
        typed = self._settings_file()
        if typed is None:
            return False
        settings = settings_of(typed.text, typed.path)
        kind = settings.value("year", str, absent="fiscal")
        if kind not in ("fiscal", "calendar"):
            settings.faults.append(f"year は fiscal（年度）か calendar（暦年）と書きます（いまは「{kind}」）")
        settings.settle()
        return bool(kind == "calendar")

    @cached_property
    def protection(self) -> Protection:
        """How the small counts of its tables are protected in a public edition: ``[public]`` of office.toml."""
        settings = self._settings
        protection: Protection = settings.value("public", Protection, absent=Protection())
        settings.faults += [f"[public]：{fault}" for fault in protection.faults()] if protection else []
        settings.settle()
        return protection

    def year(self, written: str | int | FiscalYear) -> FiscalYear:
        """A year as the office counts. Raises InputError for what is none."""
        return FiscalYear(written, self.calendar)

    @cached_property
    def profile(self) -> Profile:
        settings = self._settings
        absent = {field.name: field.default for field in fields(Profile) if field.default is not MISSING}
        absent["nickname"] = ""
        kinds = {field.name: bool if field.default is False else str for field in fields(Profile)}
        profile = Profile(*(settings.value(name, kind, absent.get(name)) for name, kind in kinds.items()))
        settings.settle()
        return profile

    @property
    def template(self) -> str:
        """The name of the office's own template for its reports, ``template`` in office.toml; "" where it has none."""
        settings = self._settings
        name = settings.value("template", str, absent="")
        settings.settle()
        return require_name(name, "テンプレート", str(settings.path)) if name else ""

    @cached_property
    def key_figures(self) -> tuple[KeyFigure, ...]:
        """The figures of the page 「あらまし」. Raises InputError for one that names no column."""
        settings = self._settings
        written = settings.entries("key_figure", KeyFigure)
        figures = tuple(replace(figure, of="/".join(map(wide_signs, figure.of.split("/", 1)))) for figure in written)
        settings.faults += [
            f"「{figure.name}」の of「{figure.of}」という列や項目はありません"
            for figure in figures
            if not names_figure(self.dictionary, figure.of)
        ]
        settings.settle()
        return figures

    @cached_property
    def hidden(self) -> Mapping[Place, int | None]:
        """The places of the figures that are hidden, or that another number stands for; none but in a public edition."""
        path = os.environ.get(HIDDEN_VARIABLE)
        if not path:
            return {}
        with own():
            return {Place(*place): instead for *place, instead in json.loads(Path(path).read_bytes())}

    @cached_property
    def years(self) -> tuple[FiscalYear, ...]:
        """The fiscal years that have a folder, oldest first."""
        folders = [path.name for path in self.folder.iterdir() if path.is_dir()] if self.folder.is_dir() else []
        years = {name: year_named(name, self.year("R1")) for name in folders}
        return tuple(sorted(year for name, year in years.items() if year and year.code == name))

    def require(self, year: FiscalYear) -> None:
        """Raise InputError unless the office has a folder for the year, which no link in it leads out of."""
        if year not in self.years:
            there = "、".join(known.code for known in self.years) or "なし"
            remedy = f"今ある{year.word}：{there}"
            raise InputError(Fault(f"{year.label}（{year.code}）のフォルダーがありません", str(self.folder), remedy))
        require_no_way_out(self.year_folder(year), self.folder)

    def year_folder(self, year: FiscalYear) -> Path:
        return self.folder / year.code

    def workbook(self, year: FiscalYear) -> Path:
        return self.year_folder(year) / "statistics.xlsx"

    def text(self, path: Path) -> str | None:
        """A text file of the office; None if there is none."""
        with own():
            typed = read_typed(path)
        self.reads.note("file", path.relative_to(self.folder).as_posix(), typed.content if typed else None)
        return typed.text if typed else None

    def matching(self, pattern: str) -> list[Path]:
        """The files of the office that match a pattern such as "R5/cases/2-7-*.md"; 2-7-10 comes after 2-7-9."""
        paths = sorted(self.folder.glob(pattern), key=lambda path: (len(path.name), path.name))
        self.reads.note("names", pattern, "\n".join(path.name for path in paths))
        return paths

    def records(self, year: FiscalYear) -> YearRecords:
        if year not in self._records:
            from nenpo.workbook.parsed import parsed_workbook

            dictionary = self._typed_dictionary
            with own():
                typed = parsed_workbook(self.workbook(year), dictionary, self.reads["file tables.toml"], year)
            self._records[year] = merged_records(typed, dictionary) if _is_public() else typed
        return self._records[year]

    def records_of(self, years: Sequence[FiscalYear]) -> dict[FiscalYear, YearRecords]:
        """The records of several years. Raises InputError with the faults of all the workbooks together."""
        return dict(zip(years, gather(partial(self.records, year) for year in years), strict=True))

    def figures(self, year: FiscalYear, since: FiscalYear | None = None) -> Figures:
        """The figures that a report on ``year`` needs: its own and those of the earlier years its tables show, or of all years
        ``since`` one.

        Raises InputError with the faults of all the workbooks together.
        """
        wanted = self.kept_years(year)
        if since is not None:
            wanted = sorted({*wanted, *(known for known in self.years if since <= known <= year)})
        records = self.records_of(wanted)

        def seen(table_id: str, kept: FiscalYear) -> None:
            self.reads[f"table {kept.code} {table_id}"] = rows_digest(records[kept].tables.get(table_id, ()))

        return Figures(self.dictionary, records, seen, self.hidden)

    def of(self, year: FiscalYear) -> OfficeYear:
        """One of its years. Raises InputError for one that it has no folder for."""
        if year not in self._years:
            self.require(year)
            self._years[year] = OfficeYear(self, self.year(year))
        return self._years[year]

    def kept_years(self, year: FiscalYear) -> list[FiscalYear]:
        """The report's year and those before it that its tables may show."""
        self.require(year)
        reach = self.dictionary.reach
        wanted = [kept for kept in self.years if year.start - reach < kept.start <= year.start]
        self.reads.note("years", year.code, " ".join([*["calendar"] * self.calendar, *(kept.code for kept in wanted)]))
        return wanted


class OfficeYear:
    """A year of an office, with what its report rests on, each made once. Its texts are read anew each time."""

    def __init__(self, office: Office, year: FiscalYear):
        self.office, self.year = office, year
        self.folder = office.year_folder(year)

    @property
    def dictionary(self) -> Dictionary:
        return self.office.dictionary

    @cached_property
    def kept(self) -> list[FiscalYear]:
        """The year and those before it that its tables may show."""
        return self.office.kept_years(self.year)

    @cached_property
    def figures(self) -> Figures:
        return self.office.figures(self.year)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.dictionary, self.figures, self.year)

    @cached_property
    def cells(self) -> TypedCells:
        """The cells that were typed for the years it keeps."""
        return TypedCells(self.dictionary, self.office.records_of(self.kept))

    def texts(self, *places: str) -> Iterator[tuple[Path, str]]:
        """The texts of the folders, by default commentary and cases, in the order of their names."""
        for place in places or ("commentary", "cases"):
            for path in sorted(self.folder.glob(f"{place}/*.md")):
                yield path, self.office.text(path) or ""

    def name_of(self, path: Path) -> str:
        """A file of the office as messages name it: R5/commentary/2-1.md."""
        return path.relative_to(self.office.folder).as_posix()


def _is_public() -> bool:
    """Whether a public edition is being made."""
    return bool(os.environ.get(HIDDEN_VARIABLE))


def find_office(folder: Path | None = None) -> Office:
    """The office of ``folder``, of ``NENPO_DATA``, or of the nearest ``data/`` upward from the working folder."""
    if folder is None and (named := os.environ.get(DATA_VARIABLE)):
        folder = Path(named)
    if folder is None:
        here = Path.cwd()
        # From here, messages name its files as short as they can.
        places = (Path(), *here.parents)
        folder = next((up / "data" for up in places if (up / "data" / "tables.toml").is_file()), None)
        if folder is None:
            remedy = f"nenpo のフォルダーの中で実行するか、環境変数 {DATA_VARIABLE} で data の場所を示してください"
            raise InputError(Fault("data フォルダーが見つかりません", str(here), remedy))
    return Office(folder)
