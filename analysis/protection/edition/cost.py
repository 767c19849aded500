"""What protection costs: the share of cells and of information that an edition withholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.edition.search import find_shown, take_cells
from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.components import split_components
from analysis.protection.linked.optimum import find_cheapest_pattern
from analysis.protection.linked.simple import suppress_rows_and_columns
from analysis.protection.linked.solver import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.edition.protect import ProtectedEdition
    from analysis.protection.policy import Policy

    BoolArray = NDArray[np.bool_]

# A group of more cells takes from seconds to hours to solve to the optimum.
SOLVED_CELLS = 40
SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Share:
    """What one way of protecting withholds.

    Parameters
    ----------
    cells : float
        Share of the counts of the edition, from 0 to 1.
    information : float
        Share of the sum of log(1 + count).
    """

    cells: float
    information: float


@dataclass(frozen=True, slots=True)
class Costs:
    """The edition beside a simpler way and the best one.

    Parameters
    ----------
    edition, rows_and_columns : Share
    optimum : Share or None
        Nothing where a group is too large to be solved.
    """

    edition: Share
    rows_and_columns: Share
    optimum: Share | None


def measure_costs(edition: ProtectedEdition, policy: Policy) -> Costs:
    """Measure what an edition withholds beside what other ways would.

    Parameters
    ----------
    edition : ProtectedEdition
    policy : Policy

    Returns
    -------
    Costs
        Of the counts of the current edition. What simple suppression of rows and columns withholds
        is less, and does not protect.
    """
    linked, marks = edition.linked, edition.marks
    base = _find_base(edition)
    # Who works row by row sees what is listed, and not what a sum leaves.
    listed = np.flatnonzero(~linked.is_rest)
    shown = find_shown(linked, marks, base, policy)[listed]
    simple = base.copy()
    simple[listed] |= suppress_rows_and_columns(
        take_cells(linked.cells, listed), base[listed], shown
    )
    best = _find_best(edition, base, policy)
    return Costs(
        _share(edition, edition.hidden),
        _share(edition, simple),
        None if best is None else _share(edition, best),
    )


def _find_base(edition: ProtectedEdition) -> BoolArray:
    """Say what the policy withholds for its own sake, and what no row holds."""
    marks = edition.marks
    wanted = marks.small | marks.capped | marks.full | edition.linked.is_rest
    is_former = ~edition.linked.table["is_current"].to_numpy(dtype=bool)
    base: BoolArray = wanted | (edition.hidden & is_former)
    return base


def _find_best(edition: ProtectedEdition, base: BoolArray, policy: Policy) -> BoolArray | None:
    linked, marks = edition.linked, edition.marks
    shown = find_shown(linked, marks, base, policy)
    best = base.copy()
    for group in split_components(linked.cells, ~marks.fixed):
        here = group.cells
        if not marks.small[here].any() or not (edition.hidden & ~base)[here].any():
            continue
        if len(here) > SOLVED_CELLS:
            return None
        try:
            found = find_cheapest_pattern(
                take_cells(linked.cells, here),
                (marks.small | base)[here],
                always_shown=shown[here],
                insiders=policy.insiders,
                threshold=np.maximum(marks.threshold[here], 1.0),
                seconds=SECONDS,
            )
        except (PatternError, SolverError, ValueError):
            return None
        best[here] |= found.withheld
    return best


def _share(edition: ProtectedEdition, hidden: BoolArray) -> Share:
    table = edition.linked.table
    counted = table["is_current"].to_numpy(dtype=bool)
    weight = np.log1p(np.abs(edition.linked.cells.counts))
    gone = counted & hidden & ~edition.marks.fixed
    return Share(
        float(gone.sum() / max(1, counted.sum())),
        float(weight[gone].sum() / max(1e-9, weight[counted].sum())),
    )
