"""A count split by one thing: form, sex, age or citizenship, with every source kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.assessment.period import Period
    from analysis.catalog import Area, Indicator
    from analysis.methods import Result
    from analysis.store.read import PublicData

BY = ("category", "sex", "age", "citizenship")


@dataclass(frozen=True, slots=True)
class Split:
    """One part of a count: of which indicator and place, split by what, and into which part."""

    indicator: Indicator
    area: Area
    dimension: str
    part: str
    result: Result


def read_splits(data: PublicData, indicator_id: str, area: Area, years: Period) -> list[Split]:
    """Read the parts of a count for the newest year that has any, by each thing it is split by.

    Parameters
    ----------
    data : PublicData
    indicator_id : str
    area : Area
    years : Period

    Returns
    -------
    list of Split
        Parts of forms need not sum to the total: one person may have suffered several.
    """
    indicator = data.indicators.get(indicator_id)
    found: list[Split] = []
    for dimension in BY:
        parts = [
            Split(indicator, area, dimension, part, result)
            for part, result in data.splits(indicator_id, area.area_id, dimension)
            if years.first <= result.year <= years.last
        ]
        newest = max((p.result.year for p in parts), default=0)
        found += [p for p in parts if p.result.year == newest]
    return found
