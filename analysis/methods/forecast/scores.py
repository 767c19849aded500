"""How good forecasts were: scaled error, interval score, and how often the truth was inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.forecast.baselines import find_last_run
from analysis.methods.inputs import check_level, check_same_shape, read_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]


def average_known(values: FloatArray) -> FloatArray:
    """Average along the last axis, over what is known.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (..., cases); NaN is left out.

    Returns
    -------
    numpy.ndarray
        Shape (...,); NaN where nothing is known.

    Examples
    --------
    >>> average_known(np.array([[1.0, np.nan, 3.0], [np.nan] * 3]))
    array([ 2., nan])
    """
    known = ~np.isnan(values)
    number = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    held: FloatArray = total / np.where(number > 0, number, np.nan)
    return held


def measure_naive_error(history: ArrayLike, season: int = 1) -> FloatArray:
    """Give the mean absolute change of the past: the error of a naive forecast one step ahead.

    Parameters
    ----------
    history : array_like
        Shape (..., time); only the figures after the last blank are used.
    season : int
        Periods in a cycle, 1 for none.

    Returns
    -------
    numpy.ndarray
        Shape (...,); NaN where the past is too short, or never changed.

    Examples
    --------
    >>> measure_naive_error([10, 12, 11, 13]).round(3)
    np.float64(1.667)
    """
    figures = read_values(history, "history")
    figures = np.where(find_last_run(figures), figures, np.nan)
    change = np.abs(figures[..., season:] - figures[..., : max(figures.shape[-1] - season, 0)])
    mean = average_known(change)
    held: FloatArray = np.where(mean > 0, mean, np.nan)[()]
    return held


def score_mase(
    actual: ArrayLike, forecast: ArrayLike, history: ArrayLike, season: int = 1
) -> FloatArray:
    """Score point forecasts: mean absolute error, related to that of naive steps in the past.

    Parameters
    ----------
    actual, forecast : array_like
        Shape (..., periods); NaN is left out.
    history : array_like
        Shape (..., time), what was known when the forecast was made.
    season : int
        Periods in a cycle, 1 for none.

    Returns
    -------
    numpy.ndarray
        Shape (...,); below 1 is better than a naive step of the past, lower is better.

    Raises
    ------
    ValueError
        When the shapes differ.

    References
    ----------
    Hyndman, R. J. & Koehler, A. B. (2006). Another look at measures of forecast accuracy.
    International Journal of Forecasting 22, 679-688.

    Examples
    --------
    >>> score_mase([14, 12], [13, 13], [10, 12, 11, 13]).round(2)
    np.float64(0.6)
    """
    seen, said = read_values(actual, "actual"), read_values(forecast, "forecast")
    check_same_shape(actual=seen, forecast=said)
    held: FloatArray = average_known(np.abs(seen - said)) / measure_naive_error(history, season)
    return held


def score_interval(
    actual: ArrayLike, lower: ArrayLike, upper: ArrayLike, level: float = 0.95
) -> FloatArray:
    """Score intervals: their width, and a fine for each figure outside.

    Parameters
    ----------
    actual, lower, upper : array_like
        Same shape.
    level : float
        Level that the intervals promise.

    Returns
    -------
    numpy.ndarray
        Same shape, one score a figure, in the unit of the series; lower is better.

    Raises
    ------
    ValueError
        When the shapes differ or the level is none.

    References
    ----------
    Gneiting, T. & Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
    estimation. Journal of the American Statistical Association 102, 359-378, section 6.2.

    Examples
    --------
    >>> score_interval([5, 11], [4, 4], [10, 10], 0.8)
    array([ 6., 16.])
    """
    check_level(level)
    seen, low, high = (read_values(part) for part in (actual, lower, upper))
    check_same_shape(actual=seen, lower=low, upper=high)
    outside = np.maximum(low - seen, 0.0) + np.maximum(seen - high, 0.0)
    held: FloatArray = high - low + 2 / (1 - level) * outside
    return held


def measure_coverage(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> FloatArray:
    """Give the share of figures that lay inside their interval, limits included.

    Parameters
    ----------
    actual, lower, upper : array_like
        Shape (..., cases); NaN is left out.

    Returns
    -------
    numpy.ndarray
        Shape (...,), between 0 and 1.

    Raises
    ------
    ValueError
        When the shapes differ.

    Examples
    --------
    >>> measure_coverage([5, 11], [4, 4], [10, 10])
    np.float64(0.5)
    """
    seen, low, high = (read_values(part) for part in (actual, lower, upper))
    check_same_shape(actual=seen, lower=low, upper=high)
    inside = ((seen >= low) & (seen <= high)).astype(np.float64)
    return average_known(np.where(np.isnan(seen + low + high), np.nan, inside))
