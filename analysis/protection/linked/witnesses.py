"""Collects movements until each count is in doubt for everybody, or no more is found."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.pushes import Pusher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.protection.linked.coverage import Coverage
    from analysis.protection.linked.movements import Scope
    from analysis.protection.linked.scopes import Scopes
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    Stage = tuple[Iterator[list[Scope]], int]

# Worth more than the longest movement costs, so that whatever can move does.
REWARD = 1000.0
FEW = (2, 4)
TRIES_IN_BLOCKS, TRIES = 2, 3
# What has been tried in vain is tried once more, for there is chance in it.
ROUNDS = 2


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
    pusher = Pusher(cells, coverage, thresholds)
    for _ in range(ROUNDS if coverage.count_open() else 0):
        for rounds, tries in list_stages(scopes, pusher.draw):
            pusher.press(rounds, REWARD, lambda at: np.ones(len(at)), coverage.add, tries)


def list_stages(scopes: Scopes, draw: np.random.Generator) -> Iterator[Stage]:
    """List where cells may move: in their blocks, in a few blocks, and anywhere.

    Parameters
    ----------
    scopes : Scopes
        The cells that may move.
    draw : numpy.random.Generator
        Source of chance.

    Yields
    ------
    tuple of iterator of list of Scope, and int
        For each stage, the scopes of each round without an end, and how often to push a cell in
        vain before it is left to the next one.
    """
    if scopes.count:
        yield repeat(scopes.list_single()), TRIES_IN_BLOCKS
    for few in FEW:
        if scopes.count > few:
            yield (scopes.list_groups(few, draw) for _ in repeat(None)), TRIES
    yield repeat([scopes.take_all()]), TRIES
