"""Movements of some breakdowns together with what is above them, for one wish, by one program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.movements import Scope
from analysis.protection.linked.scopes import read_blocks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.coverage import Movement
    from analysis.protection.linked.insiders import Persons
    from analysis.protection.linked.layer import Layer
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]

# Worth more than all that a wish can make move.
REWARD = 1e6
# A cell that somebody knows is moved where nothing else can be.
KNOWN = 3.0
# So many divisions are kept in mind: making one takes longer than its program.
MOST_KEPT = 400
# Always the next so many blocks move with a block, so that programs can be used again.
PARTNERS = 3
HALF = 0.5


class Above:
    """Moves a few grids of held cells, and the cells above; all other grids can be filled in later.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    layer : Layer
        All that is held.
    withheld : numpy.ndarray of bool, shape (cells,)
        Which cells may move.
    blocks : array_like, shape (cells,), optional
        Label of the block of each cell.
    persons : Persons
        The insiders.
    draw : numpy.random.Generator
        Source of chance.
    """

    def __init__(
        self,
        cells: LinkedCells,
        layer: Layer,
        withheld: BoolArray,
        blocks: ArrayLike | None,
        persons: Persons,
        draw: np.random.Generator,
    ) -> None:
        from scipy import sparse

        self.cells, self.layer, self.withheld = cells, layer, withheld
        self.persons, self.draw = persons, draw
        self.block, self.count = read_blocks(cells, blocks)
        self.equations = cells.equations.tocsr()
        details = layer.details
        number = (np.ones(len(details.grid_of)), (np.arange(len(details.grid_of)), details.grid_of))
        member = sparse.csr_array(number, shape=(len(details.grid_of), len(details.grids)))
        # How many finest cells of each grid a held cell adds up.
        self.of_grid: sparse.csr_array = (details.parts @ member).tocsr()
        self.is_held: BoolArray = np.diff(details.parts.indptr) > 0
        self.same_parts: dict[bytes, int] = {}
        for cell in np.flatnonzero(self.is_held).tolist():
            self.same_parts.setdefault(np.sort(layer.list_inside(cell)).tobytes(), cell)
        self.scopes: dict[tuple[bytes, bytes], Scope] = {}

    def push(
        self, cell: int, side: int, far: int, persons: IndexArray, *, width: int
    ) -> Movement | None:
        """Move a cell up or down by as few other cases as will do.

        Parameters
        ----------
        cell : int
            Position.
        side : int
            1 for up, -1 for down.
        far : int
            How far at most.
        persons : numpy.ndarray of int
            Numbers of the persons who must not see it.
        width : int
            How many blocks may move besides its own; with the first of them, all its grids.

        Returns
        -------
        Movement or None
            Of some of the held cells and of cells above, the rest of the held ones being left to
            fill in; None where the cell cannot move.
        """
        inside = np.sort(self.layer.list_inside(cell))
        grids, target = np.unique(self.layer.details.grid_of[inside]), cell
        if len(grids) > 1 and not width:
            grids = self.draw.choice(grids, 1)
            inside = inside[self.layer.details.grid_of[inside] == grids[0]]
            first = int(self.layer.details.places[inside[0]])
            target = self.same_parts.get(inside.tobytes(), first)
        if not len(grids) and len(persons) == 1:
            grids = self._find_own(int(persons[0]))
        scope = self._get_scope(target, grids, width)
        at = np.flatnonzero(scope.places == target)
        if not len(at):
            return None
        owner = self.persons.of_cell[scope.places]
        limits = {1: np.full(len(owner), np.inf), -1: np.full(len(owner), np.inf)}
        # Who must not see it knows the own cells, and that all which count him hold a case.
        among = np.isin(scope.places, self.persons.among[persons, :].indices)
        limits[-1][among] = np.maximum(self.cells.counts[scope.places[among]] - 1.0, 0.0)
        limits[-1][np.isin(owner, persons)] = limits[1][np.isin(owner, persons)] = 0.0
        limits[side][at] = np.minimum(limits[side][at], far)
        cost = self.draw.uniform(1.0, 1.5, len(owner)) * np.where(owner >= 0, KNOWN, 1.0)
        wanted = np.zeros(len(owner))
        wanted[at] = side * REWARD
        # Whole numbers nearly always come by themselves, and asking for them can take long.
        for whole in (False, True) if not width else (False,):
            costs, most = (cost - wanted, cost + wanted), (limits[1], limits[-1])
            change = scope.push(costs, most, whole=whole)
            if side * change[at[0]] < HALF:
                return None
            best: Movement | None = None
            reach = 0.0
            for move in scope.split(change):
                moved = side * float(move.change[move.cells == target].sum())
                if reach < moved <= far:
                    best, reach = move, moved
            if best is not None:
                return best
        return None

    def _find_own(self, person: int) -> IndexArray:
        """Find the grid of somebody's own case, which must stand still; none where it is above."""
        inside = self.layer.list_inside(int(self.persons.first[person]))
        own = inside[self.cells.counts[self.layer.details.places[inside]] > HALF]
        return np.unique(self.layer.details.grid_of[own])

    def _get_scope(self, cell: int, grids: IndexArray, width: int) -> Scope:
        """Take the cells of some grids, and those above in their blocks and in some others."""
        details = self.layer.details
        near = [cell]
        for grid in grids:
            margins = np.concatenate([details.grids[grid].rows, details.grids[grid].columns])
            near.extend(details.margins[margins, :].indices.tolist())
        blocks = np.setdiff1d(self.block[near], [-1])
        others = np.setdiff1d(np.arange(self.count), blocks)
        # A cell of no block needs some block to move with.
        more = min(len(others), width if len(blocks) else max(width, 2))
        if len(blocks):
            first = int(np.searchsorted(others, blocks[0]))
            others = np.roll(others, -first)[: max(PARTNERS, more)]
        blocks = np.sort(np.concatenate([blocks, self.draw.choice(others, more, replace=False)]))
        key = grids.tobytes(), blocks.tobytes()
        if key not in self.scopes:
            if len(self.scopes) >= MOST_KEPT:
                self.scopes.clear()
            self.scopes[key] = self._make_scope(grids, blocks)
        return self.scopes[key]

    def _make_scope(self, grids: IndexArray, blocks: IndexArray) -> Scope:
        inner = self.of_grid[:, grids].sum(axis=1)
        below = self.is_held & (inner >= self.of_grid.sum(axis=1))
        left_out = (self.is_held & ~below).astype(np.float64)
        rows = np.flatnonzero(abs(self.equations) @ left_out == 0)
        above = ~self.is_held & (np.isin(self.block, blocks) | (self.block < 0))
        system = replace(
            self.cells,
            equations=self.equations[rows, :].tocsc(),
            right_side=self.cells.right_side[rows],
        )
        return Scope(system, self.withheld & (below | above))
