"""What was missed, what comes next, and when data count as old."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from analysis.suite.schedule.memory import Seen
from analysis.suite.schedule.settings import Schedule
from analysis.suite.status.clock import find_stale_day, tell_times

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)  # a Monday, 05:30 in Skopje
DAILY = Schedule((dt.time(5),), tuple(range(7)), (("run",),), ZoneInfo("Europe/Skopje"))
SEEN = Seen("2026-02-27T04:00:00+00:00")


def test_without_a_schedule_only_the_last_run_is_said() -> None:
    times = tell_times(None, None, "2026-03-01T04:00:00+00:00", NOW)
    assert (times.schedule, times.next_run, times.missed) == ("", "", ())
    assert times.show(times.last_run) == "2026-03-01 05:00"


def test_moments_that_nobody_saw_to_are_missed_but_for_the_last_hour() -> None:
    times = tell_times(DAILY, SEEN, "", NOW)
    assert times.missed == ("2026-02-28T04:00:00+00:00", "2026-03-01T04:00:00+00:00")
    assert times.next_run == "2026-03-03T04:00:00+00:00"
    later = tell_times(DAILY, SEEN, "", NOW + dt.timedelta(minutes=30))
    assert len(later.missed) == 3


def test_a_run_by_hand_makes_up_for_what_was_missed() -> None:
    assert tell_times(DAILY, SEEN, "2026-03-01T09:00:00+00:00", NOW).missed == ()


def test_a_schedule_that_nobody_set_going_misses_nothing() -> None:
    times = tell_times(DAILY, None, "", NOW)
    assert (times.is_kept, times.missed) == (False, ())


@pytest.mark.parametrize(
    ("newest", "day"),
    [
        ("2025", "2026-01-11"),
        ("2025-12", "2026-01-11"),
        ("2025-12-30", "2026-01-10"),
        ("2024-02", "2024-03-11"),
        ("", None),
        ("2025 Q4", None),
    ],
)
def test_data_grow_old_after_their_period(newest: str, day: str | None) -> None:
    found = find_stale_day(newest, 10)
    assert (found.isoformat() if found else None) == day
    assert find_stale_day(newest, None) is None


def test_data_are_stale_from_that_day_on() -> None:
    def stale(now: dt.datetime) -> str:
        return tell_times(None, None, "", now, newest_data="2025", stale_after_days=59).stale_since

    assert stale(NOW - dt.timedelta(days=2)) == ""
    assert stale(NOW - dt.timedelta(days=1)) == "2026-03-01"
    assert stale(NOW) == "2026-03-01"
