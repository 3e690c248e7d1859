"""The organisation chart, drawn from ``organisation.toml``: programmes, the bodies that carry them, their posts.

It is set as boxes of real text, so that it stays legible on a phone and in print.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from nenpo.text.settings import settings_of


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

    @property
    def staffed(self) -> list[Programme]:
        """The programmes with staff of their own; they stand side by side."""
        return [programme for programme in self.programmes if any(body.posts for body in programme.bodies)]

    @property
    def others(self) -> list[Programme]:
        return [programme for programme in self.programmes if programme not in self.staffed]


def parse_organisation(source: str, where: Path) -> Organisation:
    """Raises InputError with what the file lacks."""
    settings = settings_of(source, where)
    organisation = Organisation(settings.value("title", str), settings.entries("programme", Programme))
    if not organisation.programmes:
        settings.faults.append("programme がありません")
    settings.settle()
    return organisation


def in_words(organisation: Organisation) -> str:
    """The chart as one hears it."""
    return f"体制図。{''.join(map(_in_words, organisation.programmes))}"


def _in_words(programme: Programme) -> str:
    bodies = "、".join(
        body.name + (f"（{'、'.join(post.title for post in body.posts)}）" if body.posts else "")
        for body in programme.bodies
    )
    return f"{programme.name}：{bodies or '実施機関の記載なし'}。"
