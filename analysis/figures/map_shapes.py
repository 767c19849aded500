"""What the map that one moves is told: shapes, and how each municipality is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapely import set_precision
from shapely.geometry import mapping

from analysis.figures.area_map import STEP
from analysis.figures.map_layout import DIGITS
from analysis.figures.map_marks import (
    PATTERNS,
    SHAPES,
    box_area,
    choose_fill,
    choose_ink,
    choose_shades,
)

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from analysis.figures.area_map import AreaMap, KeyEntry
    from analysis.figures.map_layout import Layout


def list_areas(shown: AreaMap, country: Layout, squares: Layout) -> list[dict[str, Any]]:
    """List how each municipality of a map is marked.

    Parameters
    ----------
    shown : AreaMap
    country, squares : Layout

    Returns
    -------
    list of dict
        In the order of the map's own list; ``size`` is the side of the point's box as a part of
        that of the largest circle.
    """
    shades = choose_shades(shown.losses, shown.gains)
    listed = []
    for area in shown.areas:
        fill = choose_fill(area.style, area.step, shades)
        size = shown.sizes.get(area.area_id)
        kind = "loss" if (area.value or 0.0) < 0 else "gain"
        listed.append(
            {
                "id": area.area_id,
                "name": area.name,
                "short": area.short_name,
                "text": area.text,
                "said": area.said,
                "words": area.words,
                "fill": fill,
                "ink": choose_ink(fill),
                "pattern": PATTERNS[area.style] if area.style != STEP else "",
                "number": area.step + 1 if shown.is_numbered and area.style == STEP else 0,
                "kind": kind if size is not None else "",
                "size": measure_side(kind, size) if size is not None else 0,
                "spots": {
                    "map": _turn(country.spots[area.area_id]),
                    "tiles": _turn(squares.spots[area.area_id]),
                },
                "name_spot": _turn(squares.names[area.area_id]),
            }
        )
    return listed


def list_key(shown: AreaMap) -> list[dict[str, Any]]:
    """List the lines of the key: how each is marked, and its words.

    Parameters
    ----------
    shown : AreaMap

    Returns
    -------
    list of dict
    """
    shades = choose_shades(shown.losses, shown.gains)
    return [_describe(entry, shown, shades) for entry in shown.key]


def _describe(entry: KeyEntry, shown: AreaMap, shades: tuple[str, ...]) -> dict[str, Any]:
    is_point = entry.style in SHAPES
    fill = "" if is_point else choose_fill(entry.style, entry.step, shades)
    return {
        "text": entry.text,
        "kind": entry.style if is_point else "",
        "size": measure_side(entry.style, entry.size) if is_point else 0,
        "fill": fill,
        "ink": choose_ink(fill) if fill else "",
        "pattern": PATTERNS.get(entry.style, ""),
        "number": entry.step + 1 if shown.is_numbered and entry.style == STEP else 0,
    }


def measure_side(kind: str, size: float) -> float:
    """Measure the side of a point's box: that of the largest circle is 1.

    Examples
    --------
    >>> measure_side("gain", 0.25), measure_side("loss", 1.0)
    (0.5, 0.8862)
    """
    found: float = round((box_area(kind, size) / box_area("gain", 1.0)) ** 0.5, 4)
    return found


def list_shapes(layout: Layout) -> dict[str, Any]:
    """List the shapes of a layout as GeoJSON.

    Parameters
    ----------
    layout : Layout

    Returns
    -------
    dict
        ``shapes``, ``ground`` and ``frame``.
    """
    return {
        "shapes": [_feature(shape, area_id) for area_id, shape in layout.shapes],
        "ground": [_feature(shape, "ground") for shape in layout.ground],
        "frame": [_feature(layout.frame, "frame")] if layout.frame is not None else [],
    }


def _feature(shape: BaseGeometry, area_id: str) -> dict[str, Any]:
    rounded = set_precision(shape, 10**-DIGITS)
    return {"type": "Feature", "id": area_id, "properties": {}, "geometry": mapping(rounded)}


def _turn(spot: tuple[float, float]) -> list[float]:
    # Leaflet wants latitude first.
    return [spot[1], spot[0]]
