"""The restricted side of an edition: why each figure is withheld, in the words of its keepers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalog import load_areas, load_indicators
from analysis.protection.edition.protect import Rules, protect_edition
from analysis.protection.ledger.editions import former_editions
from analysis.protection.ledger.remedies import read_accepted
from analysis.protection.policy import load_policy
from analysis.sources.returns.ledger import close_rooms
from analysis.store.files import OBSERVATIONS, read_table, write_table

if TYPE_CHECKING:
    from analysis.protection.edition.protect import ProtectedEdition
    from analysis.workspace import Workspace

REASONS_FILE = "reasons.parquet"
OWNER_ONLY = 0o700


def write_reasons(workspace: Workspace, edition: ProtectedEdition) -> None:
    """Write the reasons of an edition into the restricted zone.

    Parameters
    ----------
    workspace : Workspace
    edition : ProtectedEdition
    """
    gone = edition.withheld
    table = pd.DataFrame(
        {
            "observation_id": edition.observations.loc[gone, "observation_id"],
            "reason": edition.reasons[gone],
        }
    )
    write_table(workspace.restricted / REASONS_FILE, table.reset_index(drop=True))


def join_reasons(table: pd.DataFrame, workspace: Workspace) -> pd.DataFrame:
    """Put the keepers' reasons into a protected table, for reports that stay in the house.

    Parameters
    ----------
    table : pandas.DataFrame
        Protected observations. They are not changed.
    workspace : Workspace

    Returns
    -------
    pandas.DataFrame
        The same rows. Where the restricted zone is not here or cannot be read, the public's words.
    """
    try:
        detail = read_table(workspace.restricted / REASONS_FILE)
    except OSError:
        return table
    told = table["observation_id"].map(detail.set_index("observation_id")["reason"])
    return table.assign(reason=told.fillna(table["reason"]).astype(str))


def close_zone(workspace: Workspace) -> None:
    """Let nobody but its owner enter the restricted zone, where the system knows of owners.

    What was handed over is closed to everybody but owner and group as well.

    Parameters
    ----------
    workspace : Workspace
    """
    workspace.restricted.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        workspace.restricted.chmod(OWNER_ONLY)
    close_rooms(workspace.received)


def protect_again(workspace: Workspace) -> ProtectedEdition:
    """Protect the restricted table once more, for reports on what the last build did.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    ProtectedEdition
        The same as at the door, as long as neither ledger nor policy changed since.

    Raises
    ------
    FileNotFoundError
        When nothing was built, or the restricted zone is not here.
    """
    rules = Rules(load_areas(), load_indicators(), load_policy())
    return protect_edition(
        read_table(workspace.restricted / OBSERVATIONS),
        rules,
        former=former_editions(workspace),
        also=read_accepted(workspace),
        reckon_with_former=False,
    )
