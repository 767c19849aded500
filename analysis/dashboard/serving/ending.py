"""Ending sessions: of a page that was closed, that never came to life, or that holds up others."""

from __future__ import annotations

import asyncio
import contextlib
import os
import uuid
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from tornado.ioloop import PeriodicCallback

from analysis.dashboard.serving.guard import LOG

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from analysis.dashboard.serving.channels import Lines
    from analysis.dashboard.serving.sessions import Seat, Sessions

# A page that is loaded anew, or a network that fails for a moment, finds its kernel again.
CLOSED = 60.0
# A slow line needs its time for the scripts of a page.
UNOPENED = 120.0
# Where others wait; where nobody does, Jupyter ends what is idle, as dashboards/voila.json says.
IDLE = 300.0
STEP = 5.0
LONGEST_START = 10.0


class Ending:
    """Looks after sessions that have ended without saying so.

    Parameters
    ----------
    sessions : Sessions
    manager : AsyncMappingKernelManager
    lines : Lines
    """

    def __init__(self, sessions: Sessions, manager: Any, lines: Lines) -> None:
        self._sessions = sessions
        self._manager = manager
        self._lines = lines
        self._clock = PeriodicCallback(self.look, 1000 * STEP)
        # Starts, and the ends of those that nobody waits for any more.
        self._under_way: set[asyncio.Future[Any]] = set()
        self._own: set[str] = set()

    def start(self) -> None:
        """Look from now on."""
        self._clock.start()

    def stop(self) -> None:
        """Look no more."""
        self._clock.stop()

    async def start_kernel(self, **asked: Any) -> str:
        """Start a kernel, and know of it from the first moment.

        Parameters
        ----------
        **asked
            What the kernel manager is to be asked.

        Returns
        -------
        str
            Its id.
        """
        started = self._keep(ensure_async(self._manager.start_kernel(**asked)))
        try:
            # A start that is broken off leaves a process that no list has: it goes on.
            return str(await asyncio.shield(started))
        except asyncio.CancelledError:
            self._keep(self._end_started(started))
            raise

    async def start_kernel_of_own(self) -> str:
        """Start a kernel that sits on no seat: the server's own, which no page can reach.

        Returns
        -------
        str
            Its id.
        """
        if not self._under_way:
            self._own &= set(self._manager.list_kernel_ids())
        # Drawn here, so that it is known before Jupyter lists the kernel.
        kernel_id = str(uuid.uuid4())
        self._own.add(kernel_id)
        return await self.start_kernel(
            kernel_id=kernel_id, kernel_name="python3", path="", env=dict(os.environ)
        )

    def is_own(self, kernel_id: str) -> bool:
        """Say whether a kernel is the server's own, be it that it is only starting.

        Parameters
        ----------
        kernel_id : str

        Returns
        -------
        bool
        """
        return kernel_id in self._own

    def _keep(self, step: Awaitable[Any]) -> asyncio.Future[Any]:
        """Begin a step, and hold it until it is over."""
        begun = asyncio.ensure_future(step)
        self._under_way.add(begun)
        begun.add_done_callback(self._under_way.discard)
        return begun

    async def _end_started(self, started: asyncio.Future[str]) -> None:
        """End a kernel once it has started, for whoever does not wait for it any more."""
        # One that does not start needs no end, and Jupyter's own log says why.
        with contextlib.suppress(Exception):
            kernel_id = await started
            if kernel_id in self._manager:
                await self._shut_down(kernel_id)

    async def end_all(self) -> None:
        """End all kernels; one that is starting can be ended once it has started."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LONGEST_START)
        ids = list(self._manager.list_kernel_ids())
        ends = [ensure_async(self._manager.shutdown_kernel(i, now=True)) for i in ids]
        await asyncio.gather(*ends, return_exceptions=True)

    async def look(self) -> None:
        """End what has ended."""
        await self._end_dead()
        for seat in self._sessions.list_ended(set(self._manager.list_kernel_ids())):
            self._lines.cut(seat.kernel_id)
            self._sessions.release(seat)
        left = self._sessions.list_left(CLOSED, UNOPENED)
        idle = self._sessions.list_idle(IDLE)
        for seat in dict.fromkeys((*left, *idle)):
            await self.end(seat)

    async def _end_dead(self) -> None:
        for seat in list(self._sessions.seats):
            if seat.is_written and seat.kernel_id in self._manager:
                manager = self._manager.get_kernel(seat.kernel_id)
                if not await ensure_async(manager.is_alive()):
                    await self.end(seat)

    async def end(self, seat: Seat) -> None:
        """End a session: its kernel, its lines, its seat.

        The seat is free when the kernel has gone, so that memory stays within its bound.

        Parameters
        ----------
        seat : Seat
        """
        kernel_id = seat.kernel_id
        if kernel_id and kernel_id in self._manager:
            self._lines.cut(kernel_id)
            await self._shut_down(kernel_id)
        self._sessions.release(seat)

    async def _shut_down(self, kernel_id: str) -> None:
        try:
            # At once: a kernel of ours has nothing to put in order.
            await ensure_async(self._manager.shutdown_kernel(kernel_id, now=True))
        except (KeyError, asyncio.CancelledError):
            pass
        except Exception as failure:  # noqa: BLE001  # others go on
            LOG.error("A session could not be ended.", exc_info=failure)
