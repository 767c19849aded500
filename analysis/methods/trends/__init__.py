"""Trends of counts and rates: labels, annual change, recent markers, ranks, longer series."""

from __future__ import annotations

from analysis.methods.trends.label import Trends, label_trends
from analysis.methods.trends.marker import (
    ProportionTrends,
    RecentTrends,
    check_proportion_trends,
    mark_recent_trends,
)
from analysis.methods.trends.negbin import NegativeBinomialTrends, fit_negative_binomial
from analysis.methods.trends.ranks import RankTrends, rank_trends
from analysis.methods.trends.regression import LogLinearFit, fit_log_linear

__all__ = [
    "LogLinearFit",
    "NegativeBinomialTrends",
    "ProportionTrends",
    "RankTrends",
    "RecentTrends",
    "Trends",
    "check_proportion_trends",
    "fit_log_linear",
    "fit_negative_binomial",
    "label_trends",
    "mark_recent_trends",
    "rank_trends",
]
