"""Makes new movements of known ones, so that a person who moves in both moves in neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.coverage import Movement
from analysis.protection.linked.solver import NEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from analysis.protection.linked.coverage import Coverage
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    IndexArray = NDArray[np.int64]

# So many movements of a cell are tried with so many of a person.
OF_CELL, OF_PERSON = 3, 4
# A cell that more persons have not seen move is pushed once more instead.
FEW_PERSONS = 4
# More than this many times the same movement proves nothing more.
FARTHEST = 10.0


def recombine_movements(
    cells: LinkedCells,
    coverage: Coverage,
    movements: Sequence[Movement],
    take: Callable[[list[Movement]], None],
) -> None:
    """Take movements together in pairs, where each proves nothing to a person by itself.

    When a cell moves only in movements that move the cells of a person too, the sum of one of
    them and of another movement of this person, turned so that his cells stand still, still moves
    the cell. Every equation holds for it, and only the bounds have to be looked at: no program is
    needed.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    coverage : Coverage
        What is proven.
    movements : sequence of Movement
        Known ones.
    take : callable
        Is given new movements, and notes in the coverage those that it wants.
    """
    if len(movements):
        pairs = _Pairs(cells, coverage, movements, np.random.default_rng(len(movements)))
        for cell, attacker in coverage.list_pairs(FEW_PERSONS):
            if coverage.is_open(cell, attacker):
                pairs.try_pairs(cell, attacker, take)


def turn_movement(cells: LinkedCells, places: IndexArray, change: FloatArray) -> Iterator[Movement]:
    """Go the same way, as far as it goes, and the other way round: all equations hold too.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    places : numpy.ndarray of int, shape (moved,)
        Positions.
    change : numpy.ndarray, shape (moved,)
        What is added to each, in a movement that keeps every equation; never 0.

    Yields
    ------
    Movement
        Those that keep all bounds.
    """
    truth = cells.counts[places]
    up, down = cells.highest[places] - truth, truth - cells.lowest[places]
    for step in (change, -change):
        room = np.where(step > 0, up, down)
        times = np.floor((room / np.abs(step)).min(initial=FARTHEST) + NEAR)
        for factor in {1.0, times} if times >= 1 else ():
            yield Movement(places, factor * step)


class _Pairs:
    """Finds the movements of each cell."""

    def __init__(
        self,
        cells: LinkedCells,
        coverage: Coverage,
        movements: Sequence[Movement],
        draw: np.random.Generator,
    ) -> None:
        from scipy import sparse

        self.cells, self.coverage, self.movements, self.draw = cells, coverage, movements, draw
        ends = np.cumsum([0] + [len(move.cells) for move in movements])
        table = sparse.csr_array(
            (
                np.concatenate([move.change for move in movements]),
                np.concatenate([move.cells for move in movements]),
                ends,
            ),
            shape=(len(movements), len(cells)),
        )
        self.of_cell: sparse.csc_array = table.tocsc()
        self.of_cell.sort_indices()

    def try_pairs(self, cell: int, attacker: int, take: Callable[[list[Movement]], None]) -> None:
        """Try some pairs, until the cell is proven to the attacker."""
        known = int(self.coverage.persons.first[attacker - 1])
        of_cell, of_person = self._choose(cell, OF_CELL), self._choose(known, OF_PERSON)
        for first, _ in of_cell:
            one = self.movements[first]
            here = self._find_change(one, known)
            for second, change in of_person:
                if second == first or not here or here % change:
                    continue
                take(self._join(one, self.movements[second], -here / change))
                if not self.coverage.is_open(cell, attacker):
                    return

    def _choose(self, cell: int, most: int) -> list[tuple[int, float]]:
        part = slice(*self.of_cell.indptr[cell : cell + 2])
        numbers, changes = self.of_cell.indices[part], self.of_cell.data[part]
        chosen = self.draw.permutation(len(numbers))[:most]
        return list(zip(numbers[chosen].tolist(), changes[chosen].tolist(), strict=True))

    def _find_change(self, move: Movement, cell: int) -> float:
        at = int(np.searchsorted(move.cells, cell))
        return float(move.change[at]) if cell in move.cells[at : at + 1] else 0.0

    def _join(self, one: Movement, other: Movement, factor: float) -> list[Movement]:
        places, at = np.unique(np.concatenate([one.cells, other.cells]), return_inverse=True)
        change = np.bincount(at, np.concatenate([one.change, factor * other.change]))
        moved = np.abs(change) > NEAR
        return list(turn_movement(self.cells, places[moved], change[moved].astype(float)))
