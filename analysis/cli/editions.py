"""Commands about what readers see: publish, rollback, editions, differences."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.cli.shared import EXIT_LOCKED, Json, app, short, words
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.suite.editions.edition import Edition
    from analysis.workspace import Workspace

Accept = Annotated[bool, typer.Option("--accept", help="Go on although less is shown than before.")]


@app.command()
def publish(
    keep: Annotated[
        list[int] | None,
        typer.Option("--keep", help="Number of an edition that is not removed; repeatable."),
    ] = None,
    *,
    accept: Accept = False,
    as_json: Json = False,
) -> None:
    """Publish the last good results of all runs as one edition, or change nothing.

    Example: patokaz publish
    """
    from analysis.suite.editions.edition import read_current
    from analysis.suite.editions.publish import publish_edition

    workspace = find_workspace()
    with _hold(workspace, "patokaz publish"):
        before = read_current(workspace)
        edition = publish_edition(workspace, accept=accept, keep=keep or ())
    is_new = before is None or before.number != edition.number
    if as_json:
        typer.echo(json.dumps({"is_new": is_new, **_facts(edition, edition.number)}, indent=2))
        return
    said = "is what readers see now" if is_new else "is what readers see already; nothing changed"
    words.print(f"Edition {edition.number} {said}: {short(workspace.site / 'index.html')}")
    for run in edition.not_fresh:
        words.print(f"  {run.name}: {run.state}. {run.reason}", markup=False)
    report = workspace.current / "differences.html"
    if is_new and report.is_file():
        words.print(f"What changed in the figures: {short(report)}")


@app.command()
def rollback(
    number: Annotated[
        int | None, typer.Argument(help="Number of an edition; the one before if not given.")
    ] = None,
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Go back although it shows what is withheld today.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show readers a former edition again.

    Example: patokaz rollback
    """
    from analysis.suite.editions.rollback import rollback as go_back

    workspace = find_workspace()
    with _hold(workspace, "patokaz rollback"):
        edition = go_back(workspace, number, accept=accept)
    if as_json:
        typer.echo(json.dumps(_facts(edition, edition.number), indent=2))
        return
    words.print(f"Readers see edition {edition.number} of {edition.made} now.")


@app.command()
def editions(*, as_json: Json = False) -> None:
    """List the editions that are kept; a star marks the one that readers see.

    Example: patokaz editions
    """
    from analysis.suite.editions.edition import read_current, read_editions

    workspace = find_workspace()
    current = read_current(workspace)
    now = current.number if current else None
    kept = read_editions(workspace)
    if as_json:
        typer.echo(json.dumps([_facts(edition, now) for edition in kept], indent=2))
        return
    for edition in kept:
        star = "*" if edition.number == now else " "
        pages = sum(n for name, n in edition.counts.items() if name.startswith("pages "))
        late = f", {len(edition.not_fresh)} not of the newest run" if edition.not_fresh else ""
        typer.echo(f"{star} {edition.number:>4}  {edition.made}  {pages} pages{late}")
    words.print(f"{len(kept)} editions are kept. `patokaz rollback NUMBER` goes to one.")


@app.command()
def differences(
    before: Annotated[int, typer.Argument(help="Number of an edition.")],
    after: Annotated[int, typer.Argument(help="Number of a later one.")],
    *,
    as_json: Json = False,
) -> None:
    """Compare the figures of two editions, and name those that moved more than expected.

    Example: patokaz differences 3 4
    """
    from analysis.suite.editions.differences_report import compare_editions, tell_differences

    said = tell_differences(compare_editions(find_workspace(), before, after))
    if as_json:
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    for row in said["moved"]:
        where = f"{row['indicator_id']} in {row['area_id']}, {row['period_end'][:4]}"
        typer.echo(f"{row['score']:+7.1f}  {where}: {row['before']:g} to {row['after']:g}")
    for name in said["gone"]:
        typer.echo(f"   gone  {name}")
    changed = sum(int(n) for kind in said["kinds"] for n in list(kind.values())[1:])
    words.print(f"{changed} rows changed, {len(said['moved'])} moved more than expected.")


@contextmanager
def _hold(workspace: Workspace, work: str) -> Iterator[None]:
    """Hold the lock of the workspace: no run may change its results meanwhile."""
    from analysis.suite.lock import LockedError, hold_lock

    try:
        with hold_lock(workspace.lock, work):
            yield
    except LockedError as locked:
        words.print(f"patokaz: {locked}", style="bold red", markup=False)
        raise typer.Exit(EXIT_LOCKED) from None


def _facts(edition: Edition, current: int | None) -> dict[str, Any]:
    return {
        "number": edition.number,
        "made": edition.made,
        "is_current": edition.number == current,
        "release": edition.release,
        "observations_sha256": edition.observations_sha256,
        "counts": edition.counts,
        "not_fresh": [
            {"name": r.name, "state": r.state, "reason": r.reason, "data_date": r.data_date}
            for r in edition.not_fresh
        ],
    }
