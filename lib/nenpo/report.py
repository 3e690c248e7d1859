"""``Report("R5")``: what a chapter notebook talks to. Every method returns something that the cell shows."""

from __future__ import annotations

from pathlib import Path

from nenpo.errors import Fault, InputError
from nenpo.figures import Figures
from nenpo.fiscal import FiscalYear
from nenpo.office import find_office
from nenpo.present import display
from nenpo.present.display import Shown
from nenpo.present.views import absent, table_view
from nenpo.text.cases import case_html, case_typst, parse_case


class Report:
    """The report of one fiscal year.

    ``fiscal_year`` is written as R5, 令和５年度 or 2023; the data folder is that of ``NENPO_DATA`` or the nearest
    ``data/`` upward. Raises InputError for a year without a folder and for a workbook that cannot be read.
    """

    def __init__(self, fiscal_year: str | int, data: str | Path | None = None):
        self.year = FiscalYear(fiscal_year)
        self._office = find_office(Path(data) if data else None)
        self._figures: Figures = self._office.figures(self.year)

    def table(self, table_id: str) -> Shown:
        """A table of the dictionary; where the year does not keep it, a sentence that says so."""
        table = self._table(table_id)
        if self.year < table.since:
            return display.notice(absent(table, self.year))
        return display.table(table_view(table, self._figures, self.year))

    def commentary(self, name: str) -> display.Commentary:
        """A section's commentary, ``data/R5/commentary/NAME.md``; a mark where it has not been written."""
        path = self._office.year_folder(self.year) / "commentary" / f"{name}.md"
        return display.Commentary(name, read_text(path), f"（{self.year.label}の本文「{name}」はまだ書かれていません）")

    def cases(self, section: str) -> Shown:
        """A section's cases, ``data/R5/cases/SECTION-1.md`` and on; a mark where there is none."""
        folder = self._office.year_folder(self.year) / "cases"
        paths = sorted(folder.glob(f"{section}-*.md"), key=lambda path: (len(path.name), path.name))
        if not paths:
            return display.notice(f"（{self.year.label}の事例はまだ書かれていません）")
        cases = [parse_case(read_text(path) or "", f"case-{path.stem}", str(path)) for path in paths]
        return Shown(
            "".join(map(case_html, cases)),
            "".join(map(case_typst, cases)),
            "、".join(case.title for case in cases),
        )

    def _table(self, table_id: str):  # type: ignore[no-untyped-def]
        if table_id not in self._office.dictionary:
            there = "、".join(self._office.dictionary)
            raise InputError(Fault(f"「{table_id}」という表はありません", "tables.toml", f"ある表：{there}"))
        return self._office.dictionary[table_id]


def read_text(path: Path) -> str | None:
    """A text file of the office, UTF-8 with or without a byte-order mark; None if there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        remedy = "メモ帳などで文字コードを UTF-8 にして保存し直してください"
        raise InputError(Fault("文字コードが UTF-8 ではありません", str(path), remedy)) from None
