"""A line of the server's own to a kernel: open as soon as the kernel answers, and no later."""

from __future__ import annotations

import time
from queue import Empty
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async

if TYPE_CHECKING:
    from jupyter_client.asynchronous.client import AsyncKernelClient

# How long an answer may take before it is asked for again.
PATIENCE = 1.0
# A kernel says on the other line what it does, at the latest when it has answered.
SOON = 0.2
# How an answer is called on the way back.
ASKED = "made"


class SilentKernelError(RuntimeError):
    """A kernel that does not answer."""


async def open_client(manager: Any, longest: float) -> AsyncKernelClient:
    """Open a line to a kernel that has been started.

    Jupyter's own way waits for a fifth of a second of silence at its end, with each kernel. What
    was asked here is answered on both lines, so that there is nothing to be waited for.

    Parameters
    ----------
    manager : jupyter_client.AsyncKernelManager
        Of the kernel.
    longest : float
        Seconds until the kernel is given up.

    Returns
    -------
    AsyncKernelClient
        Whoever asked for it closes it: ``client.stop_channels()``.

    Raises
    ------
    SilentKernelError
        When it has died, or does not answer in time.
    """
    client: AsyncKernelClient = manager.client()
    client.start_channels()
    until = time.monotonic() + longest
    try:
        while not await _is_heard(client):
            await _check_alive(manager)
            _check_time(until, longest)
    except BaseException:
        client.stop_channels()
        raise
    client.allow_stdin = False
    return client


async def _check_alive(manager: Any) -> None:
    if not await ensure_async(manager.is_alive()):
        msg = "The kernel died before it answered."
        raise SilentKernelError(msg)


def _check_time(until: float, longest: float) -> None:
    if time.monotonic() > until:
        msg = f"The kernel did not answer within {longest:g} seconds."
        raise SilentKernelError(msg)


async def _is_heard(client: AsyncKernelClient) -> bool:
    """Ask a kernel what it is, and hear it on both lines."""
    client.kernel_info()
    try:
        while (await client.get_shell_msg(timeout=PATIENCE))["msg_type"] != "kernel_info_reply":
            continue
        # What it said before this line was open is lost; then it is asked once more.
        await client.get_iopub_msg(timeout=SOON)
    except Empty:
        return False
    return True


async def ask_kernel(
    client: AsyncKernelClient, expression: str, longest: float, code: str = ""
) -> dict[str, Any]:
    """Have an expression worked out, and read the answer to this very question.

    Parameters
    ----------
    client : AsyncKernelClient
    expression : str
    longest : float
        Seconds until nobody waits any more.
    code : str
        What is run before.

    Returns
    -------
    dict
        What the kernel says of the expression: ``status``, and ``data`` by media type.

    Raises
    ------
    queue.Empty
        When it does not answer in time.
    """
    asked = client.execute(
        code,
        silent=True,
        store_history=False,
        user_expressions={ASKED: expression},
        allow_stdin=False,
    )
    until = time.monotonic() + longest
    while True:
        message = await client.get_shell_msg(timeout=max(0.0, until - time.monotonic()))
        if message["parent_header"].get("msg_id") == asked:
            answers: dict[str, dict[str, Any]] = message["content"].get("user_expressions", {})
            return answers.get(ASKED, {})
