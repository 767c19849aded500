"""The cells of all editions: what is the same number of persons is one cell, whoever prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.store.schema import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CELL = ["indicator_id", "area_id", "period_start", "period_end", *DIMENSIONS]
CURRENT = 0
NO_CELL = -1


@dataclass(frozen=True, eq=False)
class EditionCells:
    """Cells of the current edition and of all former ones.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row a cell: the columns of :data:`CELL`, ``count``, ``threshold``, ``is_national``,
        ``is_breakdown``; ``is_public``: a former edition has shown it; ``is_current``: the current
        one holds it.
    rows : pandas.DataFrame
        One row for each observation that has a cell: ``edition`` (0 is the current one),
        ``source_id``, ``cell``, the columns of :data:`CELL` and ``is_flow``.
    place : numpy.ndarray of int
        For each observation of the current edition its cell, or -1.
    """

    cells: pd.DataFrame
    rows: pd.DataFrame
    place: NDArray[np.int64]


def collect_cells(
    observations: pd.DataFrame,
    facts: pd.DataFrame,
    former: Sequence[tuple[int, pd.DataFrame, pd.DataFrame]] = (),
) -> EditionCells:
    """Collect the cells of counts that the policy protects.

    A figure that was not revised is the same cell in both editions, and so is a figure that two
    publishers print alike. A revised figure is another cell: the old one stays known.

    Parameters
    ----------
    observations : pandas.DataFrame
        The current edition, with true values.
    facts : pandas.DataFrame
        As :func:`analysis.protection.edition.facts.find_facts` gives them.
    former : sequence of (int, pandas.DataFrame, pandas.DataFrame)
        Number of each former release, its observations with true values and a column ``withheld``,
        and their facts.

    Returns
    -------
    EditionCells
    """
    taken = [
        _take(frame, known, number)
        for number, frame, known in [(CURRENT, observations, facts), *former]
    ]
    rows = pd.concat(taken, ignore_index=True)
    rows["cell"] = rows.groupby([*CELL, "count"]).ngroup()
    shown_before = rows["edition"].ne(CURRENT) & ~rows["withheld"]
    cells = rows.groupby("cell", sort=True)[
        [*CELL, "count", "threshold", "is_national", "is_breakdown"]
    ].first()
    cells["is_public"] = shown_before.groupby(rows["cell"]).any()
    cells["is_current"] = rows["edition"].eq(CURRENT).groupby(rows["cell"]).any()
    place = np.full(len(observations), NO_CELL)
    now = rows.loc[rows["edition"].eq(CURRENT)]
    place[now["at"].to_numpy()] = now["cell"].to_numpy()
    return EditionCells(cells, rows.drop(columns=["at", "withheld"]), place)


def _take(observations: pd.DataFrame, facts: pd.DataFrame, number: int) -> pd.DataFrame:
    # A share with a numerator is made from a count and is none: it follows the count's cell later.
    whole = facts["count"].mod(1).eq(0)
    is_cell = (facts["is_protected"] & facts["is_count"] & whole).to_numpy()
    columns = ["count", "threshold", "is_national", "is_breakdown", "is_flow"]
    taken = pd.concat([observations[[*CELL, "source_id"]], facts[columns]], axis=1).loc[is_cell]
    withheld = observations.get("withheld", pd.Series(data=False, index=observations.index))
    return taken.assign(
        edition=number, at=np.flatnonzero(is_cell), withheld=withheld.loc[is_cell].astype(bool)
    )
