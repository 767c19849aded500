"""Which boundaries a workspace has: its own file, the pinned download, or the embedded layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.catalog import load_areas
from analysis.sources.boundaries import Boundaries, load_boundaries

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace

OWN_FILES = ("boundaries.geojson", "boundaries.gpkg", "boundaries.shp")
SNAPSHOT = "geoBoundaries-MKD-ADM2.geojson"


def boundary_snapshot(workspace: Workspace) -> Path:
    """Give the place of the pinned download, whether it is there or not."""
    return workspace.snapshots / "geoboundaries" / SNAPSHOT


def workspace_boundaries(workspace: Workspace) -> Boundaries:
    """Load the boundaries of a workspace.

    A file ``boundaries.geojson``, ``.gpkg`` or ``.shp`` in ``data_raw/received`` goes first, then
    the download that ``patokaz fetch boundaries`` keeps, then the embedded schematic layer.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Boundaries

    Raises
    ------
    BoundaryError
        When a file is there and cannot be used; it is never passed over in silence.
    """
    own = [workspace.received / name for name in OWN_FILES]
    found = next((path for path in own if path.is_file()), None)
    return load_boundaries(load_areas().frame, found, boundary_snapshot(workspace))
