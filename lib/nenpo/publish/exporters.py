"""nbconvert's exporters: a build, the preview and ``jupyter nbconvert --to nenpo_html`` (or ``nenpo_pdf``) make a book of a notebook by them.

nbconvert's preprocessors go over the notebook first, so that ``remove_cell``, ``remove_input`` and ``remove_output`` do what they do
everywhere; its templates write the page. An office's template lies in ``data/templates/NAME``, or where nbconvert looks, and extends ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import Exporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import Unicode, default
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from nenpo.errors import Fault, InputError, NenpoError
from nenpo.publish.book import Book, make_book
from nenpo.publish.html import contents_of, page_policy, page_style, parts_of, piece_html, with_numbered_notes
from nenpo.publish.links import with_links
from nenpo.publish.pdf import Typesetter, pdf_parts, typeset
from nenpo.publish.proof import proof
from nenpo.text.typst import string

# Where our templates lie, as below any of Jupyter's folders: nbconvert/templates/nenpo.
SHARE = Path(__file__).parent / "share"
CONFIG = "jupyter_nbconvert_config"
_REMOVED = {
    f"remove_{what}_tags": {f"remove_{name}", f"remove-{name}"}
    for what, name in (("cell", "cell"), ("all_outputs", "output"), ("input", "input"))
}


class BookExporter(TemplateExporter):
    """Makes a book of a notebook."""

    template_name = Unicode("nenpo").tag(config=True, affects_template=True)

    @property
    def default_config(self) -> Config:
        config = Config({"TagRemovePreprocessor": _REMOVED, type(self).__name__: {"optimistic_validation": True}})
        config.merge(super().default_config)
        return config

    def get_prefix_root_dirs(self) -> list[str]:
        return [*super().get_prefix_root_dirs(), str(SHARE)]

    def book(self, nb: NotebookNode, resources: Any = None) -> tuple[Book, NotebookNode, dict[str, Any]]:
        """The proved book of a notebook, and what nbconvert's preprocessors have made of that. Raises ContentError for what would
        vanish from the page."""
        made, kept = Exporter.from_notebook_node(self, nb, resources)
        hidden = [*["markdown"] * self.exclude_markdown, *["code"] * (self.exclude_code_cell or self.exclude_output)]
        made["cells"] = [cell for cell in made["cells"] if cell["cell_type"] not in hidden]
        book = make_book(made, kept.get("metadata", {}).get("name") or "notebook")
        proof(book)
        return book, made, kept

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """The report as text or bytes. Raises ContentError for what would vanish from the page."""
        book, made, kept = self.book(nb, resources)
        return self.render(book, nb=made, resources=kept), kept

    def render(self, book: Book, **context: Any) -> Any:
        raise NotImplementedError

    def _filled(self, **context: Any) -> str:
        """The template's text. Raises InputError for an office's template that is at fault."""
        try:
            return self.template.render({"nb": {}, "resources": {}, **context})
        except NenpoError:
            raise
        except Exception as error:  # it is a program, and may do anything
            where = f"{getattr(error, 'filename', None) or self.template_name} {getattr(error, 'lineno', '')}".strip()
            remedy = "テンプレートを直すか、office.toml の template を消してください"
            raise InputError(
                Fault(f"テンプレート「{self.template_name}」を使えません（{error}）", where, remedy)
            ) from None


class HtmlExporter(BookExporter):
    """``jupyter nbconvert --to nenpo_html``."""

    export_from_notebook, output_mimetype = "年報 (HTML)", "text/html"

    @default("file_extension")
    def _default_file_extension(self) -> str:
        return ".html"

    def default_filters(self) -> Iterable[tuple[str, Any]]:
        yield from super().default_filters()
        yield from {
            "page_style": page_style,
            "page_policy": page_policy,
            "with_numbered_notes": with_numbered_notes,
            "with_links": with_links,
        }.items()

    def render(self, book: Book, pieces: Iterable[str] | None = None, **context: Any) -> str:
        """The page of a proved book; ``pieces`` are its pieces as HTML, where they are not to be as they are. ``opening`` stands
        before them, ``own_style`` adds to the style."""
        if pieces is None:
            pieces = map(piece_html, book.pieces)
        own = {"opening": "", "own_style": "", "contents": contents_of(book), "parts": parts_of(book, pieces)}
        return self._filled(book=book, **{**own, **context})


class PdfExporter(BookExporter):
    """``jupyter nbconvert --to nenpo_pdf``."""

    export_from_notebook, output_mimetype = "年報 (PDF)", "application/pdf"

    @default("file_extension")
    def _default_file_extension(self) -> str:
        return ".pdf"

    @default("template_extension")
    def _default_template_extension(self) -> str:
        return ".typ.j2"

    def render(self, book: Book, typesetter: Typesetter | None = None, **context: Any) -> bytes:
        """The PDF of a proved book. Raises ContentError where a page cannot be set as it should be."""
        source = self._filled(
            book=book,
            style=self._style,
            title=string(book.title_in_one_line),
            title_lines=f"({''.join(f'{string(line)}, ' for line in book.title_lines)})",
            office=string(book.office),
            whole=str(book.whole).lower(),
            issued=string(book.issued),
            contact=string(book.contact),
            parts=list(pdf_parts(book)),
            **context,
        )
        return typeset(source, typesetter)

    @cached_property
    def _style(self) -> str:
        path = SHARE / "nbconvert" / "templates" / "nenpo" / "report.typ"
        return path.read_text(encoding="utf-8")


def config_beside(folder: Path) -> Config:
    """What ``jupyter_nbconvert_config.py`` (or ``.json``) in a folder sets. Raises InputError for one that cannot be read."""
    config = Config()
    for loader, suffix in ((JSONFileConfigLoader, "json"), (PyFileConfigLoader, "py")):
        try:
            config.merge(loader(f"{CONFIG}.{suffix}", path=str(folder)).load_config())
        except ConfigFileNotFound:
            continue
        except Exception as error:  # it is a program, and may do anything
            remedy = "書き直すか、ファイルを片付けてください"
            what = f"設定を読めません（{type(error).__name__}：{error}）"
            raise InputError(Fault(what, str(folder / f"{CONFIG}.{suffix}"), remedy)) from None
    return config


def exporters(config: Config, templates: Path, template: str) -> tuple[HtmlExporter, PdfExporter]:
    """Both exporters with an office's configuration and, where it has one, its template of that name in the folder ``templates``.
    Raises InputError where there is no such template."""
    own: Mapping[str, Any] = (
        {"template_name": template, "extra_template_basedirs": [str(templates)]} if template else {}
    )
    try:
        made = HtmlExporter(config, **own), PdfExporter(config, **own)
        for exporter in made:
            exporter.get_template_names()
    except (ValueError, OSError) as error:
        remedy = f"{templates / template} に conf.json と index.html.j2 を置くか、template を消してください"
        raise InputError(Fault(f"テンプレート「{template}」を使えません（{error}）", str(templates), remedy)) from None
    return made
