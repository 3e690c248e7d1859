"""Parcels: a report's inputs, sent to a machine that does not see our folders, and what came of them, brought home.

Sent along is what the last build left, so that a cluster too does only what is missing. Nothing is brought home over a file
that has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nenpo.built import CACHE, MANIFEST
from nenpo.commentary.chapter import sign
from nenpo.commentary.step import Desk
from nenpo.errors import ContentError, Fault, InputError
from nenpo.files import write_whole
from nenpo.japanese.years import FiscalYear
from nenpo.notebook import Notebook
from nenpo.office import TEMPLATES, Office
from nenpo.paths import require_names, require_no_way_out
from nenpo.reads import digest, file_digest
from nenpo.run.chapters import read_notebook
from nenpo.run.execution import chapter_notebooks
from nenpo.run.inputs import is_input

PLACES = ("data", "notebooks", "out")
# What is brought home: its digest when it was sent, and its content now; None for a file that is no more.
Brought = Mapping[str, tuple[str, bytes | None]]


@dataclass(frozen=True)
class Parcel:
    """Files by name: ``data/R5/…``, ``notebooks/…``, ``out/R5/…``, ``out/.cache/R5/…``."""

    year: FiscalYear
    files: Mapping[str, bytes]


def pack(data: Path, year: FiscalYear, out: Path) -> Parcel:
    """The inputs of a report as they lie there now. Raises InputError for an office that has no such year."""
    office = Office(data)
    office.require(year)
    files = {
        f"{place}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for place, folder in _places(office, year, out).items()
        for path in _files(place, folder, year, office)
        if is_input(path)
    }
    return Parcel(year, files)


def unpack(parcel: Parcel, folder: Path) -> None:
    for name, content in parcel.files.items():
        path = folder / _checked(name)
        write_whole(path, content)


def brought(parcel: Parcel, folder: Path) -> Brought:
    """What a build in the folder has changed, added and removed."""
    office, out = Office(folder / "data"), folder / "out"
    now = {
        f"{place}/{path.relative_to(top).as_posix()}": path
        for place, top in _places(office, parcel.year, out).items()
        for path in _files(place, top, parcel.year, office)
    }  # with the copies kept of texts that gave way
    changed: dict[str, tuple[str, bytes | None]] = {}
    for name in sorted({*now, *parcel.files}):
        before = parcel.files.get(name)
        after = now[name].read_bytes() if name in now else None
        if before != after:
            changed[name] = digest(before), after
    return changed


def bring_home(files: Brought, data: Path, year: FiscalYear, out: Path) -> None:
    """Put what was brought in its place, each file whole, the manifest last. Raises ContentError, and changes nothing,
    where a file is no longer what was sent: somebody has been writing; and InputError for a name that leads elsewhere."""
    office = Office(data)
    places = _places(office, year, out)
    paths = {name: places[_place(name)] / _checked(name)[len(_place(name)) + 1 :] for name in files}
    desk = Desk(office.year_folder(year), out / year.code)
    signed: list[Notebook] = []
    with desk.turn():
        require_no_way_out(office.year_folder(year), office.folder)
        require_no_way_out(out / year.code, out)
        kept = {name for name in files if name.startswith(f"out/{CACHE}/")}  # named by their contents
        if moved := [str(paths[name]) for name in files.keys() - kept if file_digest(paths[name]) != files[name][0]]:
            remedy = "もう一度作ると、新しい内容で作り直します"
            raise ContentError([Fault("年報を作っている間に変わりました", path, remedy) for path in sorted(moved)])
        for name in sorted(files, key=lambda name: (name.endswith(MANIFEST), name)):
            content = files[name][1]
            if content is None:
                paths[name].unlink(missing_ok=True)
                continue
            write_whole(paths[name], content)
            if paths[name].suffix == ".ipynb":
                signed.append(read_notebook(paths[name]))
    sign(signed)


def _places(office: Office, year: FiscalYear, out: Path) -> dict[str, Path]:
    return {"data": office.folder, "notebooks": chapter_notebooks(office)[0].parent, "out": out}


def _checked(name: str) -> str:
    """The name of a file in a parcel. Raises InputError where it is that of none."""
    if _place(name) not in PLACES or "/" not in name:
        raise InputError(Fault(f"荷物の中に知らない名があります（{name[:60]!r}）"))
    return require_names(name, "荷物の中の")


def _place(name: str) -> str:
    return name.partition("/")[0]


def _files(place: str, folder: Path, year: FiscalYear, office: Office) -> Iterator[Path]:
    if place == "data":
        tops = [*(office.year_folder(kept) for kept in office.kept_years(year)), folder / TEMPLATES]
        paths = [*folder.glob("*"), *(path for top in tops for path in top.rglob("*"))]
        yield from (path for path in paths if path.is_file())
    elif place == "notebooks":
        yield from (path for path in folder.glob("*") if path.suffix in (".ipynb", ".py", ".json"))
    else:
        for top in (folder / year.code, folder / CACHE / year.code, folder / CACHE / "workbooks"):
            yield from (path for path in top.rglob("*") if path.is_file())
