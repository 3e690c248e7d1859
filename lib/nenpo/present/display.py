"""Display objects: what a chapter's code hands to the notebook to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from nenpo.present.html import view_html
from nenpo.present.views import VIEW, View, plain, written

# A commentary's place in an executed chapter; the build turns such an output into a Markdown cell.
COMMENTARY = "application/vnd.nenpo.commentary+json"


@dataclass(frozen=True, init=False)
class Shown:
    """Views one below the other: as data for the report, as HTML for JupyterLab and whatever else opens the notebook."""

    views: tuple[View, ...]

    def __init__(self, *views: View):
        object.__setattr__(self, "views", views)

    @property
    def html(self) -> str:
        return "".join(map(view_html, self.views))

    @property
    def plain(self) -> str:
        return "\n".join(map(plain, self.views))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        return {VIEW: written(self.views), "text/html": self.html, "text/plain": self.plain}


@dataclass(frozen=True)
class Commentary:
    """A section's text. Its output carries the Markdown source, so that a build can put it into a Markdown cell;
    ``source`` is None while nothing has been written, and ``missing`` is shown."""

    name: str
    source: str | None
    missing: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        text = self.source if self.source and self.source.strip() else None
        return {
            COMMENTARY: {"name": self.name, "source": text or "", "missing": self.missing},
            "text/markdown": text or self.missing,
            "text/plain": text or self.missing,
        }
