"""Commands of the server: serve, password."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.shared import app, short, words
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.dashboard.serving.options import Kernels
    from analysis.suite.kernels.keeper import Hold
    from analysis.workspace import Workspace

# Where the server was killed, its parent of kernels ends after so many seconds.
IDLE = 30.0


@app.command()
def serve(  # noqa: PLR0913  # one a switch
    port: Annotated[int | None, typer.Option(help="Port; a free one if not given.")] = None,
    *,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser as well.")] = False,
    address: Annotated[
        str, typer.Option(help="Address of this machine to listen on.")
    ] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option(help="Name by which others reach it, as behind a reverse proxy; repeatable."),
    ] = None,
    sessions: Annotated[
        int | None, typer.Option(help="Dashboards open at once; as many as memory bears.")
    ] = None,
    identity: Annotated[
        Path | None, typer.Option(help="File with a password or your institution's sign-in.")
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Let everybody read who can reach it.")
    ] = False,
    log: Annotated[
        str, typer.Option(help="File for a line of JSON a request; - for standard error.")
    ] = "",
    embed_in: Annotated[
        list[str] | None,
        typer.Option(help="Site that may show pages in a frame: https://www.a.mk; repeatable."),
    ] = None,
    cold: Annotated[
        bool, typer.Option("--cold", help="Ordinary kernels, even where warm ones can be.")
    ] = False,
) -> None:
    """Serve dashboards and pages; to this machine only, unless you say otherwise.

    Example: patokaz serve --port 8866
    """
    from analysis.dashboard.server import ServeOptions
    from analysis.dashboard.server import serve as serve_workspace

    workspace = find_workspace()
    options = ServeOptions(
        address, tuple(name or ()), sessions, identity, public, log, tuple(embed_in or ())
    )
    with own_kernels(workspace, is_warm=not cold) as kernels:
        serve_workspace(
            workspace, port, open_browser=open_browser, options=options, kernels=kernels
        )


@contextlib.contextmanager
def own_kernels(workspace: Workspace, *, is_warm: bool) -> Iterator[Kernels]:
    """Give kernels of the server's own.

    Their parent is started by the server and ends with it. Another one of the same account may
    read what the server is kept from.

    Parameters
    ----------
    workspace : Workspace
    is_warm : bool
        Forked from a parent that has imported all, where that can be.

    Yields
    ------
    Kernels
    """
    from analysis.dashboard.serving.options import Kernels
    from analysis.suite.kernels.keeper import ensure_parent, stop_parent
    from analysis.suite.kernels.settings import warm_settings

    lock_file = workspace.lock_file

    def hold() -> Hold:
        return ensure_parent(lock_file, room, idle=IDLE)

    with tempfile.TemporaryDirectory(prefix="patokaz-kernels-") as folder:
        room = Path(folder)
        yield Kernels(warm_settings(lock_file, room, warm=is_warm), hold if is_warm else None)
        if is_warm:
            stop_parent(lock_file, room, kill=True)


@app.command()
def password(
    path: Annotated[Path, typer.Argument(help="File to write, for `patokaz serve --identity`.")],
) -> None:
    """Ask for a password, and write a file that proves it without holding it.

    Example: patokaz password readers.toml
    """
    from jupyter_server.auth.security import passwd

    if path.exists():
        msg = f"There is a file '{path}' already. Remove it first, or name another one."
        raise ValueError(msg)
    typed = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    proof = passwd(typed)  # type: ignore[no-untyped-call]
    # For its owner alone from the first moment.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f'password = "{proof}"\n')
    words.print(f"Written: {short(path)}", markup=False)
