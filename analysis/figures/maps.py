"""Maps for paper: municipalities shaded, with points, or as squares; one of them outlined."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import altair as alt
from shapely import from_wkb, set_precision, to_wkb
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.polygon import orient

from analysis.figures.area_map import OTHER, STEP
from analysis.figures.drawing import Drawing, Rows, make_form, slot
from analysis.figures.map_forms import layer_country, layer_key, layer_marks
from analysis.figures.map_key import lay_out_key
from analysis.figures.map_layout import DIGITS, hatch_shape, leave_room
from analysis.figures.map_marks import (
    LINED,
    PATTERN_INK,
    PATTERNS,
    POINTS,
    RING,
    SHAPES,
    box_area,
    choose_fill,
    choose_ink,
    choose_shades,
)
from analysis.figures.theme import PAPER, QUIET

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from analysis.figures.area_map import AreaMap, MapNotes, MappedArea
    from analysis.figures.map_layout import Layout

MAP_WIDTH = 520
MAP_HEIGHT = 380
# In square pixels.
LARGEST = 900.0
LARGEST_OF_TILES = 560.0
RING_SIZE = 44.0
BELOW = 0.02


def chart_map(shown: AreaMap, layout: Layout, notes: MapNotes) -> Drawing:
    """Draw a map of municipalities, with its key.

    Parameters
    ----------
    shown : AreaMap
    layout : Layout
        Where each stands: a country, or squares.
    notes : MapNotes
        Words that stand on the map.

    Returns
    -------
    Drawing
        Classes carry their number, states a pattern; points are proportional in their area.
    """
    shades = choose_shades(shown.losses, shown.gains)
    largest = LARGEST_OF_TILES if layout.is_tiles else LARGEST
    key = lay_out_key(shown, shades, largest)
    areas = {area.area_id: area for area in shown.areas}
    datasets = {
        "ground": [_outline(shape) for shape in layout.ground],
        "areas": draw_areas(shown, layout),
        "hatching": _hatching(areas, layout),
        "here": [_outline(shape) for i, shape in layout.shapes if i == shown.here],
        "edge": [_outline(layout.frame)] if layout.frame else [],
        "place": _place(layout, notes),
        "points": _points(shown, layout, largest),
        "numbers": [*_numbers(shown, layout, shades), *_names(shown, layout, shades)],
        "boxes": key.boxes,
        "lines": key.lines,
        "signs": key.points,
        "words": [word for word in key.words if word["weight"] != "number"],
        "digits": [word for word in key.words if word["weight"] == "number"],
    }
    said = notes.tiles if layout.is_tiles else notes.schematic if layout.is_schematic else ""
    return Drawing(_map_form(), {"note": said, "height": key.height}, datasets)


@make_form
def _map_form() -> alt.TopLevelMixin:
    note = alt.TitleParams(
        slot("note"), anchor="start", fontSize=12, fontWeight="normal", color=QUIET
    )
    drawn = (
        alt.layer(*layer_country(), *layer_marks())
        .project(type="mercator")
        .properties(width=MAP_WIDTH, height=MAP_HEIGHT, title=note)
    )
    key = alt.layer(*layer_key(), width=MAP_WIDTH, height=slot("height"))
    return alt.vconcat(drawn, key, spacing=4)


def draw_areas(shown: AreaMap, layout: Layout) -> Rows:
    """Give the municipalities as the renderer reads them, each with its fill.

    Parameters
    ----------
    shown : AreaMap
    layout : Layout

    Returns
    -------
    list of dict
        Features of GeoJSON, in the order of the layout. A municipality that the map is not about
        is blank.
    """
    shades = choose_shades(shown.losses, shown.gains)
    fills = {a.area_id: choose_fill(a.style, a.step, shades) for a in shown.areas}
    blank = choose_fill(OTHER, -1, shades)
    drawn = to_wkb([shape for _, shape in layout.shapes])
    return [
        {
            "type": "Feature",
            "properties": {"area_id": area_id, "fill": fills.get(area_id, blank)},
            "geometry": wound_shape(shape),
        }
        for (area_id, _), shape in zip(layout.shapes, drawn, strict=True)
    ]


def _hatching(areas: dict[str, MappedArea], layout: Layout) -> Rows:
    drawn = []
    for area_id, shape in layout.shapes:
        area = areas.get(area_id)
        pattern = PATTERNS.get(area.style, "") if area else ""
        if pattern in LINED:
            room = leave_room(shape) if layout.is_tiles else shape
            lines = set_precision(hatch_shape(room, pattern), 10**-DIGITS)
            drawn.append({"type": "Feature", "properties": {}, "geometry": mapping(lines)})
    return drawn


def _points(shown: AreaMap, layout: Layout, largest: float) -> Rows:
    """Give the points, the largest first, so that none hides a smaller one; and rings of zeros."""
    drawn = []
    for area in shown.areas:
        lon, lat = layout.spots[area.area_id]
        place: dict[str, Any] = {"lon": lon, "lat": lat}
        if PATTERNS.get(area.style) == RING:
            ring = {"size": RING_SIZE, "shape": "circle", "fill": PAPER, "stroke": PATTERN_INK}
            drawn.append(place | ring)
        elif area.area_id in shown.sizes:
            kind = "loss" if (area.value or 0.0) < 0 else "gain"
            size = box_area(kind, shown.sizes[area.area_id] * largest)
            fill = {"shape": SHAPES[kind], "fill": POINTS[kind], "stroke": PAPER}
            drawn.append(place | {"size": size} | fill)
    return sorted(drawn, key=lambda point: -float(point["size"]))


def _numbers(shown: AreaMap, layout: Layout, shades: tuple[str, ...]) -> Rows:
    if not shown.is_numbered:
        return []
    return [
        _word(str(area.step + 1), layout.spots[area.area_id], area, shades)
        for area in shown.areas
        if area.style == STEP
    ]


def _names(shown: AreaMap, layout: Layout, shades: tuple[str, ...]) -> Rows:
    return [
        _word(area.short_name, layout.names[area.area_id], area, shades)
        for area in shown.areas
        if area.area_id in layout.names
    ]


def _word(
    text: str, spot: tuple[float, float], area: MappedArea, shades: tuple[str, ...]
) -> dict[str, Any]:
    ground = choose_fill(area.style, area.step, shades)
    lon, lat = spot
    return {"lon": lon, "lat": lat, "text": text, "ink": choose_ink(ground)}


def _place(layout: Layout, notes: MapNotes) -> Rows:
    """Say where the frame is, and its name; nothing where there is none."""
    if layout.frame is None:
        return []
    west, south, _, _ = (float(edge) for edge in layout.frame.bounds)
    return [{"lon": west, "lat": south - BELOW, "name": notes.inset}]


def _outline(shape: BaseGeometry) -> dict[str, Any]:
    geometry = wound_shape(to_wkb(shape))
    return {"type": "Feature", "properties": {}, "geometry": geometry}


@lru_cache(maxsize=512)
def wound_shape(shape: bytes) -> dict[str, Any]:
    """Give a shape as the renderer reads it.

    It depends on the shape alone, of which every municipality's map has the same: a process that
    has drawn a layer once does not round and turn it again.

    Parameters
    ----------
    shape : bytes
        Well-known binary.

    Returns
    -------
    dict
        GeoJSON geometry. It is shared: nobody changes it.
    """
    found: dict[str, Any] = mapping(wind(from_wkb(shape)))
    return found


def wind(shape: BaseGeometry) -> BaseGeometry:
    """Turn rings the way that the renderer expects, and round their coordinates.

    The renderer takes a ring that runs the other way for the whole globe without it.
    """
    rounded = set_precision(shape, 10**-DIGITS)
    if isinstance(rounded, Polygon):
        return orient(rounded, sign=-1.0)
    parts = [orient(p, sign=-1.0) for p in rounded.geoms if isinstance(p, Polygon)]
    return MultiPolygon(parts)
