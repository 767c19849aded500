"""When the suite runs by itself: times of suite.toml, kept by the system's scheduler or by ours."""

from __future__ import annotations
