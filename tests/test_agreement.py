"""The three-way comparison of file and notebook: every case has an outcome, and no text drops out."""

import itertools

import pytest

from nenpo.commentary.agreement import (
    END,
    FILE_SIDE,
    NOTEBOOK_SIDE,
    Agreement,
    Copy,
    Outcome,
    agree,
    difference,
    digest,
    in_conflict,
    marked,
    side,
)

BASE, ONE, OTHER = "本文。", "本文。\n\nファイルで直した。", "本文。\n\nノートで直した。"


@pytest.mark.parametrize(
    "file, cell, outcome, text",
    [
        (BASE, BASE, Outcome.AGREED, BASE),
        (ONE, BASE, Outcome.TO_CELLS, ONE),
        (BASE, OTHER, Outcome.TO_FILE, OTHER),
        (ONE, ONE, Outcome.AGREED, ONE),
        ("", BASE, Outcome.TO_CELLS, ""),
        (BASE, "", Outcome.TO_FILE, ""),
        ("", OTHER, Outcome.TO_FILE, OTHER),
    ],
)
def test_one_side_flows_to_the_other_and_an_edit_beats_a_deleted_file(file, cell, outcome, text):
    reached = agree(file, [Copy(cell, digest(BASE))])
    assert (reached.outcome, reached.text) == (outcome, text)


def test_two_edits_are_held_both_and_marked():
    reached = agree(ONE, [Copy(OTHER, digest(BASE))])
    assert reached.outcome is Outcome.CONFLICT and reached.sides == (ONE, OTHER)
    assert reached.text == "\n\n".join(
        ["本文。", FILE_SIDE, "ファイルで直した。", NOTEBOOK_SIDE, "ノートで直した。", END]
    )
    assert side(reached.text, FILE_SIDE) == ONE and side(reached.text, NOTEBOOK_SIDE) == OTHER


@pytest.mark.parametrize("other", [ONE.replace("\n", "\r\n"), "\ufeff" + ONE, ONE + "\n", "\n" + ONE])
def test_line_ends_and_a_byte_order_mark_are_no_edit(other):
    assert agree(ONE, [Copy(other, digest(BASE))]).outcome is Outcome.AGREED
    assert agree(other, [Copy(ONE, digest(BASE))]).outcome is Outcome.AGREED


def test_a_hard_line_break_is_an_edit():
    assert agree(BASE, [Copy(BASE + "  ", digest(BASE))]).outcome is Outcome.TO_FILE


@pytest.mark.parametrize("settled", [ONE, OTHER, BASE, "両方を生かした文章。"])
def test_a_conflict_is_settled_on_either_side(settled):
    conflict = agree(ONE, [Copy(OTHER, digest(BASE))]).text
    in_file = agree(settled, [Copy(conflict, digest(conflict))])
    in_notebook = agree(conflict, [Copy(settled, digest(conflict))])
    assert (in_file.outcome, in_file.text) == (Outcome.TO_CELLS, settled)
    assert (in_notebook.outcome, in_notebook.text) == (Outcome.TO_FILE, settled)


def test_a_notebook_that_has_not_seen_the_conflict_adds_nothing_until_it_says_something_new():
    conflict = agree(ONE, [Copy(OTHER, digest(BASE))]).text
    assert agree(conflict, [Copy(OTHER, digest(BASE))]) == agree(conflict, [Copy(OTHER, digest(OTHER))])
    assert agree(conflict, [Copy(OTHER, digest(BASE))]).outcome is Outcome.TO_CELLS
    again = agree(conflict, [Copy(OTHER + "もう一文。", digest(BASE))])
    assert again.outcome is Outcome.CONFLICT and again.sides == (ONE, OTHER + "もう一文。")


def test_a_cell_emptied_while_its_file_was_edited_is_a_conflict():
    reached = agree(ONE, [Copy("", digest(BASE))])
    assert reached.outcome is Outcome.CONFLICT and reached.sides == (ONE, "")
    assert agree(reached.text, [Copy("", digest(BASE))]).outcome is Outcome.TO_CELLS
    assert agree(BASE, [Copy("", digest(BASE))]).outcome is Outcome.TO_FILE
    for settled in (ONE, ""):
        assert agree(reached.text, [Copy(settled, digest(reached.text))]) == Agreement(Outcome.TO_FILE, settled)
    assert agree("", [Copy(OTHER, digest(BASE))]) == Agreement(Outcome.TO_FILE, OTHER)


def test_cells_of_the_same_section_are_told_apart():
    copies = [Copy(ONE, digest(BASE)), Copy(OTHER, digest(BASE)), Copy(BASE, digest(BASE))]
    assert agree(BASE, copies[1:]).text == OTHER and agree(BASE, copies[1:]).outcome is Outcome.TO_FILE
    assert agree(BASE, copies).outcome is Outcome.CONFLICT
    third = agree("三つ目", copies)
    assert all(text in third.text for text in ("三つ目", "ファイルで直した", "ノートで直した"))


def test_a_cell_of_unknown_descent_never_overwrites():
    assert agree(ONE, [Copy(OTHER, None)]).outcome is Outcome.CONFLICT
    assert agree("", [Copy(OTHER, None)]).outcome is Outcome.TO_FILE
    assert agree(ONE, [Copy(ONE, None)]).outcome is Outcome.AGREED


def test_no_new_sentence_ever_drops_out():
    texts = ["", BASE, ONE, OTHER, marked([ONE, OTHER]), "別の文。"]
    for base, file, *cells in itertools.product(texts, repeat=4):
        reached = agree(file, [Copy(cell, digest(base)) for cell in cells])
        for text in (file, *cells):
            new = set(text.split("\n\n")) - set(base.split("\n\n")) - {FILE_SIDE, NOTEBOOK_SIDE, END, ""}
            known = in_conflict(file) or in_conflict(base)  # an earlier conflict's notebook side may be replaced
            assert known or all(sentence in reached.text for sentence in new), (base, file, cells)


def test_the_difference_names_the_sides():
    assert difference(ONE, OTHER) == "      ファイル　　｜ファイルで直した。\n      ノートブック｜ノートで直した。"
