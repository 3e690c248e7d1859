"""SVG drawings made fit for a page: no style sheets or attributes, ids of their own, real text."""

from __future__ import annotations

import re

from lxml import etree

from nenpo.text.typst import string

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
# CSS shorthand that presentation attributes do not know: font: [style] [weight] size family.
_FONT = re.compile(r"(?:(?P<weight>\d+|bold|normal)\s+)?(?P<size>[\d.]+(?:px|pt)?)\s+(?P<family>.+)")
_KEPT = re.compile(r"[a-zA-Z][\w-]*")


def cleaned(svg: str, prefix: str) -> etree._Element:
    """The drawing with every style turned into presentation attributes, scripts and links dropped, ids prefixed."""
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for element in list(root.iter()):
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        parent = element.getparent()
        if tag in ("style", "script", "metadata", "foreignObject", "") and parent is not None:
            parent.remove(element)
            continue
        for name, value in _presentation(element.attrib.pop("style", "")):
            element.set(name, value)
        for name in list(element.attrib):
            value = element.attrib[name]
            if name.lower().startswith("on"):
                del element.attrib[name]
            elif name in ("href", _XLINK):
                if value.startswith("#"):
                    element.attrib[name] = f"#{prefix}-{value[1:]}"
                elif not value.startswith("data:image/"):
                    del element.attrib[name]
            elif "url(#" in value:
                element.attrib[name] = value.replace("url(#", f"url(#{prefix}-")
        if "id" in element.attrib:
            element.attrib["id"] = f"{prefix}-{element.attrib['id']}"
    return root


def _presentation(style: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if not name or not _KEPT.fullmatch(name):
            continue
        if name == "font" and (font := _FONT.fullmatch(value)):
            pairs += [("font-size", font["size"]), ("font-family", font["family"])]
            pairs += [("font-weight", font["weight"])] if font["weight"] else []
        else:
            pairs.append((name, value))
    return pairs


def svg_html(svg: str, prefix: str, label: str = "") -> str:
    """The drawing for an HTML page; with ``label`` it is an image with that text alternative."""
    root = cleaned(svg, prefix)
    etree.cleanup_namespaces(root)
    if label:
        root.set("role", "img")
        root.set("aria-label", label)
    return etree.tostring(root, encoding="unicode")


def svg_typst(svg: str, prefix: str = "i") -> str:
    """The drawing as a Typst expression of its bytes."""
    root = cleaned(svg, prefix)
    return f"bytes({string(etree.tostring(root, encoding='unicode'))})"


def svg_texts(svg: str) -> str:
    """All characters the drawing shows."""
    root = etree.fromstring(svg.encode())
    return "".join(text for element in root.iter(f"{{{_SVG}}}text") for text in element.itertext())
