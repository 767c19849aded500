"""What every dashboard does: a choice, a first view without scripts, menus, and a live view.

A dashboard says what it is (its :class:`~analysis.dashboard.kinds.Kind`) and writes three pieces
of markup; the order of updates, announcements and the sentence about a failure are the same
everywhere.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from analysis.dashboard.choice import AREA, Asked
from analysis.dashboard.controls import Controls
from analysis.dashboard.first_view import is_sent
from analysis.dashboard.frame import edition_standing, frame_words, render_part, wording
from analysis.dashboard.late import LateHtml, give_back_memory
from analysis.dashboard.sourced import say_origin, write_sourced
from analysis.documents.basket.found import Shown
from analysis.documents.page import page_marks
from analysis.store.read import read_public

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    import ipywidgets

    from analysis.dashboard.choice import Choice
    from analysis.dashboard.kinds import Kind
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.protection.ledger.standing import Standing
    from analysis.store.read import PublicData
    from analysis.workspace import Workspace

LOG = logging.getLogger(__name__)
# Who walks through a menu with the arrow keys waits for the numbers of each option on the way,
# and for files and maps of the last one only.
PAUSE = 0.2


class Html:
    """Markup as Jupyter shows it, with a text for who reads without."""

    def __init__(self, markup: str, text: str) -> None:
        self.markup = markup
        self.text = text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self.markup, "text/plain": self.text}


class Dashboard(ABC):
    """One dashboard that follows what is chosen.

    Parameters
    ----------
    asked : Asked
        What the address asks for.
    workspace : Workspace
    """

    kind: ClassVar[Kind]
    # Whether the rest of the first view waits until the controls are there.
    is_rest_late: ClassVar[bool] = False

    def __init__(self, asked: Asked, workspace: Workspace) -> None:
        self._asked = asked
        self._workspace = workspace
        self._data: PublicData | None = None
        self._standing: Standing | None = None
        self._updates = 0
        self._rest_key = ""
        self._waiting: asyncio.TimerHandle | None = None
        self.choice: Choice = asked.choice

    @abstractmethod
    def first_html(self, w: Wording) -> str:
        """Write what is read before and without scripts: heading, first chart, table."""

    @abstractmethod
    def figures_html(self, w: Wording, live: dict[str, Any]) -> str:
        """Write what follows a choice at once.

        Parameters
        ----------
        w : Wording
        live : dict
            What the page has to know: its words, address and announcement. One element of
            figures or rest, whichever comes when the answer is complete, carries it as
            ``data-live``.
        """

    @abstractmethod
    def rest_html(self, w: Wording, live: dict[str, Any]) -> str:
        """Write what follows a moment later: files, maps, sources.

        Parameters
        ----------
        w : Wording
        live : dict
            As for the figures.
        """

    @abstractmethod
    def announce(self, w: Wording) -> str:
        """Say what a change has brought, for who does not see it."""

    def name_rest(self) -> str:
        """Name what the rest depends on; while it stays the same the rest is not made anew."""
        return self.choice.query

    def list_results(self) -> Iterable[Result]:
        """List what the first chart and table show; nothing where they are about all data."""
        return ()

    def sourced_html(self, w: Wording) -> str:
        """Write whose figures these are, of which date, and when the next are expected."""
        return write_sourced(self.data, self.list_results(), w)

    def compose_shown(self, w: Wording) -> Shown:
        """Compose all that can be collected for a brief, without drawing it."""
        return Shown(self.kind.write_title(self.choice, w), ())

    def compose_above(self, w: Wording) -> Shown:
        """Compose what follows every field, where the rest takes longer."""
        return self.compose_shown(w)

    def waiting_html(self, w: Wording) -> str | None:  # noqa: ARG002  # for those that override it
        """Write what stands in the place of the rest until it comes; None keeps what was there."""
        return None

    def prepare_rest(self, choice: Choice) -> None:  # noqa: B027  # most have nothing that long
        """Read what the rest needs and what takes long; in a thread, so that menus answer.

        Parameters
        ----------
        choice : Choice
            What was chosen when the rest was asked for; something else may be by now.
        """

    def find_idle(self) -> Collection[str]:
        """Name the fields that change nothing in what is shown now."""
        return ()

    @property
    def data(self) -> PublicData:
        """The public zone, read when it is first asked for."""
        if self._data is None:
            # Together, so that no figure stands under the mark of another edition.
            self._standing = edition_standing(self._workspace)
            self._data = read_public(self._workspace)
        return self._data

    @property
    def problems(self) -> tuple[str, ...]:
        """What was wrong with the address, until something is chosen."""
        return self._asked.problems(wording(self.choice))

    def lend(self, data: PublicData, standing: Standing | None) -> None:
        """Take data that somebody has read already, with how its edition stands.

        Parameters
        ----------
        data : PublicData
        standing : Standing or None
        """
        self._data, self._standing = data, standing

    def make_first(self) -> str:
        """Write the first view; a failure is the caller's."""
        w = wording(self.choice)
        return self.first_html(w) + self.sourced_html(w)

    def first_view(self) -> Html:
        """Give what is read while the controls load, and by everyone without scripts.

        Returns
        -------
        Html
            Blank where the server has sent it already.
        """
        w = wording(self.choice)
        if is_sent():
            return Html("", "")
        try:
            markup = self.make_first()
        except Exception as failure:  # noqa: BLE001  # readers get a sentence, the log the rest
            return Html(self._failure(w, failure), "")
        return Html(markup, self.frame()["title"])

    def live_view(self) -> ipywidgets.Widget:
        """Give the menus and all that follows from them."""
        import ipywidgets

        w = wording(self.choice)
        self._figures = LateHtml()
        self._rest = ipywidgets.HTML()
        self._controls = Controls(self.choice, w, self._choose)
        if is_sent():
            # The page has its figures: what follows a choice can wait until it is there to ask.
            self._figures.make_when_asked(self._begin)
        else:
            self._update()
        view = ipywidgets.VBox([self._controls.view(), self._figures, self._rest])
        view.add_class("live")
        return view

    def frame(self) -> dict[str, str]:
        """Give the words that stand around the figures."""
        words = frame_words(self.choice, self._workspace.site, self._standing, self.kind)
        return words | {"origin": say_origin(self._workspace, words["page"], wording(self.choice))}

    def marks_html(self, notice: str, w: Wording) -> str:
        """Write how the edition stands, and a notice where there is one."""
        said = page_marks([w.language.code], self._standing)[0]
        return render_part("marks.html.j2", w, notice=notice, said=said)

    def _choose(self, name: str, key: str) -> None:
        changed = self.choice.change(name, key)
        self.choice = self.kind.follow(changed, ()) if name == AREA else changed
        self._asked = Asked(self.choice)
        self._update()

    def _begin(self) -> None:
        if not self._updates:
            self._update()

    def _update(self) -> None:
        w = wording(self.choice)
        self._updates += 1
        with self._told(w):
            # First of all, so that a menu speaks the language even where a view fails.
            self._controls.speak(self.choice, w, self.find_idle())
            figures = self.figures_html(w, self._live(self.announce(w)))
            self._figures.value = figures + self.sourced_html(w)
            key = self.name_rest()
            if key != self._rest_key:
                self._rest_key = key
                waiting = self.waiting_html(w)
                self._rest.value = self._rest.value if waiting is None else waiting
                self._later(lambda: self._update_rest(w))

    def _update_rest(self, w: Wording) -> None:
        with self._told(w):
            self._rest.value = self.rest_html(w, self._live(self.announce(w)))
        if is_sent():
            give_back_memory()

    def _later(self, step: Callable[[], None]) -> None:
        if self._waiting:
            self._waiting.cancel()
        if self._updates == 1 and not self.is_rest_late:
            step()
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            step()
        else:
            self._waiting = loop.call_later(PAUSE, self._prepare, loop, step)

    def _prepare(self, loop: asyncio.AbstractEventLoop, step: Callable[[], None]) -> None:
        key = self._rest_key

        def finish(prepared: asyncio.Future[None]) -> None:
            # A failure is met again, and told, where the rest is written.
            prepared.exception()
            if self._rest_key == key:
                step()

        loop.run_in_executor(None, self.prepare_rest, self.choice).add_done_callback(finish)

    @contextmanager
    def _told(self, w: Wording) -> Iterator[None]:
        try:
            yield
        except Exception as failure:  # noqa: BLE001  # the same as above
            self._figures.value = self._failure(w, failure)
            self._rest.value = ""
            self._rest_key = ""

    def _live(self, announcement: str) -> dict[str, Any]:
        return {**self.frame(), "update": self._updates, "announcement": announcement}

    def _failure(self, w: Wording, failure: Exception) -> str:
        code = secrets.token_hex(4)
        told = "A view of %s (%s) failed; its reader was told the code %s."
        LOG.error(told, self.kind.name, self.choice.query, code, exc_info=failure)
        return render_part("failure.html.j2", w, live=self._live(""), code=code)
