"""Rolling origin: what each method would have said in the past, beside what came."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.forecast.baselines import LEVELS, Ahead, find_last_run, list_baselines
from analysis.methods.forecast.models import fit_model
from analysis.methods.inputs import read_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rolled:
    """Forecasts made at each origin of the past; NaN where none was made or nothing came yet.

    Parameters
    ----------
    origins : numpy.ndarray of int
        Shape (origins,); how many periods were known at each.
    actual : numpy.ndarray
        Shape (..., origins, horizon); what came.
    ahead : Ahead
        What was said, same shape.
    problem : str
        Why a model failed at one of the origins; blank where none did.
    """

    origins: NDArray[np.intp]
    actual: FloatArray
    ahead: Ahead
    problem: str = ""

    @property
    def errors(self) -> FloatArray:
        """What came less what was said."""
        held: FloatArray = self.actual - self.ahead.mean
        return held

    @property
    def tested(self) -> NDArray[np.intp]:
        """Shape (..., horizon); at how many origins each horizon could be tested."""
        held: NDArray[np.intp] = (~np.isnan(self.errors)).sum(axis=-2)
        return held


def roll_baseline(
    series: ArrayLike,
    name: str = "naive",
    horizon: int = 3,
    *,
    first: int = 4,
    last_origins: int | None = None,
    season: int = 1,
    levels: Sequence[float] = LEVELS,
) -> Rolled:
    """Forecast many series by a baseline from every origin of their past.

    Parameters
    ----------
    series : array_like
        Shape (..., time); NaN is blank, and an origin sees only the figures after the last blank.
    name : str
        Name of the baseline.
    horizon : int
        Periods ahead.
    first : int
        Figures that an origin has to know.
    last_origins : int, optional
        How many origins to take whose whole horizon has come, the latest ones; all when left out.
    season : int
        Periods in a cycle.
    levels : sequence of float
        Levels of the intervals.

    Returns
    -------
    Rolled

    Raises
    ------
    ValueError
        When there is no such baseline, or an option makes no sense.

    References
    ----------
    Tashman, L. J. (2000). Out-of-sample tests of forecasting accuracy: an analysis and review.
    International Journal of Forecasting 16, 437-450.

    Examples
    --------
    >>> made = roll_baseline([5, 7, 6, 9, 8, 10], "naive", 1)
    >>> made.origins, made.errors[:, 0]
    (array([4, 5]), array([-1.,  2.]))
    """
    figures = read_values(series, "series")
    known = list_baselines(season)
    if name not in known:
        raise ValueError(f"There is no baseline {name!r}. Choose of: {', '.join(known)}.")
    origins = list_origins(figures.shape[-1], horizon, first, last_origins)
    blank = np.full((*figures.shape[:-1], len(origins), horizon), np.nan)
    mean = blank.copy()
    limits = {level: (blank.copy(), blank.copy()) for level in levels}
    for place, origin in enumerate(origins):
        past = figures[..., :origin]
        made = known[name](past, horizon, levels=levels)
        enough = (find_last_run(past).sum(axis=-1) >= first)[..., None]
        mean[..., place, :] = np.where(enough, made.mean, np.nan)
        for level in levels:
            for side in (0, 1):
                said = np.where(enough, made.limits[level][side], np.nan)
                limits[level][side][..., place, :] = said
    actual = gather_actual(figures, origins, horizon)
    return Rolled(origins, actual, Ahead(mean, MappingProxyType(limits)))


def roll_model(
    series: ArrayLike,
    name: str,
    horizon: int = 3,
    *,
    first: int = 4,
    last_origins: int | None = None,
    season: int = 1,
    levels: Sequence[float] = LEVELS,
) -> Rolled:
    """Fit a model to one series anew at every origin of its past, and forecast from there.

    Parameters
    ----------
    series : array_like
        Shape (time,), without blanks.
    name : str
        Name of the model.
    horizon : int
        Periods ahead.
    first : int
        Figures that an origin has to know.
    last_origins : int, optional
        How many origins to take whose whole horizon has come, the latest ones; all when left out.
    season : int
        Periods in a cycle.
    levels : sequence of float
        Levels of the intervals.

    Returns
    -------
    Rolled
        With the problem of the first origin at which the fit failed; no further one is tried.

    Raises
    ------
    ValueError
        When there is no such model, or an option makes no sense.

    References
    ----------
    Tashman, L. J. (2000). Out-of-sample tests of forecasting accuracy: an analysis and review.
    International Journal of Forecasting 16, 437-450.

    Examples
    --------
    >>> made = roll_model([31, 28, 35, 30, 27, 33], "local level", 1)
    >>> made.errors.shape, made.problem
    ((2, 1), '')
    """
    figures = read_values(series, "series")
    origins = list_origins(figures.shape[-1], horizon, first, last_origins)
    shape = (len(origins), horizon)
    mean = np.full(shape, np.nan)
    limits = {level: (np.full(shape, np.nan), np.full(shape, np.nan)) for level in levels}
    problem = ""
    for place, origin in enumerate(origins):
        fitted = fit_model(name, figures[:origin], horizon, season=season, levels=levels)
        if fitted.problem:
            problem = fitted.problem
            break
        mean[place] = fitted.ahead.mean
        for level in levels:
            limits[level][0][place], limits[level][1][place] = fitted.ahead.limits[level]
    actual = gather_actual(figures, origins, horizon)
    return Rolled(origins, actual, Ahead(mean, MappingProxyType(limits)), problem)


def list_origins(
    length: int, horizon: int, first: int, last_origins: int | None = None
) -> NDArray[np.intp]:
    """List how many periods are known at each origin, from the first to the last but one.

    Parameters
    ----------
    length : int
        Periods of the series.
    horizon : int
        Periods ahead.
    first : int
        Figures that an origin has to know.
    last_origins : int, optional
        How many origins to take whose whole horizon has come, the latest ones.

    Returns
    -------
    numpy.ndarray of int

    Raises
    ------
    ValueError
        When a number is below 1.

    Examples
    --------
    >>> list_origins(10, 2, 4), list_origins(10, 2, 4, 3)
    (array([4, 5, 6, 7, 8, 9]), array([6, 7, 8, 9]))
    """
    if min(horizon, first, 1 if last_origins is None else last_origins) < 1:
        raise ValueError(
            f"Horizon, first origin and number of origins are at least 1; {horizon}, {first} and "
            f"{last_origins} were given."
        )
    start = first if last_origins is None else max(first, length - horizon - last_origins + 1)
    return np.arange(start, length, dtype=np.intp)


def gather_actual(figures: FloatArray, origins: NDArray[np.intp], horizon: int) -> FloatArray:
    """Gather what came after each origin.

    Parameters
    ----------
    figures : numpy.ndarray
        Shape (..., time).
    origins : numpy.ndarray of int
        Periods known at each origin.
    horizon : int
        Periods ahead.

    Returns
    -------
    numpy.ndarray
        Shape (..., origins, horizon); NaN beyond the end of the series.

    Examples
    --------
    >>> gather_actual(np.array([5.0, 7.0, 6.0]), np.array([1, 2]), 2)
    array([[ 7.,  6.],
           [ 6., nan]])
    """
    places = origins[:, None] + np.arange(horizon)
    beyond = places >= figures.shape[-1]
    if beyond.all():
        return np.full((*figures.shape[:-1], *places.shape), np.nan)
    return np.where(beyond, np.nan, figures[..., np.where(beyond, 0, places)])
