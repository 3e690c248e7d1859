"""More small offices whose sentences are read in the tests: a consumer centre, buses, a police station, public health. Their figures stand
in the order of the tables, by year: months as a list for each column, other tables as a list for each row."""

import tomllib
from decimal import Decimal

from small_offices import by_month, by_row

from nenpo.japanese.years import FiscalYear

CONSUMER = """
[[table]]
id = "1-1"
title = "月別相談件数"
shape = "monthly"
unit = "件"
since = "R3"
months_since = "R3"
kept_years = 3
columns = [
  { name = "苦情" },
  { name = "問合せ" },
  { name = "相談件数", sum = ["苦情", "問合せ"] },
  { name = "あっせん件数" },
]

[[table]]
id = "1-2"
title = "契約当事者の年代別相談件数"
since = "R3"
kept_years = 3
unit = "件"
corner = "年代"
rows = ["20歳未満", "20歳代", "30歳代", "40歳代", "50歳代", "60歳代", "70歳以上", "不明"]
total = "合計"
columns = [
  { name = "男性" },
  { name = "女性" },
  { name = "計", sum = ["男性", "女性"] },
  { name = "構成比", of = "計 ÷ 合計の計", unit = "％", decimals = 1 },
]

[[table]]
id = "1-3"
title = "商品・役務別相談件数"
since = "R3"
kept_years = 3
unit = "件"
corner = "商品・役務"
rows = ["商品一般", "化粧品", "健康食品", "不動産貸借", "工事・建築", "移動通信サービス", "フリーローン・サラ金", "その他"]
total = "合計"
columns = [
  { name = "件数" },
  { name = "増減数", of = "件数 - 前年の件数", signed = true },
]

[[table]]
id = "1-4"
title = "販売購入形態別相談件数"
since = "R3"
kept_years = 3
unit = "件"
rows = ["店舗購入", "訪問販売", "通信販売", "マルチ取引", "電話勧誘販売", "訪問購入", "不明・無関係"]
total = "合計"
columns = [
  { name = "件数" },
]

[[table]]
id = "1-5"
title = "契約金額と救済額"
since = "R3"
kept_years = 3
rows = "years"
columns = [
  { name = "契約購入金額", unit = "千円" },
  { name = "平均契約購入金額", unit = "円" },
  { name = "救済額", unit = "千円" },
  { name = "出前講座", unit = "回" },
  { name = "受講者数", unit = "人" },
]
"""

BUS = """
[[table]]
id = "1-1"
title = "運輸実績"
since = "R3"
kept_years = 3
rows = "years"
columns = [
  { name = "乗車人員", unit = "千人" },
  { name = "１日平均乗車人員", unit = "人" },
  { name = "走行キロ", unit = "千km" },
  { name = "運輸収益", unit = "百万円" },
  { name = "営業費用", unit = "百万円" },
  { name = "経常収支比率", unit = "％", decimals = 1 },
  { name = "車両数", unit = "両" },
  { name = "乗務員数", unit = "人" },
  { name = "有責事故", unit = "件" },
]

[[table]]
id = "1-2"
title = "路線別の状況"
since = "R3"
kept_years = 3
corner = "路線"
rows = ["本線", "山手線", "海岸線", "団地線", "循環線"]
total = "合計"
columns = [
  { name = "乗車人員", unit = "千人" },
  { name = "収入", unit = "百万円" },
  { name = "運行本数", unit = "本" },
]

[[table]]
id = "1-3"
title = "券種別の売上"
since = "R3"
kept_years = 3
unit = "千円"
rows = ["現金", "ICカード", "通勤定期", "通学定期", "一日乗車券"]
total = "合計"
columns = [
  { name = "売上額" },
  { name = "構成比", of = "売上額 ÷ 合計の売上額", unit = "％", decimals = 1 },
]

[[table]]
id = "1-4"
title = "苦情・要望の受付"
shape = "monthly"
unit = "件"
since = "R3"
months_since = "R3"
kept_years = 3
columns = [
  { name = "接遇" },
  { name = "運転" },
  { name = "運行" },
  { name = "施設" },
  { name = "計", sum = ["接遇", "運転", "運行", "施設"] },
]
"""

POLICE = """
[[table]]
id = "1-1"
title = "刑法犯の認知・検挙状況"
since = "R3"
kept_years = 3
unit = "件"
corner = "罪種"
rows = ["凶悪犯", "粗暴犯", "窃盗犯", "知能犯", "風俗犯", "その他の刑法犯"]
total = "総数"
columns = [
  { name = "認知件数" },
  { name = "検挙件数" },
  { name = "検挙率", of = "検挙件数 ÷ 認知件数", unit = "％", decimals = 1 },
]

[[table]]
id = "1-2"
title = "交通事故発生状況"
shape = "monthly"
unit = "件"
since = "R3"
months_since = "R3"
kept_years = 3
columns = [
  { name = "発生件数" },
  { name = "死者数", unit = "人" },
  { name = "負傷者数", unit = "人" },
]

[[table]]
id = "1-3"
title = "特殊詐欺の被害"
since = "R3"
kept_years = 3
corner = "手口"
rows = ["オレオレ詐欺", "預貯金詐欺", "架空料金請求詐欺", "還付金詐欺", "キャッシュカード詐欺盗"]
total = "合計"
columns = [
  { name = "認知件数", unit = "件" },
  { name = "被害額", unit = "万円" },
]

[[table]]
id = "1-4"
title = "110番受理件数等"
since = "R3"
kept_years = 3
rows = "years"
columns = [
  { name = "110番受理件数", unit = "件" },
  { name = "うち有効件数", unit = "件" },
  { name = "平均リスポンス・タイム", unit = "分", decimals = 1 },
  { name = "警察安全相談", unit = "件" },
  { name = "運転免許保有者数", unit = "人" },
  { name = "うち65歳以上", unit = "人" },
]
"""

HEALTH = """
[[table]]
id = "1-1"
title = "がん検診の実施状況"
since = "R3"
kept_years = 3
unit = "人"
corner = "検診"
rows = ["胃がん検診", "肺がん検診", "大腸がん検診", "子宮頸がん検診", "乳がん検診"]
total = "none"
columns = [
  { name = "対象者数" },
  { name = "受診者数" },
  { name = "受診率", of = "受診者数 ÷ 対象者数", unit = "％", decimals = 1 },
  { name = "要精密検査者数" },
  { name = "がん発見者数" },
]

[[table]]
id = "1-2"
title = "人口動態"
since = "R3"
kept_years = 3
rows = "years"
columns = [
  { name = "出生数", unit = "人" },
  { name = "出生率", unit = "人口千対", decimals = 1 },
  { name = "合計特殊出生率", decimals = 2 },
  { name = "死亡数", unit = "人" },
  { name = "婚姻件数", unit = "組" },
  { name = "離婚件数", unit = "組" },
  { name = "自殺者数", unit = "人" },
  { name = "自殺死亡率", unit = "人口10万対", decimals = 1 },
]

[[table]]
id = "1-3"
title = "乳幼児健康診査"
since = "R3"
kept_years = 3
unit = "人"
rows = ["４か月児", "１歳６か月児", "３歳児"]
total = "none"
columns = [
  { name = "対象者数" },
  { name = "受診者数" },
  { name = "受診率", of = "受診者数 ÷ 対象者数", unit = "％", decimals = 1 },
  { name = "むし歯のある児" },
]

[[table]]
id = "1-4"
title = "健康相談・訪問指導"
shape = "monthly"
since = "R3"
months_since = "R3"
kept_years = 3
columns = [
  { name = "健康相談", unit = "回" },
  { name = "相談者数", unit = "人" },
  { name = "訪問指導（実）", unit = "人" },
  { name = "訪問指導（延）", unit = "人" },
]
"""

_CONSUMER = {
    "R3": (
        (
            [70, 66, 75, 80, 62, 71, 68, 77, 60, 64, 66, 73],
            [10, 8, 9, 12, 7, 9, 8, 10, 6, 7, 9, 9],
            [6, 5, 7, 8, 4, 6, 5, 6, 4, 5, 6, 7],
        ),
        [(12, 10), (48, 52), (45, 50), (60, 72), (70, 85), (75, 90), (110, 120), (15, 22)],
        [(130,), (60,), (70,), (55,), (48,), (52,), (40,), (481,)],
        [(210,), (95,), (330,), (18,), (60,), (12,), (211,)],
        [(312000, 412000, 9800, 8, 210)],
    ),
    "R4": (
        (
            [65, 70, 72, 78, 60, 69, 66, 75, 63, 61, 70, 71],
            [9, 9, 10, 10, 8, 8, 8, 9, 7, 7, 8, 7],
            [5, 6, 6, 7, 5, 6, 6, 5, 5, 4, 6, 6],
        ),
        [(15, 12), (50, 49), (42, 47), (58, 70), (66, 84), (72, 88), (118, 132), (10, 7)],
        [(110,), (95,), (64,), (58,), (52,), (45,), (38,), (458,)],
        [(200,), (88,), (352,), (15,), (52,), (14,), (199,)],
        [(298000, 388000, 11200, 12, 365)],
    ),
    "R5": (
        (
            [80, 78, 85, 92, 74, 81, 77, 88, 70, 72, 76, 87],
            [8, 7, 9, 10, 6, 8, 7, 9, 5, 6, 7, 8],
            [7, 8, 9, 10, 6, 7, 8, 9, 6, 5, 7, 8],
        ),
        [(10, 9), (58, 62), (44, 49), (61, 77), (73, 94), (79, 101), (151, 168), (8, 6)],
        [(142,), (121,), (58,), (61,), (70,), (39,), (45,), (514,)],
        [(205,), (112,), (418,), (10,), (64,), (21,), (220,)],
        [(365000, 434000, 15600, 15, 512)],
    ),
}

_BUS = {
    "R3": (
        [(8200, 22466, 3150, 1480, 2010, Decimal("84.2"), 92, 168, 14)],
        [(3100, 560, 120), (1500, 270, 80), (1200, 215, 64), (1400, 250, 70), (1000, 185, 52)],
        [(420000,), (610000,), (230000,), (180000,), (40000,)],
        (
            [3, 2, 4, 5, 3, 2, 4, 3, 2, 5, 6, 4],
            [6, 5, 4, 7, 6, 5, 4, 3, 5, 6, 7, 8],
            [9, 8, 7, 6, 8, 9, 10, 11, 12, 14, 13, 9],
            [1, 0, 2, 1, 1, 0, 1, 2, 1, 0, 1, 2],
        ),
    ),
    "R4": (
        [(8650, 23699, 3120, 1560, 2050, Decimal("86.9"), 90, 164, 11)],
        [(3300, 600, 118), (1580, 285, 80), (1240, 222, 62), (1480, 265, 68), (1050, 188, 50)],
        [(400000,), (690000,), (240000,), (182000,), (48000,)],
        (
            [4, 3, 4, 4, 3, 3, 5, 3, 3, 4, 4, 4],
            [5, 4, 5, 6, 5, 6, 5, 4, 4, 5, 6, 7],
            [8, 7, 6, 7, 8, 8, 9, 10, 12, 15, 12, 8],
            [1, 1, 1, 1, 0, 0, 2, 1, 1, 1, 1, 1],
        ),
    ),
    "R5": (
        [(9100, 24863, 3080, 1652, 2098, Decimal("89.3"), 88, 157, 9)],
        [(3520, 642, 116), (1690, 306, 80), (1260, 226, 58), (1530, 274, 66), (1100, 204, 50)],
        [(362000,), (778000,), (251000,), (186000,), (75000,)],
        (
            [3, 3, 3, 4, 2, 2, 4, 3, 2, 3, 4, 3],
            [5, 4, 4, 5, 6, 5, 4, 3, 3, 4, 6, 6],
            [11, 9, 8, 8, 10, 9, 11, 12, 15, 21, 18, 12],
            [0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1],
        ),
    ),
}

_POLICE = {
    "R3": (
        [(6, 5), (84, 70), (620, 260), (48, 30), (12, 10), (180, 90)],
        (
            [20, 18, 22, 19, 21, 17, 20, 23, 19, 24, 22, 25],
            [0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 1],
            [24, 22, 27, 22, 25, 20, 24, 28, 22, 29, 26, 31],
        ),
        [(8, 1200), (5, 480), (12, 2600), (6, 540), (4, 380)],
        [(9800, 7600, Decimal("6.8"), 3150, 68000, 21500)],
    ),
    "R4": (
        [(5, 5), (80, 68), (580, 250), (55, 32), (14, 12), (176, 88)],
        (
            [18, 17, 20, 18, 19, 16, 18, 21, 18, 22, 21, 22],
            [0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0],
            [21, 20, 24, 20, 22, 18, 21, 25, 21, 26, 25, 27],
        ),
        [(10, 1500), (6, 520), (18, 4100), (9, 760), (5, 420)],
        [(10400, 8000, Decimal("7.0"), 3320, 67500, 21900)],
    ),
    "R5": (
        [(8, 7), (91, 78), (655, 262), (70, 35), (16, 13), (190, 95)],
        (
            [17, 15, 19, 16, 18, 15, 17, 19, 16, 21, 19, 23],
            [0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1],
            [20, 18, 22, 19, 21, 17, 20, 23, 19, 25, 22, 27],
        ),
        [(14, 2450), (4, 310), (31, 8800), (12, 1040), (3, 200)],
        [(11250, 8550, Decimal("7.3"), 3610, 67100, 22400)],
    ),
}

_HEALTH = {
    "R3": (
        [
            (20000, 2100, 180, 5),
            (24000, 2900, 60, 4),
            (24000, 3100, 210, 12),
            (16000, 1900, 40, 1),
            (12000, 1500, 95, 6),
        ],
        [(420, Decimal("6.1"), Decimal("1.18"), 980, 260, 92, 15, Decimal("21.8"))],
        [(425, 418, 0), (440, 428, 6), (455, 437, 52)],
        (
            [4, 4, 5, 5, 4, 4, 5, 4, 4, 3, 4, 5],
            [40, 38, 52, 55, 41, 39, 50, 44, 42, 30, 40, 51],
            [10, 12, 11, 9, 10, 12, 13, 11, 9, 8, 10, 12],
            [15, 18, 16, 14, 15, 17, 19, 16, 14, 12, 15, 19],
        ),
    ),
    "R4": (
        [
            (19800, 2250, 190, 6),
            (23800, 3050, 62, 3),
            (23800, 3240, 222, 10),
            (15900, 2010, 44, 2),
            (11900, 1600, 99, 8),
        ],
        [(398, Decimal("5.9"), Decimal("1.14"), 1040, 248, 88, 12, Decimal("17.6"))],
        [(401, 396, 0), (422, 413, 5), (446, 430, 47)],
        (
            [5, 4, 5, 5, 5, 4, 5, 5, 4, 4, 4, 5],
            [51, 40, 54, 58, 53, 41, 52, 50, 43, 41, 42, 55],
            [11, 13, 12, 10, 11, 13, 14, 12, 10, 9, 11, 13],
            [17, 19, 18, 15, 16, 19, 21, 18, 15, 14, 17, 20],
        ),
    ),
    "R5": (
        [
            (19500, 2340, 185, 4),
            (23500, 3290, 70, 5),
            (23500, 3525, 240, 15),
            (15800, 2133, 50, 2),
            (11800, 1711, 102, 9),
        ],
        [(371, Decimal("5.6"), Decimal("1.09"), 1085, 251, 95, 17, Decimal("25.3"))],
        [(372, 369, 0), (398, 390, 4), (429, 416, 39)],
        (
            [5, 5, 6, 6, 5, 5, 6, 5, 5, 4, 5, 6],
            [55, 52, 66, 70, 54, 51, 68, 57, 53, 42, 55, 72],
            [12, 14, 13, 11, 12, 14, 15, 13, 11, 10, 12, 14],
            [19, 22, 20, 17, 18, 21, 24, 20, 17, 16, 19, 23],
        ),
    ),
}


def _rows(tables, figures, calendar, year):
    """The rows of each table in a year."""
    period = FiscalYear(year, calendar=calendar)
    rows = {}
    for table, counts in zip(tomllib.loads(tables)["table"], figures[year], strict=True):
        columns = [column["name"] for column in table["columns"] if not column.keys() & {"sum", "of"}]
        if table.get("shape") == "monthly":
            rows[table["id"]] = by_month(period, columns, counts)
        else:
            names = [period.short] if table["rows"] == "years" else table["rows"]
            rows[table["id"]] = by_row(names, columns, counts)
    return rows


def _office(division, tables, figures, calendar=False):
    return division, tables, lambda year: _rows(tables, figures, calendar, year), calendar


# By name: the division, its tables, the rows of a year, and whether it counts by calendar years.
OFFICES = {
    "consumer": _office("消費生活センター", CONSUMER, _CONSUMER),
    "bus": _office("交通局", BUS, _BUS),
    "police": _office("警察署", POLICE, _POLICE, calendar=True),
    "health": _office("健康推進課", HEALTH, _HEALTH),
}
