"""The names of what is built, in the folder it is built into: ``outputs/R5/report.html`` and so on."""

from __future__ import annotations

from pathlib import Path

HTML, PDF, CHECKS, MANIFEST = "report.html", "report.pdf", "checks.json", "manifest.json"
# Beside the reports: what later builds use again.
CACHE = ".cache"
WORKBOOKS = Path(CACHE, "workbooks")
