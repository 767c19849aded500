"""A safe pattern where breakdowns are withheld as a whole: what is above them is searched first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.coverage import Movement
from analysis.protection.linked.details import lay_out_details
from analysis.protection.linked.large import Layout, find_large_pattern
from analysis.protection.linked.levels import read_thresholds, weigh_cells
from analysis.protection.linked.lifting import Lifting
from analysis.protection.linked.pattern import Pattern
from analysis.protection.linked.scopes import adopt_cells, bundle_blocks
from analysis.protection.linked.tables import link_cells, read_mask
from analysis.protection.linked.ties import choose_ties
from analysis.protection.linked.verdict import require_protection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.details import Details
    from analysis.protection.linked.tables import LinkedCells

    BoolArray = NDArray[np.bool_]

# How often more of what ties an open cell is withheld.
WIDENINGS = 6
# Blocks are put together up to so many cells that are not held, and these searched at once: more
# cells to choose from leave fewer to be withheld, and take longer.
BUNDLE = 500
REFUSAL = (
    "Cell {cell} cannot be protected, and {others} others neither, though the breakdown is "
    "withheld as a whole. Withhold more of what is above it, or use find_large_pattern."
)


def find_layered_pattern(
    cells: LinkedCells,
    primary: ArrayLike,
    *,
    held: ArrayLike,
    always_shown: ArrayLike | None = None,
    blocks: ArrayLike | None = None,
    threshold: ArrayLike = 5.0,
    weights: ArrayLike | None = None,
    insiders: bool = True,
) -> Pattern:
    """Find a safe pattern of an edition of which whole breakdowns are withheld.

    Where most cells of a breakdown are small, as of municipalities by sex and age, all of it is
    withheld, zeros and all. What is left is searched alone, which is quick: whatever it leaves
    open can be filled in below, cases being put where rows and columns need them. Movements of
    the held cells are swaps of four of them, in which no row and no column changes.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values, and the equations of all releases.
    primary : array_like of bool, shape (cells,)
        Cells that need protection.
    held : array_like of bool, shape (cells,)
        Whole breakdowns that are withheld: all cells of an area that are broken down, each year
        and all years, and not its total.
    always_shown : array_like of bool, optional
        Cells that must be published; zeros otherwise, but for held ones.
    blocks : array_like, shape (cells,), optional
        Label of the block of each cell, such as its region or year; None for what ties blocks
        together. A cell without one that stands in equations with one block only belongs to it.
    threshold : array_like
        Smallest count that may be known to exist; a number, or one for each cell.
    weights : array_like, optional
        Cost of each cell; :func:`analysis.protection.linked.levels.weigh_cells` otherwise.
    insiders : bool
        Whether the pattern must hold for each person who is the only case of a withheld cell.

    Returns
    -------
    Pattern
        Proven by the gate; with the movements that prove it.

    Raises
    ------
    ValueError
        When the held cells are not whole breakdowns, or are always shown.
    PatternError
        When no pattern protects a cell.
    SolverError
        When a program is not solved.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.protection.linked.tables import build_cells
    >>> table = pd.DataFrame(
    ...     {
    ...         "area": list("aaabbbTTT"),
    ...         "sex": ["f", "m", "all"] * 3,
    ...         "value": [1, 3, 4, 3, 2, 5, 4, 5, 9],
    ...     }
    ... )
    >>> ways = {"area": [{"a": "T", "b": "T"}], "sex": [{"f": "all", "m": "all"}]}
    >>> held = ((table["area"] != "T") & (table["sex"] != "all")).to_numpy()
    >>> linked = build_cells(table, ways)
    >>> find_layered_pattern(linked, held, held=held, insiders=False, threshold=4).withheld.sum()
    np.int64(4)
    """
    hidden = read_mask(cells, held, "held")
    small = read_mask(cells, primary, "primary")
    shown = None if always_shown is None else read_mask(cells, always_shown, "always_shown")
    if shown is not None and (shown & hidden).any():
        raise ValueError(
            f"Cell {cells.names[np.flatnonzero(shown & hidden)[0]]} is held, and is to be shown "
            "always. Decide which of both holds."
        )
    limits = read_thresholds(cells, threshold)
    cost = np.array(weigh_cells(cells) if weights is None else weights, dtype=np.float64)
    details = lay_out_details(cells, hidden)
    keep = np.flatnonzero(~hidden)
    upper = _take_above(cells, hidden)
    labels = adopt_cells(cells, blocks)
    above = None if labels is None else bundle_blocks(labels[keep], BUNDLE)
    found = find_large_pattern(
        upper,
        small[keep],
        always_shown=None if shown is None else shown[keep],
        weights=None if weights is None else cost[keep],
        insiders=insiders,
        threshold=limits[keep],
        layout=Layout(above),
    )
    withheld = hidden.copy()
    withheld[keep] = found.withheld
    layouts = [details, *_widen(cells, hidden, details)]
    lifting = Lifting(cells, layouts, withheld, small, limits, insiders=insiders)
    moves = [Movement(keep[move.cells], move.change) for move in found.movements]
    lifting.lift(moves)
    lifting.swap()
    lifting.lift_again(moves)
    lifting.wish(lifting.look_above(labels))
    may_widen = ~withheld if shown is None else ~withheld & ~shown
    if shown is None:
        may_widen &= cells.counts != 0
    for turn in range(WIDENINGS):
        still_open = lifting.list_open()
        wider = choose_ties(cells, details, still_open, may_widen & ~withheld, cost, 2**turn)
        if not wider.any():
            break
        withheld = withheld | wider
        known = lifting.movements
        lifting = Lifting(cells, layouts, withheld, small, limits, insiders=insiders)
        lifting.take(known)
        lifting.wish(lifting.look_above(labels))
    require_protection(
        cells,
        withheld,
        small,
        threshold=limits,
        insiders=insiders,
        blocks=labels,
        movements=lifting.movements,
        refusal=REFUSAL,
    )
    further = float(cost[withheld & ~small & ~hidden].sum())
    return Pattern(withheld, further, "layers", tuple(lifting.movements))


def _take_above(cells: LinkedCells, held: BoolArray) -> LinkedCells:
    """Leave out the held cells, and the equations that speak of them."""
    keep = np.flatnonzero(~held)
    equations = cells.equations.tocsr()
    rows = np.flatnonzero(abs(equations) @ held.astype(np.float64) == 0)
    return link_cells(
        cells.counts[keep],
        equations[rows, :][:, keep],
        right_side=cells.right_side[rows],
        lowest=cells.lowest[keep],
        highest=cells.highest[keep],
        names=cells.names[keep],
    )


def _widen(cells: LinkedCells, held: BoolArray, details: Details) -> Iterator[Details]:
    """Take the margins of one side as held as well, where that leaves rows and columns."""
    for fewer in (True, False):
        chosen = [
            grid.rows if (len(grid.rows) <= len(grid.columns)) == fewer else grid.columns
            for grid in details.grids
        ]
        margins = details.margins[np.unique(np.concatenate(chosen)), :]
        wider = held.copy()
        wider[margins.indices] = True
        try:
            wide = lay_out_details(cells, wider)
        except ValueError:
            continue
        if np.array_equal(wide.places, details.places):
            yield wide
