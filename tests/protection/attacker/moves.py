"""Moves from the true table to others that fit: what they show an attacker cannot rule out.

A move changes withheld counts by whole numbers and nothing that was printed. One programme looks
for many moves at once: each count that is asked about is paid for moving, every other change
costs, so that the answer falls apart into small moves that can be made each by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy import sparse

from .intervals import UnsolvedError
from .reduction import NEAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .reduction import System

REWARD = 1000.0
SECONDS = 120.0
# Every step costs and what is paid for is bounded, so that no programme can be unbounded.
NO_MOVE = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


@dataclass(frozen=True)
class Wish:
    """A count (position) that shall move to a side (1 or -1) by ``far``."""

    cell: int
    side: int
    far: float


@dataclass(frozen=True, eq=False)
class View:
    """Some of the unknowns, and the equations that they stand in."""

    scope: np.ndarray
    touched: np.ndarray
    both: sparse.csr_array
    parts: sparse.csr_array


class Mover:
    """Looks for moves in a system; ``base`` are the true values of its unknowns."""

    def __init__(self, system: System, base: np.ndarray) -> None:
        free = np.flatnonzero(system.group >= 0)
        rows = sparse.csc_array(system.rows)[:, free].tocsr()
        telling = np.diff(rows.indptr) > 0
        self.rows = sparse.csr_array(rows[telling])
        still = system.rows @ base
        if (still < system.low - NEAR).any() or (still > system.high + NEAR).any():
            raise ValueError("The true table does not fit what is published. Check the figures.")
        if (base < system.least - NEAR).any() or (base > system.most + NEAR).any():
            raise ValueError("A true count lies outside of its bounds. Check the figures.")
        self.room_down = (system.low - still)[telling]
        self.room_up = (system.high - still)[telling]
        self.is_equation = (system.high - system.low)[telling] < NEAR
        self.down = (base - system.least)[free]
        self.up = (system.most - base)[free]
        self.parts = sparse.csr_array(sparse.csc_array(system.parts)[:, free])
        self.free = free
        self.by_column = self.rows.tocsc()
        self.parts_by_column = self.parts.tocsc()
        self.views: dict[bytes, View] = {}
        self.solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1)):
            self.solver.setOptionValue(option, value)
        self.size = len(free)
        # People alone in a cell cost more: a move that leaves them where they are clears more.
        self.cost = np.where(np.round(base[free]) == 1, 1.5, 1.0)

    def seek_many(
        self, wishes: list[Wish], frozen: np.ndarray, scope: np.ndarray
    ) -> list[np.ndarray]:
        """Look within some unknowns for moves that grant many wishes; whole moves only."""
        answer = self._solve(wishes, frozen, self._view(scope), hard=False, whole=False)
        return [] if answer is None else list(self._fall_apart(answer))

    def seek_one(self, wish: Wish, frozen: np.ndarray) -> np.ndarray | None:
        """Look for a whole move that grants a wish; None where there is none, which is proven."""
        everywhere = self._view(np.arange(self.size))
        quick = self._solve([wish], frozen, everywhere, hard=True, whole=False)
        if quick is None:
            return None
        if np.abs(quick - np.round(quick)).max() < NEAR:
            return np.round(quick)
        return self._solve([wish], frozen, everywhere, hard=True, whole=True)

    def _view(self, scope: np.ndarray) -> View:
        name = scope.tobytes()
        if name not in self.views:
            rows = self.by_column[:, scope].tocsr()
            touched = np.flatnonzero(np.diff(rows.indptr) > 0)
            both = sparse.hstack([rows[touched], -rows[touched]], format="csr")
            parts = self.parts_by_column[:, scope].tocsr()
            self.views[name] = View(scope, touched, both, parts)
        return self.views[name]

    def _solve(
        self, wishes: list[Wish], frozen: np.ndarray, view: View, *, hard: bool, whole: bool
    ) -> np.ndarray | None:
        """Ask for the cheapest change: columns are steps up, steps down, and what is granted."""
        up, down = self.up.copy(), self.down.copy()
        up[frozen] = down[frozen] = 0.0
        size, count = len(view.scope), len(wishes)
        far = np.array([wish.far for wish in wishes])
        cost = self.cost[view.scope]
        programme = highspy.HighsLp()
        programme.num_col_ = 2 * size + count
        programme.num_row_ = len(view.touched) + count
        programme.col_cost_ = np.concatenate([cost, cost, np.full(count, 0.0 if hard else -REWARD)])
        programme.col_lower_ = np.concatenate([np.zeros(2 * size), far if hard else 0.0 * far])
        programme.col_upper_ = np.concatenate([up[view.scope], down[view.scope], far])
        programme.row_lower_ = np.concatenate([self.room_down[view.touched], np.zeros(count)])
        programme.row_upper_ = np.concatenate([self.room_up[view.touched], np.full(count, np.inf)])
        starts, columns, values = [view.both.indptr], [view.both.indices], [view.both.data]
        for at, wish in enumerate(wishes):
            span = slice(*view.parts.indptr[wish.cell : wish.cell + 2])
            places, sizes = view.parts.indices[span], wish.side * view.parts.data[span]
            columns.append(np.concatenate([places, places + size, [2 * size + at]]))
            values.append(np.concatenate([sizes, -sizes, [-1.0]]))
            starts.append(starts[-1][-1:] + len(values[-1]))
        matrix = programme.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.concatenate(starts)
        matrix.index_, matrix.value_ = np.concatenate(columns), np.concatenate(values)
        if whole:
            programme.integrality_ = [highspy.HighsVarType.kInteger] * programme.num_col_
        # Any whole move will do: it need not be the cheapest.
        self.solver.setOptionValue("mip_rel_gap", 1.0 if whole else 0.0)
        # The solver's clock runs on from one programme to the next.
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + SECONDS)
        self.solver.passModel(programme)
        self.solver.run()
        status = self.solver.getModelStatus()
        if status in NO_MOVE:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise UnsolvedError(f"The solver stopped: {self.solver.modelStatusToString(status)}.")
        answer = np.array(self.solver.getSolution().col_value)
        move = np.zeros(self.size)
        move[view.scope] = answer[:size] - answer[size : 2 * size]
        return np.round(move) if whole else move

    def _fall_apart(self, move: np.ndarray) -> Iterator[np.ndarray]:
        changed = np.flatnonzero(np.abs(move) > NEAR)
        touched = self.rows[self.is_equation].tocsc()[:, changed].tocsr()
        touched.eliminate_zeros()
        piece = {at: [at] for at in range(len(changed))}
        owner = list(range(len(changed)))
        # Small sums first: what is balanced within itself stays a piece of its own.
        for row in np.argsort(np.diff(touched.indptr), kind="stable"):
            span = slice(touched.indptr[row], touched.indptr[row + 1])
            change: dict[int, float] = {}
            for at, size in zip(touched.indices[span].tolist(), touched.data[span], strict=True):
                change[owner[at]] = change.get(owner[at], 0.0) + size * move[changed[at]]
            unbalanced = [number for number, value in change.items() if abs(value) > NEAR]
            for number in unbalanced[1:]:
                for at in piece.pop(number):
                    owner[at] = unbalanced[0]
                    piece[unbalanced[0]].append(at)
        for members in piece.values():
            places = changed[members]
            values = move[places]
            if np.abs(values - np.round(values)).max() < NEAR:
                part = np.zeros(self.size)
                part[places] = np.round(values)
                yield part

    def repeat(self, move: np.ndarray) -> list[np.ndarray]:
        """The move as often as there is room for it, and the move turned round."""
        made = []
        for sign in (1.0, -1.0):
            step = sign * move
            change = self.rows @ step
            room = [
                self.up[step > 0] / step[step > 0],
                self.down[step < 0] / -step[step < 0],
                self.room_up[change > NEAR] / change[change > NEAR],
                self.room_down[change < -NEAR] / change[change < -NEAR],
            ]
            times = min(float(np.floor(part + NEAR).min(initial=1e6)) for part in room)
            if times >= 1:
                made.append(step)
            if times > 1:
                made.append(step * min(times, 12.0))
        return made
