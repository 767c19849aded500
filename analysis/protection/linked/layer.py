"""One layer of an edition: held cells that move about while what is above them stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.swaps import KNOWN, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from analysis.protection.linked.details import Details
    from analysis.protection.linked.insiders import Persons
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]


class Layer:
    """Held cells as a table of the finest of them, and who knows which.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    details : Details
        The held cells.
    withheld : numpy.ndarray of bool, shape (cells,)
        Cells that may move: not all that are held by these details need be withheld.
    persons : Persons
        The insiders.
    draw : numpy.random.Generator
        Source of chance.
    """

    def __init__(
        self,
        cells: LinkedCells,
        details: Details,
        withheld: BoolArray,
        persons: Persons,
        draw: np.random.Generator,
    ) -> None:
        from scipy import sparse

        self.details = details
        owner, parts = persons.of_cell, details.parts
        owned = np.flatnonzero(owner >= 0)
        number = sparse.csr_array(
            (np.ones(len(owned)), (owner[owned], owned)), shape=(len(persons), len(cells))
        )
        # The finest cells that stand still when nothing moves that a person knows.
        self.known: sparse.csr_array = (number @ parts).tocsr()
        self.is_held: FloatArray = (np.diff(parts.indptr) > 0).astype(np.float64)
        self.still: BoolArray = np.asarray(parts.T @ (~withheld).astype(np.float64) > 0)
        self.of_margin = np.zeros((len(details.places), 2), dtype=np.int64)
        for grid in details.grids:
            row, column = np.nonzero(grid.finest >= 0)
            both = np.column_stack([grid.rows[row], grid.columns[column]])
            self.of_margin[grid.finest[row, column]] = both
        price = np.where(owner[details.places] >= 0, KNOWN, 0.0)
        self.table = Table(details, cells.counts[details.places], price, draw)

    def list_inside(self, cell: int) -> IndexArray:
        """List the finest cells that a cell adds up; none where it is not held.

        Parameters
        ----------
        cell : int
            Position of a cell.

        Returns
        -------
        numpy.ndarray of int
        """
        parts = self.details.parts
        inside: IndexArray = parts.indices[slice(*parts.indptr[cell : cell + 2])]
        return inside

    def spare(self, persons: IndexArray) -> BoolArray:
        """Say which finest cells must not move, for none of some persons to see it.

        Parameters
        ----------
        persons : numpy.ndarray of int
            Numbers of persons.

        Returns
        -------
        numpy.ndarray of bool, shape (finest,)
        """
        spared = self.still.copy()
        for person in persons.tolist():
            spared[self.known.indices[slice(*self.known.indptr[person : person + 2])]] = True
        return spared

    def add_to_margins(self, changes: FloatArray) -> FloatArray:
        """Add up rows and columns.

        Parameters
        ----------
        changes : numpy.ndarray, shape (finest, movements)
            What is added to each finest cell.

        Returns
        -------
        numpy.ndarray, shape (margins, movements)
        """
        sums = np.zeros((self.details.margins.shape[0], changes.shape[1]))
        at, _ = np.nonzero(changes)
        for cell in np.unique(at):
            sums[self.of_margin[cell]] += changes[cell]
        return sums

    def add_up(self, changes: Sequence[FloatArray]) -> sparse.csc_array:
        """Let all held cells follow what has changed of the finest.

        Parameters
        ----------
        changes : sequence of numpy.ndarray, shape (finest,)
            One for each movement.

        Returns
        -------
        scipy.sparse.csc_array, shape (cells, movements)
        """
        from scipy import sparse

        moved = [np.flatnonzero(change) for change in changes]
        ends = np.cumsum([0, *(len(at) for at in moved)])
        change = np.concatenate([change[at] for change, at in zip(changes, moved, strict=True)])
        shape = (len(self.details.places), len(changes))
        finest = sparse.csc_array((change, np.concatenate(moved), ends), shape=shape)
        return (self.details.parts @ finest).tocsc()
