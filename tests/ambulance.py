"""An office of another kind: persons carried by ambulances, by cause, a figure a year. The counts are those of the Fire and Disaster Management
Agency's 「令和5年中の救急出動件数等（速報値）」."""

from nenpo.dictionary import read_dictionary
from nenpo.fiscal import FiscalYear
from nenpo.office import Office
from nenpo.records import Row, YearRecords
from nenpo.workbook.writing import packed, workbook

CAUSES = {
    "急病": (4186450, 4497224), "交通事故": (347372, 360505), "一般負傷": (985958, 1057654), "加害": (18938, 19099), "自損行為": (40256, 42831),
    "労働災害": (56814, 58595), "運動競技": (34890, 40697), "火災": (4937, 5001), "水難": (1879, 1849), "自然災害": (449, 385), "その他": (539340, 556119),
}  # fmt: skip
_COLUMNS = "".join(f'  {{ name = "{name}" }},\n' for name in CAUSES)
TABLES = f"""
[[table]]
id = "1-1"
title = "事故種別搬送人員"
shape = "monthly"
unit = "人"
since = "R4"
kept_years = 2
shares = "搬送人員"
columns = [
{_COLUMNS}  {{ name = "搬送人員", sum = {list(CAUSES)!r} }},
]
"""


def ambulance(folder):
    """The office in a folder, with the years R4 and R5."""
    data = folder / "data"
    data.mkdir(parents=True)
    (data / "tables.toml").write_text(TABLES.replace("'", '"'), encoding="utf-8")
    profile = 'city = "某市"\ndivision = "消防局"\nnickname = "救急"\nreport_title = "救急年報"\n'
    (data / "office.toml").write_text(profile, encoding="utf-8")
    dictionary = read_dictionary(data / "tables.toml")
    for at, code in enumerate(("R4", "R5")):
        year = FiscalYear(code)
        values = {name: counts[at] for name, counts in CAUSES.items()}
        (data / code / "commentary").mkdir(parents=True)
        book = workbook(dictionary, YearRecords(year, {"1-1": (Row(year.short, values),)}))
        (data / code / "statistics.xlsx").write_bytes(packed(book))
    return Office(data)


TRUE = [
    "令和５年中の搬送人員は663万9,959人で、前年に比べ42万2,676人（6.8％）増加した。", "急病が449万7,224人（67.7％）で最も多く、次いで一般負傷が105万7,654人（15.9％）となっている。",
    "水難は30人減（1.6％減）であった。", "搬送人員は約664万人であった。", "搬送人員は前年より42万2,676人増え、663万9,959人となった。", "急病による搬送人員は449万7,224人で、全体の67.7％を占める。",
    "交通事故は36万505人で、前年の34万7,372人から１万3,133人増加した。", "運動競技は４万697人（対前年比16.6％増）となった。", "自然災害は385人と、前年に比べて64人（14.3％）減少した。", "急病は31万774人増加した。",
    "搬送人員の約７割を急病が占めた。", "火災は5,001人で、前年比1.3％の増であった。", "令和４年の搬送人員は621万7,283人であった。", "急病、交通事故、一般負傷を合わせて591万5,383人となった。", "加害は１万9,099人、自損行為は４万2,831人であった。",
    "搬送人員は令和４年の621万7,283人から令和５年の663万9,959人へと増加した。", "労働災害は５万8,595人（前年５万6,814人）であった。", "一般負傷の構成比は15.9％である。", "水難は前年を30人下回った。", "自損行為は前年の1.06倍であった。",
]  # fmt: skip
FALSE = [
    "令和５年中の搬送人員は663万9,959人で、前年に比べ42万2,676人（6.8％）減少した。", "急病が449万7,224人（76.7％）で最も多かった。", "水難は30人増（1.6％増）であった。", "搬送人員は約674万人であった。",
    "交通事故は36万505人で、前年の34万7,372人から１万3,331人増加した。", "運動競技は４万679人（対前年比16.6％増）となった。", "自然災害は385件と、前年に比べて64件減少した。", "火災は5,001人で、前年比101.3％の増であった。",
    "令和４年の搬送人員は663万9,959人であった。", "加害は４万2,831人、自損行為は１万9,099人であった。", "搬送人員の約６割を急病が占めた。", "一般負傷の構成比は16.9％である。", "水難は前年を30人上回った。",
]  # fmt: skip
