"""Forecasts: the baselines, their scores, the models, and what may be published of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.methods.forecast import forecast_counts
from analysis.methods.forecast.baselines import (
    find_last_run,
    forecast_drift,
    forecast_mean,
    forecast_naive,
    list_baselines,
)
from analysis.methods.forecast.counts import LAST_BLANK, TOO_FEW_A_YEAR, TOO_SHORT_TO_TEST
from analysis.methods.forecast.fitting import NOT_FITTED, NOT_SETTLED, run_fit
from analysis.methods.forecast.gate import BEST, SHOWN_NAIVE
from analysis.methods.forecast.intermittent import forecast_croston
from analysis.methods.forecast.models import (
    MODELS,
    SEASONAL_MODELS,
    fit_local_level,
    fit_model,
    fit_sarima,
    fit_smoothing,
)
from analysis.methods.forecast.scores import (
    measure_coverage,
    measure_naive_error,
    score_interval,
    score_mase,
)
from analysis.methods.reasons import ALL_THE_SAME, NO_FIGURE, WITHHELD

ORACLE = "g13_forecast_baselines"
CASES = {
    "nile_naive": ("nile", "flow", 90, forecast_naive, 1),
    "nile_drift": ("nile", "flow", 90, forecast_drift, 1),
    "nile_mean": ("nile", "flow", 90, forecast_mean, 1),
    "usacc_snaive": ("usaccdeaths", "y", 60, forecast_naive, 12),
}
STEADY = [31, 28, 35, 30, 27, 33, 29, 32, 30, 31, 34, 28]
COUNTS = arrays(np.float64, (3, 9), elements=st.integers(0, 400).map(float))


@pytest.mark.parametrize("name", CASES)
def test_baselines_and_their_error_are_those_of_the_reference(oracles, name: str) -> None:
    expected = {case["name"]: case["expected"] for case in oracles.read(ORACLE)["cases"]}[name]
    part, column, length, forecast, season = CASES[name]
    figures = oracles.table(ORACLE, part)[column].to_numpy(dtype=float)
    past, later = figures[:length], figures[length:]
    options = {"season": season} if season > 1 else {}
    made = forecast(past, len(later), **options)
    assert made.mean == pytest.approx(expected["mean"], rel=1e-6)
    for level in (80, 95):
        lower, upper = made.limits[level / 100]
        assert lower == pytest.approx(expected[f"lower{level}"], rel=1e-6)
        assert upper == pytest.approx(expected[f"upper{level}"], rel=1e-6)
    assert score_mase(later, made.mean, past, season) == pytest.approx(expected["MASE"], rel=1e-6)


def test_croston_is_that_of_the_reference(oracles) -> None:
    expected = {case["name"]: case["expected"] for case in oracles.read(ORACLE)["cases"]}["croston"]
    made = forecast_croston(expected["y"], 3, alpha=expected["alpha"])
    assert made == pytest.approx(expected["mean"], rel=1e-6)


def test_croston_without_a_demand_says_nothing_and_refuses_a_table() -> None:
    assert np.isnan(forecast_croston([0, 0, 0], 2)).all()
    assert np.isnan(forecast_croston([1, np.nan, 2], 2)).all()
    with pytest.raises(ValueError, match="Croston takes one series and a horizon of at least 1"):
        forecast_croston([[1, 2]])
    with pytest.raises(ValueError, match="A weight of 1 was given, and it lies between 0 and 1"):
        forecast_croston([1, 2], alpha=1)


@pytest.mark.parametrize("name", list_baselines(4))
def test_many_series_at_once_are_the_series_one_by_one(rng, name: str) -> None:
    table = rng.poisson(20, (5, 14)).astype(float)
    table[1, :6] = np.nan
    table[2, 3] = np.nan
    forecast = list_baselines(4)[name]
    made = forecast(table, 5, levels=(0.9,))
    for row in range(5):
        start = {1: 6, 2: 4}.get(row, 0)
        alone = forecast(table[row, start:], 5, levels=(0.9,))
        assert made.mean[row] == pytest.approx(alone.mean)
        assert made.limits[0.9][0][row] == pytest.approx(alone.limits[0.9][0])
        assert made.limits[0.9][1][row] == pytest.approx(alone.limits[0.9][1])
    assert np.isfinite(made.mean).all()


@pytest.mark.parametrize("name", list_baselines(4))
@settings(max_examples=20)
@given(COUNTS)
def test_limits_hold_the_forecast_and_nest(name: str, table) -> None:
    before = table.copy()
    made = list_baselines(4)[name](table, 3, levels=(0.95, 0.8))
    (low, high), (inner_low, inner_high) = made.limits[0.95], made.limits[0.8]
    assert (low <= inner_low).all()
    assert (inner_low <= made.mean).all()
    assert (made.mean <= inner_high).all()
    assert (inner_high <= high).all()
    assert (table == before).all()


@pytest.mark.parametrize("name", list_baselines(4))
@pytest.mark.parametrize("past", [[], [np.nan, np.nan], [3.0, np.nan], [3.0]])
def test_a_past_that_carries_no_baseline_gives_blanks(name: str, past: list[float]) -> None:
    made = list_baselines(4)[name](past, 2, levels=(0.9,))
    assert made.mean.shape == (2,)
    assert np.isnan([made.mean, *made.limits[0.9]]).all()


def test_the_interval_of_the_mean_shrinks_with_a_longer_past_and_of_the_naive_grows_ahead() -> None:
    short, long = (forecast_mean(np.tile([8.0, 12.0], k), 1) for k in (4, 40))
    assert np.subtract(*short.limits[0.95][::-1]) > np.subtract(*long.limits[0.95][::-1])
    ahead = forecast_naive(STEADY, 3).limits[0.95][1]
    assert (np.diff(ahead) > 0).all()
    level = forecast_naive(STEADY, 5, season=4).limits[0.95]
    width = level[1] - level[0]
    assert width[0] == pytest.approx(width[3])
    assert width[4] == pytest.approx(width[0] * np.sqrt(2))


def test_wrong_options_of_the_baselines_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="A horizon of 0 periods was asked for; it is at least 1"):
        forecast_naive([1, 2], 0)
    with pytest.raises(ValueError, match="A confidence level of 95 was asked for"):
        forecast_mean([1, 2], levels=(95,))
    with pytest.raises(ValueError, match="A cycle of 0 periods was given; write 1 for no seasons"):
        forecast_naive([1, 2], season=0)
    with pytest.raises(ValueError, match="A single number was given .3.; a series has a time axis"):
        forecast_drift(3)


def test_only_the_figures_after_the_last_blank_are_a_run() -> None:
    assert list(find_last_run(np.array([1.0, np.nan, 2, 3]))) == [False, False, True, True]
    assert not find_last_run(np.array([1.0, 2, np.nan])).any()


def test_scores_of_forecasts_by_hand() -> None:
    low, high = np.full(4, 4.0), np.full(4, 10.0)
    assert score_interval([3, 4, 10, 12], low, high, 0.95) == pytest.approx([46, 6, 6, 86])
    assert measure_coverage([3, 4, 10, np.nan], low, high) == pytest.approx(2 / 3)
    assert measure_naive_error([1, np.nan, 4, 6, 3]) == pytest.approx(2.5)
    assert measure_naive_error([4, 6, 5, 9], 2) == pytest.approx(2.0)
    assert np.isnan(measure_naive_error([4, 4, 4]))
    assert np.isnan(measure_naive_error([4]))
    assert score_mase([5, np.nan], [8, 1], [1, 3]) == pytest.approx(1.5)
    with pytest.raises(ValueError, match="The shapes differ"):
        score_mase([1, 2], [1], [1, 2])


# Models -------------------------------------------------------------------------------------


def test_the_seasonal_arima_of_accident_deaths_has_an_exact_diffuse_start(oracles) -> None:
    deaths = oracles.table(ORACLE, "usaccdeaths")["y"].to_numpy(dtype=float)
    made = fit_sarima(deaths, 3)
    assert made.problem == ""
    # As R says, to four figures: -0.4303 and -0.5528. The approximate start says -0.392.
    assert made.parameters["ma.L1"] == pytest.approx(-0.4303, abs=1e-4)
    assert made.parameters["ma.S.L12"] == pytest.approx(-0.5528, abs=1e-4)
    assert made.parameters["sigma2"] == pytest.approx(99347, rel=1e-3)
    assert made.ahead.mean == pytest.approx([8336, 7532, 8315], abs=1)


def test_the_local_level_of_the_nile_is_the_published_one(oracles) -> None:
    flow = oracles.table(ORACLE, "nile")["flow"].to_numpy(dtype=float)
    made = fit_local_level(flow, 2)
    # Durbin & Koopman (2012), section 2.10: 15 099 and 1 469.1; the forecast is 798.4.
    assert made.parameters["sigma2.irregular"] == pytest.approx(15099, abs=1)
    assert made.parameters["sigma2.level"] == pytest.approx(1469.1, abs=0.5)
    assert made.ahead.mean == pytest.approx([798.4, 798.4], abs=0.1)


@pytest.mark.parametrize("name", MODELS)
def test_each_model_holds_its_forecast_within_nested_limits(name: str) -> None:
    made = fit_model(name, STEADY, 2)
    (low, high), (inner_low, inner_high) = made.ahead.limits[0.95], made.ahead.limits[0.8]
    assert made.problem == ""
    assert made.name == name
    assert (low < inner_low).all()
    assert (inner_low < made.ahead.mean).all()
    assert (made.ahead.mean < inner_high).all()
    assert (inner_high < high).all()


@pytest.mark.parametrize("name", SEASONAL_MODELS)
def test_models_with_seasons_follow_the_seasons(name: str, rng) -> None:
    seasons = np.tile([40.0, 80.0, 60.0, 20.0], 7) + rng.normal(0, 2, 28)
    made = fit_model(name, seasons, 4, season=4)
    assert made.name == name
    assert made.ahead.mean == pytest.approx([40, 80, 60, 20], abs=6)


def test_smoothing_is_named_by_its_parts() -> None:
    assert fit_smoothing(STEADY, 1).name == "exponential smoothing"
    assert fit_smoothing(STEADY, 1, damped=True).name == "damped trend"
    assert "damping_trend" in fit_smoothing(STEADY, 1, damped=True).parameters


@pytest.mark.parametrize("past", [[], [1, 2, 3], [5] * 9, [1, np.nan, 3, 4, 5]])
def test_a_model_that_cannot_be_fitted_says_so(past: list[float]) -> None:
    for name in MODELS:
        made = fit_model(name, past, 2)
        assert made.problem == NOT_FITTED
        assert np.isnan(made.ahead.mean).all()
        assert made.parameters == {}


def test_a_search_that_does_not_rest_or_breaks_is_a_reason_and_no_error() -> None:
    class Said:
        predicted_mean = np.array([1.0])

        def conf_int(self, alpha: float):
            return np.array([[0.0, 2.0 + alpha]])

    class Made:
        class model:  # noqa: N801
            param_names = ("sigma2",)

        params = (4.0,)

    def look(_made, _length):
        return Said()

    def breaks(_figures):
        raise np.linalg.LinAlgError

    assert run_fit("m", STEADY, 1, (0.9,), (lambda _: (Made(), False), look)).problem == NOT_SETTLED
    assert run_fit("m", STEADY, 1, (0.9,), (breaks, look)).problem == NOT_FITTED
    fine = run_fit("m", [0, 2, 0, 2], 1, (0.9,), (lambda _: (Made(), True), look))
    assert fine.parameters == {"sigma2": 4.0}
    assert fine.ahead.limits[0.9][1][0] == pytest.approx(2.1)
    scaled = run_fit("m", [0, 6, 0, 6], 1, (0.9,), (lambda _: (Made(), True), look), scaled=True)
    assert scaled.parameters == {"sigma2": 36.0}
    assert scaled.ahead.mean[0] == pytest.approx(3.0)


def test_wrong_options_of_models_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="There is no model named 'prophet'. Choose of: expon"):
        fit_model("prophet", STEADY)
    with pytest.raises(ValueError, match="needs a cycle of at least 2 periods, not 1"):
        fit_model("seasonal ARIMA", STEADY)
    with pytest.raises(ValueError, match="A model takes one series and a horizon of at least 1"):
        fit_model("local level", [STEADY])


# What is published -----------------------------------------------------------------------------


def test_a_steady_series_is_forecast_by_its_mean_with_whole_limits() -> None:
    made = forecast_counts(STEADY, models=())
    assert made.method[()] == "historical mean"
    assert made.reason[()] == BEST
    assert made.estimates.value == pytest.approx(np.full(3, np.mean(STEADY)))
    for low, high in made.estimates.limits.values():
        assert (low == np.floor(low)).all()
        assert (high == np.ceil(high)).all()
        assert (low >= 0).all()
    assert list(made.estimates.limits) == [0.95, 0.80]
    assert (made.estimates.n == sum(STEADY)).all()
    assert made.table["chosen"].sum() == 1
    assert set(made.table.columns) >= {"mase", "interval_score", "coverage", "origins", "reason"}


def test_one_series_gets_the_models_and_a_table_only_the_baselines() -> None:
    alone, both = forecast_counts(STEADY, horizon=1), forecast_counts([STEADY, STEADY], horizon=1)
    assert set(MODELS) <= set(alone.table["method"])
    assert not set(MODELS) & set(both.table["method"])
    assert both.estimates.shape == (2, 1)
    assert list(both.table["series"].unique()) == [0, 1]


def test_a_wandering_series_keeps_the_naive_forecast_and_says_why() -> None:
    walk = [50, 61, 58, 75, 71, 88, 70, 66, 49, 52, 63, 60]
    made = forecast_counts(walk, horizon=1, models=())
    assert made.method[()] == "naive"
    assert made.reason[()] == SHOWN_NAIVE
    assert made.estimates.value[0] == 60
    assert made.estimates.lower[0] >= 0


def test_models_see_the_same_series_whether_alone_or_behind_blanks() -> None:
    alone = forecast_counts(STEADY, horizon=1, models=("local level",))
    behind = forecast_counts([*[np.nan] * 3, *STEADY], horizon=1, models=("local level",))
    assert behind.estimates.value == pytest.approx(alone.estimates.value)
    assert behind.table["mase"].to_numpy() == pytest.approx(alone.table["mase"].to_numpy())


@pytest.mark.parametrize(
    ("past", "state", "reason"),
    [
        ([np.nan] * 12, "no_data", NO_FIGURE),
        ([*STEADY, np.nan], "not_applicable", LAST_BLANK),
        ([0] * 12, "not_applicable", TOO_FEW_A_YEAR),
        ([4, 5, 5, 5, 6, 4, 5, 5, 5, 5, 5, 5], "not_applicable", TOO_FEW_A_YEAR),
        ([7] * 12, "not_applicable", ALL_THE_SAME),
        (STEADY[:8], "not_applicable", TOO_SHORT_TO_TEST),
        ([9], "not_applicable", TOO_SHORT_TO_TEST),
    ],
)
@pytest.mark.parametrize("models", [(), ("local level",)])
def test_where_nothing_can_be_said_the_reason_is_given(past, state, reason, models) -> None:
    made = forecast_counts(past, horizon=1, models=models)
    assert list(made.estimates.state) == [state]
    assert list(made.estimates.reason) == [reason]
    assert made.method[()] == ""
    assert made.reason[()] == reason
    assert not made.table["chosen"].any()
    assert made.table[["mase", "interval_score", "coverage"]].isna().all(axis=None)
    assert set(made.table["reason"]) == {reason}


def test_exactly_five_cases_a_year_are_enough_and_five_origins_too() -> None:
    enough = forecast_counts([4, 6, 4, 6, 5, 5, 4, 6, 5], horizon=1, models=())
    assert enough.estimates.state[0] == "value"
    assert enough.table["origins"].max() == 5
    further = forecast_counts([4, 6, 4, 6, 5, 5, 4, 6, 5], horizon=3, models=())
    assert list(further.estimates.state) == ["value", "not_applicable", "not_applicable"]
    assert further.estimates.reason[1] == TOO_SHORT_TO_TEST


def test_what_is_withheld_stays_withheld_with_all_that_is_derived() -> None:
    told = np.full((2, 12), "value", dtype=object)
    told[1, 4] = "suppressed"
    made = forecast_counts([STEADY, STEADY], given=told)
    assert list(made.estimates.state[1]) == ["suppressed"] * 3
    assert np.isnan(made.estimates.n[1]).all()
    assert made.table.loc[made.table["series"] == 1, "mase"].isna().all()
    assert (made.table.loc[made.table["series"] == 1, "origins"] == 0).all()
    assert made.reason[1] == WITHHELD
    assert made.estimates.state[0, 0] == "value"
    alone = forecast_counts(STEADY, given="suppressed", models=())
    assert alone.estimates.state[0] == "suppressed"
    after = forecast_counts([STEADY, STEADY], given=told, breaks=[5], horizon=1)
    assert after.estimates.reason[1, 0] == TOO_SHORT_TO_TEST, "what is cut off gives nothing away"


def test_breaks_cut_the_series_and_late_periods_can_be_left_out() -> None:
    old = [900, 950, 910, 940]
    cut = forecast_counts([*old, *STEADY], breaks=[2, 4], models=())
    plain = forecast_counts(STEADY, models=())
    assert cut.estimates.value == pytest.approx(plain.estimates.value)
    assert cut.estimates.upper == pytest.approx(plain.estimates.upper)
    late = forecast_counts([*STEADY, 3, 1], drop_last=2, models=())
    assert late.estimates.value == pytest.approx(plain.estimates.value)


def test_months_with_three_cycles_are_tested_with_seasons(rng) -> None:
    mean = 40 * np.exp(0.8 * np.sin(np.arange(60) * np.pi / 6))
    made = forecast_counts(rng.poisson(mean), "month", 2, models=())
    assert made.method[()] in {"seasonal naive", "mean of the methods"}
    short = forecast_counts(rng.poisson(mean)[:40], "month", 2, models=())
    assert "seasonal naive" not in set(short.table["method"])
    asked = forecast_counts(rng.poisson(mean)[:40], "month", 2, models=("seasonal ARIMA",))
    why = asked.table.set_index("method").loc["seasonal ARIMA", "reason"]
    assert why == "seasons need at least three full years before the first test"
    few = forecast_counts(rng.poisson(0.3, 60), "month", 2, models=())
    assert few.estimates.reason[0] == TOO_FEW_A_YEAR


@settings(max_examples=15)
@given(
    arrays(np.float64, (4, 13), elements=st.integers(0, 300).map(float)), st.permutations(range(4))
)
def test_the_order_of_areas_does_not_matter(table, order: list[int]) -> None:
    before = table.copy()
    made, turned = forecast_counts(table), forecast_counts(table[order])
    assert (table == before).all()
    assert turned.estimates.value == pytest.approx(made.estimates.value[order], nan_ok=True)
    assert turned.estimates.upper == pytest.approx(made.estimates.upper[order], nan_ok=True)
    assert list(turned.method) == list(made.method[order])
    known = made.estimates.is_number
    low, high = made.estimates.limits[0.95]
    inner_low, inner_high = made.estimates.limits[0.80]
    assert (low[known] <= inner_low[known]).all()
    assert (inner_high[known] <= high[known]).all()


def test_wrong_options_of_the_forecast_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="series holds -1, and a count is a number from 0 up"):
        forecast_counts([1, -1])
    with pytest.raises(ValueError, match="The frequency 'day' is unknown; write 'year'"):
        forecast_counts(STEADY, "day")
    with pytest.raises(ValueError, match="A horizon of 4 was asked for. By year, forecasts reach"):
        forecast_counts(STEADY, horizon=4)
    with pytest.raises(ValueError, match="12 of 12 periods were to be dropped"):
        forecast_counts(STEADY, drop_last=12)
    with pytest.raises(ValueError, match="A break was given at one of the positions .12."):
        forecast_counts(STEADY, breaks=[12])
    with pytest.raises(ValueError, match="No figure was given to forecast from"):
        forecast_counts([])
    with pytest.raises(ValueError, match="The states have the shape .2,. and the series .12,."):
        forecast_counts(STEADY, given=["value", "value"])
