"""Filling what the code of dashboards keeps, so that a process forked from this one has it."""

from __future__ import annotations

from analysis.dashboard.frame import load_templates
from analysis.dashboard.registry import find_dashboard, list_dashboards
from analysis.documents import warm


def preload() -> None:
    """Load what documents keep, the templates of dashboards and their fields: never data.

    A second call costs next to nothing.

    Examples
    --------
    >>> preload()
    """
    warm.preload()
    load_templates()
    for name in list_dashboards():
        find_dashboard(name)
