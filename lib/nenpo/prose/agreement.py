"""A quantity of no table that is named in several places, such as the staff in the text and in the organisation chart, is the same in all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nenpo.findings import ERROR, Finding
from nenpo.japanese.numerals import half_width
from nenpo.office import OfficeYear
from nenpo.prose.sayings import Agreed, sayings_of
from nenpo.text.typed import read_text

RULE = "同じ数量"


def disagreements(office_year: OfficeYear) -> Iterator[Finding]:
    """An error for each place that names another number than the first one does."""
    chart = office_year.folder / "organisation.toml"
    sources = {chart: read_text(chart) or "", **dict(office_year.texts("commentary"))}
    texts = {office_year.name_of(path): half_width(source) for path, source in sources.items()}
    for agreed in sayings_of(office_year.office).agreed:
        (first, *others) = list(_named(agreed, texts)) or [("", 0, "")]
        for file, line, number in others:
            if number != first[2]:
                message = f"「{agreed.name}」は {first[0]} の {first[1]} 行目では {first[2]}{agreed.unit}、ここでは {number}{agreed.unit} です"
                remedy = "どちらが正しいかを確かめ、同じ数にしてください"
                yield Finding(
                    severity=ERROR,
                    rule=RULE,
                    sheet=file,
                    cell=f"{line} 行目",
                    message=message,
                    expected=first[2],
                    found=number,
                    suggestion=remedy,
                )


def _named(agreed: Agreed, texts: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    """File, line and number of each place."""
    pattern = re.compile(rf"{re.escape(half_width(agreed.name))}[はがをの]?(\d+){re.escape(agreed.unit)}")
    for file, text in texts.items():
        for match in pattern.finditer(text):
            yield file, text.count("\n", 0, match.start()) + 1, match[1]
