"""The kinds of inputs: each takes a random generator, makes one, reads it, and tells what came of it."""

import functools
import json
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import broken_workbooks
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nenpo.commentary.step import Desk
from nenpo.errors import NenpoError
from nenpo.intake.made import made_files
from nenpo.japanese.years import FiscalYear
from nenpo.ledger.counting import count_ledger
from nenpo.ledger.mapping import read_mapping
from nenpo.notebook import as_bytes
from nenpo.office import Office
from nenpo.present.organisation import in_words, parse_organisation
from nenpo.present.views import VIEW, BodyRow, Head, Notice, TableView, written
from nenpo.prose.sayings import read_sayings
from nenpo.publish.book import make_book
from nenpo.publish.exporters import HtmlExporter, PdfExporter
from nenpo.publish.pdf import pdf_parts
from nenpo.publish.proof import proof
from nenpo.review.published import reasons_of
from nenpo.run.chapters import code_of
from nenpo.tables_toml import read_dictionary
from nenpo.text.typed import read_text
from nenpo.workbook.reading import read_workbook

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "data"
R5 = FiscalYear("R5")
_DIGITS = str.maketrans("０１２３４５６７８９，．－", "0123456789,.-")


@functools.cache
def _folder():
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


@functools.cache
def _exporters():
    return HtmlExporter(), PdfExporter()


@functools.cache
def _dictionary():
    return read_dictionary(DATA / "tables.toml")


def workbook(rng):
    _, content = broken_workbooks.broken(rng)
    path = _folder() / "statistics.xlsx"
    path.write_bytes(content)
    os.utime(path, (0, 0))  # one that has just been written would be tried again
    records = read_workbook(path, _dictionary(), R5)
    held = broken_workbooks.held(content)
    names = {re.sub(r"\s", "", name): name for name, _ in held}
    for table_id, rows in records.tables.items():
        table = _dictionary()[table_id]
        sheet = names[re.sub(r"\s", "", table.sheet)]
        for row in rows:
            for column, place in (row.cells or {}).items():
                value = row.values.get(column)
                if isinstance(value, int) and not isinstance(value, bool):
                    texts = held.get((sheet, place), [])
                    if value == 0 and table.blank == 0 and texts in ([], [None], [""]):
                        continue
                    assert len(texts) == 1, f"{sheet} {place} {texts}"
                    typed = texts[0].translate(_DIGITS).strip().replace(",", "")
                    assert round(float(typed), 9) == value, f"{sheet} {place}: {texts[0]!r} was read as {value}"
    return "read"


# TOML


_TOML = (
    "tables.toml",
    "office.toml",
    "prose.toml",
    "R5/organisation.toml",
    "R5/errata.toml",
    "ledger.toml",
    "drafts.toml",
)
_VALUES = [
    "1", "-1", "1.5", "nan", "true", '""', '"x"', "[]", "[[]]", "{}", "[1, 'a']", '"R5"', '"R99"', '"2-1/合計"', "2024-04-01", "'\\'", '"\\u0000"',
    '"../x"', "9" * 30, '["a", "b"]', '{ a = 1 }', "inf", '"2-1"', '"（"', '"' + "長" * 3000 + '"',
]  # fmt: skip


@functools.cache
def _toml(name):
    if name == "ledger.toml":
        return (ROOT / "tests" / "ledger" / name).read_text(encoding="utf-8")
    if name == "drafts.toml":
        return '"2-1" = "abc"\n"cases/2-7-1.md" = "def"\n"statistics.xlsx" = "ghi"\n'
    return (DATA / name).read_text(encoding="utf-8")


def toml(rng):
    """A TOML file of the office with a line, a value or a letter changed, read by whoever reads it."""
    name = rng.choice(_TOML)
    path = _folder() / Path(name).name
    path.write_bytes(_spoilt(rng, _toml(name)))
    read = {
        "tables.toml": lambda: read_dictionary(path),
        "prose.toml": lambda: read_sayings(path),
        "organisation.toml": lambda: in_words(parse_organisation(read_text(path), path)),
        "errata.toml": lambda: _errata_read(path),
        "ledger.toml": lambda: read_mapping(path, _dictionary()),
        "drafts.toml": lambda: made_files(_folder()),
        "office.toml": lambda: _office_read(path),
    }[path.name]
    try:
        read()
    finally:
        path.unlink()
    return "read"


def _errata_read(path):
    (_folder() / "R5").mkdir(exist_ok=True)
    shutil.copy(path, _folder() / "R5" / path.name)
    return reasons_of(Office(_folder()).of(R5))


def _office_read(path):
    office = Office(path.parent)
    office.__dict__["dictionary"] = _dictionary()
    return office.profile, office.key_figures


def _spoilt(rng, text):
    lines = text.split("\n")
    for _ in range(rng.choice([1, 1, 2, 5])):
        at = rng.randrange(len(lines))
        match rng.randrange(7):
            case 0:
                lines[at] = lines[rng.randrange(len(lines))]
            case 1:
                del lines[at]
                lines = lines or [""]
            case 2 | 3:
                key, mark, _ = lines[at].partition(" = ")
                lines[at] = f"{key} = {rng.choice(_VALUES)}" if mark else f"x = {rng.choice(_VALUES)}"
            case 4:
                place = rng.randrange(len(lines[at]) + 1)
                lines[at] = (
                    lines[at][:place] + rng.choice(list("\"'[]{}=#,. \t\0あ＝\u3000\ufeff\\")) + lines[at][place + 1 :]
                )
            case 5:
                lines[at] = re.sub(r'"[^"]*"', lambda found: rng.choice(_VALUES), lines[at], count=1)
            case 6:
                lines.insert(
                    at, rng.choice(["[[table]]", "[x]", "[[x]]", "x", "[table]", "[[column]]", "= 1", '"a"."b" = 1'])
                )
    data = "\n".join(lines).encode()
    match rng.randrange(12):
        case 0:
            data = data[: rng.randrange(len(data) + 1)]
        case 1:
            at = rng.randrange(len(data) + 1)
            data = data[:at] + bytes([rng.randrange(256)]) + data[at:]
        case 2:
            data = data.decode("utf-8", "replace").encode(rng.choice(["utf-16", "cp932", "utf-8-sig"]), "replace")
    return data


# Markdown

_FRAGMENTS = [
    "# 見出し", "## ", "###### 深い", "**太字**", "**", "*", "_", "~~消す~~", "`code", "```\ncode", "```\n", "> 引用", "- 一", "  - 二", "1. 三", "10) 四", "・点", "①",
    "（1）", "| a | b |\n|---|---|\n| 1 | 2 | 3 |", "|---|", "[^a]", "[^a]: 注", "[^a]: 二つ目", "[参照](#sec-2-1)", "[x](javascript:alert(1))", "[x](<fact:2-1/合計/R5>)",
    "![図](attachment:x.png)", "![図](http://attack.invalid/x.png)", "<script>window.ran=1</script>", "<!-- 課長確認待ち -->", "&lt;b&gt;", "\\*", "---", "***", "\u3000全角の空白", "　", "\n\n", "\n",
    "\t", "  \n", "\r\n", "\u2028", "\u000b", "\u0085", "\u00ad", "\u200b", "神\ufa19", "葛\U000e0100", "𠮷野家", "e\u0301", "か\u3099", "10~19歳", "２３８件", "#eval(1)", "$x$", "]", "[", "(", "@preview", "\"", "\\", "{{ x }}",
    "a" * 300, "あ" * 300, "http://example.org/" + "x" * 200, "🙂", "㋿", "①②", "[[[[[[[[", "((((((((", "> " * 50 + "深い", "- " * 40 + "深い", "* * *", "[a]: http://x", "[a]", "***a** b*", "=====",
]  # fmt: skip


def markdown(rng):
    """A text of fragments, as a page and as Typst; what a page runs or fetches of it: nothing."""
    source = "".join(
        rng.choice(_FRAGMENTS) + rng.choice(["", " ", "\n", "\n\n", "\n"]) for _ in range(rng.choice([1, 3, 8, 20]))
    )
    notebook = new_notebook(
        cells=[new_markdown_cell("# 題"), new_markdown_cell(source, metadata={"tags": ["commentary"]})]
    )
    book = make_book(notebook, "01_章")
    shown = _exporters()[0].render(book)
    typst = "\n".join(pdf_parts(book))
    assert not re.search(
        r"<(?:script|img|iframe|style|link)|<[^>]*\son\w+=|=\"\s*javascript:", shown.partition("<main")[2]
    )
    assert _only_calls("".join(line for line in typst.split("\n") if not line.startswith("#chapter(")))
    proof(book)
    if rng.random() < 0.05:  # half a second each
        assert _exporters()[1].render(book).startswith(b"%PDF")
    return "read"


# What an office types: nothing in it is strange, and all of it is printed.

_WORDS = [
    "新規相談", "２３８件", "**「重要」**", "*斜体*", "~~取消~~", "`code_a`", "[市](https://a.jp)", "<https://example.jp/a?b=c&d=1>", "[２３８件](fact:2-1/x/R5)", "[節](#sec-1)",
    "![写真](pictures/x.png)", "[^1]", "①", "※注", "&amp;", "<b>太字</b>", "<!-- メモ -->", "$100$", "#", "10~19歳", "（", "）、「", "」", "…", "→", "ｱｲｳ", "㈱", "１／２", "***強***", "（≒379÷211）",
    "https://a.jp/x_y", "・", "|", "[x]", "{{ x }}", "#set text(", "//c", "^", "1.", "(1)", "-", "W" * 40, "あ" * 60, "髙", "　", " ",
]  # fmt: skip
_OPENINGS = [
    "",
    "",
    "",
    "・",
    "- ",
    "1. ",
    "> ",
    "## ",
    "### ",
    "###### ",
    "    ",
    "※",
    "（1）",
    "  - ",
    "> - ",
    "```",
    "[^1]: ",
]


def office_text(rng):
    """A text of ordinary words and marks, as a PDF."""

    def words(most):
        return "".join(rng.choice(_WORDS) for _ in range(rng.randint(1, most)))

    def table():
        columns = rng.randint(1, 4)
        rows = [[rng.choice(["", words(2), "２３８"]) for _ in range(columns)] for _ in range(rng.randint(1, 4))]
        rows.insert(1, [rng.choice(["---", ":-:", "--:"])] * columns)
        return "\n".join(f"|{'|'.join(row)}|" for row in rows)

    blocks = [table() if rng.random() < 0.2 else rng.choice(_OPENINGS) + words(5) for _ in range(rng.randint(1, 10))]
    source = "# 1　章\n\n" + "".join(block + rng.choice(["\n", "\n\n", "  \n"]) for block in blocks)
    book = make_book(new_notebook(cells=[new_markdown_cell(source)]), "01_章")
    proof(book)
    assert _exporters()[1].render(book).startswith(b"%PDF")
    return "read"


# Notebooks

_ODD = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "\0",
    "\ud800",
    [],
    {},
    [[]],
    {"x": 1},
    ["a", 1],
    "<svg",
    "<script>",
    "../x",
    "/abs/x",
    "長" * 500,
    10**30,
    ["a\n", "b"],
]


_TABLE = TableView("tbl-1", "表", ((Head("a"), Head("b")),), (BodyRow("row", ("a",), ("1",)),))
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CALLS = (
    "report-table report-charts small-multiples side-by-side notice key-figures organisation case printed picture json bytes "
    "text-heading text-item text-rule text-table text-link text-image list enum quote raw strike strong emph linebreak h footnote"
).split()
# A call, a named argument, a constant, a number, a label; and between them nothing but what an argument list is made of.
_CALLED = re.compile(
    rf'#?(?:\.\.)?(?:{"|".join(_CALLS)})(?=[(\[])|[a-z][\w-]*:|\b(?:true|false|none)\b|-?\d[\d.]*(?:mm|em)?|<fn-[\w-]*>|#?""|[\s(),\[\]]'
)


def _only_calls(typst):
    """Whether Typst does nothing but call the template's functions with texts, numbers and lists of them."""
    return not _CALLED.sub("", _STRING.sub('""', typst))


@functools.cache
def _chapter():
    """An executed chapter of all kinds of cells."""
    cells = [
        new_markdown_cell("# 1　章"),
        new_markdown_cell("本文です。", metadata={"tags": ["commentary"], "nenpo": {"commentary": "1-1", "missing": "（まだ）", "handed": "x"}}),
        new_code_cell("fiscal_year = 'R5'", metadata={"tags": ["parameters"]}),
        new_code_cell("x", outputs=[new_output("stream", name="stdout", text="文\n"), *(new_output("display_data", data) for data in (
            {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1"},
            {VIEW: written([Notice("x", "y"), _TABLE]), "text/html": "<p>x</p>", "text/plain": "1"},
            {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"><text>字</text></svg>'},
            {"application/vnd.nenpo.commentary+json": {"name": "1-2", "source": "文", "missing": "（まだ）"}, "text/plain": "文"},
            {"text/markdown": "**a**"},
        ))]),
    ]  # fmt: skip
    cells[1]["attachments"] = {"a.png": {"image/png": "iVBORw0KGgo="}}
    return json.loads(json.dumps(new_notebook(cells=cells)))


def notebook(rng):
    """A chapter with some of it replaced, as it is read from disk, taken in, made a page."""
    changed = json.loads(json.dumps(_chapter()))
    for _ in range(rng.choice([1, 1, 2, 4])):
        places = list(_places(changed))
        holder, key = rng.choice(places)
        match rng.randrange(4):
            case 0 | 1:
                holder[key] = rng.choice(_ODD)
            case 2:
                del holder[key]
            case 3 if isinstance(holder, dict):
                holder[str(rng.choice(_ODD))[:40]] = holder[key]
    content = json.dumps(changed).encode()
    match rng.randrange(12):
        case 0:
            content = content[: rng.randrange(len(content))]
        case 1:
            content = b"[" * 100_000
        case 2:
            content = content.replace(b"1", b"1" * 5000, 1)
        case 3:
            at = rng.randrange(len(content))
            content = content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
    folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=_folder()))
    path = folder / "out" / "R5" / "chapters" / "01_章.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    outside = sorted(_folder().iterdir())
    try:
        with suppress(NenpoError):
            code_of(path)
        step = Desk(folder / "data" / "R5", folder / "out" / "R5").take_in(patience=0)
        for chapter in step.seen.values():
            if chapter.whole:
                book = make_book(chapter.notebook, "01_章")
                proof(book)
                _exporters()[0].render(book)
                lines = "\n".join(pdf_parts(book)).split("\n")
                assert _only_calls("".join(line for line in lines if not line.startswith("#chapter(")))
                as_bytes(chapter.notebook)
    finally:
        assert sorted(_folder().iterdir()) == outside
        shutil.rmtree(folder)
    return "read"


def _places(value):
    """Each place of a JSON value that something stands in."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


# Ledgers

_DAYS = [
    "2023-04-03",
    "2023/5/3",
    "R5.6.3",
    "令和５年７月３日",
    "20230803",
    "H31.4.3",
    "",
    "きのう",
    "2023-13-01",
    "R5.2.30",
    "Ｒ５．９．３",
    "2024-03-31 10:00",
    "99999",
]
_WORDS = [
    "男",
    "女",
    "男性",
    "",
    "x",
    '"男"',
    '"男',
    '男"',
    "男,女",
    '"男,女"',
    '"男\n女"',
    "\0",
    "男\t",
    "🙂",
    "あ" * 50,
    "'",
    "--",
    "%s",
    "{0}",
    "\ufeff男",
]


def ledger(rng):
    """A ledger of odd lines, counted: each record is counted, or listed with why, and none is counted twice."""
    newline = rng.choice(["\n", "\n", "\r\n", "\r"])
    rows = [
        [
            rng.choice(_DAYS[:5] if rng.random() < 0.8 else _DAYS),
            rng.choice(_WORDS[:2] if rng.random() < 0.8 else _WORDS),
            "名",
        ]
        for _ in range(rng.choice([0, 1, 5, 40]))
    ]
    lines = ["受付日,性別,氏名", *(",".join(row) for row in rows)]
    for _ in range(rng.choice([0, 0, 1, 3])):
        at = rng.randrange(len(lines))
        lines[at] = rng.choice(
            [
                lines[at] + ",",
                lines[at][: len(lines[at]) // 2],
                "",
                '"' + lines[at],
                lines[at] + '"',
                ",,,,,",
                lines[at].replace(",", ";"),
            ]
        )
    content = newline.join(lines) + rng.choice(["", newline])
    data = content.encode(rng.choice(["utf-8", "utf-8", "utf-8-sig", "cp932", "utf-16"]), "replace")
    if rng.random() < 0.1:
        at = rng.randrange(len(data) + 1)
        data = data[:at] + bytes([rng.randrange(256)]) + data[at:]
    folder = _folder() / "ledger"
    folder.mkdir(exist_ok=True)
    (folder / "相談.csv").write_bytes(data)
    counted = count_ledger(folder, _mapping(), _dictionary(), R5)
    total = sum(counted.figures.values())
    assert total <= counted.records["相談.csv"] <= len(lines) and all("名" not in one.why for one in counted.uncounted)
    sound = [row for row in rows if row[0] in _DAYS[:5] and row[1] in _WORDS[:2]]
    if (
        lines == ["受付日,性別,氏名", *(",".join(row) for row in rows)]
        and len(data) == len(content.encode())
        and all(row in sound for row in rows)
    ):
        assert total == len(rows), (total, len(rows))
    return "read"


@functools.cache
def _mapping():
    path = _folder() / "mapping.toml"
    path.write_text(
        '[[source]]\nname = "相談"\nfile = "相談.csv"\ndate = "受付日"\n[[count]]\nsource = "相談"\ntable = "2-1"\nby = "性別"\n'
        'map = { "男" = "うち男性", "女" = "うち女性" }\n',
        encoding="utf-8",
    )
    return read_mapping(path, _dictionary())


KINDS = {
    "ブック": workbook,
    "TOML": toml,
    "Markdown": markdown,
    "事務所の文章": office_text,
    "ノートブック": notebook,
    "台帳": ledger,
}
