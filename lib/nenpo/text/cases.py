"""Case files: a title, then the parts that stand beside it in the frame (本人の状態・訴え, 支援内容等), as Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nenpo.errors import Fault, InputError
from nenpo.text.markdown import Text, parse, without_remarks


@dataclass(frozen=True)
class Case:
    """A case; ``name`` keeps the footnotes of several apart, ``parts`` are labels with their Markdown."""

    name: str
    title: str
    parts: tuple[tuple[str, str], ...]

    def texts(self, level: int) -> list[tuple[str, Text]]:
        """The labels of the parts with what is written there, headings from ``level`` on."""
        return [
            (label, parse(source, f"{self.name}-{number}", level)) for number, (label, source) in enumerate(self.parts)
        ]


def parse_case(source: str, name: str, where: str) -> Case:
    """``# title``, then a ``## part`` each. Raises InputError where a file has no such title or no part."""
    pieces = re.split(r"^##[ \u3000]+(.+)$", without_remarks(source).strip(), flags=re.MULTILINE)
    title = re.fullmatch(r"#[ \u3000]+(.+)", pieces[0].strip())
    if title is None or len(pieces) < 3:
        remedy = "1 行目を「# 【事例１】…」、部分ごとに「## 本人の状態・訴え」「## 支援内容等」としてください"
        raise InputError(Fault("事例の見出しが読めません", where, remedy))
    parts = tuple((label.strip(), text) for label, text in zip(pieces[1::2], pieces[2::2], strict=True))
    return Case(name, title[1].strip(), parts)
