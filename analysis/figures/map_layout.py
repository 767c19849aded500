"""Where each municipality is drawn: in its place, in the frame of the capital, or as a square."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely
from shapely import affinity, box

from analysis.catalog import load_areas
from analysis.figures.map_marks import CROSSED, LEVEL, UPRIGHT
from analysis.figures.tile_grid import lay_out_tiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from analysis.sources.boundaries import Boundaries

DIGITS = 3
# How exactly the widest spot of a shape is found, in degrees.
NEAR = 0.005
MARGIN = 0.02
# The corner north-west of the country is empty: twice as large, the ten of the city fit in there.
TIMES = 2.0
INSET_WEST, INSET_SOUTH = 19.95, 42.22
SQUEEZE = math.cos(math.radians(41.6))
SPACING = 0.035
FEWEST = 3
LOWER, UPPER, ROOM = 0.36, 0.82, 0.68
_SCHEMATIC: dict[str, Layout] = {}
# The directions of the lines of a pattern, in degrees against the equator.
ANGLES = {CROSSED: (45, -45), LEVEL: (0,), UPRIGHT: (90,)}


@dataclass(frozen=True, slots=True)
class Layout:
    """The shapes of a map.

    Parameters
    ----------
    shapes : tuple of (str, BaseGeometry)
        Id and shape; what lies in the frame of the capital may stand in its place as well.
    spots : mapping of str to (float, float)
        Longitude and latitude of the place where a number or a point of an area stands.
    ground : tuple of BaseGeometry
        Outlines without a value.
    frame : BaseGeometry, optional
        The frame around what is drawn apart from where it lies.
    names : mapping of str to (float, float)
        Where its name stands, where there is room for one.
    is_schematic, is_tiles : bool
        What the map has to say of itself.
    """

    shapes: tuple[tuple[str, BaseGeometry], ...]
    spots: Mapping[str, tuple[float, float]]
    ground: tuple[BaseGeometry, ...] = ()
    frame: BaseGeometry | None = None
    names: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    is_schematic: bool = False
    is_tiles: bool = False

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all that is drawn."""
        drawn = [shape for _, shape in self.shapes]
        found = shapely.total_bounds([*drawn, *([self.frame] if self.frame else [])])
        west, south, east, north = (float(edge) for edge in found)
        return west, south, east, north


def lay_out_country(boundaries: Boundaries) -> Layout:
    """Lay out municipalities where they lie, and those of the capital in a frame of their own.

    Parameters
    ----------
    boundaries : Boundaries

    Returns
    -------
    Layout
        Boundaries whose capital is drawn as squares have the frame already.
    """
    if boundaries.is_schematic:
        kept = _SCHEMATIC.get(boundaries.sha256)
        if kept is None:
            # The layer of the package is the same for every page: a process lays it out once.
            kept = _SCHEMATIC[boundaries.sha256] = _lay_out(boundaries)
        return kept
    return _lay_out(boundaries)


def _lay_out(boundaries: Boundaries) -> Layout:
    frame = boundaries.frame
    shapes = list(zip(frame["area_id"], frame.geometry, strict=True))
    tiles = list(frame.geometry[frame["is_tile"]])
    ground = tuple(boundaries.context.geometry)
    if tiles:
        edge = _frame(tiles)
        return Layout(
            tuple(shapes), _spots(shapes), ground, edge, is_schematic=boundaries.is_schematic
        )
    city = _city()
    larger = [(i, _enlarge(shape, shapes)) for i, shape in shapes if i in city]
    edge = _frame([shape for _, shape in larger]) if larger else None
    # The frame comes last, so that numbers stand there and not on the small shapes.
    whole = (*shapes, *larger)
    return Layout(whole, _spots(whole), ground, edge, is_schematic=boundaries.is_schematic)


def lay_out_squares() -> Layout:
    """Lay out municipalities as squares of equal size, one each."""
    tiles = tuple(lay_out_tiles().items())
    spots = {}
    names = {}
    for area_id, tile in tiles:
        west, south, east, north = tile.bounds
        # The upper third of a square is for its name.
        spots[area_id] = _rounded((west + east) / 2, south + (north - south) * LOWER)
        names[area_id] = _rounded((west + east) / 2, south + (north - south) * UPPER)
    return Layout(tiles, spots, names=names, is_tiles=True)


def _city() -> frozenset[str]:
    municipalities = load_areas().at_level("municipality")
    return frozenset(area.area_id for area in municipalities if area.is_city_of_skopje)


def _enlarge(shape: BaseGeometry, shapes: list[tuple[str, BaseGeometry]]) -> BaseGeometry:
    city = _city()
    west, south, _, _ = shapely.total_bounds([s for i, s in shapes if i in city])
    # A degree is shorter in the north: the same factor both ways keeps the form well enough.
    larger = affinity.scale(shape, TIMES, TIMES, origin=(west, south))
    return affinity.translate(larger, INSET_WEST - west, INSET_SOUTH - south)


def _frame(shapes: list[BaseGeometry]) -> BaseGeometry:
    west, south, east, north = shapely.total_bounds(shapes)
    edge: BaseGeometry = box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    return edge


def _spots(shapes: Sequence[tuple[str, BaseGeometry]]) -> dict[str, tuple[float, float]]:
    """Find where each shape is widest: a number stands there farthest from every border."""
    circles = shapely.maximum_inscribed_circle([shape for _, shape in shapes], tolerance=NEAR)
    # A circle is told by a line from its middle to its edge.
    return {i: _rounded(*c.coords[0]) for (i, _), c in zip(shapes, circles, strict=True)}


def _rounded(lon: float, lat: float) -> tuple[float, float]:
    return round(float(lon), DIGITS), round(float(lat), DIGITS)


def leave_room(tile: BaseGeometry) -> BaseGeometry:
    """Give the part of a square below its name, which no line may cross."""
    west, south, east, north = tile.bounds
    room: BaseGeometry = box(west, south, east, south + (north - south) * ROOM)
    return room


def hatch_shape(shape: BaseGeometry, pattern: str) -> BaseGeometry:
    """Draw the lines of a pattern into a shape.

    Renderers of pictures know no patterns; lines that end at the edge look the same everywhere.

    Parameters
    ----------
    shape : BaseGeometry
    pattern : str
        ``crossed``, ``level`` or ``upright``.

    Returns
    -------
    BaseGeometry
        Lines at equal distances, the same ones for all shapes, so that a pattern runs through
        neighbours of one state.
    """
    flat = affinity.scale(shape, SQUEEZE, 1, origin=(0, 0))
    lines = shapely.multilinestrings(_hatch(flat, pattern, SPACING))
    return affinity.scale(lines, 1 / SQUEEZE, 1, origin=(0, 0))


def hatch_flat(
    wide: float, high: float, pattern: str, spacing: float
) -> list[tuple[float, float, float, float]]:
    """Draw the lines of a pattern into a box that begins at zero.

    Parameters
    ----------
    wide, high : float
        Of the box.
    pattern : str
    spacing : float
        Between the lines.

    Returns
    -------
    list of tuple of float
        Both ends of each line: x, y, x, y.

    Examples
    --------
    >>> hatch_flat(8, 14, "level", 7)
    [(0.0, 4.667, 8.0, 4.667), (0.0, 9.333, 8.0, 9.333)]
    """
    drawn = _hatch(box(0, 0, wide, high), pattern, spacing)
    ends = [
        [round(float(n), DIGITS) + 0.0 for n in line.coords[:][0] + line.coords[:][1]]
        for line in drawn
    ]
    return [(a, b, c, d) for a, b, c, d in ends]


def _hatch(flat: BaseGeometry, pattern: str, spacing: float) -> list[BaseGeometry]:
    return [line for angle in ANGLES[pattern] for line in _parallels(flat, angle, spacing)]


def _parallels(flat: BaseGeometry, angle: float, spacing: float) -> list[BaseGeometry]:
    turned = affinity.rotate(flat, -angle, origin=(0, 0))
    west, south, east, north = turned.bounds
    # A small shape has narrower lines: without any it would look like another state.
    step = min(spacing, (north - south) / FEWEST)
    places = range(math.floor(south / step) + 1, math.ceil(north / step))
    lines = shapely.linestrings([[(west, s * step), (east, s * step)] for s in places])
    parts = shapely.get_parts(shapely.intersection(turned, lines))
    kept = parts[shapely.get_dimensions(parts) == 1]
    return [affinity.rotate(line, angle, origin=(0, 0)) for line in kept]
