"""How a process and the picture service talk: one message, one answer, each with its length."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

# The largest map that we draw has some hundred kilobytes; a layer of one's own may have more.
LIMIT = 32 * 1024 * 1024
LENGTH = struct.Struct(">I")


class MessageError(ValueError):
    """A message that is no message: too long, cut off, or not what was agreed."""


def send_message(connection: socket.socket, message: dict[str, Any], limit: int = LIMIT) -> None:
    """Send a message.

    Parameters
    ----------
    connection : socket.socket
    message : dict
    limit : int
        Most bytes that it may have.

    Raises
    ------
    MessageError
        When it is longer; nothing was sent.
    """
    content = json.dumps(message, ensure_ascii=False).encode("utf-8")
    _refuse_long(len(content), limit)
    connection.sendall(LENGTH.pack(len(content)) + content)


def receive_message(connection: socket.socket, limit: int = LIMIT) -> dict[str, Any]:
    """Wait for a message.

    Parameters
    ----------
    connection : socket.socket
    limit : int
        Most bytes that it may have.

    Returns
    -------
    dict

    Raises
    ------
    MessageError
        When it is longer, ends before its end or is no object of JSON.
    """
    (length,) = LENGTH.unpack(_receive(connection, LENGTH.size))
    _refuse_long(length, limit)
    try:
        message = json.loads(_receive(connection, length))
    except ValueError as broken:
        if isinstance(broken, MessageError):
            raise
        msg = f"A message cannot be read: {broken}. Expected an object of JSON."
        raise MessageError(msg) from None
    if not isinstance(message, dict):
        msg = f"A message is a {type(message).__name__}. Expected an object of JSON."
        raise MessageError(msg)
    return message


def _receive(connection: socket.socket, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        part = connection.recv(min(length - len(found), 1 << 20))
        if not part:
            msg = f"A message ended after {len(found)} of {length} bytes. Send it again."
            raise MessageError(msg)
        found += part
    return bytes(found)


def _refuse_long(length: int, limit: int) -> None:
    if length > limit:
        msg = (
            f"A message has {length} bytes, and {limit} are the most. Draw fewer shapes, or with "
            f"fewer digits."
        )
        raise MessageError(msg)
