"""What the policy has to know of each observation: whom it concerns, and how many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.store.schema import DIMENSIONS, TOTAL

if TYPE_CHECKING:
    from analysis.catalog import Areas, Indicators
    from analysis.protection.policy import Policy

# Two halves make a whole: either half and the total give the other.
HALVES = {
    "sex": ("female", "male"),
    "age": ("child", "adult"),
    "citizenship": ("foreign", "national"),
}


def find_facts(
    observations: pd.DataFrame, areas: Areas, indicators: Indicators, policy: Policy
) -> pd.DataFrame:
    """Look up what the rules ask for.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built.
    areas, indicators
        The catalogues, for the level of an area and the domain of an indicator.
    policy : Policy

    Returns
    -------
    pandas.DataFrame
        Same index. ``is_protected``: concerns persons of a protected domain. ``is_count``: the
        value is a number of persons. ``count``: persons behind the figure, NaN where nobody knows.
        ``is_national``, ``is_breakdown``. ``threshold``: counts from 1 to one less are withheld; 0
        where no count is. ``is_flow``: counts of two years add up. ``is_share``; ``domain``.
        ``no_breakdown``: of this domain no breakdown is published below a country.

    Raises
    ------
    ValueError
        When a row has an area or an indicator that the catalogues do not hold.
    """
    named = {i.indicator_id: i for i in indicators}
    level = observations["area_id"].map({a.area_id: a.level for a in areas})
    known = observations["indicator_id"].isin(named)
    strangers = observations.loc[level.isna() | ~known]
    if len(strangers):
        # What the policy cannot place it must not let through.
        row = strangers.iloc[0]
        msg = (
            f"'{row['indicator_id']}' in '{row['area_id']}' is not in the catalogue, so that no "
            f"rule of disclosure applies to it. Add it there; nothing was published."
        )
        raise ValueError(msg)
    domain, unit, measure = (
        observations["indicator_id"].map({k: getattr(i, word) for k, i in named.items()})
        for word in ("domain", "unit", "measure")
    )
    is_count = unit.isin(policy.units)
    is_protected = domain.isin(policy.domains) & (is_count | measure.isin(policy.measures))
    is_national = level.isin(policy.national_levels)
    is_breakdown = (observations[list(DIMENSIONS)] != TOTAL).any(axis=1)
    threshold = pd.Series(policy.below_national, index=observations.index)
    threshold = threshold.mask(is_national, policy.national_breakdown)
    # A share is a breakdown by its nature, whatever its row says.
    is_share = measure.eq("share")
    is_total = is_national & ~is_breakdown & ~is_share
    threshold = threshold.mask(is_total, 0).where(is_protected, 0)
    # The numerator decides where there is one: a rate tells its count.
    count = observations["numerator"].fillna(observations["value"].where(is_count))
    return pd.DataFrame(
        {
            "is_protected": is_protected,
            "is_count": is_count,
            "count": count.astype(float),
            "is_national": is_national,
            "is_breakdown": is_breakdown,
            "threshold": threshold,
            "is_flow": measure.eq("flow"),
            "is_share": is_share,
            "domain": domain,
            "no_breakdown": domain.isin(policy.no_cross_tables) & ~is_national & is_breakdown,
        }
    )
