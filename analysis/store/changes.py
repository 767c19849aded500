"""What changed in the public figures between one build and the next.

A withheld number is in neither table, and nothing of the other side is told beside it: where one
side is withheld only the change of state is named.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.sources.published import complete_dimensions
from analysis.store.files import write_atomically
from analysis.store.mergers import MERGED_METHOD
from analysis.store.schema import DIMENSIONS, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.workspace import Workspace

CHANGES = "changes.csv"
KINDS = ("new", "revised", "withdrawn", "state", "boundary", "method")
# The file that a figure comes from is no part of what it is: a revised file revises the figure.
SAME = ("area_id", "indicator_id", "period_start", "period_end", *DIMENSIONS, "source_id")
COMPARED = ("state", "value", "status", "method")
COLUMNS = (
    *SAME,
    "kind",
    *(f"before_{name}" for name in COMPARED),
    *(f"after_{name}" for name in COMPARED),
)
WITHHELD = "suppressed"


class ChangeError(ValueError):
    """Tables that cannot be compared."""


def compare_builds(
    before: pd.DataFrame, after: pd.DataFrame, merged_into: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """List what changed from one public table of observations to the next.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Protected observations, with ``reason``. Neither is changed.
    merged_into : mapping of str to str, optional
        Former areas and their successors: what changed in them changed with the boundary.

    Returns
    -------
    pandas.DataFrame
        One row a change, by area, with the columns of :data:`COLUMNS`. ``kind`` is ``new``,
        ``withdrawn``, ``boundary``, ``state``, ``method`` or ``revised``: the first that is true.

    Raises
    ------
    ChangeError
        When a table is not protected, or has a figure twice.

    Examples
    --------
    >>> compare_builds(observations, observations).empty  # doctest: +SKIP
    True
    """
    sides = [_side(frame, name) for name, frame in (("before", before), ("after", after))]
    both = sides[0].merge(sides[1], on=list(SAME), how="outer", indicator="where")
    kind = _kinds(both, merged_into or {})
    changed = both.assign(kind=kind).loc[kind.ne("")]
    # One side withheld: neither number, nor how it was made, is told.
    withheld = _withheld(changed)
    for side in ("before", "after"):
        changed.loc[withheld, f"{side}_value"] = np.nan
        changed.loc[withheld, [f"{side}_method", f"{side}_status"]] = ""
    texts = [c for c in COLUMNS if not c.endswith("_value")]
    changed[texts] = changed[texts].fillna("")
    return changed[list(COLUMNS)].sort_values([*SAME], ignore_index=True)


def changes_by_area(changes: pd.DataFrame) -> pd.DataFrame:
    """Count the changes of each area by kind.

    Parameters
    ----------
    changes : pandas.DataFrame
        As of :func:`compare_builds`.

    Returns
    -------
    pandas.DataFrame
        ``area_id``, a column for each of :data:`KINDS`, and ``changes``, their sum.

    Examples
    --------
    >>> changes_by_area(compare_builds(before, after))  # doctest: +SKIP
    """
    counts = pd.crosstab(changes["area_id"], changes["kind"])
    counts = counts.reindex(columns=list(KINDS), fill_value=0).astype(int)
    counts = counts.assign(changes=counts.sum(axis=1)).rename_axis(columns=None)
    return counts.reset_index()


def changelog_bytes(changes: pd.DataFrame) -> bytes:
    """Write changes as CSV, in bytes that are the same wherever the changes are the same.

    Parameters
    ----------
    changes : pandas.DataFrame

    Returns
    -------
    bytes
        UTF-8. A number that is not there is a blank, and its state says why.

    Examples
    --------
    >>> changelog_bytes(compare_builds(before, after))[:20]  # doctest: +SKIP
    b'area_id,indicator_id'
    """
    shown = changes.sort_values([*SAME]).assign(
        before_value=changes["before_value"].map(_digits),
        after_value=changes["after_value"].map(_digits),
    )
    return shown.to_csv(index=False, lineterminator="\n").encode("utf-8")


def write_changelog(path: Path, changes: pd.DataFrame) -> str:
    """Write the changelog of the data and give the SHA-256 of its bytes.

    Parameters
    ----------
    path : pathlib.Path
    changes : pandas.DataFrame

    Returns
    -------
    str
        Hexadecimal SHA-256.

    Examples
    --------
    >>> write_changelog(Path("changes.csv"), changes)  # doctest: +SKIP
    """
    content = changelog_bytes(changes)
    write_atomically(path, content)
    return hashlib.sha256(content).hexdigest()


def note_changes(
    workspace: Workspace, former: pd.DataFrame | None, new: pd.DataFrame
) -> Path | None:
    """Write ``changes.csv`` into the public zone when something changed.

    Parameters
    ----------
    workspace : Workspace
    former, new : pandas.DataFrame
        The public table as it was, nothing at a first build, and as it is.

    Returns
    -------
    pathlib.Path or None
        The file, or nothing when nothing changed: the note of the last change then stays.
        A number that is withheld anew is a change, so no note outlives it.

    Examples
    --------
    >>> note_changes(workspace, None, observations) is None  # doctest: +SKIP
    True
    """
    changes = None if former is None else compare_builds(former, new)
    if changes is None or changes.empty:
        return None
    path = workspace.public / CHANGES
    write_changelog(path, changes)
    return path


def _side(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    # A table of an earlier build may lack the dimensions that came later.
    frame = complete_dimensions(frame)
    wanted = [*SAME, *COMPARED, *NUMBERS, "reason"]
    missing = [column for column in wanted if column not in frame.columns]
    if missing:
        msg = (
            f"The table {name} has no column '{missing[0]}'. Compare protected observations of "
            f"the public zone; what is before protection has no changelog."
        )
        raise ChangeError(msg)
    twice = frame.loc[frame.duplicated(list(SAME))]
    if len(twice):
        row = twice.iloc[0]
        msg = (
            f"The table {name} has {row['indicator_id']} of {row['area_id']}, "
            f"{row['period_start']}, from {row['source_id']} more than once. Keep one row."
        )
        raise ChangeError(msg)
    rest = sorted(set(COMPARED) | set(NUMBERS))
    return frame[[*SAME, *rest]].rename(columns={c: f"{name}_{c}" for c in rest})


def _kinds(both: pd.DataFrame, merged_into: Mapping[str, str]) -> pd.Series:
    differs = {
        name: both[f"before_{name}"].ne(both[f"after_{name}"])
        & ~(both[f"before_{name}"].isna() & both[f"after_{name}"].isna())
        for name in (*COMPARED, *NUMBERS)
    }
    numbers = pd.concat([differs[name] for name in (*NUMBERS, "status")], axis=1).any(axis=1)
    withheld = _withheld(both)
    is_changed = differs["state"] | (~withheld & (numbers | differs["method"]))
    is_merged = both["area_id"].isin({*merged_into, *merged_into.values()})
    for side in ("before", "after"):
        is_merged |= both[f"{side}_method"].fillna("").str.startswith(MERGED_METHOD)
    one_side = both["where"].ne("both")
    conditions = [
        (is_changed | one_side) & is_merged & ~withheld,
        both["where"].eq("right_only"),
        both["where"].eq("left_only"),
        differs["state"],
        is_changed & differs["method"],
        is_changed,
    ]
    kinds = ["boundary", "new", "withdrawn", "state", "method", "revised"]
    return pd.Series(np.select(conditions, kinds, default=""), index=both.index)


def _withheld(both: pd.DataFrame) -> pd.Series:
    return both["before_state"].eq(WITHHELD) | both["after_state"].eq(WITHHELD)


def _digits(value: float) -> str:
    if np.isnan(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
