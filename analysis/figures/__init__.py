"""Charts and maps: one specification, used on pages, on paper and as a file."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.figures.charts import (
        chart_applications,
        chart_change,
        chart_registered,
        chart_route,
    )
    from analysis.figures.export import to_png, to_svg
    from analysis.figures.picture import Picture

# Loaded at first use: the picture service draws, and never builds a chart.
_FACE = {
    "Picture": "analysis.figures.picture",
    "chart_applications": "analysis.figures.charts",
    "chart_change": "analysis.figures.charts",
    "chart_registered": "analysis.figures.charts",
    "chart_route": "analysis.figures.charts",
    "to_png": "analysis.figures.export",
    "to_svg": "analysis.figures.export",
}
__all__ = [
    "Picture",
    "chart_applications",
    "chart_change",
    "chart_registered",
    "chart_route",
    "to_png",
    "to_svg",
]


def __getattr__(name: str) -> Any:
    """Load a name of the face when it is first asked for."""
    if name not in _FACE:
        msg = f"'{name}' is not on the face of analysis.figures. It shows: {', '.join(__all__)}."
        raise AttributeError(msg)
    return getattr(importlib.import_module(_FACE[name]), name)
