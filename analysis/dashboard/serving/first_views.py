"""First views as the server gives them: kept while the edition stays, made in one kernel.

Twenty readers who come at once wait for twenty drawings, not for twenty kernels. What is kept
comes from the public zone alone, under the name of the edition that it was made from: another
edition, another standing or another language is never answered with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.dashboard.first_view import name_edition
from analysis.dashboard.frame import edition_standing
from analysis.dashboard.registry import find_kind
from analysis.dashboard.serving.guard import LOG
from analysis.dashboard.serving.own_kernel import OwnKernel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from analysis.workspace import Workspace

# All municipalities in two languages. A view takes some thirty kilobytes, a large one three
# hundred.
KEPT = 160
BEGIN = "from analysis.dashboard.first_view import make_first_view"
LONGEST_VIEW = 30.0
# A kernel that failed is not tried again at once: sessions make their own first views meanwhile.
REST = 30.0


class NoFirstViewError(RuntimeError):
    """The kernel of first views could not make one."""


@dataclass(frozen=True, slots=True)
class FirstView:
    """One first view.

    Parameters
    ----------
    edition : str
        Name of what it was made from.
    markup : str
    """

    edition: str
    markup: str


class FirstViews:
    """Gives first views, and has those made that nobody has asked for before.

    Parameters
    ----------
    workspace : Workspace
    manager : AsyncMappingKernelManager
    start_kernel : callable
        Starts a kernel and gives its id.
    clock : callable
        Seconds that never go back.
    """

    def __init__(
        self,
        workspace: Workspace,
        manager: Any,
        start_kernel: Callable[..., Awaitable[str]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._workspace = workspace
        self._kernel = OwnKernel(manager, start_kernel, BEGIN, LONGEST_VIEW)
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], FirstView] = OrderedDict()
        self._under_way: dict[tuple[str, str], asyncio.Task[FirstView]] = {}
        self._turn = asyncio.Lock()
        self._rests_until = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits for a first view."""
        return bool(self._under_way)

    async def prepare(self) -> None:
        """Start the kernel that makes them, before somebody asks."""
        with contextlib.suppress(Exception):
            async with self._turn:
                await self._kernel.reach()

    async def get(self, name: str, query: str) -> str:
        """Give the first view of a dashboard.

        Parameters
        ----------
        name : str
            Name of its notebook.
        query : str
            What stands behind the question mark of the address; may be wrong.

        Returns
        -------
        str
            Blank where none could be made: the session makes its own.
        """
        kind = find_kind(name)
        if kind is None:
            return ""
        # As the dashboard writes it: nothing that was typed goes on from here.
        asked = name, kind.read(query).choice.query
        edition = name_edition(self._workspace, edition_standing(self._workspace))
        found = self._kept.get(asked)
        if found is not None and found.edition == edition:
            self._kept.move_to_end(asked)
            return found.markup
        if self._clock() < self._rests_until:
            return ""
        making = self._under_way.get(asked)
        if making is None:
            making = asyncio.ensure_future(self._make(*asked))
            self._under_way[asked] = making
            making.add_done_callback(lambda _: self._under_way.pop(asked, None))
        try:
            # One reader who goes away takes it from nobody else.
            return (await asyncio.shield(making)).markup
        except Exception as failure:  # noqa: BLE001  # the session does without
            LOG.error("A first view could not be made.", exc_info=failure)
            return ""

    async def _make(self, name: str, query: str) -> FirstView:
        async with self._turn:
            try:
                said = await self._kernel.ask(f"make_first_view({name!r}, {query!r})", LONGEST_VIEW)
            except BaseException:
                self._rests_until = self._clock() + REST
                await self._kernel.let_go()
                raise
        if said.get("status") != "ok":
            # The fault of this view; others may be made.
            msg = f"{said.get('ename', 'nothing')}: {said.get('evalue', '')}"
            raise NoFirstViewError(msg)
        made = FirstView(said["data"]["text/plain"], said["data"]["text/html"])
        self._kept[name, query] = made
        self._kept.move_to_end((name, query))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return made

    def close(self) -> None:
        """Close the line; the kernel ends with all others."""
        self._kernel.close()
