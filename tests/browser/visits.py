"""A page of the server in a browser, with what it asked for and what went wrong on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from browser.looks import find_strangers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Milliseconds, of a machine with much to do.
READY = 60_000


class Visit:
    """A browser of its own, at an address of the server or not yet at one."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.address = address
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type == "error" else None,
        )

    def open(self, path: str) -> None:
        """Go to an address of the server."""
        self.page.goto(f"{self.address}{path}", timeout=READY)

    def wait(self, update: int | None = None) -> None:
        """Wait until the page has its controls, or has followed so many choices."""
        ready = "data-ready" if update is None else f"data-ready='{update}'"
        self.page.wait_for_selector(f"body[{ready}]", timeout=READY)

    def strangers(self) -> list[str]:
        """Requests that left this machine."""
        return find_strangers(self.asked)

    def close(self) -> None:
        """Leave: a page that is left ends its kernel."""
        self.page.close(run_before_unload=True)
        self.context.close()
