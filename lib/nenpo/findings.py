"""Findings: what is wrong with the numbers, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from nenpo.errors import Fault

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True)
class Finding:
    """One finding; ``rule`` is the identity, or the kind of check. ``expected`` and ``found`` are numbers as text."""

    severity: str
    rule: str
    table: str
    sheet: str
    cell: str
    message: str
    expected: str = ""
    found: str = ""
    suggestion: str = ""

    @property
    def fault(self) -> Fault:
        return Fault(self.message, f"{self.sheet} {self.cell}".strip(), self.suggestion)
