"""Keeps the commentary files of a year and the cells of its executed chapters in step; nothing written gets lost."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from nenpo.commentary.agreement import (
    FILE_SIDE,
    NOTEBOOK_SIDE,
    Agreement,
    Outcome,
    agree,
    canonical,
    difference,
    digest,
    in_conflict,
    side,
)
from nenpo.commentary.chapter import (
    PATIENCE,
    Chapter,
    TextCell,
    changes,
    copy_of,
    hand_over,
    lost_sections,
    read_chapter,
    same_content,
    seal,
    section_of,
    sign,
    text_cells,
)
from nenpo.errors import ContentError, Fault, gather
from nenpo.files import keep, leftovers, replace, write_whole
from nenpo.japanese.letters import composed
from nenpo.notebook import Notebook, as_bytes
from nenpo.paths import name_fault, require_name, require_no_way_out
from nenpo.text.pictures import picture_names
from nenpo.text.typed import decode, named, read_typed

# Where replaced texts and changed chapters are kept.
KEPT = "控え"
# Copies of a section that may still be open somewhere.
_LINEAGES = 50
# Looks at texts that somebody saves all the while, and what is said of what came later.
_TRIES = 5
_LATER = "その文章は、次に作るときに年報に入ります。"
# Seconds that an editor may take between emptying a file and writing it.
_MOMENT = 0.2


@dataclass(frozen=True)
class Step:
    """What both sides hold after a look at them: ``texts`` by section, the chapters as they were read, ``conflicts`` that
    are to be settled, ``notes`` for the analyst."""

    texts: Mapping[str, str]
    seen: Mapping[Path, Chapter]
    conflicts: tuple[Fault, ...] = ()
    in_conflict: tuple[str, ...] = ()  # the sections of the conflicts
    notes: tuple[str, ...] = ()
    settled: bool = True  # False where somebody saved all the while: then the chapters hold what is in no file yet

    @property
    def being_written(self) -> tuple[Chapter, ...]:
        return tuple(chapter for chapter in self.seen.values() if not chapter.whole)


@dataclass
class _Looked:
    conflicts: list[Fault] = field(default_factory=list)
    in_conflict: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    marked: dict[str, str] = field(default_factory=dict)  # texts that hold both wordings
    stale: bool = False  # somebody saved meanwhile


class Desk:
    """One year's commentary: ``data`` is the year's data folder, ``out`` the folder its report is built into."""

    def __init__(self, data: Path, out: Path):
        self.texts = data / "commentary"
        self.pictures = self.texts / "pictures"
        self.kept_texts = data / KEPT
        self.kept_chapters = out / KEPT
        self.chapters = out / "chapters"
        self._data, self._out = data, out
        self._agreed = out / "agreed.json"
        self._lock = out.parent / f".{out.name}.lock"

    def take_in(self, only: Path | None = None, patience: float = PATIENCE) -> Step:
        """Take what was written in the chapters (or in ``only`` one) into the files. A text edited on both sides goes, with
        both wordings, to both places, and is among the conflicts until it is settled.

        Raises InputError for a name that can be no file's, and for links that lead out of the folders.
        """
        with self.turn():
            require_no_way_out(self._data, self._data.parent)
            require_no_way_out(self._out, self._out.parent)
            self._rescue()
            notes: list[str] = []
            for _ in range(_TRIES):
                paths = [only] if only else sorted(self.chapters.glob("[!.]*.ipynb"))
                seen = {path: read for path in paths if (read := read_chapter(path, patience))}
                looked = self._look(seen)
                notes += [note for note in looked.notes if note not in notes]
                if not looked.stale:
                    break
            else:
                notes.append(f"保存が続いているため、{self.texts} に取り込んでいない文章があります。{_LATER}")
            texts = self.read_texts()
        for chapter in seen.values():
            if not chapter.whole:
                twin = f"書きかけの前の版が {chapter.twin.name} にあります。" if chapter.twin else ""
                notes.append(f"{chapter.path} は書きかけのため、そのままにしました。{twin}")
        return Step(
            texts, seen, tuple(looked.conflicts), tuple(looked.in_conflict), tuple(notes), settled=not looked.stale
        )

    def fill(self, chapter: Notebook, texts: Mapping[str, str]) -> None:
        """Put the texts, and the pictures they show, into a chapter's commentary cells. Raises ContentError for a picture
        that is not there."""
        faults = []
        for cell in chapter["cells"]:
            if name := section_of(cell):
                text = texts.get(name, "")
                pictures = {}
                for picture in picture_names(text):
                    path = None if name_fault(picture) else named(self.pictures / picture)
                    if path and path.is_file():
                        pictures[picture] = path.read_bytes()
                    else:
                        where = str(self.texts / f"{name}.md")
                        faults.append(Fault(f"図「{picture}」がありません", where, f"{self.pictures} に置いてください"))
                hand_over(cell, text, pictures)
        if faults:
            raise ContentError(faults)
        seal(chapter)

    def outdated(self, made: Mapping[str, Notebook], step: Step) -> list[Notebook]:
        """Of the chapters made those that show something else than what lies on disk; they are to be signed."""
        seen = {path.name: chapter for path, chapter in step.seen.items()}
        return [
            chapter
            for name, chapter in made.items()
            if name not in seen or not same_content(seen[name].notebook, chapter)
        ]

    def put_back(self, made: Mapping[str, Notebook], step: Step) -> tuple[bool, list[str]]:
        """Write the chapters (by file name) where they show something else than what is there, and remove those that are
        no longer made. What an analyst changed outside the commentary cells is kept aside and named. A chapter that has been
        saved since ``step`` looked at it stays as it is.

        False, if there is one. The notes are for the analyst.
        """
        notes: list[str] = []
        all_seen = True
        with self.turn():
            for path in sorted({*self.chapters.glob("[!.]*.ipynb"), *(self.chapters / name for name in made)}):
                disk, seen = read_chapter(path), step.seen.get(path)
                product = made.get(path.name)
                if disk and not disk.whole:
                    continue
                if not step.settled or (disk.content if disk else None) != (seen.content if seen else None):
                    all_seen = False
                    continue
                if disk and product and same_content(disk.notebook, product):
                    continue
                if disk:
                    notes += self._kept_aside(disk, product)
                if product is None:
                    path.unlink(missing_ok=True)
                elif not replace(path, as_bytes(product), disk.content if disk else None):
                    all_seen = False
        return all_seen, notes

    def saved_since(self, made: Mapping[str, Notebook], step: Step) -> list[str]:
        """A note on the chapters that hold neither what ``step`` has seen nor what has been made."""
        names = [
            path.name
            for path in sorted(self.chapters.glob("[!.]*.ipynb"))
            if (content := path.read_bytes()) != (step.seen[path].content if path in step.seen else None)
            and not (path.name in made and content == as_bytes(made[path.name]))
        ]
        return [f"{'、'.join(names)} は、年報を作っている間に保存されました。{_LATER}"] if names else []

    def _look(self, seen: Mapping[Path, Chapter]) -> _Looked:
        """Bring every section that stands in the chapters to one text."""
        looked = _Looked()
        agreed = self._read_agreed()
        known = copy.deepcopy(agreed)
        cells: dict[str, list[tuple[Chapter, TextCell]]] = {}
        for chapter in seen.values():
            for cell in text_cells(chapter.notebook):
                cells.setdefault(cell.name, []).append((chapter, cell))
        for name, copies in cells.items():
            self._bring_together(name, copies, agreed.setdefault(name, {}), looked)
        looked.stale |= not self._mark(seen, looked.marked)
        agreed = {name: came_back for name, came_back in agreed.items() if came_back}
        if agreed != known:
            write_whole(self._agreed, json.dumps(agreed, ensure_ascii=False, indent=1) + "\n")
        for chapter in seen.values():
            for name in lost_sections(chapter.notebook):
                if name not in cells:
                    remedy = "文章をなくすには、セルかファイルの中身を空にしてください。"
                    looked.notes.append(
                        f"「{name}」のセルが {chapter.path.name} から消えています。文章は {self._file(name)} にあり、セルに戻します。{remedy}"
                    )
        return looked

    def _bring_together(
        self, name: str, cells: list[tuple[Chapter, TextCell]], agreed: dict[str, str], looked: _Looked
    ) -> None:
        typed = read_typed(self._file(name))
        if typed and not typed.content:
            time.sleep(_MOMENT)  # an editor empties a file before it writes it
            typed = read_typed(self._file(name))
        path = typed.path if typed else self._file(name)
        held = typed.text if typed else ""
        copies = [copy_of(cell, agreed, alone=len(cells) == 1) for _, cell in cells]
        reached = agree(held, copies)
        where = list(dict.fromkeys(str(chapter.path) for chapter, _ in cells))
        if reached.outcome in (Outcome.TO_FILE, Outcome.CONFLICT):
            text = canonical(reached.text)
            for _, cell in cells:
                for picture, content in cell.pictures.items():
                    write_whole(self.pictures / picture, content)
            if typed and canonical(held):
                keep(self.kept_texts, f"{name}.md", typed.content)
            lines = text + "\n" if text else ""
            content = typed.form(lines) if typed else lines.encode()
            if not replace(path, content, typed.content if typed else None):
                looked.stale = True
                return
            if typed and decode(content)[1] != typed.encoding:
                looked.notes.append(
                    f"{path} は、もとの文字コード（{typed.encoding}）にない文字が入ったため、UTF-8 で保存しました。"
                )
            if reached.outcome is Outcome.TO_FILE:
                looked.notes.append(f"「{name}」：{'、'.join(where)} で直した文章を {path} に書きました。")
        if reached.outcome is not Outcome.TO_CELLS:
            for (_, cell), one in zip(cells, copies, strict=True):
                if cell.handed and digest(one.text) != one.agreed:
                    agreed.pop(cell.handed, None)
                    agreed[cell.handed] = digest(one.text)
            for old in list(agreed)[:-_LINEAGES]:
                del agreed[old]
        if in_conflict(reached.text):
            looked.marked[name] = canonical(reached.text)
            looked.conflicts.append(_conflict(name, path, where, reached))
            looked.in_conflict.append(name)

    def _mark(self, seen: Mapping[Path, Chapter], marked: Mapping[str, str]) -> bool:
        """Put texts that hold both wordings into the chapters on disk, so that the analyst sees them there too. False if
        a chapter has been saved meanwhile."""
        whole = True
        for chapter in seen.values():
            notebook = chapter.notebook
            cells = [
                cell for cell in notebook["cells"] if marked.get(section_of(cell), cell["source"]) != cell["source"]
            ]
            if not cells:
                continue
            pictures = {
                name: content for text_cell in text_cells(notebook) for name, content in text_cell.pictures.items()
            }
            for cell in cells:
                hand_over(cell, marked[section_of(cell)], pictures)
            if replace(chapter.path, as_bytes(notebook), chapter.content):
                sign([notebook])
            else:
                whole = False
        return whole

    def _kept_aside(self, disk: Chapter, product: Notebook | None) -> list[str]:
        """Keep what is about to be replaced: texts, and the chapter itself where more than texts has been changed."""
        new = {cell.name: canonical(cell.text) for cell in text_cells(product)} if product else {}
        for cell in text_cells(disk.notebook):
            if canonical(cell.text) not in ("", new.get(cell.name)):
                keep(self.kept_texts, f"{cell.name}.md", (canonical(cell.text) + "\n").encode())
        if not (changed := changes(disk.notebook)):
            return []
        path = keep(self.kept_chapters, disk.path.name, disk.content)
        return [
            f"{disk.path} は本文のセルのほかにも変わっています：{'、'.join(changed)}。変わった章を {path} に取っておきました。"
            f"年報に載せるには、notebooks/{disk.path.name} に同じ変更をしてください。"
        ]

    def _rescue(self) -> None:
        """Keep what a killed writer has left: it may hold the only copy of a save that came in at that moment."""
        for folder, kept in ((self.texts, self.kept_texts), (self.chapters, self.kept_chapters)):
            for name, path in leftovers(folder):
                if path.read_bytes():
                    keep(kept, name, path.read_bytes())
                path.unlink()
        for folder in (self.kept_texts, self.kept_chapters, self.pictures, self._out):
            for _, path in leftovers(folder):
                path.unlink()

    def read_texts(self) -> dict[str, str]:
        """The texts by section; file names count in composed form."""
        names = {
            composed(path.stem)
            for path in (self.texts.iterdir() if self.texts.is_dir() else ())
            if path.suffix == ".md" and not path.name.startswith(".")
        }
        gather(partial(require_name, name, "本文", self._file(name)) for name in sorted(names))
        return {name: typed.text for name in sorted(names) if (typed := read_typed(self._file(name)))}

    def _read_agreed(self) -> dict[str, dict[str, str]]:
        """By section: the digest of a text handed to a notebook -> the digest of what came back of it last. Without this
        file the text handed over counts, which may make an edit a conflict, but never loses one."""
        try:
            read = json.loads(self._agreed.read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return {name: dict(known) for name, known in read.items()} if isinstance(read, dict) else {}

    def _file(self, name: str) -> Path:
        return self.texts / f"{name}.md"

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One program of ours at a time; editors and Jupyter know nothing of it, and need not."""
        from filelock import FileLock  # it brings asyncio along

        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._lock):
            yield


def _conflict(name: str, path: Path, where: list[str], reached: Agreement) -> Fault:
    sides = reached.sides or (side(reached.text, FILE_SIDE), side(reached.text, NOTEBOOK_SIDE))
    shown = difference(*sides)
    return Fault(
        f"「{name}」の文章が、ファイルとノートブックの両方で直されています：\n{shown}",
        f"{path} と {'、'.join(where)}",
        f"両方の文章を「食い違い」の印を付けて {path.name} とセルに並べました。どちらか一方で、印と要らない文章を消して保存してください",
    )
