"""The kernels that chapters run in: warm ones, by a provisioner that papermill, nbclient and JupyterLab use unchanged.

``jupyter_client`` starts every kernel by way of a provisioner. This one asks a warm process (``nenpo.warm.zygote``) to fork,
so that a kernel is ready at once and still isolated. Where there is no fork, processes are started ahead of need, each of which
then becomes one kernel. Messages go by sockets in a private folder instead of TCP ports: no other user of the machine can
listen (Windows has no such sockets). ``NENPO_WARM=0`` switches all of it off: then kernels are Jupyter's own.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.launcher import launch_kernel
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import DottedObjectName, Type, default

from nenpo.reads import LIBRARY, digest, file_digest
from nenpo.scratch import Scratch

# Where the warm process of a build listens; its workers use it instead of one of their own.
ZYGOTE_VARIABLE = "NENPO_ZYGOTE"
# GiB of memory that a kernel may take of its own; 0 for no limit.
MEMORY_VARIABLE = "NENPO_KERNEL_GIB"
# "0" for Jupyter's own kernels, each started by itself.
WARM_VARIABLE = "NENPO_WARM"
PROVISIONER = "nenpo-warm"
_LAUNCHER = "ipykernel_launcher"
# Seconds between two looks at whether a warm kernel is there yet, or gone already: Jupyter's tenth would be most of its start.
_MOMENT = 0.002


def memory_limit() -> int:
    """Bytes that a kernel may take; 0 for no limit."""
    return int(float(os.environ.get(MEMORY_VARIABLE, "4")) * 2**30)


def switched_on() -> bool:
    """Whether kernels are started warm."""
    return os.environ.get(WARM_VARIABLE, "1") != "0"


class Zygote:
    """A warm process, with our code as it was when it started. It warms up by itself while others do other things."""

    def __init__(self, code: str = "") -> None:
        self.code = code
        self._folder = Scratch()
        self.address = str(self._folder.path / "zygote")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nenpo.warm.zygote", self.address],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        self._process.kill()
        self._process.wait()
        self._folder.close()


@contextmanager
def warm() -> Iterator[None]:
    """While this lasts, one warm process serves this process and all that it starts. It stays for the next time."""
    if not switched_on() or not hasattr(os, "fork") or ZYGOTE_VARIABLE in os.environ:
        yield
        return
    os.environ[ZYGOTE_VARIABLE] = _own_zygote().address
    try:
        yield
    finally:
        del os.environ[ZYGOTE_VARIABLE]


_own: Zygote | None = None
_making = threading.Lock()


def _own_zygote() -> Zygote:
    """This process' own warm process; another one where our code is no longer what it was."""
    global _own
    code = digest("".join(map(file_digest, sorted(LIBRARY.rglob("*.py")))))
    with _making:
        if _own is not None and (_own.ended or _own.code != code):
            atexit.unregister(_own.close)
            _own.close()
            _own = None
        if _own is None:
            _own = Zygote(code)
            atexit.register(_own.close)
        return _own


def fork_kernel(address: str, argv: list[str], env: dict[str, str], cwd: str, patience: float = 60) -> int:
    """Ask the warm process for a kernel; its process id. Raises OSError where there is no warm process."""
    until = time.monotonic() + patience
    while True:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            try:
                connection.connect(address)
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > until or not Path(address).parent.exists():
                    raise
                time.sleep(0.01)
                continue
            connection.settimeout(patience)
            connection.send(json.dumps({"argv": argv, "env": env, "cwd": cwd}).encode())
            return int(connection.recv(64))


_ahead: list[subprocess.Popen[bytes]] = []


def kernel_ahead(argv: list[str], env: dict[str, str], cwd: str) -> subprocess.Popen[bytes]:
    """A process that was started ahead of need, now a kernel; the next one is started meanwhile."""
    with _making:
        ready = _ahead.pop() if _ahead else _start_ahead()
        _ahead.append(_start_ahead())
    assert ready.stdin is not None
    ready.stdin.write(json.dumps({"argv": argv, "env": env, "cwd": cwd}).encode() + b"\n")
    ready.stdin.flush()
    return ready


def _start_ahead() -> subprocess.Popen[bytes]:
    """It ends by itself if this process does: its standard input closes then."""
    command = [sys.executable, "-m", "nenpo.warm.zygote"]
    nowhere = subprocess.DEVNULL
    # Jupyter's own launcher knows what Windows needs for a kernel to be interrupted and to end with its parent.
    return launch_kernel(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, env=dict(os.environ))


class ForkedKernel:
    """A kernel that is not our child, with what of Popen a provisioner needs."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid
        self._watched = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it runs. How it ended cannot be known: 1."""
        if self.returncode is None and not self._runs():
            self.returncode = 1
            if self._watched is not None:
                os.close(self._watched)
                self._watched = None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        until = time.monotonic() + timeout if timeout is not None else None
        while self.poll() is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.01)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _runs(self) -> bool:
        if self._watched is not None:
            return not select.select([self._watched], [], [], 0)[0]
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


class WarmProvisioner(LocalProvisioner):
    """Starts Python kernels warm; any other kernel as ever."""

    _sockets: Scratch | None = None  # where nobody else has a folder for them

    async def wait(self) -> int | None:
        """The stock one looks but every 0.1 s whether the kernel has ended."""
        while await self.poll() is None:
            await asyncio.sleep(_MOMENT)
        return await super().wait()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        manager = self.parent
        if switched_on() and os.name == "posix" and manager is not None and manager.transport == "tcp":
            private = getattr(manager, "private", None)
            if private is None:
                self._sockets = Scratch()
                private = self._sockets.path
            manager.transport = "ipc"
            manager.ip = str(private / "kernel")
            manager.connection_file = manager.connection_file or str(private / "connection.json")
        prepared: dict[str, Any] = await super().pre_launch(**kwargs)
        return prepared

    async def cleanup(self, restart: bool = False) -> None:
        await super().cleanup(restart)
        if self._sockets is not None and not restart:
            self._sockets.close()

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        if _LAUNCHER not in cmd or not switched_on():
            info: KernelConnectionInfo = await super().launch_kernel(cmd, **kwargs)
            return info
        argv = cmd[cmd.index(_LAUNCHER) + 1 :]
        env = {**os.environ, **(kwargs.get("env") or {})}
        cwd = str(Path(kwargs.get("cwd") or "").resolve())  # the warm process has a working folder of its own
        if hasattr(os, "fork"):
            self.pid = self.pgid = fork_kernel(os.environ.get(ZYGOTE_VARIABLE) or _own_zygote().address, argv, env, cwd)
            self.process = ForkedKernel(self.pid)  # type: ignore[assignment]
        else:
            self.process = kernel_ahead(argv, env, cwd)
            self.pid = self.process.pid
        self.cwd = cwd
        return self.connection_info


class PromptClient(AsyncKernelClient):
    """A client that is ready when the kernel is: the stock one then listens for 0.2 s more whether it has anything to
    say, which whoever executes a cell ignores anyhow."""

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        """Sockets that try again at once: a client calls before its kernel listens."""
        self._created_context = True
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.RECONNECT_IVL, int(_MOMENT * 1000))
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        until = time.monotonic() + (timeout or 60)
        while await self.is_alive() and time.monotonic() < until:
            self.kernel_info()
            with suppress(Empty):
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    await self.get_iopub_msg(timeout=0.2)  # else it cannot be heard yet
                    self._handle_kernel_info_reply(reply)
                    return
        raise RuntimeError("カーネルが始まりません")


class ChapterKernelManager(AsyncKernelManager):
    """Starts a kernel with an environment beside that of this process, in a working folder of its own."""

    environment: Mapping[str, str] = {}
    folder: Path | None = None
    private: Path | None = None  # a folder for its connection file and sockets

    async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]
        if self.folder is not None:
            kwargs["cwd"] = str(self.folder)
        if self.private is not None:
            self.connection_file = self.connection_file or str(self.private / "connection.json")
        await super().start_kernel(**kwargs, env={**os.environ, **self.environment})


class WarmKernelManager(ChapterKernelManager):
    """Starts the kernel of any Python kernelspec warm."""

    client_factory = Type(PromptClient)
    client_class = DottedObjectName(f"{__name__}.PromptClient")

    async def _async_wait(self, pollinterval: float = _MOMENT) -> None:
        await super()._async_wait(pollinterval)

    @property
    def kernel_spec(self) -> KernelSpec | None:
        spec = super().kernel_spec
        if spec is not None and spec.language == "python":
            spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": PROVISIONER}}
        return spec


def kernel_manager(environment: Mapping[str, str], folder: Path, private: Path) -> type[ChapterKernelManager]:
    """Starts kernels with such an environment in such a folder, their sockets in a private one; the process that asks
    keeps its own."""
    kind = WarmKernelManager if switched_on() else ChapterKernelManager
    return type(kind.__name__, (kind,), {"environment": environment, "folder": folder, "private": private})
