"""One process that serves the static pages and the dashboards, to this machine only.

===================================  ===========================================================
``/``                                goes to ``/pages/``
``/pages/mk/kumanovo/index.html``    static pages, as published
``/dashboards/municipal_profile``    a dashboard; its state stands in the address:
                                     ``?area=gevgelija&language=mk``
``/dashboards/fonts/...``            the font of pages and maps
``/voila/...``, ``/api/kernels/...`` what the page of a dashboard asks for by itself
===================================  ===========================================================

There is no password because there is nobody but this machine: the server listens on 127.0.0.1
and refuses requests that name another host. A visitor runs no code but that of the notebook.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import webbrowser
from importlib import resources
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import RedirectHandler, RequestHandler, StaticFileHandler
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from analysis.dashboard.address import read_address
from analysis.dashboard.frame import DASHBOARD, edition_standing, page_frame, sentence_page
from analysis.text import mark
from analysis.workspace import VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace

HOST = "127.0.0.1"
HOSTS = frozenset({HOST, "localhost"})
TEMPLATE = "patokaz"
NOT_FOUND = 404
PING = 30_000
# Where Jupyter and IPython would write, and look for habits of the person who runs the server.
ROOMS = ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")
UNWANTED = (
    TornadoVoilaHandler,
    TornadoVoilaTreeHandler,
    VoilaContentsHandler,
    AllowListFileHandler,
)
WIDGETS = ["@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager"]
# What a page may load: from here, or from itself. A browser refuses all else.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        f"connect-src 'self' ws://{HOST}:* ws://localhost:*",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
NO_PAGES = mark("No pages have been made yet. Type {command} and load this page anew.")
NO_PAGE = mark("There is no page at this address. The links below lead to those that exist.")
REFUSED = mark("This server answers to requests from its own machine only.")
FAILED = mark("This page could not be made. Please tell the person who runs this server.")


class ServeError(ValueError):
    """A server that cannot be started."""


def serve(workspace: Workspace, port: int | None = None, *, open_browser: bool = True) -> None:
    """Serve the pages and dashboards of a workspace until the process is told to stop.

    Parameters
    ----------
    workspace : Workspace
    port : int, optional
        A free one is found where none is given.
    open_browser : bool
        Whether to show the pages in the system's browser.

    Raises
    ------
    ServeError
        When the port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="patokaz_") as room:
        # Kernels inherit all of it: the workspace that they read, where the template lies, and a
        # room for what Jupyter writes. Nothing at home is read, and there need be no home.
        os.environ[VARIABLE] = str(workspace.root)
        os.environ["JUPYTER_PATH"] = os.pathsep.join(
            [str(workspace.dashboards / "template"), *_given("JUPYTER_PATH")]
        )
        os.environ.update(dict.fromkeys(ROOMS, room))
        server = DashboardServer(config=configuration(workspace, port))
        server.workspace = workspace
        server.open_browser = open_browser
        server.initialize([])
        server.start()


def _given(variable: str) -> list[str]:
    return [part for part in os.environ.get(variable, "").split(os.pathsep) if part]


def configuration(workspace: Workspace, port: int | None = None) -> Config:
    """Give the settings of the server that no institution changes.

    Those that it may change, such as when idle kernels end, stand in ``dashboards/voila.json``.

    Parameters
    ----------
    workspace : Workspace
    port : int, optional

    Returns
    -------
    traitlets.config.Config
    """

    def frame(request: Any, notebook: Any, cwd: str) -> None:  # noqa: ARG001  # Voila's names
        asked = read_address(request.request.query)
        notebook.metadata["patokaz"] = page_frame(
            asked, workspace.site, edition_standing(workspace)
        )

    return Config(
        {
            "Voila": {
                "ip": HOST,
                "port": port or 0,
                "root_dir": str(workspace.dashboards),
                "config_file_paths": [str(workspace.dashboards)],
                "log_level": logging.ERROR,
                "token": "",
            },
            # Sockets that are files: no port that other users of the machine could knock at.
            "KernelManager": {"transport": "tcp" if os.name == "nt" else "ipc"},
            "VoilaConfiguration": {
                "template": TEMPLATE,
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "strip_sources": True,
                "show_tracebacks": False,
                "file_allowlist": [],
                "extension_allowlist": WIDGETS,
                "prelaunch_hook": frame,
            },
        }
    )


class _Local(RequestHandler):
    """Answers in sentences, and to this machine only."""

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        if self.request.host_name not in HOSTS:
            self.set_status(403)
            self.finish(sentence_page(REFUSED))

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(sentence_page(NO_PAGE if status_code == NOT_FOUND else FAILED))


class SiteHandler(_Local, StaticFileHandler):
    """The static pages, or the sentence that says how they are made."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say what is missing and what to type."""
        if self.root and not os.path.isdir(self.root):  # noqa: PTH112  # tornado keeps text
            self.finish(sentence_page(NO_PAGES, "patokaz run"))
        else:
            super().write_error(status_code, **kwargs)


class FontHandler(_Local, StaticFileHandler):
    """The font. The map is a document of its own and may load it too."""

    def set_default_headers(self) -> None:
        """Let the map, which has no origin, read the font."""
        super().set_default_headers()
        self.set_header("Access-Control-Allow-Origin", "*")


class NothingHandler(_Local):
    """Every other address."""

    def prepare(self) -> None:
        """Say that there is nothing."""
        super().prepare()
        if not self._finished:
            self.send_error(NOT_FOUND)


class DashboardHandler(TornadoVoilaHandler):  # type: ignore[misc]  # Voila has no types
    """A dashboard by its name, without the ending of its notebook."""

    async def get(self, path: str | None = None) -> None:
        """Run the notebook and send its page as it comes."""
        await super().get(path=f"{path}.ipynb")

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say it in a sentence."""
        self.finish(sentence_page(NO_PAGE if status_code == NOT_FOUND else FAILED))


class DashboardServer(Voila):  # type: ignore[misc]  # Voila has no types
    """Voila with the static pages beside it and without what nobody here needs."""

    workspace: Workspace
    port: Any  # Voila's own setting, named here for the type checker
    open_browser: Any

    def init_settings(self) -> dict[str, Any]:
        """Answer to this machine only, and tell browsers what pages may load."""
        settings: dict[str, Any] = super().init_settings()
        return settings | {
            "allow_remote_access": False,
            "local_hostnames": sorted(HOSTS),
            "headers": dict(HEADERS),
            "default_handler_class": NothingHandler,
            # Jupyter's own default is longer than the pause between pings, which tornado refuses.
            "ws_ping_timeout": PING,
            "ws_ping_interval": PING,
        }

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Put our addresses before Voila's, and leave out its lists of files."""
        kept = [h for h in super().init_handlers() if h[1] not in UNWANTED]
        fonts = resources.files("font_source_sans_pro") / "files"
        return [
            (r"/", RedirectHandler, {"url": "/pages/", "permanent": False}),
            (r"/pages", RedirectHandler, {"url": "/pages/", "permanent": False}),
            (r"/pages/(.*)", SiteHandler, self._site()),
            (r"/dashboards/fonts/(\w+-\w+\.ttf)", FontHandler, {"path": str(fonts)}),
            (r"/dashboards/?", RedirectHandler, {"url": DASHBOARD, "permanent": False}),
            (
                r"/dashboards/([a-z0-9_]+)",
                DashboardHandler,
                {
                    "template_paths": self.template_paths,
                    "config": self.config,
                    "voila_configuration": self.voila_configuration,
                },
            ),
            *kept,
        ]

    def _site(self) -> dict[str, Any]:
        site: Path = self.workspace.site
        return {"path": str(site), "default_filename": "index.html"}

    def listen(self) -> None:
        """Listen, say where, and serve until told to stop."""
        try:
            sockets = bind_sockets(self.port, HOST)
        except OSError as failure:
            self.stop()
            msg = (
                f"Port {self.port} of this machine is taken ({failure.strerror}). Choose another "
                f"one, or none: then a free one is found."
            )
            raise ServeError(msg) from None
        self.port = sockets[0].getsockname()[1]
        HTTPServer(self.app).add_sockets(sockets)
        address = f"http://{HOST}:{self.port}/"
        sys.stdout.write(f"Patokaz is open at {address}\n")
        sys.stdout.flush()
        if self.open_browser:
            webbrowser.open(address)
        self.ioloop = IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
        finally:
            self.stop()
