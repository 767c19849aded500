"""How often early warning calls where nothing has changed: the figures of the page, held."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.methods.surveillance import watch_counts
from analysis.methods.surveillance.ears import bound_ears
from analysis.methods.surveillance.farrington import bound_farrington
from analysis.methods.surveillance.plan import FarringtonPlan

pytestmark = pytest.mark.slow
SERIES = 6000
MONTHS = 62


def draw_months(
    mean: float, shape: float | None, *, seasons: bool = False, series: int = SERIES
) -> np.ndarray:
    rng = np.random.default_rng(31)
    months = np.full(MONTHS, mean)
    if seasons:
        months = mean * np.exp(0.4 * np.sin(np.arange(MONTHS) * np.pi / 6))
    rate = np.broadcast_to(months, (series, MONTHS))
    return rng.poisson(rate if shape is None else rng.gamma(shape, rate / shape)).astype(float)


@pytest.mark.parametrize("seasons", [False, True])
@pytest.mark.parametrize(
    ("shape", "years", "least", "most"),
    [
        (None, 5, 0.5, 1.7),  # Poisson counts with five years: as promised
        (None, 3, 0.9, 2.5),  # with three years up to twice as many
        (4, 5, 1.2, 3.4),  # overdispersed counts: two to three times as many
        (4, 3, 2.3, 4.6),  # and three to four times with three years
    ],
)
@pytest.mark.parametrize("mean", [5, 20])
def test_farrington_calls_as_often_as_the_page_says(
    seasons, shape, years, least, most, mean
) -> None:
    series = draw_months(mean, shape, seasons=seasons)
    made = bound_farrington(series, plan=FarringtonPlan(years=years))
    possible = made.enough[:, 0]
    called = 100 * (series[possible, -1:] > made.upper[possible]).mean()
    assert possible.mean() > 0.97
    assert least < called < most


@pytest.mark.parametrize(
    ("mean", "shape", "spread", "least", "most"),
    [
        (2, None, "classic", 3.3, 6.0),
        (20, None, "classic", 2.0, 3.8),
        (20, 4, "classic", 3.8, 6.0),
        (2, None, "guarded", 0.7, 2.3),
        (20, None, "guarded", 0.2, 1.0),
        (20, 4, "guarded", 2.0, 3.8),
    ],
)
def test_ears_calls_as_often_as_the_page_says(mean, shape, spread, least, most) -> None:
    series = draw_months(mean, shape)
    for method in ("C1", "C2"):
        made = bound_ears(series[:, -15:], method, baseline=12, alpha=0.01, spread=spread)
        called = 100 * (series[:, -1] > made.upper[:, -1]).mean()
        assert least < called < most, method


@pytest.mark.parametrize(
    ("shape", "months", "most"), [(None, 62, 0.10), (4, 62, 0.40), (None, 15, 0.08), (4, 15, 0.60)]
)
def test_a_quiet_month_of_eighty_areas_rarely_has_an_alarm(shape, months, most) -> None:
    table = draw_months(10, shape, series=80 * 300)[:, -months:].reshape(-1, 80, months)
    called = [watch_counts(areas).alarm.any() for areas in table]
    assert np.mean(called) < most


def test_a_threefold_count_is_seen_and_a_doubled_one_half_the_time() -> None:
    series = draw_months(10, None)
    rng = np.random.default_rng(32)
    seen = {}
    for times in (2, 3):
        series[:, -1] = rng.poisson(10 * times, SERIES)
        made = bound_farrington(series, plan=FarringtonPlan(years=5))
        seen[times] = (series[:, -1:] > made.upper).mean()
    assert 0.45 < seen[2] < 0.7
    assert seen[3] > 0.95
