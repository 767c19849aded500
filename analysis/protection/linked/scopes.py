"""Which cells may move together: one block at a time, a few blocks, and at last all cells."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.linked.movements import Scope

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.tables import LinkedCells

    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]


class Scopes:
    """Divides the cells that may move.

    Blocks are where most movements stay: the municipalities of a region. What ties blocks together
    (the totals of regions, the country) has no label. Whatever the blocks are, a movement within
    one of them is a movement of the whole; they save time and change no verdict.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    free : numpy.ndarray of bool, shape (cells,)
        Cells that may move.
    blocks : array_like, shape (cells,), optional
        Label of the block of each cell; None, NaN or nothing for a cell of no block.
    whole : bool
        Whether cells are counts.
    """

    def __init__(
        self,
        cells: LinkedCells,
        free: BoolArray,
        blocks: ArrayLike | None = None,
        *,
        whole: bool = True,
    ) -> None:
        from scipy import sparse

        self.cells, self.free, self.whole = cells, free, whole
        self.block, self.count = read_blocks(cells, blocks)
        inside = np.flatnonzero(self.block >= 0)
        member = sparse.csr_array(
            (np.ones(len(inside)), (inside, self.block[inside])), shape=(len(cells), self.count)
        )
        # Whether a cell stands in an equation with a cell of a block.
        self.touches = (abs(cells.equations).T @ (abs(cells.equations) @ member)).tocsc()
        self.is_apart = np.asarray(self.touches.sum(axis=1) == 0)
        self._single: list[Scope] | None = None

    def list_single(self) -> list[Scope]:
        """List the blocks; all cells in one where there are none.

        Returns
        -------
        list of Scope
        """
        if not self.count:
            return [self.take_all()]
        if self._single is None:
            order = np.argsort(self.block, kind="stable")
            ends = np.searchsorted(self.block[order], np.arange(self.count + 1))
            self._single = [self._limit(order[start:end]) for start, end in pairwise(ends.tolist())]
        return self._single

    def list_groups(self, size: int, draw: np.random.Generator) -> list[Scope]:
        """Put blocks together at random, with the totals that tie them.

        Parameters
        ----------
        size : int
            Number of blocks in each group.
        draw : numpy.random.Generator
            Source of chance.

        Returns
        -------
        list of Scope
        """
        if self.count <= size:
            return [self.take_all()]
        groups = np.array_split(draw.permutation(self.count), -(-self.count // size))
        scopes = []
        for group in groups:
            near = np.asarray(self.touches[:, group].sum(axis=1) > 0) | self.is_apart
            chosen = np.isin(self.block, group) | (near & (self.block < 0))
            scopes.append(self._limit(np.flatnonzero(chosen)))
        return scopes

    def take_all(self) -> Scope:
        """Take all cells that may move.

        Returns
        -------
        Scope
        """
        return Scope(self.cells, self.free, whole=self.whole)

    def _limit(self, places: IndexArray) -> Scope:
        chosen = np.zeros(len(self.cells), dtype=bool)
        chosen[places] = True
        return Scope(self.cells, self.free & chosen, whole=self.whole)


def read_blocks(cells: LinkedCells, blocks: ArrayLike | None) -> tuple[IndexArray, int]:
    """Give each block a number.

    Parameters
    ----------
    cells : LinkedCells
        Cells.
    blocks : array_like, shape (cells,), optional
        Label of the block of each cell; None, NaN or nothing for a cell of no block.

    Returns
    -------
    tuple of numpy.ndarray of int, shape (cells,), and int
        Number of the block of each cell, -1 for none; and how many blocks there are.

    Raises
    ------
    ValueError
        When there is not one label for each cell.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> read_blocks(link_cells([1, 2, 3], [[-1, -1, 1]]), ["east", "west", ""])
    (array([ 0,  1, -1]), 2)
    """
    if blocks is None:
        return np.full(len(cells), -1), 0
    labels = pd.Series(np.asarray(blocks, dtype=object))
    if len(labels) != len(cells):
        raise ValueError(
            f"There are {len(cells)} cells and {len(labels)} labels of blocks. Give one for each "
            "cell, and None for a cell of no block."
        )
    codes, found = pd.factorize(labels.where(labels.ne("")))
    return np.asarray(codes, dtype=np.int64), len(found)
