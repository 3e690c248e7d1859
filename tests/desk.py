"""A small year's desk for the tests: chapters as a build would make them, without a kernel."""

import json

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nenpo.commentary.step import Desk

NAME = "02_相談.ipynb"
SECTIONS = ("2-1", "2-2")


def made(sections=SECTIONS):
    """What a build makes of a chapter before the texts are put in."""
    cells = [new_markdown_cell("# 2　相談"), new_code_cell("report.table('2-1')")]
    for name in sections:
        about = {"commentary": name, "missing": f"（本文「{name}」はまだ書かれていません）"}
        cells.append(new_markdown_cell(about["missing"], metadata={"tags": ["commentary"], "nenpo": about}))
    for number, cell in enumerate(cells, start=1):
        cell.id = f"cell-{number:03d}"
    return new_notebook(cells=cells)


def build(desk, sections=SECTIONS):
    """A build's dealings with the desk; the step it took and the notes of both ends."""
    for _ in range(5):
        step = desk.take_in(patience=0.1)
        if step.conflicts:
            return step, []
        chapters = {NAME: made(sections)}
        for chapter in chapters.values():
            desk.fill(chapter, step.texts)
        written, notes = desk.put_back(chapters, step)
        if written:
            return step, [*step.notes, *notes]
    raise AssertionError("a build that never ends")


class Office:
    """The year's folders, the analyst's editor and the analyst's JupyterLab."""

    def __init__(self, folder):
        self.data, self.out = folder / "data" / "R5", folder / "out" / "R5"
        self.desk = Desk(self.data, self.out)
        self.chapter = self.out / "chapters" / NAME

    def file(self, name="2-1"):
        return self.data / "commentary" / f"{name}.md"

    def write(self, text, name="2-1"):
        self.file(name).parent.mkdir(parents=True, exist_ok=True)
        self.file(name).write_text(text, encoding="utf-8")

    def text(self, name="2-1"):
        return self.file(name).read_text(encoding="utf-8") if self.file(name).exists() else ""

    def notebook(self):
        return json.loads(self.chapter.read_text(encoding="utf-8"))

    def save(self, notebook):
        """As Jupyter saves: in place."""
        self.chapter.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")

    def cell(self, name="2-1", notebook=None):
        cells = (notebook or self.notebook())["cells"]
        return next(cell for cell in cells if cell["metadata"].get("nenpo", {}).get("commentary") == name)

    def cell_text(self, name="2-1"):
        return "".join(self.cell(name)["source"])

    def edit(self, text, name="2-1"):
        notebook = self.notebook()
        self.cell(name, notebook)["source"] = text
        self.save(notebook)

    def kept(self):
        """Everything that is kept aside, as text."""
        return "\n".join(
            path.read_text(encoding="utf-8")
            for folder in (self.data / "控え", self.out / "控え")
            for path in folder.glob("*")
        )
