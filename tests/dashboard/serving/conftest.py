from __future__ import annotations

import asyncio

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from analysis.dashboard.serving.files import Shelf
from analysis.dashboard.serving.health import Counts
from analysis.dashboard.serving.identity import Identity
from analysis.dashboard.serving.sessions import Sessions


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def no_loop():
    """Servers need the loop that tests of dashboards take away."""


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(clock):
    return Sessions(2, clock)


@pytest.fixture
def ask():
    """Asks an application of handlers of ours, one request after the other, on this machine."""

    def asked(handlers, requests, way=None, **settings):
        return asyncio.run(ask_all(handlers, requests, way, settings))

    return asked


async def ask_all(handlers, requests, way, settings):
    identity = Identity()
    if way is not None:
        identity.way = way
    (socket,) = bind_sockets(0, "127.0.0.1")
    port = socket.getsockname()[1]
    application = Application(
        handlers,
        **{
            "hosts": {"127.0.0.1"},
            "identity_provider": identity,
            "cookie_secret": "a secret of this test",
            "shelf": Shelf(),
            "counts": Counts(),
            "port": port,
            "log_function": str,
        }
        | settings,
    )
    server = HTTPServer(application, max_body_size=1024)
    server.add_sockets([socket])
    client = AsyncHTTPClient(force_instance=True)
    try:
        return [
            await client.fetch(
                f"http://127.0.0.1:{port}{path}",
                raise_error=False,
                follow_redirects=False,
                decompress_response=False,
                **more,
            )
            for path, more in requests
        ]
    finally:
        client.close()
        server.stop()
        await server.close_all_connections()
