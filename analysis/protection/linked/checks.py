"""Checks many movements at once: nothing is proven by one that breaks an equation or a bound."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.coverage import Movement
from analysis.protection.linked.solver import NEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from analysis.protection.linked.tables import LinkedCells

    BoolArray = NDArray[np.bool_]

# So many movements are checked at once.
AT_ONCE = 500


def check_movements(
    cells: LinkedCells, free: BoolArray, movements: Iterable[Movement], *, whole: bool = True
) -> Iterator[Movement]:
    """Check movements that come from elsewhere, many at a time.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    free : numpy.ndarray of bool, shape (cells,)
        Cells that may move.
    movements : iterable of Movement
        Cells and changes.
    whole : bool
        Whether cells are counts, and move by whole numbers.

    Yields
    ------
    Movement
        Those that keep every equation and all bounds, and move no other cell.
    """
    waiting = iter(movements)
    while some := list(islice(waiting, AT_ONCE)):
        yield from check_together(cells, free, tabulate_movements(cells, some), whole=whole)


def tabulate_movements(cells: LinkedCells, movements: Sequence[Movement]) -> sparse.csc_array:
    """Write movements side by side.

    Parameters
    ----------
    cells : LinkedCells
        Cells.
    movements : sequence of Movement
        Cells and changes.

    Returns
    -------
    scipy.sparse.csc_array, shape (cells, movements)
    """
    from scipy import sparse

    ends = np.cumsum([0, *(len(move.cells) for move in movements)])
    places = np.concatenate([move.cells for move in movements])
    change = np.concatenate([move.change for move in movements])
    return sparse.csc_array((change, places, ends), shape=(len(cells), len(movements)))


def check_together(
    cells: LinkedCells, free: BoolArray, changes: sparse.csc_array, *, whole: bool = True
) -> list[Movement]:
    """Check many movements at once, each as it is.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    free : numpy.ndarray of bool, shape (cells,)
        Cells that may move.
    changes : scipy.sparse.csc_array, shape (cells, movements)
        What is added to each cell.
    whole : bool
        Whether cells are counts, and move by whole numbers.

    Returns
    -------
    list of Movement
        Those that keep every equation and all bounds, and move no other cell; the rest is left
        out.
    """
    moves = changes.copy()
    moves.data[np.abs(moves.data) <= NEAR] = 0.0
    moves.eliminate_zeros()
    moves.sort_indices()
    at, change = moves.indices, moves.data
    there = cells.counts[at] + change
    wrong = ~free[at] | (there < cells.lowest[at] - NEAR) | (there > cells.highest[at] + NEAR)
    if whole:
        # Where a count is no whole number, no table of whole numbers is this one, moved.
        if (np.abs(cells.counts[free] - np.round(cells.counts[free])) > NEAR).any():
            return []
        wrong |= np.abs(change - np.round(change)) > NEAR
    column = np.repeat(np.arange(moves.shape[1]), np.diff(moves.indptr))
    spoilt = np.bincount(column, wrong, moves.shape[1]) > 0
    torn = abs(cells.equations @ moves).tocsc()
    spoilt |= np.asarray(torn.max(axis=0).todense()).ravel() > NEAR
    spoilt |= np.diff(moves.indptr) == 0
    spans = [slice(*moves.indptr[number : number + 2]) for number in np.flatnonzero(~spoilt)]
    return [Movement(at[span].astype(np.int64), change[span]) for span in spans]
