"""Counts a ledger by DuckDB: files larger than memory, in one pass each; only counts, and the places of records that could not
be counted, come back.

A record never becomes part of a message: what DuckDB would say of a line is not repeated. Names and words of the ledger enter
a query as parameters or as column numbers, never as text. What DuckDB puts on disk where memory does not do is encrypted, and lies
in a folder that only this user can read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from nenpo.dictionary import Dictionary, Table
from nenpo.errors import Fault, InputError, file_fault
from nenpo.japanese.years import FiscalYear
from nenpo.ledger.mapping import DISTINCT, OPEN, SUM, Count, Mapped, Naming, Source, counted_in, targets
from nenpo.ledger.source import readable, require_closed_quotes
from nenpo.ledger.sql import as_day, as_text, as_words, bare, in_half_width, is_blank
from nenpo.scratch import Scratch

MEMORY = "512MB"
# Codes of a month, above all that are.
_NO_DAY, _EMPTY_DAY = 30001, 30002
# The bit of a code of several words that one of them is unknown.
_MANY_UNKNOWN = 1 << 60
NO_DATE, NOT_IN_YEAR, EMPTY, UNKNOWN, NO_NUMBER, NO_ROW, NO_LINE = range(7)
REASONS = {
    NO_DATE: "日付として読めません",
    NOT_IN_YEAR: "年度の外の日付です",
    EMPTY: "空欄です",
    UNKNOWN: "対応表にない言葉です",
    NO_NUMBER: "数値として読めません",
    NO_ROW: "列の数が見出しと合いません",
    NO_LINE: "CSV として読めない行です（引用符や文字コードを確かめてください）",
}


@dataclass(frozen=True)
class Uncounted:
    """A record that could not be counted by one of its columns: the record's number in its file (1 is the first below the
    headings), the column's name, and why."""

    file: str
    record: int
    column: str
    why: str


@dataclass(frozen=True)
class Counted:
    """``figures`` maps (table, row, measure, column) to a count; months that no record has come to are not in it."""

    figures: Mapping[tuple[str, str, str, str], int]
    uncounted: tuple[Uncounted, ...]
    records: Mapping[str, int]  # how many records each file has


def count_ledger(folder: Path, mapped: Mapped, dictionary: Dictionary, year: FiscalYear) -> Counted:
    """Count the ledger in ``folder``. Raises InputError for files that are not there, or whose columns are not, and ContentError for
    a quote that swallows records."""
    _require(folder, mapped)
    try:
        return _count_all(folder, mapped, dictionary, year)
    except OSError as error:
        raise InputError(file_fault(error, f"{folder} か {tempfile.gettempdir()}")) from None
    except duckdb.Error as error:  # its words may hold a record
        remedy = "空いているディスクとメモリーを確かめ、もう一度実行してください"
        raise InputError(Fault(f"台帳を数えられません（{type(error).__name__}）", str(folder), remedy)) from None


def _count_all(folder: Path, mapped: Mapped, dictionary: Dictionary, year: FiscalYear) -> Counted:
    with Scratch() as scratch, ExitStack() as during:
        settings: dict[str, Any] = {
            "memory_limit": MEMORY,
            "temp_directory": str(scratch),
            "temp_file_encryption": True,  # by a key that is gone with this process
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with duckdb.connect(config=settings) as connection:
            # What is looked at only where the first look fails would be computed for every record, being a part of several.
            connection.execute("SET disabled_optimizers = 'common_subexpressions'")
            ledgers = {
                source.name: _Ledger(connection, at, source, folder, mapped, dictionary, year, during)
                for at, source in enumerate(mapped.sources)
            }
            come = max((ledger.come for ledger in ledgers.values()), default=0)
            figures = {
                key: number
                for count in mapped.counts
                for key, number in _counted(count, ledgers[count.source], dictionary, year, come)
            }
            uncounted = tuple(one for ledger in ledgers.values() for one in ledger.uncounted())
            return Counted(figures, uncounted, {ledger.source.file: ledger.records for ledger in ledgers.values()})


def _require(folder: Path, mapped: Mapped) -> None:
    faults = [
        Fault(
            "台帳のファイルがありません",
            str(folder / source.file),
            "この場所に置くか、ledger.toml の file を直してください",
        )
        for source in mapped.sources
        if not (folder / source.file).is_file()
    ]
    if faults:
        raise InputError(faults)


class _Ledger:
    """A source, read in one pass into a table of counts: a row for each combination of codes that records have.

    The codes are small numbers: ``m0`` … the month of a day from April of the year (negative earlier, from 12 later;
    _NO_DAY unreadable, _EMPTY_DAY empty); ``k0`` … the number of the column or row that a word names (-1 empty, -2 unknown), or a bit for each where it may
    name several, and _MANY_UNKNOWN; ``w0`` … whether a condition is met (-1 empty). ``s0`` … are sums, and ``e0`` … whether
    a number cannot be read.
    """

    def __init__(
        self, connection: Any, at: int, source: Source, folder: Path, mapped: Mapped, dictionary: Dictionary,
        year: FiscalYear, during: ExitStack,
    ):  # fmt: skip
        self.connection, self.source, self._year = connection, source, year
        self._table, self._rejects = f"a{at}", f"r{at}"
        self.counts = [count for count in mapped.counts if count.source == source.name]
        self._where = where = str(folder / source.file)
        file = readable(folder / source.file, source.sheet, during)
        self._address, header = file.address, file.header
        plain = list(map(bare, header))
        names = dict.fromkeys(
            [source.date, *[source.until] * bool(source.until), *(name for count in self.counts for name in count.asks)]
        )
        if missing := [name for name in names if bare(name) not in plain]:
            # What the first line says is not repeated: where headings are missing, it is a record.
            remedy = "1 行目の見出しを直すか、ledger.toml の列の名を直してください"
            raise InputError(Fault(f"台帳に列「{'、'.join(missing)}」がありません", where, remedy))
        if twice := [name for name in names if plain.count(bare(name)) > 1]:
            remedy = "数える方でない列の見出しを変えてください"
            raise InputError(Fault(f"台帳に列「{'、'.join(twice)}」が二つ以上あります", where, remedy))
        self._places = {name: f"f{plain.index(bare(name))}" for name in names}
        if file.csv:
            require_closed_quotes(file.csv, len(header), plain.index(bare(source.date)), where)
        self._fields = "{" + ", ".join(f"'f{number}': 'VARCHAR'" for number in range(len(header))) + "}"
        self._keeps, self._strict = False, "true"
        self.parameters: dict[str, Any] = {}
        self.codes: dict[str, str] = {}  # SQL by name
        self._numbers: dict[str, str] = {}  # names by SQL, of what codes are made from
        self._columns: dict[str, str] = {}  # the ledger's column that a code is of
        self._known: dict[tuple[str, ...], str] = {}  # names of codes, each made once
        self.dates = [self._date(name) for name in dict.fromkeys([source.date, source.until]) if name]
        self._asked = [self._codes_of(count, dictionary[count.table].as_of(year)) for count in self.counts]
        self._aggregate()

    # The codes

    def _once(self, sql: str) -> str:
        """The name of what is computed once a record, however many codes are made from it."""
        return self._numbers.setdefault(sql, f"g{len(self._numbers)}")

    def _code(self, letter: str, column: str, key: tuple[str, ...], sql: str) -> str:
        """The name of a code; ``key`` tells it from others of the same column."""
        known = (letter, column, *key)
        if known not in self._known:
            name = self._known[known] = f"{letter}{sum(other[0] == letter for other in self._known)}"
            self.codes[name], self._columns[name] = sql.replace("@", f"${name}_"), column
        return self._known[known]

    def _date(self, column: str) -> str:
        field = self._places[column]
        day = self._once(as_day(field))
        month = f"date_diff('month', DATE '{self._year.start}-04-01', {day})"
        missing = f"CASE WHEN {is_blank(field)} THEN {_EMPTY_DAY} ELSE {_NO_DAY} END"
        return self._code("m", column, (), f"coalesce({month}, {missing})::SMALLINT")

    def _naming(self, naming: Naming, known: tuple[str, ...]) -> str:
        field, names = self._places[naming.by], naming.names(known)
        said = naming.map or {name: name for name in names}
        several = len(said) > len(names)  # words for one name
        words = {in_half_width(word): names.index(name) for word, name in said.items()} if not naming.bands else {}

        def index(of: str) -> str:
            if not naming.bands:
                found = f"nullif(coalesce(list_position(@w, {of}), list_position(@w, {as_text(of)})), 0)"
                return f"list_extract(@i, {found})" if several else f"({found} - 1)"
            number = f"coalesce(try_cast({of} AS INTEGER), try_cast(regexp_extract({as_text(of)}, '\\d+') AS INTEGER))"
            if not naming.split:  # computed once, rather than for each band
                number = self._once(number)
            bands = enumerate(naming.bands.values())
            return (
                f"CASE {' '.join(f'WHEN {number} BETWEEN {low} AND {high} THEN {at}' for at, (low, high) in bands)} END"
            )

        if naming.split:
            parts = as_words(field)
            bits = f"list_transform({parts}, lambda x: 1::BIGINT << {index('x')}::BIGINT)"
            mask = f"coalesce(list_sum(list_distinct({bits})), 0)"
            lost = f"CASE WHEN list_count({bits}) < len({parts}) THEN {_MANY_UNKNOWN} ELSE 0 END"
            sql = f"CASE WHEN {is_blank(field)} THEN -1 ELSE ({mask} + {lost}) END::BIGINT"
        else:
            sql = f"coalesce({index(field)}, CASE WHEN {is_blank(field)} THEN -1 ELSE -2 END)::SMALLINT"
        name = self._code("k", naming.by, (str(naming), *known), sql)
        if words:
            self.parameters |= {f"{name}_w": list(words), f"{name}_i": list(words.values())}
        return name

    def _codes_of(self, count: Count, table: Table) -> _Asked:
        month = self._date(count.date or self.source.date)
        column = self._naming(count.columns, targets(table)) if count.columns.by else ""
        row = self._naming(count.rows, table.rows) if count.rows.by else ""
        where = []
        for name, values in count.where.items():
            field = self._places[name]
            met = f"list_contains(@v, {field}) OR list_contains(@v, {as_text(field)})"
            sql = f"CASE WHEN {is_blank(field)} THEN -1 WHEN {met} THEN 1 ELSE 0 END::TINYINT"
            code = self._code("w", name, values, sql)
            self.parameters[f"{code}_v"] = [in_half_width(value) for value in values]
            where.append(code)
        total = bad = ""
        kind, of = count.taken
        if kind == SUM:
            field = self._places[of]
            number = f"coalesce(try_cast({field} AS BIGINT), try_cast(replace({as_text(field)}, ',', '') AS BIGINT))"
            total = self._code("s", of, (), number)
            bad = self._code("e", of, (), f"({number} IS NULL AND NOT {is_blank(field)})")
        return _Asked(month, column, row, tuple(where), total, bad)

    # The passes

    def _from(self, first: bool = False) -> str:
        """The file as a table; the first reading keeps the places of lines that are no records, where there are some."""
        kept = ""
        if self._keeps:
            named = f"rejects_table='{self._rejects}', rejects_scan='{self._rejects}s'"
            kept = f", store_rejects=true, {named}" if first else ", ignore_errors=true"
        numbers = "".join(f", {sql} AS {name}" for sql, name in self._numbers.items())
        return (
            f"(SELECT *{numbers} FROM read_csv($path, columns={self._fields}, auto_detect=false, hive_partitioning=false, compression='none', header=false, skip=1, delim=',', quote='\"', "
            f"escape='\"', strict_mode={self._strict}{kept}))"
        )

    def _run(self, query: str) -> Any:
        """Execute a query over the file, with the parameters that it uses."""
        used = {name: value for name, value in self.parameters.items() if f"${name}" in query}
        return self.connection.execute(query, used | {"path": self._address})

    def _aggregate(self) -> None:
        keys = [f"{sql} AS {name}" for name, sql in self.codes.items() if name[0] != "s"]
        sums = [f", sum({sql}) AS {name}" for name, sql in self.codes.items() if name[0] == "s"]
        query = f"CREATE TABLE {self._table} AS SELECT {', '.join(keys)}, count(*) AS n{''.join(sums)} FROM "
        # Keeping what cannot be read takes its time, so first as if all could; two kinds of line ends in a file are against the
        # letter of CSV, and common.
        for rejects, strict in ((False, "true"), (True, "true"), (True, "false")):
            self._keeps, self._strict = rejects, strict
            try:
                self._run(f"{query}{self._from(first=True)} GROUP BY ALL")
                break
            except duckdb.InvalidInputException:
                for name in (self._rejects, f"{self._rejects}s"):
                    self.connection.execute(f"DROP TABLE IF EXISTS {name}")
        else:  # what DuckDB says may hold a record
            remedy = "Excel で開き、「CSV UTF-8（コンマ区切り）」として保存し直してください"
            raise InputError(Fault("台帳を CSV として読めません", self._where, remedy))
        self.records, latest = self.connection.execute(
            f"SELECT coalesce(sum(n), 0)::BIGINT, max(m0) FILTER (m0 BETWEEN 0 AND 11) FROM {self._table}"
        ).fetchone()
        self.come = 0 if latest is None else latest + 1

    def grouped(self, count: Count) -> Iterator[tuple[int, int, int, int]]:
        """Month, code of the column, code of the row, and what is taken of the records there."""
        asked = self._asked[self.counts.index(count)]
        kind, of = count.taken
        condition = " AND ".join([f"{asked.month} BETWEEN 0 AND 11", *(f"{code} = 1" for code in asked.where)])
        keys = f"{asked.month}, {asked.column or '0'} AS k, {asked.row or '0'} AS r"
        if kind == DISTINCT:
            codes = ", ".join(f"{self.codes[name]} AS {name}" for name in asked.codes)
            field = f"nullif({as_text(self._places[of])}, '')"
            query = f"SELECT {keys}, count(DISTINCT v) FROM (SELECT {codes}, {field} AS v FROM {self._from()}) WHERE {condition} GROUP BY ALL"
            rows = self._run(query)
        else:
            taken = f"coalesce(sum({asked.total}), 0)" if kind == SUM else "sum(n)"
            rows = self.connection.execute(f"SELECT {keys}, {taken} FROM {self._table} WHERE {condition} GROUP BY ALL")
        for month, column, row, number in rows.fetchall():
            yield month, column, row, int(number)

    def open_at_month_ends(self) -> list[int]:
        """How many records are open at the end of each month that has come."""
        since, until = self.dates
        query = f"SELECT {since}, {until}, sum(n) FROM {self._table} WHERE {since} < {_NO_DAY} GROUP BY ALL"
        spans = self.connection.execute(query).fetchall()
        return [sum(int(n) for first, last, n in spans if first <= month < last) for month in range(self.come)]

    # What could not be counted

    def uncounted(self) -> Iterator[Uncounted]:
        """The records that could not be counted, in the order of the file. Only where there are some is it read again."""
        names = [name for name in self.codes if name[0] != "s"]
        rejects = []
        if self._keeps:
            kind = "error_type IN ('MISSING COLUMNS', 'TOO MANY COLUMNS')"
            query = f"SELECT DISTINCT line - 1, {kind} FROM {self._rejects} ORDER BY ALL"
            rejects = self.connection.execute(query).fetchall()
        for record, columns in rejects:
            yield Uncounted(self.source.file, record, "", REASONS[NO_ROW if columns else NO_LINE])
        combinations = self.connection.execute(f"SELECT {', '.join(names)} FROM {self._table}").fetchall()
        if not any(self._faults(dict(zip(names, codes, strict=True))) for codes in combinations):
            return
        codes = ", ".join(f"{self.codes[name]} AS {name}" for name in names)
        wrong = {"m": "{0} NOT BETWEEN 0 AND 11", "e": "{0}"}
        suspect = " OR ".join(
            wrong.get(name[0], f"({{0}} < 0 OR {{0}} >= {_MANY_UNKNOWN})").format(name) for name in names
        )
        rows = self._run(
            f"SELECT * FROM (SELECT row_number() OVER () AS n, {codes} FROM {self._from()}) WHERE {suspect} ORDER BY n"
        )
        lost = [record for record, _ in rejects]
        while some := rows.fetchmany(10_000):
            for n, *values in some:
                record = n
                for other in lost:  # a line that is no record has no number in what DuckDB hands on
                    record += other <= record
                for column, why in self._faults(dict(zip(names, values, strict=True))):
                    yield Uncounted(self.source.file, record, column, REASONS[why])

    def _faults(self, codes: Mapping[str, int]) -> list[tuple[str, int]]:
        """Why a record of these codes cannot be counted, by the ledger's columns."""
        reasons: dict[tuple[str, int], None] = {}
        main = codes["m0"]
        for name, value in codes.items():
            if name[0] == "m" and (value == _NO_DAY or (name == "m0" and value == _EMPTY_DAY)):
                reasons[self._columns[name], NO_DATE] = None
        if 12 <= main < _NO_DAY or (main < 0 and not self.source.until):
            reasons[self._columns["m0"], NOT_IN_YEAR] = None
        for asked in self._asked:
            if not 0 <= codes[asked.month] <= 11:
                continue
            for name in asked.where:
                if codes[name] == -1:
                    reasons[self._columns[name], EMPTY] = None
            if any(codes[name] != 1 for name in asked.where):
                continue
            for name in filter(None, (asked.column, asked.row)):
                value = codes[name]
                if value == -1:
                    reasons[self._columns[name], EMPTY] = None
                elif value == -2 or value >= _MANY_UNKNOWN:
                    reasons[self._columns[name], UNKNOWN] = None
            if asked.bad and codes[asked.bad]:
                reasons[self._columns[asked.bad], NO_NUMBER] = None
        return list(reasons)


@dataclass(frozen=True)
class _Asked:
    """The names of the codes that a count needs; "" for what it does not ask for."""

    month: str
    column: str
    row: str
    where: tuple[str, ...]
    total: str
    bad: str

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in (self.month, self.column, self.row, *self.where) if name))


def _counted(
    count: Count, ledger: _Ledger, dictionary: Dictionary, year: FiscalYear, come: int
) -> Iterator[tuple[tuple[str, str, str, str], int]]:
    table = dictionary[count.table].as_of(year)
    monthly = table.shape == "monthly" and table.has_months(year)
    labels = tuple(month.label for month in year.months[:come])
    columns = counted_in(count, table)
    one = (count.column if table.shape == "values" else year.short,)
    rows = labels if monthly else count.rows.names(table.rows) if count.rows.by else one
    counts: dict[tuple[int, int], int] = {}
    if count.taken[0] == OPEN:
        counts = {(month, 0): number for month, number in enumerate(ledger.open_at_month_ends())}
    else:
        for month, column, row, number in ledger.grouped(count):
            for at in [month] if monthly else _named(row, count.rows):
                for to in _named(column, count.columns):
                    counts[at, to] = counts.get((at, to), 0) + number
    for at, label in enumerate(rows):
        for to, name in enumerate(columns):
            key = (table.id, name, "", "値") if table.shape == "values" else (table.id, label, count.measure, name)
            yield key, counts.get((at, to), 0)


def _named(code: int, naming: Naming) -> Sequence[int]:
    """The numbers of the columns (or rows) that a code stands for."""
    if not naming.split:
        return [code] if code >= 0 else []
    return [at for at in range(code.bit_length()) if code >> at & 1 and 1 << at < _MANY_UNKNOWN] if code >= 0 else []
