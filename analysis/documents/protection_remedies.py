"""What each remedy of the policy would bring back, as far as public figures can tell.

What stands behind a cross is not known here. What a longer period would bring back can therefore be
said only as far as the policy bounds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.documents.protection_counts import CELL, PERIOD
from analysis.protection.reasons import SMALL
from analysis.store.schema import DIMENSIONS, TOTAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.catalog import Areas
    from analysis.protection import Policy

POOLS = (3, 5)
# What a municipality lies in, nearest first.
LARGER = ("region", "country")


@dataclass(frozen=True, slots=True)
class Remedied:
    """How far one remedy of the policy reaches.

    Parameters
    ----------
    remedy : str
        As in the policy.
    reached : int
        Withheld cells that the remedy is for.
    helped : int
        Of these, cells for which it gives, or may give, a figure.
    """

    remedy: str
    reached: int
    helped: int


def count_remedies(cells: pd.DataFrame, areas: Areas, policy: Policy) -> tuple[Remedied, ...]:
    """Count for each remedy, in the order of the policy, what it would bring back.

    Parameters
    ----------
    cells : pandas.DataFrame
        As :func:`select_protected` gives them.
    areas : Areas
    policy : Policy

    Returns
    -------
    tuple of Remedied
        Of a longer period, what five years together may bring back; of ``suppress``, what none of
        the remedies before it reaches.
    """
    hidden = cells.loc[cells["is_withheld"]]
    helped = {
        "longer_period": _pooled_cells(cells, areas, policy.below_national, max(POOLS)),
        "larger_area": _in_larger_area(cells, areas),
        "fewer_dimensions": _undivided(cells),
    }
    level = hidden["area_id"].map({a.area_id: a.level for a in areas})
    is_split = _is_split(hidden)
    reached = {
        "longer_period": hidden.index[level.eq("municipality")],
        "larger_area": hidden.index[level.eq("municipality")],
        "fewer_dimensions": hidden.index[is_split],
    }
    found = []
    left = set(hidden.index)
    for remedy in policy.remedies:
        if remedy in helped:
            found.append(Remedied(remedy, len(reached[remedy]), len(helped[remedy])))
            left -= helped[remedy]
        else:
            found.append(Remedied(remedy, len(hidden), len(left)))
    return tuple(found)


def count_pools(cells: pd.DataFrame, areas: Areas, threshold: int) -> pd.DataFrame:
    """Count the municipal series that may pass the threshold over several years together.

    A year that is shown stays known to everybody, so that a pool shows what its withheld years
    add up to: they alone have to reach the threshold. Behind a cross for a small count stands at
    most the threshold less one; behind any other stands what nobody can bound.

    Parameters
    ----------
    cells : pandas.DataFrame
        As :func:`select_protected` gives them.
    areas : Areas
    threshold : int
        Smallest count that is shown below a country.

    Returns
    -------
    pandas.DataFrame
        ``indicator_id``, ``series`` (with a withheld year) and ``may_pass_3``, ``may_pass_5``.
    """
    towns = {a.area_id for a in areas if a.level == "municipality"}
    hidden = cells.loc[cells["is_withheld"] & cells["area_id"].isin(towns)]
    keys = [name for name in CELL if name not in PERIOD]
    rows: dict[str, dict[str, Any]] = {}
    for key, series in hidden.groupby(keys):
        name = str(key[0])
        row = rows.setdefault(
            name, {"indicator_id": name, "series": 0, **{f"may_pass_{n}": 0 for n in POOLS}}
        )
        row["series"] += 1
        for years in POOLS:
            row[f"may_pass_{years}"] += bool(_passing(series, threshold, years))
    columns = ["indicator_id", "series", *(f"may_pass_{n}" for n in POOLS)]
    return pd.DataFrame(list(rows.values()), columns=columns)


def _passing(series: pd.DataFrame, threshold: int, years: int) -> set[Any]:
    """Find the withheld cells of a series that lie in a pool which may reach the threshold."""
    ends = series["period_end"].str[:4].astype(int)
    yearly = series["period_start"].str[:4].astype(int).eq(ends)
    found: set[Any] = set()
    for first in sorted(ends[yearly].unique()):
        inside = series.loc[yearly & ends.between(first, first + years - 1)]
        is_small = inside["reason"].eq(SMALL)
        most = int(is_small.sum()) * (threshold - 1)
        if not is_small.all() or most >= threshold:
            found |= set(inside.index)
    return found


def _pooled_cells(cells: pd.DataFrame, areas: Areas, threshold: int, years: int) -> set[Any]:
    towns = {a.area_id for a in areas if a.level == "municipality"}
    hidden = cells.loc[cells["is_withheld"] & cells["area_id"].isin(towns)]
    keys = [name for name in CELL if name not in PERIOD]
    found: set[Any] = set()
    for _, series in hidden.groupby(keys):
        found |= _passing(series, threshold, years)
    return found


def _in_larger_area(cells: pd.DataFrame, areas: Areas) -> set[Any]:
    shown = _shown_keys(cells)
    held = {a.area_id: a for a in areas}
    found: set[Any] = set()
    for place, row in cells.loc[cells["is_withheld"]].iterrows():
        area = held[str(row["area_id"])]
        if area.level != "municipality":
            continue
        above = [a for a in areas.ancestors(area) if held[a].level in LARGER]
        if any(_key(row, area_id=a) in shown for a in above):
            found.add(place)
    return found


def _undivided(cells: pd.DataFrame) -> set[Any]:
    shown = _shown_keys(cells)
    whole = dict.fromkeys(DIMENSIONS, TOTAL)
    hidden = cells.loc[cells["is_withheld"]]
    split = hidden.loc[_is_split(hidden)]
    return {place for place, row in split.iterrows() if _key(row, **whole) in shown}


def _shown_keys(cells: pd.DataFrame) -> set[tuple[str, ...]]:
    shown = cells.loc[~cells["is_withheld"], list(CELL)]
    return set(shown.itertuples(index=False, name=None))


def _key(row: Mapping[Any, Any] | pd.Series, **other: str) -> tuple[str, ...]:
    return tuple(str(other.get(name, row[name])) for name in CELL)


def _is_split(cells: pd.DataFrame) -> pd.Series[bool]:
    return pd.concat([cells[name].ne(TOTAL) for name in DIMENSIONS], axis=1).any(axis=1)
