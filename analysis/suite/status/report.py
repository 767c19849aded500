"""The status in lines for a terminal, and what it takes to tell people of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from analysis.suite.alert_settings import read_alert_settings
from analysis.suite.alerts import Sent, send_alerts
from analysis.suite.plan import plan_runs
from analysis.suite.records import read_records
from analysis.suite.status.events import find_events
from analysis.suite.status.gather import read_state
from analysis.suite.status.grid import OK
from analysis.suite.status.page import group_cells
from analysis.suite.status.words import SIGNS, name_places, tell_places, tell_remedy
from analysis.text import translator

if TYPE_CHECKING:
    import datetime as dt

    from analysis.suite.status.gather import State
    from analysis.workspace import Workspace


def tell_lines(state: State) -> list[str]:
    """Say in lines how the runs stand, what is worst first.

    Parameters
    ----------
    state : State

    Returns
    -------
    list of str
    """
    english, names = translator("en"), name_places("en")
    times = state.times
    counts = ", ".join(f"{n} {word}" for word, n in reversed(state.grid.counts.items()))
    lines = [f"{len(state.grid.cells)} runs: {counts}."]
    for group in group_cells(c for c in state.grid.cells if c.state != OK):
        first = group[0]
        places = tell_places(group, names, english)
        lines.append(f"{SIGNS[first.state]} {first.state}: {first.notebook}: {places}")
        lines += [f"    {s}" for s in (first.reason.tell(english), tell_remedy(first)) if s]
    lines += [f"Last run: {times.show(times.last_run) or 'never'}"]
    lines += [f"Next run: {times.show(times.next_run) or 'no schedule is set'} ({times.zone})"]
    if times.schedule and not times.is_kept:
        lines.append("The schedule was never set going here: `patokaz schedule --install ...`.")
    if times.missed:
        lines.append(f"Missed runs: {len(times.missed)}, last {times.show(times.missed[-1])}")
    lines.append(f"Newest data: {state.grid.newest_data or 'none'}")
    if times.stale_since:
        lines.append(f"These count as old since {times.stale_since}.")
    return lines


def find_outdated(workspace: Workspace) -> dict[str, str]:
    """Find the runs whose last good result was made from former inputs.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    dict of str to str
        Name of the run, and which inputs changed; empty where nothing was built yet.
    """
    from analysis.suite.run import judge_runs

    good = {record.name for record in read_records(workspace) if record.good}
    try:
        planned = judge_runs(plan_runs(workspace), workspace)
    except (ValueError, FileNotFoundError):
        return {}
    return {
        p.run.name: ", ".join(p.changed) or p.reason
        for p in planned
        if p.is_needed and p.run.name in good
    }


def tell_events(workspace: Workspace, state: State, now: dt.datetime) -> Sent:
    """Tell people what is wrong, and what is solved; once each.

    Parameters
    ----------
    workspace : Workspace
    state : State
    now : datetime.datetime

    Returns
    -------
    Sent
        Never a failure of whoever asks: what goes wrong is a sentence in it.
    """
    try:
        language = read_alert_settings(workspace.suite_file, os.environ).language
    except (ValueError, FileNotFoundError) as refused:
        return Sent(problems=(f"No alert was sent: {refused}",))
    return send_alerts(workspace, find_events(state, language), now)


def alert_state(workspace: Workspace, now: dt.datetime) -> Sent:
    """Look how the runs stand, and tell people of it.

    Parameters
    ----------
    workspace : Workspace
    now : datetime.datetime

    Returns
    -------
    Sent
    """
    return tell_events(workspace, read_state(workspace, now), now)
