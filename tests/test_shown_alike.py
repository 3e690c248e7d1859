"""What is read of a cell is what a spreadsheet shows: seeded cells of all kinds, shown by LibreOffice, held against what is read."""

import csv
import os
import random
import re
import subprocess
import unicodedata

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from nenpo.records import NOT_APPLICABLE
from nenpo.workbook.package import Package
from nenpo.workbook.sheets import Sheets
from nenpo.workbook.values import Unreadable, number, words

EXAMPLES = int(os.environ.get("NENPO_FRESH_EXAMPLES", "0")) or 1500
PIECES = [
    "0", "0", "#", "?", "#,##0", "0", ",", ".", ".0", ".00", "%", "General", '"件"', '"人"', "件", '"約"', '"13"', '"０"', '"①"', "\\1", "!5", "!件",
    "_)", "_ ", "* ", "[Red]", "[赤]", "[>100]", "[<=5]", "[=0]", "[$¥-411]", "[$-411]", "[DBNum1]", "[DBNum3]", "@", "(", ")", "-", "+", "E+00", "/", " ", "　", '"十"', '"一"',
    '"ー"', '","', '"."', '"▲"', '"※"', ";", ";", '"' + "千円" + '"', '"第"', '"→"',
]  # fmt: skip
TEXTS = [
    "13", "１３", "1,300", "１，３００", " 13 ", "　13", "+13", "－", "-", "―", "", "13①", "11²", "1 1", "13件", "十三", "13.0", "13.5", "1,30", "⑬", "１３．０", "13※", "▲13",
    "(13)", "0", "００", "本人", "R5.4", "=1+1", "13\n", "1\n3", "13%", "1e3", "0x13", "1_3", "¹³", "１３人", "null", "TRUE", "13-", "'13", "１３\u3000", "\u200b13", "ⅩⅢ", "𝟏𝟑", "٣",
]  # fmt: skip


def number_format(rng):
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(
            [
                "General",
                "@",
                "0",
                "#,##0",
                "#,##0_ ",
                "0_);[Red](0)",
                "#,##0;[Red]-#,##0",
                '#,##0"件"',
                "0.0",
                "0%",
                "#,##0.00",
            ]
        )
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 6)))


def value(rng):
    return rng.choice(
        [
            lambda: rng.randint(0, 20), lambda: rng.randint(0, 10**rng.randint(1, 12)), lambda: rng.choice(TEXTS), lambda: rng.choice(TEXTS),
            lambda: rng.randint(0, 500) + rng.choice([0.0, 0.5, 0.25, 1e-13, 0.999]), lambda: -rng.randint(0, 50), lambda: 0.1 * rng.randint(0, 200),
            lambda: rng.choice([True, False]), lambda: CellRichText(TextBlock(InlineFont(strike=True), "12"), TextBlock(InlineFont(), "13")),
        ]
    )()  # fmt: skip


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """Pairs of a cell as it is read and of the text that LibreOffice shows of it, with how it was made."""
    folder = tmp_path_factory.mktemp("shown")
    rng = random.Random(int(os.environ.get("NENPO_FRESH_SEED", "20231")))
    book = Workbook()
    made = []
    for row in range(1, EXAMPLES + 1):
        cell = book.active.cell(row, 1)
        typed, shown_as = value(rng), number_format(rng)
        cell.value = typed
        if isinstance(typed, str):
            cell.data_type = "s"
        cell.number_format = shown_as
        if rng.random() < 0.04:
            cell.font = Font(strike=True)
        book.active.cell(row, 2, "終")
        made.append((typed, shown_as, cell.font.strike))
    book.save(folder / "book.xlsx")
    kept = {"formats": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"}
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        kept["formats"],
        "--outdir",
        str(folder),
        str(folder / "book.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    (path,) = folder.glob("*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        shown = [row[0] for row in csv.reader(file)]
    with Package(folder / "book.xlsx") as package:
        sheets = Sheets(package)
        sheet = sheets.read(sheets.names[0])
    return [(sheet.cell(row, 1), *pair) for row, pair in enumerate(zip(shown, made, strict=True), start=1)]


def digits(text):
    """The number that one reads in a text, if it is one alone."""
    folded = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if set(folded) <= set("〇一二三四五六七八九"):
        folded = folded.translate(str.maketrans("〇一二三四五六七八九", "0123456789"))
    found = re.findall(r"[\d.]+", folded)
    return float(found[0]) if len(found) == 1 and re.fullmatch(r"\d+(\.\d+)?", found[0]) else None


def test_a_count_is_the_number_that_is_shown(cells):
    read = refused = 0
    wrong = []
    for cell, shown, made in cells:
        try:
            value = number(cell) if cell else None
        except Unreadable as error:
            assert error.what and error.remedy
            refused += 1
            continue
        if isinstance(value, int):
            read += 1
            if digits(shown) != value or re.search(r"[-−－▲△%％]", shown):
                wrong.append((made, shown, value))
        elif value is NOT_APPLICABLE:
            if digits(shown) is not None:
                wrong.append((made, shown, "－"))
        elif shown.strip(" 　\u200b"):
            wrong.append((made, shown, None))
    assert wrong == []
    assert read > EXAMPLES / 10 and refused > EXAMPLES / 10


def test_words_are_the_text_that_is_shown(cells):
    wrong = []
    for cell, shown, made in cells:
        try:
            text = words(cell) if cell else None
        except Unreadable:
            continue
        if (text or "") != "".join(char for char in shown if char != "\u200b").strip(" 　\n") and not isinstance(
            made[0], bool
        ):
            wrong.append((made, shown, text))
    assert wrong == []
