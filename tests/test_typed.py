"""Texts as offices type them: each encoding and each way to compose a name is read, and goes back as it was."""

import unicodedata

import pytest

from nenpo.errors import InputError
from nenpo.text.typed import decode, read_text, read_typed

TEXT = "### ●分析\r\n\r\n新規相談件数は２３８件と、前年度に比べ微増となっている〜。\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_text_is_read_in_any_encoding_and_goes_back_in_it(tmp_path, encoding, newline):
    path = tmp_path / "2-1.md"
    written = TEXT.replace("〜", "～" if encoding == "cp932" else "〜").replace("\r\n", newline)
    path.write_bytes(written.encode(encoding))
    typed = read_typed(path)
    assert typed.text == written.replace("\r\n", "\n")
    assert typed.form(typed.text) == path.read_bytes()
    assert typed.form(typed.text + "追記\n").decode(encoding) == written + "追記" + newline


def test_a_text_that_its_encoding_cannot_hold_becomes_utf8(tmp_path):
    path = tmp_path / "2-1.md"
    path.write_bytes("分析".encode("cp932"))
    assert read_typed(path).form("𠮷野家の分析").decode("utf-8") == "𠮷野家の分析"


def test_utf16_of_either_order_is_told_by_its_mark():
    assert decode(b"\xfe\xff" + "分析".encode("utf-16-be"))[0] == decode("分析".encode("utf-16"))[0] == "分析"


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\xff\x80\x81", "分析 A".encode("utf-16-le"), b"a\0b"])
def test_what_is_no_text_is_refused_with_its_file(tmp_path, content):
    (tmp_path / "2-1.md").write_bytes(content)
    with pytest.raises(InputError, match=r"2-1\.md：文字コード"):
        read_text(tmp_path / "2-1.md")


def test_a_name_composed_by_a_mac_is_the_same_name(tmp_path):
    name = "ばじめに.md"
    (tmp_path / unicodedata.normalize("NFD", name)).write_text("本文", encoding="utf-8")
    assert read_text(tmp_path / name) == "本文"
    (tmp_path / name).write_text("別の本文", encoding="utf-8")
    with pytest.raises(InputError, match="二つあります"):
        read_text(tmp_path / name)


def test_no_file_is_no_text(tmp_path):
    assert read_text(tmp_path / "2-1.md") is None and read_text(tmp_path / "none" / "2-1.md") is None
