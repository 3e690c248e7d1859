"""Small offices whose sentences are read in the tests: their tables, and the figures of three years."""

from decimal import Decimal

from nenpo.japanese.years import FiscalYear
from nenpo.records import Row

YEARS = ("R3", "R4", "R5")

WASTE = """
[[table]]
id = "2-1"
title = "表2－1　ごみ排出量の推移"
shape = "monthly"
unit = "t"
periods = 0
since = "R3"
kept_years = 3
columns = [ { name = "可燃ごみ", unit = "t", decimals = 1 }, { name = "不燃ごみ", unit = "t", decimals = 1 }, { name = "粗大ごみ", unit = "t", decimals = 1 }, { name = "資源ごみ", unit = "t", decimals = 1 }, { name = "総排出量", unit = "t", decimals = 1, sum = ["可燃ごみ","不燃ごみ","粗大ごみ","資源ごみ"] }, { name = "リサイクル率", of = "資源ごみ ÷ 総排出量", unit = "％", decimals = 1 }, { name = "１人１日当たり排出量", unit = "g", total = "none" } ]

[[table]]
id = "2-2"
title = "表2－2　資源物の回収量"
shape = "matrix"
corner = "品目"
rows = ["古紙類", "びん", "缶", "ペットボトル", "布類"]
total_label = "合計"
unit = "t"
since = "R3"
kept_years = 3
columns = [ { name = "回収量", unit = "t" }, { name = "売却額", unit = "千円" } ]

[[table]]
id = "2-3"
title = "表2－3　市税の収納状況"
shape = "matrix"
corner = "税目"
rows = ["市民税", "固定資産税", "軽自動車税", "市たばこ税", "都市計画税"]
total_label = "合計"
unit = "千円"
since = "R3"
kept_years = 3
columns = [ { name = "調定額", unit = "千円" }, { name = "収入済額", unit = "千円" }, { name = "収納率", of = "収入済額 ÷ 調定額", unit = "％", decimals = 1 } ]

[[table]]
id = "2-4"
title = "表2－4　保育所の入所児童数"
shape = "monthly"
unit = "人"
since = "R3"
months_since = "R3"
kept_years = 3
columns = [ { name = "公立", total = "last" }, { name = "私立", total = "last" }, { name = "入所児童数", sum = ["公立","私立"], total = "last" }, { name = "待機児童数", total = "last" }, { name = "一時預かり利用者数" } ]
"""
# By year: a row of 2-1; rows of 2-2 and 2-3.
_WASTE = {
    "R3": (
        (21000, 1200, 450, 3350, 850),
        ((1800, 14000), (520, 0), (230, 18000), (480, 12000), (320, 1600)),
        ((5200000, 5100000), (6000000, 5850000), (240000, 232000), (700000, 700000), (900000, 880000)),
    ),
    "R4": (
        (20500, 1150, 480, 3370, 840),
        ((1750, 13500), (510, 0), (220, 19500), (500, 15000), (390, 1900)),
        ((5300000, 5220000), (6050000, 5920000), (245000, 238000), (720000, 720000), (910000, 892000)),
    ),
    "R5": (
        (19800, 1100, 500, 3600, 818),
        ((1700, 12900), (500, 0), (215, 20100), (525, 18375), (660, 2600)),
        ((5380000, 5320000), (6100000, 5990000), (250000, 244000), (715000, 715000), (915000, 900000)),
    ),
}
# By year and month: children in public and private nurseries, waiting, and looked after for a time.
_CHILDREN = {
    "R3": (
        [300, 302, 304, 305, 305, 306, 308, 310, 312, 314, 316, 318],
        [800, 805, 810, 812, 815, 820, 824, 828, 832, 838, 845, 850],
        [12, 14, 15, 15, 18, 20, 22, 25, 27, 30, 31, 34],
        [40, 52, 61, 58, 47, 55, 63, 60, 49, 44, 50, 71],
    ),
    "R4": (
        [296, 297, 299, 300, 301, 301, 303, 305, 306, 308, 309, 310],
        [850, 855, 858, 861, 866, 870, 876, 880, 884, 890, 895, 900],
        [8, 9, 9, 10, 12, 14, 15, 16, 18, 20, 21, 22],
        [45, 58, 66, 62, 50, 60, 70, 64, 52, 47, 55, 76],
    ),
    "R5": (
        [280, 282, 285, 286, 288, 290, 292, 294, 295, 297, 299, 300],
        [900, 908, 915, 921, 930, 938, 944, 950, 957, 963, 970, 980],
        [0, 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 12],
        [50, 64, 75, 70, 58, 66, 80, 72, 60, 55, 62, 88],
    ),
}

CARE = """
[[table]]
id = "1-1"
title = "人口の動き"
shape = "monthly"
unit = "人"
since = "R3"
kept_years = 3
columns = [ { name = "出生" }, { name = "死亡" }, { name = "自然増減", of = "出生 - 死亡", signed = true }, { name = "転入" }, { name = "転出" }, { name = "社会増減", of = "転入 - 転出", signed = true }, { name = "人口", total = "last" }, { name = "世帯数", unit = "世帯", total = "last" }, { name = "高齢化率", unit = "％", decimals = 1, total = "last" } ]

[[table]]
id = "2-1"
title = "要介護認定者数"
shape = "monthly"
unit = "人"
since = "R3"
kept_years = 3
shares = "計"
columns = [ { name = "要支援１" }, { name = "要支援２" }, { name = "要介護１" }, { name = "要介護２" }, { name = "要介護３" }, { name = "要介護４" }, { name = "要介護５" }, { name = "計", sum = ["要支援１","要支援２","要介護１","要介護２","要介護３","要介護４","要介護５"] } ]

[[table]]
id = "2-2"
title = "介護給付費"
since = "R3"
kept_years = 3
unit = "百万円"
rows = ["居宅サービス", "地域密着型サービス", "施設サービス"]
total = "合計"
columns = [ { name = "給付費" }, { name = "計画値" }, { name = "執行率", of = "給付費 ÷ 計画値", unit = "％", decimals = 1 } ]

[[table]]
id = "3-1"
title = "観光入込客数"
shape = "monthly"
unit = "千人"
since = "R3"
months_since = "R3"
kept_years = 3
columns = [ { name = "日帰り", decimals = 1 }, { name = "宿泊", decimals = 1 }, { name = "入込客数", decimals = 1, sum = ["日帰り", "宿泊"] } ]
"""
# By year: births and deaths, moves, population, households, share of the old; persons by need of care; costs and plan by service.
_PEOPLE = {
    "R3": (480, 1450, 2500, 2900, 110000, 55000, "41.0"),
    "R4": (450, 1520, 2600, 2850, 108180, 54700, "41.4"),
    "R5": (420, 1560, 2700, 2800, 106940, 54500, "41.9"),
}
_NEEDING_CARE = {
    "R3": (900, 800, 1500, 1200, 900, 800, 500),
    "R4": (950, 820, 1550, 1210, 910, 810, 510),
    "R5": (1020, 850, 1600, 1230, 905, 795, 500),
}
_COSTS = {
    "R3": ((3000, 3100), (1500, 1600), (3200, 3300)),
    "R4": ((3100, 3150), (1550, 1580), (3250, 3280)),
    "R5": ((3255, 3200), (1612, 1650), (3185, 3250)),
}
# By year and month: visitors for a day, and overnight, in thousands.
_VISITORS = {
    "R3": (
        [30.5, 40.2, 85.0, 60.1, 90.3, 120.8, 75.5, 70.2, 40.1, 55.6, 80.9, 45.0],
        [10.5, 10.2, 25.0, 20.1, 30.3, 40.8, 25.5, 20.2, 10.1, 15.6, 20.9, 15.0],
    ),
    "R4": (
        [50.5, 60.2, 105.0, 80.1, 110.3, 150.8, 95.5, 90.2, 60.1, 75.6, 100.9, 65.0],
        [20.5, 20.2, 35.0, 30.1, 40.3, 50.8, 35.5, 30.2, 20.1, 25.6, 30.9, 25.0],
    ),
    "R5": (
        [60.5, 70.2, 125.0, 90.1, 120.3, 170.8, 105.5, 100.2, 70.1, 85.6, 120.9, 75.0],
        [25.5, 25.2, 40.0, 35.1, 45.3, 60.8, 40.5, 35.2, 25.1, 30.6, 40.9, 30.0],
    ),
}

HOSPITAL = """
[[table]]
id = "1-1"
title = "患者の状況"
shape = "monthly"
unit = "人"
since = "R3"
kept_years = 3
columns = [ { name = "入院患者延べ数" }, { name = "外来患者延べ数" }, { name = "診療日数", unit = "日" }, { name = "病床利用率", unit = "％", decimals = 1, total = "none" }, { name = "平均在院日数", unit = "日", decimals = 1, total = "none" }, { name = "手術件数", unit = "件" }, { name = "うち全身麻酔", unit = "件" }, { name = "救急車受入台数", unit = "台" } ]

[[table]]
id = "1-2"
title = "診療科別外来患者数"
since = "R3"
kept_years = 3
unit = "人"
rows = ["内科", "外科", "整形外科", "小児科", "眼科", "その他"]
total = "合計"
columns = [ { name = "患者数" }, { name = "構成比", of = "患者数 ÷ 合計の患者数", unit = "％", decimals = 1 } ]

[[table]]
id = "1-3"
title = "収支の状況"
shape = "monthly"
unit = "百万円"
since = "R3"
kept_years = 3
columns = [ { name = "医業収益" }, { name = "医業費用" }, { name = "医業損益", of = "医業収益 - 医業費用", signed = true }, { name = "医業収支比率", of = "医業収益 ÷ 医業費用", unit = "％", decimals = 1 } ]

[[table]]
id = "1-4"
title = "職員数"
shape = "monthly"
unit = "人"
since = "R3"
kept_years = 3
shares = "計"
columns = [ { name = "医師", total = "last" }, { name = "看護師", total = "last" }, { name = "医療技術職", total = "last" }, { name = "事務職", total = "last" }, { name = "計", sum = ["医師","看護師","医療技術職","事務職"], total = "last" } ]
"""
# By year: patients, days and rates, operations, ambulances; patients by department; income and costs; staff.
_PATIENTS = {
    "R3": (54020, 92100, 242, "74.0", "15.3", 760, 360, 1380),
    "R4": (55845, 95300, 243, "76.5", "14.8", 785, 382, 1440),
    "R5": (57305, 98420, 243, "78.5", "14.2", 812, 405, 1560),
}
_DEPARTMENTS = {
    "R3": (20100, 9500, 17200, 9000, 8300, 28000),
    "R4": (20800, 9700, 17900, 9400, 8500, 29000),
    "R5": (21450, 9800, 18300, 9870, 8650, 30350),
}
_ACCOUNTS = {
    "R3": (3600, 3950),
    "R4": (3720, 4050),
    "R5": (3850, 4120),
}
_STAFF = {
    "R3": (29, 172, 60, 38),
    "R4": (30, 176, 61, 37),
    "R5": (32, 180, 62, 36),
}


def _by_row(names, columns, figures):
    return tuple(Row(name, dict(zip(columns, row, strict=True))) for name, row in zip(names, figures, strict=True))


def _by_month(year, columns, figures):
    return tuple(
        Row(month.label, dict(zip(columns, row, strict=True)))
        for month, row in zip(FiscalYear(year).months, zip(*figures, strict=True), strict=True)
    )


def waste_rows(year):
    """The rows of each table in a year."""
    thrown_away, recycled, taxes = _WASTE[year]
    columns = ("可燃ごみ", "不燃ごみ", "粗大ごみ", "資源ごみ", "１人１日当たり排出量")
    rates = ("市民税", "固定資産税", "軽自動車税", "市たばこ税", "都市計画税")
    return {
        "2-1": _by_row([FiscalYear(year).short], columns, [thrown_away]),
        "2-2": _by_row(("古紙類", "びん", "缶", "ペットボトル", "布類"), ("回収量", "売却額"), recycled),
        "2-3": _by_row(rates, ("調定額", "収入済額"), taxes),
        "2-4": _by_month(year, ("公立", "私立", "待機児童数", "一時預かり利用者数"), _CHILDREN[year]),
    }


def care_rows(year):
    """The rows of each table in a year."""
    *people, share = _PEOPLE[year]
    columns = ("出生", "死亡", "転入", "転出", "人口", "世帯数", "高齢化率")
    levels = ("要支援１", "要支援２", "要介護１", "要介護２", "要介護３", "要介護４", "要介護５")
    services = ("居宅サービス", "地域密着型サービス", "施設サービス")
    visitors = [[Decimal(str(number)) for number in kind] for kind in _VISITORS[year]]
    return {
        "1-1": _by_row([FiscalYear(year).short], columns, [(*people, Decimal(share))]),
        "2-1": _by_row([FiscalYear(year).short], levels, [_NEEDING_CARE[year]]),
        "2-2": _by_row(services, ("給付費", "計画値"), _COSTS[year]),
        "3-1": _by_month(year, ("日帰り", "宿泊"), visitors),
    }


def hospital_rows(year):
    """The rows of each table in a year."""
    inside, outside, days, used, stay, *others = _PATIENTS[year]
    columns = (
        "入院患者延べ数", "外来患者延べ数", "診療日数", "病床利用率", "平均在院日数", "手術件数", "うち全身麻酔", "救急車受入台数"
    )  # fmt: skip
    departments = ("内科", "外科", "整形外科", "小児科", "眼科", "その他")
    of_year = [FiscalYear(year).short]
    return {
        "1-1": _by_row(of_year, columns, [(inside, outside, days, Decimal(used), Decimal(stay), *others)]),
        "1-2": _by_row(departments, ("患者数",), [(count,) for count in _DEPARTMENTS[year]]),
        "1-3": _by_row(of_year, ("医業収益", "医業費用"), [_ACCOUNTS[year]]),
        "1-4": _by_row(of_year, ("医師", "看護師", "医療技術職", "事務職"), [_STAFF[year]]),
    }
