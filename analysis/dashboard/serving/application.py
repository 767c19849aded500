"""All of it in one server: Voila with the pages beside it, without what nobody here needs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import webbrowser
from importlib import resources
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from voila.app import Voila

from analysis.dashboard.frame import DASHBOARD
from analysis.dashboard.serving.aside import run_aside
from analysis.dashboard.serving.basket_pages import SCRIPTS, AskHandler, BasketHandler
from analysis.dashboard.serving.baskets import Baskets
from analysis.dashboard.serving.channels import (
    ChannelsHandler,
    KernelHandler,
    LeaveHandler,
    Lines,
    WidgetChannels,
)
from analysis.dashboard.serving.dashboards import DashboardHandler
from analysis.dashboard.serving.embedded import EmbedHandler
from analysis.dashboard.serving.ending import Ending
from analysis.dashboard.serving.files import AssetHandler, FontHandler, Shelf
from analysis.dashboard.serving.first_views import FirstViews
from analysis.dashboard.serving.guard import SIGN_IN, LeadHandler, NothingHandler
from analysis.dashboard.serving.health import Counts, HealthHandler, MetricsHandler
from analysis.dashboard.serving.identity import read_way
from analysis.dashboard.serving.log import JsonFormatter, note_request
from analysis.dashboard.serving.messages import KINDS, LARGEST
from analysis.dashboard.serving.openid import BACK, BackHandler, StartHandler
from analysis.dashboard.serving.options import ServeError, ServeOptions, count_sessions, is_loopback
from analysis.dashboard.serving.pages import SiteHandler
from analysis.dashboard.serving.policy import HEADERS
from analysis.dashboard.serving.press import Press
from analysis.dashboard.serving.sessions import Sessions
from analysis.dashboard.serving.signing import PasswordHandler, Tries
from analysis.dashboard.serving.starts import Starts, count_starts
from analysis.figures.client import VARIABLE as PICTURES
from analysis.figures.service import PicturesError, start_pictures

if TYPE_CHECKING:
    from types import FrameType

    from tornado.iostream import IOStream

    from analysis.dashboard.serving.options import Kernels
    from analysis.workspace import Workspace

PING = 30_000
# Nobody sends this server more than a form.
LARGEST_BODY = 64 * 1024
LARGEST_HEAD = 16 * 1024
SLOWEST = 15.0
# Sockets of dashboards are not among them: seats and their lines bound those.
MOST_CONNECTIONS = 500
# Connections, and the files of forty sessions with all their lines.
FILES = 8192
# Words of a kernel's id: letters that no path is made of.
KERNEL = r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
KERNEL_NAMED = KERNEL.replace("(", "(?P<kernel_id>", 1)
# What stands in a template and a map that have a place for the word their scripts carry.
PLACES = ("frame.get('nonce'", "nonce")


class BoundedServer(HTTPServer):
    """A server that hangs up on whoever comes when it has as many connections as it bears."""

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Take a connection, or hang up."""
        if len(self._connections) >= MOST_CONNECTIONS:
            stream.close()
        else:
            super().handle_stream(stream, address)


def raise_file_limit() -> None:
    """Let this process hold as many files as its sessions may want, as far as the system lets."""
    if os.name == "posix":
        import resource

        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
        if now != resource.RLIM_INFINITY and now < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


class DashboardServer(Voila):  # type: ignore[misc]  # Voila has no types
    """One server of pages and dashboards."""

    workspace: Workspace
    options: ServeOptions = ServeOptions()
    kernels: Kernels | None = None
    port: Any  # Voila's own settings, named here for the type checker
    open_browser: Any
    _log_formatter_cls = JsonFormatter
    _held: contextlib.ExitStack
    _http: HTTPServer | None = None

    def init_settings(self) -> dict[str, Any]:
        """Set up who may do what."""
        settings: dict[str, Any] = super().init_settings()
        # A second wall behind `messages`: Voila's own list would let a page end kernels.
        self.kernel_manager.allowed_message_types = sorted(KINDS)
        self.identity_provider.way = read_way(self.options.identity)
        self.sessions = Sessions(count_sessions(self.options))
        lines = Lines()
        self.ending = Ending(self.sessions, self.kernel_manager, lines)
        self.first_views = FirstViews(
            self.workspace, self.kernel_manager, self.ending.start_kernel_of_own
        )
        self.baskets = Baskets(self.kernel_manager, self.ending.start_kernel_of_own)
        return settings | {
            "baskets": self.baskets,
            "hosts": self.options.hosts,
            "embedders": self.options.embedders,
            "sessions": self.sessions,
            "lines": lines,
            "ending": self.ending,
            "shelf": Shelf(),
            "counts": Counts(),
            "parents": [],
            "starts": Starts(count_starts(), lambda: self.first_views.is_busy),
            "first_views": self.first_views,
            "template_has_nonce": self._has_nonce(),
            "kernel_websocket_connection_class": WidgetChannels,
            "allow_remote_access": False,
            "local_hostnames": sorted(self.options.hosts),
            "headers": dict(HEADERS),
            "default_handler_class": NothingHandler,
            "log_function": note_request,
            "login_url": SIGN_IN,
            "websocket_max_message_size": LARGEST,
            # Jupyter's own default is longer than the pause between pings, which tornado refuses.
            "ws_ping_timeout": PING,
            "ws_ping_interval": PING,
        }

    def _has_nonce(self) -> bool:
        """Say whether the scripts of template and map carry a nonce: an institution has its own."""
        template = self.workspace.dashboards.joinpath(
            "template", "voila", "templates", self.voila_configuration.template, "index.html.j2"
        )
        # The map is a document within the page, and the policy of the page holds for it too.
        drawing = resources.files("analysis.figures") / "livemap.py"
        read = [path.read_text(encoding="utf-8") for path in (template, drawing) if path.is_file()]
        return len(read) == len(PLACES) and all(map(str.__contains__, read, PLACES))

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Give our addresses, and of Voila's only the scripts of its pages."""
        site = {"path": str(self.workspace.site), "default_filename": "index.html"}
        fonts = resources.files("font_source_sans_pro") / "files"
        self.app.settings["press"] = Press(
            self.template_paths,
            self.voila_configuration,
            self.config,
            self.base_url,
            self.app.settings,
        )
        dashboard = {
            "workspace": self.workspace,
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return [
            (r"/", LeadHandler, {"url": "/pages/", "permanent": False}),
            (r"/pages", LeadHandler, {"url": "/pages/", "permanent": False}),
            (r"/pages/(.*)", SiteHandler, site),
            (r"/dashboards/fonts/(\w+-\w+\.ttf)", FontHandler, {"path": str(fonts)}),
            (r"/dashboards/?", LeadHandler, {"url": DASHBOARD, "permanent": False}),
            (r"/dashboards/([a-z0-9_]+)", DashboardHandler, dashboard),
            (r"/embed/([a-z0-9_]+)", EmbedHandler, {"workspace": self.workspace}),
            (r"/basket/?", BasketHandler, {"workspace": self.workspace}),
            (r"/basket/(list|docx|zip)", AskHandler),
            (r"/basket/scripts/(\w+\.js)", AssetHandler, {"path": str(SCRIPTS)}),
            (rf"/api/kernels/{KERNEL}", KernelHandler),
            (rf"/api/kernels/{KERNEL_NAMED}/channels", ChannelsHandler),
            (rf"/voila/api/shutdown/{KERNEL}", LeaveHandler),
            (r"/voila/static/(.*)", AssetHandler, {"folders": self.static_paths}),
            (r"/voila/labextensions/(.*)", AssetHandler, {"folders": self.labextensions_path}),
            (r"/health", HealthHandler),
            (r"/metrics", MetricsHandler),
            *self._sign_in(),
        ]

    def _sign_in(self) -> list[tuple[Any, ...]]:
        way = self.identity_provider.way
        if way.openid:
            return [(SIGN_IN, StartHandler), (BACK, BackHandler)]
        return [(SIGN_IN, PasswordHandler, {"tries": Tries()})] if way.password else []

    def listen(self) -> None:
        """Listen, say where, and serve until told to stop."""
        where = self.options.address
        try:
            sockets = bind_sockets(self.port, where)
        except OSError as failure:
            self.stop()
            msg = (
                f"Port {self.port} of this machine is taken ({failure.strerror}). Choose another "
                f"one, or none: then a free one is found."
            )
            raise ServeError(msg) from None
        self.port = sockets[0].getsockname()[1]
        self.app.settings["port"] = self.port
        raise_file_limit()
        self._http = BoundedServer(
            self.app,
            # Whether the proxy was asked over a secure line, which its own line to us is not.
            xheaders=bool(self.options.names) and is_loopback(where),
            max_body_size=LARGEST_BODY,
            max_header_size=LARGEST_HEAD,
            idle_connection_timeout=SLOWEST,
            body_timeout=SLOWEST,
        )
        self._http.add_sockets(sockets)
        shown = f"[{where}]" if ":" in where else where
        address = f"http://{shown}:{self.port}/"
        sys.stdout.write(f"Patokaz is open at {address}\n")
        sys.stdout.flush()
        if self.open_browser:
            webbrowser.open(address)
        self.ioloop = IOLoop.current()
        self._held = contextlib.ExitStack()
        self.ioloop.add_callback(self._begin)
        # As an exception Ctrl-C could come up in a place that keeps exceptions to itself, and be
        # lost. A second one, while kernels end, is one again.
        former = signal.signal(signal.SIGINT, self._end_by_key)
        try:
            self.ioloop.start()
        finally:
            signal.signal(signal.SIGINT, former)
            self.stop()

    def _end_by_key(self, _number: int, _frame: FrameType | None) -> None:
        sys.stdout.write("\n")
        self.ioloop.add_callback_from_signal(self.ioloop.stop)

    async def _begin(self) -> None:
        self.ending.start()
        hold = self.kernels.hold if self.kernels else None
        if hold is not None:
            # Without it kernels are started the ordinary way, as the provisioner sees to.
            with contextlib.suppress(RuntimeError, OSError):
                held = self._held.enter_context(await run_aside(hold))
                self.app.settings["parents"].append(getattr(held, "pid", 0))
        with contextlib.suppress(PicturesError, OSError):
            pictures = self._held.enter_context(await run_aside(start_pictures))
            os.environ[PICTURES] = str(pictures.socket)
            self.app.settings["parents"].append(pictures.process.pid)
        await self.first_views.prepare()

    def stop(self) -> None:
        """End kernels and what is under way, without a word about it."""
        if self._http is not None:
            self._http.stop()
            self.ending.stop()
            self.first_views.close()
            self.baskets.close()
            self.ioloop.run_sync(self._end_all)
        shutil.rmtree(self.connection_dir, ignore_errors=True)
        if self._http is not None:
            self._held.close()

    async def _end_all(self) -> None:
        # What is under way fails now, and nobody is there to be told.
        logging.disable(logging.CRITICAL)
        try:
            await self.ending.end_all()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.wait(others, timeout=1) if others else None
        finally:
            logging.disable(logging.NOTSET)
