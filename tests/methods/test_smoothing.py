"""Smoothing: shrinks towards the mean, keeps totals, and never says more than the cases do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from analysis.methods.reasons import NO_FIGURE, NO_POPULATION, TOO_FEW, TOO_FEW_AREAS, WITHHELD
from analysis.methods.smoothing import (
    expect_cases,
    prefer_local,
    smooth_globally,
    smooth_locally,
    smooth_relative_risks,
)
from analysis.methods.smoothing.gamma_fit import fit_gamma
from analysis.methods.smoothing.series import SAME_RISK
from analysis.methods.spatial import read_neighbours


def a_row(size):
    return read_neighbours(range(size), [(i, i + 1) for i in range(size - 1)])


@pytest.fixture
def sids(oracles):
    areas = oracles.table("g10_eb_sids74", "areas")
    edges = oracles.table("g10_eb_sids74", "edges")
    beside = read_neighbours(range(len(areas)), edges.itertuples(index=False, name=None))
    return areas.SID74.to_numpy(), areas.BIR74.to_numpy(), beside


def a_map(rng, series=1, areas=80, spread=4.0):
    expected = rng.gamma(2.0, 3.0, (series, areas))
    risk = rng.gamma(spread, 1 / spread, (series, areas))
    return rng.poisson(expected * risk).astype(float), expected


def test_global_rates_are_those_of_the_reference(oracles, sids):
    cases, births, _ = sids
    said = oracles.read("g10_eb_sids74")["cases"][0]["expected"]
    made = smooth_globally(cases, births)
    np.testing.assert_allclose(made.estimates.value, said["eb_global"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(made.towards, said["b"], rtol=0, atol=1e-12)
    # The variance between areas, from the weight: a / (a + b / n).
    a = made.weight / (1 - made.weight) * said["b"] / births
    np.testing.assert_allclose(a, said["a"], rtol=1e-9)
    np.testing.assert_allclose(made.raw, cases / births)


def test_local_rates_are_those_of_the_reference_and_islands_get_the_global_rate(oracles, sids):
    cases, births, beside = sids
    said = oracles.read("g10_eb_sids74")["cases"][0]["expected"]
    local = np.array(said["eb_local_geoda"], dtype=float)
    made = smooth_locally(cases, births, beside)
    told = ~np.isnan(local)
    np.testing.assert_allclose(made.estimates.value[told], local[told], rtol=0, atol=1e-12)
    assert list(np.flatnonzero(~told)) == list(np.flatnonzero(beside.isolated))
    np.testing.assert_allclose(
        made.estimates.value[~told], np.array(said["eb_global"])[~told], rtol=0, atol=1e-12
    )


def test_poisson_gamma_meets_the_reference(oracles):
    for case in oracles.read("g22_eb_poisson_gamma")["cases"]:
        said = case["expected"]
        made = smooth_relative_risks(case["input"]["y"], case["input"]["E"])
        for ours, theirs in (
            (made.shape, said["a"]),
            (made.rate, said["b"]),
            (made.estimates.value, said["rr"]),
            (made.estimates.lower, said["lo"]),
            (made.estimates.upper, said["hi"]),
            (made.above, said["p_gt_1"]),
        ):
            np.testing.assert_allclose(ours, theirs, rtol=1e-3)


def test_rates_equal_those_of_the_library_for_many_series(rng):
    from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes
    from libpysal.weights import W

    cases, expected = a_map(rng, series=4, areas=30)
    population = np.round(expected * 1000) + 1
    beside = a_row(30)
    near = {i: [j for j in (i - 1, i + 1) if 0 <= j < 30] for i in range(30)}
    weights = W(near, id_order=list(range(30)))
    overall = smooth_globally(cases, population).estimates.value
    local = smooth_locally(cases, population, beside).estimates.value
    for row in range(4):
        library = Empirical_Bayes(cases[row], population[row]).r.ravel()
        np.testing.assert_allclose(overall[row], library, rtol=1e-12)
        library = Spatial_Empirical_Bayes(cases[row], population[row], weights).r.ravel()
        np.testing.assert_allclose(local[row], library, rtol=1e-9)


def test_many_series_at_once_are_each_alone(rng):
    cases, expected = a_map(rng, series=12, areas=40, spread=1.5)
    together = smooth_relative_risks(cases, expected)
    alone = [
        smooth_relative_risks(c, e).estimates.value for c, e in zip(cases, expected, strict=True)
    ]
    np.testing.assert_allclose(together.estimates.value, alone, rtol=1e-8)
    assert together.shape.shape == (12,)


def test_the_fit_is_where_the_likelihood_has_no_slope(rng):
    from scipy.stats import nbinom

    cases, expected = a_map(rng, series=5, areas=60, spread=0.7)
    fit = fit_gamma(cases, expected)

    def weigh(row, a, b):
        return nbinom.logpmf(cases[row], a, b / (b + expected[row])).sum()

    for row in range(5):
        a, b = fit.shape[row], fit.rate[row]
        best = weigh(row, a, b)
        for a_turn, b_turn in ((1.02, 1), (0.98, 1), (1, 1.02), (1, 0.98), (1.02, 1.02)):
            assert weigh(row, a * a_turn, b * b_turn) < best


def test_the_fit_finds_very_unequal_areas_too():
    cases = np.array([[0.0] * 30 + [400, 900]])
    fit = fit_gamma(cases, np.full((1, 32), 5.0))
    assert 0 < fit.shape[0] < 0.02
    made = smooth_relative_risks(cases[0], [5.0] * 32)
    assert (made.estimates.lower <= made.estimates.value).all()
    assert (made.estimates.upper >= made.estimates.value).all()


@settings(max_examples=25)
@drawn(st.integers(0, 10_000), st.floats(0.5, 20))
def test_totals_stay_within_their_bounds(seed, spread):
    cases, expected = a_map(np.random.default_rng(seed), areas=40, spread=spread)
    cases, expected = cases[0], expected[0]
    population = expected * 100
    for made in (
        smooth_globally(cases, population),
        smooth_locally(cases, population, a_row(40)),
    ):
        # Each smoothed rate lies between the raw rate and the one it is drawn to; so does the sum.
        ends = np.array([cases, made.towards * population])
        total = (made.estimates.value * population).sum()
        assert ends.min(axis=0).sum() - 1e-9 <= total <= ends.max(axis=0).sum() + 1e-9
    risks = smooth_relative_risks(cases, expected)
    if np.isfinite(risks.shape):
        total = (risks.estimates.value * expected).sum()
        assert total == pytest.approx(cases.sum(), rel=1e-6), "the fit keeps the total"


@settings(max_examples=25)
@drawn(st.integers(0, 10_000))
def test_smoothing_draws_towards_the_mean_and_zero_cases_are_not_zero_risk(seed):
    cases, expected = a_map(np.random.default_rng(seed), areas=40, spread=2.0)
    cases, expected = cases[0], expected[0]
    for made in (
        smooth_globally(cases, expected),
        smooth_locally(cases, expected, a_row(40)),
    ):
        value = made.estimates.value
        assert (np.abs(value - made.towards) <= np.abs(made.raw - made.towards) + 1e-12).all()
        assert ((value - made.towards) * (made.raw - made.towards) >= -1e-15).all()
        assert (value[cases == 0] > 0).all()
        assert ((made.weight >= 0) & (made.weight < 1)).all()
    risks = smooth_relative_risks(cases, expected)
    mean = risks.shape / risks.rate
    assert (np.abs(risks.estimates.value - mean) <= np.abs(risks.raw - mean) + 1e-12).all()
    assert (risks.estimates.value[cases == 0] > 0).all()
    assert (risks.estimates.lower < risks.estimates.value).all()
    assert (risks.estimates.upper > risks.estimates.value).all()


def test_fewer_persons_mean_more_smoothing_and_wider_limits():
    cases = np.array([1, 10, 100, 5, 40, 30, 2, 60.0])
    expected = np.array([2, 20, 200, 2, 20, 30, 4, 50.0])
    made = smooth_globally(cases, expected)
    assert made.weight[0] < made.weight[1] < made.weight[2]
    risks = smooth_relative_risks(cases, expected)
    width = risks.estimates.upper - risks.estimates.lower
    assert width[0] > width[1] > width[2]
    assert risks.estimates.value[0] > risks.estimates.value[1] > risks.estimates.value[2]


def test_a_higher_level_is_wider_and_above_is_the_chance_of_more_than_one(rng):
    from scipy.stats import gamma

    cases, expected = (part[0] for part in a_map(rng))
    narrow = smooth_relative_risks(cases, expected, level=0.8).estimates
    made = smooth_relative_risks(cases, expected)
    assert made.estimates.level == 0.95
    assert (made.estimates.lower < narrow.lower).all()
    assert (made.estimates.upper > narrow.upper).all()
    law = gamma(cases + made.shape, scale=1 / (expected + made.rate))
    np.testing.assert_allclose(made.above, law.sf(1), rtol=1e-9)
    np.testing.assert_allclose(law.cdf(made.estimates.lower), 0.025, rtol=1e-9)


def test_the_order_of_areas_does_not_matter_and_nothing_is_changed(rng):
    cases, expected = (part[0] for part in a_map(rng, areas=30))
    order = rng.permutation(30)
    kept = cases.copy(), expected.copy()
    ring = [(i, (i + 1) % 30) for i in range(30)]
    straight = read_neighbours(range(30), ring)
    mixed = read_neighbours(order, ring)
    for one, other in (
        (smooth_globally(cases, expected), smooth_globally(cases[order], expected[order])),
        (
            smooth_locally(cases, expected, straight),
            smooth_locally(cases[order], expected[order], mixed),
        ),
        (
            smooth_relative_risks(cases, expected),
            smooth_relative_risks(cases[order], expected[order]),
        ),
    ):
        np.testing.assert_allclose(one.estimates.value[order], other.estimates.value, rtol=1e-9)
    assert (cases == kept[0]).all()
    assert (expected == kept[1]).all()


@pytest.mark.parametrize("method", ["global", "local", "risks"])
def test_what_cannot_be_smoothed_says_why(method):
    cases = np.array([[3, 9, 0, np.nan, 4, 8, 50], [0, 0, 0, np.nan, 0, 0, 0]])
    people = np.array([10, 20, 30, 40, 50, 0, 30])
    given = np.array(["value"] * 4 + ["suppressed"] + ["value"] * 2)
    run = {
        "global": lambda c, p, g: smooth_globally(c, p, given=g),
        "local": lambda c, p, g: smooth_locally(c, p, a_row(7), given=g),
        "risks": lambda c, p, g: smooth_relative_risks(c, p, given=g),
    }[method]
    made = run(cases, people, given).estimates
    skipped = TOO_FEW_AREAS if method == "risks" else ""
    assert list(made.reason[0, 3:6]) == [NO_FIGURE, WITHHELD, NO_POPULATION]
    assert list(made.state[0, 3:6]) == ["no_data", "suppressed", "not_applicable"]
    assert list(made.reason[0, :3]) == [skipped] * 3
    assert made.reason[1, 0] == TOO_FEW, "a series without a case says nothing"
    assert made.reason[1, 4] == WITHHELD
    assert np.isnan(made.n[:, 4]).all()
    other = cases.copy()
    other[:, 4] = 44
    again = run(other, people, given).estimates
    np.testing.assert_array_equal(again.value, made.value, "a withheld figure leaves no trace")
    single = run(np.array([3.0] + [np.nan] * 6), people, None).estimates
    assert single.reason[0] == TOO_FEW_AREAS
    blank = run(np.full(7, np.nan), people, None).estimates
    assert set(blank.state) == {"no_data", "not_applicable"}


def test_withheld_areas_leave_no_trace_in_what_stands_beside_the_estimates():
    cases, people = [3, 9, 1, 7, 4, 8.0], [10, 20, 30, 40, 50, 60]
    given = ["value", "suppressed", "value", "value", "value", "value"]
    rates = smooth_locally(cases, people, a_row(6), given=given)
    assert np.isnan([rates.raw[1], rates.towards[1], rates.weight[1]]).all()
    risks = smooth_relative_risks(cases, people, given=given)
    assert np.isnan([risks.raw[1], risks.above[1]]).all()


def test_areas_that_differ_by_chance_alone_get_no_interval_but_a_sentence():
    made = smooth_relative_risks([5, 6, 4, 5, 5, 6], [5.0] * 6)
    assert set(made.estimates.reason) == {SAME_RISK}
    assert np.isinf(made.shape)
    assert np.isnan(made.above).all()
    flat = smooth_globally([5, 6, 4, 5, 5, 6], [5.0] * 6)
    assert (flat.weight == 0).all()
    np.testing.assert_allclose(flat.estimates.value, 31 / 30)


def test_a_neighbourhood_without_cases_gets_the_global_rate():
    cases = np.array([0, 0, 0, 6, 9, 2, 30.0])
    people = np.array([10, 10, 10, 20, 20, 20, 40.0])
    local = smooth_locally(cases, people, a_row(7)).estimates.value
    overall = smooth_globally(cases, people).estimates.value
    assert local[0] == overall[0]
    assert local[1] == overall[1]
    assert local[2] != overall[2]
    assert (local > 0).all()


def test_an_island_with_cases_gets_the_global_rate_and_not_its_raw_one():
    cases, people = np.array([9, 0, 3, 6, 9, 2.0]), np.array([10, 10, 10, 20, 20, 20.0])
    beside = read_neighbours(range(6), [(i, i + 1) for i in range(1, 5)])
    local = smooth_locally(cases, people, beside)
    assert local.estimates.value[0] == smooth_globally(cases, people).estimates.value[0]
    assert local.estimates.value[0] < local.raw[0]


@pytest.mark.parametrize("state", ["suppressed", "no_data", "not_applicable"])
def test_whatever_is_not_given_as_a_number_is_left_out(state):
    given = ["value", "value", state, "value"]
    made = smooth_globally([3, 9, 50, 4], [10, 20, 30, 40], given=given)
    plain = smooth_globally([3, 9, np.nan, 4], [10, 20, 30, 40])
    np.testing.assert_array_equal(made.estimates.value, plain.estimates.value)
    assert made.estimates.state[2] == state


def test_rates_come_in_the_unit_that_was_asked_for():
    one = smooth_globally([3, 9], [1000, 2000])
    made = smooth_globally([3, 9], [1000, 2000], per=1000, unit="per 1,000")
    np.testing.assert_allclose(made.estimates.value, one.estimates.value * 1000)
    np.testing.assert_allclose(made.raw, [3, 4.5])
    np.testing.assert_allclose(made.towards, 4)
    assert made.estimates.unit == "per 1,000"


def test_expected_cases_have_the_sum_of_the_cases():
    made = expect_cases([3, None, 9, 4], [1000, 500, 2000, 0])
    np.testing.assert_allclose(made, [4, np.nan, 8, 0])
    made = expect_cases([3, 100, 9], [1000, 500, 2000], given=["value", "suppressed", "value"])
    np.testing.assert_allclose(made, [4, np.nan, 8])


def test_local_smoothing_is_advised_only_where_neighbourhoods_can_say_something():
    row = a_row(40)
    assert not prefer_local([1] * 29 + [0] * 11, row)
    assert prefer_local([1] * 30 + [0] * 10, row)
    torn = read_neighbours(range(40), [(i, i + 1) for i in range(34)])
    assert torn.isolated.sum() == 5
    assert not prefer_local([1] * 40, torn)
    joined = read_neighbours(range(40), [(i, i + 1) for i in range(35)])
    assert prefer_local([1] * 40, joined)


def test_wrong_inputs_get_a_sentence():
    with pytest.raises(ValueError, match=r"counts holds -1, and a count is a number from 0 up"):
        smooth_globally([-1, 2], [1, 2])
    with pytest.raises(ValueError, match=r"population holds -1"):
        smooth_relative_risks([1, 2], [-1, 2])
    with pytest.raises(ValueError, match=r"The shapes differ: counts \(2,\), population \(3,\)"):
        smooth_globally([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match=r"counts is a single number; give one for each area"):
        smooth_globally(1, 2)
    with pytest.raises(ValueError, match=r"A confidence level of 95 was asked for"):
        smooth_relative_risks([1, 2], [1, 2], level=95)
    with pytest.raises(ValueError, match=r"Rates per 0 persons were asked for"):
        smooth_globally([1, 2], [1, 2], per=0)
    with pytest.raises(ValueError, match=r"have 2 areas on their last axis and the neighbours"):
        smooth_locally([1, 2], [1, 2], a_row(3))
