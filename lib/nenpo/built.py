"""The names of what is built, in the folder it is built into: ``outputs/R5/report.html`` and so on."""

from __future__ import annotations

from pathlib import Path

HTML, PDF, CHECKS, MANIFEST = "report.html", "report.pdf", "checks.json", "manifest.json"
REVIEW = "report-review.html"
# The chapters stitched into one notebook: nbconvert makes the report of it.
NOTEBOOK = "report.ipynb"
# All tables in one workbook, among the data.
BOOK = "tables.xlsx"
# The printed page as it was last published (--final) and last reviewed (--review), beside the report.
FINAL, REVIEWED = "versions/final.html", "versions/reviewed.html"
# The public edition, in a folder of its own, and what the attacker found in it.
PUBLIC, PROOF = "public", "proof.json"
# Beside the reports: what later builds use again.
CACHE = ".cache"
WORKBOOKS = Path(CACHE, "workbooks")
