"""Pushes a few cells up or down, past the persons who have not seen them move yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.coverage import OUTSIDER
from analysis.protection.linked.levels import find_other_levels, set_protection_levels
from analysis.protection.linked.solver import NEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from analysis.protection.linked.coverage import Coverage, Movement
    from analysis.protection.linked.movements import Scope
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]

# One cell in five is sent the farther of the two ways that a gate lets pass.
FARTHER, HALF = 0.2, 0.5
# Few cells at a time make short movements, which few persons see through; and short programs.
ONE_IN, MOST_AT_ONCE = 60, 16
# More of them while nobody at all has seen them move: then any movement will do. In a small scope
# they would get into each other's way, so that their number grows with the square of its size.
PAIRS_AT_FIRST, MOST_AT_FIRST = 20_000, 80
# Then blocks are put together anew, where there are several ways to.
MOST_ROUNDS = 20
# A movement that keeps out of the way of persons serves more of them.
DEARER_FOR_PERSONS = 2.0
# Worth more than all that a single cell can make move.
ALONE = 1e6


class Pusher:
    """Pushes the primary cells that are not proven yet.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    coverage : Coverage
        What is proven.
    thresholds : numpy.ndarray, shape (cells,)
        Smallest count that may be known to exist.
    seed : int
        The same seed pushes the same cells.
    """

    def __init__(
        self, cells: LinkedCells, coverage: Coverage, thresholds: FloatArray, seed: int = 0
    ) -> None:
        self.coverage, self.draw = coverage, np.random.default_rng(seed)
        self.near = set_protection_levels(cells.counts, thresholds)
        self.other = find_other_levels(cells.counts, thresholds)
        self.tries = np.zeros(len(coverage.primary), dtype=np.int64)
        self.most_tries = 1

    def press(
        self,
        rounds: Iterator[list[Scope]],
        reward: float,
        costs: Callable[[IndexArray], FloatArray],
        take: Callable[[list[Movement]], None],
        tries: int,
        *,
        unseen: bool = False,
        strict: bool = False,
    ) -> None:
        """Push until everything is proven, or what is left has been tried often enough.

        Parameters
        ----------
        rounds : iterator of list of Scope
            Where cells may move, for each round.
        reward : float
            What one unit of a movement that is wanted is worth, in units of the costs.
        costs : callable
            What one unit of a cell costs now, for positions of cells.
        take : callable
            Is given the movements found, and notes in the coverage those that it wants.
        tries : int
            How often a cell is pushed in vain before it is left to a wider scope.
        unseen : bool
            Whether to push only what nobody has seen move.
        strict : bool
            Whether to give up everything as soon as one cell is given up.
        """
        self.tries[:] = 0
        self.most_tries = tries
        for scopes in rounds:
            idle = True
            for scope in scopes:
                for _ in range(MOST_ROUNDS):
                    waiting = self._find_waiting(scope, unseen=unseen)
                    if strict and (self.tries >= tries).any():
                        return
                    if not waiting.any():
                        break
                    idle = False
                    self._push(scope, waiting, reward, costs(scope.places), take)
            if idle:
                return

    def push_alone(self, scope: Scope, cell: int, attacker: int) -> None:
        """Push one cell as far as anything asks for, both ways, past one attacker.

        Parameters
        ----------
        scope : Scope
            Cells that may move.
        cell : int
            Position of a primary cell.
        attacker : int
            Number of the attacker, as in the coverage.
        """
        places, coverage = scope.places, self.coverage
        still = np.where(coverage.persons.of_cell[places] == attacker - 1, 0.0, np.inf)
        if attacker == OUTSIDER:
            still[:] = np.inf
        for whole in (False, True) if scope.whole else (False,):
            for sign, near, other in (
                (1.0, self.near.up, self.other.up),
                (-1.0, self.near.down, self.other.down),
            ):
                if cell not in places or not coverage.is_open(cell, attacker):
                    return
                wanted = np.where(places == cell, sign * ALONE, 0.0)
                far = np.where(places == cell, max(near[cell], other[cell]), still)
                change = scope.push((1.0 - wanted, 1.0 + wanted), (far, far), whole=whole)
                coverage.add(scope.split(change))

    def _find_waiting(self, scope: Scope, *, unseen: bool) -> BoolArray:
        rows = self.coverage.row[scope.places]
        # The last place stands for cells that are not primary, and are never pushed.
        waiting: BoolArray = ~np.append(self.tries >= self.most_tries, True)[rows]
        waiting &= self.coverage.find_sides(scope.places).any(axis=0)
        if unseen:
            waiting[waiting] = self.coverage.is_open_to_all(rows[waiting])
        return waiting

    def _push(
        self,
        scope: Scope,
        waiting: BoolArray,
        reward: float,
        costs: FloatArray,
        take: Callable[[list[Movement]], None],
    ) -> None:
        draw, coverage, places = self.draw, self.coverage, scope.places
        chosen = self._choose(scope, np.flatnonzero(waiting))
        rows = coverage.row[places[chosen]]
        held = self._hold(places, chosen)
        sides = coverage.find_sides(places[chosen])
        is_up = np.where(sides.all(axis=0), draw.random(len(chosen)) < HALF, sides[1])
        far = (draw.random(len(chosen)) < FARTHER) | (self.tries[rows] > 1)
        ways = [(self.near.up, self.other.up), (self.near.down, self.other.down)]
        still, wanted = np.where(held, 0.0, np.inf), np.zeros(len(places))
        limits = [still.copy(), still.copy()]
        for limit, (near, other) in zip(limits, ways, strict=True):
            limit[chosen] = np.where(far, other[places[chosen]], near[places[chosen]])
        wanted[chosen] = np.where(is_up, reward, -reward)
        # A little chance in the costs, or the same movement would be found each time.
        cost = costs * draw.uniform(1.0, 1.2, len(places))
        cost[coverage.persons.of_cell[places] >= 0] *= DEARER_FOR_PERSONS
        before = np.bitwise_count(coverage.find_open(rows)).sum(axis=1)
        change = scope.push((cost - wanted, cost + wanted), (limits[0], limits[1]))
        take(scope.split(change))
        after = np.bitwise_count(coverage.find_open(rows)).sum(axis=1)
        # What does not move while nobody is held hardly will: half as many tries for that.
        in_vain = np.where((np.abs(change[chosen]) < NEAR) & ~held.any(), 2, 1)
        self.tries[rows] = np.where(after < before, 0, self.tries[rows] + in_vain)

    def _choose(self, scope: Scope, waiting: IndexArray) -> IndexArray:
        """Choose cells that nobody has seen move; then such as the same persons have not."""
        rows = self.coverage.row[scope.places[waiting]]
        unseen = waiting[self.coverage.is_open_to_all(rows)]
        if len(unseen):
            most = min(MOST_AT_FIRST, 1 + scope.size**2 // PAIRS_AT_FIRST)
            most = 1 + int(self.draw.integers(most))
            chosen = self.draw.choice(unseen, min(most, len(unseen)), replace=False)
        else:
            most = 1 + int(self.draw.integers(min(MOST_AT_ONCE, -(-scope.size // ONE_IN))))
            blind = self.coverage.list_blind(rows)
            shared = (blind & blind[self.draw.integers(len(rows))]).sum(axis=1)
            order = np.argsort(-shared - self.draw.random(len(rows)), kind="stable")
            chosen = waiting[order[:most]]
        return np.sort(chosen)

    def _hold(self, places: IndexArray, chosen: IndexArray) -> BoolArray:
        """Hold the cells of those persons still who have not seen enough of a chosen cell."""
        coverage = self.coverage
        rows = coverage.row[places[chosen]]
        blind = coverage.list_blind(rows)
        # All of them first; half of them when that has been in vain.
        blind &= (self.draw.random(blind.shape) < HALF) | (self.tries[rows, None] == 0)
        held = np.asarray(blind.any(axis=0))
        owner = coverage.persons.of_cell[places]
        held[owner[chosen][owner[chosen] >= 0]] = False
        cells: BoolArray = (owner >= 0) & np.append(held, False)[owner]
        return cells
