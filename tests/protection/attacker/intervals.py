"""The narrowest interval of each withheld count, by linear and whole-number programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from .reduction import NEAR, ContradictionError, System, reduce

if TYPE_CHECKING:
    from .knowledge import Knowledge

SOLVED, INFEASIBLE, UNBOUNDED = 0, 2, 3


class UnsolvedError(RuntimeError):
    """A programme without an answer; nothing follows from it."""


def narrow(knowledge: Knowledge, asked: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Work out the least and the largest whole count of each unknown that fits everything.

    Known counts have both. ``asked`` are positions; all unknown counts otherwise, NaN elsewhere.
    """
    low, high = knowledge.figures.copy(), knowledge.figures.copy()
    unknown = np.flatnonzero(np.isnan(knowledge.figures)) if asked is None else asked
    bounder = Bounder(reduce(knowledge))
    for cell in unknown:
        low[cell], high[cell] = bounder.bound(int(cell), -1), bounder.bound(int(cell), 1)
    return low, high


class Bounder:
    """Bounds of single counts; each group of unknowns by itself."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.programmes: dict[int, tuple[np.ndarray, list[LinearConstraint]]] = {}
        for group in np.unique(system.group[system.group >= 0]):
            places = np.flatnonzero(system.group == group)
            rows = np.flatnonzero(system.group_of_row == group)
            constraints = []
            if len(rows):
                still = system.rows[rows] @ np.where(system.group == group, 0.0, system.least)
                constraints = [
                    LinearConstraint(
                        sparse.csc_array(system.rows[rows][:, places]),
                        system.low[rows] - still,
                        system.high[rows] - still,
                    )
                ]
            self.programmes[int(group)] = (places, constraints)

    def bound(self, cell: int, side: int, *, whole: bool = True) -> float:
        """The largest (side 1) or least (side -1) count of a cell; infinite where unbounded."""
        system = self.system
        line = system.parts[[cell]].toarray()[0]
        fixed = system.group < 0
        total = float(system.fixed[cell] + line[fixed] @ system.least[fixed])
        for group in np.unique(system.group[(line != 0) & ~fixed]):
            places, constraints = self.programmes[int(group)]
            total += side * self._largest(side * line[places], places, constraints, whole=whole)
        return total

    def _largest(
        self,
        line: np.ndarray,
        places: np.ndarray,
        constraints: list[LinearConstraint],
        *,
        whole: bool,
    ) -> float:
        system = self.system
        least, most = system.least[places], system.most[places]
        if not constraints:
            ends = np.where(line > 0, most, least)
            return float((line[line != 0] * ends[line != 0]).sum())
        answer = milp(
            -line,
            integrality=np.full(len(places), int(whole)),
            bounds=Bounds(least, most),
            constraints=constraints,
            options={"mip_rel_gap": 0.0},
        )
        if answer.status == UNBOUNDED:
            return float("inf")
        if answer.status == INFEASIBLE:
            raise ContradictionError("No table fits all that is known.")
        if answer.status != SOLVED:
            # 'Unbounded or infeasible' is told apart by asking for any table at all.
            return self._tell_apart(line, places, constraints)
        value = float(-answer.fun)
        return float(np.floor(value + NEAR)) if whole else value

    def _tell_apart(
        self, line: np.ndarray, places: np.ndarray, constraints: list[LinearConstraint]
    ) -> float:
        system = self.system
        far = 1e6
        most = np.minimum(system.most[places], far)
        answer = milp(-line, bounds=Bounds(system.least[places], most), constraints=constraints)
        if answer.status == INFEASIBLE:
            raise ContradictionError("No table fits all that is known.")
        if answer.status != SOLVED or -answer.fun < far / 2:
            raise UnsolvedError(f"The solver stopped: {answer.message}")
        return float("inf")
