"""The command that says how the runs stand."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.shared import Json, app, short, words
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from analysis.suite.status.gather import State
    from analysis.workspace import Workspace

Write = Annotated[bool, typer.Option("--write", help="Write the page anew as well.")]
Alert = Annotated[
    bool, typer.Option("--alert", help="Tell the addresses of [alerts] what is new, once.")
]


@app.command()
def status(*, as_json: Json = False, write: Write = False, alert: Alert = False) -> None:
    """Show how the runs stand: what failed and where, what was missed, what is due next.

    Example: patokaz status
    """
    from analysis.suite.status.gather import read_facts, read_former, read_state
    from analysis.suite.status.report import find_outdated
    from analysis.suite.status.write import tell_facts, write_status

    workspace = find_workspace()
    now = dt.datetime.now(dt.UTC)
    outdated = find_outdated(workspace)
    former = read_former(workspace)
    facts = read_facts(workspace, former, outdated=outdated)
    state = read_state(workspace, now, facts=facts)
    if write:
        page = write_status(workspace, (), now, outdated=outdated, is_run=False)
        words.print(f"Page: {short(page)}", markup=False)
    if alert:
        _alert(workspace, state, now)
    if as_json:
        pages = [c["link"].partition("#")[0] for c in former.get("cells", []) if c["link"]]
        typer.echo(json.dumps(tell_facts(state, facts, pages), indent=2, ensure_ascii=False))
        return
    _say(state)


def _alert(workspace: Workspace, state: State, now: dt.datetime) -> None:
    from analysis.suite.status.report import tell_events

    sent = tell_events(workspace, state, now)
    words.print(f"Alerts sent: {sent.told}.")
    for problem in sent.problems:
        words.print(problem, markup=False)


def _say(state: State) -> None:
    from analysis.suite.status.report import tell_lines

    for line in tell_lines(state):
        typer.echo(line)
