"""The how-tos of CONTRIBUTING.md, followed to the letter in a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# A step: the words before a block that say what is done with it, and the block.
_STEP = re.compile(r"(?P<said>[^\n]+):\n\n```\w*\n(?P<block>.*?)```\n", re.DOTALL)


@pytest.fixture
def project(tmp_path):
    for name in ("lib", "data", "notebooks"):
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "控え")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    return tmp_path


def steps(title):
    part = GUIDE.partition(f"## {title}\n")[2].partition("\n## A new")[0]
    return [(match["said"], match["block"]) for match in _STEP.finditer(part)]


def follow(project, said, block):
    """Do what a step says. Returns what a command printed."""
    places = re.findall(r"`([^`]+)`", said)
    path = project / places[0] if places else None
    if block.startswith("nenpo "):
        return run(project, block.split()[1:])
    if said.startswith("New file"):
        assert not path.exists()
        path.write_text(block, encoding="utf-8")
    elif said.startswith("At the end of the chapter"):
        add_cells(path, block.splitlines())
    elif said.startswith("At the end of"):
        path.write_text(path.read_text(encoding="utf-8") + "\n" + block, encoding="utf-8")
    else:
        where, line = re.search("(above|below) `", said)[1], places[1]
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (at,) = [number for number, one in enumerate(lines) if one.startswith(line)]
        lines.insert(at + (where == "below"), block)
        path.write_text("".join(lines), encoding="utf-8")
    return ""


def run(project, arguments):
    environment = {**os.environ, "PYTHONPATH": str(project / "lib")}
    command = [sys.executable, "-m", "nenpo.cli", *arguments]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def add_cells(path, sources):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for number, source in enumerate(sources):
        kind = (
            {"cell_type": "markdown"}
            if source.startswith("#")
            else {"cell_type": "code", "execution_count": None, "outputs": []}
        )
        notebook["cells"].append({**kind, "id": f"new-{number}", "metadata": {}, "source": source})
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def test_a_new_table_with_its_chart(project):
    for said, block in steps("A new table with its chart"):
        follow(project, said, block)
        if block.startswith("nenpo new"):
            (form,) = (project / "data" / "R5").glob("statistics（*.xlsx")
            book = load_workbook(form)
            sheet = book["2-8 相談の方法"]
            rows = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
            for label, number in (("来所", 30), ("電話", 60), ("訪問", 10)):
                sheet.cell(rows[label], 2).value = number
            book.save(project / "data" / "R5" / "statistics.xlsx")
            form.unlink()
    page = (project / "outputs" / "R5" / "report.html").read_text(encoding="utf-8")
    assert 'id="tbl-2-8"' in page and "60.0" in page and 'id="fig-2-8-1"' in page
    (project / "data" / "R5" / "commentary" / "2-8.md").write_text("電話は60件（60.0％）であった。\n", encoding="utf-8")
    assert "誤り：0 件、確かめるところ：0 件" in run(project, ["check", "R5"])


def test_a_new_kind_of_chart(project):
    for said, block in steps("A new kind of chart"):
        follow(project, said, block)
    add_cells(project / "notebooks" / "02_相談支援実績.ipynb", ['report.chart("2-3", kind="dots")'])
    run(project, ["build", "R5", "--html"])
    assert 'aria-label="点の図。' in (project / "outputs" / "R5" / "report.html").read_text(encoding="utf-8")


def test_a_new_rule_of_the_check(project):
    told = ""
    for said, block in steps("A new rule of the check"):
        told += follow(project, said, block)
    assert "列「その他」は 0 だけです" in told and "until" in told
