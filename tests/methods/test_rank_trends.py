"""Rank tests and median slopes equal R's and scipy's, for every series at once."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.methods.reasons import TOO_SHORT, WITHHELD
from analysis.methods.trends import rank_trends


def test_ranks_equal_the_oracle(oracles) -> None:
    pairs = {
        "S": "score",
        "varS": "score_variance",
        "z": "z",
        "p_normal_cc": "p_normal",
        "p_exact": "p_exact",
        "tau_b": "tau",
    }
    for case in oracles.read("g05_mann_kendall")["cases"]:
        made = rank_trends(case["input"], least_years=5)
        wanted = case["expected"]
        for theirs, ours in pairs.items():
            expected = np.nan if wanted[theirs] is None else wanted[theirs]
            np.testing.assert_allclose(getattr(made, ours), expected, rtol=1e-9, err_msg=theirs)
        np.testing.assert_allclose(made.slope.value, wanted["sen_slope"], rtol=1e-9)
        assert float(made.slope.n) == wanted["n"]
        chosen = wanted["p_normal_cc"] if wanted["p_exact"] is None else wanted["p_exact"]
        np.testing.assert_allclose(made.p, chosen, rtol=1e-9)


def test_untied_and_tied_series_equal_scipy(rng) -> None:
    years = np.array([2001.0, 2002, 2003, 2005, 2006, 2007, 2008, 2010, 2011, 2012, 2013, 2015])
    values = rng.normal(size=(60, 12)) + 0.1 * np.arange(12) * (np.arange(60) % 3)[:, None]
    values[40:] = rng.poisson(4, (20, 12))
    values[rng.random(values.shape) < 0.1] = np.nan
    made = rank_trends(values, years, least_years=5, level=0.9)
    for row, series in enumerate(values):
        known = np.isfinite(series)
        slope, _, lower, upper = stats.theilslopes(series[known], years[known], 0.9)
        got = [made.slope.value[row], made.slope.lower[row], made.slope.upper[row]]
        np.testing.assert_allclose(got, [slope, lower, upper], rtol=1e-12, atol=1e-12)
        exact = row < 40
        test = stats.kendalltau(
            years[known], series[known], method="exact" if exact else "asymptotic"
        )
        np.testing.assert_allclose(made.tau[row], test.statistic, rtol=1e-12)
        if exact:
            np.testing.assert_allclose(made.p[row], test.pvalue, rtol=1e-12)
        else:
            assert made.p[row] == made.p_normal[row]
            assert made.p[row] >= test.pvalue - 1e-12, "half a step towards zero is careful"


def test_the_exact_p_is_the_share_of_orders() -> None:
    observed = np.array([2.0, 1, 3, 5, 4])
    made = rank_trends(observed, least_years=5)
    scores = [
        abs(sum(np.sign(order[j] - order[i]) for i in range(5) for j in range(i + 1, 5)))
        for order in permutations(range(5))
    ]
    assert float(made.p_exact) == pytest.approx(np.mean(np.array(scores) >= made.score))


@given(st.lists(st.integers(0, 12), min_size=8, max_size=16), st.integers(1, 5))
@settings(max_examples=60)
def test_turning_and_stretching_do_what_they_should(values, factor) -> None:
    one = rank_trends(values)
    back = rank_trends(values[::-1])
    assert float(back.score) == -float(one.score)
    assert float(back.slope.value) == pytest.approx(-float(one.slope.value))
    assert float(back.slope.lower) == pytest.approx(-float(one.slope.upper))
    assert float(back.p) == pytest.approx(float(one.p))
    stretched = rank_trends(np.array(values) * factor)
    assert float(stretched.slope.upper) == pytest.approx(factor * float(one.slope.upper))
    assert float(stretched.p) == float(one.p)
    assert 0 <= float(one.p) <= 1
    assert float(one.slope.lower) <= float(one.slope.value) <= float(one.slope.upper)
    wide = rank_trends(values, level=0.99)
    assert float(wide.slope.lower) <= float(one.slope.lower)
    assert float(wide.slope.upper) >= float(one.slope.upper)


def test_degenerate_series_say_why_and_withheld_values_stay_withheld(rng) -> None:
    values = rng.normal(size=(5, 10))
    values[0] = np.nan
    values[1, :3] = np.nan
    values[2] = 3
    values[3, :2] = np.nan
    states = np.full(values.shape, "value", dtype=object)
    states[4, 9] = "suppressed"
    before = values.copy()
    made = rank_trends(values, given=states)
    np.testing.assert_array_equal(values, before)
    assert list(made.slope.state) == ["no_data", "not_applicable", "zero", "value", "suppressed"]
    assert made.slope.reason[1] == TOO_SHORT
    assert made.slope.reason[4] == WITHHELD
    assert np.isnan(made.slope.n[4])
    assert np.isnan(made.p[[0, 1, 4]]).all()
    assert made.p[2] == 1
    assert np.isnan(made.tau[2])
    blank = rank_trends(values, given=np.where(states == "suppressed", "no_data", "value"))
    assert blank.slope.n[4] == 9
    assert rank_trends(np.empty((0, 9))).p.shape == (0,)


def test_neither_blocks_nor_the_order_of_areas_change_a_number(rng, monkeypatch) -> None:
    values = rng.poisson(5, (4, 30, 9)).astype(float)
    whole = rank_trends(values)
    order = rng.permutation(30)
    monkeypatch.setattr("analysis.methods.trends.ranks.BLOCK_PAIRS", 100)
    parts = rank_trends(values[:, order])
    for name in ("score", "score_variance", "z", "p"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name)[:, order])
    np.testing.assert_array_equal(parts.slope.upper, whole.slope.upper[:, order])


def test_wrong_input_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="values is a single number"):
        rank_trends(1)
    with pytest.raises(ValueError, match="Series of 2 years were let through"):
        rank_trends([1, 2, 3], least_years=2)
    with pytest.raises(ValueError, match="do not ascend"):
        rank_trends([1, 2, 3], [3, 2, 1])
    with pytest.raises(ValueError, match="values holds an infinite number"):
        rank_trends([1, np.inf])
    with pytest.raises(ValueError, match=r"given has the shape \(2,\) and does not spread"):
        rank_trends([1, 2, 3], given=["value", "value"])
