"""What one visitor may take: connections, lines, patience, and room for what nobody reads."""

from __future__ import annotations

import asyncio
import gc
import json
import resource
from types import SimpleNamespace

import pytest
from tornado.iostream import StreamBufferFullError, StreamClosedError
from tornado.netutil import bind_sockets
from tornado.tcpclient import TCPClient
from tornado.web import Application, HTTPError
from tornado.websocket import WebSocketClosedError

from analysis.dashboard.serving import application, dashboards
from analysis.dashboard.serving.application import BoundedServer, raise_file_limit
from analysis.dashboard.serving.channels import (
    LARGEST_BACKLOG,
    MOST_LINES,
    PROTOCOL,
    ChannelsHandler,
    Lines,
    VoilaKernelWebsocketHandler,
    WidgetChannels,
)
from analysis.dashboard.serving.dashboards import DashboardHandler
from analysis.dashboard.serving.guard import LeadHandler
from analysis.dashboard.serving.health import HealthHandler
from analysis.dashboard.serving.messages import RefusedMessageError
from analysis.dashboard.serving.sessions import ASKED_WINDOW, MOST_ASKED


def pack(channel, *parts):
    """Write a message as it goes over the line."""
    said = [channel.encode(), *(json.dumps(part).encode() for part in parts)]
    offsets = [8 * (len(said) + 2)]
    for part in said:
        offsets.append(offsets[-1] + len(part))
    return b"".join(n.to_bytes(8, "little") for n in (len(offsets), *offsets)) + b"".join(said)


def test_who_comes_when_there_are_too_many_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(application, "MOST_CONNECTIONS", 2)

    async def knock():
        (socket,) = bind_sockets(0, "127.0.0.1")
        server = BoundedServer(Application([]))
        server.add_sockets([socket])
        port = socket.getsockname()[1]
        lines = [await TCPClient().connect("127.0.0.1", port) for _ in range(3)]
        with pytest.raises(StreamClosedError, match="closed"):
            await lines[2].read_bytes(1)
        stays = not lines[1].closed()
        lines[0].close()
        await asyncio.sleep(0.05)
        again = await TCPClient().connect("127.0.0.1", port)
        await again.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = await again.read_until(b"\r\n")
        for line in (*lines, again):
            line.close()
        server.stop()
        await server.close_all_connections()
        return stays, answer

    assert asyncio.run(knock()) == (True, b"HTTP/1.1 404 Not Found\r\n")


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        ((1024, 524288), [(8192, 524288)]),
        ((1024, 4096), [(4096, 4096)]),
        ((1024, resource.RLIM_INFINITY), [(8192, resource.RLIM_INFINITY)]),
        ((20000, 20000), []),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), []),
    ],
)
def test_as_many_files_as_sessions_may_want(monkeypatch, limits, wanted):
    asked = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: asked.append(both))
    raise_file_limit()

    assert asked == wanted


def page(flush):
    closed = []
    handler = DashboardHandler.__new__(DashboardHandler)
    handler.write = handler.flush = None
    handler.__dict__ |= {
        "write": lambda _: None,
        "flush": flush,
        "request": SimpleNamespace(connection=SimpleNamespace(close=lambda: closed.append(1))),
    }
    return handler, closed


def test_who_takes_no_byte_of_a_page_is_given_up(monkeypatch):
    monkeypatch.setattr(dashboards, "SLOWEST_READER", 0.01)

    async def send(is_taken):
        future = asyncio.get_running_loop().create_future()
        if is_taken:
            future.set_result(None)
        handler, closed = page(lambda: future)
        return await handler._send_part("text"), closed

    assert asyncio.run(send(is_taken=True)) == (True, [])
    assert asyncio.run(send(is_taken=False)) == (False, [1])


@pytest.fixture
def line(sessions):
    """A socket of the first visitor's page, before it is opened."""

    def make():
        handler = ChannelsHandler.__new__(ChannelsHandler)
        handler.kernel_id = "k"
        handler.__dict__ |= {
            "application": SimpleNamespace(settings={"sessions": sessions, "lines": Lines()}),
            "request": SimpleNamespace(headers={"Sec-WebSocket-Protocol": PROTOCOL}),
            "get_status": lambda: 404,
        }
        return handler

    return make


@pytest.fixture
def seat(sessions, monkeypatch):
    taken = sessions.ask("a", "/")
    taken.kernel_id = "k"
    monkeypatch.setattr("analysis.dashboard.serving.channels.find_seat", lambda *_: taken)
    return taken


def test_a_page_has_few_lines_however_many_are_asked_for_at_once(line, seat, monkeypatch):
    opened = []

    async def prepare(handler):
        await asyncio.sleep(0)
        opened.append(handler)

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "pre_get", prepare)

    async def ask():
        asked = [line().pre_get() for _ in range(MOST_LINES + 3)]
        return await asyncio.gather(*asked, return_exceptions=True)

    refused = [found for found in asyncio.run(ask()) if found is not None]
    assert len(opened) == seat.lines == MOST_LINES
    assert [(type(f), f.status_code) for f in refused] == [(HTTPError, 429)] * 3
    # A line that never came to be gives its place back, and once only.
    for _ in range(2):
        opened[0].on_finish()
    opened[1].on_close()
    assert seat.lines == MOST_LINES - 2
    opened[2].__dict__["get_status"] = lambda: 101
    opened[2].on_finish()
    assert seat.lines == MOST_LINES - 2


def test_what_nobody_listens_to_does_not_pile_up(line, seat, monkeypatch):
    closed, opened = [], []

    async def opens(_, kernel_id):
        opened.append(kernel_id)

    def full(*_):
        message = "Reached maximum write buffer size"
        raise StreamBufferFullError(message)

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "open", opens)
    monkeypatch.setattr(VoilaKernelWebsocketHandler, "write_message", full)
    stream = SimpleNamespace(max_write_buffer_size=None, close=lambda: closed.append(1))
    handler = line()
    handler._seat = seat
    handler.ws_connection = SimpleNamespace(stream=stream)

    async def end(seat):
        closed.append(seat)

    async def say():
        handler.settings["ending"] = SimpleNamespace(end=end)
        await handler.open("k")
        said = pack("iopub", {"msg_type": "status"}, {}, {}, {})
        assert handler.write_message(said, binary=True) is None
        await handler._farewell

    asyncio.run(say())
    assert opened == ["k"]
    assert stream.max_write_buffer_size == LARGEST_BACKLOG
    assert closed == [1, seat]


def test_who_leaves_before_all_is_said_is_no_fault(line, monkeypatch):
    said = pack("iopub", {"msg_type": "status"}, {}, {}, {})

    def gone(*_):
        raise WebSocketClosedError

    async def say():
        loop, faults = asyncio.get_running_loop(), []
        loop.set_exception_handler(lambda _, fault: faults.append(fault))
        made = [loop.create_future()]
        monkeypatch.setattr(VoilaKernelWebsocketHandler, "write_message", lambda *_: made.pop())
        line().write_message(said, binary=True).set_exception(WebSocketClosedError())
        await asyncio.sleep(0)
        gc.collect()
        return faults

    assert asyncio.run(say()) == []
    monkeypatch.setattr(VoilaKernelWebsocketHandler, "write_message", gone)
    assert line().write_message(said, binary=True) is None


def test_a_page_asks_for_all_of_its_widgets_once(sessions, seat, clock):
    asked = [sessions.may_ask_for_all(seat) for _ in range(MOST_ASKED + 2)]
    assert asked == [True] * MOST_ASKED + [False] * 2
    clock.now += ASKED_WINDOW
    assert sessions.may_ask_for_all(seat)

    sent = []
    fake = SimpleNamespace(
        channels={"shell": "shell"},
        session=SimpleNamespace(send=lambda _, message: sent.append(message)),
        websocket_handler=SimpleNamespace(may_ask_for_all=lambda: False),
    )
    header = {"msg_type": "comm_msg", "msg_id": "1"}
    for method in ("request_state", "request_states"):
        raw = pack("shell", header, {}, {}, {"comm_id": "c", "data": {"method": method}})
        if method == "request_states":
            with pytest.raises(RefusedMessageError, match="asked for once"):
                WidgetChannels.handle_incoming_message(fake, raw)
        else:
            WidgetChannels.handle_incoming_message(fake, raw)
    assert [m["content"]["data"]["method"] for m in sent] == ["request_state"]


def test_a_kernel_is_told_which_protocol_the_page_speaks():
    sent = []
    said = {
        "comm_open": {"comm_id": "c", "target_name": "jupyter.widget.control"},
        "comm_info_request": {},
    }
    fake = SimpleNamespace(
        channels={"shell": "shell"},
        session=SimpleNamespace(send=lambda _, message: sent.append(message)),
        websocket_handler=None,
    )
    for kind, content in said.items():
        header = {"msg_type": kind, "msg_id": "1"}
        raw = pack("shell", header, {}, {"version": "9", "code": "1"}, content)
        WidgetChannels.handle_incoming_message(fake, raw)

    assert [message["metadata"] for message in sent] == [{"version": "1.0.0"}, {}]


def test_addresses_that_lead_on_answer_to_known_hosts_only(ask):
    lead = (r"/", LeadHandler, {"url": "/pages/", "permanent": False})
    evil = {"headers": {"Host": "evil.example"}}
    own, other, health = ask(
        [lead, (r"/health", HealthHandler)], [("/", {}), ("/", evil), ("/health", evil)]
    )

    assert (own.code, own.headers["Location"]) == (302, "/pages/")
    assert own.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in own.headers
    assert (other.code, health.code) == (403, 403)
    assert "Location" not in other.headers
