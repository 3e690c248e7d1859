"""The kinds of inputs: each takes a random generator, makes one, reads it, and tells what came of it."""

import functools
import re
import tempfile
from pathlib import Path

import broken_workbooks

from nenpo.dictionary import read_dictionary
from nenpo.fiscal import FiscalYear
from nenpo.workbook.reading import read_workbook

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "data"
R5 = FiscalYear("R5")
_DIGITS = str.maketrans("０１２３４５６７８９，．－", "0123456789,.-")


@functools.cache
def _folder():
    return Path(tempfile.mkdtemp(prefix="nenpo-fuzz-"))


@functools.cache
def _dictionary():
    return read_dictionary(DATA / "tables.toml")


def workbook(rng):
    _, content = broken_workbooks.broken(rng)
    path = _folder() / "statistics.xlsx"
    path.write_bytes(content)
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
