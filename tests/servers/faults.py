"""A publisher that answers right, or goes wrong in a way that a test asks for.

A server of one publisher is a :class:`Handler` with its own ``answer``::

    class UnhcrHandler(Handler):
        def answer(self, asked: Asked) -> Reply:
            return Reply.json({"items": []})


    with running(UnhcrHandler) as server:
        server.faults.extend(["500", "right"])  # one for each request to come
        UnhcrSource(server.address).fetch(client)
        assert len(server.calls) == 2

What a fault does: see :meth:`Handler.go_wrong`. Without faults every answer is right;
``server.always`` is the fault of every request for which none is in the queue.
"""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = b"<!DOCTYPE html><html><body>The service is being maintained.</body></html>"


@dataclass(frozen=True)
class Asked:
    """A request as it came in: the path is unquoted, the query holds lists of text."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: bytes
    headers: dict[str, str]
    target: str


@dataclass(frozen=True)
class Reply:
    """An answer before anything goes wrong with it."""

    content: bytes
    media_type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, data: object, status: int = 200) -> Reply:
        return cls(json.dumps(data, ensure_ascii=False).encode(), status=status)


class Publisher(ThreadingHTTPServer):
    """A server on a free port of this machine, with what was asked and what will go wrong."""

    daemon_threads = True

    def __init__(self, handler: type[Handler], **state: object) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.faults: deque[str] = deque()
        self.always = "right"
        self.retry_after = "1"
        self.pause = 0.05
        self.calls: list[Asked] = []
        self.stopped = threading.Event()
        self.state = state

    @property
    def address(self) -> str:
        scheme = "https" if isinstance(self.socket, ssl.SSLSocket) else "http"
        return f"{scheme}://127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def running(
    handler: type[Handler], tls: ssl.SSLContext | None = None, **state: object
) -> Iterator[Publisher]:
    """Run a server in a thread as long as the block lasts; ``state`` is at ``server.state``."""
    server = Publisher(handler, **state)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


class Handler(BaseHTTPRequestHandler):
    """Answers with :meth:`answer`, except where the server has a fault for this request."""

    server: Publisher
    protocol_version = "HTTP/1.1"
    timeout = 10

    def answer(self, asked: Asked) -> Reply:
        """Give the right answer; the server of a publisher writes this."""
        return Reply.json({"asked": asked.path})

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def log_message(self, *_: object) -> None:
        """Say nothing: tests are quiet."""

    def _handle(self) -> None:
        self.close_connection = True
        parts = urlsplit(self.path)
        asked = Asked(
            method=self.command,
            path=unquote(parts.path),
            query=parse_qs(parts.query),
            body=self.rfile.read(int(self.headers.get("content-length", 0))),
            headers={name.lower(): value for name, value in self.headers.items()},
            target=self.path,
        )
        self.server.calls.append(asked)
        faults = self.server.faults
        fault = faults.popleft() if faults else self.server.always
        with contextlib.suppress(OSError):
            if fault == "right":
                self._send(self.answer(asked))
            else:
                self.go_wrong(fault, asked)

    def go_wrong(self, fault: str, asked: Asked) -> None:
        """Do what a fault says.

        A number is a status (429 and 503 come with ``server.retry_after``); ``cut`` stops in the
        middle, ``cut-chunk`` within a chunk, ``drop`` before anything; ``type`` gives the right
        bytes as text/plain, ``html`` a page, ``html-as-json`` a page that says it is JSON,
        ``empty`` nothing, ``broken`` half of the bytes as if they were whole; ``trickle`` sends
        a byte at a time, ``trickle-headers`` already so in the headers; ``redirect`` points to
        ``/moved`` and then the same path, ``circle`` to itself, ``endless`` never stops.
        """
        if fault.isdigit():
            wait = {"Retry-After": self.server.retry_after} if fault in {"429", "503"} else {}
            self._send(Reply(b'{"error": "no"}', status=int(fault), headers=wait))
        elif fault in {"html", "html-as-json"}:
            kind = "text/html; charset=utf-8" if fault == "html" else "application/json"
            self._send(Reply(PAGE, kind))
        elif fault in {"redirect", "circle"}:
            where = f"/moved{self.path}" if fault == "redirect" else self.path
            self._send(Reply(b"", status=302, headers={"Location": where}))
        elif fault != "drop":
            self._spoil(fault, self.answer(asked))

    def _spoil(self, fault: str, right: Reply) -> None:
        half = right.content[: len(right.content) // 2]
        if fault == "type":
            self._send(Reply(right.content, "text/plain"))
        elif fault == "empty":
            self._send(Reply(b"", right.media_type))
        elif fault == "broken":
            self._send(Reply(half, right.media_type))
        elif fault == "cut":
            self._head(right, {"Content-Length": str(len(right.content))})
            self.wfile.write(half)
        elif fault == "cut-chunk":
            self._head(right, {"Transfer-Encoding": "chunked"})
            self.wfile.write(b"%x\r\n" % len(right.content) + half)
        elif fault == "trickle":
            self._head(right, {"Content-Length": str(len(right.content))})
            self._drip(right.content)
        elif fault == "trickle-headers":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000)
        elif fault == "endless":
            self._head(right, {"Transfer-Encoding": "chunked"})
            while not self.server.stopped.is_set():
                self.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        else:
            message = f"'{fault}' is no fault that this server knows."
            raise AssertionError(message)

    def _send(self, reply: Reply) -> None:
        self._head(reply, {"Content-Length": str(len(reply.content))})
        self.wfile.write(reply.content)

    def _head(self, reply: Reply, headers: dict[str, str]) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media_type)
        self.send_header("Connection", "close")
        for name, value in {**headers, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()

    def _drip(self, content: bytes) -> None:
        for place in range(len(content)):
            if self.server.stopped.wait(self.server.pause):
                return
            self.wfile.write(content[place : place + 1])
            self.wfile.flush()
