"""Cells that cannot but move alike, or cannot move at all, found without a program."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    IndexArray = NDArray[np.int64]


PAIR = 2


def merge_twins(equations: sparse.csr_array) -> tuple[sparse.csr_array, IndexArray]:
    """Put together the cells that move alike.

    A cell that is alone in an equation cannot move. Two cells that are alone in one, as a total
    and its only part, move alike. What is then alone is found next, to the last.

    Parameters
    ----------
    equations : scipy.sparse.csr_array, shape (equations, cells)
        Coefficients of the cells that may move.

    Returns
    -------
    tuple of scipy.sparse.csr_array, shape (rows, twins), and numpy.ndarray of int, shape (cells,)
        What is left of the equations, and the number of the twins of each cell; -1 for a cell
        that cannot move.

    Examples
    --------
    >>> from scipy import sparse
    >>> rows = sparse.csr_array([[1.0, -1, 0, 0, 0], [0, 1, 1, 1, 0], [0, 0, 0, 0, 1]])
    >>> merge_twins(rows)[1]
    array([ 0,  0,  1,  2, -1])
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    left, twin = equations.copy(), np.arange(equations.shape[1])
    while True:
        left.eliminate_zeros()
        size, filled = left.shape[1], np.diff(left.indptr)
        stuck = np.zeros(size, dtype=bool)
        stuck[left.indices[left.indptr[:-1][filled == 1]]] = True
        first = left.indptr[:-1][filled == PAIR]
        alike = first[left.data[first] + left.data[first + 1] == 0]
        if not stuck.any() and not len(alike):
            return left, twin
        ties = (np.ones(len(alike)), (left.indices[alike], left.indices[alike + 1]))
        count, label = connected_components(
            sparse.coo_array(ties, shape=(size, size)), directed=False
        )
        is_stuck = np.zeros(count, dtype=bool)
        is_stuck[label[stuck]] = True
        number = np.where(is_stuck, -1, np.cumsum(~is_stuck) - 1)[label]
        twin = np.where(twin >= 0, number[twin], -1)
        moving = np.flatnonzero(number >= 0)
        together = sparse.csr_array(
            (np.ones(len(moving)), (moving, number[moving])), shape=(size, int((~is_stuck).sum()))
        )
        left = _drop_repeated((left @ together).tocsr())


def _drop_repeated(equations: sparse.csr_array) -> sparse.csr_array:
    equations.eliminate_zeros()
    equations.sort_indices()
    seen: dict[tuple[bytes, bytes], int] = {}
    for row, (start, end) in enumerate(pairwise(equations.indptr.tolist())):
        if end > start:
            key = equations.indices[start:end].tobytes(), equations.data[start:end].tobytes()
            seen.setdefault(key, row)
    return equations[list(seen.values()), :]
