"""What the command line says of wrong use, and of files that cannot be read or written: in Japanese, with the exit code 2."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from nenpo import cli
from nenpo.cli import main
from nenpo.errors import file_fault
from nenpo.run.build import manifest_of

WRONG = (
    ("", "コマンド を書いてください"),
    ("bild R5", "コマンド：'bild' はありません（'build', 'check'"),
    ("biuld R5", "。「build」ではありませんか（詳しくは nenpo -h）"),
    ("build", "年度 を書いてください"),
    ("build R5 --jobs 0", "--jobs：1 から 1000 までの整数で書いてください（いまは 0）"),
    ("build R5 --jobs 二", "--jobs：1 から 1000 までの整数で書いてください（いまは 二）"),
    ("build R5 --foo", "--foo は使えません"),
    ("build R5 --data", "--data：値を一つ書いてください"),
    ("build R5 --final=3", "--final：'3' という値は付けられません"),
    ("check R5 R6", "R6 は使えません"),
    ("preview R5 --port 65536", "--port：1 から 65535 までの整数で書いてください（いまは 65536）"),
)


@pytest.mark.parametrize(("line", "told"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong_use_is_told_in_japanese(capsys: pytest.CaptureFixture[str], line: str, told: str):
    with pytest.raises(SystemExit) as end:
        main(line.split())
    said = capsys.readouterr().err
    assert end.value.code == 2 and told in said and said.startswith("使い方：nenpo")
    for english in ("usage", "error", "argument", "required", "invalid", "expected"):
        assert english not in said


def test_help_is_in_japanese(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as end:
        main(["build", "-h"])
    said = capsys.readouterr().out
    assert (
        end.value.code == 0 and "書くもの:" in said and "付けられるもの:" in said and "この説明を出して終わる" in said
    )
    assert "positional" not in said and "options" not in said and "show this" not in said


def test_a_file_in_the_way_is_told_in_japanese(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "out").write_text("")
    assert main(["check", "R5", "--data", str(ROOT / "data"), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert (
        "フォルダーのはずのところにファイルがあります" in said and str(tmp_path / "out") in said and "Not a" not in said
    )


@pytest.mark.parametrize("code", ["EACCES", "EPERM", "EROFS", "ENOSPC", "EISDIR", "ENOTDIR", "EEXIST", "ENOENT"])
def test_what_the_system_says_of_a_file_is_told_in_japanese(code: str):
    number = getattr(errno, code)
    fault = file_fault(OSError(number, os.strerror(number), "年報.html"))
    assert fault.where == "年報.html" and fault.remedy and not any("a" <= letter <= "z" for letter in fault.what)


def test_published_figures_as_excel_saves_them_are_read_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data = shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    command = ["check", "R5", "--data", str(data), "--out", str(tmp_path / "out"), "--json"]
    assert main(command) == 0
    before = capsys.readouterr().out
    path = data / "R5" / "published.csv"
    path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode("cp932"))
    assert main(command) == 0 and capsys.readouterr().out == before
    path.write_bytes(b"\xff\xfe\x00")
    assert main(command) == 2 and "文字コードが分かりません" in capsys.readouterr().err


@pytest.mark.parametrize("written", ["", "{", "[]", "{}", '{"inputs": "", "files": []}'])
def test_a_manifest_that_is_none_is_told_apart(tmp_path: Path, written: str):
    (tmp_path / "manifest.json").write_text(written, encoding="utf-8")
    with pytest.raises(ValueError, match=r"Expecting|no manifest"):
        manifest_of(tmp_path)


def test_a_fault_of_nenpo_itself_is_told_in_a_line_without_what_was_typed(monkeypatch, capsys):
    def fails(options):
        raise ValueError("相談者の氏名")

    monkeypatch.setitem(cli._COMMANDS, "check", fails)
    assert cli.main(["check", "R5"]) == 3
    said = capsys.readouterr().err
    assert "ValueError" in said and "test_usage" in said
    assert "Traceback" not in said and "氏名" not in said
