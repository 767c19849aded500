"""How many sessions are made at once: no more than the machine can work on.

Twenty kernels that start together take as long as one after the other, and each of their readers
waits for the last. A few at a time serve the first readers soon and the last ones no later.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

# One more than there are processors: while a kernel starts, the server has its own part to do.
MORE = 1
# First views go before; but not for ever.
LONGEST = 10.0
GLANCE = 0.02


class Starts:
    """Lets sessions begin, in the order in which they were asked for.

    Parameters
    ----------
    limit : int
        How many at once.
    is_busy : callable
        Whether there is something that goes before: readers who have not seen a figure yet.
    longest : float
        Seconds after which a session begins all the same.
    """

    def __init__(
        self, limit: int, is_busy: Callable[[], bool] = lambda: False, longest: float = LONGEST
    ) -> None:
        self._free = asyncio.Semaphore(limit)
        self._is_busy = is_busy
        self._longest = longest

    @asynccontextmanager
    async def take_turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and hold it as long as the session is being made."""
        async with self._free:
            loop = asyncio.get_running_loop()
            until = loop.time() + self._longest
            while self._is_busy() and loop.time() < until:  # noqa: ASYNC110  # it has many causes
                await asyncio.sleep(GLANCE)
            yield


def count_starts() -> int:
    """Give how many sessions this machine can make at once."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (cores or 1) + MORE
