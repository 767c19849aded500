"""Areas that were merged: the figures of former areas, given to their successors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.store.derivation import (
    ADDITIVE,
    NUMERIC,
    RateError,
    Row,
    frame_like,
    records,
    row_from_parts,
)
from analysis.store.schema import KEYS, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

MERGED_METHOD = "sum of merged areas"


def merge_areas(frame: pd.DataFrame, merged_into: Mapping[str, str]) -> pd.DataFrame:
    """Give the figures of former areas to the areas that they were merged into.

    Parameters
    ----------
    frame : pandas.DataFrame
        Observations. It is not changed.
    merged_into : mapping of str to str
        Former areas and their successors. A successor that was an area before stands among
        them too, as merged into itself.

    Returns
    -------
    pandas.DataFrame
        No row of a former area is left. Counts are summed where every part has a number;
        elsewhere, and for what cannot be summed, the row of the successor has no number.

    Raises
    ------
    RateError
        When areas are merged in a circle, or a successor has a row besides that of its parts.

    Examples
    --------
    >>> merge_areas(frame, {"MK-FORMER": "MK-307", "MK-307": "MK-307"})  # doctest: +SKIP
    """
    successor = {area: _last(area, merged_into) for area in merged_into}
    parts_of: dict[str, set[str]] = {}
    for area, last in successor.items():
        parts_of.setdefault(last, set()).add(area)
    former = {area for area, last in successor.items() if area != last}
    groups: dict[tuple[str, ...], list[Row]] = {}
    kept = []
    for row in records(frame):
        area = str(row["area_id"])
        last = successor.get(area, area)
        if last in parts_of:
            key = (last, *(row[k] for k in KEYS if k not in {"area_id", "snapshot_id"}))
            groups.setdefault(key, []).append(row)
        else:
            kept.append(row)
    for key, rows in groups.items():
        # After the merger nothing of the former areas is there, and all stays as it is.
        is_merged = any(row["area_id"] in former for row in rows)
        kept += [_merged(key[0], parts_of[key[0]], rows)] if is_merged else rows
    return frame_like(kept, frame)


def _last(area: str, merged_into: Mapping[str, str]) -> str:
    seen = [area]
    while seen[-1] in merged_into and merged_into[seen[-1]] != seen[-1]:
        after = merged_into[seen[-1]]
        if after in seen:
            msg = f"'{area}' is merged in a circle: {' → '.join([*seen, after])}. Correct one step."
            raise RateError(msg)
        seen.append(after)
    return seen[-1]


def _merged(area: str, parts: set[str], rows: list[Row]) -> Row:
    here = [row["area_id"] for row in rows]
    odd = sorted(a for a in here if a not in parts or here.count(a) > 1)
    if odd:
        msg = (
            f"'{odd[0]}' has a row of {rows[0]['indicator_id']}, {rows[0]['period_start']}, "
            f"besides those of its parts. List it as merged into itself, or leave a row out."
        )
        raise RateError(msg)
    missing = sorted(parts - set(here))
    made = row_from_parts(
        rows[0],
        [*rows, *({"state": "no_data"} for _ in missing)],
        lambda: sum(row["value"] for row in rows),
        area_id=area,
        snapshot_id="+".join(sorted({row["snapshot_id"] for row in rows})),
        method=f"{MERGED_METHOD}: {', '.join(sorted(parts))}",
    )
    if missing:
        return made | {"note": f"no figure of {', '.join(missing)}"}
    if made["state"] in NUMERIC and not rows[0]["indicator_id"].endswith(ADDITIVE):
        silent: Row = dict.fromkeys(NUMBERS, math.nan)
        return made | silent | {"state": "no_data", "note": "not a count: cannot be summed"}
    return made
