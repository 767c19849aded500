"""Simulation: how often a pattern is seen where there is none, and how often limits hold."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.methods.smoothing import smooth_relative_risks, smooth_with_neighbours
from analysis.methods.spatial import (
    find_clusters_of_rates,
    find_hot_spots_of_rates,
    measure_moran_of_rates,
    read_neighbours,
)

pytestmark = pytest.mark.slow
PLACES = [(x, y) for x in range(10) for y in range(8)]
BESIDE = read_neighbours(
    PLACES,
    [((x, y), (x + 1, y)) for x, y in PLACES if x < 9]
    + [((x, y), (x, y + 1)) for x, y in PLACES if y < 7],
)
SIZES = np.random.default_rng(3).lognormal(9.5, 1.0, 80).round()


def no_pattern(maps, mean, rng):
    """Counts with one and the same rate everywhere, in places as unequal as municipalities."""
    return rng.poisson(mean * SIZES / SIZES.mean(), (maps, 80)).astype(float)


@pytest.mark.parametrize("mean", [1, 10])
def test_moran_sees_a_pattern_in_one_of_twenty_random_maps(mean, rng):
    maps = 600
    made = measure_moran_of_rates(
        no_pattern(maps, mean, rng), SIZES, BESIDE, seed=1, permutations=999
    )
    error = np.sqrt(0.05 * 0.95 / maps)
    for p in (made.p_drawn, made.p_drawn_either):
        assert abs((p <= 0.05).mean() - 0.05) < 3.5 * error
    # The normal law is a little off, as rates of few cases are skewed.
    assert abs((made.p_alike <= 0.05).mean() - 0.05) < 3.5 * error + 0.015


@pytest.mark.parametrize("look", [find_clusters_of_rates, find_hot_spots_of_rates])
@pytest.mark.parametrize("mean", [1, 10])
def test_few_random_maps_get_any_label(look, mean, rng):
    maps = 150
    made = look(no_pattern(maps, mean, rng), SIZES, BESIDE, seed=1, permutations=3_999)
    labelled = (made.label != "not_significant").any(axis=1).mean()
    assert labelled < 0.05 + 3.5 * np.sqrt(0.05 * 0.95 / maps)
    raised = (made.p <= 0.05).mean()
    assert abs(raised - 0.05) < 0.015, "before the control one area in twenty is raised"
    assert (made.p <= 0.05).any(axis=1).mean() > 0.8


@pytest.mark.parametrize(("shape", "mean"), [(2.0, 4.0), (4.0, 8.0), (1.0, 30.0)])
def test_gamma_limits_hold_the_true_risk(shape, mean, rng):
    maps = 300
    expected = np.broadcast_to(mean * SIZES / SIZES.mean(), (maps, 80))
    risk = rng.gamma(shape, 1 / shape, (maps, 80))
    made = smooth_relative_risks(rng.poisson(expected * risk), expected)
    said = made.estimates.is_number
    assert said.mean() > 0.99
    held = (made.estimates.lower <= risk) & (risk <= made.estimates.upper)
    assert 0.93 < held[said].mean() < 0.96
    # Of areas said to be above with 90 to 100 %, so many are: the probability means what it says.
    sure = said & (made.above > 0.9)
    assert (risk > 1)[sure].mean() == pytest.approx(made.above[sure].mean(), abs=0.02)
    raw_error = ((made.raw - risk) ** 2)[said].mean()
    assert ((made.estimates.value - risk) ** 2)[said].mean() < 0.8 * raw_error


def test_limits_that_borrow_from_neighbours_hold_the_true_risk(rng):
    from analysis.methods.smoothing.map_covariance import scale_covariance

    root = np.linalg.cholesky(scale_covariance(BESIDE) + 1e-9 * np.eye(80))
    expected = 8 * SIZES / SIZES.mean()
    held, errors = [], []
    for _ in range(12):
        shared, own = root @ rng.normal(size=80), rng.normal(size=80)
        risk = np.exp(0.5 * (np.sqrt(0.7) * shared + np.sqrt(0.3) * own))
        cases = rng.poisson(expected * risk)
        made = smooth_with_neighbours(cases, expected, BESIDE)
        alone = smooth_relative_risks(cases, expected)
        held.append((made.estimates.lower <= risk) & (risk <= made.estimates.upper))
        errors.append([np.nanmean((m.estimates.value / risk - 1) ** 2) for m in (made, alone)])
    assert 0.91 < np.mean(held) < 0.98
    with_neighbours, without = np.mean(errors, axis=0)
    assert with_neighbours < without
