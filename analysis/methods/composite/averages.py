"""Means of scores: within domains, and between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.composite.framework import MEANS
from analysis.methods.inputs import read_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]


def average_scores(scores: ArrayLike, weights: ArrayLike, how: str = "arithmetic") -> FloatArray:
    """Average scores along the last axis, by what there is.

    Parameters
    ----------
    scores : array_like
        Shape (..., indicators). NaN is left out, and the weights of the others count more.
    weights : array_like
        Shape (..., indicators), or (indicators,).
    how : str
        ``arithmetic`` lets a good score make up for a bad one, ``geometric`` does so less,
        ``harmonic`` least.

    Returns
    -------
    numpy.ndarray
        Shape (...); NaN where there is nothing to average. A zero among the scores makes a
        geometric and a harmonic mean zero.

    Raises
    ------
    ValueError
        When the mean is unknown, or a geometric or harmonic mean meets a negative score.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators, step 6.

    Examples
    --------
    >>> [round(float(average_scores([10, 90], [1, 1], how)), 1) for how in MEANS]
    [50.0, 30.0, 18.0]
    """
    read, weight = read_values(scores, "scores"), read_values(weights, "weights")
    if how not in MEANS:
        raise ValueError(f"'{how}' is no mean. Write one of {', '.join(MEANS)}.")
    present = ~np.isnan(read)
    held = np.where(present, weight, 0.0)
    total = held.sum(axis=-1)
    share = held / np.where(total > 0, total, np.nan)[..., None]
    if how == "arithmetic":
        return np.asarray((share * np.where(present, read, 0.0)).sum(axis=-1))
    if (read < 0).any():
        raise ValueError(
            f"A {how} mean met the score {read[read < 0][0]:g}, and it needs scores from 0 up. "
            "Scale the indicators to 1 up to 100 first."
        )
    positive = np.where(present & (read > 0), read, 1.0)
    if how == "geometric":
        mean = np.exp((share * np.log(positive)).sum(axis=-1))
    else:
        mean = 1 / (share / positive).sum(axis=-1)
    hit = ((read == 0) & (held > 0)).any(axis=-1)
    return np.asarray(np.where(hit, 0.0, mean), dtype=np.float64)


def average_domains(
    scores: FloatArray, weights: FloatArray, membership: BoolArray, how: str
) -> FloatArray:
    """Average the indicators of each domain.

    Parameters
    ----------
    scores : numpy.ndarray
        Shape (..., areas, indicators).
    weights : numpy.ndarray
        Shape (..., indicators).
    membership : numpy.ndarray of bool
        Shape (domains, indicators).
    how : str
        The mean.

    Returns
    -------
    numpy.ndarray
        Shape (..., areas, domains).

    Examples
    --------
    >>> both = np.array([[True, True, False], [False, False, True]])
    >>> average_domains(np.array([[10.0, 30, 50]]), np.ones(3), both, "arithmetic")
    array([[20., 50.]])
    """
    parts = [average_scores(scores[..., own], weights[..., None, own], how) for own in membership]
    return np.stack(parts, axis=-1)


def measure_coverage(
    present: BoolArray, weights: FloatArray, domain_weights: FloatArray, membership: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Measure which share of the weights stands on figures.

    Parameters
    ----------
    present : numpy.ndarray of bool
        Where there is a figure, shape (areas, indicators).
    weights, domain_weights : numpy.ndarray
        Shape (indicators,) and (domains,).
    membership : numpy.ndarray of bool
        Shape (domains, indicators).

    Returns
    -------
    domains, whole : numpy.ndarray
        Shares from 0 to 1, shape (areas, domains) and (areas,).

    Examples
    --------
    >>> both = np.array([[True, True, False], [False, False, True]])
    >>> measure_coverage(np.array([[True, False, True]]), np.ones(3), np.ones(2), both)
    (array([[0.5, 1. ]]), array([0.75]))
    """
    of_domain = membership * weights
    domains = (present @ of_domain.T) / of_domain.sum(axis=1)
    return domains, domains @ domain_weights / domain_weights.sum()
