"""Persons who are the only case of a withheld cell, and what each of them knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .knowledge import Knowledge


@dataclass(frozen=True, eq=False)
class Person:
    """``alone``: cells in which they are the only case; ``counted``: cells that count them."""

    alone: np.ndarray
    counted: np.ndarray


def find_persons(knowledge: Knowledge, true: np.ndarray) -> list[Person]:
    """Find everybody who is alone in a withheld cell; a total of one and its one are the same."""
    parts_of, totals_of = _read_tree(knowledge)
    ones = np.flatnonzero(np.round(true) == 1)
    leader = {int(cell): int(cell) for cell in ones}

    def lead(cell: int) -> int:
        while leader[cell] != cell:
            cell = leader[cell]
        return cell

    for total in ones:
        for part in parts_of.get(int(total), ()):
            if part in leader:
                leader[lead(part)] = lead(int(total))
    groups: dict[int, list[int]] = {}
    for cell in leader:
        groups.setdefault(lead(cell), []).append(cell)
    found = []
    for alone in groups.values():
        if np.isnan(knowledge.figures[alone]).any():
            counted, waiting = set(alone), list(alone)
            while waiting:
                above = totals_of.get(waiting.pop(), set()) - counted
                counted |= above
                waiting += above
            found.append(Person(np.array(sorted(alone)), np.array(sorted(counted))))
    return found


def _read_tree(knowledge: Knowledge) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    parts_of: dict[int, set[int]] = {}
    totals_of: dict[int, set[int]] = {}
    rows = knowledge.rows
    for row in np.flatnonzero(knowledge.is_sum):
        cells = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        signs = rows.data[rows.indptr[row] : rows.indptr[row + 1]]
        total = int(cells[signs > 0][0])
        for part in cells[signs < 0].tolist():
            parts_of.setdefault(total, set()).add(part)
            totals_of.setdefault(part, set()).add(total)
    return parts_of, totals_of
