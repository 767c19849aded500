"""Which places make up an area: municipalities a region, regions a country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from analysis.catalog import Area, Areas

CITY = "city"


def find_holders(areas: Areas) -> pd.DataFrame:
    """List each place beside each area that holds it.

    Parameters
    ----------
    areas : Areas

    Returns
    -------
    pandas.DataFrame
        ``area_id``, ``holder`` (an area above it, at any height), ``level`` of the place, and
        ``pieces``: how many places of this level the holder has today.

    Examples
    --------
    >>> from analysis.catalog import load_areas
    >>> held = find_holders(load_areas())
    >>> held.loc[held.area_id.eq("MK-703"), "holder"].tolist()[:2]
    ['MK007', 'MK']
    """
    rows = [
        {"area_id": area.area_id, "holder": holder, "level": area.level}
        for area in areas
        for holder in _list_holders(area, areas)
    ]
    frame = pd.DataFrame(rows)
    stands = {area.area_id for area in areas if areas.valid(area)}
    standing = frame.loc[frame["area_id"].isin(stands)]
    pieces = standing.groupby(["holder", "level"]).size().rename("pieces").reset_index()
    joined = frame.merge(pieces, on=["holder", "level"], how="left")
    return joined.assign(pieces=joined["pieces"].fillna(0).astype(int))


def _list_holders(area: Area, areas: Areas) -> list[str]:
    found = []
    here = area
    while here.parent_id:
        here = areas.get(here.parent_id)
        found.append(here.area_id)
    if area.is_city_of_skopje and area.level != CITY:
        found += [city.area_id for city in areas.at_level(CITY)]
    return list(dict.fromkeys(found))
