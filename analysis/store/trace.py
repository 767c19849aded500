"""From a number on a page back to the file and line that it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.sources.published import complete_dimensions
from analysis.store.files import OBSERVATIONS, SOURCES, read_table

if TYPE_CHECKING:
    from analysis.workspace import Workspace

SHOWN = (
    "observation_id",
    "indicator_id",
    "area_id",
    "period_start",
    "period_end",
    "sex",
    "origin",
    "citizenship",
    "age",
    "category",
    "value",
    "state",
    "reason",
    "status",
    "method",
    "verification",
    "source_id",
    "snapshot_id",
    "line",
    "locator",
)


class TraceError(ValueError):
    """An id that no published observation has."""


def trace_observation(workspace: Workspace, observation_id: str) -> dict[str, str]:
    """Give all that is on record of a published observation.

    Parameters
    ----------
    workspace : Workspace
        Built.
    observation_id : str
        As ``data-observation`` on a page; its beginning will do where it is unique.

    Returns
    -------
    dict of str to str
        The observation, the line of the published file that it stands on (0 for a sum or a
        difference; ``method`` says of what) and its source.

    Raises
    ------
    TraceError
        When no observation, or more than one, has that id.
    """
    table = complete_dimensions(read_table(workspace.public / OBSERVATIONS))
    rows = table.loc[table["observation_id"].str.startswith(observation_id)]
    if len(rows) != 1:
        found = "no observation has" if rows.empty else f"{len(rows)} observations begin with"
        msg = (
            f"{found} the id '{observation_id}'. Take the id from `data-observation` on a page "
            f"or from the table for download."
        )
        raise TraceError(msg[0].upper() + msg[1:])
    row = rows.iloc[0]
    sources = read_table(workspace.public / SOURCES).set_index("source_id")
    source = sources.loc[row["source_id"]]
    facts = {name: "" if row[name] != row[name] else str(row[name]) for name in SHOWN}
    return facts | {
        "publisher": str(source["publisher"]),
        "title": str(source["title"]),
        "address": str(source["address"]),
        "as_of": str(source["as_of"]),
    }
