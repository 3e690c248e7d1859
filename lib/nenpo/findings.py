"""Findings: what is wrong with the numbers, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from nenpo.errors import Fault

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding; ``rule`` is the identity, or the kind of check; ``sheet`` and ``cell`` are where it is: a sheet of a year with its
    cell, or a file with its line. ``expected`` and ``found`` are numbers as text."""

    severity: str
    rule: str
    table: str = ""
    sheet: str
    cell: str = ""
    message: str
    expected: str = ""
    found: str = ""
    suggestion: str = ""

    @property
    def place(self) -> str:
        """Where it is, as long as the text around it changes: a line's number is left out."""
        return self.sheet if self.cell.endswith("行目") else f"{self.sheet} {self.cell}".strip()

    @property
    def printed(self) -> str:
        """What was found there, or for a finding about no number its words."""
        return self.found or self.message

    @property
    def fault(self) -> Fault:
        return Fault(self.message, f"{self.sheet} {self.cell}".strip(), self.suggestion)
