"""Two lists: Chapman's estimate, which rests on the lists being independent of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_level, check_same_shape, read_counts
from analysis.methods.reasons import mark

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

METHOD = "Chapman, two lists"
FEWEST_SHARED = 7
TOO_FEW_SHARED = mark("too few persons are on more than one list to say")


def compute_chapman(
    first: ArrayLike, second: ArrayLike, both: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Compute Chapman's estimate of all persons, and its variance.

    Parameters
    ----------
    first, second : array_like
        Persons on the first and on the second list, any shape.
    both : array_like
        Persons on both, same shape.

    Returns
    -------
    total, variance : numpy.ndarray
        NaN where a figure is blank.

    Raises
    ------
    ValueError
        When the shapes differ, or more persons are on both lists than on one of them.

    References
    ----------
    Chapman (1951) University of California Publications in Statistics 1:131. Seber (1970)
    Biometrika 57:13 for the variance.

    Examples
    --------
    >>> total, variance = compute_chapman([200], [150], [30])
    >>> total.round(1), variance.round(1)
    (array([978.1]), array([20134.]))
    """
    one, two = read_counts(first, "first"), read_counts(second, "second")
    shared = read_counts(both, "both")
    check_same_shape(first=one, second=two, both=shared)
    wrong = shared > np.minimum(one, two)
    if wrong.any():
        raise ValueError(
            f"{shared[wrong][0]:g} persons are on both lists, and one of them has only "
            f"{np.minimum(one, two)[wrong][0]:g}. Count each person once a list, and match again."
        )
    total = (one + 1) * (two + 1) / (shared + 1) - 1
    spread = (one + 1) * (two + 1) * (one - shared) * (two - shared)
    return total, spread / ((shared + 1) ** 2 * (shared + 2))


def estimate_chapman(
    first: ArrayLike,
    second: ArrayLike,
    both: ArrayLike,
    *,
    level: float = 0.95,
    given: ArrayLike | None = None,
) -> Estimates:
    """Estimate all persons from two lists, if the lists are independent of each other.

    The limits are those of a lognormal number of hidden persons, so they never fall below the
    persons who were seen.

    Parameters
    ----------
    first, second : array_like
        Persons on the first and on the second list, any shape.
    both : array_like
        Persons on both, same shape. Below seven the estimate is biased downwards, and none is
        made.
    level : float
        Confidence level.
    given : array_like of str, optional
        States of the inputs.

    Returns
    -------
    Estimates
        ``n`` are the persons seen.

    Raises
    ------
    ValueError
        As :func:`compute_chapman`, and when the level is none.

    References
    ----------
    Chapman (1951) and Seber (1970), as in :func:`compute_chapman`. Robson & Regier (1964)
    Transactions of the American Fisheries Society 93:215 for the seven. Chao (1989) Biometrics
    45:427 for the limits.

    Examples
    --------
    >>> made = estimate_chapman([200, 60], [150, 45], [30, 4])
    >>> [round(float(x)) for x in (made.value[0], made.lower[0], made.upper[0])]
    [978, 753, 1319]
    >>> made.at(1).reason
    'too few persons are on more than one list to say'
    """
    check_level(level)
    total, variance = compute_chapman(first, second, both)
    shared = read_counts(both, "both")
    seen = read_counts(first, "first") + read_counts(second, "second") - shared
    hidden = np.maximum(total - seen, 0)
    apart = np.where(hidden > 0, hidden, 1.0)
    wide = np.exp(ndtri((1 + level) / 2) * np.sqrt(np.log1p(variance / apart**2)))
    few = np.asarray(shared < FEWEST_SHARED)
    return collect_estimates(
        total,
        {level: (seen + hidden / wide, seen + hidden * wide)},
        n=seen,
        method=METHOD,
        unit="persons",
        given=given,
        refused=[(few, TOO_FEW_SHARED)],
    )
