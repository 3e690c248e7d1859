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


SERVICES = """
[[table]]
id = "1-1"
title = "図書館の利用状況"
shape = "monthly"
unit = "冊"
since = "R3"
months_since = "R3"
kept_years = 3
columns = [ { name = "一般書" }, { name = "児童書" }, { name = "視聴覚資料", unit = "点" }, { name = "貸出数", sum = ["一般書","児童書"] }, { name = "来館者数", unit = "人" }, { name = "開館日数", unit = "日" }, { name = "予約件数", unit = "件" } ]

[[table]]
id = "1-2"
title = "館別の状況"
since = "R3"
kept_years = 3
rows = ["中央図書館", "東図書館", "西図書館", "移動図書館"]
total = "合計"
columns = [ { name = "蔵書数", unit = "冊" }, { name = "貸出冊数", unit = "冊" }, { name = "登録者数", unit = "人" }, { name = "登録者１人当たり貸出冊数", of = "貸出冊数 ÷ 登録者数", unit = "冊", decimals = 1 } ]

[[table]]
id = "1-3"
title = "レファレンスの受付"
since = "R3"
rows = "quarters"
kept_years = 3
unit = "件"
columns = [{ name = "口頭" }, { name = "電話" }, { name = "メール" }, { name = "レファレンス件数", sum = ["口頭","電話","メール"] }]

[[table]]
id = "1-4"
title = "水道事業の業務量"
since = "R3"
years_since = "H30"
rows = "years"
ascending = true
columns = [{ name = "給水人口", unit = "人" }, { name = "普及率", unit = "％", decimals = 1 }, { name = "年間配水量", unit = "千㎥" }, { name = "有収水量", unit = "千㎥" }, { name = "有収率", of = "有収水量 ÷ 年間配水量", unit = "％", decimals = 1 }, { name = "漏水修理", unit = "件" }]

[[table]]
id = "1-5"
title = "児童虐待の相談対応件数"
since = "R3"
kept_years = 3
unit = "件"
corner = "経路"
total = "計"
rows = ["家族", "近隣・知人", "警察等", "学校", "医療機関", "その他"]
columns = [{ name = "身体的虐待" }, { name = "性的虐待" }, { name = "心理的虐待" }, { name = "ネグレクト" }, { name = "総数", sum = ["身体的虐待","性的虐待","心理的虐待","ネグレクト"] }]
"""
# By year: of each month the books for grown-ups and children, recordings, visitors, days open and orders; books, loans and readers by
# library; questions by quarter; people served with water, their share, water sent out and paid for, repairs; cases by who told of them.
_SERVICES = {
    "R3": (
        (
            [6000, 6200, 6100, 6500, 7000, 6300, 6400, 6200, 5800, 6000, 6100, 6600],
            [3000, 3100, 3300, 3600, 4200, 3200, 3100, 3000, 2900, 3100, 3200, 3500],
            [200] * 12,
            [8000, 8200, 8100, 8900, 9500, 8300, 8400, 8100, 7600, 7900, 8000, 8600],
            [25, 26, 26, 26, 26, 25, 26, 25, 23, 24, 23, 26],
            [500, 510, 520, 530, 540, 550, 560, 570, 580, 590, 600, 610],
        ),
        ((180000, 70000, 9000), (60000, 24000, 3500), (50000, 20000, 3000), (9000, 4400, 600)),
        ((120, 60, 20), (130, 62, 25), (110, 58, 28), (125, 55, 30)),
        (110000, "98.0", 15000, 13200, 140),
        ((10, 0, 20, 12), (5, 0, 25, 10), (8, 1, 60, 3), (15, 2, 10, 9), (6, 1, 2, 5), (3, 0, 6, 4)),
    ),
    "R4": (
        (
            [6100, 6300, 6150, 6600, 7200, 6350, 6500, 6250, 5900, 6050, 6200, 6700],
            [3100, 3200, 3350, 3700, 4400, 3250, 3150, 3050, 2950, 3150, 3250, 3600],
            [190] * 12,
            [8200, 8400, 8300, 9100, 9900, 8500, 8600, 8300, 7800, 8100, 8200, 8900],
            [25, 26, 26, 26, 26, 25, 26, 25, 23, 24, 23, 26],
            [520, 530, 540, 550, 560, 570, 580, 590, 600, 610, 620, 630],
        ),
        ((182000, 72000, 9200), (61000, 24500, 3550), (51000, 19800, 2980), (9100, 4300, 590)),
        ((118, 64, 30), (128, 66, 34), (112, 60, 36), (122, 58, 40)),
        (108500, "98.1", 14800, 13100, 150),
        ((12, 0, 24, 13), (6, 0, 28, 11), (10, 1, 75, 4), (18, 3, 12, 10), (7, 1, 3, 6), (4, 0, 8, 5)),
    ),
    "R5": (
        (
            [6200, 6400, 6300, 6800, 7500, 6400, 6600, 6300, 6000, 6100, 6300, 6900],
            [3200, 3300, 3400, 3800, 4600, 3300, 3200, 3100, 3000, 3200, 3300, 3700],
            [180] * 12,
            [8600, 8800, 8700, 9500, 10400, 8900, 9000, 8700, 8200, 8500, 8600, 9300],
            [25, 26, 26, 26, 26, 25, 26, 25, 23, 24, 23, 27],
            [560, 570, 580, 590, 600, 610, 620, 630, 640, 650, 660, 690],
        ),
        ((184500, 74200, 9400), (62000, 25100, 3600), (51800, 19500, 2950), (9200, 4200, 580)),
        ((115, 70, 45), (126, 72, 50), (109, 64, 52), (120, 60, 58)),
        (107000, "98.3", 14600, 13140, 132),
        ((14, 0, 30, 15), (5, 0, 31, 14), (12, 2, 98, 5), (20, 4, 15, 12), (8, 1, 4, 7), (3, 1, 9, 6)),
    ),
}
_WATER_BEFORE = {
    "H30年度": (115000, "97.0", 15600, 13400, 110),
    "R元年度": (113500, "97.4", 15400, 13350, 125),
    "R2年度": (111800, "97.7", 15200, 13300, 131),
}

FIRE = """
[[table]]
id = "1-1"
title = "火災の発生状況"
rows = "months"
since = "R3"
total = "合計"
kept_years = 3
unit = "件"
columns = [{ name = "建物火災" }, { name = "林野火災" }, { name = "車両火災" }, { name = "その他火災" }, { name = "火災件数", sum = ["建物火災","林野火災","車両火災","その他火災"] }, { name = "死者", unit = "人" }, { name = "負傷者", unit = "人" }, { name = "損害額", unit = "千円" }, { name = "焼損床面積", unit = "㎡", decimals = 1 }]

[[table]]
id = "1-2"
title = "出火原因"
since = "R3"
rows = ["たばこ", "こんろ", "放火", "放火の疑い", "ストーブ", "電気機器", "その他", "不明"]
total = "合計"
unit = "件"
kept_years = 3
columns = [{ name = "件数" }, { name = "構成比", of = "件数 ÷ 合計の件数", unit = "％", decimals = 1 }]

[[table]]
id = "1-3"
title = "救急出動"
since = "R3"
rows = "years"
unit = "件"
columns = [{ name = "出動件数" }, { name = "搬送人員", unit = "人" }, { name = "うち高齢者", unit = "人" }, { name = "平均到着時間", unit = "分", decimals = 1 }, { name = "不搬送", of = "出動件数 - 搬送人員", unit = "件" }]

[[table]]
id = "1-4"
title = "雇用の状況"
since = "R3"
rows = "years"
columns = [{ name = "有効求人数", unit = "人" }, { name = "有効求職者数", unit = "人" }, { name = "有効求人倍率", of = "有効求人数 ÷ 有効求職者数", unit = "倍", decimals = 2 }, { name = "就職件数", unit = "件" }, { name = "就職率", unit = "％", decimals = 1 }]
"""
# By year: fires by month and kind, the dead and the hurt, the damage, the floor burnt; causes; ambulances; work.
_FIRES = {
    "R3": (
        (4, 5, 6, 5, 3, 2, 2, 2, 2, 3, 4, 6),
        (0, 1, 2, 3, 1, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0),
        (2, 3, 4, 4, 2, 1, 1, 1, 1, 2, 2, 3),
        (1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1),
        (1, 1, 2, 1, 0, 0, 0, 1, 0, 1, 1, 2),
        [3000, 5200, 8000, 4000, 1500, 900, 700, 800, 1000, 2500, 4100, 9000],
        ["30.5", "120.0", "210.4", "85.0", "20.0", "10.1", "0.0", "5.5", "12.0", "40.0", "75.5", "300.2"],
        (9, 8, 5, 3, 6, 7, 22, 12),
        (5200, 4800, 3100, "8.6"),
        (24000, 20000, 1800, "30.1"),
    ),
    "R4": (
        (5, 4, 5, 4, 3, 2, 3, 2, 3, 3, 5, 6),
        (0, 0, 3, 4, 1, 0, 0, 0, 0, 0, 0, 0),
        (1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0),
        (2, 2, 5, 3, 2, 2, 1, 1, 2, 2, 2, 3),
        (0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1),
        (1, 2, 1, 1, 1, 0, 0, 0, 1, 1, 1, 3),
        [4000, 4200, 6000, 3000, 1600, 800, 1700, 900, 1100, 2000, 5100, 8600],
        ["45.0", "60.5", "180.2", "70.3", "25.0", "8.0", "15.2", "4.4", "16.1", "35.0", "90.8", "280.0"],
        (11, 9, 4, 4, 5, 8, 25, 18),
        (5600, 5150, 3400, "8.9"),
        (25200, 20000, 1850, "31.0"),
    ),
    "R5": (
        (6, 5, 7, 5, 4, 2, 3, 3, 3, 4, 6, 8),
        (0, 1, 4, 5, 1, 0, 0, 0, 0, 0, 1, 0),
        (0, 1, 1, 0, 1, 0, 2, 0, 1, 1, 0, 1),
        (3, 3, 6, 5, 2, 2, 2, 1, 2, 2, 3, 4),
        (1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2),
        (2, 1, 3, 1, 1, 0, 1, 0, 0, 1, 2, 4),
        [5000, 6200, 9000, 4000, 2600, 1200, 1800, 1500, 1700, 3000, 6000, 13000],
        ["50.5", "70.0", "250.3", "80.2", "33.0", "9.8", "12.4", "11.0", "18.6", "44.2", "95.0", "410.0"],
        (14, 11, 6, 4, 7, 12, 36, 22),
        (6100, 5550, 3700, "9.2"),
        (24600, 20500, 1790, "29.4"),
    ),
}


TOWN = """
[[table]]
id = "1-1"
title = "一般会計歳入決算"
since = "R3"
kept_years = 3
unit = "百万円"
corner = "款"
rows = ["繰越金"]
groups = [ { name = "自主財源", rows = ["市税", "使用料及び手数料", "諸収入"], subtotal = "自主財源計" }, { name = "依存財源", rows = ["地方交付税", "国庫支出金", "道支出金", "市債"], subtotal = "依存財源計" } ]
total = "歳入合計"
columns = [ { name = "予算額" }, { name = "決算額" }, { name = "構成比", of = "決算額 ÷ 合計の決算額", unit = "％", decimals = 1 }, { name = "対前年度増減額", of = "決算額 - 前年の決算額", signed = true }, { name = "対前年度増減率", of = "対前年度増減額 ÷ 前年の決算額", unit = "％", decimals = 1, signed = true } ]

[[table]]
id = "1-2"
title = "小中学校の児童生徒数"
since = "R3"
rows = "years"
columns = [ { name = "小学校児童数", group = "児童生徒数", label = "小学校", unit = "人" }, { name = "中学校生徒数", group = "児童生徒数", label = "中学校", unit = "人" }, { name = "児童生徒数計", group = "児童生徒数", label = "計", sum = ["小学校児童数","中学校生徒数"], unit = "人" }, { name = "小学校数", group = "学校数", label = "小学校", unit = "校" }, { name = "中学校数", group = "学校数", label = "中学校", unit = "校" }, { name = "不登校児童生徒数", unit = "人" }, { name = "不登校の割合", of = "不登校児童生徒数 ÷ 児童生徒数計", unit = "％", decimals = 2 } ]

[[table]]
id = "1-3"
title = "選挙の投票状況"
since = "R3"
kept_years = 3
rows = ["男", "女"]
total = "計"
columns = [ { name = "有権者数", unit = "人" }, { name = "投票者数", unit = "人" }, { name = "投票率", of = "投票者数 ÷ 有権者数", unit = "％", decimals = 2 } ]

[[table]]
id = "1-4"
title = "施設の概要"
since = "R3"
shape = "values"
items = [ { name = "公園の数", unit = "か所" }, { name = "公園面積", unit = "ha", decimals = 1 }, { name = "市道の延長", unit = "km", decimals = 1 }, { name = "街路灯", unit = "基" }, { name = "市営住宅の管理戸数", unit = "戸" }, { name = "入居率", unit = "％", decimals = 1 } ]

[[table]]
id = "1-5"
title = "港湾の取扱貨物量"
shape = "monthly"
since = "R3"
months_since = "R3"
kept_years = 3
unit = "t"
columns = [ { name = "輸出", group = "外国貿易" }, { name = "輸入", group = "外国貿易" }, { name = "移出", group = "内国貿易" }, { name = "移入", group = "内国貿易" }, { name = "貨物量", label = "総貨物量", sum = ["輸出","輸入","移出","移入"] }, { name = "入港船舶数", unit = "隻" } ]
"""
# By year: budget and accounts by source; pupils, schools and pupils who stay away; voters by sex; single figures; goods by month and ships.
_TOWN = {
    "R3": (
        (
            (1200, 1300),
            (13500, 13600),
            (900, 880),
            (1500, 1480),
            (15200, 15300),
            (11800, 11000),
            (4200, 4100),
            (5000, 4800),
        ),
        (4500, 2600, 19, 12, 150),
        ((44000, 21000), (52000, 25500)),
        (120, "310.5", "820.4", 9800, 3100, "82.0"),
        (
            [1000, 1200, 1500, 1100, 1000, 1300, 1400, 1200, 900, 800, 1000, 1600],
            [8000, 8200, 8500, 8100, 7900, 8300, 8800, 9000, 8600, 8000, 7800, 8400],
            [30000] * 12,
            [42000, 41000, 43000, 45000, 44000, 43500, 42500, 41500, 43000, 40000, 39000, 44000],
            [50, 52, 55, 60, 62, 58, 54, 51, 48, 42, 40, 49],
        ),
    ),
    "R4": (
        (
            (1250, 1280),
            (13700, 13800),
            (910, 900),
            (1450, 1400),
            (15400, 15500),
            (10500, 9800),
            (4300, 4250),
            (4800, 4500),
        ),
        (4380, 2540, 19, 12, 186),
        ((43500, 20100), (51500, 24300)),
        (121, "312.0", "822.1", 9750, 3080, "80.5"),
        (
            [1100, 1300, 1600, 1200, 1100, 1400, 1500, 1300, 1000, 900, 1100, 1700],
            [7900, 8100, 8400, 8000, 7800, 8200, 8700, 8900, 8500, 7900, 7700, 8300],
            [30500] * 12,
            [41000, 40000, 42000, 44000, 43000, 42500, 41500, 40500, 42000, 39000, 38000, 43000],
            [49, 51, 54, 59, 61, 57, 53, 50, 47, 41, 39, 48],
        ),
    ),
    "R5": (
        (
            (1300, 1350),
            (13900, 14100),
            (905, 910),
            (1400, 1420),
            (15600, 15750),
            (9800, 9200),
            (4350, 4400),
            (4600, 4320),
        ),
        (4250, 2470, 18, 12, 214),
        ((42900, 20800), (51000, 25100)),
        (121, "312.0", "825.6", 9700, 3050, "79.2"),
        (
            [1200, 1500, 1800, 1300, 1200, 1600, 1700, 1400, 1100, 1000, 1200, 2000],
            [7700, 7900, 8200, 7800, 7600, 8000, 8500, 8700, 8300, 7700, 7500, 8100],
            [31000] * 12,
            [40000, 39500, 41500, 43500, 42500, 42000, 41000, 40000, 41500, 38500, 37500, 42500],
            [48, 50, 53, 58, 60, 56, 52, 49, 46, 40, 38, 47],
        ),
    ),
}


def by_row(names, columns, figures):
    return tuple(Row(name, dict(zip(columns, row, strict=True))) for name, row in zip(names, figures, strict=True))


def by_month(year, columns, figures):
    return tuple(
        Row(month.label, dict(zip(columns, row, strict=True)))
        for month, row in zip(year.months, zip(*figures, strict=True), strict=True)
    )


def waste_rows(year):
    """The rows of each table in a year."""
    thrown_away, recycled, taxes = _WASTE[year]
    columns = ("可燃ごみ", "不燃ごみ", "粗大ごみ", "資源ごみ", "１人１日当たり排出量")
    rates = ("市民税", "固定資産税", "軽自動車税", "市たばこ税", "都市計画税")
    return {
        "2-1": by_row([FiscalYear(year).short], columns, [thrown_away]),
        "2-2": by_row(("古紙類", "びん", "缶", "ペットボトル", "布類"), ("回収量", "売却額"), recycled),
        "2-3": by_row(rates, ("調定額", "収入済額"), taxes),
        "2-4": by_month(FiscalYear(year), ("公立", "私立", "待機児童数", "一時預かり利用者数"), _CHILDREN[year]),
    }


def care_rows(year):
    """The rows of each table in a year."""
    *people, share = _PEOPLE[year]
    columns = ("出生", "死亡", "転入", "転出", "人口", "世帯数", "高齢化率")
    levels = ("要支援１", "要支援２", "要介護１", "要介護２", "要介護３", "要介護４", "要介護５")
    services = ("居宅サービス", "地域密着型サービス", "施設サービス")
    visitors = [[Decimal(str(number)) for number in kind] for kind in _VISITORS[year]]
    return {
        "1-1": by_row([FiscalYear(year).short], columns, [(*people, Decimal(share))]),
        "2-1": by_row([FiscalYear(year).short], levels, [_NEEDING_CARE[year]]),
        "2-2": by_row(services, ("給付費", "計画値"), _COSTS[year]),
        "3-1": by_month(FiscalYear(year), ("日帰り", "宿泊"), visitors),
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
        "1-1": by_row(of_year, columns, [(inside, outside, days, Decimal(used), Decimal(stay), *others)]),
        "1-2": by_row(departments, ("患者数",), [(count,) for count in _DEPARTMENTS[year]]),
        "1-3": by_row(of_year, ("医業収益", "医業費用"), [_ACCOUNTS[year]]),
        "1-4": by_row(of_year, ("医師", "看護師", "医療技術職", "事務職"), [_STAFF[year]]),
    }


def services_rows(year):
    """The rows of each table in a year."""
    months, libraries, questions, water, cases = _SERVICES[year]
    served = {FiscalYear(year).short: water} if year != YEARS[0] else {**_WATER_BEFORE, FiscalYear(year).short: water}
    counted = [(people, Decimal(share), *others) for people, share, *others in served.values()]
    used = ("一般書", "児童書", "視聴覚資料", "来館者数", "開館日数", "予約件数")
    quarters = [f"第{nth}四半期" for nth in "１２３４"]
    told_by = ("家族", "近隣・知人", "警察等", "学校", "医療機関", "その他")
    return {
        "1-1": by_month(FiscalYear(year), used, months),
        "1-2": by_row(
            ("中央図書館", "東図書館", "西図書館", "移動図書館"), ("蔵書数", "貸出冊数", "登録者数"), libraries
        ),
        "1-3": by_row(quarters, ("口頭", "電話", "メール"), questions),
        "1-4": by_row(served, ("給水人口", "普及率", "年間配水量", "有収水量", "漏水修理"), counted),
        "1-5": by_row(told_by, ("身体的虐待", "性的虐待", "心理的虐待", "ネグレクト"), cases),
    }


def fire_rows(year):
    """The rows of each table in a calendar year."""
    *months, floor, causes, (*ambulances, minutes), (*work, rate) = _FIRES[year]
    of_year = FiscalYear(year, calendar=True)
    kinds = ("建物火災", "林野火災", "車両火災", "その他火災", "死者", "負傷者", "損害額", "焼損床面積")
    of_months = zip(*months, map(Decimal, floor), strict=True)
    names = ("たばこ", "こんろ", "放火", "放火の疑い", "ストーブ", "電気機器", "その他", "不明")
    sent = ("出動件数", "搬送人員", "うち高齢者", "平均到着時間")
    sought = ("有効求人数", "有効求職者数", "就職件数", "就職率")
    return {
        "1-1": by_row([month.label for month in of_year.months], kinds, of_months),
        "1-2": by_row(names, ("件数",), [(count,) for count in causes]),
        "1-3": by_row([of_year.short], sent, [(*ambulances, Decimal(minutes))]),
        "1-4": by_row([of_year.short], sought, [(*work, Decimal(rate))]),
    }


def town_rows(year):
    """The rows of each table in a year."""
    accounts, (pupils, students, primary, secondary, away), voters, single, goods = _TOWN[year]
    sources = ("繰越金", "市税", "使用料及び手数料", "諸収入", "地方交付税", "国庫支出金", "道支出金", "市債")
    taught = ("小学校児童数", "中学校生徒数", "小学校数", "中学校数", "不登校児童生徒数")
    items = ("公園の数", "公園面積", "市道の延長", "街路灯", "市営住宅の管理戸数", "入居率")
    values = [(Decimal(value) if isinstance(value, str) else value,) for value in single]
    return {
        "1-1": by_row(sources, ("予算額", "決算額"), accounts),
        "1-2": by_row([FiscalYear(year).short], taught, [(pupils, students, primary, secondary, away)]),
        "1-3": by_row(("男", "女"), ("有権者数", "投票者数"), voters),
        "1-4": by_row(items, ("値",), values),
        "1-5": by_month(FiscalYear(year), ("輸出", "輸入", "移出", "移入", "入港船舶数"), goods),
    }


# By name: the division, its tables, the rows of a year, and whether it counts by calendar years.
OFFICES = {
    "waste": ("環境部", WASTE, waste_rows, False),
    "care": ("介護保険課", CARE, care_rows, False),
    "hospital": ("市立病院", HOSPITAL, hospital_rows, False),
    "services": ("市民サービス課", SERVICES, services_rows, False),
    "fire": ("消防本部", FIRE, fire_rows, True),
    "town": ("企画財政課", TOWN, town_rows, False),
}
