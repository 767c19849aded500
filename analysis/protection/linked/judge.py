"""The acceptance test of a release: each small count is out of an attacker's reach."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.methods.reasons import mark
from analysis.protection.linked.attack import find_attacker_intervals
from analysis.protection.linked.checks import check_movements
from analysis.protection.linked.components import split_components
from analysis.protection.linked.coverage import OUTSIDER, Coverage
from analysis.protection.linked.insiders import Insider, list_persons
from analysis.protection.linked.levels import read_thresholds
from analysis.protection.linked.movements import Scope
from analysis.protection.linked.pushes import Pusher
from analysis.protection.linked.scopes import Scopes
from analysis.protection.linked.solver import NEAR
from analysis.protection.linked.tables import read_mask
from analysis.protection.linked.witnesses import collect_movements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.coverage import Movement
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
    threshold: ArrayLike = 5.0,
    insiders: bool = True,
    whole: bool = True,
    blocks: ArrayLike | None = None,
    movements: Iterable[Movement] = (),
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
    threshold : array_like
        Smallest count that may be known to exist; a number, or one for each cell.
    insiders : bool
        Whether to examine each person who is the only case of a withheld cell.
    whole : bool
        Whether the figures are whole numbers.
    blocks : array_like, shape (cells,), optional
        Label of the block of each cell, such as the region of a municipality, None for a cell of
        no block; see :class:`analysis.protection.linked.scopes.Scopes`. It saves time in large
        editions, and does not change the verdict.
    movements : iterable of Movement, optional
        Where a search has found them. Each is checked here before it proves anything.

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
    # An edition that contradicts itself is refused before anything is concluded from it.
    deque(split_components(cells, hidden), maxlen=0)
    shown = np.flatnonzero(sensitive & ~hidden)
    limits = read_thresholds(cells, threshold)
    persons = list_persons(cells, hidden if insiders else np.zeros_like(hidden))
    coverage = Coverage(cells, sensitive & hidden, persons, limits)
    scopes = Scopes(cells, hidden, blocks, whole=whole)
    coverage.add(check_movements(cells, hidden, movements, whole=whole))
    collect_movements(cells, coverage, scopes, limits)
    verdict = _Verdict(cells, hidden, coverage, limits, whole=whole)
    verdict.settle()
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
    """Works out exactly what no movement has proven."""

    def __init__(
        self,
        cells: LinkedCells,
        hidden: BoolArray,
        coverage: Coverage,
        thresholds: FloatArray,
        *,
        whole: bool,
    ) -> None:
        self.cells, self.thresholds, self.whole = cells, thresholds, whole
        self.hidden, self.coverage = hidden, coverage
        self.lower, self.upper = coverage.lower.copy(), coverage.upper.copy()
        self.insider = np.full(len(cells), -1)
        self.reason = np.full(len(cells), "", dtype=object)

    def settle(self) -> None:
        """Work out the bounds of each attacker to whom something is open, the outsider first."""
        nobody = np.zeros(len(self.cells), dtype=bool)
        pusher = Pusher(self.cells, self.coverage, self.thresholds)
        everywhere = Scope(self.cells, self.hidden, whole=self.whole)
        asked = self.coverage.primary[self.coverage.find_open().any(axis=1)]
        for number in self.coverage.list_attackers():
            attacker = Insider(-1, nobody, nobody)
            if number != OUTSIDER:
                attacker = self.coverage.persons.describe(number - 1)
            # A cell that somebody has exposed already stays so.
            rows = self.coverage.row[asked[self.reason[asked] == ""]]
            for cell in self.coverage.list_open(number, rows).tolist():
                pusher.push_alone(everywhere, cell, number)
            waiting = self.coverage.list_open(number, rows)
            # What the wider bounds of fractions expose is exposed; what they clear is not yet.
            for whole_up_to in (2.0, np.inf) if self.whole else (None,):
                if len(waiting):
                    waiting = self._settle(waiting, attacker, whole_up_to)

    def _settle(
        self, failing: NDArray[np.int64], attacker: Insider, whole_up_to: float | None
    ) -> NDArray[np.int64]:
        """Work out the bounds of some cells; return those that they do not expose."""
        only = np.zeros(len(self.cells), dtype=bool)
        only[failing] = True
        found = find_attacker_intervals(
            self.cells, self.hidden, known=attacker.own, only=only, whole_up_to=whole_up_to
        )
        low, high = found.lower[failing], found.upper[failing]
        # Of a cell that counts the attacker, what is left without the own case is in question.
        mine = attacker.among[failing].astype(np.float64)
        clear = find_wide_enough(
            self.cells.counts[failing] - mine,
            low - mine,
            high - mine,
            self.thresholds[failing] - mine,
        )
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
