"""Collecting what the status is made from: records, plan, standing, schedule, its last words."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.protection.ledger.standing import read_standing
from analysis.suite.alert_settings import AlertSettings, read_alert_settings
from analysis.suite.editions.taken_out import read_names
from analysis.suite.plan import plan_runs
from analysis.suite.records import HISTORY, MANIFEST, Record, RecordError, read_record
from analysis.suite.schedule.memory import read_seen
from analysis.suite.schedule.settings import read_schedule
from analysis.suite.status.clock import Times, tell_times
from analysis.suite.status.grid import Facts, Grid, make_grid
from analysis.suite.status.looks import read_looks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.suite.schedule.settings import Schedule
    from analysis.workspace import Workspace

STATUS = "status.json"
# Enough for the last line of the history, which is short.
TAIL = 20_000


@dataclass(frozen=True, slots=True)
class State:
    """All that the status shows.

    Parameters
    ----------
    grid : Grid
    times : Times
    refusal : str
        Why the last edition was not published; blank where it was.
    """

    grid: Grid
    times: Times
    refusal: str


def read_state(
    workspace: Workspace,
    now: dt.datetime,
    planned: Sequence[str] = (),
    *,
    facts: Facts | None = None,
    last_run: str = "",
) -> State:
    """Read how the runs of a workspace stand.

    Parameters
    ----------
    workspace : Workspace
    now : datetime.datetime
    planned : sequence of str
        Names of runs that are planned beside those of the suite file.
    facts : Facts, optional
        What the caller knows; as was said last, and as the ledger says, unless given.
    last_run : str
        When the suite was last run, ISO 8601; as was said last unless given.

    Returns
    -------
    State
        Nothing that is broken keeps it from being made: what cannot be read is left out, and a
        ledger that was changed is said as the reason why nothing is published.
    """
    former = read_former(workspace)
    known = facts or read_facts(workspace, former)
    names = [*planned, *_suite_names(workspace)]
    grid = make_grid(_records(workspace), names, now, known)
    schedule, settings = _settings(workspace)
    times = tell_times(
        schedule,
        read_seen(workspace),
        last_run or _last_run(workspace, former),
        now,
        newest_data=grid.newest_data,
        stale_after_days=settings.stale_after_days,
    )
    return State(grid, times, known.refusal)


def read_facts(
    workspace: Workspace,
    former: Mapping[str, Any],
    *,
    outdated: Mapping[str, str] | None = None,
    looks: Mapping[str, str] | None = None,
    refusal: str | None = None,
) -> Facts:
    """Read what is known beside the records.

    Parameters
    ----------
    workspace : Workspace
    former : mapping
        The last status, as :func:`read_former` gives it.
    outdated, looks, refusal
        As in :class:`analysis.suite.status.grid.Facts`. Unless given, the first and the last are
        as was said last, and the second as the current edition says.

    Returns
    -------
    Facts
    """
    said = former.get("refusal", "") if refusal is None else refusal
    try:
        standing = read_standing(workspace).state
    except ValueError as broken:
        standing, said = "", said or str(broken)
    return Facts(
        outdated=former.get("outdated", {}) if outdated is None else outdated,
        looks=read_looks(workspace) if looks is None else looks,
        standing=standing,
        refusal=said,
    )


def read_former(workspace: Workspace) -> dict[str, Any]:
    """Read the last status that was written; empty where there is none, or it is torn."""
    try:
        content = json.loads((workspace.status / STATUS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _records(workspace: Workspace) -> list[Record]:
    # What was taken out of the suite file is history once readers do not see it any more.
    out = read_names(workspace).taken_out
    found = []
    for path in workspace.runs.glob(f"*/*/{MANIFEST}"):
        try:
            record = read_record(path.parent)
        except RecordError:
            # Who runs it is told; here it counts as not run, which it is again.
            continue
        if record and record.name not in out:
            found.append(record)
    return found


def _suite_names(workspace: Workspace) -> list[str]:
    try:
        return [run.name for run in plan_runs(workspace)]
    except (ValueError, FileNotFoundError):
        # Who plans is told with file and line; the status shows what is on record.
        return []


def _settings(workspace: Workspace) -> tuple[Schedule | None, AlertSettings]:
    try:
        schedule = read_schedule(workspace.suite_file)
    except (ValueError, FileNotFoundError):
        schedule = None
    try:
        settings = read_alert_settings(workspace.suite_file, os.environ)
    except (ValueError, FileNotFoundError):
        settings = AlertSettings()
    return schedule, settings


def _last_run(workspace: Workspace, former: Mapping[str, Any]) -> str:
    """Find when the suite last ran: as was said, or later, if somebody's run never came so far."""
    said = [str(former.get("last_run", "")), _last_line(workspace)]
    return max((m for m in said if m), key=dt.datetime.fromisoformat, default="")


def _last_line(workspace: Workspace) -> str:
    path = workspace.logs / HISTORY
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        lines = file.read().decode("utf-8", "replace").splitlines()
    for line in reversed(lines):
        try:
            ended = str(json.loads(line)["ended"])
            dt.datetime.fromisoformat(ended)
        except (ValueError, KeyError, TypeError):
            continue
        return ended
    return ""
