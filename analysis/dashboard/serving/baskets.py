"""The kernel that works baskets out: one at a time, and none while nobody has one.

A document of forty charts takes seconds. It is made beside the kernel of first views, so that no
reader waits for somebody else's document, and the line before it is short.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from analysis.dashboard.serving.own_kernel import OwnKernel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

BEGIN = "from analysis.dashboard.basket_answers import answer_basket"
ANSWER = "application/json"
LONGEST_ANSWER = 90.0
# Who comes behind so many is asked to come again.
MOST_WAITING = 6
# Seconds after which the kernel gives its memory back.
IDLE = 300.0


class BasketBusyError(RuntimeError):
    """So many wait for a document that nobody else is taken on."""


class NoAnswerError(RuntimeError):
    """The kernel of baskets gave no answer."""


class Baskets:
    """Has baskets worked out.

    Parameters
    ----------
    manager : AsyncMappingKernelManager
    start_kernel : callable
        Starts a kernel and gives its id.
    """

    def __init__(self, manager: Any, start_kernel: Callable[..., Awaitable[str]]) -> None:
        self._kernel = OwnKernel(manager, start_kernel, BEGIN)
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._rest: asyncio.TimerHandle | None = None
        self._beginning: asyncio.Future[None] | None = None
        self._ending: asyncio.Future[None] | None = None

    async def ask(self, action: str, language: str, content: str) -> dict[str, Any]:
        """Ask what a basket holds, or for a document of it.

        Parameters
        ----------
        action : {"list", "docx", "zip"}
        language : str
        content : str
            The basket as JSON.

        Returns
        -------
        dict
            As :func:`~analysis.dashboard.basket_answers.answer_basket` gives it.

        Raises
        ------
        BasketBusyError
            When too many wait.
        NoAnswerError
            When the kernel failed.
        """
        if self._waiting >= MOST_WAITING:
            raise BasketBusyError
        self._waiting += 1
        try:
            async with self._turn:
                return await self._ask(f"answer_basket({action!r}, {language!r}, {content!r})")
        finally:
            self._waiting -= 1
            self._rest_later()

    def prepare(self) -> None:
        """Start the kernel, beside all else, for a reader who has just opened the page."""
        if self._beginning is None or self._beginning.done():
            self._beginning = asyncio.ensure_future(self._begin())

    async def _begin(self) -> None:
        # A kernel that does not start is met again, and told, where something is asked.
        with contextlib.suppress(Exception):
            async with self._turn:
                await self._kernel.reach()
        self._rest_later()

    async def _ask(self, question: str) -> dict[str, Any]:
        try:
            said = await self._kernel.ask(question, LONGEST_ANSWER)
        except BaseException:
            await self._kernel.let_go()
            raise
        if said.get("status") != "ok":
            msg = f"{said.get('ename', 'nothing')}: {said.get('evalue', '')}"
            raise NoAnswerError(msg)
        answer: dict[str, Any] = said["data"][ANSWER]
        return answer

    def _rest_later(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(IDLE, self._end_idle)

    def _end_idle(self) -> None:
        if not self._waiting:
            self._ending = asyncio.ensure_future(self._end_quietly())

    async def _end_quietly(self) -> None:
        async with self._turn:
            await self._kernel.let_go()

    def close(self) -> None:
        """Close the line; the kernel ends with all others."""
        if self._rest is not None:
            self._rest.cancel()
        self._kernel.close()
