"""Parts that give their other half away: nine victims, eight of them women, tell of one man."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.store.schema import DIMENSIONS, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.protection.policy import Policy

# Splits into two halves that make up the whole: either half and the total give the other.
HALVES = {
    "sex": ("female", "male"),
    "age": ("child", "adult"),
    "citizenship": ("foreign", "national"),
}
SAME = ["indicator_id", "area_id", "period_start", "period_end"]


def find_telling_parts(
    observations: pd.DataFrame, facts: pd.DataFrame, count: pd.Series, policy: Policy
) -> pd.Series:
    """Find the halves whose other half is too small to publish, although its own row is not there.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built.
    facts : pandas.DataFrame
        Columns ``is_protected``, ``is_national``, same index.
    count : pandas.Series
        Cases behind each row.
    policy : Policy

    Returns
    -------
    pandas.Series of bool
        True where a total of the same period, from any source, less the half leaves from one
        case up to the threshold less one. A remainder of zero is let through, as a zero is.
    """
    telling = pd.Series(data=False, index=observations.index)
    protected = observations.loc[facts["is_protected"]]
    is_total = _is_whole(protected, DIMENSIONS)
    totals = protected.loc[is_total, SAME].assign(total=count).dropna(subset=["total"])
    for dimension, halves in HALVES.items():
        others = [name for name in DIMENSIONS if name != dimension]
        is_half = protected[dimension].isin(halves) & _is_whole(protected, others)
        parts = protected.loc[is_half, SAME].assign(part=count, place=lambda t: t.index)
        pairs = parts.merge(totals, on=SAME)
        national = facts["is_national"].reindex(pairs["place"]).to_numpy(dtype=bool)
        least = pd.Series(policy.national_breakdown, index=pairs.index).where(
            national, policy.below_national
        )
        remainder = pairs["total"] - pairs["part"]
        found = pairs.loc[remainder.gt(0) & remainder.lt(least), "place"]
        telling.loc[found.unique()] = True
    return telling


def _is_whole(rows: pd.DataFrame, dimensions: Iterable[str]) -> pd.Series:
    whole = pd.Series(data=True, index=rows.index)
    for name in dimensions:
        whole &= rows[name].eq(TOTAL)
    return whole
