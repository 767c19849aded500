"""Composite indices: many indicators in one score, with all that the score hides kept beside it."""

from __future__ import annotations

from analysis.methods.composite.build import Composite, build_composite
from analysis.methods.composite.experts import score_options
from analysis.methods.composite.framework import Framework, Recipe
from analysis.methods.composite.outranking import outrank_areas, score_copeland
from analysis.methods.composite.sensitivity import Sensitivity, measure_sensitivity
from analysis.methods.composite.uncertainty import RankUncertainty, simulate_ranks

__all__ = [
    "Composite",
    "Framework",
    "RankUncertainty",
    "Recipe",
    "Sensitivity",
    "build_composite",
    "measure_sensitivity",
    "outrank_areas",
    "score_copeland",
    "score_options",
    "simulate_ranks",
]
