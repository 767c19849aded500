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
    IndexArray = NDArray[np.int64]


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


@dataclass(frozen=True, eq=False)
class Persons:
    """All persons who are the only case of a withheld cell; made by :func:`list_persons`.

    Parameters
    ----------
    first : numpy.ndarray of int, shape (persons,)
        Position of the first withheld cell of each; it stands for the person.
    of_cell : numpy.ndarray of int, shape (cells,)
        The person who is the only case of a cell; -1 for none. Nobody is so twice.
    among : scipy.sparse.csr_array, shape (persons, cells)
        Not 0 where a cell counts the person.
    """

    first: IndexArray
    of_cell: IndexArray
    among: sparse.csr_array

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.first)

    def describe(self, person: int) -> Insider:
        """Say what one of them knows.

        Parameters
        ----------
        person : int
            Number of the person.

        Returns
        -------
        Insider
        """
        among = np.zeros(len(self.of_cell), dtype=bool)
        among[self.among.indices[slice(*self.among.indptr[person : person + 2])]] = True
        return Insider(int(self.first[person]), self.of_cell == person, among)


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
    persons = list_persons(cells, withheld)
    return [persons.describe(person) for person in range(len(persons))]


def list_persons(cells: LinkedCells, withheld: ArrayLike) -> Persons:
    """Find the same persons as :func:`find_insiders`, in a form for large editions.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values, and equations.
    withheld : array_like of bool, shape (cells,)
        Cells that are not published.

    Returns
    -------
    Persons
        By the position of their first withheld cell.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([1, 1, 2], [[-1, -1, 1]])
    >>> list_persons(row, [False, True, True]).of_cell
    array([-1,  0, -1])
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    hidden = read_mask(cells, withheld, "withheld")
    holds = _find_holders(cells)
    alone = np.flatnonzero(np.abs(cells.counts - 1) < NEAR)
    _, label = connected_components(holds[alone, :][:, alone], directed=False)
    # The first withheld cell of each label, in the order of the cells.
    known = np.flatnonzero(hidden[alone])
    labels, at = np.unique(label[known], return_index=True)
    first = np.sort(alone[known[at]])
    number = np.full(label.max(initial=-1) + 1, -1)
    number[labels[np.argsort(alone[known[at]], kind="stable")]] = np.arange(len(labels))
    of_cell = np.full(len(cells), -1)
    of_cell[alone] = number[label]
    own = np.flatnonzero(of_cell >= 0)
    among = sparse.csr_array(
        (np.ones(len(own)), (of_cell[own], own)), shape=(len(first), len(cells))
    )
    return Persons(first, of_cell, _climb(holds, among))


def _find_holders(cells: LinkedCells) -> sparse.csr_array:
    """Say which total (row) counts the cases of which part (column)."""
    from scipy import sparse

    above = (cells.equations > 0).astype(np.float64)
    below = (cells.equations < 0).astype(np.float64)
    is_margin = (above.sum(axis=1) == 1) & (np.abs(cells.right_side) < NEAR)
    rows = sparse.diags_array(is_margin.astype(np.float64))
    return (above.T @ rows @ below).tocsr()


def _climb(holds: sparse.csr_array, own: sparse.csr_array) -> sparse.csr_array:
    """Add the totals of the cells of each person (row), and their totals, to the last."""
    among = own
    while True:
        wider = ((among + among @ holds.T) > 0).astype(np.float64).tocsr()
        if wider.nnz == among.nnz:
            return among
        among = wider
