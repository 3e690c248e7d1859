"""The files of a report, made of its executed chapters: page, PDF, review edition, one notebook, and what the check says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nenpo.built import BOOK, CHECKS, FINAL, HTML, NOTEBOOK, PDF, PROOF, PUBLIC, REVIEW, REVIEWED
from nenpo.commentary.chapter import sign
from nenpo.japanese.years import FiscalYear
from nenpo.notebook import Notebook, as_bytes
from nenpo.office import TEMPLATES, Office, OfficeYear
from nenpo.opendata.package import FOLDER as DATA
from nenpo.opendata.package import data_files
from nenpo.publish.book import Book
from nenpo.publish.pdf import Typesetter
from nenpo.publish.stitch import stitched
from nenpo.run.manifest import is_as_made
from nenpo.run.wanted import Wanted

if TYPE_CHECKING:
    from nenpo.publish.exporters import HtmlExporter
    from nenpo.review.checks import Review


@dataclass(frozen=True)
class Parts:
    """What a report is made of: the page 「あらまし」 (its output by mime type), the executed ``chapters`` by file name, of which some are
    ``outdated`` on disk and to be signed, why texts are ``drafts``, by their names, the hash of its ``inputs``, and the review where there
    is one already."""

    summary: Mapping[str, Any]
    chapters: Mapping[str, Notebook]
    outdated: Sequence[Notebook]
    drafts: Mapping[str, str]
    inputs: str
    review: Review | None = None


@dataclass(frozen=True)
class Rendered:
    """A report's ``files`` and open ``data``, by name; the ``months`` that its year has come to."""

    files: dict[str, bytes]
    data: Mapping[str, bytes]
    months: int


def rendered(office: Office, year: FiscalYear, target: Path, beside: Path, parts: Parts, wanted: Wanted) -> Rendered:
    """The files of the report of ``year`` that lies in ``target``; ``beside`` is the folder of its chapters, with nbconvert's configuration.

    Raises ContentError for what cannot be set.
    """
    from nenpo.publish.exporters import config_beside, exporters

    figures = office.figures(year)
    months = figures.come(year)
    with Typesetter() if PDF in wanted.formats else nullcontext() as typesetter:  # which warms up from here on
        page, pdf = exporters(config_beside(beside), office.folder / TEMPLATES, wanted.template or office.template)
        kept = target / DATA if is_as_made(target, f"{DATA}/{BOOK}") else None
        data = data_files(kept, office.profile, office.dictionary, figures, [year])
        chapters = {Path(name).stem: chapter for name, chapter in parts.chapters.items()}
        inputs = "" if office.hidden else parts.inputs
        whole = stitched(office.profile, year, months, parts.summary, chapters, parts.drafts, inputs, data)
        book = page.book(whole)[0]
        # The PDF takes longest: where there is more than one processor to use it begins first. Typst works in a process of its own, so
        # that a thread is enough to wait for it.
        with ThreadPoolExecutor(1) as another:
            begun = another.submit(pdf.render, book, typesetter) if typesetter and wanted.jobs > 1 else None
            files = {HTML: page.render(book).encode()} if HTML in wanted.formats else {}
            if parts.outdated:
                sign(parts.outdated)
            reviewed = parts.review or reviewed_now(office, year)
            if typesetter:
                files[PDF] = begun.result() if begun else pdf.render(book, typesetter)
    if REVIEW in wanted.formats:
        files[REVIEW] = _review_edition(book, reviewed, office.of(year), target, page)
    if NOTEBOOK in wanted.formats:
        files[NOTEBOOK] = as_bytes(whole)
    return Rendered({**files, CHECKS: reviewed.as_json.encode()}, data, months)


def reviewed_now(office: Office, year: FiscalYear) -> Review:
    from nenpo.review.checks import review

    return review(office.of(year))


def _review_edition(book: Book, reviewed: Review, office_year: OfficeYear, target: Path, page: HtmlExporter) -> bytes:
    """The review edition, against the page last published, last reviewed or last built."""
    from nenpo.edition.review_page import review_page

    versions = {FINAL: "前に公表した版", REVIEWED: "前に確かめた版", HTML: "前の版"}
    since = next((name for name in versions if (target / name).is_file()), HTML)
    before = (target / since).read_text(encoding="utf-8") if (target / since).is_file() else None
    proof = target / PUBLIC / PROOF
    proved = json.loads(proof.read_bytes()) if proof.is_file() else None
    return review_page(book, reviewed, office_year, before, versions[since], page, proved).encode()
