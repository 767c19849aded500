"""Labels of trends: what is said, what is not, and why."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import false_discovery_control

import analysis.methods.trends as package
from analysis.methods.reasons import NO_FIGURE, NO_POPULATION, TOO_FEW, TOO_SHORT, WITHHELD
from analysis.methods.trends import fit_log_linear, label_trends
from analysis.methods.trends.label import BLIND, EDGE_ONLY, ONE_YEAR_DECIDES

RISING = [9, 11, 14, 15, 19, 22, 26, 30]
FLAT = [9, 7, 8, 10, 7, 9, 8, 9]


def test_the_package_says_what_is_public() -> None:
    assert all(hasattr(package, name) for name in package.__all__)
    assert sorted(package.__all__) == package.__all__


def test_the_words() -> None:
    made = label_trends([RISING, RISING[::-1], FLAT, [0, 1] * 4])
    assert list(made.label) == ["rising", "falling", "no_clear_change", "too_few"]
    assert list(made.note) == [""] * 4
    assert list(made.is_steady) == [True, True, made.is_steady[2], False]
    assert list(made.change.state) == ["value", "value", "value", "not_applicable"]
    assert made.change.value[0] > 0 > made.change.value[1]
    assert made.change.unit == "% per year"
    frame = made.to_frame(list("abcd"))
    assert frame.loc["b", "label"] == "falling"
    assert frame.loc["d", "reason"] == TOO_FEW
    assert list(frame["years_used"]) == [8] * 4


def test_change_and_p_equal_a_line_by_statsmodels(rng) -> None:
    counts = rng.negative_binomial(5, 0.2, (12, 10))
    population = rng.uniform(5e3, 9e3, counts.shape)
    years = np.arange(2014, 2024)
    made = label_trends(counts, population, years)
    p = np.empty(12)
    for row in range(12):
        design = sm.add_constant(years - 2014.0)
        offset = np.log(population[row])
        model = sm.GLM(counts[row], design, family=sm.families.Poisson(), offset=offset)
        null = sm.GLM(counts[row], design[:, :1], family=sm.families.Poisson(), offset=offset)
        scale = max(1.0, model.fit().pearson_chi2 / 8)
        line = model.fit(scale=scale, use_t=True, tol=1e-12)
        explained = (null.fit(tol=1e-12).deviance - line.deviance) / scale
        p[row] = max(stats.f.sf(explained, 1, 8), line.pvalues[1])
        got = [made.change.value[row], made.change.lower[row], made.change.upper[row]]
        wanted = [line.params[1], *line.conf_int()[1]]
        np.testing.assert_allclose(got, 100 * np.expm1(wanted), rtol=1e-6)
    np.testing.assert_allclose(made.p, p, rtol=1e-6)
    np.testing.assert_allclose(made.q, false_discovery_control(p), rtol=1e-6)
    np.testing.assert_array_equal(made.change.n, counts.sum(axis=1))


def test_areas_lie_on_the_axis_before_the_years(rng) -> None:
    counts = rng.poisson(12, (3, 7, 10))
    made = label_trends(counts)
    for place in range(3):
        np.testing.assert_allclose(made.q[place], false_discovery_control(made.p[place]))
        alone = label_trends(counts[place])
        np.testing.assert_allclose(alone.q, made.q[place], rtol=1e-12)
    single = label_trends(counts[0, 0])
    assert single.q.shape == ()
    assert float(single.q) == float(single.p) == pytest.approx(made.p[0, 0])


def test_many_areas_ask_for_more_than_one() -> None:
    weak = [7, 6, 10, 8, 13, 11, 16, 17]
    alone = label_trends(weak)
    assert 0.01 < float(alone.p) < 0.05
    assert str(alone.label) == "rising"
    crowd = np.vstack([weak, np.tile(FLAT, (40, 1))])
    among = label_trends(crowd)
    assert among.label[0] == "no_clear_change"
    assert among.p[0] == pytest.approx(float(alone.p))
    assert label_trends(crowd, false_discovery=0.9).label[0] == "rising"


def test_the_interval_agrees_with_the_label_of_one_series(rng) -> None:
    counts = rng.negative_binomial(4, 0.2, (400, 1, 9)) + rng.poisson(np.arange(9), (400, 1, 9))
    made = label_trends(counts, level=0.9, false_discovery=0.5)
    apart = (made.change.lower > 0) | (made.change.upper < 0)
    spoken = np.isin(made.label, ["rising", "falling"])
    assert spoken.mean() > 0.2
    assert (apart | ~spoken).all(), "nothing is said that the interval does not say"
    assert (spoken | ~apart | ~made.is_steady).all()


def test_a_single_year_must_not_decide() -> None:
    spike = [20, 20, 21, 20, 19, 20, 20, 60]
    base = np.array([20, 20, 21, 20, 19, 20, 20])
    assert fit_log_linear(base).slope < 0
    made = label_trends([spike], false_discovery=0.9, level=0.2)
    assert made.p[0] < 0.8
    assert not made.is_steady[0]
    assert made.label[0] == "no_clear_change"
    assert made.note[0] == ONE_YEAR_DECIDES


def test_leaving_a_year_out_equals_lines_drawn_anew(rng) -> None:
    counts = rng.poisson(8, (60, 9)).astype(float)
    counts[rng.random(counts.shape) < 0.1] = np.nan
    population = rng.uniform(50, 100, counts.shape)
    made = label_trends(counts, population)
    whole = np.sign(fit_log_linear(counts, population).slope)
    steady = np.ones(60, dtype=bool)
    for place in range(9):
        without = counts.copy()
        without[:, place] = np.nan
        steady &= np.sign(fit_log_linear(without, population).slope) == whole
    np.testing.assert_array_equal(made.is_steady, steady)
    assert 0 < steady.mean() < 1


def test_no_change_at_all_has_no_direction_to_keep() -> None:
    population = np.array([31.0, 57, 83, 44, 91, 68, 77, 23])
    even = label_trends([[5] * 8, [0.1] * 8, [7] * 8], np.ones(8))
    assert not even.is_steady.any()
    level = label_trends([0.7 * population, 1.3 * population], population)
    assert not level.is_steady.any(), "what rounding leaves is no direction"
    np.testing.assert_allclose(level.change.value, 0, atol=1e-9)


def test_too_few_years_or_cases() -> None:
    blank = np.nan
    made = label_trends(
        [
            [blank, 3, 3, 3, 3, blank, blank, blank],
            [blank, 4, 4, 3, 4, 4, blank, blank],
            [1, 1, 1, 1, 1, 1, 1, 2],
            [1, 1, 1, 1, 1, 1, 2, 2],
            [0] * 8,
            [blank] * 8,
            [0, 0, 0, 0, 0, 0, 0, 30],
        ]
    )
    few = ["too_few", "no_clear_change", "too_few", "no_clear_change", "too_few", "too_few"]
    assert list(made.label) == [*few, "no_clear_change"]
    assert list(made.change.reason) == [TOO_SHORT, "", TOO_FEW, "", TOO_FEW, NO_FIGURE, EDGE_ONLY]
    assert list(made.years_used) == [4, 5, 8, 8, 8, 0, 8]
    assert list(made.is_blind) == [False, True, False, False, False, False, False]
    assert made.note[1] == BLIND
    assert made.note[6] == EDGE_ONLY
    assert list(np.isnan(made.q)) == [True, False, True, False, True, True, True]
    eight, seven = label_trends(FLAT), label_trends(FLAT[:7])
    assert not eight.is_blind
    assert seven.is_blind
    assert str(seven.note) == BLIND


def test_what_cannot_be_tested_does_not_make_the_family_larger() -> None:
    weak = [7, 6, 10, 8, 13, 11, 16, 17]
    made = label_trends(np.vstack([weak, np.zeros((40, 8))]))
    assert made.label[0] == "rising"
    assert made.q[0] == made.p[0]


def test_years_before_the_last_break_are_not_used() -> None:
    counts = np.array([[90.0, 95, 99, *RISING], [90, 95, 99, *FLAT]])
    whole = label_trends(counts)
    assert whole.label[0] != "rising"
    assert not whole.is_cut.any()
    marks = np.zeros(11, dtype=bool)
    marks[[1, 3]] = True
    for breaks in (marks, [1, 3], 3, np.tile(marks, (2, 1))):
        cut = label_trends(counts, breaks=breaks)
        assert cut.label[0] == "rising"
        assert cut.is_cut.all()
        np.testing.assert_array_equal(cut.years_used, 8)
        np.testing.assert_allclose(cut.p, label_trends(counts[:, 3:]).p)
    one = np.zeros((2, 11), dtype=bool)
    one[0, 3] = True
    mixed = label_trends(counts, breaks=one)
    assert list(mixed.is_cut) == [True, False]
    assert list(mixed.years_used) == [8, 11]
    assert list(label_trends(counts, breaks=[10]).label) == ["too_few", "too_few"]
    assert not label_trends(counts, breaks=[0]).is_cut.any()
    assert not label_trends(counts, breaks=[]).is_cut.any()


def test_population_turns_a_count_into_a_rate() -> None:
    shrinking = 1000 * 0.8 ** np.arange(8)
    assert str(label_trends([20] * 8, shrinking).label) == "rising"
    assert float(label_trends([20] * 8, shrinking).change.value) == pytest.approx(25, abs=0.01)
    none = label_trends([FLAT, FLAT], [[0] * 8, [100] * 8])
    assert list(none.change.reason) == [NO_POPULATION, ""]
    assert list(none.label) == ["too_few", "no_clear_change"]


def test_a_withheld_count_silences_its_series_and_no_other(rng) -> None:
    counts = rng.poisson(20, (4, 9)).astype(float)
    states = np.full(counts.shape, "value", dtype=object)
    states[1, 4] = "suppressed"
    states[2, 4] = "no_data"
    made = label_trends(counts, given=states)
    assert made.change.at(1).state == "suppressed"
    assert made.change.at(1).reason == WITHHELD
    assert made.change.at(1).n is None
    assert made.label[1] == ""
    assert made.note[1] == ""
    assert not made.is_steady[1]
    assert np.isnan([made.p[1], made.q[1], made.change.lower[1]]).all()
    assert made.years_used[2] == 8
    other = counts.copy()
    other[1, 4] += 500
    other[2, 4] += 500
    again = label_trends(other, given=states)
    for name in ("p", "q", "label", "note", "is_steady", "is_blind", "years_used"):
        np.testing.assert_array_equal(getattr(again, name), getattr(made, name))
    # Withheld before the break: not used, so nothing is given back.
    assert label_trends(counts, given=states, breaks=[5]).change.state[1] == "not_applicable"
    assert label_trends(counts, given=states, breaks=[5]).change.reason[1] == TOO_SHORT


def test_the_order_of_areas_does_not_matter_and_inputs_stay(rng, monkeypatch) -> None:
    counts = rng.negative_binomial(3, 0.1, (2, 30, 10)).astype(float)
    counts[rng.random(counts.shape) < 0.1] = np.nan
    population = rng.uniform(100, 200, (30, 10))
    before = counts.copy(), population.copy()
    made = label_trends(counts, population)
    np.testing.assert_array_equal(counts, before[0])
    np.testing.assert_array_equal(population, before[1])
    order = rng.permutation(30)
    monkeypatch.setattr("analysis.methods.trends.series.BLOCK_CELLS", 70)
    other = label_trends(counts[:, order], population[order])
    np.testing.assert_array_equal(other.label, made.label[:, order])
    np.testing.assert_allclose(other.q, made.q[:, order], rtol=1e-9)
    np.testing.assert_allclose(other.change.upper, made.change.upper[:, order], rtol=1e-9)
    with pytest.raises(ValueError, match="read-only"):
        made.label[0, 0] = "rising"


@given(st.lists(st.one_of(st.integers(0, 40), st.none()), min_size=1, max_size=14))
@settings(max_examples=80)
def test_any_series_gets_a_word_and_a_state(counts) -> None:
    made = label_trends([counts], np.full(len(counts), 300.0))
    assert made.label[0] in {"rising", "falling", "no_clear_change", "too_few"}
    one = made.change.at(0)
    if one.is_number:
        assert one.lower <= one.value <= one.upper
    else:
        assert one.reason
    assert (made.label[0] == "too_few") <= (not one.is_number)


def test_more_cases_make_a_narrower_interval() -> None:
    small, large = label_trends(FLAT), label_trends(np.array(FLAT) * 9)
    width = large.change.upper - large.change.lower
    assert float(width) < float(small.change.upper - small.change.lower) / 2
    assert float(large.change.value) == pytest.approx(float(small.change.value))
    wide = label_trends(FLAT, level=0.99)
    assert float(wide.change.upper) > float(small.change.upper)
    assert wide.change.level == 0.99


def test_wrong_input_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="confidence level of 95 was asked for"):
        label_trends(FLAT, level=95)
    with pytest.raises(ValueError, match="level of 10 was asked for"):
        label_trends(FLAT, false_discovery=10)
    with pytest.raises(ValueError, match=r"The breaks \[2019\] are no places along 8 years"):
        label_trends(FLAT, breaks=[2019])
    for breaks in ([8], [-1], [1.5]):
        with pytest.raises(ValueError, match="are no places along 8 years"):
            label_trends(FLAT, breaks=breaks)
    with pytest.raises(ValueError, match=r"breaks has the shape \(2,\) and does not spread"):
        label_trends(FLAT, breaks=[True, False])
    with pytest.raises(ValueError, match=r"given has the shape \(2,\) and does not spread"):
        label_trends(FLAT, given=["value", "value"])
    with pytest.raises(ValueError, match=r"\[1.0, nan\] do not ascend"):
        label_trends([1, 2], years=[1, np.nan])
