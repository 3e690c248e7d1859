"""A quantity of no table that is named in several places, such as the staff in the text and in the organisation chart, is the same in all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nenpo.findings import ERROR, Finding
from nenpo.japanese.numerals import half_width
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prose.sayings import Agreed, read_sayings
from nenpo.text.typed import read_text

RULE = "同じ数量"


def disagreements(office: Office, year: FiscalYear) -> Iterator[Finding]:
    """An error for each place that names another number than the first one does."""
    folder = office.year_folder(year)
    paths = [folder / "organisation.toml", *sorted((folder / "commentary").glob("*.md"))]
    texts = {path.relative_to(office.folder).as_posix(): half_width(read_text(path) or "") for path in paths}
    for agreed in read_sayings(office.folder / "prose.toml").agreed:
        (first, *others) = list(_named(agreed, texts)) or [("", 0, "")]
        for file, line, number in others:
            if number != first[2]:
                told = f"「{agreed.name}」は {first[0]} の {first[1]} 行目では {first[2]}{agreed.unit}、ここでは {number}{agreed.unit} です"
                remedy = "どちらが正しいかを確かめ、同じ数にしてください"
                yield Finding(
                    severity=ERROR,
                    rule=RULE,
                    sheet=file,
                    cell=f"{line} 行目",
                    message=told,
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
