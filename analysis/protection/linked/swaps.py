"""Swaps of four cells that leave every margin still, and cases put where margins have moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.solver import NEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.linked.details import Details, Grid

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]

# A cell that somebody knows is moved where nothing else can be, and one to be spared even later.
KNOWN, SPARED, NEVER = 2.0, 100.0, 1e6
# And one that is wished to move before all others.
WISH = 20.0


class Table:
    """A table of finest cells while cases are moved about in it; it begins with the true one.

    Parameters
    ----------
    details : Details
        Grids of finest cells.
    truth : numpy.ndarray, shape (finest,)
        True counts.
    price : numpy.ndarray, shape (finest,)
        What it costs to move a cell: more where somebody knows it.
    draw : numpy.random.Generator
        Source of chance: of several ways, any is as good.
    """

    def __init__(
        self, details: Details, truth: FloatArray, price: FloatArray, draw: np.random.Generator
    ) -> None:
        self.details, self.truth, self.price, self.draw = details, truth, price, draw
        count = len(truth)
        self.where = np.zeros((count, 2), dtype=np.int64)
        self.grid_of_margin = np.zeros(details.margins.shape[0], dtype=np.int64)
        for number, grid in enumerate(details.grids):
            self.grid_of_margin[np.concatenate([grid.rows, grid.columns])] = number
            row, column = np.nonzero(grid.finest >= 0)
            self.where[grid.finest[row, column]] = np.column_stack([row, column])
        self.counts = truth.copy()

    def push(
        self,
        inside: IndexArray,
        far: int,
        side: int,
        spared: BoolArray,
        *,
        after: FloatArray | None = None,
    ) -> FloatArray:
        """Move the sum of some cells as far as asked, or as far as it goes, by swaps.

        Parameters
        ----------
        inside : numpy.ndarray of int
            Numbers of the finest cells that are added up.
        far : int
            How many cases.
        side : int
            1 for up, -1 for down.
        spared : numpy.ndarray of bool, shape (finest,)
            Cells that must not move.
        after : numpy.ndarray, shape (finest,), optional
            What has changed before, and is part of the answer.

        Returns
        -------
        numpy.ndarray, shape (finest,)
            Change of each finest cell; no margin of a grid changes by it.
        """
        self.counts = self.truth.copy() if after is None else self.truth + after
        within = np.zeros(len(self.truth))
        within[inside] = 1.0
        price = np.where(spared, NEVER, self.price)
        for _ in range(far):
            movable = inside[~spared[inside] & ((side > 0) | (self.counts[inside] > NEAR))]
            order = np.argsort(price[movable] + self.draw.random(len(movable)))
            if not any(self._swap(int(cell), side, within, price) for cell in movable[order]):
                break
        return self.counts - self.truth

    def _swap(self, cell: int, side: int, within: FloatArray, price: FloatArray) -> bool:
        """Move one cell by one, at the cost of others; say whether there was a way."""
        grid = self.details.grids[self.details.grid_of[cell]]
        row, column = self.where[cell]
        finest = grid.finest
        count, inner, cost = self.counts[finest], within[finest], price[finest]
        # The opposite corner moves alike, and those between the other way.
        alike = (count > NEAR) if side < 0 else np.ones(count.shape, dtype=bool)
        along, across = finest[row, :] >= 0, finest[:, column] >= 0
        if side > 0:
            along &= count[row, :] > NEAR
            across &= count[:, column] > NEAR
        fits = alike & (finest >= 0) & along[None, :] & across[:, None]
        fits[row, :] = fits[:, column] = False
        fits &= inner[row, :][None, :] + inner[:, column][:, None] - inner == 0
        total = cost + cost[row, :][None, :] + cost[:, column][:, None]
        total = np.where(fits, total + self.draw.random(total.shape), np.inf)
        other_row, other_column = divmod(int(np.argmin(total)), total.shape[1])
        if not total[other_row, other_column] < NEVER:
            return False
        self.counts[[cell, finest[other_row, other_column]]] += side
        self.counts[[finest[row, other_column], finest[other_row, column]]] -= side
        return True

    def fill(
        self, margins: FloatArray, spared: BoolArray, wish: FloatArray | None = None
    ) -> FloatArray | None:
        """Move cases until rows and columns add up to margins that have moved.

        Parameters
        ----------
        margins : numpy.ndarray, shape (margins,)
            Change of each margin, in whole numbers.
        spared : numpy.ndarray of bool, shape (finest,)
            Cells that move where nothing else can.
        wish : numpy.ndarray, shape (finest,), optional
            Above 0 for cells that shall go up, below 0 for those that shall go down.

        Returns
        -------
        numpy.ndarray, shape (finest,)
            Change of each finest cell; None where no table of counts has these margins.
        """
        self.counts = self.truth.copy()
        price = np.where(spared, SPARED, self.price)
        for number in np.unique(self.grid_of_margin[np.flatnonzero(margins)]).tolist():
            grid = self.details.grids[number]
            rows, columns = margins[grid.rows].copy(), margins[grid.columns].copy()
            if not self._fill(grid, rows, columns, price, wish):
                return None
        return self.counts - self.truth

    def _fill(
        self,
        grid: Grid,
        rows: FloatArray,
        columns: FloatArray,
        price: FloatArray,
        wish: FloatArray | None,
    ) -> bool:
        finest, draw = grid.finest, self.draw
        if rows.sum() != columns.sum():
            return False
        wanted = np.zeros(finest.shape) if wish is None else WISH * wish[finest]
        cost = np.where(finest >= 0, price[finest] - wanted, np.inf)
        out = np.where(finest >= 0, price[finest] + wanted, np.inf)
        for row, column in np.argwhere(wanted > 0):
            # Where the row and the column of a wished cell both go up, so does the cell.
            step = max(0.0, min(rows[row], columns[column]))
            self.counts[finest[row, column]] += step
            rows[row] -= step
            columns[column] -= step
        while rows.any() or columns.any():
            full = np.where(self.counts[finest] > NEAR, out, np.inf)
            fewer, more = np.flatnonzero(rows < 0), np.flatnonzero(rows > 0)
            less, extra = np.flatnonzero(columns < 0), np.flatnonzero(columns > 0)
            if len(fewer) and len(more):
                low, high = draw.choice(fewer), draw.choice(more)
                ways = full[low] + cost[high] + draw.random(len(columns))
                at = int(np.argmin(ways))
                moved, added = finest[low, at], finest[high, at]
                rows[low] += 1
                rows[high] -= 1
            elif len(less) and len(extra):
                low, high = draw.choice(less), draw.choice(extra)
                ways = full[:, low] + cost[:, high] + draw.random(len(rows))
                at = int(np.argmin(ways))
                moved, added = finest[at, low], finest[at, high]
                columns[low] += 1
                columns[high] -= 1
            elif len(more):
                low, high = draw.choice(more), draw.choice(extra)
                if finest[low, high] < 0:
                    return False
                self.counts[finest[low, high]] += 1
                rows[low] -= 1
                columns[high] -= 1
                continue
            else:
                low, high = draw.choice(fewer), draw.choice(less)
                rows[low] += 1
                columns[high] += 1
                if not self._take_out(finest, int(low), int(high), full, cost):
                    return False
                continue
            if not np.isfinite(ways[at]):
                return False
            self.counts[moved] -= 1
            self.counts[added] += 1
        return True

    def _take_out(
        self, finest: IndexArray, row: int, column: int, full: FloatArray, cost: FloatArray
    ) -> bool:
        """Take one case out of a row and a column: where they meet, or over a third cell."""
        ways = full[row, :][None, :] + full[:, column][:, None] + cost
        ways = ways + self.draw.random(ways.shape)
        ways[row, :] = ways[:, column] = np.inf
        straight = full[row, column]
        if straight <= ways.min():
            self.counts[finest[row, column]] -= 1
            return bool(np.isfinite(straight))
        at, beside = divmod(int(np.argmin(ways)), ways.shape[1])
        self.counts[[finest[row, beside], finest[at, column]]] -= 1
        self.counts[finest[at, beside]] += 1
        return True
