"""The gate: better twice, on the same cases, or the naive forecast stays."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.methods.forecast.backtest import roll_baseline
from analysis.methods.forecast.baselines import Ahead, forecast_naive
from analysis.methods.forecast.candidates import Trial, try_methods
from analysis.methods.forecast.gate import (
    BEST,
    BETTER,
    NOT_BETTER,
    OTHER_NAIVE,
    SHOWN_NAIVE,
    UNTESTED,
    YARDSTICK,
    Scores,
    choose_methods,
    round_ahead,
    score_rolled,
    widen_ahead,
)
from analysis.methods.forecast.scores import score_interval


def made_scores(mase: float, interval_score: float, cases: int = 10) -> Scores:
    number = np.array([cases])
    return Scores(
        np.array([mase]), np.array([interval_score]), np.array([0.9]), number, number.copy()
    )


@pytest.mark.parametrize(
    ("mase", "interval_score", "cases", "wins", "reason"),
    [
        (0.9, 39.0, 10, True, BEST),
        (0.9, 41.0, 10, False, NOT_BETTER),
        (1.1, 39.0, 10, False, NOT_BETTER),
        (1.0, 39.0, 10, False, NOT_BETTER),
        (0.9, 40.0, 10, False, NOT_BETTER),
        (0.9, 39.0, 9, False, UNTESTED),
        (np.nan, np.nan, 0, False, UNTESTED),
    ],
)
def test_a_model_has_to_be_better_in_both_scores(mase, interval_score, cases, wins, reason) -> None:
    naive, model = made_scores(1.0, 40.0), made_scores(mase, interval_score, cases)
    chosen, reasons = choose_methods({"naive": naive, "model": model})
    assert chosen[0] == ("model" if wins else "naive")
    assert reasons["model"][0] == reason
    assert reasons["naive"][0] == (YARDSTICK if wins else SHOWN_NAIVE)


def test_of_several_better_ones_the_lowest_interval_score_wins_in_any_order() -> None:
    held = {
        "naive": made_scores(1.0, 40.0),
        "good": made_scores(0.8, 35.0),
        "best": made_scores(0.9, 30.0),
        "sharp": made_scores(1.2, 20.0),
    }
    for names in (list(held), list(held)[::-1]):
        chosen, reasons = choose_methods({name: held[name] for name in names})
        assert chosen[0] == "best"
        assert reasons["good"][0] == BETTER
        assert reasons["best"][0] == BEST


def test_the_yardstick_is_the_better_naive_forecast() -> None:
    held = {
        "naive": made_scores(1.0, 40.0),
        "seasonal naive": made_scores(0.8, 30.0),
        "model": made_scores(0.9, 35.0),
    }
    chosen, reasons = choose_methods(held)
    assert chosen[0] == "seasonal naive"
    assert reasons["naive"][0] == OTHER_NAIVE
    assert reasons["seasonal naive"][0] == SHOWN_NAIVE
    assert reasons["model"][0] == NOT_BETTER
    held["seasonal naive"] = made_scores(0.8, 50.0)
    assert choose_methods(held)[0][0] == "model"
    held["seasonal naive"] = made_scores(0.8, 30.0, cases=4)
    assert choose_methods(held)[0][0] == "model", "fewer cases are no fair yardstick"


def test_without_a_tested_naive_forecast_nothing_is_chosen() -> None:
    naive, model = made_scores(np.nan, np.nan, 0), made_scores(0.5, 10.0)
    chosen, reasons = choose_methods({"naive": naive, "model": model})
    assert chosen[0] == ""
    assert reasons["naive"][0] == UNTESTED


def test_each_series_is_judged_by_itself() -> None:
    naive, model = made_scores(1.0, 40.0), made_scores(0.9, 30.0)
    both = {
        "naive": Scores(*(np.repeat(part, 2) for part in vars(naive).values())),
        "model": Scores(
            np.array([0.9, 1.9]),
            np.array([30.0, 30.0]),
            *(np.repeat(p, 2) for p in list(vars(model).values())[2:]),
        ),
    }
    assert list(choose_methods(both)[0]) == ["model", "naive"]


def test_scores_are_those_of_what_would_have_been_shown(rng) -> None:
    past = rng.poisson(4, (3, 12)).astype(float)
    rolled = roll_baseline(past, "naive", 2)
    made = score_rolled(rolled, past)
    shown = round_ahead(rolled.ahead)
    low, high = shown.limits[0.95]
    for row in range(3):
        known = ~np.isnan(rolled.actual[row])
        seen = rolled.actual[row][known]
        score = score_interval(seen, low[row][known], high[row][known], 0.95).mean()
        assert made.interval_score[row] == pytest.approx(score)
        inside = (seen >= low[row][known]) & (seen <= high[row][known])
        assert made.coverage[row] == pytest.approx(inside.mean())
        error = np.abs(seen - shown.mean[row][known]).mean()
        scale = np.abs(np.diff(past[row])).mean()
        assert made.mase[row] == pytest.approx(error / scale)
    assert list(made.origins) == [8] * 3
    assert list(made.cases) == [15] * 3


def test_limits_are_whole_and_nothing_is_below_zero() -> None:
    made = round_ahead(
        Ahead(
            np.array([-1.0, 2.5, 4.0]),
            {0.95: (np.array([-3.0, 0.7, 3.0 - 1e-12]), np.array([-0.5, 4.1, 5.0 + 1e-12]))},
        )
    )
    assert list(made.mean) == [0.0, 2.5, 4.0]
    assert list(made.limits[0.95][0]) == [0, 0, 3]
    assert list(made.limits[0.95][1]) == [0, 5, 5]


def test_limits_are_widened_to_the_errors_of_the_past_at_each_horizon() -> None:
    # Errors one step ahead are 1 to 9 and 40, so nine of ten stay at 9 or below.
    past = np.cumsum([100.0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 40])
    rolled = roll_baseline(past[None], "naive", 1, first=1)
    one = np.array([[1.0]])
    ahead = Ahead(100 * one, {0.95: (90 * one, 110 * one), 0.8: (95 * one, 105 * one)})
    made = widen_ahead(ahead, rolled)
    assert made.limits[0.95][0][0, 0] == 60
    assert made.limits[0.95][1][0, 0] == 140
    assert made.limits[0.8][0][0, 0] == 91
    assert made.limits[0.8][1][0, 0] == 109
    wide = Ahead(100 * one, {0.8: (20 * one, 180 * one)})
    assert widen_ahead(wide, rolled).limits[0.8][1][0, 0] == 180


def test_untested_horizons_keep_the_limits_of_the_method() -> None:
    past = np.array([[5.0, 6, 7, 8, 9]])
    ahead = forecast_naive(past, 3)
    made = widen_ahead(ahead, roll_baseline(past, "naive", 3, first=4))
    assert made.limits[0.95][0][0, 2] == ahead.limits[0.95][0][0, 2]


def test_a_model_that_fails_is_in_the_table_of_reasons_and_not_in_the_mean() -> None:
    past = np.array([[5.0, 5, 5, 5, 5, 8, 4, 9, 6, 7]])
    trial = Trial(1, 1, 4, 20)
    made = try_methods(past, trial, ("local level",))
    assert made.reasons["local level"][0] == "the model could not be fitted to this series"
    assert "local level" not in made.scores
    plain = try_methods(past, trial)
    assert made.scores["mean of the methods"].mase == pytest.approx(
        plain.scores["mean of the methods"].mase
    )


def test_five_origins_are_enough_at_a_horizon_and_four_are_not() -> None:
    past = np.array([[20.0, 24, 22, 27, 25, 29, 27, 31, 30]])
    made = try_methods(past, Trial(2, 1, 4, 20))
    assert made.tested.tolist() == [[True, False]]
