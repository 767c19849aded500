"""Joinpoints under known truth: how often one is invented, and how often limits hold."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.methods.joinpoint import choose_by_permutation, fit_count_joinpoints, relate_counts
from analysis.methods.shifts import find_level_shifts

pytestmark = pytest.mark.slow

YEARS = np.arange(15)


@pytest.mark.parametrize(("level", "growth"), [(15, 0.0), (30, 0.05), (200, 0.0)])
def test_a_constant_trend_gets_a_joinpoint_in_few_of_a_hundred(rng, level, growth) -> None:
    mean = level * np.exp(growth * (YEARS - 7))
    counts = rng.poisson(mean, (4_000, 15))
    fit = fit_count_joinpoints(counts, np.full(counts.shape, 1e5), YEARS)
    invented = {name: float((fit.choices[name] > 0).mean()) for name in fit.choices}
    assert 0.03 <= invented["bic3"] <= 0.12
    assert invented["bic3"] < invented["wbic"] < invented["bic"] <= 0.31


@pytest.mark.parametrize("growth", [-0.08, 0.0, 0.05])
def test_the_limits_of_one_segment_hold_the_truth(rng, growth) -> None:
    counts = rng.poisson(50 * np.exp(growth * (YEARS - 7)), (4_000, 15))
    fit = fit_count_joinpoints(counts, np.full(counts.shape, 1e5), YEARS, choose=0)
    truth = 100 * np.expm1(growth)
    held = (fit.aapc.lower <= truth) & (truth <= fit.aapc.upper)
    assert 0.935 <= held.mean() <= 0.965
    below = (fit.aapc.upper < truth).mean()
    assert 0.012 <= below <= 0.04


def test_the_average_holds_the_truth_after_the_joinpoints_were_chosen(rng) -> None:
    counts = rng.poisson(50, (4_000, 15))
    fit = fit_count_joinpoints(counts, np.full(counts.shape, 1e5), YEARS)
    held = (fit.aapc.lower <= 0) & (fit.aapc.upper >= 0)
    assert 0.93 <= held.mean() <= 0.97


def test_a_bend_is_found_where_it_is(rng) -> None:
    mean = 200 * np.exp(0.12 * (7 - np.abs(YEARS - 7)))
    counts = rng.poisson(mean, (1_000, 15))
    fit = fit_count_joinpoints(counts, np.full(counts.shape, 1e5), YEARS)
    one = fit.number == 1
    assert one.mean() > 0.85
    assert np.abs(fit.joinpoints[one, 0] - 7).mean() < 0.3
    for segment, truth in enumerate(100 * np.expm1([0.12, -0.12])):
        low, high = fit.apc.lower[one, segment], fit.apc.upper[one, segment]
        assert ((low <= truth) & (truth <= high)).mean() > 0.93


def test_permutations_invent_no_more_than_their_level(rng) -> None:
    rates, errors = relate_counts(rng.poisson(100, (200, 15)), np.full((200, 15), 1e5))
    invented = sum(
        choose_by_permutation(
            rates[place], errors[place], YEARS, seed=place, permutations=199
        ).number
        != 0
        for place in range(200)
    )
    assert invented / 200 <= 0.09


@pytest.mark.parametrize("level", [10, 50])
def test_a_constant_level_gets_a_shift_in_few_of_a_hundred(rng, level) -> None:
    counts = rng.poisson(level, (4_000, 15))
    strict = find_level_shifts(counts, YEARS, counted=True)
    loose = find_level_shifts(counts, YEARS, counted=True, choose="bic")
    assert 0.02 <= (strict.number > 0).mean() <= 0.07
    assert (loose.number > 0).mean() > 2 * (strict.number > 0).mean()
