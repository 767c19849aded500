"""Which places the report of differences of the current edition asks a person to look at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.workspace import Workspace

REPORT = "differences.json"
MOST_INDICATORS = 3


def read_looks(workspace: Workspace) -> dict[str, str]:
    """Read which places have figures that moved more than expected.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    dict of str to str
        Id of the area, and the indicators that moved, without any figure; empty where there is
        no report.
    """
    try:
        content = json.loads((workspace.current / REPORT).read_text(encoding="utf-8"))
        moved = [(str(row["area_id"]), str(row["indicator_id"])) for row in content["moved"]]
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return {}
    found: dict[str, list[str]] = {}
    for area, indicator in moved:
        if indicator not in found.setdefault(area, []):
            found[area].append(indicator)
    return {area: _tell(indicators) for area, indicators in found.items()}


def _tell(indicators: list[str]) -> str:
    more = ["…"] if len(indicators) > MOST_INDICATORS else []
    return ", ".join([*indicators[:MOST_INDICATORS], *more])
