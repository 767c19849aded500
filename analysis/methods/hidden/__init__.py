"""Hidden persons: how many are on none of several matched lists, and how little that may mean."""

from __future__ import annotations

from analysis.methods.hidden.chapman import compute_chapman, estimate_chapman
from analysis.methods.hidden.estimate import HiddenEstimate, estimate_hidden
from analysis.methods.hidden.lists import CaptureTable, read_captures
from analysis.methods.hidden.search import list_estimates

__all__ = [
    "CaptureTable",
    "HiddenEstimate",
    "compute_chapman",
    "estimate_chapman",
    "estimate_hidden",
    "list_estimates",
    "read_captures",
]
