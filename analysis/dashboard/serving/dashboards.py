"""A dashboard by its name: a seat, a kernel, and a page that comes as it is made."""

from __future__ import annotations

import asyncio
import os
import zlib
from typing import TYPE_CHECKING, Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from voila.tornado.handler import TornadoVoilaHandler

from analysis.dashboard.first_view import SENT
from analysis.dashboard.frame import edition_standing, sentence_page
from analysis.dashboard.registry import frame_for
from analysis.dashboard.serving.channels import find_owner
from analysis.dashboard.serving.guard import (
    NOT_FOUND,
    REFUSED,
    REFUSED_CODE,
    ask_to_sign_in,
    note_failure,
    tell_failure,
)
from analysis.dashboard.serving.policy import HEADERS, dashboard_policy, make_nonce
from analysis.dashboard.serving.printing import Page
from analysis.dashboard.serving.sessions import Place
from analysis.dashboard.serving.waiting import waiting_page

if TYPE_CHECKING:
    from analysis.dashboard.serving.press import Press
    from analysis.dashboard.serving.sessions import Seat
    from analysis.workspace import Workspace

BUSY = 503
PAGES = "/pages/"
# Where a kernel finds the word that scripts of its page carry.
NONCE_VARIABLE = "PATOKAZ_NONCE"
# What the notebooks of dashboards run in.
KERNEL = "python3"
# A reader who takes no byte for so long has gone away, or wants to hold the seat.
SLOWEST_READER = 30.0


class DashboardHandler(TornadoVoilaHandler):  # type: ignore[misc]  # Voila has no types
    """A dashboard by its name, without the ending of its notebook."""

    _seat: Seat | None = None
    _packer: Any = None

    def initialize(self, workspace: Workspace, **given: Any) -> None:
        """Take what Voila needs, and the workspace."""
        super().initialize(**given)
        self.workspace = workspace
        self.nonce = make_nonce()

    def set_default_headers(self) -> None:
        """Tell browsers what the page may load."""
        for name, value in HEADERS.items():
            self.set_header(name, value)
        has_place = self.settings["template_has_nonce"]
        nonce = self.nonce if has_place and hasattr(self, "nonce") else ""
        policy = dashboard_policy(self.settings["hosts"], nonce, self.settings.get("embedders", ()))
        self.set_header("Content-Security-Policy", policy)
        self.clear_header("Server")

    def check_host(self) -> bool:
        """Answer to the names of this server."""
        return self.request.host_name.casefold() in self.settings["hosts"]

    async def prepare(self) -> None:
        """Refuse other hosts, and ask strangers to sign in."""
        if not self.check_host():
            self.set_status(REFUSED_CODE)
            self.finish(sentence_page(REFUSED))
        elif not self.identity_provider.knows(self):
            ask_to_sign_in(self)
        else:
            # The nonce was not there yet when the first headers were set.
            self.set_default_headers()
            await super().prepare()

    async def _start_kernel(self, *, has_first_view: bool) -> tuple[str, Any]:
        """Start the kernel of this page, and note that it sits on its seat."""
        started: str = await self.settings["ending"].start_kernel(
            kernel_name=KERNEL, path="", env=self._environment(has_first_view=has_first_view)
        )
        if self._seat is not None:
            self._seat.kernel_id = started
            self.settings["counts"].sessions += 1
        return started, self.settings["kernel_manager"].get_kernel(started)

    def _environment(self, *, has_first_view: bool) -> dict[str, str]:
        """Give what a kernel is told of its page: the address, and what was sent already."""
        told = {
            "QUERY_STRING": str(self.request.query),
            "SCRIPT_NAME": self.request.path,
            NONCE_VARIABLE: self.nonce,
        }
        return {**os.environ, **told} | ({SENT: "sent"} if has_first_view else {})

    async def get(self, path: str | None = None) -> None:
        """Give a page, or a place in the line."""
        if not (self.workspace.dashboards / f"{path}.ipynb").is_file():
            raise HTTPError(NOT_FOUND)
        found = self.settings["sessions"].ask(find_owner(self), self.request.uri or "")
        if isinstance(found, Place):
            self._send_to_wait(str(path), found)
            return
        self._seat = found
        is_read = False
        try:
            is_read = await self._send_page(str(path))
        finally:
            if not is_read:
                await self.settings["ending"].end(found)
        found.is_written = True
        found.quiet_since = self.settings["sessions"].clock()

    async def _send_page(self, name: str) -> bool:
        """Send the page as it comes, and say whether its reader was there to the end."""
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self._packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-cache, no-store, must-revalidate")
        press: Press = self.settings["press"]
        notebook = press.read_notebook(self.workspace.dashboards / f"{name}.ipynb")
        press.configuration.prelaunch_hook(self, notebook=notebook, cwd="")
        page = Page(
            press,
            self._send_part,
            lambda: self.settings["first_views"].get(name, self.request.query),
            lambda has_first_view: self._start_kernel(has_first_view=has_first_view),
            self.settings["starts"].take_turn,
        )
        is_read = await page.write(notebook)
        if self._packer and is_read:
            self.write(self._packer.flush())
        return is_read

    async def _send_part(self, part: str) -> bool:
        packer = self._packer
        packed = (
            packer.compress(part.encode()) + packer.flush(zlib.Z_SYNC_FLUSH) if packer else part
        )
        try:
            self.write(packed)
            await asyncio.wait_for(self.flush(), SLOWEST_READER)
        except StreamClosedError:
            return False
        except TimeoutError:
            self.request.connection.close()
            return False
        return True

    def _send_to_wait(self, name: str, place: Place) -> None:
        self.settings["counts"].sent_to_wait += 1
        site = self.workspace.site
        frame = frame_for(name, self.request.query, site, edition_standing(self.workspace)) or {}
        self.set_status(BUSY)
        self.set_header("Retry-After", str(place.pause))
        self.set_header("Cache-Control", "no-store")
        address = self.request.uri or PAGES
        page = frame.get("page", PAGES)
        self.finish(waiting_page(place, self.request.query, address, page))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say it in a sentence."""
        self.clear_header("Content-Encoding")
        self.finish(sentence_page(tell_failure(status_code)))

    def log_exception(self, *failure: Any) -> None:
        """Note a fault without what was asked for."""
        note_failure(self, failure[1])
