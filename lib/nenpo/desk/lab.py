"""JupyterLab on a year's executed chapters: loopback only, with a token, nothing fetched; a save writes the texts at once."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from jupyter_core.paths import jupyter_config_dir
from jupyter_server.files.handlers import FilesHandler
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError
from traitlets import Unicode, default

from nenpo.built import CACHE
from nenpo.commentary.agreement import in_conflict
from nenpo.commentary.chapter import changes
from nenpo.commentary.step import KEPT, Desk, Step
from nenpo.errors import NenpoError, file_fault
from nenpo.notebook import section_of
from nenpo.office import DATA_VARIABLE
from nenpo.scratch import Scratch
from nenpo.warm.kernels import PROVISIONER, warm

# JupyterLab's own settings, of which an analyst may still change each.
SETTINGS: Mapping[str, Any] = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/translation-extension:plugin": {"locale": "ja_JP"},
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


# Lines stay lines in the texts of a chapter, as those that begin with a mark do in the report; the cells of commentary, which alone of
# those with text can be edited, have a mark.
STYLE = """
.multiples, .figures, .tables { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; }
.jp-RenderedMarkdown p, .jp-RenderedMarkdown li { white-space: pre-line; }
.jp-MarkdownCell:not(:has(.cm-editor.jp-mod-readOnly)) { box-shadow: inset 4px 0 0 #00428c; background: #00428c0d; }
.jp-MarkdownCell:not(:has(.cm-editor.jp-mod-readOnly))::before {
  content: "本文"; position: absolute; top: 4px; left: 18px; font-size: 11px; color: #00428c; z-index: 1;
}
"""
# What the server notes for whoever looks after it: beside the reports, for this user's eyes.
LOG = Path(CACHE, "lab.log")


class ChapterManager(AsyncLargeFileManager):
    """Saves a chapter, and at once takes the texts in it into the commentary files. Beside the chapters it shows the folder of the
    texts' pictures. Of changes in other cells, which no report shows, each is told once.

    ``data`` is the year's data folder, ``out`` that of its report. A text that was edited in its file as well is a
    conflict: the save answers with it, and both wordings then stand in both places.
    """

    data = Unicode(config=True, help="The year's data folder.")
    out = Unicode(config=True, help="The folder of the year's report.")

    _told: ClassVar[set[tuple[str, ...]]] = set()

    @default("files_handler_class")
    def _through_get(self) -> type[FilesHandler]:
        return FilesHandler  # the default takes files from the disk, past ``get``

    async def get(self, path: str, *options: Any, **more: Any) -> dict[str, Any]:
        """What a path holds; a picture beside a chapter is the one beside its text."""
        asked = Path(self._get_os_path(path.strip("/")))
        desk = Desk(Path(self.data), Path(self.out))
        if asked.parent.resolve() == (desk.chapters / desk.pictures.name).resolve() and not asked.exists():
            laid = (desk.pictures / asked.name).resolve()
            root = Path(self.root_dir).resolve()
            if laid.is_relative_to(root) and laid.is_file():
                path = laid.relative_to(root).as_posix()
        model: dict[str, Any] = await super().get(path, *options, **more)
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        saved: dict[str, Any] = await super().save(model, path)
        chapter = Path(self._get_os_path(path.strip("/")))
        desk = Desk(Path(self.data), Path(self.out))
        if model.get("type") == "notebook" and chapter.parent.resolve() == desk.chapters.resolve():
            await self._take_in(desk, desk.chapters / chapter.name, model.get("content") or {})
        return saved

    async def _take_in(self, desk: Desk, chapter: Path, saved: dict[str, Any]) -> None:
        """Raises HTTPError, whose message JupyterLab shows, for what the analyst has to settle and does not see yet."""
        try:
            step: Step = await asyncio.to_thread(desk.take_in, chapter)
        except (NenpoError, OSError) as error:
            self.log.error("%s", error)
            why = file_fault(error) if isinstance(error, OSError) else error
            message = f"ノートブックには保存しましたが、文章のファイルに書けませんでした。\n{why}"
            raise HTTPError(500, message, reason="Commentary not written") from None
        for note in step.notes:
            self.log.info("%s", note)
        seen = {section_of(cell) for cell in saved.get("cells", ()) if in_conflict("".join(cell["source"]))}
        if unseen := [name for name in step.in_conflict if name not in seen]:
            sections = "、".join(f"「{name}」" for name in unseen)
            message = (
                f"{sections}の文章は、ファイルの方でも直されていました。両方の文章を「食い違い」の印を付けて並べました。"
                "［ファイル］メニューの［ディスクから…を再読み込み］でセルに両方が出ます。印と要らない文章を消して保存してください。"
            )
            self.log.warning("%s", message)
            raise HTTPError(409, message, reason="Edited in two places")
        self._tell_of_other_changes(chapter, step)

    def _tell_of_other_changes(self, chapter: Path, step: Step) -> None:
        changed = tuple(changes(step.seen[chapter].notebook)) if chapter in step.seen else ()
        if changed and (chapter.name, *changed) not in self._told:
            self._told.add((chapter.name, *changed))
            message = (
                f"保存しました。ただし、本文のセルのほかの変更は年報に載りません：{'、'.join(changed)}。次に年報を作るときにもとに戻ります"
                f"（変わった章は {KEPT} に取っておきます）。載せるには、notebooks/{chapter.name} に同じ変更をしてください。"
            )
            raise HTTPError(409, message, reason="Changed outside the commentary")


def run_lab(data: Path, out: Path, office: Path, port: int, browser: bool, say: Callable[[str], None]) -> None:
    """Start JupyterLab and wait until it ends; ``say`` tells where it is. Its token is made anew each time, unless JUPYTER_TOKEN names
    one."""
    from jupyterlab.labapp import LabApp

    os.environ[DATA_VARIABLE] = str(office.resolve())
    root = Path(os.path.commonpath([office.resolve().parent, out.resolve()]))
    with Scratch() as folder, warm():
        settings = folder / "labconfig" / "default_setting_overrides.json"
        settings.parent.mkdir()
        settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
        settings.chmod(0o600)
        (folder / "custom").mkdir()
        (folder / "custom" / "custom.css").write_text(STYLE, encoding="utf-8")
        styles = [str(Path(jupyter_config_dir()) / "custom"), str(folder / "custom")]
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
            filter(None, [str(folder), os.environ.get("JUPYTER_CONFIG_PATH")])
        )
        log = out.parent / LOG
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        log.touch(0o600)
        server = LabApp.initialize_server(
            argv=_arguments(data.resolve(), out.resolve(), root, port, browser, logged_to(log), styles)
        )
        address = f"http://127.0.0.1:{server.port}/lab?token={server.identity_provider.token}"
        say(f"JupyterLab：{address}（Ctrl-C で終わります）")
        server.start()


def logged_to(log: Path) -> dict[str, object]:
    """The configuration by which all that is logged goes to a file: what has no logger of its own there, such as a page that was closed while
    something was sent to it, would be told on the terminal."""
    return {
        "handlers": {"file": {"class": "logging.FileHandler", "filename": str(log), "formatter": "console"}},
        "loggers": {
            app: {"level": "INFO", "handlers": ["file"], "propagate": False} for app in ("ServerApp", "LabApp")
        },
        "root": {"level": "WARNING", "handlers": ["file"]},
    }


def _arguments(
    data: Path, out: Path, root: Path, port: int, browser: bool, logged: object, styles: Sequence[str]
) -> list[str]:
    """What JupyterLab is started with: on this machine alone, its chapters kept in step, nothing fetched."""
    return [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.preferred_dir={out / 'chapters'}",
        "--ServerApp.contents_manager_class=nenpo.desk.lab.ChapterManager",
        f"--ChapterManager.data={data}",
        f"--ChapterManager.out={out}",
        f"--ServerApp.open_browser={browser}",
        "--ServerApp.answer_yes=True",
        f"--Application.logging_config={logged!r}",
        f"--ServerApp.allow_root={getattr(os, 'geteuid', lambda: 1)() == 0}",
        # Kernels listen on sockets in Jupyter's private folder; Windows has none.
        f"--KernelManager.transport={'ipc' if os.name == 'posix' else 'tcp'}",
        f"--KernelProvisionerFactory.default_provisioner_name={PROVISIONER}",
        "--LabApp.custom_css=True",
        f"--ServerApp.tornado_settings={ ({'static_custom_path': styles})!r}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
