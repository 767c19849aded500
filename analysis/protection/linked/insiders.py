"""Persons who are the only case of a withheld cell: what each of them knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.solver import NEAR
from analysis.protection.linked.tables import read_mask

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

    from analysis.protection.linked.tables import LinkedCells

    BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Insider:
    """One person who is the only case of a cell.

    Parameters
    ----------
    cell : int
        Position of the first such cell; it stands for the person.
    own : numpy.ndarray of bool, shape (cells,)
        Cells in which this person is the only case, and which the person knows exactly.
    among : numpy.ndarray of bool, shape (cells,)
        Cells that count this person, ``own`` included: what counts there is what is left of them.
    """

    cell: int
    own: BoolArray
    among: BoolArray


def find_insiders(cells: LinkedCells, withheld: ArrayLike) -> list[Insider]:
    """Find each person who is the only case of a withheld cell.

    A total of one and its part of one are the same person. The worst is taken for granted: that
    such persons know that no one else is in their cell.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values, and equations.
    withheld : array_like of bool, shape (cells,)
        Cells that are not published.

    Returns
    -------
    list of Insider
        By the position of their first cell.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([1, 2, 3], [[-1, -1, 1]])
    >>> [found.among.tolist() for found in find_insiders(row, [True, True, False])]
    [[True, False, True]]
    """
    from scipy.sparse.csgraph import connected_components

    hidden = read_mask(cells, withheld, "withheld")
    holds = _find_holders(cells)
    alone = np.flatnonzero(np.abs(cells.counts - 1) < NEAR)
    same = holds[alone, :][:, alone]
    _, label = connected_components(same, directed=False)
    found = []
    for person in range(label.max(initial=-1) + 1):
        own = np.zeros(len(cells), dtype=bool)
        own[alone[label == person]] = True
        if (own & hidden).any():
            first = int(np.flatnonzero(own & hidden)[0])
            found.append(Insider(first, own, _climb(holds, own)))
    return sorted(found, key=lambda insider: insider.cell)


def _find_holders(cells: LinkedCells) -> sparse.csr_array:
    """Say which total (row) counts the cases of which part (column)."""
    from scipy import sparse

    above = (cells.equations > 0).astype(np.float64)
    below = (cells.equations < 0).astype(np.float64)
    is_margin = (above.sum(axis=1) == 1) & (np.abs(cells.right_side) < NEAR)
    rows = sparse.diags_array(is_margin.astype(np.float64))
    return (above.T @ rows @ below).tocsr()


def _climb(holds: sparse.csr_array, own: BoolArray) -> BoolArray:
    among = own.copy()
    while True:
        wider = among | np.asarray(holds @ among.astype(np.float64) > 0)
        if (wider == among).all():
            return among
        among = wider
