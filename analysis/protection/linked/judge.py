"""The acceptance test of a release: each small count is out of an attacker's reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.methods.reasons import mark
from analysis.protection.linked.attack import find_attacker_intervals
from analysis.protection.linked.components import split_components
from analysis.protection.linked.insiders import Insider, find_insiders
from analysis.protection.linked.solver import NEAR
from analysis.protection.linked.tables import read_mask

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.components import Component
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

PROTECTED, EXPOSED = "protected", "exposed"
SHOWN = mark("the count itself is published")
EXACT = mark("the count follows from what is published")
NARROW = mark("what is published leaves too narrow a range")
SMALL = mark("it follows from what is published that the count is small and not zero")
TO_INSIDER = mark("whoever knows the only case of another cell can work the count out")


def judge_protection(
    cells: LinkedCells,
    withheld: ArrayLike,
    primary: ArrayLike,
    *,
    threshold: float = 5.0,
    insiders: bool = True,
    whole: bool = True,
) -> pd.DataFrame:
    """Judge each count that must not become known, as a gate of a release does.

    A cell is protected when all that is published fits values of it from at most one less than
    the true count up to at least one more, and when these values reach below 1 or up to the
    threshold. With insiders, this must hold for each person who is the only case of a withheld
    cell as well, who knows that cell; in a cell that counts this person, what is left without the
    own case is judged.

    Parameters
    ----------
    cells : LinkedCells
        Cells and equations of all releases, this one included; withheld cells with true values.
    withheld : array_like of bool, shape (cells,)
        Cells that are not published.
    primary : array_like of bool, shape (cells,)
        Cells that need protection.
    threshold : float
        Smallest count that may be known to exist.
    insiders : bool
        Whether to examine each person who is the only case of a withheld cell.
    whole : bool
        Whether the figures are whole numbers.

    Returns
    -------
    pandas.DataFrame
        One row for each primary cell: ``state`` (``protected`` or ``exposed``), ``reason``,
        ``lower`` and ``upper``, and ``insider``, the position of the cell that the insider knows
        or -1. Of an exposed cell, the bounds are those of the attacker. Of a protected cell they
        are values that surely fit, and an attacker's bounds may lie farther apart. The frame
        holds secrets: it belongs to whoever protects the table, and to nobody else.

    Raises
    ------
    ValueError
        When shapes differ, or when a cell has no value.
    SolverError
        When a program is not solved: the release then does not pass.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([2, 3, 9, 14], [[-1, -1, -1, 1]])
    >>> judge_protection(row, [True, False, False, False], [True, False, False, False]).reason[0]
    'the count follows from what is published'
    >>> both = [True, True, False, False]
    >>> list(judge_protection(row, both, both).state)
    ['protected', 'protected']

    References
    ----------
    Willenborg and de Waal (2001), Elements of Statistical Disclosure Control, Springer, ch. 8.
    """
    hidden = read_mask(cells, withheld, "withheld")
    sensitive = read_mask(cells, primary, "primary")
    if np.isnan(cells.counts).any():
        blank = cells.names[np.flatnonzero(np.isnan(cells.counts))[0]]
        raise ValueError(
            f"Cell {blank} has no value, and whether a count is safe depends on the true one. "
            "Give the values of withheld cells too; they stay with you."
        )
    shown = np.flatnonzero(sensitive & ~hidden)
    verdict = _Verdict(cells, hidden, sensitive & hidden, threshold, whole=whole)
    persons = find_insiders(cells, hidden) if insiders else []
    nobody = np.zeros(len(cells), dtype=bool)
    outsider = Insider(-1, nobody, nobody)
    for component in split_components(cells, hidden):
        pool = verdict.examine(component, outsider, np.empty((0, len(component.cells))))
        for person in persons:
            if person.own[component.cells].any():
                pool = verdict.examine(component, person, pool)
    table = verdict.to_frame()
    table.loc[shown, ["state", "reason"]] = [EXPOSED, SHOWN]
    table.loc[shown, "lower"] = table.loc[shown, "upper"] = cells.counts[shown]
    table = table.loc[sensitive]
    return table.set_axis(cells.names[sensitive])


def find_wide_enough(
    values: ArrayLike, lower: ArrayLike, upper: ArrayLike, threshold: ArrayLike
) -> BoolArray:
    """Say which intervals leave an attacker in doubt.

    Parameters
    ----------
    values : array_like
        True counts, any shape.
    lower, upper : array_like
        Bounds of the attacker, same shape.
    threshold : array_like
        Smallest count that may be known to exist; a number or one for each count.

    Returns
    -------
    numpy.ndarray of bool
        Same shape.

    Examples
    --------
    >>> find_wide_enough([3, 3, 3, 3], [2, 0, 1, 2], [4, 4, 5, 3], 5.0)
    array([False,  True,  True, False])
    """
    count, low, high = (np.asarray(part, dtype=np.float64) for part in (values, lower, upper))
    reaches = (low <= count - 1 + NEAR) & (high >= count + 1 - NEAR)
    return np.asarray(reaches & ((low < 1 - NEAR) | (high >= np.asarray(threshold) - NEAR)))


class _Verdict:
    """What is proven so far for each primary cell."""

    def __init__(
        self,
        cells: LinkedCells,
        hidden: BoolArray,
        sensitive: BoolArray,
        threshold: float,
        *,
        whole: bool,
    ) -> None:
        self.cells, self.threshold, self.whole = cells, threshold, whole
        self.hidden, self.sensitive = hidden, sensitive
        self.lower, self.upper = cells.counts.copy(), cells.counts.copy()
        self.insider = np.full(len(cells), -1)
        self.reason = np.full(len(cells), "", dtype=object)

    def examine(self, component: Component, attacker: Insider, pool: FloatArray) -> FloatArray:
        """Look for points that leave each primary cell in doubt; then for exact bounds."""
        here, own = component.cells, attacker.own[component.cells]
        examined = self.sensitive[here] & ~own & (self.reason[here] == "")
        mine = pool[np.abs(pool[:, own] - 1).max(axis=1, initial=0.0) < NEAR]
        points = np.vstack([self.cells.counts[here], mine])
        doubt = self._leaves_doubt(points.min(axis=0), points.max(axis=0), here, attacker)
        for step in range(2 * max(1, (len(here) - 1).bit_length())):
            waiting = examined & ~doubt
            if not waiting.any():
                break
            point = self._push(component, own, waiting, step)
            # In whole numbers a broken point proves nothing.
            if not self.whole or np.abs(point - np.round(point)).max() < NEAR:
                points = np.vstack([points, point])
                doubt = self._leaves_doubt(points.min(axis=0), points.max(axis=0), here, attacker)
        if attacker.cell < 0:
            self.lower[here] = points.min(axis=0)
            self.upper[here] = points.max(axis=0)
        failing = here[examined & ~doubt]
        # What the wider bounds of fractions expose is exposed; what they clear is not yet clear.
        for whole_up_to in (2.0, np.inf) if self.whole else (None,):
            if len(failing):
                failing = self._settle(failing, attacker, whole_up_to)
        # What is possible beside one person may serve to clear cells from another.
        return np.vstack([pool, points[1 + len(mine) :]])

    def _leaves_doubt(
        self, low: FloatArray, high: FloatArray, here: NDArray[np.int64], attacker: Insider
    ) -> BoolArray:
        # Of a cell that counts the attacker, what is left without the own case is in question.
        self_counted = attacker.among[here].astype(np.float64)
        return find_wide_enough(
            self.cells.counts[here] - self_counted,
            low - self_counted,
            high - self_counted,
            self.threshold - self_counted,
        )

    def _push(
        self, component: Component, own: BoolArray, waiting: BoolArray, step: int
    ) -> FloatArray:
        """Push half of the waiting cells up and the others down, another half at each step."""
        truth = self.cells.counts[component.cells]
        order = np.cumsum(waiting) - 1
        # Any two cells differ in some binary digit of their number: they part ways once.
        side = np.where((order >> (step // 2)) & 1, 1.0, -1.0) * (1.0 if step % 2 else -1.0)
        enough = np.maximum(truth + 1, self.threshold)
        low, high = component.lowest.copy(), component.highest.copy()
        high[waiting] = np.minimum(high[waiting], enough[waiting])
        low[own] = high[own] = 1.0
        return component.solve(np.where(waiting, side, 0.0), lowest=low, highest=high)

    def _settle(
        self, failing: NDArray[np.int64], attacker: Insider, whole_up_to: float | None
    ) -> NDArray[np.int64]:
        """Work out the bounds of what no point has cleared; return what they do not expose."""
        only = np.zeros(len(self.cells), dtype=bool)
        only[failing] = True
        found = find_attacker_intervals(
            self.cells, self.hidden, known=attacker.own, only=only, whole_up_to=whole_up_to
        )
        low, high = found.lower[failing], found.upper[failing]
        clear = self._leaves_doubt(low, high, failing, attacker)
        told = failing if attacker.cell < 0 else failing[~clear]
        self.lower[told], self.upper[told] = found.lower[told], found.upper[told]
        self.insider[failing[~clear]] = attacker.cell
        for cell in failing[~clear]:
            self.reason[cell] = TO_INSIDER if attacker.cell >= 0 else self._explain(cell)
        return failing[clear]

    def _explain(self, cell: int) -> str:
        low, high = self.lower[cell], self.upper[cell]
        if high - low < NEAR:
            return EXACT
        count = self.cells.counts[cell]
        reaches = low <= count - 1 + NEAR and high >= count + 1 - NEAR
        return SMALL if reaches else NARROW

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each cell, primary or not."""
        return pd.DataFrame(
            {
                "state": np.where(self.reason == "", PROTECTED, EXPOSED),
                "reason": self.reason,
                "lower": self.lower,
                "upper": self.upper,
                "insider": self.insider,
            }
        )
