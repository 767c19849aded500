"""Shares, rates and means that would tell the count that they are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.edition.cells import NO_CELL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.policy import Policy

    BoolArray = NDArray[np.bool_]

AT = ["area_id", "year"]
# A printed percentage is rounded to a whole one, or to its last digit where it has some.
WHOLE, TENTH, FINE = 0.5, 0.05, 0.005
# Where more counts than this fit a printed share, it tells none of them.
FITTING = 2


def find_small_parts(
    observations: pd.DataFrame, facts: pd.DataFrame, policy: Policy
) -> pd.Series[bool]:
    """Find shares that are of a few, or that leave a few.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built.
    facts : pandas.DataFrame
        As :func:`analysis.protection.edition.facts.find_facts` gives them.
    policy : Policy

    Returns
    -------
    pandas.Series of bool
        The whole of a country is no secret; below a country it is a count like any other.
    """
    part, whole = facts["count"], observations["denominator"]
    least = pd.Series(policy.below_national, index=facts.index)
    least = least.mask(facts["is_national"], policy.national_breakdown)
    rest = whole - part
    few = rest.gt(0) & rest.lt(least)
    few |= ~facts["is_national"] & whole.gt(0) & whole.lt(least)
    return (facts["is_protected"] & facts["is_share"] & few).astype(bool)


def find_derived(
    observations: pd.DataFrame,
    facts: pd.DataFrame,
    place: NDArray[np.int64],
    hidden: BoolArray,
    policy: Policy,
) -> pd.Series[bool]:
    """Find figures that are made from a withheld count, or from which one can be made.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built.
    facts : pandas.DataFrame
        As :func:`analysis.protection.edition.facts.find_facts` gives them.
    place : numpy.ndarray of int
        Cell of each row, or -1.
    hidden : numpy.ndarray of bool
        Cells that are not published.
    policy : Policy

    Returns
    -------
    pandas.Series of bool
    """
    has_cell = place != NO_CELL
    gone = np.zeros(len(place), dtype=bool)
    gone[has_cell] = hidden[place[has_cell]]
    years = _spread(observations, facts)
    told = years.loc[years["row"].isin(np.flatnonzero(gone))]
    made = years.loc[years["is_made"]]
    part, whole = made["count"], made["denominator"]
    derived = np.zeros(len(observations), dtype=bool)
    for number in (part, whole.where(whole.gt(0)), (whole - part).where((whole - part).gt(0))):
        same = _meet(made.assign(number=number), told.assign(number=told["count"]))
        derived[same] = True
    derived[_find_printed(years, told, policy)] = True
    return pd.Series(derived.tolist(), index=observations.index, dtype=bool)


def _spread(observations: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Give each row once for each year that it speaks of: a day's count stands for its year."""
    first = observations["period_start"].str[:4].astype(int)
    last = observations["period_end"].str[:4].astype(int)
    table = pd.DataFrame(
        {
            "row": np.arange(len(observations)),
            "area_id": observations["area_id"].to_numpy(),
            "value": observations["value"].to_numpy(),
            "count": facts["count"].to_numpy(),
            "denominator": observations["denominator"].to_numpy(),
            "is_national": facts["is_national"].to_numpy(),
            "is_share": facts["is_share"].to_numpy(),
            "is_cell": (facts["is_protected"] & facts["is_count"]).to_numpy(),
            "is_made": (facts["is_protected"] & ~facts["is_count"]).to_numpy(),
            "domain": facts["domain"].to_numpy(),
        }
    )
    table["year"] = [range(a, b + 1) for a, b in zip(first, last, strict=True)]
    return table.explode("year", ignore_index=True)


def _meet(made: pd.DataFrame, told: pd.DataFrame) -> NDArray[np.int64]:
    keys = told[[*AT, "number"]].dropna().drop_duplicates()
    found = made[[*AT, "number", "row"]].dropna().merge(keys, on=[*AT, "number"])
    return found["row"].unique()


def _find_printed(years: pd.DataFrame, told: pd.DataFrame, policy: Policy) -> NDArray[np.int64]:
    """Find shares of a country, printed without their parts, that fit to one count alone."""
    printed = years.loc[
        years["is_made"] & years["is_share"] & years["is_national"] & years["count"].isna()
    ]
    wholes = years.loc[years["is_cell"] & years["is_national"] & years["count"].gt(0)]
    pairs = printed.merge(
        wholes[[*AT, "domain", "count"]].drop_duplicates(),
        on=[*AT, "domain"],
        suffixes=("", "_whole"),
    )
    secret = {key: set(group["count"].dropna()) for key, group in told.groupby(AT, sort=False)}
    columns = ["row", "value", "count_whole", *AT]
    found = [
        row
        for row, share, whole, area, year in pairs[columns].to_numpy().tolist()
        if _tells(share, whole, secret.get((area, year), set()), policy.national_breakdown)
    ]
    return np.unique(np.array(found, dtype=np.int64))


def _tells(share: float, whole: float, secret: set[float], least: int) -> bool:
    if np.isnan(share):
        return False
    slack = WHOLE if share % 1 == 0 else TENTH if round(share, 1) == share else FINE
    low, high = (np.clip((share + sign * slack) / 100, 0, 1) * whole for sign in (-1, 1))
    fitting = np.arange(np.ceil(low), np.floor(high) + 1)
    if not 0 < len(fitting) <= FITTING:
        return False
    parts = {float(part) for count in fitting for part in (count, whole - count) if part > 0}
    return any(part < least or part in secret for part in parts)
