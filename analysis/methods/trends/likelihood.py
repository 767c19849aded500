"""The arithmetic of a Poisson line: slopes at their most likely, and how well the line fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

LONGEST_STEP = 4.0
WIDEST = 4000.0
MOST_ROUNDS = 200
CLOSE = 1e-12


class Fitted(NamedTuple):
    """What a line leaves and explains; every array has one value a row.

    Parameters
    ----------
    slope : numpy.ndarray
        Of the logarithm of the rate, by unit of the times.
    height : numpy.ndarray
        Logarithm of the rate at time 0.
    centre : numpy.ndarray
        Mean time of the expected cases.
    spread : numpy.ndarray
        Information on the slope: expected cases by their squared distance from the centre.
    pearson : numpy.ndarray
        Pearson's chi-square.
    deviance : numpy.ndarray
        Left by the line.
    explained : numpy.ndarray
        Deviance that the slope takes away.
    """

    slope: FloatArray
    height: FloatArray
    centre: FloatArray
    spread: FloatArray
    pearson: FloatArray
    deviance: FloatArray
    explained: FloatArray


def find_slopes(counts: FloatArray, exposure: FloatArray, times: FloatArray) -> FloatArray:
    """Find the most likely slope of every row.

    Given the cases of all years together, their years follow a multinomial distribution in which
    the slope stands alone: its score rises steadily, so Newton's method within a bracket always
    arrives. It takes one exponential a cell and round.

    Parameters
    ----------
    counts, exposure : numpy.ndarray, shape (rows, years)
        Cases and population; both 0 in a cell that is not used.
    times : numpy.ndarray, shape (years,)
        Years on a scale near -1 to 1.

    Returns
    -------
    numpy.ndarray, shape (rows,)
        NaN where all cases fall into the first or the last used year, or there are none.

    References
    ----------
    McCullagh, P. and Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., section 6.4.

    Examples
    --------
    >>> find_slopes(np.array([[1.0, 2.0]]), np.ones((1, 2)), np.array([0.0, 1.0])).round(4)
    array([0.6931])
    """
    slopes = np.full(len(counts), np.nan)
    cases = counts.sum(axis=1)
    reached = exposure > 0
    first = np.where(reached, times, np.inf).min(axis=1, initial=np.inf)
    last = np.where(reached, times, -np.inf).max(axis=1, initial=-np.inf)
    before_last = np.where(times < last[:, None], counts, 0).any(axis=1)
    after_first = np.where(times > first[:, None], counts, 0).any(axis=1)
    active = np.flatnonzero(before_last & after_first)
    weight = exposure[active]
    wanted = (counts[active] @ times) / cases[active]
    slope = np.zeros(len(active))
    low, high = np.full(len(active), -WIDEST), np.full(len(active), WIDEST)
    for _ in range(MOST_ROUNDS):
        if not len(active):
            break
        share = _share_out(weight, slope, times)[0]
        mean = share @ times
        spread = share @ times**2 - mean**2
        score = wanted - mean
        low, high = np.where(score >= 0, slope, low), np.where(score <= 0, slope, high)
        step = _limit_step(score, spread)
        tried = slope + step
        # A step onto a bound has been tried before: halve what is left instead. A step that
        # ends the search is none of these.
        going = np.abs(step) > CLOSE * (1 + np.abs(slope))
        tried = np.where(going & ((tried <= low) | (tried >= high)), (low + high) / 2, tried)
        slope = tried
        slopes[active] = slope
        if not going.all():
            active, weight, wanted = active[going], weight[going], wanted[going]
            slope, low, high = slope[going], low[going], high[going]
    return slopes


def measure_fit(
    counts: FloatArray, exposure: FloatArray, times: FloatArray, slopes: FloatArray
) -> Fitted:
    """Measure what lines of given slopes leave and explain.

    Parameters
    ----------
    counts, exposure : numpy.ndarray, shape (rows, years)
        As in :func:`find_slopes`.
    times : numpy.ndarray, shape (years,)
        As there.
    slopes : numpy.ndarray, shape (rows,)
        From there; NaN gives NaN.

    Returns
    -------
    Fitted

    Examples
    --------
    >>> counts, times = np.array([[1.0, 2.0]]), np.array([0.0, 1.0])
    >>> fitted = measure_fit(counts, np.ones((1, 2)), times, np.array([np.log(2)]))
    >>> fitted.deviance.round(6) + 0.0, fitted.spread.round(6)
    (array([0.]), array([0.666667]))
    """
    cases = counts.sum(axis=1)
    known = ~np.isnan(slopes)
    slope = np.where(known, slopes, 0.0)
    share, log_total = _share_out(exposure, slope, times)
    expected = cases[:, None] * share
    centre = share @ times
    spread = cases * ((share * (times - centre[:, None]) ** 2).sum(axis=1))
    some = expected > 0
    left = np.divide((counts - expected) ** 2, expected, out=np.zeros_like(counts), where=some)
    ratio = np.divide(counts, expected, out=np.ones_like(counts), where=(counts > 0) & some)
    deviance = np.maximum(2 * (counts * np.log(ratio)).sum(axis=1), 0)
    flat_total = np.log(np.where(known, exposure.sum(axis=1), 1.0))
    gained = cases * (flat_total - log_total) + slope * (counts @ times)
    height = np.log(np.where(known, cases, 1.0)) - log_total
    made = (slope, height, centre, spread, left.sum(axis=1), deviance, np.maximum(2 * gained, 0))
    return Fitted(*(np.where(known, values, np.nan) for values in made))


def _share_out(
    exposure: FloatArray, slope: FloatArray, times: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give each year's share of the expected cases, and the logarithm of their sum."""
    reach = slope[:, None] * times
    top = np.where(exposure > 0, reach, -np.inf).max(axis=1, initial=-np.inf)
    top = np.where(np.isfinite(top), top, 0.0)
    # A year that is not used may lie far above the top; its exposure of 0 must not meet inf.
    weight = exposure * np.exp(np.minimum(reach - top[:, None], 0.0))
    total = weight.sum(axis=1)
    held = np.where(total > 0, total, 1.0)
    return weight / held[:, None], np.log(held) + top


def _limit_step(score: FloatArray, spread: FloatArray) -> FloatArray:
    """Newton's step, never so long that it throws away what is known."""
    step = np.sign(score) * LONGEST_STEP
    np.divide(score, spread, out=step, where=spread > np.abs(score) / LONGEST_STEP)
    return step
