"""The index page: every report that lies in an output folder, by city, the newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from nenpo.built import HTML, PDF
from nenpo.errors import InputError
from nenpo.files import write_whole
from nenpo.japanese.years import FiscalYear
from nenpo.publish.html import page_policy, page_style
from nenpo.publish.template import fill

INDEX = "index.html"


@dataclass(frozen=True)
class Link:
    kind: str
    href: str


@dataclass(frozen=True)
class Listed:
    """A report as the index lists it."""

    city: str
    folder: str
    year: FiscalYear
    title: str
    links: tuple[Link, ...]


def write_index(out: Path) -> Path:
    """Write the index of the reports in ``out/R5`` and ``out/OFFICE/R5``, as their manifests tell."""
    candidates = [_listed(out, path) for pattern in ("*", "*/*") for path in out.glob(f"{pattern}/manifest.json")]
    reports = sorted(
        (report for report in candidates if report), key=lambda report: (report.city, report.folder, -report.year.start)
    )
    cities = [(city, list(listed)) for city, listed in groupby(reports, key=lambda report: report.city)]
    style = page_style(
        "".join(city + "".join(entry.title for entry in listed) for city, listed in cities) + "年報の一覧：、HTMLPDF"
    )
    page = fill("nenpo_index/index.html.j2", cities=cities, style=style, policy=page_policy(style))
    write_whole(out / INDEX, page)
    return out / INDEX


def _listed(out: Path, manifest: Path) -> Listed | None:
    """None for a folder that holds something else."""
    folder = manifest.parent
    try:
        about = json.loads(manifest.read_bytes())
        year, title, city = FiscalYear(folder.name), str(about["report"]["title"]), str(about["report"]["city"])
        names = [name for name in (HTML, PDF) if name in about["files"]]
    except (OSError, ValueError, KeyError, TypeError, InputError):
        return None
    place = folder.relative_to(out)
    links = tuple(
        Link(name.rpartition(".")[2].upper(), quote((place / name).as_posix()))
        for name in names
        if (folder / name).is_file()
    )
    return Listed(city, place.parent.as_posix(), year, title, links) if links else None
