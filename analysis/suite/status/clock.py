"""What the status says about time: last and next run, missed runs, data that grew old."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from analysis.suite.schedule.memory import find_missed_times, stamp
from analysis.suite.schedule.settings import HOME_ZONE
from analysis.suite.schedule.times import find_next_times

if TYPE_CHECKING:
    from analysis.suite.schedule.memory import Seen
    from analysis.suite.schedule.settings import Schedule

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Times:
    """What the status says about time.

    Parameters
    ----------
    zone : str
        In which people read it.
    schedule : str
        In one line; blank where there is none.
    is_kept : bool
        Whether anybody ever installed or kept the schedule here.
    last_run : str
        When the suite was last run, ISO 8601, UTC; blank where it never was.
    next_run : str
    missed : tuple of str
        Moments of the schedule that nobody saw to.
    stale_since : str
        ISO day since when the data count as old; blank where they are fresh, or nobody asked.
    """

    zone: str = HOME_ZONE
    schedule: str = ""
    is_kept: bool = False
    last_run: str = ""
    next_run: str = ""
    missed: tuple[str, ...] = ()
    stale_since: str = ""

    def show(self, moment: str) -> str:
        """Write a moment as people of the zone read it, to the minute."""
        if not moment:
            return ""
        local = dt.datetime.fromisoformat(moment).astimezone(ZoneInfo(self.zone))
        return f"{local:%Y-%m-%d %H:%M}"


def tell_times(
    schedule: Schedule | None,
    seen: Seen | None,
    last_run: str,
    now: dt.datetime,
    *,
    newest_data: str = "",
    stale_after_days: int | None = None,
) -> Times:
    """Say what there is to say about time.

    Parameters
    ----------
    schedule : Schedule or None
    seen : Seen or None
        What the schedule remembers.
    last_run : str
        ISO 8601; blank where the suite never ran.
    now : datetime.datetime
    newest_data : str
        Year, month or day.
    stale_after_days : int, optional
        So many days after the end of that year, month or day the data count as old.

    Returns
    -------
    Times
    """
    since = find_stale_day(newest_data, stale_after_days)
    stale = since.isoformat() if since and since <= now.date() else ""
    if schedule is None:
        return Times(last_run=last_run, stale_since=stale)
    ran = dt.datetime.fromisoformat(last_run) if last_run else None
    return Times(
        zone=schedule.zone.key,
        schedule=schedule.words,
        is_kept=seen is not None,
        last_run=last_run,
        next_run=stamp(find_next_times(schedule, now, 1)[0]),
        missed=tuple(stamp(m) for m in find_missed_times(schedule, seen, now, ran)),
        stale_since=stale,
    )


def find_stale_day(newest_data: str, stale_after_days: int | None) -> dt.date | None:
    """Find the day from which data count as old.

    Parameters
    ----------
    newest_data : str
        ISO year, month or day.
    stale_after_days : int or None

    Returns
    -------
    datetime.date or None
        None where nobody asked, or the data say no date.

    Examples
    --------
    >>> find_stale_day("2025-12", 10)
    datetime.date(2026, 1, 11)
    """
    fits = DATE.fullmatch(newest_data)
    if not fits or stale_after_days is None:
        return None
    year, month, day = (int(part) if part else None for part in fits.groups())
    last_month = month or DECEMBER
    last_day = day or calendar.monthrange(int(year or 0), last_month)[1]
    # On the day after so many days: the last of them is still fresh.
    return dt.date(int(year or 0), last_month, last_day) + dt.timedelta(days=stale_after_days + 1)
