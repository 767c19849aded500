"""Putting figures in random order on the map: one set of shuffles serves every series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.methods.spatial.neighbours import Neighbours

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

# Sums of the same figures in another order differ by rounding; a tie must count as a tie.
TIE = 1e-9
# Numbers held at once while shuffling: what fits near the processor is shuffled fastest.
HELD = 200_000


def check_permutations(permutations: int, areas: int = 0, share: float = 1.0) -> int:
    """Refuse so few permutations that no single area could ever be told from chance.

    Parameters
    ----------
    permutations : int
        Random orders to draw.
    areas : int
        Number of areas that are tested together.
    share : float
        Accepted share of false discoveries.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    ValueError
        When it is below 99, or below what ``areas`` tests at once need.

    Examples
    --------
    >>> check_permutations(9_999, areas=80, share=0.05)
    9999
    """
    least = 99
    if permutations < least:
        raise ValueError(
            f"{permutations} permutations were asked for; take at least {least}, better 9,999."
        )
    # A two-sided p is at least 2 / (permutations + 1), and the smallest of all has to reach
    # share / areas to survive the control of false discoveries.
    needed = int(np.ceil(2 * areas / share)) - 1
    if permutations < needed:
        raise ValueError(
            f"{permutations} permutations cannot tell a single one of {areas} areas from chance "
            f"at {share:g}; ask for at least {needed}."
        )
    return permutations


def count_exceeding(
    values: FloatArray, neighbours: Neighbours, permutations: int, seed: int
) -> tuple[IntArray, IntArray]:
    """Count the random orders with as much likeness between neighbours, and with as little.

    Parameters
    ----------
    values : numpy.ndarray, (series, areas)
        Figures without blanks, as distances from their mean.
    neighbours : Neighbours
        Of these areas; each has a neighbour.
    permutations : int
        Random orders to draw.
    seed : int
        Where the random numbers begin.

    Returns
    -------
    tuple of numpy.ndarray of int, (series,)
        Orders whose sum of products of neighbours (rows made to sum to one) is at least, and at
        most, the observed one.
    """
    generator = np.random.default_rng(seed)
    weights = neighbours.matrix().multiply(1 / neighbours.degree[:, None]).tocsr()
    series, areas = values.shape
    # Areas first and series last, so that a shuffle moves whole rows.
    columns = np.ascontiguousarray(values.T)
    observed = (columns * (weights @ columns)).sum(axis=0)
    slack = TIE * (columns**2).sum(axis=0)
    more = np.zeros(series, dtype=np.int64)
    less = np.zeros(series, dtype=np.int64)
    chunk = max(1, HELD // (areas * series))
    for start in range(0, permutations, chunk):
        size = min(chunk, permutations - start)
        order = generator.permuted(np.tile(np.arange(areas), (size, 1)), axis=1)
        shuffled = columns[order.T]
        lags = (weights @ shuffled.reshape(areas, -1)).reshape(shuffled.shape)
        drawn = np.einsum("aps,aps->ps", shuffled, lags)
        more += np.count_nonzero(drawn >= observed - slack, axis=0)
        less += np.count_nonzero(drawn <= observed + slack, axis=0)
    return more, less


def count_exceeding_locally(
    values: FloatArray, neighbours: Neighbours, permutations: int, seed: int
) -> tuple[IntArray, IntArray]:
    """Count, for each area, random neighbours with figures as high, and as low, as the real ones.

    The area itself keeps its figure, and the others are dealt to its neighbours at random.

    Parameters
    ----------
    values : numpy.ndarray, (series, areas)
        Figures without blanks, as distances from their mean.
    neighbours : Neighbours
        Of these areas; each has a neighbour.
    permutations : int
        Random orders to draw; all areas and all series share them.
    seed : int
        Where the random numbers begin.

    Returns
    -------
    tuple of numpy.ndarray of int, (series, areas)
        Draws whose sum over the neighbours is at least, and at most, the observed one.
    """
    from scipy.sparse import csr_matrix

    generator = np.random.default_rng(seed)
    series, areas = values.shape
    columns = np.ascontiguousarray(values.T)
    observed = neighbours.matrix() @ columns
    slack = TIE * np.abs(columns).max(axis=0)
    degree = neighbours.degree
    more = np.zeros((areas, series), dtype=np.int64)
    less = np.zeros((areas, series), dtype=np.int64)
    chunk = max(1, HELD // max(areas, series * 4))
    for start in range(0, permutations, chunk):
        size = min(chunk, permutations - start)
        deals = _deal(generator, size, areas - 1, int(degree.max()))
        for many in np.unique(degree):
            picks = csr_matrix(
                (
                    np.ones(size * many),
                    np.ascontiguousarray(deals[:, :many]).ravel(),
                    np.arange(size + 1) * many,
                ),
                shape=(size, areas - 1),
            )
            # All areas but one; from one area to the next only what lies between them moves.
            others, before = columns[1:].copy(), 0
            for area in np.flatnonzero(degree == many):
                others[before:area] = columns[before:area]
                before = int(area)
                drawn = picks @ others
                more[area] += np.count_nonzero(drawn >= observed[area] - slack, axis=0)
                less[area] += np.count_nonzero(drawn <= observed[area] + slack, axis=0)
    return more.T, less.T


def turn_to_p(more: IntArray, less: IntArray, permutations: int) -> tuple[FloatArray, FloatArray]:
    """Turn counts of random orders into probabilities.

    Parameters
    ----------
    more, less : numpy.ndarray of int
        Orders with at least, and at most, the observed figure.
    permutations : int
        Number of orders drawn.

    Returns
    -------
    tuple of numpy.ndarray
        One-sided (as high as observed) and two-sided (twice the smaller side). The observed
        order counts as one of the draws, so that no p is zero.

    Examples
    --------
    >>> turn_to_p(np.array([4]), np.array([96]), 99)
    (array([0.05]), array([0.1]))
    """
    upper = (more + 1) / (permutations + 1)
    lower = (less + 1) / (permutations + 1)
    return upper, np.minimum(1.0, 2 * np.minimum(upper, lower))


def _deal(generator: np.random.Generator, size: int, others: int, hands: int) -> IntArray:
    # The first places of a full shuffle are a draw without replacement.
    order = generator.permuted(np.tile(np.arange(others), (size, 1)), axis=1)
    return np.asarray(order[:, :hands], dtype=np.int64)
