"""How the page of a dashboard is put together: template, first view, kernel, cells.

Voila has the template, the widgets and the way to run a cell. What differs here is the order: a
page is sent up to its first view before a kernel starts, and it goes out in a few pieces, not in
hundreds.
"""

from __future__ import annotations

import asyncio
import copy
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook, new_output
from voila.execute import VoilaExecutor, strip_code_cell_warnings

from analysis.dashboard.serving.clients import open_client
from analysis.dashboard.serving.guard import LOG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from analysis.dashboard.serving.press import Press

# Sent where a page is long in coming; a comment shows nothing and runs nothing.
SIGN_OF_LIFE = "<!-- -->\n"


class ReaderLeftError(Exception):
    """Nobody reads the page any more that a kernel would be started for."""


class Page:
    """One page, while it is being made.

    Parameters
    ----------
    press : Press
    send : callable
        Sends a piece, and says whether somebody still reads.
    first_view : callable
        Gives the first view as markup, blank where there is none.
    start_kernel : callable
        Told whether the first view was sent; gives the kernel's id and its manager.
    turn : context manager
        Held while the session is being made.
    """

    def __init__(
        self,
        press: Press,
        send: Callable[[str], Awaitable[bool]],
        first_view: Callable[[], Awaitable[str]],
        start_kernel: Callable[[bool], Awaitable[tuple[str, Any]]],
        turn: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self._press = press
        self._send = send
        self._make_first = first_view
        self._start_kernel = start_kernel
        self._turn = turn
        self._held: list[str] = []
        self._has_first = False
        self._is_read = True
        self._is_failed = False
        self._executor: Any = None
        self._ends = AsyncExitStack()

    async def write(self, notebook: Any) -> bool:
        """Make the page and send it.

        Parameters
        ----------
        notebook : nbformat.NotebookNode

        Returns
        -------
        bool
            Whether its reader was there to the end.
        """
        configuration = self._press.configuration
        context = {
            "frontend": "voila",
            "main_js": "voila.js",
            "first_view": self._first_view,
            "kernel_start": self._kernel_start,
            "cell_generator": self._cell_generator,
            "progressive_rendering": configuration.progressive_rendering,
        }
        async with self._ends:
            try:
                async for text in self._press.print_page(notebook, context):
                    self._held.append(text)
            except ReaderLeftError:
                return False
            await self._flush()
        return self._is_read

    async def _flush(self) -> None:
        text = "".join(self._held)
        self._held.clear()
        if text and self._is_read:
            self._is_read = await self._send(text)

    async def _wait(self, step: Awaitable[Any]) -> Any:
        """Wait for a step; where it takes long, the line to the reader is kept awake."""
        task = asyncio.ensure_future(step)
        try:
            pause = self._press.configuration.http_keep_alive_timeout
            while not (await asyncio.wait({task}, timeout=pause))[0]:
                self._held.append(SIGN_OF_LIFE)
                await self._flush()
            return task.result()
        finally:
            if not task.done():
                task.cancel()

    async def _first_view(self) -> str:
        made: str = await self._wait(self._make_first())
        self._has_first = bool(made)
        return made

    async def _kernel_start(self, nb: Any) -> str:  # noqa: ARG002  # the template's form
        if not self._has_first:
            return await self._begin()
        # The reader has the figures from here on, whatever becomes of the kernel.
        await self._flush()
        try:
            return await self._begin()
        except ReaderLeftError:
            raise
        except Exception as failure:  # noqa: BLE001  # the figures stay, with a sentence
            LOG.error("The kernel of a session did not start.", exc_info=failure)
            self._is_failed = True
            return ""

    async def _begin(self) -> str:
        await self._wait(self._ends.enter_async_context(self._turn()))
        if not self._is_read:
            raise ReaderLeftError
        kernel_id: str = await self._wait(self._open_kernel())
        return kernel_id

    async def _open_kernel(self) -> str:
        kernel_id, manager = await self._start_kernel(self._has_first)
        self._executor = VoilaExecutor(
            new_notebook(),  # type: ignore[no-untyped-call]
            km=manager,
            config=self._press.config,
            show_tracebacks=self._press.configuration.show_tracebacks,
        )
        self._executor.kc = await open_client(manager, self._executor.startup_timeout)
        self._ends.push_async_callback(self._close)
        return kernel_id

    async def _close(self) -> None:
        await ensure_async(self._executor.kc.stop_channels())

    async def _cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:  # noqa: ARG002
        if self._is_failed:
            yield _failed_cell(new_code_cell())  # type: ignore[no-untyped-call]
            return
        self._executor.nb = nb
        for place, cell in enumerate(nb.cells):
            made, is_last = await self._wait(self._run(cell, place))
            yield made
            if is_last:
                break
        # Others may begin: what is left is to send the end of the page.
        await self._ends.aclose()

    async def _run(self, cell: Any, place: int) -> tuple[Any, bool]:
        """Run a cell, and say whether nothing can come after it."""
        executor = self._executor
        try:
            made = await executor.execute_cell(cell, None, place, store_history=False)
        except (TimeoutError, CellExecutionError) as failure:
            LOG.error("A cell of a dashboard failed.", exc_info=failure)
            if executor.should_strip_error():
                strip_code_cell_warnings(cell)
                executor.strip_code_cell_errors(cell)
            return cell, True
        except Exception as failure:  # noqa: BLE001  # readers get a sentence, the log the rest
            LOG.error("A cell of a dashboard could not be run.", exc_info=failure)
            return _failed_cell(cell), True
        return made, False


def _failed_cell(cell: Any) -> Any:
    """Give a cell that says to the template that it failed, and not why."""
    failed = new_output(  # type: ignore[no-untyped-call]
        "error", ename="ExecutionError", evalue="", traceback=[]
    )
    made = copy.copy(cell)
    made["outputs"] = [failed]
    return made
