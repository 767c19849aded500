"""Withhold small counts, then close the groups from which they could be computed.

Rules G-1 and G-2 of the project: a withheld cell has the state ``suppressed`` and no number at
all; it is never zero and never blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.complements import find_telling_parts
from analysis.store.schema import DIMENSIONS, NUMBERS, TOTAL

if TYPE_CHECKING:
    from analysis.catalog import Areas, Indicators
    from analysis.protection.policy import Policy

GROUP = ["indicator_id", "period_start", "period_end", *DIMENSIONS, "source_id"]
SMALL = "small count"
UNKNOWN = "share of an unknown count"
CLOSING = "withheld so that another count stays withheld"


def suppress(
    observations: pd.DataFrame, areas: Areas, indicators: Indicators, policy: Policy
) -> pd.DataFrame:
    """Protect a table of observations.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built. It is not changed.
    areas, indicators
        The catalogues, for the level of an area and the domain of an indicator.
    policy : Policy

    Raises
    ------
    ValueError
        When a row has an area or an indicator that the catalogues do not hold.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order with a column ``reason``. Withheld rows have the state
        ``suppressed``, blank numbers, and lose note and line, which could tell the number.
    """
    facts = _facts(observations, areas, indicators, policy)
    unknown = _is_unknown(observations, facts)
    small = _is_small(observations, facts, policy)
    telling = find_telling_parts(observations, facts, _count(observations, facts), policy)
    closing = telling | _closing(observations, facts, small | unknown, policy)
    withheld = small | unknown | closing
    out = observations.copy()
    out["reason"] = np.select([small, unknown, closing], [SMALL, UNKNOWN, CLOSING], default="")
    out.loc[withheld, list(NUMBERS)] = np.nan
    out.loc[withheld, "state"] = "suppressed"
    out.loc[withheld, ["note", "method"]] = ""
    out.loc[withheld, "line"] = 0
    return out


def _facts(
    observations: pd.DataFrame, areas: Areas, indicators: Indicators, policy: Policy
) -> pd.DataFrame:
    level = observations["area_id"].map({a.area_id: a.level for a in areas})
    domain = observations["indicator_id"].map({i.indicator_id: i.domain for i in indicators})
    unit = observations["indicator_id"].map({i.indicator_id: i.unit for i in indicators})
    measure = observations["indicator_id"].map({i.indicator_id: i.measure for i in indicators})
    unknown = observations.loc[level.isna() | domain.isna()]
    if len(unknown):
        # What the policy cannot place it must not let through.
        row = unknown.iloc[0]
        msg = (
            f"'{row['indicator_id']}' in '{row['area_id']}' is not in the catalogue, so that no "
            f"rule of disclosure applies to it. Add it there; nothing was published."
        )
        raise ValueError(msg)
    split = [observations[name].ne(TOTAL) for name in DIMENSIONS]
    breakdown = pd.concat(split, axis=1).any(axis=1)
    return pd.DataFrame(
        {
            "is_protected": domain.isin(policy.domains)
            & (unit.isin(policy.units) | measure.isin(policy.measures)),
            "is_count": unit.isin(policy.units),
            "is_national": level.isin(policy.national_levels),
            "is_municipal": level.eq("municipality"),
            "is_breakdown": breakdown,
        }
    )


def _is_small(observations: pd.DataFrame, facts: pd.DataFrame, policy: Policy) -> pd.Series:
    # A balance of minus four tells as much as one of four, and so does one of four and a half.
    count = _count(observations, facts).abs()
    below = ~facts["is_national"] & count.lt(policy.below_national)
    split = facts["is_national"] & facts["is_breakdown"] & count.lt(policy.national_breakdown)
    return facts["is_protected"] & count.gt(0) & (below | split)


def _is_unknown(observations: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    silent = observations["value"].notna() & _count(observations, facts).isna()
    return facts["is_protected"] & ~facts["is_national"] & silent


def _count(observations: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    # The numerator decides where there is one: a rate tells its count.
    return observations["numerator"].fillna(observations["value"].where(facts["is_count"]))


def _closing(
    observations: pd.DataFrame, facts: pd.DataFrame, small: pd.Series, policy: Policy
) -> pd.Series:
    closing = pd.Series(data=False, index=observations.index)
    cells = observations.loc[facts["is_protected"] & facts["is_municipal"]]
    totals = observations.loc[facts["is_national"] & facts["is_protected"], GROUP]
    public_totals = set(totals.itertuples(index=False, name=None))
    for key, group in cells.groupby(GROUP, sort=False):
        hidden = int(small.loc[group.index].sum())
        if not 0 < hidden < policy.closing or key not in public_totals:
            continue
        shown = group.loc[~small.loc[group.index] & group["state"].eq("value")]
        # Ties go by area id, so that every build withholds the same cell.
        order = shown.sort_values(["value", "area_id"]).index
        closing.loc[order[: policy.closing - hidden]] = True
    return closing
