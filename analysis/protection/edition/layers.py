"""The third remedy, fewer dimensions: of large cross-tables the breakdowns of the finest places go.

A municipality by sex, age and form has small counts nearly everywhere. To withhold such a table
cell by cell takes long and leaves little; to withhold what is broken down of every municipality
leaves all its totals, and all tables of larger areas but for a few cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.edition.places import find_holders
from analysis.protection.linked.coverage import Movement
from analysis.protection.linked.layers import find_layered_pattern
from analysis.store.schema import DIMENSIONS, TOTAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.catalog import Areas
    from analysis.protection.edition.linking import LinkedEdition
    from analysis.protection.linked.pattern import Pattern
    from analysis.protection.linked.tables import LinkedCells

    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.float64]
    IndexArray = NDArray[np.int64]

# Up to here a table is searched cell by cell, which keeps more of it.
LARGE = 400


@dataclass(frozen=True, eq=False)
class Breakdowns:
    """What the remedy would withhold of an edition.

    Parameters
    ----------
    held : numpy.ndarray of bool, shape (cells,)
        All that is broken down of places that hold no other place of the edition.
    crossed : numpy.ndarray of bool, shape (cells,)
        Those of them that are broken down in two ways at once.
    blocks : numpy.ndarray of object, shape (cells,)
        The year of each cell; None for what spans several.
    """

    held: BoolArray
    crossed: BoolArray
    blocks: NDArray[np.object_]

    def is_meant_for(self, here: IndexArray) -> bool:
        """Say whether a group of cells is a cross-table too large to be searched cell by cell."""
        return len(here) > LARGE and bool(self.crossed[here].any())


def find_breakdowns(linked: LinkedEdition, areas: Areas) -> Breakdowns:
    """Find what is broken down of the finest places of an edition.

    Parameters
    ----------
    linked : LinkedEdition
    areas : Areas

    Returns
    -------
    Breakdowns
    """
    table = linked.table
    holders = find_holders(areas)
    above = holders.loc[holders["area_id"].isin(table["area_id"]), "holder"].unique()
    is_finest = ~table["area_id"].isin(above) & ~table["is_national"].astype(bool)
    ways = (table[list(DIMENSIONS)] != TOTAL).sum(axis=1)
    held = (is_finest & ways.gt(0)).to_numpy()
    start, end = table["period_start"].astype(str), table["period_end"].astype(str)
    is_long = start.str[:4].ne(end.str[:4])
    blocks = (start + end).astype(object).mask(is_long, None).to_numpy(dtype=object)
    return Breakdowns(held, held & ways.gt(1).to_numpy(), blocks)


def reach_out(cells: LinkedCells, here: IndexArray) -> IndexArray:
    """Add to a group of cells all others that an equation of theirs names.

    Parameters
    ----------
    cells : LinkedCells
    here : numpy.ndarray of int

    Returns
    -------
    numpy.ndarray of int
        Positions, in rising order. What is known anyway is the margin of what is not.
    """
    inside = np.zeros(len(cells))
    inside[here] = 1.0
    size = abs(cells.equations)
    named = size.T @ (size @ inside > 0).astype(np.float64) > 0
    return np.flatnonzero(named | (inside > 0))


@dataclass(frozen=True, eq=False)
class Layered:
    """One group of cells for :func:`search_layers`, all in the order of the group.

    Parameters
    ----------
    cells : LinkedCells
    small, withheld, shown, held : numpy.ndarray of bool, shape (cells,)
        Must not become known; withheld by the policy; known anyway; what the remedy withholds.
    blocks : numpy.ndarray of object, shape (cells,)
    threshold, weights : numpy.ndarray, shape (cells,)
    insiders : bool
    """

    cells: LinkedCells
    small: BoolArray
    withheld: BoolArray
    shown: BoolArray
    held: BoolArray
    blocks: NDArray[np.object_]
    threshold: FloatArray
    weights: FloatArray
    insiders: bool


def search_layers(group: Layered) -> Pattern:
    """Withhold the breakdowns of a group as a whole, and find what else must go.

    Parameters
    ----------
    group : Layered

    Returns
    -------
    Pattern
        With the movements that prove it, by position in the group.

    Raises
    ------
    ValueError
        When the breakdowns are not whole tables, or the policy withholds something besides.
    PatternError
        When no pattern protects a cell.
    SolverError
        When a program is not solved.
    """
    besides = group.withheld & ~group.held & ~group.small
    if besides.any():
        msg = (
            f"Cell {group.cells.names[np.flatnonzero(besides)[0]]} is withheld, and neither small "
            f"nor part of a breakdown. Search these cells one by one."
        )
        raise ValueError(msg)
    return find_layered_pattern(
        group.cells,
        group.small,
        held=group.held,
        always_shown=group.shown & ~group.held,
        blocks=group.blocks,
        threshold=group.threshold,
        weights=group.weights,
        insiders=group.insiders,
    )


def place_movements(movements: tuple[Movement, ...], where: IndexArray) -> tuple[Movement, ...]:
    """Tell movements of a group as movements of the whole edition.

    Parameters
    ----------
    movements : tuple of Movement
    where : numpy.ndarray of int
        Position of each cell of the group; -1 where it has none.

    Returns
    -------
    tuple of Movement
        Without those that move a cell that has no position.
    """
    placed = []
    for each in movements:
        at = where[each.cells]
        if (at >= 0).all():
            order = np.argsort(at)
            placed.append(Movement(at[order], each.change[order]))
    return tuple(placed)


__all__ = [
    "LARGE",
    "Breakdowns",
    "Layered",
    "find_breakdowns",
    "place_movements",
    "reach_out",
    "search_layers",
]
