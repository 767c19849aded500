"""Migration and anti-trafficking figures per municipality: every number comes from here.

What notebooks and dashboards use is on this face, and nothing else is::

    from analysis import open_profile, compose, show
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# Loaded at first use: a notebook that only reads a table does not wait for maps.
_FACE = {
    "find_workspace": "analysis.workspace",
    "open_profile": "analysis.documents.face",
    "open_migration": "analysis.documents.face",
    "open_readiness": "analysis.documents.face",
    "open_trafficking": "analysis.documents.face",
    "compose": "analysis.documents.face",
    "show": "analysis.documents.face",
    "show_header": "analysis.documents.face",
    "open_dashboard": "analysis.dashboard",
    "Basket": "analysis.dashboard.basket_notebook",
}
__all__ = ["__version__", *_FACE]  # noqa: PLE0604  # the names are text, from the table above


def __getattr__(name: str) -> Any:
    """Load a name of the face when it is first asked for."""
    if name not in _FACE:
        msg = f"'{name}' is not on the face of analysis. It shows: {', '.join(__all__)}."
        raise AttributeError(msg)
    return getattr(importlib.import_module(_FACE[name]), name)
