"""Ledgers counted into tables of other periods than months: quarters, a whole year, calendar years; what is counted once in each."""

from __future__ import annotations

from nenpo.japanese.years import FiscalYear
from nenpo.ledger.counting import count_ledger
from nenpo.ledger.mapping import read_mapping
from nenpo.tables_toml import read_dictionary

TABLES = """
[[table]]
id = "1-1"
title = "四半期"
since = "R5"
rows = "quarters"
unit = "人"
columns = [{ name = "件数" }, { name = "実人数" }, { name = "継続", total = "last" }]

[[table]]
id = "1-2"
title = "内容別"
since = "R5"
rows = ["本人", "家族"]
total = "合計"
columns = [{ name = "病気" }, { name = "住まい" }]

[[table]]
id = "1-3"
title = "単独"
since = "R5"
items = [{ name = "年間の実人数" }, { name = "年度末の継続" }]
"""
MAPPING = """
[[source]]
name = "相談"
file = "相談.csv"
date = "受付日"
until = "終結日"

[[count]]
source = "相談"
table = "1-1"
column = "件数"

[[count]]
source = "相談"
table = "1-1"
column = "実人数"
take = "distinct:番号"

[[count]]
source = "相談"
table = "1-1"
column = "継続"
take = "open"

[[count]]
source = "相談"
table = "1-2"
by = "内容"
split = true
rows_by = "経路"
take = "distinct:番号"

[[count]]
source = "相談"
table = "1-3"
column = "年間の実人数"
take = "distinct:番号"

[[count]]
source = "相談"
table = "1-3"
column = "年度末の継続"
take = "open"
"""
RECORDS = """受付日,終結日,番号,内容,経路
2023-01-10,2023-02-01,1,病気,本人
2023-02-10,,1,病気、住まい,本人
2023-04-10,,2,住まい,家族
2023-06-30,2023-08-01,2,住まい、病気,家族
2023-07-01,,3,病気,本人
2023-12-20,,1,病気,本人
"""


def counted(folder, year):
    (folder / "tables.toml").write_text(TABLES, encoding="utf-8")
    (folder / "ledger.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "相談.csv").write_text(RECORDS, encoding="utf-8")
    dictionary = read_dictionary(folder / "tables.toml")
    told = count_ledger(folder, read_mapping(folder / "ledger.toml", dictionary), dictionary, year)
    return told, {key[:2] + key[3:]: number for key, number in told.figures.items()}


def test_a_calendar_year_begins_in_january(tmp_path):
    told, figures = counted(tmp_path, FiscalYear("R5", calendar=True))
    assert told.uncounted == ()
    quarters = [f"第{nth}四半期" for nth in "１２３４"]
    assert [figures["1-1", quarter, "件数"] for quarter in quarters] == [2, 2, 1, 1]
    assert [figures["1-1", quarter, "実人数"] for quarter in quarters] == [1, 1, 1, 1]
    assert [figures["1-1", quarter, "継続"] for quarter in quarters] == [1, 3, 3, 4]


def test_what_is_counted_once_is_counted_once_in_the_whole_year_and_under_each_word(tmp_path):
    _, figures = counted(tmp_path, FiscalYear("R5", calendar=True))
    assert {key[1:]: number for key, number in figures.items() if key[0] == "1-2"} == {
        ("本人", "病気"): 2, ("本人", "住まい"): 1, ("家族", "病気"): 1, ("家族", "住まい"): 1,
    }  # fmt: skip
    assert figures["1-3", "年間の実人数", "値"] == 3
    assert figures["1-3", "年度末の継続", "値"] == 4


def test_a_quarter_that_is_not_over_is_left_empty(tmp_path):
    told, figures = counted(tmp_path, FiscalYear("R5"))
    assert [key[1] for key in figures if key[0] == "1-1" and key[2] == "件数"] == [
        "第１四半期",
        "第２四半期",
        "第３四半期",
    ]
    assert [fault.record for fault in told.uncounted] == []
