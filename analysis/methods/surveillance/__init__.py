"""Early warning: whether the latest count is higher than the past lets expect."""

from __future__ import annotations

from analysis.methods.surveillance.alarms import Watch, watch_counts

__all__ = ["Watch", "watch_counts"]
