"""Movements of cells that keep every equation: found by one program for several cells, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.recombine import turn_movement
from analysis.protection.linked.solver import NEAR, solve_program
from analysis.protection.linked.twins import merge_twins

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from analysis.protection.linked.coverage import Movement
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]


class Scope:
    """Cells that may move while all others stand still.

    Many cells of a sparse table cannot but move alike, as a total and its only part, or cannot
    move at all. They are put together beforehand, which makes a program several times smaller.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    free : numpy.ndarray of bool, shape (cells,)
        Cells that may move.
    whole : bool
        Whether cells are counts, and move by whole numbers.
    """

    def __init__(self, cells: LinkedCells, free: BoolArray, *, whole: bool = True) -> None:
        self.cells, self.whole = cells, whole
        part = cells.equations[:, np.flatnonzero(free)].tocsr()
        self.rows, self.twin = merge_twins(part[np.flatnonzero(np.diff(part.indptr)), :])
        can = self.twin >= 0
        # Positions of the cells that can move, and for each the number of its twins.
        self.places, self.twin = np.flatnonzero(free)[can], self.twin[can]
        # Of these cells only, for a check of what the program finds.
        whole_part = cells.equations[:, self.places].tocsr()
        self.equations: sparse.csr_array = whole_part[np.flatnonzero(np.diff(whole_part.indptr)), :]
        truth = cells.counts[self.places]
        self.up, self.down = cells.highest[self.places] - truth, truth - cells.lowest[self.places]
        # Where a count is no whole number, no table of whole numbers is this one, moved.
        counts = cells.counts[free]
        self.is_sound = not whole or bool((np.abs(counts - np.round(counts)) < NEAR).all())

    @property
    def size(self) -> int:
        """How many cells can move independently of their twins."""
        return int(self.rows.shape[1])

    def push(
        self,
        costs: tuple[FloatArray, FloatArray],
        most: tuple[FloatArray, FloatArray],
        *,
        whole: bool = False,
    ) -> FloatArray:
        """Find the movement of least cost.

        Parameters
        ----------
        costs : tuple of numpy.ndarray, shape (places,)
            What one unit up costs, and one unit down; below 0 where a movement is wanted.
        most : tuple of numpy.ndarray, shape (places,)
            How far each cell moves up and down at most.
        whole : bool
            Whether to insist on whole numbers, which nearly always come by themselves.

        Returns
        -------
        numpy.ndarray, shape (places,)
            What is added to each cell; :meth:`split` says what of it holds.
        """
        from scipy import sparse

        limits = np.full((2, self.size), np.inf)
        for side, (far, room) in enumerate(zip(most, (self.up, self.down), strict=True)):
            np.minimum.at(limits[side], self.twin, np.minimum(far, room))
        highest = limits.ravel()
        can = np.flatnonzero(highest > NEAR)
        if not len(can):
            return np.zeros(len(self.places))
        cost = np.concatenate([np.bincount(self.twin, side, self.size) for side in costs])
        matrix = sparse.hstack([self.rows, -self.rows], format="csc")[:, can]
        still = np.zeros(matrix.shape[0])
        point = np.zeros(2 * self.size)
        point[can] = solve_program(
            cost[can],
            matrix,
            still,
            still,
            np.zeros(len(can)),
            highest[can],
            np.ones(len(can), dtype=bool) if whole else None,
        )
        return (point[: self.size] - point[self.size :])[self.twin]

    def check(self, movement: Movement) -> list[Movement]:
        """Take to pieces and check what comes from elsewhere.

        Parameters
        ----------
        movement : Movement
            Cells and changes.

        Returns
        -------
        list of Movement
            Nothing where a cell moves that must stand still.
        """
        change = np.zeros(len(self.cells))
        change[movement.cells] = movement.change
        inside = change[self.places]
        if np.count_nonzero(inside) < np.count_nonzero(change):
            return []
        return self.split(inside)

    def split(self, change: FloatArray) -> list[Movement]:
        """Take a movement to pieces that no equation ties together, and check each.

        Parameters
        ----------
        change : numpy.ndarray, shape (places,)
            What is added to each.

        Returns
        -------
        list of Movement
            Those that keep every equation and all bounds, in whole numbers where cells are whole;
            each of them also the other way round, and as many times over as there is room.
        """
        from scipy.sparse.csgraph import connected_components

        if not self.is_sound:
            return []
        if self.whole:
            broken = np.abs(change - np.round(change)) > NEAR
            change = np.where(broken, change, np.round(change))
        moved = np.flatnonzero(np.abs(change) > NEAR)
        change = change[moved]
        part = self.equations[:, moved]
        pieces, label = connected_components(abs(part.T) @ abs(part), directed=False)
        wrong = (change > self.up[moved] + NEAR) | (-change > self.down[moved] + NEAR)
        if self.whole:
            wrong |= np.abs(change - np.round(change)) > 0
        # An equation that does not hold spoils the piece of the cells that stand in it.
        torn = np.abs(part @ change) > (0 if self.whole else NEAR)
        wrong |= np.asarray(torn.astype(np.float64) @ abs(part) > 0)
        spoilt = np.zeros(pieces, dtype=bool)
        spoilt[label[wrong]] = True
        order = np.argsort(label, kind="stable")
        return [
            turned
            for members in np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
            if len(members) and not spoilt[label[members[0]]]
            for turned in turn_movement(self.cells, self.places[moved[members]], change[members])
        ]
