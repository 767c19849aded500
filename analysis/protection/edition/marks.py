"""What the policy withholds for its own sake, before anything is withheld for another's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.protection.edition.linking import LinkedEdition
    from analysis.protection.edition.sums import Sum
    from analysis.protection.policy import Policy

    BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Marks:
    """What the rules say of each cell.

    Parameters
    ----------
    threshold : numpy.ndarray, shape (cells,)
        Counts from 1 to one less are small; 0 where none is.
    small : numpy.ndarray of bool
        Must not become known; a rest that has a name among them.
    capped : numpy.ndarray of bool
        Small, and all of a total that everybody knows: nothing can be thought above it, so that
        the whole split is withheld.
    alone : numpy.ndarray of bool
        Capped, and the only part that is listed: whoever takes what is not listed for nobody knows
        the count by the total, and nothing in this edition could prevent that.
    full : numpy.ndarray of bool
        Parts of a split in which one part holds everybody.
    fixed : numpy.ndarray of bool
        Known whatever is done: shown before, or the total of a country.
    """

    threshold: NDArray[np.float64]
    small: BoolArray
    capped: BoolArray
    alone: BoolArray
    full: BoolArray
    fixed: BoolArray


def mark_cells(linked: LinkedEdition, sums: Sequence[Sum], policy: Policy) -> Marks:
    """Mark the cells by the policy.

    Parameters
    ----------
    linked : LinkedEdition
    sums : sequence of Sum
    policy : Policy

    Returns
    -------
    Marks
    """
    table = linked.table
    count = table["count"].abs().to_numpy()
    national = table["is_national"].to_numpy(dtype=bool)
    named = ~linked.is_rest | table["is_named"].fillna(value=False).to_numpy(dtype=bool)
    threshold = table["threshold"].to_numpy(dtype=np.float64)
    # No row holds a rest: it is never known by being shown, and a large one never has to be hidden.
    fixed = table["is_public"].to_numpy(dtype=bool) | (threshold == 0) & ~linked.is_rest
    small = named & (count > 0) & (count < threshold) & ~fixed
    capped, alone, full = (np.zeros(len(table), dtype=bool) for _ in range(3))
    for found in sums:
        whole = count[found.total]
        parts = np.array(found.parts)
        holds_all = parts[(count[parts] == whole) & (whole > 0)]
        if not len(holds_all):
            continue
        if fixed[found.total]:
            capped[holds_all[small[holds_all]]] = True
            alone[holds_all[small[holds_all]]] |= not found.is_closed
        is_small_place = not national[found.total] and table["is_breakdown"].iloc[parts[0]]
        if policy.full_cells and is_small_place and not fixed[parts].any():
            full[parts] = True
        elif capped[holds_all].any():
            full[parts[~fixed[parts]]] = True
    return Marks(threshold, small & ~capped, capped, alone, full, fixed)
