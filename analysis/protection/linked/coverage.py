"""What movements of the cells prove: which count is in doubt for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.solver import NEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from analysis.protection.linked.insiders import Persons
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]

OUTSIDER = 0


@dataclass(frozen=True, eq=False)
class Movement:
    """Cells that change together while every equation holds; all others stand still.

    Parameters
    ----------
    cells : numpy.ndarray of int, shape (moved,)
        Positions, in rising order.
    change : numpy.ndarray, shape (moved,)
        What is added to the true count of each; never 0.
    """

    cells: IndexArray
    change: FloatArray


class Coverage:
    """For each primary cell and attacker, what no movement has proven yet.

    Attackers are numbered: 0 is the outsider, and person ``n`` of the insiders is ``n + 1``. A
    movement proves something to an attacker when it leaves all cells that he knows as they are.
    There may be ten thousand cells and as many attackers, so that one bit is kept for each pair.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    primary : numpy.ndarray of bool, shape (cells,)
        Cells to be proven, all of them withheld.
    persons : Persons
        The insiders; all are attackers until :meth:`activate` says which.
    thresholds : numpy.ndarray, shape (cells,)
        Smallest count that may be known to exist.
    """

    def __init__(
        self, cells: LinkedCells, primary: BoolArray, persons: Persons, thresholds: FloatArray
    ) -> None:
        self.persons = persons
        self.primary = np.flatnonzero(primary)
        self.row = np.full(len(cells), -1)
        self.row[self.primary] = np.arange(len(self.primary))
        self.counts, self.thresholds = cells.counts, thresholds
        shape = len(self.primary), len(persons) + 1
        open_to, among = np.ones(shape, dtype=bool), np.zeros(shape, dtype=bool)
        mine = persons.of_cell[self.primary]
        # Nobody is protected from the own case.
        open_to[np.flatnonzero(mine >= 0), mine[mine >= 0] + 1] = False
        counted = persons.among[:, self.primary].tocoo()
        among[counted.col, counted.row + 1] = True
        start = np.packbits(open_to, axis=1)
        self.among = np.packbits(among, axis=1)
        self.activate(np.ones(len(cells), dtype=bool))
        # What the outsider has seen each cell to be, at the least and at the most.
        self.lower, self.upper = cells.counts.copy(), cells.counts.copy()
        # Open, of each kind: one less, one more, none, none but the own case, the threshold.
        count = self.counts[self.primary]
        self.less, self.more = start.copy(), start.copy()
        self.none, self.left, self.far = start.copy(), start.copy(), start.copy()
        self.none[count < 1 - NEAR] = 0
        self.left[count < 2 - NEAR] = 0
        self.far[count >= thresholds[self.primary] - NEAR] = 0

    def add(self, movements: Iterable[Movement]) -> None:
        """Take note of what movements prove.

        Parameters
        ----------
        movements : iterable of Movement
            Checked ones: see :class:`analysis.protection.linked.movements.Scope`.
        """
        for move in movements:
            full = self.counts[move.cells] + move.change
            self.lower[move.cells] = np.minimum(self.lower[move.cells], full)
            self.upper[move.cells] = np.maximum(self.upper[move.cells], full)
            for bits, rows, still_open in self._read(move):
                bits[rows] &= still_open

    def proves(self, move: Movement) -> bool:
        """Say whether a movement proves anything that is not proven yet.

        Parameters
        ----------
        move : Movement
            A checked one.

        Returns
        -------
        bool
        """
        return any(
            (bits[rows] & ~still_open & self.active).any()
            for bits, rows, still_open in self._read(move)
        )

    def activate(self, withheld: BoolArray) -> None:
        """Take as attackers the outsider and the persons of whom a cell is withheld.

        Parameters
        ----------
        withheld : numpy.ndarray of bool, shape (cells,)
            A pattern.
        """
        known = self.persons.of_cell[withheld]
        attacks = np.zeros(len(self.persons) + 1, dtype=bool)
        attacks[known[known >= 0] + 1] = True
        attacks[OUTSIDER] = True
        self.active = np.packbits(attacks)

    def _read(
        self, move: Movement
    ) -> Iterator[tuple[NDArray[np.uint8], IndexArray, NDArray[np.uint8]]]:
        """Read what a movement closes: the kind, the rows, and for whom they stay open."""
        at = self.row[move.cells]
        rows, change = at[at >= 0], move.change[at >= 0]
        sighted = np.zeros(len(self.persons) + 1, dtype=bool)
        moved = self.persons.of_cell[move.cells]
        sighted[moved[moved >= 0] + 1] = True
        still_open = np.packbits(sighted)
        place = self.primary[rows]
        there = self.counts[place] + change
        yield self.less, rows[change <= -1 + NEAR], still_open
        yield self.more, rows[change >= 1 - NEAR], still_open
        yield self.none, rows[there < 1 - NEAR], still_open
        yield self.left, rows[there < 2 - NEAR], still_open
        yield self.far, rows[there >= self.thresholds[place] - NEAR], still_open

    def find_open(self, rows: IndexArray | None = None) -> NDArray[np.uint8]:
        """Find what is not proven.

        Parameters
        ----------
        rows : numpy.ndarray of int, optional
            Numbers of primary cells; all otherwise.

        Returns
        -------
        numpy.ndarray of uint8, shape (primary cells, attackers / 8)
            A bit for each pair, as of ``numpy.packbits``.
        """
        at = slice(None) if rows is None else rows
        return (self.less[at] | self.more[at] | self._find_near(at)) & self.active

    def find_sides(self, places: IndexArray) -> BoolArray:
        """Find where cells must still be seen to move.

        Parameters
        ----------
        places : numpy.ndarray of int, shape (asked,)
            Positions of cells.

        Returns
        -------
        numpy.ndarray of bool, shape (2, asked)
            Whether down, and whether up; where the count is to reach none or the threshold, both.
        """
        rows = self.row[places]
        at = rows[rows >= 0]
        either = (self._find_near(at) & self.active).any(axis=1)
        sides = np.zeros((2, len(places)), dtype=bool)
        sides[0, rows >= 0] = (self.less[at] & self.active).any(axis=1) | either
        sides[1, rows >= 0] = (self.more[at] & self.active).any(axis=1) | either
        return sides

    def is_open_to_all(self, rows: IndexArray) -> BoolArray:
        """Say which cells are not proven to an outsider, and so to nobody.

        Parameters
        ----------
        rows : numpy.ndarray of int, shape (asked,)
            Numbers of primary cells.

        Returns
        -------
        numpy.ndarray of bool, shape (asked,)
        """
        first = np.unpackbits(self.find_open(rows)[:, :1], axis=1)[:, OUTSIDER]
        return first.astype(bool)

    def list_blind(self, rows: IndexArray) -> BoolArray:
        """List the persons to whom some cells are not proven, but are to an outsider.

        Parameters
        ----------
        rows : numpy.ndarray of int, shape (asked,)
            Numbers of primary cells.

        Returns
        -------
        numpy.ndarray of bool, shape (asked, persons)
        """
        bits = np.unpackbits(self.find_open(rows), axis=1).astype(bool)
        bits = bits[:, : len(self.persons) + 1]
        blind: BoolArray = bits[:, OUTSIDER + 1 :] & ~bits[:, [OUTSIDER]]
        return blind

    def list_attackers(self) -> list[int]:
        """List the attackers to whom something is not proven, the outsider first.

        Returns
        -------
        list of int
            Their numbers.
        """
        bits = np.unpackbits(np.bitwise_or.reduce(self.find_open(), axis=0))
        return [int(number) for number in np.flatnonzero(bits)]

    def list_open(self, attacker: int, rows: IndexArray | None = None) -> IndexArray:
        """List the cells that are not proven to one attacker.

        Parameters
        ----------
        attacker : int
            Number of the attacker.
        rows : numpy.ndarray of int, optional
            Numbers of primary cells to look at; all otherwise.

        Returns
        -------
        numpy.ndarray of int
            Positions of the cells.
        """
        byte, bit = divmod(attacker, 8)
        column = self.find_open(rows)[:, byte] & (128 >> bit)
        return self.primary[column > 0] if rows is None else self.primary[rows[column > 0]]

    def list_pairs(self, most: int) -> list[tuple[int, int]]:
        """List what is not proven to a few persons only.

        Parameters
        ----------
        most : int
            How many persons at most are left for a cell.

        Returns
        -------
        list of tuple of int
            Position of the cell, and number of the attacker.
        """
        rows = np.flatnonzero(self.find_open().any(axis=1))
        rows = rows[~self.is_open_to_all(rows)]
        rows = rows[np.bitwise_count(self.find_open(rows)).sum(axis=1) <= most]
        row, person = np.nonzero(self.list_blind(rows))
        return list(zip(self.primary[rows[row]].tolist(), (person + 1).tolist(), strict=True))

    def is_open(self, cell: int, attacker: int) -> bool:
        """Say whether a cell is not proven to one attacker.

        Parameters
        ----------
        cell : int
            Position of a primary cell.
        attacker : int
            Number of the attacker.

        Returns
        -------
        bool
        """
        byte, bit = divmod(attacker, 8)
        return bool(self.find_open(self.row[[cell]])[0, byte] & (128 >> bit))

    def count_open(self) -> int:
        """Count the pairs of cell and attacker that are not proven."""
        return int(np.bitwise_count(self.find_open()).sum())

    def _find_near(self, at: slice | IndexArray) -> NDArray[np.uint8]:
        """Find whether the count could be known to lie from one to the threshold."""
        among = self.among[at]
        none = (self.none[at] & ~among) | (self.left[at] & among)
        near: NDArray[np.uint8] = none & self.far[at]
        return near
