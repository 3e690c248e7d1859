"""Renders parsed Markdown to Typst markup. What was typed goes out as Typst strings, so nothing typed becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from nenpo.japanese.letters import without_controls
from nenpo.text.markdown import Text
from nenpo.text.pictures import picture_name


def string(text: str) -> str:
    """A Typst string literal."""
    return '"' + without_controls(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def to_typst(text: Text, images: Mapping[str, str] | None = None) -> str:
    """Render to Typst markup. ``images`` maps the names of pictures to Typst expressions of their bytes."""
    tokens = [token for token in text.tokens if not token.type.startswith("footnote_anchor")]
    return _Typst(text.name, tokens, images or {}).blocks()


class _Typst:
    def __init__(self, name: str, tokens: list[Token], images: Mapping[str, str]):
        self.name = re.sub(r"[^A-Za-z0-9-]", "-", name)
        self.images = images
        self.root = SyntaxTreeNode(tokens)
        self.notes: dict[int, SyntaxTreeNode] = {
            note.meta["id"]: note
            for block in self.root.children
            if block.type == "footnote_block"
            for note in block.children
        }
        self.placed: set[int] = set()

    def blocks(self) -> str:
        return self._blocks(node for node in self.root.children if node.type != "footnote_block")

    def _blocks(self, nodes: Iterable[SyntaxTreeNode]) -> str:
        return "\n\n".join(filter(None, (self._block(node) for node in nodes))) + "\n"

    def _block(self, node: SyntaxTreeNode) -> str:
        render: Callable[[SyntaxTreeNode], str] | None = getattr(self, f"_{node.type}", None)
        return render(node) if render else self._blocks(node.children)

    def _paragraph(self, node: SyntaxTreeNode) -> str:
        if "end" in node.meta:
            return f"#text-end[{self._children(node)}]"
        if "depth" not in node.meta:
            return self._children(node)
        mark, hung = node.children[0].children
        return f"#text-item({node.meta['depth']}, {string(mark.content)}, [{self._children(hung)}])"

    def _heading(self, node: SyntaxTreeNode) -> str:
        # a PDF names its headings by their words, and knows none of a link into the report, which is made when its page is known
        words = [child for child in node.children[0].children if child.content.strip() or child.type != "text"]
        is_link = len(words) == 1 and words[0].type == "link"
        return f"#text-heading({node.tag[1:]})[{self._children(words[0] if is_link else node)}]"

    def _bullet_list(self, node: SyntaxTreeNode) -> str:
        return "#list(" + "".join(f"[{self._blocks(item.children)}]," for item in node.children) + ")"

    def _ordered_list(self, node: SyntaxTreeNode) -> str:
        start = int(node.attrs.get("start", 1))
        return f"#enum(start: {start}, " + "".join(f"[{self._blocks(item.children)}]," for item in node.children) + ")"

    def _blockquote(self, node: SyntaxTreeNode) -> str:
        return f"#quote(block: true)[{self._blocks(node.children)}]"

    def _fence(self, node: SyntaxTreeNode) -> str:
        return f"#raw({string(node.content.rstrip())}, block: true)"

    def _hr(self, node: SyntaxTreeNode) -> str:
        return "#text-rule()"

    def _table(self, node: SyntaxTreeNode) -> str:
        rows = [row.children for part in node.children for row in part.children]
        align = [str(cell.attrs.get("style", "")).removeprefix("text-align:") or "left" for cell in rows[0]]
        cells = [[f"[{self._children(cell)}]" for cell in row] for row in rows]
        head = ", ".join(cells[0])
        body = "".join(", ".join(row) + ", " for row in cells[1:])
        return f"#text-table(({''.join(string(side) + ', ' for side in align)}), ({head},), ({body}))"

    def _children(self, node: SyntaxTreeNode) -> str:
        return "".join(self._inline(child) for child in node.children)

    def _inline(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "inline" | "root":
                return self._children(node)
            case "text":
                return f"#{string(node.content)}" if node.content else ""
            case "code_inline":
                return f"#raw({string(node.content)})"
            case "strong":
                return f"#strong[{self._children(node)}]"
            case "s":
                return f"#strike[{self._children(node)}]"
            case "em":
                return f"#emph[{self._children(node)}]"
            case "hardbreak":
                return "#linebreak()"
            case "softbreak":
                return "#h(0.25em)"
            case "link":
                return f"#text-link({string(str(node.attrs['href']))})[{self._children(node)}]"
            case "image":
                return self._image(node)
            case "footnote_ref":
                return self._footnote(int(node.meta["id"]))
            case _:
                return f"#{string(node.content)}" if node.content else self._children(node)

    def _image(self, node: SyntaxTreeNode) -> str:
        name = picture_name(str(node.attrs["src"])) or ""
        alt = "".join(child.content for child in node.children) or node.content or "図"
        if name not in self.images:
            return f"#{string(alt)}"
        return f"#text-image({self.images[name]}, alt: {string(alt)})"

    def _footnote(self, number: int) -> str:
        label = f"<fn-{self.name}-{number}>"
        if number in self.placed:
            return f"#footnote({label})"
        self.placed.add(number)
        content = self._blocks(self.notes[number].children).strip() if number in self.notes else ""
        return f"#footnote[{content}]{label}"
