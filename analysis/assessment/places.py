"""The areas whose trends are read: a country, the group of countries, a municipality."""

from __future__ import annotations

from analysis.assessment.period import PeriodError
from analysis.catalog import Area, load_areas

TREND_LEVELS = frozenset({"country", "group", "municipality"})


def find_trend_area(text: str) -> Area:
    """Find an area whose trends can be read.

    Parameters
    ----------
    text : str
        Code or name, in any language.

    Returns
    -------
    Area

    Raises
    ------
    AreaError
        When the area is not known.
    PeriodError
        When it is an area of another kind, such as a statistical region.

    Examples
    --------
    >>> find_trend_area("Србија").area_id
    'RS'
    """
    area = load_areas().find(text, level=None)
    if area.level not in TREND_LEVELS:
        msg = (
            f"{area.name_en} is a {area.level}; trends are read for a country, for the Western "
            "Balkans (WB) or for a municipality. Name one of those."
        )
        raise PeriodError(msg)
    return area
