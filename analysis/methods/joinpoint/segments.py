"""How sure the slopes are: standard errors of the segments, each by its own observations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]


def measure_slope_errors(
    log_rates: FloatArray, weights: FloatArray, years: FloatArray, placement: IntArray
) -> tuple[FloatArray, int]:
    """Measure the standard error of the slope of each segment.

    Observations on a joinpoint belong to no segment and are left out. Each segment gets its own
    free line; what these lines leave is pooled into one variance.

    Parameters
    ----------
    log_rates, weights : numpy.ndarray
        Shape (series, years).
    years : numpy.ndarray
        Shape (years,).
    placement : numpy.ndarray
        Places of the joinpoints, shape (series, joinpoints).

    Returns
    -------
    errors : numpy.ndarray
        Standard errors on the log scale, shape (series, joinpoints + 1); NaN where no
        observation is left to tell them.
    freedom : int
        Degrees of freedom of the pooled variance: observations kept, less two a segment.

    References
    ----------
    National Cancer Institute, Joinpoint help: estimated regression coefficients. Kim HJ, Fay MP,
    Feuer EJ, Midthune DN (2000), Statistics in Medicine 19:335-351.

    Examples
    --------
    >>> years = np.arange(12.0)
    >>> log_rates = (0.1 * years + np.tile([0.05, -0.05], 6))[None]
    >>> errors, freedom = measure_slope_errors(log_rates, np.ones((1, 12)), years, np.array([[5]]))
    >>> errors.round(4), freedom
    (array([[0.0192, 0.0145]]), 7)
    """
    joinpoints = placement.shape[1]
    freedom = len(years) - joinpoints - 2 * (joinpoints + 1)
    place = np.arange(len(years))
    passed = (place[None, :, None] > placement[:, None, :]).sum(axis=-1)
    on_joinpoint = (place[None, :, None] == placement[:, None, :]).any(axis=-1)
    middle = years.mean()
    spread = np.empty((len(log_rates), joinpoints + 1))
    left = np.zeros(len(log_rates))
    for segment in range(joinpoints + 1):
        own = np.where((passed == segment) & ~on_joinpoint, weights, 0.0)
        total = own.sum(axis=1, keepdims=True)
        way = (years - middle) - (own * (years - middle)).sum(axis=1, keepdims=True) / total
        height = log_rates - (own * log_rates).sum(axis=1, keepdims=True) / total
        spread[:, segment] = (own * way**2).sum(axis=1)
        slope = (own * way * height).sum(axis=1) / spread[:, segment]
        left += (own * (height - slope[:, None] * way) ** 2).sum(axis=1)
    if freedom < 1:
        return np.full_like(spread, np.nan), freedom
    return np.sqrt((left / freedom)[:, None] / spread), freedom


def weigh_segments(years: FloatArray, placement: IntArray) -> FloatArray:
    """Give each segment its share of the whole period.

    Parameters
    ----------
    years : numpy.ndarray
        Shape (years,).
    placement : numpy.ndarray
        Places of the joinpoints, shape (series, joinpoints).

    Returns
    -------
    numpy.ndarray
        Shares that add up to 1, shape (series, joinpoints + 1).

    References
    ----------
    Clegg LX, Hankey BF, Tiwari R, Feuer EJ, Edwards BK (2009), Statistics in Medicine
    28:3670-3682.

    Examples
    --------
    >>> weigh_segments(np.arange(2010.0, 2021), np.array([[4]]))
    array([[0.4, 0.6]])
    """
    ends = np.full((len(placement), 1), years[-1])
    starts = np.full((len(placement), 1), years[0])
    edges = np.concatenate([starts, years[placement], ends], axis=1)
    return np.asarray(np.diff(edges, axis=1) / (years[-1] - years[0]))
