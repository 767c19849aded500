"""Filling what the code of charts keeps, so that a process forked from this one has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalog import load_areas
from analysis.figures.area_map import AreaMap, MapNotes
from analysis.figures.charts import chart_change, chart_registered, chart_route
from analysis.figures.compare import chart_compare
from analysis.figures.export import specification
from analysis.figures.leaflet import load_leaflet
from analysis.figures.map_layout import lay_out_country, lay_out_squares
from analysis.figures.maps import chart_map
from analysis.figures.outlook import chart_outlook
from analysis.figures.readiness import chart_readiness
from analysis.sources.boundaries import load_boundaries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.figures.drawing import Drawing

INVENTED = "invented"


def preload() -> None:
    """Build one chart of each kind from invented rows, and the shapes of the embedded layer.

    It reads files of the package alone, never a workspace; it draws nothing, because drawing
    starts threads.
    """
    for chart in _invented_charts():
        specification(chart)
    load_leaflet()


def _invented_charts() -> Iterator[Drawing]:
    for changes in ((-1.0, -1.0, -1.0), (1.0, 1.0, 1.0), (-1.0, 1.0, 0.0)):
        named = pd.DataFrame({"area": ["a", "b", "c"], "pct": changes, "label": "", "rank": 0})
        yield chart_change(named, named[["pct"]], INVENTED, INVENTED)
    years = pd.DataFrame({"year": [1, 2], "count": [1.0, 2.0], "label": "", "is_provisional": True})
    yield chart_route(years, INVENTED, INVENTED)
    kinds = years.rename(columns={"count": "persons"}).assign(kind="k", order=0, is_withheld=False)
    yield chart_registered(kinds, INVENTED, INVENTED, [1, 2])
    ahead = years.assign(series="s", is_forecast=[False, True])
    limits = dict.fromkeys(("low_80", "high_80", "low_95", "high_95"), 1.0)
    yield chart_outlook(ahead.assign(**limits), ["s"])
    places = pd.DataFrame({"name": ["a", "b"], "value": 1.0, "lower": 0.0, "upper": 2.0})
    yield chart_compare(
        places.assign(label=INVENTED, is_here=[True, False]), (0.0, 2.0), INVENTED, INVENTED, 1.0
    )
    owners = pd.DataFrame({"owner": ["a"], "state": ["s"], "indicators": [1], "label": [INVENTED]})
    yield chart_readiness(owners, ["a"], ["s"])
    # No file of one's own and no download: the layer that ships with the package.
    boundaries = load_boundaries(load_areas().frame, None, None)
    shown = AreaMap((), (), INVENTED, "", 0, 0, {})
    notes = MapNotes(*[INVENTED] * 3)
    for layout in (lay_out_country(boundaries), lay_out_squares()):
        yield chart_map(shown, layout, notes)
