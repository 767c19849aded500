"""The line between a page and its kernel, and what else a page asks of it.

A line is for the browser that the page was sent to: its cookie has to fit the kernel.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.iostream import StreamBufferFullError
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import (
    VoilaKernelWebsocketHandler,
    read_header_from_binary_message,
)

from analysis.dashboard.serving.guard import NOT_FOUND, Guarded, as_json, note_failure
from analysis.dashboard.serving.identity import find_cookie_name, set_secret
from analysis.dashboard.serving.messages import (
    CHANNEL,
    METADATA,
    PROTOCOL,
    SAID,
    RefusedMessageError,
    read_message,
)
from analysis.dashboard.serving.sessions import draw_owner

if TYPE_CHECKING:
    from tornado.web import RequestHandler

    from analysis.dashboard.serving.sessions import Seat

OWNER = "patokaz-session-{port}"
# A page of ours sends no message that is refused, and a hand is slower than this.
MOST_REFUSED = 50
MOST_AT_ONCE = 300
WINDOW = 10.0
# A page has one line, and a second one while it is loaded anew. Each takes files of this process.
MOST_LINES = 4
# What waits for a page that does not listen: all its widgets with their pictures fit in.
LARGEST_BACKLOG = 16 * 2**20
TOO_MANY, SWITCHED = 429, 101
# Codes of the protocol of sockets.
GOING_AWAY, AGAINST_RULES = 1001, 1008


def read_owner(handler: RequestHandler) -> str:
    """Read the secret of a browser; blank where it has none of this server."""
    return (handler.get_signed_cookie(find_cookie_name(handler, OWNER)) or b"").decode()


def find_owner(handler: RequestHandler) -> str:
    """Read the secret of a browser, or give it one for as long as it is open."""
    owner = read_owner(handler)
    if not owner:
        owner = draw_owner()
        set_secret(handler, OWNER, owner)
    return owner


def find_seat(handler: RequestHandler, kernel_id: str) -> Seat:
    """Find the seat of a kernel, if it is this browser's.

    Raises
    ------
    tornado.web.HTTPError
        404 in all other cases: nobody learns whether there is such a kernel.
    """
    seat: Seat | None = handler.settings["sessions"].find_own(read_owner(handler), kernel_id)
    if seat is None:
        raise HTTPError(NOT_FOUND)
    return seat


class Lines:
    """The open lines, so that they can be cut when a kernel ends."""

    def __init__(self) -> None:
        self._open: defaultdict[str, set[ChannelsHandler]] = defaultdict(set)

    def add(self, line: ChannelsHandler) -> None:
        """Take note of an open line."""
        self._open[line.kernel_id].add(line)

    def remove(self, line: ChannelsHandler) -> None:
        """Take note of a closed line."""
        self._open[line.kernel_id].discard(line)
        if not self._open[line.kernel_id]:
            del self._open[line.kernel_id]

    def cut(self, kernel_id: str) -> None:
        """Close the lines to a kernel that has ended."""
        for line in list(self._open.get(kernel_id, ())):
            line.close(GOING_AWAY)


def _note_unheard(said: asyncio.Future[None]) -> None:
    """Take it that somebody left before all was said: that is no fault."""
    if not said.cancelled():
        said.exception()


class WidgetChannels(ZMQChannelsWebsocketConnection):
    """Passes on to the kernel what is meant for widgets, put together anew."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Read a message and pass it on."""
        if not self.channels:
            return
        message = read_message(incoming_msg)
        line: Any = self.websocket_handler
        if message.asks_for_all and not line.may_ask_for_all():
            msg = "all widgets are asked for once"
            raise RefusedMessageError(msg)
        sent = {
            "header": message.header,
            "parent_header": {},
            "metadata": METADATA.get(message.kind, {}),
            "content": message.content,
            "msg_id": message.header.get("msg_id", ""),
            "msg_type": message.kind,
        }
        self.session.send(self.channels[CHANNEL], sent)


class ChannelsHandler(VoilaKernelWebsocketHandler):  # type: ignore[misc]  # Voila has no types
    """The socket of a page."""

    kernel_id: str
    _seat: Seat | None = None
    _farewell: asyncio.Future[None] | None = None
    _refused = 0
    _heard: tuple[float, int] = (0.0, 0)

    def check_host(self) -> bool:
        """Answer to the names of this server."""
        return self.request.host_name.casefold() in self.settings["hosts"]

    async def pre_get(self) -> None:
        """See whose kernel it is before anything is opened."""
        seat = find_seat(self, self.kernel_id)
        if PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise HTTPError(400)
        if seat.lines >= MOST_LINES:
            raise HTTPError(TOO_MANY)
        # Counted before anything is waited for: many at once are many.
        self._seat = seat
        self.settings["sessions"].note_line(seat, is_open=True)
        await super().pre_get()

    async def open(self, kernel_id: str) -> None:
        """Note that somebody sits there."""
        self.settings["lines"].add(self)
        self.ws_connection.stream.max_write_buffer_size = LARGEST_BACKLOG
        await super().open(kernel_id)

    def on_message(self, message: Any) -> None:
        """Pass on what is for widgets; who sends much else is cut off."""
        sessions = self.settings["sessions"]
        now = sessions.clock()
        began, number = self._heard
        self._heard = (began, number + 1) if now - began < WINDOW else (now, 1)
        if self._heard[1] > MOST_AT_ONCE:
            self.close(AGAINST_RULES)
            return
        try:
            super().on_message(message)
        except RefusedMessageError:
            self.settings["counts"].refused_messages += 1
            self._refused += 1
            if self._refused >= MOST_REFUSED:
                self.close(AGAINST_RULES)
            return
        if self._seat is not None:
            sessions.note_activity(self._seat)

    def write_message(self, message: Any, binary: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Say what is for widgets; code, print and faults of a kernel stay here."""
        header = read_header_from_binary_message(message) if isinstance(message, bytes) else None
        if header is None or header.get("msg_type") not in SAID:
            return None
        try:
            said = super().write_message(message, binary)
        except WebSocketClosedError:
            # Whoever has left hears no more.
            return None
        except StreamBufferFullError:
            # At once: a word of farewell would only wait behind the rest. The kernel ends too, or
            # what it still has to say would be kept for a page that comes back.
            self.ws_connection.stream.close()
            if self._seat is not None:
                self._farewell = asyncio.ensure_future(self.settings["ending"].end(self._seat))
            return None
        if said is not None:
            said.add_done_callback(_note_unheard)
        return said

    def may_ask_for_all(self) -> bool:
        """Say whether the page may ask for all of its widgets."""
        seat = self._seat
        return seat is not None and bool(self.settings["sessions"].may_ask_for_all(seat))

    def on_finish(self) -> None:
        """Note that no socket was opened after all."""
        if self.get_status() != SWITCHED:
            self._leave()
        super().on_finish()

    def _leave(self) -> None:
        seat, self._seat = self._seat, None
        if seat is not None:
            self.settings["sessions"].note_line(seat, is_open=False)

    def on_close(self) -> None:
        """Note that somebody has left."""
        self.settings["lines"].remove(self)
        self._leave()
        if getattr(self, "connection", None) is not None:
            super().on_close()

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ARG002
        """Refuse without a word."""
        self.finish()

    def log_exception(self, *failure: Any) -> None:
        """Note a fault without what was asked for."""
        note_failure(self, failure[1])


class KernelHandler(Guarded):
    """What a page asks before it opens its socket: whether its kernel is there."""

    def get(self, kernel_id: str) -> None:
        """Say that it is."""
        find_seat(self, kernel_id)
        model = self.settings["kernel_manager"].kernel_model(kernel_id)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        # Nothing of the machine, and nothing of other visitors.
        kept = {name: model[name] for name in ("id", "name", "execution_state")}
        kept["last_activity"] = str(model["last_activity"])
        self.finish(as_json(kept | {"connections": 1}))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say it to a program."""
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"message": "", "status": status_code}))


class LeaveHandler(Guarded):
    """What a page sends when it is closed."""

    async def post(self, kernel_id: str) -> None:
        """End the session: its own, asked for by a page of this server."""
        seat = find_seat(self, kernel_id)
        origin = self.request.headers.get("Origin", "")
        if origin and origin.partition("://")[2] != self.request.host:
            raise HTTPError(NOT_FOUND)
        await self.settings["ending"].end(seat)
        self.set_status(204)
        self.finish()
