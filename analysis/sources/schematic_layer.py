"""The embedded layer: Natural Earth generalised, the City of Skopje as tiles.

``python -m analysis.sources.schematic_layer INPUT.geojson OUTPUT.geojson`` makes it again from
the Natural Earth layer of the 80 municipalities, to the same bytes.

Natural Earth lies about 700 m west and 1,200 m south of the true position in North Macedonia, and
is wrong inside the City of Skopje. The layer is moved back as a whole, simplified until nobody
will measure on it, and the ten municipalities of the city are squares in their rough order.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import shapely
from shapely import affinity
from shapely.geometry import box, mapping

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

METRES_A_DEGREE = 111_320.0
EAST_METRES = 700.0
NORTH_METRES = 1_200.0
TOLERANCE_DEGREES = 0.012
DIGITS = 4
MIDDLE = 41.6
CITY = "MK-SKOPJE"
GRID = (
    ("", "MK-805", "MK-817", "MK-803"),
    ("MK-811", "MK-808", "MK-815", "MK-804"),
    ("", "MK-814", "MK-809", "MK-801"),
)
# The city is too small on a map of the country for ten squares that one can tell apart, so they
# stand as an inset in the empty corner north-west of it.
INSET_WEST = 20.46
INSET_NORTH = 42.52
TILE_DEGREES = 0.125
GAP = 0.05


def make_layer(shapes: geopandas.GeoDataFrame) -> dict[str, Any]:
    """Make the schematic layer.

    Parameters
    ----------
    shapes : geopandas.GeoDataFrame
        80 polygons that touch without gaps, with ``area_id`` and ``is_city_of_skopje``, in
        degrees.

    Returns
    -------
    dict
        A GeoJSON feature collection of 80 municipalities and the outline of the City of Skopje,
        sorted by ``area_id``; tiles say ``is_tile``.
    """
    moved = [move(shape) for shape in shapes.geometry]
    # Edges are simplified once for both neighbours, so that no gap opens between them.
    simple = shapely.coverage_simplify(moved, TOLERANCE_DEGREES)
    whole = dict(zip(shapes["area_id"], simple, strict=True))
    city = shapely.union_all([whole[i] for i in shapes.loc[shapes["is_city_of_skopje"], "area_id"]])
    tiles = lay_tiles()
    drawn = whole | tiles | {CITY: city}
    features = [
        {
            "type": "Feature",
            "properties": {"area_id": area_id, "is_tile": area_id in tiles},
            "geometry": _rounded(shape),
        }
        for area_id, shape in sorted(drawn.items())
    ]
    return {"type": "FeatureCollection", "features": features}


def move(shape: BaseGeometry) -> BaseGeometry:
    """Move a shape by the known error of Natural Earth, 700 m east and 1,200 m north."""
    # One latitude for all: neighbours that move by the same step still touch.
    east = EAST_METRES / (METRES_A_DEGREE * math.cos(math.radians(MIDDLE)))
    return affinity.translate(shape, east, NORTH_METRES / METRES_A_DEGREE)


def lay_tiles() -> dict[str, BaseGeometry]:
    """Lay ten equal squares, in the rough order of the municipalities that they stand for.

    Returns
    -------
    dict of str to shapely geometry
        A square for each municipality of :data:`GRID`, in degrees.
    """
    height = TILE_DEGREES * math.cos(math.radians(INSET_NORTH))
    return {
        area_id: box(
            INSET_WEST + (column + GAP) * TILE_DEGREES,
            INSET_NORTH - (row + 1 - GAP) * height,
            INSET_WEST + (column + 1 - GAP) * TILE_DEGREES,
            INSET_NORTH - (row + GAP) * height,
        )
        for row, line in enumerate(GRID)
        for column, area_id in enumerate(line)
        if area_id
    }


def _rounded(shape: BaseGeometry) -> Any:
    return mapping(shapely.transform(shape.normalize(), lambda xy: xy.round(DIGITS)))


def write_layer(layer: dict[str, Any]) -> bytes:
    """Write a layer so that the same layer is the same bytes."""
    lines = [json.dumps(f, sort_keys=True, separators=(",", ":")) for f in layer["features"]]
    body = ",\n".join(lines)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode()


def main(arguments: list[str]) -> None:
    """Make the layer from one file into another."""
    source, target = arguments
    shapes = geopandas.read_file(source).rename(columns={"iso_3166_2": "area_id"})
    shapes["is_city_of_skopje"] = shapes["city_of_skopje"].astype(int).eq(1)
    Path(target).write_bytes(write_layer(make_layer(shapes)))


if __name__ == "__main__":
    main(sys.argv[1:])
