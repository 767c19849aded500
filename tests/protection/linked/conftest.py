"""What the tests of linked tables share: the rule of the gate, word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from analysis.protection.linked.insiders import find_insiders

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.protection.linked.tables import LinkedCells


@pytest.fixture(scope="session")
def expose_by_search(every_table: Callable[..., Any]) -> Callable[..., set[int]]:
    """Which cells are exposed, over all tables that fit; slow, and too plain to be wrong."""

    def expose(
        cells: LinkedCells, hidden: Any, primary: Any, threshold: Any, *, insiders: bool = True
    ) -> set[int]:
        tables = every_table(cells, hidden)
        limits = np.broadcast_to(threshold, len(cells))
        exposed = {int(cell) for cell in np.flatnonzero(primary) if not hidden[cell]}
        attackers = [(np.zeros(len(cells), bool), np.zeros(len(cells), bool))]
        persons = find_insiders(cells, hidden) if insiders else []
        attackers += [(person.own, person.among) for person in persons]
        for own, among in attackers:
            fitting = tables[(tables[:, own] == 1).all(axis=1)]
            for cell in np.flatnonzero(primary & hidden & ~own):
                low, high = fitting[:, cell].min(), fitting[:, cell].max()
                count, mine = cells.counts[cell], int(among[cell])
                reaches = low <= count - 1 and high >= count + 1
                if not reaches or (low - mine >= 1 and high < limits[cell]):
                    exposed.add(int(cell))
        return exposed

    return expose
