"""Which small counts of a large edition are not safe: all are examined, most by shared moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from .breach import COLUMNS
from .moves import Mover, Wish
from .persons import find_persons
from .policy_check import is_small
from .reduction import NEAR, reduce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .knowledge import Key, Knowledge
    from .persons import Person

BATCH, PATIENCE = 5, 3
LESS, MORE, FAR = range(3)


@dataclass
class Sweep:
    """What is shown so far. ``blocking[k]`` are persons to whom demand k is not shown yet."""

    breaches: list[tuple[object, ...]] = field(default_factory=list)
    programmes: int = 0
    single: int = 0


class _Edition:
    def __init__(
        self, knowledge: Knowledge, true: np.ndarray, threshold: np.ndarray, *, persons: bool
    ) -> None:
        self.knowledge, self.true, self.threshold = knowledge, true, threshold
        system = reduce(knowledge)
        self.mover = Mover(system, true[system.origin])
        self.origin = system.origin[self.mover.free]
        self.asked = np.flatnonzero(is_small(true, threshold) & np.isnan(knowledge.figures))
        self.persons = find_persons(knowledge, true) if persons else []
        parts = self.mover.parts
        self.frozen = [self._freeze(person) for person in self.persons]
        at = np.repeat(np.arange(len(self.frozen)), [len(each) for each in self.frozen])
        column = np.concatenate([*self.frozen, np.empty(0, dtype=int)])
        self.holds = sparse.csr_array(
            (np.ones(len(at)), (at, column)), shape=(len(self.frozen), self.mover.size)
        ).T.tocsr()
        self.asked_parts = sparse.csc_array(parts[self.asked])
        self.alone_in: dict[int, int] = {}
        for number, person in enumerate(self.persons):
            self.alone_in |= dict.fromkeys(person.alone.tolist(), number)
        self.counted_in: dict[int, set[int]] = {cell: set() for cell in self.asked.tolist()}
        for number, person in enumerate(self.persons):
            for cell in set(person.counted.tolist()) & self.counted_in.keys():
                self.counted_in[cell].add(number)

    def _freeze(self, person: Person) -> np.ndarray:
        # A total of one is one person and nobody else: all its parts stay where they are.
        return np.unique(self.mover.parts[person.alone].indices)

    def label(self, scope: Callable[[Key], object]) -> np.ndarray:
        names = (self.knowledge.names[at][0] for at in self.origin)
        return np.asarray(pd.factorize(pd.Series([scope(key) for key in names], dtype=object))[0])

    def find_changes(self, move: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        support = np.flatnonzero(move)
        change = self.asked_parts[:, support] @ move[support]
        return np.flatnonzero(np.abs(change) > NEAR), change

    def find_touched(self, move: np.ndarray) -> frozenset[int]:
        return frozenset(self.holds[np.flatnonzero(move)].indices.tolist())


class _Proof:
    def __init__(self, edition: _Edition, seed: int) -> None:
        self.edition = edition
        self.draw = np.random.default_rng(seed)
        self.true = edition.true[edition.asked]
        self.threshold = edition.threshold[edition.asked]
        # None: not even shown to an outsider. Otherwise persons to whom it is not shown.
        self.blocking: list[list[frozenset[int] | None]] = [[None] * 3 for _ in edition.asked]
        # Persons to whom a count has been shown to be none, themselves left out of it.
        self.sure: list[set[int]] = [set() for _ in edition.asked]
        self.tries = np.zeros(len(edition.asked), dtype=int)
        self.report = Sweep()

    def learn(self, move: np.ndarray) -> None:
        for step in self.edition.mover.repeat(move):
            where, change = self.edition.find_changes(step)
            touched = self.edition.find_touched(step)
            for at in where.tolist():
                self._note(at, change[at], touched)

    def _note(self, at: int, change: float, touched: frozenset[int]) -> None:
        own = self.edition.alone_in.get(int(self.edition.asked[at]))
        met = [change < -0.5, change > 0.5, False]
        met[FAR] = self.true[at] + change < 0.5 or self.true[at] + change > self.threshold[at] - 0.5
        if self.true[at] + change < 1.5:
            self.sure[at] |= self.edition.counted_in[int(self.edition.asked[at])] - touched
            if self.blocking[at][FAR]:
                self.blocking[at][FAR] = frozenset(self.blocking[at][FAR] - self.sure[at])
        for demand in range(3):
            if met[demand]:
                before = self.blocking[at][demand]
                left = touched - {own} if before is None else before & touched
                if demand == FAR:
                    left -= self.sure[at]
                self.blocking[at][demand] = frozenset(left)

    def is_waiting(self, at: int) -> bool:
        return any(persons is None or persons for persons in self.blocking[at])

    def list_waiting(self) -> list[int]:
        return [at for at in range(len(self.blocking)) if self.is_waiting(at)]

    def try_hints(self, hints: Sequence[tuple[np.ndarray, np.ndarray]]) -> None:
        """Make moves that somebody else thought of, where all that is printed allows them."""
        mover, origin = self.edition.mover, self.edition.origin
        column = np.full(len(self.edition.true), -1)
        column[origin] = np.arange(mover.size)
        for cells, change in hints:
            at = column[cells]
            move = np.zeros(mover.size)
            move[at[at >= 0]] = change[at >= 0]
            # What the unknowns make of all counts is reckoned anew, and fractions are no persons.
            if np.array_equal(move, np.round(move)):
                self.learn(move)

    def choose(self, at: int, turn: int) -> tuple[Wish, frozenset[int]]:
        """What to ask of a count that waits, and who must stay where they are."""
        three = self.blocking[at]
        open_ones = [demand for demand in range(3) if three[demand] is None or three[demand]]
        demand = open_ones[turn % len(open_ones)]
        cell, true = int(self.edition.asked[at]), self.true[at]
        ways = [(-1, true), (1, max(1.0, self.threshold[at] - true))]
        ways.sort(key=lambda way: way[1])
        side, far = ways[(turn // len(open_ones)) % 2]
        if demand != FAR:
            side = -1 if demand == LESS else 1
            far = far if three[FAR] is None and side == ways[0][0] else 1.0
        return Wish(cell, side, far), three[demand] or frozenset()

    def sweep_scope(self, label: np.ndarray) -> None:
        """Look for moves among the unknowns of one label, for each label by itself."""
        edition = self.edition
        parts = edition.mover.parts[edition.asked]
        empty = np.diff(parts.indptr) == 0
        first, last = np.full(len(empty), -1), np.full(len(empty), -2)
        filled = np.flatnonzero(~empty)
        first[filled] = np.minimum.reduceat(label[parts.indices], parts.indptr[filled])
        last[filled] = np.maximum.reduceat(label[parts.indices], parts.indptr[filled])
        self.tries[:] = 0
        for name in np.unique(label):
            inside = np.flatnonzero((first == name) & (last == name))
            scope = np.flatnonzero(label == name)
            while True:
                waiting = [
                    at
                    for at in inside.tolist()
                    if self.is_waiting(at) and self.tries[at] < PATIENCE
                ]
                if not waiting:
                    break
                for chosen in _cut(self.draw.permutation(waiting).tolist()):
                    self._push(chosen, scope)

    def _push(self, chosen: list[int], scope: np.ndarray) -> None:
        wishes: list[Wish] = []
        frozen: set[int] = set()
        for at in chosen:
            if self.is_waiting(at):
                wish, persons = self.choose(at, int(self.tries[at]))
                self.tries[at] += 1
                wishes.append(wish)
                for person in persons:
                    frozen.update(self.edition.frozen[person].tolist())
        if wishes:
            still = np.array(sorted(frozen), dtype=int)
            self.report.programmes += 1
            for move in self.edition.mover.seek_many(wishes, still, scope):
                self.learn(move)

    def finish(self) -> None:
        """What no shared move has cleared is settled by itself."""
        for at in self.list_waiting():
            for demand in range(3):
                self._settle(at, demand)

    def _settle(self, at: int, demand: int) -> None:
        if self.blocking[at][demand] is None and not self._clear(at, demand, None):
            self._write_down(at, demand, None)
            return
        for person in sorted(self.blocking[at][demand] or ()):
            # A move that was found for one may have cleared others since.
            still = self.blocking[at][demand]
            if still and person in still and not self._clear(at, demand, person):
                self._write_down(at, demand, person)

    def _clear(self, at: int, demand: int, person: int | None) -> bool:
        edition = self.edition
        cell, true = int(edition.asked[at]), self.true[at]
        frozen = np.empty(0, dtype=int) if person is None else edition.frozen[person]
        counted = person is not None and cell in edition.persons[person].counted
        none = true - 1.0 if counted else true
        wishes = {
            LESS: [Wish(cell, -1, 1.0)],
            MORE: [Wish(cell, 1, 1.0)],
            FAR: [Wish(cell, -1, none), Wish(cell, 1, max(1.0, self.threshold[at] - true))],
        }[demand]
        for wish in wishes:
            self.report.single += 1
            move = edition.mover.seek_one(wish, frozen)
            if move is not None:
                self.learn(move)
                return True
        return False

    def _write_down(self, at: int, demand: int, person: int | None) -> None:
        edition, names = self.edition, self.edition.knowledge.names
        cell = int(edition.asked[at])
        knows = None if person is None else names[int(edition.persons[person].alone[0])]
        reason = ("not less", "not more", "small and there")[demand]
        self.report.breaches.append((*names[cell], self.true[at], reason, knows))


def _cut(places: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(places), BATCH):
        yield places[start : start + BATCH]


def sweep(
    knowledge: Knowledge,
    true: np.ndarray,
    threshold: np.ndarray | float,
    *,
    persons: bool = True,
    scopes: Sequence[Callable[[Key], object]] = (),
    hints: Sequence[tuple[np.ndarray, np.ndarray]] = (),
    seed: int = 1,
) -> tuple[pd.DataFrame, Sweep]:
    """List each demand of policy that a small count does not meet, and how much work it was.

    Every small count that is withheld is shown to be safe by moves, or proven not to be. Each
    of the ``scopes`` labels cells by their key: moves are looked for among cells of one label
    first (a region in a year), and among all cells in the end. ``hints`` are moves to begin with
    (positions of counts, and their changes), whoever found them: each is held against all printed
    figures here, and one that does not fit shows nothing.
    """
    limits = np.broadcast_to(np.asarray(threshold, dtype=float), true.shape)
    proof = _Proof(_Edition(knowledge, true, limits, persons=persons), seed)
    proof.try_hints(hints)
    for scope in (*scopes, lambda _key: 0):
        proof.sweep_scope(proof.edition.label(scope))
    proof.finish()
    shown = np.flatnonzero(is_small(true, limits) & ~np.isnan(knowledge.figures))
    printed = [(*knowledge.names[at], true[at], "printed", None) for at in shown.tolist()]
    columns = [*COLUMNS[:3], "reason", "knows"]
    return pd.DataFrame([*printed, *proof.report.breaches], columns=columns), proof.report
