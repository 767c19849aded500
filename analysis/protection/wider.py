"""The first remedies: the same counts for a longer period, then for a larger area.

A municipality with seven, five and nine cases in three years has nothing to show for any of them;
for the three years together it has twenty-one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.protection.edition.facts import find_facts
from analysis.protection.edition.places import find_holders
from analysis.store.derivation import frame_like, records
from analysis.store.schema import DIMENSIONS, KEYS, STATUSES, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from analysis.protection.edition.protect import Rules

SHORTEST, LONGEST = 3, 5
SERIES = ["indicator_id", "area_id", "source_id", *DIMENSIONS]
TABLE = ["indicator_id", "period_start", "period_end", "source_id", *DIMENSIONS]
JANUARY, DECEMBER = "-01-01", "-12-31"


def widen_counts(observations: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Add sums over years and over areas for what would only be withheld otherwise.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built, with true values. It is not changed.
    rules : Rules

    Returns
    -------
    pandas.DataFrame
        The same rows and the sums, in the order of a build. Sums that are too small are left out:
        they would be withheld as well.
    """
    facts = find_facts(observations, rules.areas, rules.indicators, rules.policy)
    counted = facts["is_protected"] & facts["is_count"] & facts["count"].notna()
    below = counted & ~facts["is_national"] & (observations[list(DIMENSIONS)] == TOTAL).all(axis=1)
    cells = observations.loc[below & facts["count"].ge(0)].assign(
        small=facts["count"].gt(0) & facts["count"].lt(facts["threshold"]),
        is_flow=facts["is_flow"],
    )
    offered = rules.policy.remedies
    made: list[dict[str, object]] = []
    least = rules.policy.below_national
    if "longer_period" in offered:
        made += _pool_years(cells.loc[cells["is_flow"]], least)
    if "larger_area" in offered:
        whole = [a.area_id for a in rules.areas if a.level in rules.policy.national_levels]
        holders = find_holders(rules.areas)
        made += _join_areas(cells, holders.loc[~holders["holder"].isin(whole)], least)
    if not made:
        return observations
    sums = frame_like(made, observations)
    keys = [*TABLE, "area_id"]
    held = pd.MultiIndex.from_frame(observations[keys])
    new = sums.loc[~pd.MultiIndex.from_frame(sums[keys]).isin(held)]
    if new.empty:
        return observations
    both = pd.concat([observations, new], ignore_index=True)
    return both.sort_values(["area_id", *KEYS], ignore_index=True)


def _pool_years(cells: pd.DataFrame, least: int) -> Iterator[dict[str, object]]:
    start, end = cells["period_start"], cells["period_end"]
    is_year = (
        start.str[:4].eq(end.str[:4]) & start.str.endswith(JANUARY) & end.str.endswith(DECEMBER)
    )
    for _, series in cells.loc[is_year].groupby(SERIES, sort=True):
        if series["small"].any() and series["period_start"].is_unique:
            ordered = series.sort_values("period_start", ascending=False)
            yield from _cut(ordered, ordered["period_start"].str[:4].astype(int).to_numpy(), least)


def _cut(series: pd.DataFrame, years: np.ndarray, least: int) -> Iterator[dict[str, object]]:
    """Cut a series into spans from its end: the newest is the one that people ask for."""
    rows = list(records(series))
    at = 0
    while at < len(rows):
        for length in range(SHORTEST, LONGEST + 1):
            span = rows[at : at + length]
            whole = len(span) == length and years[at] - years[at + length - 1] == length - 1
            total = float(sum(row["value"] for row in span)) if whole else 0.0
            if whole and total >= least and any(row["small"] for row in span):
                yield span[0] | {
                    "period_start": span[-1]["period_start"],
                    **_describe(total, span, f"sum of {length} years"),
                }
                at += length
                break
        else:
            at += 1


def _join_areas(
    cells: pd.DataFrame, holders: pd.DataFrame, least: int
) -> Iterator[dict[str, object]]:
    inside = cells.merge(holders.loc[holders["pieces"].gt(1)], on="area_id")
    for (holder, *_), group in inside.groupby(["holder", "level", *TABLE], sort=True):
        whole = len(group) == int(group["pieces"].iloc[0]) and group["area_id"].is_unique
        total = float(group["value"].sum())
        if whole and group["small"].any() and total >= least:
            rows = list(records(group))
            yield rows[0] | {
                "area_id": holder,
                **_describe(total, rows, f"sum of {len(rows)} municipalities"),
            }


def _describe(total: float, parts: list[dict[str, object]], method: str) -> dict[str, object]:
    return {
        "value": total,
        "numerator": total,
        "state": "value",
        "method": method,
        "snapshot_id": " + ".join(sorted({str(part["snapshot_id"]) for part in parts})),
        "status": max((str(part["status"]) for part in parts), key=STATUSES.index),
        "verification": "derived",
        "locator": "",
        "line": 0,
        "note": "",
    }
