"""Commands about figures: build, fetch, demonstrate, trace."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.shared import Json, app, short, words
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from analysis.workspace import Workspace

EXIT_SOURCE = 10
BOUNDARIES = "boundaries"


@app.command()
def build(*, as_json: Json = False) -> None:
    """Build observations from the published figures, and the public zone.

    Example: patokaz build
    """
    from analysis.protection import publish_observations
    from analysis.store.build import build_workspace

    workspace = find_workspace()
    release = publish_observations(build_workspace(workspace), workspace)
    if as_json:
        typer.echo(json.dumps(asdict(release), indent=2))
        return
    words.print(
        f"Built {release.cells_shown + release.cells_withheld} observations from "
        f"{len(release.snapshots)} files; {release.cells_withheld} are withheld as too small to "
        f"publish. Public zone: {short(workspace.public)}"
    )


@app.command()
def fetch(
    source: Annotated[
        list[str] | None,
        typer.Argument(help="Ids of sources, such as makstat or frontex-ibc; boundaries; all."),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Fetch live figures from their publishers and keep the bytes as received.

    A source that fails changes nothing and stops no other. The exit code is 0 where all went
    well, else that of the gravest failure: 11 unreachable, 12 refused, 13 reshaped, 14 cut short.

    Example: patokaz fetch makstat frontex-ibc
    """
    import datetime as dt

    from analysis.sources.fetch import fetch_sources

    workspace = find_workspace()
    asked = list(source or [])
    outcomes = []
    if asked != [BOUNDARIES]:
        names = [name for name in asked if name != BOUNDARIES]
        outcomes = fetch_sources(workspace, names, None, dt.datetime.now(dt.UTC).date())
    said: list[tuple[str, str, str, int]] = [
        (o.source_id, o.state, o.sentence, o.code) for o in outcomes
    ]
    if not asked or BOUNDARIES in asked:
        said.append(_fetch_boundaries(workspace))
    if as_json:
        keys = ("source", "state", "sentence", "code")
        typer.echo(json.dumps([dict(zip(keys, o, strict=True)) for o in said], indent=2))
    else:
        for _, state, sentence, _ in said:
            typer.echo(f"{state:<10} {sentence}")
    gravest = max(code for *_, code in said)
    if gravest:
        raise typer.Exit(gravest)


def _fetch_boundaries(workspace: Workspace) -> tuple[str, str, str, int]:
    from analysis.sources.boundaries import BoundaryError
    from analysis.sources.boundary_download import fetch_boundaries
    from analysis.sources.boundary_files import boundary_snapshot
    from analysis.sources.protocol import SourceError

    path = boundary_snapshot(workspace)
    state = "unchanged" if path.is_file() else "new"
    try:
        fetch_boundaries(path)
    except SourceError as refused:
        return BOUNDARIES, "failed", str(refused), refused.code
    except BoundaryError as refused:
        return BOUNDARIES, "failed", str(refused), EXIT_SOURCE
    return BOUNDARIES, state, f"{BOUNDARIES}: {short(path)}", 0


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one to be made.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
) -> None:
    """Make a workspace of synthetic figures, apart from real ones.

    Example: patokaz demo ../patokaz-demo --seed 1
    """
    from analysis.suite.demo import make_demo

    made = make_demo(folder, seed, find_workspace())
    typer.echo(
        f"A synthetic workspace is in {short(made.root)}. Every figure in it is invented.\n"
        f"Build it with: PATOKAZ_HOME={made.root} patokaz build && "
        f"PATOKAZ_HOME={made.root} patokaz run --all"
    )
