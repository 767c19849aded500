"""Which moments a schedule means, also where a clock is put forward or back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.suite.schedule.settings import Schedule

# Long enough for both clocks of a year, and for the shift between them, to have been met.
DAYS_OF_A_YEAR = 400


def find_next_times(schedule: Schedule, after: dt.datetime, count: int = 3) -> list[dt.datetime]:
    """List the next moments of a schedule.

    A time that a clock put forward leaves out is met as much later as the clock jumps; a time
    that a clock put back shows twice is met the first time only. So each day has each time once.

    Parameters
    ----------
    schedule : Schedule
    after : datetime.datetime
        With a zone; a moment equal to it is not listed.
    count : int

    Returns
    -------
    list of datetime.datetime
        In the zone of the schedule.
    """
    return list(islice(_from(schedule, after), count))


def find_last_time(schedule: Schedule, now: dt.datetime) -> dt.datetime:
    """Give the last moment of a schedule that has come.

    Parameters
    ----------
    schedule : Schedule
    now : datetime.datetime
        With a zone; a moment equal to it has come.

    Returns
    -------
    datetime.datetime
    """
    # Every day of the week comes within eight days, whatever the clocks do meanwhile.
    return list_times(schedule, now - dt.timedelta(days=8), now)[-1]


def list_times(schedule: Schedule, after: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """List the moments of a schedule after one moment and up to another.

    Parameters
    ----------
    schedule : Schedule
    after, until : datetime.datetime
        With a zone.

    Returns
    -------
    list of datetime.datetime
    """
    found = []
    for moment in _from(schedule, after):
        if moment.timestamp() > until.timestamp():
            break
        found.append(moment)
    return found


def _from(schedule: Schedule, after: dt.datetime) -> Iterator[dt.datetime]:
    # From the day before: what the clock leaves out on one day may be met on the next.
    day = after.astimezone(schedule.zone).date() - dt.timedelta(days=1)
    while True:
        if day.weekday() in schedule.days:
            moments = (dt.datetime.combine(day, t, schedule.zone) for t in schedule.times)
            # Through UTC a wall time that does not exist becomes the one that the clock shows.
            real = {m.astimezone(dt.UTC) for m in moments}
            yield from (
                m.astimezone(schedule.zone)
                for m in sorted(real)
                if m.timestamp() > after.timestamp()
            )
        day += dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WallTimes:
    """Times by the clock of one machine, on the same days of the week.

    Parameters
    ----------
    minute : int
    hours : tuple of int
    days : tuple of int
        Monday is 0.
    """

    minute: int
    hours: tuple[int, ...]
    days: tuple[int, ...]


def list_machine_times(
    schedule: Schedule, now: dt.datetime, machine: dt.tzinfo | None = None
) -> list[WallTimes]:
    """Say when a schedule is due by the clock of a machine that may be in another zone.

    Where the two zones change their clocks differently, each time of the schedule has several
    times on the machine, and only one of them is right on a given day. Whoever is started at all
    of them asks for what is due, and finds nothing to do at the others.

    Parameters
    ----------
    schedule : Schedule
    now : datetime.datetime
        From which on; a year is looked at.
    machine : datetime.tzinfo, optional
        The machine's own zone unless given.

    Returns
    -------
    list of WallTimes
        As few as say it.
    """
    until = now + dt.timedelta(days=DAYS_OF_A_YEAR)
    days: dict[tuple[int, int], set[int]] = defaultdict(set)
    for moment in list_times(schedule, now, until):
        local = moment.astimezone(dt.UTC).astimezone(machine)
        days[local.hour, local.minute].add(local.weekday())
    hours: dict[tuple[int, tuple[int, ...]], set[int]] = defaultdict(set)
    for (hour, minute), found in days.items():
        hours[minute, tuple(sorted(found))].add(hour)
    grouped = (WallTimes(key[0], tuple(sorted(of)), key[1]) for key, of in hours.items())
    return sorted(grouped, key=lambda w: (w.hours, w.minute))
