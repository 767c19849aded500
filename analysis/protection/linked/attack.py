"""What an attacker can work out: the smallest and largest value of each withheld cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.linked.components import split_components
from analysis.protection.linked.solver import NEAR
from analysis.protection.linked.tables import read_mask

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.components import Component
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    IndexArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class AttackerIntervals:
    """Smallest and largest value of each cell that fits all that is published.

    Parameters
    ----------
    lower, upper : numpy.ndarray, shape (cells,)
        Bounds; both are the value of a published cell, NaN for a cell that was not asked about,
        and infinite where nothing bounds it.
    names : pandas.Index
        Names of the cells.
    """

    lower: FloatArray
    upper: FloatArray
    names: pd.Index

    @property
    def width(self) -> FloatArray:
        """How far the bounds lie apart; 0 for a cell that is known exactly."""
        return self.upper - self.lower

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each cell."""
        return pd.DataFrame({"lower": self.lower, "upper": self.upper}, index=self.names)


def find_attacker_intervals(
    cells: LinkedCells,
    withheld: ArrayLike,
    *,
    known: ArrayLike | None = None,
    only: ArrayLike | None = None,
    whole_up_to: float | None = 2.0,
) -> AttackerIntervals:
    """Find the range of each withheld cell that fits every published cell and every equation.

    Parameters
    ----------
    cells : LinkedCells
        Cells and equations of all releases. Values of withheld cells are not looked at.
    withheld : array_like of bool, shape (cells,)
        Cells that are not published.
    known : array_like of bool, shape (cells,), optional
        Withheld cells that this attacker knows: an insider knows the cell in which the own case
        is the only one.
    only : array_like of bool, shape (cells,), optional
        Cells to work out; all withheld ones otherwise.
    whole_up_to : float, optional
        Counts are whole numbers. Intervals not wider than this are worked out again in whole
        numbers, which takes longer and can only narrow them. ``numpy.inf`` does so for all cells;
        None lets figures be fractions.

    Returns
    -------
    AttackerIntervals

    Raises
    ------
    ValueError
        When shapes differ, or when a published cell has no value.
    SolverError
        When a program is not solved: a release that could not be examined is not safe.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([2, 3, 9, 14], [[-1, -1, -1, 1]])
    >>> find_attacker_intervals(row, [True, True, False, False]).upper
    array([ 5.,  5.,  9., 14.])

    References
    ----------
    Willenborg and de Waal (2001), Elements of Statistical Disclosure Control, Springer, ch. 8.
    """
    hidden = read_mask(cells, withheld, "withheld")
    unknown = hidden & ~read_mask(cells, known, "known")
    asked = hidden if only is None else read_mask(cells, only, "only")
    lower = np.where(asked | ~hidden, cells.counts, np.nan)
    upper = lower.copy()
    for component in split_components(cells, unknown):
        targets = np.flatnonzero(asked[component.cells])
        if len(targets):
            low, high = _bound(component, targets, whole_up_to)
            lower[component.cells[targets]] = low
            upper[component.cells[targets]] = high
    return AttackerIntervals(lower, upper, cells.names)


def _bound(
    component: Component, targets: IndexArray, whole_up_to: float | None
) -> tuple[FloatArray, FloatArray]:
    low, high = _span(component, targets, whole=False)
    if whole_up_to is None:
        return low, high
    low, high = np.ceil(low - NEAR), np.floor(high + NEAR)
    # Where a single whole number is left, it is the true one.
    again = (high - low <= whole_up_to) & (high != low)
    if again.any():
        low[again], high[again] = _span(component, targets[again], whole=True)
    return low, high


def _span(
    component: Component, targets: IndexArray, *, whole: bool
) -> tuple[FloatArray, FloatArray]:
    # A point found for one cell often shows that others get as far as their bounds allow.
    least = np.full(len(component.cells), np.inf)
    most = -least
    floor, roof = component.tighten()
    low, high = np.empty(len(targets)), np.empty(len(targets))
    for at, target in enumerate(targets):
        for sign, bound, seen in ((1.0, floor, least), (-1.0, roof, most)):
            if sign * (seen[target] - bound[target]) > NEAR:
                costs = np.zeros(len(component.cells))
                costs[target] = sign
                point = component.solve(costs, whole=whole)
                np.minimum(least, point, out=least)
                np.maximum(most, point, out=most)
                # From here on the bound is known exactly, for this cell.
                bound[target] = seen[target] = point[target]
        low[at], high[at] = least[target], most[target]
    low[low < -component.ceiling / 2] = -np.inf
    high[high > component.ceiling / 2] = np.inf
    return low, high
