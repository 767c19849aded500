"""Publishers on this machine, and a client that waits for nothing."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from servers.faults import Handler, Publisher, running

from analysis.sources.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Clock:
    """Time that passes only when somebody sleeps; it remembers for how long."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies and certificates of the machine that tests run on are none of their business."""
    for name in (*PROXIES, "PATOKAZ_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> Clock:
    """The clock of `client` and of whatever else a test gives it to."""
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[Client]:
    """A client whose waits take no time; a request may take two seconds."""
    with Client(deadline=2.0, clock=clock, sleep=clock.sleep) as made:
        yield made


@pytest.fixture
def serve() -> Iterator[Callable[..., Publisher]]:
    """Starts a server of a handler: `serve(MakstatHandler, clock=clock)`; it ends with the test."""
    with ExitStack() as stack:

        def start(handler: type[Handler] = Handler, **state: object) -> Publisher:
            return stack.enter_context(running(handler, **state))

        yield start
