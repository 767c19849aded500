"""Which published cells tie a cell that cannot move, so that some more of them are withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.linked.details import Details
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]

# How many equations away from a cell it is looked for what ties it.
STEPS = 4


def choose_ties(
    cells: LinkedCells,
    details: Details,
    still_open: IndexArray,
    may: BoolArray,
    cost: FloatArray,
    number: int,
) -> BoolArray:
    """Choose the cheapest published cells near some cells, to be withheld as well.

    Parameters
    ----------
    cells : LinkedCells
        Cells and equations.
    details : Details
        The held cells.
    still_open : numpy.ndarray of int
        Positions of cells that are not protected.
    may : numpy.ndarray of bool, shape (cells,)
        Published cells that may be withheld.
    cost : numpy.ndarray, shape (cells,)
        Cost of each.
    number : int
        How many for each cell at most.

    Returns
    -------
    numpy.ndarray of bool, shape (cells,)

    Examples
    --------
    >>> from analysis.protection.linked.details import lay_out_details
    >>> from analysis.protection.linked.tables import link_cells
    >>> rows = [
    ...     [-1, -1, 0, 0, 1, 0, 0, 0, 0],
    ...     [0, 0, -1, -1, 0, 1, 0, 0, 0],
    ...     [-1, 0, -1, 0, 0, 0, 1, 0, 0],
    ...     [0, -1, 0, -1, 0, 0, 0, 1, 0],
    ...     [0, 0, 0, 0, -1, -1, 0, 0, 1],
    ...     [0, 0, 0, 0, 0, 0, -1, -1, 1],
    ... ]
    >>> square = link_cells([3, 1, 0, 6, 4, 6, 3, 7, 10], rows)
    >>> held = np.arange(9) < 4
    >>> found = choose_ties(
    ...     square, lay_out_details(square, held), np.array([0]), ~held, square.counts, 2
    ... )
    >>> np.flatnonzero(found)
    array([4, 6])
    """
    equations = abs(cells.equations).tocsr()
    chosen = np.zeros(len(cells), dtype=bool)
    is_held = np.diff(details.parts.indptr) > 0
    # Which margins each finest cell stands in.
    crossing = details.margins
    for cell in still_open.tolist():
        near = np.zeros(len(cells), dtype=bool)
        near[cell] = True
        inside = details.parts.indices[slice(*details.parts.indptr[cell : cell + 2])]
        for grid in np.unique(details.grid_of[inside]):
            row, column = np.nonzero(np.isin(details.grids[grid].finest, inside))
            margins = np.concatenate(
                [details.grids[grid].rows[row], details.grids[grid].columns[column]]
            )
            near[crossing[np.unique(margins), :].indices] = True
        for _ in range(STEPS):
            found = np.flatnonzero(near & may & ~chosen)
            if len(found):
                break
            rows = equations @ (near & ~is_held).astype(np.float64) > 0
            near |= np.asarray(equations.T @ rows.astype(np.float64) > 0) & ~is_held
        else:
            continue
        chosen[found[np.argsort(cost[found], kind="stable")[:number]]] = True
    return chosen
