"""Outranking: comparing areas pair by pair, so that nothing makes up for anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import read_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]


def outrank_areas(scores: ArrayLike, weights: ArrayLike | None = None) -> FloatArray:
    """Give the share of the indicators on which each area does better than each other one.

    Parameters
    ----------
    scores : array_like
        Shape (areas, indicators), more being better.
    weights : array_like, optional
        Shape (indicators,); 1 each where none is given.

    Returns
    -------
    numpy.ndarray
        Row against column, shape (areas, areas); equal scores give half. Zero on the diagonal,
        NaN in rows and columns of areas with a blank.

    Raises
    ------
    ValueError
        When there is not one weight an indicator.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators, step 6. Munda G (2008),
    Social multi-criteria evaluation for a sustainable economy.

    Examples
    --------
    >>> outrank_areas([[3, 3], [1, 3]])
    array([[0.  , 0.75],
           [0.25, 0.  ]])
    """
    read = read_values(scores, "scores")
    weight = np.ones(read.shape[1]) if weights is None else read_values(weights, "weights")
    if weight.shape != (read.shape[1],):
        raise ValueError(
            f"There are {weight.size} weights for {read.shape[1]} indicators. Give one for each."
        )
    share = weight / weight.sum()
    matrix = np.zeros((len(read), len(read)))
    # One indicator at a time: areas times areas times indicators would be large.
    for column, part in zip(read.T, share, strict=True):
        matrix += part * ((column[:, None] > column) + 0.5 * (column[:, None] == column))
    np.fill_diagonal(matrix, 0.0)
    blank = np.isnan(read).any(axis=1)
    matrix[blank] = np.nan
    matrix[:, blank] = np.nan
    return matrix


def score_copeland(matrix: ArrayLike) -> FloatArray:
    """Count the areas that each area outranks, less those by which it is outranked.

    Parameters
    ----------
    matrix : array_like
        From :func:`outrank_areas`, shape (areas, areas).

    Returns
    -------
    numpy.ndarray
        Shape (areas,); NaN for areas with a blank.

    References
    ----------
    Copeland AH (1951), A reasonable social welfare function. Saari DG, Merlin VR (1996), The
    Copeland method, Economic Theory 8:51-76.

    Examples
    --------
    >>> score_copeland(outrank_areas([[3, 3], [1, 3], [0, 0]]))
    array([ 2.,  0., -2.])
    """
    read = read_values(matrix, "matrix")
    # Shares are sums of weights, so that a draw is a half up to rounding.
    beats, loses = read > 0.5 + 1e-9, read < 0.5 - 1e-9
    np.fill_diagonal(loses, val=False)
    balance = (beats.astype(np.float64) - loses).sum(axis=1)
    # An area's own place on the diagonal is blank exactly where the area has a blank.
    return np.where(np.isnan(np.diag(read)), np.nan, balance)
