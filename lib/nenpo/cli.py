"""The command line: parses, calls, prints."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nenpo import __version__
from nenpo.errors import ContentError, Fault, InputError, NenpoError, file_fault
from nenpo.imports import spare_collector, spare_grammars
from nenpo.interrupts import end_if_interrupted, noticed
from nenpo.japanese.years import FiscalYear
from nenpo.paths import require_name
from nenpo.usage import Parser, speak_japanese, whole

if TYPE_CHECKING:
    from nenpo.findings import Finding
    from nenpo.office import Office
    from nenpo.review.checks import Review
    from nenpo.run.build import Wanted
    from nenpo.run.many import Outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 for good, 1 for content at fault, 2 for wrong use or unreadable input."""
    options = _parser().parse_args(arguments)
    if not sys.warnoptions:  # what libraries tell each other is nothing for an office
        warnings.simplefilter("ignore")
    spare_grammars()
    spare_collector()
    try:
        with noticed():
            return int(options.command(options))
    except NenpoError as error:
        _tell(error)
        return error.exit_code
    except OSError as error:
        print(f"\n{file_fault(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\n中止しました。前の年報はそのままです。", file=sys.stderr)
        return 130


def _tell(error: NenpoError) -> None:
    print(f"\n{_headline(error)}", file=sys.stderr)
    print("\n".join(f"・{fault}" for fault in error.faults), file=sys.stderr)


def _headline(error: NenpoError) -> str:
    kind = "入力を読めません" if isinstance(error, InputError) else "年報を作れません"
    return f"{kind}（{len(error.faults)} 件）。前の年報はそのままです。"


def _parser() -> argparse.ArgumentParser:
    speak_japanese()
    parser = Parser(prog="nenpo", description="一年度の記録から年報を作ります。")
    parser.add_argument("--version", action="version", version=f"nenpo {__version__}", help="版を示す")
    commands = parser.add_subparsers(required=True, metavar="コマンド")
    build = commands.add_parser("build", help="年報を作る", description="章を実行し、HTML と PDF の年報を作ります。")
    build.add_argument("years", nargs="+", metavar="年度", help="R5 のように。いくつでも")
    _folders(build, several=True)
    build.add_argument(
        "--jobs", type=whole(1, 1000), default=os.cpu_count() or 1, metavar="数", help="同時に動かす数（年報、章）"
    )
    build.add_argument(
        "--scheduler", default="", metavar="番地", help="Dask のクラスターで作る（例：tcp://10.0.0.1:8786）"
    )
    build.add_argument(
        "--review",
        action="store_true",
        help="確認用の版 report-review.html も作る（本文の数値からもとのセルへたどれる）",
    )
    build.add_argument("--html", action="store_true", help="HTML だけを作る")
    build.add_argument("--pdf", action="store_true", help="PDF だけを作る")
    build.add_argument("--notebook", action="store_true", help="章をつないだ一つのノートブック report.ipynb も作る")
    build.add_argument(
        "--final", action="store_true", help="仕上げ：書かれていない本文や、合わない・たどれない数値があれば作らない"
    )
    build.add_argument(
        "--public", action="store_true", help="公表用の版も作る：少ない数を秘匿し、計算でも分からないことを確かめる"
    )
    build.add_argument("--no-cache", action="store_true", help="控えを使わず、すべての章を実行する")
    build.add_argument("--template", default="", metavar="名前", help="data/templates にある、自前のテンプレートで作る")
    build.add_argument(
        "-p",
        dest="parameters",
        nargs=2,
        action="append",
        default=[],
        metavar=("名前", "値"),
        help="その名のパラメーターを持つ章に渡す",
    )
    build.add_argument("--why", action="store_true", help="章ごとに、実行した理由・しなかった理由を示す")
    build.set_defaults(command=_build)
    check = commands.add_parser(
        "check",
        help="数値を確かめる",
        description="表どうしの等式、公表した数値、ほかの月との違いを確かめます。誤りがあれば終了コードは 1 です。",
    )
    check.add_argument("year", metavar="年度", help="R5 のように")
    _folders(check)
    check.add_argument("--json", action="store_true", help="結果を JSON で示す")
    check.add_argument(
        "--acknowledge", action="store_true", help="そのままでよいものを確認済みとする、errata.toml の書き方を示す"
    )
    check.add_argument("--coverage", action="store_true", help="どの等式にも入っていないセルを表ごとに示す")
    check.add_argument("--bind", action="store_true", help="本文の数値をデータと結び付けるリンクを、差分で提案する")
    check.add_argument("--write", action="store_true", help="--bind の提案を本文に書き込む")
    check.set_defaults(command=_check)
    lab = commands.add_parser(
        "lab",
        help="JupyterLab で章を開き、文章を書く",
        description="年度の章を JupyterLab で開きます。保存すると、文章が本文のファイルにも書かれます。",
    )
    _serves(lab, _lab, port=8888)
    preview = commands.add_parser(
        "preview",
        help="年報を下見する（保存するたびに更新）",
        description="年報をブラウザーに示し、データ・文章・章を保存するたびに作り直します。",
    )
    _serves(preview, _preview, port=8787)
    new = commands.add_parser(
        "new",
        help="年度の準備をする（記入用の Excel、前年度の文章）",
        description="年度のフォルダーに、記入用の Excel と、前年度の文章を新しい年度に直した下書きを作ります。"
        "もう一度実行すると足りないものを足し、手の入っていない下書きの数値を入れ直します。上書きはしません。",
    )
    new.add_argument("year", metavar="年度", help="R6 のように")
    new.add_argument(
        "--office", type=Path, metavar="フォルダー", help="新しい事業所を始める（設定・表・章のひな形と最初の年度）"
    )
    _data_folder(new)
    new.set_defaults(command=_new)
    accept = commands.add_parser(
        "accept",
        help="前年度から写したままの本文を、今年度もこのままでよいとする",
        description="前年度から写したままの本文を、今年度もこのままでよいものとし、下書きから外します。本文の名前を並べます。",
    )
    accept.add_argument("year", metavar="年度", help="R6 のように")
    accept.add_argument("names", nargs="*", metavar="本文", help="1-1 のように。--all を付ければすべて")
    accept.add_argument("--all", action="store_true", help="写したままの本文のすべて")
    _data_folder(accept)
    accept.set_defaults(command=_accept)
    data = commands.add_parser(
        "data",
        help="表の数値を CSV などで書き出す",
        description="表の数値を、機械で読める CSV（一つの表に一つ、すべての数値に一つ）と Excel に書き出します。年を並べると、一続きの figures.csv になります。",
    )
    data.add_argument("years", nargs="+", metavar="年度", help="R5 のように。いくつでも")
    _folders(data)
    data.set_defaults(command=_data)
    count = commands.add_parser(
        "count",
        help="台帳から表の数値を数える",
        description="年度のフォルダーの ledger にある台帳（CSV、Excel）を ledger.toml の対応で数え、記入用の Excel に入れます。",
    )
    count.add_argument("year", metavar="年度", help="R6 のように")
    _data_folder(count)
    count.set_defaults(command=_count)
    return parser


def _serves(command: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int], port: int) -> None:
    """A command that serves one year in a browser."""
    command.add_argument("year", metavar="年度", help="R5 のように")
    _folders(command)
    words = f"ポート番号（既定：{port}、ふさがっていれば次）"
    command.add_argument("--port", type=whole(1, 65535), default=port, metavar="番号", help=words)
    command.add_argument("--no-browser", action="store_true", help="ブラウザーを開かない")
    command.set_defaults(command=run)


def _data_folder(command: argparse.ArgumentParser, several: bool = False) -> None:
    words = "データのフォルダー（既定：近くの data）"
    if several:
        command.add_argument(
            "--data", type=Path, action="append", metavar="フォルダー", help=f"{words}。事業所の数だけ何度でも"
        )
    else:
        command.add_argument("--data", type=Path, metavar="フォルダー", help=words)


def _folders(command: argparse.ArgumentParser, several: bool = False) -> None:
    _data_folder(command, several)
    words = "データの隣の outputs" + ("、事業所が二つ以上ならここの outputs" if several else "")
    command.add_argument("--out", type=Path, metavar="フォルダー", help=f"書き出し先（既定：{words}）")


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
    for one in prepared:
        print(f"{one.file}：{one.done}")
        print("".join(f"    {change.line} 行目　{change.before} → {change.after}\n" for change in one.changes), end="")
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


if __name__ == "__main__":
    sys.exit(main())
