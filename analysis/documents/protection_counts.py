"""What an edition withholds, in counts of cells, from its public table alone.

Nothing here knows a withheld number, because the table has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.store.schema import DIMENSIONS

if TYPE_CHECKING:
    from analysis.catalog import Areas, Indicators
    from analysis.protection import Policy

WITHHELD = "suppressed"
NUMBERED = ("value", "zero")
PERIOD = ("period_start", "period_end")
# One figure, whichever file it came from.
CELL = ("indicator_id", "area_id", *PERIOD, *DIMENSIONS, "source_id")


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed from a former release, in keys of cells.

    Parameters
    ----------
    new, gone, withheld, returned, revised : pandas.DataFrame
        Columns of :data:`CELL`: cells that are new, that are gone, that are withheld now and were
        shown, that are shown now and were withheld, whose number is another one.
    """

    new: pd.DataFrame
    gone: pd.DataFrame
    withheld: pd.DataFrame
    returned: pd.DataFrame
    revised: pd.DataFrame


def select_protected(frame: pd.DataFrame, indicators: Indicators, policy: Policy) -> pd.DataFrame:
    """Select the cells that the policy protects and that hold a number or a cross.

    Parameters
    ----------
    frame : pandas.DataFrame
        Public observations. It is not changed.
    indicators : Indicators
    policy : Policy

    Returns
    -------
    pandas.DataFrame
        The same columns, with ``is_withheld``.
    """
    protected = {
        i.indicator_id
        for i in indicators
        if i.domain in policy.domains and (i.unit in policy.units or i.measure in policy.measures)
    }
    kept = frame["indicator_id"].isin(protected) & frame["state"].isin([*NUMBERED, WITHHELD])
    found = frame.loc[kept]
    return found.assign(is_withheld=found["state"].eq(WITHHELD))


def count_reasons(cells: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Count withheld cells by indicator, level of area and reason.

    Parameters
    ----------
    cells : pandas.DataFrame
        As :func:`select_protected` gives them.
    areas : Areas

    Returns
    -------
    pandas.DataFrame
        ``indicator_id``, ``level``, ``reason``, ``withheld`` and ``cells``: how many cells of the
        indicator and level there are, shown ones included. Groups without a cross are left out.
    """
    level = {a.area_id: a.level for a in areas}
    placed = cells.assign(level=cells["area_id"].map(level))
    group = ["indicator_id", "level"]
    whole = placed.groupby(group).size().rename("cells")
    hidden = placed.loc[placed["is_withheld"]].groupby([*group, "reason"]).size()
    return hidden.rename("withheld").reset_index().join(whole, on=group)


def count_coverage(cells: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Count how many municipalities and periods keep a figure.

    Parameters
    ----------
    cells : pandas.DataFrame
        As :func:`select_protected` gives them.
    areas : Areas

    Returns
    -------
    pandas.DataFrame
        One row an indicator that is withheld in some municipality: ``indicator_id``, ``areas``,
        ``areas_shown``, ``periods``, ``periods_shown``.
    """
    towns = {a.area_id for a in areas if a.level == "municipality"}
    local = cells.loc[cells["area_id"].isin(towns)]
    rows = []
    for indicator_id, group in local.groupby("indicator_id"):
        shown = group.loc[~group["is_withheld"]]
        if len(shown) == len(group):
            continue
        rows.append(
            {
                "indicator_id": indicator_id,
                "areas": group["area_id"].nunique(),
                "areas_shown": shown["area_id"].nunique(),
                "periods": group["period_end"].nunique(),
                "periods_shown": shown["period_end"].nunique(),
            }
        )
    names = ("indicator_id", "areas", "areas_shown", "periods", "periods_shown")
    return pd.DataFrame(rows, columns=list(names))


def compare_releases(former: pd.DataFrame, now: pd.DataFrame) -> Differences:
    """Find what a reviewer has to look at: what is other than in a former release.

    Parameters
    ----------
    former, now : pandas.DataFrame
        Public observations. Neither is changed.

    Returns
    -------
    Differences
        Cells by key; no number of either side is in it.
    """
    sides = [
        table[[*CELL, "state", "value"]].drop_duplicates(list(CELL), keep="last")
        for table in (former, now)
    ]
    both = sides[0].merge(
        sides[1], on=list(CELL), how="outer", suffixes=("_before", "_after"), indicator="where"
    )
    kept = both["where"].eq("both")
    was, is_now = both["state_before"].eq(WITHHELD), both["state_after"].eq(WITHHELD)
    same = both["state_before"].eq(both["state_after"]) & (
        both["value_before"].eq(both["value_after"])
        | (both["value_before"].isna() & both["value_after"].isna())
    )

    def keys(chosen: pd.Series[bool]) -> pd.DataFrame:
        return both.loc[chosen, list(CELL)].reset_index(drop=True)

    return Differences(
        new=keys(both["where"].eq("right_only")),
        gone=keys(both["where"].eq("left_only")),
        withheld=keys(kept & ~was & is_now),
        returned=keys(kept & was & ~is_now),
        revised=keys(kept & ~was & ~is_now & ~same),
    )
