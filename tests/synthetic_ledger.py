"""Writes a synthetic ledger whose counts are those of a year's tables: every record is invented, and says so."""

from __future__ import annotations

import csv
import itertools
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from openpyxl import Workbook

from nenpo.japanese.years import Month
from nenpo.records import YearRecords

PLANTED = "架空山花子"
INVENTED = "架空の記録"
AGES = {"10代": 17, "20代": 25, "30代": 34, "40代": 48, "50代": 51, "60代": 66, "70代": 75, "70代以上": 77, "80代": 83}
METHODS = ("電話・メール", "訪問・同行支援", "面談", "支援調整会議", "他機関との会議", "所内会議")


def write_ledger(folder: Path, records: YearRecords) -> None:
    """The ledger of the year, a file a kind of record; one of them is an Excel file, one in the Shift_JIS of old Excel."""
    folder.mkdir(parents=True)
    random.seed(5)
    _write(
        folder / "相談.csv", ("受付日", "性別", "経路", "年齢", "内容", "課題", "終結日", "終結理由"), _cases(records)
    )
    _write(folder / "支援.csv", ("日付", "方法"), _flat(records, "2-2", METHODS), "cp932")
    plans = {"プラン新規": "新規", "プラン更新": "更新", "プラン中断・終結": "終結"}
    _write(folder / "プラン.csv", ("日付", "種別"), ((day, plans[name]) for day, name in _flat(records, "2-1", plans)))
    work = list(records.tables["3-1"][0].values)
    _write_excel(folder / "就労.xlsx", ("日付", "項目"), _flat(records, "3-1", work))
    people = (
        ("2023-04-03", sex[0], AGES[age])
        for sex in ("男性", "女性")
        for age, number in _row(records, "3-1-2", sex).items()
        for _ in range(number or 0)
    )
    _write(folder / "就労者.csv", ("登録日", "性別", "年齢"), people)
    for name, table in (("準備", "4-1"), ("住居", "5-1")):
        columns = list(records.tables[table][0].values)
        _write(folder / f"{name}.csv", ("日付", {"準備": "支援", "住居": "種類"}[name]), _flat(records, table, columns))
    _write(folder / "学習.csv", ("実施日", "学年"), _lessons(records))
    _write(folder / "貸付.csv", ("日付", "資金", "金額"), _loans(records))
    _write(folder / "食料.csv", ("日付", "品目", "数"), _food(records))
    users = records.tables["6-1"][0].values["値"]
    _write(
        folder / "家計.csv",
        ("日付", "利用者"),
        ((f"2023-05-{1 + at % 28:02}", f"Z{at % users}") for at in range(users * 2)),
    )


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]], encoding: str = "utf-8-sig") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*head, "氏名", "備考"))
        writer.writerows((*row, PLANTED, INVENTED) for row in rows)


def _write_excel(path: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    book = Workbook()
    book.active.title = "記録"
    book.active.append((*head, "氏名"))
    for row in rows:
        book.active.append((*row, PLANTED))
    book.save(path)


def _row(records: YearRecords, table: str, label: str, measure: str = "") -> dict[str, int]:
    row = next(row for row in records.tables[table] if (row.label, row.measure) == (label, measure))
    return {name: value for name, value in row.values.items() if isinstance(value, int)}


def _months(records: YearRecords) -> Iterator[tuple[Month, str]]:
    return ((month, month.label) for month in records.year.months)


def _days(month: Month) -> Iterator[str]:
    """Days of a month, in the forms that people type."""
    for number in itertools.count():
        day = 1 + number % 28
        era = month.year - 2018
        yield (
            f"{month.year}-{month.month:02}-{day:02}",
            f"{month.year}/{month.month}/{day}",
            f"R{era}.{month.month}.{day}",
            f"令和{era}年{month.month}月{day}日",
        )[number % 4]


def _flat(records: YearRecords, table: str, columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    """A record for each that a month counts in a column."""
    for month, label in _months(records):
        days = _days(month)
        row = _row(records, table, label)
        for name in columns:
            for _ in range(row.get(name, 0)):
                yield next(days), name


def _listed(counts: dict[str, int], columns: Iterable[str]) -> list[str]:
    return [name for name in columns for _ in range(counts.get(name, 0))]


def _cases(records: YearRecords) -> Iterator[tuple[object, ...]]:
    """Consultations: those open from the year before, then each month's, each closed when the tables close so many."""
    first = _row(records, "2-1", records.year.months[0].label)
    carried = first["月末件数"] - first["新規相談受付件数"] + first["相談終結"]
    cases = [["2023-01-10", "", "", "", "", "", "", ""] for _ in range(carried)]
    open_ = list(cases)
    routes = {"うち市の他部署": "庁内", "うち市役所外": "庁外"}
    topics = list(records.tables["2-5"][0].values)
    by_age = defaultdict(list)
    for month, label in _months(records):
        days = _days(month)
        head = _row(records, "2-1", label)
        sexes = _listed(head, ("うち男性", "うち女性"))
        ways = _listed(_row(records, "2-3", label), ("本人", "家族・知人", "うち市の他部署", "うち市役所外", "その他"))
        ages = _listed(
            _row(records, "2-4", label), [name for name in records.tables["2-4"][0].values if name != "合計"]
        )
        told = _row(records, "2-5", label)
        for at, (sex, way, age) in enumerate(zip(sexes, ways, ages, strict=True)):
            topic = "、".join(name for name in topics if at < told.get(name, 0))
            case = [next(days), sex[2], routes.get(way, way), AGES[age], topic, "", "", ""]
            by_age[age].append(case)
            cases.append(case)
            open_.append(case)
        closings = _row(records, "2-6", label)
        for reason in _listed(closings, [name for name in closings if name != "合計"]):
            open_[0][6:] = [next(days), reason]
            open_.pop(0)
    for row in records.tables["2-5-2"]:
        for age, number in _row(records, "2-5-2", row.label).items():
            for case in by_age[age][:number]:
                case[5] = f"{case[5]};{row.label}" if case[5] else row.label
    return (tuple(case) for case in cases)


def _lessons(records: YearRecords) -> Iterator[tuple[str, str]]:
    grades = ("中１", "中２", "中３", "高１", "高２", "高３")
    for month, label in _months(records):
        row = _row(records, "7-1", label)
        days = [f"{month.year}-{month.month:02}-{1 + at:02}" for at in range(row["実施回数"])]
        for at, grade in enumerate(_listed(row, grades)):
            yield days[at % len(days)], grade


def _loans(records: YearRecords) -> Iterator[tuple[object, ...]]:
    for month, label in _months(records):
        days = _days(month)
        row = _row(records, "8-1", label)
        for sign, name in (("①", "自立支援"), ("②", "緊急小口"), ("③", "物資")):
            amount = row.get(f"{sign} 金額（円）", 0)
            for at in range(number := row.get(f"{sign} 件数", 0)):
                yield next(days), name, "" if sign == "③" else f"{amount - number + 1:,}" if at == 0 else 1


def _food(records: YearRecords) -> Iterator[tuple[object, ...]]:
    for month, label in _months(records):
        days = _days(month)
        households, items = (_row(records, "8-2", label, measure) for measure in ("延べ対象世帯数", "提供数"))
        for name, number in households.items():
            for at in range(number):
                yield next(days), name, items[name] - number + 1 if at == 0 else 1
