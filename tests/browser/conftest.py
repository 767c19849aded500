"""The system's Chromium. Where there is none, what needs it says so loudly and is left out."""

from __future__ import annotations

import os
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from browser.visits import Visit
    from playwright.sync_api import Browser, BrowserContext, Page

    from analysis.workspace import Workspace

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHOTS = "PATOKAZ_SHOTS"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium(find_program: Callable[[Iterable[str], str], str]) -> str:
    """The path of the system's Chromium."""
    sentence = "NO CHROMIUM: dashboards and pages were not looked at. Run `make tools`;"
    return find_program(NAMES, sentence)


# Not for the whole session: while it is open, no other test of this process can run a loop.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for the tests of a module; each opens a context of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture
def open_visit(browser: Browser, served: str) -> Iterator[Callable[..., Visit]]:
    """Opens an address of the server in a browser of its own, which is closed after the test."""
    from browser.visits import Visit as AnyVisit

    opened: list[Visit] = []

    def go(path: str = "", kind: type[Visit] = AnyVisit, **options: Any) -> Visit:
        opened.append(kind(browser, served, **options))
        if path:
            opened[-1].open(path)
        return opened[-1]

    yield go
    for visit in opened:
        visit.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """A folder for screenshots, kept by pytest with the last runs."""
    return tmp_path


@pytest.fixture(scope="session")
def sample(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with two pages in five languages."""
    from browser.made_pages import make_site

    folder = tmp_path_factory.mktemp("sample")
    return make_site(workspace, folder, ["butel", "data-readiness"])


@pytest.fixture(scope="session")
def host() -> Iterator[Callable[[Path], str]]:
    """Gives a site an address on this machine; downloads want one."""
    servers: dict[Path, ThreadingHTTPServer] = {}

    def give(site: Path) -> str:
        if site not in servers:
            handler = partial(QuietHandler, directory=str(site))
            servers[site] = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            Thread(target=servers[site].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[site].server_port}"

    yield give
    for server in servers.values():
        server.shutdown()
        server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, *_: object) -> None:
        """Keep the output of tests clean."""


@pytest.fixture
def look(browser: Browser, host: Callable[[Path], str]) -> Iterator[Callable[..., Page]]:
    """Opens a page of a site in a browser of its own; nothing may go wrong on it."""
    from browser.looks import find_strangers

    opened: list[BrowserContext] = []
    errors: list[str] = []
    asked: list[str] = []

    def go(site: Path, path: str, **options: Any) -> Page:
        context = browser.new_context(accept_downloads=True, **options)
        opened.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "response",
            lambda got: errors.append(got.url) if got.status >= 400 else None,
        )
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(f"{host(site)}/{path}")
        return page

    yield go
    for context in opened:
        context.close()
    assert errors == []
    assert find_strangers(asked) == []


@pytest.fixture(scope="session")
def kept_shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the pictures of the guides: `docs/make_pictures.py` names one, pytest else."""
    named = os.environ.get(SHOTS)
    folder = Path(named) if named else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
