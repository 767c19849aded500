"""A day has each time once, also where the clocks are put forward or back."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from analysis.suite.schedule.memory import Seen, find_due, find_missed_times
from analysis.suite.schedule.settings import Schedule
from analysis.suite.schedule.times import (
    WallTimes,
    find_last_time,
    find_next_times,
    list_machine_times,
)

SKOPJE = ZoneInfo("Europe/Skopje")
WEEK = tuple(range(7))


def _at(*times: str, days: tuple[int, ...] = WEEK, zone: ZoneInfo = SKOPJE) -> Schedule:
    return Schedule(tuple(map(dt.time.fromisoformat, times)), days, (("run",),), zone)


def _utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def _next(schedule: Schedule, after: str, count: int = 3) -> list[str]:
    return [f"{m:%a %d %H:%M %z}" for m in find_next_times(schedule, _utc(after), count)]


def test_the_next_times_are_those_of_the_named_days() -> None:
    assert _next(_at("05:00", "17:00", days=(0, 4)), "2026-03-05T12:00") == [
        "Fri 06 05:00 +0100",
        "Fri 06 17:00 +0100",
        "Mon 09 05:00 +0100",
    ]


def test_a_moment_that_is_now_is_not_next_but_has_come() -> None:
    now = _utc("2026-03-05T04:00")
    assert find_next_times(_at("05:00"), now, 1)[0] == now + dt.timedelta(days=1)
    assert find_last_time(_at("05:00"), now) == now
    assert find_last_time(_at("05:00"), now - dt.timedelta(seconds=1)) == now - dt.timedelta(days=1)


def test_the_last_time_of_a_weekly_schedule_is_found_just_before_the_next() -> None:
    assert find_last_time(_at("05:00", days=(0,)), _utc("2026-04-06T02:59")) == _utc(
        "2026-03-30T03:00"
    )


def test_a_time_that_the_clock_leaves_out_is_met_once() -> None:
    # On 29 March 2026 the clock goes from 02:00 to 03:00.
    assert _next(_at("02:30"), "2026-03-28T00:00", 4) == [
        "Sat 28 02:30 +0100",
        "Sun 29 03:30 +0200",
        "Mon 30 02:30 +0200",
        "Tue 31 02:30 +0200",
    ]
    assert _next(_at("02:30", "03:30"), "2026-03-29T00:00", 2) == [
        "Sun 29 03:30 +0200",
        "Mon 30 02:30 +0200",
    ]


def test_a_time_that_the_clock_shows_twice_is_met_once() -> None:
    # On 25 October 2026 the clock goes from 03:00 back to 02:00.
    assert _next(_at("02:30"), "2026-10-24T12:00", 2) == [
        "Sun 25 02:30 +0200",
        "Mon 26 02:30 +0100",
    ]


def test_a_year_has_each_day_once() -> None:
    times = find_next_times(_at("02:30"), _utc("2026-01-01T00:00"), 365)
    assert len({m.date() for m in times}) == 365
    assert times[-1].date() == dt.date(2026, 12, 31)


def test_a_machine_in_the_same_zone_has_the_same_times() -> None:
    found = list_machine_times(_at("05:00", "17:00", days=(0, 2)), _utc("2026-03-05T12:00"), SKOPJE)
    assert found == [WallTimes(0, (5, 17), (0, 2))]


def test_a_machine_in_another_zone_has_a_time_for_summer_and_one_for_winter() -> None:
    now = _utc("2026-03-05T12:00")
    assert list_machine_times(_at("05:00"), now, dt.UTC) == [WallTimes(0, (3, 4), WEEK)]
    # Half past midnight on Mondays is Sunday evening by UTC, in winter and summer alike.
    night = list_machine_times(_at("00:30", days=(0,)), now, dt.UTC)
    assert night == [WallTimes(30, (22, 23), (6,))]
    asked = ZoneInfo("Asia/Kolkata")
    assert list_machine_times(_at("05:00"), now, asked) == [WallTimes(30, (8, 9), WEEK)]


DUE = "2026-03-05T04:00:00+00:00"


@pytest.mark.parametrize(
    ("seen", "now", "due"),
    [
        (Seen(DUE), "2026-03-05T12:00", None),
        (Seen(DUE), "2026-03-06T03:59", None),
        (Seen(DUE), "2026-03-06T04:00", "2026-03-06T04:00:00+00:00"),
        (Seen(DUE), "2026-03-09T12:00", "2026-03-09T04:00:00+00:00"),
        (None, "2026-03-05T04:30", DUE),
        (None, "2026-03-05T05:01", None),
        (Seen(DUE, began=DUE, tries=1), "2026-03-05T12:00", DUE),
        (Seen(DUE, began=DUE, tries=2), "2026-03-05T12:00", None),
        (Seen(DUE, began=DUE, ended=DUE, exit_code=1, tries=1), "2026-03-05T12:00", None),
    ],
)
def test_one_moment_is_due_however_many_were_missed(
    seen: Seen | None, now: str, due: str | None
) -> None:
    found = find_due(_at("05:00"), seen, _utc(now))
    assert (found.due if found else None) == due


def test_missed_are_those_after_the_last_that_was_seen_to() -> None:
    found = find_missed_times(_at("05:00"), Seen(DUE), _utc("2026-03-08T04:59"))
    assert [m.day for m in found] == [6, 7]
    assert len(find_missed_times(_at("05:00"), Seen(DUE), _utc("2026-03-08T05:00"))) == 3
