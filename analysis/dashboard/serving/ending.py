"""Ending sessions: of a page that was closed, that never came to life, or that holds up others."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from tornado.ioloop import PeriodicCallback

from analysis.dashboard.serving.guard import LOG

if TYPE_CHECKING:
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
        self._starting: set[asyncio.Future[str]] = set()

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
        started = asyncio.ensure_future(ensure_async(self._manager.start_kernel(**asked)))
        self._starting.add(started)
        try:
            return str(await started)
        finally:
            self._starting.discard(started)

    async def start_kernel_of_own(self) -> str:
        """Start a kernel that sits on no seat: the server's own, which no page can reach.

        Returns
        -------
        str
            Its id.
        """
        return await self.start_kernel(kernel_name="python3", path="", env=dict(os.environ))

    async def end_all(self) -> None:
        """End all kernels; one that is starting can be ended once it has started."""
        if self._starting:
            await asyncio.wait(self._starting, timeout=LONGEST_START)
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
            try:
                # At once: a kernel of ours has nothing to put in order.
                await ensure_async(self._manager.shutdown_kernel(kernel_id, now=True))
            except (KeyError, asyncio.CancelledError):
                pass
            except Exception as failure:  # noqa: BLE001  # others go on
                LOG.error("A session could not be ended.", exc_info=failure)
        self._sessions.release(seat)
