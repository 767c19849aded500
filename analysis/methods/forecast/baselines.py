"""Forecasts without a model, for many series at once: naive, seasonal naive, drift, mean."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import check_level, read_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Limits = Mapping[float, tuple[FloatArray, FloatArray]]

LEVELS = (0.95, 0.80)


@dataclass(frozen=True, eq=False)
class Ahead:
    """Forecasts of the next periods; NaN where the past does not carry one.

    Parameters
    ----------
    mean : numpy.ndarray
        Shape (..., horizon), in the unit of the series.
    limits : mapping of float to pair of numpy.ndarray
        Lower and upper limits by level, same shape.
    """

    mean: FloatArray
    limits: Limits


def forecast_naive(
    series: ArrayLike, horizon: int = 3, *, season: int = 1, levels: Sequence[float] = LEVELS
) -> Ahead:
    """Repeat the last value, or the last cycle of seasons.

    Parameters
    ----------
    series : array_like
        Shape (..., time). Only the figures after the last blank are used.
    horizon : int
        Periods ahead.
    season : int
        Periods in a cycle; 1 for no seasons.
    levels : sequence of float
        Levels of the intervals.

    Returns
    -------
    Ahead

    Raises
    ------
    ValueError
        When horizon, season or a level make no sense.

    References
    ----------
    Hyndman, R. J. & Athanasopoulos, G. (2021). Forecasting: principles and practice, 3rd ed.,
    sections 5.2 and 5.5.

    Examples
    --------
    >>> made = forecast_naive([10, 12, 11, 13], 2)
    >>> made.mean, made.limits[0.95][1].round(1)
    (array([13., 13.]), array([16.4, 17.8]))
    """
    figures, used = _read(series, horizon, levels)
    if season < 1:
        raise ValueError(f"A cycle of {season} periods was given; write 1 for no seasons.")
    steps = np.arange(1, horizon + 1)
    if figures.shape[-1] < season:
        return _blank(figures, horizon, levels)
    change = figures[..., season:] - figures[..., : figures.shape[-1] - season]
    noise = np.sqrt(_mean(change**2, used[..., : used.shape[-1] - season]))
    mean = figures[..., figures.shape[-1] - season + (steps - 1) % season]
    error = noise[..., None] * np.sqrt((steps - 1) // season + 1)
    return _normal(mean, error, levels)


def forecast_drift(
    series: ArrayLike, horizon: int = 3, *, levels: Sequence[float] = LEVELS
) -> Ahead:
    """Go on by the mean change of the past.

    Parameters
    ----------
    series : array_like
        Shape (..., time). Only the figures after the last blank are used, at least three.
    horizon : int
        Periods ahead.
    levels : sequence of float
        Levels of the intervals.

    Returns
    -------
    Ahead

    Raises
    ------
    ValueError
        When the horizon or a level make no sense.

    References
    ----------
    Hyndman, R. J. & Athanasopoulos, G. (2021). Forecasting: principles and practice, 3rd ed.,
    sections 5.2 and 5.5.

    Examples
    --------
    >>> forecast_drift([10, 12, 11, 13], 2).mean
    array([14., 15.])
    """
    figures, used = _read(series, horizon, levels)
    steps = np.arange(1, horizon + 1)
    changes = used.sum(axis=-1) - 1.0
    enough = changes > 1
    change = np.diff(figures, axis=-1)
    inside = used[..., : max(used.shape[-1] - 1, 0)]
    slope = np.where(enough, _mean(change, inside), np.nan)
    squares = np.where(inside, (change - slope[..., None]) ** 2, 0.0).sum(axis=-1)
    noise = np.sqrt(squares / np.where(enough, changes - 1, np.nan))
    mean = _last(figures) + slope[..., None] * steps
    spread = np.sqrt(steps * (1 + steps / np.where(enough, changes, np.nan)[..., None]))
    return _normal(mean, noise[..., None] * spread, levels)


def forecast_mean(
    series: ArrayLike, horizon: int = 3, *, levels: Sequence[float] = LEVELS
) -> Ahead:
    """Expect the mean of the past.

    Parameters
    ----------
    series : array_like
        Shape (..., time). Only the figures after the last blank are used, at least two.
    horizon : int
        Periods ahead.
    levels : sequence of float
        Levels of the intervals.

    Returns
    -------
    Ahead
        With limits of Student's distribution, because the spread is estimated too.

    Raises
    ------
    ValueError
        When the horizon or a level make no sense.

    References
    ----------
    Hyndman, R. J. & Athanasopoulos, G. (2021). Forecasting: principles and practice, 3rd ed.,
    sections 5.2 and 5.5.

    Examples
    --------
    >>> made = forecast_mean([10, 12, 11, 13], 1)
    >>> made.mean, made.limits[0.80][0].round(1)
    (array([11.5]), array([9.1]))
    """
    from scipy import stats

    figures, used = _read(series, horizon, levels)
    n = used.sum(axis=-1).astype(np.float64)
    middle = _mean(figures, used)
    squares = np.where(used, (figures - middle[..., None]) ** 2, 0.0).sum(axis=-1)
    freedom = np.where(n > 1, n - 1, np.nan)
    error = np.sqrt(squares / freedom * (1 + 1 / np.where(n > 0, n, np.nan)))
    mean = np.broadcast_to(np.where(n > 1, middle, np.nan)[..., None], (*n.shape, horizon))
    limits = {}
    for level in levels:
        reach = (stats.t.ppf((1 + level) / 2, freedom) * error)[..., None]
        limits[level] = (mean - reach, mean + reach)
    return Ahead(np.array(mean), MappingProxyType(limits))


NAIVE, DRIFT, MEAN, SEASONAL_NAIVE = "naive", "drift", "historical mean", "seasonal naive"


def list_baselines(season: int = 1) -> Mapping[str, Callable[..., Ahead]]:
    """Give the baselines by name; each takes series, horizon and ``levels``.

    Parameters
    ----------
    season : int
        Periods in a cycle; with more than 1 the seasonal naive forecast is one of them.

    Returns
    -------
    mapping of str to function

    Examples
    --------
    >>> list(list_baselines(12))
    ['naive', 'drift', 'historical mean', 'seasonal naive']
    """
    held: dict[str, Callable[..., Ahead]] = {
        NAIVE: forecast_naive,
        DRIFT: forecast_drift,
        MEAN: forecast_mean,
    }
    if season > 1:

        def seasonal(series: ArrayLike, horizon: int, *, levels: Sequence[float]) -> Ahead:
            return forecast_naive(series, horizon, season=season, levels=levels)

        held[SEASONAL_NAIVE] = seasonal
    return held


def find_last_run(figures: FloatArray) -> NDArray[np.bool_]:
    """Mark the figures after the last blank.

    Parameters
    ----------
    figures : numpy.ndarray
        Shape (..., time).

    Returns
    -------
    numpy.ndarray of bool
        Same shape; all false where the last figure is blank.

    Examples
    --------
    >>> find_last_run(np.array([1.0, np.nan, 2.0, 3.0]))
    array([False, False,  True,  True])
    """
    known = ~np.isnan(figures)
    return np.flip(np.logical_and.accumulate(np.flip(known, axis=-1), axis=-1), axis=-1)


def _read(
    series: ArrayLike, horizon: int, levels: Sequence[float]
) -> tuple[FloatArray, NDArray[np.bool_]]:
    figures = read_values(series, "series")
    for level in levels:
        check_level(level)
    if figures.ndim == 0:
        raise ValueError(f"A single number was given ({figures:g}); a series has a time axis.")
    if horizon < 1:
        raise ValueError(f"A horizon of {horizon} periods was asked for; it is at least 1.")
    used = find_last_run(figures)
    return np.where(used, figures, np.nan), used


def _mean(values: FloatArray, where: NDArray[np.bool_]) -> FloatArray:
    number = where.sum(axis=-1)
    total = np.where(where, values, 0.0).sum(axis=-1)
    held: FloatArray = total / np.where(number > 0, number, np.nan)
    return held


def _last(figures: FloatArray) -> FloatArray:
    if figures.shape[-1] == 0:
        return np.full((*figures.shape[:-1], 1), np.nan)
    return figures[..., -1:]


def _blank(figures: FloatArray, horizon: int, levels: Sequence[float]) -> Ahead:
    mean = np.full((*figures.shape[:-1], horizon), np.nan)
    return Ahead(mean, MappingProxyType(dict.fromkeys(levels, (mean, mean))))


def _normal(mean: FloatArray, error: FloatArray, levels: Sequence[float]) -> Ahead:
    from scipy import stats

    reach = {level: stats.norm.ppf((1 + level) / 2) * error for level in levels}
    limits = {level: (mean - reach[level], mean + reach[level]) for level in levels}
    return Ahead(np.where(np.isnan(error), np.nan, mean), MappingProxyType(limits))
