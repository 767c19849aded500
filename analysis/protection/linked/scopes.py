"""Which cells may move together: one block at a time, a few blocks, and at last all cells."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.linked.movements import Scope

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

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
        self.cells, self.free, self.whole = cells, free, whole
        self.block, self.count = read_blocks(cells, blocks)
        self.touches = _find_touches(cells, self.block, self.count)
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


def adopt_cells(cells: LinkedCells, blocks: ArrayLike | None) -> NDArray[np.object_] | None:
    """Let a cell of no block belong to a block, where it stands in equations with no other one.

    The figures of a region belong to the block of its municipalities, even where they are not
    labelled so; those of the country stand in equations with no block, or with several.

    Parameters
    ----------
    cells : LinkedCells
        Cells and equations.
    blocks : array_like, shape (cells,), optional
        Label of the block of each cell; None, NaN or nothing for a cell of no block.

    Returns
    -------
    numpy.ndarray of object, shape (cells,), or None
        Number of the block of each cell, None for a cell of no block; nothing without blocks.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> rows = [[-1, -1, 1, 0, 0, 0], [0, 0, 0, -1, 1, 0], [0, 0, -1, 0, -1, 1]]
    >>> adopt_cells(link_cells([1, 2, 3, 4, 4, 7], rows), ["east", "east", "", "west", "", ""])
    array([0, 0, 0, 1, 1, None], dtype=object)
    """
    if blocks is None:
        return None
    block, count = read_blocks(cells, blocks)
    touches = _find_touches(cells, block, count).tocsr()
    alone = np.flatnonzero((block < 0) & (np.diff(touches.indptr) == 1))
    block[alone] = touches.indices[touches.indptr[alone]]
    labels = block.astype(object)
    labels[block < 0] = None
    return labels


def bundle_blocks(labels: NDArray[np.object_], most: int) -> NDArray[np.object_]:
    """Put neighbouring blocks together, as long as they have few cells.

    Parameters
    ----------
    labels : numpy.ndarray of object, shape (cells,)
        Number of the block of each cell, None for a cell of no block.
    most : int
        Number of cells that blocks may have together.

    Returns
    -------
    numpy.ndarray of object, shape (cells,)
        Number of the bundle of each cell, None for a cell of no block.

    Examples
    --------
    >>> bundle_blocks(np.array([0, 0, 1, 2, None, 2], dtype=object), 3)
    array([0, 0, 0, 1, None, 1], dtype=object)
    """
    is_inside = np.array([label is not None for label in labels], dtype=bool)
    sizes = np.bincount(labels[is_inside].astype(np.int64))
    bundle, filled, at = np.zeros(len(sizes), dtype=np.int64), 0, 0
    for number, size in enumerate(sizes.tolist()):
        if filled and filled + size > most:
            at, filled = at + 1, 0
        bundle[number] = at
        filled += size
    bundled = np.full(len(labels), None, dtype=object)
    bundled[is_inside] = bundle[labels[is_inside].astype(np.int64)]
    return bundled


def _find_touches(cells: LinkedCells, block: IndexArray, count: int) -> sparse.csc_array:
    """Find in which equations with a cell of which block (column) each cell (row) stands."""
    from scipy import sparse

    inside = np.flatnonzero(block >= 0)
    member = sparse.csr_array(
        (np.ones(len(inside)), (inside, block[inside])), shape=(len(cells), count)
    )
    equations = abs(cells.equations)
    return (equations.T @ (equations @ member)).tocsc()
