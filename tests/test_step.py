"""Files and chapters kept in step: each way to edit, delete, rename or half-write has an outcome, and none loses a text."""

import base64
import copy
import json
import os
import unicodedata

import pytest
from desk import NAME, Office, build, made

from nenpo.commentary import step
from nenpo.commentary.agreement import FILE_SIDE, NOTEBOOK_SIDE, in_conflict
from nenpo.errors import ContentError


@pytest.fixture
def desk(tmp_path):
    """A built year with the text 「本文。」 in 2-1 and nothing yet in 2-2."""
    office = Office(tmp_path)
    office.write("本文。\n")
    build(office.desk)
    return office


def test_a_build_puts_the_text_into_a_tagged_cell_and_marks_what_is_missing(desk):
    assert desk.cell_text() == "本文。" and desk.cell()["metadata"]["tags"] == ["commentary"]
    assert desk.cell_text("2-2") == "（本文「2-2」はまだ書かれていません）"
    assert not desk.file("2-2").exists() and not (desk.data / "控え").exists()


def test_an_edit_in_the_notebook_reaches_the_file_and_leaves_the_notebook_alone(desk):
    desk.edit("ノートで直した。")
    saved = desk.chapter.read_bytes()
    _, notes = build(desk.desk)
    assert desk.text() == "ノートで直した。\n" and desk.chapter.read_bytes() == saved
    assert len(notes) == 1 and "「2-1」" in notes[0] and str(desk.file()) in notes[0]
    assert "本文。" in desk.kept()
    assert build(desk.desk)[1] == []


def test_a_second_edit_from_the_same_open_notebook_is_no_conflict(desk):
    for text in ("一度目。", "二度目。", "本文。", "三度目。"):
        desk.edit(text)
        build(desk.desk)
        assert desk.text() == text + "\n"


def test_an_edit_in_the_file_reaches_the_notebook(desk):
    desk.write("ファイルで直した。\n")
    build(desk.desk)
    assert desk.cell_text() == "ファイルで直した。" and "本文。" in desk.kept()


def test_both_flows_alternate(desk):
    for text in ("一", "二", "三"):
        desk.edit(f"ノート{text}")
        build(desk.desk)
        desk.write(f"ファイル{text}\n")
        assert build(desk.desk)[0].conflicts == ()
        assert desk.cell_text() == f"ファイル{text}"


def test_a_first_text_replaces_the_draft_mark(desk):
    desk.edit("（本文「2-2」はまだ書かれていません）\n\n書いた。", "2-2")
    build(desk.desk)
    assert desk.text("2-2") == "書いた。\n" and desk.cell_text("2-2") == "書いた。"


def test_edits_on_both_sides_stop_and_show_both_in_both_places(desk):
    desk.edit("本文。\n\nノートの追記。")
    desk.write("本文。\n\nファイルの追記。\n")
    step, _ = build(desk.desk)
    (fault,) = step.conflicts
    told = str(fault)
    assert "「2-1」" in told and str(desk.file()) in told and str(desk.chapter) in told and "→" in told
    assert "ファイル　　｜ファイルの追記。" in told and "ノートブック｜ノートの追記。" in told
    for text in (desk.text(), desk.cell_text()):
        assert all(part in text for part in (FILE_SIDE, NOTEBOOK_SIDE, "ノートの追記。", "ファイルの追記。"))
    assert len(build(desk.desk)[0].conflicts) == 1


@pytest.mark.parametrize("place", ["file", "notebook"])
def test_a_conflict_is_settled_by_deleting_what_is_not_wanted_on_one_side(desk, place):
    desk.edit("ノートの文。")
    desk.write("ファイルの文。\n")
    build(desk.desk)
    desk.write("決めた文。\n") if place == "file" else desk.edit("決めた文。")
    assert build(desk.desk)[0].conflicts == ()
    assert desk.text() == "決めた文。\n" and desk.cell_text() == "決めた文。"


def test_an_open_notebook_that_missed_a_conflict_says_nothing_new_by_saving_again(desk):
    desk.edit("ノートの文。")
    opened = desk.notebook()
    desk.write("ファイルの文。\n")
    build(desk.desk)
    desk.save(opened)
    build(desk.desk)
    assert desk.text().count("ノートの文。") == 1 and desk.cell_text() == desk.text().strip()
    desk.cell(notebook=opened)["source"] = "ノートの文。続き。"
    desk.save(opened)
    build(desk.desk)
    assert "ファイルの文。" in desk.text() and "ノートの文。続き。" in desk.text()


def test_a_notebook_opened_before_a_build_does_not_undo_what_came_from_the_file(desk):
    opened = desk.notebook()
    desk.write("ファイルで直した。\n")
    build(desk.desk)
    desk.cell("2-2", opened)["source"] = "別の節を書いた。"
    desk.save(opened)
    build(desk.desk)
    assert desk.text() == "ファイルで直した。\n" and desk.text("2-2") == "別の節を書いた。\n"
    desk.cell(notebook=opened)["source"] = "古い版に書き足した。"
    desk.save(opened)
    assert build(desk.desk)[0].conflicts and "ファイルで直した。" in desk.text() and "書き足した。" in desk.text()


@pytest.mark.parametrize("form", [b"\xef\xbb\xbf%s\r\n", b"%s\r\n", b"\n%s"])
def test_line_ends_and_a_byte_order_mark_are_no_edit_and_stay(desk, form):
    desk.file().write_bytes(form % "本文。".encode())
    before = desk.chapter.read_bytes()
    build(desk.desk)
    assert desk.chapter.read_bytes() == before
    desk.edit("一行目。\n二行目。")
    build(desk.desk)
    assert desk.file().read_bytes().startswith(form[:3] if form[:1] == b"\xef" else "一".encode())
    assert (b"\r\n" in desk.file().read_bytes()) == (b"\r\n" in form)


@pytest.mark.parametrize("encoding", ["utf-16", "cp932"])
def test_a_text_in_another_encoding_is_shown_and_an_edit_goes_back_in_it(desk, encoding):
    desk.file().write_bytes("表の分析。\r\n".encode(encoding))
    build(desk.desk)
    assert desk.cell_text() == "表の分析。"
    desk.edit("表の分析。追記。")
    build(desk.desk)
    assert desk.file().read_bytes().decode(encoding) == "表の分析。追記。\r\n"
    desk.edit("𠮷田の分析。")
    build(desk.desk)
    assert "𠮷田の分析。" in desk.desk.take_in().texts["2-1"]


def test_a_file_named_by_a_mac_is_the_section_s_file(tmp_path):
    name = "がいよう"
    office = Office(tmp_path)
    office.write("本文。\n", unicodedata.normalize("NFD", name))
    build(office.desk, (name,))
    assert office.cell_text(name) == "本文。"
    office.edit("直した。", name)
    build(office.desk, (name,))
    assert [path.read_text(encoding="utf-8") for path in office.desk.texts.glob("*.md")] == ["直した。\n"]


def test_times_count_for_nothing(desk):
    for moment in (0, 4_000_000_000):
        os.utime(desk.file(), (moment, moment))
        os.utime(desk.chapter, (moment, moment))
        before = desk.chapter.read_bytes()
        assert build(desk.desk)[1] == [] and desk.text() == "本文。\n" and desk.chapter.read_bytes() == before


def test_an_older_file_put_back_is_an_edit_of_the_file_and_the_newer_text_is_kept(desk):
    desk.edit("ノートで直した。")
    build(desk.desk)
    desk.write("本文。\n")  # as git checkout does
    build(desk.desk)
    assert desk.cell_text() == "本文。" and "ノートで直した。" in desk.kept()


def test_a_deleted_cell_comes_back_and_the_analyst_is_told(desk):
    notebook = desk.notebook()
    notebook["cells"].remove(desk.cell(notebook=notebook))
    desk.save(notebook)
    _, notes = build(desk.desk)
    assert any("「2-1」のセル" in note and str(desk.file()) in note for note in notes)
    assert desk.text() == "本文。\n" and desk.cell_text() == "本文。"


def test_an_emptied_cell_empties_the_file_and_keeps_the_text(desk):
    desk.edit("")
    build(desk.desk)
    assert desk.text() == "" and "本文。" in desk.kept() and desk.desk.take_in().texts["2-1"] == ""


def test_a_deleted_file_empties_the_cell_and_keeps_the_text(desk):
    desk.file().unlink()
    build(desk.desk)
    assert desk.cell_text() == "（本文「2-1」はまだ書かれていません）" and "本文。" in desk.kept()
    desk.edit("書いた。")
    build(desk.desk)
    assert desk.text() == "書いた。\n"


def test_a_renamed_section_leaves_its_file_and_takes_edits_in_first(desk):
    desk.edit("ノートで直した。")
    build(desk.desk, ("2-1a", "2-2"))
    assert desk.text() == "ノートで直した。\n" and desk.cell_text("2-1a").startswith("（本文「2-1a」")


def test_two_sections_merged_into_one_cell_lose_nothing(desk):
    desk.write("二節。\n", "2-2")
    build(desk.desk)
    notebook = desk.notebook()
    notebook["cells"].remove(desk.cell("2-2", notebook))
    desk.cell(notebook=notebook)["source"] = "本文。\n\n二節。書き足し。"
    desk.save(notebook)
    _, notes = build(desk.desk)
    assert desk.text() == "本文。\n\n二節。書き足し。\n" and desk.text("2-2") == "二節。\n"
    assert any("「2-2」のセル" in note for note in notes) and desk.cell_text("2-2") == "二節。"


def test_a_copied_cell_adds_its_edit_and_never_undoes_one(desk):
    for edited in (0, 1):
        notebook = desk.notebook()
        twin = copy.deepcopy(desk.cell(notebook=notebook)) | {"id": "twin"}
        notebook["cells"].append(twin)
        [desk.cell(notebook=notebook), twin][edited]["source"] = f"直した {edited}。"
        desk.save(notebook)
        for _ in range(2):
            desk.desk.take_in()
            assert desk.text() == f"直した {edited}。\n"
        build(desk.desk)


def test_two_copies_edited_apart_are_a_conflict(desk):
    notebook = desk.notebook()
    notebook["cells"].append(copy.deepcopy(desk.cell(notebook=notebook)) | {"id": "twin", "source": "乙。"})
    desk.cell(notebook=notebook)["source"] = "甲。"
    desk.save(notebook)
    assert build(desk.desk)[0].conflicts and "甲。" in desk.text() and "乙。" in desk.text()


def test_a_cell_made_a_raw_cell_is_still_the_section_s(desk):
    notebook = desk.notebook()
    desk.cell(notebook=notebook).update(cell_type="raw", source="直した。")
    desk.save(notebook)
    build(desk.desk)
    assert desk.text() == "直した。\n" and desk.cell()["cell_type"] == "markdown"


def test_what_is_changed_outside_commentary_is_kept_aside_named_and_told(desk):
    notebook = desk.notebook()
    notebook["cells"][1]["source"] = "report.table('2-9')"
    new = {"cell_type": "markdown", "id": "new", "metadata": {}, "source": "## 書き足した節"}
    notebook["cells"].append(new)
    desk.save(notebook)
    _, (note,) = build(desk.desk)
    assert "書き換えたセル 2（report.table('2-9')）" in note and "追加したセル 5（## 書き足した節）" in note
    assert f"notebooks/{NAME}" in note
    (kept,) = (desk.out / "控え").glob("*.ipynb")
    assert str(kept) in note and json.loads(kept.read_text(encoding="utf-8")) == notebook
    assert "2-9" not in desk.chapter.read_text(encoding="utf-8") and build(desk.desk)[1] == []


def test_what_lab_notes_in_a_notebook_is_no_content(desk):
    notebook = desk.notebook()
    notebook["metadata"]["language_info"] = {"name": "python"}
    notebook["cells"][1]["metadata"]["trusted"] = True
    notebook["cells"][1]["source"] = "".join(notebook["cells"][1]["source"])
    desk.save(notebook)
    before = desk.chapter.read_bytes()
    assert build(desk.desk)[1] == [] and desk.chapter.read_bytes() == before


@pytest.mark.parametrize("content", ["", '{"cells": [', "まだ"])
def test_a_notebook_that_is_being_written_is_left_alone_and_its_twin_is_named(desk, content):
    desk.chapter.write_text(content, encoding="utf-8")
    desk.write("ファイルで直した。\n")
    twin = desk.chapter.with_name(f".~{NAME}")
    twin.write_text("{}", encoding="utf-8")
    step, notes = build(desk.desk)
    assert [chapter.path for chapter in step.being_written] == [desk.chapter]
    assert any("書きかけ" in note and twin.name in note for note in notes)
    assert desk.chapter.read_text(encoding="utf-8") == content and desk.text() == "ファイルで直した。\n"


def test_a_save_between_look_and_write_is_taken_in(desk):
    step = desk.desk.take_in()
    product = made()
    desk.desk.fill(product, step.texts)
    product.cells[1].source += "  # neu"
    desk.edit("間に合った。")
    assert desk.desk.put_back({NAME: product}, step) == (False, []) and desk.cell_text() == "間に合った。"
    build(desk.desk)
    assert desk.text() == "間に合った。\n"


def test_saves_at_every_moment_do_not_keep_a_report_from_being_made(desk, monkeypatch):
    """Whoever saves all the while: the report is made of a still picture, what came later is told, and nothing is lost."""
    desk.edit("ノートの文。")
    replaced = step.replace
    saves = 0

    def late(path, content, expected):
        nonlocal saves
        saves += 1
        if path == desk.file():
            desk.file().write_text(f"ファイルの文{saves}。\n", encoding="utf-8")
        return replaced(path, content, expected)

    monkeypatch.setattr(step, "replace", late)
    looked = desk.desk.take_in(patience=0.1)
    assert not looked.settled and "保存が続いている" in looked.notes[-1] and looked.conflicts == ()
    product = made()
    desk.desk.fill(product, looked.texts)
    assert desk.desk.put_back({NAME: product}, looked) == (False, [])
    assert desk.cell_text() == "ノートの文。" and looked.texts["2-1"] == f"ファイルの文{saves}。\n"
    monkeypatch.undo()
    both = build(desk.desk)[0]
    assert both.in_conflict == ("2-1",) and "ノートの文。" in desk.text() and f"ファイルの文{saves}。" in desk.text()


def test_a_chapter_saved_while_a_report_is_made_is_left_and_told(desk):
    looked = desk.desk.take_in(patience=0.1)
    product = made()
    desk.desk.fill(product, looked.texts)
    assert desk.desk.saved_since({NAME: product}, looked) == []
    desk.edit("間に合った。")
    assert desk.desk.put_back({NAME: product}, looked) == (False, [])
    assert NAME in desk.desk.saved_since({NAME: product}, looked)[0] and desk.cell_text() == "間に合った。"


def test_a_save_of_the_file_at_the_last_moment_is_a_conflict_not_a_loss(desk, monkeypatch):
    from nenpo import files

    exchange, saves = files._exchange, ["ファイルで直した。\n"]

    def late(one, other):
        if saves:
            desk.write(saves.pop())
        return exchange(one, other)

    monkeypatch.setattr(files, "_exchange", late)
    desk.edit("ノートで直した。")
    assert build(desk.desk)[0].conflicts
    assert in_conflict(desk.text()) and "ファイルで直した。" in desk.text() and "ノートで直した。" in desk.text()


PIXEL = base64.b64encode(b"\x89PNG one").decode()


def test_a_picture_pasted_into_a_text_is_kept_beside_it_and_shown_again(desk):
    notebook = desk.notebook()
    cell = desk.cell(notebook=notebook)
    cell["source"], cell["attachments"] = "図。\n\n![図](attachment:image.png)", {"image.png": {"image/png": PIXEL}}
    desk.save(notebook)
    saved = desk.chapter.read_bytes()
    build(desk.desk)
    (picture,) = (desk.data / "commentary" / "pictures").iterdir()
    assert picture.read_bytes() == b"\x89PNG one" and f"attachment:{picture.name}" in desk.text()
    assert desk.chapter.read_bytes() == saved
    desk.write(desk.text() + "\n続き。\n")
    build(desk.desk)
    assert desk.cell()["attachments"] == {picture.name: {"image/png": PIXEL}} and "続き。" in desk.cell_text()
    picture.unlink()
    desk.write(desk.text() + "\nさらに。\n")
    with pytest.raises(ContentError, match=r"2-1\.md.*がありません"):
        build(desk.desk)


def test_without_the_record_of_what_came_back_an_edit_may_be_a_conflict_but_is_never_lost(desk):
    desk.edit("ノートで直した。")
    build(desk.desk)
    (desk.out / "agreed.json").unlink()
    assert build(desk.desk)[0].conflicts == ()
    (desk.out / "agreed.json").write_text("no json", encoding="utf-8")
    desk.edit("もう一度直した。")
    build(desk.desk)
    assert "もう一度直した。" in desk.text() and "ノートで直した。" in desk.text() + desk.kept()


def test_a_chapter_that_is_no_longer_made_goes_and_its_edits_stay(desk):
    old = desk.chapter.with_name("99_古い章.ipynb")
    old.write_bytes(desk.chapter.read_bytes())
    desk.chapter.write_bytes(old.read_bytes())
    notebook = json.loads(old.read_text(encoding="utf-8"))
    desk.cell(notebook=notebook)["source"] = "古い章で直した。"
    old.write_text(json.dumps(notebook), encoding="utf-8")
    build(desk.desk)
    assert not old.exists() and desk.text() == "古い章で直した。\n" == desk.cell_text() + "\n"


def test_a_change_kept_aside_is_named_even_if_another_chapter_is_saved_meanwhile(desk):
    other = desk.chapter.with_name("03_別の章.ipynb")
    other.write_bytes(desk.chapter.read_bytes())
    notebook = desk.notebook()
    notebook["cells"][1]["source"] = "report.table('2-9')"
    desk.save(notebook)
    step = desk.desk.take_in()
    other.write_bytes(other.read_bytes() + b"\n")
    products = {NAME: made(), other.name: made()}
    for product in products.values():
        desk.desk.fill(product, step.texts)
    written, notes = desk.desk.put_back(products, step)
    assert not written and any("report.table('2-9')" in note for note in notes)
