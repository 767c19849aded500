"""All counts as sums of as few unknowns as possible.

A withheld total is the sum of its parts, so that it need not be an unknown of its own: what is
left are the finest withheld counts, and one equation for each figure that was printed above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from .knowledge import Knowledge

NEAR = 1e-6


class ContradictionError(ValueError):
    """Figures that no table fits: what the attacker takes for granted is wrong."""


@dataclass(frozen=True, eq=False)
class System:
    """``counts = parts @ unknowns + fixed``; ``rows @ unknowns`` between ``low`` and ``high``.

    ``origin`` says which count each unknown is; ``group`` which unknowns hang together.
    """

    parts: sparse.csr_array
    fixed: np.ndarray
    rows: sparse.csr_array
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray
    origin: np.ndarray
    group: np.ndarray
    group_of_row: np.ndarray


def reduce(knowledge: Knowledge) -> System:
    """Write every count by the finest unknowns, and keep the equations that say anything."""
    blank = np.isnan(knowledge.figures)
    substitute, defined = _define_totals(knowledge, blank)
    sums = sparse.eye_array(len(blank), format="csr")
    while True:
        wider = (sparse.eye_array(len(blank), format="csr") + substitute @ sums).tocsr()
        if (abs(wider - sums) > NEAR).nnz == 0:
            break
        sums = wider
    origin = np.flatnonzero(blank & ~defined)
    parts = sparse.csr_array(sums[:, origin])
    # What is printed is what was printed, a total too.
    fixed = sums @ np.where(blank, 0.0, knowledge.figures)
    bounded = np.flatnonzero(defined & ((knowledge.lowest > 0) | np.isfinite(knowledge.highest)))
    left = sparse.csr_array(knowledge.rows @ parts)
    right = knowledge.sums - knowledge.rows @ fixed
    rows, low, high = _keep_telling(left, right)
    extra = parts[bounded]
    rows = sparse.vstack([rows, extra], format="csr")
    low = np.concatenate([low, (knowledge.lowest - fixed)[bounded]])
    high = np.concatenate([high, (knowledge.highest - fixed)[bounded]])
    least, most = knowledge.lowest[origin].copy(), knowledge.highest[origin].copy()
    _tighten(rows, low, high, least, most)
    group, group_of_row = _split(rows, most - least > NEAR)
    return System(parts, fixed, rows, low, high, least, most, origin, group, group_of_row)


def _define_totals(knowledge: Knowledge, blank: np.ndarray) -> tuple[sparse.csr_array, np.ndarray]:
    defined = np.zeros(len(blank), dtype=bool)
    at, part = [], []
    rows = knowledge.rows
    for row in np.flatnonzero(knowledge.is_sum):
        cells = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        signs = rows.data[rows.indptr[row] : rows.indptr[row + 1]]
        total = cells[signs > 0][0]
        if blank[total] and not defined[total]:
            defined[total] = True
            below = cells[signs < 0]
            at += [total] * len(below)
            part += below.tolist()
    shape = (len(blank), len(blank))
    return sparse.csr_array((np.ones(len(at)), (at, part)), shape=shape), defined


def _keep_telling(
    left: sparse.csr_array, right: np.ndarray
) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
    left = sparse.csr_array(left)
    left.data[np.abs(left.data) < NEAR] = 0
    left.eliminate_zeros()
    left.sort_indices()
    # One equation may come with either sign; what is left of a printed total has plus signs.
    filled = np.diff(left.indptr) > 0
    sign = np.ones(left.shape[0])
    sign[filled] = np.sign(left.data[left.indptr[:-1][filled]])
    left, right = sparse.csr_array(sparse.diags_array(sign) @ left), right * sign
    left.sort_indices()
    seen: dict[tuple[bytes, bytes], int] = {}
    for row in range(left.shape[0]):
        span = slice(left.indptr[row], left.indptr[row + 1])
        if span.start == span.stop:
            if abs(right[row]) > NEAR:
                raise ContradictionError(f"Printed figures differ by {right[row]:g} in their sum.")
            continue
        key = (left.indices[span].tobytes(), left.data[span].tobytes())
        before = seen.setdefault(key, row)
        if abs(right[before] - right[row]) > NEAR:
            raise ContradictionError(f"One sum is {right[before]:g} and {right[row]:g} at once.")
    kept = np.array(sorted(seen.values()), dtype=int)
    return sparse.csr_array(left[kept]), right[kept], right[kept].copy()


def _tighten(
    rows: sparse.csr_array, low: np.ndarray, high: np.ndarray, least: np.ndarray, most: np.ndarray
) -> None:
    """Bring bounds down to what is left of each printed total; until nothing changes."""
    entries = rows.tocoo()
    plain = np.ones(rows.shape[0], dtype=bool)
    plain[entries.row[entries.data < 0]] = False
    use = plain[entries.row]
    row, cell, size = entries.row[use], entries.col[use], entries.data[use]
    while True:
        room = high - rows @ least
        if (room[plain] < -NEAR).any():
            raise ContradictionError("A printed total is smaller than what its parts are at least.")
        before = most.copy()
        np.minimum.at(most, cell, least[cell] + np.floor(room[row] / size + NEAR))
        reach = np.where(np.isfinite(most), most, 0.0)
        open_end = rows @ (~np.isfinite(most)).astype(float)
        # What the others cannot fill is in this one, where all others are bounded.
        closed = open_end[row] == 0
        need = (low[row] - (rows @ reach)[row] + size * reach[cell]) / size
        floor = np.where(closed, np.ceil(need - NEAR), -np.inf)
        old = least.copy()
        np.maximum.at(least, cell, floor)
        if (least > most + NEAR).any():
            raise ContradictionError("A count is larger and smaller than itself.")
        if np.array_equal(before, most) and np.array_equal(old, least):
            return


def _split(rows: sparse.csr_array, moves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    incidence = (abs(rows) @ sparse.diags_array(moves.astype(float))).tocsr()
    incidence.eliminate_zeros()
    count = rows.shape[0]
    graph = sparse.block_array([[None, incidence], [incidence.T, None]], format="csr")
    _, label = connected_components(graph, directed=False)
    return np.where(moves, label[count:], -1), label[:count]
