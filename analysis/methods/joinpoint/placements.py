"""Where joinpoints may stand, and how many a series can carry."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    IntArray = NDArray[np.int64]

# Observations that must lie before the first, between two, and after the last joinpoint. The
# observation on which a joinpoint stands counts for neither side.
AT_ENDS = 2
BETWEEN = 2

# The fewest observations for 1, 2, 3, 4 and 5 joinpoints.
FEWEST_OBSERVATIONS = (7, 12, 17, 22, 27)


def look_up_most_joinpoints(observations: int) -> int:
    """Say how many joinpoints are tried for a series of this length.

    Parameters
    ----------
    observations : int
        Years with a figure.

    Returns
    -------
    int
        From 0 to 5.

    References
    ----------
    National Cancer Institute, Joinpoint help: default of the maximum number of joinpoints.

    Examples
    --------
    >>> [look_up_most_joinpoints(n) for n in (6, 7, 11, 12, 16, 17, 21, 22, 26, 27, 60)]
    [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    """
    return sum(observations >= fewest for fewest in FEWEST_OBSERVATIONS)


def list_placements(observations: int, joinpoints: int) -> IntArray:
    """List every way to put joinpoints on observations.

    Parameters
    ----------
    observations : int
        Length of the series.
    joinpoints : int
        How many are to be placed.

    Returns
    -------
    numpy.ndarray
        One row a placement, places of the observations counted from 0, ascending; shape
        (placements, joinpoints). No row when they do not fit in.

    References
    ----------
    Lerman PM (1980), Fitting segmented regression models by grid search, Applied Statistics
    29:77-84.

    Examples
    --------
    >>> list_placements(8, 1).ravel()
    array([2, 3, 4, 5])
    >>> list_placements(8, 2)
    array([[2, 5]])
    """
    # Taking the required gaps out leaves a choice of any places, which is put back afterwards.
    free = observations - 2 * AT_ENDS - BETWEEN * max(joinpoints - 1, 0)
    chosen = list(combinations(range(max(free, 0)), joinpoints))
    rows = np.array(chosen, dtype=np.int64).reshape(len(chosen), joinpoints)
    return np.asarray(rows + AT_ENDS + BETWEEN * np.arange(joinpoints, dtype=np.int64))
