"""Files are written whole, and a save by another program between look and write is found and put back."""

import pytest

from nenpo import files
from nenpo.files import keep, leftovers, replace, write_whole


def test_a_file_that_holds_the_content_is_not_touched(tmp_path):
    path = tmp_path / "a" / "2-1.md"
    assert write_whole(path, "本文") and not write_whole(path, "本文".encode())


def test_replace_needs_the_content_it_expects(tmp_path):
    path = tmp_path / "2-1.md"
    assert replace(path, b"new", None) and path.read_bytes() == b"new"
    assert not replace(path, b"newer", None)
    assert not replace(path, b"newer", b"old") and path.read_bytes() == b"new"
    assert replace(path, b"newer", b"new") and path.read_bytes() == b"newer"
    assert not replace(tmp_path / "gone.md", b"x", b"y") and not (tmp_path / "gone.md").exists()
    assert [one.name for one in tmp_path.iterdir()] == ["2-1.md"]


@pytest.mark.parametrize("in_place", [True, False])
def test_a_save_in_the_last_moment_stays(tmp_path, monkeypatch, in_place):
    path = tmp_path / "2-1.md"
    path.write_bytes(b"old")
    exchange = files._exchange
    saves = [b"saved meanwhile"]

    def late_save(one, other):
        while saves:
            if in_place:
                path.write_bytes(saves.pop())
            else:
                write_whole(path, saves.pop())
        return exchange(one, other)

    monkeypatch.setattr(files, "_exchange", late_save)
    assert not replace(path, b"new", b"old")
    assert path.read_bytes() == b"saved meanwhile" and len(list(tmp_path.iterdir())) == 1


def test_without_exchange_a_file_is_still_replaced_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_exchange", lambda one, other: False)
    path = tmp_path / "2-1.md"
    path.write_bytes(b"old")
    assert replace(path, b"new", b"old") and path.read_bytes() == b"new" and len(list(tmp_path.iterdir())) == 1


def test_the_same_text_is_kept_once(tmp_path):
    one, two, other = (keep(tmp_path, "2-1.md", text) for text in (b"a", b"a", b"b"))
    assert one == two != other and one.name.startswith("2-1.") and one.suffix == ".md"


def test_what_a_killed_writer_left_is_told_with_its_name(tmp_path):
    left = files._beside(tmp_path / "2-1.md", b"text")
    assert leftovers(tmp_path) == [("2-1.md", left)]


@pytest.mark.parametrize(
    "write",
    [
        lambda path: write_whole(path, b"x"),
        lambda path: replace(path, b"x", None),
        lambda path: keep(path.parent, path.name, b"x"),
    ],
)
@pytest.mark.parametrize("failing", ["_write", "_sync"])
def test_a_full_disk_is_told_with_the_file_that_was_to_be_written(tmp_path, monkeypatch, write, failing):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, failing, full)
    with pytest.raises(OSError, match="No space left") as caught:
        write(tmp_path / "年報.html")
    assert str(tmp_path / "年報") in caught.value.filename and not list(tmp_path.iterdir())
