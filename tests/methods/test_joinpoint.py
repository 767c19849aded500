"""Joinpoints: the years, the changes a year and their limits are those of the reference."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.methods.joinpoint import (
    choose_by_permutation,
    fit_count_joinpoints,
    fit_rate_joinpoints,
    grid,
    list_placements,
    look_up_most_joinpoints,
    relate_counts,
)
from analysis.methods.joinpoint.choose import limit_number
from analysis.methods.joinpoint.grid import fit_placements, search_placements
from analysis.methods.joinpoint.segments import measure_slope_errors
from analysis.methods.joinpoint.selection import score_numbers
from analysis.methods.joinpoint.series import ZERO_RATE
from analysis.methods.reasons import (
    ALL_THE_SAME,
    NO_FIGURE,
    NO_POPULATION,
    TOO_FEW,
    TOO_SHORT,
    WITHHELD,
)

YEARS = np.arange(2008, 2024)


def bent_counts(rng: np.random.Generator, series: int, years: int = 16, level: float = 60):
    """Counts that rise by 12 % a year up to the middle and fall by as much afterwards."""
    turn = years // 2
    way = np.arange(years)
    mean = level * np.exp(0.12 * (np.minimum(way, turn) - np.maximum(way - turn, 0)))
    return rng.poisson(mean, (series, years)).astype(float)


def design(years, placement):
    hinges = [np.maximum(years - years[place], 0) for place in placement]
    return np.column_stack([np.ones(len(years)), years, *hinges])


def test_noise_free_series_give_their_joinpoints_and_changes_back(oracles, rng) -> None:
    oracle = oracles.read("g07_joinpoint_exact")
    for case in oracle["cases"]:
        years, rates = np.array(case["input"]["year"]), np.array(case["input"]["rate"])
        wanted = case["expected"]
        number = len(wanted["joinpoints"])
        exact = fit_rate_joinpoints(rates, None, years, choose=number)
        assert np.abs(exact.apc.value[: number + 1] - wanted["apc"]).max() < 1e-6
        assert abs(float(exact.aapc.value) - wanted["aapc_full"]) < 1e-6
        noisy = np.exp(np.log(rates) + rng.normal(0, 1e-6, len(rates)))
        for series in (rates, noisy):
            chosen = fit_rate_joinpoints(series, None, years)
            assert chosen.number == number
            assert chosen.joinpoints[:number].tolist() == wanted["joinpoints"]
            assert np.isnan(chosen.joinpoints[number:]).all()


def test_published_joinpoints_changes_and_stars(oracles) -> None:
    oracle = oracles.read("g08_joinpoint_nci")
    table = oracles.table("g08_joinpoint_nci", "input")
    cases = [(case, table[table["sex"] == case["name"]]) for case in oracle["cases"]]
    together = fit_rate_joinpoints(
        np.stack([rows["rate"] for _, rows in cases]),
        np.stack([rows["se"] for _, rows in cases]),
        cases[0][1]["year"],
        most=oracle["cases"][0]["input"]["kmax"],
    )
    for place, (case, _) in enumerate(cases):
        wanted = case["expected"]
        assert together.number[place] == wanted["k"]
        for segment, expected in enumerate(wanted["segments"]):
            first, last = (int(year) for year in expected["years"].split("-"))
            assert together.starts[place, segment] == first
            assert together.ends[place, segment] == last
            assert round(together.apc.value[place, segment], 2) == expected["apc_2dp"]
            assert together.significant[place, segment] == expected["significant_5pct"]
        for criterion in ("bic3", "wbic"):
            assert together.choices[criterion][place] == wanted["k"]


@pytest.mark.parametrize("joinpoints", [0, 1, 2, 3])
def test_the_search_finds_what_a_plain_search_finds(rng, joinpoints) -> None:
    years = np.array([2001, 2002, 2003, 2005, 2006, 2007, 2008, 2010, 2011, 2012, 2013, 2014.0])
    log_rates = rng.normal(0, 0.2, (3, 12)) + 0.05 * np.arange(12)
    weights = rng.uniform(5, 50, (3, 12))
    residual, placement = search_placements(log_rates, weights, years, joinpoints)
    fitted, slopes = fit_placements(log_rates, weights, years, placement)
    for row in range(3):
        plain = {
            tuple(place): sm.WLS(log_rates[row], design(years, place), weights=weights[row]).fit()
            for place in list_placements(12, joinpoints)
        }
        best = min(plain, key=lambda place: plain[place].ssr)
        assert tuple(placement[row]) == best
        assert residual[row] == pytest.approx(plain[best].ssr, rel=1e-9)
        assert fitted[row] == pytest.approx(plain[best].fittedvalues, rel=1e-9)
        assert slopes[row] == pytest.approx(np.cumsum(plain[best].params[1:]), rel=1e-8)


def test_small_parts_and_common_weights_give_the_same(rng, monkeypatch) -> None:
    log_rates = rng.normal(0, 0.2, (7, 14))
    weights = np.tile(rng.uniform(5, 50, (1, 14)), (7, 1))
    years = np.arange(14.0)
    whole = search_placements(log_rates, weights, years, 2)
    common = search_placements(log_rates, weights[:1], years, 2)
    monkeypatch.setattr(grid, "AT_A_TIME", 2)
    parts = search_placements(log_rates, weights, years, 2)
    for residual, placement in (common, parts):
        assert residual == pytest.approx(whole[0], rel=1e-12)
        assert (placement == whole[1]).all()


def test_errors_of_slopes_are_those_of_free_lines_with_one_variance(rng) -> None:
    years = np.arange(2000.0, 2015)
    log_rates, weights = rng.normal(0, 0.2, (1, 15)), rng.uniform(5, 50, (1, 15))
    errors, freedom = measure_slope_errors(log_rates, weights, years, np.array([[4, 9]]))
    segments = [slice(0, 4), slice(5, 9), slice(10, 15)]
    fits = [
        sm.WLS(log_rates[0, own], sm.add_constant(years[own]), weights=weights[0, own]).fit()
        for own in segments
    ]
    assert freedom == 13 - 6
    variance = sum(fit.ssr for fit in fits) / freedom
    expected = [fit.bse[1] / np.sqrt(fit.scale) * np.sqrt(variance) for fit in fits]
    assert errors[0] == pytest.approx(expected, rel=1e-9)


def test_one_segment_is_a_weighted_regression_with_its_t_interval(rng) -> None:
    counts, persons = rng.poisson(40, 16), rng.integers(9_000, 11_000, 16)
    fit = fit_count_joinpoints(counts, persons, YEARS, choose=0, level=0.9)
    plain = sm.WLS(np.log(counts / persons), sm.add_constant(YEARS), weights=counts).fit()
    low, high = plain.conf_int(alpha=0.1)[1]
    assert float(fit.aapc.value) == pytest.approx(100 * np.expm1(plain.params[1]), rel=1e-7)
    assert float(fit.aapc.lower) == pytest.approx(100 * np.expm1(low), rel=1e-7)
    assert float(fit.aapc.upper) == pytest.approx(100 * np.expm1(high), rel=1e-7)
    assert fit.p_values[0] == pytest.approx(plain.pvalues[1], rel=1e-6)
    assert fit.apc.at(0).upper == fit.aapc.at().upper
    assert fit.aapc.at().n == counts.sum()
    assert fit.criterion == "set to 0"


def test_the_average_change_weighs_segments_by_their_length(rng) -> None:
    fit = fit_count_joinpoints(bent_counts(rng, 1), np.full((1, 16), 1e5), YEARS, choose=1)
    share = np.diff([2008, fit.joinpoints[0, 0], 2023]) / 15
    slopes = np.log1p(fit.apc.value[0, :2] / 100)
    assert fit.aapc.value[0] == pytest.approx(100 * np.expm1(share @ slopes), rel=1e-9)
    freedom = 16 - 1 - 4
    reach = stats.t.ppf(0.975, freedom)
    errors = (np.log1p(fit.apc.upper[0, :2] / 100) - slopes) / reach
    together = stats.norm.ppf(0.975) * np.sqrt(((share * errors) ** 2).sum())
    assert fit.aapc.upper[0] == pytest.approx(100 * np.expm1(share @ slopes + together), rel=1e-9)
    assert fit.aapc.lower[0] == pytest.approx(100 * np.expm1(share @ slopes - together), rel=1e-9)
    assert fit.p_values[0, :2] == pytest.approx(
        2 * stats.t.sf(np.abs(slopes / errors), freedom), rel=1e-6
    )
    assert (fit.starts[0, :2] == [2008, fit.joinpoints[0, 0]]).all()
    assert (fit.ends[0, :2] == [fit.joinpoints[0, 0], 2023]).all()


def test_the_joinpoint_year_counts_its_cases_in_both_segments() -> None:
    counts = np.round(60 * np.exp(0.2 * (8 - np.abs(np.arange(16) - 8))))
    fit = fit_count_joinpoints(counts, np.full(16, 1e5), YEARS, choose=1)
    assert fit.joinpoints[0] == 2016
    assert fit.apc.n[:2].tolist() == [counts[:9].sum(), counts[8:].sum()]
    assert fit.apc.at(0).unit == "% a year"
    assert np.abs(np.log(fit.fitted * 1e5 / counts)).max() < 0.02


def test_scores_follow_their_formulas() -> None:
    residual, n = np.array([[8.0, 3.0, 2.0]]), 18
    bic, bic3, wbic = score_numbers(residual, np.array([18.0]), n)
    counted = np.arange(3)
    assert bic == pytest.approx(np.log(residual / n) + (2 * counted + 2) * np.log(n) / n)
    assert bic3 == pytest.approx(np.log(residual / n) + (3 * counted + 2) * np.log(n) / n)
    explained = 1 - 2 / 8
    assert wbic == pytest.approx(bic * (1 - explained) + bic3 * explained)


def test_the_shown_criteria_are_those_that_choose(rng) -> None:
    counts = bent_counts(rng, 40, level=15)
    persons = np.full(counts.shape, 1e5)
    shown = fit_count_joinpoints(counts, persons, YEARS)
    for name in ("bic", "bic3", "wbic"):
        chosen = fit_count_joinpoints(counts, persons, YEARS, choose=name)
        assert (chosen.number == shown.choices[name]).all()
        assert (chosen.number == np.argmin(shown.scores[name], axis=1)).all()
        assert chosen.criterion == name
    assert (shown.choices["bic"] >= shown.choices["bic3"]).all()
    assert (shown.choices["bic"] > shown.choices["bic3"]).any()
    assert shown.criterion == "bic3"


@given(st.integers(5, 24), st.integers(0, 3))
def test_placements_keep_two_observations_everywhere_and_leave_none_out(length, joinpoints) -> None:
    placements = [tuple(row) for row in list_placements(length, joinpoints)]
    assert len(set(placements)) == len(placements)
    fits = [
        row
        for row in placements
        if all(place >= 2 and place <= length - 3 for place in row)
        and all(later - earlier >= 3 for earlier, later in pairwise(row))
    ]
    assert fits == placements
    free = length - 4 - 2 * max(joinpoints - 1, 0)
    ways = 1
    for step in range(joinpoints):
        ways = ways * max(free - step, 0) // (step + 1)
    assert len(placements) == ways


def test_the_most_joinpoints_by_length_and_what_still_fits() -> None:
    lengths = (1, 6, 7, 11, 12, 16, 17, 21, 22, 26, 27, 90)
    assert [look_up_most_joinpoints(n) for n in lengths] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    for n in range(4, 40):
        number = limit_number(n, 99)
        assert len(list_placements(n, number)) > 0
        assert n - number - 2 * (number + 1) >= 1
        more = number + 1
        assert len(list_placements(n, more)) == 0 or n - more - 2 * (more + 1) < 1


def test_too_short_too_few_constant_blank_and_empty_places_say_so(rng) -> None:
    counts = np.stack([rng.poisson(30, 16).astype(float) for _ in range(7)])
    persons = np.full(counts.shape, 5e4)
    counts[0, 11:] = np.nan
    counts[1] = np.where(np.arange(16) % 2, 9, 10)
    counts[2] = 30
    counts[3] = np.nan
    persons[4, 3] = 0
    counts[5] = np.where(np.arange(16) % 2, 9, 11)
    counts[6, 12:] = np.nan
    fit = fit_count_joinpoints(counts, persons, YEARS)
    reasons = [TOO_SHORT, TOO_FEW, ALL_THE_SAME, NO_FIGURE, NO_POPULATION, "", ""]
    assert list(fit.aapc.reason) == reasons
    assert list(fit.apc.reason[:, 0]) == reasons
    assert list(fit.aapc.state[2:4]) == ["not_applicable", "no_data"]
    assert np.isnan(fit.number[:5]).all()
    assert np.isnan(fit.fitted[:5]).all()
    assert np.isnan(fit.p_values[:5]).all()
    assert not fit.significant[:5].any()
    # Cases in a year without persons are no blank; a year without a count is one.
    assert not np.isnan(fit.aapc.value[5:]).any()


def test_a_series_without_a_segment_that_others_have_says_so(rng) -> None:
    counts = np.concatenate([bent_counts(rng, 1, level=400), rng.poisson(400, (1, 16))])
    fit = fit_count_joinpoints(counts, np.full((2, 16), 1e5), YEARS)
    assert fit.number.tolist() == [1, 0]
    assert fit.apc.at(1, 1).reason == "this series has fewer segments"
    assert fit.apc.at(0, 1).is_number
    assert fit.apc.at(0, 2).state == "not_applicable"


def test_suppressed_series_stay_so_and_blank_every_number(rng) -> None:
    counts = bent_counts(rng, 3)
    persons = np.full(counts.shape, 1e5)
    states = np.full(counts.shape, "value", dtype=object)
    states[0, 5] = "suppressed"
    states[1, 5] = "no_data"
    fit = fit_count_joinpoints(counts, persons, YEARS, given=states)
    assert list(fit.aapc.state) == ["suppressed", "value", "value"]
    assert fit.aapc.at(0).reason == WITHHELD
    assert list(fit.apc.state[0]) == ["suppressed"] * 3
    for array in (fit.aapc.n, fit.number, fit.fitted, fit.joinpoints, fit.p_values, fit.starts):
        assert np.isnan(array[0]).all()
    assert np.isnan(fit.scores["bic3"][0]).all()
    assert np.isnan(fit.fitted[1, 5])
    whole = fit_count_joinpoints(counts, persons, YEARS, given=["suppressed", "value", "no_data"])
    assert list(whole.aapc.state) == ["suppressed", "value", "no_data"]


def test_a_blank_year_is_left_out_and_not_filled(rng) -> None:
    counts = bent_counts(rng, 2)
    gapped = counts.copy()
    gapped[0, 3] = np.nan
    persons = np.full(counts.shape, 1e5)
    fit = fit_count_joinpoints(gapped, persons, YEARS)
    kept = np.delete(np.arange(16), 3)
    alone = fit_count_joinpoints(counts[0, kept], persons[0, kept], YEARS[kept])
    assert fit.aapc.value[0] == pytest.approx(float(alone.aapc.value), rel=1e-12)
    assert fit.apc.lower[0, :2] == pytest.approx(alone.apc.lower[:2], rel=1e-12)
    assert np.isnan(fit.fitted[0, 3])
    other = fit_count_joinpoints(counts[1], persons[1], YEARS)
    assert fit.aapc.value[1] == pytest.approx(float(other.aapc.value), rel=1e-12)


def test_a_year_without_a_case_counts_half_a_case(rng) -> None:
    counts = rng.poisson(30, 16).astype(float)
    counts[4] = 0
    half = np.where(counts == 0, 0.5, counts)
    persons = np.full(16, 1e5)
    fit = fit_count_joinpoints(counts, persons, YEARS)
    by_rates = fit_rate_joinpoints(half / persons, np.sqrt(half) / persons, YEARS)
    assert float(fit.aapc.value) == pytest.approx(float(by_rates.aapc.value), rel=1e-9)
    assert float(fit.aapc.n) == counts.sum()
    assert float(by_rates.aapc.n) == pytest.approx(half.sum())


def test_rates_of_zero_and_few_cases_behind_rates_say_so(rng) -> None:
    rates = rng.uniform(3, 5, (3, 16))
    rates[0, 2] = 0
    fit = fit_rate_joinpoints(rates, None, YEARS)
    assert list(fit.aapc.reason) == [ZERO_RATE, "", ""]
    assert np.isnan(fit.aapc.n).all()
    few = fit_rate_joinpoints(rates[1:], rates[1:] / np.sqrt([[9.0], [11.0]]), YEARS)
    assert list(few.aapc.reason) == [TOO_FEW, ""]
    told = fit_rate_joinpoints(rates[1:], None, YEARS, cases=np.full((2, 16), 9))
    assert list(told.aapc.reason) == [TOO_FEW, TOO_FEW]
    sure = fit_rate_joinpoints(rates[1:], np.zeros((2, 16)), YEARS)
    assert list(sure.aapc.reason) == [ZERO_RATE, ZERO_RATE]


def test_a_number_of_joinpoints_that_does_not_fit_is_too_short(rng) -> None:
    counts = rng.poisson(30, (1, 12))
    fit = fit_count_joinpoints(counts, np.full((1, 12), 1e5), np.arange(12), choose=4)
    assert fit.aapc.at(0).reason == TOO_SHORT
    assert fit.apc.at(0, 0).reason == TOO_SHORT


def test_limits_hold_the_estimate_and_shrink_with_cases(rng) -> None:
    few, many = bent_counts(rng, 50, level=20), bent_counts(rng, 50, level=2_000)
    persons = np.full(few.shape, 1e5)
    wide = fit_count_joinpoints(few, persons, YEARS, choose=1)
    narrow = fit_count_joinpoints(many, persons, YEARS, choose=1)
    for fit in (wide, narrow):
        assert (fit.apc.lower < fit.apc.value).all()
        assert (fit.apc.value < fit.apc.upper).all()
    widths = [np.median(fit.apc.upper - fit.apc.lower) for fit in (wide, narrow)]
    assert widths[1] < widths[0] / 5
    wider = fit_count_joinpoints(few, persons, YEARS, choose=1, level=0.998)
    assert (wider.apc.upper > wide.apc.upper).all()
    assert (wider.apc.lower < wide.apc.lower).all()


@settings(max_examples=10)
@given(st.permutations(range(6)))
def test_the_order_of_areas_does_not_matter(order) -> None:
    counts = bent_counts(np.random.default_rng(3), 6, level=20)
    counts[2, 4] = np.nan
    persons = np.full(counts.shape, 1e5)
    straight = fit_count_joinpoints(counts, persons, YEARS)
    mixed = fit_count_joinpoints(counts[order], persons[order], YEARS)
    assert np.array_equal(straight.number[order], mixed.number)
    assert np.allclose(straight.apc.upper[order], mixed.apc.upper, rtol=1e-9, equal_nan=True)


def test_axes_before_time_are_kept_and_inputs_stay_as_they_are(rng) -> None:
    counts = bent_counts(rng, 6).reshape(2, 3, 16)
    counts[0, 0, 0] = 0
    persons = np.full(counts.shape, 1e5)
    kept = counts.copy()
    fit = fit_count_joinpoints(counts, persons, YEARS)
    assert (counts == kept).all()
    assert fit.aapc.shape == (2, 3)
    assert fit.apc.shape == fit.p_values.shape == fit.scores["bic"].shape == (2, 3, 3)
    assert fit.joinpoints.shape == (2, 3, 2)
    alone = fit_count_joinpoints(counts[1, 2], persons[1, 2], YEARS)
    assert fit.aapc.value[1, 2] == pytest.approx(float(alone.aapc.value), rel=1e-12)


def test_permutations_find_a_bend_and_no_bend_and_repeat_with_their_seed(rng) -> None:
    bent = relate_counts(bent_counts(rng, 1, level=200)[0], np.full(16, 1e5))
    found = choose_by_permutation(*bent, YEARS, seed=7, permutations=199, alpha=0.1)
    assert found.number == 1
    assert found.tests[0] == (0, 2, 1 / 200, 0.05)
    assert found.tests[1][:2] == (1, 2)
    assert found.tests[1][3] == 0.1
    assert found == choose_by_permutation(*bent, YEARS, seed=7, permutations=199, alpha=0.1)
    straight = np.exp(rng.normal(0, 0.05, 16))
    none = choose_by_permutation(straight, None, YEARS, seed=7, permutations=199)
    assert none.number == 0
    assert [test[:2] for test in none.tests] == [(0, 2), (0, 1)]
    weighed = choose_by_permutation(straight, straight / 10, YEARS, seed=7, permutations=199)
    assert weighed.tests[0][2] == pytest.approx(none.tests[0][2], abs=1e-12)
    uneven = straight / np.linspace(3, 60, 16)
    other = choose_by_permutation(straight, uneven, YEARS, seed=7, permutations=199)
    assert other.tests[0][2] != none.tests[0][2]


def test_crude_rates_carry_the_error_of_their_count() -> None:
    rates, errors = relate_counts([16, 0, 4, np.nan], [100, 200, 0, 10])
    assert rates[:2] == pytest.approx([0.16, 0.5 / 200])
    assert errors[:2] == pytest.approx([0.04, np.sqrt(0.5) / 200])
    assert np.isnan([rates[2:], errors[2:]]).all()


def test_permutations_are_silent_where_the_fit_is() -> None:
    short = choose_by_permutation(np.arange(1.0, 6), None, np.arange(5), seed=1)
    assert (short.number, short.reason) == (None, TOO_SHORT)
    blank = choose_by_permutation(np.full(16, np.nan), None, YEARS, seed=1)
    assert (blank.number, blank.reason) == (None, NO_FIGURE)
    states = ["value"] * 15 + ["suppressed"]
    hidden = choose_by_permutation(np.arange(1.0, 17), None, YEARS, seed=1, given=states)
    assert (hidden.number, hidden.tests, hidden.reason) == (None, (), WITHHELD)
    exact = choose_by_permutation(1.05**YEARS, None, YEARS, seed=1, permutations=19)
    assert exact.number == 0


def test_wrong_inputs_get_a_sentence() -> None:
    persons = np.full(16, 1e5)
    with pytest.raises(ValueError, match="counts holds -1, and a count is a number from 0 up"):
        fit_count_joinpoints(np.full(16, -1), persons, YEARS)
    with pytest.raises(ValueError, match=r"The shapes differ: counts \(16,\), population \(3,\)"):
        fit_count_joinpoints(np.ones(16), np.ones(3), YEARS)
    with pytest.raises(ValueError, match=r"years has the shape \(3,\), and the series have 16"):
        fit_count_joinpoints(np.ones(16), persons, [1, 2, 3])
    with pytest.raises(ValueError, match="years do not ascend, or hold a blank"):
        fit_count_joinpoints(np.ones(16), persons, YEARS[::-1])
    with pytest.raises(ValueError, match="chosen by 'aic', which is no criterion. Write one of"):
        fit_count_joinpoints(np.ones(16), persons, YEARS, choose="aic")
    with pytest.raises(ValueError, match="-1 joinpoints were asked for, and there are 0 or more"):
        fit_count_joinpoints(np.ones(16), persons, YEARS, most=-1)
    with pytest.raises(ValueError, match="-2 joinpoints were asked for"):
        fit_count_joinpoints(np.ones(16), persons, YEARS, choose=-2)
    with pytest.raises(ValueError, match="A confidence level of 95 was asked for"):
        fit_count_joinpoints(np.ones(16), persons, YEARS, level=95)
    with pytest.raises(ValueError, match=r"given has the shape \(3,\), and the series have"):
        fit_count_joinpoints(np.ones((2, 16)), np.ones((2, 16)), YEARS, given=["value"] * 3)
    with pytest.raises(ValueError, match="rates has 2 axes, and a permutation test takes one"):
        choose_by_permutation(np.ones((2, 16)), None, YEARS, seed=1)
    with pytest.raises(ValueError, match="0 permutations were asked for; use 4499"):
        choose_by_permutation(np.ones(16), None, YEARS, seed=1, permutations=0)
