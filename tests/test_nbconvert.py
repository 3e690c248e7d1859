"""nbconvert in earnest: its preprocessors, configuration and templates have their say in a build as on its own command line."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from traitlets.config import Config

from nenpo.built import HTML, NOTEBOOK, PDF, REVIEW
from nenpo.cli import main
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.run.build import Wanted, build, inputs_of
from nenpo.run.parcel import pack

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")


@pytest.fixture
def place(tmp_path, executed):
    """An office whose report has been built."""
    executed(tmp_path / "outputs")
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("控え", ".ipynb_checkpoints"))
    return tmp_path


def built(folder, *more):
    return main(["build", "R5", "--data", str(folder / "data"), "--out", str(folder / "outputs"), *more])


def page(folder):
    return (folder / "outputs" / "R5" / HTML).read_text(encoding="utf-8")


def test_nbconvert_on_the_stitched_notebook_gives_the_bytes_of_the_build(place):
    assert built(place, "--notebook") == 0
    folder = place / "outputs" / "R5"
    for kind, name in (("nenpo_html", HTML), ("nenpo_pdf", PDF)):
        command = [sys.executable, "-m", "nbconvert", "--to", kind, NOTEBOOK, "--output", "again"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
        assert (folder / f"again{Path(name).suffix}").read_bytes() == (folder / name).read_bytes()
    nbformat.validate(nbformat.read(folder / NOTEBOOK, 4))
    change(place, 8, lambda cells: cells.append(new_markdown_cell("もう一文。")))
    assert built(place) == 0 and not (folder / NOTEBOOK).exists()  # no longer asked for


def test_executed_chapters_keep_their_parameters_and_no_clock_or_path(place):
    assert built(place, "--html") == 0
    chapters = sorted((place / "outputs" / "R5" / "chapters").glob("*.ipynb"))
    assert len(chapters) == 8
    for chapter in chapters:
        noted = json.loads(chapter.read_bytes())["metadata"]["papermill"]
        assert noted == {"parameters": {"fiscal_year": "R5"}}


def change(folder, chapter, action):
    path = next((folder / "notebooks").glob(f"{chapter:02}_*.ipynb"))
    notebook = nbformat.read(path, 4)
    action(notebook.cells)
    nbformat.write(notebook, path)


@pytest.mark.parametrize("tag", ["remove_cell", "remove-cell", "remove_output", "remove-output"])
def test_tags_do_what_they_do_everywhere(place, tag):
    def added(cells):
        cells.append(new_code_cell("print('内部の確認')", metadata={"tags": [tag]}))
        cells.append(new_code_cell("print('載せる行')"))

    change(place, 8, added)
    assert built(place, "--html") == 0
    assert "内部の確認" not in page(place) and "載せる行" in page(place)
    change(place, 8, lambda cells: cells[-2].metadata.update(tags=[]))
    assert built(place, "--html") == 0  # a tag is part of what is built
    assert "内部の確認" in page(place)


def test_a_commentary_cell_can_be_left_out_and_code_hidden_from_the_reviewer(place):
    def tagged(cells):
        for cell in cells:
            if 'report.commentary("8-5")' in cell.source:
                cell.metadata["tags"] = ["remove_cell"]
            if 'report.table("8-1")' in cell.source:
                cell.metadata["tags"] = ["remove_input"]

    change(place, 8, tagged)
    assert built(place, "--review", "--html") == 0
    review = (place / "outputs" / "R5" / REVIEW).read_text(encoding="utf-8")
    assert "report.table(&quot;8-2&quot;)" in review and "report.table(&quot;8-1&quot;)" not in review
    text = (place / "data" / "R5" / "commentary" / "8-5.md").read_text(encoding="utf-8").split("\n\n")[-1].strip()
    assert text[:20] not in page(place) and 'id="tbl-8-1"' in page(place)


def test_the_configuration_beside_the_notebooks_holds_for_build_and_command_line(place):
    change(place, 8, lambda cells: cells.append(new_markdown_cell("極秘の段落。", metadata={"tags": ["内部"]})))
    before = inputs_of(Office(place / "data"), R5)
    config = "c = get_config()\nc.TagRemovePreprocessor.remove_cell_tags = {'内部'}\n"
    (place / "notebooks" / "jupyter_nbconvert_config.py").write_text(config, encoding="utf-8")
    assert inputs_of(Office(place / "data"), R5) != before
    assert "notebooks/jupyter_nbconvert_config.py" in pack(place / "data", R5, place / "outputs").files
    assert built(place, "--html", "--notebook") == 0
    assert "極秘の段落" not in page(place)
    command = [
        sys.executable,
        "-m",
        "nbconvert",
        "--to",
        "nenpo_html",
        "../outputs/R5/report.ipynb",
        "--output",
        "again",
    ]
    command += ["--config", "jupyter_nbconvert_config.py"]
    subprocess.run(command, cwd=place / "notebooks", check=True, capture_output=True, timeout=120)
    assert (place / "outputs" / "R5" / "again.html").read_text(encoding="utf-8") == page(place)


def test_a_configuration_that_is_none_is_told_with_its_file(place, capsys):
    (place / "notebooks" / "jupyter_nbconvert_config.py").write_text("c.x = (\n", encoding="utf-8")
    assert built(place, "--html") == 2
    assert "jupyter_nbconvert_config.py：設定を読めません（SyntaxError" in capsys.readouterr().err


def template(folder, name="otaru", **files):
    place = folder / "data" / "templates" / name
    place.mkdir(parents=True)
    conf = {"base_template": "nenpo", "mimetypes": {"text/html": True, "application/pdf": True}}
    (place / "conf.json").write_text(json.dumps(conf), encoding="utf-8")
    for suffix, content in files.items():
        (place / f"index.{suffix}.j2").write_text(content, encoding="utf-8")


FOOT = '{% extends "nenpo/index.html.j2" %}{% block foot %}<footer>小樽市の足元</footer>{% endblock %}'
BIGGER = (
    '{% extends "nenpo/index.typ.j2" %}{% block style %}{{ super() }}\n#let text-rule() = [自前の罫線]\n{% endblock %}'
)


def test_an_office_has_a_template_of_its_own(place):
    template(place, html=FOOT, typ=BIGGER)
    assert built(place, "--html", "--template", "otaru") == 0
    assert "<footer>小樽市の足元</footer>\n</body>" in page(place)
    assert built(place, "--html") == 0 and "<footer>" not in page(place)
    settings = place / "data" / "office.toml"
    settings.write_text('template = "otaru"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    path = place / "data" / "R5" / "commentary" / "8-5.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n\n---\n", encoding="utf-8")
    assert built(place, "--review") == 0
    assert "小樽市の足元" in page(place)
    assert "小樽市の足元" in (place / "outputs" / "R5" / REVIEW).read_text(encoding="utf-8")
    import pypdfium2

    pdf = pypdfium2.PdfDocument(place / "outputs" / "R5" / PDF)
    assert any("自前の罫線" in sheet.get_textpage().get_text_bounded() for sheet in pdf)
    assert "data/templates/otaru/index.html.j2" in pack(place / "data", R5, place / "outputs").files


@pytest.mark.parametrize(
    ("name", "files", "what"),
    [
        ("", {}, "テンプレート「nai」を使えません"), ("nai", {"html": "{% extends 'nai.j2' %}"}, "テンプレート「nai」を使えません"),
        ("nai", {"html": "{% if %}"}, "テンプレート「nai」を使えません"), ("nai", {"html": '{% extends "nenpo/index.html.j2" %}{% block foot %}{{ 1/0 }}{% endblock %}'}, "使えません"),
    ],
)  # fmt: skip
def test_a_template_that_is_none_is_told(place, capsys, name, files, what):
    if name:
        template(place, name, **files)
    assert built(place, "--html", "--template", "nai") == 2
    error = capsys.readouterr().err
    assert what in error and "Traceback" not in error


def test_no_name_of_a_template_leads_elsewhere(place, capsys):
    assert built(place, "--html", "--template", "../notebooks") == 2
    assert "名前として使えません" in capsys.readouterr().err


def test_what_nbconvert_excludes_is_excluded():
    output = new_output("stream", name="stdout", text="印字")
    notebook = new_notebook(cells=[new_markdown_cell("# 題\n\n段落の文"), new_code_cell("", outputs=[output])])
    shown = get_exporter("nenpo_html")().from_notebook_node(notebook)[0]
    assert "段落の文" in shown and "印字" in shown
    without = get_exporter("nenpo_html")(Config({"HtmlExporter": {"exclude_output": True}})).from_notebook_node(
        notebook
    )[0]
    assert "段落の文" in without and "印字" not in without
    patterns = Config({"RegexRemovePreprocessor": {"patterns": ["# 題"]}})
    assert "段落の文" not in get_exporter("nenpo_html")(patterns).from_notebook_node(notebook)[0]


def test_a_build_and_the_preview_go_the_same_way(place):
    """The preview builds by the same function; with a template it shows the same page."""
    template(place, html=FOOT)
    out = place / "outputs"
    build(Office(place / "data"), R5, out, Wanted((HTML,), template="otaru"), lambda *told: None)
    first = page(place)
    build(Office(place / "data"), R5, out, Wanted((HTML,), template="otaru", keep_others=True), lambda *told: None)
    assert page(place) == first
