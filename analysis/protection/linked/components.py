"""Splits what an attacker does not know into programs that can be solved one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.solver import NEAR, NoSolutionError, solve_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy import sparse

    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]


@dataclass(eq=False)
class Component:
    """Unknown cells that hang together through equations, and no others.

    Parameters
    ----------
    cells : numpy.ndarray of int
        Positions of the unknown cells.
    equations : scipy.sparse.csc_array
        Rows and columns of these cells only.
    right_side : numpy.ndarray
        What the published cells leave for each row.
    lowest, highest : numpy.ndarray
        Bounds of the cells; finite, for a program without a bound has no solution.
    ceiling : float
        What counts as infinite.
    """

    cells: IndexArray
    equations: sparse.csc_array
    right_side: FloatArray
    lowest: FloatArray
    highest: FloatArray
    ceiling: float

    def solve(
        self,
        costs: FloatArray,
        *,
        whole: bool = False,
        lowest: FloatArray | None = None,
        highest: FloatArray | None = None,
    ) -> FloatArray:
        """Find the point of least cost.

        Parameters
        ----------
        costs : numpy.ndarray, shape (cells,)
            What one unit of each cell costs.
        whole : bool
            Whether all cells are whole numbers.
        lowest, highest : numpy.ndarray, optional
            Narrower bounds than those of the component.

        Returns
        -------
        numpy.ndarray, shape (cells,)
        """
        return solve_program(
            costs,
            self.equations,
            self.right_side,
            self.right_side,
            self.lowest if lowest is None else lowest,
            self.highest if highest is None else highest,
            np.ones(len(self.cells), dtype=bool) if whole else None,
        )

    def tighten(self) -> tuple[FloatArray, FloatArray]:
        """Bound each cell by one equation at a time.

        Returns
        -------
        tuple of numpy.ndarray
            Lower and upper bounds, never narrower than the truth.
        """
        table = self.equations.tocoo()
        row, column, factor = table.row, table.col, table.data
        low, high = self.lowest.copy(), self.highest.copy()
        for _ in range(3):
            least = np.minimum(factor * low[column], factor * high[column])
            most = np.maximum(factor * low[column], factor * high[column])
            sums = [np.bincount(row, side, len(self.right_side)) for side in (least, most)]
            rest = self.right_side[row]
            ends = np.stack([rest - (sums[1][row] - most), rest - (sums[0][row] - least)]) / factor
            np.maximum.at(low, column, ends.min(axis=0))
            np.minimum.at(high, column, ends.max(axis=0))
        return low, high


def split_components(cells: LinkedCells, unknown: BoolArray) -> Iterator[Component]:
    """Split the unknown cells into groups that no equation ties together.

    Parameters
    ----------
    cells : LinkedCells
        Cells and equations.
    unknown : numpy.ndarray of bool, shape (cells,)
        Cells that the attacker does not know.

    Yields
    ------
    Component
        A program for each group: many small ones are quicker than one large one.

    Raises
    ------
    ValueError
        When a known cell has no value.
    NoSolutionError
        When published cells contradict an equation.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> pairs = link_cells([1, 2, 3, 4], [[1, 1, 0, 0], [0, 0, 1, 1]], right_side=[3, 7])
    >>> [part.cells.tolist() for part in split_components(pairs, np.ones(4, dtype=bool))]
    [[0, 1], [2, 3]]
    """
    from scipy.sparse.csgraph import connected_components

    if np.isnan(cells.counts[~unknown]).any():
        blank = np.flatnonzero(~unknown & np.isnan(cells.counts))[0]
        raise ValueError(
            f"Cell {cells.names[blank]} is published and has no value. Give the published value, "
            "or mark the cell as withheld."
        )
    fixed = np.where(unknown, 0.0, cells.counts)
    left = cells.right_side - cells.equations @ fixed
    places = np.flatnonzero(unknown)
    part = cells.equations[:, places].tocsr()
    scale = np.maximum(1.0, abs(cells.equations) @ abs(fixed))
    if (abs(left[np.diff(part.indptr) == 0]) > (NEAR * scale)[np.diff(part.indptr) == 0]).any():
        raise NoSolutionError(
            "Published cells contradict an equation. Check that the totals are the sums of their "
            "parts; nothing may be published before they are."
        )
    if not len(places):
        return
    # Farther than any vertex of tables of counts: only what nothing bounds gets there.
    ceiling = 1000.0 + 10.0 * float(abs(fixed).sum() + abs(cells.right_side).sum())
    for side in (cells.lowest, cells.highest):
        ceiling += 10.0 * float(abs(side[places][np.isfinite(side[places])]).max(initial=0.0))
    _, label = connected_components(abs(part.T) @ abs(part), directed=False)
    order = np.argsort(label, kind="stable")
    columns = part.tocsc()
    for members in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
        matrix = columns[:, members].tocsr()
        rows = np.flatnonzero(np.diff(matrix.indptr))
        here = places[members]
        yield Component(
            here,
            matrix[rows, :].tocsc(),
            left[rows],
            np.maximum(cells.lowest[here], -ceiling),
            np.minimum(cells.highest[here], ceiling),
            ceiling,
        )
