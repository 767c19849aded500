"""The dashboards: what a notebook opens, and the server that shows it.

A dashboard reads the public zone only and computes nothing that the library does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.dashboard.municipal import MunicipalDashboard
    from analysis.workspace import Workspace

__all__ = ["open_dashboard"]


def open_dashboard(
    query: str | None = None, workspace: Workspace | None = None
) -> MunicipalDashboard:
    """Open the profile of a municipality as a dashboard.

    Parameters
    ----------
    query : str, optional
        What stands behind ``?`` in the address, ``area=gevgelija&language=mk`` for instance;
        what the server has put into the environment, unless given.
    workspace : Workspace, optional
        The workspace that the notebook stands in, unless given.

    Returns
    -------
    MunicipalDashboard
        Its ``first_view()`` reads without scripts; its ``live_view()`` answers.
    """
    # Loaded here: the server imports this package and draws no charts.
    from analysis.dashboard.municipal import open_municipal

    return open_municipal(query, workspace)
