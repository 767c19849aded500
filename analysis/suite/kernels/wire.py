"""What owner and parent say to each other over a Unix socket, and the proof of who speaks.

The parent is told two bytes at a time: a letter and a number. What a kernel needs to know
(environment, folder, arguments) travels as an open file that the parent hands on unread, so that
no secret of one owner is ever in the memory from which the next kernel is forked.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from analysis.suite.kernels.place import NoWarmKernelError

if TYPE_CHECKING:
    from pathlib import Path

FORK, SIGNAL, RETIRE, STOP = b"F", b"S", b"R", b"Q"
# A kernel gets: what it is asked, its lifeline, and where it writes.
HANDED = 4
ANSWER_SIZE = 65536
_CREDENTIALS = struct.Struct("3i")


class ForeignUserError(PermissionError):
    """Somebody else is at the other end of a socket."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a kernel is asked to be.

    Parameters
    ----------
    arguments : list of str
        Arguments of the kernel, the connection file among them.
    environment : dict of str to str
    folder : str
        Where it works.
    umask : int
    limits : dict of str to list of int
        Limits of resources, by the number of the resource: soft and hard.
    seed : int or None
        For random numbers; None draws them from the system.
    """

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    umask: int
    limits: dict[str, list[int]]
    seed: int | None = None

    def to_file(self) -> int:
        """Write the request into a file in memory and give its descriptor."""
        descriptor = os.memfd_create("patokaz-request")
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(json.dumps(asdict(self)).encode("utf-8", "surrogateescape"))
        os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor

    @classmethod
    def from_file(cls, descriptor: int) -> Request:
        """Read a request and close its file."""
        with os.fdopen(descriptor, "rb") as file:
            return cls(**json.loads(file.read().decode("utf-8", "surrogateescape")))


def read_peer(connection: socket.socket) -> tuple[int, int]:
    """Say which process of which user is at the other end, as the system knows it.

    Parameters
    ----------
    connection : socket.socket

    Returns
    -------
    tuple of (int, int)
        Numbers of the process and of the user.
    """
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    process, user, _ = _CREDENTIALS.unpack(found)
    return int(process), int(user)


def check_peer(connection: socket.socket) -> None:
    """See that the other end belongs to the same user.

    Parameters
    ----------
    connection : socket.socket

    Raises
    ------
    ForeignUserError
        When it does not.
    """
    _, user = read_peer(connection)
    if user != os.getuid():
        msg = f"User {user} is at the other end of the socket, where user {os.getuid()} belongs."
        raise ForeignUserError(msg)


def listen_at(path: Path) -> socket.socket:
    """Listen at a path that only the owner may use.

    Parameters
    ----------
    path : pathlib.Path
        In a folder of the owner's own. What a former parent left there is removed.

    Returns
    -------
    socket.socket
    """
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(128)
    listener.settimeout(0)
    return listener


def connect_to(path: Path, wait: float = 20.0) -> socket.socket:
    """Connect to a parent of the same user.

    Parameters
    ----------
    path : pathlib.Path
    wait : float
        Seconds that each answer may take.

    Returns
    -------
    socket.socket

    Raises
    ------
    NoWarmKernelError
        When no parent listens there, or somebody else's does.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.settimeout(wait)
    try:
        connection.connect(str(path))
        check_peer(connection)
    except OSError as failure:
        connection.close()
        msg = f"no parent of kernels answers at {path.name} ({failure.strerror or failure})"
        raise NoWarmKernelError(msg) from None
    return connection


def say(connection: socket.socket, letter: bytes, number: int = 0) -> None:
    """Tell the parent something.

    Parameters
    ----------
    connection : socket.socket
    letter : bytes
    number : int
        For a signal: which.
    """
    connection.send(letter + bytes([number]))


def ask_fork(connection: socket.socket, descriptors: list[int]) -> dict[str, Any]:
    """Ask for a kernel.

    Parameters
    ----------
    connection : socket.socket
        Becomes the connection of this one kernel.
    descriptors : list of int
        The request, the lifeline, output and errors.

    Returns
    -------
    dict
        Holds ``pid``.

    Raises
    ------
    NoWarmKernelError
        When the parent refuses, dies or does not answer.
    """
    try:
        socket.send_fds(connection, [FORK + b"\0"], descriptors)
        answer = hear(connection)
    except OSError as failure:
        msg = f"the parent of kernels does not answer ({failure.strerror or failure})"
        raise NoWarmKernelError(msg) from None
    if answer is None:
        msg = "the parent of kernels ended before it answered"
        raise NoWarmKernelError(msg)
    if "refused" in answer:
        raise NoWarmKernelError(str(answer["refused"]))
    return answer


def answer(connection: socket.socket, facts: dict[str, Any]) -> None:
    """Tell an owner something; one who is gone hears nothing.

    Parameters
    ----------
    connection : socket.socket
    facts : dict
    """
    try:
        connection.send(json.dumps(facts).encode())
    except OSError:
        return


def hear(connection: socket.socket) -> dict[str, Any] | None:
    """Hear what a parent says.

    Parameters
    ----------
    connection : socket.socket

    Returns
    -------
    dict or None
        None when the parent is gone.
    """
    try:
        said = connection.recv(ANSWER_SIZE)
    except ConnectionError:
        return None
    facts: dict[str, Any] | None = json.loads(said) if said else None
    return facts
