"""The organisation chart, drawn from ``organisation.toml``: programmes, the bodies that carry them, their posts.

It is set as boxes of real text, so that it stays legible on a phone and in print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from nenpo.present.display import Shown, array
from nenpo.text.settings import settings_of
from nenpo.text.typst import string


@dataclass(frozen=True)
class Post:
    title: str
    duties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Body:
    name: str
    posts: tuple[Post, ...] = field(default=(), metadata={"key": "post"})


@dataclass(frozen=True)
class Programme:
    """A programme of the law; ``support`` is what the first programme's staff do for it."""

    name: str
    description: str
    kind: str = ""
    support: str = ""
    bodies: tuple[Body, ...] = field(default=(), metadata={"key": "body"})

    @property
    def heading(self) -> str:
        return f"【{self.name}】" + (f"（{self.kind}）" if self.kind else "")


@dataclass(frozen=True)
class Organisation:
    title: str
    programmes: tuple[Programme, ...]


def parse_organisation(source: str, where: Path) -> Organisation:
    """Raises InputError with what the file lacks."""
    settings = settings_of(source, where)
    organisation = Organisation(settings.value("title", str), settings.entries("programme", Programme))
    if not organisation.programmes:
        settings.faults.append("programme がありません")
    settings.settle()
    return organisation


def organisation_chart(organisation: Organisation, chart_id: str) -> Shown:
    programmes = organisation.programmes
    staffed = [programme for programme in programmes if any(body.posts for body in programme.bodies)]
    others = [programme for programme in programmes if programme not in staffed]
    boxes = "".join(map(_programme_html, staffed))
    rest = "".join(map(_programme_html, others))
    html = (
        f'<figure id="{chart_id}" class="organisation"><figcaption>{escape(organisation.title)}</figcaption>\n'
        f'<div class="staffed">\n{boxes}</div>\n<div class="others">\n{rest}</div>\n</figure>\n'
    )
    alt = f"体制図。{''.join(map(_in_words, programmes))}"
    typst = (
        f"#organisation({string(chart_id)}, {string(organisation.title)}, alt: {string(alt)}, "
        f"staffed: {array(map(_programme_typst, staffed))}, others: {array(map(_programme_typst, others))})\n"
    )
    return Shown(html, typst, alt)


def _programme_html(programme: Programme) -> str:
    support = f'<p class="support">{escape(programme.support)}</p>\n' if programme.support else ""
    bodies = "".join(_body_html(body) for body in programme.bodies)
    bodies = f'<div class="bodies">\n{bodies}</div>\n' if bodies else ""
    return (
        f'{support}<div class="programme"><p><strong>{escape(programme.heading)}</strong><br>'
        f"{escape(programme.description)}</p>\n{bodies}</div>\n"
    )


def _body_html(body: Body) -> str:
    posts = "".join(f"<li><strong>{escape(post.title)}</strong>{_list_html(post.duties)}</li>\n" for post in body.posts)
    posts = f"<ul>\n{posts}</ul>\n" if posts else ""
    return f'<div class="body"><p><strong>{escape(body.name)}</strong></p>\n{posts}</div>\n'


def _list_html(duties: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(duty)}</li>" for duty in duties)
    return f"<ul>{items}</ul>" if items else ""


def _programme_typst(programme: Programme) -> str:
    bodies = array(
        f"(name: {_pieces(body.name)}, posts: {array(_post_typst(post) for post in body.posts)})"
        for body in programme.bodies
    )
    return (
        f"(heading: {_pieces(programme.heading)}, description: {string(programme.description)}, "
        f"support: {string(programme.support)}, bodies: {bodies})"
    )


def _post_typst(post: Post) -> str:
    return f"(title: {string(post.title)}, duties: {array(map(string, post.duties))})"


def _pieces(name: str) -> str:
    """A name as pieces that may not break: 「キャリアバンク株式会社」「（委託）」「（１名）」."""
    return array(string(piece) for piece in re.split(r"(?=（)", name) if piece)


def _in_words(programme: Programme) -> str:
    bodies = "、".join(
        body.name + (f"（{'、'.join(post.title for post in body.posts)}）" if body.posts else "")
        for body in programme.bodies
    )
    return f"{programme.name}：{bodies or '実施機関の記載なし'}。"
