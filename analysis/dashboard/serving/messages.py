"""What a browser may say to a kernel: to widgets, and nothing else.

A message is taken apart and put together anew from the parts that are known, so that nothing
travels beside them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

PROTOCOL = "v1.kernel.websocket.jupyter.org"
CHANNEL = "shell"
LARGEST = 256 * 1024
# Parts of a message behind the channel: header, parent, metadata, content.
PARTS = 4
WORD = 8
# What the page asks for all widgets by. A page never makes a widget of its own.
TARGETS = frozenset({"jupyter.widget.control"})
METHODS = frozenset({"update", "custom", "request_state", "request_states"})
KINDS = {
    "comm_open": frozenset({"comm_id", "target_name", "target_module", "data"}),
    "comm_msg": frozenset({"comm_id", "data"}),
    "comm_close": frozenset({"comm_id", "data"}),
    "comm_info_request": frozenset({"target_name", "target"}),
    "kernel_info_request": frozenset[str](),
}
# What a kernel may say to a page. Code, what it printed and where it failed stay here.
SAID = frozenset(
    {
        "comm_open",
        "comm_msg",
        "comm_close",
        "comm_info_reply",
        "kernel_info_reply",
        "status",
        "display_data",
        "update_display_data",
        "clear_output",
        "shutdown_reply",
    }
)
LONGEST_NAME = 100
# What the kernel wants to be told beside a message. It is ours: nothing of it comes from a page.
METADATA = {"comm_open": {"version": "1.0.0"}}


class RefusedMessageError(ValueError):
    """A message that no page of ours sends."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a page says to its kernel.

    Parameters
    ----------
    kind : str
    header : dict
        Who says it, and under which id answers are expected.
    content : dict
    """

    kind: str
    header: dict[str, str]
    content: dict[str, Any]

    @property
    def asks_for_all(self) -> bool:
        """Whether the answer is the state of all widgets, pictures and all."""
        return bool(self.content.get("data", {}).get("method") == "request_states")


def read_message(raw: object) -> Message:
    """Read a message of a browser.

    Parameters
    ----------
    raw : object
        As it came; only what is written after Jupyter's own protocol is read.

    Returns
    -------
    Message

    Raises
    ------
    RefusedMessageError
        Anything that no page of ours sends.

    Examples
    --------
    >>> read_message(b"execute this")
    Traceback (most recent call last):
        ...
    analysis.dashboard.serving.messages.RefusedMessageError: not in the form of the protocol
    """
    if not isinstance(raw, bytes) or len(raw) > LARGEST:
        msg = "not in the form of the protocol"
        raise RefusedMessageError(msg)
    channel, parts = _split(raw)
    header, _, _, content = (_object(part) for part in parts)
    kind = header.get("msg_type")
    if not isinstance(kind, str) or kind not in KINDS or channel != CHANNEL:
        msg = f"'{str(kind)[:LONGEST_NAME]}' is not taken"
        raise RefusedMessageError(msg)
    known = ("msg_id", "username", "session", "date", "version")
    kept = {k: str(header[k])[:LONGEST_NAME] for k in known if k in header}
    return Message(kind, kept | {"msg_type": kind}, _content(kind, content))


def _split(raw: bytes) -> tuple[str, list[bytes]]:
    """Cut a message at its offsets: how many, where each part begins, where the last ends."""
    count = int.from_bytes(raw[:WORD], "little")
    if count != PARTS + 2:
        msg = "not in the form of the protocol"
        raise RefusedMessageError(msg)
    ends = [int.from_bytes(raw[WORD * i : WORD * (i + 1)], "little") for i in range(1, count + 1)]
    if ends != sorted(ends) or ends[0] != WORD * (count + 1) or ends[-1] != len(raw):
        msg = "not in the form of the protocol"
        raise RefusedMessageError(msg)
    channel = raw[ends[0] : ends[1]].decode("ascii", errors="replace")
    return channel, [raw[ends[i] : ends[i + 1]] for i in range(1, count - 1)]


def _object(part: bytes) -> dict[str, Any]:
    try:
        found = json.loads(part)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        msg = "not in the form of the protocol"
        raise RefusedMessageError(msg)
    return found


def _content(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    if set(content) - KINDS[kind]:
        msg = f"'{kind}' brings more than it may"
        raise RefusedMessageError(msg)
    data = content.get("data", {})
    if not isinstance(data, dict):
        msg = f"'{kind}' has no data"
        raise RefusedMessageError(msg)
    if kind == "comm_open" and (
        content.get("target_name") not in TARGETS or content.get("target_module")
    ):
        msg = "a page opens no widget of its own"
        raise RefusedMessageError(msg)
    if kind == "comm_msg" and data.get("method") not in METHODS:
        msg = "widgets are told of changes only"
        raise RefusedMessageError(msg)
    return content
