"""Collects movements until each count is in doubt for everybody, or no more is found."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.pushes import Pusher
from analysis.protection.linked.recombine import recombine_movements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.protection.linked.coverage import Coverage, Movement
    from analysis.protection.linked.movements import Scope
    from analysis.protection.linked.scopes import Scopes
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    Stage = tuple[Iterator[list[Scope]], int, bool]

# Worth more than the longest movement costs, so that whatever can move does.
REWARD = 1000.0
FEW = 2
TRIES_IN_BLOCKS, TRIES_IN_PAIRS, TRIES = 2, 6, 3


def collect_movements(
    cells: LinkedCells, coverage: Coverage, scopes: Scopes, thresholds: FloatArray
) -> None:
    """Push withheld cells about until everything is proven, or no more is found.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    coverage : Coverage
        What is proven; it takes note of each movement.
    scopes : Scopes
        The withheld cells.
    thresholds : numpy.ndarray, shape (cells,)
        Smallest count that may be known to exist.
    """
    found: list[Movement] = []

    def take(movements: list[Movement]) -> None:
        useful = [move for move in movements if coverage.proves(move)]
        coverage.add(useful)
        found.extend(useful)

    pusher = Pusher(cells, coverage, thresholds)
    for rounds, tries, unseen in list_stages(scopes, pusher.draw):
        if not coverage.count_open():
            return
        pusher.press(rounds, REWARD, lambda at: np.ones(len(at)), take, tries, unseen=unseen)
        if not unseen:
            recombine_movements(cells, coverage, found, take)


def list_stages(scopes: Scopes, draw: np.random.Generator) -> Iterator[Stage]:
    """List where cells may move: in their blocks, in two blocks, and anywhere.

    Parameters
    ----------
    scopes : Scopes
        The cells that may move.
    draw : numpy.random.Generator
        Source of chance.

    Yields
    ------
    tuple of iterator of list of Scope, int, and bool
        For each stage, the scopes of each round without an end; how often to push a cell in vain
        before it is left to the next stage; and whether only what nobody has seen move.
    """
    if scopes.count > FEW:
        for unseen in (True, False, False):
            yield repeat(scopes.list_single()), TRIES_IN_BLOCKS, unseen
            pairs = (scopes.list_groups(FEW, draw) for _ in repeat(None))
            yield pairs, TRIES_IN_PAIRS, unseen
    # All cells at once take long, and little is left for them where there are blocks.
    for unseen in (True, False, False):
        yield repeat([scopes.take_all()]), TRIES, unseen
