"""The public edition of a report: small counts hidden, with as many others as it takes that none can be computed, and proved.

It lies in ``public/`` beside the report: page, PDF, data, and ``proof.json``, what an attacker finds who reads the written data. The report
itself is not touched. The edition is built from figures in which what is hidden is a mark, so that a hidden number is not there to be shown.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from nenpo.built import HTML, PDF, PROOF, PUBLIC
from nenpo.errors import ContentError, Fault, InputError
from nenpo.files import write_whole
from nenpo.japanese.years import FiscalYear
from nenpo.office import HIDDEN_VARIABLE, Office
from nenpo.opendata.package import FOLDER as DATA
from nenpo.prose.claims import HOLDS
from nenpo.prose.figures import BOUND, DECLARED, STATISTIC, TRACED, WAIVED
from nenpo.records import Place
from nenpo.review.checks import Review, review
from nenpo.review.identifying import to_decide
from nenpo.run.build import build
from nenpo.run.editions import ALONE, Beside, editions_beside, written
from nenpo.run.wanted import Progress, Wanted
from nenpo.scratch import Scratch
from nenpo.secrecy.attack import attacked
from nenpo.secrecy.published import Published, published
from nenpo.secrecy.rules import Rules, rules_of
from nenpo.secrecy.suppression import Need, Suppression, suppressed

_SOUND = (TRACED, BOUND, DECLARED, WAIVED)


def build_public(office: Office, year: FiscalYear, out: Path, wanted: Wanted, progress: Progress) -> Path:
    """Build the public edition of ``year`` into ``out/R5/public``.

    Raises InputError where nothing is declared, or a small cell cannot be protected, and ContentError for a text that rests on what is
    hidden, or where the attacker finds a hidden cell: then no public edition is written, and the last one stays.
    """
    year = office.year(year)
    office.require(year)
    with (
        Scratch() as private,
        _hiding(private / "hidden.json", (), {}),
    ):  # classes are merged, and nothing is hidden yet
        merged = Office(office.folder)
        rules = rules_of(merged, year)
        shown, beside = published(merged.of(year)), editions_beside(merged, year, out, rules)
    began = time.monotonic()
    suppression = hidden_of(shown, rules, beside)
    progress(f"秘匿する数値：{len(suppression.hidden)} 個（{time.monotonic() - began:.0f} 秒）", True)
    reviewed = review(office.of(year))
    round_numbers = rules.in_round_numbers(shown.values)
    with Scratch() as private, _hiding(private / "hidden.json", suppression.hidden, round_numbers):
        masked = Office(office.folder)
        _refuse_told(review(masked.of(year)), reviewed)
        of_both = replace(wanted, formats=(HTML, PDF), cached=False, final=False)
        made = build(masked, year, private / "out", of_both, _steps_alone(progress))
        files = {path.relative_to(made).as_posix(): path.read_bytes() for path in _of_edition(made)}
        proof = proved(shown, suppression.hidden, made / DATA, year, rules, beside)
    if proof["fallen"]:
        raise ContentError(
            [Fault(f"秘匿した数値が計算できてしまいます：{place}", str(out / year.code)) for place in proof["fallen"]]
        )
    # How much weight is lost would be one more sum of hidden numbers: it is not told.
    files[PROOF] = (json.dumps(proof, ensure_ascii=False, indent=1) + "\n").encode()
    for finding in to_decide(office.of(year)):
        progress(f"※ {finding.fault}")
    target = out / year.code / PUBLIC
    for name, content in files.items():
        write_whole(target / name, content)
    for path in [path for path in target.rglob("*") if path.is_file()]:
        if path.relative_to(target).as_posix() not in files:
            path.unlink()
    progress(
        f"{year.label}の公表用の版ができました（秘匿 {len(suppression.hidden)} 個、計算で分かるもの 0 個）：{target}"
    )
    return target


def _steps_alone(progress: Progress) -> Progress:
    """What passes while it is built: what it ends in is a folder that nobody will see, and its notes are those of the report itself."""

    def told(message: str, passing: bool = False) -> None:
        if passing:
            progress(message, True)

    return told


def hidden_of(shown: Published, rules: Rules, beside: Beside = ALONE) -> Suppression[Place]:
    """The cells that are hidden, beside the editions of other years: what those show cannot be hidden any more, and what they hide stays
    hidden. Raises InputError for a small one that cannot be protected."""
    both = beside.together(shown)
    withheld = [place for place in rules.withheld(shown.values) if place not in beside.shown]
    needs = {
        place: Need(max(0, shown.values[place] - 1), shown.values[place] + 1)
        for place in withheld
        if shown.values[place]
    }
    needs |= {
        place: Need(0, 2 * rules.threshold(place.table))
        for place in rules.small(both.values)
        if place not in beside.shown
    }
    free = dict.fromkeys((*withheld, *beside.hidden), 0.0)
    weights = {place: float(value) for place, value in both.values.items()} | free
    round_numbers = rules.in_round_numbers(both.values)  # of which the others are protected as if they were exact
    try:
        suppression = suppressed(both.values, both.relations, needs, weights, {**round_numbers, **beside.shown})
    except ValueError as error:
        others = "、".join(other.code for other in beside.years)
        remedy = (
            f"隣にある公表用の版（{others}）が示している数値も合わせて確かめています。そちらから作り直してください"
            if others
            else ""
        )
        raise InputError(
            Fault(f"秘匿しても計算で分かってしまう数値があります（{error}）", "tables.toml", remedy)
        ) from None
    return replace(suppression, hidden=suppression.hidden | {*withheld, *beside.hidden})


@contextmanager
def _hiding(path: Path, hidden: Iterable[Place], instead: Mapping[Place, int]) -> Iterator[None]:
    """While this lasts, this process and all that it starts read figures of which some are hidden, and numbers ``instead`` of others."""
    written = [
        *((*place, None) for place in sorted(hidden, key=str)),
        *((*place, number) for place, number in instead.items()),
    ]
    path.write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    os.environ[HIDDEN_VARIABLE] = str(path)
    try:
        yield
    finally:
        del os.environ[HIDDEN_VARIABLE]


def _of_edition(made: Path) -> Iterator[Path]:
    yield from (path for name in (HTML, PDF) if (path := made / name).is_file())
    yield from sorted(path for path in (made / DATA).iterdir() if path.is_file())


def _refuse_told(reviewed: Review, internal: Review) -> None:
    """Raise ContentError for each figure of the prose that what is shown does not bear, and for each claim that rests on what is hidden:
    one that holds by all the numbers that the report tells, and not by those that are ``reviewed``."""
    held = {(claim.file, claim.line, claim.text) for claim in internal.claims if claim.outcome == HOLDS}
    remedy = "「少数」「ごくわずか」などに言い換えるか、公表される合計の数値を書いてください"
    faults = [
        Fault(
            f"「{figure.text}」は、秘匿する数値によるか、公表する数値からは確かめられません",
            f"{figure.file} {figure.line} 行目",
            remedy,
        )
        for figure in reviewed.figures
        if figure.kind == STATISTIC and figure.outcome not in _SOUND
    ]
    faults += [
        Fault(
            f"「{claim.text}」は、秘匿する数値によるか、公表する数値からは確かめられません",
            f"{claim.file} {claim.line} 行目",
            remedy,
        )
        for claim in reviewed.claims
        if claim.outcome != HOLDS and (claim.file, claim.line, claim.text) in held
    ]
    if faults:
        raise ContentError(dict.fromkeys(faults))


def proved(
    shown: Published,
    meant: Collection[Place],
    data: Path,
    year: FiscalYear,
    rules: Rules,
    beside: Beside = ALONE,
) -> dict[str, Any]:
    """What an attacker finds who has the written data, and the editions beside it, and knows how the tables add up: how many cells are hidden, how narrow the narrowest
    of the small ones' intervals is, and which have ``fallen``."""
    read, hidden = written(data, shown, meant, year)
    read |= beside.shown
    both = beside.together(shown)
    rounded = rules.by("rounded")
    bounds = {place: rules.meant_by(read.pop(place), place.table) for place in list(read) if place.table in rounded}
    for place, (least, most) in beside.rounded.items():
        own = bounds.get(place, (least, most))
        bounds[place] = max(own[0], least), min(own[1], most)
    known = {*read, *bounds}
    hidden = [place for place in dict.fromkeys((*hidden, *beside.values)) if place not in known]
    intervals = attacked(read, [*hidden, *bounds], both.relations, bounds=bounds)
    need = {place: value for place, value in rules.small(both.values).items() if place not in beside.shown}
    little = [place for place in hidden if place in need]
    fallen = [
        place
        for place in little
        if intervals[place].low > 0 or intervals[place].high < 2 * rules.threshold(place.table)
    ]
    fallen += [place for place in hidden if place not in need and intervals[place].width < 1]
    fallen += [place for place in rules.small_though_rounded(shown.values) if intervals[place].width < 1]
    uncovered = [place for place in need if place not in hidden]
    return {
        **rules.in_proof,
        **({"beside": [other.code for other in beside.years]} if beside.years else {}),
        "published": len(read),
        "hidden": len(hidden),
        **(
            {"rounded": len(bounds), "bases": {table: rules.base(table) for table in sorted(rounded)}} if bounds else {}
        ),
        "small": len(little),
        "fallen": [
            "/".join(filter(None, (p.table, p.column, p.measure, p.row, p.year))) for p in [*fallen, *uncovered]
        ],
    }
