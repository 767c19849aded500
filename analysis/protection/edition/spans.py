"""Spans of time that lie within others: three years and one of them leave the other two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.store.schema import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

SAME = ["edition", "source_id", "indicator_id", "area_id", *DIMENSIONS]
COLUMNS = ["total", "part", "group", "pieces"]
# Months of a year are one way to cut it, quarters another: spans of a like length go together.
LENGTHS = np.array([45, 120, 250, 500, 1000, 1500, 2000, 3000])


def find_spans(rows: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Pair spans with the shorter ones inside them, for counts that add up over time.

    Parameters
    ----------
    rows : pandas.DataFrame
        As in :class:`analysis.protection.edition.cells.EditionCells`.
    cells : pandas.DataFrame
        Their cells.

    Returns
    -------
    pandas.DataFrame
        ``total``, ``part``, ``group`` and ``pieces``. What the parts leave of a span is always a
        time that has a name, so that one piece more than the parts makes the whole, or none where
        they fill it.
    """
    flows = rows.loc[rows["is_flow"]].drop_duplicates([*SAME, "cell"])
    # Where nothing can be withheld, nothing has to be closed.
    open_to = cells["threshold"].gt(0).to_numpy()
    flows = flows.assign(can_hide=open_to[flows["cell"]])
    found = [
        row
        for at, (_, group) in enumerate(flows.groupby(SAME, sort=False))
        if len(group) > 1 and group["can_hide"].any()
        for row in _list_spans(group, at)
    ]
    return pd.DataFrame(found, columns=COLUMNS).astype({"total": int, "part": int, "pieces": int})


def _list_spans(group: pd.DataFrame, at: int) -> Iterator[dict[str, object]]:
    start = pd.to_datetime(group["period_start"]).to_numpy().astype("datetime64[D]").astype(int)
    end = pd.to_datetime(group["period_end"]).to_numpy().astype("datetime64[D]").astype(int) + 1
    length, cell = end - start, group["cell"].to_numpy()
    bracket = np.searchsorted(LENGTHS, length)
    for total in range(len(group)):
        inside = (start >= start[total]) & (end <= end[total]) & (length < length[total])
        for size in np.unique(bracket[inside]):
            chosen = np.flatnonzero(inside & (bracket == size))
            kept = _leave_overlaps(chosen[np.argsort(start[chosen], kind="stable")], start, end)
            is_full = length[kept].sum() == length[total]
            for part in kept:
                yield {
                    "total": int(cell[total]),
                    "part": int(cell[part]),
                    "group": f"span{at}-{total}-{size}",
                    "pieces": len(kept) + (0 if is_full else 1),
                }


def _leave_overlaps(chosen: np.ndarray, start: np.ndarray, end: np.ndarray) -> list[int]:
    kept: list[int] = []
    for span in chosen.tolist():
        if not kept or start[span] >= end[kept[-1]]:
            kept.append(span)
    return kept
