"""Case files: a title, then the parts that stand beside it in the frame (本人の状態・訴え, 支援内容等), as Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from nenpo.errors import Fault, InputError
from nenpo.text.markdown import Text, parse, to_html, without_remarks
from nenpo.text.typst import string, to_typst


@dataclass(frozen=True)
class Case:
    title: str
    parts: tuple[tuple[str, Text], ...]


def parse_case(source: str, name: str, where: str) -> Case:
    """``# title``, then a ``## part`` each. Raises InputError where a file has no such title or no part."""
    pieces = re.split(r"^##[ \u3000]+(.+)$", without_remarks(source).strip(), flags=re.MULTILINE)
    title = re.fullmatch(r"#[ \u3000]+(.+)", pieces[0].strip())
    if title is None or len(pieces) < 3:
        remedy = "1 行目を「# 【事例１】…」、部分ごとに「## 本人の状態・訴え」「## 支援内容等」としてください"
        raise InputError(Fault("事例の見出しが読めません", where, remedy))
    parts = tuple(
        (label.strip(), parse(text, f"{name}-{number}", level=4))
        for number, (label, text) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True))
    )
    return Case(title[1].strip(), parts)


def case_html(case: Case) -> str:
    parts = "".join(
        f'<div class="part"><div class="part-name">{escape(label)}</div><div class="part-text">\n{to_html(text)}</div></div>\n'
        for label, text in case.parts
    )
    return f'<article class="case">\n<h4>{escape(case.title)}</h4>\n{parts}</article>\n'


def case_typst(case: Case) -> str:
    parts = "".join(f"({string(label)}, [{to_typst(text)}]), " for label, text in case.parts)
    return f"#case({string(case.title)}, ({parts}))\n"
