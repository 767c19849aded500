"""Cutting series into levels: the best cuts of all, for each number of cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import read_counts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

# Numbers held at a time in the costs of all segments: 8 MB.
AT_A_TIME = 1_000_000

# What each further shift costs: its place and its level, or its place counted twice.
PENALTIES = {"bic": 2, "bic3": 3}


def transform_counts(counts: ArrayLike) -> FloatArray:
    """Give counts one variance, whatever their level.

    Parameters
    ----------
    counts : array_like
        Cases, any shape.

    Returns
    -------
    numpy.ndarray
        ``2 sqrt(count + 3/8)``, same shape.

    Raises
    ------
    ValueError
        When a count is negative.

    References
    ----------
    Anscombe FJ (1948), The transformation of Poisson, binomial and negative-binomial data,
    Biometrika 35:246-254.

    Examples
    --------
    >>> transform_counts([0, 10]).round(3)
    array([1.225, 6.442])
    """
    return np.asarray(2 * np.sqrt(read_counts(counts) + 0.375))


def cut_levels(values: FloatArray, most: int, shortest: int) -> tuple[IntArray, FloatArray]:
    """Find the best cuts of series into levels, for each number of cuts.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (series, years); no blanks.
    most : int
        Most cuts.
    shortest : int
        Fewest observations between two cuts, and before the first and after the last.

    Returns
    -------
    cuts : numpy.ndarray
        Observations before each cut, shape (series, most + 1, most): row k holds the best k cuts,
        and 0 in the places that they do not fill.
    residuals : numpy.ndarray
        Residual sums of squares, shape (series, most + 1); infinite where so many do not fit in.

    References
    ----------
    Bai J, Perron P (2003), Journal of Applied Econometrics 18:1-22.

    Examples
    --------
    >>> cuts, residuals = cut_levels(np.array([[1.0, 1, 1, 5, 5, 5]]), 1, 2)
    >>> cuts[0, 1], residuals.round(9)
    (array([3]), array([[24.,  0.]]))
    """
    length = values.shape[1]
    cuts = np.zeros((len(values), most + 1, most), dtype=np.int64)
    residuals = np.full((len(values), most + 1), np.inf)
    place = np.arange(length + 1)
    span = place[None, :] - place[:, None]
    allowed = span >= shortest
    step = max(1, AT_A_TIME // (length + 1) ** 2)
    for start in range(0, len(values), step):
        part = values[start : start + step]
        rows = np.arange(len(part))
        centred = part - part.mean(axis=1, keepdims=True)
        sums, squares = (
            np.concatenate([np.zeros((len(part), 1)), np.cumsum(power, axis=1)], axis=1)
            for power in (centred, centred**2)
        )
        way = sums[:, None, :] - sums[:, :, None]
        cost = squares[:, None, :] - squares[:, :, None] - way**2 / np.where(allowed, span, 1)
        cost = np.where(allowed, np.maximum(cost, 0), np.inf)
        best, origins = cost[:, 0], []
        residuals[start : start + step, 0] = best[:, length]
        for number in range(1, most + 1):
            total = best[:, :, None] + cost
            origins.append(np.argmin(total, axis=1))
            best = np.min(total, axis=1)
            residuals[start : start + step, number] = best[:, length]
            end = np.full(len(part), length)
            for back in range(number, 0, -1):
                end = origins[back - 1][rows, end]
                cuts[start : start + step, number, back - 1] = end
    return cuts, residuals


def score_shifts(residuals: FloatArray, observations: int, choose: str = "bic3") -> FloatArray:
    """Score each number of shifts by the Bayes information criterion; the smallest is the best.

    Parameters
    ----------
    residuals : numpy.ndarray
        Residual sums of squares for 0, 1, 2, ... shifts, shape (series, numbers).
    observations : int
        Years with a figure.
    choose : str
        ``bic`` counts two parameters a shift, ``bic3`` three.

    Returns
    -------
    numpy.ndarray
        Same shape.

    References
    ----------
    Yao YC (1988), Estimating the number of change-points via Schwarz' criterion, Statistics and
    Probability Letters 6:181-189. Zhang NR, Siegmund DO (2007), Biometrics 63:22-32 (BIC3).

    Examples
    --------
    >>> score_shifts(np.array([[10.0, 1.0]]), 20, "bic").round(2)
    array([[48.89,  8.83]])
    """
    # Below this share of the rest of one level there is only rounding.
    left = np.maximum(residuals, 1e-13 * residuals[:, :1])
    fit = observations * (np.log(left) + 1 - np.log(observations) + np.log(2 * np.pi))
    parameters = 2 + PENALTIES[choose] * np.arange(residuals.shape[1])
    return np.asarray(fit + np.log(observations) * parameters)
