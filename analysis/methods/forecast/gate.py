"""The gate: a method replaces the naive forecast only if it was better on the past, twice."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.forecast.baselines import NAIVE, SEASONAL_NAIVE, Ahead
from analysis.methods.forecast.scores import (
    average_known,
    measure_coverage,
    measure_naive_error,
    score_interval,
)
from analysis.methods.reasons import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from analysis.methods.forecast.backtest import Rolled

    FloatArray = NDArray[np.float64]

FEWEST_ORIGINS = 5
HAIR = 1e-9  # limits of whole numbers must not move by a rounding of the computer

BEST = mark("better than the naive forecast on the past, in both scores, and the best of all")
BETTER = mark("better than the naive forecast on the past, but another method was better still")
NOT_BETTER = mark("not better than the naive forecast on the past in both scores")
SHOWN_NAIVE = mark("no other method was better on the past in both scores")
YARDSTICK = mark("what the other methods have to beat")
OTHER_NAIVE = mark("the other naive forecast was better on the past")
UNTESTED = mark("could not be tested on the past of this series")


@dataclass(frozen=True, eq=False)
class Scores:
    """How one method did at the origins of the past; every array has one place a series.

    Parameters
    ----------
    mase : numpy.ndarray
        Mean absolute error, related to the naive steps of the series.
    interval_score : numpy.ndarray
        Mean interval score at the level that is shown.
    coverage : numpy.ndarray
        Share of figures inside their interval.
    origins : numpy.ndarray of int
        Origins from which at least one period could be tested.
    cases : numpy.ndarray of int
        Forecasts that could be compared with what came.
    """

    mase: FloatArray
    interval_score: FloatArray
    coverage: FloatArray
    origins: NDArray[np.intp]
    cases: NDArray[np.intp]


def round_ahead(ahead: Ahead) -> Ahead:
    """Make forecasts of counts: limits are whole numbers, and nothing is below 0.

    Parameters
    ----------
    ahead : Ahead
        Of any shape.

    Returns
    -------
    Ahead
        Lower limits rounded down, upper ones up; the mean is cut at 0 and stays a fraction.

    Examples
    --------
    >>> made = round_ahead(Ahead(np.array([1.5]), {0.8: (np.array([-0.5]), np.array([3.2]))}))
    >>> made.mean, made.limits[0.8]
    (array([1.5]), (array([0.]), array([4.])))
    """
    limits = {
        level: (
            np.maximum(np.floor(low + HAIR), 0.0),
            np.maximum(np.ceil(high - HAIR), 0.0),
        )
        for level, (low, high) in ahead.limits.items()
    }
    return Ahead(np.maximum(ahead.mean, 0.0), MappingProxyType(limits))


def score_rolled(rolled: Rolled, series: FloatArray, season: int = 1) -> Scores:
    """Score what a method said at the origins of the past, as it would have been shown.

    Parameters
    ----------
    rolled : Rolled
        Of many series, shape (series, origins, horizon).
    series : numpy.ndarray
        Shape (series, time); what the errors are related to.
    season : int
        Periods in a cycle, for the naive step that errors are related to.

    Returns
    -------
    Scores

    Examples
    --------
    >>> from analysis.methods.forecast.backtest import roll_baseline
    >>> series = np.array([[5.0, 7.0, 6.0, 9.0, 8.0, 10.0]])
    >>> made = score_rolled(roll_baseline(series, "naive", 1), series)
    >>> made.mase.round(3), made.coverage, made.cases
    (array([0.833]), array([1.]), array([2]))
    """
    shown = round_ahead(rolled.ahead)
    level, (low, high) = next(iter(shown.limits.items()))
    flat = (len(series), -1)
    seen = rolled.actual.reshape(flat)
    error = np.abs(rolled.actual - shown.mean)
    score = score_interval(rolled.actual, low, high, level)
    known = ~np.isnan(error + score)
    return Scores(
        mase=average_known(np.where(known, error, np.nan).reshape(flat))
        / measure_naive_error(series, season),
        interval_score=average_known(score.reshape(flat)),
        coverage=measure_coverage(seen, low.reshape(flat), high.reshape(flat)),
        origins=known.any(axis=-1).sum(axis=-1),
        cases=known.reshape(flat).sum(axis=-1),
    )


def choose_methods(
    scores: Mapping[str, Scores],
) -> tuple[NDArray[np.object_], dict[str, NDArray[np.object_]]]:
    """Choose a method for each series, and say of each method why or why not.

    The yardstick is the naive forecast or, where seasons are known, the better of the two naive
    ones. Another method is chosen only where both its interval score and its scaled error are
    lower, on the same cases; of several such methods, the one of the lowest interval score.

    Parameters
    ----------
    scores : mapping of str to Scores
        By name of the method; ``naive`` is among them.

    Returns
    -------
    chosen : numpy.ndarray of str
        Name of the method, one a series; blank where the naive one could not be tested.
    reasons : dict of str to numpy.ndarray of str
        By name of the method, one reason a series.

    Examples
    --------
    >>> ten = np.array([10])
    >>> naive = Scores(np.array([1.0]), np.array([40.0]), np.array([0.9]), ten, ten)
    >>> drift = Scores(np.array([0.8]), np.array([30.0]), np.array([0.9]), ten, ten)
    >>> choose_methods({"naive": naive, "drift": drift})[0]
    array(['drift'], dtype=object)
    """
    yardstick = _find_yardstick(scores)
    tested = ~np.isnan(scores[NAIVE].interval_score)
    bar = {
        part: np.choose(yardstick == SEASONAL_NAIVE, _pair(scores, part))
        for part in ("mase", "interval_score", "cases")
    }
    best = bar["interval_score"].copy()
    chosen = np.where(tested, yardstick, "").astype(object)
    better: dict[str, NDArray[np.bool_]] = {}
    for name, score in scores.items():
        better[name] = (
            (score.interval_score < bar["interval_score"])
            & (score.mase < bar["mase"])
            & (score.cases == bar["cases"])
        )
        first = better[name] & (score.interval_score < best)
        chosen[first] = name
        best[first] = score.interval_score[first]
    reasons = {}
    for name, score in scores.items():
        reason = np.full(len(tested), NOT_BETTER, dtype=object)
        reason[better[name]] = BETTER
        if name in {NAIVE, SEASONAL_NAIVE}:
            reason[yardstick != name] = OTHER_NAIVE
            reason[yardstick == name] = YARDSTICK
        reason[chosen == name] = BEST
        reason[(chosen == name) & (yardstick == name)] = SHOWN_NAIVE
        reason[np.isnan(score.interval_score) | (score.cases < bar["cases"])] = UNTESTED
        reasons[name] = reason
    return chosen, reasons


def _find_yardstick(scores: Mapping[str, Scores]) -> NDArray[np.object_]:
    naive = scores[NAIVE].interval_score
    yardstick = np.full(naive.shape, NAIVE, dtype=object)
    if SEASONAL_NAIVE in scores:
        seasonal = scores[SEASONAL_NAIVE]
        same = seasonal.cases == scores[NAIVE].cases
        yardstick[same & (seasonal.interval_score < naive)] = SEASONAL_NAIVE
    return yardstick


def _pair(scores: Mapping[str, Scores], part: str) -> list[FloatArray]:
    naive = getattr(scores[NAIVE], part)
    return [naive, getattr(scores[SEASONAL_NAIVE], part) if SEASONAL_NAIVE in scores else naive]


def widen_ahead(ahead: Ahead, rolled: Rolled) -> Ahead:
    """Widen limits to what the errors of the past ask for, at each horizon.

    Parameters
    ----------
    ahead : Ahead
        Shape (series, horizon).
    rolled : Rolled
        Of the same method and series, shape (series, origins, horizon).

    Returns
    -------
    Ahead
        Limits at least as far from the mean as the error that the share ``level`` of the past
        stayed below; with few origins that is the largest.

    References
    ----------
    Lei, J. et al. (2018). Distribution-free predictive inference for regression. Journal of the
    American Statistical Association 113, 1094-1111, for the rank of the error.

    Examples
    --------
    >>> from analysis.methods.forecast.backtest import roll_baseline
    >>> rolled = roll_baseline([[5.0, 7.0, 6.0, 9.0, 8.0, 18.0]], "naive", 1)
    >>> one = np.array([[1.0]])
    >>> widen_ahead(Ahead(10 * one, {0.8: (9 * one, 11 * one)}), rolled).limits[0.8]
    (array([[0.]]), array([[20.]]))
    """
    errors = np.sort(np.abs(rolled.errors), axis=-2)  # blanks go last
    number = rolled.tested
    limits = {}
    for level, (low, high) in ahead.limits.items():
        rank = np.minimum(np.ceil((number + 1) * level - HAIR).astype(np.intp), number) - 1
        held = np.take_along_axis(errors, np.maximum(rank, 0)[..., None, :], axis=-2)[..., 0, :]
        held = np.where(number > 0, held, np.nan)
        limits[level] = (
            np.fmin(low, ahead.mean - held),
            np.fmax(high, ahead.mean + held),
        )
    return Ahead(ahead.mean, MappingProxyType(limits))
