"""Maps for paper: municipalities by the change of residents, one of them outlined."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
from shapely import from_wkb, set_precision, to_wkb
from shapely.geometry import MultiPolygon, Polygon, box, mapping
from shapely.geometry.polygon import orient

from analysis.figures.drawing import Drawing, Rows, make_form, slot
from analysis.figures.theme import DIVERGING, INK, NO_DATA_FILL, PAPER, QUIET

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from analysis.sources.boundaries import Boundaries

MAP_WIDTH = 520
MAP_HEIGHT = 380
STEPS = (-20.0, -10.0, 0.0, 10.0)
DIGITS = 3
MARGIN = 0.02


def chart_map(
    values: pd.DataFrame,
    boundaries: Boundaries,
    here: str,
    legend: str,
    schematic: str,
    inset: str,
) -> Drawing:
    """Shade municipalities by a percentage and outline one.

    Parameters
    ----------
    values : pandas.DataFrame
        Columns ``area_id``, ``name``, ``pct`` (blank where there is none).
    boundaries : Boundaries
    here : str
        Id of the outlined municipality.
    legend, schematic, inset : str
        Title of the legend; the word that stands on a map whose boundaries are schematic; the
        name of the frame around tiles, which stand apart from where they lie.

    Returns
    -------
    Drawing
        A layered map.
    """
    drawn = draw_features(values, boundaries)
    datasets = {
        "ground": [_outline(shape) for shape in boundaries.context.geometry],
        "areas": drawn,
        "here": [f for f in drawn if f["properties"]["area_id"] == here],
    }
    place = _place(boundaries, inset)
    words = {"legend": legend, "note": schematic if boundaries.is_schematic else ""}
    return Drawing(_map_form(bool(place)), words, datasets | place)


@make_form
def _map_form(has_inset: bool) -> alt.TopLevelMixin:  # noqa: FBT001
    colour = alt.Color(
        "properties.pct:Q",
        title=slot("legend"),
        scale=alt.Scale(type="threshold", domain=list(STEPS), range=list(DIVERGING)),
        legend=alt.Legend(orient="bottom", gradientLength=320, titleLimit=MAP_WIDTH, format="d"),
    )
    base = alt.Chart(alt.NamedData("areas")).mark_geoshape(stroke=PAPER, strokeWidth=0.8)
    fill = base.encode(
        color=alt.condition("isValid(datum.properties.pct)", colour, alt.value(NO_DATA_FILL))
    )
    ground = alt.Chart(alt.NamedData("ground")).mark_geoshape(
        fill=NO_DATA_FILL, stroke=QUIET, strokeWidth=0.8, strokeDash=[3, 3]
    )
    outline = alt.Chart(alt.NamedData("here")).mark_geoshape(
        filled=False, stroke=INK, strokeWidth=2.6
    )
    note = alt.TitleParams(
        slot("note"), anchor="start", fontSize=12, fontWeight="normal", color=QUIET
    )
    return (
        alt.layer(*(_inset_forms() if has_inset else ()), ground, fill, outline)
        .project(type="mercator")
        .properties(width=MAP_WIDTH, height=MAP_HEIGHT, title=note)
    )


def _inset_forms() -> tuple[alt.Chart, alt.Chart]:
    """Draw a frame with a name around the tiles, so that nobody takes the inset for a place."""
    return (
        alt.Chart(alt.NamedData("edge")).mark_geoshape(filled=False, stroke=QUIET, strokeWidth=0.8),
        alt.Chart(alt.NamedData("place"))
        .mark_text(align="left", baseline="top", fontSize=12, color=QUIET)
        .encode(longitude="lon:Q", latitude="lat:Q", text="name:N"),
    )


def _place(boundaries: Boundaries, name: str) -> dict[str, Rows]:
    """Say where the frame around the tiles is, and its name; nothing where there are none."""
    tiles = boundaries.frame.loc[boundaries.frame["is_tile"]]
    if tiles.empty:
        return {}
    west, south, east, north = (float(edge) for edge in tiles.total_bounds)
    edge = box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    place = {"lon": west - MARGIN, "lat": south - 2 * MARGIN, "name": name}
    return {"edge": [_outline(edge)], "place": [place]}


def draw_features(values: pd.DataFrame, boundaries: Boundaries) -> Rows:
    """Give the municipalities as the renderer reads them, each with its percentage.

    Parameters
    ----------
    values : pandas.DataFrame
        Columns ``area_id``, ``name``, ``pct`` (blank where there is none).
    boundaries : Boundaries

    Returns
    -------
    list of dict
        Features of GeoJSON, in the order of the boundaries.
    """
    frame = boundaries.frame
    ids = pd.DataFrame({"area_id": frame["area_id"].to_numpy()})
    placed = ids.merge(values, on="area_id", how="left", validate="one_to_one")
    shapes = (wound_shape(shape) for shape in to_wkb(frame.geometry.to_numpy()))
    columns = (placed[name].tolist() for name in ("area_id", "name", "pct"))
    return [
        {
            "type": "Feature",
            # Vega takes a blank for zero; None is the only honest blank.
            "properties": {
                "area_id": area_id,
                "name": name,
                "pct": None if pd.isna(pct) else round(float(pct), 1),
            },
            "geometry": shape,
        }
        for area_id, name, pct, shape in zip(*columns, shapes, strict=True)
    ]


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
