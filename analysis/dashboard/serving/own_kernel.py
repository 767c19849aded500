"""A kernel of the server's own: begun when it is wanted, replaced when it is dead.

No page can reach it. First views and baskets have one each, and ask it one thing at a time.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async

from analysis.dashboard.serving.clients import ask_kernel, open_client

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jupyter_client.asynchronous.client import AsyncKernelClient

LONGEST_START = 60.0


class OwnKernel:
    """A kernel of the server's own, and the line to it.

    Parameters
    ----------
    manager : AsyncMappingKernelManager
    start_kernel : callable
        Starts a kernel and gives its id.
    begin : str
        What it runs before it is asked anything.
    longest_begin : float
        Seconds until it is given up over that.
    """

    def __init__(
        self,
        manager: Any,
        start_kernel: Callable[..., Awaitable[str]],
        begin: str,
        longest_begin: float = LONGEST_START,
    ) -> None:
        self._manager = manager
        self._start_kernel = start_kernel
        self._begin = begin
        self._longest_begin = longest_begin
        self._client: AsyncKernelClient | None = None
        self.kernel_id = ""

    async def reach(self) -> AsyncKernelClient:
        """Give the line to the kernel; start one where there is none that lives.

        Returns
        -------
        AsyncKernelClient
            Of this object: nobody else closes it.
        """
        if self._client is not None and self.kernel_id in self._manager:
            manager = self._manager.get_kernel(self.kernel_id)
            if await ensure_async(manager.is_alive()):
                return self._client
        await self.let_go()
        self.kernel_id = await self._start_kernel()
        self._client = await open_client(self._manager.get_kernel(self.kernel_id), LONGEST_START)
        await ask_kernel(self._client, "0", self._longest_begin, self._begin)
        return self._client

    async def ask(self, expression: str, longest: float) -> dict[str, Any]:
        """Have an expression worked out.

        Whoever asks lets the kernel go where this fails: what it does then, nobody knows.

        Parameters
        ----------
        expression : str
        longest : float
            Seconds until an answer is given up.

        Returns
        -------
        dict
            As :func:`~analysis.dashboard.serving.clients.ask_kernel` gives it: what the kernel
            said, be it that the expression failed.
        """
        return await ask_kernel(await self.reach(), expression, longest)

    async def let_go(self) -> None:
        """End the kernel, if there is one."""
        kernel_id, self.kernel_id = self.kernel_id, ""
        self.close()
        if kernel_id in self._manager:
            with contextlib.suppress(Exception):
                await ensure_async(self._manager.shutdown_kernel(kernel_id, now=True))

    def close(self) -> None:
        """Close the line; the kernel ends with all others."""
        client, self._client = self._client, None
        if client is not None:
            client.stop_channels()
