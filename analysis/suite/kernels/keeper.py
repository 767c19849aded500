"""Starting, holding and ending the parent that all processes of a user share."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Self

from analysis.suite.kernels.parent import READY
from analysis.suite.kernels.place import (
    BIND,
    PACKAGE,
    NoWarmKernelError,
    find_place,
    make_room,
    start_variables,
)
from analysis.suite.kernels.wire import RETIRE, STOP, connect_to, hear, read_peer, say

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from analysis.suite.kernels.place import Place

IDLE = 300.0
# Longer than any import; whoever waits that long is better served by an ordinary kernel.
LONGEST_START = 90.0
PAUSE = 0.02
# All that a parent sees of the environment of the process that starts it. No secret is there.
KNOWN_TO_PARENT = ("PATH", "HOME", "USER", "TMPDIR")


class Hold:
    """A parent that does not end for want of kernels, as long as this is held.

    Parameters
    ----------
    place : Place
    connection : socket.socket
    """

    def __init__(self, place: Place, connection: socket.socket) -> None:
        self.place = place
        self.pid, _ = read_peer(connection)
        self._connection = connection

    def close(self) -> None:
        """Let go. A parent that nobody holds ends after some minutes."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ensure_parent(lock_file: Path | None, room: Path | None = None, *, idle: float = IDLE) -> Hold:
    """See that a parent is there for kernels of this environment; start one if not.

    Parameters
    ----------
    lock_file : pathlib.Path, optional
        The lock of the workspace.
    room : pathlib.Path, optional
        Folder for sockets; the user's own unless given.
    idle : float
        Seconds without an owner after which a parent that is started here ends.

    Returns
    -------
    Hold
        Close it when no more kernels are wanted.

    Raises
    ------
    NoWarmKernelError
        Where forking cannot be; the sentence says why.
    """
    check_system()
    place = find_place(lock_file, room)
    return Hold(place, reach_parent(place, lock_file, idle))


def stop_parent(lock_file: Path | None, room: Path | None = None, *, kill: bool = False) -> bool:
    """Tell the parent of this environment to end.

    Parameters
    ----------
    lock_file : pathlib.Path, optional
    room : pathlib.Path, optional
    kill : bool
        Whether its kernels end with it; else it waits for them and takes no more requests.

    Returns
    -------
    bool
        Whether there was one.
    """
    try:
        connection = connect_to(find_place(lock_file, room).socket)
    except NoWarmKernelError:
        return False
    with connection:
        say(connection, STOP if kill else RETIRE)
        # It ends its connections when it ends; with kernels left that is not waited for.
        while kill and hear(connection) is not None:
            continue
    return True


def check_system() -> None:
    """See that this system can fork kernels.

    Raises
    ------
    NoWarmKernelError
        On other systems than Linux, or where Linux holds back what is needed.
    """
    if not sys.platform.startswith("linux"):
        msg = f"kernels are forked on Linux only, and this is {sys.platform}"
        raise NoWarmKernelError(msg)
    if not hasattr(os, "pidfd_open") or not hasattr(os, "memfd_create"):
        msg = "this Python was built without pidfd_open or memfd_create"
        raise NoWarmKernelError(msg)


def reach_parent(place: Place, lock_file: Path | None, idle: float = IDLE) -> socket.socket:
    """Connect to a parent, which is started if it is not there.

    Parameters
    ----------
    place : Place
    lock_file : pathlib.Path, optional
    idle : float

    Returns
    -------
    socket.socket

    Raises
    ------
    NoWarmKernelError
        When it cannot be started.
    """
    make_room(place.room)
    with contextlib.suppress(NoWarmKernelError):
        return connect_to(place.socket)
    lock = _take_lock(place)
    try:
        # Somebody else may have started it meanwhile.
        with contextlib.suppress(NoWarmKernelError):
            return connect_to(place.socket)
        _start(place, lock_file, lock, idle)
    finally:
        os.close(lock)
    _retire_former(place)
    return connect_to(place.socket)


def _take_lock(place: Place) -> int:
    lock = os.open(place.lock, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE)
        else:
            return lock
    os.close(lock)
    msg = f"another process has been starting a parent of kernels for {LONGEST_START:.0f} s"
    raise NoWarmKernelError(msg)


def _start(place: Place, lock_file: Path | None, lock: int, idle: float) -> None:
    """Execute a parent and wait until it is ready. It holds the lock as long as it starts."""
    hear_end, say_end = os.pipe()
    command = [sys.executable, "-m", "analysis.suite.kernels.parent"]
    command += ["--socket", str(place.socket), "--key", place.key, "--idle", str(idle)]
    command += ["--ready", str(say_end), "--lock", str(lock)]
    command += ["--lock-file", str(lock_file.resolve())] if lock_file else []
    known = {name: os.environ[name] for name in KNOWN_TO_PARENT if name in os.environ}
    try:
        with place.log.open("wb") as log:
            subprocess.run(  # noqa: S603  # our own module, in the interpreter that runs this
                command,
                cwd=PACKAGE.parent,
                env={**known, **start_variables(os.environ), **BIND},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(say_end, lock),
                start_new_session=True,
                check=False,
            )
    finally:
        os.close(say_end)
    said = _read_all(hear_end)
    if said != READY:
        msg = f"the parent of kernels did not start: {said or f'see {place.log}'}"
        raise NoWarmKernelError(msg)


def _read_all(descriptor: int) -> str:
    said = b""
    until = time.monotonic() + LONGEST_START
    with os.fdopen(descriptor, "rb", buffering=0) as pipe:
        while (left := until - time.monotonic()) > 0:
            if not select.select([pipe], [], [], left)[0]:
                break
            part = pipe.read(1024)
            if not part:
                return said.decode()
            said += part
    return f"it was not ready after {LONGEST_START:.0f} s"


def _retire_former(place: Place) -> None:
    """Tell parents of former code to end when their kernels have, and clear up after dead ones."""
    for path in place.room.glob(f"{place.site}-*.sock"):
        if path == place.socket:
            continue
        try:
            with connect_to(path, wait=1.0) as former:
                say(former, RETIRE)
        except (NoWarmKernelError, OSError):
            path.unlink(missing_ok=True)
        path.with_suffix(".log").unlink(missing_ok=True)
