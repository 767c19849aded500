"""What the schedule remembers between starts: which moment it last saw to, and how that ended."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from analysis.store.files import write_atomically
from analysis.suite.schedule.times import find_last_time, list_times

if TYPE_CHECKING:
    from analysis.suite.schedule.settings import Schedule
    from analysis.workspace import Workspace

MEMORY = "schedule.json"
# So long may a start be late before it counts as missed: a busy machine, a slow boot.
GRACE = dt.timedelta(hours=1)
# A run that ended with the machine is begun once more, and not again and again.
TRIES = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """The last moment of the schedule that was seen to.

    Parameters
    ----------
    due : str
        That moment, ISO 8601, UTC; moments up to it are done with.
    began, ended : str
        Of the commands; blank before, and ``ended`` also while they run.
    exit_code : int or None
        How they ended.
    tries : int
        How often they were begun for this moment.
    """

    due: str
    began: str = ""
    ended: str = ""
    exit_code: int | None = None
    tries: int = 0

    @property
    def is_broken_off(self) -> bool:
        """Whether the commands were begun and never said how they ended."""
        return bool(self.began) and not self.ended


def read_seen(workspace: Workspace) -> Seen | None:
    """Read which moment was seen to last.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Seen or None
        None where no schedule was ever installed, kept or started here, or the file is torn:
        then the schedule begins anew.
    """
    try:
        content = json.loads((workspace.logs / MEMORY).read_text(encoding="utf-8"))
        seen = Seen(**content)
        dt.datetime.fromisoformat(seen.due)
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return seen


def write_seen(workspace: Workspace, seen: Seen) -> None:
    """Remember which moment is seen to, whole or not at all."""
    text = json.dumps(asdict(seen), indent=2, sort_keys=True) + "\n"
    write_atomically(workspace.logs / MEMORY, text.encode("utf-8"))


def begin_memory(workspace: Workspace, now: dt.datetime) -> None:
    """Let a schedule count from now on, unless it does already.

    Parameters
    ----------
    workspace : Workspace
    now : datetime.datetime
    """
    if read_seen(workspace) is None:
        write_seen(workspace, Seen(stamp(now)))


def end_memory(workspace: Workspace) -> None:
    """Let a schedule that was taken out of every scheduler miss nothing any more."""
    (workspace.logs / MEMORY).unlink(missing_ok=True)


def stamp(moment: dt.datetime) -> str:
    """Write a moment as the logs do: ISO 8601, UTC, seconds.

    Examples
    --------
    >>> stamp(dt.datetime(2026, 1, 5, 5, tzinfo=dt.timezone(dt.timedelta(hours=1))))
    '2026-01-05T04:00:00+00:00'
    """
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def find_due(schedule: Schedule, seen: Seen | None, now: dt.datetime) -> Seen | None:
    """Find the moment that has come and was not seen to.

    Parameters
    ----------
    schedule : Schedule
    seen : Seen or None
    now : datetime.datetime

    Returns
    -------
    Seen or None
        One, the latest, however many were missed; None where nothing is due. What was broken off
        is due once more.
    """
    latest = find_last_time(schedule, now)
    if seen is None:
        # Nobody knows what was before; a moment that has just come is meant.
        return Seen(stamp(latest)) if now - latest <= GRACE else None
    if latest > dt.datetime.fromisoformat(seen.due):
        return Seen(stamp(latest))
    return seen if seen.is_broken_off and seen.tries < TRIES else None


def begin_try(due: Seen, now: dt.datetime) -> Seen:
    """Note that the commands for a moment begin."""
    return replace(due, began=stamp(now), ended="", exit_code=None, tries=due.tries + 1)


def end_try(begun: Seen, now: dt.datetime, exit_code: int) -> Seen:
    """Note how the commands for a moment ended."""
    return replace(begun, ended=stamp(now), exit_code=exit_code)


def find_missed_times(
    schedule: Schedule, seen: Seen | None, now: dt.datetime, last_run: dt.datetime | None = None
) -> list[dt.datetime]:
    """List the moments that have passed and that nobody saw to.

    Parameters
    ----------
    schedule : Schedule
    seen : Seen or None
        None where the schedule was never set going: then nothing is missed.
    now : datetime.datetime
    last_run : datetime.datetime, optional
        When somebody last ran the suite, in whatever way: that makes up for what was before.

    Returns
    -------
    list of datetime.datetime
        Oldest first; a moment counts when an hour has passed since.
    """
    if seen is None:
        return []
    since = dt.datetime.fromisoformat(seen.due)
    since = max(since, last_run) if last_run else since
    return list_times(schedule, since, now - GRACE)
