"""What may stand on a map, and how: shares as shades, counts as points, facts as yes and no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from analysis.catalog import Indicator

MapKind = Literal["shades", "points", "facts"]
# Nobody may be led to a house in which people are protected, or to a town by its victims.
UNMAPPED = frozenset({"reception", "trafficking", "victim_services"})
# What does not grow with the number of people who live in a place; all else does.
RELATIVE = frozenset(
    {
        "percent",
        "percentage_points",
        "per_100",
        "per_1000",
        "per_100000",
        "per_facility",
        "mkd_per_person",
        "rsd_per_person_day",
        "score",
        "points",
        "rating",
        "days",
    }
)


def may_map(indicator: Indicator) -> bool:
    """Tell whether figures of municipalities may be drawn on a map.

    Parameters
    ----------
    indicator : Indicator

    Returns
    -------
    bool
        Never for victims, and never for centres and shelters.

    Examples
    --------
    >>> from analysis.catalog import load_indicators
    >>> known = load_indicators()
    >>> may_map(known.get("has_mobile_team")), may_map(known.get("reception_capacity_places"))
    (True, False)
    """
    return indicator.domain not in UNMAPPED


def choose_map_kind(unit: str) -> MapKind:
    """Choose how figures of a unit are drawn.

    Parameters
    ----------
    unit : str
        Unit of the figures that are shown: ``per_1000`` for a count put under residents.

    Returns
    -------
    str
        ``shades`` for what is relative, ``facts`` for yes and no, ``points`` for every other
        unit: a shaded count would show where many people live and nothing else.

    Examples
    --------
    >>> choose_map_kind("per_1000"), choose_map_kind("persons"), choose_map_kind("yes_no")
    ('shades', 'points', 'facts')
    """
    if unit == "yes_no":
        return "facts"
    return "shades" if unit in RELATIVE else "points"
