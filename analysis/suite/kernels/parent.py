"""The process that kernels are forked from: one thread, code and no data.

It is executed by whoever needs the first kernel, leaves that process at once, and ends by itself
when nobody has used it for some minutes or another parent has taken its place.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.suite.kernels.alone import NotAloneError, assert_alone
from analysis.suite.kernels.birth import Birth, become_kernel
from analysis.suite.kernels.code import STEADY, import_code
from analysis.suite.kernels.place import PACKAGE, make_key
from analysis.suite.kernels.wire import (
    FORK,
    HANDED,
    RETIRE,
    SIGNAL,
    STOP,
    ForeignUserError,
    answer,
    check_peer,
    listen_at,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

READY = "ready"
# How often a parent looks whether it is still wanted.
GLANCE = 5.0
# Linux counts the largest memory of a process in units of 1,024 bytes.
UNIT = 1024


@dataclass
class Owner:
    """A connection, and the kernel that was asked for over it."""

    connection: socket.socket
    pid: int = 0
    handle: int = -1


@dataclass
class Parent:
    """Forks kernels for its user until nobody asks any more.

    Parameters
    ----------
    path : pathlib.Path
        Where it listens.
    idle : float
        Seconds without an owner after which it ends.
    """

    path: Path
    idle: float
    listener: socket.socket | None = None
    owners: dict[int, Owner] = field(default_factory=dict)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    inode: int = 0

    def open(self) -> None:
        """Listen."""
        self.listener = listen_at(self.path)
        self.inode = self.path.stat().st_ino
        self.selector.register(self.listener, selectors.EVENT_READ, self._welcome)

    def serve(self) -> Birth | None:
        """Serve until nobody asks any more.

        Returns
        -------
        Birth or None
            In a fork: what the kernel has to become. In the parent, at its end: None.
        """
        alone_since = time.monotonic()
        while True:
            for ready, _ in self.selector.select(min(GLANCE, self.idle)):
                if ready.fd not in self.selector.get_map():
                    continue  # closed by what came before it in this round
                born = ready.data(ready.fd)
                if born is not None:
                    return self._leave(born)
            if self.owners:
                alone_since = time.monotonic()
            if not self._is_current():
                self._retire()
            if self.listener is None and not any(o.pid for o in self.owners.values()):
                return None
            if time.monotonic() - alone_since > self.idle:
                self._retire()

    def _is_current(self) -> bool:
        """Whether the socket at the path is still this one."""
        with contextlib.suppress(OSError):
            return self.path.stat().st_ino == self.inode
        return False

    def _retire(self) -> None:
        """Take no more requests; the kernels that are there go on."""
        if self.listener is None:
            return
        if self._is_current():
            self.path.unlink(missing_ok=True)
        self.selector.unregister(self.listener)
        self.listener.close()
        self.listener = None

    def _welcome(self, _: int) -> None:
        if self.listener is None:
            return
        with contextlib.suppress(OSError):
            connection, _address = self.listener.accept()
            try:
                check_peer(connection)
            except ForeignUserError as stranger:
                sys.stderr.write(f"{stranger}\n")
                connection.close()
                return
            # Asking never waits: an owner that stopped must not stop the others.
            connection.settimeout(0)
            self.owners[connection.fileno()] = Owner(connection)
            self.selector.register(connection, selectors.EVENT_READ, self._listen)

    def _listen(self, number: int) -> Birth | None:
        """Do what an owner says; see to its kernel where it is gone."""
        owner = self.owners[number]
        try:
            said, handed, _, _ = socket.recv_fds(owner.connection, 16, HANDED)
        except BlockingIOError:
            return None
        except OSError:
            said, handed = b"", []
        try:
            letter, value = said[:1], said[1] if len(said) > 1 else 0
            if letter == FORK and len(handed) == HANDED and not owner.pid:
                born = self._fork(owner, handed)
                handed = [] if born else handed
                return born
        finally:
            for descriptor in handed:
                os.close(descriptor)
        if letter == SIGNAL and owner.pid:
            _signal_group(owner.pid, value)
        elif letter == RETIRE:
            self._retire()
        elif letter == STOP:
            self._retire()
            for other in self.owners.values():
                _signal_group(other.pid, signal.SIGKILL)
        elif not letter:
            self._lose(owner)
        return None

    def _lose(self, owner: Owner) -> None:
        """Kill the kernel of an owner that is gone; forget an owner without a kernel."""
        self.selector.unregister(owner.connection)
        if owner.pid:
            _signal_group(owner.pid, signal.SIGKILL)
        else:
            del self.owners[owner.connection.fileno()]
            owner.connection.close()

    def _fork(self, owner: Owner, handed: list[int]) -> Birth | None:
        try:
            assert_alone()
            pid = os.fork()
        except (NotAloneError, OSError) as failure:
            answer(owner.connection, {"refused": f"the parent of kernels cannot fork: {failure}"})
            return None
        if not pid:
            return Birth(*handed)
        owner.pid = pid
        owner.handle = os.pidfd_open(pid)
        number = owner.connection.fileno()
        self.selector.register(owner.handle, selectors.EVENT_READ, lambda _: self._reap(number))
        answer(owner.connection, {"pid": pid})
        return None

    def _reap(self, number: int) -> None:
        """Take note of a kernel that ended, and tell its owner what it came to."""
        owner = self.owners.pop(number)
        self.selector.unregister(owner.handle)
        os.close(owner.handle)
        # Until it is waited for, its number is its own, and so is that of its group: what it
        # started and left behind ends with it.
        _signal_group(owner.pid, signal.SIGKILL)
        _, status, used = os.wait4(owner.pid, 0)
        answer(
            owner.connection,
            {
                "code": os.waitstatus_to_exitcode(status),
                "cpu": used.ru_utime + used.ru_stime,
                "peak": used.ru_maxrss * UNIT,
            },
        )
        with contextlib.suppress(KeyError):
            self.selector.unregister(owner.connection)
        owner.connection.close()

    def _leave(self, born: Birth) -> Birth:
        """In a fork: let go of all that belongs to the parent and to other owners."""
        self.selector.close()
        if self.listener is not None:
            self.listener.close()
        for owner in self.owners.values():
            owner.connection.close()
            if owner.handle >= 0:
                os.close(owner.handle)
        return born


def _signal_group(pid: int, number: int) -> None:
    """Signal a kernel that has not been waited for, with all that it started."""
    if pid:
        with contextlib.suppress(OSError, ValueError):
            # Just forked, it may not lead its group yet.
            leads = os.getpgid(pid) == pid
            (os.killpg if leads else os.kill)(pid, number)


def main(arguments: Sequence[str] | None = None) -> int:
    """Import the code, say that it is ready, and serve; in a fork, be a kernel."""
    asked = _read_arguments(arguments)
    if os.fork():
        # Whoever executed this has nobody to wait for.
        return 0
    os.setsid()
    os.umask(0o077)
    os.chdir("/")
    # Where the package was found; an ordinary kernel does not look there either.
    if sys.path[0] == str(PACKAGE.parent):
        del sys.path[0]
    born = _serve(asked)
    if born is not None:
        become_kernel(born)
    return 0


def _serve(asked: argparse.Namespace) -> Birth | None:
    parent = Parent(asked.socket, asked.idle)
    with os.fdopen(asked.ready, "w") as ready:
        try:
            _prepare(asked)
            parent.open()
        except (NotAloneError, OSError) as failure:
            ready.write(str(failure))
            return None
        ready.write(READY)
    os.close(asked.lock)
    return parent.serve()


def _prepare(asked: argparse.Namespace) -> None:
    os.environ.update(STEADY)
    missing = import_code()
    if missing:
        sys.stderr.write(f"Not there any more: {', '.join(missing)}.\n")
    assert_alone()
    if make_key(asked.lock_file, os.environ) != asked.key:
        msg = "the code was changed while it was being imported; the next kernel tries anew"
        raise NotAloneError(msg)
    # What is frozen is never written to by the collector: its pages stay shared.
    gc.collect()
    gc.freeze()
    gc.disable()


def _read_arguments(arguments: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--lock-file", type=Path)
    parser.add_argument("--key", required=True)
    parser.add_argument("--idle", type=float, required=True)
    parser.add_argument("--ready", type=int, required=True, help="Where to say that it is ready.")
    parser.add_argument("--lock", type=int, required=True, help="Held until it is ready.")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
