"""How many joinpoints: Bayes information criteria with three penalties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

CRITERIA = ("bic", "bic3", "wbic")


def floor_residual(residual: FloatArray, total_weight: FloatArray) -> FloatArray:
    """Say below what a residual is only rounding, so that perfect fits count as equal.

    Parameters
    ----------
    residual : numpy.ndarray
        Residual of the simplest model, any shape.
    total_weight : numpy.ndarray
        Sum of the weights, same shape.

    Returns
    -------
    numpy.ndarray
        Same shape.

    Examples
    --------
    >>> floor_residual(np.array([2.0]), np.array([5.0]))
    array([2.e-13])
    """
    return np.maximum(1e-13 * residual, 1e-20 * total_weight)


def score_numbers(residual: FloatArray, total_weight: FloatArray, observations: int) -> FloatArray:
    """Score each number of joinpoints by each criterion; the smallest score is the best.

    Parameters
    ----------
    residual : numpy.ndarray
        Smallest residual sum of squares for 0, 1, 2, ... joinpoints, shape (series, numbers).
    total_weight : numpy.ndarray
        Sum of the weights, shape (series,).
    observations : int
        Years with a figure.

    Returns
    -------
    numpy.ndarray
        Shape (3, series, numbers), in the order of ``CRITERIA``.

    Notes
    -----
    With n observations and k joinpoints, BIC is ``ln(SSE/n) + (2k+2) ln(n)/n``, and BIC3 has
    ``3k+2`` in place of ``2k+2``. WBIC lies between the two: the more of the residual of the
    straight line the largest model explains, the more it follows BIC3.

    References
    ----------
    Zhang NR, Siegmund DO (2007), Biometrics 63:22-32 (BIC3). Kim HJ et al. (2022), Journal of
    Applied Statistics 50:1992-2013 (WBIC).

    Examples
    --------
    >>> scores = score_numbers(np.array([[10.0, 1.0]]), np.array([20.0]), 20)
    >>> scores.round(3)[:, 0]
    array([[-0.394, -2.397],
           [-0.394, -2.247],
           [-0.394, -2.262]])
    """
    counted = np.arange(residual.shape[-1])
    left = np.maximum(residual, floor_residual(residual[:, :1], total_weight[:, None]))
    misfit = np.log(left / observations)
    price = np.log(observations) / observations
    bic = misfit + (2 * counted + 2) * price
    bic3 = misfit + (3 * counted + 2) * price
    explained = 1 - left[:, -1:] / left[:, :1]
    return np.stack([bic, bic3, bic * (1 - explained) + bic3 * explained])
