"""Early warning: the bounds of the reference, the small model behind them, and the alarms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from analysis.methods.reasons import NO_FIGURE, TOO_FEW, WITHHELD
from analysis.methods.surveillance import watch_counts
from analysis.methods.surveillance.alarms import FARRINGTON, PROMPT, TOO_SHORT_TO_WATCH
from analysis.methods.surveillance.ears import bound_ears
from analysis.methods.surveillance.farrington import (
    bound_farrington,
    count_lately,
)
from analysis.methods.surveillance.plan import FarringtonPlan
from analysis.methods.surveillance.quasi_poisson import fit_quasi_poisson

ORACLE = "g14_farrington_agona_a"
QUIET = np.tile([4.0, 6.0, 5.0, 3.0], 16)


def read_figures(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def compare_with_statsmodels(y, design, weights=None):
    import statsmodels.api as sm

    model = sm.GLM(y, design, family=sm.families.Poisson(), var_weights=weights)
    return model.fit(scale="X2", tol=1e-12, maxiter=200)


# Farrington ------------------------------------------------------------------------------------


def test_farrington_is_that_of_the_reference(oracles) -> None:
    case = oracles.read(ORACLE)["cases"][0]
    asked, expected = case["input"], case["expected"]
    plan = FarringtonPlan(
        frequency=asked["freq"],
        years=asked["b"],
        half_window=asked["w"],
        seasons=asked["noPeriods"],
        excluded=asked["pastWeeksNotIncluded"],
        alpha=asked["alpha"],
        outlier=asked["weightsThreshold"],
        trend_p=asked["pThresholdTrend"],
    )
    seen = oracles.table(ORACLE, "agona")["obs"].to_numpy(dtype=float)
    places = np.array(expected["range"]) - 1
    made = bound_farrington(seen, list(places), plan)
    upper, mean = read_figures(expected["upperbound"]), read_figures(expected["expected"])
    possible = ~np.isnan(upper)
    assert list(made.enough[0]) == list(possible)
    assert list(made.upper[0, possible]) == list(upper[possible])
    assert made.expected[0, possible] == pytest.approx(mean[possible], rel=1e-5)
    assert made.p_value[0] == pytest.approx(expected["pvalue"], abs=1e-5)
    alarm = possible & (seen[places] > made.upper[0])
    assert list(alarm.astype(int)) == expected["alarm"]


def build_reference_bound(past, season, steps, plan):
    """The same method with the general library, one series at a time."""
    from scipy import stats

    others = [(season == k).astype(float) for k in range(1, plan.seasons)]

    def fit(columns):
        design = np.column_stack(columns)
        first = compare_with_statsmodels(past, design)
        noise = max(first.scale, 1.0)
        leverage = first.get_hat_matrix_diag(observed=False)
        residual = 1.5 * (past ** (2 / 3) - first.mu ** (2 / 3)) / first.mu ** (1 / 6)
        residual /= np.sqrt(noise * (1 - leverage))
        trust = np.where(residual > plan.outlier, residual**-2.0, 1.0)
        trust *= len(past) / trust.sum()
        second = compare_with_statsmodels(past, design, trust)
        return np.exp(second.params[0]), max(second.scale, 1.0)

    ones = np.ones(len(past))
    mean, noise = fit([ones, steps / plan.frequency, *others])
    if mean > past.max():
        mean, noise = fit([ones, *others])
    if noise <= 1 + 1e-9:
        return mean, stats.poisson.ppf(1 - plan.alpha, mean)
    size = mean / (noise - 1)
    return mean, stats.nbinom.ppf(1 - plan.alpha, size, size / (size + mean))


def test_months_are_bounded_as_the_general_library_bounds_them(rng) -> None:
    plan = FarringtonPlan(years=4)
    mean = 12 * np.exp(0.5 * np.sin(np.arange(60) * np.pi / 6) + np.arange(60) / 90)
    series = rng.negative_binomial(6, 6 / (6 + mean), (4, 60)).astype(float)
    series[0, 20] = 90.0  # an outbreak of the past
    series[1, 40:] *= 3  # a level that jumps, so that the trend runs beyond the past
    made = bound_farrington(series, plan=plan)
    # The same month of earlier years and its neighbours are season 0, the other nine one each.
    steps = np.arange(-49, -6)
    season = np.array([{0: 0, 1: 0, 11: 0}.get(s % 12, s % 12 - 1) for s in steps])
    for row in range(4):
        past = series[row, 59 + steps]
        expected, upper = build_reference_bound(past, season, steps, plan)
        assert made.expected[row, 0] == pytest.approx(expected, rel=1e-6)
        assert made.upper[row, 0] == upper


def test_a_trend_that_runs_beyond_the_past_is_left_out() -> None:
    rise = np.round(5 * np.exp(np.arange(60) / 12))
    made = bound_farrington([rise, np.tile([9.0, 11.0], 30)], plan=FarringtonPlan(years=4))
    assert list(made.trend[:, 0]) == [False, True]
    assert made.expected[0, 0] <= rise[:53].max()


def test_a_trend_has_to_be_clear_where_that_is_asked_for(rng) -> None:
    flat = rng.poisson(20, (30, 60)).astype(float)
    every = bound_farrington(flat, plan=FarringtonPlan(years=4, trend_p=1.0))
    clear = bound_farrington(flat, plan=FarringtonPlan(years=4, trend_p=0.05))
    assert every.trend.mean() > 0.9
    assert clear.trend.mean() < 0.3


def test_the_latest_six_months_are_no_past_and_neither_is_the_future() -> None:
    plan = FarringtonPlan()
    plain = bound_farrington(QUIET, at=[50])
    recent = QUIET.copy()
    recent[44:50] = 80.0
    later = QUIET.copy()
    later[51:] = 80.0
    for changed in (recent, later):
        assert bound_farrington(changed, at=[50]).upper[0, 0] == plain.upper[0, 0]
    seventh = QUIET.copy()
    seventh[43] = 9.0
    assert bound_farrington(seventh, at=[50]).expected[0, 0] != plain.expected[0, 0]
    oldest = QUIET.copy()
    oldest[50 - plan.needed] = 9.0
    assert bound_farrington(oldest, at=[50]).expected[0, 0] != plain.expected[0, 0]
    older = QUIET.copy()
    older[50 - plan.needed - 1] = 9.0
    assert bound_farrington(older, at=[50]).expected[0, 0] == plain.expected[0, 0]


def test_an_outbreak_of_the_past_counts_less() -> None:
    outbreak = QUIET.copy()
    outbreak[63 - 24] = 60.0
    light = bound_farrington(outbreak, plan=FarringtonPlan(outlier=2.58)).upper[0, 0]
    heavy = bound_farrington(outbreak, plan=FarringtonPlan(outlier=1e6)).upper[0, 0]
    assert light < heavy / 2
    # What normal noise exceeds once in two hundred, as published.
    assert FarringtonPlan().outlier == round(norm.isf(0.005), 2)


def test_a_past_that_is_too_short_or_patchy_gives_no_bound() -> None:
    plan = FarringtonPlan()
    short = bound_farrington(QUIET[: plan.needed], plan=plan)
    assert np.isnan([short.expected, short.upper, short.p_value]).all()
    just = bound_farrington(QUIET[: plan.needed + 1], plan=plan)
    assert np.isfinite(just.upper).all()
    patchy = QUIET.copy()
    patchy[-38:-28] = np.nan
    assert np.isnan(bound_farrington(patchy, plan=plan).upper).all()
    few_gaps = QUIET.copy()
    few_gaps[[-30, -20]] = np.nan
    assert np.isfinite(bound_farrington(few_gaps, plan=plan).upper).all()
    unseen = np.append(QUIET, np.nan)
    made = bound_farrington(unseen, plan=plan)
    assert np.isfinite(made.upper).all()
    assert np.isnan(made.p_value).all()


def test_a_past_without_a_case_is_no_error() -> None:
    made = bound_farrington([np.append(np.zeros(60), 6.0), np.zeros(61)])
    assert list(made.upper[:, 0]) == [0, 0]
    assert made.p_value[0, 0] < 1e-6
    assert made.p_value[1, 0] == 1
    assert list(made.enough[:, 0]) == [True, False]


def test_five_cases_in_four_periods_are_enough_the_latest_among_them() -> None:
    table = np.array([[9, 0, 2, 0, 2], [9, 1, 2, 0, 2], [9, 1, np.nan, 2, 2], [0, 0, 0, 0, 5.0]])
    assert list(count_lately(table, np.array([4]))[:, 0]) == [4, 5, 5, 5]
    assert list(count_lately(table, np.array([1, 3]))[0]) == [9, 11]


def test_plans_that_no_series_can_follow_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="A past of 2 years was asked for.*Use EARS for shorter"):
        FarringtonPlan(years=2)
    with pytest.raises(ValueError, match="A year of 12 periods cannot be cut into 10 seasons with"):
        FarringtonPlan(half_window=2)
    with pytest.raises(ValueError, match="12 periods were to be left out before the one asked"):
        FarringtonPlan(excluded=12)
    with pytest.raises(ValueError, match="A confidence level of 1 was asked for"):
        FarringtonPlan(alpha=1)
    with pytest.raises(ValueError, match="The position 64 was asked about, and the series hold 64"):
        bound_farrington(QUIET, at=[64])
    with pytest.raises(ValueError, match="counts holds -1"):
        bound_farrington([-1.0])


# The small model -------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
def test_the_small_model_is_that_of_the_general_library(rng, weighted) -> None:
    design = np.column_stack([np.ones(40), np.linspace(-2, 0, 40), np.arange(40) % 4 == 1])
    counts = rng.poisson(rng.gamma(3, 4, (6, 40))).astype(float)
    counts[2, [3, 17]] = np.nan
    weights = rng.uniform(0.2, 2.0, counts.shape) if weighted else None
    made = fit_quasi_poisson(counts, design, weights)
    assert made.settled.all()
    for row in range(6):
        known = ~np.isnan(counts[row])
        trust = weights[row, known] if weighted else None
        told = compare_with_statsmodels(counts[row, known], design[known], trust)
        assert made.coefficients[row] == pytest.approx(told.params, rel=1e-6, abs=1e-9)
        assert made.fitted[row, known] == pytest.approx(told.mu, rel=1e-6)
        assert made.dispersion[row] == pytest.approx(told.scale, rel=1e-6)
        assert np.sqrt(made.dispersion[row] * made.variance[row]) == pytest.approx(
            told.bse, rel=1e-6
        )
        assert made.freedom[row] == told.df_resid
        hat = told.get_hat_matrix_diag(observed=False)
        assert made.leverage[row, known] == pytest.approx(hat, rel=1e-6)


def test_no_degree_of_freedom_gives_no_dispersion() -> None:
    made = fit_quasi_poisson(np.array([[4.0, 6.0]]), np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert np.isnan(made.dispersion).all()
    assert made.fitted[0] == pytest.approx([4, 6])


def test_a_design_that_does_not_fit_the_counts_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="The counts have the shape .1, 3. and the design .2, 1."):
        fit_quasi_poisson(np.ones((1, 3)), np.ones((2, 1)))


# EARS ------------------------------------------------------------------------------------------


def test_ears_is_that_of_the_reference(oracles) -> None:
    case = oracles.read(ORACLE)["cases"][1]
    asked, expected = case["input"], case["expected"]
    seen = oracles.table(ORACLE, "agona")["obs"].to_numpy(dtype=float)
    places = np.array(expected["range"]) - 1
    made = bound_ears(seen, asked["method"], baseline=asked["baseline"], alpha=asked["alpha"])
    assert made.upper[places] == pytest.approx(expected["upperbound"], abs=1e-9)
    assert list((seen > made.upper)[places].astype(int)) == expected["alarm"]
    assert list((made.p_value < asked["alpha"])[places].astype(int)) == expected["alarm"]
    assert np.isnan(made.upper[:7]).all()


def test_c2_leaves_out_two_periods_and_c3_adds_what_they_showed() -> None:
    series = np.array([2.0, 4, 3, 3, 2, 4, 3, 7, 8, 9])
    mean, deviation = series[:7].mean(), series[:7].std(ddof=1)
    c2 = bound_ears(series, "C2", alpha=0.025)
    assert c2.expected[9] == pytest.approx(mean)
    assert c2.upper[9] == pytest.approx(mean + 1.959964 * deviation)
    assert np.isnan(c2.upper[:9]).all()
    longer = np.append(series[:7], [3, 3, 5, 5, 4])
    held = bound_ears(longer, "C2", alpha=0.025)
    # The deviation of the two periods before, as far as it was above one.
    above = [(longer[k] - held.expected[k]) / longer[k - 9 : k - 2].std(ddof=1) for k in (9, 10)]
    earlier = sum(max(0.0, value - 1) for value in above)
    c3 = bound_ears(longer, "C3", alpha=0.025)
    spread = longer[2:9].std(ddof=1)
    assert earlier > 0.5
    assert c3.upper[11] == pytest.approx(held.expected[11] + spread * (1.959964 - earlier))
    assert c3.p_value[11] < held.p_value[11]


def test_a_flat_past_makes_every_rise_an_alarm_and_nothing_else() -> None:
    made = bound_ears([[3.0] * 7 + [4.0], [3.0] * 7 + [3.0], [3.0] * 7 + [2.0]])
    assert list(made.p_value[:, 7]) == [0.0, 0.5, 1.0]
    assert list(made.upper[:, 7]) == [3, 3, 3]
    after = bound_ears([3.0] * 9 + [9.0, 3, 3], "C3")
    assert np.isfinite(after.upper[9:]).all()
    assert after.upper[9] == 3


def test_the_guarded_spread_is_that_of_a_count_and_knows_how_short_the_past_is() -> None:
    from scipy import stats

    series = np.append(np.tile([3.0, 5.0], 6), 9.0)
    made = bound_ears(series, "C1", baseline=12, alpha=0.01, spread="guarded")
    reach = stats.t.ppf(0.99, 11) * 2 * np.sqrt(13 / 12)  # a Poisson count of 4 spreads by 2
    assert made.upper[12] == pytest.approx(4 + reach)
    wide = np.append(np.tile([0.0, 8.0], 6), 9.0)
    upper = bound_ears(wide, "C1", baseline=12, alpha=0.01, spread="guarded").upper[12]
    own = wide[:12].std(ddof=1)
    assert upper == pytest.approx(4 + stats.t.ppf(0.99, 11) * own * np.sqrt(13 / 12))
    none = bound_ears(np.zeros(13), "C1", baseline=12, alpha=0.01, spread="guarded").upper[12]
    assert none == pytest.approx(stats.t.ppf(0.99, 11) * 0.5 * np.sqrt(13 / 12))


def test_a_blank_in_the_past_gives_no_bound_and_a_blank_now_no_p_value() -> None:
    series = np.array([2.0, 4, 3, np.nan, 2, 4, 3, 7, 8, 9, 2, 4, np.nan])
    made = bound_ears(series)
    assert np.isnan(made.upper[:11]).all()
    assert np.isfinite(made.upper[11:]).all()
    assert np.isnan(made.p_value[12])
    assert np.isnan(bound_ears([1.0, 2.0]).upper).all()


def test_wrong_options_of_ears_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="The method 'C4' is none of EARS; write 'C1', 'C2'"):
        bound_ears(QUIET, "C4")
    with pytest.raises(ValueError, match="The spread 'guarded' does not exist for C3"):
        bound_ears(QUIET, "C3", spread="guarded")
    with pytest.raises(ValueError, match="A baseline of 2 periods was asked for"):
        bound_ears(QUIET, baseline=2)


# Alarms ----------------------------------------------------------------------------------------


def test_farrington_speaks_with_three_years_and_ears_before() -> None:
    for length, method in ((13, "EARS C1"), (15, "EARS C2"), (37, "EARS C2"), (38, FARRINGTON)):
        made = watch_counts(QUIET[:length])
        assert made.method[()] == method, length
        assert made.expected.state[()] == "value"
    assert watch_counts(QUIET[:12]).expected.reason[()] == TOO_SHORT_TO_WATCH


@pytest.mark.parametrize(
    ("length", "years"), [(38, 3), (49, 3), (50, 4), (61, 4), (62, 5), (64, 5)]
)
def test_as_many_years_are_used_as_there_are_up_to_five(rng, length: int, years: int) -> None:
    series = rng.poisson(20, length).astype(float)
    made = watch_counts(series)
    alone = bound_farrington(series, plan=FarringtonPlan(years=years))
    assert made.expected.value[()] == pytest.approx(alone.expected[0, 0])
    assert made.expected.upper[()] == pytest.approx(alone.upper[0, 0])
    assert made.p_value[()] == pytest.approx(alone.p_value[0, 0])


def test_a_series_that_begins_later_is_given_the_years_it_has(rng) -> None:
    series = rng.poisson(20, 62).astype(float)
    late = series.copy()
    late[:12] = np.nan
    made = watch_counts([series, late])
    assert list(made.method) == [FARRINGTON, FARRINGTON]
    assert made.expected.value[1] == pytest.approx(watch_counts(series[12:]).expected.value[()])


def test_weeks_are_watched_with_three_years_of_weeks(rng) -> None:
    series = rng.poisson(6, 3 * 52 + 3 + 1).astype(float)
    made = watch_counts(series, frequency="week")
    plan = FarringtonPlan(frequency=52, half_window=3, excluded=26)
    assert made.method[()] == FARRINGTON
    assert made.expected.upper[()] == bound_farrington(series, plan=plan).upper[0, 0]
    assert watch_counts(series[1:], frequency="week").method[()] == "EARS C2"


def test_an_alarm_has_to_hold_beside_the_other_areas() -> None:
    from scipy import stats

    table = np.vstack([QUIET] * 60)
    table[:, -1] = 5
    table[0, -1], table[1, -1] = 11, 25
    made = watch_counts(table)
    assert list(made.above[:3]) == [True, True, False]
    assert list(made.alarm[:3]) == [False, True, False]
    assert made.adjusted == pytest.approx(stats.false_discovery_control(made.p_value))
    assert watch_counts(table[:1]).alarm[0], "alone, the same count is an alarm"
    assert watch_counts(table, discovery_rate=0.5).alarm[0]
    assert made.meaning == PROMPT


def test_fewer_than_five_cases_in_four_months_are_no_alarm() -> None:
    zero = np.zeros(60)
    zero[-1] = 4
    made = watch_counts(zero)
    assert made.expected.reason[()] == TOO_FEW
    assert not made.alarm[()]
    assert np.isnan(made.p_value[()])
    zero[-4] = 1
    assert watch_counts(zero).alarm[()]


def test_a_past_too_uneven_to_expect_anything_from_is_not_used(checkout) -> None:
    # April 2020 on the Western Balkan route: 90 crossings, after the flood of 2015 had run dry.
    read = pd.read_csv(checkout / "data_raw/published/route_detections.csv")
    months = read.set_index(read["period_start"].str[:7])["value"].sort_index()
    route = months.loc[:"2020-04"].to_numpy(dtype=float)
    made = bound_farrington(route, plan=FarringtonPlan(years=5))
    assert made.upper[0, 0] == 0, "the negative binomial of this past is nearly always 0"
    assert made.p_value[0, 0] < 0.01, "so that the method by itself would call"
    watched = watch_counts(route)
    assert watched.observed[()] == 90
    assert watched.expected.upper[()] > 500
    assert not watched.above[()]


def test_a_count_at_its_bound_is_no_surprise_and_one_more_is() -> None:
    series = QUIET.copy()
    bound = watch_counts(series).expected.upper[()]
    for more, above in ((0, False), (1, True)):
        series[-1] = bound + more
        made = watch_counts(series)
        assert made.expected.upper[()] == bound
        assert bool(made.above[()]) is above
        assert (made.p_value[()] < 0.01) == above


def test_late_reports_can_be_left_out() -> None:
    late = np.append(QUIET, [1.0, 0.0])
    assert watch_counts(late, drop_last=2).observed[()] == QUIET[-1]
    assert watch_counts(late, drop_last=2).p_value[()] == watch_counts(QUIET).p_value[()]


def test_what_is_withheld_stays_withheld() -> None:
    told = np.full((3, 64), "value", dtype=object)
    told[1, 10] = "suppressed"
    told[2, -1] = "no_data"
    made = watch_counts([QUIET, QUIET, QUIET], given=told)
    assert list(made.expected.state) == ["value", "suppressed", "no_data"]
    assert list(made.expected.reason) == ["", WITHHELD, NO_FIGURE]
    assert np.isnan([made.observed[1], made.p_value[1], made.adjusted[1], made.expected.n[1]]).all()
    assert list(made.method[1:]) == ["", ""]
    alone = watch_counts(np.append(QUIET, 50.0), given="suppressed")
    assert alone.expected.state[()] == "suppressed"
    assert not alone.above[()]


@settings(max_examples=12)
@given(
    arrays(np.float64, (4, 52), elements=st.integers(0, 60).map(float)), st.permutations(range(4))
)
def test_the_order_of_areas_does_not_matter(table, order: list[int]) -> None:
    before = table.copy()
    made, turned = watch_counts(table), watch_counts(table[order])
    assert (table == before).all()
    assert turned.p_value == pytest.approx(made.p_value[order], rel=1e-6, nan_ok=True)
    assert turned.expected.upper == pytest.approx(made.expected.upper[order], nan_ok=True)
    assert list(turned.alarm) == list(made.alarm[order])
    known = made.expected.is_number
    assert (made.expected.lower[known] == 0).all()
    assert (made.expected.value[known] <= made.expected.upper[known]).all()
    assert not (made.alarm & ~made.above).any()


def test_wrong_options_of_the_watch_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="counts holds -1, and a count is a number from 0 up"):
        watch_counts([1, -1])
    with pytest.raises(ValueError, match="The frequency 'day' is unknown; write 'month' or 'week'"):
        watch_counts(QUIET, frequency="day")
    with pytest.raises(ValueError, match="64 of 64 periods were to be dropped"):
        watch_counts(QUIET, drop_last=64)
    with pytest.raises(ValueError, match="No period was given to watch"):
        watch_counts([])
    with pytest.raises(ValueError, match="The states have the shape .2,. and the counts .64,."):
        watch_counts(QUIET, given=["value", "value"])
    with pytest.raises(ValueError, match="A confidence level of 5 was asked for"):
        watch_counts(QUIET, discovery_rate=5)
