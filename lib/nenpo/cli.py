"""The command line: parses, calls, prints."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nenpo.errors import ContentError, InputError, NenpoError
from nenpo.fiscal import FiscalYear


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 for good, 1 for content at fault, 2 for wrong use or unreadable input."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except NenpoError as error:
        print(f"\n{_headline(error)}", file=sys.stderr)
        print("\n".join(f"・{fault}" for fault in error.faults), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\n中止しました。前の年報はそのままです。", file=sys.stderr)
        return 130


def _headline(error: NenpoError) -> str:
    kind = "入力を読めません" if isinstance(error, InputError) else "年報を作れません"
    return f"{kind}（{len(error.faults)} 件）。前の年報はそのままです。"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nenpo", description="一年度の記録から年報を作ります。")
    commands = parser.add_subparsers(required=True, metavar="コマンド")
    build = commands.add_parser("build", help="年報を作る", description="章を実行し、HTML と PDF の年報を作ります。")
    build.add_argument("years", nargs="+", metavar="年度", help="R5 のように。いくつでも")
    build.add_argument("--data", type=Path, metavar="フォルダー", help="データのフォルダー（既定：近くの data）")
    build.add_argument(
        "--out", type=Path, default=Path("outputs"), metavar="フォルダー", help="書き出し先（既定：outputs）"
    )
    build.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="数", help="同時に実行する章の数")
    build.add_argument("--html", action="store_true", help="HTML だけを作る")
    build.add_argument("--pdf", action="store_true", help="PDF だけを作る")
    build.add_argument("--final", action="store_true", help="仕上げ：書かれていない本文があれば作らない")
    build.set_defaults(command=_build)
    return parser


def _build(options: argparse.Namespace) -> int:
    from nenpo.office import find_office
    from nenpo.run.build import HTML, PDF, build

    years = list(dict.fromkeys(FiscalYear(written) for written in options.years))
    office = find_office(options.data)
    for year in years:
        office.require(year)
    formats = [HTML] * options.html + [PDF] * options.pdf or [HTML, PDF]
    failed: list[NenpoError] = []
    for year in years:
        try:
            build(office, year, options.out, options.jobs, formats, _progress, options.final)
        except NenpoError as error:
            failed.append(error)
    if failed:
        kind = InputError if any(isinstance(error, InputError) for error in failed) else ContentError
        raise kind([fault for error in failed for fault in error.faults])
    return 0


def _progress(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
