"""Figures of small places, steadied by what the others show."""

from __future__ import annotations

from analysis.methods.smoothing.rates import (
    SmoothedRates,
    prefer_local,
    smooth_globally,
    smooth_locally,
)
from analysis.methods.smoothing.relative_risk import RelativeRisks, smooth_relative_risks
from analysis.methods.smoothing.series import expect_cases
from analysis.methods.smoothing.spatial_risk import SpatialRisks, smooth_with_neighbours

__all__ = [
    "RelativeRisks",
    "SmoothedRates",
    "SpatialRisks",
    "expect_cases",
    "prefer_local",
    "smooth_globally",
    "smooth_locally",
    "smooth_relative_risks",
    "smooth_with_neighbours",
]
