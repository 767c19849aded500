"""Level shifts: the best cuts of all, held against published ones and against a plain search."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.methods import level_cuts
from analysis.methods.level_cuts import cut_levels, score_shifts, transform_counts
from analysis.methods.reasons import ALL_THE_SAME, NO_FIGURE, TOO_SHORT, WITHHELD
from analysis.methods.shifts import NO_SUCH_LEVEL, find_level_shifts

YEARS = np.arange(2006, 2024)


def stepped(rng: np.random.Generator, series: int, low: float = 20, high: float = 60):
    """Counts that step up in 2014."""
    return rng.poisson(np.where(YEARS < 2014, low, high), (series, 18)).astype(float)


def test_the_nile_falls_once(oracles) -> None:
    oracle = oracles.read("g09_changepoint_nile")
    table = oracles.table("g09_changepoint_nile", "nile")
    for case in oracle["cases"]:
        wanted = case["expected"]
        for criterion in ("bic", "bic3"):
            found = find_level_shifts(
                table["flow"],
                table["year"],
                counted=False,
                most=5,
                shortest=case["input"]["min_segment"],
                choose=criterion,
            )
            assert found.number == wanted["n_breaks"]
            assert found.observations_before[0] == wanted["last_obs_of_first_segment"]
            assert found.last_years[0] == wanted["break_year"]
            assert found.first_years[0] == wanted["break_year"] + 1
            assert found.residuals[0] == pytest.approx(wanted["rss0"], rel=1e-9)
            assert found.residuals[1] == pytest.approx(wanted["rss1"], rel=1e-9)
            assert found.levels.value[:2] == pytest.approx(wanted["segment_means"], rel=1e-9)


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_no_other_cuts_are_better(rng, number) -> None:
    values = rng.normal(0, 1, (4, 14)) + (np.arange(14) > 6)
    cuts, residuals = cut_levels(values, number, 3)
    for row, series in enumerate(values):
        tried = {}
        for chosen in combinations(range(1, 14), number):
            parts = np.split(series, chosen)
            if min(len(part) for part in parts) >= 3:
                tried[chosen] = sum(((part - part.mean()) ** 2).sum() for part in parts)
        best = min(tried, key=tried.get)
        assert residuals[row, number] == pytest.approx(tried[best], rel=1e-9)
        assert tuple(cuts[row, number]) == best


def test_the_score_is_that_of_a_regression_with_a_mean_for_each_level(rng) -> None:
    values = rng.normal(5, 1, 20)
    cuts, residuals = cut_levels(values[None], 2, 4)
    scores = score_shifts(residuals, 20, "bic")[0]
    strict = score_shifts(residuals, 20, "bic3")[0]
    for number in range(3):
        held = np.split(np.arange(20), cuts[0, number, :number])
        means = np.zeros((20, number + 1))
        for level, own in enumerate(held):
            means[own, level] = 1
        likelihood = sm.OLS(values, means).fit().llf
        assert scores[number] == pytest.approx(-2 * likelihood + np.log(20) * 2 * (number + 1))
        assert strict[number] - scores[number] == pytest.approx(number * np.log(20))


def test_counts_are_searched_on_a_scale_of_one_variance(rng) -> None:
    counts = stepped(rng, 1)
    found = find_level_shifts(counts, YEARS, counted=True, choose=1)
    expected, residuals = cut_levels(transform_counts(counts), 1, 4)
    assert found.observations_before[0, 0] == expected[0, 1, 0] == 8
    assert found.last_years[0, 0] == 2013
    assert found.first_years[0, 0] == 2014
    assert found.residuals[0] == pytest.approx(residuals[0])
    assert found.levels.n[0].tolist() == [counts[0, :8].sum(), counts[0, 8:].sum()]
    assert transform_counts([4])[0] == pytest.approx(2 * np.sqrt(4.375))


def test_limits_of_values_are_those_of_means_with_one_variance(rng) -> None:
    values = np.concatenate([rng.normal(0, 1, 8), rng.normal(9, 1, 10)])
    found = find_level_shifts(values, YEARS, counted=False, choose=1, level=0.9)
    assert found.observations_before[0] == 8
    parts = values[:8], values[8:]
    variance = sum(((part - part.mean()) ** 2).sum() for part in parts) / 16
    for level, part in enumerate(parts):
        half = stats.t.ppf(0.95, 16) * np.sqrt(variance / len(part))
        assert found.levels.upper[level] == pytest.approx(part.mean() + half)
        assert found.levels.lower[level] == pytest.approx(part.mean() - half)
        assert found.levels.n[level] == len(part)


def test_limits_of_counts_are_score_limits_widened_by_scatter() -> None:
    counts = np.array([0, 0, 0, 0, 40, 60, 40, 60, 40, 60.0])
    found = find_level_shifts(counts, np.arange(10), counted=True, choose=1)
    scatter = 6 * 100 / 50 / 8
    reach = stats.t.ppf(0.975, 8) ** 2 * scatter
    assert found.levels.upper[0] == pytest.approx(reach / 4)
    assert found.levels.lower[0] == 0
    assert list(found.levels.state) == ["zero", "value"]
    # The limits of a Poisson mean are where its score statistic meets the quantile.
    for limit in (found.levels.lower[1], found.levels.upper[1]):
        assert (50 - limit) ** 2 / (limit / 6) == pytest.approx(reach)
    calm = find_level_shifts([9, 10, 9, 10, 50, 51, 50, 51], np.arange(8), counted=True, choose=1)
    limit = calm.levels.upper[0]
    assert (9.5 - limit) ** 2 / (limit / 4) == pytest.approx(stats.t.ppf(0.975, 6) ** 2)


def test_silent_series_say_why(rng) -> None:
    counts = np.concatenate([stepped(rng, 3), np.full((2, 18), 7.0)])
    counts[0, 7:] = np.nan
    counts[1] = np.nan
    found = find_level_shifts(counts, YEARS, counted=True)
    assert list(found.levels.reason[:, 0]) == [TOO_SHORT, NO_FIGURE, "", ALL_THE_SAME, ALL_THE_SAME]
    assert np.isnan(found.number[[0, 1, 3, 4]]).all()
    assert np.isnan(found.scores[[0, 1, 3, 4]]).all()
    assert found.number[2] == 1
    assert found.levels.at(2, 2).reason == NO_SUCH_LEVEL
    assert np.isnan(found.last_years[2, 1:]).all()
    eight = find_level_shifts(counts[2, 4:12], YEARS[4:12], counted=True)
    assert eight.number == 1
    assert np.isnan(eight.residuals[2:]).all()
    two = find_level_shifts(counts[2, 4:12], YEARS[4:12], counted=True, choose=2)
    assert two.levels.at(0).reason == TOO_SHORT


def test_suppressed_series_stay_so(rng) -> None:
    states = np.full((2, 18), "value", dtype=object)
    states[0, 3] = "suppressed"
    found = find_level_shifts(stepped(rng, 2), YEARS, counted=True, given=states)
    assert found.levels.at(0, 0).reason == WITHHELD
    assert list(found.levels.state[0]) == ["suppressed"] * 4
    for array in (found.levels.n, found.number, found.first_years, found.residuals):
        assert np.isnan(array[0]).all()
    assert found.number[1] == 1


def test_blank_years_are_left_out(rng) -> None:
    counts = stepped(rng, 1)[0]
    gapped = counts.copy()
    gapped[[7, 8, 12]] = np.nan
    kept = np.flatnonzero(~np.isnan(gapped))
    found = find_level_shifts(gapped, YEARS, counted=True)
    alone = find_level_shifts(counts[kept], YEARS[kept], counted=True)
    assert found.last_years[0] == alone.last_years[0] == 2012
    assert found.first_years[0] == alone.first_years[0] == 2015
    assert found.observations_before[0] == 7
    states = np.where(np.isnan(gapped), "no_data", "value")
    marked = find_level_shifts(counts, YEARS, counted=True, given=states)
    assert marked.levels.value[:2] == pytest.approx(found.levels.value[:2])
    assert found.levels.value[:2] == pytest.approx(alone.levels.value[:2])
    for counted in (True, False):
        # Figures ten times as large scatter more than chance, so that the scatter counts.
        found = find_level_shifts(10 * gapped, YEARS, counted=counted, choose=1)
        alone = find_level_shifts(10 * counts[kept], YEARS[kept], counted=counted, choose=1)
        assert found.levels.upper == pytest.approx(alone.levels.upper)
        assert found.levels.lower == pytest.approx(alone.levels.lower)


@settings(max_examples=10)
@given(st.permutations(range(5)))
def test_the_order_of_areas_does_not_matter(order) -> None:
    counts = stepped(np.random.default_rng(4), 5, low=30, high=40)
    counts[1, 2] = np.nan
    kept = counts.copy()
    straight = find_level_shifts(counts, YEARS, counted=True, choose="bic")
    mixed = find_level_shifts(counts[order], YEARS, counted=True, choose="bic")
    assert np.array_equal(counts, kept, equal_nan=True)
    assert np.array_equal(straight.last_years[order], mixed.last_years, equal_nan=True)
    assert np.allclose(straight.levels.lower[order], mixed.levels.lower, equal_nan=True)


def test_limits_shrink_with_years_and_parts_and_axes_change_nothing(rng, monkeypatch) -> None:
    counts = stepped(rng, 6)
    found = find_level_shifts(counts, YEARS, counted=True, choose=1)
    held = found.levels
    assert ((held.lower < held.value) & (held.value < held.upper)).all()
    many = find_level_shifts(
        np.repeat(counts, 4, axis=1), np.arange(72), counted=True, choose=1
    ).levels
    assert (many.upper - many.lower < held.upper - held.lower).all()
    monkeypatch.setattr(level_cuts, "AT_A_TIME", 1)
    parts = find_level_shifts(counts.reshape(2, 3, 18), YEARS, counted=True, choose=1)
    assert parts.levels.shape == (2, 3, 2)
    assert parts.levels.upper.reshape(6, 2) == pytest.approx(held.upper)


def test_wrong_inputs_get_a_sentence() -> None:
    values = np.arange(18.0)
    with pytest.raises(ValueError, match="values holds -1, and a count is a number from 0 up"):
        find_level_shifts(values - 1, YEARS, counted=True)
    with pytest.raises(ValueError, match="chosen by 'aic', which is no criterion"):
        find_level_shifts(values, YEARS, counted=True, choose="aic")
    with pytest.raises(ValueError, match="-1 shifts were asked for, and there are 0 or more"):
        find_level_shifts(values, YEARS, counted=True, most=-1)
    with pytest.raises(ValueError, match="A level of 1 observations was allowed"):
        find_level_shifts(values, YEARS, counted=True, shortest=1)
    with pytest.raises(ValueError, match="years do not ascend"):
        find_level_shifts(values, YEARS[::-1], counted=False)
    with pytest.raises(ValueError, match="A confidence level of 95"):
        find_level_shifts(values, YEARS, counted=False, level=95)
