"""Where a map that one moves begins: the whole country, and a municipality with its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.figures.maps import DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.sources.boundaries import Boundaries

Box = list[list[float]]


def map_views(boundaries: Boundaries, here: list[str]) -> tuple[Box, Box]:
    """Give the whole and the first view: a municipality with what lies around it.

    A tile lies beside the map, so that it is shown with all tiles and the city that they stand
    for.

    Parameters
    ----------
    boundaries : Boundaries
    here : list of str
        Ids of what the map is about; the whole where there is none.

    Returns
    -------
    tuple of list
        Two boxes, each ``[[south, west], [north, east]]`` in degrees, as Leaflet wants them.
    """
    frame = boundaries.frame
    own = frame.loc[frame["area_id"].isin(here)]
    whole = _bounds(frame.total_bounds)
    if not len(own):
        return whole, whole
    if own["is_tile"].any():
        tiles = frame.loc[frame["is_tile"]].total_bounds
        edges = [tiles, *([boundaries.context.total_bounds] if len(boundaries.context) else [])]
        return whole, _bounds(_around(edges))
    west, south, east, north = own.total_bounds
    wide, high = east - west, north - south
    return whole, _bounds((west - wide, south - high, east + wide, north + high))


def _around(edges: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    wests, souths, easts, norths = zip(*edges, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _bounds(edges: Sequence[float]) -> Box:
    west, south, east, north = (round(float(edge), DIGITS) for edge in edges)
    return [[south, west], [north, east]]
