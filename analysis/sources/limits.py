"""The bounds of asking: so many calls in so much time, and a time by which an answer is whole."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Rate:
    """Lets at most so many calls through in so many seconds, and waits for the rest.

    Parameters
    ----------
    calls : int
    seconds : float
    clock, sleep : callable
        For tests; the monotonic clock and a real sleep otherwise.
    """

    def __init__(
        self,
        calls: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._past: deque[float] = deque(maxlen=calls)

    def wait(self) -> None:
        """Wait until one more call is allowed, and count it."""
        if len(self._past) == self._past.maxlen:
            left = self._past[0] + self.seconds - self._clock()
            if left > 0:
                self._sleep(left)
        self._past.append(self._clock())


class Deadline:
    """Cuts a request off when its time is over, even while headers trickle in.

    Parameters
    ----------
    seconds : float
    """

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._stream: Any = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Learn from httpcore which socket the request uses."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._stream = info["return_value"]

    def _cut(self) -> None:
        self.over = True
        if self._stream is not None:
            with contextlib.suppress(OSError):
                # The plain method: the one of SSLSocket takes the session away from its reader.
                held = self._stream.get_extra_info("socket")
                socket.socket.shutdown(held, socket.SHUT_RDWR)
