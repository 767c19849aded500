"""How often the methods of trends err, and how fast they are: simulated, with fixed seeds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.methods.trends import (
    fit_log_linear,
    fit_negative_binomial,
    label_trends,
    mark_recent_trends,
    rank_trends,
)

pytestmark = pytest.mark.slow

SERIES = 20_000
CASES = [(years, mean) for years in (10, 15) for mean in (3, 10, 30)]


def draw(seed, mean, size, shape):
    """Draw Poisson counts, or counts that scatter more when a size is given."""
    rng = np.random.default_rng(seed)
    mean = np.broadcast_to(np.asarray(mean, dtype=float), shape)
    return rng.poisson(mean if size is None else mean * rng.gamma(size, 1 / size, shape))


def find_limits(counts):
    """Exact limits below ten cases and Byar's from ten on, as the published marker has them."""
    z = stats.norm.isf(0.025)
    held = np.maximum(counts, 1.0)
    byar = held * (1 - 1 / (9 * held) - z / (3 * np.sqrt(held))) ** 3
    exact = np.where(counts > 0, stats.chi2.ppf(0.025, 2 * held) / 2, 0)
    more = counts + 1.0
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    highest = stats.chi2.ppf(0.975, 2 * more) / 2
    few = counts < 10
    return np.where(few, exact, byar), np.where(few, highest, upper)


def growing(mean, years, percent):
    return mean * (1 + percent / 100) ** (np.arange(years) - (years - 1) / 2)


@pytest.mark.parametrize(("years", "mean"), CASES)
def test_false_alarms_without_a_trend(years, mean) -> None:
    poisson = label_trends(draw(1, mean, None, (SERIES, 1, years)))
    told = np.isfinite(poisson.p)
    alarms = (poisson.p[told] <= 0.05).mean()
    # Poisson counts: careful on purpose, because the dispersion is never taken below 1.
    assert 0.005 < alarms < 0.03
    assert np.isin(poisson.label, ["rising", "falling"]).mean() <= alarms
    scattered = draw(2, mean, 4, (SERIES, 1, years))
    made = label_trends(scattered)
    told = np.isfinite(made.p)
    # Five per cent, with three standard errors of the simulation itself.
    assert (made.p[told] <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / SERIES)
    naive = fit_log_linear(scattered[:, 0], dispersion="poisson").p
    assert (naive <= 0.05).mean() > 0.12, "what the dispersion guards against"


@pytest.mark.parametrize(("years", "mean"), CASES)
def test_the_f_test_alone_stays_within_six_tenths_of_its_level(years, mean) -> None:
    fit = fit_log_linear(draw(3, mean, 4, (SERIES, years)))
    assert (fit.p[np.isfinite(fit.p)] <= 0.05).mean() <= 0.056
    plain = fit_log_linear(draw(4, mean, None, (SERIES, years)))
    assert (plain.p[np.isfinite(plain.p)] <= 0.05).mean() <= 0.05


@pytest.mark.parametrize("size", [None, 4])
@pytest.mark.parametrize("years", [10, 15])
@pytest.mark.parametrize("changing", [0, 8, 40])
def test_false_labels_among_eighty_areas_stay_below_a_tenth(size, years, changing) -> None:
    mean = np.tile([3.0, 10.0, 30.0, 10.0], 20)
    slope = np.zeros(80)
    slope[:changing] = 0.15
    slope[1:changing:2] = -0.15
    times = np.arange(years) - (years - 1) / 2
    counts = draw(5, mean[:, None] * np.exp(slope[:, None] * times), size, (2000, 80, years))
    made = label_trends(counts)
    said = np.isin(made.label, ["rising", "falling"])
    false = (said & (slope == 0)).sum(axis=1) / np.maximum(said.sum(axis=1), 1)
    assert false.mean() <= 0.10
    wrong = (made.label == "rising") & (slope < 0) | (made.label == "falling") & (slope > 0)
    assert wrong.mean() < 1e-4


@pytest.mark.parametrize("percent", [0, 10])
@pytest.mark.parametrize("size", [None, 4])
@pytest.mark.parametrize(("years", "mean"), CASES)
def test_the_interval_covers_the_change(years, mean, size, percent) -> None:
    made = label_trends(draw(6, growing(mean, years, percent), size, (SERIES, 1, years))).change
    covered = ((made.lower <= percent) & (made.upper >= percent))[made.is_number]
    # Careful for chance alone; half a point short where counts scatter far more than that.
    assert 0.94 <= covered.mean() <= 0.99


def test_a_rise_of_ten_per_cent_is_seen_when_there_are_years_and_cases_enough() -> None:
    def power(years, mean, size=None):
        made = label_trends(draw(7, growing(mean, years, 10), size, (SERIES, 1, years)))
        assert (made.label == "falling").mean() < 0.001
        return (made.label == "rising").mean()

    assert power(10, 3) < 0.25, "ten years of three cases hide a rise of ten per cent a year"
    assert 0.5 < power(10, 10) < 0.7
    assert power(10, 30) > 0.95
    assert power(15, 10) > 0.98
    assert power(10, 10, 4) < 0.35
    assert power(5, 10) < 0.02, "five years are nearly blind"


@pytest.mark.parametrize("mean", [3, 10, 30])
def test_the_marker_keeps_its_level_for_chance_alone_and_loses_it_beyond(mean) -> None:
    def alarms(size):
        counts = draw(8, mean, size, (SERIES * 2, 5))
        made = mark_recent_trends(counts, *find_limits(counts))
        return np.isin(made.marker, ["increasing", "decreasing"]).mean()

    assert alarms(None) <= 0.002 + 3 * np.sqrt(0.002 / (SERIES * 2))
    if mean >= 10:
        assert alarms(4) > 0.04, "the reason why the marker is no more than a second opinion"


@pytest.mark.parametrize("size", [None, 4])
def test_ranks_keep_their_level(size) -> None:
    for years in (8, 10, 15):
        p = rank_trends(draw(9, 10, size, (SERIES, years))).p
        assert 0.02 < (p <= 0.05).mean() <= 0.05


@pytest.mark.parametrize("size", [4, 20, None])
def test_negative_binomial_covers_the_change_of_long_series(size) -> None:
    counts = draw(10, growing(100, 20, 3), size, (400, 20))
    made = fit_negative_binomial(counts)
    covered = ((made.change.lower <= 3) & (made.change.upper >= 3)).mean()
    assert 0.91 <= covered <= 0.99
    assert made.change.is_number.all()
    assert (made.is_poisson.mean() > 0.5) == (size is None)
