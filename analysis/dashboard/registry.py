"""Dashboards by name: what the server, the notebooks and the reference ask for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from analysis.dashboard.frame import page_frame

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.dashboard.base import Dashboard
    from analysis.dashboard.kinds import Kind
    from analysis.protection.ledger.standing import Standing

# Where each dashboard is described; a description loads nothing that draws.
KINDS = {
    "municipal_profile": "analysis.dashboard.kinds:MUNICIPAL",
    "trafficking": "analysis.dashboard.kinds:TRAFFICKING",
    "migration": "analysis.dashboard.kinds:MIGRATION",
    "compare": "analysis.dashboard.more_kinds:COMPARE",
    "data_readiness": "analysis.dashboard.more_kinds:READINESS",
}
DEFAULT = "municipal_profile"


class DashboardError(ValueError):
    """A dashboard that there is not."""


def list_dashboards() -> tuple[str, ...]:
    """List the names of all dashboards, that of a municipality first."""
    return tuple(KINDS)


def find_kind(name: str) -> Kind | None:
    """Find what a dashboard is, without loading what it draws with.

    Parameters
    ----------
    name : str
        Name of its notebook.

    Returns
    -------
    Kind or None
    """
    found: Kind | None = _load(KINDS[name]) if name in KINDS else None
    return found


def find_dashboard(name: str) -> type[Dashboard] | None:
    """Find the class of a dashboard.

    Parameters
    ----------
    name : str
        Name of its notebook.

    Returns
    -------
    type or None

    Examples
    --------
    >>> find_dashboard("nothing") is None
    True
    """
    kind = find_kind(name)
    found: type[Dashboard] | None = _load(kind.place) if kind else None
    return found


def get_kind(name: str) -> Kind:
    """Get what a dashboard is.

    Raises
    ------
    DashboardError
        When there is none of that name; the sentence lists those that there are.
    """
    kind = find_kind(name)
    if kind is None:
        msg = f"'{name}' is not a dashboard. There are: {', '.join(KINDS)}."
        raise DashboardError(msg)
    return kind


def frame_for(
    name: str, query: str, site: Path, standing: Standing | None = None
) -> dict[str, Any] | None:
    """Give all that the page of a dashboard needs before a kernel runs.

    Parameters
    ----------
    name : str
        Name of its notebook.
    query : str
        What stands behind the question mark of the address.
    site : pathlib.Path
        The folder of published pages.
    standing : Standing, optional
        How the edition stands; a draft unless it is released.

    Returns
    -------
    dict or None
        For the metadata of the notebook; None where there is no dashboard of that name.
    """
    kind = find_kind(name)
    if kind is None:
        return None
    return page_frame(kind.read(query), site, standing, kind)


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
