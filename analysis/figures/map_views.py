"""Where a map that one moves begins: the whole country, and a municipality with its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from analysis.figures.map_layout import DIGITS

if TYPE_CHECKING:
    from analysis.figures.map_layout import Layout

Box = list[list[float]]


def map_views(layout: Layout, here: str) -> tuple[Box, Box]:
    """Give the whole and the first view: a municipality with what lies around it.

    What stands in the frame of the capital is shown with the whole frame, and the city that it
    stands for.

    Parameters
    ----------
    layout : Layout
    here : str
        Id of what the map is about; the whole where there is none.

    Returns
    -------
    tuple of list
        Two boxes, each ``[[south, west], [north, east]]`` in degrees, as Leaflet wants them.
    """
    whole = _bounds(layout.bounds)
    own = [shape for area_id, shape in layout.shapes if area_id == here]
    if not own:
        return whole, whole
    if layout.frame is not None and layout.frame.contains(own[-1]):
        return whole, _bounds(shapely.total_bounds([layout.frame, *own, *layout.ground]))
    west, south, east, north = shapely.total_bounds(own)
    wide, high = east - west, north - south
    return whole, _bounds((west - wide, south - high, east + wide, north + high))


def _bounds(edges: tuple[float, float, float, float]) -> Box:
    west, south, east, north = (round(float(edge), DIGITS) for edge in edges)
    return [[south, west], [north, east]]
