"""From a number on a page back to the file and line that it stands on."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any

from analysis import __version__
from analysis.store.files import OBSERVATIONS, SOURCES, StoreError
from analysis.store.trace_inputs import TOTAL, Row, find_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

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
        By id as given: the observation; ``inputs``, the ids of the observations that it was
        worked out from, blank where it was published as it is; the line of the published file
        that it stands on (0 for a sum or a difference; ``method`` says of what), as it is written
        there unless it is withheld, with the hash of the file; its source; and the code that made
        the row, with the version of the package.

    Raises
    ------
    TraceError
        When no observation, or more than one, has an id.
    """
    table = read_rows(workspace.public / OBSERVATIONS)
    sources = {str(row["source_id"]): row for row in read_rows(workspace.public / SOURCES)}
    files: dict[str, tuple[str, list[str]]] = {}
    found: dict[str, dict[str, str]] = {}
    for one in dict.fromkeys(ids):
        row = _find_row(table, one)
        source = sources[str(row["source_id"])]
        facts = {name: _say(row[name]) for name in SHOWN}
        named = {n: str(source[n]) for n in ("publisher", "title", "address", "as_of")}
        # The line of a withheld count would tell it.
        line = int(facts["line"] or 0) if facts["state"] in SAYABLE else 0
        written = _read_file(workspace, facts["snapshot_id"], line, files)
        inputs = {"inputs": " ".join(find_inputs(row, table))}
        code = {"code": find_code(facts["method"]), "version": __version__}
        found[one] = facts | inputs | named | written | code
    return found


def read_rows(path: Path) -> list[Row]:
    """Read a table as plain rows.

    One number is asked for at a time, and most of the second that it may take would go into
    importing what computes with tables.

    Parameters
    ----------
    path : pathlib.Path
        Parquet.

    Returns
    -------
    list of dict
        With ``age`` and ``category``, also of a table that is not split by them.

    Raises
    ------
    StoreError
        When the table has not been built.
    """
    if not path.is_file():
        msg = f"'{path}' does not exist yet. Run `patokaz build` first."
        raise StoreError(msg)
    from pyarrow import parquet

    rows: list[Row] = parquet.ParquetFile(path).read().to_pylist()
    return [{"age": TOTAL, "category": TOTAL} | row for row in rows]


def _say(value: Any) -> str:
    is_blank = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if is_blank else str(value)


def _find_row(table: Sequence[Row], one: str) -> Row:
    rows = [row for row in table if row["observation_id"] == one]
    rows = rows or [row for row in table if str(row["observation_id"]).startswith(one)]
    if len(rows) != 1:
        found = f"{len(rows)} observations begin with" if rows else "No observation has"
        msg = (
            f"{found} the id '{one}'. Take the id from `data-observation` on a page or from the "
            f"table for download."
        )
        raise TraceError(msg)
    return rows[0]


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
