"""Mean and variance of Moran's I and Geary's C when figures lie on the map in random order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from analysis.methods.spatial.neighbours import Neighbours

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weights:
    """Row-standardised weights with the three sums that the moments need.

    Parameters
    ----------
    matrix : scipy.sparse.csr_matrix
        Each row sums to one.
    total : float
        Sum of all weights (S0).
    pairs : float
        Half the sum of squared weights of both directions together (S1).
    lines : float
        Sum of squares of row and column sums together (S2).
    row_and_column : numpy.ndarray
        Sum of the row and the column of each area.
    """

    matrix: csr_matrix
    total: float
    pairs: float
    lines: float
    row_and_column: FloatArray


def describe_weights(neighbours: Neighbours) -> Weights:
    """Standardise the weights of neighbours, and sum them up.

    Parameters
    ----------
    neighbours : Neighbours
        Each area has a neighbour.

    Returns
    -------
    Weights

    Examples
    --------
    >>> from analysis.methods.spatial.neighbours import read_neighbours
    >>> describe_weights(read_neighbours("abc", [("a", "b"), ("b", "c")])).total
    3.0
    """
    matrix = neighbours.matrix().multiply(1 / neighbours.degree[:, None]).tocsr()
    both = np.asarray(matrix.sum(axis=0)).ravel() + np.asarray(matrix.sum(axis=1)).ravel()
    return Weights(
        matrix=matrix,
        total=float(matrix.sum()),
        pairs=float((matrix + matrix.T).power(2).sum() / 2),
        lines=float((both**2).sum()),
        row_and_column=both,
    )


def expect_moran(apart: FloatArray, weights: Weights) -> tuple[FloatArray, FloatArray]:
    """Give mean and variance of Moran's I over all orders of the figures.

    Parameters
    ----------
    apart : numpy.ndarray, (series, areas)
        Distances of the figures from their mean; at least four areas.
    weights : Weights
        Of these areas.

    Returns
    -------
    tuple of numpy.ndarray, (series,)

    References
    ----------
    Cliff, A. D., Ord, J. K. (1981). Spatial Processes. Pion, section 2.3.
    """
    n = apart.shape[-1]
    peak = _kurtosis(apart)
    total, pairs, lines = weights.total, weights.pairs, weights.lines
    mean = -1 / (n - 1)
    common = n * ((n**2 - 3 * n + 3) * pairs - n * lines + 3 * total**2)
    peaked = peak * ((n**2 - n) * pairs - 2 * n * lines + 6 * total**2)
    square = (common - peaked) / ((n - 1) * (n - 2) * (n - 3) * total**2)
    return np.full(len(apart), mean), square - mean**2


def expect_geary(apart: FloatArray, weights: Weights) -> tuple[FloatArray, FloatArray]:
    """Give mean and variance of Geary's C over all orders of the figures.

    Parameters
    ----------
    apart : numpy.ndarray, (series, areas)
        Distances of the figures from their mean; at least four areas.
    weights : Weights
        Of these areas.

    Returns
    -------
    tuple of numpy.ndarray, (series,)

    References
    ----------
    Cliff, A. D., Ord, J. K. (1981). Spatial Processes. Pion, section 2.3.
    """
    n = apart.shape[-1]
    peak = _kurtosis(apart)
    total, pairs, lines = weights.total, weights.pairs, weights.lines
    first = (n - 1) * pairs * (n**2 - 3 * n + 3 - (n - 1) * peak)
    second = (n - 1) * lines * (n**2 + 3 * n - 6 - (n**2 - n + 2) * peak) / 4
    third = total**2 * (n**2 - 3 - (n - 1) ** 2 * peak)
    variance = (first - second + third) / (n * (n - 2) * (n - 3) * total**2)
    return np.ones(len(apart)), np.asarray(variance, dtype=np.float64)


def _kurtosis(apart: FloatArray) -> FloatArray:
    fourth = (apart**4).mean(axis=-1)
    return np.asarray(fourth / (apart**2).mean(axis=-1) ** 2, dtype=np.float64)
