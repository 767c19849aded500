"""Publishes again what a pattern can spare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.linked.coverage import Movement
    from analysis.protection.linked.search import Search

    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]

# Each attempt proves all that it touches again; so many are worth their time.
MOST_ATTEMPTS = 24
# In larger editions an attempt costs more than the few cells that it brings back.
MOST_CELLS = 1_000


def publish_again(search: Search) -> None:
    """Publish cells withheld for the sake of others, where the pattern holds without them.

    First the movements are gone through again, those that need fewest further cells first. Then
    cells are left out in batches, the dearest first; what is not proven then is pushed again
    within what remains, and a batch that cannot be spared is halved.

    Parameters
    ----------
    search : Search
        A pattern that is proven; it stays so.
    """
    choose_movements(search)
    if len(search.cells) > MOST_CELLS:
        return
    further = search.withheld & ~search.held
    order = np.flatnonzero(further)
    order = order[np.argsort(-search.assignment.weights[order], kind="stable")]
    batches = [batch for batch in np.array_split(order, 8) if len(batch)]
    for _ in range(MOST_ATTEMPTS):
        if not batches:
            return
        batch = batches.pop(0)
        if not _spare(search, batch) and len(batch) > 1:
            batches += np.array_split(batch, 2)


def choose_movements(search: Search) -> None:
    """Keep of the movements those that are needed, beginning with those that withhold least.

    Parameters
    ----------
    search : Search
        A pattern that is proven; it stays so.
    """
    found, before = list(search.movements), search.withheld
    kept = search.held
    weights = search.ties.add_up(np.where(kept, 0.0, search.assignment.weights))
    found.sort(key=lambda move: float(weights[move.cells].sum()))
    search.start(found, kept)
    if search.coverage.count_open():
        # A person who was no attacker without these cells is one with them.
        search.start(found, before)


def _spare(search: Search, batch: IndexArray) -> bool:
    """Try to publish some cells; take everything back when something is open then."""
    before, withheld = list(search.movements), search.withheld.copy()
    fewer = withheld.copy()
    left_out = np.zeros_like(fewer)
    left_out[batch] = True
    fewer &= ~search.ties.widen(left_out)
    search.start([move for move in before if _stays(move, fewer)], fewer)
    search.press_again()
    if search.coverage.count_open():
        search.start(before, withheld)
        return False
    return True


def _stays(move: Movement, withheld: BoolArray) -> bool:
    return bool(withheld[move.cells].all())
