"""Slow work of the server's start, beside its loop, which nobody waits for when it ends."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Made = TypeVar("Made")


async def run_aside(work: Callable[[], Made]) -> Made:
    """Run a function in a thread that the end of the program does not wait for.

    A pool of threads is joined when the program ends: whoever stops a server that is still warming
    up would wait until it is warm.

    Parameters
    ----------
    work : callable

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    Exception
        What the function raises.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Made] = loop.create_future()

    def go() -> None:
        try:
            made = work()
        except Exception as failure:  # noqa: BLE001  # told to whoever waits
            _tell(loop, done, failure=failure)
        else:
            _tell(loop, done, made=made)

    threading.Thread(target=go, daemon=True, name="patokaz-aside").start()
    return await done


def _tell(
    loop: asyncio.AbstractEventLoop,
    done: asyncio.Future[Made],
    made: Made | None = None,
    failure: Exception | None = None,
) -> None:
    def settle() -> None:
        if done.cancelled():
            return
        if failure is not None:
            done.set_exception(failure)
        else:
            done.set_result(made)  # type: ignore[arg-type]

    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)
