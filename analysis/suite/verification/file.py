"""A single file against the seals beside it, or against the edition that published it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.documents.seals.manifest import MANIFEST, Manifest, read_manifest
from analysis.documents.seals.seal import Seal, find_change, seal_file
from analysis.suite.editions.edition import (
    EditionError,
    edition_folder,
    list_numbers,
    read_edition,
)
from analysis.suite.verification.edition import find_copy
from analysis.suite.verification.verdict import Verdict, say_change

if TYPE_CHECKING:
    from analysis.suite.editions.edition import Edition
    from analysis.workspace import Workspace


def verify_file(path: Path, workspace: Workspace | None) -> Verdict:
    """Hold a file against its seal, or look it up among the editions.

    Parameters
    ----------
    path : pathlib.Path
    workspace : Workspace or None

    Returns
    -------
    Verdict
        Without ``known`` where nothing here knows the file.

    Raises
    ------
    ManifestError
        When there are seals beside it that cannot be read.
    """
    content = path.read_bytes()
    sealed = _sealed_beside(path)
    if sealed is not None:
        seal, manifest = sealed
        change = find_change(path.name, content, seal)
        found = (say_change(path.name, change),) if change else ()
        return Verdict(
            f"file {path.name}", found, dict(manifest.made_from), f"the seals in {MANIFEST}", 1
        )
    return _look_up(path, content, workspace)


def _sealed_beside(path: Path) -> tuple[Seal, Manifest] | None:
    for folder in (path.parent, path.parent.parent):
        if not (folder / MANIFEST).is_file():
            continue
        manifest = read_manifest((folder / MANIFEST).read_bytes())
        name = path.resolve().relative_to(folder.resolve()).as_posix()
        if name in manifest.files:
            return manifest.files[name], manifest
    return None


def _look_up(path: Path, content: bytes, workspace: Workspace | None) -> Verdict:
    """Find the file among those of the editions: by its bytes, then by its name."""
    digest = hashlib.sha256(content).hexdigest()
    namesake: tuple[Edition, str] | None = None
    for edition in _editions(workspace):
        for name, note in edition.files.items():
            if note.sha256 == digest:
                claims = {"data_sha256": edition.observations_sha256, "as": name}
                return Verdict(f"file {path.name}", (), claims, f"edition {edition.number}", 1)
            if namesake is None and Path(name).name == path.name:
                namesake = edition, name
    if namesake is None:
        return Verdict(f"file {path.name}", ())
    edition, name = namesake
    copy = find_copy(edition.files[name].sha256, name, workspace)
    claims = {"data_sha256": edition.observations_sha256, "as": name}
    found = f"'{path.name}' is not the file of that name in edition {edition.number}."
    if copy is not None:
        change = find_change(name, content, seal_file(name, copy.read_bytes()))
        found = say_change(path.name, change)
    return Verdict(f"file {path.name}", (found,), claims, f"edition {edition.number}", 1)


def _editions(workspace: Workspace | None) -> list[Edition]:
    if workspace is None:
        return []
    found = []
    for number in reversed(list_numbers(workspace)):
        try:
            found.append(read_edition(edition_folder(workspace, number)))
        except EditionError:
            # A broken list says nothing about a file; `patokaz verify NUMBER` tells of it.
            continue
    return found
