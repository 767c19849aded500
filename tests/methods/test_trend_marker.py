"""The marker of a recent trend and Armitage's test equal R's numbers, whatever the series."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from analysis.methods.reasons import TOO_SHORT, WITHHELD
from analysis.methods.trends import check_proportion_trends, mark_recent_trends
from analysis.methods.trends.marker import CRITICAL


def _columns(cases, *names):
    return [np.array([case["input"][name] for case in cases], dtype=float) for name in names]


def test_the_marker_equals_the_oracle(oracles) -> None:
    cases = oracles.read("g04_trend_marker")["cases"]
    made = mark_recent_trends(*_columns(cases, "value", "lower95", "upper95"))
    wanted = [case["expected"] for case in cases]
    np.testing.assert_allclose(made.slope.value, [each["slope"] for each in wanted], rtol=1e-8)
    np.testing.assert_allclose(made.chi_square, [each["chi2"] for each in wanted], rtol=1e-8)
    assert list(made.is_robust) == [each["robust"] for each in wanted]
    assert list(made.marker) == [each["marker"] for each in wanted]


def test_armitage_equals_the_oracle(oracles) -> None:
    cases = oracles.read("g04_trend_marker")["cases"]
    made = check_proportion_trends(*_columns(cases, "count", "pop"))
    wanted = [case["expected"] for case in cases]
    np.testing.assert_allclose(
        made.chi_square, [each["armitage_chi2"] for each in wanted], rtol=1e-8
    )
    np.testing.assert_allclose(made.p, [each["armitage_p"] for each in wanted], rtol=1e-8)


def test_the_bound_is_the_one_of_998_in_1000() -> None:
    assert pytest.approx(chi2.isf(0.002, 1), rel=1e-12) == CRITICAL


def test_the_limits_of_the_slope_leave_out_zero_exactly_beyond_the_bound() -> None:
    value = np.array([10.0, 20, 30, 40, 50])
    # All weights equal: chi-square = 100 * 10 / error**2.
    for factor, marker in ((0.999, "increasing"), (1.001, "no significant change")):
        half = 1.96 * np.sqrt(1000 / CRITICAL) * factor
        made = mark_recent_trends(value, value - half, value + half)
        assert str(made.marker) == marker
        assert bool(made.slope.lower > 0) == (marker == "increasing")
        assert float(made.slope.upper - 10) == pytest.approx(float(10 - made.slope.lower))
        down = mark_recent_trends(value[::-1], value[::-1] - half, value[::-1] + half)
        assert str(down.marker) == marker.replace("increasing", "decreasing")
        assert float(down.slope.value) == pytest.approx(-10)


def test_a_slope_that_hangs_on_one_point_is_not_robust() -> None:
    value = np.array([50.0, 50, 50, 50, 90])
    made = mark_recent_trends(value, value - 4, value + 4)
    assert float(made.chi_square) > CRITICAL
    assert not made.is_robust
    assert str(made.marker) == "no significant change"


def test_what_rounding_leaves_of_a_level_series_is_no_slope() -> None:
    value = np.full((40, 5), 0.1) * np.arange(1, 41)[:, None] / 3
    half = np.random.default_rng(3).uniform(0.01, 0.9, value.shape)
    made = mark_recent_trends(value, value - half, value + half)
    assert (made.slope.value == 0).all()
    assert not made.is_robust.any()


def test_only_the_last_five_valid_points_count_and_a_gap_keeps_its_length() -> None:
    value = np.array([999.0, 999, 10, 20, np.nan, 30, 70, 50, np.nan])
    made = mark_recent_trends(value, value - 9, value + 9, np.arange(2010, 2019))
    places = [2, 3, 5, 6, 7]
    weights = np.polyfit(np.array(places), value[places], 1)
    assert float(made.slope.value) == pytest.approx(weights[0])
    assert float(made.slope.n) == 5
    # A point whose limits do not differ cannot be weighed: the one before it moves in.
    upper = value + 9
    upper[7] = 41
    lower = value - 9
    moved = mark_recent_trends(value, lower, upper)
    places = [1, 2, 3, 5, 6]
    assert float(moved.slope.value) == pytest.approx(np.polyfit(places, value[places], 1)[0])


def test_degenerate_series_say_why_and_withheld_values_stay_withheld() -> None:
    value = np.array(
        [
            [np.nan] * 6,
            [1, 2, 3, 4, np.nan, np.nan],
            [7] * 6,
            [1, 2, 3, 4, 5, 6],
            [1, 2, 3, 4, 5, 6],
        ],
        dtype=float,
    )
    states = np.full(value.shape, "value", dtype=object)
    states[3, 5] = "suppressed"
    states[4, 0] = "suppressed"
    before = value.copy()
    made = mark_recent_trends(value, value - 1, value + 1, given=states)
    np.testing.assert_array_equal(value, before)
    assert list(made.slope.state) == ["no_data", "not_applicable", "zero", "suppressed", "value"]
    assert list(made.slope.reason[1:4]) == [TOO_SHORT, "", WITHHELD]
    assert list(made.marker) == [
        "cannot be calculated",
        "cannot be calculated",
        "no significant change",
        "",
        "increasing",
    ]
    assert np.isnan(made.chi_square[[0, 1, 3]]).all()
    assert not made.is_robust[:4].any()
    assert made.is_robust[4]
    short = mark_recent_trends(value[:, :3], value[:, :3] - 1, value[:, :3] + 1)
    assert (short.marker == "cannot be calculated").all()
    hidden = mark_recent_trends(
        value[4, :4], value[4, :4] - 1, value[4, :4] + 1, given=states[4, :4]
    )
    assert hidden.slope.at().state == "suppressed"


def test_the_order_of_areas_does_not_matter(rng) -> None:
    value = rng.gamma(9, 3, (3, 20, 9))
    value[rng.random(value.shape) < 0.2] = np.nan
    lower, upper = value * 0.8, value * 1.3
    made = mark_recent_trends(value, lower, upper)
    order = rng.permutation(20)
    other = mark_recent_trends(value[:, order], lower[:, order], upper[:, order])
    np.testing.assert_array_equal(other.marker, made.marker[:, order])
    np.testing.assert_allclose(other.chi_square, made.chi_square[:, order])


def test_armitage_is_blank_where_nothing_can_be_told() -> None:
    cases = [[0, 0, 0], [10, 10, 10], [3, np.nan, np.nan], [1, 5, np.nan]]
    made = check_proportion_trends(cases, np.full((4, 3), 10.0))
    assert list(np.isnan(made.chi_square)) == [True, True, True, False]
    assert list(np.isnan(made.p)) == [True, True, True, False]
    # Two years: the trend test is the test of two proportions.
    assert made.chi_square[3] == pytest.approx(80 / 21)
    gap = check_proportion_trends([1, 4, 2], [10, 10, 10], [2001, 2002, 2004])
    flat = check_proportion_trends([1, 4, 2], [10, 10, 10])
    assert float(gap.chi_square) != pytest.approx(float(flat.chi_square))
    assert np.isnan(check_proportion_trends([0, 0], [0, 0]).p)


def test_wrong_input_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="upper limit of 1 lies below its lower limit of 2"):
        mark_recent_trends([1.5], [2], [1])
    with pytest.raises(ValueError, match=r"The shapes differ: value \(2,\), lower \(1,\)"):
        mark_recent_trends([1, 2], [1], [1, 2])
    with pytest.raises(ValueError, match="value is a single number"):
        mark_recent_trends(1, 1, 1)
    with pytest.raises(ValueError, match="cases is a single number"):
        check_proportion_trends(1, 1)
    with pytest.raises(ValueError, match="There are 3 cases among 2 persons, and a part is no lar"):
        check_proportion_trends([3], [2])
    with pytest.raises(ValueError, match="cases holds -1"):
        check_proportion_trends([-1], [2])
