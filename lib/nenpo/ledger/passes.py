"""One pass of DuckDB over a ledger's file: a table of counts, a row for each combination of codes that its records have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from nenpo.dictionary import Dictionary
from nenpo.errors import Fault, InputError
from nenpo.japanese.years import FiscalYear
from nenpo.ledger.mapping import DISTINCT, SUM, Count, Mapped, Naming, Source, targets
from nenpo.ledger.source import readable, require_closed_quotes
from nenpo.ledger.sql import as_day, as_text, as_words, bare, in_half_width, is_blank
from nenpo.table import Table

# Codes of a month, above all that are.
_NO_DAY, _EMPTY_DAY = 30001, 30002
# The bit of a code of several words that one of them is unknown.
MANY_UNKNOWN = 1 << 60
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


class Ledger:
    """A source, read in one pass into a table of counts: a row for each combination of codes that records have.

    The codes are small numbers: ``m0`` … the month of a day from the first of the year (negative earlier, from 12 later;
    _NO_DAY unreadable, _EMPTY_DAY empty); ``k0`` … the number of the column or row that a word names (-1 empty, -2 unknown), or a bit for each where it may
    name several, and MANY_UNKNOWN; ``w0`` … whether a condition is met (-1 empty). ``s0`` … are sums, and ``e0`` … whether
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
        first = self._year.months[0]
        month = f"date_diff('month', DATE '{first.year}-{first.month:02}-01', {day})"
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
            lost = f"CASE WHEN list_count({bits}) < len({parts}) THEN {MANY_UNKNOWN} ELSE 0 END"
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

    def grouped(self, count: Count, months: int) -> Iterator[tuple[int, int, int, int]]:
        """Number of the period, of so many ``months``, code of the column, code of the row, and what is taken of the records there."""
        asked = self._asked[self.counts.index(count)]
        kind, of = count.taken
        condition = " AND ".join([f"{asked.month} BETWEEN 0 AND 11", *(f"{code} = 1" for code in asked.where)])
        keys = f"{asked.month} // {months} AS p, {asked.column or '0'} AS k, {asked.row or '0'} AS r"
        if kind == DISTINCT:
            codes = ", ".join(f"{self.codes[name]} AS {name}" for name in asked.codes)
            field = f"nullif({as_text(self._places[of])}, '')"
            records = f"(SELECT {codes}, {field} AS v FROM {self._from()})"
            split = [_each("k") if count.columns.split else "k", _each("r") if count.rows.split else "r"]
            named = f"SELECT p, {split[0]} AS k, {split[1]} AS r, v FROM (SELECT {keys}, v FROM {records} WHERE {condition})"
            rows = self._run(f"SELECT p, k, r, count(DISTINCT v) FROM ({named}) GROUP BY ALL")
        else:
            taken = f"coalesce(sum({asked.total}), 0)" if kind == SUM else "sum(n)"
            rows = self.connection.execute(f"SELECT {keys}, {taken} FROM {self._table} WHERE {condition} GROUP BY ALL")
        for period, column, row, number in rows.fetchall():
            yield period, column, row, int(number)

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
            wrong.get(name[0], f"({{0}} < 0 OR {{0}} >= {MANY_UNKNOWN})").format(name) for name in names
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
                elif value == -2 or value >= MANY_UNKNOWN:
                    reasons[self._columns[name], UNKNOWN] = None
            if asked.bad and codes[asked.bad]:
                reasons[self._columns[asked.bad], NO_NUMBER] = None
        return list(reasons)


def _each(code: str) -> str:
    """SQL for each bit of a code by itself, so that what comes under two combinations of words is counted once for each word."""
    bits = f"list_filter(range(60), lambda i: {code} > 0 AND ({code} >> i) & 1 = 1)"
    return f"1::BIGINT << unnest({bits})"


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
