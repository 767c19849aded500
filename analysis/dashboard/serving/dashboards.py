"""A dashboard by its name: a seat, a kernel, and a page that comes as it is made."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from voila.tornado.handler import TornadoVoilaHandler

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
from analysis.dashboard.serving.sessions import Place
from analysis.dashboard.serving.waiting import waiting_page

if TYPE_CHECKING:
    from analysis.dashboard.serving.sessions import Seat
    from analysis.workspace import Workspace

BUSY = 503
PAGES = "/pages/"
# Where a kernel finds the word that scripts of its page carry.
NONCE_VARIABLE = "PATOKAZ_NONCE"
# Voila's sign of life while a kernel starts is a script, which the policy refuses; this is none.
SIGN_OF_LIFE = "<!-- -->\n"
HEARTBEAT = "<script>window.voila_heartbeat()</script>"


class _Starting:
    """The kernel manager, as one page sees it: the kernel that it starts is its own."""

    def __init__(self, manager: Any, handler: DashboardHandler) -> None:
        self._manager = manager
        self._handler = handler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)

    async def start_kernel(self, *, env: dict[str, str], **asked: Any) -> str:
        env[NONCE_VARIABLE] = self._handler.nonce
        ending = self._handler.settings["ending"]
        kernel_id: str = await ending.start_kernel(env=env, **asked)
        self._handler.take_kernel(kernel_id)
        return kernel_id


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
        policy = dashboard_policy(self.settings["hosts"], nonce)
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

    @property
    def kernel_manager(self) -> Any:
        """What starts the kernel of this page."""
        return _Starting(super().kernel_manager, self)

    def take_kernel(self, kernel_id: str) -> None:
        """Note which kernel sits on the seat of this page."""
        if self._seat is not None:
            self._seat.kernel_id = kernel_id
            self.settings["counts"].sessions += 1

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
            is_read = await self._send_page(f"{path}.ipynb")
        finally:
            if not is_read:
                await self.settings["ending"].end(found)
        found.is_written = True
        found.quiet_since = self.settings["sessions"].clock()

    async def _send_page(self, path: str) -> bool:
        """Send the page as it comes, and say whether its reader was there to the end."""
        is_read = True
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self._packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
        self.set_header("Vary", "Accept-Encoding")
        async for part in self.get_generator(path=path):
            # Made to its end even where nobody reads on: a kernel is not ended at work.
            if is_read:
                is_read = await self._send_part(SIGN_OF_LIFE if HEARTBEAT in part[:60] else part)
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
            await self.flush()
        except StreamClosedError:
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
