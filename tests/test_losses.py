"""Nothing written gets lost: edits, builds, crashes and restarts in any order, and a failure at every single file operation."""

import json
import os
import re
import tempfile
from pathlib import Path

import pytest
from desk import NAME, Office, build, made
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nenpo import files
from nenpo.commentary.agreement import END, FILE_SIDE, NOTEBOOK_SIDE, in_conflict

PRIMITIVES = ("_write", "_sync", "_rename", "_exchange", "_place")
KILLED = 9


def everything(office):
    """All that is left of the analyst's texts: in place, kept aside, or in what a killed writer left."""
    places = [office.data, office.out]
    return "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for place in places
        for path in place.rglob("*")
        if path.is_file()
    )


def failing_at(number, how, action):
    """Run ``action`` and let the n-th file operation fail: "error" raises, "kill" ends the process before it, "half"
    in the midst of a write. In a process of its own; True if it came to that operation."""
    child = os.fork()
    if child == 0:
        count = 0
        for name in PRIMITIVES:
            original = getattr(files, name)

            def failing(*arguments, original=original, name=name):
                nonlocal count
                count += 1
                if count == number:
                    if how == "error":
                        raise OSError(28, "No space left on device")
                    if how == "half" and name == "_write":
                        os.write(arguments[0], arguments[1][: len(arguments[1]) // 2])
                    os._exit(KILLED)
                return original(*arguments)

            setattr(files, name, failing)
        try:
            action()
        except OSError:
            os._exit(KILLED)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, KILLED), "the action itself has failed"
    return code == KILLED


def whole(office):
    """No file in place is half-written."""
    json.loads(office.chapter.read_text(encoding="utf-8"))
    if (office.out / "agreed.json").exists():
        json.loads((office.out / "agreed.json").read_text(encoding="utf-8"))
    for path in (office.data / "commentary").glob("[!.]*.md"):
        assert path.read_text(encoding="utf-8").endswith("。\n") or in_conflict(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("how", ["error", "kill", "half"])
@pytest.mark.parametrize("through", ["build", "save"])
def test_a_failure_at_any_file_operation_loses_nothing(tmp_path, how, through):
    sections = ("2-1", "2-2", "2-3")
    reached = number = 0
    while reached == number:
        number += 1
        office = Office(tmp_path / str(number))
        for name in sections:
            office.write(f"初めの文 {name}。\n", name)
        build(office.desk, sections)
        office.edit("初めの文 2-1。\n\nノートの文 甲。", "2-1")
        office.write("初めの文 2-2。\n\nファイルの文 乙。\n", "2-2")
        office.edit("初めの文 2-3。\n\nノートの文 丙。", "2-3")
        office.write("初めの文 2-3。\n\nファイルの文 丁。\n", "2-3")
        saved = [f"初めの文 {name}。" for name in sections] + [
            "ノートの文 甲。",
            "ファイルの文 乙。",
            "ノートの文 丙。",
            "ファイルの文 丁。",
        ]
        action = (
            (lambda office=office: build(office.desk, sections))
            if through == "build"
            else (lambda office=office: office.desk.take_in(office.chapter))
        )
        reached += failing_at(number, how, action)
        whole(office)
        left = everything(office)
        assert all(sentence in left for sentence in saved)
        build(office.desk, sections)
        whole(office)
        assert office.text("2-1") == "初めの文 2-1。\n\nノートの文 甲。\n"
        assert office.text("2-2") == "初めの文 2-2。\n\nファイルの文 乙。\n"
        assert "ノートの文 丙。" in office.text("2-3") and "ファイルの文 丁。" in office.text("2-3")
        office.write("決めた。\n", "2-3")
        build(office.desk, sections)
        assert [office.cell_text(name) for name in sections] == [office.text(name).strip() for name in sections]
        left = everything(office)
        assert all(sentence in left for sentence in saved)
        assert not list(office.out.rglob("*.tmp")) and not list(office.data.rglob("*.tmp"))
    assert number > 10


class Desk(RuleBasedStateMachine):
    """One chapter of two sections; an editor on the files, a JupyterLab that may have been opened long ago, builds, saves
    with and without the hook, crashes. Each sentence is written once; whoever deletes one does so on purpose."""

    sections = st.sampled_from(["2-1", "2-2"])

    @initialize()
    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(Path(self.folder.name))
        self.count = 0
        self.saved = set()
        build(self.office.desk)
        self.reload()

    def teardown(self):
        self.folder.cleanup()

    def sentence(self):
        self.count += 1
        self.saved.add(f"文{self.count}。")
        return f"文{self.count}。"

    @rule(name=sections, first=st.booleans(), newline=st.sampled_from(["\n", "\r\n"]))
    def edit_in_the_file(self, name, first, newline):
        text, new = self.office.text(name).strip(), self.sentence()
        lines = "\n\n".join(filter(None, [new, text] if first else [text, new]))
        self.office.file(name).parent.mkdir(parents=True, exist_ok=True)
        self.office.file(name).write_bytes((lines + "\n").replace("\n", newline).encode())

    def cell_in_lab(self, name):
        """The section's cell in the open chapter; None where it was deleted, and a build that stopped has not put it back."""
        cells = (cell for cell in self.lab["cells"] if cell["metadata"].get("nenpo", {}).get("commentary") == name)
        return next(cells, None)

    @rule(name=sections, first=st.booleans(), hook=st.booleans())
    def edit_in_lab_and_save(self, name, first, hook):
        cell = self.cell_in_lab(name)
        if cell is None:
            return
        text = "".join(cell["source"]).strip()
        text = "" if text.startswith("（本文「") else text
        cell["source"] = "\n\n".join(filter(None, [self.sentence(), text] if first else [text, self.sentence()]))
        self.save(hook)

    @rule(hook=st.booleans())
    def save(self, hook=False):
        self.office.save(self.lab)
        if hook:
            self.office.desk.take_in(self.office.chapter)

    @rule()
    def reload(self):
        self.lab = self.office.notebook()

    @rule()
    def build(self):
        build(self.office.desk)

    @rule(number=st.integers(1, 25), how=st.sampled_from(["kill", "half", "error"]))
    def build_that_crashes(self, number, how):
        failing_at(number, how, lambda: build(self.office.desk))

    @rule(number=st.integers(1, 12), how=st.sampled_from(["kill", "half", "error"]))
    def save_that_crashes(self, number, how):
        self.office.save(self.lab)
        failing_at(number, how, lambda: self.office.desk.take_in(self.office.chapter))

    @rule(name=sections)
    def delete_the_first_sentence_in_the_file(self, name):
        text = self.office.text(name)
        if sentence := re.search(r"文\d+。", text):
            self.saved.discard(sentence[0])
            self.office.write(text.replace(sentence[0], "", 1), name)

    @rule(name=sections)
    def settle_in_the_file_by_keeping_both(self, name):
        marks = "|".join(map(re.escape, (FILE_SIDE, NOTEBOOK_SIDE, END)))
        self.office.write(re.sub(rf"(?:{marks})\n*", "", self.office.text(name)), name)

    @rule()
    def forget_what_was_agreed(self):
        (self.office.out / "agreed.json").unlink(missing_ok=True)

    @rule(name=sections)
    def delete_the_cell_in_lab(self, name):
        deleted = self.cell_in_lab(name)
        if deleted is None:
            return
        if all(s in self.office.text(name) for s in re.findall(r"文\d+。", "".join(deleted["source"]))):
            self.office.save({**self.lab, "cells": [cell for cell in self.lab["cells"] if cell is not deleted]})
            build(self.office.desk)
            self.reload()

    @rule()
    def change_a_call(self):
        self.lab["cells"][1]["source"] = f"report.table('2-1')  # {self.count}"
        self.office.save(self.lab)

    @precondition(lambda self: hasattr(self, "office"))
    @invariant()
    def every_sentence_is_there(self):
        left = everything(self.office)
        assert sorted(sentence for sentence in self.saved if sentence not in left) == []

    @precondition(lambda self: hasattr(self, "office"))
    @invariant()
    def the_chapter_is_whole(self):
        assert self.office.notebook()["cells"]


TestDesk = Desk.TestCase
# The same examples each time, unless others are asked for: then so many fresh ones.
FRESH = int(os.environ.get("NENPO_FRESH_EXAMPLES", "0"))
TestDesk.settings = settings(
    max_examples=FRESH or 25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=not FRESH,
    database=None,
)


def test_what_is_made_for_these_tests_is_what_a_build_makes(r5):
    """The desk of these tests stands for the real one: the same cells and notes on them."""
    notebook = json.loads(next((r5 / "chapters").glob("02_*.ipynb")).read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["metadata"].get("nenpo", {}).get("commentary") == "2-1")
    small = next(cell for cell in made()["cells"] if cell["metadata"].get("nenpo"))
    assert set(cell["metadata"]["nenpo"]) == {*small["metadata"]["nenpo"], "handed"}
    assert cell["metadata"]["tags"] == small["metadata"]["tags"] and cell["cell_type"] == small["cell_type"]
    assert set(notebook["metadata"]["nenpo"]) == {"cells", "texts"} and NAME.startswith("02_")
