"""The report in a browser, refreshed on every save: a server on loopback, a watch on all inputs, a worker that builds."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import tornado.iostream
import tornado.web
from watchfiles import Change, DefaultFilter, awatch

from nenpo.built import CHECKS, HTML, PDF
from nenpo.desk.worker import Worker, last_manifest
from nenpo.errors import Fault, InputError, NenpoError
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.reads import LIBRARY
from nenpo.run.build import inputs_of
from nenpo.run.execution import chapter_notebooks
from nenpo.run.inputs import is_input
from nenpo.scratch import Scratch

PAGE = Path(__file__).parent / "page"
# Seconds without a change after which the PDF is made too, and between looks where the system tells of no changes.
QUIET, LOOK = 1.5, 2.0
_COOKIE = "nenpo-preview"
# Which pages may show one of ours within them.
_ANCESTORS = "frame-ancestors 'self'"


@dataclass(frozen=True)
class Status:
    """What the page shows: ``inputs`` is the hash of what the last good report was made from."""

    text: str = "年報を作っています"
    inputs: str = ""
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Preview:
    """The report of one year, kept current. ``status`` is what the page shows; each change is told to all listeners."""

    def __init__(self, data: Path, year: FiscalYear, out: Path, say: Callable[[str], None]):
        self.year, self.target = year, out / year.code
        self.status = Status(inputs=last_manifest(self.target).get("inputs", ""))
        self.listeners: set[asyncio.Queue[Status]] = set()
        self._data, self._say = data, say
        self._worker = Worker(data, year, out)
        self._turn = asyncio.Lock()
        self._tried = ""

    def inputs(self) -> str:
        """The hash of the inputs as they lie on disk now; empty where they cannot be read."""
        try:
            return inputs_of(Office(self._data), self.year)
        except (NenpoError, OSError):
            return ""

    async def refresh(self, chapters_too: bool = True) -> None:
        """Build until the report is as new as what lies on disk. With ``chapters_too`` even if no input has changed, as a
        save of an executed chapter brings a text that is in no file yet."""
        async with self._turn:
            for _ in range(20):
                before = await asyncio.to_thread(self.inputs)
                if not chapters_too and before == self._tried:
                    return
                shown, first, started = self.status, not self._tried, time.monotonic()
                self._show(replace(shown, text="作り直しています"))
                answer = await self._build((HTML,), shown)
                self._tried, chapters_too = answer.get("inputs") or before, False
                if "faults" in answer:
                    self._show(
                        Status(
                            "直すところがあります。前の年報を示しています。",
                            self.status.inputs,
                            tuple(answer["faults"]),
                        )
                    )
                elif first or answer["made"] or shown.faults:
                    clock = time.strftime("%H:%M:%S")
                    self._show(Status(f"{clock} に更新しました", answer["inputs"], (), tuple(answer["notes"])))
                    self._say(f"{clock} 更新しました（{time.monotonic() - started:.1f} 秒）")
                else:  # what was told of the report that stands is still true of it
                    notes = tuple(dict.fromkeys([*answer["notes"], *shown.notes]))
                    self._show(replace(shown, inputs=answer["inputs"], notes=notes))

    async def _build(self, formats: tuple[str, ...], shown: Status) -> dict[str, Any]:
        """The worker's answer; meanwhile the page says how far it is."""
        loop = asyncio.get_running_loop()

        def progress(message: str) -> None:
            loop.call_soon_threadsafe(self._show, replace(shown, text=f"作り直しています：{message}"))

        return await asyncio.to_thread(self._worker.build, formats, progress)

    async def keep_current(self) -> None:
        """Watch all inputs and the executed chapters, for ever."""
        await self.refresh()
        folders = {
            self._data,
            self.target / "chapters",
            LIBRARY,
            *(path.parent for path in chapter_notebooks(Office(self._data))),
        }
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        pdf: asyncio.Task[None] | None = asyncio.create_task(self._print())
        watch = awatch(
            *folders, watch_filter=_Inputs(), debounce=60, step=20, rust_timeout=int(LOOK * 1000), yield_on_timeout=True
        )
        async for changes in watch:
            if any(Path(path).is_relative_to(LIBRARY) for _, path in changes):
                await asyncio.to_thread(self._worker.renew)
            was = self.status
            await self.refresh(chapters_too=bool(changes))
            if self.status.inputs != was.inputs or self.status.faults:
                if pdf:
                    pdf.cancel()
                pdf = asyncio.create_task(self._print())

    async def _print(self) -> None:
        """After a quiet moment, make the PDF of what is shown."""
        await asyncio.sleep(QUIET)
        async with self._turn:
            if not self.status.faults:
                answer = await asyncio.to_thread(self._worker.build, (HTML, PDF))
                if "faults" in answer:
                    self._show(Status("PDF を作れません", self.status.inputs, tuple(answer["faults"])))

    def stop(self) -> None:
        self._worker.end()

    def _show(self, status: Status) -> None:
        self.status = status
        for listener in self.listeners:
            listener.put_nowait(status)


class _Inputs(DefaultFilter):
    """Changes of files that a report is made from; kept copies and half-written files are none."""

    def __call__(self, change: Change, path: str) -> bool:
        return is_input(Path(path))


class _Handler(tornado.web.RequestHandler):
    """Answers only who knows the token, and only under the names of this machine's loopback."""

    def initialize(self, preview: Preview, token: str) -> None:
        self.preview, self.token = preview, token

    def prepare(self) -> None:
        if self.request.host_name not in ("127.0.0.1", "localhost"):
            raise tornado.web.HTTPError(403)
        given = self.get_query_argument("token", self.get_cookie(_COOKIE, "") or "")
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            raise tornado.web.HTTPError(
                403, reason="The token is missing: open the address that nenpo preview has shown"
            )

    def set_default_headers(self) -> None:
        policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'"
        self.set_header("Content-Security-Policy", f"{policy}; {_ANCESTORS}; base-uri 'none'; form-action 'none'")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")


class _Page(_Handler):
    def get(self, name: str) -> None:
        if self.get_query_argument("token", ""):
            self.set_cookie(_COOKIE, self.token, httponly=True, samesite="Strict")
            self.redirect("/")
            return
        path = PAGE / (name or "preview.html")
        kinds = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
        self.set_header("Content-Type", f"{kinds[path.suffix]}; charset=utf-8")
        self.write(path.read_bytes())


class _Report(_Handler):
    async def get(self, name: str) -> None:
        """The report as new as what lies on disk, or the last good one while there is a fault."""
        await self.preview.refresh(chapters_too=False)
        path = self.preview.target / name
        if not path.is_file():
            raise tornado.web.HTTPError(404)
        if name == HTML:  # it brings a policy of its own, which lets nothing run
            self.set_header("Content-Security-Policy", _ANCESTORS)
        kinds = {HTML: "text/html; charset=utf-8", PDF: "application/pdf", CHECKS: "application/json"}
        self.set_header("Content-Type", kinds[name])
        self.write(path.read_bytes())


class _Nothing(_Handler):
    """Any other address."""

    def get(self) -> None:
        raise tornado.web.HTTPError(404)


class _Events(_Handler):
    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        listener: asyncio.Queue[Status] = asyncio.Queue()
        listener.put_nowait(self.preview.status)
        self.preview.listeners.add(listener)
        try:
            while True:
                status = await listener.get()
                self.write(f"data: {json.dumps(asdict(status), ensure_ascii=False)}\n\n")
                await self.flush()
        except tornado.iostream.StreamClosedError:
            pass
        finally:
            self.preview.listeners.discard(listener)


def run_preview(data: Path, year: FiscalYear, out: Path, port: int, browser: bool, say: Callable[[str], None]) -> None:
    """Serve the report until Ctrl-C. The address, with a token made anew each time, is told by ``say``."""
    asyncio.run(_serve(data, year, out, port, browser, say))


async def _serve(data: Path, year: FiscalYear, out: Path, port: int, browser: bool, say: Callable[[str], None]) -> None:
    token = os.environ.get("NENPO_TOKEN") or secrets.token_hex(24)
    preview = Preview(data, year, out, say)
    given = {"preview": preview, "token": token}
    application = tornado.web.Application(
        [
            (r"/(preview\.js|preview\.css)?", _Page, given),
            (r"/(report\.html|report\.pdf|checks\.json)", _Report, given),
            (r"/events", _Events, given),
        ],
        default_handler_class=_Nothing,
        default_handler_args=given,
        log_function=lambda handler: None,
    )
    server, used = _listen(application, port)
    address = f"http://127.0.0.1:{used}/?token={token}"
    say(f"{year.label}の年報の下見：{address}\n（Ctrl-C で終わります）")
    with Scratch() as folder:
        if browser:
            _open(address, folder)
        try:
            await preview.keep_current()
        finally:
            server.stop()
            preview.stop()


def _open(address: str, folder: Path) -> None:
    """Open a browser on the address by way of a file that only this user can read: the address has the token in it, and what a
    program is started with is seen by all."""
    import webbrowser

    page = folder / "preview.html"
    page.touch(0o600)
    page.write_text(f'<meta charset="utf-8"><meta http-equiv="refresh" content="0; url={address}">', encoding="utf-8")
    webbrowser.open(page.as_uri())


def _listen(application: tornado.web.Application, port: int) -> tuple[Any, int]:
    """Listen on the first free port from ``port`` on."""
    from tornado.httpserver import HTTPServer

    for tried in range(port, min(port + 50, 65536)):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(os.name == "posix"))
        try:
            listener.bind(("127.0.0.1", tried))
        except OSError:
            listener.close()
            continue
        listener.listen()
        listener.setblocking(False)
        server = HTTPServer(application)
        server.add_sockets([listener])
        return server, tried
    raise InputError(Fault(f"ポート {port} から先に空きがありません", "", "--port でほかの番号を指定してください"))
