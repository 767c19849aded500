"""Bringing indicators to one scale. The first axis holds the areas; blanks stay blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import read_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]


def find_range(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Find the lowest and the highest value of each indicator.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (areas, ...).

    Returns
    -------
    low, high : numpy.ndarray
        Shape (...); NaN where every area is blank.

    Examples
    --------
    >>> low, high = find_range(np.array([3.0, np.nan, 1.0]))
    >>> float(low), float(high)
    (1.0, 3.0)
    """
    low = np.fmin.reduce(values, axis=0, initial=np.inf)
    high = np.fmax.reduce(values, axis=0, initial=-np.inf)
    blank = low > high
    return np.where(blank, np.nan, low), np.where(blank, np.nan, high)


def scale_minmax(
    values: ArrayLike,
    *,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    bounds: tuple[float, float] = (1.0, 100.0),
) -> FloatArray:
    """Scale each indicator between two goalposts.

    Parameters
    ----------
    values : array_like
        Shape (areas, ...), more being better.
    low, high : array_like, optional
        Goalposts, shape (...); NaN, or none, takes the lowest and the highest area.
    bounds : pair of float
        Scores of the two goalposts; what lies beyond a goalpost gets its score.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN for an indicator that is the same everywhere and has no goalposts.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators, step 5.

    Examples
    --------
    >>> scale_minmax([0.0, 5.0, 10.0])
    array([  1. ,  50.5, 100. ])
    >>> scale_minmax([0.0, 5.0, 10.0], low=0, high=20, bounds=(0, 100))
    array([ 0., 25., 50.])
    """
    read = read_values(values)
    seen_low, seen_high = find_range(read)
    bottom = seen_low if low is None else np.where(np.isnan(low), seen_low, low)
    top = seen_high if high is None else np.where(np.isnan(high), seen_high, high)
    width = np.where(top > bottom, top - bottom, np.nan)
    share = np.clip((read - bottom) / width, 0, 1)
    return np.asarray(bounds[0] + share * (bounds[1] - bounds[0]))


def scale_zscores(values: ArrayLike, *, centre: float = 0.0, spread: float = 1.0) -> FloatArray:
    """Scale each indicator by its mean and its standard deviation.

    Parameters
    ----------
    values : array_like
        Shape (areas, ...).
    centre, spread : float
        Mean and standard deviation of the scores.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN for an indicator that is the same everywhere.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators, step 5.

    Examples
    --------
    >>> scale_zscores([1.0, 2.0, 3.0], centre=50, spread=10)
    array([40., 50., 60.])
    """
    read = read_values(values)
    present = ~np.isnan(read)
    many = present.sum(axis=0)
    filled = np.where(present, read, 0.0)
    mean = filled.sum(axis=0) / np.maximum(many, 1)
    squares = (np.where(present, read - mean, 0.0) ** 2).sum(axis=0)
    deviation = np.sqrt(squares / np.maximum(many - 1, 1))
    low, high = find_range(read)
    deviation = np.where(low < high, deviation, np.nan)
    return np.asarray(centre + spread * (read - mean) / deviation)


def rank_values(values: ArrayLike) -> FloatArray:
    """Rank areas within each indicator, 1 for the lowest; equal areas share the lower rank.

    Parameters
    ----------
    values : array_like
        Shape (areas, ...).

    Returns
    -------
    numpy.ndarray
        Same shape.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators, step 5.

    Examples
    --------
    >>> rank_values([10.0, 30.0, np.nan, 10.0])
    array([ 1.,  3., nan,  1.])
    """
    from scipy import stats

    read = read_values(values)
    blank = np.isnan(read)
    # Blanks go to the end, where they take no rank from anybody.
    ranked = stats.rankdata(np.where(blank, np.inf, read), method="min", axis=0)
    return np.where(blank, np.nan, ranked)


def count_beaten(values: ArrayLike) -> FloatArray:
    """Count the areas that lie lower (Borda count), within each indicator.

    Parameters
    ----------
    values : array_like
        Shape (areas, ...).

    Returns
    -------
    numpy.ndarray
        Same shape.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators, step 6.

    Examples
    --------
    >>> count_beaten([10.0, 30.0, 20.0])
    array([0., 2., 1.])
    """
    return rank_values(values) - 1


def rank_percentiles(values: ArrayLike) -> FloatArray:
    """Give the share of the other areas that lie lower, within each indicator.

    Parameters
    ----------
    values : array_like
        Shape (areas, ...).

    Returns
    -------
    numpy.ndarray
        Same shape, from 0 to 1; NaN for a single area.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators, step 5.

    Examples
    --------
    >>> rank_percentiles([10.0, 30.0, 20.0])
    array([0. , 1. , 0.5])
    """
    beaten = count_beaten(values)
    others = (~np.isnan(beaten)).sum(axis=0) - 1
    return np.asarray(beaten / np.where(others > 0, others, np.nan))


def scale_to_best(values: ArrayLike) -> FloatArray:
    """Scale each indicator by its distance to the best area: 1 for the best, 0 for the worst.

    Parameters
    ----------
    values : array_like
        Shape (areas, ...), more being better.

    Returns
    -------
    numpy.ndarray
        Same shape.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators, step 5.

    Examples
    --------
    >>> scale_to_best([0.0, 5.0, 10.0])
    array([0. , 0.5, 1. ])
    """
    return scale_minmax(values, bounds=(0, 1))
