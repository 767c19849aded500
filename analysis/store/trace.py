"""From a number on a page back to the file and line that it stands on."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from analysis.sources.published import complete_dimensions
from analysis.store.files import OBSERVATIONS, SOURCES, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

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


# Which code made a row, by the beginning of its method; the first that fits stands.
CODE = {
    "as published": "analysis/sources/published.py",
    "sum of merged areas": "analysis/store/mergers.py",
    "sum of": "analysis/store/derive.py",
    "difference of two censuses": "analysis/store/derive.py",
    "residual": "analysis/store/rates.py",
}
SAYABLE = frozenset({"value", "zero"})
READ_LIVE = "analysis/store/live.py"


class TraceError(ValueError):
    """An id that no published observation has."""


def trace_observations(workspace: Workspace, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Give all that is on record of published observations.

    Parameters
    ----------
    workspace : Workspace
        Built.
    ids : iterable of str
        As ``data-observation`` on a page; the beginning of an id will do where it is unique.

    Returns
    -------
    dict of str to dict
        By id as given: the observation; the line of the published file that it stands on (0 for a
        sum or a difference; ``method`` says of what), as it is written there unless it is
        withheld, with the hash of the file; its source; and the code that made the row.

    Raises
    ------
    TraceError
        When no observation, or more than one, has an id.
    """
    table = complete_dimensions(read_table(workspace.public / OBSERVATIONS))
    sources = read_table(workspace.public / SOURCES).set_index("source_id")
    files: dict[str, tuple[str, list[str]]] = {}
    found: dict[str, dict[str, str]] = {}
    for one in dict.fromkeys(ids):
        row = _find_row(table, one)
        source = sources.loc[row["source_id"]]
        facts = {name: "" if row[name] != row[name] else str(row[name]) for name in SHOWN}
        named = {n: str(source[n]) for n in ("publisher", "title", "address", "as_of")}
        # The line of a withheld count would tell it.
        line = int(facts["line"] or 0) if facts["state"] in SAYABLE else 0
        written = _read_file(workspace, facts["snapshot_id"], line, files)
        found[one] = facts | named | written | {"code": find_code(facts["method"])}
    return found


def _find_row(table: pd.DataFrame, one: str) -> pd.Series:
    rows = table.loc[table["observation_id"] == one]
    if rows.empty:
        rows = table.loc[table["observation_id"].str.startswith(one)]
    if len(rows) != 1:
        found = "No observation has" if rows.empty else f"{len(rows)} observations begin with"
        msg = (
            f"{found} the id '{one}'. Take the id from `data-observation` on a page or from the "
            f"table for download."
        )
        raise TraceError(msg)
    return rows.iloc[0]


def find_code(method: str) -> str:
    """Find the module that made a row.

    Examples
    --------
    >>> find_code("sum of 9 municipalities"), find_code("as published")
    ('analysis/store/derive.py', 'analysis/sources/published.py')
    """
    return next((code for begin, code in CODE.items() if method.startswith(begin)), READ_LIVE)


def _read_file(
    workspace: Workspace, snapshot_id: str, line: int, files: dict[str, tuple[str, list[str]]]
) -> dict[str, str]:
    """Read the file that a row came from, where it is one of the published ones, once."""
    name = snapshot_id.partition("@")[0]
    path = workspace.published / name
    if not name or not path.is_file():
        return {"file": name, "file_sha256": "", "row": ""}
    if name not in files:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        files[name] = digest, content.decode("utf-8-sig").splitlines()
    digest, lines = files[name]
    return {
        "file": f"data_raw/published/{name}",
        "file_sha256": digest,
        "row": lines[line - 1] if 0 < line <= len(lines) else "",
    }
