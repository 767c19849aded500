"""What an edition withholds, counted by level and reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.protection.ledger.entries import WITHHELD
from analysis.text import mark

if TYPE_CHECKING:
    import pandas as pd

    from analysis.catalog import Areas

BY_SOURCE = mark("withheld by its source")


@dataclass(frozen=True, slots=True)
class WithheldCount:
    """How many cells of a level of areas are withheld for one reason."""

    level: str
    reason: str
    cells: int


def count_withheld(table: pd.DataFrame, areas: Areas) -> tuple[WithheldCount, ...]:
    """Count withheld cells by level of area and reason.

    Parameters
    ----------
    table : pandas.DataFrame
        Protected observations, with ``reason``. It is not changed.
    areas : Areas

    Returns
    -------
    tuple of WithheldCount
        Most cells first; the same count by level, then reason. A cell without a reason of ours
        was blank when it came.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.catalog import load_areas
    >>> table = pd.DataFrame({"area_id": ["MK"], "state": ["suppressed"], "reason": [""]})
    >>> count_withheld(table, load_areas())
    (WithheldCount(level='country', reason='withheld by its source', cells=1),)
    """
    hidden = table.loc[table["state"].eq(WITHHELD)]
    levels = hidden["area_id"].map({area.area_id: area.level for area in areas})
    reasons = hidden["reason"].where(hidden["reason"].ne(""), BY_SOURCE)
    counted = Counter(zip(levels.astype(str), reasons.astype(str), strict=True))
    found = [WithheldCount(level, reason, n) for (level, reason), n in counted.items()]
    return tuple(sorted(found, key=lambda each: (-each.cells, each.level, each.reason)))


__all__ = ["BY_SOURCE", "WithheldCount", "count_withheld"]
