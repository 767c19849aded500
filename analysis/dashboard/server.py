"""One process that serves the static pages and the dashboards.

===================================  ===========================================================
``/``                                goes to ``/pages/``
``/pages/mk/kumanovo/index.html``    static pages, as published
``/dashboards/municipal_profile``    a dashboard; its state stands in the address:
                                     ``?area=gevgelija&language=mk``
``/dashboards/fonts/...``            the font of pages and maps
``/voila/...``, ``/api/kernels/...`` what the page of a dashboard asks for by itself
``/health``, ``/metrics``            for whoever keeps the server running
``/sign-in``                         where readers have to sign in
===================================  ===========================================================

Unless whoever starts it says otherwise, there is no password because there is nobody but this
machine: the server listens on 127.0.0.1 and refuses requests that name another host. A visitor
runs no code but that of the notebook.
"""

from __future__ import annotations

import logging
import os
import tempfile
from typing import TYPE_CHECKING, Any

from traitlets.config import Config

from analysis.dashboard.address import read_address
from analysis.dashboard.frame import edition_standing
from analysis.dashboard.registry import frame_for
from analysis.dashboard.serving.application import DashboardServer
from analysis.dashboard.serving.identity import Identity
from analysis.dashboard.serving.log import close_log, set_up_log
from analysis.dashboard.serving.options import (
    HOST,
    Kernels,
    ServeError,
    ServeOptions,
    check_options,
)
from analysis.workspace import VARIABLE

if TYPE_CHECKING:
    from analysis.workspace import Workspace

__all__ = [
    "HOST",
    "DashboardServer",
    "Kernels",
    "ServeError",
    "ServeOptions",
    "configuration",
    "serve",
]
TEMPLATE = "patokaz"
# Where Jupyter and IPython would write, and look for habits of the person who runs the server.
ROOMS = ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")
WIDGETS = ["@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager"]


def serve(
    workspace: Workspace,
    port: int | None = None,
    *,
    open_browser: bool = True,
    options: ServeOptions | None = None,
    kernels: Kernels | None = None,
) -> None:
    """Serve the pages and dashboards of a workspace until the process is told to stop.

    Parameters
    ----------
    workspace : Workspace
    port : int, optional
        A free one is found where none is given.
    open_browser : bool
        Whether to show the pages in the system's browser.
    options : ServeOptions, optional
        To this machine only unless given.
    kernels : Kernels, optional
        Ordinary ones unless given.

    Raises
    ------
    ServeError
        When the port is taken, or others than this machine could read and nobody has said who
        may.
    """
    chosen = options or ServeOptions()
    check_options(chosen)
    with tempfile.TemporaryDirectory(prefix="patokaz_") as room:
        # Kernels inherit all of it: the workspace that they read, where the template lies, and a
        # room for what Jupyter writes. Nothing at home is read, and there need be no home.
        os.environ[VARIABLE] = str(workspace.root)
        os.environ["JUPYTER_PATH"] = os.pathsep.join(
            [str(workspace.dashboards / "template"), *_given("JUPYTER_PATH")]
        )
        os.environ.update(dict.fromkeys(ROOMS, room))
        config = configuration(workspace, port)
        config.merge(Config(kernels.settings if kernels else {}))
        server = DashboardServer(config=config)
        server.workspace, server.options, server.kernels = workspace, chosen, kernels
        server.open_browser = open_browser
        handlers = set_up_log(chosen.log)
        try:
            server.initialize([])
            server.start()
        finally:
            close_log(handlers)


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
        query = request.request.query
        name = request.request.path.rpartition("/")[2]
        found = frame_for(name, query, workspace.site, edition_standing(workspace))
        words = found or {"language": read_address(query).choice.language.code}
        notebook.metadata["patokaz"] = words | {"nonce": request.nonce}

    return Config(
        {
            "Voila": {
                "ip": HOST,
                "port": port or 0,
                "root_dir": str(workspace.dashboards),
                "config_file_paths": [str(workspace.dashboards)],
                "log_level": logging.ERROR,
                "token": "",
                "identity_provider_class": Identity,
            },
            # Sockets that are files: no port that other users of the machine could knock at.
            # A kernel that has died has no widgets any more: the page is opened anew.
            "KernelManager": {
                "transport": "tcp" if os.name == "nt" else "ipc",
                "autorestart": False,
            },
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
