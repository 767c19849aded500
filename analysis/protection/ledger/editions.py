"""Former releases as an audit needs them: all that was shown, with what was withheld behind it.

What was shown is kept under version control; what was withheld stays in the restricted zone of
the machine that approved the release.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.entries import WITHHELD, name_release
from analysis.protection.ledger.folder import SHOWN, read_ledger, release_folder
from analysis.sources.published import complete_dimensions
from analysis.store.schema import COLUMNS, NUMBERS

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.protection.ledger.entries import Entry
    from analysis.workspace import Workspace

REBUILD = "Run `patokaz build` again, and submit what it gives."


@dataclass(frozen=True, eq=False)
class FormerEdition:
    """One release as it was.

    Parameters
    ----------
    number : int
    day : str
        ISO date of approval.
    observations : pandas.DataFrame
        All rows with the columns of :data:`analysis.store.schema.COLUMNS`, true values
        everywhere, and ``withheld``: whether the release kept the number back. Restricted.
    """

    number: int
    day: str
    observations: pd.DataFrame


def former_editions(workspace: Workspace) -> list[FormerEdition]:
    """Read all releases with the true values behind what they withheld.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    list of FormerEdition
        By number.

    Raises
    ------
    LedgerError
        When the ledger was changed, or the withheld values of a release are not there.
    """
    return [_read_edition(workspace, entry) for entry in read_ledger(workspace).entries]


def truth_path(workspace: Workspace, number: int) -> Path:
    """Give the file of the true values behind what a release withheld. It is restricted."""
    return workspace.restricted / "releases" / f"{name_release(number)}.parquet"


def take_truth(table: pd.DataFrame, restricted: pd.DataFrame) -> pd.DataFrame:
    """Take the true rows behind the withheld ones of a protected table.

    Parameters
    ----------
    table : pandas.DataFrame
        Protected observations.
    restricted : pandas.DataFrame
        Observations before protection, that the table was made of. Neither is changed.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`analysis.store.schema.COLUMNS`, in the order of the table. A number
        that its source kept back is there as well, blank as we have it.

    Raises
    ------
    LedgerError
        When the two tables are not of one build.
    """
    true = complete_dimensions(restricted).set_index("observation_id", drop=False)
    ids = table["observation_id"]
    if set(ids) != set(true.index):
        msg = (
            f"The restricted table has other rows than the public one ({len(true)} and "
            f"{len(ids)}): they are not of one build. {REBUILD}"
        )
        raise LedgerError(msg)
    true = true.loc[list(ids)]
    withheld = table["state"].eq(WITHHELD).to_numpy()
    shown = table.loc[~withheld, list(NUMBERS)].to_numpy(dtype=float)
    behind = true.loc[~withheld, list(NUMBERS)].to_numpy(dtype=float)
    differs = ~np.isclose(shown, behind, rtol=0, atol=0, equal_nan=True).all(axis=1)
    if differs.any():
        row = table.loc[~withheld].iloc[int(np.flatnonzero(differs)[0])]
        msg = (
            f"The restricted table has another figure for {row['indicator_id']} of "
            f"{row['area_id']}, {row['period_start']}, than the public one: they are not of one "
            f"build. {REBUILD}"
        )
        raise LedgerError(msg)
    return true.loc[withheld, list(COLUMNS)].reset_index(drop=True)


def join_truth(table: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame | None:
    """Put the true rows back into a protected table.

    Parameters
    ----------
    table : pandas.DataFrame
        Protected observations.
    truth : pandas.DataFrame
        As of :func:`take_truth`. Neither is changed.

    Returns
    -------
    pandas.DataFrame or None
        The columns of :data:`analysis.store.schema.COLUMNS` and ``withheld``, in the order of
        the table; nothing when the rows are not those that the table withheld.
    """
    hidden = table["state"].eq(WITHHELD)
    if sorted(table.loc[hidden, "observation_id"]) != sorted(truth["observation_id"]):
        return None
    shown = complete_dimensions(table).loc[~hidden, list(COLUMNS)].assign(withheld=False)
    # What the source kept back itself was not there for us to withhold.
    behind = complete_dimensions(truth)[list(COLUMNS)]
    behind = behind.assign(withheld=behind["state"].ne(WITHHELD))
    both = pd.concat([part for part in (shown, behind) if len(part)] or [shown])
    both = both.set_index("observation_id", drop=False).loc[list(table["observation_id"])]
    return both.reset_index(drop=True)


def _read_edition(workspace: Workspace, entry: Entry) -> FormerEdition:
    table = _read_shown(workspace, entry)
    path = truth_path(workspace, entry.number)
    if not path.is_file():
        msg = (
            f"'{path}' is missing: it holds what release {entry.name} of {entry.day} withheld, "
            f"and without it no new edition can be held against that release. Restore it from "
            f"the restricted zone of the machine where {entry.reviewer} approved it, or from "
            f"its backup; nothing is published until then."
        )
        raise LedgerError(msg)
    observations = join_truth(table, pd.read_parquet(path, engine="pyarrow"))
    if observations is None:
        msg = (
            f"'{path}' does not hold the rows that release {entry.name} of {entry.day} withheld. "
            f"Restore the file that was written when {entry.reviewer} approved it; nothing is "
            f"published until then."
        )
        raise LedgerError(msg)
    return FormerEdition(entry.number, entry.day, observations)


def _read_shown(workspace: Workspace, entry: Entry) -> pd.DataFrame:
    path = release_folder(workspace, entry.number) / SHOWN
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != entry.observations_sha256:
        state = "was changed" if content else "is missing"
        msg = (
            f"'{path}' {state}: it is not the table that release {entry.name} published on "
            f"{entry.day}. Restore it from version control."
        )
        raise LedgerError(msg)
    return pd.read_parquet(io.BytesIO(content), engine="pyarrow")


__all__ = ["FormerEdition", "former_editions", "join_truth", "take_truth", "truth_path"]
