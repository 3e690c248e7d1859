"""docs/performance.md: each benchmark writes its part, between marks of its own."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def put(page: Path, part: str, report: str) -> None:
    """Put a report into its part of the page."""
    before, mark, rest = page.read_text(encoding="utf-8").partition(f"<!-- {part} -->\n")
    after = rest.partition("<!-- end -->")[2]
    page.write_text(f"{before}{mark}{report}\n\nMachine: {machine()}.\n<!-- end -->{after}", encoding="utf-8")


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("papermill", "nbconvert", "pandas", "typst"))
    return f"{os.cpu_count()} processors, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}, {packages}"
