"""What is typed in a text that is printed as it stands, or not at all, where something else was meant: marks that are none, HTML,
rows that are no table, notes and pictures that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from nenpo.text.markdown import Text, parse
from nenpo.text.pictures import picture_name

# What stands in a line of text that was meant as a mark: what is said of it, and what to do.
_MARKS = (
    (re.compile(r"^#{1,6}(?:[^\s#]|\u3000)\S{0,12}"), "「{}」は見出しになりません", "# の後に半角の空白を一つ入れてください"),
    (re.compile(r"^[ \u3000]*＃+\S{0,12}"), "全角の「{}」は見出しになりません", "半角の # と半角の空白で始めてください"),
    (re.compile(r"^[ \u3000]*｜.*｜"), "全角の「｜」は表になりません", "半角の | で区切ってください"),
    (re.compile(r"^[ \u3000]*＞"), "全角の「＞」は引用になりません", "半角の > と半角の空白で始めてください"),
    (re.compile(r"＊＊|＿＿"), "全角の「{}」は太字になりません", "半角の ** で囲んでください"),
    (re.compile(r"\*\*|~~"), "「{}」が閉じていないか、中の端に空白があります", "言葉のすぐ前とすぐ後ろに書いてください"),
    (re.compile(r"］（(?:#|https?:|fact:|pictures/|attachment:)"), "全角のかっこはリンクになりません", "半角の [ ] ( ) で書いてください"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), "「{}」はそのままの文字で印刷されます", "HTML は使えません。改行は行末の \\、太字は ** です"),
    (re.compile(r"^\|.*\|"), "表になっていない行があります", "見出しの行のすぐ下に、同じ列数の |---|---| の行を置いてください"),
)  # fmt: skip
_CALL, _NOTE = re.compile(r"\[\^([^\]\s]+)\]"), re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)


@dataclass(frozen=True)
class Slip:
    """What is wrong in a line (from 1), and what to do."""

    line: int
    what: str
    remedy: str


def slips(source: str) -> list[Slip]:
    """The slips of a text, in the order of its lines."""
    text = parse(source)
    lines = text.source.split("\n")
    noticed = [*_marks(text), *_blocks(text, lines), *_notes(text)]
    return sorted(dict.fromkeys(noticed), key=lambda slip: slip.line)


def _marks(text: Text) -> Iterator[Slip]:
    """Marks that came out as text, and pictures that nobody can see or hear."""
    for line, children in _lines(text.tokens):
        words = "".join(child.content if child.type in ("text", "mark") else "\0" for child in children)
        for pattern, what, remedy in _MARKS:
            if mark := pattern.search(words):
                yield Slip(line, what.format(mark[0][:30]), remedy)
        for child in children:
            address = str(child.attrs.get("src", ""))
            if child.type == "image" and picture_name(address) is None:
                what = f"図「{address[:60]}」は載りません（よそにある図は使えません）"
                yield Slip(
                    line, what, "commentary の pictures フォルダーに置き、![説明](pictures/名前.png) と書いてください"
                )
            elif child.type == "image" and not child.content.strip():
                yield Slip(
                    line, "図に説明がありません", "図を見られない人のために、![ ] の中に図の内容を書いてください"
                )


def _lines(tokens: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
    """The line of each line of text, and what stands in it."""
    at = 1
    for token in tokens:
        at = token.map[0] + 1 if token.map else at
        if token.type != "inline":
            continue
        line: list[Token] = []
        for child in token.children or ():
            if child.type == "hardbreak" or child.markup == "\n":
                yield at, line
                at, line = at + 1, []
            else:
                line.append(child)
        yield at, line


def _blocks(text: Text, lines: Sequence[str]) -> Iterator[Slip]:
    columns = 0
    for at, token in enumerate(text.tokens):
        first, last = token.map or (0, 0)
        if token.type == "table_open":
            columns = sum(other.type == "th_open" for other in _until(text.tokens[at:], "thead_close"))
        elif token.type == "tr_open" and token.level > 0 and columns:
            cells = escapedSplit(re.sub(r"^\s*\||(?<!\\)\|\s*$", "", lines[first]))
            if len(cells) > columns:
                surplus = "、".join(f"「{cell.strip()[:20]}」" for cell in cells[columns:])
                yield Slip(
                    first + 1,
                    f"表の列より多いセル{surplus}は印刷されません",
                    "見出しの列を足すか、セルを消してください",
                )
            elif len(cells) < columns:
                what = f"表の行のセルが足りません（{columns} 列のうち {len(cells)} 個）"
                yield Slip(first + 1, what, "表の続きならセルを足し、本文なら上に空行を入れてください")
        elif token.type == "fence" and not lines[last - 1].strip().startswith(token.markup):
            yield Slip(
                first + 1,
                f"「{token.markup}」が閉じていません。終わりまで、打ったままの枠で印刷されます",
                "閉じる行を足してください",
            )


def _until(tokens: Sequence[Token], kind: str) -> Iterator[Token]:
    for token in tokens:
        if token.type == kind:
            return
        yield token


def _notes(text: Text) -> Iterator[Slip]:
    """Footnotes that are called and not there, there and not called, or there twice."""
    notes: dict[str, int] = {}
    for note in _NOTE.finditer(text.source):
        line = text.source.count("\n", 0, note.start()) + 1
        if note[1] in notes:
            yield Slip(line, f"脚注「[^{note[1]}]」が二つあります", "名前を変えてください")
        notes[note[1]] = line
    called = set()
    for line, children in _lines(text.tokens):
        called |= {
            str(child.meta["label"]) for child in children if child.type == "footnote_ref" and "label" in child.meta
        }
        words = "".join(child.content if child.type == "text" else "\0" for child in children)
        for call in _CALL.findall(words):
            yield Slip(line, f"脚注「[^{call}]」の文章がありません", f"[^{call}]: で始まる行に書いてください")
    for name in notes.keys() - called:
        what = f"脚注「[^{name}]」はどこからも呼ばれておらず、印刷されません"
        yield Slip(notes[name], what, f"本文に [^{name}] と書くか、消してください")
