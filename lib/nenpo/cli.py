"""The command line: parses, calls, prints."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from nenpo.errors import ContentError, InputError, NenpoError
from nenpo.fiscal import FiscalYear
from nenpo.imports import spare_grammars


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 for good, 1 for content at fault, 2 for wrong use or unreadable input."""
    options = _parser().parse_args(arguments)
    spare_grammars()
    try:
        return int(options.command(options))
    except NenpoError as error:
        _tell(error)
        return error.exit_code
    except OSError as error:
        print(f"\n読み書きできません：{error.strerror or error}（{error.filename or ''}）", file=sys.stderr)
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
    parser = argparse.ArgumentParser(prog="nenpo", description="一年度の記録から年報を作ります。")
    commands = parser.add_subparsers(required=True, metavar="コマンド")
    build = commands.add_parser("build", help="年報を作る", description="章を実行し、HTML と PDF の年報を作ります。")
    build.add_argument("years", nargs="+", metavar="年度", help="R5 のように。いくつでも")
    _folders(build)
    build.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="数", help="同時に実行する章の数")
    build.add_argument("--html", action="store_true", help="HTML だけを作る")
    build.add_argument("--pdf", action="store_true", help="PDF だけを作る")
    build.add_argument("--final", action="store_true", help="仕上げ：書かれていない本文があれば作らない")
    build.add_argument("--no-cache", action="store_true", help="控えを使わず、すべての章を実行する")
    build.add_argument("--why", action="store_true", help="章ごとに、実行した理由・しなかった理由を示す")
    build.set_defaults(command=_build)
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
    return parser


def _serves(command: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int], port: int) -> None:
    """A command that serves one year in a browser."""
    command.add_argument("year", metavar="年度", help="R5 のように")
    _folders(command)
    told = f"ポート番号（既定：{port}、ふさがっていれば次）"
    command.add_argument("--port", type=int, default=port, metavar="番号", help=told)
    command.add_argument("--no-browser", action="store_true", help="ブラウザーを開かない")
    command.set_defaults(command=run)


def _folders(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, metavar="フォルダー", help="データのフォルダー（既定：近くの data）")
    command.add_argument(
        "--out", type=Path, default=Path("outputs"), metavar="フォルダー", help="書き出し先（既定：outputs）"
    )


def _build(options: argparse.Namespace) -> int:
    from nenpo.office import find_office
    from nenpo.run.build import HTML, PDF, Wanted, build

    years = list(dict.fromkeys(FiscalYear(written) for written in options.years))
    office = find_office(options.data)
    for year in years:
        office.require(year)
    formats = (*[HTML] * options.html, *[PDF] * options.pdf) or (HTML, PDF)
    wanted = Wanted(formats, options.jobs, options.final, not options.no_cache, options.why)
    failed: list[NenpoError] = []
    for year in years:
        try:
            build(office, year, options.out, wanted, _progress)
        except NenpoError as error:
            failed.append(error)
    if failed:
        kind = InputError if any(isinstance(error, InputError) for error in failed) else ContentError
        raise kind([fault for error in failed for fault in error.faults])
    return 0


def _lab(options: argparse.Namespace) -> int:
    from nenpo.office import find_office
    from nenpo.run.build import Wanted, build

    office, year = find_office(options.data), FiscalYear(options.year)
    office.require(year)
    target = options.out / year.code
    try:
        build(office, year, options.out, Wanted(jobs=os.cpu_count() or 1), _progress)
    except ContentError as error:
        if not any((target / "chapters").glob("*.ipynb")):
            raise
        _tell(error)  # what is to be settled may well be settled in the chapters of the last build

    from nenpo.desk.lab import run_lab

    run_lab(office.year_folder(year), target, office.folder, options.port, not options.no_browser)
    return 0


def _preview(options: argparse.Namespace) -> int:
    from nenpo.desk.preview import run_preview
    from nenpo.office import find_office

    office, year = find_office(options.data), FiscalYear(options.year)
    office.require(year)
    with suppress(KeyboardInterrupt):
        run_preview(office.folder, year, options.out, options.port, not options.no_browser, _progress)
    return 0


def _progress(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
