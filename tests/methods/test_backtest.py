"""Rolling origin: each origin sees its own past only, and the error is that of the reference."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.methods.forecast.backtest import (
    gather_actual,
    list_origins,
    roll_baseline,
    roll_model,
)
from analysis.methods.forecast.baselines import forecast_drift, forecast_naive, list_baselines
from analysis.methods.forecast.combine import average_rolled
from analysis.methods.forecast.fitting import NOT_FITTED
from analysis.methods.forecast.models import fit_model

ORACLE = "g13_forecast_baselines"


def test_the_errors_of_a_rolling_origin_are_those_of_the_reference(oracles) -> None:
    cases = {case["name"]: case["expected"] for case in oracles.read(ORACLE)["cases"]}
    expected = cases["discoveries_tscv_naive"]
    figures = oracles.table(ORACLE, "discoveries")["y"].to_numpy(dtype=float)
    made = roll_baseline(figures, "naive", expected["h"], first=expected["initial"] + 1)
    assert list(made.tested) == expected["n_by_h"]
    error = np.nanmean(np.abs(made.errors), axis=0)
    assert error == pytest.approx(expected["mae_by_h"], rel=1e-6)


@pytest.mark.parametrize("name", list_baselines(4))
def test_an_origin_knows_nothing_of_what_came_later(rng, name: str) -> None:
    past = rng.poisson(30, (2, 14)).astype(float)
    other = past.copy()
    other[:, 10:] = 999.0
    made, told = (roll_baseline(part, name, 2, first=9, season=4) for part in (past, other))
    known = made.origins <= 10
    assert made.ahead.mean[:, known] == pytest.approx(told.ahead.mean[:, known])
    assert not np.allclose(made.ahead.mean[:, ~known], told.ahead.mean[:, ~known])


def test_a_rolled_baseline_is_the_baseline_at_each_origin(rng) -> None:
    past = rng.poisson(30, 10).astype(float)
    made = roll_baseline(past, "drift", 2, first=5)
    for place, origin in enumerate(range(5, 10)):
        said = forecast_drift(past[:origin], 2)
        assert made.ahead.mean[place] == pytest.approx(said.mean)
        assert made.ahead.limits[0.8][0][place] == pytest.approx(said.limits[0.8][0])
        assert made.ahead.limits[0.95][1][place] == pytest.approx(said.limits[0.95][1])
    assert made.errors[0, 1] == past[6] - made.ahead.mean[0, 1]
    assert np.isnan(made.errors[-1, 1])
    assert list(made.tested) == [5, 4]


def test_a_rolled_model_is_the_model_at_each_origin(rng) -> None:
    past = rng.poisson(30, 8).astype(float)
    made = roll_model(past, "local level", 1, first=6)
    for place, origin in enumerate((6, 7)):
        said = fit_model("local level", past[:origin], 1)
        assert made.ahead.mean[place] == pytest.approx(said.ahead.mean)
        assert made.ahead.limits[0.95][0][place] == pytest.approx(said.ahead.limits[0.95][0])
    assert made.problem == ""


def test_a_model_that_fails_at_one_origin_says_so_and_stops() -> None:
    made = roll_model([5.0, 5, 5, 5, 5, 5, 9, 4], "local level", 1, first=5)
    assert made.problem == NOT_FITTED
    assert np.isnan(made.ahead.mean).all()


def test_origins_need_their_figures_after_the_last_blank() -> None:
    past = np.array([[np.nan, np.nan, 3, 5, 4, 6, 5], [3, 5, 4, 6, 5, 7, 6.0]])
    made = roll_baseline(past, "naive", 1, first=4)
    assert list(made.tested[:, 0]) == [1, 3]
    gap = roll_baseline(np.array([3, 5, 4, 6, np.nan, 7, 6.0]), "naive", 1, first=4)
    assert list(gap.tested) == [0]


def test_origins_run_from_the_first_to_the_last_but_one() -> None:
    assert list(list_origins(8, 3, 4)) == [4, 5, 6, 7]
    assert list(list_origins(20, 3, 4, 5)) == [13, 14, 15, 16, 17, 18, 19]
    assert len(list_origins(4, 3, 4)) == 0
    with pytest.raises(ValueError, match="are at least 1; 3, 0 and None were given"):
        list_origins(8, 3, 0)
    with pytest.raises(ValueError, match="are at least 1; 3, 4 and 0 were given"):
        list_origins(8, 3, 4, 0)


def test_what_came_after_an_origin_ends_with_the_series() -> None:
    held = gather_actual(np.array([1.0, 2, 3]), np.array([1, 2]), 2)
    assert held.tolist()[0] == [2, 3]
    assert held[1, 0] == 3
    assert np.isnan(held[1, 1])
    assert gather_actual(np.zeros((2, 0)), np.array([], dtype=int), 2).shape == (2, 0, 2)


def test_the_mean_of_methods_is_the_mean_of_forecasts_and_limits(rng) -> None:
    past = rng.poisson(30, 9).astype(float)
    parts = [roll_baseline(past, name, 2) for name in ("naive", "drift", "historical mean")]
    made = average_rolled(parts)
    assert made.ahead.mean == pytest.approx(np.mean([p.ahead.mean for p in parts], axis=0))
    for side in (0, 1):
        wanted = np.mean([p.ahead.limits[0.8][side] for p in parts], axis=0)
        assert made.ahead.limits[0.8][side] == pytest.approx(wanted)
    assert made.errors[~np.isnan(made.errors)].size == 9


def test_an_unknown_baseline_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="There is no baseline 'guess'. Choose of: naive, drift"):
        roll_baseline([1, 2, 3], "guess")


def test_a_horizon_further_than_the_series_is_all_blank() -> None:
    made = roll_baseline([5.0, 6, 7, 8, 9], "naive", 3, first=4)
    assert made.ahead.mean[0] == pytest.approx(forecast_naive([5, 6, 7, 8], 3).mean)
    assert np.isnan(made.actual[0, 1:]).all()
