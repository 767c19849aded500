"""The one door: writes ``public/`` and notes what went through it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from analysis.catalog import load_areas, load_indicators
from analysis.protection.policy import Policy, load_policy
from analysis.protection.suppress import suppress
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

    from analysis.store.build import Built
    from analysis.workspace import Workspace

RELEASE = "release.json"


@dataclass(frozen=True, slots=True)
class Release:
    """What was let through, in counts and hashes; no date, so that a rebuild is the same bytes."""

    policy_version: str
    cells_shown: int
    cells_withheld: int
    observations_sha256: str
    sources_sha256: str
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
    """
    policy = policy or load_policy()
    write_table(workspace.restricted / OBSERVATIONS, built.observations)
    protected = suppress(built.observations, load_areas(), load_indicators(), policy)
    withheld = int(protected["state"].eq("suppressed").sum())
    former = _former(workspace)
    release = Release(
        policy_version=policy.version,
        cells_shown=len(protected) - withheld,
        cells_withheld=withheld,
        observations_sha256=write_table(workspace.public / OBSERVATIONS, protected),
        sources_sha256=write_table(workspace.public / SOURCES, built.sources),
        snapshots=built.snapshots,
    )
    write_atomically(workspace.public / RELEASE, _release_bytes(release))
    note_changes(workspace, former, protected)
    return release


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
