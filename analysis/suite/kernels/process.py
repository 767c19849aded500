"""A forked kernel as its owner sees it: the face of a child process, without being one."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

from analysis.suite.kernels.place import NoWarmKernelError
from analysis.suite.kernels.wire import SIGNAL, Request, ask_fork, hear, say

if TYPE_CHECKING:
    import socket

SEED_VARIABLE = "PATOKAZ_SEED"
# What is known of a kernel whose parent died before it: that it ended.
UNKNOWN = 255
PAUSE = 0.02
LIMITS = tuple(getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_"))


class WarmProcess:
    """A kernel that was forked for this process.

    As long as its connection is open the parent sees to the kernel; when the connection closes,
    because this process ended in whatever way, the kernel is killed.

    Parameters
    ----------
    connection : socket.socket
        To the parent.
    pid : int
    lifeline : int
        Writing end of a pipe that nobody writes to.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int, lifeline: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.cpu_seconds = 0.0
        self.peak_bytes = 0
        self._connection: socket.socket | None = None
        self._lifeline = -1
        # Stands for this very process: a number may be given to another one, a handle is not.
        self._handle = os.pidfd_open(pid)
        self._connection, self._lifeline = connection, lifeline
        connection.settimeout(0)

    def __del__(self) -> None:
        """Let go, as the end of this process would."""
        self._close()

    def poll(self) -> int | None:
        """Say how it ended; None as long as it has not."""
        if self.returncode is None and self._connection is not None:
            self._listen(self._connection)
        if self.returncode is None and self._connection is None and self._is_gone():
            self._note({"code": UNKNOWN, "cpu": 0.0, "peak": 0})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises
        ------
        subprocess.TimeoutExpired
            When it takes longer.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            # Its end comes with the answer of the parent, shortly after that of the process.
            if select.select([self.waitable()], [], [], left)[0] and self.poll() is None:
                time.sleep(PAUSE)
        return code

    def waitable(self) -> int:
        """Give a descriptor that can be read when there is news."""
        return self._handle if self._connection is None else self._connection.fileno()

    def send_signal(self, number: int) -> None:
        """Signal it and all that it started; after its end nothing happens."""
        if self.poll() is not None:
            return
        if self._connection is not None:
            with contextlib.suppress(OSError):
                say(self._connection, SIGNAL, int(number))
                return
        # The parent is dead. The handle is that of the kernel whatever became of its number, and
        # the lifeline, once closed, has the system kill it with all that it started.
        if number == signal.SIGKILL:
            self._cut()
        else:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _listen(self, connection: socket.socket) -> None:
        try:
            said = hear(connection)
        except BlockingIOError:
            return
        if said is None:
            connection.close()
            self._connection = None
        elif "code" in said:
            self._note(said)

    def _is_gone(self) -> bool:
        return bool(select.select([self._handle], [], [], 0)[0])

    def _note(self, said: dict[str, Any]) -> None:
        self.returncode = int(said["code"])
        self.cpu_seconds = float(said["cpu"])
        self.peak_bytes = int(said["peak"])
        self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._cut()
        if getattr(self, "_handle", -1) >= 0:
            os.close(self._handle)
            self._handle = -1

    def _cut(self) -> None:
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1


def fork_kernel(
    connection: socket.socket,
    arguments: list[str],
    environment: dict[str, str],
    folder: str,
    streams: tuple[int, int] = (1, 2),
) -> WarmProcess:
    """Ask a parent for a kernel that belongs to this process.

    Parameters
    ----------
    connection : socket.socket
        To the parent; becomes that of the kernel.
    arguments : list of str
        Of the kernel.
    environment : dict of str to str
    folder : str
        Where it works.
    streams : tuple of (int, int)
        Descriptors to write to: output and errors.

    Returns
    -------
    WarmProcess

    Raises
    ------
    NoWarmKernelError
        When the parent refuses, dies, or the seed is no number.
    """
    opened: list[int] = []
    try:
        request = Request(
            arguments=arguments,
            environment=environment,
            folder=folder,
            umask=_own_umask(),
            limits={str(n): list(resource.getrlimit(n)) for n in LIMITS},
            seed=read_seed(environment),
        )
        opened += [request.to_file(), *os.pipe()]
        asked, far, near = opened
        answer = ask_fork(connection, [asked, far, *streams])
        process = WarmProcess(connection, int(answer["pid"]), near)
        opened.remove(near)
    except (NoWarmKernelError, OSError) as failure:
        connection.close()
        raise NoWarmKernelError(str(failure)) from None
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return process


def read_seed(environment: dict[str, str]) -> int | None:
    """Read the seed that a run gives to its kernel.

    Parameters
    ----------
    environment : dict of str to str

    Returns
    -------
    int or None
        None where none is given.

    Raises
    ------
    NoWarmKernelError
        When it is no whole number.

    Examples
    --------
    >>> read_seed({"PATOKAZ_SEED": "7"})
    7
    """
    given = environment.get(SEED_VARIABLE)
    if not given:
        return None
    if not given.isdecimal():
        msg = f"{SEED_VARIABLE} is '{given}', where a whole number from 0 on belongs"
        raise NoWarmKernelError(msg)
    return int(given)


def _own_umask() -> int:
    """Read the umask without setting it, which would be seen by other threads."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:  # noqa: PTH123
        for line in status:
            if line.startswith("Umask:"):
                return int(line.split()[1], 8)
    return 0o077
