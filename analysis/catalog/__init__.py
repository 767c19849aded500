"""What is measured, and where: areas, indicators, terms and policies as data."""

from __future__ import annotations

from analysis.catalog.areas import Area, AreaError, Areas, load_areas
from analysis.catalog.glossary import Glossary, GlossaryError, Term, load_glossary
from analysis.catalog.indicators import Indicator, IndicatorError, Indicators, load_indicators
from analysis.catalog.policies import (
    Policies,
    PolicyError,
    PolicyEvent,
    load_policies,
    status_on,
)
from analysis.catalog.schemas import CatalogueError, check_catalogue

__all__ = [
    "Area",
    "AreaError",
    "Areas",
    "CatalogueError",
    "Glossary",
    "GlossaryError",
    "Indicator",
    "IndicatorError",
    "Indicators",
    "Policies",
    "PolicyError",
    "PolicyEvent",
    "Term",
    "check_catalogue",
    "load_areas",
    "load_glossary",
    "load_indicators",
    "load_policies",
    "status_on",
]
