"""Movements of a whole edition out of short ones: swaps below, and what has moved above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.above import Above
from analysis.protection.linked.checks import check_together, tabulate_movements
from analysis.protection.linked.coverage import OUTSIDER, Coverage, Movement
from analysis.protection.linked.insiders import list_persons
from analysis.protection.linked.layer import Layer
from analysis.protection.linked.recombine import recombine_movements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.details import Details
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]

SWAPS, LIFTS, WISHES = 4, 2, 40
# How many blocks may move besides the own one, in turn; and how many turns may be in vain.
WIDTHS, PATIENCE = (0, 1, 0, 2), 4
# So many movements are made, then added up and checked at once.
BATCH = 40
HALF, KINDS_OF_TURN = 0.5, 3


@dataclass(frozen=True, eq=False)
class Wish:
    """A cell that shall move, to which side, how far, and past whom.

    Parameters
    ----------
    cell, side, far : int
        Position; 1 for up or -1 for down; and the number of cases.
    persons : numpy.ndarray of int
        Numbers of the persons who shall not see it.
    """

    cell: int
    side: int
    far: int
    persons: IndexArray


class Lifting:
    """Collects movements until each small count is in doubt for everybody, or no more is found.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    layouts : sequence of Details
        The held cells first; then the same with some of the cells above, which may move as well.
    withheld, primary : numpy.ndarray of bool, shape (cells,)
        The pattern, and the cells that it is there for.
    thresholds : numpy.ndarray, shape (cells,)
        Smallest count that may be known to exist.
    insiders : bool
        Whether each person who is the only case of a withheld cell is an attacker too.
    """

    def __init__(
        self,
        cells: LinkedCells,
        layouts: Sequence[Details],
        withheld: BoolArray,
        primary: BoolArray,
        thresholds: FloatArray,
        *,
        insiders: bool,
    ) -> None:
        self.cells, self.withheld, self.thresholds = cells, withheld, thresholds
        self.persons = list_persons(cells, withheld & insiders)
        self.coverage = Coverage(cells, primary & withheld, self.persons, thresholds)
        self.draw = np.random.default_rng(0)
        self.movements: list[Movement] = []
        self.layers = [
            Layer(cells, details, withheld, self.persons, self.draw) for details in layouts
        ]

    def take(self, movements: Iterable[Movement]) -> None:
        """Keep the movements that prove something.

        Parameters
        ----------
        movements : iterable of Movement
            Checked ones.
        """
        for move in movements:
            if self.coverage.proves(move):
                self.coverage.add([move])
                self.movements.append(move)

    def swap(self) -> None:
        """Move what is held while all above stands still; then with some of it moving too."""
        for turn in range(SWAPS):
            for layer in self.layers:
                below: list[FloatArray] = []
                for wish in self._list_wishes(turn):
                    inside = layer.list_inside(wish.cell)
                    if len(inside):
                        spared = layer.spare(wish.persons)
                        below.append(layer.table.push(inside, wish.far, wish.side, spared))
                    if len(below) == BATCH:
                        self._take_swaps(layer, below)
                        below = []
                self._take_swaps(layer, below)

    def lift(self, movements: Sequence[Movement]) -> None:
        """Let what is held follow movements of the cells above.

        Parameters
        ----------
        movements : sequence of Movement
            Of cells that are not held.
        """
        if not movements:
            return
        nobody = np.empty(0, dtype=np.int64)
        still = [Wish(int(move.cells[0]), 0, 0, nobody) for move in movements]
        self._lift(list(zip(movements, still, strict=True)), 0)

    def lift_again(self, movements: Sequence[Movement]) -> None:
        """Make use of the same movements for what is still open.

        Parameters
        ----------
        movements : sequence of Movement
            Of cells that are not held.
        """
        if not movements:
            return
        upper = tabulate_movements(self.cells, movements)
        by_cell = upper.tocsr()
        for turn in range(LIFTS):
            tasks: list[tuple[Movement, Wish]] = []
            for wish in self._list_wishes(turn):
                at = int(self._draw_above(wish.cell)[0])
                span = slice(*by_cell.indptr[at : at + 2])
                fit = by_cell.indices[span][by_cell.data[span] * wish.side > 0]
                if len(fit):
                    tasks.append((movements[int(self.draw.choice(fit))], wish))
                if len(tasks) == BATCH:
                    self._lift(tasks, turn)
                    tasks = []
            if tasks:
                self._lift(tasks, turn)
            self._recombine()

    def look_above(self, blocks: ArrayLike | None) -> Above:
        """Prepare for movements of a few grids and of the cells above them.

        Parameters
        ----------
        blocks : array_like, shape (cells,), optional
            Label of the block of each cell.

        Returns
        -------
        Above
        """
        return Above(self.cells, self.layers[0], self.withheld, blocks, self.persons, self.draw)

    def wish(self, above: Above) -> None:
        """Find movements of the cells above for what is still open, one by one.

        Parameters
        ----------
        above : Above
            Finds them.
        """
        stalled, left = 0, self.coverage.count_open()
        for turn in range(WISHES):
            if not left or stalled == PATIENCE:
                return
            tasks: list[tuple[Movement, Wish]] = []
            for wish in self._list_wishes(turn):
                # Once that is in vain, all blocks.
                width = above.count if stalled else WIDTHS[turn % len(WIDTHS)]
                found = above.push(wish.cell, wish.side, wish.far, wish.persons, width=width)
                if found is not None:
                    tasks.append((found, wish))
                if len(tasks) == BATCH // 4:
                    self._lift(tasks, turn)
                    tasks = []
            if tasks:
                self._lift(tasks, turn)
            self._recombine()
            before, left = left, self.coverage.count_open()
            stalled = 0 if left < before else stalled + 1

    def list_open(self) -> IndexArray:
        """List the cells that are not proven to everybody.

        Returns
        -------
        numpy.ndarray of int
            Positions.
        """
        return self.coverage.primary[self.coverage.find_open().any(axis=1)]

    def _list_wishes(self, turn: int) -> Iterator[Wish]:
        """List what is still open when its turn comes."""
        coverage = self.coverage
        rows = np.flatnonzero(coverage.find_open().any(axis=1))
        for row, cell in zip(rows.tolist(), coverage.primary[rows].tolist(), strict=True):
            persons = self._choose(row, turn)
            if persons is None:
                continue
            down, up = coverage.find_sides(np.array([cell]))[:, 0]
            count, limit = int(self.cells.counts[cell]), int(np.ceil(self.thresholds[cell]))
            if down:
                yield Wish(cell, -1, count, persons)
            if up:
                yield Wish(cell, 1, limit - count if turn % 2 else 1, persons)

    def _choose(self, row: int, turn: int) -> IndexArray | None:
        """Choose for whom to move a cell: all to whom it is open, some of them, or one."""
        bits = np.unpackbits(self.coverage.find_open(np.array([row]))[0])
        attackers = np.flatnonzero(bits)
        if not len(attackers):
            return None
        if attackers[0] == OUTSIDER:
            return np.empty(0, dtype=np.int64)
        chosen = attackers
        if turn % KINDS_OF_TURN == 1:
            chosen = attackers[self.draw.random(len(attackers)) < HALF]
        if turn % KINDS_OF_TURN == KINDS_OF_TURN - 1 or not len(chosen):
            chosen = self.draw.choice(attackers, 1)
        return chosen - 1

    def _draw_above(self, cell: int) -> IndexArray:
        """Draw margins that must move before a held cell can; the cell itself above them."""
        layer = self.layers[0]
        inside = layer.list_inside(cell)
        if not len(inside):
            return np.array([cell])
        both = self.draw.permutation(layer.of_margin[self.draw.choice(inside)])
        margins = layer.details.margins
        chosen = both[: 1 + int(self.draw.integers(2))]
        return np.array([margins.indices[margins.indptr[margin]] for margin in chosen])

    def _take_swaps(self, layer: Layer, below: list[FloatArray]) -> None:
        if below:
            self.take(check_together(self.cells, self.withheld, layer.add_up(below)))

    def _lift(self, tasks: Sequence[tuple[Movement, Wish]], turn: int) -> None:
        """Fill in the held cells below each movement, and go on to what is wished."""
        from scipy import sparse

        first, last = self.layers[0], self.layers[turn % len(self.layers)]
        below, further, above = [], [], []
        moved = tabulate_movements(self.cells, [move for move, _ in tasks]).tocsr()
        # What has moved of the held cells already stays so; all others follow.
        own = moved[first.details.places, :].toarray()
        upper = (sparse.diags_array(1.0 - first.is_held) @ moved).tocsc()
        margins = (first.details.margins @ upper).toarray() - first.add_to_margins(own)
        for number, (_, wish) in enumerate(tasks):
            inside = first.list_inside(wish.cell)
            favoured = np.zeros(len(first.table.truth))
            favoured[inside] = wish.side
            spared = first.spare(wish.persons)
            filled = first.table.fill(margins[:, number], spared, favoured)
            if filled is None:
                continue
            filled = filled + own[:, number]
            pushed, left = filled, wish.far - int(wish.side * filled[inside].sum())
            if len(inside) and left > 0:
                spared = last.spare(wish.persons)
                pushed = last.table.push(inside, left, wish.side, spared, after=filled)
            below.append(filled)
            further.append(pushed - filled)
            above.append(number)
        if below:
            changes = first.add_up(below) + last.add_up(further) + upper[:, above]
            self.take(check_together(self.cells, self.withheld, changes.tocsc()))

    def _recombine(self) -> None:
        recombine_movements(self.cells, self.coverage, self.movements, self.take)
