"""The attacker who has read the policy: zeros are shown, so what is withheld is one or more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.attack import find_attacker_intervals
from analysis.protection.linked.components import split_components
from analysis.protection.linked.solver import NEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.edition.linking import LinkedEdition
    from analysis.protection.edition.marks import Marks

    BoolArray = NDArray[np.bool_]


def find_certain(linked: LinkedEdition, marks: Marks, hidden: BoolArray) -> BoolArray:
    """Find small counts that are certain for who takes each withheld figure for at least one.

    Parameters
    ----------
    linked : LinkedEdition
    marks : Marks
    hidden : numpy.ndarray of bool
        Cells that are not published.

    Returns
    -------
    numpy.ndarray of bool
        Counts of which only one fits. Where a zero is withheld in the same group, such an attacker
        starts from a mistake, and nothing follows.
    """
    cells = linked.cells
    unknown = hidden & ~marks.fixed
    is_zero = (cells.counts == 0) & ~linked.is_rest
    lowest = cells.lowest.copy()
    asked = np.zeros(len(cells), dtype=bool)
    for group in split_components(cells, unknown):
        here = group.cells
        if not is_zero[here].any():
            counted = here[~linked.is_rest[here] & (cells.counts[here] > 0)]
            lowest[counted] = np.maximum(lowest[counted], 1.0)
            asked[here] = marks.small[here]
    found = find_attacker_intervals(replace(cells, lowest=lowest), unknown, only=asked)
    certain = np.zeros(len(cells), dtype=bool)
    certain[asked] = (found.upper - found.lower)[asked] < 1 - NEAR
    return certain
