"""Nothing is read or written outside: every name that reaches a path, from every way in, and every link that leads out."""

import base64
import json
import shutil
from pathlib import Path

import pytest
from desk import Office as Desk
from desk import build, made

from nenpo.cli import main
from nenpo.errors import ContentError, InputError
from nenpo.intake.made import made_files
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.paths import name_fault, require_no_way_out
from nenpo.report import Report
from nenpo.run.parcel import Parcel, bring_home, unpack

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")

NAMES = ["2-1", "2-5-cross", "2－1", "ご挨拶", "図 1", "a.b", "神𠮷髙", "x" * 180, "CONTENT", "COM", "com10"]
NO_NAMES = [
    "", " ", "\u3000", ".", "..", "../x", "../../../x", "/abs/x", "a/b", "a\\b", "..\\x", "C:x", "a:b", "a\0b", "a\nb", "\x1b[31m",
    "a.", "a ", " a", ".hidden", "~$2-1", "CON", "nul", "Com1", "LPT9", "COM¹", "aux.txt", "CONIN$", "*", "a?", "<a>", 'a"b', "a|b",
    "x" * 181, "神" * 61, "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_name(name):
    assert name_fault(name) == ""


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_leads_elsewhere_is_no_name(name):
    assert name_fault(name)


@pytest.fixture
def around(tmp_path):
    """The folder of an office within one that nothing may be written to, and a function that holds it to that."""
    (tmp_path / "office").mkdir()
    (tmp_path / "secret.md").write_text("秘密", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))

    def untouched():
        office = tmp_path / "office"
        now = [path for path in sorted(tmp_path.rglob("*")) if not path.is_relative_to(office)]
        return now == [path for path in before if path != office] and not Path("/abs").exists()

    yield tmp_path / "office", untouched
    assert untouched()


def attached(name, bundle=None):
    return {name: bundle if bundle is not None else {"image/png": base64.b64encode(b"\x89PNG ...").decode()}}


def from_notebook(folder, name):
    desk = Desk(folder)
    build(desk.desk)
    notebook = desk.notebook()
    cell = desk.cell(notebook=notebook)
    cell["metadata"]["nenpo"] |= {"commentary": name, "handed": None}
    cell["source"] = "外から来た文章"
    desk.save(notebook)
    desk.desk.take_in(patience=0.1)


def from_attachment(folder, name):
    desk = Desk(folder)
    build(desk.desk)
    notebook = desk.notebook()
    cell = desk.cell(notebook=notebook)
    cell |= {"source": f"![図](attachment:{name})", "attachments": attached(f"{name}.6b0b1f9a.pth")}
    desk.save(notebook)
    desk.desk.take_in(patience=0.1)


def from_text(folder, name):
    desk = Desk(folder)
    desk.write(f"![図](attachment:{name})\n")
    desk.desk.fill(made(), {"2-1": desk.text()})


def from_toml(folder, name):
    folder.joinpath("drafts.toml").write_text(f"{json.dumps(f'cases/{name}')} = 'x'\n", encoding="utf-8")
    made_files(folder)


def from_ledger(folder, name):
    from nenpo.ledger.mapping import read_mapping

    (folder / "ledger.toml").write_text(
        f"[[source]]\nname = 'a'\nfile = {json.dumps(name)}\ndate = 'd'\n"
        "[[count]]\nsource = 'a'\ntable = '2-1'\ncolumn = '相談終結'\n",
        encoding="utf-8",
    )
    read_mapping(folder / "ledger.toml", Office(ROOT / "data").dictionary)


def from_parcel(folder, name):
    unpack(Parcel(R5, {f"out/{name}": b"x"}), folder)


def from_worker(folder, name):
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    bring_home({f"out/{name}": ("absent", b"x")}, folder / "data", R5, folder / "out")


def from_a_call(folder, name):
    Report("R5", ROOT / "data").commentary(name)


def from_a_call_for_cases(folder, name):
    Report("R5", ROOT / "data").cases(name)


WAYS = [
    from_notebook, from_attachment, from_text, from_toml, from_ledger, from_parcel, from_worker, from_a_call,
    from_a_call_for_cases,
]  # fmt: skip
# A cell without a section's name is an ordinary one; what JSON, TOML and Markdown cannot hold does not come in by them.
CANNOT = {
    from_notebook: {"", "\ud800"},
    from_attachment: {"", " ", "\u3000", "a ", "a.", "\ud800"},
    from_text: {"", " ", "\u3000", "a ", " a", "a\nb", '"', "<a>", 'a"b', "a\0b", "\ud800", "\x1b[31m"},
    from_toml: {"\ud800", "a/b", ".hidden"},
    from_ledger: {"\ud800"},
    from_parcel: {"a/b", ".hidden"},
    from_worker: {"a/b", ".hidden"},
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", NO_NAMES)
def test_no_name_leads_elsewhere_whichever_way_it_comes_in(around, way, name):
    if name in CANNOT.get(way, ()):
        return
    with pytest.raises((InputError, ContentError)) as caught:
        way(around[0], name)
    assert "\0" not in str(caught.value) and "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    "bundle",
    [{}, {"image/png": "これは図ではない"}, {"text/html": "PHA+"}, {"image/png": 5}, {"image/png": None}],
)
def test_a_pasted_picture_that_is_none_is_a_fault_with_chapter_and_cell(tmp_path, bundle):
    desk = Desk(tmp_path)
    build(desk.desk)
    notebook = desk.notebook()
    desk.cell(notebook=notebook)["attachments"] = attached("a.png", bundle)
    desk.save(notebook)
    with pytest.raises(InputError, match=r"02_相談.ipynb のセル \d：図「a.png」を読めません"):
        desk.desk.take_in(patience=0.1)


@pytest.mark.parametrize("place", ["commentary", "commentary/pictures", "控え", "cases", "commentary/2-1.md", "x.csv"])
@pytest.mark.parametrize("command", ["build", "check", "new"])
def test_a_link_that_leads_out_is_refused_with_its_name(tmp_path, capsys, place, command):
    office = tmp_path / "office"
    shutil.copytree(ROOT / "data", office / "data")
    shutil.copytree(ROOT / "notebooks", office / "notebooks")
    out = ["--out", str(office / "out")] if command != "new" else []
    link, outside = office / "data" / "R5" / place, tmp_path / "outside"
    if link.suffix:
        link.unlink(missing_ok=True)
        outside.write_text("秘密", encoding="utf-8")
    else:
        shutil.rmtree(link, ignore_errors=True)
        outside.mkdir()
    link.symlink_to(outside)
    year = "R5" if command != "new" else "R6"
    if command == "new":
        shutil.move(office / "data" / "R5", office / "data" / "R6")
        link = office / "data" / "R6" / place
    assert main([command, year, "--data", str(office / "data"), *out]) == 2
    told = capsys.readouterr().err
    assert str(link) in told and "リンク" in told
    assert outside.is_file() or not list(outside.iterdir())


def test_a_link_within_the_office_stays(tmp_path):
    (tmp_path / "R5").mkdir()
    (tmp_path / "pictures").mkdir()
    (tmp_path / "R5" / "pictures").symlink_to(tmp_path / "pictures")
    (tmp_path / "R5" / "loop").symlink_to(tmp_path / "R5" / "loop")
    require_no_way_out(tmp_path / "R5", tmp_path)
    with pytest.raises(InputError):
        require_no_way_out(tmp_path / "R5")


def test_a_link_in_the_outputs_that_leads_out_is_refused(tmp_path):
    desk = Desk(tmp_path / "office")
    build(desk.desk)
    (tmp_path / "elsewhere").mkdir()
    (desk.out / "控え").symlink_to(tmp_path / "elsewhere")
    desk.edit("直した文章。")
    with pytest.raises(InputError, match="控え"):
        build(desk.desk)
    assert not list((tmp_path / "elsewhere").iterdir())
