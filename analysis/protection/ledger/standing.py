"""The standing of the edition that lies in the public zone: draft, or a release of two persons.

What counts is the content: the same bytes built again stay released, and any change of a figure
makes a draft of them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.protection.ledger.folder import read_ledger
from analysis.protection.ledger.review import APPROVED, RETURNED, SUBMITTED, find_last_step
from analysis.store.files import OBSERVATIONS

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.protection.ledger.folder import Ledger
    from analysis.workspace import Workspace

DRAFT, RELEASED = "draft", "released"
# As the door names it; the door stands above this room, so the name is not taken from there.
RELEASE_NOTE = "release.json"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is said of the edition in the public zone.

    Parameters
    ----------
    state : str
        ``draft``, ``submitted``, ``returned`` or ``released``.
    number : int or None
        Of the release; nothing until then.
    author, reviewer : str
        Who submitted it; who returned or approved it. Empty where nobody has.
    day : str
        ISO date of the last step, or empty.
    sha256 : str
        Hash of the public table of observations; empty where there is none.

    Examples
    --------
    >>> Standing("draft", None, "", "", "", "").is_released
    False
    """

    state: str
    number: int | None
    author: str
    reviewer: str
    day: str
    sha256: str

    @property
    def is_released(self) -> bool:
        """Whether two persons have let these figures out."""
        return self.state == RELEASED


def read_standing(workspace: Workspace) -> Standing:
    """Read what is said of the current public table.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Standing
        A draft without a hash where nothing was built. A table that is not the one of its note
        is a draft, whatever the note says: a build may have ended between the two files.

    Raises
    ------
    LedgerError
        When the ledger was changed.
    """
    said = _said_hash(workspace.public / RELEASE_NOTE)
    table = workspace.public / OBSERVATIONS
    found = hashlib.sha256(table.read_bytes()).hexdigest() if table.is_file() else said
    ledger = read_ledger(workspace)
    if found != said:
        return Standing(DRAFT, None, "", "", "", found)
    return judge_standing(found, ledger)


def judge_standing(sha256: str, ledger: Ledger) -> Standing:
    """Say what a ledger has of a table.

    Parameters
    ----------
    sha256 : str
        Hash of the public table of observations.
    ledger : Ledger

    Returns
    -------
    Standing
        The release of these bytes, where there is one: what is released is never submitted again.
    """
    for entry in ledger.entries:
        if entry.observations_sha256 == sha256:
            return Standing(RELEASED, entry.number, entry.author, entry.reviewer, entry.day, sha256)
    last = find_last_step(ledger.steps, sha256, (SUBMITTED, RETURNED, APPROVED))
    if last is None or last.kind == APPROVED:
        return Standing(DRAFT, None, "", "", "", sha256)
    submitted = find_last_step(ledger.steps, sha256, (SUBMITTED,))
    author = submitted.by if submitted else ""
    reviewer = last.by if last.kind == RETURNED else ""
    return Standing(last.kind, None, author, reviewer, last.day, sha256)


def _said_hash(path: Path) -> str:
    if not path.is_file():
        return ""
    content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return str(content.get("observations_sha256", ""))


__all__ = ["DRAFT", "RELEASED", "RELEASE_NOTE", "Standing", "judge_standing", "read_standing"]
