"""Cells of one or several tables, and the equations (margins) that tie them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.linked.solver import NEAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    Hierarchies = Mapping[str, Sequence[Mapping[str, str]]]


@dataclass(frozen=True, eq=False)
class LinkedCells:
    """All cells of all tables that speak of the same persons; made by :func:`link_cells`.

    Parameters
    ----------
    counts : numpy.ndarray, shape (cells,)
        NaN where the caller does not know one; such a cell must be withheld.
    equations : scipy.sparse.csc_array, shape (equations, cells)
        One row for each equation; a margin is 1 for the total and -1 for each part.
    right_side : numpy.ndarray, shape (equations,)
        What each row adds up to; 0 for a margin.
    lowest, highest : numpy.ndarray, shape (cells,)
        What everybody knows of a cell beforehand: a count is 0 or more.
    names : pandas.Index
        Name of each cell.

    Examples
    --------
    >>> link_cells([1, 2, 3], [[-1, -1, 1]]).is_margin
    array([False, False,  True])
    """

    counts: FloatArray
    equations: sparse.csc_array
    right_side: FloatArray
    lowest: FloatArray
    highest: FloatArray
    names: pd.Index

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.counts)

    @property
    def is_margin(self) -> BoolArray:
        """Which cells are the total of others: the only one of its sign in some equation."""
        above = (self.equations > 0).astype(np.float64)
        alone = (above.sum(axis=1) == 1) & ((self.equations < 0).sum(axis=1) > 0)
        return np.asarray(alone.astype(np.float64) @ above > 0)


def link_cells(
    values: ArrayLike,
    equations: ArrayLike | sparse.sparray,
    *,
    right_side: ArrayLike = 0.0,
    lowest: ArrayLike = 0.0,
    highest: ArrayLike = np.inf,
    names: pd.Index | None = None,
) -> LinkedCells:
    """Put cells and equations together, and check that they agree.

    Parameters
    ----------
    values : array_like, shape (cells,)
        Counts; NaN where unknown to the caller.
    equations : array_like or scipy sparse, shape (equations, cells)
        Coefficients; write a margin as +1 for the total and -1 for its parts.
    right_side : array_like, shape (equations,) or a number
        What each row adds up to.
    lowest, highest : array_like, shape (cells,) or a number
        What everybody knows of a cell beforehand.
    names : pandas.Index, optional
        Names of the cells; numbers from 0 otherwise.

    Returns
    -------
    LinkedCells

    Raises
    ------
    ValueError
        When the shapes differ, a value lies outside its bounds, or an equation does not hold.

    Examples
    --------
    >>> len(link_cells([1, 2, 3], [[-1, -1, 1]]))
    3
    """
    from scipy import sparse

    numbers = np.array(values, dtype=np.float64)
    matrix = sparse.csc_array(equations, dtype=np.float64)
    if numbers.ndim != 1 or matrix.shape[1] != len(numbers):
        raise ValueError(
            f"There are {numbers.size} cells, and the equations are over {matrix.shape[1]}. Give "
            "one column of the equations for each cell."
        )
    right = np.broadcast_to(np.asarray(right_side, dtype=np.float64), matrix.shape[:1]).copy()
    low, high = (
        np.broadcast_to(np.asarray(bound, dtype=np.float64), numbers.shape).copy()
        for bound in (lowest, highest)
    )
    labels = pd.RangeIndex(len(numbers)) if names is None else names
    if len(labels) != len(numbers):
        raise ValueError(
            f"There are {len(numbers)} cells and {len(labels)} names. Give one name for each cell."
        )
    outside = (numbers < low) | (numbers > high)
    if outside.any():
        cell = int(np.flatnonzero(outside)[0])
        raise ValueError(
            f"Cell {labels[cell]} holds {numbers[cell]:g}, outside of {low[cell]:g} to "
            f"{high[cell]:g}. Correct the figure, or say what is known of the cell beforehand."
        )
    cells = LinkedCells(numbers, matrix, right, low, high, labels)
    _check_sums(cells)
    return cells


def build_cells(frame: pd.DataFrame, hierarchies: Hierarchies, value: str = "value") -> LinkedCells:
    """Find the equations among the cells of a long table with margins.

    Several linked tables go in as one frame: a dimension by which a table is not broken down
    holds the code of its total there, so that tables meet in the cells that they share.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each cell: a column for each dimension, and the value.
    hierarchies : mapping of str to sequence of mapping
        For each dimension, one mapping of part to total for each way in which its codes add up
        (municipality to region, municipality to district). A dimension without one has ``[]``.
    value : str
        Column of the counts.

    Returns
    -------
    LinkedCells
        Names are the codes of the dimensions. A cell that occurs twice is one cell.

    Raises
    ------
    ValueError
        When a cell has two values, or when a total is there with some of its parts only.

    Examples
    --------
    >>> table = pd.DataFrame({"sex": ["f", "m", "all"], "value": [3, 4, 7]})
    >>> build_cells(table, {"sex": [{"f": "all", "m": "all"}]}).equations.toarray()
    array([[-1., -1.,  1.]])
    """
    from scipy import sparse

    dimensions = list(hierarchies)
    unique = frame[[*dimensions, value]].drop_duplicates(ignore_index=True)
    names = pd.MultiIndex.from_frame(unique[dimensions])
    if names.has_duplicates:
        raise ValueError(
            f"Cell {names[names.duplicated()][0]} has two values. Linked tables must agree on the "
            "cells that they share; correct the figures first."
        )
    place = {name: at for at, name in enumerate(names)}
    rows: list[dict[int, float]] = []
    for axis, dimension in enumerate(dimensions):
        for hierarchy in hierarchies[dimension]:
            rows += _find_sums(place, axis, hierarchy)
    filled = [(at, cell, sign) for at, row in enumerate(rows) for cell, sign in row.items()]
    at, cell, sign = zip(*filled, strict=True) if filled else ((), (), ())
    matrix = sparse.csc_array((sign, (at, cell)), shape=(len(rows), len(names)), dtype=np.float64)
    return link_cells(unique[value], matrix, names=names)


def read_mask(cells: LinkedCells, mask: ArrayLike | None, name: str) -> BoolArray:
    """Read which cells are meant.

    Parameters
    ----------
    cells : LinkedCells
        Cells.
    mask : array_like of bool, shape (cells,), optional
        None means no cell.
    name : str
        How the caller names it, for the sentence of an error.

    Returns
    -------
    numpy.ndarray of bool, shape (cells,)

    Raises
    ------
    ValueError
        When there is not one answer for each cell.

    Examples
    --------
    >>> read_mask(link_cells([1], [[1]], right_side=1), None, "known")
    array([False])
    """
    answers = np.zeros(len(cells), dtype=bool) if mask is None else np.array(mask)
    if answers.shape != (len(cells),) or answers.dtype != np.bool_:
        raise ValueError(
            f"'{name}' has the shape {answers.shape} and the type {answers.dtype}, and there are "
            f"{len(cells)} cells. Give True or False for each cell."
        )
    return answers


def _find_sums(
    place: Mapping[tuple[str, ...], int], axis: int, hierarchy: Mapping[str, str]
) -> list[dict[int, float]]:
    parts: dict[str, list[str]] = {}
    for part, total in hierarchy.items():
        parts.setdefault(total, []).append(part)
    rows = []
    for name, at in place.items():
        below = [(*name[:axis], part, *name[axis + 1 :]) for part in parts.get(name[axis], [])]
        there = [part for part in below if part in place]
        if there and len(there) < len(below):
            absent = next(part for part in below if part not in place)
            raise ValueError(
                f"Cell {name} is a total, and its part {absent} is not in the table. Give every "
                "part of a total, the withheld ones and the zeros too."
            )
        if there:
            rows.append({at: 1.0} | {place[part]: -1.0 for part in there})
    return rows


def _check_sums(cells: LinkedCells) -> None:
    blank = np.isnan(cells.counts)
    # An equation with a blank cell cannot be checked; the attacker's program will do it.
    checkable = np.asarray(abs(cells.equations) @ blank.astype(np.float64)) == 0
    sums = cells.equations @ np.where(blank, 0.0, cells.counts)
    scale = np.maximum(1.0, abs(cells.equations) @ np.where(blank, 0.0, abs(cells.counts)))
    wrong = checkable & (abs(sums - cells.right_side) > NEAR * scale)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        part = cells.equations[[row], :].nonzero()[1]
        raise ValueError(
            f"Equation {row} does not hold: its cells add up to {sums[row]:g} and not to "
            f"{cells.right_side[row]:g} (first cell: {cells.names[int(part[0])]}). Publish no "
            "table whose parts do not add up."
        )
