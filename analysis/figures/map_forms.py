"""The layers of a printed map, which Altair writes once."""

from __future__ import annotations

from typing import Any

import altair as alt

from analysis.figures.map_marks import EDGE, PATTERN_INK
from analysis.figures.theme import INK, NO_DATA_FILL, PAPER, QUIET


def layer_country() -> tuple[alt.Chart, ...]:
    """Give the shapes, their patterns and their outlines."""
    fill = alt.Color("properties.fill:N", scale=None, legend=None)
    return (
        alt.Chart(alt.NamedData("edge")).mark_geoshape(filled=False, stroke=QUIET, strokeWidth=0.8),
        alt.Chart(alt.NamedData("ground")).mark_geoshape(
            fill=NO_DATA_FILL, stroke=QUIET, strokeWidth=0.8, strokeDash=[3, 3]
        ),
        alt.Chart(alt.NamedData("areas"))
        .mark_geoshape(stroke=EDGE, strokeWidth=0.7)
        .encode(color=fill),
        alt.Chart(alt.NamedData("hatching")).mark_geoshape(
            filled=False, stroke=PATTERN_INK, strokeWidth=0.8
        ),
        alt.Chart(alt.NamedData("here")).mark_geoshape(filled=False, stroke=INK, strokeWidth=2.6),
    )


def layer_marks() -> tuple[alt.Chart, ...]:
    """Give what stands on the shapes: points, numbers, names."""
    place: dict[str, Any] = {"longitude": "lon:Q", "latitude": "lat:Q"}
    ink = alt.Color("ink:N", scale=None, legend=None)
    return (
        # A frame with a name, so that nobody takes the inset for a place.
        alt.Chart(alt.NamedData("place"))
        .mark_text(align="left", baseline="top", fontSize=12, color=QUIET)
        .encode(**place, text="name:N"),
        alt.Chart(alt.NamedData("points"))
        .mark_point(filled=True, opacity=1, stroke=PAPER, strokeWidth=0.8)
        .encode(
            **place,
            size=alt.Size("size:Q", scale=None, legend=None),
            shape=alt.Shape("shape:N", scale=None, legend=None),
            fill=alt.Fill("fill:N", scale=None, legend=None),
            stroke=alt.Stroke("stroke:N", scale=None, legend=None),
        ),
        alt.Chart(alt.NamedData("numbers"))
        .mark_text(fontSize=10, baseline="middle")
        .encode(**place, text="text:N", color=ink),
    )


def layer_key() -> tuple[alt.Chart, ...]:
    """Give the key, in pixels from its upper left corner."""
    x, y = alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None)
    ends: dict[str, Any] = {"x": x, "y": y, "x2": "x2", "y2": "y2"}
    return (
        alt.Chart(alt.NamedData("boxes"))
        .mark_rect(stroke=EDGE, strokeWidth=0.7)
        .encode(**ends, fill=alt.Fill("fill:N", scale=None, legend=None)),
        alt.Chart(alt.NamedData("lines"))
        .mark_rule(color=PATTERN_INK, strokeWidth=0.8)
        .encode(**ends),
        alt.Chart(alt.NamedData("signs"))
        .mark_point(filled=True, opacity=1, stroke=PATTERN_INK, strokeWidth=1.4)
        .encode(
            x=x,
            y=y,
            size=alt.Size("size:Q", scale=None, legend=None),
            shape=alt.Shape("shape:N", scale=None, legend=None),
            fill=alt.Fill("fill:N", scale=None, legend=None),
        ),
        alt.Chart(alt.NamedData("words"))
        .mark_text(align="left", baseline="middle", fontSize=12, color=INK)
        .encode(x=x, y=y, text="text:N"),
        alt.Chart(alt.NamedData("digits"))
        .mark_text(baseline="middle", fontSize=11)
        .encode(x=x, y=y, text="text:N", color=alt.Color("ink:N", scale=None, legend=None)),
    )
