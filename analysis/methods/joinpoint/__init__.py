"""Joinpoints: the years in which a trend turns, and the change a year between them."""

from __future__ import annotations

from analysis.methods.joinpoint.fit import (
    JoinpointFit,
    fit_count_joinpoints,
    fit_rate_joinpoints,
)
from analysis.methods.joinpoint.permutation import PermutationChoice, choose_by_permutation
from analysis.methods.joinpoint.placements import list_placements, look_up_most_joinpoints
from analysis.methods.joinpoint.series import relate_counts

__all__ = [
    "JoinpointFit",
    "PermutationChoice",
    "choose_by_permutation",
    "fit_count_joinpoints",
    "fit_rate_joinpoints",
    "list_placements",
    "look_up_most_joinpoints",
    "relate_counts",
]
