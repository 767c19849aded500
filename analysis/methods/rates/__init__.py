"""Rates and shares of small counts, made comparable and compared."""

from __future__ import annotations

from analysis.methods.rates.compare import (
    Comparison,
    Polarity,
    compare_with_benchmark,
)
from analysis.methods.rates.contrasts import (
    RateRatio,
    estimate_difference,
    estimate_ratio,
)
from analysis.methods.rates.crude import estimate_rate, estimate_share
from analysis.methods.rates.intervals import bound_mean, bound_share, read_levels
from analysis.methods.rates.rest import compare_with_rest
from analysis.methods.rates.standardise import (
    estimate_standardised_rate,
    estimate_standardised_ratio,
)

__all__ = [
    "Comparison",
    "Polarity",
    "RateRatio",
    "bound_mean",
    "bound_share",
    "compare_with_benchmark",
    "compare_with_rest",
    "estimate_difference",
    "estimate_rate",
    "estimate_ratio",
    "estimate_share",
    "estimate_standardised_rate",
    "estimate_standardised_ratio",
    "read_levels",
]
