"""What a search for a pattern is told, and the movements that must stay possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.judge import find_wide_enough
from analysis.protection.linked.levels import (
    ProtectionLevels,
    find_other_levels,
    read_thresholds,
    set_protection_levels,
    weigh_cells,
)
from analysis.protection.linked.tables import read_mask

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.insiders import Insider
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]


class PatternError(ValueError):
    """A table in which a count cannot be protected by withholding further cells."""


@dataclass(frozen=True, order=True)
class Task:
    """One movement that must stay possible.

    Parameters
    ----------
    cell : int
        Position of the cell that moves.
    change : float
        How far it moves, up or down.
    other : float
        How far it may move instead, where the movement the other way changes alike.
    known : tuple of int
        Cells that an insider knows, and that stay where they are.
    """

    cell: int
    change: float
    other: float
    known: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Assignment:
    """All that a search for a pattern is told, checked."""

    cells: LinkedCells
    primary: BoolArray
    may_withhold: BoolArray
    weights: FloatArray
    levels: ProtectionLevels
    other: ProtectionLevels

    @property
    def is_gate_rule(self) -> bool:
        """Whether the rule of the gate decides, and not levels that the caller has set."""
        return self.other is not self.levels

    def weigh_further(self, withheld: BoolArray) -> float:
        """Add up the weights of the cells withheld for the sake of others.

        Parameters
        ----------
        withheld : numpy.ndarray of bool, shape (cells,)
            A pattern.

        Returns
        -------
        float
        """
        return float(self.weights[withheld & ~self.primary].sum())

    def list_tasks(self) -> list[Task]:
        """List the movements that keep an outsider in doubt, those of the largest need first.

        Returns
        -------
        list of Task
        """
        need = self.levels.down + self.levels.up
        order = sorted(np.flatnonzero(self.primary).tolist(), key=lambda cell: -need[cell])
        return [task for cell in order for task in self.list_movements(cell)]

    def list_movements(self, cell: int, insider: Insider | None = None) -> list[Task]:
        """List the movements that keep one attacker in doubt of one cell.

        Parameters
        ----------
        cell : int
            Position of the cell.
        insider : Insider, optional
            Who knows cells; an outsider otherwise.

        Returns
        -------
        list of Task
            Empty for the insider's own cell.
        """
        up, down = (
            [float(side[cell]) for side in sides]
            for sides in ((self.levels.up, self.other.up), (self.levels.down, self.other.down))
        )
        own: tuple[int, ...] = ()
        if insider is not None:
            own = tuple(np.flatnonzero(insider.own).tolist())
            if insider.among[cell]:
                # None but the own case is as few as such a person can think of.
                left = max(1.0, float(self.cells.counts[cell]) - 1.0)
                down = [min(way, left) for way in down]
        if cell in own:
            return []
        return [Task(cell, up[0], up[1], own), Task(cell, -down[0], -down[1], own)]


def read_assignment(
    cells: LinkedCells,
    primary: ArrayLike,
    always_shown: ArrayLike | None,
    weights: ArrayLike | None,
    levels: ProtectionLevels | None,
    threshold: ArrayLike = 5.0,
) -> Assignment:
    """Check what a search for a pattern is told.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    primary : array_like of bool, shape (cells,)
        Cells that need protection.
    always_shown : array_like of bool, optional
        Cells that must be published; zeros are, where nothing is said.
    weights : array_like, shape (cells,), optional
        Cost of each cell; :func:`weigh_cells` otherwise.
    levels : ProtectionLevels, optional
        How far each interval must reach; :func:`set_protection_levels` otherwise.
    threshold : array_like
        Smallest count that may be known to exist; a number, or one for each cell.

    Returns
    -------
    Assignment

    Raises
    ------
    ValueError
        When shapes differ, a value is absent, a weight is not positive, a cell is both primary and
        always shown, or levels ask for less than a gate does.
    """
    sensitive = read_mask(cells, primary, "primary")
    shown = (cells.counts == 0) & ~sensitive
    if always_shown is not None:
        shown = read_mask(cells, always_shown, "always_shown")
    cost = np.array(weigh_cells(cells) if weights is None else weights, dtype=np.float64)
    if np.isnan(cells.counts).any():
        raise ValueError(
            f"{int(np.isnan(cells.counts).sum())} cells have no value, and a pattern depends on "
            "the true ones. Give the values of withheld cells too; they stay with you."
        )
    if cost.shape != (len(cells),) or not (cost > 0).all():
        raise ValueError(
            "A weight is missing or not above 0, and what costs nothing would be withheld freely. "
            "Give a positive weight for each cell, or name the cells that are always shown."
        )
    if (sensitive & shown).any():
        cell = cells.names[np.flatnonzero(sensitive & shown)[0]]
        raise ValueError(
            f"Cell {cell} needs protection and is to be shown always. Decide which of both holds."
        )
    limits = read_thresholds(cells, threshold)
    need = levels or set_protection_levels(cells.counts, limits)
    low, high = cells.counts - need.down, cells.counts + need.up
    weak = sensitive & ~find_wide_enough(cells.counts, low, high, limits)
    if weak.any():
        cell = np.flatnonzero(weak)[0]
        raise ValueError(
            f"For cell {cells.names[cell]} an interval from {low[cell]:g} to {high[cell]:g} is "
            "asked for, and a gate would not let that pass. Ask for one less and one more at the "
            "least, and for none at all or the threshold besides."
        )
    other = need if levels else find_other_levels(cells.counts, limits)
    return Assignment(cells, sensitive, ~shown, cost, need, other)


def refuse_table(assignment: Assignment, task: Task) -> PatternError:
    """Make the error that says which cell no pattern protects.

    Parameters
    ----------
    assignment : Assignment
        The table.
    task : Task
        The movement that is not possible.

    Returns
    -------
    PatternError
        To be raised.
    """
    return PatternError(
        f"Cell {assignment.cells.names[task.cell]} cannot be protected: whatever else is "
        "withheld, it can be worked out. Let cells that are always shown be withheld, publish a "
        "coarser table, or withhold the whole group."
    )
