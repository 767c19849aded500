"""BYM2: limiting cases, and a check against the exact posterior on a map of five areas."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.methods.reasons import NO_FIGURE, NO_POPULATION, TOO_FEW, TOO_FEW_AREAS, WITHHELD
from analysis.methods.smoothing import expect_cases, smooth_with_neighbours
from analysis.methods.smoothing.map_covariance import scale_covariance
from analysis.methods.smoothing.variational import approximate
from analysis.methods.spatial import read_neighbours

ROW = read_neighbours("abcde", ["ab", "bc", "cd", "de"])
CASES = np.array([9.0, 6, 3, 0, 1])
EXPECTED = np.array([4.0, 5, 3, 4, 3])


def a_grid(side):
    places = [(x, y) for x in range(side) for y in range(side)]
    pairs = [((x, y), (x + 1, y)) for x, y in places if x + 1 < side]
    pairs += [((x, y), (x, y + 1)) for x, y in places if y + 1 < side]
    return read_neighbours(places, pairs)


def test_the_covariance_is_scaled_part_by_part_and_singletons_stand_alone():
    torn = read_neighbours(range(8), [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6)])
    covariance = scale_covariance(torn)
    own = np.diag(covariance)
    for part in ([0, 1, 2, 3], [4, 5, 6]):
        assert np.exp(np.log(own[part]).mean()) == pytest.approx(1)
        np.testing.assert_allclose(covariance[part].sum(axis=1), 0, atol=1e-12)
    assert own[7] == 1
    assert not covariance[7, :7].any()
    assert not covariance[:4, 4:].any()
    # A pseudo-inverse of the graph's precision, up to the scale.
    precision = np.array([[1, -1, 0], [-1, 2, -1], [0, -1, 1.0]])
    inverse = np.linalg.pinv(precision)
    inverse /= np.exp(np.log(np.diag(inverse)).mean())
    np.testing.assert_allclose(covariance[4:7, 4:7], inverse, atol=1e-12)


def test_one_area_alone_meets_its_integral():
    from scipy.integrate import quad

    made = approximate(np.array([3.0]), np.array([2.0]), np.array([[[0.5]]]))

    def density(x, power):
        return x**power * np.exp(3 * x - 2 * np.exp(x) - x**2)

    total, first = (quad(density, -8, 8, args=(power,))[0] for power in (0, 1))
    assert made.mean[0, 0] == pytest.approx(first / total, abs=0.001)
    exact = np.log(total / np.sqrt(2 * np.pi * 0.5))
    assert exact - 0.01 < made.bound[0] < exact, "a lower bound, and a close one"


def test_the_approximation_is_stationary(rng):
    root = rng.normal(size=(6, 6))
    covariance = root @ root.T + 0.1 * np.eye(6)
    cases, expected = rng.poisson(3, 6).astype(float), rng.gamma(3, 1, 6)
    made = approximate(cases, expected, covariance[None])
    lifted = expected * np.exp(made.mean[0] + made.variance[0] / 2)
    np.testing.assert_allclose(covariance @ (cases - lifted), made.mean[0], atol=1e-5)
    joint = np.linalg.inv(np.linalg.inv(covariance) + np.diag(lifted))
    np.testing.assert_allclose(np.diag(joint), made.variance[0], rtol=1e-5)
    # The bound, term by term as in the definition of the distance between two normals.
    inverse = np.linalg.inv(covariance)
    distance = np.trace(inverse @ joint) + made.mean[0] @ inverse @ made.mean[0] - 6
    distance += np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(joint)[1]
    fit = (cases * made.mean[0] - lifted).sum()
    assert made.bound[0] == pytest.approx(fit - distance / 2, abs=1e-5)


def test_without_a_shared_part_the_neighbours_do_not_matter():
    other = read_neighbours("abcde", ["ae", "ad", "be"])
    one, two = (smooth_with_neighbours(CASES, EXPECTED, n, shares=[0.0]) for n in (ROW, other))
    np.testing.assert_allclose(one.estimates.value, two.estimates.value, rtol=1e-9)
    assert one.shared == 0
    alone = read_neighbours("abcde", [])
    three = smooth_with_neighbours(CASES, EXPECTED, alone)
    np.testing.assert_allclose(one.estimates.value, three.estimates.value, rtol=1e-6)
    np.testing.assert_allclose(one.estimates.upper, three.estimates.upper, rtol=1e-6)


def test_a_shared_part_draws_towards_the_neighbours():
    cases = np.array([12, 12, 2, 12, 12, 4, 4, 4, 4, 4.0])
    expected = np.array([6.0] * 2 + [1] + [6] * 7)
    row = read_neighbours(range(10), [(i, i + 1) for i in range(9)])
    alone = smooth_with_neighbours(cases, expected, row, shares=[0.0])
    shared = smooth_with_neighbours(cases, expected, row, shares=[0.99])
    low = np.array([12, 12, 0, 12, 12, 4, 4, 4, 4, 4.0])
    assert shared.estimates.value[2] > alone.estimates.value[2]
    zero = smooth_with_neighbours(low, expected, row)
    assert 0 < zero.estimates.value[2] < shared.estimates.value[2]


def test_a_patterned_map_is_told_from_a_random_one(rng):
    beside = a_grid(7)
    expected = np.full(49, 20.0)
    wave = np.array([np.exp(0.8 * np.sin(x / 2)) for x, _ in beside.areas])
    cases = rng.poisson(expected * wave)
    pattern = smooth_with_neighbours(cases, expected, beside)
    mixed = smooth_with_neighbours(rng.permutation(cases), expected, beside)
    assert pattern.shared > 0.7
    assert mixed.shared < 0.6
    assert pattern.spread == pytest.approx(mixed.spread, abs=0.4)
    estimates = pattern.estimates
    raw = np.corrcoef(pattern.raw, wave)[0, 1]
    assert np.corrcoef(estimates.value, wave)[0, 1] > raw + 0.02
    assert ((estimates.lower < wave) & (wave < estimates.upper)).mean() > 0.85
    assert (pattern.above[cases > 35] > 0.95).all()
    assert (pattern.above[cases < 8] < 0.05).all()


def test_equal_areas_have_hardly_a_spread_and_keep_their_intervals():
    made = smooth_with_neighbours([20] * 16, [20.0] * 16, a_grid(4))
    assert made.spread < 0.15
    np.testing.assert_allclose(made.estimates.value, 1, atol=0.02)
    assert (made.estimates.lower < 0.95).all()
    assert (made.estimates.upper > 1.05).all()
    np.testing.assert_allclose(made.above, made.above.mean(), atol=0.02)


def test_order_levels_and_inputs(rng):
    order = rng.permutation(5)
    mixed = read_neighbours([ROW.areas[i] for i in order], ["ab", "bc", "cd", "de"])
    kept = CASES.copy()
    one = smooth_with_neighbours(CASES, EXPECTED, ROW)
    two = smooth_with_neighbours(CASES[order], EXPECTED[order], mixed, level=0.8)
    np.testing.assert_allclose(one.estimates.value[order], two.estimates.value, rtol=1e-8)
    assert (two.estimates.lower > one.estimates.lower[order]).all()
    assert (two.estimates.upper < one.estimates.upper[order]).all()
    assert (one.estimates.value[CASES == 0] > 0).all()
    assert (kept == CASES).all()
    np.testing.assert_array_equal(one.raw, CASES / EXPECTED)
    more = smooth_with_neighbours(CASES * 20, EXPECTED * 20, ROW).estimates
    width = np.log(more.upper / more.lower)
    narrower = width < np.log(one.estimates.upper / one.estimates.lower)
    assert narrower[CASES > 0].all()


def test_what_cannot_be_smoothed_says_why_and_withheld_figures_leave_no_trace():
    row = read_neighbours(range(8), [(i, i + 1) for i in range(7)])
    cases = np.array([5, 4, np.nan, 3, 9, 4, 8, 1])
    expected = np.array([4, 4, 4, 4, 0, 4, 4, 4.0])
    given = ["value"] * 5 + ["suppressed"] + ["value"] * 2
    made = smooth_with_neighbours(cases, expected, row, given=given)
    assert list(made.estimates.reason[[2, 4, 5]]) == [NO_FIGURE, NO_POPULATION, WITHHELD]
    assert np.isnan(made.above[[2, 4, 5]]).all()
    assert made.estimates.is_number.sum() == 5
    cases[5] = 400
    again = smooth_with_neighbours(cases, expected, row, given=given)
    np.testing.assert_array_equal(again.estimates.value, made.estimates.value)
    few = smooth_with_neighbours(cases[:4], expected[:4], read_neighbours(range(4), [(0, 1)]))
    assert few.estimates.reason[0] == TOO_FEW_AREAS
    assert np.isnan(few.spread)
    empty = smooth_with_neighbours(np.zeros(8), expected, row)
    assert empty.estimates.reason[0] == TOO_FEW
    assert np.isnan(empty.shared)


def test_wrong_inputs_get_a_sentence():
    with pytest.raises(ValueError, match=r"counts has the shape \(2, 5\); this method takes one"):
        smooth_with_neighbours(np.ones((2, 5)), np.ones(5), ROW)
    large = read_neighbours(range(501), [])
    with pytest.raises(ValueError, match=r"There are 501 areas and this method takes 500 at most"):
        smooth_with_neighbours(np.ones(501), np.ones(501), large)
    most = smooth_with_neighbours(np.zeros(500), np.ones(500), read_neighbours(range(500), []))
    assert set(most.estimates.reason) == {TOO_FEW}
    with pytest.raises(ValueError, match=r"between is 0; a standard deviation is a number above 0"):
        smooth_with_neighbours(CASES, EXPECTED, ROW, between=0)
    with pytest.raises(ValueError, match=r"shares is \[1.5\], and a share of the variance lies"):
        smooth_with_neighbours(CASES, EXPECTED, ROW, shares=[1.5])
    with pytest.raises(ValueError, match=r"A confidence level of 95 was asked for"):
        smooth_with_neighbours(CASES, EXPECTED, ROW, level=95)
    with pytest.raises(ValueError, match=r"have 5 areas on their last axis and the neighbours"):
        smooth_with_neighbours(CASES, EXPECTED, large)


def draw_exactly(cases, expected, covariance, rng):
    """Draw the posterior by importance: priors as stated, weights from the densities alone."""
    size, pairs, each, freedom = len(cases), 4_000, 100, 5
    spread, share = np.abs(rng.normal(size=pairs)), rng.uniform(size=pairs)
    prior = share[:, None, None] * covariance + (1 - share)[:, None, None] * np.eye(size)
    precision = np.linalg.inv(spread[:, None, None] ** 2 * prior + 10.0**2)
    mode = np.zeros((pairs, size))
    for _ in range(100):
        lifted = expected * np.exp(mode)
        bend = precision + lifted[:, :, None] * np.eye(size)
        slope = cases - lifted - np.einsum("pij,pj->pi", precision, mode)
        mode += np.clip(np.linalg.solve(bend, slope[:, :, None])[:, :, 0], -0.5, 0.5)
    root = np.linalg.cholesky(np.linalg.inv(bend) * 1.3)
    normal = rng.normal(size=(pairs, each, size))
    normal *= np.sqrt(freedom / rng.chisquare(freedom, (pairs, each)))[:, :, None]
    risk = mode[:, None] + np.einsum("pij,pej->pei", root, normal)
    log = (cases * risk - expected * np.exp(risk)).sum(axis=-1)
    log -= np.einsum("pei,pij,pej->pe", risk, precision, risk) / 2
    log += (np.linalg.slogdet(precision)[1] / 2 + np.linalg.slogdet(root)[1])[:, None]
    log += (freedom + size) / 2 * np.log1p((normal**2).sum(axis=-1) / freedom)
    weight = np.exp(log - log.max())
    hidden = np.broadcast_to(np.stack([spread, share], axis=-1)[:, None], (pairs, each, 2))
    return hidden.reshape(-1, 2), np.exp(risk).reshape(-1, size), weight.ravel() / weight.sum()


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 4])
def test_posterior_means_and_limits_meet_the_exact_posterior(times, rng):
    cases, expected = CASES * times, EXPECTED * times
    hidden, risk, weight = draw_exactly(cases, expected, scale_covariance(ROW), rng)
    assert 1 / (weight**2).sum() > 20_000, "enough independent draws"
    made = smooth_with_neighbours(cases, expected, ROW)
    np.testing.assert_allclose(made.estimates.value, weight @ risk, rtol=0.02)
    np.testing.assert_allclose(made.above, weight @ (risk > 1), atol=0.025)
    np.testing.assert_allclose([made.spread, made.shared], weight @ hidden, rtol=0.03)
    for area in range(5):
        order = np.argsort(risk[:, area])
        at = np.cumsum(weight[order])
        low, high = (risk[order[np.searchsorted(at, p)], area] for p in (0.025, 0.975))
        assert made.estimates.upper[area] == pytest.approx(high, rel=0.1)
        # The lower limit of an area with hardly a case lies near zero, where a normal law of the
        # logarithm is furthest from the truth.
        near = 0.15 if CASES[area] > 1 else 0.35
        assert made.estimates.lower[area] == pytest.approx(low, rel=near)


def test_every_one_of_eighty_areas_gets_its_risk(rng):
    expected = expect_cases(rng.poisson(5, 81), rng.integers(2_000, 90_000, 81))
    made = smooth_with_neighbours(rng.poisson(expected), expected, a_grid(9))
    assert made.estimates.is_number.all()
