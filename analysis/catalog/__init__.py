"""What is measured, and where: areas and indicators as data."""

from __future__ import annotations

from analysis.catalog.areas import Area, AreaError, Areas, load_areas
from analysis.catalog.indicators import Indicator, IndicatorError, Indicators, load_indicators

__all__ = [
    "Area",
    "AreaError",
    "Areas",
    "Indicator",
    "IndicatorError",
    "Indicators",
    "load_areas",
    "load_indicators",
]
