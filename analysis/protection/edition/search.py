"""What is withheld for the sake of others, found group by group and proven at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.methods.reasons import mark
from analysis.protection.edition.sceptic import find_certain
from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.attack import find_attacker_intervals
from analysis.protection.linked.components import split_components
from analysis.protection.linked.judge import EXPOSED, PROTECTED, SMALL, judge_protection
from analysis.protection.linked.levels import weigh_cells
from analysis.protection.linked.pattern import find_pattern
from analysis.protection.linked.solver import NEAR
from analysis.protection.linked.tables import LinkedCells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.edition.linking import LinkedEdition
    from analysis.protection.edition.marks import Marks
    from analysis.protection.policy import Policy

    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.float64]
    IndexArray = NDArray[np.int64]

# A zero tells an office that nobody was there: it is withheld after everything else.
ZERO_WEIGHT = 25.0
# What is withheld elsewhere is withheld once more rather than something new.
AGAIN = 0.2
UNKNOWN_WEIGHT = 1e-6
# Above this, what can be published again is not looked for cell by cell.
TIDY_CELLS = 400
TOGETHER_CELLS = 60
TOLD = "told"
NO_ZERO = mark("the count follows for who takes every withheld figure for at least one")


def weigh_edition(linked: LinkedEdition, times: NDArray[np.int64]) -> FloatArray:
    """Say what it costs to withhold each cell.

    Parameters
    ----------
    linked : LinkedEdition
    times : numpy.ndarray of int
        How often the series of each cell is withheld elsewhere: in the last release, or in other
        years. The more often, the cheaper it is once more.

    Returns
    -------
    numpy.ndarray
    """
    weight = weigh_cells(linked.cells)
    weight = np.where(linked.cells.counts == 0, ZERO_WEIGHT, weight)
    weight = np.where(times > 0, AGAIN * weight / np.maximum(times, 1), weight)
    return np.where(linked.is_rest, UNKNOWN_WEIGHT, weight)


def search_pattern(
    linked: LinkedEdition,
    marks: Marks,
    withheld: BoolArray,
    policy: Policy,
    weights: FloatArray,
    touching: BoolArray | None = None,
) -> BoolArray:
    """Find what else to withhold.

    Groups of cells that no sum ties together are searched by themselves. Where no choice protects
    a group, all of it is withheld that is not known anyway.

    Parameters
    ----------
    linked : LinkedEdition
    marks : Marks
    withheld : numpy.ndarray of bool
        What the policy withholds for its own sake, and what no row holds.
    policy : Policy
    weights : numpy.ndarray
        Cost of each cell.
    touching : numpy.ndarray of bool, optional
        Only groups that hold one of these cells are searched; all otherwise.

    Returns
    -------
    numpy.ndarray of bool
        All withheld cells. Whether they suffice is for :func:`audit_edition` to say.
    """
    task = _Task(linked, marks, withheld, policy, weights)
    groups = [
        group.cells
        for group in split_components(linked.cells, ~marks.fixed)
        if marks.small[group.cells].any() and (touching is None or touching[group.cells].any())
    ]
    small = [group for group in groups if len(group) <= TOGETHER_CELLS]
    found = withheld.copy()
    try:
        # A search costs more to set up than to carry out: the small ones share one.
        together = task.search(np.concatenate(small), tidy=False) if small else withheld
        alone = [group for group in groups if len(group) > TOGETHER_CELLS]
        found |= together
        # A single cell more cannot be spared; of several one may.
        alone += [group for group in small if (together & ~withheld)[group].sum() > 1]
    except PatternError:
        alone = groups
    for group in alone:
        found[group] = task.search_or_hold(group)[group]
    certain = find_certain(linked, marks, found)
    for group in groups:
        if certain[group].any():
            # With its zeros withheld as well, who takes none of them for a zero is misled.
            found[group] |= ~task.shown[group]
    return found


class _Task:
    """What stays the same from group to group."""

    def __init__(
        self,
        linked: LinkedEdition,
        marks: Marks,
        withheld: BoolArray,
        policy: Policy,
        weights: FloatArray,
    ) -> None:
        self.cells, self.marks, self.withheld = linked.cells, marks, withheld
        self.insiders, self.weights = policy.insiders, weights
        self.shown = find_shown(linked, marks, withheld, policy)

    def search(self, here: IndexArray, *, tidy: bool) -> BoolArray:
        """Search groups together; what is not in them stays as it is."""
        pattern = find_pattern(
            take_cells(self.cells, here),
            self.marks.small[here],
            always_shown=self.shown[here],
            never_shown=self.withheld[here],
            weights=self.weights[here],
            insiders=self.insiders,
            threshold=np.maximum(self.marks.threshold[here], 1.0),
            tidy=tidy,
        )
        found = self.withheld.copy()
        found[here] |= pattern.withheld
        return found

    def search_or_hold(self, here: IndexArray) -> BoolArray:
        """Search one group, or withhold all of it."""
        try:
            return self.search(here, tidy=len(here) <= TIDY_CELLS)
        except PatternError:
            found = self.withheld.copy()
            found[here] |= ~self.shown[here]
            return found


def find_shown(
    linked: LinkedEdition, marks: Marks, withheld: BoolArray, policy: Policy
) -> BoolArray:
    """Find what may not be withheld: what is known anyway, and zeros where the policy says so.

    Parameters
    ----------
    linked : LinkedEdition
    marks : Marks
    withheld : numpy.ndarray of bool
        What the policy withholds for its own sake.
    policy : Policy

    Returns
    -------
    numpy.ndarray of bool
    """
    is_zero = (linked.cells.counts == 0) & (not policy.zeros_may_be_withheld)
    shown: BoolArray = (marks.fixed | is_zero) & ~withheld
    return shown


def take_cells(cells: LinkedCells, here: IndexArray) -> LinkedCells:
    """Take some cells out of a system, with all others known.

    Parameters
    ----------
    cells : LinkedCells
    here : numpy.ndarray of int
        Positions of the cells.

    Returns
    -------
    LinkedCells
        In the order of the positions.
    """
    inside = np.zeros(len(cells), dtype=bool)
    inside[here] = True
    left = cells.right_side - cells.equations @ np.where(inside, 0.0, cells.counts)
    part = cells.equations[:, here].tocsr()
    rows = np.flatnonzero(np.diff(part.indptr))
    return LinkedCells(
        cells.counts[here],
        part[rows, :].tocsc(),
        left[rows],
        cells.lowest[here],
        cells.highest[here],
        cells.names[here],
    )


def audit_edition(
    linked: LinkedEdition, marks: Marks, withheld: BoolArray, policy: Policy
) -> pd.DataFrame:
    """Let an attacker try everything that is public, on every count that must not become known.

    Parameters
    ----------
    linked : LinkedEdition
    marks : Marks
    withheld : numpy.ndarray of bool
    policy : Policy

    Returns
    -------
    pandas.DataFrame
        As :func:`analysis.protection.linked.judge.judge_protection`, with the position of each
        cell in ``cell``; it holds secrets. The state is ``told`` instead of ``exposed`` where
        everything that hangs together with the cell is withheld already: the count follows from
        the total of a country or from a former release, and nothing in this edition adds to it.
    """
    hidden = withheld & ~marks.fixed
    judged = judge_protection(
        linked.cells,
        hidden,
        marks.small,
        threshold=np.maximum(marks.threshold, 1.0),
        insiders=policy.insiders,
    )
    judged = judged.assign(cell=np.flatnonzero(marks.small)).reset_index(drop=True)
    if marks.capped.any():
        judged = pd.concat([judged, _audit_capped(linked, marks, hidden)], ignore_index=True)
    certain = find_certain(linked, marks, hidden)[judged["cell"].to_numpy(dtype=int)]
    judged.loc[certain & judged["state"].eq(PROTECTED), ["state", "reason"]] = [EXPOSED, NO_ZERO]
    exposed = judged["state"].eq(EXPOSED)
    if exposed.any():
        held = _find_held(linked, marks, withheld, policy)
        judged.loc[exposed & held[judged["cell"].to_numpy(dtype=int)], "state"] = TOLD
    return judged


def _find_held(
    linked: LinkedEdition, marks: Marks, withheld: BoolArray, policy: Policy
) -> BoolArray:
    held = np.zeros(len(linked.cells), dtype=bool)
    shown = find_shown(linked, marks, withheld, policy)
    for group in split_components(linked.cells, ~marks.fixed):
        held[group.cells] = bool((withheld | shown)[group.cells].all())
    return held


def _audit_capped(linked: LinkedEdition, marks: Marks, hidden: BoolArray) -> pd.DataFrame:
    """Nobody can think more than the total; that it was none of them must stay possible."""
    found = find_attacker_intervals(linked.cells, hidden, only=marks.capped)
    at = np.flatnonzero(marks.capped)
    low, high = found.lower[at], found.upper[at]
    is_open = (low < 1 - NEAR) & ~marks.alone[at]
    return pd.DataFrame(
        {
            "state": np.where(is_open, PROTECTED, EXPOSED),
            "reason": np.where(is_open, "", SMALL),
            "lower": low,
            "upper": high,
            "insider": -1,
            "cell": at,
        }
    )
