"""The arguments of the command line, in Japanese: what each command takes."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TypeAlias

from nenpo import __version__
from nenpo.usage import Parser, speak_japanese, whole

Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def parser() -> argparse.ArgumentParser:
    """Parses a command; ``command`` is its name."""
    speak_japanese()
    made = Parser(prog="nenpo", description="一年度の記録から年報を作ります。")
    made.add_argument("--version", action="version", version=f"nenpo {__version__}", help="版を示す")
    commands = made.add_subparsers(required=True, metavar="コマンド")
    for command in (_build, _check, _lab, _preview, _new, _accept, _data, _count):
        command(commands).set_defaults(command=command.__name__.removeprefix("_"))
    return made


def _build(commands: Commands) -> argparse.ArgumentParser:
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
    return build


def _check(commands: Commands) -> argparse.ArgumentParser:
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
    return check


def _lab(commands: Commands) -> argparse.ArgumentParser:
    lab = commands.add_parser(
        "lab",
        help="JupyterLab で章を開き、文章を書く",
        description="年度の章を JupyterLab で開きます。保存すると、文章が本文のファイルにも書かれます。",
    )
    _serves(lab, port=8888)
    return lab


def _preview(commands: Commands) -> argparse.ArgumentParser:
    preview = commands.add_parser(
        "preview",
        help="年報を下見する（保存するたびに更新）",
        description="年報をブラウザーに示し、データ・文章・章を保存するたびに作り直します。",
    )
    _serves(preview, port=8787)
    return preview


def _new(commands: Commands) -> argparse.ArgumentParser:
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
    return new


def _accept(commands: Commands) -> argparse.ArgumentParser:
    accept = commands.add_parser(
        "accept",
        help="前年度から写したままの本文を、今年度もこのままでよいとする",
        description="前年度から写したままの本文を、今年度もこのままでよいものとし、下書きから外します。本文の名前を並べます。",
    )
    accept.add_argument("year", metavar="年度", help="R6 のように")
    accept.add_argument("names", nargs="*", metavar="本文", help="1-1 のように。--all を付ければすべて")
    accept.add_argument("--all", action="store_true", help="写したままの本文のすべて")
    _data_folder(accept)
    return accept


def _data(commands: Commands) -> argparse.ArgumentParser:
    data = commands.add_parser(
        "data",
        help="表の数値を CSV などで書き出す",
        description="表の数値を、機械で読める CSV（一つの表に一つ、すべての数値に一つ）と Excel に書き出します。年を並べると、一続きの figures.csv になります。",
    )
    data.add_argument("years", nargs="+", metavar="年度", help="R5 のように。いくつでも")
    _folders(data)
    return data


def _count(commands: Commands) -> argparse.ArgumentParser:
    count = commands.add_parser(
        "count",
        help="台帳から表の数値を数える",
        description="年度のフォルダーの ledger にある台帳（CSV、Excel）を ledger.toml の対応で数え、記入用の Excel に入れます。",
    )
    count.add_argument("year", metavar="年度", help="R6 のように")
    _data_folder(count)
    return count


def _serves(command: argparse.ArgumentParser, port: int) -> None:
    """A command that serves one year in a browser."""
    command.add_argument("year", metavar="年度", help="R5 のように")
    _folders(command)
    words = f"ポート番号（既定：{port}、ふさがっていれば次）"
    command.add_argument("--port", type=whole(1, 65535), default=port, metavar="番号", help=words)
    command.add_argument("--no-browser", action="store_true", help="ブラウザーを開かない")


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
