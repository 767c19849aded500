"""A safe pattern of a whole edition: blocks first, several counts at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.assignment import read_assignment
from analysis.protection.linked.levels import read_thresholds, weigh_cells
from analysis.protection.linked.pattern import Pattern
from analysis.protection.linked.republish import publish_again
from analysis.protection.linked.search import REWARD, REWARD_FOR_ZEROS, Search, Ties
from analysis.protection.linked.tables import read_mask
from analysis.protection.linked.verdict import require_protection

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

# A zero that is withheld says nothing false, but a reader loses what is surely known.
DEARER_ZERO = 10.0
REFUSAL = (
    "Cell {cell} was taken for protected, and the gate finds it exposed. Publish nothing of this "
    "edition, and have the search examined."
)


@dataclass(frozen=True, eq=False)
class Layout:
    """How an edition is laid out.

    Parameters
    ----------
    blocks : array_like, shape (cells,), optional
        Label of the block of each cell, such as the region of a municipality; None for what ties
        blocks together. With blocks, time grows with the number of cells, and little more.
    together : array_like, shape (cells,), optional
        Cells with the same label are withheld all or none: the same cell in several years. None
        for a cell that is tied to no other.
    """

    blocks: ArrayLike | None = None
    together: ArrayLike | None = None


def find_large_pattern(
    cells: LinkedCells,
    primary: ArrayLike,
    *,
    always_shown: ArrayLike | None = None,
    never_shown: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    insiders: bool = True,
    threshold: ArrayLike = 5.0,
    layout: Layout | None = None,
) -> Pattern:
    """Find a safe pattern of an edition of thousands of cells.

    A few cells at a time are pushed up or down by one program that moves as few published cells
    as it can; the cells that move are withheld. First each block is searched, with all other
    cells held still, then a few blocks with the totals that tie them, and then all cells. Zeros
    that may be withheld at all move only where nothing else helps. In the end, cells that can
    be spared are published again, and the pattern is proven.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values, and the equations of all releases.
    primary : array_like of bool, shape (cells,)
        Cells that need protection.
    always_shown : array_like of bool, optional
        Cells that must be published; zeros otherwise, but for those tied to a primary cell.
    never_shown : array_like of bool, optional
        Cells that are withheld whatever is found, for another reason than a small count.
    weights : array_like, optional
        Cost of each cell; :func:`analysis.protection.linked.levels.weigh_cells` otherwise, and
        more than any other cell for a zero.
    insiders : bool
        Whether the pattern must hold for each person who is the only case of a withheld cell.
    threshold : array_like
        Smallest count that may be known to exist; a number, or one for each cell.
    layout : Layout, optional
        Blocks, and cells that are withheld all or none.

    Returns
    -------
    Pattern
        Proven by the gate; with the movements that prove it.

    Raises
    ------
    ValueError
        When cells that are always shown are tied to cells that need protection.
    PatternError
        When no pattern protects a cell.
    SolverError
        When a program is not solved.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([2, 9, 30, 41], [[-1, -1, -1, 1]])
    >>> find_large_pattern(row, [True, False, False, False]).withheld
    array([ True,  True, False, False])

    References
    ----------
    Kelly, Golden and Assad (1992), Cell suppression: disclosure protection for sensitive tabular
    data, Networks 22: 397-417.
    """
    blocks, together = (None, None) if layout is None else (layout.blocks, layout.together)
    ties = Ties(cells, together)
    small = read_mask(cells, primary, "primary")
    held = ties.widen(small | read_mask(cells, never_shown, "never_shown"))
    # A zero is shown, unless it is tied to a cell that may have to be withheld.
    shown = ~ties.widen(held | (cells.counts != 0))
    if always_shown is not None:
        shown = read_mask(cells, always_shown, "always_shown")
    if (held & shown).any():
        cell = cells.names[np.flatnonzero(held & shown)[0]]
        raise ValueError(
            f"Cell {cell} is to be shown always, and it needs protection, is never to be shown, "
            "or is tied to a cell that does or is. Decide which of both holds."
        )
    shown = ties.widen(shown)
    limits = read_thresholds(cells, threshold)
    cost = _weigh(cells) if weights is None else np.array(weights, dtype=np.float64)
    assignment = read_assignment(cells, small, shown, cost, None, limits)
    search = Search(assignment, limits, ties, blocks, held, insiders=insiders)
    may, is_zero = assignment.may_withhold, cells.counts == 0
    search.press(may & (~is_zero | search.withheld), REWARD)
    search.press(may, REWARD_FOR_ZEROS)
    search.finish()
    publish_again(search)
    require_protection(
        cells,
        search.withheld,
        assignment.primary,
        threshold=limits,
        insiders=insiders,
        blocks=blocks,
        movements=search.movements,
        refusal=REFUSAL,
    )
    further = float(cost[search.withheld & ~held].sum())
    return Pattern(search.withheld, further, "pushes in blocks", tuple(search.movements))


def _weigh(cells: LinkedCells) -> FloatArray:
    weights = weigh_cells(cells)
    return np.where(cells.counts == 0, DEARER_ZERO * weights.max(initial=1.0), weights)
