"""The one door: writes ``public/`` and notes what went through it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from analysis.catalog import load_areas, load_indicators
from analysis.protection.details import close_zone, write_reasons
from analysis.protection.edition.protect import Rules
from analysis.protection.gate import ExposedError, pass_gate
from analysis.protection.ledger.editions import former_editions
from analysis.protection.ledger.folder import read_ledger
from analysis.protection.ledger.refusal import ReleaseRefusedError
from analysis.protection.ledger.remedies import clear_offer, offer_remedy, read_accepted
from analysis.protection.linked.solver import SolverError
from analysis.protection.policy import Policy, load_policy
from analysis.protection.veil import read_key, veil_names, veil_snapshots
from analysis.protection.wider import widen_counts
from analysis.store.changes import note_changes
from analysis.store.files import (
    OBSERVATIONS,
    SOURCES,
    read_table,
    write_atomically,
    write_table,
)

if TYPE_CHECKING:
    import pandas as pd

    from analysis.protection.edition.protect import ProtectedEdition
    from analysis.store.build import Built
    from analysis.workspace import Workspace

RELEASE = "release.json"


@dataclass(frozen=True, slots=True)
class Release:
    """What was let through, in counts and hashes; no date, so that a rebuild is the same bytes."""

    policy_version: str
    policy_sha256: str
    cells_shown: int
    cells_withheld: int
    observations_sha256: str
    sources_sha256: str
    ledger_sha256: str
    snapshots: tuple[str, ...]


def publish_observations(
    built: Built, workspace: Workspace, policy: Policy | None = None
) -> Release:
    """Protect built observations and write both zones.

    Parameters
    ----------
    built : Built
    workspace : Workspace
    policy : Policy, optional
        The policy that ships with the package, unless another is given.

    Returns
    -------
    Release
        Also written beside the table, as ``release.json``.

    Raises
    ------
    ReleaseRefusedError
        When this edition and a former release together would tell a withheld count. The remedy
        is on offer then, and nothing is written to either zone.
    ExposedError
        When nothing that can be withheld protects a count.
    LedgerError
        When the ledger was changed, or lacks what a former release withheld.
    """
    rules = Rules(load_areas(), load_indicators(), policy or load_policy())
    observations = widen_counts(built.observations, rules)
    edition = _pass(observations, rules, workspace)
    close_zone(workspace)
    # The true figures follow the public ones: what was refused never stands beside them.
    write_table(workspace.restricted / OBSERVATIONS, observations)
    write_reasons(workspace, edition)
    key = read_key(workspace)
    protected = veil_snapshots(edition.observations, key)
    withheld = protected["state"].eq("suppressed")
    former = _former(workspace)
    release = Release(
        policy_version=rules.policy.version,
        policy_sha256=rules.policy.sha256,
        cells_shown=int((~withheld).sum()),
        cells_withheld=int(withheld.sum()),
        observations_sha256=write_table(workspace.public / OBSERVATIONS, protected),
        sources_sha256=write_table(workspace.public / SOURCES, built.sources),
        ledger_sha256=read_ledger(workspace).sha256,
        snapshots=veil_names(built.snapshots, key),
    )
    write_atomically(workspace.public / RELEASE, _release_bytes(release))
    note_changes(workspace, former, protected)
    return release


def _pass(observations: pd.DataFrame, rules: Rules, workspace: Workspace) -> ProtectedEdition:
    past, also = former_editions(workspace), read_accepted(workspace)
    try:
        edition = pass_gate(observations, rules, past, also)
    except ReleaseRefusedError as refused:
        offer_remedy(workspace, refused.refusal)
        raise
    except SolverError as fault:
        msg = f"Nothing was published, because the figures could not be examined. {fault}"
        raise ExposedError(msg) from fault
    clear_offer(workspace)
    return edition


def _former(workspace: Workspace) -> pd.DataFrame | None:
    path = workspace.public / OBSERVATIONS
    return read_table(path) if path.is_file() else None


def read_release(workspace: Workspace) -> dict[str, object]:
    """Read the note of the last release.

    Raises
    ------
    FileNotFoundError
        When nothing has been built yet.
    """
    path = workspace.public / RELEASE
    if not path.is_file():
        msg = f"'{path}' does not exist yet. Run `patokaz build` first."
        raise FileNotFoundError(msg)
    content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _release_bytes(release: Release) -> bytes:
    return (json.dumps(asdict(release), indent=2, sort_keys=True) + "\n").encode("utf-8")


__all__ = ["RELEASE", "Release", "publish_observations", "read_release"]
