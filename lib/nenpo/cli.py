"""The command line: parses, calls, prints."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nenpo.arguments import parser
from nenpo.errors import ContentError, Fault, InputError, NenpoError, file_fault, own_fault
from nenpo.imports import spare_collector, spare_grammars, spare_warnings
from nenpo.interrupts import end_if_interrupted, noticed
from nenpo.japanese.years import FiscalYear
from nenpo.paths import require_name

if TYPE_CHECKING:
    from nenpo.findings import Finding
    from nenpo.office import Office
    from nenpo.review.checks import Review
    from nenpo.run.build import Wanted
    from nenpo.run.many import Outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 for good, 1 for content at fault, 2 for wrong use or unreadable input, 3 for a fault of nenpo
    itself (with ``python -X dev`` its traceback)."""
    options = parser().parse_args(arguments)
    spare_warnings()
    spare_grammars()
    spare_collector()
    try:
        with noticed():
            return _COMMANDS[options.command](options)
    except NenpoError as error:
        _tell(error)
        return error.exit_code
    except OSError as error:
        print(f"\n{file_fault(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\n中止しました。前の年報はそのままです。", file=sys.stderr)
        return 130
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        print(f"\n{own_fault(error)}", file=sys.stderr)
        return 3


def _tell(error: NenpoError) -> None:
    print(f"\n{_headline(error)}", file=sys.stderr)
    print("\n".join(f"・{fault}" for fault in error.faults), file=sys.stderr)


def _headline(error: NenpoError) -> str:
    kind = "入力を読めません" if isinstance(error, InputError) else "年報を作れません"
    return f"{kind}（{len(error.faults)} 件）。前の年報はそのままです。"


def _out(options: argparse.Namespace, *offices: Office) -> Path:
    """Where reports go: each office's own beside its data, those of several offices all below one folder."""
    if options.out is not None:
        return Path(options.out)
    if len(offices) > 1:
        return Path("outputs")
    here, data = Path.cwd(), Path(os.path.abspath(offices[0].folder))  # noqa: PTH100  # a linked folder is where its link is
    out = data.parent / "outputs" / ("" if data.name == "data" else data.name)
    return out.relative_to(here) if out.is_relative_to(here) else out


def _parameters(given: Iterable[tuple[str, str]]) -> tuple[tuple[str, str | int | float | bool], ...]:
    """What is given for the chapters' own parameters, numbers and yes or no as such, as papermill takes them."""
    return tuple((name, _value(text)) for name, text in dict(given).items())


def _value(text: str) -> str | int | float | bool:
    if text in ("True", "False"):
        return text == "True"
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


def _build(options: argparse.Namespace) -> int:
    from nenpo.built import HTML, NOTEBOOK, PDF, REVIEW
    from nenpo.office import find_office
    from nenpo.publish.index import write_index
    from nenpo.run.build import Wanted, build
    from nenpo.run.many import SCHEDULER_VARIABLE, build_many, tasks_of

    years = list(dict.fromkeys(FiscalYear(written) for written in options.years))
    formats = (*[HTML] * options.html, *[PDF] * options.pdf) or (HTML, PDF)
    if options.review:
        formats = tuple(dict.fromkeys((HTML, *formats, REVIEW)))
    formats += (NOTEBOOK,) * options.notebook
    template = require_name(options.template, "テンプレート", "--template") if options.template else ""
    wanted = Wanted(
        formats,
        options.jobs,
        options.final,
        not options.no_cache,
        options.why,
        template=template,
        parameters=_parameters(options.parameters),
    )
    named = [find_office(folder) for folder in options.data or [None]]
    offices = list({office.folder.resolve(): office for office in named}.values())
    scheduler = options.scheduler or os.environ.get(SCHEDULER_VARIABLE, "")
    out = _out(options, *offices)
    try:
        if len(offices) == len(years) == 1 and not scheduler:
            build(offices[0], years[0], out, wanted, _progress)
            failed = 0
        else:
            tasks = tasks_of([office.folder for office in offices], years, out)
            failed = _summed_up(build_many(tasks, wanted, scheduler, _progress))
        if options.public and not failed:
            _public(offices, years, out, wanted)
        return failed
    finally:
        if out.is_dir():
            write_index(out)


def _public(offices: Sequence[Office], years: Sequence[FiscalYear], out: Path, wanted: Wanted) -> None:
    """The public edition of each report, one after the other."""
    from nenpo.office import find_office
    from nenpo.run.many import tasks_of
    from nenpo.run.public import build_public

    for task in tasks_of([office.folder for office in offices], years, out):
        build_public(find_office(task.data), task.year, task.out, wanted, _progress)


def _summed_up(outcomes: Sequence[Outcome]) -> int:
    """Tell which reports are there and which are not, and why; the exit code."""
    failed = [outcome for outcome in outcomes if outcome.faults]
    print(f"\n{len(outcomes)} 件のうち {len(outcomes) - len(failed)} 件の年報があります。", file=sys.stderr)
    for outcome in failed:
        print(
            f"\n{outcome.task.target}：できません（{len(outcome.faults)} 件）。前の年報はそのままです。",
            file=sys.stderr,
        )
        print("\n".join(f"・{fault}" for fault in outcome.faults), file=sys.stderr)
    if failed:
        remedy = "直してから同じコマンドをもう一度実行すると、足りない年報だけを作ります。"
        print(f"\n{remedy}", file=sys.stderr)
    return 2 if any(outcome.unreadable for outcome in failed) else int(bool(failed))


def _check(options: argparse.Namespace) -> int:
    from nenpo.built import CHECKS, WORKBOOKS
    from nenpo.files import write_whole
    from nenpo.findings import ERROR, NOTE, WARNING
    from nenpo.intake.lists import take_lists
    from nenpo.office import find_office
    from nenpo.review.acknowledged import as_toml
    from nenpo.review.checks import coverage, review
    from nenpo.review.identifying import to_decide
    from nenpo.workbook.parsed import parsed_in

    office = find_office(options.data)
    year = office.year(options.year)
    office.require(year)
    out = _out(options, office)
    with parsed_in(out / WORKBOOKS):
        take_lists(office, year)
        reviewed = review(office.of(year))
        covered = list(coverage(office.of(year))) if options.coverage else []
    written, failed = reviewed.as_json, bool(reviewed.errors)
    write_whole(out / year.code / CHECKS, written)
    if options.json:
        print(written, end="")
        return int(failed)
    print("".join(f"{line}\n" for line in covered), end="")
    if options.bind:
        _bind(office, reviewed, options.write)
    if before := [finding.fault for finding in to_decide(office.of(year))]:
        print(f"公表の前に、読む人が決めるところ：{len(before)} 件\n" + "".join(f"・{fault}\n" for fault in before))
    counts = []
    for severity, name in ((NOTE, "お知らせ"), (WARNING, "確かめるところ"), (ERROR, "誤り")):
        listed = [finding for finding in reviewed.findings if finding.severity == severity]
        counts.append(f"{name}：{len(listed)} 件")
        if listed:
            print(f"{counts[-1]}\n" + "".join(f"・{fault}\n" for fault in _grouped(listed)))
    if options.acknowledge:
        print(as_toml(finding for finding in reviewed.findings if finding.severity != NOTE))
    print("、".join(reversed(counts)))
    return int(failed)


def _grouped(findings: Iterable[Finding]) -> list[Fault]:
    """The faults of findings; those that say the same of several places as one."""
    places: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        places.setdefault((finding.fault.what, finding.fault.remedy), []).append(finding.fault.where)
    return [Fault(what, "、".join(where), remedy) for (what, remedy), where in places.items()]


def _bind(office: Office, reviewed: Review, write: bool) -> None:
    from nenpo.prose.bind import accept, proposals

    proposed = list(proposals(office.of(reviewed.year), reviewed.figures))
    for proposal in proposed:
        print(proposal.diff, end="")
        if write:
            accept(proposal)
    done = "書き込みました" if write else "（--write を付けると書き込みます）"
    print(f"結び付け：{len(proposed)} ファイル{done}")


def _lab(options: argparse.Namespace) -> int:
    from nenpo.office import find_office
    from nenpo.run.build import Wanted, build

    office = find_office(options.data)
    year = office.year(options.year)
    office.require(year)
    out = _out(options, office)
    target = out / year.code
    try:
        build(office, year, out, Wanted(jobs=os.cpu_count() or 1), _progress)
    except ContentError as error:
        if not any((target / "chapters").glob("*.ipynb")):
            raise
        _tell(error)  # what is to be settled may well be settled in the chapters of the last build

    from nenpo.desk.lab import run_lab

    run_lab(office.year_folder(year), target, office.folder, options.port, not options.no_browser, _progress)
    return 0


def _preview(options: argparse.Namespace) -> int:
    from nenpo.desk.preview import run_preview
    from nenpo.office import find_office

    office = find_office(options.data)
    year = office.year(options.year)
    office.require(year)
    with suppress(KeyboardInterrupt):
        run_preview(office.folder, year, _out(options, office), options.port, not options.no_browser, _progress)
    return 0


def _new(options: argparse.Namespace) -> int:
    from nenpo.office import find_office
    from nenpo.prepare.office import start_office
    from nenpo.prepare.year import prepare

    year = FiscalYear(options.year)
    started = start_office(options.office, year) if options.office else []
    office = find_office(options.office / "data" if options.office else options.data)
    year = office.year(year)
    prepared = [*started, *prepare(office, year)]
    for text in prepared:
        print(f"{text.file}：{text.done}")
        print("".join(f"    {change.line} 行目　{change.before} → {change.after}\n" for change in text.changes), end="")
    print(f"{year.label}の準備{'ができました' if prepared else 'はもうできています'}：{office.year_folder(year)}")
    if options.office:
        print(f"次に：\n  1. {office.folder / 'tables.toml'} に表を書き、nenpo new {year.code} --data {office.folder}")
        print(f"  2. {office.workbook(year)} に数値を入れ、nenpo build {year.code} --data {office.folder}")
    return 0


def _accept(options: argparse.Namespace) -> int:
    from nenpo.intake.drafts import accept_drafts
    from nenpo.office import find_office

    if not options.names and not options.all:
        raise InputError(
            Fault("本文の名前がありません", "nenpo accept", "1-1 のように並べるか、--all を付けてください")
        )
    office = find_office(options.data)
    year = office.year(options.year)
    office.require(year)
    accepted = accept_drafts(office, year, () if options.all else options.names)
    print(f"{year.label}の本文 {len(accepted)} を、このままでよいものとしました：{'、'.join(accepted)}")
    return 0


def _data(options: argparse.Namespace) -> int:
    from nenpo.office import find_office
    from nenpo.opendata.package import FOLDER, data_files, write_data

    office = find_office(options.data)
    years = sorted({office.year(written) for written in options.years})
    for year in years:
        office.require(year)
    folder = _out(options, office) / FOLDER
    figures = office.figures(years[-1], since=years[0])
    files = write_data(folder, data_files(None, office.profile, office.dictionary, figures, years))
    print(f"{'・'.join(year.label for year in years)}の数値を書き出しました（{len(files)} ファイル）：{folder}")
    return 0


def _count(options: argparse.Namespace) -> int:
    from nenpo.office import find_office
    from nenpo.prepare.counted import fill_from_ledger, in_words

    office = find_office(options.data)
    filled = fill_from_ledger(office, office.year(options.year))
    print(f"{filled.records:,} 件の記録から {filled.cells:,} 個の数値を数えました：{filled.file}")
    if filled.kept:
        print(f"前のものは控えました：{filled.kept}")
    print("".join(f"・入力されていた数値と違います：{line}\n" for line in filled.changed), end="")
    print("".join(f"・数えられませんでした：{line}\n" for line in in_words(filled.uncounted)), end="")
    if filled.uncounted:
        print(f"何件目の記録かは次にあります：{filled.listed}")
    return 0


def _progress(message: str, passing: bool = False) -> None:
    if passing:
        end_if_interrupted()
    if not passing or sys.stderr.isatty():
        print(message, file=sys.stderr, flush=True)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "check": _check,
    "lab": _lab,
    "preview": _preview,
    "new": _new,
    "accept": _accept,
    "data": _data,
    "count": _count,
}


if __name__ == "__main__":
    sys.exit(main())
