"""A parent of kernels for these tests alone, and kernels to talk to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import struct
import tempfile
from pathlib import Path

import pytest
from traitlets.config import Config

from analysis.suite.kernels.keeper import ensure_parent, stop_parent
from analysis.suite.kernels.manager import WarmKernelManager
from analysis.suite.kernels.settings import warm_settings

CHECKOUT = Path(__file__).resolve().parents[3]


def make_room():
    # Sockets want short paths, shorter than those of pytest.
    return Path(tempfile.mkdtemp(prefix="pk-"))


@pytest.fixture(scope="session")
def lock_file():
    return CHECKOUT / "requirements.lock"


@pytest.fixture(scope="session")
def shared_room(lock_file):
    """A room with a parent that is not to be harmed."""
    room = make_room()
    with ensure_parent(lock_file, room):
        yield room
    stop_parent(lock_file, room, kill=True)
    shutil.rmtree(room)


@pytest.fixture
def own_room():
    """A room whose parents the test may kill; those that are left end with it."""
    room = make_room()
    yield room
    for path in room.glob("*.sock"):
        with contextlib.suppress(OSError), connect(path) as connection:
            connection.send(b"Q\0")
    shutil.rmtree(room)


def connect(path):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.settimeout(10)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


@pytest.fixture(scope="session")
def find_parent():
    """Says which process listens in a room."""

    def find(room):
        (path,) = room.glob("*.sock")
        with connect(path) as connection:
            found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return struct.unpack("3i", found)[0]

    return find


class Kernel:
    """A kernel and somebody who talks to it."""

    def __init__(self, manager):
        self.manager = manager
        self.client = None

    @property
    def provisioner(self):
        return self.manager.provisioner

    @property
    def pid(self):
        return self.provisioner.pid

    async def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=60)

    async def messages(self, code):
        heard = []
        reply = await self.client.execute_interactive(
            code, timeout=60, output_hook=heard.append, allow_stdin=False
        )
        return reply["content"], [m for m in heard if m["msg_type"] != "status"]

    async def run(self, code):
        """What the code prints; or the kind of its error."""
        reply, heard = await self.messages(code)
        if reply["status"] != "ok":
            return reply["ename"]
        return "".join(m["content"]["text"] for m in heard if m["msg_type"] == "stream").strip()


@pytest.fixture(scope="session")
def open_kernel(lock_file):
    """Opens a kernel from a room, to be used in a coroutine."""

    @contextlib.asynccontextmanager
    async def start(room, *, lock=lock_file, settings=None, kernel_arguments=(), **environment):
        with tempfile.TemporaryDirectory(prefix="pk-") as sockets:
            config = Config(warm_settings(lock, room))
            config.merge(Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/k"}}))
            config.merge(Config(settings or {}))
            manager = WarmKernelManager(kernel_name="python3", config=config)
            await manager.start_kernel(
                env={**os.environ, **environment},
                cwd=sockets,
                extra_arguments=["--IPKernelApp.log_level=50", *kernel_arguments],
            )
            kernel = Kernel(manager)
            try:
                await kernel.connect()
                yield kernel
            finally:
                if kernel.client:
                    kernel.client.stop_channels()
                await manager.shutdown_kernel(now=True)

    return start


def end_of(pid):
    """Whether a process is gone, or only its entry in the table is left."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rpartition(")")[2].split()[0] in {"Z", "X"}


@pytest.fixture(scope="session")
def await_end():
    """Waits until processes are gone."""

    async def wait(*pids):
        for _ in range(1000):
            if all(end_of(pid) for pid in pids):
                return True
            await asyncio.sleep(0.02)
        return False

    return wait


@pytest.fixture(scope="session")
def await_that():
    """Waits until something is so."""

    async def wait(is_so):
        for _ in range(2000):
            if is_so():
                return
            await asyncio.sleep(0.01)
        message = "It has not come to be so in 20 s."
        raise AssertionError(message)

    return wait
