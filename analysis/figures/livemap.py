"""The map that one moves: folium's, with Leaflet inside and nothing from a network.

No tiles: whoever serves tiles learns what officials look at, and a closed network has none.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import folium
import pandas as pd
from branca.element import MacroElement
from folium.template import Template
from shapely import set_precision
from shapely.geometry import mapping

from analysis.figures.leaflet import load_leaflet
from analysis.figures.map_views import map_views
from analysis.figures.maps import DIGITS, STEPS
from analysis.figures.theme import (
    DIVERGING,
    FONT,
    HERE,
    INK,
    NO_DATA_FILL,
    PAPER,
    QUIET,
    RULE,
)

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from analysis.sources.boundaries import Boundaries

OUTSIDE = re.compile(
    r"""(?:\bsrc\s*=|<link\b[^>]*\bhref\s*=|@import|url\()\s*["']?\s*(?:https?:)?//[^"'\s)>]+""",
    re.IGNORECASE,
)
CLOSEST = 10


class LiveMapError(ValueError):
    """A map that would ask a network for something."""


@dataclass(frozen=True, slots=True)
class MapWords:
    """The words of a map, in the reader's language.

    Parameters
    ----------
    language : str
        BCP 47 code.
    title : str
        Accessible name of the map.
    legend : str
        What the shades show.
    bins : tuple of str
        One label a shade, from loss to gain.
    no_data : str
        Label of the shade without a number.
    schematic : str
        Stands on the map where its boundaries are schematic.
    zoom_in, zoom_out, whole : str
        Names of the buttons; ``whole`` shows the whole country.
    """

    language: str
    title: str
    legend: str
    bins: tuple[str, ...]
    no_data: str
    schematic: str
    zoom_in: str
    zoom_out: str
    whole: str


def live_map(
    values: pd.DataFrame,
    boundaries: Boundaries,
    here: str,
    words: MapWords,
    style: str = "",
    nonce: str = "",
) -> str:
    """Draw municipalities shaded by a percentage, one outlined and zoomed to.

    Parameters
    ----------
    values : pandas.DataFrame
        Columns ``area_id``, ``name``, ``pct`` (blank where there is none) and ``label``, the
        number as text.
    boundaries : Boundaries
    here : str
        Id of the outlined municipality.
    words : MapWords
    style : str
        Further CSS, for a font of the page for instance.
    nonce : str
        Mark of the page's own scripts, where its server lets no others run.

    Returns
    -------
    str
        A whole HTML document for an ``<iframe srcdoc>``. The same for the same arguments.

    Raises
    ------
    LiveMapError
        When the document would load something over a network.
    """
    shapes = boundaries.frame.merge(values, on="area_id", how="left", validate="one_to_one")
    features = [_feature(row) for row in shapes.to_dict("records")]
    outlined = [f for f in features if f["properties"]["area_id"] == here]
    drawn = folium.Map(
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        min_zoom=6,
        max_zoom=12,
        prefer_canvas=False,
    )
    # Instance attributes: folium's own lists name content networks.
    drawn.default_js, drawn.default_css = [], []
    _name(drawn, "country")
    ground = [_outline(shape) for shape in boundaries.context.geometry]
    _add_shapes(drawn, ground, features, outlined)
    drawn.add_child(_Frame(words, boundaries, features, outlined, style))
    page = _plain_viewport(drawn.get_root().render(), words)
    if nonce:
        page = page.replace("<script>", f'<script nonce="{nonce}">')
    found = outside_resources(page)
    if found:
        msg = (
            f"The map would load {found[0]!r} over a network. A map is one file: put what it "
            f"needs into the page."
        )
        raise LiveMapError(msg)
    return page


def outside_resources(page: str) -> list[str]:
    """List what a page would load over a network; a link that a reader may follow is none.

    Examples
    --------
    >>> outside_resources('<script src="//cdn.example/x.js"></script><a href="http://b.example">')
    ['src="//cdn.example/x.js']
    """
    return OUTSIDE.findall(page)


def _add_shapes(
    drawn: folium.Map,
    ground: list[dict[str, Any]],
    features: list[dict[str, Any]],
    outlined: list[dict[str, Any]],
) -> None:
    below = folium.GeoJson(
        {"type": "FeatureCollection", "features": ground},
        style_function=lambda _: {
            "fillColor": NO_DATA_FILL,
            "fillOpacity": 1,
            "color": QUIET,
            "weight": 1,
            "dashArray": "4 4",
        },
        smooth_factor=0,
        interactive=False,
    )
    shaded = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda f: {
            "fillColor": f["properties"]["fill"],
            "fillOpacity": 1,
            "color": PAPER,
            "weight": 1,
        },
        highlight_function=lambda _: {"weight": 2.5, "color": INK},
        tooltip=folium.GeoJsonTooltip(
            fields=["name", "label"], labels=False, sticky=True, class_name="value"
        ),
        smooth_factor=0,
    )
    frame = folium.GeoJson(
        {"type": "FeatureCollection", "features": outlined},
        style_function=lambda _: {"fill": False, "color": INK, "weight": 3.5},
        smooth_factor=0,
        interactive=False,
    )
    if ground:
        _name(below, "ground").add_to(drawn)
    _name(shaded, "municipalities").add_to(drawn)
    _name(frame, "here").add_to(drawn)


def _name(element: Any, name: str) -> Any:
    # Folium draws names by lot; ours are fixed, so that the same map is the same bytes.
    element._id = name  # noqa: SLF001  # there is no public way to name an element
    for place, child in enumerate(list(element._children.values())):  # noqa: SLF001
        child._id = f"{name}_{place}"  # noqa: SLF001
    return element


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    blank = pd.isna(row["pct"])
    return {
        "type": "Feature",
        "id": row["area_id"],
        "properties": {
            "area_id": row["area_id"],
            # The tooltip writes them as markup.
            "name": html.escape(str(row["name"])),
            "label": html.escape(str(row["label"])),
            "fill": NO_DATA_FILL if blank else shade(float(row["pct"])),
        },
        "geometry": mapping(set_precision(row["geometry"], 10**-DIGITS)),
    }


def _outline(shape: BaseGeometry) -> dict[str, Any]:
    rounded = set_precision(shape, 10**-DIGITS)
    return {"type": "Feature", "id": "ground", "properties": {}, "geometry": mapping(rounded)}


def shade(pct: float) -> str:
    """Give the colour of a percentage, with the bins of the paper map.

    Examples
    --------
    >>> shade(-25.0) == DIVERGING[0], shade(0.0) == DIVERGING[3]
    (True, True)
    """
    return DIVERGING[sum(pct >= step for step in STEPS)]


def _plain_viewport(page: str, words: MapWords) -> str:
    head = f'<html lang="{html.escape(words.language, quote=True)}">'
    title = f"<head>\n<title>{html.escape(words.title)}</title>"
    page = page.replace("<html>", head, 1).replace("<head>", title, 1)
    # Folium forbids pinching; who reads with enlargement needs it.
    return re.sub(r",\s*maximum-scale=1\.0,\s*user-scalable=no", "", page)


class _Frame(MacroElement):
    """What stands around the shapes: Leaflet itself, the legend, the buttons, the first view."""

    _template = Template(
        (resources.files("analysis.figures") / "templates" / "livemap.html.j2").read_text("utf-8")
    )

    def __init__(
        self,
        words: MapWords,
        boundaries: Boundaries,
        features: list[dict[str, Any]],
        outlined: list[dict[str, Any]],
        style: str,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types here
        self._name = "Frame"
        self._id = "frame"
        self.words = words
        self.css, self.leaflet = load_leaflet()
        self.style = style
        self.closest = CLOSEST
        self.font, self.ink, self.quiet, self.rule = FONT, INK, QUIET, RULE
        self.paper, self.here = PAPER, HERE
        self.bins = list(zip(DIVERGING, words.bins, strict=True))
        if any(f["properties"]["fill"] == NO_DATA_FILL for f in features):
            self.bins.append((NO_DATA_FILL, words.no_data))
        self.said = {
            "title": words.title,
            "zoom_in": words.zoom_in,
            "zoom_out": words.zoom_out,
            "whole": words.whole,
            "schematic": words.schematic if boundaries.is_schematic else "",
        }
        self.all, self.near = map_views(boundaries, [f["id"] for f in outlined])
