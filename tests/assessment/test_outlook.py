"""A forecast is shown where it passed; an alarm is a prompt; everything else says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from analysis.assessment.outlook import TOO_OLD, TOO_WIDE, look_ahead, watch_months
from analysis.catalog import load_areas
from analysis.methods.reasons import NO_FIGURE

from .conftest import make_row

if TYPE_CHECKING:
    from collections.abc import Callable

FLOW = "live_births_persons"
ROUTE = "route_detections_crossings"
MK = load_areas().get("MK")
WAY = load_areas().get("ROUTE-WB")


def _steady(years: int = 16, last: int = 2024) -> list[dict[str, object]]:
    counts = np.random.default_rng(8).poisson(220, years)
    return [make_row(FLOW, "MK", last - years + 1 + i, float(c)) for i, c in enumerate(counts)]


def test_a_steady_series_is_continued_with_two_ranges(make_data: Callable) -> None:
    data = make_data(_steady())
    outlook = look_ahead(data, FLOW, MK, 2025)
    assert [r.year for r in outlook.ahead] == [2025, 2026]
    assert outlook.method
    assert outlook.reason
    for whole, likely in zip(outlook.ahead, outlook.likely, strict=True):
        assert whole.lower <= likely.lower <= whole.value <= likely.upper <= whole.upper
        assert whole.value == round(whole.value)
        assert whole.lower == round(whole.lower)
        assert whole.inputs == tuple(data.frame["observation_id"])
        assert whole.status == "estimate"


def test_a_range_too_wide_to_plan_by_is_said_and_not_shown(make_data: Callable) -> None:
    wild = [5, 900, 30, 2_000, 12, 700, 60, 1_500, 9, 1_100, 44, 800, 20, 1_900, 10, 600]
    rows = [make_row(FLOW, "MK", 2009 + i, v) for i, v in enumerate(wild)]
    outlook = look_ahead(make_data(rows), FLOW, MK, 2025)
    assert outlook.ahead == ()
    assert outlook.reason == TOO_WIDE
    assert outlook.likely[0].upper > 4 * max(outlook.likely[0].lower, 1)


@pytest.mark.parametrize(("asked", "reason"), [(2026, ""), (2027, TOO_OLD)])
def test_what_ended_long_ago_is_not_continued(make_data: Callable, asked: int, reason: str) -> None:
    outlook = look_ahead(make_data(_steady()), FLOW, MK, asked)
    assert (outlook.reason == reason) or (not reason and bool(outlook.ahead))
    assert bool(outlook.ahead) is (not reason)


def test_nothing_or_too_little_is_silent_with_its_reason(make_data: Callable) -> None:
    data = make_data(_steady(4))
    assert look_ahead(data, "deaths_persons", MK, 2025).reason == NO_FIGURE
    short = look_ahead(data, FLOW, MK, 2025)
    assert (short.ahead, short.likely) == ((), ())
    assert "not enough" in short.reason


def test_a_withheld_year_silences_the_forecast(make_data: Callable) -> None:
    rows = _steady()
    rows[-3] |= {"state": "suppressed", "value": np.nan}
    outlook = look_ahead(make_data(rows), FLOW, MK, 2025)
    assert outlook.ahead == ()
    assert outlook.reason


def _months(last: float) -> list[dict[str, object]]:
    counts = np.random.default_rng(4).poisson(40, 72).astype(float)
    counts[-1] = last
    return [
        make_row(ROUTE, "ROUTE-WB", 2019 + i // 12, c, month=i % 12 + 1)
        for i, c in enumerate(counts)
    ]


def test_a_month_far_above_its_past_asks_for_a_look(make_data: Callable) -> None:
    watch = watch_months(make_data(_months(400)), ROUTE, WAY, 2024)
    assert len(watch.watched) == 12
    assert [w.month.period_start for w in watch.alarms] == ["2024-12-01"]
    assert watch.alarms[0].month.value > watch.alarms[0].expected.upper
    assert watch.alarms[0].expected.value == round(watch.alarms[0].expected.value)


def test_a_quiet_month_does_not_and_knows_only_its_past(make_data: Callable) -> None:
    quiet = watch_months(make_data(_months(41)), ROUTE, WAY, 2024)
    assert quiet.alarms == ()
    assert quiet.reason == ""
    # What came later changes nothing of an earlier month.
    loud = watch_months(make_data(_months(400)), ROUTE, WAY, 2024)
    for before, after in zip(quiet.watched[:-1], loud.watched[:-1], strict=True):
        assert before.expected.value == after.expected.value
        assert before.expected.upper == after.expected.upper


def test_no_month_is_no_figure(make_data: Callable) -> None:
    watch = watch_months(make_data(_steady()), ROUTE, WAY, 2024)
    assert (watch.watched, watch.reason) == ((), NO_FIGURE)
