"""SVG drawings made fit for a page: no style sheets or attributes, ids of their own, real text."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
# CSS shorthand that presentation attributes do not know: font: [style] [weight] size family.
_FONT = re.compile(r"(?:(?P<weight>\d+|bold|normal)\s+)?(?P<size>[\d.]+(?:px|pt)?)\s+(?P<family>.+)")
_KEPT = re.compile(r"[a-zA-Z][\w-]*")
# What draws; all else (scripts, styles, animations, foreign objects) falls away with what is in it.
_DRAWING = frozenset(
    "svg g path text tspan textPath use symbol defs clipPath mask pattern marker linearGradient radialGradient stop rect circle "
    "ellipse line polyline polygon image title desc".split()
)
# Pictures within a drawing; addresses elsewhere, and ways of writing them that hide what they are, fall away.
_INNER_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
# What may fetch something, or hides what it is by CSS' own escapes.
_LEADS_OUT = re.compile(r"\\|image|src\(|url(?!\(#[\w:.-]+\))", re.IGNORECASE)

# A drawing in its own size has its smallest letters (7.5 points) in 11 pixels on a screen.
_ON_SCREEN = 1.12


class Unprintable(ValueError):
    """An output that cannot be put on a page: why, in words, and what to do."""

    def __init__(self, what: str, remedy: str = "セルを実行し直すか、図や表を作り直してください"):
        super().__init__(what)
        self.remedy = remedy


def cleaned(svg: str, prefix: str) -> etree._Element:
    """The drawing with every style turned into presentation attributes, all that does not draw dropped, ids prefixed. Raises
    Unprintable for what is no drawing."""
    root = _root(svg)
    for element in list(root.iter()):
        if element.tag == f"{{{_SVG}}}a":
            element.tag = f"{{{_SVG}}}g"  # a link's drawing stays
        name = etree.QName(element) if isinstance(element.tag, str) else None
        if name is None or name.localname not in _DRAWING or name.namespace not in (None, _SVG):
            if (parent := element.getparent()) is not None:
                parent.remove(element)
            continue
        for name, value in _presentation(element.attrib.pop("style", "")):
            element.set(name, value)
        for name in list(element.attrib):
            value = element.attrib[name]
            if name in ("href", _XLINK):
                if value.startswith("#"):
                    element.attrib[name] = f"#{prefix}-{value[1:]}"
                elif not _INNER_PICTURE.fullmatch(value):
                    del element.attrib[name]
            elif not _is_kept(name) or _LEADS_OUT.search(value):
                del element.attrib[name]
            elif "url(#" in value:
                element.attrib[name] = value.replace("url(#", f"url(#{prefix}-")
        if "id" in element.attrib:
            element.attrib["id"] = f"{prefix}-{element.attrib['id']}"
    return root


def _root(svg: str) -> etree._Element:
    try:
        root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        raise Unprintable("図（SVG）が壊れています") from None
    if etree.QName(root).localname != "svg":
        raise Unprintable("図（SVG）ではありません")
    return root


@lru_cache(maxsize=512)
def _is_kept(name: str) -> bool:
    return bool(_KEPT.fullmatch(name)) and not name.lower().startswith("on")


@lru_cache(maxsize=512)
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


@lru_cache(maxsize=512)
def svg_html(svg: str, prefix: str, label: str = "") -> str:
    """The drawing for page and PDF; with ``label`` it is an image with that text alternative."""
    root = cleaned(svg, prefix)
    for side in ("width", "height"):
        if (size := re.fullmatch(r"([\d.]+)pt", root.get(side, ""))) is not None:
            root.set(side, f"{float(size[1]) * _ON_SCREEN:.2f}pt")
    etree.cleanup_namespaces(root)
    if label:
        root.set("role", "img")
        root.set("aria-label", label)
    return etree.tostring(root, encoding="unicode")


def svg_texts(svg: str) -> str:
    """All characters the drawing shows."""
    root = _root(svg)
    return "".join(text for element in root.iter(f"{{{_SVG}}}text") for text in element.itertext())
