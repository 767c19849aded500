"""What is withheld for the sake of others, found group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.edition.layers import (
    Layered,
    place_movements,
    reach_out,
    search_layers,
)
from analysis.protection.edition.sceptic import find_certain
from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.components import split_components
from analysis.protection.linked.levels import weigh_cells
from analysis.protection.linked.pattern import find_pattern
from analysis.protection.linked.tables import LinkedCells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.edition.layers import Breakdowns
    from analysis.protection.edition.linking import LinkedEdition
    from analysis.protection.edition.marks import Marks
    from analysis.protection.linked.coverage import Movement
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


@dataclass(frozen=True, eq=False)
class Choice:
    """What is withheld, and what of it is proven already.

    Parameters
    ----------
    hidden : numpy.ndarray of bool, shape (cells,)
        All withheld cells.
    movements : tuple of Movement
        Where a search has found them; the audit checks each.
    """

    hidden: BoolArray
    movements: tuple[Movement, ...] = ()


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
    *,
    touching: BoolArray | None = None,
    breakdowns: Breakdowns | None = None,
) -> Choice:
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
    breakdowns : Breakdowns, optional
        Of large cross-tables they are withheld as a whole. Where that does not protect a group,
        or nobody offers it, it is searched cell by cell.

    Returns
    -------
    Choice
        Whether it suffices is for :func:`analysis.protection.edition.audit.audit_edition` to say.
    """
    task = _Task(linked, marks, withheld, policy, weights)
    groups = [
        group.cells
        for group in split_components(linked.cells, ~marks.fixed)
        if marks.small[group.cells].any() and (touching is None or touching[group.cells].any())
    ]
    found = withheld.copy()
    movements: tuple[Movement, ...] = ()
    left = []
    for group in groups:
        layered = task.search_layers(group, breakdowns) if breakdowns is not None else None
        if layered is None:
            left.append(group)
        else:
            found |= layered.hidden
            movements += layered.movements
    small = [group for group in left if len(group) <= TOGETHER_CELLS]
    try:
        # A search costs more to set up than to carry out: the small ones share one.
        together = task.search(np.concatenate(small), tidy=False) if small else withheld
        alone = [group for group in left if len(group) > TOGETHER_CELLS]
        found |= together
        # A single cell more cannot be spared; of several one may.
        alone += [group for group in small if (together & ~withheld)[group].sum() > 1]
    except PatternError:
        alone = left
    for group in alone:
        found[group] = task.search_or_hold(group)[group]
    certain = find_certain(linked, marks, found)
    for group in groups:
        if certain[group].any():
            # With its zeros withheld as well, who takes none of them for a zero is misled.
            found[group] |= ~task.shown[group]
    return Choice(found, movements)


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

    def search_layers(self, group: IndexArray, breakdowns: Breakdowns) -> Choice | None:
        """Search one group with its breakdowns withheld; None where that is not for it."""
        if not breakdowns.is_meant_for(group):
            return None
        here = reach_out(self.cells, group)
        layered = Layered(
            cells=take_cells(self.cells, here),
            small=self.marks.small[here],
            withheld=self.withheld[here],
            shown=self.shown[here] & ~breakdowns.held[here] | self.marks.fixed[here],
            held=breakdowns.held[here] & ~self.marks.fixed[here],
            blocks=breakdowns.blocks[here],
            threshold=np.maximum(self.marks.threshold[here], 1.0),
            weights=self.weights[here],
            insiders=self.insiders,
        )
        try:
            pattern = search_layers(layered)
        except (PatternError, ValueError):
            return None
        hidden = self.withheld.copy()
        hidden[here] |= pattern.withheld
        return Choice(hidden, place_movements(pattern.movements, here))

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
