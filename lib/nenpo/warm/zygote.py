"""The warm process: it has the imports of a chapter done, and forks a kernel for whoever asks. python -m nenpo.warm.zygote PATH

One thread, no event loop, nothing open but the socket at PATH; it ends when its standard input closes, which is when the
process that started it is gone. A request is a message of JSON: the kernel's arguments, environment and working folder; the
answer is the kernel's process id. Without a PATH it becomes a kernel itself, at the one request on its standard input.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

LARGEST_REQUEST = 1 << 20
# What a kernel, or the first chart in it, would import.
_LATER = (
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect", "IPython.extensions.storemagic",
    "IPython.core.history", "ipykernel.debugger", "matplotlib.backends.backend_svg", "pandas.core.methods.to_dict", "pdb", "runpy",
    "sqlite3", "tornado.locks", "tornado.platform.asyncio", "tornado.queues", "zmq.utils.garbage", "nenpo.warm.kernels",
)  # fmt: skip


def main(path: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the kernels
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(path)
    listener.listen(64)
    _warm_up()
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        connection, _ = listener.accept()
        with connection:
            if request := connection.recv(LARGEST_REQUEST):
                child = os.fork()
                if child == 0:
                    listener.close()
                    connection.close()
                    _become_kernel(json.loads(request))
                connection.send(str(child).encode())


def become_kernel() -> None:
    """Warm up, wait for the one request, and be that kernel."""
    _warm_up()
    if line := sys.stdin.readline():
        _become_kernel(json.loads(line))


def _warm_up() -> None:
    """Do the imports of a chapter, and what they do once. Warm kernels have no debugger: importing it alone would take
    longer than the start of a kernel."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    import ipykernel.ipkernel
    import ipykernel.kernelapp  # noqa: F401
    import IPython.core.interactiveshell  # noqa: F401
    import matplotlib
    import matplotlib_inline.backend_inline  # noqa: F401

    matplotlib.use("module://matplotlib_inline.backend_inline")
    import matplotlib.pyplot
    import pandas  # noqa: F401
    import seaborn  # noqa: F401

    import nenpo.report
    import nenpo.workbook.parsed
    import nenpo.workbook.reading  # noqa: F401
    from nenpo.present import theme

    theme.apply()
    for name in _LATER:
        with suppress(ImportError):  # another version may do without
            importlib.import_module(name)
    from nenpo.reads import modules

    modules()  # the code of all kernels is what is loaded now
    # What is there now stays: a kernel's collector would look at all of it, and copy the pages it lies in.
    gc.collect()
    gc.freeze()


def _become_kernel(request: dict[str, Any]) -> None:
    """What the forked process does, for the rest of its life."""
    try:
        if hasattr(os, "setsid"):
            with suppress(PermissionError):  # it leads a session already
                os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        sys.path[0] = request["cwd"]
        _limit_memory()
        _new_chances()
        from ipykernel.kernelapp import launch_new_instance

        # ipykernel ends when this process, its parent, does.
        parent = [f"--IPKernelApp.parent_handle={os.getppid()}"] if os.name == "posix" else []
        from nenpo.reads import READS_VARIABLE

        # In a build, what is read is told from the first cell on, whatever that does.
        extensions = (
            ["--IPKernelApp.extra_extensions=nenpo.present.notebook"] if READS_VARIABLE in request["env"] else []
        )
        launch_new_instance(argv=[*request["argv"], *parent, *extensions])
    finally:
        os._exit(0)


def _limit_memory() -> None:
    """A kernel may take so much memory of its own, no more: a MemoryError in a cell, not a machine that stands still."""
    if os.name != "posix":
        return
    import resource

    from nenpo.warm.kernels import memory_limit

    if limit := memory_limit():
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _new_chances() -> None:
    """Random numbers of its own: a forked process would draw the same as its siblings."""
    import random

    import numpy

    random.seed()
    numpy.random.seed()


if __name__ == "__main__":
    if sys.argv[1:]:
        main(sys.argv[1])
        os._exit(0)  # to take down what was imported would take longer than most kernels
    else:
        become_kernel()
