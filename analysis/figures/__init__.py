"""Charts and maps: one specification, used on pages, on paper and as a file."""

from __future__ import annotations

from analysis.figures.charts import (
    chart_applications,
    chart_change,
    chart_registered,
    chart_route,
)
from analysis.figures.export import to_png, to_svg
from analysis.figures.picture import Picture

__all__ = [
    "Picture",
    "chart_applications",
    "chart_change",
    "chart_registered",
    "chart_route",
    "to_png",
    "to_svg",
]
