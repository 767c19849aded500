"""The dashboards: what a notebook opens, and the server that shows it.

A dashboard reads the public zone only and computes nothing that the library does not.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.dashboard.base import Dashboard
    from analysis.workspace import Workspace

__all__ = ["open_dashboard"]

QUERY = "QUERY_STRING"


def open_dashboard(address: str = "", workspace: Workspace | None = None) -> Dashboard:
    """Open a dashboard.

    Parameters
    ----------
    address : str
        Its name, and behind ``?`` what is chosen: ``trafficking``, or
        ``trafficking?area=serbia&language=en``. Without a name it is the profile of a
        municipality; without a choice it is what the server has put into the environment.
    workspace : Workspace, optional
        The workspace that the notebook stands in, unless given.

    Returns
    -------
    Dashboard
        Its ``first_view()`` reads without scripts; its ``live_view()`` answers.

    Raises
    ------
    DashboardError
        When there is no dashboard of that name.
    """
    # Loaded here: the server imports this package and draws no charts.
    from analysis.dashboard.registry import DEFAULT, find_dashboard, get_kind
    from analysis.workspace import find_workspace

    name, query = _split(address)
    kind = get_kind(name or DEFAULT)
    opened = find_dashboard(kind.name)
    if opened is None:  # pragma: no cover  # get_kind has said so already
        raise LookupError(kind.name)
    given = os.environ.get(QUERY, "") if query is None else query
    return opened(kind.read(given), workspace or find_workspace())


def _split(address: str) -> tuple[str, str | None]:
    """Split an address into a name and a query; a query alone is one too."""
    name, mark, query = address.partition("?")
    if mark:
        return name, query
    return ("", name) if "=" in name else (name, None)
