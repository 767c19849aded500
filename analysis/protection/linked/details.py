"""Breakdowns that are withheld as a whole: their finest cells, laid out as rows by columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.solver import NEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]

ROW_AND_COLUMN = 2


@dataclass(frozen=True, eq=False)
class Grid:
    """Finest held cells that one another's margins tie together: areas by kinds, of one year.

    Parameters
    ----------
    finest : numpy.ndarray of int, shape (rows, columns)
        Number of each finest cell; -1 where there is none.
    rows, columns : numpy.ndarray of int
        For each row and column, the number of its margin.
    """

    finest: IndexArray
    rows: IndexArray
    columns: IndexArray


@dataclass(frozen=True, eq=False)
class Details:
    """All held cells, written as sums of the finest of them; made by :func:`lay_out_details`.

    Parameters
    ----------
    places : numpy.ndarray of int, shape (finest,)
        Position of each finest held cell.
    parts : scipy.sparse.csr_array, shape (cells, finest)
        Which finest cells each held cell adds up; empty for all others.
    margins : scipy.sparse.csr_array, shape (margins, cells)
        What the finest cells of a row or column of a grid add up to, in cells that are not held.
    grids : tuple of Grid
        Each finest cell stands in one of them.
    grid_of : numpy.ndarray of int, shape (finest,)
        The grid of each finest cell.
    """

    places: IndexArray
    parts: sparse.csr_array
    margins: sparse.csr_array
    grids: tuple[Grid, ...]
    grid_of: IndexArray


def lay_out_details(cells: LinkedCells, held: BoolArray) -> Details:
    """Find the finest of the held cells, and the margins that tie them to all others.

    Parameters
    ----------
    cells : LinkedCells
        Cells and equations.
    held : numpy.ndarray of bool, shape (cells,)
        Cells of breakdowns that are withheld as a whole, zeros and all.

    Returns
    -------
    Details

    Raises
    ------
    ValueError
        When the held cells are not whole breakdowns: when a held total has parts that are not
        held, or a finest cell does not stand in one row and one column.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.protection.linked.tables import build_cells
    >>> table = pd.DataFrame(
    ...     [
    ...         (a, s, 1 + (a == "T") + (s == "all") * (1 + (a == "T")))
    ...         for a in "abT"
    ...         for s in ("f", "m", "all")
    ...     ],
    ...     columns=["area", "sex", "value"],
    ... )
    >>> ways = {"area": [{"a": "T", "b": "T"}], "sex": [{"f": "all", "m": "all"}]}
    >>> held = ((table["area"] != "T") & (table["sex"] != "all")).to_numpy()
    >>> lay_out_details(build_cells(table, ways), held).grids[0].finest.shape
    (2, 2)
    """
    from scipy import sparse

    equations = cells.equations.tocsr()
    is_held = held.astype(np.float64)
    outside = abs(equations) @ (1.0 - is_held) > 0
    inside = abs(equations) @ is_held > 0
    parts, places = _write_as_sums(cells, equations[np.flatnonzero(inside & ~outside), :], held)
    mixed = np.flatnonzero(inside & outside)
    left = (equations[mixed, :] @ parts).tocsr()
    sign = np.where(left.sum(axis=1) < 0, -1.0, 1.0)
    left = (sparse.diags_array(sign) @ left).tocsr()
    right = equations[mixed, :] @ sparse.diags_array(1.0 - is_held)
    right = (sparse.diags_array(-sign) @ right).tocsr()
    if len(left.data) and (np.abs(left.data - 1.0) > NEAR).any():
        raise _refuse(cells, int(np.flatnonzero(held)[0]))
    kept = _choose_margins(left)
    left, right = left[kept, :], right[kept, :]
    filled = np.diff(left.tocsc().indptr)
    if (filled != ROW_AND_COLUMN).any():
        raise _refuse(cells, int(places[filled != ROW_AND_COLUMN][0]))
    grids, grid_of = _lay_out(cells, places, left)
    return Details(places, parts, right, grids, grid_of)


def _refuse(cells: LinkedCells, cell: int) -> ValueError:
    return ValueError(
        f"Cell {cells.names[cell]} is held, and not the whole breakdown that it belongs to, or "
        "not its finest cells stand in rows and columns. Hold all cells of an area that are "
        "broken down, the totals of years too, and not its total; or use find_large_pattern."
    )


def _write_as_sums(
    cells: LinkedCells, within: sparse.csr_array, held: BoolArray
) -> tuple[sparse.csr_array, IndexArray]:
    """Write each held cell as a sum of the finest ones."""
    from scipy import sparse

    size = len(cells)
    total, seen = np.full(within.shape[0], -1), np.zeros(size, dtype=bool)
    for row in range(within.shape[0]):
        span = slice(within.indptr[row], within.indptr[row + 1])
        above = within.indices[span][within.data[span] > 0]
        if len(above) == 1 and not seen[above[0]]:
            seen[above[0]] = True
            total[row] = above[0]
    chosen = np.flatnonzero(total >= 0)
    below = (within[chosen, :] < 0).astype(np.float64)
    at = (np.ones(len(chosen)), (total[chosen], np.arange(len(chosen))))
    substitute = (sparse.csr_array(at, shape=(size, len(chosen))) @ below).tocsr()
    places = np.flatnonzero(held & ~seen)
    number = (np.ones(len(places)), (places, np.arange(len(places))))
    parts = own = sparse.csr_array(number, shape=(size, len(places)))
    while True:
        wider = (own + substitute @ parts).tocsr()
        if abs(wider - parts).sum() == 0:
            break
        parts = wider
    torn = np.asarray(abs(within @ parts).sum(axis=1) > NEAR)
    if torn.any():
        raise _refuse(cells, int(within[[int(np.flatnonzero(torn)[0])], :].indices[0]))
    return parts, places


def _choose_margins(left: sparse.csr_array) -> IndexArray:
    """Leave out margins that are sums of smaller ones, or the same again."""
    size = np.diff(left.indptr)
    order = np.flatnonzero(size > 0)
    order = order[np.argsort(size[order], kind="stable")]
    seen: dict[bytes, int] = {}
    left.sort_indices()
    for row in order.tolist():
        seen.setdefault(left.indices[left.indptr[row] : left.indptr[row + 1]].tobytes(), row)
    order = np.array(list(seen.values()), dtype=np.int64)
    overlap = (left[order, :] @ left[order, :].T).tocsr()
    is_kept = np.zeros(len(order), dtype=bool)
    for at, row in enumerate(order.tolist()):
        span = slice(overlap.indptr[at], overlap.indptr[at + 1])
        others = overlap.indices[span]
        whole = overlap.data[span] >= size[order[others]] - NEAR
        smaller = order[others[whole & is_kept[others]]]
        inner = np.concatenate(
            [left.indices[left.indptr[each] : left.indptr[each + 1]] for each in smaller]
            or [np.empty(0, dtype=np.int64)]
        )
        # What lies within it, lies at its own cells.
        own = left.indices[left.indptr[row] : left.indptr[row + 1]]
        counted = np.bincount(np.searchsorted(own, inner), minlength=len(own))
        is_kept[at] = counted.min() != counted.max() or counted[0] == 0
    return np.sort(order[is_kept])


def _lay_out(
    cells: LinkedCells, places: IndexArray, left: sparse.csr_array
) -> tuple[tuple[Grid, ...], IndexArray]:
    """Tell rows from columns: two margins that share a cell are not of the same side."""
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    pair = left.tocsc().indices.reshape(-1, ROW_AND_COLUMN)
    shared = (left @ left.T).tocsr()
    shared.setdiag(0)
    shared.eliminate_zeros()
    count, label = connected_components(shared, directed=False)
    side = np.zeros(left.shape[0], dtype=np.int64)
    for number in range(count):
        members = np.flatnonzero(label == number)
        order, before = breadth_first_order(shared, int(members[0]), directed=False)
        for margin in order[1:]:
            side[margin] = 1 - side[before[margin]]
    wrong = side[pair[:, 0]] == side[pair[:, 1]]
    if wrong.any() or len(np.unique(pair, axis=0)) < len(pair):
        raise _refuse(cells, int(places[wrong][0] if wrong.any() else places[0]))
    turned = side[pair[:, 0]] == 1
    pair = np.where(turned[:, None], pair[:, ::-1], pair)
    grid_of = label[pair[:, 0]]
    grids = []
    for number in range(count):
        here = np.flatnonzero(grid_of == number)
        rows, row = np.unique(pair[here, 0], return_inverse=True)
        columns, column = np.unique(pair[here, 1], return_inverse=True)
        finest = np.full((len(rows), len(columns)), -1)
        finest[row, column] = here
        # The side with more margins is as good as the other: rows are those of the first cell.
        grids.append(Grid(finest, rows, columns))
    return tuple(grids), grid_of
