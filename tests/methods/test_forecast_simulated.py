"""How often forecasts hold what comes: the figures of the page, held."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.methods.forecast import forecast_counts
from analysis.methods.forecast.baselines import forecast_mean, forecast_naive
from analysis.methods.forecast.gate import round_ahead

pytestmark = pytest.mark.slow
SERIES = 6000
HORIZON = 3


def draw_years(kind: str, years: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(33)
    shape = (SERIES, years + HORIZON)
    if kind == "walk":
        made = np.maximum(np.round(200 + np.cumsum(rng.normal(0, 15, shape), axis=1)), 0)
    elif kind == "steady":
        made = rng.poisson(30, shape)
    elif kind == "overdispersed":
        made = rng.poisson(rng.gamma(4, 30 / 4, shape))
    else:
        made = rng.poisson(30 * np.exp(0.08 * np.arange(years + HORIZON)), shape)
    return made[:, :years].astype(float), made[:, years:].astype(float)


def measure(limits, later) -> np.ndarray:
    low, high = limits
    return 100 * ((later >= low) & (later <= high)).mean(axis=0)


@pytest.mark.parametrize("years", [12, 20])
def test_the_naive_interval_holds_a_walk_and_is_too_wide_for_a_steady_series(years: int) -> None:
    past, later = draw_years("walk", years)
    walk = measure(forecast_naive(past, HORIZON).limits[0.95], later)
    assert (walk > 91.5).all()
    assert (walk < 96).all()
    past, later = draw_years("steady", years)
    steady = measure(round_ahead(forecast_naive(past, HORIZON)).limits[0.95], later)
    assert steady[0] > 92
    assert (steady[1:] > 97.5).all(), "conservative, as the page says"


@pytest.mark.parametrize("years", [12, 20])
def test_the_mean_holds_a_steady_series_and_fails_a_walk(years: int) -> None:
    past, later = draw_years("steady", years)
    steady = measure(round_ahead(forecast_mean(past, HORIZON)).limits[0.95], later)
    assert (steady > 95).all()
    assert (steady < 98.5).all()
    past, later = draw_years("walk", years)
    assert measure(forecast_mean(past, HORIZON).limits[0.95], later)[2] < 82


@pytest.mark.parametrize(
    ("kind", "years", "least", "least_likely"),
    [
        ("walk", 12, 87, 79),
        ("walk", 20, 91, 79),
        ("steady", 12, 94, 87),
        ("steady", 20, 95, 86),
        ("overdispersed", 12, 92, 87),
        ("overdispersed", 20, 94, 84),
        ("rising", 12, 83, 71),
        ("rising", 20, 82, 59),
    ],
)
def test_what_is_published_holds_what_the_page_says(kind, years, least, least_likely) -> None:
    past, later = draw_years(kind, years)
    made = forecast_counts(past)
    assert made.estimates.is_number.all()
    assert (measure(made.estimates.limits[0.95], later) > least).all()
    assert (measure(made.estimates.limits[0.80], later) > least_likely).all()


def test_the_naive_forecast_stays_for_most_walks_and_seldom_for_steady_series() -> None:
    share = {
        kind: (forecast_counts(draw_years(kind, 15)[0]).method == "naive").mean()
        for kind in ("walk", "steady")
    }
    assert share["walk"] > 0.55
    assert share["steady"] < 0.1
