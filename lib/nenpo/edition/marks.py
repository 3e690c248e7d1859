"""Marks in the review edition: each figure of the prose leads to its cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag


@dataclass(frozen=True)
class Mark:
    """A figure in the prose as it is marked: ``kind`` names its look, ``sign`` is seen beside it and ``spoken`` is said after
    it; ``leads`` is the anchor it leads to, "" where it leads nowhere."""

    id: str
    text: str
    kind: str
    sign: str
    spoken: str
    leads: str


_DIGIT = re.compile(r"\d")


def soup_of(html: str) -> BeautifulSoup:
    """A fragment; its parser leaves everything where it is."""
    return BeautifulSoup(html, "html.parser")


def mark_figures(soup: BeautifulSoup, marks: Sequence[Mark]) -> set[str]:
    """Mark the figures of a text, which come in its order; returns the ids of those that were found. Each digit of a text
    belongs to one figure, so that the next figure stands where the next digits are, or is not shown."""
    for figure in soup.find_all(class_="whole"):  # which may be but a part of what is marked
        figure.unwrap()
    soup.smooth()
    marked: set[str] = set()
    left = list(marks)
    for node in [node for node in soup.find_all(string=_DIGIT) if _is_prose(node)]:
        at = 0
        text, pieces = str(node), list[str | Tag]()
        while digit := _DIGIT.search(text, at):
            place = next(
                (
                    (number, start)
                    for number, mark in enumerate(left)
                    if (start := _covering(text, mark.text, digit.start(), at)) is not None
                ),
                None,
            )
            if place is None:  # a figure that goes on in the next node: its first part stands for it
                rest = text[digit.start() :]
                number = next((n for n, mark in enumerate(left) if mark.text.strip().startswith(rest.strip())), -1)
                if number < 0:
                    break
                place, shown = (number, digit.start()), rest
            else:
                shown = left[place[0]].text
            number, start = place
            mark = left[number]
            del left[: number + 1]
            pieces += [text[at:start], _marked(soup, mark, shown, node)]
            marked.add(mark.id)
            at = start + len(shown)
        if pieces:
            node.replace_with(*[piece for piece in [*pieces, text[at:]] if piece])
    return marked


def _is_prose(node: NavigableString) -> bool:
    """Numbers of footnotes are none."""
    return node.find_parent(class_=["footnote-ref", "footnote-backref"]) is None


def _covering(text: str, figure: str, digit: int, least: int) -> int | None:
    """Where the figure stands in the text so that it covers the digit."""
    start = text.find(figure, max(least, digit - len(figure) + 1))
    return start if 0 <= start <= digit < start + len(figure) else None


def _marked(soup: BeautifulSoup, mark: Mark, shown: str, node: NavigableString) -> Tag:
    link = node.find_parent("a")
    tag = soup.new_tag("a" if mark.leads and link is None else "span")
    tag["class"], tag["id"] = f"figure {mark.kind}", mark.id
    tag.string = shown
    if mark.leads and link is None:
        tag["href"] = f"#{mark.leads}"
    elif mark.leads and link is not None:
        link["href"] = f"#{mark.leads}"
    else:
        tag["tabindex"] = "-1"
    for kind, words in (("sign", mark.sign), ("spoken", mark.spoken)):
        if words:
            part = soup.new_tag("span", attrs={"class": kind} | ({"aria-hidden": "true"} if kind == "sign" else {}))
            part.string = words
            tag.append(part)
    return tag


def anchor_of(fact: str) -> str:
    """The anchor of the cell that shows a fact."""
    return "cell-" + re.sub(r"[\s/]+", "-", fact)
