"""Which outputs are in the few forms that the display objects have, so that they can go into page and PDF as they are.

An executed notebook may come by mail, and say anything under any mime type. What is in another form is taken for an output
that is not ours, and rebuilt from its content.
"""

from __future__ import annotations

import re

_HTML = (
    "a article blockquote br caption code dd div dl dt em figcaption figure h3 h4 h5 h6 hr li ol p pre s section span "
    "strong sub sup table tbody td tfoot th thead tr ul wbr"
).split()
_SVG = "circle clipPath defs ellipse g line path polygon polyline rect svg text tspan use".split()
_VOID = ("br", "hr", "wbr")
_ATTRIBUTES = (
    "aria-hidden aria-label aria-labelledby class clip-path clip-rule colspan cx cy d dx dy fill fill-opacity fill-rule "
    "font-family font-size font-style font-weight height id opacity points preserveAspectRatio r role rowspan rx ry scope "
    "start stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity "
    "stroke-width tabindex text-anchor title transform version viewBox width x x1 x2 xmlns xmlns:xlink y y1 y2"
).split()
# Nothing in a value is written in disguise (as an entity, or by CSS' own escapes) or fetched from elsewhere.
_VALUE = r'(?![^"]*(?i:url)\((?!#))(?:[^"<>&\\]|&(?:amp|lt|gt|quot|#x27|#39);)*'
_ADDRESS = rf"(?=#|https?://|mailto:){_VALUE}"
_ATTRIBUTE = rf'\s+(?:(?:{"|".join(_ATTRIBUTES)})="{_VALUE}"|href="{_ADDRESS}"|xlink:href="#{_VALUE}")'
_NAME = rf"(?P<name>{'|'.join([*_HTML, *_SVG])})"
_TAG = re.compile(rf"[^<>]*<(?:(?P<end>/){_NAME}|{_NAME.replace('name', 'begun')}(?:{_ATTRIBUTE})*\s*(?P<whole>/?))>")

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CALLS = (
    "report-table report-charts small-multiples side-by-side notice key-figures organisation case bytes "
    "text-heading text-item text-rule text-table text-link text-image list enum quote raw strike strong emph linebreak h footnote"
).split()
# A call, a named argument, a constant, a number, a label; and between them nothing but what an argument list is made of.
_PARTS = re.compile(
    rf'#?(?:{"|".join(_CALLS)})(?=[(\[])|[a-z][\w-]*:|\b(?:true|false|none)\b|-?\d[\d.]*(?:mm|em)?|<fn-[\w-]*>|#?""|[\s(),\[\]]'
)
_RUNS = re.compile(r'text-link\(\s*"\s*(?:javascript|data|vbscript|file)\s*:', re.IGNORECASE)


def is_page_html(html: str) -> bool:
    """Whether HTML runs nothing, fetches nothing and ends what it begins: read by its letters, as no parser would mend it."""
    at = 0
    open_tags: list[str] = []
    while tag := _TAG.match(html, at):
        at = tag.end()
        if tag["end"]:
            if not open_tags or open_tags.pop() != tag["name"]:
                return False
        elif tag["whole"] and tag["begun"] not in (*_SVG, *_VOID):
            return False
        elif not tag["whole"] and tag["begun"] not in _VOID:
            open_tags.append(tag["begun"])
    return not open_tags and not {"<", ">"} & set(html[at:])


def is_page_typst(typst: str) -> bool:
    """Whether Typst does nothing but call the template's functions with texts, numbers and lists of them."""
    return not _PARTS.sub("", _STRING.sub('""', typst)) and not _RUNS.search(typst)
