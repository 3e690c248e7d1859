"""The kernels that chapters run in."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from traitlets import default


class PrivateKernelManager(AsyncKernelManager):
    """Talks to its kernel by sockets in a private folder instead of TCP ports: no other user of the machine can listen."""

    @default("transport")
    def _default_transport(self) -> str:
        return "ipc"

    @default("ip")
    def _default_ip(self) -> str:
        self._sockets = tempfile.TemporaryDirectory(prefix="nenpo-")
        return str(Path(self._sockets.name) / "kernel")


KERNEL_MANAGER = PrivateKernelManager if hasattr(os, "fork") else AsyncKernelManager
