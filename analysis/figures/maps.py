"""Maps for paper: municipalities by the change of residents, one of them outlined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
from shapely import set_precision
from shapely.geometry import MultiPolygon, Polygon, box, mapping
from shapely.geometry.polygon import orient

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
) -> alt.TopLevelMixin:
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
    altair.TopLevelMixin
        A layered map.
    """
    shapes = boundaries.frame.merge(values, on="area_id", how="left", validate="one_to_one")
    drawn = [_feature(row) for row in shapes.to_dict("records")]
    colour = alt.Color(
        "properties.pct:Q",
        title=legend,
        scale=alt.Scale(type="threshold", domain=list(STEPS), range=list(DIVERGING)),
        legend=alt.Legend(orient="bottom", gradientLength=320, titleLimit=MAP_WIDTH, format="d"),
    )
    base = alt.Chart(_data(drawn)).mark_geoshape(stroke=PAPER, strokeWidth=0.8)
    fill = base.encode(
        color=alt.condition("isValid(datum.properties.pct)", colour, alt.value(NO_DATA_FILL))
    )
    ground = alt.Chart(
        _data([_outline(shape) for shape in boundaries.context.geometry])
    ).mark_geoshape(fill=NO_DATA_FILL, stroke=QUIET, strokeWidth=0.8, strokeDash=[3, 3])
    outline = alt.Chart(
        _data([f for f in drawn if f["properties"]["area_id"] == here])
    ).mark_geoshape(filled=False, stroke=INK, strokeWidth=2.6)
    note = alt.TitleParams(
        schematic if boundaries.is_schematic else "",
        anchor="start",
        fontSize=12,
        fontWeight="normal",
        color=QUIET,
    )
    return (
        alt.layer(*_frame(boundaries, inset), ground, fill, outline)
        .project(type="mercator")
        .properties(width=MAP_WIDTH, height=MAP_HEIGHT, title=note)
    )


def _frame(boundaries: Boundaries, name: str) -> list[alt.Chart]:
    """Draw a frame with a name around the tiles, so that nobody takes the inset for a place."""
    tiles = boundaries.frame.loc[boundaries.frame["is_tile"]]
    if tiles.empty:
        return []
    west, south, east, north = tiles.total_bounds
    edge = box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    place = pd.DataFrame({"lon": [west - MARGIN], "lat": [south - 2 * MARGIN], "name": [name]})
    return [
        alt.Chart(_data([_outline(edge)])).mark_geoshape(
            filled=False, stroke=QUIET, strokeWidth=0.8
        ),
        alt.Chart(place)
        .mark_text(align="left", baseline="top", fontSize=12, color=QUIET)
        .encode(longitude="lon:Q", latitude="lat:Q", text="name:N"),
    ]


def _data(features: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=features)  # type: ignore[no-untyped-call]  # Altair has no types here


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    pct = row["pct"]
    return {
        "type": "Feature",
        "properties": {
            "area_id": row["area_id"],
            "name": row["name"],
            # Vega takes a blank for zero; None is the only honest blank.
            "pct": None if pd.isna(pct) else round(float(pct), 1),
        },
        "geometry": mapping(wind(row["geometry"])),
    }


def _outline(shape: BaseGeometry) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": mapping(wind(shape))}


def wind(shape: BaseGeometry) -> BaseGeometry:
    """Turn rings the way that the renderer expects, and round their coordinates.

    The renderer takes a ring that runs the other way for the whole globe without it.
    """
    rounded = set_precision(shape, 10**-DIGITS)
    if isinstance(rounded, Polygon):
        return orient(rounded, sign=-1.0)
    parts = [orient(p, sign=-1.0) for p in rounded.geoms if isinstance(p, Polygon)]
    return MultiPolygon(parts)
